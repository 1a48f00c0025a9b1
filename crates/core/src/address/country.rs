//! Countries whose numbers have more than one form in daily use, and which form is canonical.
//!
//! libphonenumber knows today's numbering plans. CRMs and WhatsApp also hold yesterday's: Mexican mobiles with a 1,
//! Brazilian mobiles without their 9, Argentine mobiles typed like fixed lines, the eight-digit numbers of Ivory Coast
//! and Benin. Sources: libphonenumber's FAQ and metadata, and the help pages of WhatsApp providers on these countries.

use super::{numbering::Number, phone::Region};

const ARGENTINA: u16 = 54;
const BENIN: u16 = 229;
const BRAZIL: u16 = 55;
const IVORY_COAST: u16 = 225;
const JAPAN: u16 = 81;
const MEXICO: u16 = 52;
/// United States, Canada and their neighbours, who share one plan.
pub(super) const NORTH_AMERICA: u16 = 1;

/// The digits that are left when a prefix is off that is dialled before the number and says how to call, not whom.
/// In Japan `184` hides and `186` shows the caller's number.
pub(super) fn without_call_prefix(digits: &str, region: Region) -> &str {
    let caller_id = |prefix| digits.strip_prefix(prefix).filter(|rest: &&str| rest.starts_with('0'));
    match region.calling_code() {
        JAPAN => caller_id("184").or_else(|| caller_id("186")).unwrap_or(digits),
        _ => digits,
    }
}

/// The number in the one form that we store and compare.
pub(super) fn fold(number: Number) -> Number {
    let national = number.national();
    let folded = match number.calling_code() {
        MEXICO => mexican(&national).map(str::to_owned),
        BRAZIL => brazilian_long(&national),
        _ => return number,
    };
    let folded = folded.and_then(|national| Number::of(number.calling_code(), &national));
    folded.filter(Number::is_possible).unwrap_or(number)
}

/// Whether these dialled digits stand for a Mexican number without saying so with 52: then a leading 1 is not the old
/// mobile prefix, which was only ever written behind `+52`, but more likely a North American number.
pub(super) fn is_foreign_to_mexico(digits: &str, region: Region) -> bool {
    region.calling_code() == MEXICO && digits.len() == 11 && digits.starts_with('1')
}

/// Ten digits behind what was dialled before them until 2019: 1 from abroad, 01, 044 and 045 at home.
fn mexican(national: &str) -> Option<&str> {
    let rest = ["044", "045", "01", "1"].iter().find_map(|prefix| national.strip_prefix(prefix))?;
    (rest.len() == 10).then_some(rest)
}

/// What was dialled for a number until its country's plan changed, and still stands in address books.
pub(super) fn once_dialled(number: &Number) -> Vec<String> {
    let national = number.national();
    match number.calling_code() {
        MEXICO if national.len() == 10 => {
            ["044", "045", "01"].map(|prefix| format!("{prefix}{national}")).into()
        }
        _ => Vec::new(),
    }
}

/// A mobile with the ninth digit that Brazil put before all of them by 2016. Fixed lines begin with 2 to 5 and stay.
fn brazilian_long(national: &str) -> Option<String> {
    let (area, subscriber) = national.split_at_checked(2)?;
    is_old_brazilian_mobile(subscriber).then(|| format!("{area}9{subscriber}"))
}

fn brazilian_short(national: &str) -> Option<String> {
    let (area, subscriber) = national.split_at_checked(2)?;
    let old = subscriber.strip_prefix('9')?;
    is_old_brazilian_mobile(old).then(|| format!("{area}{old}"))
}

fn is_old_brazilian_mobile(subscriber: &str) -> bool {
    subscriber.len() == 8 && subscriber.starts_with(['6', '7', '8', '9'])
}

/// The other forms under which a canonical number may be stored, as E.164.
pub(super) fn other_forms(number: &Number) -> Vec<String> {
    let national = number.national();
    let code = number.calling_code();
    let valid = |national: String| Number::of(code, &national).filter(Number::is_valid).map(|n| n.e164());
    let plain = |national: String| format!("+{code}{national}");
    match code {
        MEXICO if national.len() == 10 => vec![plain(format!("1{national}"))],
        BRAZIL => brazilian_short(&national).map(plain).into_iter().collect(),
        ARGENTINA => argentine(&national).and_then(valid).into_iter().collect(),
        IVORY_COAST | BENIN => match national.len() {
            8 => {
                let prefixes = new_prefixes(code, &national).iter();
                prefixes.filter_map(|prefix| valid(format!("{prefix}{national}"))).collect()
            }
            10 => old_plan(code, &national).map(|old| plain(old.to_owned())).into_iter().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `+54 9 A N` is a mobile; `+54 A N` looks like a fixed line and often is that mobile typed without its 9.
fn argentine(national: &str) -> Option<String> {
    match (national.len(), national.strip_prefix('9')) {
        (11, Some(rest)) => Some(rest.to_owned()),
        (10, _) => Some(format!("9{national}")),
        _ => None,
    }
}

/// Whether this is a number of the eight-digit plan that Ivory Coast left in January 2021 and Benin in November 2024.
/// WhatsApp and address books still hold them.
pub(super) fn is_old_plan(number: &Number) -> bool {
    matches!(number.calling_code(), IVORY_COAST | BENIN) && number.national().len() == 8
}

/// What the regulators put before the old eight digits: one prefix in Benin; in Ivory Coast one per operator, for
/// fixed lines (Orange 27, MTN 25, Moov 21; the old ones began with 2 or 3) and for mobiles (07, 05, 01).
fn new_prefixes(code: u16, old: &str) -> &'static [&'static str] {
    match code {
        BENIN => &["01"],
        IVORY_COAST if old.starts_with(['2', '3']) => &["27", "25", "21"],
        IVORY_COAST => &["07", "05", "01"],
        _ => &[],
    }
}

/// The old eight digits in a number of the new plan.
fn old_plan(code: u16, national: &str) -> Option<&str> {
    let (prefix, old) = national.split_at_checked(2)?;
    new_prefixes(code, old).contains(&prefix).then_some(old)
}
