//! Asking for people, and sorting what came back: who of everybody whom a pass has read may be this person.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Ask, Input, PersonState};
use crate::{
    address::{
        Address, AddressKind,
        phone::{self, Phone, Region},
    },
    call::{Call, PeopleQuery},
    plan::settings::ChatSync,
    record::{PersonRecord, RecordRef},
};

/// One search for several people.
pub(super) fn ask(people: &[&PersonState], settings: &ChatSync) -> Ask {
    let mut query = PeopleQuery { modules: settings.modules(), ..PeopleQuery::default() };
    for person in people {
        query.phones.extend(phones(person).into_iter().filter(phone::linkable));
        query.emails.extend(emails(person));
    }
    let contacts = people.iter().map(|person| person.contact_id).collect();
    Ask { call: Call::FindPeople(query), contacts }
}

/// The person's numbers, parsed.
pub fn phones(person: &PersonState) -> Vec<Phone> {
    let numbers = person.addresses.iter().filter(|address| address.kind == AddressKind::Phone);
    numbers.filter_map(Address::phone).collect()
}

pub(super) fn emails(person: &PersonState) -> Vec<String> {
    let mails = person.addresses.iter().filter(|address| address.kind == AddressKind::Email);
    mails.map(|address| address.value.clone()).collect()
}

/// Everything by which two people turn out to be one: addresses, and variants of numbers.
pub(super) fn identities(person: &PersonState) -> BTreeSet<String> {
    let keys = phones(person).into_iter().filter(phone::linkable).flat_map(|phone| phone.match_keys);
    keys.chain(emails(person)).collect()
}

/// How many digits in a row two numbers must share to be compared: enough to leave strangers out, never enough
/// to decide.
const SHARED_DIGITS: usize = 6;

/// Everybody whom the pass has read, by every six digits in a row of their numbers and by e-mail.
pub(super) struct Index<'a> {
    by_key: HashMap<String, Vec<&'a PersonRecord>>,
    /// Numbers in other scripts' digits or in letters, which have no plain digits to be filed by.
    spelt_oddly: Vec<&'a PersonRecord>,
}

impl<'a> Index<'a> {
    pub(super) fn of(people: &'a BTreeMap<RecordRef, PersonRecord>) -> Self {
        let mut index = Self { by_key: HashMap::new(), spelt_oddly: Vec::new() };
        for person in people.values() {
            let runs = person.phones.iter().flat_map(|(_, stored)| runs(stored));
            let keys: BTreeSet<String> =
                runs.chain(person.emails.iter().map(|email| email.trim().to_lowercase())).collect();
            for key in keys {
                index.by_key.entry(key).or_default().push(person);
            }
            if person.phones.iter().any(|(_, stored)| is_spelt_oddly(stored)) {
                index.spelt_oddly.push(person);
            }
        }
        index
    }

    /// What may concern this person, with what it became: all others would only swell the trace.
    pub(super) fn near(&self, phones: &[Phone], emails: &[String], input: &Input<'a>) -> Vec<PersonRecord> {
        let keys = tails(phones).into_iter().chain(emails.iter().map(|email| email.to_lowercase()));
        let mut near: BTreeMap<&RecordRef, &PersonRecord> = BTreeMap::new();
        for key in keys {
            near.extend(self.by_key.get(&key).into_iter().flatten().map(|person| (&person.record, *person)));
        }
        let odd = self.spelt_oddly.iter().filter(|person| compares(person, phones, input.region));
        near.extend(odd.map(|person| (&person.record, *person)));
        let mut later: Vec<&PersonRecord> = near.values().copied().collect();
        while let Some(person) = later.pop() {
            for record in [&person.converted_to, &person.merged_into].into_iter().flatten() {
                if let Some(became) = input.known.people.get(record)
                    && near.insert(&became.record, became).is_none()
                {
                    later.push(became);
                }
            }
        }
        near.into_values().cloned().collect()
    }
}

fn is_spelt_oddly(stored: &str) -> bool {
    stored.chars().any(|letter| letter.is_ascii_uppercase() || (letter.is_numeric() && !letter.is_ascii()))
}

fn compares(person: &PersonRecord, phones: &[Phone], region: Option<Region>) -> bool {
    let country = person.country.as_deref().and_then(|country| country.parse::<Region>().ok());
    let mut pairs =
        person.phones.iter().flat_map(|(_, stored)| phones.iter().map(move |ours| (ours, stored)));
    pairs.any(|(ours, stored)| phone::compare(ours, stored, country, region).is_some())
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
