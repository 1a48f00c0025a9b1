//! What the panel shows, in every state, as plain values: a page turns it into markup, the API into JSON.

use serde::{Deserialize, Serialize};

use super::{
    matching::{How, NearReason, Searched},
    show::Field,
};
use crate::{record::RecordRef, time::Timestamp};

/// A panel as one person sees it: one contact under one connection (R1.38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum View {
    /// The CRM is not connected, or its panel is switched off.
    NotConnected,
    /// A record, with the fields that the role may see.
    Matched(Matched),
    /// Several records match equally; a person chooses, and the choice is kept (R1.39).
    Several(Several),
    /// Nothing matches (R1.18).
    NoMatch(NoMatch),
    /// Something is not allowed in the CRM; each cause has its own words (R1.31).
    NoAccess {
        /// What is not allowed.
        what: NoAccess,
        /// What the CRM said and what its administrator can do, in words.
        detail: String,
    },
    /// The CRM no longer accepts the grant: somebody has to connect again.
    GrantLost {
        /// Why, in words.
        detail: String,
    },
    /// The grant does not cover what the panel needs: somebody has to renew it (R1.45).
    MissingScope {
        /// Which, in words.
        detail: String,
    },
    /// The org's API limit is used up, and nothing was read before.
    LimitReached {
        /// When it is worth asking again.
        until: Option<Timestamp>,
    },
    /// What was last read, because nothing newer can be had now.
    Stale(Stale),
    /// The CRM did not answer as it should, and nothing was read before.
    Failed {
        /// What happened, in words.
        detail: String,
    },
}

/// What the CRM does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAccess {
    /// The organisation has no API access.
    OrgApi,
    /// The connected user may not use the API.
    UserApi,
    /// The connected user lacks a permission on records or fields.
    Permission,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Which.
    pub record: RecordRef,
    /// Its name, the heading of the panel.
    pub name: String,
    /// Where it is opened in the CRM (R1.22).
    pub url: String,
    /// The chosen fields that the role may see, in their order; blank ones too.
    pub fields: Vec<Field>,
    /// The company that the person belongs to, with a link if it is a record of its own.
    pub account: Option<Named>,
    /// Who answers for the record in the CRM.
    pub owner: Option<Named>,
    /// Why this record.
    pub how: How,
    /// Contacts that another address points to: the e-mail won (R1.40).
    pub conflict: Vec<Candidate>,
    /// The record that the contact was linked to, if it is gone and this one was found anew.
    pub lost_link: Option<RecordRef>,
    /// How old this is.
    pub age: Age,
}

/// Somebody or something with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// What people call the field.
    pub label: String,
    /// The name.
    pub name: String,
}

/// How old what is shown is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Age {
    /// When it was read from the CRM.
    pub read_at: Timestamp,
    /// How long ago that was, in seconds.
    pub seconds: u64,
    /// In so many seconds it is worth asking again: the cache is over by then.
    pub fresh_for: u64,
}

/// Several records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Several {
    /// They, the one changed last first.
    pub candidates: Vec<Candidate>,
    /// How many more there are.
    pub more: usize,
    /// See [`Matched::lost_link`].
    pub lost_link: Option<RecordRef>,
    /// How old this is.
    pub age: Age,
}

/// A record that may be the person's, with what tells it from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Which.
    pub record: RecordRef,
    /// Its name.
    pub name: String,
    /// Where it is opened in the CRM.
    pub url: String,
    /// The company that the person belongs to.
    pub account: Option<String>,
    /// Who answers for the record.
    pub owner: Option<String>,
    /// When it was last changed in the CRM.
    pub modified_at: Timestamp,
    /// Why it is one.
    pub how: How,
}

/// Nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoMatch {
    /// What was searched for; empty when the contact has neither phone nor e-mail.
    pub searched: Vec<Searched>,
    /// Records that come near, each with the reason; a person may link one (R2.56: never by themselves).
    pub near: Vec<Near>,
    /// See [`Matched::lost_link`].
    pub lost_link: Option<RecordRef>,
    /// How old this is.
    pub age: Age,
}

/// A record that comes near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Near {
    /// Which.
    pub record: RecordRef,
    /// Its name.
    pub name: String,
    /// Where it is opened in the CRM.
    pub url: String,
    /// In what it comes near.
    pub reason: NearReason,
}

/// What was last read, and why it is not newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// What was last read, with its age.
    pub last: Matched,
    /// Why it is not newer.
    pub because: Because,
}

/// Why nothing newer can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Because {
    /// The org's API limit is used up.
    LimitReached {
        /// When it is worth asking again.
        until: Option<Timestamp>,
    },
    /// The CRM did not answer as it should.
    Failed {
        /// What happened, in words.
        detail: String,
    },
}
