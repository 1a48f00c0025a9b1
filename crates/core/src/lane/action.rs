//! The one action that helps against a hold, and the right that it takes.

use super::HoldReason;
use crate::rights::Right;

/// What a person does about a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Choose the record that the person belongs to.
    Link,
    /// Let it be tried again.
    Retry,
    /// Let what somebody deleted or edited in the CRM be written anew.
    Recreate,
    /// Connect the CRM again.
    Reconnect,
    /// Resume the integration.
    Resume,
    /// Nothing: time heals it.
    Wait,
}

impl Action {
    /// The action that helps against this.
    pub fn against(reason: HoldReason) -> Self {
        match reason {
            HoldReason::NoRecord | HoldReason::NoAddress | HoldReason::SeveralCandidates => Self::Link,
            HoldReason::DeletedInCrm | HoldReason::EditedInCrm => Self::Recreate,
            HoldReason::GrantLost | HoldReason::Disconnected | HoldReason::OtherOrg => Self::Reconnect,
            HoldReason::Paused => Self::Resume,
            HoldReason::LimitReached | HoldReason::Unreachable => Self::Wait,
            HoldReason::ValueRefused
            | HoldReason::RuleRefused
            | HoldReason::NoPermission
            | HoldReason::NoApiAccess
            | HoldReason::NoApiForUser
            | HoldReason::RequiredField
            | HoldReason::NoOwner
            | HoldReason::RecordLocked
            | HoldReason::StorageFull
            | HoldReason::Unexpected => Self::Retry,
        }
    }

    /// What it becomes for many entries at once: nobody links many people in one go, but what was corrected in the CRM is
    /// looked for again.
    #[must_use]
    pub fn in_bulk(self) -> Self {
        if self == Self::Link { Self::Retry } else { self }
    }

    /// The right that it takes; `None` where there is nothing to do.
    pub fn right(self) -> Option<Right> {
        match self {
            Self::Link | Self::Retry | Self::Recreate => Some(Right::Work),
            Self::Reconnect | Self::Resume => Some(Right::ConnectSync),
            Self::Wait => None,
        }
    }

    /// The word for programs and for the catalogue of words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Retry => "retry",
            Self::Recreate => "recreate",
            Self::Reconnect => "reconnect",
            Self::Resume => "resume",
            Self::Wait => "wait",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lane::HOLD_REASONS;

    #[test]
    fn every_reason_has_one_action_and_only_what_time_heals_has_none_that_takes_a_right() {
        let distinct: BTreeSet<_> = HOLD_REASONS.iter().collect();
        assert_eq!((distinct.len(), HOLD_REASONS.len()), (21, 21));
        let idle: Vec<_> =
            HOLD_REASONS.iter().filter(|reason| Action::against(**reason).right().is_none()).collect();
        assert_eq!(idle, [&HoldReason::LimitReached, &HoldReason::Unreachable]);
    }

    #[test]
    fn nobody_links_many_people_in_one_go() {
        assert!(HOLD_REASONS.iter().all(|reason| Action::against(*reason).in_bulk() != Action::Link));
        assert_eq!(Action::against(HoldReason::DeletedInCrm).in_bulk(), Action::Recreate);
    }
}
