//! Long texts: numbered parts, and a message that stays in the part in which it was first written.

use causeway_core::plan::settings::{ChatSync, Shape};
use serde_json::Value;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_very_long_text_stands_whole_in_numbered_parts,
    a_day_that_outgrows_its_task_goes_on_in_a_second_part_and_leaves_the_first_as_it_is,
    an_edit_of_a_long_text_reaches_the_parts_that_hold_it,
    a_text_of_many_bytes_per_letter_is_counted_as_the_crm_counts,
);

/// What the Tasks say, without their feet.
fn bodies(tasks: &[Value]) -> Vec<String> {
    let body = |task: &Value| task["Description"].as_str().unwrap().to_owned();
    tasks.iter().map(|task| body(task).split("\n\n—\n").next().unwrap().to_owned()).collect()
}

fn long(word: &str) -> String {
    (0..10_000).map(|number| format!("{word}{number:05}")).collect::<Vec<_>>().join(" ")
}

/// X8
async fn a_very_long_text_stands_whole_in_numbered_parts(place: Place) {
    let world = World::new(place).await;
    let text = long("word");
    world.hear(&hanako(), "wamid.1", &text).await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 4);
    for (place, task) in tasks.iter().enumerate() {
        let subject = task["Subject"].as_str().unwrap();
        assert!(subject.ends_with(&format!("(part {})", place + 1)), "{subject}");
        assert!(task["Description"].as_str().unwrap().encode_utf16().count() <= 32_000);
    }
    let whole: String = bodies(&tasks).iter().map(|body| body.replace("[continued]\n", "")).collect();
    assert_eq!(whole.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
    assert_eq!(world.entry_of("wamid.1").await.parts, [1, 2, 3, 4]);
    assert_eq!(world.state_of("wamid.1").await, "written");
}

/// X3, X8
async fn a_day_that_outgrows_its_task_goes_on_in_a_second_part_and_leaves_the_first_as_it_is(place: Place) {
    let settings = ChatSync { shape: Shape::LocalDay, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    let text = |number: usize| format!("{number} {}", "x".repeat(4_000));
    for number in 0..7 {
        world.hear(&hanako(), &format!("wamid.{number}"), &text(number)).await;
    }
    let first = bodies(&world.records("Task").await);
    assert_eq!(first.len(), 1);
    for number in 7..10 {
        world.hear(&hanako(), &format!("wamid.{number}"), &text(number)).await;
    }
    let both = bodies(&world.records("Task").await);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0], first[0], "the first part says what it said");
    for number in 0..10 {
        assert_eq!(both.concat().matches(&text(number)).count(), 1, "{number}");
    }
}

/// R2.2, X8
async fn an_edit_of_a_long_text_reaches_the_parts_that_hold_it(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", &long("word")).await;
    let before: Vec<_> = world.records("Task").await.iter().map(|task| task["Id"].clone()).collect();
    let now = world.seconds();
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", now, "wamid.1", &long("edit"))]).await;
    world.settle().await;
    let tasks = world.records("Task").await;
    let after: Vec<_> = tasks.iter().map(|task| task["Id"].clone()).collect();
    assert_eq!(after, before);
    assert!(bodies(&tasks).iter().all(|body| body.contains("edit") && !body.contains("word")));
    world.post(vec![world.sender.edit(&hanako(), "wamid.f", now + 1, "wamid.1", "short")]).await;
    world.settle().await;
    let bodies = bodies(&world.records("Task").await);
    assert_eq!(bodies[0], "short");
    assert!(bodies.iter().all(|body| !body.contains("edit0")), "nothing of the old text stays behind");
}

/// X8
async fn a_text_of_many_bytes_per_letter_is_counted_as_the_crm_counts(place: Place) {
    let world = World::new(place).await;
    let text = "👩‍👩‍👧 ".repeat(6_000);
    world.hear(&hanako(), "wamid.1", text.trim_end()).await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 2);
    let families: usize = bodies(&tasks).iter().map(|body| body.matches("👩‍👩‍👧").count()).sum();
    assert_eq!(families, 6_000, "none is torn apart");
}
