//! Answers that are lost after the org has done what was asked, for people and for entries, at several widths of a
//! batch, with the org's external-id field and with the token alone.

use std::time::Duration;

use causeway::app::Safety;
use serde_json::{Value, json};

use super::{
    ground::Ground,
    story::{Findings, Story, calm, cuts},
    tally::{Chapter, Tally, stuck},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World, crm::Asking},
};

/// Messages that fall due at once, and how many answers are cut at that width.
const QUOTA: [(usize, u64); 3] = [(1, 56), (7, 40), (200, 6)];

// With the field and without it, on each engine.
const _: () = assert!(2 * (QUOTA[0].1 + QUOTA[1].1 + QUOTA[2].1) >= 200);

on_both_engines!(
    one_by_one_with_a_field_nothing_is_written_twice,
    one_by_one_with_a_token_nothing_is_written_twice,
    by_sevens_with_a_field_nothing_is_written_twice,
    by_sevens_with_a_token_nothing_is_written_twice,
    by_two_hundreds_with_a_field_nothing_is_written_twice,
    by_two_hundreds_with_a_token_nothing_is_written_twice,
    without_recorded_attempts_the_same_run_writes_twice,
);

async fn one_by_one_with_a_field_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Field, QUOTA[0]).await;
}

async fn one_by_one_with_a_token_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Token, QUOTA[0]).await;
}

async fn by_sevens_with_a_field_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Field, QUOTA[1]).await;
}

async fn by_sevens_with_a_token_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Token, QUOTA[1]).await;
}

async fn by_two_hundreds_with_a_field_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Field, QUOTA[2]).await;
}

async fn by_two_hundreds_with_a_token_nothing_is_written_twice(place: Place) {
    lose(place, Ground::Token, QUOTA[2]).await;
}

/// What the record of attempts is for, and that this test would notice.
async fn without_recorded_attempts_the_same_run_writes_twice(place: Place) {
    let setting =
        Setting { safety: Safety { records_attempts: false, ..Safety::default() }, ..Setting::default() };
    let (world, story, findings) = run(place, setting, Story::default(), (7, 20)).await;
    assert!(findings.doubled.len() >= 20, "{findings:?}");
    let mut tally = Tally::open("lost-answers-without-attempts", Chapter::SwitchedOff, &world.place);
    let case = ("the answer is lost after the commit", "writing, attempts not recorded");
    tally.note(case, cuts(&world).await, &findings, stuck(&story, &world).await);
}

/// So many answers are lost, at that width of a wave.
pub async fn lose(place: Place, ground: Ground, quota: (usize, u64)) {
    let (world, story, findings) = run(place, ground.setting(), ground.story(), quota).await;
    let cuts = cuts(&world).await;
    assert!(cuts >= quota.1);
    let key = if ground.has_field() { "an external-id field" } else { ground.words() };
    let name = format!("lost-answers-{}-with-{}", quota.0, ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Requests), &world.place);
    let place = format!("writing, {} messages at once, {key}", quota.0);
    tally.note(("the answer is lost after the commit", &place), cuts, &findings, stuck(&story, &world).await);
    tally.end();
}

/// Posts waves of so many messages until so many answers were cut, then lets everything come to rest.
async fn run(
    place: Place,
    setting: Setting,
    mut story: Story,
    (width, quota): (usize, u64),
) -> (World, Story, Findings) {
    let world = World::with(place, setting).await;
    let fault = json!({"kind": "commit_then_cut", "probability": 0.6, "seed": 5});
    world.curtain().strike(fault, Asking::Writes).await;
    let mut wave = 0;
    while cuts(&world).await < quota {
        // Each wave brings a stranger, a new contact, and people of earlier waves.
        Story::know(&world, 2 * wave).await;
        let writers: Vec<usize> = (0..width).map(|place| (2 * wave + 1).saturating_sub(place % 12)).collect();
        story.tell(&world, &writers).await;
        calm(&world, &world.app, Duration::from_mins(30)).await;
        wave += 1;
        assert!(wave < 200, "too few answers are cut");
    }
    world.sim("DELETE", "faults", Value::Null).await;
    calm(&world, &world.app, Duration::from_hours(1)).await;
    let findings = story.findings(&world).await;
    (world, story, findings)
}
