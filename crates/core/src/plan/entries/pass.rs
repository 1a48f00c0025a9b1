//! One pass over due entries: what each part of each needs next.

use std::collections::BTreeSet;

use super::{Adoption, Current, EntryState, Hold, Input, PartState, Plan, Write};
use crate::{
    call::{Call, EntryRecord, EntryWrite, KeyedEntry, Sought},
    lane::{HoldReason, Who, retry},
    plan::{
        compose::{self, Composition, Lengths, Scene},
        key,
        ownership::{self, Chain},
    },
    record::{EntryKeying, EntryKind, EntryProfile, RecordRef},
    time::Timestamp,
};

pub(super) struct Pass<'a> {
    input: &'a Input<'a>,
    plan: Plan,
    creates: Vec<Write>,
    changes: Vec<Write>,
    verify: Vec<KeyedEntry>,
    /// What has to be read before it can be changed, in the order of what is due.
    reread: Vec<(EntryKind, String)>,
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
    pub(super) fn new(input: &'a Input<'a>) -> Self {
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

    pub(super) fn entry(&mut self, entry: &'a EntryState) {
        let Some(who) = &entry.who else { return };
        let conversation = entry.surroundings.conversation_id;
        let is_first_attempt = entry.parts.is_empty();
        if is_first_attempt && self.blocked.contains(&conversation) {
            return;
        }
        let Some(profile) = self.input.org.entries.get(&entry.kind) else {
            let detail = format!("{} takes no {}s from us", self.input.org.org_name, entry.kind.module());
            let (reason, who) = (HoldReason::NoPermission, Who::CrmAdmin);
            return self.plan.holds.push(Hold { entry_id: entry.id, reason, who, detail });
        };
        let composition = self.compose(entry, profile);
        let needs: Vec<Need> = composition.parts.iter().map(|part| self.need(entry, who, part)).collect();
        let is_current = needs.iter().all(|need| matches!(need, Need::Nothing));
        let mut hold = None;
        let mut wait = None;
        let mut looked = Vec::new();
        for (part, need) in composition.parts.iter().zip(needs) {
            match need {
                Need::Nothing | Need::Ask => {}
                // Parts are made in order: none while one before it may or may not be there.
                Need::Create if wait.is_some() => {}
                Need::Create => self.creates.push(self.write(entry, who, part, &composition, None, None)),
                Need::Change(id, since) => {
                    self.changes.push(self.write(entry, who, part, &composition, Some(id), since));
                }
                Need::Wait(until) => {
                    wait = Some(wait.map_or(until, |other: Timestamp| other.min(until)));
                    looked.push(part.part);
                }
                Need::Hold(reason, who, detail) => {
                    hold = hold.or(Some(Hold { entry_id: entry.id, reason, who, detail }));
                }
                Need::Adopt(record) => self.plan.adoptions.push(Adoption {
                    entry_id: entry.id,
                    part: part.part,
                    hash: compose::fingerprint(&record.subject, &record.body),
                    record_id: record.id,
                }),
            }
        }
        if is_current {
            self.plan.current.push(Current { entry_id: entry.id, revision: entry.wanted });
        }
        // What waits for somebody blocks nobody; what waits for a lost answer blocks what comes behind.
        match (hold, wait) {
            (Some(hold), _) => self.plan.holds.push(hold),
            (None, Some(until)) => {
                self.plan.waits.push((entry.id, until, looked));
                if entry.written == 0 {
                    self.blocked.insert(conversation);
                }
            }
            (None, None) => {}
        }
    }

    fn compose(&self, entry: &EntryState, profile: &EntryProfile) -> Composition {
        let around = &entry.surroundings;
        let scene = Scene {
            channel: &around.channel,
            account: &around.account,
            person: &around.person,
            customer: &around.customer,
            agent: around.agent.as_deref(),
            conversation: &around.conversation,
            chat_url: &around.chat_url,
            title: &self.input.settings.title_template,
            key: matches!(profile.keying, Some(EntryKeying::Text)).then_some(entry.key.as_str()),
            zone: self.input.zone,
        };
        let lengths =
            Lengths { subject: profile.subject_length as usize, body: profile.body_length as usize };
        compose::compose(&scene, &entry.lines, entry.is_grouped, lengths)
    }

    fn need(&mut self, entry: &EntryState, who: &RecordRef, part: &compose::PartText) -> Need {
        let state = entry.parts.get(&part.part).cloned().unwrap_or_default();
        match (&state.record_id, state.unknown_since) {
            (Some(_), None) if state.written_hash.as_ref() == Some(&part.hash) => Need::Nothing,
            (Some(id), _) => self.need_change((entry.kind, id), &state, &part.hash),
            (None, None) => self.settles_at(&state).map_or(Need::Create, Need::Wait),
            (None, Some(since)) => self.need_after_unknown(entry, who, part, since, &state),
        }
    }

    /// What people may have edited is read again first. A change whose answer was lost may have come true.
    fn need_change(&mut self, (kind, id): (EntryKind, &str), state: &PartState, wanted: &str) -> Need {
        match self.input.known.records.get(id) {
            None => {
                self.reread.push((kind, id.to_owned()));
                Need::Ask
            }
            Some(found) => match found {
                Some(record) if !record.is_deleted => {
                    let there = compose::fingerprint(&record.subject, &record.body);
                    // Without a digest of ours, somebody has asked for it to be written over.
                    let is_ours = state.written_hash.as_ref().is_none_or(|ours| *ours == there);
                    if there == wanted {
                        Need::Adopt(record.clone())
                    } else if is_ours && let Some(until) = self.settles_at(state) {
                        Need::Wait(until)
                    } else if is_ours || state.unknown_since.is_some() {
                        Need::Change(id.to_owned(), Some(record.modified_at))
                    } else {
                        Need::Hold(HoldReason::EditedInCrm, Who::Agent, format!("record {id} was edited"))
                    }
                }
                _ => Need::Hold(HoldReason::DeletedInCrm, Who::Agent, format!("record {id} was deleted")),
            },
        }
    }

    /// Until when an attempt at an earlier revision may still come true. A newer one must not be written before: the old
    /// one would stand over it.
    fn settles_at(&self, state: &PartState) -> Option<Timestamp> {
        let lost_at = state.lost_at.filter(|lost_at| self.input.now.since(*lost_at) < self.input.settled);
        lost_at.map(|lost_at| lost_at.plus(self.input.settled))
    }

    /// The answer to a creation was lost. With an external key, writing the same again changes nothing; otherwise look
    /// first, and believe "not there" only when the request can no longer come true.
    fn need_after_unknown(
        &mut self,
        entry: &EntryState,
        who: &RecordRef,
        part: &compose::PartText,
        since: Timestamp,
        state: &PartState,
    ) -> Need {
        let has_key = matches!(self.input.org.keying(entry.kind), Some(EntryKeying::External(_)));
        if has_key && since >= self.input.described_at && self.settles_at(state).is_none() {
            return Need::Create;
        }
        let part_key = key::part_key(&entry.key, part.part);
        match self.input.known.keyed.get(&part_key) {
            None => {
                let mut on = state.attempted_on.clone();
                on.extend((!on.contains(who)).then(|| who.clone()));
                let since = state.first_sent_at.unwrap_or_default();
                self.verify.push(KeyedEntry { kind: entry.kind, key: part_key, on, since });
                Need::Ask
            }
            Some(Some(Sought::Found(record))) => Need::Adopt(record.clone()),
            Some(Some(Sought::Unsure(why))) => {
                let detail = format!("it may be in the CRM already, as an answer was lost, and {why}");
                Need::Hold(HoldReason::Unexpected, Who::Operator, detail)
            }
            Some(None) if self.input.now.since(since) >= self.input.settled => Need::Create,
            Some(None) => {
                let settled = since.plus(self.input.settled);
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
                kind: entry.kind,
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

    pub(super) fn finish(mut self) -> Plan {
        if !self.creates.is_empty() && self.input.known.users.is_none() {
            self.plan.asks.push(Call::Users { emails: self.emails(), ids: self.ids(), page: None });
        }
        let most = self.input.reads_per_call.max(1);
        for keys in self.verify.chunk_by(|a, b| a.kind == b.kind).flat_map(|keys| keys.chunks(most)) {
            self.plan.asks.push(Call::VerifyEntries { keyed: keys.to_vec(), page: None });
        }
        if self.creates.is_empty() && self.changes.is_empty() {
            self.plan.asks.extend(self.readings(most));
        }
        // Creations first: they are what people wait for. Changes go in a request of their own.
        let mut writes = if self.creates.is_empty() { self.changes } else { self.creates };
        // What is of another kind follows in the next round, with all that stands behind it: nothing overtakes.
        let kind = writes.first().map(|write| write.write.kind);
        writes.truncate(writes.iter().take_while(|write| Some(write.write.kind) == kind).count());
        writes.truncate(self.input.entries_per_call.max(1));
        if self.plan.asks.is_empty() {
            self.plan.writes = writes;
        }
        self.plan
    }

    /// Readings of as much as one request then changes. Another process may change what is read, and what is not changed at
    /// once would have to be read again.
    fn readings(&self, most: usize) -> Vec<Call> {
        let Some((kind, _)) = self.reread.first() else { return Vec::new() };
        let of_kind = self.reread.iter().filter(|(other, _)| other == kind).map(|(_, id)| id.clone());
        let ids: Vec<String> = of_kind.take(self.input.entries_per_call.max(1)).collect();
        ids.chunks(most).map(|ids| Call::ReadEntries { kind: *kind, ids: ids.to_vec() }).collect()
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
