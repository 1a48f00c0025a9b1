//! What people change in a Zoho org between any two of our requests.

use crate::{
    failures::{
        ground::Ground,
        meddling::{Answer, Deed, meddle},
    },
    store::engine::{Place, on_both_engines},
};

/// Fields of notes can neither be hidden nor changed there, and no field takes our key.
const EVERYTHING: [Deed; 9] = [
    Deed::DeletePerson,
    Deed::MergePerson,
    Deed::ConvertLead,
    Deed::DeleteEntry,
    Deed::WithdrawPermission,
    Deed::WithdrawApi,
    Deed::DeactivateOwner,
    Deed::RemoveSource,
    Deed::Throttle,
];

on_both_engines!(
    whatever_people_change_between_two_requests_nothing_is_lost_or_repeated,
    whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated,
);

async fn whatever_people_change_between_two_requests_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, Ground::Both, Answer::Comes, &EVERYTHING).await;
}

async fn whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, Ground::Both, Answer::Lost, &EVERYTHING).await;
}
