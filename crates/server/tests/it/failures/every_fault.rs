//! Every fault that the simulated org knows, at every kind of request that the lane makes.

use std::time::Duration;

use serde_json::{Value, json};

use super::story::{Story, calm};
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

/// Faults with what they take.
const FAULTS: [&str; 11] = [
    r#"{"kind": "commit_then_cut"}"#,
    r#"{"kind": "cut_before"}"#,
    r#"{"kind": "commit_late", "seconds": 10}"#,
    r#"{"kind": "commit_late", "seconds": 60}"#,
    r#"{"kind": "commit_late", "seconds": 540}"#,
    r#"{"kind": "unavailable"}"#,
    r#"{"kind": "session_expired"}"#,
    r#"{"kind": "row_lock"}"#,
    r#"{"kind": "row_lock", "every": 3}"#,
    r#"{"kind": "half_collection"}"#,
    r#"{"kind": "limit_exhausted"}"#,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_with_a_token_on_sqlite() {
    strike(async || Place::sqlite(), false, 1, &REQUESTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_with_a_field_on_sqlite() {
    // Only writing is another thing with a field.
    strike(async || Place::sqlite(), true, 1, &REQUESTS[..3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_times_with_a_token_on_sqlite() {
    strike(async || Place::sqlite(), false, 3, &REQUESTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twice_with_a_token_on_postgres() {
    strike(async || Place::postgres().await, false, 2, &REQUESTS[..3]).await;
}

async fn strike(
    place: impl AsyncFn() -> Place,
    has_external_id: bool,
    times: u64,
    requests: &[(&str, &str)],
) {
    for (request, by) in requests {
        let world = World::with(place().await, Setting { has_external_id, ..Setting::default() }).await;
        let mut story = Story::with_row_troubles();
        for fault in FAULTS {
            let what = format!("{fault} at {request}, {times} times");
            let mut script: Value = serde_json::from_str(fault).unwrap();
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
            assert!(!faults.to_string().contains(r#""struck":0"#), "{what}: never struck");
            world.sim("DELETE", "faults", Value::Null).await;
            calm(&world, &world.app, Duration::from_mins(40)).await;
            story.check_all_written(&world, &what).await;
        }
    }
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
