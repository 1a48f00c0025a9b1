//! Every message has a receipt, at any time, and it says why.

use std::time::Duration;

use causeway::{
    crm, receipts,
    store::{self, connection},
};
use causeway_core::{
    lane::{HoldReason, Who},
    plan::settings::{ChatSync, Shape},
    receipt::{Receipt, State},
    time::{Timestamp, Zone},
};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    a_message_without_integration_has_a_receipt,
    a_window_that_is_open_says_until_when,
    a_disconnected_crm_holds_and_says_who_can_act,
    a_connection_at_rest_says_why_and_until_when,
    a_written_message_is_read_by_a_person,
    a_provider_id_known_elsewhere_stays_elsewhere,
);

async fn say(world: &World, id: &str) {
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    world.post(vec![world.sender.text(&customer, id, world.app.now() / 1_000_000, "hello")]).await;
    world.settle().await;
}

async fn receipt(world: &World, id: &str) -> Receipt {
    let mut found = receipts::of_message(&world.app, Some(world.workspace_id), id).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

async fn a_message_without_integration_has_a_receipt(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    say(&world, "wamid.1").await;
    let receipt = receipt(&world, "wamid.1").await;
    assert_eq!((receipt.deliveries.len(), receipt.channel.as_str()), (0, "WhatsApp"));
    assert!(receipt.chat_url.starts_with("http://causeway.test/inbox/cnv_"));
    assert!(receipts::render(&receipt, &Zone::utc()).contains("no integration asks for it"));
    assert!(receipts::of_message(&world.app, None, "wamid.2").await.unwrap().is_empty());
    assert!(receipts::of_message(&world.app, None, "a\0b").await.unwrap().is_empty());
}

async fn a_window_that_is_open_says_until_when(place: Place) {
    let settings = ChatSync { shape: Shape::SixHours, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    say(&world, "wamid.1").await;
    let delivery = receipt(&world, "wamid.1").await.deliveries.remove(0);
    assert_eq!(delivery.state, State::Received);
    assert_eq!(delivery.due_at, Some(Timestamp::from_seconds(START + 6 * 3600)));
    world.after(Duration::from_hours(6)).await;
    assert_eq!(receipt(&world, "wamid.1").await.deliveries[0].state, State::Written);
}

async fn a_disconnected_crm_holds_and_says_who_can_act(place: Place) {
    let world = World::new(place).await;
    crm::disconnect(&world.app, world.connection_id).await.unwrap();
    say(&world, "wamid.1").await;
    let receipt = receipt(&world, "wamid.1").await;
    let held = receipt.deliveries[0].held.as_ref().unwrap();
    assert_eq!((held.reason, held.who, held.until), (HoldReason::Disconnected, Who::WorkspaceAdmin, None));
    let text = receipts::render(&receipt, &Zone::utc());
    assert!(text.contains("held, because the CRM is disconnected"), "{text}");
    assert!(text.contains("who can act: an administrator of the workspace"), "{text}");
    assert!(text.contains("what to do: connect the CRM again"), "{text}");
}

async fn a_connection_at_rest_says_why_and_until_when(place: Place) {
    let world = World::new(place).await;
    let until = world.app.now() + 3_600_000_000;
    rest(&world, Some(until), Some("limit_reached")).await.unwrap();
    say(&world, "wamid.1").await;
    let receipt_then = receipt(&world, "wamid.1").await;
    let held = receipt_then.deliveries[0].held.as_ref().unwrap();
    assert_eq!((held.reason, held.who), (HoldReason::LimitReached, Who::Nobody));
    assert_eq!(held.until, Some(Timestamp(until)));
    let text = receipts::render(&receipt_then, &Zone::utc());
    assert!(text.contains("until 2026-01-02 04:04:05 +00:00, who can act: nobody needs to"), "{text}");
    world.after(Duration::from_mins(61)).await;
    assert_eq!(receipt(&world, "wamid.1").await.deliveries[0].state, State::Written);
}

async fn rest(world: &World, until: Option<i64>, reason: Option<&'static str>) -> store::Result<()> {
    let id = world.connection_id;
    world
        .app
        .db
        .write(move |tx| Box::pin(async move { connection::rest(tx, id, until, reason, "").await }))
        .await
}

async fn a_written_message_is_read_by_a_person(place: Place) {
    let world = World::new(place).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "090-1234-5678"})).await;
    say(&world, "wamid.1").await;
    let text = receipts::render(&receipt(&world, "wamid.1").await, &Zone::named("Asia/Tokyo").unwrap());
    let task = world.records("Task").await[0]["Id"].as_str().unwrap().to_owned();
    for part in [
        "received by WhatsApp at 2026-01-02 12:04:05 +09:00",
        &format!("matched to Contact {contact}: http://org.test/"),
        "searched for +819012345678",
        "rule: ",
        &format!("candidate Contact {contact} Sato by Phone: contact"),
        &format!("written as Task {task} at"),
        "tried to create at 2026-01-02 12:04:05 +09:00: done",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

async fn a_provider_id_known_elsewhere_stays_elsewhere(place: Place) {
    let world = World::new(place).await;
    say(&world, "wamid.1").await;
    let found = receipts::of_message(&world.app, Some(world.workspace_id + 1), "wamid.1").await.unwrap();
    assert!(found.is_empty());
    let id = receipt(&world, "wamid.1").await.message;
    assert!(receipts::of_message(&world.app, Some(world.workspace_id + 1), &id).await.unwrap().is_empty());
    assert_eq!(receipts::of_message(&world.app, None, &id).await.unwrap().len(), 1);
}
