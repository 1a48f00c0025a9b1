//! What people decide by hand: a link, a pause, a retry; and what the product never does without being asked.

use std::time::Duration;

use causeway::{
    holds::{self, LinkWish},
    settings::{self, Wish},
    store::{integration, workspace::Member},
};
use causeway_core::{
    lane::HoldReason,
    plan::settings::{ChatSync, Create},
    record::{Module, RecordRef},
};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_chat_is_pinned_to_a_chosen_record_and_what_waits_follows_in_order,
    a_chat_of_somebody_without_a_number_is_pinned_too,
    a_paused_integration_keeps_what_comes_and_drains_in_order_when_resumed,
    a_held_message_is_tried_again_on_request,
    nothing_is_ever_deleted_in_the_org,
    with_an_external_id_what_was_deleted_stays_deleted_and_is_made_again_on_request,
);

async fn pin(world: &World, id: &str, module: Module, record: &str) {
    let contact_id = world.message(id).await.contact_id.unwrap();
    let by: Member = world.members().await.remove(0);
    let record = RecordRef { module, id: record.to_owned() };
    let wish = LinkWish { contact_id, connection_id: world.connection_id, record };
    holds::link(&world.app, world.workspace_id, &by, wish).await.unwrap();
    world.settle().await;
}

/// R2.49, R2.60
async fn a_chat_is_pinned_to_a_chosen_record_and_what_waits_follows_in_order(place: Place) {
    let world = World::new(place).await;
    let mut contacts = Vec::new();
    for _ in 0..2 {
        let contact = json!({"LastName": "Gomez", "Phone": "+54 11 2345-6789"});
        contacts.push(world.seed("Contact", contact).await);
    }
    let customer = Customer::with_number("5491123456789", "Gomez");
    world.hear(&customer, "wamid.1", "uno").await;
    world.hear(&customer, "wamid.2", "dos").await;
    assert_eq!(world.hold_of("wamid.2").await.unwrap().0, HoldReason::SeveralCandidates);
    pin(&world, "wamid.1", Module::Contact, &contacts[1]).await;
    world.hear(&customer, "wamid.3", "tres").await;
    assert_eq!(world.texts().await, ["uno", "dos", "tres"]);
    assert_eq!(world.whos().await, [&*contacts[1]; 3]);
}

/// R2.60, X1
async fn a_chat_of_somebody_without_a_number_is_pinned_too(place: Place) {
    let world = World::new(place).await;
    let lead = world.seed("Lead", json!({"LastName": "Sato", "Company": "Acme"})).await;
    let customer = Customer::with_user_id("JP.13491208655302741918", "@hanako", "Sato Hanako");
    world.hear(&customer, "wamid.1", "one").await;
    pin(&world, "wamid.1", Module::Lead, &lead).await;
    world.hear(&customer, "wamid.2", "two").await;
    assert_eq!(world.whos().await, [&*lead; 2]);
}

/// R2.44
async fn a_paused_integration_keeps_what_comes_and_drains_in_order_when_resumed(place: Place) {
    let world = World::new(place).await;
    for (revision, paused) in [(1, true), (2, false)] {
        let state = if paused { integration::State::Paused } else { integration::State::Active };
        let wish = Wish { state: Some(state), revision, ..Wish::default() };
        settings::change(&world.app, world.workspace_id, world.integration_id, wish).await.unwrap();
        if paused {
            for number in 1..=3 {
                world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
                world.after(Duration::from_mins(10)).await;
            }
            assert!(world.texts().await.is_empty() && world.records("Lead").await.is_empty());
            assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::Paused);
        }
    }
    world.settle().await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
}

/// R2.50, R2.57
async fn a_held_message_is_tried_again_on_request(place: Place) {
    let settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.hear(&hanako(), "wamid.2", "two").await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    world.seed("Lead", lead).await;
    let entry = world.entry_of("wamid.1").await.id;
    holds::retry_entry(&world.app, world.workspace_id, entry, false).await.unwrap();
    world.settle().await;
    assert_eq!(world.texts().await, ["one", "two"]);
}

/// X20
async fn nothing_is_ever_deleted_in_the_org(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", &"long ".repeat(10_000)).await;
    let now = world.seconds();
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", now, "wamid.1", "short")]).await;
    world.settle().await;
    world.post(vec![world.sender.revoke(&hanako(), "wamid.r", now, "wamid.1")]).await;
    world.settle().await;
    let requests = world.sim("GET", "requests?last=1000", json!(null)).await;
    let requests = requests["requests"].as_array().unwrap();
    assert!(requests.iter().all(|request| request["method"] != "DELETE"), "{requests:#?}");
    assert_eq!(world.records("Task").await.len(), 2);
}

/// X8, X20: an upsert by key would revive it.
async fn with_an_external_id_what_was_deleted_stays_deleted_and_is_made_again_on_request(place: Place) {
    let world = World::with(place, Setting { has_external_id: true, ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    let id = world.task().await["Id"].as_str().unwrap().to_owned();
    world.delete("Task", &id).await;
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", world.seconds(), "wamid.1", "hello")]).await;
    world.settle().await;
    assert!(world.records("Task").await.is_empty());
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::DeletedInCrm);
    let entry = world.entry_of("wamid.1").await.id;
    holds::retry_entry(&world.app, world.workspace_id, entry, true).await.unwrap();
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
    world.hear(&hanako(), "wamid.2", "next").await;
    assert_eq!(world.texts().await, ["hello", "next"]);
}
