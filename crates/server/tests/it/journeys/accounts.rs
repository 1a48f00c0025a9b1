//! Which messages are synced at all, and what happens to people who cannot be found.

use causeway_core::{
    lane::HoldReason,
    plan::settings::{ChatSync, Shape},
    receipt::State,
};
use causeway_simulator::whatsapp::{Customer, Sender};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    every_account_is_synced_unless_some_are_chosen,
    only_chosen_accounts_are_synced_and_the_rest_is_left_out_visibly,
    groups_are_kept_and_left_out_visibly,
    what_was_written_before_the_account_was_connected_is_left_out_visibly,
    what_was_written_before_the_integration_was_set_up_is_left_out_visibly,
    somebody_without_a_number_is_held_and_released_when_one_comes,
    somebody_who_changes_their_number_keeps_their_record,
    a_number_that_passes_to_somebody_else_is_matched_anew,
    what_is_left_out_stays_out_when_the_frequency_changes,
    one_chats_hold_stops_no_other_chat,
);

fn other(world: &World) -> Sender {
    let (phone_number_id, display_number) = ("106540352242999".into(), "81312349999".into());
    Sender { phone_number_id, display_number, ..world.sender.clone() }
}

/// The receipt names the rule.
async fn left_out(world: &World, id: &str, rule: &str) {
    let delivery = world.delivery(id).await;
    assert_eq!(delivery.state, State::Skipped);
    assert!(delivery.sentence.contains(rule), "{}", delivery.sentence);
}

/// R2.35
async fn every_account_is_synced_unless_some_are_chosen(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.post(vec![other(&world).text(&hanako(), "wamid.2", START + 1, "two")]).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["one", "two"]);
    assert_eq!(world.records("Lead").await.len(), 1, "one person on two numbers");
}

/// R2.35
async fn only_chosen_accounts_are_synced_and_the_rest_is_left_out_visibly(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let account = world.accounts().await[0].id;
    world.change_settings(ChatSync { accounts: Some(vec![account]), ..ChatSync::default() }).await;
    world.post(vec![other(&world).text(&hanako(), "wamid.2", START + 1, "two")]).await;
    world.hear(&hanako(), "wamid.3", "three").await;
    assert_eq!(world.texts().await, ["one", "three"]);
    left_out(&world, "wamid.2", "not among those that the integration syncs").await;
}

/// R4.33
async fn groups_are_kept_and_left_out_visibly(place: Place) {
    let world = World::new(place).await;
    world.post(vec![world.sender.group_text("g.1", &hanako(), "wamid.1", START, "hello all")]).await;
    world.settle().await;
    assert!(world.records("Task").await.is_empty());
    assert!(world.records("Lead").await.is_empty());
    left_out(&world, "wamid.1", "group").await;
}

fn history(world: &World, id: &str, at: i64) -> Value {
    let text = json!({"from": "819012345678", "id": id, "timestamp": at.to_string(), "type": "text",
        "text": {"body": "last year"}, "history_context": {"status": "READ"}});
    let thread = json!({"id": "819012345678", "messages": [text]});
    let piece = json!({"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [thread]});
    world.sender.change("history", json!({"history": [piece]}))
}

/// X10
async fn what_was_written_before_the_account_was_connected_is_left_out_visibly(place: Place) {
    let world = World::new(place).await;
    world.post(vec![history(&world, "wamid.1", START - 9_000_000)]).await;
    world.settle().await;
    assert!(world.records("Task").await.is_empty());
    assert!(world.records("Lead").await.is_empty());
    left_out(&world, "wamid.1", "before the account was connected").await;
}

/// X10
async fn what_was_written_before_the_integration_was_set_up_is_left_out_visibly(place: Place) {
    let settings = ChatSync { since: START * 1_000_000, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.receive_at(&hanako(), "wamid.1", START - 1, "old").await;
    world.receive_at(&hanako(), "wamid.2", START, "new").await;
    world.settle().await;
    assert_eq!(world.texts().await, ["new"]);
    left_out(&world, "wamid.1", "before the integration was set up").await;
}

/// X1, R4.30
async fn somebody_without_a_number_is_held_and_released_when_one_comes(place: Place) {
    let world = World::new(place).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let unnumbered = Customer::with_user_id("JP.13491208655302741918", "@hanako", "Sato Hanako");
    world.hear(&unnumbered, "wamid.1", "one").await;
    world.hear(&unnumbered, "wamid.2", "two").await;
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::NoAddress);
    assert!(world.records("Task").await.is_empty() && world.records("Lead").await.is_empty());
    let numbered = Customer { wa_id: Some("819012345678".into()), ..unnumbered };
    world.hear(&numbered, "wamid.3", "three").await;
    assert_eq!(world.texts().await, ["one", "two", "three"]);
    assert_eq!(world.whos().await, [&*contact; 3]);
}

/// R2.49
async fn somebody_who_changes_their_number_keeps_their_record(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let change = world.sender.number_change(&hanako(), "wamid.2", START + 1, "819099998888");
    world.post(vec![change]).await;
    world.settle().await;
    let renewed = Customer::with_number("819099998888", "Sato Hanako");
    world.hear(&renewed, "wamid.3", "three").await;
    let whos = world.whos().await;
    assert_eq!(whos.len(), 2);
    assert_eq!(whos[0], whos[1]);
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.49: a user id names a person more surely than a number.
async fn a_number_that_passes_to_somebody_else_is_matched_anew(place: Place) {
    let world = World::new(place).await;
    let former = Customer { user_id: Some("JP.1000000000000001".into()), ..hanako() };
    let latter = Customer {
        user_id: Some("JP.2000000000000002".into()),
        name: Some("Suzuki Jiro".into()),
        ..hanako()
    };
    world.hear(&former, "wamid.1", "one").await;
    let lead = world.whos().await.remove(0);
    world.delete("Lead", &lead).await;
    world.hear(&latter, "wamid.2", "two").await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0]["LastName"], "Jiro");
    assert_eq!(world.whos().await[1], leads[0]["Id"].as_str().unwrap());
}

/// R2.45
async fn what_is_left_out_stays_out_when_the_frequency_changes(place: Place) {
    let world = World::new(place).await;
    world.post(vec![history(&world, "wamid.1", START - 9_000_000)]).await;
    world.post(vec![world.sender.group_text("g.1", &hanako(), "wamid.2", START, "hello all")]).await;
    world.settle().await;
    world.change_settings(ChatSync { shape: Shape::LocalDay, ..ChatSync::default() }).await;
    world.change_settings(ChatSync::default()).await;
    world.settle().await;
    assert!(world.records("Task").await.is_empty());
    assert_eq!(world.state_of("wamid.1").await, "skipped");
    assert_eq!(world.state_of("wamid.2").await, "skipped");
}

/// R2.50
async fn one_chats_hold_stops_no_other_chat(place: Place) {
    let world = World::new(place).await;
    let unnumbered = Customer::with_user_id("JP.13491208655302741918", "@jiro", "Suzuki Jiro");
    world.hear(&unnumbered, "wamid.1", "held").await;
    world.hear(&hanako(), "wamid.2", "written").await;
    assert_eq!(world.texts().await, ["written"]);
}
