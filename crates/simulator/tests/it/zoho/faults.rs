//! Trouble on demand.

use causeway_simulator::zoho::Cut;
use serde_json::{Value, json};

use super::world::World;

fn one() -> Value {
    json!({"data": [{"Last_Name": "Ng"}]})
}

#[tokio::test]
async fn a_cut_comes_before_the_work_or_after_it() {
    let world = World::new().await;
    for (kind, cut, made) in [("cut_before", Cut::BeforeWork, 0), ("commit_then_cut", Cut::AfterCommit, 1)] {
        world.fault(json!({"kind": kind, "path": "Contacts", "times": 1})).await;
        let answer = world.try_call("POST", "Contacts", &one(), &[]).await;
        assert_eq!((answer.err(), world.count("Contacts").await), (Some(cut), made), "{kind}");
    }
}

#[tokio::test]
async fn late_work_commits_when_the_clock_has_moved_although_its_token_has_died() {
    let world = World::new().await;
    world.fault(json!({"kind": "commit_late", "method": "POST", "times": 1, "seconds": 9000})).await;
    assert!(world.try_call("POST", "Contacts", &one(), &[]).await.is_err());
    assert_eq!(world.count("Contacts").await, 0);
    world.org.advance_clock(9_001.0);
    assert_eq!(world.count("Contacts").await, 1);
}

#[tokio::test]
async fn gateways_and_errors_come_with_the_work_done_or_not() {
    let world = World::new().await;
    for (kind, status, made) in [
        ("unavailable", 503, 0),
        ("bad_gateway", 502, 0),
        ("internal_error", 500, 0),
        ("commit_then_bad_gateway", 502, 1),
        ("commit_then_garble", 200, 2),
        ("commit_then_internal_error", 500, 3),
    ] {
        world.fault(json!({"kind": kind, "path": "Contacts", "times": 1})).await;
        let answer = world.post("Contacts", one()).await;
        assert_eq!((answer.status, world.count("Contacts").await), (status, made), "{kind}");
        assert!(answer.text.starts_with("<html>") || answer.code() == "INTERNAL_ERROR", "{}", answer.text);
    }
}

#[tokio::test]
async fn half_a_batch_fails_and_the_other_half_stays() {
    let world = World::new().await;
    world.fault(json!({"kind": "half_collection", "times": 1})).await;
    let records: Vec<Value> = (0..4).map(|_| json!({"Last_Name": "Ng"})).collect();
    let reply = world.post("Contacts", json!({"data": records})).await;
    assert_eq!(reply.status, 207);
    assert_eq!(
        (&reply.element(0)["code"], &reply.element(1)["code"]),
        (&json!("SUCCESS"), &json!("RECORD_LOCKED"))
    );
    assert_eq!(world.count("Contacts").await, 2);
}

#[tokio::test]
async fn a_killed_token_stays_dead_and_a_refresh_may_be_refused() {
    let world = World::new().await;
    world.fault(json!({"kind": "session_expired", "times": 1})).await;
    for _ in 0..2 {
        assert_eq!(world.get("org").await.code(), "INVALID_TOKEN");
    }
    world.fault(json!({"kind": "refresh_refused", "path": "/oauth/v2/token", "times": 1})).await;
    assert_eq!(world.refresh().await.body, json!({"error": "invalid_code"}));
    world.fault(json!({"kind": "token_throttled", "path": "/oauth/v2/token", "times": 1})).await;
    assert_eq!(world.refresh().await.body["error"], "Access Denied");
    assert!(world.refresh().await.body["access_token"].is_string());
}

#[tokio::test]
async fn a_refusal_may_come_with_another_status_and_the_token_endpoint_refuses_in_its_own_words() {
    let world = World::new().await;
    for kind in ["internal_error", "commit_then_internal_error"] {
        world.fault(json!({"kind": kind, "path": "Contacts", "times": 1, "status": 200})).await;
        let answer = world.post("Contacts", one()).await;
        assert_eq!((answer.status, answer.code()), (200, "INTERNAL_ERROR"), "{kind}");
    }
    assert_eq!(world.count("Contacts").await, 1);
    let refusal =
        json!({"kind": "token_refused", "code": "general_error", "path": "/oauth/v2/token", "times": 1});
    world.fault(refusal).await;
    let refused = world.refresh().await;
    assert_eq!((refused.status, refused.body), (200, json!({"error": "general_error"})));
    let unknown = json!({"kind": "token_refused", "code": "INTERNAL_ERROR"});
    assert_eq!(world.call("POST", "/_sim/faults", &unknown, &[]).await.status, 400);
}

#[tokio::test]
async fn limits_and_permissions_can_strike_at_will() {
    let world = World::new().await;
    world.fault(json!({"kind": "limit_exhausted", "times": 1})).await;
    let reply = world.get("org").await;
    assert_eq!((reply.status, reply.code(), reply.header("retry-after")), (429, "TOO_MANY_REQUESTS", ""));
    world.fault(json!({"kind": "limit_exhausted_old_shape", "times": 1})).await;
    assert_eq!(world.get("org").await.body["code"], 429);
    world.fault(json!({"kind": "permission_denied", "times": 1})).await;
    assert_eq!(world.post("Contacts", one()).await.code(), "NO_PERMISSION");
}

#[tokio::test]
async fn a_fault_waits_its_turn_strikes_so_often_and_counts() {
    let world = World::new().await;
    world.fault(json!({"kind": "unavailable", "path": "/org", "after": 1, "times": 2})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(world.get("org").await.status);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    let faults = world.get("/_sim/faults").await.body;
    assert_eq!((&faults["faults"][0]["seen"], &faults["faults"][0]["struck"]), (&json!(4), &json!(2)));
    let log = world.get("/_sim/requests?last=2").await.body;
    assert_eq!(
        (&log["requests"][0]["fault"], &log["requests"][1]["fault"]),
        (&json!("unavailable"), &Value::Null)
    );
}

#[tokio::test]
async fn any_code_of_the_vendors_catalogue_can_be_asked_for() {
    let world = World::new().await;
    for (code, status) in
        [("STORAGE_SPACE_EXCEEDED", 400), ("LICENSE_LIMIT_EXCEEDED", 403), ("RATE_LIMIT_EXCEEDED", 429)]
    {
        world.fault(json!({"kind": "refuse", "code": code, "times": 1})).await;
        let reply = world.post("Contacts", one()).await;
        assert_eq!((reply.status, reply.code()), (status, code));
    }
    world
        .fault(json!({"kind": "refuse_elements", "code": "RECORD_IN_BLUEPRINT", "every": 2, "times": 1}))
        .await;
    let reply = world.post("Contacts", json!({"data": [{"Last_Name": "A"}, {"Last_Name": "B"}]})).await;
    assert_eq!((reply.status, &reply.element(1)["code"]), (207, &json!("RECORD_IN_BLUEPRINT")));
    let unknown =
        world.call("POST", "/_sim/faults", &json!({"kind": "refuse", "code": "NOTHING"}), &[]).await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn every_automation_runs_unless_the_write_says_which() {
    let world = World::new().await;
    let runs = || async { world.get("/_sim/counters").await.body["automation"].clone() };
    world.post("Contacts", json!({"data": [{"Last_Name": "A"}, {}], "trigger": []})).await;
    assert_eq!(runs().await, json!({}));
    world.post("Contacts", json!({"data": [{"Last_Name": "A"}, {}], "trigger": ["approval"]})).await;
    assert_eq!(runs().await, json!({"approval": 1}));
    world.post("Contacts", one()).await;
    assert_eq!(runs().await["workflow"], 1);
}
