//! How long a lane rests that has no call to make, and when it is worth asking the org.

use std::time::Duration;

use super::{Because, Outlook};
use crate::time::Timestamp;

/// The part of the calls that are left which may be spent, in a day, on asking whether there are more: one in so many.
const FOR_ASKING: u32 = 4;

/// What is foreseen is looked at again after so long at the latest.
const LONGEST: Duration = Duration::from_hours(6);

/// What was told is taken as true for so long.
const FRESH: Duration = Duration::from_mins(5);

/// Until when a lane rests. `pause` is the CRM's own: the earliest time at which asking makes sense. `left` are the calls
/// that the org still has for anybody: asking costs one of them, and a refusal none.
pub fn rests_until(
    now: Timestamp,
    pause: Timestamp,
    left: u64,
    because: Because,
    goes_on: Outlook,
) -> Timestamp {
    let foreseen = match goes_on {
        Outlook::At(at) => Some(at.max(pause)),
        Outlook::TooFew | Outlook::Never => None,
    };
    let asked = if left == 0 || because == Because::Share {
        pause
    } else {
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        let spaced = (Duration::from_hours(24) * FOR_ASKING).checked_div(left).unwrap_or(LONGEST);
        now.plus(spaced.min(LONGEST)).max(pause)
    };
    match (because, foreseen) {
        // Our own count tells when the share is free again; nobody need be asked.
        (Because::Share, Some(at)) => at.min(now.plus(LONGEST)).max(pause),
        (_, Some(at)) => at.min(asked),
        (_, None) => asked,
    }
}

/// Is what the org told then too old to stop or to go on by?
pub fn is_stale(told_at: Option<Timestamp>, now: Timestamp) -> bool {
    told_at.is_none_or(|at| now.since(at) >= FRESH || at > now)
}
