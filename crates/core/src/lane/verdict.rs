//! What a CRM's answer means for one operation. A refusal is data, not an exception.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::record::{OrgProfile, RecordRef};

/// The meaning of an answer (or of its absence).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Written; the record id is in the outcome.
    Done,
    /// Certainly not written; try again after a while.
    Again {
        /// At least this long.
        after: Duration,
        /// Why, for the receipt.
        detail: String,
    },
    /// The access token is no longer good; certainly not written. Renew and repeat once.
    Renew,
    /// The record moved or is gone; certainly not written. Follow, then plan again.
    Heal {
        /// What to do about it.
        to: Heal,
        /// The CRM's words.
        detail: String,
    },
    /// It may or may not have been written. Ask before writing again.
    Unknown {
        /// Do not ask before this has passed.
        settle: Duration,
        /// What happened to the answer.
        detail: String,
    },
    /// Certainly not written, and repeating will not help.
    Hold {
        /// Why.
        reason: HoldReason,
        /// Who can do something about it.
        who: Who,
        /// The CRM's words, or ours.
        detail: String,
    },
}

impl Verdict {
    /// The word under which it is stored with its attempt, logged and counted.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again { .. } => "again",
            Self::Renew => "renew",
            Self::Heal { .. } => "heal",
            Self::Unknown { .. } => "unknown",
            Self::Hold { .. } => "hold",
        }
    }

    /// The verdict on whatever is asked of an org where something is missing without which nothing can be written whole;
    /// `None` where nothing is.
    pub fn of_org(org: &OrgProfile) -> Option<Self> {
        let fatal = org.missing.iter().filter(|missing| missing.is_fatal);
        let lacks: Vec<String> =
            fatal.map(|missing| format!("{} — {}", missing.what, missing.action)).collect();
        (!lacks.is_empty()).then(|| Self::Hold {
            reason: HoldReason::NoPermission,
            who: Who::CrmAdmin,
            detail: lacks.join("; "),
        })
    }
}

/// How to follow a record that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heal {
    /// The person's record is gone, merged or converted: read it again and follow it.
    Person,
    /// The written entry is gone: somebody deleted it.
    EntryDeleted,
    /// The entry was already written under its key by an earlier attempt, as this record.
    Adopt(RecordRef),
    /// The owner cannot be given records: choose the next in the chain.
    Owner,
    /// The module's description is out of date: describe it again.
    Describe,
    /// These existing people look like the one to be created (the CRM's duplicate rule).
    Duplicates(Vec<RecordRef>),
    /// The record was changed since we read it: read it again.
    Reread,
}

/// Why something waits, as a word that programs can rely on. The sentence for people is in `plan::wording`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// Nobody in the CRM matches and creating is switched off.
    NoRecord,
    /// The person has neither phone nor e-mail to be found or created by.
    NoAddress,
    /// Several records share the strongest match and no rule decides.
    SeveralCandidates,
    /// The CRM refused a value.
    ValueRefused,
    /// The CRM's own rule (validation, trigger, duplicate rule) refused the record.
    RuleRefused,
    /// The acting user lacks a permission.
    NoPermission,
    /// The CRM's API is not enabled for the org.
    NoApiAccess,
    /// The acting user may not use the CRM's API.
    NoApiForUser,
    /// A required field has no value that we could give.
    RequiredField,
    /// No user could be made owner.
    NoOwner,
    /// The record is locked by a process of the CRM (approval, for one).
    RecordLocked,
    /// The CRM has no room left.
    StorageFull,
    /// The grant was revoked or has expired.
    GrantLost,
    /// The connection was disconnected by a member.
    Disconnected,
    /// The org's API limit (or our share of it) is used up.
    LimitReached,
    /// The CRM does not answer, or not as it should.
    Unreachable,
    /// The integration is paused.
    Paused,
    /// Somebody deleted the written entry in the CRM; it is left alone.
    DeletedInCrm,
    /// Somebody edited the written entry in the CRM; it is left alone.
    EditedInCrm,
    /// The grant now leads to another organisation.
    OtherOrg,
    /// The CRM answered in a way the connector does not know.
    Unexpected,
}

/// Every reason, in the order in which causes are shown: what stops most comes first.
pub const HOLD_REASONS: &[HoldReason] = &[
    HoldReason::GrantLost,
    HoldReason::OtherOrg,
    HoldReason::Disconnected,
    HoldReason::NoApiAccess,
    HoldReason::NoApiForUser,
    HoldReason::NoPermission,
    HoldReason::StorageFull,
    HoldReason::LimitReached,
    HoldReason::Unreachable,
    HoldReason::Paused,
    HoldReason::NoOwner,
    HoldReason::RequiredField,
    HoldReason::RuleRefused,
    HoldReason::ValueRefused,
    HoldReason::NoRecord,
    HoldReason::SeveralCandidates,
    HoldReason::NoAddress,
    HoldReason::RecordLocked,
    HoldReason::DeletedInCrm,
    HoldReason::EditedInCrm,
    HoldReason::Unexpected,
];

/// Who can do something about a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// An administrator of the CRM.
    CrmAdmin,
    /// Any user of the CRM who may change the record.
    CrmUser,
    /// An administrator of the workspace.
    WorkspaceAdmin,
    /// An agent who answers the conversation.
    Agent,
    /// Whoever runs the server.
    Operator,
    /// Nobody needs to: time heals it.
    Nobody,
}
