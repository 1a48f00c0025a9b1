//! Extensions, step 3 of the normalisation: taken off before the parser, which misses some forms and turns others
//! (`ramal 12`) into digits of the number.

use super::phone::MIN_DIGITS;

/// Words that open an extension, longest first where one begins another. They count once a digit stands before.
const WORDS: [&str; 18] = [
    "extension",
    "extn",
    "ext",
    "добавочный",
    "доб",
    "внутр",
    "内線番号",
    "内線",
    "内",
    "anexo",
    "ramal",
    "interno",
    "int.",
    "int ",
    "durchwahl",
    "dw",
    "poste",
    "toestel",
];

/// Signs that open an extension, but only behind a number of at least [`MIN_DIGITS`] digits: `*31#` is a service code.
const SIGNS: [&str; 3] = ["x", "х", "#"];

/// Whether the text begins with a word that opens an extension, or with another parameter of a `tel:` URI (RFC 3966).
pub(super) fn opens(text: &str) -> bool {
    let parameter = ["phone-context=", "isub="].iter().any(|name| strip_word(text, name).is_some());
    parameter || after_marker(text, &WORDS).is_some()
}

/// The number without its extension, and the digits of the extension if there are any.
pub(super) fn split(text: &str) -> (&str, Option<String>) {
    let (mut digits, mut inside_word) = (0, false);
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let by_word = (digits > 0 && !inside_word).then(|| after_marker(rest, &WORDS)).flatten();
        let by_sign = || (digits >= MIN_DIGITS && !inside_word).then(|| after_marker(rest, &SIGNS)).flatten();
        if let Some(behind) = by_word.or_else(by_sign) {
            return (text.get(..at).unwrap_or_default(), extension_digits(behind));
        }
        digits += usize::from(c.is_ascii_digit());
        inside_word = c.is_alphabetic();
    }
    (text, None)
}

fn extension_digits(behind: &str) -> Option<String> {
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// What follows the marker at the start of the text, its punctuation skipped. A marker that runs on into a word
/// ("interior") is none.
fn after_marker<'a>(text: &'a str, markers: &[&str]) -> Option<&'a str> {
    let behind = markers.iter().find_map(|marker| strip_word(text, marker))?;
    let runs_on = behind.starts_with(char::is_alphabetic);
    (!runs_on).then(|| behind.trim_start_matches([' ', '.', ':', '=', '-', '(', ')', '#', '№']))
}

/// `text` behind `word`, whatever its case.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    // Most of what stands in a number is ASCII, and needs no table.
    let is = |c: char, w| if c.is_ascii() { c.to_ascii_lowercase() == w } else { c.to_lowercase().eq([w]) };
    let same = word.chars().all(|w| rest.next().is_some_and(|c| is(c, w)));
    same.then_some(rest.as_str())
}
