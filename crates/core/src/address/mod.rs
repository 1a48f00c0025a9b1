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
    /// stub
    pub fn spellings(phone: &Phone) -> Vec<String> {
        phone.e164.iter().cloned().chain([phone.raw.clone()]).collect()
    }
    /// stub
    pub fn search_digits(phone: &Phone) -> Vec<String> {
        phone.e164.iter().map(|number| number.trim_start_matches('+').to_owned()).collect()
    }
}
