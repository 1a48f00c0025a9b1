//! What changes after it was written: by the customer, by the provider's delivery, by people in the org.

use causeway::holds;
use causeway_core::{
    lane::HoldReason,
    plan::settings::{ChatSync, Shape},
};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    an_edit_reaches_the_task_in_place,
    a_revoke_reaches_the_task_in_place,
    an_edit_that_comes_before_its_message_is_in_the_task,
    a_revoke_that_comes_before_its_message_is_in_the_task,
    the_latest_edit_stands_whatever_the_order_of_arrival,
    an_edit_in_a_day_reaches_its_place_in_the_days_task,
    an_edit_while_the_window_waits_writes_one_task,
    repeated_late_and_reordered_webhooks_leave_one_task_for_each_message_in_order,
    a_replayed_flood_changes_nothing_in_the_org,
    statuses_and_reactions_change_nothing_in_the_org,
    a_task_that_somebody_deleted_is_left_alone_and_the_receipt_says_so,
    a_deleted_task_is_made_again_only_on_request,
    the_chat_goes_on_behind_a_deleted_task,
    a_task_that_somebody_edited_is_left_alone_and_the_receipt_says_so,
    an_edited_task_is_written_again_only_on_request,
    a_task_that_somebody_completed_or_reassigned_is_still_ours_to_update,
);

async fn edit(world: &World, id: &str, after: i64, target: &str, text: &str) {
    world.post(vec![world.sender.edit(&hanako(), id, START + after, target, text)]).await;
    world.settle().await;
}

async fn revoke(world: &World, id: &str, after: i64, target: &str) {
    world.post(vec![world.sender.revoke(&hanako(), id, START + after, target)]).await;
    world.settle().await;
}

async fn retry(world: &World, id: &str, recreate: bool) {
    let entry = world.entry_of(id).await.id;
    holds::retry_entry(&world.app, world.workspace_id, entry, recreate).await.unwrap();
    world.settle().await;
}

/// R2.2
async fn an_edit_reaches_the_task_in_place(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    let before = world.task().await;
    edit(&world, "wamid.e", 5, "wamid.1", "hello").await;
    let after = world.task().await;
    assert_eq!(after["Id"], before["Id"]);
    assert_eq!(after["Subject"], before["Subject"], "the time stays that of the message");
    assert_eq!(world.texts().await, ["hello"]);
    assert!(after["Description"].as_str().unwrap().contains("Edited by the sender"));
}

/// R2.2
async fn a_revoke_reaches_the_task_in_place(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "secret").await;
    revoke(&world, "wamid.r", 5, "wamid.1").await;
    assert_eq!(world.texts().await, ["[deleted by the sender]"]);
    edit(&world, "wamid.e", 6, "wamid.1", "secret again").await;
    assert_eq!(world.texts().await, ["[deleted by the sender]"], "a revoke is for good");
}

/// R2.2
async fn an_edit_that_comes_before_its_message_is_in_the_task(place: Place) {
    let world = World::new(place).await;
    edit(&world, "wamid.e", 5, "wamid.1", "hello").await;
    assert!(world.records("Task").await.is_empty());
    world.receive_at(&hanako(), "wamid.1", START, "helo").await;
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// R2.2
async fn a_revoke_that_comes_before_its_message_is_in_the_task(place: Place) {
    let world = World::new(place).await;
    revoke(&world, "wamid.r", 5, "wamid.1").await;
    world.receive_at(&hanako(), "wamid.1", START, "secret").await;
    world.settle().await;
    assert_eq!(world.texts().await, ["[deleted by the sender]"]);
}

/// R2.2
async fn the_latest_edit_stands_whatever_the_order_of_arrival(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    edit(&world, "wamid.e3", 30, "wamid.1", "three").await;
    edit(&world, "wamid.e2", 20, "wamid.1", "two").await;
    edit(&world, "wamid.e3", 30, "wamid.1", "three").await;
    assert_eq!(world.texts().await, ["three"]);
}

/// R2.2, X3
async fn an_edit_in_a_day_reaches_its_place_in_the_days_task(place: Place) {
    let settings = ChatSync { shape: Shape::LocalDay, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    for number in 1..=3 {
        let at = START + number;
        world.receive_at(&hanako(), &format!("wamid.{number}"), at, &format!("text {number}")).await;
    }
    world.settle().await;
    edit(&world, "wamid.e", 9, "wamid.2", "mended").await;
    let text = world.texts().await.remove(0);
    let places = ["text 1", "(edited):\nmended", "text 3"].map(|text_| text.find(text_).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(!text.contains("text 2"));
    assert_eq!(world.records("Task").await.len(), 1);
}

/// R2.2, R2.37
async fn an_edit_while_the_window_waits_writes_one_task(place: Place) {
    let settings = ChatSync { shape: Shape::Hour, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    edit(&world, "wamid.e", 9, "wamid.1", "hello").await;
    assert!(world.records("Task").await.is_empty(), "an edit does not end the window");
    world.after(std::time::Duration::from_hours(1)).await;
    assert_eq!(world.records("Task").await.len(), 1);
    assert!(world.texts().await[0].ends_with("hello"));
}

/// R2.2
async fn repeated_late_and_reordered_webhooks_leave_one_task_for_each_message_in_order(place: Place) {
    let world = World::new(place).await;
    let text = |number: i64| {
        let id = format!("wamid.{number}");
        world.sender.text(&hanako(), &id, START + number, &format!("text {number}"))
    };
    for numbers in [&[3, 1, 2][..], &[2, 3], &[1], &[3, 2, 1]] {
        world.post(numbers.iter().map(|number| text(*number)).collect()).await;
    }
    world.settle().await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
    // Late: written behind, with its own time.
    world.post(vec![text(0)]).await;
    world.settle().await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 4);
    assert!(tasks[3]["Subject"].as_str().unwrap().ends_with("12:04:05 +09:00"));
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.2
async fn a_replayed_flood_changes_nothing_in_the_org(place: Place) {
    let world = World::new(place).await;
    let mut bodies = Vec::new();
    for number in 0..30 {
        let at = START + number;
        let text = world.sender.text(&hanako(), &format!("wamid.{number}"), at, &format!("text {number}"));
        bodies.push(world.sender.wrap(vec![text]));
    }
    bodies.push(world.sender.wrap(vec![world.sender.edit(&hanako(), "wamid.e", START + 99, "wamid.3", "x")]));
    bodies.push(world.sender.wrap(vec![world.sender.revoke(&hanako(), "wamid.r", START + 99, "wamid.4")]));
    for body in &bodies {
        world.post_raw(body.clone()).await;
    }
    world.settle().await;
    let before = (world.records("Task").await, world.records("Lead").await);
    world.after(std::time::Duration::from_mins(10)).await;
    world.sim("DELETE", "counters", Value::Null).await;
    for body in bodies.iter().rev() {
        world.post_raw(body.clone()).await;
    }
    world.settle().await;
    assert_eq!((world.records("Task").await, world.records("Lead").await), before);
    assert_eq!(world.sim("GET", "counters", Value::Null).await["requests"], json!(0));
}

/// R2.2
async fn statuses_and_reactions_change_nothing_in_the_org(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let echo = world.sender.echo_text(&hanako(), "wamid.2", START + 1, "answer");
    world.post(vec![world.sender.status(&hanako(), "wamid.2", START + 3, "delivered"), echo]).await;
    world.settle().await;
    world.sim("DELETE", "counters", Value::Null).await;
    world
        .post(vec![
            world.sender.status(&hanako(), "wamid.2", START + 4, "read"),
            world.sender.status(&hanako(), "wamid.2", START + 2, "sent"),
            world.sender.reaction(&hanako(), "wamid.3", START + 5, "wamid.2", Some("👍")),
        ])
        .await;
    world.settle().await;
    assert_eq!(world.texts().await, ["hello", "answer"]);
    assert_eq!(world.sim("GET", "counters", Value::Null).await["requests"], json!(0));
    assert_eq!(world.message("wamid.2").await.delivery.as_deref(), Some("read"));
}

/// A Task that somebody deleted, found out by an edit.
async fn deleted(place: Place) -> World {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    let id = world.task().await["Id"].as_str().unwrap().to_owned();
    world.delete("Task", &id).await;
    edit(&world, "wamid.e", 5, "wamid.1", "hello").await;
    world
}

/// X20
async fn a_task_that_somebody_deleted_is_left_alone_and_the_receipt_says_so(place: Place) {
    let world = deleted(place).await;
    assert!(world.records("Task").await.is_empty());
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::DeletedInCrm);
    edit(&world, "wamid.f", 6, "wamid.1", "hello!").await;
    world.after(std::time::Duration::from_hours(1)).await;
    assert!(world.records("Task").await.is_empty());
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::DeletedInCrm);
}

/// X20
async fn a_deleted_task_is_made_again_only_on_request(place: Place) {
    let world = deleted(place).await;
    retry(&world, "wamid.1", false).await;
    assert!(world.records("Task").await.is_empty());
    retry(&world, "wamid.1", true).await;
    assert_eq!(world.texts().await, ["hello"]);
    assert_eq!(world.state_of("wamid.1").await, "written");
}

/// X20
async fn the_chat_goes_on_behind_a_deleted_task(place: Place) {
    let world = deleted(place).await;
    world.hear(&hanako(), "wamid.2", "next").await;
    assert_eq!(world.texts().await, ["next"]);
}

/// A Task that somebody edited, found out by an edit of the customer's.
async fn edited(place: Place) -> World {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    let id = world.task().await["Id"].as_str().unwrap().to_owned();
    world.edit("Task", &id, json!({"Description": "called back, all is well"})).await;
    edit(&world, "wamid.e", 5, "wamid.1", "hello").await;
    world
}

/// X20
async fn a_task_that_somebody_edited_is_left_alone_and_the_receipt_says_so(place: Place) {
    let world = edited(place).await;
    assert_eq!(world.texts().await, ["called back, all is well"]);
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::EditedInCrm);
}

/// X20
async fn an_edited_task_is_written_again_only_on_request(place: Place) {
    let world = edited(place).await;
    retry(&world, "wamid.1", false).await;
    assert_eq!(world.texts().await, ["called back, all is well"]);
    retry(&world, "wamid.1", true).await;
    assert_eq!(world.texts().await, ["hello"]);
    assert_eq!(world.records("Task").await.len(), 1);
}

/// X20: who it belongs to and whether it is done is theirs, what it says is ours.
async fn a_task_that_somebody_completed_or_reassigned_is_still_ours_to_update(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "helo").await;
    let id = world.task().await["Id"].as_str().unwrap().to_owned();
    let priya = world.user("priya").await;
    world.edit("Task", &id, json!({"OwnerId": priya, "Status": "In Progress", "Priority": "High"})).await;
    edit(&world, "wamid.e", 5, "wamid.1", "hello").await;
    let task = world.task().await;
    assert_eq!(world.texts().await, ["hello"]);
    assert_eq!(
        (&task["OwnerId"], &task["Status"], &task["Priority"]),
        (&json!(priya), &json!("In Progress"), &json!("High"))
    );
}
