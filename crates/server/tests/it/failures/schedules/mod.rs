//! Schedules by chance: traffic, faults, crashes, clocks, and people who change the org meanwhile, drawn from a seed. After
//! the faults stop, every acknowledged message is written exactly once, on a record that the rules allow, in order, or is
//! held with a true reason.
//!
//! On SQLite a seed is the same story whenever it is played:
//! `CAUSEWAY_TEST_SEED=17 cargo test -p causeway --test it failures::schedules::one` tells it, cut down to the steps
//! without which nothing goes wrong. On PostgreSQL two nodes work at once where a schedule says so, and it need not be.
//! On Zoho CRM a seed tells much the same story: `failures::schedules::zoho::one`.

mod chance;
mod draw;
mod hands;
mod judge;
mod liar;
mod mortal;
mod order;
mod play;
pub mod run;
mod script;
pub mod stage;
mod told;
mod zoho;

use causeway::app::Safety;

use self::{
    liar::Lie,
    play::play,
    run::{Noticed, Switched, play_all, tell_one},
    stage::Arena,
};
use crate::world::crm::SALESFORCE;

#[tokio::test]
async fn two_hundred_on_sqlite() {
    play_all("schedules", &mut Arena::sqlite(SALESFORCE), 0..200).await;
}

#[tokio::test]
async fn two_hundred_on_postgres() {
    play_all("schedules", &mut Arena::postgres(SALESFORCE), 10_000..10_200).await;
}

/// The one that `CAUSEWAY_TEST_SEED` names, told step by step.
#[tokio::test]
async fn one() {
    tell(&mut Arena::sqlite(SALESFORCE)).await;
}

async fn tell(arena: &mut Arena) {
    if let Ok(seed) = std::env::var("CAUSEWAY_TEST_SEED") {
        tell_one(arena, seed.parse().expect("a seed is a number")).await;
    }
}

#[tokio::test]
async fn the_same_seed_asks_the_org_the_same_and_leaves_the_same() {
    play_twice(&mut Arena::sqlite(SALESFORCE)).await;
}

async fn play_twice(arena: &mut Arena) {
    for seed in 300..312 {
        let schedule = draw::draw(seed, arena.crm);
        let first = play(arena, &schedule, Safety::default(), false).await;
        let second = play(arena, &schedule, Safety::default(), false).await;
        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
}

/// With one safety device switched off, messages or people are lost or doubled.
async fn without(what: &'static str, safety: Safety) {
    let noticed: Noticed = |found, _| found.missing.len() + found.doubled.len() + found.people_doubled.len();
    run::compare(&mut Arena::sqlite(SALESFORCE), Switched { what, safety, lie: None, noticed }).await;
}

/// With somebody who falsifies what is written, just that is noticed.
async fn falsified(what: &'static str, lie: Lie, noticed: Noticed) {
    let safety = Safety::default();
    run::compare(&mut Arena::sqlite(SALESFORCE), Switched { what, safety, lie: Some(lie), noticed }).await;
}

#[tokio::test]
async fn without_recorded_attempts_the_same_schedules_lose_or_repeat_messages() {
    without("attempts are not recorded", Safety { records_attempts: false, ..Safety::default() }).await;
}

#[tokio::test]
async fn without_the_dedupe_mark_the_same_schedules_lose_or_repeat_messages() {
    without("repeats are not recognised", Safety { keeps_dedupe_mark: false, ..Safety::default() }).await;
}

#[tokio::test]
async fn without_the_settling_time_the_same_schedules_lose_or_repeat_messages() {
    without("\"not there\" is believed at once", Safety { waits_to_settle: false, ..Safety::default() })
        .await;
}

#[tokio::test]
async fn entries_that_are_written_in_another_order_are_noticed() {
    falsified("entries are written backwards", Lie::Order, |found, _| found.disordered.len()).await;
}

#[tokio::test]
async fn entries_that_stand_on_another_persons_record_are_noticed() {
    falsified("entries are written on the next person's record", Lie::Record, |found, _| {
        found.misplaced.len()
    })
    .await;
}

#[tokio::test]
async fn a_hold_whose_reason_is_not_the_case_is_noticed() {
    falsified("an entry is held for a right that nobody took away", Lie::Reason, |_, stuck| stuck).await;
}
