//! Which messages are synced at all. What a rule leaves out is visible: its receipt names the rule.

use crate::{plan::settings::ChatSync, time::Timestamp};

/// What admission depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The channel account.
    pub account_id: i64,
    /// The thread is a group.
    pub is_group: bool,
    /// The message is from before the account was connected.
    pub is_history: bool,
    /// Provider time.
    pub at: Timestamp,
}

/// Is this message synced? Otherwise the rule that leaves it out, in words.
pub fn admit(settings: &ChatSync, facts: &Facts) -> Result<(), &'static str> {
    if facts.is_group {
        return Err("group conversations are kept and not synced"); // R4.33
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

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts { account_id: 1, is_group: false, is_history: false, at: Timestamp(10) };

    #[test]
    fn groups_are_left_out_and_the_rule_is_named() {
        let refused = admit(&ChatSync::default(), &Facts { is_group: true, ..FACTS });
        assert!(refused.is_err_and(|rule| rule.contains("group")));
    }

    #[test]
    fn every_account_is_synced_unless_some_are_chosen() {
        assert_eq!(admit(&ChatSync::default(), &FACTS), Ok(()));
        let chosen = ChatSync { accounts: Some(vec![2]), ..ChatSync::default() };
        assert!(admit(&chosen, &FACTS).is_err());
        assert_eq!(admit(&chosen, &Facts { account_id: 2, ..FACTS }), Ok(()));
    }

    #[test]
    fn messages_from_before_the_integration_are_left_out() {
        let later = ChatSync { since: 11, ..ChatSync::default() };
        assert!(admit(&later, &FACTS).is_err());
    }
}
