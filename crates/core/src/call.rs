//! The language between planning and CRMs: what may be asked of a CRM or done in it, and what comes back.
//!
//! Plain, serialisable data. Planning speaks it, connectors translate it; neither knows the other.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    address::phone::Phone,
    lane::Verdict,
    record::{CrmUser, EntryKind, Module, OrgProfile, PersonFields, PersonRecord, RecordRef},
    time::Timestamp,
    timeline::Direction,
};

/// One thing to ask of a CRM, or to do in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Describe the org, the modules that chat sync uses, the lead stages and the acting user; check access.
    /// Answer: [`Answer::Profile`].
    Describe {
        /// The user whose grant we hold, as the token answer named them.
        user_id: String,
        /// Where a flow of several requests stands. Only the connector reads it.
        flow: DescribeFlow,
    },
    /// Active and inactive users with these e-mail addresses, and those with these ids.
    /// Answer: [`Answer::Users`].
    Users {
        /// Addresses to look for, in any case.
        emails: Vec<String>,
        /// Ids to look for.
        ids: Vec<String>,
        /// Where the next page is. Only the connector reads it.
        page: Option<String>,
    },
    /// Candidates for these people: contacts and leads whose phone or e-mail might be theirs, over every phone
    /// field and known spelling, then by fuzzy phone search. Over-matches are welcome; the caller verifies.
    /// Answer: [`Answer::People`].
    FindPeople(PeopleQuery),
    /// Read these people, deleted ones included. Missing ones are absent from the answer.
    /// Answer: [`Answer::People`].
    ReadPeople {
        /// Which.
        records: Vec<RecordRef>,
        /// Extra fields to read, by the CRM's own names.
        extra: Vec<String>,
    },
    /// Make or change people. Answer: [`Answer::Outcomes`], in order.
    WritePeople(Vec<PersonWrite>),
    /// Make or change entries. Answer: [`Answer::Outcomes`], in order.
    WriteEntries(Vec<EntryWrite>),
    /// Which of these keys are in the CRM, and as which records? Answer: [`Answer::Keyed`].
    VerifyEntries {
        /// The keys.
        keyed: Vec<KeyedEntry>,
        /// Where a flow of several requests stands. Only the connector reads it.
        page: Option<String>,
    },
    /// Read these entries as they are now, deleted ones included. Answer: [`Answer::Entries`].
    ReadEntries {
        /// What they are.
        kind: EntryKind,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Contacts and leads changed since; `after` continues a page. Answer: [`Answer::Changed`].
    ChangedPeople(Changes),
    /// Remove records that we made ourselves (a test record). Answer: [`Answer::Outcomes`], in order.
    Delete(Vec<RecordRef>),
    /// Who may this be, with the fields that a panel shows? Over-matches are welcome; the caller verifies.
    /// Answer: [`Answer::Panel`].
    PanelFind(PanelQuery),
    /// Read these people with the fields that a panel shows, deleted ones included. Missing ones are absent from the
    /// answer. Answer: [`Answer::Panel`].
    PanelRead {
        /// Which.
        records: Vec<RecordRef>,
        /// The fields to read.
        fields: PanelFields,
    },
    /// People who resemble this one, for somebody to choose from: of that name, or with a number of these digits.
    /// Answer: [`Answer::Panel`].
    PanelNear {
        /// A whole name.
        name: Option<String>,
        /// Digits of numbers, or their ends.
        digits: Vec<String>,
        /// The fields to read.
        fields: PanelFields,
        /// Where a flow of several requests stands; 0 to begin. Only the connector reads it.
        step: u32,
    },
    /// Add a choice to a field that takes one of a list, for everybody in the org (R4.19). Already there is as good.
    /// Answer: [`Answer::Nothing`].
    AddChoice {
        /// The module.
        module: Module,
        /// The field, by the CRM's own name.
        field: String,
        /// The choice.
        choice: String,
    },
    /// Make a field that takes the address of a conversation (R4.17). Answer: [`Answer::Nothing`]; describing the org
    /// again tells its name.
    AddLinkField {
        /// The module.
        module: Module,
        /// What people will call it.
        label: String,
    },
    /// Whom a grant is of, where its tokens did not say. Answer: [`Answer::Identity`].
    Identify {
        /// The organisation, once an earlier step of the flow has found it. Only the connector fills it.
        org_id: Option<String>,
    },
    /// How much of the org's limit is used. Answer: [`Answer::Nothing`] with the usage beside it.
    Usage,
}

impl Call {
    /// Does it change anything in the CRM? If so, a lost answer leaves the outcome unknown.
    pub fn is_write(&self) -> bool {
        matches!(
            self,
            Self::WritePeople(_)
                | Self::WriteEntries(_)
                | Self::Delete(_)
                | Self::AddChoice { .. }
                | Self::AddLinkField { .. }
        )
    }

    /// The word for counters and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Describe { .. } => "describe",
            Self::Users { .. } => "users",
            Self::FindPeople(_) => "find_people",
            Self::ReadPeople { .. } => "read_people",
            Self::WritePeople(_) => "write_people",
            Self::WriteEntries(_) => "write_entries",
            Self::VerifyEntries { .. } => "verify_entries",
            Self::ReadEntries { .. } => "read_entries",
            Self::ChangedPeople(_) => "changed_people",
            Self::Delete(_) => "delete",
            Self::PanelFind(_) => "panel_find",
            Self::PanelRead { .. } => "panel_read",
            Self::PanelNear { .. } => "panel_near",
            Self::AddChoice { .. } => "add_choice",
            Self::AddLinkField { .. } => "add_link_field",
            Self::Identify { .. } => "identify",
            Self::Usage => "usage",
        }
    }
}

/// Where describing an org stands, in a CRM that takes several requests for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeFlow {
    /// The step; 0 to begin.
    pub step: u32,
    /// What is still to be asked about.
    pub rest: Vec<String>,
    /// What was learned so far.
    pub found: Option<Box<OrgProfile>>,
}

/// Whom to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleQuery {
    /// Where to look; empty: among contacts and leads.
    pub modules: Vec<Module>,
    /// Phone numbers, with the spellings that their module knows.
    pub phones: Vec<Phone>,
    /// E-mail addresses in canonical form.
    pub emails: Vec<String>,
    /// Where a flow of several requests stands; 0 to begin. Only the connector reads it.
    pub step: u32,
    /// What the present step has still to read (pages, halves of a search). Only the connector fills it.
    pub rest: Vec<String>,
    /// People found by earlier steps of the flow. Only the connector fills it.
    pub found: Vec<PersonRecord>,
}

/// The fields that a panel shows, by kind of record and the CRM's own names. A path through a parent
/// (`Account.Name`) is one too.
pub type PanelFields = BTreeMap<Module, Vec<String>>;

/// For whom a panel looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelQuery {
    /// E-mail addresses in canonical form.
    pub emails: Vec<String>,
    /// Phone numbers to find in any spelling; short ones too, whatever stands between their digits.
    pub phones: Vec<Phone>,
    /// Texts to find in phone fields exactly as they are.
    pub texts: Vec<String>,
    /// The phone fields to search, by the CRM's own names; `None`: all of them.
    pub phone_fields: Option<Vec<String>>,
    /// The fields to read.
    pub fields: PanelFields,
    /// Where a flow of several requests stands; 0 to begin. Only the connector reads it.
    pub step: u32,
    /// Records found by earlier steps of the flow. Only the connector fills it.
    pub found: Vec<PanelRecord>,
}

/// A person with the values that a panel shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelRecord {
    /// The person.
    pub person: PersonRecord,
    /// The values by the names that were asked for. What the org or the user cannot see is absent.
    pub values: BTreeMap<String, PanelValue>,
    /// The currency of the record's amounts, by its three letters, where the org has several.
    pub currency: Option<String>,
}

/// The value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelValue {
    /// Nothing, a text, a number, or yes or no: as the CRM told it.
    pub value: serde_json::Value,
    /// Where the value is the id of another record: the name of that record.
    pub name: Option<String>,
}

/// A person to make or to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWrite {
    /// The record to change; `None` makes a new one.
    pub id: Option<String>,
    /// The module.
    pub module: Module,
    /// The values to set. An empty string clears a field.
    pub fields: PersonFields,
    /// Save although the CRM's duplicate rule would warn (our own matching has decided).
    pub allow_duplicate: bool,
    /// Let what the customer has automated run, where the CRM can keep it from running.
    pub sets_off: bool,
    /// Only if nobody changed the record since.
    pub unmodified_since: Option<Timestamp>,
}

impl PersonWrite {
    /// May both stand in one request of a CRM whose requests name one module, and make records or change them?
    pub fn goes_with(&self, other: &Self) -> bool {
        let way = |write: &Self| (write.module, write.id.is_some(), write.sets_off);
        way(self) == way(other)
    }
}

/// One entry to make or to change, fully specified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryWrite {
    /// As what it is written. All entries of one call are of one kind.
    pub kind: EntryKind,
    /// Our key of it, fixed before the first attempt (URL-safe, at most 40 characters).
    pub key: String,
    /// The record to change; `None` makes a new one (by key, where the org has a field for it).
    pub id: Option<String>,
    /// On whose record.
    pub who: RecordRef,
    /// Whose entry it is; `None` leaves it to the CRM (the acting user).
    pub owner_id: Option<String>,
    /// The first line, within the org's length.
    pub subject: String,
    /// The text, within the org's length.
    pub body: String,
    /// The day in the workspace's zone: `2026-01-02`.
    pub date: String,
    /// First and last message in it.
    pub starts_at: Timestamp,
    /// See `starts_at`.
    pub ends_at: Timestamp,
    /// The way of the messages; `None` when it holds both.
    pub direction: Option<Direction>,
    /// Only if nobody changed the record since (for changes).
    pub unmodified_since: Option<Timestamp>,
}

/// A key to look for, with what narrows the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyedEntry {
    /// What it is.
    pub kind: EntryKind,
    /// The key.
    pub key: String,
    /// The records that it may stand on: those on which it was attempted, and where its person is now. Records are merged and
    /// converted, and people are linked anew by hand.
    pub on: Vec<RecordRef>,
    /// It was first attempted then, by the CRM's clock as far as we know it.
    pub since: Timestamp,
}

/// What a search for a key has come to. A key of which nothing is said is not in the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// It is there.
    Found(EntryRecord),
    /// Not everything could be looked through, and why: it may be there or not.
    Unsure(String),
}

impl Sought {
    /// The entry, if it was found.
    pub fn found(self) -> Option<EntryRecord> {
        match self {
            Self::Found(entry) => Some(entry),
            Self::Unsure(_) => None,
        }
    }

    /// What two parts of one search say together: whatever was found, of several the first made.
    fn and(self, other: Self) -> Self {
        let rank =
            |entry: &EntryRecord| (entry.is_deleted, entry.created_at, entry.id.len(), entry.id.clone());
        match (self, other) {
            (Self::Found(one), Self::Found(two)) => {
                Self::Found(if rank(&two) < rank(&one) { two } else { one })
            }
            (Self::Found(one), Self::Unsure(_)) | (Self::Unsure(_), Self::Found(one)) => Self::Found(one),
            (unsure, Self::Unsure(_)) => unsure,
        }
    }
}

/// An entry as the CRM holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecord {
    /// Its id.
    pub id: String,
    /// Our key on it.
    pub key: Option<String>,
    /// The person it stands on.
    pub who_id: Option<String>,
    /// The first line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Deleted?
    pub is_deleted: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

/// A reading of what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Where; empty: among contacts and leads.
    pub modules: Vec<Module>,
    /// Everything changed at or after this instant, by the CRM's clock.
    pub since: Timestamp,
    /// Where a flow of several requests stands. Only the connector reads it.
    pub step: u32,
    /// Where the next page is. Only the connector reads it.
    pub page: Option<String>,
    /// The CRM's time when the flow began: how far the reading will reach. Only the connector fills it.
    pub until: Option<Timestamp>,
    /// What earlier steps found. Only the connector fills it.
    pub found: Vec<PersonRecord>,
}

/// What an answer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The content.
    pub result: Result<Answer, Verdict>,
    /// How much of the org's limit is used, if the answer told.
    pub usage: Option<Usage>,
    /// The CRM's own time, if the answer told.
    pub server_time: Option<Timestamp>,
}

/// The content of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The flow continues with this call.
    More(Call, Option<Duration>),
    /// So much of a reading, and the call that brings the rest.
    Part(Box<Answer>, Box<Call>),
    /// The org.
    Profile(Box<OrgProfile>),
    /// Users.
    Users(Vec<CrmUser>),
    /// People.
    People(Vec<PersonRecord>),
    /// One outcome for each written record, in order.
    Outcomes(Vec<Outcome>),
    /// What was found by key (if several carry the key: the first made). What is in the CRM under none of these keys is not
    /// named: a search that did not come to its end must not leave a key out.
    Keyed(BTreeMap<String, Sought>),
    /// Entries.
    Entries(Vec<EntryRecord>),
    /// Changed people, and the instant up to which the reading is complete.
    Changed(Vec<PersonRecord>, Timestamp),
    /// People with the values that a panel shows.
    Panel(Vec<PanelRecord>),
    /// Whom a grant is of.
    Identity(Identity),
    /// Nothing but the fact.
    Nothing,
}

impl Answer {
    /// A reading whose parts came one after the other, as one. Parts of different kinds cannot be joined.
    pub fn join(self, later: Self) -> Option<Self> {
        Some(match (self, later) {
            (Self::People(first), Self::People(more)) => Self::People([first, more].concat()),
            (Self::Users(first), Self::Users(more)) => Self::Users([first, more].concat()),
            (Self::Panel(first), Self::Panel(more)) => Self::Panel([first, more].concat()),
            (Self::Entries(first), Self::Entries(more)) => Self::Entries([first, more].concat()),
            (Self::Keyed(mut first), Self::Keyed(more)) => {
                for (key, sought) in more {
                    let sought = match first.remove(&key) {
                        Some(before) => before.and(sought),
                        None => sought,
                    };
                    first.insert(key, sought);
                }
                Self::Keyed(first)
            }
            _ => return None,
        })
    }

    /// All there is, or a part of it if there is something left to ask.
    #[must_use]
    pub fn and(self, rest: Option<Call>) -> Self {
        match rest {
            Some(rest) => Self::Part(Box::new(self), Box::new(rest)),
            None => self,
        }
    }
}

/// Whom a grant is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The organisation, in the longest form of its id.
    pub org_id: String,
    /// The acting user.
    pub user_id: String,
}

/// What became of one written record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its meaning.
    pub verdict: Verdict,
    /// The record's id, when it is written.
    pub id: Option<String>,
}

/// Use of the org's API limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Calls used in the CRM's window, by all applications.
    pub used: u64,
    /// Calls allowed in it.
    pub limit: u64,
}
