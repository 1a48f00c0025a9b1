//! An org with 20 calls left, and 100,000 people whom it does not know.

use super::is_wanted;
use crate::{journeys::shortage, store::engine::Place};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_with_twenty_calls_left_gets_what_a_hundred_thousand_unknown_people_said_after_the_reset() {
    if is_wanted() {
        let took = shortage::show(Place::sqlite(), 100_000).await;
        println!("shortage: {took}");
    }
}
