//! Which messages are synced at all. What a rule leaves out is visible: its receipt names the rule.

use std::time::Duration;

use crate::{plan::settings::ChatSync, time::Timestamp};

/// A message that comes so long after it was written does not go before those of now.
const OLD: Duration = Duration::from_hours(24);

/// Was a message old when it came? Then messages of now have right of way.
pub fn is_backfill(at: Timestamp, received_at: Timestamp) -> bool {
    received_at.since(at) > OLD
}

/// What admission depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The channel account.
    pub account_id: i64,
    /// The thread is a group.
    pub is_group: bool,
    /// In a group: somebody is known who wrote it.
    pub has_sender: bool,
    /// The message is from before the account was connected.
    pub is_history: bool,
    /// Provider time.
    pub at: Timestamp,
}

/// Is this message synced? Otherwise the rule that leaves it out, in words.
pub fn admit(settings: &ChatSync, facts: &Facts) -> Result<(), &'static str> {
    if facts.is_group && !settings.groups {
        return Err("group conversations are kept and not synced"); // R4.33
    }
    if facts.is_group && !facts.has_sender {
        return Err("in a group only what a participant wrote goes on a record: that person's"); // R4.33
    }
    if !settings.covers_account(facts.account_id) {
        return Err("this channel account is not among those that the integration syncs"); // R2.35
    }
    if facts.is_history {
        return Err("it is from before the account was connected"); // X10
    }
    if facts.at.0 < settings.since {
        return Err("it is from before the integration was set up"); // X10
    }
    Ok(())
}
