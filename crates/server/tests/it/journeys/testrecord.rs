//! The test record: made on request, and removed again.

use std::time::Duration;

use causeway::lane;
use causeway_core::plan::settings::{ChatSync, Create};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    a_test_lead_is_made_and_removed_again,
    a_test_contact_is_made_where_contacts_are_made,
    a_test_record_whose_answer_is_lost_is_found_and_removed,
    a_test_record_whose_removals_answer_is_lost_is_said_to_be_removed,
    a_refused_test_record_says_why,
    a_test_record_that_may_not_be_removed_is_named,
    a_test_record_that_stayed_behind_is_removed_later,
    a_test_record_that_came_true_late_is_found_and_removed_later,
    what_cannot_be_removed_keeps_no_other_test_record,
    an_org_that_rests_is_not_asked_to_remove_the_next_one,
    a_test_record_has_its_values_in_the_chosen_fields,
);

async fn deleted(world: &World, object: &str) -> Vec<Value> {
    let page = world.sim("GET", &format!("records?object={object}"), Value::Null).await;
    let rows = page["records"].as_array().unwrap().clone();
    rows.into_iter().filter(|row| row["IsDeleted"] == json!(true)).collect()
}

async fn tried(world: &World, settings: &ChatSync) -> lane::TestRecord {
    lane::test_record(&world.app, world.connection_id, settings).await.unwrap()
}

/// R2.42, X18
async fn a_test_lead_is_made_and_removed_again(place: Place) {
    let world = World::new(place).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(tried.is_removed, "{tried:?}");
    assert!(tried.sentence.contains("a test lead was made in Acme Trading and removed again"), "{tried:?}");
    assert!(world.records("Lead").await.is_empty());
    let made = deleted(&world, "Lead").await;
    assert_eq!(made.len(), 1);
    assert_eq!(json!(tried.record_id), made[0]["Id"]);
    assert_eq!(made[0]["OwnerId"], json!(world.user("maya").await));
}

/// R2.42, X18
async fn a_test_contact_is_made_where_contacts_are_made(place: Place) {
    let world = World::new(place).await;
    let settings = ChatSync { create: Create::Contact, ..ChatSync::default() };
    assert!(tried(&world, &settings).await.is_removed);
    assert_eq!(deleted(&world, "Contact").await.len(), 1);
    assert!(world.records("Contact").await.is_empty());
}

/// R2.42
async fn a_test_record_whose_answer_is_lost_is_found_and_removed(place: Place) {
    let world = World::new(place).await;
    let fault =
        json!({"kind": "commit_then_cut", "path": "composite/sobjects", "method": "POST", "times": 1});
    world.fault(fault).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(tried.is_removed, "{tried:?}");
    assert!(world.records("Lead").await.is_empty());
    assert_eq!(deleted(&world, "Lead").await.len(), 1);
}

/// R2.42
async fn a_test_record_whose_removals_answer_is_lost_is_said_to_be_removed(place: Place) {
    let world = World::new(place).await;
    world.fault(json!({"kind": "commit_then_cut", "method": "DELETE", "times": 1})).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(tried.is_removed, "{tried:?}");
    assert!(world.records("Lead").await.is_empty());
}

/// R2.42
async fn a_refused_test_record_says_why(place: Place) {
    let world = World::new(place).await;
    let field = json!({"object": "Lead", "name": "Region__c", "label": "Sales region", "required": true});
    world.sim("POST", "fields", field).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(!tried.is_removed && tried.record_id.is_none());
    assert!(tried.sentence.contains("Region__c"), "{tried:?}");
}

/// R2.42
async fn a_test_record_that_may_not_be_removed_is_named(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": ["Lead"]})).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(!tried.is_removed);
    assert_eq!(json!(tried.record_id), world.records("Lead").await[0]["Id"]);
    assert!(tried.sentence.contains("not removed again"), "{tried:?}");
}

/// R4.23
async fn a_test_record_that_stayed_behind_is_removed_later(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": ["Lead"]})).await;
    assert!(!tried(&world, &ChatSync::default()).await.is_removed);
    world.after(Duration::from_mins(11)).await;
    assert_eq!(world.records("Lead").await.len(), 1, "it still may not");
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": []})).await;
    world.after(Duration::from_mins(30)).await;
    assert_eq!(world.records("Lead").await.len(), 1, "it is looked at once an hour");
    world.after(Duration::from_mins(31)).await;
    assert!(world.records("Lead").await.is_empty());
    assert_eq!(deleted(&world, "Lead").await.len(), 1);
}

/// R4.23
async fn a_test_record_that_came_true_late_is_found_and_removed_later(place: Place) {
    let world = World::new(place).await;
    let late = json!({"kind": "commit_late", "seconds": 400, "times": 1, "path": "composite/sobjects", "object": "Lead"});
    world.fault(late).await;
    let tried = tried(&world, &ChatSync::default()).await;
    assert!(!tried.is_removed && tried.record_id.is_none(), "{tried:?}");
    assert!(tried.sentence.contains("removed by itself"), "{tried:?}");
    world.after(Duration::from_mins(11)).await;
    assert!(world.records("Lead").await.is_empty());
    assert_eq!(deleted(&world, "Lead").await.len(), 1);
}

/// R4.23
async fn what_cannot_be_removed_keeps_no_other_test_record(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": ["Lead", "Contact"]})).await;
    for _ in 0..10 {
        assert!(!tried(&world, &ChatSync::default()).await.is_removed);
    }
    let contact = ChatSync { create: Create::Contact, ..ChatSync::default() };
    assert!(!tried(&world, &contact).await.is_removed);
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": ["Lead"]})).await;
    world.after(Duration::from_mins(11)).await;
    world.after(Duration::from_mins(61)).await;
    assert!(world.records("Contact").await.is_empty(), "the ones before it may not be removed still");
    assert_eq!(world.records("Lead").await.len(), 10);
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": []})).await;
    world.after(Duration::from_mins(61)).await;
    assert!(world.records("Lead").await.is_empty(), "it goes round");
}

/// R4.23, R2.47
async fn an_org_that_rests_is_not_asked_to_remove_the_next_one(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": ["Lead"]})).await;
    for _ in 0..3 {
        assert!(!tried(&world, &ChatSync::default()).await.is_removed);
    }
    world.sim("POST", "permissions", json!({"user": "*", "no_delete": []})).await;
    world.fault(json!({"kind": "limit_exhausted", "method": "DELETE", "times": 3})).await;
    world.sim("DELETE", "counters", Value::Null).await;
    world.after(Duration::from_mins(11)).await;
    let counters = world.sim("GET", "counters", Value::Null).await;
    assert_eq!(counters["requests"], json!(1), "{counters}");
    assert!(world.connection().await.wait_until.is_some());
    world.sim("DELETE", "faults", Value::Null).await;
    world.after(Duration::from_mins(61)).await;
    // With the first message the org is asked whether it takes calls again.
    world.hear(&hanako(), "wamid.1", "hello").await;
    let left = world.records("Lead").await;
    assert_eq!(left.len(), 1, "hers, and no test record: {left:?}");
}

/// R4.13, R4.18, R4.23
async fn a_test_record_has_its_values_in_the_chosen_fields(place: Place) {
    let world = World::new(place).await;
    let settings = ChatSync {
        phone_field: Some("MobilePhone".into()),
        source_field: Some("Title".into()),
        lead_source: "Causeway".into(),
        ..ChatSync::default()
    };
    assert!(tried(&world, &settings).await.is_removed);
    let made = deleted(&world, "Lead").await.remove(0);
    assert_eq!((&made["MobilePhone"], &made["Phone"]), (&json!("+12025550123"), &Value::Null));
    assert_eq!(made["Title"], json!("Causeway"));
}
