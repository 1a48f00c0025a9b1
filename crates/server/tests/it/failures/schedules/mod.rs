//! Schedules by chance: traffic, faults, crashes, clocks, and people who change the org meanwhile, drawn from a seed. After
//! the faults stop, every acknowledged message is written exactly once, on a record that the rules allow, in order, or is
//! held with a true reason.
//!
//! On SQLite a seed is the same story whenever it is played:
//! `CAUSEWAY_TEST_SEED=17 cargo test -p causeway --test it failures::schedules::one` tells it, cut down to the steps
//! without which nothing goes wrong. On PostgreSQL two nodes work at once where a schedule says so, and it need not be.

mod chance;
mod draw;
mod hands;
mod judge;
mod mortal;
mod order;
mod play;
pub mod run;
mod script;
pub mod stage;
mod told;

use causeway::app::Safety;

use self::{
    play::play,
    run::{Switched, play_all, tell_one},
    stage::Arena,
};

#[tokio::test]
async fn two_hundred_on_sqlite() {
    play_all("schedules", &mut Arena::sqlite(), 0..200).await;
}

#[tokio::test]
async fn two_hundred_on_postgres() {
    play_all("schedules", &mut Arena::postgres(), 10_000..10_200).await;
}

/// The one that `CAUSEWAY_TEST_SEED` names, told step by step.
#[tokio::test]
async fn one() {
    if let Ok(seed) = std::env::var("CAUSEWAY_TEST_SEED") {
        tell_one(&mut Arena::sqlite(), seed.parse().expect("a seed is a number")).await;
    }
}

#[tokio::test]
async fn the_same_seed_asks_the_org_the_same_and_leaves_the_same() {
    let mut arena = Arena::sqlite();
    for seed in 300..312 {
        let schedule = draw::draw(seed);
        let first = play(&mut arena, &schedule, Safety::default(), false).await;
        let second = play(&mut arena, &schedule, Safety::default(), false).await;
        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
}

#[tokio::test]
async fn without_recorded_attempts_the_same_schedules_lose_or_repeat_messages() {
    let safety = Safety { records_attempts: false, ..Safety::default() };
    run::compare(&mut Arena::sqlite(), Switched { what: "attempts are not recorded", safety }).await;
}

#[tokio::test]
async fn without_the_dedupe_mark_the_same_schedules_lose_or_repeat_messages() {
    let safety = Safety { keeps_dedupe_mark: false, ..Safety::default() };
    run::compare(&mut Arena::sqlite(), Switched { what: "repeats are not recognised", safety }).await;
}

#[tokio::test]
async fn without_the_settling_time_the_same_schedules_lose_or_repeat_messages() {
    let safety = Safety { waits_to_settle: false, ..Safety::default() };
    run::compare(&mut Arena::sqlite(), Switched { what: "\"not there\" is believed at once", safety }).await;
}
