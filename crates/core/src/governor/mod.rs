//! The governor of an org's API calls: who may still make one, until when the others wait, and what to tell of it.
//!
//! An org has so many calls in a window, for every application together. Two rules of the admin's bind what Causeway
//! does by itself: a *share*, the most that it spends, and a *reserve*, which it leaves. Right of way goes down with the
//! [`Purpose`]: each stops before the one above it. A panel is read for somebody who is waiting, costs little and is
//! counted, so neither rule stops it: the reserve is left to others, and people who look are among them. It goes on to
//! the last call that the org itself allows, and the lane leaves it [`FOR_PANELS`] even where nothing is reserved.

mod alarm;
mod forecast;
mod history;
mod rest;
mod standing;
pub mod wording;

pub use alarm::{Alarms, Level, NEAR, RECOVERED, alarms, is_short};
pub use forecast::{Forecast, Outlook, Scene, forecast};
pub use history::{History, Reading, SLOT, Window, slot, slot_start};
pub use rest::{is_stale, rests_until};
pub use standing::{Because, FOR_PANELS, Rules, Standing, allows, left, may_call, spent};

use serde::{Deserialize, Serialize};

/// For what a call is made, the first that has right of way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Somebody looks at a panel.
    Panel,
    /// Somebody asked for it on a page: a connection, a test record.
    Asked,
    /// Messages that came lately.
    Message,
    /// Messages that were old when they were to be written.
    Backfill,
    /// Looking whether something has changed, when nothing waits for the answer.
    Check,
}

/// Every purpose, in order.
pub const PURPOSES: &[Purpose] =
    &[Purpose::Panel, Purpose::Asked, Purpose::Message, Purpose::Backfill, Purpose::Check];

impl Purpose {
    /// The word for the store, the API and metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Asked => "asked",
            Self::Message => "message",
            Self::Backfill => "backfill",
            Self::Check => "check",
        }
    }

    /// The purpose behind a word.
    pub fn named(word: &str) -> Option<Self> {
        PURPOSES.iter().copied().find(|purpose| purpose.word() == word)
    }

    /// Up to which part of what Causeway may spend it goes, in percent. `None`: it is not bound by the rules.
    fn ceiling(self) -> Option<u64> {
        match self {
            Self::Panel => None,
            Self::Asked | Self::Message => Some(100),
            Self::Backfill => Some(90),
            Self::Check => Some(85),
        }
    }
}

#[cfg(test)]
mod tests;
