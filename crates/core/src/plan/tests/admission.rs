//! Which messages are synced at all, and by which rule one is left out.

use crate::{
    plan::{
        admission::{Facts, admit},
        settings::ChatSync,
    },
    time::Timestamp,
};

const FACTS: Facts =
    Facts { account_id: 1, is_group: false, has_sender: false, is_history: false, at: Timestamp(10) };

fn rule(settings: &ChatSync, facts: Facts) -> &'static str {
    admit(settings, &facts).expect_err("left out")
}

#[test]
fn a_message_of_a_person_is_synced() {
    assert_eq!(admit(&ChatSync::default(), &FACTS), Ok(()));
}

#[test]
fn groups_are_left_out_and_the_rule_is_named() {
    assert!(rule(&ChatSync::default(), Facts { is_group: true, ..FACTS }).contains("group"));
}

#[test]
fn groups_can_be_included_and_then_everybody_who_wrote_there_has_a_record() {
    let included = ChatSync { groups: true, ..ChatSync::default() };
    let in_a_group = Facts { is_group: true, ..FACTS };
    assert_eq!(admit(&included, &Facts { has_sender: true, ..in_a_group }), Ok(()));
    assert!(
        rule(&included, in_a_group).contains("participant"),
        "what is sent to a group is on nobody's record"
    );
}

#[test]
fn an_account_that_was_not_chosen_is_left_out_and_the_rule_is_named() {
    let chosen = ChatSync { accounts: Some(vec![2]), ..ChatSync::default() };
    assert!(rule(&chosen, FACTS).contains("account"));
    assert_eq!(admit(&chosen, &Facts { account_id: 2, ..FACTS }), Ok(()));
}

#[test]
fn what_was_said_before_the_account_was_connected_is_left_out() {
    assert!(
        rule(&ChatSync::default(), Facts { is_history: true, ..FACTS }).contains("account was connected")
    );
}

#[test]
fn what_was_said_before_the_integration_was_set_up_is_left_out() {
    let settings = ChatSync { since: 10, ..ChatSync::default() };
    assert_eq!(admit(&settings, &FACTS), Ok(()), "that instant itself counts");
    assert!(rule(&settings, Facts { at: Timestamp(9), ..FACTS }).contains("integration was set up"));
}
