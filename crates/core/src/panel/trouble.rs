//! What a verdict means for somebody who looks at a panel.

use super::view::{Because, NoAccess, View};
use crate::{
    lane::{HoldReason, Verdict, Who},
    time::Timestamp,
};

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection was disconnected meanwhile.
    NotConnected,
    /// Something is not allowed in the CRM.
    NoAccess(NoAccess, String),
    /// The grant is gone, or leads to another organisation.
    GrantLost(String),
    /// The grant does not cover what is needed.
    MissingScope(String),
    /// The org's API limit is used up, until then as far as is known.
    LimitReached(Option<Timestamp>),
    /// Anything else: silence, an outage, an answer that nobody understands.
    Failed(String),
}

impl Trouble {
    /// The meaning of a verdict. `until` is when a limit is worth asking again.
    pub fn of(verdict: &Verdict, until: Option<Timestamp>) -> Self {
        match verdict {
            Verdict::Hold { reason, who, detail } => Self::of_hold(*reason, *who, detail.clone(), until),
            Verdict::Again { detail, .. }
            | Verdict::Unknown { detail, .. }
            | Verdict::Heal { detail, .. } => Self::Failed(detail.clone()),
            Verdict::Done | Verdict::Renew => Self::Failed(String::new()),
        }
    }

    fn of_hold(reason: HoldReason, who: Who, detail: String, until: Option<Timestamp>) -> Self {
        match reason {
            HoldReason::NoApiAccess => Self::NoAccess(NoAccess::OrgApi, detail),
            HoldReason::NoApiForUser => Self::NoAccess(NoAccess::UserApi, detail),
            // What an administrator of the workspace can grant is not a right in the CRM but the grant's extent.
            HoldReason::NoPermission if who == Who::WorkspaceAdmin => Self::MissingScope(detail),
            HoldReason::NoPermission => Self::NoAccess(NoAccess::Permission, detail),
            HoldReason::GrantLost | HoldReason::OtherOrg => Self::GrantLost(detail),
            HoldReason::Disconnected => Self::NotConnected,
            HoldReason::LimitReached => Self::LimitReached(until),
            _ => Self::Failed(detail),
        }
    }

    /// May what was read before still be shown? A lost right or grant takes it away; time heals the others.
    pub fn because(&self) -> Option<Because> {
        match self {
            Self::LimitReached(until) => Some(Because::LimitReached { until: *until }),
            Self::Failed(detail) => Some(Because::Failed { detail: detail.clone() }),
            _ => None,
        }
    }

    /// The panel when there is nothing from before.
    pub fn view(&self) -> View {
        match self.clone() {
            Self::NotConnected => View::NotConnected,
            Self::NoAccess(what, detail) => View::NoAccess { what, detail },
            Self::GrantLost(detail) => View::GrantLost { detail },
            Self::MissingScope(detail) => View::MissingScope { detail },
            Self::LimitReached(until) => View::LimitReached { until },
            Self::Failed(detail) => View::Failed { detail },
        }
    }
}
