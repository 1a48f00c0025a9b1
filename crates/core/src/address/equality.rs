//! When two phone fields are the same number.
//!
//! Four rules, strongest first: the same canonical number; a variant of it; the same number once the other side's
//! country is known; the same whole string of digits. Never a suffix, never "contains", never across country codes.
//! Whether a strength suffices is the caller's policy; more than one record on the strongest level is ambiguous.

use serde::{Deserialize, Serialize};

use super::phone::{self, Phone, Region};

/// By which rule two phone fields are the same number. Declared strongest first, so the smallest is the strongest.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The same canonical E.164, with the same extension or none on both sides.
    Exact,
    /// The same canonical E.164, and only one side has an extension: weaker where several people sit behind it.
    SameLineOtherExtension,
    /// One side's canonical number is a variant of the other's. Good only if there is exactly one candidate.
    Variant,
    /// One side names no country; read with the other side's, it is the same number.
    National,
    /// Neither side is a valid number and their digits are the same from first to last ("12 3" and "123", R1.20).
    /// For the panel; chat sync never links on it.
    Digits,
}

/// Compares one of our numbers with a CRM field, which may hold several; the strongest result counts.
///
/// The field is read with the region of its record (its country field), else of the workspace.
pub fn compare(
    ours: &Phone,
    theirs_raw: &str,
    record_region: Option<Region>,
    workspace_region: Option<Region>,
) -> Option<Strength> {
    let theirs = phone::parse_all(theirs_raw, record_region.or(workspace_region));
    theirs.iter().filter_map(|theirs| compare_one(ours, theirs, [record_region, workspace_region])).min()
}

fn compare_one(ours: &Phone, theirs: &Phone, regions: [Option<Region>; 2]) -> Option<Strength> {
    // Two extensions behind one switchboard are two people.
    let extensions_differ = ours.ext.is_some() && theirs.ext.is_some() && ours.ext != theirs.ext;
    if extensions_differ {
        return None;
    }
    by_number(ours, theirs)
        .or_else(|| is_same_read_nationally(ours, theirs, regions).then_some(Strength::National))
        .or_else(|| has_same_digits(ours, theirs).then_some(Strength::Digits))
}

fn by_number(ours: &Phone, theirs: &Phone) -> Option<Strength> {
    let (our_key, their_key) = (ours.match_keys.first()?, theirs.match_keys.first()?);
    if our_key == their_key {
        let exact = ours.ext == theirs.ext;
        return Some(if exact { Strength::Exact } else { Strength::SameLineOtherExtension });
    }
    // A key in common is not enough: two new Ivorian numbers can come from the same old one.
    let variant = ours.match_keys.contains(their_key) || theirs.match_keys.contains(our_key);
    variant.then_some(Strength::Variant)
}

fn is_same_read_nationally(ours: &Phone, theirs: &Phone, regions: [Option<Region>; 2]) -> bool {
    let [record, workspace] = regions;
    reads_as(theirs, ours, &[region_of(ours)])
        || reads_as(ours, theirs, &[region_of(theirs), record, workspace])
        || is_copied_id(theirs, ours)
        || is_copied_id(ours, theirs)
}

/// Whether the one without a country is the known one in any of these regions.
fn reads_as(bare: &Phone, known: &Phone, regions: &[Option<Region>]) -> bool {
    let lacks_country = bare.match_keys.is_empty() && phone::bare_digits(&bare.raw).is_some();
    let mut readings =
        regions.iter().flatten().filter_map(|region| phone::possible_reading(&bare.raw, *region));
    lacks_country && readings.any(|reading| known.match_keys.contains(&reading))
}

/// Whether the one is the whole of the known one without its plus, as people copy WhatsApp ids. Where national numbers
/// have many lengths (Germany) those digits can be a valid national number of the same country too; a valid number of
/// another country is never overruled.
fn is_copied_id(bare: &Phone, known: &Phone) -> bool {
    let Some(digits) = phone::bare_digits(&bare.raw) else { return false };
    let is_whole = known.match_keys.iter().any(|key| key.strip_prefix('+') == Some(digits.as_str()));
    let calling_code = |phone: &Phone| region_of(phone).map(Region::calling_code);
    is_whole && (bare.match_keys.is_empty() || calling_code(bare) == calling_code(known))
}

fn region_of(known: &Phone) -> Option<Region> {
    known.match_keys.first().and_then(|key| Region::of_number(key))
}

fn has_same_digits(ours: &Phone, theirs: &Phone) -> bool {
    // Valid numbers carry no weak digits.
    ours.weak_digits.is_some() && ours.weak_digits == theirs.weak_digits
}
