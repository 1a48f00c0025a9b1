//! Every fault of a request or its answer, at every kind of request that the lane makes.

use std::time::Duration;

use causeway::{holds, store::entry_list::Filter};
use serde_json::{Value, json};

use super::{
    ground::Ground,
    story::{Story, calm},
    tally::{Chapter, Tally},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

/// What a request is for, as far as a fault can hurt it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Writes,
    Reads,
    Renews,
}

/// Requests.
const REQUESTS: [(&str, Kind, Asking); 11] = [
    ("making people", Kind::Writes, Asking::MakesPeople),
    ("putting the chat link on a contact", Kind::Writes, Asking::ChangesPeople),
    ("writing entries", Kind::Writes, Asking::WritesEntries),
    (CHANGING, Kind::Writes, Asking::ChangesEntries),
    (READING, Kind::Reads, Asking::ReadsEntries),
    (LOOKING, Kind::Reads, Asking::LooksForEntries),
    ("finding people by spelling", Kind::Reads, Asking::FindsPeople),
    ("finding people by digits", Kind::Reads, Asking::Searches),
    ("asking for users", Kind::Reads, Asking::AsksUsers),
    (DESCRIBING, Kind::Reads, Asking::Describes),
    (RENEWING, Kind::Renews, Asking::Renews),
];

const CHANGING: &str = "changing an entry";
const READING: &str = "reading an entry before it is changed";
const LOOKING: &str = "looking for an entry whose answer was lost";
const DESCRIBING: &str = "describing the org";
const RENEWING: &str = "renewing the token";

/// A fault, what it can strike, and how it is scripted.
type Fault = (&'static str, &'static [Kind], &'static str);

/// Faults. To a client, a time-out and a reset are one thing: silence.
const FAULTS: [Fault; 14] = [
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

/// Those that only a Zoho org has: errors of its own inside answers that look well, and refusals of the accounts server.
const OF_ZOHO: [Fault; 11] = [
    ("500 INTERNAL_ERROR", ANY, r#"{"kind": "internal_error"}"#),
    ("500 INTERNAL_ERROR after the commit", ANY, r#"{"kind": "commit_then_internal_error"}"#),
    ("200 with INTERNAL_ERROR", API, r#"{"kind": "internal_error", "status": 200}"#),
    (
        "200 with INTERNAL_ERROR after the commit",
        API,
        r#"{"kind": "commit_then_internal_error", "status": 200}"#,
    ),
    (
        "INTERNAL_ERROR of every second record",
        &[Kind::Writes],
        r#"{"kind": "refuse_elements", "code": "INTERNAL_ERROR", "every": 2}"#,
    ),
    ("limit reached, as years ago", API, r#"{"kind": "limit_exhausted_old_shape"}"#),
    ("limit reached, by another name", API, r#"{"kind": "refuse", "code": "RATE_LIMIT_EXCEEDED"}"#),
    ("200 with general_error", &[Kind::Renews], r#"{"kind": "token_refused", "code": "general_error"}"#),
    ("200 with invalid_client", &[Kind::Renews], r#"{"kind": "token_refused", "code": "invalid_client"}"#),
    (
        "200 with invalid_client_secret",
        &[Kind::Renews],
        r#"{"kind": "token_refused", "code": "invalid_client_secret"}"#,
    ),
    ("asked for tokens too often", &[Kind::Renews], r#"{"kind": "token_throttled"}"#),
];

const ANY: &[Kind] = &[Kind::Writes, Kind::Reads, Kind::Renews];
const API: &[Kind] = &[Kind::Writes, Kind::Reads];

on_both_engines!(once_with_a_token, once_with_a_field,);

async fn once_with_a_token(place: Place) {
    strike(place, Ground::Token, 1).await;
}

async fn once_with_a_field(place: Place) {
    strike(place, Ground::Field, 1).await;
}

/// Strikes so often in a row, everywhere it can.
pub async fn strike(place: Place, ground: Ground, times: u64) {
    strike_with(place, ground, times, ("every-fault", &FAULTS)).await;
}

/// The faults that only a Zoho org has.
pub async fn strike_as_only_zoho_does(place: Place, ground: Ground, times: u64) {
    strike_with(place, ground, times, ("every-fault-of-zoho", &OF_ZOHO)).await;
}

async fn strike_with(place: Place, ground: Ground, times: u64, (name, faults): (&str, &[Fault])) {
    let name = format!("{name}-{times}-with-{}", ground.name());
    let mut tally = Tally::open(&name, ground.chapter(Chapter::Requests), &place);
    for (request, kind, asking) in REQUESTS {
        // Only writing is another thing with a field, or when it fails more than once.
        if (times > 1 || ground.has_field()) && kind != Kind::Writes {
            continue;
        }
        let world = World::on(place.another().await, ground).await;
        let mut story = ground.story_with_row_troubles();
        for (fault, kinds, script) in faults.iter().copied() {
            if !kinds.contains(&kind) {
                continue;
            }
            let mut script: Value = serde_json::from_str(script).unwrap();
            script["times"] = json!(times);
            // A contact, two strangers, and the contact again.
            let first = story.len();
            Story::know(&world, first).await;
            if request == CHANGING || request == READING {
                story.tell(&world, &[first, first + 1, first]).await;
                calm(&world, &world.app, Duration::from_mins(1)).await;
            }
            prepare(&world, request).await;
            world.curtain().strike(script, asking).await;
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
            if !ground.locks_pass() {
                // Somebody unlocked the records, and does what the hold's own action says.
                holds::retry_all(&world.app, world.workspace_id, Filter::default(), false).await.unwrap();
                calm(&world, &world.app, Duration::from_mins(40)).await;
            }
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
            let lost = json!({"kind": "cut_before", "times": 1});
            world.curtain().strike(lost, Asking::WritesEntries).await;
        }
        _ => {}
    }
}
