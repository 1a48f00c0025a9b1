//! Every fault at every request that writes, three times in a row: what a build has no time for.

use super::is_wanted;
use crate::{
    failures::{every_fault::strike, ground::Ground},
    store::engine::{Place, on_both_engines},
};

on_both_engines!(
    three_times_in_a_row_with_a_token,
    three_times_in_a_row_with_a_field,
    three_times_in_a_row_on_zoho,
    three_times_in_a_row_on_zoho_with_a_note_for_each_message,
);

async fn three_times_in_a_row_with_a_token(place: Place) {
    if is_wanted() {
        strike(place, Ground::Token, 3).await;
    }
}

async fn three_times_in_a_row_with_a_field(place: Place) {
    if is_wanted() {
        strike(place, Ground::Field, 3).await;
    }
}

async fn three_times_in_a_row_on_zoho(place: Place) {
    if is_wanted() {
        strike(place, Ground::Days, 3).await;
    }
}

async fn three_times_in_a_row_on_zoho_with_a_note_for_each_message(place: Place) {
    if is_wanted() {
        strike(place, Ground::Notes, 3).await;
    }
}
