//! From the text of a phone field to the digits of each number in it: steps 1 to 4 of the normalisation.
//!
//! Fields hold more than a number: full-width digits, invisible direction marks pasted from a phone's contacts,
//! `whatsapp:` and `tel:` schemes, JIDs, extensions, second numbers, words. What leaves here is digits with a few known
//! facts beside them; libphonenumber never sees anything else. Nothing here knows a country, except that vanity letters
//! belong to North America, which the reader decides.

use unicode_normalization::UnicodeNormalization;

use super::extension;

/// Longer text is no phone field; libphonenumber draws the same line.
const MAX_CHARS: usize = 250;

/// One number of a field, as it would be dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dialled {
    /// The part of the cleaned field that holds this number.
    pub text: String,
    /// Whether the country code comes first: a `+`, a WhatsApp scheme or a JID says so.
    pub international: bool,
    /// The digits up to the first letter.
    pub digits: String,
    /// The digits with capital letters turned into keypad digits (1-800-FLOWERS), if that is the only kind of letter.
    pub vanity: Option<String>,
    /// The digits of the extension.
    pub ext: Option<String>,
    /// Whether a slash stands before: it may separate two numbers or an area code (030/123456).
    pub after_slash: bool,
}

/// All parts of a field that hold digits, in order.
pub(super) fn dialled(raw: &str) -> Vec<Dialled> {
    let text = tidy(raw);
    split(&text)
        .into_iter()
        .map(|(part, after_slash)| Dialled { after_slash, ..read_part(part) })
        .filter(|part| !part.digits.is_empty())
        .collect()
}

/// Step 1, for any text: compatibility forms folded (full-width letters and digits, ideographic space), invisible
/// characters gone. Pasted contacts carry U+202A and U+202C around the number.
pub(super) fn visible(raw: &str) -> String {
    raw.nfkc().filter(|c| !is_invisible(*c)).collect()
}

/// Step 1 for numbers: [`visible`], every script's digits as ASCII, every dash as a hyphen.
fn tidy(raw: &str) -> String {
    let head: String = raw.chars().take(MAX_CHARS).collect();
    visible(&head).chars().take(MAX_CHARS).map(|c| if is_dash(c) { '-' } else { ascii_digit(c) }).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Hyphens, dashes, the minus sign, box-drawing lines, and the Japanese long vowel mark, which stands for a hyphen in
/// numbers typed with a Japanese keyboard. It counts as a letter in Unicode, so it must go before letters are judged.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{30FC}')
}

/// The zero of each script whose digits people type; the other nine follow it.
const ZEROS: [char; 16] = [
    '\u{0660}', '\u{06F0}', '\u{0966}', '\u{09E6}', '\u{0A66}', '\u{0AE6}', '\u{0B66}', '\u{0BE6}',
    '\u{0C66}', '\u{0CE6}', '\u{0D66}', '\u{0E50}', '\u{0ED0}', '\u{0F20}', '\u{1040}', '\u{17E0}',
];

/// A decimal digit of any of these scripts as ASCII; anything else as it is.
pub(crate) fn ascii_digit(c: char) -> char {
    let value =
        ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Step 4: the numbers of one field, each with whether a slash stands before it. A separator that opens an extension
/// (`;ext=5`, `, ext. 12`) separates nothing.
fn split(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let (mut start, mut after_slash) = (0, false);
    let mut from = 0;
    while let Some((at, len)) = next_separator(text, from) {
        from = at + len;
        if !extension::opens(text.get(from..).unwrap_or_default().trim_start()) {
            parts.push((text.get(start..at).unwrap_or_default(), after_slash));
            after_slash = text.get(at..from) == Some("/");
            start = from;
        }
    }
    parts.push((text.get(start..).unwrap_or_default(), after_slash));
    parts
}

/// Where the next separator stands, and how long it is.
fn next_separator(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    rest.char_indices().find_map(|(offset, c)| {
        let here = rest.get(offset..).unwrap_or_default();
        let word = here.get(..4).filter(|word| word.eq_ignore_ascii_case(" or "));
        let sign = matches!(c, '/' | ';' | ',' | '\n' | '\r' | '|' | '、').then(|| c.len_utf8());
        word.map(str::len).or(sign).map(|len| (from + offset, len))
    })
}

/// Steps 2 and 3 for one part: scheme and JID suffix off, extension off, letters judged.
fn read_part(part: &str) -> Dialled {
    let (body, from_whatsapp) = without_scheme(part.trim());
    let (body, from_jid) = match body.split_once('@') {
        // The device that sent is no part of the number: 49301234:12@s.whatsapp.net.
        Some((user, "s.whatsapp.net" | "c.us")) => {
            (user.split([':', '_', '.']).next().unwrap_or_default(), true)
        }
        // Group, privacy and broadcast JIDs and e-mail addresses hold digits, but no number.
        Some(_) => ("", false),
        None => (body, false),
    };
    let (main, ext) = extension::split(body);
    let main = main.trim_start_matches(|c: char| c != '+' && !c.is_ascii_digit());
    let digits = leading_digits(main);
    Dialled {
        text: part.trim().to_owned(),
        international: main.starts_with('+') || from_jid || (from_whatsapp && !digits.starts_with('0')),
        vanity: vanity(main),
        digits,
        ext,
        after_slash: false,
    }
}

/// The text behind a URI scheme, and whether that scheme is WhatsApp's, whose numbers are always international.
fn without_scheme(text: &str) -> (&str, bool) {
    let Some((scheme, rest)) = text.split_once(':') else { return (text, false) };
    match scheme.trim().to_ascii_lowercase().as_str() {
        "whatsapp" => (rest, true),
        "tel" | "sms" | "callto" => (rest.split('?').next().unwrap_or_default(), false),
        _ => (text, false),
    }
}

/// The digits up to the first letter or a `+` that opens another number.
fn leading_digits(main: &str) -> String {
    let body = main.strip_prefix('+').unwrap_or(main);
    body.chars().take_while(|c| !c.is_alphabetic() && *c != '+').filter(char::is_ascii_digit).collect()
}

/// The keypad digits of a number written with capital letters, at least three of them and no other letters.
fn vanity(main: &str) -> Option<String> {
    let letters = main.chars().filter(|c| c.is_alphabetic());
    let spelt = letters.clone().count() >= 3 && letters.clone().all(|c| c.is_ascii_uppercase());
    spelt.then(|| main.chars().filter_map(keypad).collect())
}

/// The key of a telephone on which the letter stands (ITU-T E.161).
fn keypad(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        _ => return None,
    })
}
