//! What a receipt says in every state that an entry can be in.

use super::{EntryFacts, Facts, Held, State, judge};
use crate::{
    lane::{HoldReason, Who},
    record::{Module, RecordRef},
    time::{Timestamp, Zone},
};

fn at() -> Timestamp {
    Timestamp::parse("2026-01-02T03:04:05Z").expect("an instant")
}

fn due() -> Facts {
    Facts {
        entry: EntryFacts::Due(at()),
        person: Some(RecordRef { module: Module::Lead, id: "l".into() }),
        connection_hold: None,
        is_paused: false,
        is_unknown: false,
    }
}

fn said(facts: &Facts, has_record: bool) -> (State, String, Option<Held>) {
    judge(facts, has_record, &Zone::named("Asia/Tokyo").expect("a zone"))
}

#[test]
fn a_message_whose_record_is_not_known_yet_is_received() {
    let facts = Facts { person: None, ..due() };
    assert_eq!(
        said(&facts, false),
        (State::Received, "received; its record is being looked for".into(), None)
    );
}

#[test]
fn a_message_whose_record_is_known_is_matched_and_says_when_it_is_written() {
    let sentence = "to be written at 2026-01-02 12:04:05 +09:00".to_owned();
    assert_eq!(said(&due(), false), (State::Matched, sentence, None));
}

#[test]
fn a_lost_answer_is_being_checked_and_says_when() {
    let (state, sentence, held) = said(&Facts { is_unknown: true, ..due() }, false);
    assert_eq!((state, held), (State::Checking, None));
    assert!(sentence.ends_with("asked again at 2026-01-02 12:04:05 +09:00"), "{sentence}");
}

#[test]
fn what_is_in_step_is_written() {
    let facts = Facts { entry: EntryFacts::Written, ..due() };
    assert_eq!(said(&facts, true), (State::Written, "written".into(), None));
}

#[test]
fn a_written_message_with_an_edit_on_its_way_stays_written() {
    assert_eq!(said(&due(), true), (State::Written, "written; a change follows".into(), None));
}

#[test]
fn a_rule_that_leaves_a_message_out_is_named() {
    let facts = Facts { entry: EntryFacts::Skipped("groups are kept".into()), ..due() };
    assert_eq!(said(&facts, false), (State::Skipped, "left out: groups are kept".into(), None));
}

#[test]
fn a_hold_says_why_who_can_act_and_what_they_can_do() {
    let entry =
        EntryFacts::Held(HoldReason::RequiredField, Who::WorkspaceAdmin, "Lead demands Industry".into());
    let (state, sentence, held) = said(&Facts { entry, ..due() }, false);
    let held = held.expect("a hold");
    assert_eq!(state, State::Held);
    assert_eq!(sentence, "the CRM demands a field that has no value: Lead demands Industry");
    assert_eq!((held.reason, held.who, held.until), (HoldReason::RequiredField, Who::WorkspaceAdmin, None));
    assert_eq!(held.detail, "Lead demands Industry");
    assert!(held.action.contains("retry"));
}

#[test]
fn a_hold_without_more_words_says_only_why() {
    let entry = EntryFacts::Held(HoldReason::NoRecord, Who::CrmUser, String::new());
    let (_, sentence, _) = said(&Facts { entry, ..due() }, false);
    assert_eq!(sentence, "nobody in the CRM matches this person and creating is switched off");
}

#[test]
fn a_stopped_connection_holds_what_is_due_and_says_until_when() {
    let limit = (HoldReason::LimitReached, Who::Nobody, "15000 of 15000".to_owned(), Some(at()));
    let facts = Facts { connection_hold: Some(limit), ..due() };
    let (state, _, held) = said(&facts, false);
    assert_eq!((state, held.and_then(|held| held.until)), (State::Held, Some(at())));
    let written = Facts { entry: EntryFacts::Written, ..facts.clone() };
    assert_eq!(said(&written, true).0, State::Written, "what is written stays written");
}

#[test]
fn an_entrys_own_hold_goes_before_the_connections() {
    let connection_hold = Some((HoldReason::GrantLost, Who::WorkspaceAdmin, String::new(), None));
    let entry = EntryFacts::Held(HoldReason::ValueRefused, Who::CrmAdmin, String::new());
    let held = said(&Facts { entry, connection_hold, ..due() }, false).2.expect("a hold");
    assert_eq!(held.reason, HoldReason::ValueRefused);
}

#[test]
fn a_paused_integration_holds_what_is_due() {
    let held = said(&Facts { is_paused: true, is_unknown: true, ..due() }, false).2.expect("a hold");
    assert_eq!((held.reason, held.who), (HoldReason::Paused, Who::WorkspaceAdmin));
}

#[test]
fn states_and_reasons_are_words_that_programs_can_rely_on() {
    let word = |state: State| serde_json::to_value(state).expect("json");
    let states =
        [State::Received, State::Matched, State::Checking, State::Written, State::Held, State::Skipped];
    assert_eq!(states.map(word), ["received", "matched", "checking", "written", "held", "skipped"]);
    assert_eq!(serde_json::to_value(HoldReason::NoRecord).expect("json"), "no_record");
}
