//! A CRM of plain values, and a lane that carries out plans against it the way the server does.

use std::collections::{BTreeMap, BTreeSet};

use super::super::kit::{at, email, org, phone, record, user};
use crate::{
    address::Address,
    call::{Call, PeopleQuery, PersonWrite},
    lane::retry,
    plan::{
        people::{Ask, Conversation, Input, Known, PersonState, Plan, Write, Written, plan},
        settings::ChatSync,
    },
    record::{CrmUser, OrgProfile, PersonField, PersonRecord, RecordRef},
    time::Timestamp,
};

pub const NUMBER: &str = "+14155552671";

pub fn now() -> Timestamp {
    at("2026-01-02T12:00:00Z")
}

/// A person with one number, of the conversation with the same id.
pub fn person(contact_id: i64, number: &str) -> PersonState {
    PersonState {
        contact_id,
        addresses: vec![phone(number)],
        name: Some("Anna Nowak".into()),
        link: None,
        must_follow: false,
        may_be_converted: false,
        written: Written::default(),
        unknown_since: None,
        looks: 0,
        suspects: Vec::new(),
        allow_duplicate: false,
        conversation: Conversation {
            id: contact_id,
            channel: "WhatsApp".into(),
            chat_url: format!("https://inbox.example/c/{contact_id}"),
            assignee_email: Some("olga@acme.example".into()),
            account_owner_email: None,
        },
    }
}

pub fn linked(person: PersonState, to: RecordRef) -> PersonState {
    PersonState { link: Some(to), ..person }
}

pub fn with_email(mut person: PersonState, address: &str) -> PersonState {
    person.addresses.push(email(address));
    person
}

/// Everything that a pass depends on, and the CRM that answers it.
pub struct World {
    pub now: Timestamp,
    pub settings: ChatSync,
    pub org: OrgProfile,
    pub people: Vec<PersonState>,
    pub known: Known,
    pub crm: BTreeMap<RecordRef, PersonRecord>,
    pub users: Vec<CrmUser>,
    pub finds_per_call: usize,
    /// Writes that were carried out.
    pub written: Vec<PersonWrite>,
}

impl World {
    pub fn of(people: Vec<PersonState>, records: Vec<PersonRecord>) -> Self {
        Self {
            now: now(),
            settings: ChatSync::default(),
            org: org(),
            people,
            known: Known::default(),
            crm: records.into_iter().map(|person| (person.record.clone(), person)).collect(),
            users: vec![user("admin", "admin@acme.example"), user("olga", "olga@acme.example")],
            finds_per_call: 100,
            written: Vec::new(),
        }
    }

    /// What is planned now. Planning twice with the same input yields the same.
    pub fn plan(&self) -> Plan {
        let input = Input {
            now: self.now,
            settled: retry::SETTLED,
            region: "US".parse().ok(),
            settings: &self.settings,
            org: &self.org,
            finds_per_call: self.finds_per_call,
            people: &self.people,
            known: &self.known,
        };
        let planned = plan(&input);
        assert_eq!(plan(&input), planned, "the same input gives the same plan");
        let asked: BTreeSet<i64> = planned.asks.iter().flat_map(|ask| ask.contacts.iter().copied()).collect();
        assert!(
            planned.writes.iter().all(|write| !asked.contains(&write.contact_id)),
            "asks come before writes"
        );
        planned
    }

    /// Answers questions until none is left, and returns what is planned then.
    pub fn answered(&mut self) -> Plan {
        for _ in 0..10 {
            let plan = self.plan();
            if plan.asks.is_empty() {
                return plan;
            }
            self.answer(&plan.asks);
        }
        panic!("it asks for ever: {:?}", self.plan().asks);
    }

    /// The one write that is planned when everything is answered.
    pub fn one_write(&mut self) -> Write {
        let plan = self.answered();
        let [write] = plan.writes.as_slice() else { panic!("one write: {plan:?}") };
        write.clone()
    }

    /// Plans and carries out until nothing is left to do at this instant.
    pub fn settle(&mut self) {
        for _ in 0..20 {
            let plan = self.plan();
            if plan == Plan::default() {
                return;
            }
            self.answer(&plan.asks);
            self.carry_out(&plan);
        }
        panic!("it never ends: {:?}", self.plan());
    }

    /// A later pass: what the last one learned is forgotten.
    pub fn later(&mut self, seconds: u64) {
        self.now = self.now.plus(std::time::Duration::from_secs(seconds));
        self.known = Known::default();
    }

    pub fn state(&mut self, contact_id: i64) -> &mut PersonState {
        self.people.iter_mut().find(|person| person.contact_id == contact_id).expect("the person")
    }

    pub fn answer(&mut self, asks: &[Ask]) {
        for ask in asks {
            match &ask.call {
                Call::Users { emails, ids, .. } => {
                    let asked = |user: &&CrmUser| ids.contains(&user.id) || emails.contains(&user.email);
                    self.known.users = Some(self.users.iter().filter(asked).cloned().collect());
                }
                Call::ReadPeople { records, .. } => {
                    self.known.read.extend(records.iter().cloned());
                    let found = records.iter().filter_map(|record| self.crm.get_key_value(record));
                    self.known.people.extend(found.map(|(key, value)| (key.clone(), value.clone())));
                }
                Call::FindPeople(query) => {
                    let found =
                        self.crm.values().filter(|person| !person.is_deleted && is_near(person, query));
                    self.known.people.extend(found.map(|person| (person.record.clone(), person.clone())));
                    self.known.searched.extend(&ask.contacts);
                }
                other => panic!("not a question of this planner: {other:?}"),
            }
        }
    }

    fn carry_out(&mut self, plan: &Plan) {
        for (contact_id, _) in &plan.unlinks {
            let state = self.state(*contact_id);
            (state.link, state.must_follow, state.written) = (None, false, Written::default());
        }
        for link in &plan.links {
            let state = self.state(link.contact_id);
            (state.link, state.must_follow) = (Some(link.record.clone()), false);
            state.written.reopen_to.clone_from(&link.reopen_to);
        }
        let waiting = plan.holds.iter().map(|hold| hold.contact_id);
        self.known.done.extend(waiting);
        let now = self.now;
        self.known.done.extend(plan.waits.iter().filter(|wait| wait.1 > now).map(|wait| wait.0));
        for write in &plan.writes {
            self.write(write);
        }
    }

    fn write(&mut self, write: &Write) {
        let id = write.write.id.clone().unwrap_or_else(|| format!("new{}", self.written.len()));
        let key = record(write.write.module, &id);
        if write.write.id.is_none() {
            self.crm
                .insert(key.clone(), PersonRecord { record: key.clone(), ..super::super::kit::contact(&id) });
            self.known.searched.retain(|id| *id == write.contact_id);
        }
        if let Some(stored) = self.crm.get_mut(&key) {
            for (field, value) in &write.write.fields {
                put(stored, field, value);
            }
        }
        if !write.write.fields.is_empty() {
            self.written.push(write.write.clone());
        }
        let state = self.state(write.contact_id);
        state.link = Some(key);
        state.written = write.written.clone();
        state.unknown_since = None;
    }
}

/// A search over-matches: four digits in common are enough for it.
fn is_near(person: &PersonRecord, query: &PeopleQuery) -> bool {
    let tail = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(4)..].to_owned()
    };
    let by_phone = person.phones.iter().any(|(_, stored)| {
        query.phones.iter().any(|ours| {
            ours.e164.as_deref().is_some_and(|e164| tail(e164) == tail(stored)) || !stored.is_ascii()
        })
    });
    by_phone || person.emails.iter().any(|stored| query.emails.contains(&stored.to_lowercase()))
}

fn put(stored: &mut PersonRecord, field: &PersonField, value: &str) {
    match field {
        PersonField::Phone => stored.phones.push(("Phone".into(), value.into())),
        PersonField::Email => stored.emails.push(value.into()),
        PersonField::Owner => stored.owner_id = value.into(),
        PersonField::Status => stored.status = Some(value.into()),
        PersonField::Description => stored.description = Some(value.into()),
        PersonField::Custom(name) => {
            stored.extra.insert(name.clone(), value.into());
        }
        PersonField::FirstName => stored.first_name = value.into(),
        PersonField::LastName => stored.last_name = value.into(),
        PersonField::Company | PersonField::Account | PersonField::LeadSource => {}
    }
}

/// A person without any address by which a CRM could know them.
pub fn nameless_handle(contact_id: i64) -> PersonState {
    PersonState { addresses: vec![Address::handle("whatsapp", "US.1")], ..person(contact_id, NUMBER) }
}
