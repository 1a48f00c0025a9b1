//! A node dies between any two steps; another takes its lane over and goes on.

use std::time::Duration;

use causeway::{app::App, intake, lane};
use causeway_core::channels::RawRequest;
use futures_util::future::{Either, select};
use serde_json::json;

use super::{
    ground::Ground,
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side, Trap, dropped_after, node},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{SOURCE, World},
};

on_both_engines!(
    a_node_that_dies_at_any_request_loses_and_repeats_nothing,
    a_node_that_dies_at_any_request_of_an_org_with_a_field_loses_and_repeats_nothing,
    a_node_that_comes_back_under_its_own_name_takes_its_open_attempts_as_unknown,
    a_node_that_dies_at_any_wait_loses_and_repeats_nothing,
    a_store_that_fails_between_request_and_answer_loses_and_repeats_nothing,
    a_reader_that_dies_at_any_wait_loses_and_repeats_nothing,
    an_intake_that_dies_at_any_wait_keeps_what_it_acknowledged,
);

/// Long enough for any lease to end.
const LEASE: i64 = 6 * 60 * 1_000_000;

async fn a_node_that_dies_at_any_request_loses_and_repeats_nothing(place: Place) {
    die_at_every_request(place, Ground::Token, true).await;
}

async fn a_node_that_dies_at_any_request_of_an_org_with_a_field_loses_and_repeats_nothing(place: Place) {
    die_at_every_request(place, Ground::Field, true).await;
}

async fn a_node_that_comes_back_under_its_own_name_takes_its_open_attempts_as_unknown(place: Place) {
    die_at_every_request(place, Ground::Token, false).await;
}

/// A node dies before and after each request of a pass.
pub async fn die_at_every_request(place: Place, ground: Ground, is_taken_over: bool) {
    let name = format!("crashes-{}-{is_taken_over}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Nodes), &place);
    let fault = if is_taken_over { "node dies, another goes on" } else { "node dies and comes back" };
    let key = ground.words();
    let world = World::on(place, ground).await;
    let other = node(&world, "node-2", 99).await;
    let mut story = ground.story();
    for side in [Side::BeforeSending, Side::BeforeHearing] {
        for request in 0.. {
            let people = 4 * story.len();
            Story::know(&world, people).await;
            story.tell(&world, &[people, people + 1, people, people + 1]).await;
            world.digest().await;
            let trap = Trap::at(&world, request, side);
            let ended = trap.pass(&world.app, world.connection_id).await;
            let survivor = if is_taken_over { &other } else { &world.app };
            recover(&world, survivor, is_taken_over).await;
            let when = if side == Side::BeforeSending { "before" } else { "after" };
            let case = format!("{when} any request of a pass, {key}");
            tally.judge((fault, &case), &story, &world).await;
            if is_taken_over {
                hand_back(&world);
            }
            if ended.is_some() {
                assert!(request > 4, "a pass makes more requests than {request}");
                break;
            }
        }
    }
    tally.end();
}

async fn a_node_that_dies_at_any_wait_loses_and_repeats_nothing(place: Place) {
    let mut tally = Tally::open("crashes-wait", Chapter::Nodes, &place);
    let world = World::new(place).await;
    // What was just made is found by queries at once, by searches later.
    world.sim("POST", "options", json!({"search_delay_seconds": 120})).await;
    let other = node(&world, "node-2", 99).await;
    let mut story = Story::default();
    for waits in 0.. {
        let people = 4 * story.len();
        Story::know(&world, people).await;
        story.tell(&world, &[people, people + 1, people, people + 1]).await;
        world.digest().await;
        let ended = dropped_after(waits, lane::pass(&world.app, world.connection_id)).await;
        recover(&world, &other, true).await;
        tally.judge(("node dies, another goes on", "at any wait of a pass"), &story, &world).await;
        hand_back(&world);
        // What is answered at once is not waited for: an end may come early by luck.
        if ended.is_some() && waits > 10 {
            break;
        }
    }
    tally.end();
}

/// The same process goes on, without the verdicts that it could not keep.
async fn a_store_that_fails_between_request_and_answer_loses_and_repeats_nothing(place: Place) {
    let mut tally = Tally::open("crashes-store", Chapter::Store, &place);
    let world = World::new(place).await;
    let mut story = Story::default();
    let mut failures = 0;
    for request in 0.. {
        let people = 4 * story.len();
        Story::know(&world, people).await;
        story.tell(&world, &[people, people + 1, people, people + 1]).await;
        world.digest().await;
        let gate = Gate::at(&world, request, Side::BeforeHearing);
        let app = gate.in_front_of(&world.app);
        let pass = Box::pin(lane::pass(&app, world.connection_id));
        let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
        world.place.run("ALTER TABLE attempt RENAME TO attempt_away").await;
        gate.open();
        failures += usize::from(pass.await.is_err());
        world.place.run("ALTER TABLE attempt_away RENAME TO attempt").await;
        calm(&world, &world.app, Duration::from_hours(1)).await;
        tally
            .judge(("database refuses what it is told", "between any request and its answer"), &story, &world)
            .await;
    }
    assert!(failures > 4, "the store failed {failures} times");
    tally.end();
}

async fn a_reader_that_dies_at_any_wait_loses_and_repeats_nothing(place: Place) {
    let mut tally = Tally::open("crashes-reader", Chapter::Nodes, &place);
    let world = World::new(place).await;
    let other = node(&world, "node-2", 99).await;
    let mut story = Story::default();
    for waits in 0.. {
        let people = 4 * story.len();
        story.tell(&world, &[people, people + 1, people]).await;
        story.tell(&world, &[people + 1]).await;
        let ended = dropped_after(waits, intake::drain(&world.app)).await;
        recover(&world, &other, true).await;
        tally
            .judge(("reader dies, another goes on", "at any wait while webhooks are read"), &story, &world)
            .await;
        hand_back(&world);
        // What is answered at once is not waited for: an end may come early by luck.
        if ended.is_some() && waits > 5 {
            break;
        }
    }
    tally.end();
}

/// A request whose receiver died may have been kept or not, but what is sent again is one message.
async fn an_intake_that_dies_at_any_wait_keeps_what_it_acknowledged(place: Place) {
    let mut tally = Tally::open("crashes-intake", Chapter::Nodes, &place);
    let world = World::new(place).await;
    let mut story = Story::default();
    for waits in 0.. {
        let (body, told) = story.compose(&world, &[waits, waits]);
        let headers = vec![("x-hub-signature-256".to_owned(), world.sender.sign(&body))];
        let request = RawRequest { headers, body: body.clone() };
        let ended = dropped_after(waits, intake::receive(&world.app, "whatsapp", SOURCE, request)).await;
        // Nobody was told that it is kept, so the provider sends it again.
        if ended.is_none() {
            assert_eq!(world.post_raw(body).await, intake::Received::Kept);
        }
        story.take(told);
        calm(&world, &world.app, Duration::from_mins(30)).await;
        tally
            .judge(
                ("receiver dies, the provider sends again", "at any wait before a webhook is acknowledged"),
                &story,
                &world,
            )
            .await;
        if ended.is_some() {
            break;
        }
    }
    tally.end();
}

/// The dead node's leases end, and the survivor goes on.
async fn recover(world: &World, survivor: &App, is_taken_over: bool) {
    let pause = if is_taken_over { LEASE } else { 1_000_000 };
    set_clocks(world, survivor.now() + pause);
    calm(world, survivor, Duration::from_hours(1)).await;
}

/// The survivor's leases end too, so that the first node can die once more.
fn hand_back(world: &World) {
    set_clocks(world, world.app.now() + LEASE);
}
