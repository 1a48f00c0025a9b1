//! What is to be written about messages: which entries are stale, what they should say, and in which order.
//!
//! An entry has a wanted and a written revision; the lane makes the second equal the first. No entry is first
//! attempted before every earlier entry of its conversation is written, held, or in the same request. The words here;
//! `pass` decides.

mod pass;

use std::{collections::BTreeMap, time::Duration};

use self::pass::Pass;
use crate::{
    address::phone::Region,
    call::{Call, EntryRecord, EntryWrite, Sought},
    lane::{HoldReason, Who},
    plan::{compose::Line, settings::ChatSync},
    record::{CrmUser, EntryKind, OrgProfile, RecordRef},
    time::{Timestamp, Zone},
};

/// One due entry, as the store holds it. A batch lists entries in the order of their conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryState {
    /// Its id.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// The revision that is wanted now.
    pub wanted: i64,
    /// The revision that is written; 0 for none.
    pub written: i64,
    /// As what kind of record it is written.
    pub kind: EntryKind,
    /// It was made for several messages.
    pub is_grouped: bool,
    /// The record to write on; `None` while the person has no link (then nothing is planned).
    pub who: Option<RecordRef>,
    /// Its messages, in order.
    pub lines: Vec<Line>,
    /// The parts that were attempted or written.
    pub parts: BTreeMap<u32, PartState>,
    /// What its text names.
    pub surroundings: Surroundings,
}

/// What is stored of one part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartState {
    /// The record, once it is known.
    pub record_id: Option<String>,
    /// A digest of what was last written.
    pub written_hash: Option<String>,
    /// An attempt whose answer was lost: since when.
    pub unknown_since: Option<Timestamp>,
    /// How often we have looked for it since.
    pub looks: u32,
    /// When it was first attempted, by the CRM's clock as far as it was known then.
    pub first_sent_at: Option<Timestamp>,
    /// The records on which it was attempted, where its answer was lost: the person may have been linked anew since.
    pub attempted_on: Vec<RecordRef>,
    /// The last attempt at an earlier revision whose answer was lost: it may still come true and stand over a newer one.
    pub lost_at: Option<Timestamp>,
}

/// An entry's surroundings as owned text; see [`Scene`](crate::plan::compose::Scene).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The conversation's id.
    pub conversation_id: i64,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub channel: String,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub account: String,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub person: String,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub customer: String,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub agent: Option<String>,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub conversation: String,
    /// See [`Scene`](crate::plan::compose::Scene).
    pub chat_url: String,
    /// E-mail of the assignee.
    pub assignee_email: Option<String>,
    /// E-mail of the channel account's owner.
    pub account_owner_email: Option<String>,
}

/// What this pass has learned from the CRM so far.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Users that the chains may lead to.
    pub users: Option<Vec<CrmUser>>,
    /// Keys that were looked for in this pass, and what it came to; `None`: not there.
    pub keyed: BTreeMap<String, Option<Sought>>,
    /// Entries that were read again in this pass; `None`: not there.
    pub records: BTreeMap<String, Option<EntryRecord>>,
}

/// What a pass over entries depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The instant of the decision.
    pub now: Timestamp,
    /// How long after its request something that is not there may still appear: [`retry::SETTLED`](crate::lane::retry::SETTLED).
    pub settled: Duration,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// The workspace's region.
    pub region: Option<Region>,
    /// The choices.
    pub settings: &'a ChatSync,
    /// The org.
    pub org: &'a OrgProfile,
    /// When it was described: what was tried before may have been keyed in another way.
    pub described_at: Timestamp,
    /// Most entries in one write.
    pub entries_per_call: usize,
    /// Most keys or ids in one read.
    pub reads_per_call: usize,
    /// The due entries, in order.
    pub entries: &'a [EntryState],
    /// What this pass has learned.
    pub known: &'a Known,
}

/// What follows. If there are asks, answer them and plan again before writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Calls whose answers are needed.
    pub asks: Vec<Call>,
    /// Parts to write in one request: all new, or all existing ones.
    pub writes: Vec<Write>,
    /// Parts that turned out to be written already, by an attempt whose answer was lost.
    pub adoptions: Vec<Adoption>,
    /// Entries that say what they should: only the revision is to be marked.
    pub current: Vec<Current>,
    /// Entries that must wait for somebody.
    pub holds: Vec<Hold>,
    /// Entries that must wait for time to pass, and whether that was a look for a lost answer.
    pub waits: Vec<(i64, Timestamp, Vec<u32>)>,
}

/// One part to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The entry.
    pub entry_id: i64,
    /// The revision that this writes.
    pub revision: i64,
    /// The number of the part.
    pub part: u32,
    /// How many parts the entry has at this revision.
    pub parts: u32,
    /// A digest of the content.
    pub hash: String,
    /// Which parts hold which item, to be stored with the attempt.
    pub pieces: BTreeMap<i64, Vec<u32>>,
    /// The write.
    pub write: EntryWrite,
}

/// A part that is in the CRM already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The entry.
    pub entry_id: i64,
    /// The part.
    pub part: u32,
    /// Its record.
    pub record_id: String,
    /// A digest of what the record says.
    pub hash: String,
}

/// An entry whose every part says what it should at this revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    /// The entry.
    pub entry_id: i64,
    /// The revision.
    pub revision: i64,
}

/// An entry that must wait for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The entry.
    pub entry_id: i64,
    /// Why.
    pub reason: HoldReason,
    /// Who can act.
    pub who: Who,
    /// More words.
    pub detail: String,
}

/// Plans one pass.
pub fn plan(input: &Input<'_>) -> Plan {
    let mut pass = Pass::new(input);
    for entry in input.entries {
        pass.entry(entry);
    }
    pass.finish()
}
