//! Which record is this person? Stored link, contact, open lead, closed lead, or a new one (R2.11 to R2.22).
//!
//! Candidates come from a search that over-matches; each is verified by parsing its numbers (`verify`), so trailing
//! digits alone never link (R2.56). Whoever matches most surely is left, then the first kind of record that there is,
//! then the rules of `choose`. The decision carries a trace that a person can read.

mod choose;
mod verify;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::verify::{Certainty, Group, Successors, Verified};
use crate::{
    address::phone::{self, Phone, Region},
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
    /// What the search found, with what converted and merged records became.
    pub candidates: &'a [PersonRecord],
    /// Records that were asked for by id. Those that are no candidates are gone, or hidden from us.
    pub asked: &'a BTreeSet<RecordRef>,
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
    /// These records must be read before a decision: what converted and merged records became.
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

/// Decides, and says why.
pub fn decide(question: &Question<'_>) -> (Decision, Trace) {
    let mut trace = Trace { searched: searched(question), ..Trace::default() };
    let successors = Successors::of(question);
    if !successors.unread.is_empty() {
        return (Decision::Read(successors.unread.into_iter().collect()), trace);
    }
    let verified = verify::all(question, &successors, &mut trace);
    let Some(surest) = verified.iter().map(|found| found.certainty).min() else {
        return (nobody(question, &successors, &mut trace), trace);
    };
    let rivals = of_first_group(keep_surest(verified, surest, &mut trace), &mut trace);
    if surest > Certainty::Same && rivals.len() > 1 {
        trace.rules.push(format!("several records match only by {}; a person must choose", surest.words()));
        return (Decision::Hold(HoldReason::SeveralCandidates), trace);
    }
    let is_closed = rivals.first().is_some_and(|found| found.group == Group::ClosedLead);
    let people: Vec<_> = rivals.iter().map(|found| found.person).collect();
    let Some(winner) = choose::choose(question, &mut trace, people) else {
        return (nobody(question, &successors, &mut trace), trace);
    };
    trace.winner = Some(winner.record.clone());
    let reopen_to = if is_closed { reopen(question, &mut trace) } else { None };
    (Decision::Use { record: winner.record.clone(), reopen_to }, trace)
}

fn searched(question: &Question<'_>) -> Vec<String> {
    let numbers = question.phones.iter().filter_map(|phone| phone.e164.clone());
    numbers.chain(question.emails.iter().cloned()).collect()
}

/// A weaker match never takes part beside a surer one.
fn keep_surest<'a>(
    mut verified: Vec<Verified<'a>>,
    surest: Certainty,
    trace: &mut Trace,
) -> Vec<Verified<'a>> {
    let all = verified.len();
    verified.retain(|found| found.certainty == surest);
    match all - verified.len() {
        0 => {}
        1 => trace.rules.push("one candidate that matches less surely is set aside".into()),
        several => trace.rules.push(format!("{several} candidates that match less surely are set aside")),
    }
    verified
}

/// Where a module is chosen, its records alone; otherwise contacts; only without them open leads; only without those closed ones (R2.11, R2.13, R2.16, R2.20).
fn of_first_group<'a>(mut verified: Vec<Verified<'a>>, trace: &mut Trace) -> Vec<Verified<'a>> {
    for group in [Group::Chosen, Group::Contact, Group::OpenLead, Group::ClosedLead] {
        match verified.iter().filter(|found| found.group == group).count() {
            0 if group == Group::Chosen => {}
            0 => trace.rules.push(format!("no {} matches", group.words())),
            count => {
                trace.rules.push(match count {
                    1 => format!("one {} matches", group.words()),
                    _ => format!("{count} {}s match", group.words()),
                });
                verified.retain(|found| found.group == group);
                return verified;
            }
        }
    }
    verified
}

/// The stage that the chosen closed lead gets (R2.17).
fn reopen(question: &Question<'_>, trace: &mut Trace) -> Option<String> {
    let status = question.settings.reopened_status(question.org);
    trace.rules.push(match &status {
        Some(status) => format!("the closed lead is reopened to \"{status}\""),
        None => "the closed lead stays closed".into(),
    });
    status
}

fn nobody(question: &Question<'_>, successors: &Successors, trace: &mut Trace) -> Decision {
    let reachable = question.phones.iter().any(phone::linkable) || !question.emails.is_empty();
    if !reachable {
        trace.rules.push("the person has neither phone nor e-mail; nothing can be found or made by".into());
        return Decision::Hold(HoldReason::NoAddress);
    }
    if let Some(lost) = successors.lost.first() {
        let module = lost.module.name();
        trace.rules.push(format!("the matching record became {module} {}, which is gone or hidden", lost.id));
        return Decision::Hold(HoldReason::NoPermission);
    }
    if let Some(module) = question.settings.new_module() {
        trace.rules.push(format!("nobody matches; a new {} is made", module.name()));
        Decision::Create(module)
    } else {
        trace.rules.push("nobody matches and creating is switched off".into());
        Decision::Hold(HoldReason::NoRecord)
    }
}
