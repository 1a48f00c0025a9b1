//! Record ids: 15 characters whose case matters, or 18 of which the last three say what the case was.

const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character form of an id given with 15 or 18 characters; none if it can be no id.
pub(crate) fn canonical(text: &str) -> Option<String> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match text.len() {
        15 => Some(with_suffix(text)),
        18 => {
            let (body, suffix) = text.split_at(15);
            let restored = restore_case(body, suffix)?;
            let whole = with_suffix(&restored);
            whole.ends_with(&suffix.to_ascii_uppercase()).then_some(whole)
        }
        _ => None,
    }
}

/// Appends what records the case of each character: one letter or digit for every five.
fn with_suffix(body: &str) -> String {
    let mut whole = body.to_owned();
    for group in body.as_bytes().chunks(5) {
        let bits = group
            .iter()
            .enumerate()
            .fold(0, |bits, (place, byte)| bits | usize::from(byte.is_ascii_uppercase()) << place);
        whole.push(char::from(SUFFIX.get(bits).copied().unwrap_or(b'A')));
    }
    whole
}

/// The case of the 15 characters as the suffix remembers it.
fn restore_case(body: &str, suffix: &str) -> Option<String> {
    let mut restored = String::with_capacity(18);
    for (group, letter) in body.as_bytes().chunks(5).zip(suffix.bytes()) {
        let bits = SUFFIX.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        for (place, byte) in group.iter().enumerate() {
            let upper = bits >> place & 1 == 1;
            let byte = if upper { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
            restored.push(char::from(byte));
        }
    }
    Some(restored)
}
