//! API credits: what a request costs, how many an edition has, how many are left.
//!
//! Zoho tells what is left only in a header, and only once half is used; no documented request asks. The window rolls:
//! credits come back one by one, 24 hours after they were spent.
//! <https://www.zoho.com/crm/developer/docs/api/v8/api-limits.html>

use std::time::Duration;

use serde_json::Value;

use super::wire::{RECORDS, text};
use crate::{
    crm::{Call, Org, Response, Usage},
    governor::Window,
};

pub(super) const WINDOW: Window = Window { length: Duration::from_hours(24), is_rolling: true };

/// Ten written records cost one credit.
const RECORDS_PER_CREDIT: u64 = 10;

/// The editions: the credits that every org has, those for each user, and the most there can be.
const EDITIONS: [(&str, u64, u64, u64); 5] = [
    ("free", 5_000, 0, 5_000),
    ("standard", 50_000, 250, 100_000),
    ("professional", 50_000, 500, 3_000_000),
    ("enterprise", 50_000, 1_000, 5_000_000),
    ("ultimate", 50_000, 2_000, u64::MAX),
];

/// The credits of a license. Where it does not say for how many users it is, those of no user: no fewer are there.
pub(super) fn credits(license: &Value) -> Option<u64> {
    let edition = text(license, "paid_type")?.to_ascii_lowercase();
    let (_, base, each, most) = EDITIONS.iter().find(|(name, ..)| *name == edition)?;
    let users = license.get("users_license_purchased").and_then(Value::as_u64).unwrap_or(0);
    Some(base.saturating_add(users.saturating_mul(*each)).min(*most))
}

/// What an answer tells, where the org's limit is known. More left than there can be means that it is not.
pub(super) fn of_headers(org: &Org, response: &Response) -> Option<Usage> {
    let left: u64 = response.header("x-api-credits-remaining")?.trim().parse().ok()?;
    let limit = org.profile.as_ref()?.calls_limit?;
    Some(Usage { used: limit.checked_sub(left)?, limit })
}

/// The credits of one request of a call.
pub(super) fn cost(call: &Call) -> u64 {
    let of = |records: usize| to_write_records(u64::try_from(records).unwrap_or(u64::MAX)).max(1);
    match call {
        Call::WritePeople(writes) => of(writes.len()),
        Call::WriteEntries(writes) => of(writes.len()),
        // Every other request of this flow reads a list of deleted records.
        Call::ChangedPeople(changes) if super::changes::is_of_deleted(changes) => 2,
        _ => 1,
    }
}

/// How many requests it takes to find somebody by one number, as a rule: a query in each of two modules is shared with
/// others, three searches in each are not.
const REQUESTS_TO_FIND_ONE: u64 = 6;

fn to_write_records(records: u64) -> u64 {
    records.div_ceil(RECORDS_PER_CREDIT)
}

/// The credits of writing so much.
pub(super) fn to_write(entries: u64, new_people: u64) -> u64 {
    // Each batch of entries asks once for the users whose records they may become.
    let batches = entries.div_ceil(u64::try_from(RECORDS).unwrap_or(u64::MAX));
    batches + to_write_records(entries) + new_people * REQUESTS_TO_FIND_ONE + to_write_records(new_people)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_edition_has_credits_for_the_org_and_for_each_user_up_to_a_limit() {
        let of =
            |kind: &str, users: u64| credits(&json!({"paid_type": kind, "users_license_purchased": users}));
        assert_eq!(of("free", 3), Some(5_000));
        assert_eq!(of("standard", 10), Some(52_500));
        assert_eq!(of("standard", 10_000), Some(100_000));
        assert_eq!(of("Enterprise", 20), Some(70_000));
        assert_eq!(credits(&json!({"paid_type": "enterprise"})), Some(50_000), "no fewer than these");
        assert_eq!(of("somethingnew", 20), None, "nothing is made up");
    }
}
