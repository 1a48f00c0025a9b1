//! Every fault that the simulated org knows, at every kind of request that the lane makes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    story::{Story, calm},
    tally::{Chapter, Tally},
};
use crate::{
    store::engine::Place,
    world::{Setting, World},
};

/// Requests, by what a fault can see of them.
const REQUESTS: [(&str, &str); 8] = [
    ("make people", r#"{"path": "composite/sobjects", "object": "Lead"}"#),
    ("put the chat link on a contact", r#"{"path": "composite/sobjects", "object": "Contact"}"#),
    ("write entries", r#"{"path": "composite/sobjects", "object": "Task"}"#),
    ("find people by spelling", r#"{"path": "query", "object": "Contact"}"#),
    ("find people by digits", r#"{"path": "search"}"#),
    ("look for entries", r#"{"path": "queryAll", "object": "Task"}"#),
    ("renew the token", r#"{"path": "oauth2/token"}"#),
    ("describe", r#"{"path": "composite", "object": "Task"}"#),
];

/// Faults, with what they take.
const FAULTS: [(&str, &str); 11] = [
    ("reset after the commit", r#"{"kind": "commit_then_cut"}"#),
    ("reset before the first byte", r#"{"kind": "cut_before"}"#),
    ("committed 10 s after we gave up", r#"{"kind": "commit_late", "seconds": 10}"#),
    ("committed 60 s after we gave up", r#"{"kind": "commit_late", "seconds": 60}"#),
    ("committed 9 min after we gave up", r#"{"kind": "commit_late", "seconds": 540}"#),
    ("503 with HTML", r#"{"kind": "unavailable"}"#),
    ("401 in the middle", r#"{"kind": "session_expired"}"#),
    ("every row locked", r#"{"kind": "row_lock"}"#),
    ("every third row locked", r#"{"kind": "row_lock", "every": 3}"#),
    ("half a collection failed", r#"{"kind": "half_collection"}"#),
    ("limit reached", r#"{"kind": "limit_exhausted"}"#),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_with_a_token_on_sqlite() {
    strike("once-with-a-token", async || Place::sqlite(), false, 1, &REQUESTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_with_a_field_on_sqlite() {
    // Only writing is another thing with a field.
    strike("once-with-a-field", async || Place::sqlite(), true, 1, &REQUESTS[..3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_times_with_a_token_on_sqlite() {
    strike("three-times-with-a-token", async || Place::sqlite(), false, 3, &REQUESTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twice_with_a_token_on_postgres() {
    strike("twice-with-a-token", async || Place::postgres().await, false, 2, &REQUESTS[..3]).await;
}

async fn strike(
    name: &str,
    place: impl AsyncFn() -> Place,
    has_external_id: bool,
    times: u64,
    requests: &[(&str, &str)],
) {
    let mut tallies = Vec::new();
    for (number, (request, by)) in requests.iter().enumerate() {
        let world = World::with(place().await, Setting { has_external_id, ..Setting::default() }).await;
        let mut tally = Tally::open(&format!("every-fault-{name}-{number}"), Chapter::Requests, &world.place);
        let mut story = Story::with_row_troubles();
        for (fault, script) in FAULTS {
            let mut script: Value = serde_json::from_str(script).unwrap();
            let by: Value = serde_json::from_str(by).unwrap();
            script.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
            script["times"] = json!(times);
            prepare(&world, request).await;
            world.sim("POST", "faults", script).await;
            // A contact, two strangers, and the contact again.
            let person = story.len();
            Story::know(&world, person).await;
            story.tell(&world, &[person, person + 1, person + 2, person, person + 1, person]).await;
            calm(&world, &world.app, Duration::from_mins(40)).await;
            let faults = world.sim("GET", "faults", Value::Null).await;
            assert!(!faults.to_string().contains(r#""struck":0"#), "{fault} never struck at {request}");
            world.sim("DELETE", "faults", Value::Null).await;
            calm(&world, &world.app, Duration::from_mins(40)).await;
            tally.judge((fault, request), &story, &world).await;
        }
        tallies.push(tally);
    }
    tallies.into_iter().for_each(Tally::end);
}

/// Makes the lane need that request.
async fn prepare(world: &World, request: &str) {
    match request {
        "renew the token" => {
            world.sim("POST", "tokens", json!({"expire_sessions": true})).await;
        }
        "describe" => {
            let id = world.connection_id;
            let forget =
                world.app.db.write(move |tx| Box::pin(causeway::store::connection::forget_profile(tx, id)));
            forget.await.unwrap();
        }
        "look for entries" => {
            let lost =
                json!({"kind": "cut_before", "path": "composite/sobjects", "object": "Task", "times": 1});
            world.sim("POST", "faults", lost).await;
        }
        _ => {}
    }
}
