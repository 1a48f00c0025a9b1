//! What is to be written about messages: which entries are stale, what they should say, and in which order.
//!
//! An entry has a wanted and a written revision; the lane makes the second equal the first. No entry is first
//! attempted before every earlier entry of its conversation is written, held, or in the same request.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    address::phone::Region,
    call::{Call, EntryRecord, EntryWrite, KeyedEntry},
    lane::{HoldReason, Who, retry},
    plan::{
        compose::{self, Composition, Lengths, Line, Scene},
        key,
        ownership::{self, Chain},
        settings::ChatSync,
    },
    record::{CrmUser, EntryKeying, OrgProfile, RecordRef},
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
}

/// An entry's surroundings as owned text; see [`Scene`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The conversation's id.
    pub conversation_id: i64,
    /// See [`Scene`].
    pub channel: String,
    /// See [`Scene`].
    pub account: String,
    /// See [`Scene`].
    pub person: String,
    /// See [`Scene`].
    pub customer: String,
    /// See [`Scene`].
    pub agent: Option<String>,
    /// See [`Scene`].
    pub conversation: String,
    /// See [`Scene`].
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
    /// Keys that were looked for in this pass, and what was found.
    pub keyed: BTreeMap<String, Option<EntryRecord>>,
    /// Entries that were read again in this pass; `None`: not there.
    pub records: BTreeMap<String, Option<EntryRecord>>,
}

/// What a pass over entries depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The instant of the decision.
    pub now: Timestamp,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// The workspace's region.
    pub region: Option<Region>,
    /// The choices.
    pub settings: &'a ChatSync,
    /// The org.
    pub org: &'a OrgProfile,
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

struct Pass<'a> {
    input: &'a Input<'a>,
    plan: Plan,
    creates: Vec<Write>,
    changes: Vec<Write>,
    verify: Vec<KeyedEntry>,
    reread: Vec<String>,
    blocked: BTreeSet<i64>,
}

/// What one part needs.
enum Need {
    Nothing,
    Create,
    Change(String, Option<Timestamp>),
    Ask,
    Wait(Timestamp),
    Hold(HoldReason, Who, String),
    Adopt(EntryRecord),
}

impl<'a> Pass<'a> {
    fn new(input: &'a Input<'a>) -> Self {
        Self {
            input,
            plan: Plan::default(),
            creates: Vec::new(),
            changes: Vec::new(),
            verify: Vec::new(),
            reread: Vec::new(),
            blocked: BTreeSet::new(),
        }
    }

    fn entry(&mut self, entry: &'a EntryState) {
        let Some(who) = &entry.who else { return };
        let conversation = entry.surroundings.conversation_id;
        let is_first_attempt = entry.parts.is_empty();
        if is_first_attempt && self.blocked.contains(&conversation) {
            return;
        }
        let composition = self.compose(entry);
        let needs: Vec<Need> = composition.parts.iter().map(|part| self.need(entry, who, part)).collect();
        let mut wait = None;
        let mut looked = Vec::new();
        let mut is_current = true;
        for (part, need) in composition.parts.iter().zip(needs) {
            match need {
                Need::Nothing => continue,
                Need::Create => self.creates.push(self.write(entry, who, part, &composition, None, None)),
                Need::Change(id, since) => {
                    self.changes.push(self.write(entry, who, part, &composition, Some(id), since));
                }
                Need::Ask => {}
                Need::Wait(until) => {
                    wait = Some(wait.map_or(until, |other: Timestamp| other.min(until)));
                    looked.push(part.part);
                }
                Need::Hold(reason, who, detail) => {
                    self.plan.holds.push(Hold { entry_id: entry.id, reason, who, detail });
                }
                Need::Adopt(record) => self.plan.adoptions.push(Adoption {
                    entry_id: entry.id,
                    part: part.part,
                    hash: compose::fingerprint(&record.subject, &record.body),
                    record_id: record.id,
                }),
            }
            is_current = false;
        }
        if let Some(until) = wait {
            self.plan.waits.push((entry.id, until, looked));
        }
        if is_current {
            self.plan.current.push(Current { entry_id: entry.id, revision: entry.wanted });
        } else if entry.written == 0 && wait.is_some() {
            self.blocked.insert(conversation);
        }
    }

    fn compose(&self, entry: &EntryState) -> Composition {
        let around = &entry.surroundings;
        let scene = Scene {
            channel: &around.channel,
            account: &around.account,
            person: &around.person,
            customer: &around.customer,
            agent: around.agent.as_deref(),
            conversation: &around.conversation,
            chat_url: &around.chat_url,
            zone: self.input.zone,
        };
        let lengths = Lengths {
            subject: self.input.org.subject_length as usize,
            body: self.input.org.body_length as usize,
        };
        compose::compose(&scene, &entry.lines, entry.is_grouped, lengths)
    }

    fn need(&mut self, entry: &EntryState, who: &RecordRef, part: &compose::PartText) -> Need {
        let state = entry.parts.get(&part.part).cloned().unwrap_or_default();
        match (&state.record_id, state.unknown_since) {
            (Some(id), _) if state.written_hash.as_ref() == Some(&part.hash) && !id.is_empty() => {
                Need::Nothing
            }
            (Some(id), _) => self.need_change(id, &state),
            (None, None) => Need::Create,
            (None, Some(since)) => self.need_after_unknown(entry, who, part, since, &state),
        }
    }

    /// What people may have edited is read again first.
    fn need_change(&mut self, id: &str, state: &PartState) -> Need {
        match self.input.known.records.get(id) {
            None => {
                self.reread.push(id.to_owned());
                Need::Ask
            }
            Some(found) => match found {
                Some(record) if !record.is_deleted => {
                    // Without a digest of ours, somebody has asked for it to be written over.
                    let is_ours = state
                        .written_hash
                        .as_ref()
                        .is_none_or(|ours| *ours == compose::fingerprint(&record.subject, &record.body));
                    if is_ours || state.unknown_since.is_some() {
                        Need::Change(id.to_owned(), Some(record.modified_at))
                    } else {
                        Need::Hold(HoldReason::EditedInCrm, Who::Agent, format!("record {id} was edited"))
                    }
                }
                _ => Need::Hold(HoldReason::DeletedInCrm, Who::Agent, format!("record {id} was deleted")),
            },
        }
    }

    /// The answer to a creation was lost. With an external key, writing again changes nothing; with a token, look
    /// first, and believe "not there" only when the request can no longer come true.
    fn need_after_unknown(
        &mut self,
        entry: &EntryState,
        who: &RecordRef,
        part: &compose::PartText,
        since: Timestamp,
        state: &PartState,
    ) -> Need {
        if matches!(self.input.org.keying, Some(EntryKeying::External(_))) {
            return Need::Create;
        }
        let part_key = key::part_key(&entry.key, part.part);
        match self.input.known.keyed.get(&part_key) {
            None => {
                self.verify.push(KeyedEntry { key: part_key, who: who.clone() });
                Need::Ask
            }
            Some(Some(record)) => Need::Adopt(record.clone()),
            Some(None) if self.input.now.since(since) >= retry::SETTLED => Need::Create,
            Some(None) => {
                let settled = since.plus(retry::SETTLED);
                Need::Wait(
                    self.input.now.plus(retry::settling(state.looks + 1)).min(settled.max(self.input.now)),
                )
            }
        }
    }

    fn write(
        &self,
        entry: &EntryState,
        who: &RecordRef,
        part: &compose::PartText,
        composition: &Composition,
        id: Option<String>,
        unmodified_since: Option<Timestamp>,
    ) -> Write {
        let around = &entry.surroundings;
        let chain = Chain {
            assignee_email: around.assignee_email.as_deref(),
            account_owner_email: around.account_owner_email.as_deref(),
            default_owner_id: self.input.settings.default_owner.as_deref(),
            acting_user_id: &self.input.org.acting_user.id,
        };
        let users = self.input.known.users.as_deref().unwrap_or_default();
        // An entry keeps the owner that it was given; people may have reassigned it.
        let owner_id =
            if id.is_none() { ownership::owner(&chain, users).map(|owner| owner.user_id) } else { None };
        Write {
            entry_id: entry.id,
            revision: entry.wanted,
            part: part.part,
            parts: u32::try_from(composition.parts.len()).unwrap_or(u32::MAX),
            hash: part.hash.clone(),
            pieces: composition.pieces.clone(),
            write: EntryWrite {
                key: key::part_key(&entry.key, part.part),
                id,
                who: who.clone(),
                owner_id,
                subject: part.subject.clone(),
                body: part.body.clone(),
                date: part.date.clone(),
                starts_at: part.starts_at,
                ends_at: part.ends_at,
                direction: part.direction,
                unmodified_since,
            },
        }
    }

    fn finish(mut self) -> Plan {
        if !self.creates.is_empty() && self.input.known.users.is_none() {
            self.plan.asks.push(Call::Users { emails: self.emails(), ids: self.ids() });
        }
        for keys in self.verify.chunks(self.input.reads_per_call.max(1)) {
            self.plan.asks.push(Call::VerifyEntries(keys.to_vec()));
        }
        for ids in self.reread.chunks(self.input.reads_per_call.max(1)) {
            self.plan.asks.push(Call::ReadEntries { ids: ids.to_vec() });
        }
        // Creations first: they are what people wait for. Changes go in a request of their own.
        let mut writes = if self.creates.is_empty() { self.changes } else { self.creates };
        writes.truncate(self.input.entries_per_call);
        if self.plan.asks.is_empty() {
            self.plan.writes = writes;
        }
        self.plan
    }

    fn emails(&self) -> Vec<String> {
        let all = self.input.entries.iter().flat_map(|entry| {
            [&entry.surroundings.assignee_email, &entry.surroundings.account_owner_email]
                .into_iter()
                .flatten()
        });
        all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn ids(&self) -> Vec<String> {
        let ids = self.input.settings.default_owner.iter().chain([&self.input.org.acting_user.id]);
        ids.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }
}
