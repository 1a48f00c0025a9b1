//! Which record is the person, for showing only.
//!
//! E-mail first, then phone; contacts first, leads only when there is no contact (R1.17, R1.24, R1.40). Numbers are
//! compared as numbers, short ones by all their digits, unless the workspace wants them literally (R1.19, R1.20).
//! Unlike chat sync, the panel never breaks a tie: it shows all of them, and a person chooses (R1.39).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::settings::{MODULES, PanelSettings};
use crate::{
    address::{
        Address, AddressKind,
        phone::{self, Phone, Region, Strength},
    },
    call::{PanelFields, PanelQuery},
    record::{Module, PersonRecord, RecordRef},
};

/// Fewer digits are compared as a whole, and nothing else of them.
const SHORT: usize = 7;

/// Most records that are offered as near.
const MOST_NEAR: usize = 5;

/// The addresses of a contact, as the panel compares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// E-mail addresses, canonical.
    pub emails: Vec<String>,
    /// Phone numbers, each with the text as received.
    pub phones: Vec<Phone>,
    /// The name that the person chose.
    pub name: Option<String>,
}

impl Known {
    /// From the addresses of a contact.
    pub fn of(addresses: &[Address], name: Option<&str>) -> Self {
        let emails = addresses.iter().filter(|address| address.kind == AddressKind::Email);
        Self {
            emails: emails.map(|address| address.value.clone()).collect(),
            phones: addresses.iter().filter_map(Address::phone).collect(),
            name: name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned),
        }
    }

    /// Is there anything to search for?
    pub fn is_empty(&self) -> bool {
        self.emails.is_empty() && self.phones.is_empty()
    }

    /// What is searched for, to be shown.
    pub fn searched(&self) -> Vec<Searched> {
        let emails = self.emails.iter().cloned().map(Searched::Email);
        emails.chain(self.phones.iter().map(|phone| Searched::Phone(shown(phone)))).collect()
    }

    /// What a CRM is asked for.
    pub fn query(&self, settings: &PanelSettings, fields: PanelFields) -> PanelQuery {
        let literal = settings.literal;
        PanelQuery {
            emails: self.emails.clone(),
            phones: if literal { Vec::new() } else { self.phones.clone() },
            texts: self.phones.iter().filter(|_| literal).flat_map(texts).collect(),
            phone_fields: settings.phone_fields.clone(),
            fields,
            ..PanelQuery::default()
        }
    }
}

/// The two texts under which the inbox knows a number: in international form, and as received.
fn texts(phone: &Phone) -> Vec<String> {
    let mut texts: Vec<String> = phone.e164.iter().cloned().collect();
    let raw = phone.raw.trim();
    if !raw.is_empty() && texts.iter().all(|text| text != raw) {
        texts.push(raw.to_owned());
    }
    texts
}

fn shown(phone: &Phone) -> String {
    phone.e164.clone().unwrap_or_else(|| phone.raw.clone())
}

/// Something that was searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Searched {
    /// An e-mail address.
    Email(String),
    /// A phone number, in international form where it has one.
    Phone(String),
}

/// Why a record is the person's, or may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum How {
    /// The contact is linked to it: by a person, or by the rules of chat sync. Their words.
    Link {
        /// The rules, in order.
        rules: Vec<String>,
    },
    /// The same e-mail address.
    Email {
        /// It.
        address: String,
    },
    /// The same phone number.
    Phone {
        /// The contact's number.
        number: String,
        /// The field of the record, by the CRM's own name.
        field: String,
        /// The text in it.
        stored: String,
        /// How surely.
        strength: Strength,
    },
    /// A matching or linked record became it, by merging or conversion.
    Followed {
        /// That record.
        from: RecordRef,
    },
}

/// In what a record comes near that does not match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum NearReason {
    /// The same number, written otherwise: literal comparing is on.
    WrittenOtherwise {
        /// The text in the record.
        stored: String,
    },
    /// The same number, in a field that is not searched.
    OtherField {
        /// The field, by the CRM's own name.
        field: String,
        /// The text in it.
        stored: String,
    },
    /// The last digits are the same; the rest differs or is not told.
    SameEnding {
        /// The text in the record.
        stored: String,
    },
    /// The name is the same.
    SameName,
}

/// Everything the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The contact.
    pub known: &'a Known,
    /// What the search found, and what was read because a candidate became it.
    pub candidates: &'a [PersonRecord],
    /// Records that were asked for by id: those that are no candidates cannot be seen.
    pub asked: &'a BTreeSet<RecordRef>,
    /// The choices of the workspace.
    pub settings: &'a PanelSettings,
    /// The region by which numbers without a country are read.
    pub region: Option<Region>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One record.
    One {
        /// It.
        record: RecordRef,
        /// Why.
        how: How,
        /// Contacts to which the phone number points, when the e-mail points to this one.
        conflict: Vec<(RecordRef, How)>,
    },
    /// Several by the same rule, in the order of the candidates.
    Several(Vec<(RecordRef, How)>),
    /// These must be read first: what converted leads became.
    Read(Vec<RecordRef>),
    /// None.
    None,
}

/// Decides.
pub fn decide(question: &Question<'_>) -> Found {
    for module in MODULES {
        if let Some(found) = in_module(question, module) {
            return found;
        }
        if module == Module::Contact
            && let Some(found) = became_contacts(question)
        {
            return found;
        }
    }
    Found::None
}

fn in_module(question: &Question<'_>, module: Module) -> Option<Found> {
    let living = || {
        question.candidates.iter().filter(move |person| {
            person.record.module == module
                && !person.is_deleted
                && !person.is_converted
                && person.merged_into.is_none()
        })
    };
    let by_email: Vec<_> =
        living().filter_map(|person| Some((person, by_email(question, person)?))).collect();
    let by_phone = strongest(living().filter_map(|person| Some((person, by_phone(question, person)?))));
    let Some((first, how)) = by_email.first() else { return of_rung(by_phone) };
    if by_email.len() > 1 || is_its_too(question, first) || module != Module::Contact {
        return of_rung(by_email);
    }
    let conflict = by_phone.into_iter().map(|(person, how)| (person.record.clone(), how)).collect();
    Some(Found::One { record: first.record.clone(), how: how.clone(), conflict })
}

fn is_its_too(question: &Question<'_>, person: &PersonRecord) -> bool {
    by_phone(question, person).is_some()
}

fn of_rung(matches: Vec<(&PersonRecord, How)>) -> Option<Found> {
    let mut matches: Vec<_> = matches.into_iter().map(|(person, how)| (person.record.clone(), how)).collect();
    match matches.len() {
        0 => None,
        1 => matches.pop().map(|(record, how)| Found::One { record, how, conflict: Vec::new() }),
        _ => Some(Found::Several(matches)),
    }
}

/// Those that match most surely.
fn strongest<'a>(matches: impl Iterator<Item = (&'a PersonRecord, How)>) -> Vec<(&'a PersonRecord, How)> {
    // The same number, whether or not both sides tell its country, is one rung.
    let rung = |how: &How| match how {
        How::Phone { strength: Strength::Exact | Strength::National, .. } => 0,
        How::Phone { strength: Strength::SameLineOtherExtension, .. } => 1,
        How::Phone { strength: Strength::Variant, .. } => 2,
        _ => 3,
    };
    let mut matches: Vec<_> = matches.collect();
    let best = matches.iter().map(|(_, how)| rung(how)).min();
    matches.retain(|(_, how)| Some(rung(how)) == best);
    matches
}

/// Contacts that matching leads were converted to. `None`: there are none.
fn became_contacts(question: &Question<'_>) -> Option<Found> {
    let leads = question.candidates.iter().filter(|person| person.is_converted && !person.is_deleted);
    let mut contacts: Vec<(&PersonRecord, How)> = Vec::new();
    let mut unread = BTreeSet::new();
    for lead in leads {
        let matches = by_email(question, lead).is_some() || by_phone(question, lead).is_some();
        let Some(contact) = lead.converted_to.as_ref().filter(|_| matches) else { continue };
        let read = question.candidates.iter().find(|person| person.record == *contact);
        match read {
            Some(person) if person.is_deleted || person.merged_into.is_some() => {}
            Some(person) if contacts.iter().all(|(known, _)| known.record != person.record) => {
                contacts.push((person, How::Followed { from: lead.record.clone() }));
            }
            Some(_) => {}
            None if question.asked.contains(contact) => {}
            None => {
                unread.insert(contact.clone());
            }
        }
    }
    if unread.is_empty() { of_rung(contacts) } else { Some(Found::Read(unread.into_iter().collect())) }
}

/// Does a record still match by itself? For one that was found before.
pub fn still_matches(question: &Question<'_>, person: &PersonRecord) -> Option<How> {
    by_email(question, person).or_else(|| by_phone(question, person))
}

fn by_email(question: &Question<'_>, person: &PersonRecord) -> Option<How> {
    let mut theirs = person.emails.iter().map(|email| email.trim());
    let same = theirs.find(|theirs| {
        question.known.emails.iter().any(|ours| ours.to_lowercase() == theirs.to_lowercase())
    })?;
    Some(How::Email { address: same.to_owned() })
}

fn by_phone(question: &Question<'_>, person: &PersonRecord) -> Option<How> {
    let searched = person.phones.iter().filter(|(field, _)| question.settings.searches(field));
    best_phone(question, person, searched, question.settings.literal)
}

fn best_phone<'a>(
    question: &Question<'_>,
    person: &PersonRecord,
    fields: impl Iterator<Item = &'a (String, String)>,
    literal: bool,
) -> Option<How> {
    let region = person.country.as_deref().and_then(|country| country.parse::<Region>().ok());
    let mut best: Option<(Strength, How)> = None;
    for (field, stored) in fields {
        for ours in &question.known.phones {
            let found = if literal {
                texts(ours).iter().any(|text| text == stored).then_some(Strength::Exact)
            } else {
                phone::compare(ours, stored, region, question.region)
                    .or_else(|| has_same_few_digits(&ours.raw, stored).then_some(Strength::Digits))
            };
            let Some(strength) = found else { continue };
            if best.as_ref().is_none_or(|(known, _)| strength < *known) {
                let (number, field, stored) = (shown(ours), field.clone(), stored.clone());
                best = Some((strength, How::Phone { number, field, stored, strength }));
            }
        }
    }
    best.map(|(_, how)| how)
}

/// Numbers too short to be anybody's outside their house: the same if all their digits are.
fn has_same_few_digits(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (digits(ours), digits(theirs));
    !ours.is_empty() && ours.len() < SHORT && ours == theirs
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Candidates that come near, the nearest first. None of them is ever linked by itself.
pub fn near(question: &Question<'_>) -> Vec<(RecordRef, NearReason)> {
    let living = question
        .candidates
        .iter()
        .filter(|person| !person.is_deleted && !person.is_converted && person.merged_into.is_none());
    let mut near: Vec<_> =
        living.filter_map(|person| Some((person.record.clone(), reason(question, person)?))).collect();
    near.sort_by_key(|(_, reason)| match reason {
        NearReason::WrittenOtherwise { .. } => 0,
        NearReason::OtherField { .. } => 1,
        NearReason::SameEnding { .. } => 2,
        NearReason::SameName => 3,
    });
    near.truncate(MOST_NEAR);
    near
}

fn reason(question: &Question<'_>, person: &PersonRecord) -> Option<NearReason> {
    let as_number = |is_searched: bool| {
        let fields =
            person.phones.iter().filter(|(field, _)| question.settings.searches(field) == is_searched);
        match best_phone(question, person, fields, false) {
            Some(How::Phone { field, stored, .. }) => Some((field, stored)),
            _ => None,
        }
    };
    if let Some((_, stored)) = as_number(true) {
        return Some(NearReason::WrittenOtherwise { stored });
    }
    if let Some((field, stored)) = as_number(false) {
        return Some(NearReason::OtherField { field, stored });
    }
    let ending = |text: &str| {
        let digits = digits(text);
        digits.len().checked_sub(SHORT).and_then(|from| digits.get(from..).map(str::to_owned))
    };
    let ours: Vec<_> = question.known.phones.iter().filter_map(|phone| ending(&shown(phone))).collect();
    let mut stored = person.phones.iter().map(|(_, stored)| stored);
    if let Some(stored) = stored.find(|stored| ending(stored).is_some_and(|ending| ours.contains(&ending))) {
        return Some(NearReason::SameEnding { stored: stored.clone() });
    }
    let folded = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let name = question.known.name.as_deref().map(folded)?;
    (!name.is_empty() && name == folded(&person.name)).then_some(NearReason::SameName)
}

/// The digits by which near records are looked for: the ends of the contact's numbers, as local numbers are written.
pub fn endings(known: &Known) -> Vec<String> {
    let mut endings: Vec<String> = Vec::new();
    for phone in &known.phones {
        let digits = digits(&shown(phone));
        for length in [SHORT, SHORT + 1] {
            let ending = digits.len().checked_sub(length).and_then(|from| digits.get(from..));
            if let Some(ending) = ending.filter(|ending| endings.iter().all(|known| known != ending)) {
                endings.push(ending.to_owned());
            }
        }
    }
    endings
}
