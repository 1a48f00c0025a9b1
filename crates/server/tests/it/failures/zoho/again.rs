//! What is tried on Salesforce, again on Zoho CRM: clocks that jump, changes midway, records that move, links made by hand, a
//! database in trouble.

use crate::{
    failures::{
        by_hand::link_at_every_request,
        clocks::{come_true_late_as_a_clock_jumps, jump_at_every_request},
        database::at_every_request,
        ground::Ground,
        midway::{choose_at_every_request, come_true_late, edit_at_every_request, lose_twice},
        moved::{convert_after_a_lost_answer, merge_after_a_lost_answer},
    },
    store::engine::{Place, on_both_engines},
};

on_both_engines!(
    a_clock_that_jumps_between_two_requests_loses_and_repeats_nothing,
    a_creation_that_comes_true_late_is_not_repeated_because_a_clock_jumped,
    an_edit_at_any_request_reaches_the_note,
    an_edit_at_any_request_reaches_the_note_of_its_message,
    another_frequency_at_any_request_loses_and_repeats_nothing,
    an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one,
    an_old_revision_of_a_messages_note_that_comes_true_late_does_not_stand_over_a_newer_one,
    each_lost_answer_begins_the_ten_minutes_anew,
    what_nobody_heard_of_is_found_on_the_record_that_a_merge_left,
    a_note_for_a_message_that_nobody_heard_of_is_found_on_the_record_that_a_merge_left,
    what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became,
    a_link_made_by_hand_during_any_request_stands,
    a_database_in_trouble_at_any_request_loses_and_repeats_nothing,
);

async fn a_clock_that_jumps_between_two_requests_loses_and_repeats_nothing(place: Place) {
    jump_at_every_request(place, Ground::Days).await;
}

async fn a_creation_that_comes_true_late_is_not_repeated_because_a_clock_jumped(place: Place) {
    come_true_late_as_a_clock_jumps(place, Ground::Days).await;
}

async fn an_edit_at_any_request_reaches_the_note(place: Place) {
    edit_at_every_request(place, Ground::Days).await;
}

async fn an_edit_at_any_request_reaches_the_note_of_its_message(place: Place) {
    edit_at_every_request(place, Ground::Notes).await;
}

async fn another_frequency_at_any_request_loses_and_repeats_nothing(place: Place) {
    choose_at_every_request(place, Ground::Notes).await;
}

async fn an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one(place: Place) {
    come_true_late(place, Ground::Days).await;
}

async fn an_old_revision_of_a_messages_note_that_comes_true_late_does_not_stand_over_a_newer_one(
    place: Place,
) {
    come_true_late(place, Ground::Notes).await;
}

async fn each_lost_answer_begins_the_ten_minutes_anew(place: Place) {
    lose_twice(place, Ground::Days).await;
}

async fn what_nobody_heard_of_is_found_on_the_record_that_a_merge_left(place: Place) {
    merge_after_a_lost_answer(place, Ground::Days).await;
}

async fn a_note_for_a_message_that_nobody_heard_of_is_found_on_the_record_that_a_merge_left(place: Place) {
    merge_after_a_lost_answer(place, Ground::Notes).await;
}

async fn what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became(place: Place) {
    convert_after_a_lost_answer(place, Ground::Both).await;
}

async fn a_link_made_by_hand_during_any_request_stands(place: Place) {
    link_at_every_request(place, Ground::Both).await;
}

async fn a_database_in_trouble_at_any_request_loses_and_repeats_nothing(place: Place) {
    at_every_request(place, Ground::Days).await;
}
