//! Lanes: the one worker of each connection. Due entries in, attempts and verdicts out.
//!
//! A lane drains with natural batching: idle, it writes at once; busy, whatever has queued meanwhile goes as one
//! batch. It obeys the plans of the deciding half, records each attempt before its request leaves and each verdict
//! after, and re-reads the store in between, so there is one way through it and no way back.

mod budget;
mod converted;
mod entries;
mod follow;
mod left_over;
mod pass;
mod people;
mod test_record;
mod worker;

pub use pass::{Passed, pass};
pub use test_record::{TestRecord, test_record};
pub use worker::run;

use std::time::Duration;

use causeway_core::lane::{HoldReason, Verdict};

/// For how long a lane is run by one node, in microseconds. A request takes at most a minute.
pub const LEASE: i64 = 5 * 60 * 1_000_000;

/// How far failures count that pass by themselves: as far as the delay between tries still grows.
const MOST_COUNTED: i64 = 8;

/// Failures in a row, of an entry's or a person's own, after which something is wrong that neither following nor
/// repeating mends: it is held and shown, rather than tried for ever.
const MOST_REFUSALS: i64 = 20;

/// Does this reason stop the whole connection, and for how long is it left alone?
fn rest_for(reason: HoldReason) -> Option<Duration> {
    match reason {
        HoldReason::LimitReached => Some(Duration::from_mins(5)),
        HoldReason::NoApiAccess | HoldReason::NoApiForUser | HoldReason::StorageFull => {
            Some(Duration::from_mins(15))
        }
        HoldReason::GrantLost | HoldReason::OtherOrg | HoldReason::Disconnected => Some(Duration::ZERO),
        _ => None,
    }
}

/// The words that came with a verdict.
fn detail_of(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Done | Verdict::Renew => "",
        Verdict::Again { detail, .. }
        | Verdict::Heal { detail, .. }
        | Verdict::Unknown { detail, .. }
        | Verdict::Hold { detail, .. } => detail,
    }
}

/// A duration as the store counts.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
