//! The dearest cases of the fault suite again, in an org whose administrator added a field for our key: there a repeat
//! writes the same record, so they can do less harm than with a token, which every build tries.

use super::is_wanted;
use crate::{
    failures::{
        clocks::jump_at_every_request, database::at_every_request, ground::Ground,
        meddling::meddle_with_a_field,
    },
    store::engine::{Place, on_both_engines},
};

on_both_engines!(
    whatever_people_change_in_an_org_with_a_field_nothing_is_lost_or_repeated,
    a_clock_that_jumps_between_two_requests_to_an_org_with_a_field_loses_and_repeats_nothing,
    a_disk_that_fills_up_at_any_request_to_an_org_with_a_field_loses_and_repeats_nothing,
);

async fn whatever_people_change_in_an_org_with_a_field_nothing_is_lost_or_repeated(place: Place) {
    if is_wanted() {
        meddle_with_a_field(place).await;
    }
}

async fn a_clock_that_jumps_between_two_requests_to_an_org_with_a_field_loses_and_repeats_nothing(
    place: Place,
) {
    if is_wanted() {
        jump_at_every_request(place, Ground::Field).await;
    }
}

async fn a_disk_that_fills_up_at_any_request_to_an_org_with_a_field_loses_and_repeats_nothing(place: Place) {
    if is_wanted() {
        at_every_request(place, Ground::Field).await;
    }
}
