//! Two nodes over one database.

use std::time::Duration;

use causeway::{intake, lane};
use futures_util::future::{Either, join, select};

use super::{
    ground::Ground,
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side, node},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    two_nodes_at_once_write_everything_once,
    a_node_that_outlives_its_lease_writes_nothing_more,
    a_node_that_outlives_its_lease_writes_nothing_more_to_an_org_with_a_field,
);

/// Long enough for any lease to end.
const LEASE: i64 = 6 * 60 * 1_000_000;

async fn two_nodes_at_once_write_everything_once(place: Place) {
    two_at_once(place, Ground::Token).await;
}

/// Two nodes read and write at the same instant.
pub async fn two_at_once(place: Place, ground: Ground) {
    let name = format!("nodes-two-{}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Nodes), &place);
    let world = World::on(place, ground).await;
    let other = node(&world, "node-2", 99).await;
    let mut story = ground.story();
    for round in 0..12 {
        story.tell(&world, &[round, round + 1, round]).await;
        story.tell(&world, &[round + 1, round]).await;
        let (one, two) = join(intake::drain(&world.app), intake::drain(&other)).await;
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.folded.new + two.folded.new, 5, "round {round}");
        let id = world.connection_id;
        let passes = (Box::pin(lane::pass(&world.app, id)), Box::pin(lane::pass(&other, id)));
        let (one, two) = join(passes.0, passes.1).await;
        let idle = [one.unwrap(), two.unwrap()].iter().filter(|passed| passed.is_idle).count();
        assert_eq!(idle, 1, "one node runs the lane, in round {round}");
        tally
            .judge(("two nodes claim one lease", "reading and writing at the same instant"), &story, &world)
            .await;
        // Every other round the lease is free for either.
        set_clocks(&world, world.app.now() + LEASE * (i64::try_from(round).unwrap() % 2));
    }
    tally.end();
}

async fn a_node_that_outlives_its_lease_writes_nothing_more(place: Place) {
    outlive(place, Ground::Token).await;
}

async fn a_node_that_outlives_its_lease_writes_nothing_more_to_an_org_with_a_field(place: Place) {
    outlive(place, Ground::Field).await;
}

/// A node stands still at one of its requests until another has taken its lane over, then goes on.
pub async fn outlive(place: Place, ground: Ground) {
    let name = format!("nodes-outlive-{}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Nodes), &place);
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
            let gate = Gate::at(&world, request, side);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let was_reached = match select(pass, Box::pin(gate.reached())).await {
                Either::Left((passed, _)) => {
                    passed.unwrap();
                    false
                }
                Either::Right(((), pass)) => {
                    set_clocks(&world, world.app.now() + LEASE);
                    // Shorter than what it takes to believe that a lost creation never happened.
                    calm(&world, &other, Duration::from_mins(3)).await;
                    gate.open();
                    pass.await.unwrap();
                    true
                }
            };
            calm(&world, &other, Duration::from_hours(1)).await;
            set_clocks(&world, world.app.now() + LEASE);
            calm(&world, &world.app, Duration::from_hours(1)).await;
            let when = if side == Side::BeforeSending { "before" } else { "after" };
            let case = format!("standing still {when} any request, {key}");
            tally.judge(("node outlives its lease", &case), &story, &world).await;
            if !was_reached {
                assert!(request > 4, "a pass makes more requests than {request}");
                break;
            }
        }
    }
    tally.end();
}
