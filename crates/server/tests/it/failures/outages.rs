//! Trouble of the whole connection, however long: nothing counts it as a failure of its own, everybody can see it,
//! and what waits follows by itself.

use std::time::Duration;

use causeway::receipts;
use causeway_core::{
    lane::{HoldReason, Who},
    receipt::State,
};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, World},
};

on_both_engines!(
    after_an_outage_of_hours_a_lead_that_was_converted_meanwhile_is_followed,
    an_org_that_does_not_answer_is_left_alone_for_a_while,
    a_right_to_read_that_is_taken_away_is_named_and_what_waits_follows_when_it_is_back,
);

async fn hear(world: &World, id: &str, text: &str) {
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    world.post(vec![world.sender.text(&customer, id, START, text)]).await;
    world.settle().await;
}

async fn state(world: &World, id: &str) -> (State, Option<(HoldReason, Who)>) {
    let receipt = receipts::of_message(&world.app, None, id).await.unwrap().remove(0);
    let delivery = &receipt.deliveries[0];
    (delivery.state, delivery.held.as_ref().map(|held| (held.reason, held.who)))
}

async fn after_an_outage_of_hours_a_lead_that_was_converted_meanwhile_is_followed(place: Place) {
    let world = World::new(place).await;
    hear(&world, "wamid.1", "hello").await;
    let lead = world.records("Lead").await[0]["Id"].as_str().unwrap().to_owned();
    world.sim("POST", "faults", json!({"kind": "unavailable", "path": "composite", "times": 100_000})).await;
    hear(&world, "wamid.2", "are you there?").await;
    world.rest(Duration::from_mins(2), Duration::from_hours(3)).await;
    assert_eq!(state(&world, "wamid.2").await.1, Some((HoldReason::Unreachable, Who::Nobody)));
    world.sim("POST", "convert", json!({"lead": lead})).await;
    world.sim("DELETE", "faults", Value::Null).await;
    world.rest(Duration::from_mins(2), Duration::from_mins(30)).await;
    assert_eq!(state(&world, "wamid.2").await, (State::Written, None));
    let contact = world.records("Contact").await[0]["Id"].clone();
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 2);
    assert_eq!(tasks[1]["WhoId"], contact);
}

async fn an_org_that_does_not_answer_is_left_alone_for_a_while(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "faults", json!({"kind": "cut_before", "path": "composite", "times": 100_000})).await;
    world.sim("DELETE", "counters", Value::Null).await;
    hear(&world, "wamid.1", "hello").await;
    for _ in 0..60 {
        world.after(Duration::from_secs(1)).await;
    }
    let asked = world.sim("GET", "counters", Value::Null).await["requests"].as_u64().unwrap();
    assert!(asked <= 10, "{asked} requests within a minute");
}

async fn a_right_to_read_that_is_taken_away_is_named_and_what_waits_follows_when_it_is_back(place: Place) {
    let world = World::new(place).await;
    let gone = json!({"user": "*", "no_read": ["Contact", "Lead"]});
    world.sim("POST", "permissions", gone).await;
    let id = world.connection_id;
    world
        .app
        .db
        .write(move |tx| Box::pin(causeway::store::connection::forget_profile(tx, id)))
        .await
        .unwrap();
    hear(&world, "wamid.1", "hello").await;
    assert_eq!(
        state(&world, "wamid.1").await,
        (State::Held, Some((HoldReason::NoPermission, Who::CrmAdmin)))
    );
    world.sim("POST", "permissions", json!({"user": "*"})).await;
    world.rest(Duration::from_mins(5), Duration::from_mins(30)).await;
    assert_eq!(state(&world, "wamid.1").await, (State::Written, None));
}
