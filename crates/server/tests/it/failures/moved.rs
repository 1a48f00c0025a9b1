//! A record that is merged or converted takes what was written on it along, also what nobody heard of.

use std::time::Duration;

use serde_json::{Value, json};

use super::story::{Story, calm, number, set_clocks, states};
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    what_nobody_heard_of_is_found_on_the_record_that_a_merge_left,
    what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became,
);

async fn what_nobody_heard_of_is_found_on_the_record_that_a_merge_left(place: Place) {
    let world = World::new(place).await;
    let before = Story::know(&world, 0).await;
    lose_an_answer(&world, async || {
        let other = json!({"LastName": "Person 0", "Phone": format!("+{}", number(0))});
        let winner = world.seed("Contact", other).await;
        world.sim("POST", "merge", json!({"winner": winner, "loser": before})).await;
    })
    .await;
}

async fn what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became(place: Place) {
    let world = World::new(place).await;
    let lead = json!({"LastName": "Person 0", "Company": "Acme", "Phone": format!("+{}", number(0))});
    let lead = world.seed("Lead", lead).await;
    lose_an_answer(&world, async || {
        world.sim("POST", "convert", json!({"lead": lead})).await;
    })
    .await;
}

/// The answer to a creation is lost. Before anybody looks for it, its record moves.
async fn lose_an_answer(world: &World, moves: impl AsyncFnOnce()) {
    let mut story = Story::default();
    let lost = json!({"kind": "commit_then_cut", "path": "composite/sobjects", "object": "Task", "times": 1});
    world.sim("POST", "faults", lost).await;
    story.tell(world, &[0, 0]).await;
    world.settle().await;
    assert_eq!(world.sim("GET", "counters", Value::Null).await["cuts"], 1);
    moves().await;
    // Days later: the server was away, and is the first to look.
    set_clocks(world, world.app.now() + 3 * 86_400_000_000);
    calm(world, &world.app, Duration::from_hours(1)).await;
    let tasks = world.records("Task").await;
    let say =
        |text: &&str| tasks.iter().filter(|task| task["Description"].to_string().contains(*text)).count();
    let counts: Vec<usize> = story.texts().map(|text| say(&text)).collect();
    assert_eq!(counts, [1, 1], "{tasks:#?}");
    assert_eq!(states(world).await, [(("written".to_owned(), String::new()), 2)].into());
}
