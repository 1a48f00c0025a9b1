//! Phone numbers: read from whatever people and providers write, kept in E.164, compared and searched for.
//!
//! A number is read in steps: the text is cleaned and cut into numbers, extensions and letters are taken off
//! (`clean`, `extension`), the digits are parsed with a region's dialling rules (`numbering`, over libphonenumber),
//! and a few countries' older forms are folded into one (`country`). Length alone proves nothing and a country is never
//! guessed from it; without a `+` and without a region there is no E.164. The raw text is always kept (X16).
//!
//! Two grades of trust: a number that a person typed is E.164 only if its range is really handed out (*valid*); a
//! number that a provider vouches for needs only a possible length, because the reserved test ranges (07700 900xxx,
//! area code 555) are never valid and must still be stored and matched. See [`parse`] and [`parse_international`].

use serde::{Deserialize, Serialize};

use super::{
    clean::{self, Dialled},
    country,
    numbering::{self, Number},
};
pub use super::{
    equality::{Strength, compare},
    region::{Region, UnknownRegion},
    spelling::{search_digits, spellings},
};

/// A phone field as we understand it. Every part but `raw` can be missing; nothing is lost, since `raw` never is.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone {
    /// The text as received. For the second and later numbers of a field, their own part of it.
    pub raw: String,
    /// The canonical number, `+` and at most 15 digits: the form that a CRM is given (R2.10).
    pub e164: Option<String>,
    /// The digits of the extension. Never part of E.164.
    pub ext: Option<String>,
    /// The forms under which the number may be stored elsewhere, as E.164: the canonical one first, then variants
    /// (the Mexican 1, the Brazilian and Argentine 9, the old plans of Ivory Coast and Benin). Filled without `e164`
    /// if a typed number names its country and is possible, but not valid, and for the old plans.
    pub match_keys: Vec<String>,
    /// The digits as written, unless the number is valid: good for equality with the same whole string, no more.
    /// With `e164` it marks a number that is possible but not valid.
    pub weak_digits: Option<String>,
    /// A number that is free for the caller (0120, 0800, 1-800, +800): a company's, so it identifies no person.
    pub toll_free: bool,
}

/// How far the writer of a number is trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Typed by a person: E.164 only if valid.
    Typed,
    /// Sent by a provider that reaches this number: E.164 if possible.
    Vouched,
}

/// Reads the first number of a field. With no number in it ("anonymous"), only `raw` is filled.
///
/// `region` is that of the channel account's own number or of the CRM record's country, else the workspace's. `e164`
/// is set only for a valid number; a possible one has `weak_digits`, and `match_keys` if it names its country itself.
pub fn parse(raw: &str, region: Option<Region>) -> Phone {
    let first = parse_all(raw, region).into_iter().next();
    first.unwrap_or_else(|| Phone { raw: raw.to_owned(), ..Phone::default() })
}

/// Reads every number of a field: `03-1234-5678 / 090-1234-5678` holds two. The first is the primary one; they are
/// never run together. Behind a whole number, pieces too short to be another one (`03-1234-5678/79`) are left out.
pub fn parse_all(raw: &str, region: Option<Region>) -> Vec<Phone> {
    let parts = joined_at_area_codes(clean::dialled(raw), region);
    let first_is_whole = parts.first().is_some_and(|part| part.digits.len() >= MIN_DIGITS);
    let numbers = parts.iter().enumerate();
    numbers
        .filter(|(index, part)| *index == 0 || !first_is_whole || part.digits.len() >= MIN_DIGITS)
        .map(|(index, part)| phone(if index == 0 { raw } else { &part.text }, part, region, Trust::Typed))
        .collect()
}

/// Reads a number whose source knows that it is international: a WhatsApp `wa_id` (digits without `+`), a JID, the
/// sender of an SMS.
///
/// Such a number exists, since somebody wrote from it; so `e164` is set when the number is merely *possible*, and
/// `weak_digits` beside it says that it is not valid. Text with letters (a business-scoped id such as `US.134…`, an
/// alphanumeric SMS sender) and JIDs of groups and privacy ids are no numbers at all.
pub fn parse_international(digits_or_plus: &str) -> Phone {
    let none = Phone { raw: digits_or_plus.to_owned(), ..Phone::default() };
    let mut parts = clean::dialled(digits_or_plus).into_iter();
    let (Some(part), None) = (parts.next(), parts.next()) else { return none };
    let without_scheme = part.text.rsplit(':').next().unwrap_or_default();
    let is_jid = part.text.contains('@');
    if !is_jid && without_scheme.contains(char::is_alphabetic) {
        return none;
    }
    let digits = part.digits.strip_prefix("00").unwrap_or(&part.digits).to_owned();
    let part = Dialled { international: true, digits, vanity: None, ..part };
    phone(digits_or_plus, &part, None, Trust::Vouched)
}

/// Whether chat sync may link a person by this number: a valid E.164, or a possible one that a provider vouches for,
/// with at least seven digits, and not toll-free. Shorter numbers are for the panel to show, never to link on (R1.20);
/// a part of a number never is (R2.56+).
pub fn linkable(phone: &Phone) -> bool {
    let long_enough = |e164: &String| e164.len() > MIN_DIGITS;
    phone.e164.as_ref().is_some_and(long_enough) && !phone.toll_free
}

/// The digits of a number in E.164 without its country code: what people dial at home, without the trunk prefix.
pub fn national(e164: &str) -> Option<String> {
    Number::international(e164.strip_prefix('+')?).map(|number| number.national())
}

/// A number in E.164 in the groups in which people read it: `+1 415-555-0123`. Anything else stays as it is.
pub fn readable(e164: &str) -> String {
    let number = e164.strip_prefix('+').and_then(Number::international);
    number.map_or_else(|| e164.to_owned(), |number| number.international_format())
}

/// Fewer digits are an internal number or a piece of one.
pub(super) const MIN_DIGITS: usize = 7;

/// The most digits of a number in the international format (E.164).
const MOST_DIGITS: usize = 15;

/// The canonical form of the first number in `raw` as dialled in `region`, if it is at least possible. For comparing
/// with a number that is known: on its own a merely possible reading proves nothing.
pub(super) fn possible_reading(raw: &str, region: Region) -> Option<String> {
    let part = joined_at_area_codes(clean::dialled(raw), Some(region)).into_iter().next()?;
    number(&part, Some(region)).filter(is_plausible).map(|number| number.e164())
}

/// The digits of the first number in `raw`, unless it says by itself that it begins with a country code.
pub(super) fn bare_digits(raw: &str) -> Option<String> {
    clean::dialled(raw).into_iter().next().filter(|part| !part.international).map(|part| part.digits)
}

/// Puts `030/123456` together again: a slash also stands behind area codes. Only if the left side alone is no number,
/// the right side does not begin one of its own, and both together are valid.
fn joined_at_area_codes(parts: Vec<Dialled>, region: Option<Region>) -> Vec<Dialled> {
    let mut joined: Vec<Dialled> = Vec::with_capacity(parts.len());
    for part in parts {
        let whole = joined.last().filter(|_| part.after_slash).and_then(|area| {
            let fits =
                area.digits.len() <= MIN_DIGITS && !part.international && !part.digits.starts_with('0');
            let whole = Dialled {
                text: format!("{}/{}", area.text, part.text),
                digits: format!("{}{}", area.digits, part.digits),
                ext: part.ext.clone(),
                ..area.clone()
            };
            (fits && !is_valid(area, region) && is_valid(&whole, region)).then_some(whole)
        });
        match whole {
            Some(whole) => {
                joined.pop();
                joined.push(whole);
            }
            None => joined.push(part),
        }
    }
    joined
}

fn is_valid(part: &Dialled, region: Option<Region>) -> bool {
    number(part, region).is_some_and(|number| number.is_valid())
}

/// The number behind the dialled digits, folded; not necessarily valid.
fn number(part: &Dialled, region: Option<Region>) -> Option<Number> {
    let north_american = region.is_some_and(|region| region.calling_code() == country::NORTH_AMERICA);
    let vanity = part.vanity.as_deref().and_then(|digits| read(digits, part.international, region));
    let in_plan = |number: &Number| number.is_valid() && number.calling_code() == country::NORTH_AMERICA;
    vanity
        .filter(|number| in_plan(number) && (north_american || part.international))
        .or_else(|| read(&part.digits, part.international, region))
}

fn read(digits: &str, international: bool, region: Option<Region>) -> Option<Number> {
    if international {
        return Number::international(digits).map(country::fold).map(settled);
    }
    let national = region.and_then(|region| {
        let digits = country::without_call_prefix(digits, region);
        let number = Number::dialled(digits, region)?;
        let is_foreign = country::is_foreign_to_mexico(digits, region);
        Some(if is_foreign { number } else { settled(country::fold(number)) })
    });
    // 00 is the international prefix of most countries and a habit in the others (Japan dials 010).
    let by_habit = || Number::international(digits.strip_prefix("00")?).map(country::fold).map(settled);
    match national {
        Some(number) if number.is_valid() => Some(number),
        national => by_habit().filter(Number::is_valid).or(national),
    }
}

fn phone(raw: &str, part: &Dialled, region: Option<Region>, trust: Trust) -> Phone {
    let raw = raw.to_owned();
    let ext = part.ext.clone();
    let number = number(part, region);
    if let Some(number) = number.as_ref().filter(|number| number.is_valid()) {
        let e164 = Some(number.e164());
        let toll_free = number.is_toll_free();
        return Phone { raw, e164, ext, match_keys: match_keys(number), weak_digits: None, toll_free };
    }
    let weak_digits = weak_digits(part, number.as_ref(), region);
    let home = region.map(Region::calling_code);
    let is_placed = |number: &Number| {
        part.international || Some(number.calling_code()) != home || country::is_old_plan(number)
    };
    match number.filter(|number| is_plausible(number) && is_placed(number)) {
        Some(number) => Phone {
            e164: (trust == Trust::Vouched).then(|| number.e164()),
            match_keys: match_keys(&number),
            raw,
            ext,
            weak_digits,
            toll_free: false,
        },
        None => Phone { raw, ext, weak_digits, ..Phone::default() },
    }
}

/// The number that its own canonical form is read as: some plans take a digit for a prefix that another reading left in,
/// and one person must not have two forms.
fn settled(mut number: Number) -> Number {
    // Each reading takes one prefix at most, and a number has no more digits than these.
    for _ in 0..MOST_DIGITS {
        let again = Number::international(&number.e164()[1..]).map(country::fold);
        match again.filter(|again| again.e164() != number.e164()) {
            Some(again) => number = again,
            None => break,
        }
    }
    number
}

/// Whether somebody may have this number although the numbering plan does not know it.
fn is_plausible(number: &Number) -> bool {
    (number.is_possible() || country::is_old_plan(number)) && !number.is_filler()
}

fn match_keys(number: &Number) -> Vec<String> {
    let mut keys = vec![number.e164()];
    keys.extend(country::other_forms(number));
    keys
}

/// The digits of something that is no valid number; none if they say nothing: fillers (all digits the same), country
/// codes that do not exist, and North American numbers without their area code.
fn weak_digits(part: &Dialled, number: Option<&Number>, region: Option<Region>) -> Option<String> {
    let digits = &part.digits;
    let filler = numbering::is_monotone(digits) || number.is_some_and(Number::is_filler);
    let no_country = part.international && number.is_none();
    let home = region.map(Region::calling_code);
    let local = !part.international && home == Some(country::NORTH_AMERICA) && digits.len() == MIN_DIGITS;
    (!filler && !no_country && !local).then(|| digits.clone())
}
