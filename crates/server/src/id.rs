//! Ids as people and other systems see them: a prefix that tells the type, then the number in letters.

/// Crockford's alphabet in lower case: no letters that look like digits.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A message's id.
pub fn message(id: i64) -> String {
    spell("msg", id)
}

/// A conversation's id.
pub fn conversation(id: i64) -> String {
    spell("cnv", id)
}

/// An integration's id.
pub fn integration(id: i64) -> String {
    spell("int", id)
}

/// A connection's id.
pub fn connection(id: i64) -> String {
    spell("con", id)
}

/// A channel account's id.
pub fn account(id: i64) -> String {
    spell("acc", id)
}

/// A member's id.
pub fn member(id: i64) -> String {
    spell("mem", id)
}

/// An entry's id.
pub fn entry(id: i64) -> String {
    spell("ent", id)
}

/// A contact's id.
pub fn contact(id: i64) -> String {
    spell("ctc", id)
}

/// The id of an inbox.
pub fn inbox(id: i64) -> String {
    spell("ibx", id)
}

/// The id of an entry of the audit log.
pub fn audit(id: i64) -> String {
    spell("aud", id)
}

/// The id of a raw request.
pub fn intake(id: i64) -> String {
    spell("raw", id)
}

/// The id of a pin.
pub fn pin(id: i64) -> String {
    spell("pin", id)
}

/// The id of a message's file.
pub fn attachment(id: i64) -> String {
    spell("att", id)
}

fn spell(prefix: &str, id: i64) -> String {
    let mut letters = Vec::new();
    let mut rest = id.unsigned_abs();
    loop {
        letters.push(LETTERS[usize::try_from(rest % 32).unwrap_or(0)]);
        rest /= 32;
        if rest == 0 {
            break;
        }
    }
    letters.reverse();
    format!("{prefix}_{}", String::from_utf8_lossy(&letters))
}

/// The number behind an id of that prefix.
pub fn read(prefix: &str, text: &str) -> Option<i64> {
    let letters = text.strip_prefix(prefix)?.strip_prefix('_')?;
    // One id for one thing.
    if letters.len() > 1 && letters.starts_with('0') {
        return None;
    }
    let mut id: i64 = 0;
    for letter in letters.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        id = id.checked_mul(32)?.checked_add(i64::try_from(value).ok()?)?;
    }
    (!letters.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_tells_its_type() {
        for id in [0, 1, 31, 32, 1_700_000_000_000_000, i64::MAX] {
            assert_eq!(read("msg", &message(id)), Some(id));
            assert_eq!(read("cnv", &message(id)), None);
        }
        assert_eq!(read("msg", "msg_"), None);
        assert_eq!(read("msg", "msg_01"), None);
        assert_eq!(read("msg", "msg_zzzzzzzzzzzzzzzzzzzz"), None);
    }
}
