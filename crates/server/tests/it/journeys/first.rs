//! The main job.

use causeway::intake::Received;
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, World},
};

on_both_engines!(
    a_message_of_a_known_contact_becomes_a_task_on_the_contact,
    a_message_of_a_stranger_makes_one_lead_and_one_task,
    the_same_webhook_twenty_times_at_once_is_one_message_and_one_task,
);

async fn a_message_of_a_known_contact_becomes_a_task_on_the_contact(place: Place) {
    let world = World::new(place).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "090-1234-5678"})).await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    let received = world.post(vec![world.sender.text(&customer, "wamid.1", START, "こんにちは")]).await;
    assert_eq!(received, Received::Kept);
    world.settle().await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    let task = &tasks[0];
    assert_eq!(task["WhoId"], json!(contact));
    assert_eq!(task["Subject"], "WhatsApp from Sato Hanako · 2026-01-02 12:04:05 +09:00");
    assert_eq!(task["ActivityDate"], "2026-01-02");
    assert_eq!(task["Status"], "Completed");
    assert!(task["Description"].as_str().unwrap().starts_with("こんにちは"), "{task:#?}");
    assert!(world.records("Lead").await.is_empty());
}

async fn a_message_of_a_stranger_makes_one_lead_and_one_task(place: Place) {
    let world = World::new(place).await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    world.post(vec![world.sender.text(&customer, "wamid.1", START, "hello")]).await;
    world.settle().await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1, "{leads:#?}");
    assert_eq!(leads[0]["Phone"], "+819012345678");
    assert_eq!((&leads[0]["FirstName"], &leads[0]["LastName"]), (&json!("Sato"), &json!("Hanako")));
    assert_eq!(leads[0]["OwnerId"], json!(world.user("maya").await), "our chain, not the assignment rule");
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["WhoId"], leads[0]["Id"]);
}

async fn the_same_webhook_twenty_times_at_once_is_one_message_and_one_task(place: Place) {
    let world = World::new(place).await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    let body = world.sender.wrap(vec![world.sender.text(&customer, "wamid.1", START, "hello")]);
    let posts: Vec<_> = (0..20).map(|_| world.post_raw(body.clone())).collect();
    for post in posts {
        assert_eq!(post.await, Received::Kept);
    }
    let digested = world.digest().await;
    assert_eq!((digested.folded.new, digested.folded.repeated), (1, 19));
    world.settle().await;
    assert_eq!(world.records("Task").await.len(), 1);
    assert_eq!(world.records("Lead").await.len(), 1);
}
