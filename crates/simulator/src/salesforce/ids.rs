//! Record ids: 15 characters that mind their case, and the 3 more that make them safe where case is lost.

const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The three characters that follow these fifteen.
pub fn suffix(id15: &str) -> String {
    id15.as_bytes()
        .chunks(5)
        .map(|group| {
            let bits = group
                .iter()
                .enumerate()
                .filter(|(_, character)| character.is_ascii_uppercase())
                .fold(0usize, |bits, (place, _)| bits | (1 << place));
            char::from(SUFFIX[bits])
        })
        .collect()
}

/// The 18-character form of an id in either form; `None` when it is no id at all.
/// In the long form the suffix decides the case, so ids that went through a case-blind system come back whole.
pub fn canonical(id: &str) -> Option<String> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match id.len() {
        15 => Some(format!("{id}{}", suffix(id))),
        18 => {
            let (body, marks) = id.split_at(15);
            let mut exact = String::with_capacity(18);
            for (group, mark) in body.as_bytes().chunks(5).zip(marks.bytes()) {
                let bits = SUFFIX.iter().position(|known| *known == mark.to_ascii_uppercase())?;
                for (place, character) in group.iter().enumerate() {
                    let upper = bits & (1 << place) != 0;
                    if upper && !character.is_ascii_alphabetic() {
                        return None;
                    }
                    exact.push(char::from(if upper {
                        character.to_ascii_uppercase()
                    } else {
                        character.to_ascii_lowercase()
                    }));
                }
            }
            exact.push_str(&marks.to_ascii_uppercase());
            Some(exact)
        }
        _ => None,
    }
}

/// Whether two ids, each in either form, are the same.
pub fn same(one: &str, other: &str) -> bool {
    canonical(one).is_some_and(|one| canonical(other).is_some_and(|other| one == other))
}

/// A new id: key prefix, pod, reserved zero, record number in base 62.
pub fn build(prefix: &str, pod: &str, number: u64) -> String {
    let mut digits = [b'0'; 9];
    let mut rest = number;
    for place in digits.iter_mut().rev() {
        // The remainder is below 62, so the index stays inside the table.
        *place = DIGITS[usize::try_from(rest % 62).unwrap_or_default()];
        rest /= 62;
    }
    let mut id = format!("{prefix}{pod}0");
    id.extend(digits.iter().map(|digit| char::from(*digit)));
    let marks = suffix(&id);
    id + &marks
}

/// The record number inside an id that [`build`] made.
pub fn number(id: &str) -> Option<u64> {
    id.get(6..15)?.bytes().try_fold(0u64, |number, byte| {
        let digit = DIGITS.iter().position(|known| *known == byte)?;
        Some(number * 62 + u64::try_from(digit).ok()?)
    })
}
