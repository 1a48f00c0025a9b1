//! The org's API limit: at it, everything waits, says so, and drains by itself.

use std::time::Duration;

use causeway_core::{
    lane::{HoldReason, Who},
    receipt::State,
};
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    at_the_limit_messages_wait_and_drain_by_themselves_in_order,
    a_limit_that_is_hit_between_people_and_tasks_repeats_nothing,
    a_share_of_the_limit_is_left_to_others,
    more_limit_than_expected_is_used_as_soon_as_it_is_there,
    an_api_that_is_switched_off_delays_and_does_not_drop,
);

/// R3.36, X17
async fn at_the_limit_messages_wait_and_drain_by_themselves_in_order(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    world.sim("POST", "usage", json!({"used": 100_000})).await;
    for number in 1..=4 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(Duration::from_mins(3)).await;
    }
    assert_eq!(world.texts().await, ["text 0"]);
    assert_eq!(world.state_of("wamid.1").await, "due");
    let connection = world.connection().await;
    assert_eq!(connection.wait_reason.as_deref(), Some("limit_reached"));
    assert!(connection.wait_until.is_some_and(|until| until > world.app.now()));
    let delivery = world.delivery("wamid.1").await;
    assert_eq!(delivery.state, State::Held);
    let held = delivery.held.unwrap();
    assert_eq!((held.reason, held.who), (HoldReason::LimitReached, Who::Nobody));
    assert!(held.until.is_some_and(|until| until.0 > world.app.now()), "{held:?}");
    let before = world.calls("/services/data").await;
    world.rest(Duration::from_mins(15), Duration::from_hours(6)).await;
    let asked = world.calls("/services/data").await - before;
    assert!(asked <= 6 * 12, "one small question now and then, not {asked}");
    world.rest(Duration::from_mins(30), Duration::from_hours(20)).await;
    let expected: Vec<_> = (0..=4).map(|number| format!("text {number}")).collect();
    assert_eq!(world.texts().await, expected);
    assert_eq!(world.connection().await.wait_reason, None);
}

/// X17
async fn a_limit_that_is_hit_between_people_and_tasks_repeats_nothing(place: Place) {
    let world = World::new(place).await;
    let fault = json!({"kind": "limit_exhausted", "path": "composite/sobjects", "after": 1, "times": 1});
    world.fault(fault).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.records("Lead").await.len(), 1);
    assert!(world.texts().await.is_empty());
    world.rest(Duration::from_mins(5), Duration::from_mins(30)).await;
    assert_eq!(world.records("Lead").await.len(), 1);
    assert_eq!(world.texts().await, ["hello"]);
}

/// X17
async fn a_share_of_the_limit_is_left_to_others(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.sim("POST", "usage", json!({"used": 900})).await;
    // What was told last is 100,000 a day: the first answer tells that it is 1,000, and nothing more leaves.
    world.hear(&hanako(), "wamid.1", "text 1").await;
    world.hear(&hanako(), "wamid.2", "text 2").await;
    world.hear(&hanako(), "wamid.3", "text 3").await;
    assert_eq!(world.texts().await, ["text 0"]);
    assert_eq!(world.connection().await.wait_reason.as_deref(), Some("limit_reached"));
    world.rest(Duration::from_mins(30), Duration::from_hours(26)).await;
    assert_eq!(world.texts().await, ["text 0", "text 1", "text 2", "text 3"]);
}

/// X17
async fn more_limit_than_expected_is_used_as_soon_as_it_is_there(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "usage", json!({"used": 100_000})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert!(world.texts().await.is_empty());
    world.sim("POST", "options", json!({"daily_limit": 200_000})).await;
    world.rest(Duration::from_mins(5), Duration::from_mins(30)).await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// R1.6, X17
async fn an_api_that_is_switched_off_delays_and_does_not_drop(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"api_enabled": false})).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(Duration::from_mins(20)).await;
    }
    assert!(world.texts().await.is_empty());
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::NoApiAccess);
    world.sim("POST", "options", json!({"api_enabled": true})).await;
    world.rest(Duration::from_mins(5), Duration::from_mins(30)).await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
}
