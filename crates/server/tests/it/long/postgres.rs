//! A PostgreSQL that is killed, for real, while the lane is at work and webhooks come in.

use super::is_wanted;
use crate::failures::{
    gone::{End, go_away},
    tally::{Chapter, Tally},
    trap::Side,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_killed_at_any_request_loses_and_repeats_nothing() {
    if !is_wanted() {
        return;
    }
    let mut tally = Tally::open_on("postgres-killed", Chapter::Kills, "PostgreSQL");
    let case = ("kill -9 of PostgreSQL", "before and after any request, and as webhooks come");
    go_away(&mut tally, case, End::Killed, &[Side::BeforeSending, Side::BeforeHearing]).await;
    tally.end();
}
