//! Which entry covers a message: a pure function of the message, the shape and the entry that is open.
//!
//! A window opens with the first uncovered message, lasts N hours and is written at its end. The local day is
//! keyed by the instant at which it starts in the workspace's zone, and grows in place.

use std::time::Duration;

use crate::{
    governor::{slot, slot_start},
    plan::settings::Shape,
    time::{Timestamp, Zone},
};

/// An entry of the conversation that may take more messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenEntry {
    /// Its id.
    pub id: i64,
    /// The slice of time it covers.
    pub starts_at: Timestamp,
    /// The end of the slice, exclusive.
    pub ends_at: Timestamp,
    /// Its shape.
    pub shape: Shape,
    /// A first attempt was made: its key and slice are fixed.
    pub is_sealed: bool,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into this entry.
    Join(i64),
    /// Into a new one.
    Open {
        /// What the key is made of, beside the conversation.
        opened_by: String,
        /// The slice.
        starts_at: Timestamp,
        /// Its end, exclusive.
        ends_at: Timestamp,
        /// When it is to be written.
        due_at: Timestamp,
    },
}

/// Where a message goes while API calls run short and more may be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widened {
    /// Into which entry.
    pub place: Place,
    /// The shape of one that is opened.
    pub shape: Shape,
    /// Is it wider than was chosen?
    pub is_wider: bool,
    /// When an entry that grows is written again.
    pub raise_at: Timestamp,
}

/// Places a message while API calls run short: an entry that is open as chosen takes it, else one opens that is wider.
/// What ends in the same quarter of an hour is written at its end, together: gathered across conversations.
pub fn place_widened(
    shape: Shape,
    zone: &Zone,
    at: Timestamp,
    now: Timestamp,
    message_id: &str,
    open: &[OpenEntry],
) -> Widened {
    let gathered = |due: Timestamp| slot_start(slot(Timestamp(due.0 - 1)) + 1);
    let chosen = place(shape, zone, at, now, message_id, open);
    let (place, given) = match chosen {
        Place::Join(_) => (chosen, shape),
        Place::Open { .. } => (place(shape.wider(), zone, at, now, message_id, open), shape.wider()),
    };
    let place = match place {
        Place::Open { opened_by, starts_at, ends_at, due_at } => {
            Place::Open { opened_by, starts_at, ends_at, due_at: gathered(due_at) }
        }
        join @ Place::Join(_) => join,
    };
    Widened { place, shape: given, is_wider: given != shape, raise_at: gathered(now) }
}

/// Places a message of `at` that became known at `now`. `message_id` names it for good.
pub fn place(
    shape: Shape,
    zone: &Zone,
    at: Timestamp,
    now: Timestamp,
    message_id: &str,
    open: &[OpenEntry],
) -> Place {
    let takes = |entry: &&OpenEntry| entry.shape == shape && entry.starts_at <= at && at < entry.ends_at;
    match shape {
        Shape::PerMessage => {
            Place::Open { opened_by: message_id.to_owned(), starts_at: at, ends_at: at, due_at: now }
        }
        Shape::LocalDay => {
            let (starts_at, ends_at) = zone.day(at);
            // The day's entry is keyed by its start, so it is the same one whether it was written or not.
            open.iter().find(takes).map_or_else(
                || Place::Open {
                    opened_by: format!("day/{}", starts_at.seconds()),
                    starts_at,
                    ends_at,
                    due_at: now,
                },
                |entry| Place::Join(entry.id),
            )
        }
        _ => {
            let hours = shape.window_hours().unwrap_or(1);
            let unsealed = open.iter().filter(|entry| !entry.is_sealed).find(takes);
            unsealed.map_or_else(
                || {
                    let ends_at = at.plus(Duration::from_hours(hours));
                    Place::Open {
                        opened_by: message_id.to_owned(),
                        starts_at: at,
                        ends_at,
                        // A late message must not wait for a window that is already over.
                        due_at: ends_at.max(now),
                    }
                },
                |entry| Place::Join(entry.id),
            )
        }
    }
}
