//! How messages become Tasks: one each, one per window, one per local day; and what changing that does to what waits.

use std::time::Duration;

use causeway_core::{
    plan::settings::{ChatSync, Shape},
    time::Timestamp,
};
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    each_message_is_a_task_of_its_own_at_once,
    a_window_of_one_hour_is_written_at_its_end_with_all_messages_in_order,
    a_window_of_six_hours_is_written_at_its_end_with_all_messages_in_order,
    a_window_of_twelve_hours_is_written_at_its_end_with_all_messages_in_order,
    a_window_of_twenty_four_hours_is_written_at_its_end_with_all_messages_in_order,
    a_message_after_the_windows_end_opens_another,
    a_message_that_comes_after_its_window_was_written_is_not_lost,
    windows_are_one_per_chat,
    the_local_day_is_written_at_once_and_grows_in_place,
    a_new_day_in_the_workspaces_zone_is_a_new_task,
    a_day_of_twenty_three_hours_is_one_task,
    a_day_of_twenty_five_hours_is_one_task,
    a_change_from_window_to_each_message_loses_and_repeats_nothing,
    a_change_from_each_message_to_window_loses_and_repeats_nothing,
    a_change_through_every_frequency_loses_and_repeats_nothing,
    a_change_back_to_the_day_continues_the_days_task,
    what_was_written_stays_when_the_frequency_changes,
);

const HOUR: Duration = Duration::from_hours(1);

async fn shaped(place: Place, shape: Shape) -> World {
    zoned(place, shape, "Asia/Tokyo").await
}

async fn zoned(place: Place, shape: Shape, zone: &'static str) -> World {
    let settings = ChatSync { shape, ..ChatSync::default() };
    World::with(place, Setting { zone, settings, ..Setting::default() }).await
}

async fn change(world: &World, shape: Shape) {
    world.change_settings(ChatSync { shape, ..ChatSync::default() }).await;
    world.settle().await;
}

/// The texts of a Task's messages, without their heads.
fn said(text: &str) -> Vec<String> {
    text.split("\n\n").map(|block| block.lines().last().unwrap_or_default().to_owned()).collect()
}

/// Every text in every Task, sorted.
async fn everything(world: &World) -> Vec<String> {
    let mut all: Vec<String> = world.texts().await.iter().flat_map(|text| said(text)).collect();
    all.sort();
    all
}

/// R2.5, R2.38
async fn each_message_is_a_task_of_its_own_at_once(place: Place) {
    let world = World::new(place).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
}

async fn window(place: Place, shape: Shape, hours: u32) {
    let world = shaped(place, shape).await;
    let step = HOUR * hours / 4;
    for number in 1..=4 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        let delivery = world.delivery(&format!("wamid.{number}")).await;
        let end = (START + i64::from(hours) * 3600) * 1_000_000;
        assert_eq!(delivery.due_at, Some(Timestamp(end)), "the receipt says when: {}", delivery.sentence);
        world.after(step.saturating_sub(Duration::from_secs(1))).await;
        assert!(world.records("Task").await.is_empty(), "nothing is written before the window's end");
        assert!(world.records("Lead").await.is_empty());
    }
    world.after(Duration::from_secs(4)).await;
    let texts = world.texts().await;
    assert_eq!(texts.len(), 1);
    assert_eq!(said(&texts[0]), ["text 1", "text 2", "text 3", "text 4"]);
    let task = world.task().await;
    assert_eq!(task["Subject"], "WhatsApp chat with Sato Hanako · 2026-01-02 12:04:05 +09:00");
}

/// R2.6, R2.37, R2.48
async fn a_window_of_one_hour_is_written_at_its_end_with_all_messages_in_order(place: Place) {
    window(place, Shape::Hour, 1).await;
}

/// R2.6, R2.37, R2.48
async fn a_window_of_six_hours_is_written_at_its_end_with_all_messages_in_order(place: Place) {
    window(place, Shape::SixHours, 6).await;
}

/// R2.6, R2.37, R2.48
async fn a_window_of_twelve_hours_is_written_at_its_end_with_all_messages_in_order(place: Place) {
    window(place, Shape::TwelveHours, 12).await;
}

/// R2.6, R2.37, R2.48, R2.55
async fn a_window_of_twenty_four_hours_is_written_at_its_end_with_all_messages_in_order(place: Place) {
    window(place, Shape::TwentyFourHours, 24).await;
}

/// R2.37
async fn a_message_after_the_windows_end_opens_another(place: Place) {
    let world = shaped(place, Shape::Hour).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.after(HOUR).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    assert_eq!(world.texts().await.len(), 1);
    world.after(HOUR).await;
    let texts = world.texts().await;
    assert_eq!(texts.iter().map(|text| said(text)).collect::<Vec<_>>(), [["one"], ["two"]]);
}

/// R2.37, R2.45
async fn a_message_that_comes_after_its_window_was_written_is_not_lost(place: Place) {
    let world = shaped(place, Shape::Hour).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.after(HOUR).await;
    world.receive_at(&hanako(), "wamid.2", START + 60, "late").await;
    world.settle().await;
    world.after(HOUR).await;
    assert_eq!(everything(&world).await, ["late", "one"]);
}

/// R2.55
async fn windows_are_one_per_chat(place: Place) {
    let world = shaped(place, Shape::Hour).await;
    let other = causeway_simulator::whatsapp::Customer::with_number("819012345699", "Suzuki");
    for number in 1..=2 {
        world.hear(&hanako(), &format!("wamid.a{number}"), &format!("hers {number}")).await;
        world.hear(&other, &format!("wamid.b{number}"), &format!("his {number}")).await;
    }
    world.after(HOUR).await;
    let texts = world.texts().await;
    let told: Vec<_> = texts.iter().map(|text| said(text)).collect();
    assert_eq!(told, [["hers 1", "hers 2"], ["his 1", "his 2"]]);
}

/// X3, R2.6
async fn the_local_day_is_written_at_once_and_grows_in_place(place: Place) {
    let world = shaped(place, Shape::LocalDay).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        let task = world.task().await;
        let text = task["Description"].as_str().unwrap().split("\n\n—\n").next().unwrap().to_owned();
        assert_eq!(said(&text).len(), number, "{text}");
        world.after(HOUR).await;
    }
    assert_eq!(everything(&world).await, ["text 1", "text 2", "text 3"]);
}

/// X3
async fn a_new_day_in_the_workspaces_zone_is_a_new_task(place: Place) {
    let world = shaped(place, Shape::LocalDay).await;
    // 23:59:59 and 00:00:00 in Tokyo, within one day of UTC.
    let midnight = 1_767_366_000;
    world.after(Duration::from_secs(u64::try_from(midnight + 60 - START).unwrap())).await;
    world.receive_at(&hanako(), "wamid.1", midnight - 1, "evening").await;
    world.receive_at(&hanako(), "wamid.2", midnight, "morning").await;
    world.settle().await;
    let tasks = world.records("Task").await;
    let dates: Vec<_> = tasks.iter().map(|task| task["ActivityDate"].clone()).collect();
    assert_eq!(dates, ["2026-01-02", "2026-01-03"]);
}

/// A message in every hour of a local day, from just after its start to just before its end.
async fn one_day(place: Place, start: i64, hours: i64, date: &str) {
    let world = zoned(place, Shape::LocalDay, "Europe/Berlin").await;
    world.after(Duration::from_secs(u64::try_from(start + 48 * 3600 - START).unwrap())).await;
    world.receive_at(&hanako(), "wamid.before", start - 1, "before").await;
    for hour in 0..hours {
        let at = start + hour * 3600 + 1800;
        world.receive_at(&hanako(), &format!("wamid.{hour}"), at, &format!("{hour:02}")).await;
    }
    world.receive_at(&hanako(), "wamid.after", start + hours * 3600, "after").await;
    world.settle().await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 3);
    assert_eq!(tasks[1]["ActivityDate"], date);
    let expected: Vec<_> = (0..hours).map(|hour| format!("{hour:02}")).collect();
    assert_eq!(said(&world.texts().await[1]), expected);
}

/// X3: the clocks go forward on 29 March 2026.
async fn a_day_of_twenty_three_hours_is_one_task(place: Place) {
    one_day(place, 1_774_738_800, 23, "2026-03-29").await;
}

/// X3: the clocks go back on 25 October 2026.
async fn a_day_of_twenty_five_hours_is_one_task(place: Place) {
    one_day(place, 1_792_879_200, 25, "2026-10-25").await;
}

/// R2.45
async fn a_change_from_window_to_each_message_loses_and_repeats_nothing(place: Place) {
    let world = shaped(place, Shape::TwentyFourHours).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    change(&world, Shape::PerMessage).await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
    world.after(HOUR * 30).await;
    assert_eq!(world.texts().await.len(), 3);
}

/// R2.45: what is held is the only thing that waits when each message is written at once.
async fn a_change_from_each_message_to_window_loses_and_repeats_nothing(place: Place) {
    let create = causeway_core::plan::settings::Create::Off;
    let settings = ChatSync { create, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    world.change_settings(ChatSync { create, shape: Shape::Hour, ..ChatSync::default() }).await;
    world.settle().await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    world.seed("Lead", lead).await;
    world.rest(Duration::from_mins(10), HOUR * 2).await;
    let texts = world.texts().await;
    assert_eq!(texts.len(), 1);
    assert_eq!(said(&texts[0]), ["text 1", "text 2", "text 3"]);
}

/// R2.45
async fn a_change_through_every_frequency_loses_and_repeats_nothing(place: Place) {
    let world = shaped(place, Shape::TwentyFourHours).await;
    let shapes = [
        Shape::Hour,
        Shape::LocalDay,
        Shape::SixHours,
        Shape::PerMessage,
        Shape::TwelveHours,
        Shape::LocalDay,
        Shape::Hour,
        Shape::TwentyFourHours,
        Shape::PerMessage,
        Shape::TwentyFourHours,
    ];
    let mut expected = Vec::new();
    for (place, shape) in shapes.into_iter().enumerate() {
        for half in ["a", "b"] {
            let text = format!("text {place}{half}");
            world.hear(&hanako(), &format!("wamid.{place}{half}"), &text).await;
            expected.push(text);
            world.after(Duration::from_mins(25)).await;
        }
        change(&world, shape).await;
    }
    world.rest(HOUR, HOUR * 26).await;
    assert_eq!(everything(&world).await, expected);
}

/// R2.45
async fn a_change_back_to_the_day_continues_the_days_task(place: Place) {
    let world = shaped(place, Shape::LocalDay).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    change(&world, Shape::TwelveHours).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    change(&world, Shape::LocalDay).await;
    world.hear(&hanako(), "wamid.3", "three").await;
    assert_eq!(world.records("Task").await.len(), 1);
    assert_eq!(said(&world.texts().await[0]), ["one", "two", "three"]);
}

/// R2.45
async fn what_was_written_stays_when_the_frequency_changes(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let before = world.task().await;
    change(&world, Shape::LocalDay).await;
    world.after(HOUR).await;
    assert_eq!(world.task().await, before);
    world.hear(&hanako(), "wamid.2", "two").await;
    assert_eq!(world.texts().await.len(), 2);
}
