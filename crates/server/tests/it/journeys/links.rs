//! Links last: a stored link is kept, and follows its record wherever that goes.

use causeway_core::{
    plan::settings::{ChatSync, Create},
    receipt::State,
};
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_stored_link_is_kept_even_when_a_better_match_appears,
    a_stored_link_is_kept_when_the_record_loses_its_number,
    a_converted_lead_is_followed_to_its_contact_and_never_reopened,
    a_lead_that_is_converted_after_the_link_is_followed,
    a_contact_that_is_merged_after_the_link_is_followed,
    a_lead_that_was_merged_and_converted_since_is_followed_to_the_end,
    a_record_that_is_deleted_after_the_link_is_matched_again,
    a_receipt_names_the_task_the_person_and_why,
    a_lead_that_is_converted_while_messages_wait_takes_them_to_the_contact_in_order,
);

/// R2.49
async fn a_stored_link_is_kept_even_when_a_better_match_appears(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    let lead = world.whos().await.remove(0);
    world.seed("Contact", json!({"LastName": "Hanako", "Phone": "+819012345678"})).await;
    world.hear(&hanako(), "wamid.2", "second").await;
    assert_eq!(world.whos().await, [lead.clone(), lead]);
}

/// R2.49
async fn a_stored_link_is_kept_when_the_record_loses_its_number(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    let lead = world.whos().await.remove(0);
    world.edit("Lead", &lead, json!({"Phone": null})).await;
    world.hear(&hanako(), "wamid.2", "second").await;
    assert_eq!(world.whos().await, [lead.clone(), lead]);
}

/// R2.22
async fn a_converted_lead_is_followed_to_its_contact_and_never_reopened(place: Place) {
    let world = World::new(place).await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    let lead = world.seed("Lead", lead).await;
    // The contact has another number: only the lead leads to it.
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+81312340000"})).await;
    world.sim("POST", "convert", json!({"lead": lead, "contact": contact})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [contact]);
    let lead = world.record("Lead", &lead).await;
    assert_eq!(lead["Status"], "Closed - Converted");
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.22, R2.49
async fn a_lead_that_is_converted_after_the_link_is_followed(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    let lead = world.whos().await.remove(0);
    let converted = world.sim("POST", "convert", json!({"lead": lead})).await;
    let contact = converted["contact"].as_str().unwrap().to_owned();
    world.hear(&hanako(), "wamid.2", "second").await;
    world.after(std::time::Duration::from_secs(5)).await;
    assert_eq!(world.texts().await, ["first", "second"]);
    assert_eq!(world.whos().await, [contact.clone(), contact]);
    let rules = world.trace_of("wamid.2").await.rules;
    assert!(rules.iter().any(|rule| rule.contains("converted")), "{rules:?}");
}

/// R2.49
async fn a_contact_that_is_merged_after_the_link_is_followed(place: Place) {
    let world = World::new(place).await;
    let loser = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    let winner = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+81312340000"})).await;
    world.sim("POST", "merge", json!({"winner": winner, "loser": loser})).await;
    world.hear(&hanako(), "wamid.2", "second").await;
    world.after(std::time::Duration::from_secs(5)).await;
    assert_eq!(world.texts().await, ["first", "second"]);
    assert_eq!(world.whos().await, [winner.clone(), winner]);
    assert!(world.records("Lead").await.is_empty());
}

/// R2.22, R2.49
async fn a_lead_that_was_merged_and_converted_since_is_followed_to_the_end(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    let lead = world.whos().await.remove(0);
    let other = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+81312340000"});
    let other = world.seed("Lead", other).await;
    world.sim("POST", "merge", json!({"winner": other, "loser": lead})).await;
    let converted = world.sim("POST", "convert", json!({"lead": other})).await;
    let contact = converted["contact"].as_str().unwrap().to_owned();
    world.hear(&hanako(), "wamid.2", "second").await;
    world.rest(std::time::Duration::from_secs(5), std::time::Duration::from_secs(30)).await;
    assert_eq!(world.whos().await, [contact.clone(), contact]);
}

/// R2.49
async fn a_record_that_is_deleted_after_the_link_is_matched_again(place: Place) {
    let world = World::new(place).await;
    let first = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    world.hear(&hanako(), "wamid.1", "first").await;
    world.delete("Contact", &first).await;
    let second = world.seed("Contact", json!({"LastName": "Sato", "HomePhone": "090-1234-5678"})).await;
    world.hear(&hanako(), "wamid.2", "second").await;
    world.after(std::time::Duration::from_secs(5)).await;
    assert_eq!(world.whos().await, [first, second.clone()]);
    world.delete("Contact", &second).await;
    world.hear(&hanako(), "wamid.3", "third").await;
    world.after(std::time::Duration::from_secs(5)).await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1, "nobody is left: a new lead");
    assert_eq!(world.whos().await[2], leads[0]["Id"]);
}

/// R2.22, R2.41
async fn a_lead_that_is_converted_while_messages_wait_takes_them_to_the_contact_in_order(place: Place) {
    let settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    for place in 1..=5 {
        world.receive(&hanako(), &format!("wamid.{place}"), &format!("text {place}")).await;
    }
    world.settle().await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "090-1234-5678"});
    let lead = world.seed("Lead", lead).await;
    let converted = world.sim("POST", "convert", json!({"lead": lead})).await;
    world.rest(std::time::Duration::from_mins(1), std::time::Duration::from_mins(3)).await;
    let contact = converted["contact"].as_str().unwrap();
    assert_eq!(world.whos().await, [contact; 5]);
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3", "text 4", "text 5"]);
}

/// R2.1, R2.57
async fn a_receipt_names_the_task_the_person_and_why(place: Place) {
    let world = World::new(place).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "090-1234-5678"})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let delivery = world.delivery("wamid.1").await;
    assert_eq!(delivery.state, State::Written);
    assert_eq!(delivery.person.unwrap().id, contact);
    assert!(delivery.person_url.unwrap().contains(&contact));
    let task = world.task().await["Id"].as_str().unwrap().to_owned();
    assert_eq!(delivery.written.len(), 1);
    assert_eq!(delivery.written[0].record.id, task);
    assert!(delivery.written[0].url.contains(&task));
    let trace = delivery.trace.unwrap();
    assert_eq!(trace.searched, ["+819012345678"]);
    assert_eq!(trace.candidates[0].field.as_deref(), Some("Phone"));
    assert_eq!(delivery.attempts.len(), 1);
}
