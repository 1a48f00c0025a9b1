//! What changes while a pass is under way, and requests that come true long after they were given up.

use std::time::Duration;

use causeway::lane;
use causeway_core::plan::settings::{ChatSync, Shape};
use futures_util::future::{Either, select};
use serde_json::json;

use super::{
    ground::Ground,
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

on_both_engines!(
    an_edit_at_any_request_reaches_the_entry,
    another_frequency_at_any_request_loses_and_repeats_nothing,
    an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one_with_a_field,
    an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one_with_a_token,
    each_lost_answer_begins_the_ten_minutes_anew,
);

/// While a pass stands still at one of its requests, a customer edits what is being written.
async fn an_edit_at_any_request_reaches_the_entry(place: Place) {
    edit_at_every_request(place, Ground::Token).await;
}

/// The same on any ground.
pub async fn edit_at_every_request(place: Place, ground: Ground) {
    let name = format!("midway-edit-{}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Requests), &place);
    let world = World::on(place, ground).await;
    let mut story = ground.story();
    for side in [Side::BeforeSending, Side::BeforeHearing] {
        for request in 0.. {
            let first = story.len();
            story.tell(&world, &[first, first + 1, first]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, side);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
            story.edit(&world, first).await;
            story.edit(&world, first + 2).await;
            world.digest().await;
            gate.open();
            pass.await.unwrap();
            calm(&world, &world.app, Duration::from_mins(30)).await;
            tally
                .judge(
                    ("customer edits what is being written", "before and after any request"),
                    &story,
                    &world,
                )
                .await;
        }
    }
    tally.end();
}

/// While a pass stands still, an administrator chooses another frequency: what was read is sliced anew (R2.45).
async fn another_frequency_at_any_request_loses_and_repeats_nothing(place: Place) {
    choose_at_every_request(place, Ground::Token).await;
}

/// The same on any ground.
pub async fn choose_at_every_request(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let mut story = ground.story();
    for request in 0.. {
        let first = story.len();
        story.tell(&world, &[first, first + 1, first]).await;
        world.digest().await;
        let gate = Gate::at(&world, request, Side::BeforeSending);
        let app = gate.in_front_of(&world.app);
        let pass = Box::pin(lane::pass(&app, world.connection_id));
        let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
        let shape = if request % 2 == 0 { Shape::LocalDay } else { Shape::PerMessage };
        world.change_settings(ChatSync { shape, ..ground.setting().settings }).await;
        gate.open();
        pass.await.unwrap();
        calm(&world, &world.app, Duration::from_mins(30)).await;
        let entries = world.entries().await;
        for text in story.texts() {
            let found = entries.iter().filter(|entry| entry.body.contains(text)).count();
            assert_eq!(found, 1, "{text} stands in {found} entries; changed at request {request}");
        }
    }
}

async fn an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one_with_a_field(place: Place) {
    come_true_late(place, Ground::Field).await;
}

async fn an_old_revision_that_comes_true_late_does_not_stand_over_a_newer_one_with_a_token(place: Place) {
    come_true_late(place, Ground::Token).await;
}

/// What was lost comes true late, when something newer was written.
pub async fn come_true_late(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let mut story = ground.story();
    Story::know(&world, 0).await;
    let late = json!({"kind": "commit_late", "seconds": 540, "times": 1});
    // The first writing is lost and comes true late; the customer edits meanwhile.
    world.curtain().strike(late.clone(), Asking::WritesEntries).await;
    story.tell(&world, &[0, 0]).await;
    calm(&world, &world.app, Duration::from_mins(1)).await;
    story.edit(&world, 0).await;
    calm(&world, &world.app, Duration::from_mins(1)).await;
    set_clocks(&world, world.app.now() + 600_000_000);
    calm(&world, &world.app, Duration::from_mins(30)).await;
    story.check_all_written(&world, "a creation came true late").await;
    // An edit is lost and comes true late, after the next edit.
    world.curtain().strike(late, Asking::ChangesEntries).await;
    story.edit(&world, 1).await;
    calm(&world, &world.app, Duration::from_mins(1)).await;
    story.edit(&world, 1).await;
    calm(&world, &world.app, Duration::from_mins(1)).await;
    set_clocks(&world, world.app.now() + 600_000_000);
    calm(&world, &world.app, Duration::from_mins(30)).await;
    story.check_all_written(&world, "a change came true late").await;
}

/// The second creation is cut as well, after the first has settled: it may still come true nine minutes later.
async fn each_lost_answer_begins_the_ten_minutes_anew(place: Place) {
    lose_twice(place, Ground::Token).await;
}

/// The same on any ground.
pub async fn lose_twice(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let mut story = ground.story();
    Story::know(&world, 0).await;
    for asking in [Asking::WritesEntries, Asking::MakesPeople] {
        for fault in [
            json!({"kind": "cut_before", "times": 1}),
            json!({"kind": "commit_late", "seconds": 540, "times": 1}),
        ] {
            world.curtain().strike(fault, asking).await;
        }
        let person = story.len();
        story.tell(&world, &[if asking == Asking::WritesEntries { 0 } else { person }]).await;
        calm(&world, &world.app, Duration::from_hours(1)).await;
        story.check_all_written(&world, &format!("{asking:?}")).await;
    }
}
