//! Every fault at every request that writes, three times in a row: what a build has no time for.

use super::is_wanted;
use crate::{
    failures::every_fault::strike,
    store::engine::{Place, on_both_engines},
};

on_both_engines!(three_times_in_a_row_with_a_token, three_times_in_a_row_with_a_field);

async fn three_times_in_a_row_with_a_token(place: Place) {
    if is_wanted() {
        strike(place, false, 3).await;
    }
}

async fn three_times_in_a_row_with_a_field(place: Place) {
    if is_wanted() {
        strike(place, true, 3).await;
    }
}
