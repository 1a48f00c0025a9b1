//! Is a candidate the person, how surely, and as what kind of record? What was converted or merged is followed to
//! what it became, and never written on (R2.22).

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Question, Trace};
use crate::{
    address::phone::{self, Region, Strength},
    record::{Module, PersonRecord, RecordRef},
};

/// The kinds of candidates in order of precedence (R2.20).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// A record of a kind that only this CRM has, in the module that was chosen.
    Chosen,
    Contact,
    OpenLead,
    ClosedLead,
}

impl Group {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Chosen => "record",
            Self::Contact => "contact",
            Self::OpenLead => "open lead",
            Self::ClosedLead => "closed lead",
        }
    }
}

/// How surely a candidate is the person, surest first. All but the first link only when there is one candidate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// The same number or address.
    Same,
    /// The same line, behind another extension: several people may share it.
    SameLine,
    /// A known other spelling of a national numbering plan.
    Variant,
}

impl Certainty {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Same => "the same number or address",
            Self::SameLine => "the same line with another extension",
            Self::Variant => "a variant spelling of the number",
        }
    }
}

/// A candidate that is the person.
pub(super) struct Verified<'a> {
    pub(super) person: &'a PersonRecord,
    pub(super) group: Group,
    pub(super) certainty: Certainty,
}

/// Where matching records that were converted or merged lead to.
#[derive(Default)]
pub(super) struct Successors {
    /// What they became, with the certainty of the record that led there.
    reached: BTreeMap<RecordRef, Certainty>,
    /// What they became and nobody has read yet.
    pub(super) unread: BTreeSet<RecordRef>,
    /// What they became and cannot be seen.
    pub(super) lost: Vec<RecordRef>,
}

impl Successors {
    pub(super) fn of(question: &Question<'_>) -> Self {
        let mut found = Self::default();
        for person in question.candidates {
            let Some((certainty, _)) = own(question, person) else { continue };
            found.follow(question, person, certainty);
        }
        found
    }

    fn follow(&mut self, question: &Question<'_>, from: &PersonRecord, certainty: Certainty) {
        let mut passed = BTreeSet::from([&from.record]);
        let mut at = from;
        // A circle cannot come from a CRM; if one does, it ends here.
        while let Some(next) = successor(at).filter(|next| passed.insert(next)) {
            let read = question.candidates.iter().find(|person| person.record == *next);
            match read {
                Some(person) if successor(person).is_some() => at = person,
                Some(_) => {
                    let best = self.reached.entry(next.clone()).or_insert(certainty);
                    *best = certainty.min(*best);
                    return;
                }
                None if question.asked.contains(next) => return self.lost.push(next.clone()),
                None => {
                    self.unread.insert(next.clone());
                    return;
                }
            }
        }
    }
}

/// What a record became.
fn successor(person: &PersonRecord) -> Option<&RecordRef> {
    let converted = person.converted_to.as_ref().filter(|_| person.is_converted);
    person.merged_into.as_ref().or(converted)
}

/// Verifies every candidate; the trace says what became of each.
pub(super) fn all<'a>(
    question: &Question<'a>,
    successors: &Successors,
    trace: &mut Trace,
) -> Vec<Verified<'a>> {
    let mut verified = Vec::new();
    for person in question.candidates {
        let found = match_of(question, successors, person);
        let field = found.as_ref().map(|(_, field)| field.clone());
        let (verdict, is_usable) = verdict(question, person, found.as_ref().map(|found| found.0));
        let candidate =
            Candidate { record: person.record.clone(), name: person.name.clone(), field, verdict };
        trace.candidates.push(candidate);
        if let Some((certainty, _)) = found.filter(|_| is_usable) {
            verified.push(Verified { person, group: group(question, person), certainty });
        }
    }
    verified
}

/// How a record is the person: by its own numbers and addresses, or because a matching record became it.
fn match_of(
    question: &Question<'_>,
    successors: &Successors,
    person: &PersonRecord,
) -> Option<(Certainty, String)> {
    let own = own(question, person);
    let followed = successors.reached.get(&person.record).copied();
    match (own, followed) {
        (Some(own), Some(followed)) if own.0 <= followed => Some(own),
        (_, Some(followed)) => Some((followed, "followed".into())),
        (own, None) => own,
    }
}

/// What became of a candidate, in words, and whether it takes part.
fn verdict(question: &Question<'_>, person: &PersonRecord, found: Option<Certainty>) -> (String, bool) {
    let said = match (found, successor(person)) {
        (None, _) | (Some(_), None) if person.is_deleted => "deleted".into(),
        (None, _) if person.is_converted => "converted; no number or address of it is the person's".into(),
        (None, _) if !is_looked_among(question, person) => {
            "set aside: conversations do not go to its module".into()
        }
        (None, _) => "set aside: no number or address of it is the person's".into(),
        (Some(_), Some(to)) if person.merged_into.is_some() => {
            format!("merged: followed to {} {}", to.module.name(), to.id)
        }
        (Some(_), Some(to)) => format!("converted: followed to {} {}", to.module.name(), to.id),
        (Some(_), None) if person.is_converted => {
            "converted, and the contact it became cannot be seen".into()
        }
        (Some(Certainty::Same), None) => return (group(question, person).words().to_owned(), true),
        (Some(weaker), None) => {
            return (format!("{}, by {}", group(question, person).words(), weaker.words()), true);
        }
    };
    (said, false)
}

fn group(question: &Question<'_>, person: &PersonRecord) -> Group {
    let is_closed =
        person.status.as_ref().is_some_and(|status| question.settings.is_closed(status, question.org));
    match person.record.module {
        Module::Lead if is_closed => Group::ClosedLead,
        Module::Lead => Group::OpenLead,
        Module::Other(_) => Group::Chosen,
        Module::Contact | Module::Task | Module::Note => Group::Contact,
    }
}

/// Is the record of a module that conversations go to? A pass reads others too: what people linked by hand, and what
/// records became.
fn is_looked_among(question: &Question<'_>, person: &PersonRecord) -> bool {
    question.settings.modules().contains(&person.record.module)
}

/// How surely a record is the person by itself. One of another module never is: it counts for what a record became only.
fn own(question: &Question<'_>, person: &PersonRecord) -> Option<(Certainty, String)> {
    if is_looked_among(question, person) { certainty(question, person) } else { None }
}

/// The surest way in which a record's numbers or addresses are the person's, and the field that says so.
fn certainty(question: &Question<'_>, person: &PersonRecord) -> Option<(Certainty, String)> {
    let mut emails = person.emails.iter().map(|theirs| theirs.trim());
    if emails.any(|theirs| question.emails.iter().any(|ours| ours.eq_ignore_ascii_case(theirs))) {
        return Some((Certainty::Same, "e-mail".into()));
    }
    let region = person.country.as_deref().and_then(|country| country.parse::<Region>().ok());
    let mut best: Option<(Certainty, String)> = None;
    for (field, stored) in &person.phones {
        for ours in question.phones.iter().filter(|ours| phone::linkable(ours)) {
            let found = match phone::compare(ours, stored, region, question.region) {
                Some(Strength::Exact | Strength::National) => Certainty::Same,
                Some(Strength::SameLineOtherExtension) => Certainty::SameLine,
                Some(Strength::Variant) => Certainty::Variant,
                Some(Strength::Digits) | None => continue,
            };
            if best.as_ref().is_none_or(|(certainty, _)| found < *certainty) {
                best = Some((found, field.clone()));
            }
        }
    }
    best
}
