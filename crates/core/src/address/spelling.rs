//! How to ask a CRM for a number: its search compares text, so it must be asked for the texts people write.
//!
//! What comes back are candidates; whether they are the same number is decided here, by [`compare`](super::phone::compare).

use super::{
    country,
    numbering::Number,
    phone::{MIN_DIGITS, Phone},
};

/// Enough for every country's forms; a search request stays short.
const MAX_SPELLINGS: usize = 24;

/// The spellings to ask a literal-equality search for, most likely first, each once, at most 24.
///
/// For every match key: E.164, its digits, the national and international formats with and without their punctuation;
/// then the text as received. Something that is no number is asked for as received and as digits; under seven digits
/// also with one space or hyphen anywhere inside, so that "123" finds "12 3" (R1.20).
pub fn spellings(phone: &Phone) -> Vec<String> {
    let mut spellings = Distinct::default();
    let mut keys =
        phone.match_keys.iter().filter_map(|key| key.strip_prefix('+')).filter_map(Number::international);
    if let Some(canonical) = keys.next() {
        spellings.extend(spellings_of(&canonical));
    }
    spellings.push(phone.raw.trim().to_owned());
    spellings.extend(keys.flat_map(|variant| spellings_of(&variant)));
    if let Some(digits) = &phone.weak_digits {
        spellings.push(digits.clone());
        if digits.len() < MIN_DIGITS {
            spellings.extend(broken_once(digits));
        }
    }
    spellings.0
}

/// The digit strings to ask a fuzzy phone search for, which ignores punctuation but not missing prefixes: international,
/// national significant, national with its trunk prefix, and what people make of both (`0081 90…`, `+81 (0)90…`).
/// Never fewer than seven digits: a shorter term finds strangers.
pub fn search_digits(phone: &Phone) -> Vec<String> {
    let mut terms = Distinct::default();
    for key in &phone.match_keys {
        let Some(number) = key.strip_prefix('+').and_then(Number::international) else { continue };
        let (digits, dialled) = (digits_of(key), digits_of(&number.national_format()));
        let mixed = format!("{}{dialled}", number.calling_code());
        let abroad = format!("00{digits}");
        terms.extend([digits, number.national(), dialled, abroad, mixed]);
        terms.extend(country::once_dialled(&number));
    }
    if phone.match_keys.is_empty() {
        terms.extend(phone.weak_digits.clone());
    }
    terms.0.retain(|term| term.len() >= MIN_DIGITS);
    terms.0
}

fn spellings_of(number: &Number) -> Vec<String> {
    let e164 = number.e164();
    let national = number.national_format();
    let international = number.international_format();
    let mut spellings = vec![
        e164.clone(),
        digits_of(&e164),
        national.clone(),
        digits_of(&national),
        international.clone(),
        number.national(),
        international.replace(' ', "-"),
    ];
    if number.calling_code() == country::NORTH_AMERICA {
        spellings.extend(north_american(&number.national()));
    }
    spellings
}

/// The forms of a ten-digit number that Americans write besides `(415) 555-2671`.
fn north_american(national: &str) -> Vec<String> {
    let (Some(area), Some(exchange), Some(line)) = (national.get(..3), national.get(3..6), national.get(6..))
    else {
        return Vec::new();
    };
    vec![
        format!("{area}-{exchange}-{line}"),
        format!("{area}.{exchange}.{line}"),
        format!("1-{area}-{exchange}-{line}"),
        format!("+1 ({area}) {exchange}-{line}"),
    ]
}

/// The digits with one space or hyphen at each place inside.
fn broken_once(digits: &str) -> Vec<String> {
    let places = (1..digits.len()).rev().filter_map(|at| digits.split_at_checked(at));
    places.flat_map(|(head, tail)| [format!("{head} {tail}"), format!("{head}-{tail}")]).collect()
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A bounded list in which nothing stands twice and nothing is empty.
#[derive(Default)]
struct Distinct(Vec<String>);

impl Distinct {
    fn push(&mut self, spelling: String) {
        if !spelling.is_empty() && self.0.len() < MAX_SPELLINGS && !self.0.contains(&spelling) {
            self.0.push(spelling);
        }
    }

    fn extend(&mut self, spellings: impl IntoIterator<Item = String>) {
        spellings.into_iter().for_each(|spelling| self.push(spelling));
    }
}
