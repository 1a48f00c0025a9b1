//! Percent-encoding of values in addresses and forms.

use std::fmt::Write as _;

/// A value for a path segment, a query or a form: everything but unreserved characters is encoded. A space
/// is `%20` and a plus sign `%2B`, which means the same everywhere.
pub(super) fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len() + value.len() / 2);
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Pairs as a form or a query string.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_never_reach_the_address() {
        assert_eq!(encode("a b+c='é'&/?#"), "a%20b%2Bc%3D%27%C3%A9%27%26%2F%3F%23");
        assert_eq!(form(&[("code", "aPrx=="), ("x", "1")]), "code=aPrx%3D%3D&x=1");
    }
}
