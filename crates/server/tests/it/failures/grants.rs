//! The grant: refused, raced, rotated away from us, or of another org, at any request.

use std::time::Duration;

use causeway::{crm::Line, lane, store::connection::State};
use causeway_core::{call::Call, lane::HoldReason};
use futures_util::future::{Either, join_all, select};
use serde_json::{Value, json};

use super::{
    ground::Ground,
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side, Trap, node},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{InProcess, World},
};

on_both_engines!(
    a_grant_that_is_refused_at_any_request_loses_nothing_once_it_is_given_again,
    a_rotated_token_that_dies_with_its_node_is_lost_honestly_and_nothing_else_is,
    a_rotated_token_whose_answer_is_lost_is_lost_honestly_and_nothing_else_is,
    ten_calls_that_race_for_a_new_token_lose_nothing,
    another_org_behind_the_same_host_gets_nothing,
);

/// Long enough for any lease to end.
const LEASE: i64 = 6 * 60 * 1_000_000;

/// If the grant is lost, everybody can see why, and a person connects again.
async fn give_again(world: &mut World, story: &Story) -> bool {
    if world.connection().await.state == State::Connected {
        return false;
    }
    assert_eq!(world.connection().await.state, State::Lost);
    let last = format!("wamid.{}", story.len());
    assert_eq!(world.hold_of(&last).await.map(|held| held.0), Some(HoldReason::GrantLost));
    world.reconnect().await.unwrap();
    true
}

async fn a_grant_that_is_refused_at_any_request_loses_nothing_once_it_is_given_again(place: Place) {
    refuse_at_every_request(place, &[Ground::Token, Ground::Field]).await;
}

/// The grant is revoked in the org before each request of a pass.
pub async fn refuse_at_every_request(place: Place, grounds: &[Ground]) {
    let name = format!("grants-refused-{}", grounds[0].name());
    let mut tally = Tally::open(&name, grounds[0].chapter(Chapter::Grant), &place);
    for ground in grounds {
        let mut world = World::on(place.another().await, *ground).await;
        let mut story = ground.story();
        for request in 0.. {
            let person = story.len();
            Story::know(&world, person).await;
            story.tell(&world, &[person, person + 1, person]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, Side::BeforeSending);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
            world.revoke_grants().await;
            gate.open();
            pass.await.unwrap();
            calm(&world, &world.app, Duration::from_secs(40)).await;
            assert!(give_again(&mut world, &story).await, "the grant is lost at request {request}");
            calm(&world, &world.app, Duration::from_hours(1)).await;
            tally.judge(("refresh refused", "at any request"), &story, &world).await;
        }
    }
    tally.end();
}

/// The new refresh token is in no store when the process ends, and the org does not take the old one any more.
async fn a_rotated_token_that_dies_with_its_node_is_lost_honestly_and_nothing_else_is(place: Place) {
    let mut tally = Tally::open("grants-rotated", Chapter::Grant, &place);
    let mut world = World::new(place).await;
    world.sim("POST", "options", json!({"rotate_refresh_tokens": true})).await;
    let other = node(&world, "node-2", 99).await;
    let mut story = Story::default();
    let mut lost = 0;
    for request in 0.. {
        let person = story.len();
        Story::know(&world, person).await;
        story.tell(&world, &[person, person + 1, person]).await;
        world.digest().await;
        world.expire_sessions().await;
        let ended =
            Trap::at(&world, request, Side::BeforeHearing).pass(&world.app, world.connection_id).await;
        set_clocks(&world, world.app.now() + LEASE);
        calm(&world, &other, Duration::from_secs(40)).await;
        lost += u32::from(give_again(&mut world, &story).await);
        calm(&world, &other, Duration::from_hours(1)).await;
        let case = ("token rotated, process dies before it is stored", "between any request and its answer");
        tally.judge(case, &story, &world).await;
        set_clocks(&world, world.app.now() + LEASE);
        if ended.is_some() {
            break;
        }
    }
    assert_eq!(lost, 1, "only between the answer with the new token and its storing");
    tally.end();
}

async fn a_rotated_token_whose_answer_is_lost_is_lost_honestly_and_nothing_else_is(place: Place) {
    let mut tally = Tally::open("grants-rotated-answer", Chapter::Grant, &place);
    let mut world = World::new(place).await;
    world.sim("POST", "options", json!({"rotate_refresh_tokens": true})).await;
    let mut story = Story::default();
    let faults = [
        ("token rotated, answer lost after the commit", "commit_then_cut", true),
        ("token rotated, 502 with HTML after the commit", "commit_then_bad_gateway", true),
        ("token rotated, 200 with somebody else's page", "commit_then_garble", true),
        ("token not rotated, answer lost before", "cut_before", false),
        ("token not rotated, 502 with HTML", "bad_gateway", false),
    ];
    for (fault, kind, is_lost) in faults {
        let person = story.len();
        world.expire_sessions().await;
        world.fault(json!({"kind": kind, "path": "oauth2/token", "times": 1})).await;
        story.tell(&world, &[person, person + 1, person]).await;
        calm(&world, &world.app, Duration::from_secs(40)).await;
        assert_eq!(give_again(&mut world, &story).await, is_lost, "{fault}");
        calm(&world, &world.app, Duration::from_hours(1)).await;
        tally.judge((fault, "renewing the token"), &story, &world).await;
        world.sim("DELETE", "faults", Value::Null).await;
    }
    tally.end();
}

async fn ten_calls_that_race_for_a_new_token_lose_nothing(place: Place) {
    let mut tally = Tally::open("grants-raced", Chapter::Grant, &place);
    let world = World::new(place).await;
    let mut story = Story::default();
    for rotates in [true, false, true, false] {
        world.sim("POST", "options", json!({"rotate_refresh_tokens": rotates})).await;
        let before = world.token_requests().await;
        let person = story.len();
        story.tell(&world, &[person, person + 1, person]).await;
        world.digest().await;
        world.expire_sessions().await;
        let calls = (0..10).map(|_| {
            let (app, id) = (world.app.clone(), world.connection_id);
            tokio::spawn(async move {
                let mut line = Line::open(&app, id).await.unwrap().unwrap();
                line.call(Call::Usage).await.map(|_| ())
            })
        });
        let calls: Vec<_> = calls.collect();
        lane::pass(&world.app, world.connection_id).await.unwrap();
        for call in join_all(calls).await {
            call.unwrap().unwrap();
        }
        assert_eq!(world.token_requests().await, before + 1);
        calm(&world, &world.app, Duration::from_secs(40)).await;
        let how = if rotates {
            "ten calls and the lane at once, with rotation"
        } else {
            "ten calls and the lane at once"
        };
        tally.judge(("refresh raced", how), &story, &world).await;
    }
    tally.end();
}

/// The name leads to another org for a while: after a restore, a move, a mistake in a DNS.
async fn another_org_behind_the_same_host_gets_nothing(place: Place) {
    let mut tally = Tally::open("grants-other-org", Chapter::Grant, &place);
    let mut world = World::new(place).await;
    let road = InProcess::to(&world.org);
    world.app.http = road.clone();
    let mut story = Story::default();
    for request in 0.. {
        let person = story.len();
        Story::know(&world, person).await;
        story.tell(&world, &[person, person + 1, person]).await;
        world.digest().await;
        let gate = Gate::at(&world, request, Side::BeforeSending);
        let app = gate.in_front_of(&world.app);
        let pass = Box::pin(lane::pass(&app, world.connection_id));
        let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
        let other = world.another_org();
        road.lead_to(&other);
        gate.open();
        pass.await.unwrap();
        calm(&world, &world.app, Duration::from_secs(40)).await;
        let home = std::mem::replace(&mut world.org, other);
        for object in ["Task", "Lead", "Contact"] {
            assert_eq!(world.records(object).await, Vec::<Value>::new(), "written to a stranger");
        }
        world.org = home;
        road.lead_to(&world.org);
        assert!(give_again(&mut world, &story).await, "the grant is lost at request {request}");
        calm(&world, &world.app, Duration::from_hours(1)).await;
        tally.judge(("another org behind the same host", "at any request"), &story, &world).await;
    }
    tally.end();
}
