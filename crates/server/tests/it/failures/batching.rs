//! Whatever has queued meanwhile goes in few requests.

use causeway::store::connection;
use serde_json::Value;

use super::story::Story;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_thousand_waiting_messages_of_known_people_cost_two_writes_with_a_token,
    a_thousand_waiting_messages_of_known_people_cost_two_writes_with_a_field,
);

async fn a_thousand_waiting_messages_of_known_people_cost_two_writes_with_a_token(place: Place) {
    thousand(place, false).await;
}

async fn a_thousand_waiting_messages_of_known_people_cost_two_writes_with_a_field(place: Place) {
    thousand(place, true).await;
}

async fn thousand(place: Place, has_external_id: bool) {
    const PEOPLE: usize = 50;
    let world = World::with(place, Setting { has_external_id, ..Setting::default() }).await;
    let mut story = Story::default();
    for person in 0..PEOPLE {
        Story::know(&world, person).await;
    }
    // They are known: each has written before, is linked and bears the chat link.
    story.tell(&world, &(0..PEOPLE).collect::<Vec<_>>()).await;
    world.settle().await;
    world.sim("DELETE", "counters", Value::Null).await;
    let before = writes_counted(&world).await;
    for request in 0..10 {
        story.tell(&world, &(0..100).map(|place| (place + request) % PEOPLE).collect::<Vec<_>>()).await;
    }
    world.settle().await;
    story.check_all_written(&world, "a thousand at once").await;
    let counters = world.sim("GET", "counters", Value::Null).await;
    assert!(counters["writes"].as_u64().unwrap() <= 2, "{counters:#}");
    let counted = writes_counted(&world).await - before;
    assert!((1..=2).contains(&counted), "the store counted {counted}");
}

/// Calls that write entries, as the store has counted them.
async fn writes_counted(world: &World) -> i64 {
    let id = world.connection_id;
    let calls = world.app.db.read(move |tx| Box::pin(connection::calls(tx, id))).await.unwrap();
    calls.iter().filter(|(purpose, _)| purpose.starts_with("write")).map(|(_, calls)| calls).sum()
}
