//! Which record is this person? Stored link, contact, open lead, closed lead, or a new one (R2.11 to R2.22).
//!
//! Candidates come from a search that over-matches; here each is verified by parsing its numbers, so trailing
//! digits alone never link (R2.56). The decision carries a trace that a person can read.

use serde::{Deserialize, Serialize};

use crate::{
    address::phone::{self, Phone, Region, Strength},
    lane::HoldReason,
    plan::settings::ChatSync,
    record::{Module, OrgProfile, PersonRecord, RecordRef},
};

/// Everything the decision depends on.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The person's numbers.
    pub phones: &'a [Phone],
    /// The person's e-mail addresses, canonical.
    pub emails: &'a [String],
    /// The person's name as we know it; it may only break ties (R2.3).
    pub name: Option<&'a str>,
    /// The CRM user who corresponds to the conversation's owner, for the owner rule (R2.11).
    pub owner_id: Option<&'a str>,
    /// What the search found, with the contacts that converted leads became.
    pub candidates: &'a [PersonRecord],
    /// The org.
    pub org: &'a OrgProfile,
    /// The choices of the workspace.
    pub settings: &'a ChatSync,
    /// The region by which numbers without a country are read.
    pub region: Option<Region>,
}

/// What to do with the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Write on this record.
    Use {
        /// The record.
        record: RecordRef,
        /// It is a closed lead; give it this stage.
        reopen_to: Option<String>,
    },
    /// These records must be read before a decision: contacts that converted leads became.
    Read(Vec<RecordRef>),
    /// Nobody matches; make a record in this module.
    Create(Module),
    /// Wait for somebody.
    Hold(HoldReason),
}

/// How a decision came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// What was searched: numbers and addresses in canonical form.
    pub searched: Vec<String>,
    /// Every candidate with what became of it.
    pub candidates: Vec<Candidate>,
    /// The rules that were applied, in order, in words.
    pub rules: Vec<String>,
    /// The winner.
    pub winner: Option<RecordRef>,
}

/// One candidate in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The record.
    pub record: RecordRef,
    /// The CRM's name of it.
    pub name: String,
    /// The field that matched, or would have.
    pub field: Option<String>,
    /// Which group it stands in, or why it was set aside.
    pub verdict: String,
}

/// The kinds of candidates in order of precedence (R2.20).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Contact,
    OpenLead,
    ClosedLead,
}

impl Group {
    fn words(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::OpenLead => "open lead",
            Self::ClosedLead => "closed lead",
        }
    }
}

/// How surely a candidate is the person, strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    /// The same number or address.
    Same,
    /// The same line, behind another extension.
    SameLine,
    /// A known other spelling of a national numbering plan; links only when it is the only one.
    Variant,
}

struct Verified<'a> {
    person: &'a PersonRecord,
    group: Group,
    certainty: Certainty,
}

/// Decides, and says why.
pub fn decide(question: &Question<'_>) -> (Decision, Trace) {
    let mut trace = Trace { searched: searched(question), ..Trace::default() };
    let unread = unread_conversions(question);
    if !unread.is_empty() {
        return (Decision::Read(unread), trace);
    }
    let verified = verify_all(question, &mut trace);
    let Some(group) = verified.iter().map(|found| found.group).min() else {
        return (nobody(question, &mut trace), trace);
    };
    trace.rules.push(format!("{} before anything weaker", group.words()));
    let mut rivals: Vec<_> = verified.into_iter().filter(|found| found.group == group).collect();
    let certainty = rivals.iter().map(|found| found.certainty).min().unwrap_or(Certainty::Same);
    rivals.retain(|found| found.certainty == certainty);
    if certainty == Certainty::Variant && rivals.len() > 1 {
        trace.rules.push("several records match only by a variant spelling; a person must choose".into());
        return (Decision::Hold(HoldReason::SeveralCandidates), trace);
    }
    let winner = choose(question, &mut trace, &rivals);
    trace.winner = Some(winner.record.clone());
    let reopen_to =
        (group == Group::ClosedLead).then(|| question.settings.reopened_status(question.org)).flatten();
    if let Some(status) = &reopen_to {
        trace.rules.push(format!("the closed lead is reopened to \"{status}\""));
    }
    (Decision::Use { record: winner.record.clone(), reopen_to }, trace)
}

fn searched(question: &Question<'_>) -> Vec<String> {
    let numbers = question.phones.iter().filter_map(|phone| phone.e164.clone());
    numbers.chain(question.emails.iter().cloned()).collect()
}

/// Contacts that matching converted leads became and that nobody has read yet (R2.22).
fn unread_conversions(question: &Question<'_>) -> Vec<RecordRef> {
    let read = |wanted: &RecordRef| question.candidates.iter().any(|person| person.record == *wanted);
    let mut unread: Vec<RecordRef> = question
        .candidates
        .iter()
        .filter(|person| person.is_converted && certainty(question, person).is_some())
        .filter_map(|person| person.converted_to.clone())
        .filter(|contact| !read(contact))
        .collect();
    unread.sort();
    unread.dedup();
    unread
}

fn verify_all<'a>(question: &Question<'a>, trace: &mut Trace) -> Vec<Verified<'a>> {
    let mut verified = Vec::new();
    for person in question.candidates {
        let (found, verdict, field) = verify(question, person);
        trace.candidates.push(Candidate {
            record: person.record.clone(),
            name: person.name.clone(),
            field,
            verdict,
        });
        verified.extend(found);
    }
    verified
}

fn verify<'a>(
    question: &Question<'a>,
    person: &'a PersonRecord,
) -> (Option<Verified<'a>>, String, Option<String>) {
    if person.is_deleted {
        return (None, "deleted".into(), None);
    }
    let followed = follows_conversion(question, person);
    let found = certainty(question, person);
    if person.is_converted {
        let said = match (&found, &person.converted_to) {
            (None, _) => "converted; its number does not match".into(),
            (_, Some(contact)) => format!("converted: followed to contact {}", contact.id),
            (_, None) => "converted, and the contact it became cannot be seen".into(),
        };
        return (None, said, None);
    }
    let Some((certainty, field)) =
        found.or_else(|| followed.then(|| (Certainty::Same, "converted lead".into())))
    else {
        return (None, "set aside: no number or address of it is the person's".into(), None);
    };
    let group = match person.record.module {
        Module::Lead if is_closed(question, person) => Group::ClosedLead,
        Module::Lead => Group::OpenLead,
        Module::Contact | Module::Task => Group::Contact,
    };
    let verdict = match certainty {
        Certainty::Same => group.words().to_owned(),
        Certainty::SameLine => format!("{}, same line with another extension", group.words()),
        Certainty::Variant => format!("{}, by a variant spelling of the number", group.words()),
    };
    (Some(Verified { person, group, certainty }), verdict, Some(field))
}

/// Is this the contact that a matching converted lead became?
fn follows_conversion(question: &Question<'_>, person: &PersonRecord) -> bool {
    question.candidates.iter().any(|lead| {
        lead.is_converted
            && lead.converted_to.as_ref() == Some(&person.record)
            && certainty(question, lead).is_some()
    })
}

fn is_closed(question: &Question<'_>, person: &PersonRecord) -> bool {
    person.status.as_ref().is_some_and(|status| question.settings.is_closed(status, question.org))
}

/// The strongest way in which a record's numbers or addresses are the person's, and the field that says so.
fn certainty(question: &Question<'_>, person: &PersonRecord) -> Option<(Certainty, String)> {
    let email = person
        .emails
        .iter()
        .any(|theirs| question.emails.iter().any(|ours| ours.eq_ignore_ascii_case(theirs)));
    if email {
        return Some((Certainty::Same, "e-mail".into()));
    }
    let region = person.country.as_deref().and_then(|country| country.parse::<Region>().ok());
    let mut best: Option<(Certainty, String)> = None;
    for (field, stored) in &person.phones {
        for ours in question.phones.iter().filter(|ours| phone::linkable(ours)) {
            let Some(strength) = phone::compare(ours, stored, region, question.region) else { continue };
            let found = match strength {
                Strength::Exact | Strength::National => Certainty::Same,
                Strength::SameLineOtherExtension => Certainty::SameLine,
                Strength::Variant => Certainty::Variant,
                Strength::Digits => continue,
            };
            if best.as_ref().is_none_or(|(certainty, _)| found < *certainty) {
                best = Some((found, field.clone()));
            }
        }
    }
    best
}

fn nobody(question: &Question<'_>, trace: &mut Trace) -> Decision {
    let reachable = question.phones.iter().any(phone::linkable) || !question.emails.is_empty();
    if !reachable {
        trace.rules.push("the person has neither phone nor e-mail; nothing can be found or made by".into());
        return Decision::Hold(HoldReason::NoAddress);
    }
    if let Some(module) = question.settings.create.module() {
        trace.rules.push(format!("nobody matches; a new {} is made", module.name()));
        Decision::Create(module)
    } else {
        trace.rules.push("nobody matches and creating is switched off".into());
        Decision::Hold(HoldReason::NoRecord)
    }
}

/// Owner rule, then newest change, then equal name, then id (R2.11 to R2.15, R2.19, R2.21).
fn choose<'a>(question: &Question<'_>, trace: &mut Trace, rivals: &[Verified<'a>]) -> &'a PersonRecord {
    let mut people: Vec<&'a PersonRecord> = rivals.iter().map(|found| found.person).collect();
    if people.len() > 1 {
        trace.rules.push(owner_rule(question.owner_id, &mut people));
    }
    if people.len() > 1 {
        let newest = people.iter().map(|person| person.modified_at.seconds()).max();
        people.retain(|person| Some(person.modified_at.seconds()) == newest);
        trace.rules.push("the one changed last".into());
    }
    if people.len() > 1 {
        let same_name =
            |person: &&PersonRecord| question.name.is_some_and(|name| person.name.eq_ignore_ascii_case(name));
        if people.iter().any(same_name) {
            people.retain(same_name);
            trace.rules.push("the one of equal name".into());
        }
    }
    if people.len() > 1 {
        trace.rules.push("the lowest id".into());
    }
    people.into_iter().min_by(|a, b| a.record.cmp(&b.record)).unwrap_or(rivals[0].person)
}

fn owner_rule(owner_id: Option<&str>, people: &mut Vec<&PersonRecord>) -> String {
    let Some(owner_id) = owner_id else {
        return "nobody in the CRM corresponds to the chat's owner".into();
    };
    let owned = |person: &&PersonRecord| person.owner_id == owner_id;
    if people.iter().any(owned) {
        people.retain(owned);
        "owned by the user who corresponds to the chat's owner".into()
    } else {
        "none belongs to the user who corresponds to the chat's owner".into()
    }
}
