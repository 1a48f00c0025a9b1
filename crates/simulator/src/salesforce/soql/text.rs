//! Quoted texts: resolves their escapes, and refuses a backslash that protects nothing.

use std::borrow::Cow;
use std::str::Chars;

use super::like::{Pattern, Piece};

/// The inside of a quoted text as the value it stands for; the error is the offending sequence.
pub(crate) fn unescape(raw: &str) -> Result<Cow<'_, str>, String> {
    if !raw.contains('\\') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(character) = rest.next() {
        value.push(if character == '\\' { escaped(&mut rest)? } else { character });
    }
    Ok(Cow::Owned(value))
}

/// The inside of a text after `LIKE`; here `\%` and `\_` are allowed as well.
pub(crate) fn pattern(raw: &str) -> Result<Pattern, String> {
    let mut pieces = Vec::new();
    let mut rest = raw.chars();
    while let Some(character) = rest.next() {
        pieces.push(match character {
            '%' => Piece::Run,
            '_' => Piece::One,
            '\\' => {
                let mut ahead = rest.clone();
                match ahead.next() {
                    Some(wildcard @ ('%' | '_')) => {
                        rest = ahead;
                        Piece::Exactly(wildcard)
                    }
                    _ => Piece::Exactly(escaped(&mut rest)?),
                }
            }
            other => Piece::Exactly(other),
        });
    }
    Ok(Pattern { pieces })
}

/// The character a backslash and what follows it stand for.
fn escaped(rest: &mut Chars<'_>) -> Result<char, String> {
    let Some(letter) = rest.next() else { return Err("\\".to_owned()) };
    match letter {
        'n' | 'N' => Ok('\n'),
        'r' | 'R' => Ok('\r'),
        't' | 'T' => Ok('\t'),
        'b' | 'B' => Ok('\u{8}'),
        'f' | 'F' => Ok('\u{c}'),
        '"' | '\'' | '\\' => Ok(letter),
        'u' | 'U' => {
            let digits: String = rest.by_ref().take(4).collect();
            unicode(&digits, rest).ok_or_else(|| format!("\\{letter}{digits}"))
        }
        other => Err(format!("\\{other}")),
    }
}

/// Four hexadecimal digits; characters beyond the basic plane are written as a surrogate pair.
fn unicode(digits: &str, rest: &mut Chars<'_>) -> Option<char> {
    let high = unit(digits)?;
    if !(0xD800..0xDC00).contains(&high) {
        return char::from_u32(high);
    }
    let (Some('\\'), Some('u' | 'U')) = (rest.next(), rest.next()) else { return None };
    let low = unit(&rest.by_ref().take(4).collect::<String>())?;
    if !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
}

fn unit(digits: &str) -> Option<u32> {
    let whole = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
