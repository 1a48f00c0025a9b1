//! What is to be done about people before their entries can be written: find, follow, make, reopen, and put the
//! chat link on the record. Decided for a whole batch, so that people are searched and made together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    address::{
        Address, AddressKind,
        phone::{self, Phone, Region},
    },
    call::{Call, PeopleQuery, PersonWrite},
    lane::{HoldReason, Who, retry},
    plan::{
        matching::{self, Decision, Question, Trace},
        ownership::{self, Chain},
        settings::ChatSync,
        wording,
    },
    record::{CrmUser, FieldProfile, Module, OrgProfile, PersonField, PersonFields, PersonRecord, RecordRef},
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

/// Plans one pass. Planning again with nothing new yields the same.
pub fn plan(input: &Input<'_>) -> Plan {
    let mut pass = Pass {
        input,
        index: index(&input.known.people),
        plan: Plan::default(),
        search: Vec::new(),
        read: BTreeSet::new(),
        needs_users: false,
    };
    for person in input.people.iter().filter(|person| !input.known.done.contains(&person.contact_id)) {
        pass.person(person);
    }
    pass.finish()
}

struct Pass<'a> {
    input: &'a Input<'a>,
    /// Everybody whom the pass has read, by every six digits in a row of their numbers and by e-mail.
    index: HashMap<String, Vec<&'a PersonRecord>>,
    plan: Plan,
    search: Vec<&'a PersonState>,
    read: BTreeSet<RecordRef>,
    needs_users: bool,
}

impl<'a> Pass<'a> {
    fn person(&mut self, person: &'a PersonState) {
        match &person.link {
            Some(record) if person.must_follow => self.follow(person, record),
            Some(record) => self.complete(person, record),
            None => self.search_and_match(person),
        }
    }

    /// The linked record moved or is gone: go where it went, or forget the link and match again.
    fn follow(&mut self, person: &'a PersonState, record: &RecordRef) {
        let Some(found) = self.lookup(record) else { return };
        match whereto(found.as_ref()) {
            Whereto::Stay => self.relink(person, record.clone(), "the record is there after all".into()),
            Whereto::To(to, why) => self.relink(person, to, why),
            Whereto::Gone(why) => self.plan.unlinks.push((person.contact_id, why)),
        }
    }

    fn relink(&mut self, person: &PersonState, record: RecordRef, why: String) {
        let trace = Trace { rules: vec![why], winner: Some(record.clone()), ..Trace::default() };
        self.plan.links.push(Link { contact_id: person.contact_id, record, trace, reopen_to: None });
    }

    /// The person is linked: is everything on the record that should be?
    fn complete(&mut self, person: &'a PersonState, record: &RecordRef) {
        let needs_link = wants_chat_link(person, self.input);
        if !needs_link && person.written.reopen_to.is_none() {
            return;
        }
        let Some(found) = self.lookup(record) else { return };
        match whereto(found.as_ref()) {
            Whereto::Stay => {}
            Whereto::To(to, why) => return self.relink(person, to, why),
            Whereto::Gone(why) => return self.plan.unlinks.push((person.contact_id, why)),
        }
        let Some(found) = found else { return };
        let mut written = person.written.clone();
        let (mut fields, mut before) = (PersonFields::new(), PersonFields::new());
        if let Some(status) = written.reopen_to.take()
            && found.status.as_deref() != Some(status.as_str())
        {
            before.insert(PersonField::Status, found.status.clone().unwrap_or_default());
            fields.insert(PersonField::Status, status);
        }
        if needs_link {
            written.chat_links.insert(person.conversation.id);
            if let Some((field, value, was)) = chat_link(person, &found, self.input) {
                before.insert(field.clone(), was);
                fields.insert(field, value);
            }
        }
        let write = PersonWrite {
            id: Some(record.id.clone()),
            module: record.module,
            fields,
            allow_duplicate: true,
            unmodified_since: None,
        };
        self.plan.writes.push(Write { contact_id: person.contact_id, write, trace: None, before, written });
    }

    fn search_and_match(&mut self, person: &'a PersonState) {
        let phones = phones(person);
        let emails = emails(person);
        if !phones.iter().any(phone::linkable) && emails.is_empty() {
            let question = "neither phone nor e-mail";
            return self.hold(person, HoldReason::NoAddress, Who::Agent, question.into(), None);
        }
        if self.input.known.users.is_none() {
            self.needs_users = true;
        }
        if !self.input.known.searched.contains(&person.contact_id) {
            self.search.push(person);
            return;
        }
        let Some(users) = &self.input.known.users else { return };
        let unread: Vec<_> = person
            .suspects
            .iter()
            .filter(|suspect| !self.input.known.read.contains(suspect))
            .cloned()
            .collect();
        if !unread.is_empty() {
            self.read.extend(unread);
            return;
        }
        let acting = &self.input.org.acting_user.id;
        let chain = chain(person, self.input.settings, acting);
        let owner_id = ownership::corresponding_user(&chain, users).map(|owner| owner.user_id);
        let candidates = self.near(&phones, &emails);
        let question = Question {
            phones: &phones,
            emails: &emails,
            name: person.name.as_deref(),
            owner_id: owner_id.as_deref(),
            candidates: &candidates,
            org: self.input.org,
            settings: self.input.settings,
            region: self.input.region,
        };
        match matching::decide(&question) {
            (Decision::Read(records), trace) => {
                // A contact that was asked for and is not to be seen counts as gone.
                let unread: Vec<_> =
                    records.into_iter().filter(|record| !self.input.known.read.contains(record)).collect();
                if unread.is_empty() {
                    let detail =
                        "it was converted, and the contact it became is gone or hidden from us".into();
                    self.hold(person, HoldReason::NoPermission, Who::CrmAdmin, detail, Some(trace));
                } else {
                    self.read.extend(unread);
                }
            }
            (Decision::Use { record, reopen_to }, trace) => {
                self.plan.links.push(Link { contact_id: person.contact_id, record, trace, reopen_to });
            }
            (Decision::Create(module), trace) => self.create(person, module, &phones, &emails, users, trace),
            (Decision::Hold(reason), trace) => {
                let who = if reason == HoldReason::NoRecord { Who::CrmUser } else { Who::Agent };
                self.hold(person, reason, who, String::new(), Some(trace));
            }
        }
    }

    /// Makes a record, unless an earlier attempt may still come true.
    fn create(
        &mut self,
        person: &'a PersonState,
        module: Module,
        phones: &[Phone],
        emails: &[String],
        users: &[CrmUser],
        mut trace: Trace,
    ) {
        if let Some(since) = person.unknown_since
            && self.input.now.since(since) < retry::SETTLED
        {
            let until = self.input.now.plus(retry::settling(person.looks + 1));
            self.plan.waits.push((person.contact_id, until));
            return;
        }
        if self.shares_address_with_a_creation(person) {
            // The next pass finds what this one makes.
            self.plan.waits.push((person.contact_id, self.input.now));
            return;
        }
        let chain = chain(person, self.input.settings, &self.input.org.acting_user.id);
        let Some(owner) = ownership::owner(&chain, users) else {
            let detail = "not even the connecting user is active".to_owned();
            return self.hold(person, HoldReason::NoOwner, Who::WorkspaceAdmin, detail, Some(trace));
        };
        trace.rules.push(format!("owner {} ({:?})", owner.user_id, owner.because));
        let mut fields = new_person(person, module, phones, emails, self.input);
        if !self.input.settings.use_assignment_rules {
            fields.insert(PersonField::Owner, owner.user_id);
        }
        let missing = missing_required(&fields, module, self.input.org);
        if !missing.is_empty() {
            let detail = format!("{} demands {}", wording::module(module), missing.join(", "));
            return self.hold(person, HoldReason::RequiredField, Who::WorkspaceAdmin, detail, Some(trace));
        }
        let mut written = Written { is_ours: true, ..Written::default() };
        written.chat_links.insert(person.conversation.id);
        let write = PersonWrite {
            id: None,
            module,
            fields,
            allow_duplicate: person.allow_duplicate,
            unmodified_since: None,
        };
        let before = PersonFields::new();
        self.plan.writes.push(Write {
            contact_id: person.contact_id,
            write,
            trace: Some(trace),
            before,
            written,
        });
    }

    /// People are created once per batch, grouped by connected addresses.
    fn shares_address_with_a_creation(&self, person: &PersonState) -> bool {
        let mine = identities(person);
        let creations = self.plan.writes.iter().filter(|write| write.write.id.is_none());
        let made: BTreeSet<i64> = creations.map(|write| write.contact_id).collect();
        let others = self.input.people.iter().filter(|other| made.contains(&other.contact_id));
        others.into_iter().any(|other| !identities(other).is_disjoint(&mine))
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

    /// Of everything the pass has read, what may concern this person: all others would only swell the trace.
    fn near(&self, phones: &[Phone], emails: &[String]) -> Vec<PersonRecord> {
        let keys = tails(phones).into_iter().chain(emails.iter().map(|email| email.to_lowercase()));
        let mut near: BTreeMap<&RecordRef, &PersonRecord> = BTreeMap::new();
        for key in keys {
            near.extend(self.index.get(&key).into_iter().flatten().map(|person| (&person.record, *person)));
        }
        let became: Vec<&RecordRef> =
            near.values().filter_map(|person| person.converted_to.as_ref()).collect();
        near.extend(became.into_iter().filter_map(|record| self.input.known.people.get_key_value(record)));
        near.into_values().cloned().collect()
    }

    /// The record as read in this pass; `None` asks for it. `Some(None)`: asked, and not there.
    #[expect(clippy::option_option, reason = "not read yet and not there are two answers")]
    fn lookup(&mut self, record: &RecordRef) -> Option<Option<PersonRecord>> {
        if self.input.known.read.contains(record) {
            return Some(self.input.known.people.get(record).cloned());
        }
        self.read.insert(record.clone());
        None
    }

    fn finish(mut self) -> Plan {
        if self.needs_users {
            let call = Call::Users { emails: chain_emails(self.input), ids: chain_ids(self.input) };
            self.plan.asks.push(Ask { call, contacts: Vec::new() });
        }
        if !self.read.is_empty() {
            let extra = self.input.settings.link_field.iter().cloned().collect();
            let records = std::mem::take(&mut self.read).into_iter().collect();
            self.plan.asks.push(Ask { call: Call::ReadPeople { records, extra }, contacts: Vec::new() });
        }
        for people in self.search.chunks(self.input.finds_per_call.max(1)) {
            let mut query = PeopleQuery::default();
            for person in people {
                query.phones.extend(phones(person).into_iter().filter(phone::linkable));
                query.emails.extend(emails(person));
            }
            let contacts = people.iter().map(|person| person.contact_id).collect();
            self.plan.asks.push(Ask { call: Call::FindPeople(query), contacts });
        }
        self.plan
    }
}

/// Where a record went.
enum Whereto {
    Stay,
    To(RecordRef, String),
    Gone(String),
}

fn whereto(found: Option<&PersonRecord>) -> Whereto {
    let Some(found) = found else {
        return Whereto::Gone("the linked record cannot be seen any more".into());
    };
    if let Some(winner) = &found.merged_into {
        return Whereto::To(winner.clone(), format!("{} was merged into {}", found.record.id, winner.id));
    }
    if found.is_converted {
        return match &found.converted_to {
            Some(contact) => Whereto::To(
                contact.clone(),
                format!("lead {} was converted to {}", found.record.id, contact.id),
            ),
            None => Whereto::Gone(format!(
                "lead {} was converted and its contact cannot be seen",
                found.record.id
            )),
        };
    }
    if found.is_deleted {
        return Whereto::Gone(format!("{} was deleted", found.record.id));
    }
    Whereto::Stay
}

fn wants_chat_link(person: &PersonState, input: &Input<'_>) -> bool {
    let is_new = !person.written.chat_links.contains(&person.conversation.id);
    // A field of choice takes one link; the description takes one for each conversation.
    is_new && (input.settings.link_field.is_none() || person.written.chat_links.is_empty())
}

/// Where the chat link goes and what stands there: `None` when it is there already or has no place.
fn chat_link(
    person: &PersonState,
    found: &PersonRecord,
    input: &Input<'_>,
) -> Option<(PersonField, String, String)> {
    let url = &person.conversation.chat_url;
    if let Some(name) = &input.settings.link_field {
        let was = found.extra.get(name).cloned().unwrap_or_default();
        return was.is_empty().then(|| (PersonField::Custom(name.clone()), url.clone(), was));
    }
    let was = found.description.clone().unwrap_or_default();
    if was.contains(url.as_str()) {
        return None;
    }
    let link = wording::chat_link(&person.conversation.channel, url);
    let value = if was.is_empty() { link } else { format!("{was}\n{link}") };
    let profile = input.org.module(found.record.module);
    let longest = profile.holding(&PersonField::Description).map_or(0, |field| field.length as usize);
    // A full description is left alone rather than cut; the link stands in every entry anyway.
    (value.encode_utf16().count() <= longest).then_some((PersonField::Description, value, was))
}

fn new_person(
    person: &PersonState,
    module: Module,
    phones: &[Phone],
    emails: &[String],
    input: &Input<'_>,
) -> PersonFields {
    let profile = input.org.module(module);
    let length = |field: &PersonField| profile.holding(field).map_or(80, |field| field.length as usize);
    let number = phones.iter().find_map(|phone| phone.e164.clone());
    let shown = number.clone().or_else(|| emails.first().cloned()).unwrap_or_default();
    let template = input
        .settings
        .name_template
        .replace("{phone}", &shown)
        .replace("{channel}", &person.conversation.channel);
    let name = person.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let (first, last) = match name {
        Some(name) => split_name(name, length(&PersonField::FirstName), length(&PersonField::LastName)),
        None => (String::new(), shorten(&template, length(&PersonField::LastName))),
    };
    let mut fields = PersonFields::new();
    if !first.is_empty() {
        fields.insert(PersonField::FirstName, first);
    }
    fields.insert(PersonField::LastName, last);
    if let Some(number) = number {
        fields.insert(PersonField::Phone, number);
    }
    if let Some(email) = emails.first() {
        fields.insert(PersonField::Email, email.clone());
    }
    if module == Module::Lead {
        fields.insert(PersonField::Company, shorten(&input.settings.company, length(&PersonField::Company)));
    }
    if !input.settings.lead_source.is_empty() {
        fields.insert(PersonField::LeadSource, input.settings.lead_source.clone());
    }
    for (name, value) in &input.settings.new_record_values {
        fields.insert(PersonField::Custom(name.clone()), value.clone());
    }
    let link = if let Some(name) = &input.settings.link_field {
        (PersonField::Custom(name.clone()), person.conversation.chat_url.clone())
    } else {
        let link = wording::chat_link(&person.conversation.channel, &person.conversation.chat_url);
        (PersonField::Description, describe(name, &link, &fields))
    };
    fields.insert(link.0, link.1);
    fields
}

/// A name that had to be shortened stands whole in the description.
fn describe(name: Option<&str>, link: &str, fields: &PersonFields) -> String {
    let is_whole = |name: &&str| {
        let first = fields.get(&PersonField::FirstName).map_or("", String::as_str);
        let last = fields.get(&PersonField::LastName).map_or("", String::as_str);
        format!("{first} {last}").trim() != name.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    match name.filter(is_whole) {
        Some(name) => format!("{link}\nName: {name}"),
        None => link.to_owned(),
    }
}

/// First words as the given name, the last word as the family name; one word alone is the family name.
fn split_name(name: &str, first_length: usize, last_length: usize) -> (String, String) {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.split_last() {
        Some((last, first)) if !first.is_empty() => {
            (shorten(&first.join(" "), first_length), shorten(last, last_length))
        }
        _ => (String::new(), shorten(&words.join(" "), last_length)),
    }
}

fn shorten(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let kept: String = text
        .chars()
        .take_while(|letter| {
            used += letter.len_utf16();
            used <= most
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// Labels of required fields that would be left without a value.
fn missing_required(fields: &PersonFields, module: Module, org: &OrgProfile) -> Vec<String> {
    let given = |field: &FieldProfile| {
        fields.keys().any(|key| match key {
            PersonField::Custom(name) => name.eq_ignore_ascii_case(&field.name),
            generic => field.holds.as_ref() == Some(generic),
        })
    };
    let profile = org.module(module);
    let required = profile.fields.iter().filter(|field| field.is_required && field.is_createable);
    required.filter(|field| !given(field)).map(|field| field.label.clone()).collect()
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

/// The person's numbers, parsed.
pub fn phones(person: &PersonState) -> Vec<Phone> {
    let numbers = person.addresses.iter().filter(|address| address.kind == AddressKind::Phone);
    numbers.filter_map(Address::phone).collect()
}

fn emails(person: &PersonState) -> Vec<String> {
    let mails = person.addresses.iter().filter(|address| address.kind == AddressKind::Email);
    mails.map(|address| address.value.clone()).collect()
}

fn identities(person: &PersonState) -> BTreeSet<String> {
    let keys = phones(person).into_iter().flat_map(|phone| phone.match_keys);
    keys.chain(emails(person)).collect()
}

/// How many digits in a row two numbers must share to be compared: enough to leave strangers out, never enough
/// to decide.
const SHARED_DIGITS: usize = 6;

fn index(people: &BTreeMap<RecordRef, PersonRecord>) -> HashMap<String, Vec<&PersonRecord>> {
    let mut index: HashMap<String, Vec<&PersonRecord>> = HashMap::new();
    for person in people.values() {
        let runs = person.phones.iter().flat_map(|(_, stored)| runs(stored));
        let keys: BTreeSet<String> =
            runs.chain(person.emails.iter().map(|email| email.to_lowercase())).collect();
        for key in keys {
            index.entry(key).or_default().push(person);
        }
    }
    index
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

fn runs(number: &str) -> Vec<String> {
    let digits = digits(number);
    let last = (digits.len() + 1).saturating_sub(SHARED_DIGITS);
    (0..last).map(|start| digits[start..start + SHARED_DIGITS].to_owned()).collect()
}

/// The last digits of each spelling of a number.
fn tails(phones: &[Phone]) -> BTreeSet<String> {
    let keys = phones.iter().flat_map(|phone| phone.match_keys.iter());
    keys.map(|key| digits(key)).map(|all| all[all.len().saturating_sub(SHARED_DIGITS)..].to_owned()).collect()
}
