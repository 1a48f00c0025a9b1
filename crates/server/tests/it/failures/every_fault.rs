//! Every fault of a request or its answer, at every kind of request that the lane makes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    story::{Story, calm},
    tally::{Chapter, Tally},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

/// What a request is for, as far as a fault can hurt it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Writes,
    Reads,
    Renews,
}

/// Requests, by what a fault can see of them.
const REQUESTS: [(&str, Kind, &str); 11] = [
    ("making people", Kind::Writes, r#"{"path": "composite/sobjects", "object": "Lead"}"#),
    (
        "putting the chat link on a contact",
        Kind::Writes,
        r#"{"path": "composite/sobjects", "object": "Contact"}"#,
    ),
    ("writing entries", Kind::Writes, r#"{"path": "composite/sobjects", "object": "Task"}"#),
    (CHANGING, Kind::Writes, r#"{"path": "composite/sobjects", "object": "Task"}"#),
    (READING, Kind::Reads, r#"{"path": "queryAll", "object": "Task"}"#),
    (LOOKING, Kind::Reads, r#"{"path": "queryAll", "object": "Task"}"#),
    ("finding people by spelling", Kind::Reads, r#"{"path": "query", "object": "Contact"}"#),
    ("finding people by digits", Kind::Reads, r#"{"path": "search"}"#),
    ("asking for users", Kind::Reads, r#"{"path": "query", "object": "User"}"#),
    (DESCRIBING, Kind::Reads, r#"{"path": "composite", "object": "Task"}"#),
    (RENEWING, Kind::Renews, r#"{"path": "oauth2/token"}"#),
];

const CHANGING: &str = "changing an entry";
const READING: &str = "reading an entry before it is changed";
const LOOKING: &str = "looking for an entry whose answer was lost";
const DESCRIBING: &str = "describing the org";
const RENEWING: &str = "renewing the token";

/// Faults, with what they take and what they can strike. To a client, a time-out and a reset are one thing: silence.
const FAULTS: [(&str, &[Kind], &str); 14] = [
    ("reset before the first byte", ANY, r#"{"kind": "cut_before"}"#),
    ("reset after the commit", ANY, r#"{"kind": "commit_then_cut"}"#),
    ("time-out, committed 10 s later", &[Kind::Writes], r#"{"kind": "commit_late", "seconds": 10}"#),
    ("time-out, committed 60 s later", &[Kind::Writes], r#"{"kind": "commit_late", "seconds": 60}"#),
    ("time-out, committed 9 min later", &[Kind::Writes], r#"{"kind": "commit_late", "seconds": 540}"#),
    ("502 with HTML", ANY, r#"{"kind": "bad_gateway"}"#),
    ("502 with HTML after the commit", ANY, r#"{"kind": "commit_then_bad_gateway"}"#),
    ("503 with HTML", ANY, r#"{"kind": "unavailable"}"#),
    ("200 with somebody else's page", ANY, r#"{"kind": "commit_then_garble"}"#),
    ("401 in the middle", API, r#"{"kind": "session_expired"}"#),
    ("limit reached", API, r#"{"kind": "limit_exhausted"}"#),
    ("every row locked", &[Kind::Writes], r#"{"kind": "row_lock"}"#),
    ("every third row locked", &[Kind::Writes], r#"{"kind": "row_lock", "every": 3}"#),
    ("half a collection failed", &[Kind::Writes], r#"{"kind": "half_collection"}"#),
];

const ANY: &[Kind] = &[Kind::Writes, Kind::Reads, Kind::Renews];
const API: &[Kind] = &[Kind::Writes, Kind::Reads];

on_both_engines!(once_with_a_token, once_with_a_field,);

async fn once_with_a_token(place: Place) {
    strike(place, false, 1).await;
}

async fn once_with_a_field(place: Place) {
    strike(place, true, 1).await;
}

/// Strikes so often in a row, everywhere it can.
pub async fn strike(place: Place, has_external_id: bool, times: u64) {
    let key = if has_external_id { "field" } else { "token" };
    let mut tally = Tally::open(&format!("every-fault-{times}-with-a-{key}"), Chapter::Requests, &place);
    for (request, kind, by) in REQUESTS {
        // Only writing is another thing with a field, or when it fails more than once.
        if (times > 1 || has_external_id) && kind != Kind::Writes {
            continue;
        }
        let setting = Setting { has_external_id, ..Setting::default() };
        let world = World::with(place.another().await, setting).await;
        let mut story = Story::with_row_troubles();
        for (fault, kinds, script) in FAULTS {
            if !kinds.contains(&kind) {
                continue;
            }
            let mut script: Value = serde_json::from_str(script).unwrap();
            let by: Value = serde_json::from_str(by).unwrap();
            script.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
            script["times"] = json!(times);
            // A contact, two strangers, and the contact again.
            let first = story.len();
            Story::know(&world, first).await;
            if request == CHANGING || request == READING {
                story.tell(&world, &[first, first + 1, first]).await;
                calm(&world, &world.app, Duration::from_mins(1)).await;
            }
            prepare(&world, request).await;
            world.sim("POST", "faults", script).await;
            if request == CHANGING || request == READING {
                story.edit(&world, first).await;
                story.edit(&world, first + 1).await;
            }
            story.tell(&world, &[first, first + 1, first + 2, first, first + 1, first]).await;
            calm(&world, &world.app, Duration::from_mins(40)).await;
            let faults = world.sim("GET", "faults", Value::Null).await;
            assert!(!faults.to_string().contains(r#""struck":0"#), "{fault} never struck at {request}");
            world.sim("DELETE", "faults", Value::Null).await;
            calm(&world, &world.app, Duration::from_mins(40)).await;
            tally.judge((fault, request), &story, &world).await;
        }
    }
    tally.end();
}

/// Makes the lane need that request.
async fn prepare(world: &World, request: &str) {
    match request {
        RENEWING => {
            world.sim("POST", "tokens", json!({"expire_sessions": true})).await;
        }
        DESCRIBING => {
            let id = world.connection_id;
            let forget =
                world.app.db.write(move |tx| Box::pin(causeway::store::connection::forget_profile(tx, id)));
            forget.await.unwrap();
        }
        LOOKING => {
            let lost =
                json!({"kind": "cut_before", "path": "composite/sobjects", "object": "Task", "times": 1});
            world.sim("POST", "faults", lost).await;
        }
        _ => {}
    }
}
