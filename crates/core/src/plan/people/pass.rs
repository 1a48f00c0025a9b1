//! One pass over the people of a batch: what each of them needs next.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{
    Ask, Hold, Input, Link, PersonState, Plan, Write, Written, chat_link, fields,
    follow::{self, Whereto},
    names,
    search::{self, Index},
};
use crate::{
    address::phone,
    call::{Call, PersonWrite},
    lane::{HoldReason, Who, retry},
    plan::{
        matching::{self, Decision, Question, Trace},
        ownership::{self, Chain},
        settings::ChatSync,
        wording,
    },
    record::{CrmUser, Module, PersonField, PersonFields, PersonRecord, RecordRef},
    time::Timestamp,
};

/// After this long another pass begins, which reads anew.
const NEXT_PASS: Duration = Duration::from_secs(1);

pub(super) struct Pass<'a> {
    input: &'a Input<'a>,
    index: Index<'a>,
    plan: Plan,
    search: Vec<&'a PersonState>,
    read: BTreeSet<RecordRef>,
    needs_users: bool,
    /// By what the people are known for whom a record is being made, or may have been: the number of the first of them, and
    /// until when the others wait for it.
    made: HashMap<String, (usize, Timestamp)>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        Self {
            input,
            index: Index::of(&input.known.people),
            plan: Plan::default(),
            search: Vec::new(),
            read: BTreeSet::new(),
            needs_users: false,
            made: HashMap::new(),
        }
    }

    pub(super) fn person(&mut self, person: &'a PersonState) {
        match &person.link {
            Some(record) => self.complete(person, record),
            None => self.search_and_match(person),
        }
    }

    /// The person is linked: does the record still stand, and is everything on it that should be?
    fn complete(&mut self, person: &'a PersonState, record: &RecordRef) {
        let needs_link = chat_link::is_wanted(person, self.input.settings);
        let needs_name = names::wanted(person, &person.written, record.module, self.input).is_some();
        let is_complete =
            !person.must_follow && !needs_link && !needs_name && person.written.reopen_to.is_none();
        if is_complete && !person.may_be_converted {
            return;
        }
        match follow::whereto(record, self.input.known) {
            Whereto::Unread(record) => {
                self.read.insert(record);
            }
            Whereto::Gone(why) => self.plan.unlinks.push((person.contact_id, why)),
            Whereto::Moved(found, why) => self.move_to(person, found, why),
            Whereto::Stay(_) if person.must_follow => {
                let why = vec!["the record is there after all".into()];
                self.relink(person, record, why, person.written.reopen_to.clone());
            }
            Whereto::Stay(_) if is_complete => {}
            Whereto::Stay(found) => self.change(person, found, person.written.clone()),
        }
    }

    /// The linked record became another: that one takes the chat link too, and is never reopened.
    fn move_to(&mut self, person: &'a PersonState, found: &PersonRecord, why: Vec<String>) {
        if self.is_changed_already(person, &found.record) {
            return;
        }
        self.relink(person, &found.record, why, None);
        self.change(person, found, Written::default());
    }

    fn relink(
        &mut self,
        person: &PersonState,
        record: &RecordRef,
        rules: Vec<String>,
        reopen_to: Option<String>,
    ) {
        let trace = Trace { rules, winner: Some(record.clone()), ..Trace::default() };
        let link = Link { contact_id: person.contact_id, record: record.clone(), trace, reopen_to };
        self.plan.links.push(link);
    }

    /// Puts on the record what is not there yet, given what is known to have been written on it. A write without
    /// fields says that there is nothing left to write.
    fn change(&mut self, person: &'a PersonState, found: &PersonRecord, mut written: Written) {
        if self.is_changed_already(person, &found.record) {
            return;
        }
        let (mut fields, mut before) = (PersonFields::new(), PersonFields::new());
        if let Some(status) = written.reopen_to.take()
            && found.status.as_deref() != Some(status.as_str())
        {
            before.insert(PersonField::Status, found.status.clone().unwrap_or_default());
            fields.insert(PersonField::Status, status);
        }
        if let Some(name) = names::wanted(person, &written, found.record.module, self.input) {
            // Whoever called the record otherwise has the last word.
            if names::is_ours(found, &written, &name) {
                before.extend(std::mem::take(&mut written.name));
                fields.extend(name.clone());
                written.name = name;
            } else {
                written.name.clear();
            }
        }
        if chat_link::is_missing(person, &written, self.input.settings) {
            written.chat_links.insert(person.conversation.id);
            if let Some((field, value, was)) = chat_link::place(person, found, self.input) {
                before.insert(field.clone(), was);
                fields.insert(field, value);
            }
        }
        let write = PersonWrite {
            id: Some(found.record.id.clone()),
            module: found.record.module,
            fields,
            allow_duplicate: true,
            unmodified_since: None,
        };
        self.plan.writes.push(Write { contact_id: person.contact_id, write, trace: None, before, written });
    }

    /// Two people on one record: the second change would not know of the first, so it waits for the next pass.
    fn is_changed_already(&mut self, person: &PersonState, record: &RecordRef) -> bool {
        let is_same = |write: &Write| {
            write.write.id.as_ref() == Some(&record.id) && write.write.module == record.module
        };
        let is_changed = self.plan.writes.iter().any(is_same);
        if is_changed {
            self.plan.waits.push((person.contact_id, self.input.now.plus(NEXT_PASS)));
        }
        is_changed
    }

    fn search_and_match(&mut self, person: &'a PersonState) {
        let (phones, emails) = (search::phones(person), search::emails(person));
        if !phones.iter().any(phone::linkable) && emails.is_empty() {
            let detail = if phones.is_empty() { "" } else { "a toll-free or too short number names nobody" };
            return self.hold(person, HoldReason::NoAddress, Who::Agent, detail.into(), None);
        }
        self.needs_users |= self.input.known.users.is_none();
        if !self.input.known.searched.contains(&person.contact_id) {
            self.search.push(person);
            return;
        }
        let Some(users) = &self.input.known.users else { return };
        let asked = &self.input.known.read;
        let unread: Vec<_> =
            person.suspects.iter().filter(|suspect| !asked.contains(suspect)).cloned().collect();
        if !unread.is_empty() {
            return self.read.extend(unread);
        }
        let chain = self.chain(person);
        let owner_id = ownership::corresponding_user(&chain, users).map(|owner| owner.user_id);
        let candidates = self.index.near(&phones, &emails, self.input);
        let question = Question {
            phones: &phones,
            emails: &emails,
            name: person.name.as_deref(),
            owner_id: owner_id.as_deref(),
            candidates: &candidates,
            asked,
            org: self.input.org,
            settings: self.input.settings,
            region: self.input.region,
        };
        match matching::decide(&question) {
            (Decision::Read(records), _) => self.read.extend(records),
            (Decision::Use { record, reopen_to }, trace) => {
                self.plan.links.push(Link { contact_id: person.contact_id, record, trace, reopen_to });
            }
            (Decision::Create(module), trace) => self.create(person, module, users, trace),
            (Decision::Hold(reason), trace) => {
                let (who, detail) = match reason {
                    HoldReason::NoRecord => (Who::CrmUser, String::new()),
                    HoldReason::NoPermission => {
                        (Who::CrmAdmin, trace.rules.last().cloned().unwrap_or_default())
                    }
                    _ => (Who::Agent, String::new()),
                };
                self.hold(person, reason, who, detail, Some(trace));
            }
        }
    }

    /// Makes a record, unless an earlier attempt may still come true.
    fn create(&mut self, person: &'a PersonState, module: Module, users: &[CrmUser], mut trace: Trace) {
        let now = self.input.now;
        if person.unknown_since.is_some_and(|since| now.since(since) < self.input.settled) {
            let until = now.plus(retry::settling(person.looks + 1));
            self.note_made(person, until);
            return self.plan.waits.push((person.contact_id, until));
        }
        if let Some(until) = self.shares_address_with_a_creation(person) {
            // The next search finds what this one makes.
            return self.plan.waits.push((person.contact_id, until));
        }
        let owner = ownership::owner(&self.chain(person), users);
        let mut new = fields::new_person(person, module, self.input);
        match owner {
            _ if self.input.settings.use_assignment_rules => {
                trace.rules.push("the CRM's assignment rules choose the owner".into());
            }
            Some(owner) => {
                let name = users.iter().find(|user| user.id == owner.user_id).map_or("", |user| &user.name);
                trace.rules.push(wording::owner(&owner, name));
                new.fields.insert(PersonField::Owner, owner.user_id);
            }
            None => {
                let detail = "not even the connecting user is active".to_owned();
                return self.hold(person, HoldReason::NoOwner, Who::WorkspaceAdmin, detail, Some(trace));
            }
        }
        trace.rules.append(&mut new.notes);
        let missing = fields::missing(&new.fields, module, self.input.org);
        if !missing.is_empty() {
            let detail = format!("{} demands {}", wording::module(&module), missing.join(", "));
            return self.hold(person, HoldReason::RequiredField, Who::WorkspaceAdmin, detail, Some(trace));
        }
        let mut written = Written { is_ours: true, name: new.name, ..Written::default() };
        written.chat_links.insert(person.conversation.id);
        let write = PersonWrite {
            id: None,
            module,
            fields: new.fields,
            allow_duplicate: person.allow_duplicate,
            unmodified_since: None,
        };
        self.note_made(person, now);
        let before = PersonFields::new();
        let (contact_id, trace) = (person.contact_id, Some(trace));
        self.plan.writes.push(Write { contact_id, write, trace, before, written });
    }

    /// People are created once per batch, grouped by connected addresses: until when this one waits for another.
    fn shares_address_with_a_creation(&self, person: &PersonState) -> Option<Timestamp> {
        let mine = search::identities(person);
        let shared = mine.iter().filter_map(|key| self.made.get(key));
        shared.min_by_key(|(number, _)| *number).map(|(_, until)| *until)
    }

    fn note_made(&mut self, person: &PersonState, until: Timestamp) {
        let number = self.made.len();
        for key in search::identities(person) {
            self.made.entry(key).or_insert((number, until));
        }
    }

    fn hold(
        &mut self,
        person: &PersonState,
        reason: HoldReason,
        who: Who,
        detail: String,
        trace: Option<Trace>,
    ) {
        self.plan.holds.push(Hold { contact_id: person.contact_id, reason, who, detail, trace });
    }

    fn chain(&self, person: &'a PersonState) -> Chain<'a> {
        chain(person, self.input.settings, &self.input.org.acting_user.id)
    }

    pub(super) fn finish(mut self) -> Plan {
        if self.needs_users {
            let call =
                Call::Users { emails: chain_emails(self.input), ids: chain_ids(self.input), page: None };
            self.plan.asks.push(Ask { call, contacts: Vec::new() });
        }
        if !self.read.is_empty() {
            let settings = self.input.settings;
            let extra = settings.link_field.iter().chain(&settings.name_field).cloned().collect();
            let records = std::mem::take(&mut self.read).into_iter().collect();
            self.plan.asks.push(Ask { call: Call::ReadPeople { records, extra }, contacts: Vec::new() });
        }
        for people in self.search.chunks(self.input.finds_per_call.max(1)) {
            self.plan.asks.push(search::ask(people, self.input.settings));
        }
        self.plan
    }
}

fn chain<'a>(person: &'a PersonState, settings: &'a ChatSync, acting: &'a str) -> Chain<'a> {
    Chain {
        assignee_email: person.conversation.assignee_email.as_deref(),
        account_owner_email: person.conversation.account_owner_email.as_deref(),
        default_owner_id: settings.default_owner.as_deref(),
        acting_user_id: acting,
    }
}

fn chain_emails(input: &Input<'_>) -> Vec<String> {
    let emails = input.people.iter().flat_map(|person| {
        [&person.conversation.assignee_email, &person.conversation.account_owner_email].into_iter().flatten()
    });
    emails.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

fn chain_ids(input: &Input<'_>) -> Vec<String> {
    let ids = input.settings.default_owner.iter().chain([&input.org.acting_user.id]);
    ids.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
