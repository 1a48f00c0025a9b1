//! A record that is merged or converted takes what was written on it along, also what nobody heard of.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    ground::Ground,
    story::{Story, calm, number, set_clocks},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

on_both_engines!(
    what_nobody_heard_of_is_found_on_the_record_that_a_merge_left,
    what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became,
);

async fn what_nobody_heard_of_is_found_on_the_record_that_a_merge_left(place: Place) {
    merge_after_a_lost_answer(place, Ground::Token).await;
}

/// The same on any ground.
pub async fn merge_after_a_lost_answer(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let before = Story::know(&world, 0).await;
    lose_an_answer(&world, ground, async || {
        let winner = Story::know(&world, 0).await;
        world.sim("POST", "merge", json!({"winner": winner, "loser": before})).await;
    })
    .await;
}

async fn what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became(place: Place) {
    convert_after_a_lost_answer(place, Ground::Token).await;
}

/// The same on any ground on which people are leads, too.
pub async fn convert_after_a_lost_answer(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let [_, leads] = world.org.crm().people();
    let [_, last, phone, ..] = world.org.crm().person_fields();
    let lead = json!({(last): "Person 0", "Company": "Acme", (phone): format!("+{}", number(0))});
    let lead = world.seed(leads, lead).await;
    lose_an_answer(&world, ground, async || {
        world.sim("POST", "convert", json!({"lead": lead})).await;
    })
    .await;
}

/// The answer to a creation is lost. Before anybody looks for it, its record moves.
async fn lose_an_answer(world: &World, ground: Ground, moves: impl AsyncFnOnce()) {
    let mut story = ground.story();
    let lost = json!({"kind": "commit_then_cut", "times": 1});
    world.curtain().strike(lost, Asking::WritesEntries).await;
    story.tell(world, &[0, 0]).await;
    world.settle().await;
    assert_eq!(world.sim("GET", "counters", Value::Null).await["cuts"], 1);
    moves().await;
    // Days later: the server was away, and is the first to look.
    set_clocks(world, world.app.now() + 3 * 86_400_000_000);
    calm(world, &world.app, Duration::from_hours(1)).await;
    let entries = world.entries().await;
    let say = |text: &str| entries.iter().filter(|entry| entry.body.contains(text)).count();
    let counts: Vec<usize> = story.texts().map(say).collect();
    assert_eq!(counts, [1, 1], "{entries:#?}");
    story.check_all_written(world, "days later").await;
}
