//! Tests of addresses: the table of phone numbers, each country's forms, equality, spellings, and the laws that hold
//! for every input.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod addresses;
mod country;
mod equality;
mod fields;
mod laws;
mod region;
mod spelling;
mod table;

use super::phone::Region;

/// A region by its code; `None` for "".
fn region(code: &str) -> Option<Region> {
    (!code.is_empty()).then(|| code.parse().unwrap())
}
