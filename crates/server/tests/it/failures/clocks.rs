//! Our clock is set, forward and back, while the org's goes on: how long something has waited is not known by ours.

use std::{sync::atomic::Ordering, time::Duration};

use causeway::lane;
use causeway_core::time::Timestamp;
use futures_util::future::{Either, select};
use serde_json::json;

use super::{
    ground::Ground,
    story::{Story, calm},
    tally::{Chapter, Tally},
    trap::{Gate, Side, node},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

on_both_engines!(
    a_clock_that_jumps_between_two_requests_loses_and_repeats_nothing,
    a_creation_that_comes_true_late_is_not_repeated_because_a_clock_jumped,
    ids_rise_and_never_repeat_whatever_the_clock_does,
);

const HOUR: i64 = 3_600_000_000;

/// How far our clock jumps.
const JUMPS: [(&str, i64); 4] = [
    ("clock set forward a day", 24 * HOUR),
    ("clock set back an hour", -HOUR),
    ("clock set forward ten minutes", HOUR / 6),
    ("clock set back ten minutes", -HOUR / 6),
];

async fn a_clock_that_jumps_between_two_requests_loses_and_repeats_nothing(place: Place) {
    jump_at_every_request(place, Ground::Token).await;
}

/// Our clock is set; the org's goes on.
pub fn jump(world: &World, by: i64) {
    world.skew.fetch_add(by, Ordering::SeqCst);
    world.clock.set(Timestamp(world.app.now() + by));
}

/// Every jump at every request; with a field under `./test --long` only.
pub async fn jump_at_every_request(place: Place, ground: Ground) {
    let chapter = ground.chapter(Chapter::Nodes.keyed(ground.has_field()));
    let mut tally = Tally::open(&format!("clocks-{}", ground.name()), chapter, &place);
    for (fault, by) in JUMPS {
        let world = World::on(place.another().await, ground).await;
        let mut story = ground.story();
        for request in 0.. {
            let person = story.len();
            Story::know(&world, person).await;
            let lost = json!({"kind": "commit_then_cut", "times": 1});
            world.curtain().strike(lost, Asking::WritesEntries).await;
            story.tell(&world, &[person, person + 1, person]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, Side::BeforeHearing);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let was_reached = match select(pass, Box::pin(gate.reached())).await {
                Either::Left((passed, _)) => {
                    passed.unwrap();
                    false
                }
                Either::Right(((), pass)) => {
                    jump(&world, by);
                    story.tell(&world, &[person + 1, person]).await;
                    gate.open();
                    pass.await.unwrap();
                    true
                }
            };
            calm(&world, &world.app, Duration::from_hours(3)).await;
            let case = format!("between any two requests, {}", ground.words());
            tally.judge((fault, &case), &story, &world).await;
            if !was_reached {
                assert!(request > 4, "a pass makes more requests than {request}");
                break;
            }
        }
    }
    tally.end();
}

/// The answer is lost, our clock jumps a day, and the org does the work minutes later: "not there" must not be believed
/// because our clock says that a day has passed.
async fn a_creation_that_comes_true_late_is_not_repeated_because_a_clock_jumped(place: Place) {
    come_true_late_as_a_clock_jumps(place, Ground::Token).await;
}

/// The same on any ground.
pub async fn come_true_late_as_a_clock_jumps(place: Place, ground: Ground) {
    let name = format!("clocks-late-{}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Nodes), &place);
    for (what, asking) in [("entry", Asking::WritesEntries), ("person", Asking::MakesPeople)] {
        for (fault, by) in JUMPS {
            let world = World::on(place.another().await, ground).await;
            let mut story = ground.story();
            let late = json!({"kind": "commit_late", "seconds": 400, "times": 1});
            world.curtain().strike(late, asking).await;
            story.tell(&world, &[0, 1, 0]).await;
            world.digest().await;
            lane::pass(&world.app, world.connection_id).await.unwrap();
            jump(&world, by);
            calm(&world, &world.app, Duration::from_hours(3)).await;
            let case = format!("while the answer about {what} is missing, committed late");
            tally.judge((fault, &case), &story, &world).await;
        }
    }
    tally.end();
}

async fn ids_rise_and_never_repeat_whatever_the_clock_does(place: Place) {
    let world = World::new(place).await;
    let other = node(&world, "node-2", 7).await;
    let mut all = std::collections::BTreeSet::new();
    let mut last = 0;
    for by in [0, 24 * HOUR, -25 * HOUR, HOUR, -HOUR] {
        jump(&world, by);
        for _ in 0..2_000 {
            let id = world.app.nature.id();
            assert!(id > last, "{id} after {last}");
            last = id;
            assert!(all.insert(id), "{id} twice");
        }
    }
    assert!(all.insert(other.nature.id()));
}
