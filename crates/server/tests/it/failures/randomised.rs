//! Traffic, faults, crashes and clocks by chance: after the faults stop, every acknowledged message is written
//! exactly once, on its person's record, in order. The same seed is the same story.

use std::time::Duration;

use causeway::app::App;
use serde_json::{Value, json};

use super::{
    story::{Story, calm, set_clocks},
    trap::{Side, Trap, node},
};
use crate::{
    store::engine::Place,
    world::{Setting, World},
};

/// Messages of one run.
const MESSAGES: usize = 40;

/// Customers of one run: every other is known to the org.
const CUSTOMERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_seeds_on_sqlite() {
    for seed in 0..30 {
        play(Place::sqlite(), seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_seeds_on_postgres() {
    for seed in 100..110 {
        play(Place::postgres().await, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_leaves_the_same_records() {
    for seed in [3, 11] {
        assert_eq!(play(Place::sqlite(), seed).await, play(Place::sqlite(), seed).await, "seed {seed}");
    }
}

/// A repeatable sequence (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// One run. Answers what the org holds at its end.
async fn play(place: Place, seed: u64) -> Vec<Value> {
    let mut dice = Dice(seed);
    let setting = Setting { seed, has_external_id: dice.one_in(2), ..Setting::default() };
    let world = World::with(place, setting).await;
    let nodes = [world.app.clone(), node(&world, "node-2", seed + 1).await];
    if dice.one_in(3) {
        world.sim("POST", "options", json!({"search_delay_seconds": 90})).await;
    }
    for customer in (0..CUSTOMERS).step_by(2) {
        Story::know(&world, customer).await;
    }
    let mut story = Story::with_row_troubles();
    while story.len() < MESSAGES {
        let writers: Vec<usize> = (0..=dice.below(5)).map(|_| dice.below(CUSTOMERS)).collect();
        story.tell(&world, &writers).await;
        if dice.one_in(4) {
            let place = dice.below(story.len());
            story.edit(&world, place).await;
        }
        if dice.one_in(2) {
            trouble(&world, &mut dice).await;
        }
        step(&world, &nodes[usize::from(dice.one_in(4))], &mut dice).await;
    }
    world.sim("DELETE", "faults", Value::Null).await;
    set_clocks(&world, world.app.now() + 6 * 60 * 1_000_000);
    calm(&world, &nodes[0], Duration::from_hours(2)).await;
    story.check_all_written(&world, &format!("seed {seed}")).await;
    let mut records = world.records("Lead").await;
    records.extend(world.records("Task").await);
    records
}

/// Something goes wrong from here on, some times.
async fn trouble(world: &World, dice: &mut Dice) {
    let kinds = [
        "commit_then_cut",
        "cut_before",
        "commit_late",
        "unavailable",
        "session_expired",
        "row_lock",
        "half_collection",
        "limit_exhausted",
    ];
    let paths =
        ["composite/sobjects", "composite/sobjects", "query", "search", "oauth2/token", "services/data"];
    let fault = json!({
        "kind": dice.of(&kinds),
        "path": dice.of(&paths),
        "after": dice.below(3),
        "times": 1 + dice.below(3),
        "every": 1 + dice.below(3),
        "seconds": 1 + dice.below(580),
    });
    world.sim("POST", "faults", fault).await;
}

/// Some time passes; a node works, and may die at it.
async fn step(world: &World, app: &App, dice: &mut Dice) {
    let seconds = i64::try_from(if dice.one_in(6) { 300 + dice.below(400) } else { dice.below(40) }).unwrap();
    set_clocks(world, world.app.now() + seconds * 1_000_000);
    // Another node may be at it: then this one has nothing to do.
    causeway::intake::drain(app).await.unwrap();
    if dice.one_in(3) {
        let side = if dice.one_in(2) { Side::BeforeSending } else { Side::BeforeHearing };
        let trap = Trap::at(world, dice.below(8), side);
        if let Some(passed) = trap.pass(app, world.connection_id).await {
            passed.unwrap();
        }
    } else {
        causeway::lane::pass(app, world.connection_id).await.unwrap();
    }
}
