//! Text as it is compared in a search: without case, accents, and the width of letters.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::address::ascii_digit;

/// Folds a text: compatibility forms become one (NFKC), letters small, accents are taken off, digits of every script
/// become ASCII, katakana becomes hiragana. Vowel signs and other marks that make words differ stay.
pub(super) fn fold(text: &str) -> String {
    let small: String = text.nfkc().filter(|c| !is_ignorable(*c)).collect::<String>().to_lowercase();
    let bare: String = small.nfd().filter(|c| !is_accent(*c)).nfc().collect();
    let mut folded = String::with_capacity(bare.len());
    for letter in bare.chars() {
        match plain(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(hiragana(ascii_digit(letter))),
        }
    }
    folded
}

/// Runs of letters, digits and their marks.
pub(super) fn segments(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c))).filter(|run| !run.is_empty())
}

/// A letter of a script that puts no space between words (Han, kana): a word may begin at any of them.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3005}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Invisible signs that change no word: joiners, direction marks, soft hyphens.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The combining accents of Latin, Greek and Cyrillic. Marks of other scripts are letters of their own.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Letters that people who lack their key write otherwise, and apostrophes.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        '\u{2019}' | '\u{2018}' | '\u{2BC}' | '`' => "'",
        _ => return None,
    })
}

fn hiragana(letter: char) -> char {
    match letter {
        '\u{30A1}'..='\u{30F6}' => char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter),
        _ => letter,
    }
}
