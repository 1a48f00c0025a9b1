//! Our database is full, broken, cut off, gone: what cannot be kept is not acknowledged, and what cannot be recorded is
//! not sent.

use std::time::Duration;

use causeway::{
    intake::{self, Received},
    lane,
};
use futures_util::future::{Either, select};
use serde_json::Value;

use super::{
    ground::Ground,
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side},
};
use crate::{
    store::{
        engine::{Place, on_both_engines},
        trouble::{Trouble, begin, end, troubles},
    },
    world::World,
};

on_both_engines!(
    a_full_disk_acknowledges_nothing_and_loses_nothing,
    a_disk_that_fills_up_at_any_request_loses_and_repeats_nothing,
);

async fn a_full_disk_acknowledges_nothing_and_loses_nothing(place: Place) {
    let mut tally = Tally::open("database-intake", Chapter::Store, &place);
    for trouble in troubles(&place).iter().filter(|trouble| **trouble != Trouble::Cut) {
        let world = World::new(place.another().await).await;
        let mut story = Story::default();
        for round in 0..4 {
            let (mut body, told) = story.compose(&world, &[round, round + 1, round]);
            // Too long for whatever room is left.
            body.extend(vec![b' '; 50_000]);
            begin(&world, *trouble).await;
            let refused = world.post_raw(body.clone()).await;
            assert_eq!(refused, Received::NotKept, "{}", trouble.name());
            end(&world, *trouble).await;
            assert_eq!(world.post_raw(body).await, Received::Kept);
            story.take(told);
            // And while what was kept is read.
            begin(&world, *trouble).await;
            drop(intake::drain(&world.app).await);
            end(&world, *trouble).await;
            calm(&world, &world.app, Duration::from_hours(1)).await;
            tally.judge((trouble.name(), "before and after the commit of a webhook"), &story, &world).await;
        }
    }
    tally.end();
}

async fn a_disk_that_fills_up_at_any_request_loses_and_repeats_nothing(place: Place) {
    at_every_request(place, Ground::Token).await;
}

/// Every trouble at every request; with a field under `./test --long` only.
pub async fn at_every_request(place: Place, ground: Ground) {
    let chapter = ground.chapter(Chapter::Store.keyed(ground.has_field()));
    let mut tally = Tally::open(&format!("database-{}", ground.name()), chapter, &place);
    for trouble in troubles(&place) {
        let world = World::on(place.another().await, ground).await;
        let mut story = ground.story();
        for request in 0.. {
            let person = story.len();
            Story::know(&world, person).await;
            story.tell(&world, &[person, person + 1, person]).await;
            world.digest().await;
            story.tell(&world, &[person + 1]).await;
            let gate = Gate::at(&world, request, Side::BeforeHearing);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else {
                assert!(request > 4, "a pass makes more requests than {request}");
                break;
            };
            begin(&world, *trouble).await;
            let before = writes(&world).await;
            gate.open();
            drop(pass.await);
            if *trouble != Trouble::Cut {
                for _ in 0..3 {
                    drop(lane::pass(&world.app, world.connection_id).await);
                    drop(intake::drain(&world.app).await);
                    set_clocks(&world, world.app.now() + 60_000_000);
                }
                let after = writes(&world).await;
                // A full SQLite may still find room for a small record in a page that it has.
                let may_send = matches!(world.place, Place::Sqlite(_));
                assert!(
                    may_send || after == before,
                    "sent without being recorded, {} at {request}",
                    trouble.name()
                );
            }
            end(&world, *trouble).await;
            set_clocks(&world, world.app.now() + 6 * 60_000_000);
            calm(&world, &world.app, Duration::from_hours(1)).await;
            let place = format!("between any request and its answer, {}", ground.words());
            tally.judge((trouble.name(), &place), &story, &world).await;
        }
    }
    tally.end();
}

/// Requests by which the org was to change something.
async fn writes(world: &World) -> u64 {
    world.sim("GET", "counters", Value::Null).await["writes"].as_u64().unwrap()
}
