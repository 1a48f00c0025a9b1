//! What becomes an entry and of which kind, what changes it, and what the receipt says.

use std::time::Duration;

use bytes::Bytes;
use causeway_core::{lane::HoldReason, plan::settings::Shape, receipt::State, record::EntryKind};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::{super::ability::hanako, entry, person, with, world};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, World},
};

on_both_engines!(
    groups_are_left_out,
    groups_that_are_included_go_on_the_records_of_those_who_wrote,
    each_message_may_be_a_note_of_its_own,
    each_message_may_be_a_task_that_is_done,
    a_task_that_may_be_made_again_is_made_when_it_is_tried_again,
    a_window_is_one_note_at_its_end,
    edits_and_revokes_change_the_days_note,
    the_receipt_says_whose_note_it_is_and_why_with_links_that_open,
);

/// R4.33
async fn groups_are_left_out(place: Place) {
    let world = world(place).await;
    world.post(vec![world.sender.group_text("120@g.us", &hanako(), "wamid.1", START, "all of you")]).await;
    world.settle().await;
    assert_eq!(world.delivery("wamid.1").await.state, State::Skipped);
    assert!(world.people().await.is_empty() && world.entries().await.is_empty());
}

/// R4.33
async fn groups_that_are_included_go_on_the_records_of_those_who_wrote(place: Place) {
    let world = with(place, |settings| settings.groups = true).await;
    let daisuke = Customer::with_number("819087654321", "Ito Daisuke");
    let known = world.know("Ito", "+819087654321").await;
    let group = |from: &Customer, id: &str, text: &str| {
        world.sender.group_text("120@g.us", from, id, world.seconds(), text)
    };
    world
        .post(vec![group(&hanako(), "wamid.1", "who is in?"), group(&daisuke, "wamid.2", "count Daisuke in")])
        .await;
    world.settle().await;
    world.post(vec![group(&hanako(), "wamid.3", "good")]).await;
    world.hear(&hanako(), "wamid.4", "between us").await;
    let notes = world.entries().await;
    let says = |text: &str| notes.iter().find(|note| note.body.contains(text)).unwrap();
    assert_eq!(notes.len(), 3, "{notes:#?}");
    assert_eq!(says("who is in?").id, says("good").id, "her day in the group: {notes:#?}");
    assert_ne!(says("who is in?").id, says("between us").id, "is another conversation");
    assert_eq!(says("who is in?").on, says("between us").on);
    assert_eq!(says("count Daisuke in").on, known);
    assert!(
        !says("count Daisuke in").body.contains("who is in?"),
        "what others wrote is not on their record"
    );
    assert_eq!(world.people().await.len(), 2);
}

/// X3
async fn each_message_may_be_a_note_of_its_own(place: Place) {
    let world = with(place, |settings| settings.shape = Shape::PerMessage).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
    let contact = person(&world).await.id;
    assert_eq!(world.whos().await, [&*contact; 3]);
}

async fn with_tasks(place: Place) -> World {
    with(place, |settings| {
        settings.shape = Shape::PerMessage;
        settings.entry = EntryKind::Task;
        settings.title_template = String::new();
    })
    .await
}

/// X3: what the org was like when it was described holds nothing that is tried again.
async fn a_task_that_may_be_made_again_is_made_when_it_is_tried_again(place: Place) {
    let world = with_tasks(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_create": ["Tasks"]})).await;
    // It is described once a day.
    world.after(Duration::from_hours(25)).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let (reason, detail) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, HoldReason::NoPermission);
    assert!(detail.contains("takes no tasks from us"), "{detail}");
    world.sim("POST", "permissions", json!({"user": "*"})).await;
    world.retry_all().await;
    assert_eq!(world.texts().await, ["one"]);
}

/// X3
async fn each_message_may_be_a_task_that_is_done(place: Place) {
    let world = with_tasks(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let now = world.seconds();
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", now + 1, "wamid.1", "uno")]).await;
    world.settle().await;
    let task = world.records("Tasks").await.remove(0);
    assert_eq!((&task["Status"], &task["Due_Date"]), (&"Completed".into(), &"2026-01-02".into()), "{task:#}");
    assert_eq!(world.texts().await, ["uno"]);
    assert_eq!(entry(&world).await.on, person(&world).await.id);
}

/// X3
async fn a_window_is_one_note_at_its_end(place: Place) {
    let world = with(place, |settings| settings.shape = Shape::Hour).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.hear(&hanako(), "wamid.2", "two").await;
    assert!(world.entries().await.is_empty());
    world.after(Duration::from_hours(1)).await;
    let note = entry(&world).await;
    assert!(note.body.contains("one") && note.body.contains("two"), "{}", note.body);
}

/// R4.42
async fn edits_and_revokes_change_the_days_note(place: Place) {
    let world = world(place).await;
    for (number, text) in ["helo", "secret", "bye"].iter().enumerate() {
        world.hear(&hanako(), &format!("wamid.{number}"), text).await;
    }
    let before = entry(&world).await;
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", START + 5, "wamid.0", "hello")]).await;
    world.post(vec![world.sender.revoke(&hanako(), "wamid.r", START + 6, "wamid.1")]).await;
    world.settle().await;
    let after = entry(&world).await;
    assert_eq!((&after.id, &after.subject), (&before.id, &before.subject));
    assert!(after.body.contains("hello") && after.body.contains("bye"), "{}", after.body);
    assert!(!after.body.contains("secret") && after.body.contains("[deleted by the sender]"));
}

async fn opens(world: &World, url: &str) {
    let asked = http::Request::builder().uri(url).body(Bytes::new()).unwrap();
    let shown = world.org.handle(asked).await.unwrap();
    assert_eq!(shown.status(), 200, "{url}");
}

/// R4.48
async fn the_receipt_says_whose_note_it_is_and_why_with_links_that_open(place: Place) {
    let world = world(place).await;
    let contact = world.know("Sato", "090-1234-5678").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let delivery = world.delivery("wamid.1").await;
    assert_eq!((delivery.crm.as_str(), delivery.state), ("Zoho CRM", State::Written));
    assert_eq!(delivery.person.as_ref().map(|person| person.id.as_str()), Some(&*contact));
    let trace = delivery.trace.unwrap();
    assert_eq!(trace.searched, ["+819012345678"]);
    assert!(trace.candidates.iter().any(|candidate| candidate.record.id == contact), "{trace:?}");
    assert!(!trace.rules.is_empty());
    let person = delivery.person_url.unwrap();
    assert!(person.ends_with(&format!("/tab/Contacts/{contact}")), "{person}");
    opens(&world, &person).await;
    assert_eq!(delivery.written.len(), 1);
    assert_eq!(delivery.written[0].record.id, entry(&world).await.id);
    opens(&world, &delivery.written[0].url).await;
}
