//! What is to be done about people before their entries can be written: find, follow, make, reopen, and put the
//! chat link on the record. Decided for a whole batch, so that people are searched and made together.
//!
//! `pass` decides; `follow` goes where a record went, `search` asks and sorts what came back, `fields` fills a new
//! record, `names` says what it is called, `chat_link` finds the place for the link; `trial` makes the record that tries out settings.

mod chat_link;
mod fields;
mod follow;
mod names;
mod pass;
mod search;
mod trial;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use self::pass::Pass;
pub use self::{search::phones, trial::Trial};
use crate::{
    address::{Address, phone::Region},
    call::{Call, PersonWrite},
    lane::{HoldReason, Who},
    plan::{matching::Trace, settings::ChatSync},
    record::{CrmUser, OrgProfile, PersonFields, PersonRecord, RecordRef},
    time::Timestamp,
};

/// One person of the batch, as the store holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonState {
    /// The contact.
    pub contact_id: i64,
    /// Every address, newest first.
    pub addresses: Vec<Address>,
    /// The profile name.
    pub name: Option<String>,
    /// The stored link, if there is one (R2.49).
    pub link: Option<RecordRef>,
    /// The linked record was refused as moved or gone: read it and follow.
    pub must_follow: bool,
    /// The linked record may have been converted, and the CRM would not say so as it is written on: read it first.
    pub may_be_converted: bool,
    /// What we wrote on the record.
    pub written: Written,
    /// A creation of ours whose answer was lost: since when.
    pub unknown_since: Option<Timestamp>,
    /// How often we have looked for it since.
    pub looks: u32,
    /// Records that the CRM's duplicate rule named; candidates of the next search.
    pub suspects: Vec<RecordRef>,
    /// The CRM's duplicate rule warned, and none of its suspects is the person.
    pub allow_duplicate: bool,
    /// The conversation that asks for the person now.
    pub conversation: Conversation,
}

/// What a person's planning needs to know of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: i64,
    /// What people call the channel.
    pub channel: String,
    /// Where it is read.
    pub chat_url: String,
    /// E-mail of the assignee.
    pub assignee_email: Option<String>,
    /// E-mail of the channel account's owner.
    pub account_owner_email: Option<String>,
}

/// What we wrote on a person's record, so that it is written once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    /// We made the record.
    pub is_ours: bool,
    /// Conversations whose chat link stands on the record (R2.46).
    pub chat_links: BTreeSet<i64>,
    /// The stage to which a closed lead is still to be reopened.
    pub reopen_to: Option<String>,
    /// The name that we gave the record; empty when it is not ours to follow.
    pub name: PersonFields,
}

/// What this pass has learned from the CRM so far.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// People for whom a search has been made in this pass.
    pub searched: BTreeSet<i64>,
    /// What searches and reads brought, by record.
    pub people: BTreeMap<RecordRef, PersonRecord>,
    /// Records that were asked for by id, whether they exist or not.
    pub read: BTreeSet<RecordRef>,
    /// Users that the chains may lead to; `None` until asked.
    pub users: Option<Vec<CrmUser>>,
    /// People who were written in this pass and must not be planned again in it.
    pub done: BTreeSet<i64>,
}

/// What a pass over people depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The instant of the decision.
    pub now: Timestamp,
    /// How long after its request something that is not there may still appear: [`retry::SETTLED`](crate::lane::retry::SETTLED).
    pub settled: Duration,
    /// The workspace's region for numbers without a country.
    pub region: Option<Region>,
    /// The choices.
    pub settings: &'a ChatSync,
    /// The org.
    pub org: &'a OrgProfile,
    /// Most people in one search.
    pub finds_per_call: usize,
    /// The people.
    pub people: &'a [PersonState],
    /// What this pass has learned.
    pub known: &'a Known,
}

/// What follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Calls whose answers are needed before these people can be decided. If any, nothing else is planned
    /// for the people concerned.
    pub asks: Vec<Ask>,
    /// Links to be stored, with their traces.
    pub links: Vec<Link>,
    /// Records to be made or changed.
    pub writes: Vec<Write>,
    /// People who must wait for somebody.
    pub holds: Vec<Hold>,
    /// People who must wait for time to pass.
    pub waits: Vec<(i64, Timestamp)>,
    /// People whose link led nowhere and is forgotten, with the reason.
    pub unlinks: Vec<(i64, String)>,
}

/// A call, and what its answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The call.
    pub call: Call,
    /// For a search: the people it is made for.
    pub contacts: Vec<i64>,
}

/// A link to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The contact.
    pub contact_id: i64,
    /// The record.
    pub record: RecordRef,
    /// How it came about.
    pub trace: Trace,
    /// The stage to which the closed lead is to be reopened.
    pub reopen_to: Option<String>,
}

/// A record to make or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The contact.
    pub contact_id: i64,
    /// The write.
    pub write: PersonWrite,
    /// For a new record: how it came about.
    pub trace: Option<Trace>,
    /// The values that stood there before, for the journal.
    pub before: PersonFields,
    /// What will have been written once it is done.
    pub written: Written,
}

/// A person who must wait for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The contact.
    pub contact_id: i64,
    /// Why.
    pub reason: HoldReason,
    /// Who can act.
    pub who: Who,
    /// More words.
    pub detail: String,
    /// How the decision came about, if matching was reached.
    pub trace: Option<Trace>,
}

/// The writes of a plan, request by request: at most so many in one, and only what may stand in one together where a CRM's
/// requests do not mix (`mixes`).
pub fn requests(writes: &[Write], most: usize, mixes: bool) -> Vec<Vec<&Write>> {
    let mut groups: Vec<Vec<&Write>> = Vec::new();
    for write in writes {
        let fits = |group: &&mut Vec<&Write>| {
            let goes = group.first().is_none_or(|first| mixes || first.write.goes_with(&write.write));
            goes && group.len() < most.max(1)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(write),
            None => groups.push(vec![write]),
        }
    }
    groups
}

/// Plans one pass. Planning again with nothing new yields the same.
pub fn plan(input: &Input<'_>) -> Plan {
    let mut pass = Pass::new(input);
    for person in input.people.iter().filter(|person| !input.known.done.contains(&person.contact_id)) {
        pass.person(person);
    }
    pass.finish()
}
