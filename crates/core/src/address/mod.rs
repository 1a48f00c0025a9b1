//! stub
use serde::{Deserialize, Serialize};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AddressKind {
    Phone,
    Email,
    Handle,
}
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    pub kind: AddressKind,
    pub scope: String,
    pub value: String,
    pub raw: String,
}
impl Address {
    pub fn phone_from_international(digits: &str) -> Option<Self> {
        let value = format!("+{digits}");
        ((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self {
            kind: AddressKind::Phone,
            scope: String::new(),
            value,
            raw: digits.into(),
        })
    }
    pub fn handle(scope: &str, value: &str) -> Self {
        Self { kind: AddressKind::Handle, scope: scope.into(), value: value.into(), raw: value.into() }
    }
}
pub mod phone {
    //! stub
    use serde::{Deserialize, Serialize};
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    pub struct Phone {
        pub raw: String,
        pub e164: Option<String>,
        pub ext: Option<String>,
        pub match_keys: Vec<String>,
        pub weak_digits: Option<String>,
        pub toll_free: bool,
    }
}
