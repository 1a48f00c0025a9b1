//! Trouble on demand.

use causeway_simulator::salesforce::Cut;
use serde_json::{Value, json};

use crate::world::World;

fn contact() -> Value {
    json!({"LastName": "Ng"})
}

#[tokio::test]
async fn a_cut_after_the_commit_leaves_the_record_and_a_cut_before_does_not() {
    let world = World::new().await;
    world.fault(json!({"kind": "commit_then_cut", "object": "Contact", "method": "POST", "times": 1})).await;
    let cut = world.try_call("POST", "sobjects/Contact", &contact(), &[]).await;
    assert_eq!(cut.err(), Some(Cut::AfterCommit));
    assert_eq!(world.count("Contact").await, 1);
    world.fault(json!({"kind": "cut_before", "path": "sobjects/Contact", "times": 1})).await;
    let cut = world.try_call("POST", "sobjects/Contact", &contact(), &[]).await;
    assert_eq!(cut.err(), Some(Cut::BeforeWork));
    assert_eq!(world.count("Contact").await, 1);
    assert_eq!(world.get("/_sim/requests?last=2").await.body["requests"][0]["status"], 0);
}

#[tokio::test]
async fn late_work_commits_when_the_clock_has_moved() {
    let world = World::new().await;
    world.fault(json!({"kind": "commit_late", "method": "POST", "times": 1, "seconds": 30})).await;
    assert!(world.try_call("POST", "sobjects/Contact", &contact(), &[]).await.is_err());
    world.sim("clock", json!({"advance_seconds": 29})).await;
    assert_eq!(world.count("Contact").await, 0);
    world.sim("clock", json!({"advance_seconds": 2})).await;
    assert_eq!(world.count("Contact").await, 1);
}

#[tokio::test]
async fn late_work_commits_although_its_session_has_ended() {
    let mut world = World::new().await;
    world.fault(json!({"kind": "commit_late", "method": "POST", "times": 1, "seconds": 9000})).await;
    assert!(world.try_call("POST", "sobjects/Contact", &contact(), &[]).await.is_err());
    world.org.advance_clock(9001.0);
    world.token = world.log_in("maya.lindqvist@acme.example").await;
    assert_eq!(world.count("Contact").await, 1);
}

#[tokio::test]
async fn a_fault_waits_its_turn_and_strikes_so_often() {
    let world = World::new().await;
    world.fault(json!({"kind": "unavailable", "path": "/limits", "after": 1, "times": 2})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(world.get("limits").await.status);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    let faults = world.get("/_sim/faults").await.body;
    assert_eq!((&faults["faults"][0]["seen"], &faults["faults"][0]["struck"]), (&json!(4), &json!(2)));
    world.call("DELETE", "/_sim/faults", &json!(null), &[]).await;
    assert_eq!(world.get("/_sim/faults").await.body["faults"], json!([]));
}

#[tokio::test]
async fn an_outage_speaks_html() {
    let world = World::new().await;
    world.fault(json!({"kind": "unavailable", "times": 1})).await;
    let reply = world.get("limits").await;
    assert!(reply.status == 503 && reply.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_killed_session_stays_dead() {
    let world = World::new().await;
    world.fault(json!({"kind": "session_expired", "times": 1})).await;
    for _ in 0..2 {
        let reply = world.get("limits").await;
        assert_eq!((reply.status, reply.code()), (401, "INVALID_SESSION_ID"));
    }
}

#[tokio::test]
async fn a_row_lock_strikes_every_nth_record_of_a_collection() {
    let world = World::new().await;
    world.fault(json!({"kind": "row_lock", "every": 3, "times": 1})).await;
    let records: Vec<Value> =
        (0..7).map(|_| json!({"attributes": {"type": "Contact"}, "LastName": "Ng"})).collect();
    let reply = world.post("composite/sobjects", json!({"records": records})).await;
    let failed: Vec<usize> = (0..7).filter(|place| reply.body[*place]["success"] == false).collect();
    assert_eq!(failed, [2, 5]);
    assert_eq!(reply.body[2]["errors"][0]["statusCode"], "UNABLE_TO_LOCK_ROW");
    assert_eq!(world.count("Contact").await, 5);
}

#[tokio::test]
async fn half_a_collection_fails() {
    let world = World::new().await;
    world.fault(json!({"kind": "half_collection", "path": "composite/sobjects", "times": 1})).await;
    let records: Vec<Value> =
        (0..4).map(|_| json!({"attributes": {"type": "Contact"}, "LastName": "Ng"})).collect();
    world.post("composite/sobjects", json!({"records": records})).await;
    assert_eq!(world.count("Contact").await, 2);
}

#[tokio::test]
async fn chance_repeats_with_its_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let world = World::new().await;
        world.fault(json!({"kind": "limit_exhausted", "probability": 0.5, "seed": 7})).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(world.get("limits").await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&403));
}

#[tokio::test]
async fn a_gateway_answers_502_with_the_work_done_or_not() {
    let world = World::new().await;
    for (kind, status, made) in
        [("bad_gateway", 502, 0), ("commit_then_bad_gateway", 502, 1), ("commit_then_garble", 200, 2)]
    {
        world.fault(json!({"kind": kind, "path": "sobjects/Contact", "times": 1})).await;
        let answer = world.call("POST", "sobjects/Contact", &contact(), &[]).await;
        assert_eq!((answer.status, world.count("Contact").await), (status, made), "{kind}");
        assert!(answer.text.starts_with("<html>"), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_administrator_shortens_a_standard_field_and_adds_a_key() {
    let world = World::new().await;
    world.sim("fields", json!({"object": "Task", "name": "Description", "length": 10})).await;
    let answer = world.post("sobjects/Task", json!({"Description": "longer than that"})).await;
    assert_eq!(answer.code(), "STRING_TOO_LONG");
    let described = world.get("sobjects/Task/describe").await.body;
    let fields = described["fields"].as_array().expect("fields");
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).cloned().unwrap_or_default();
    assert_eq!(field("Description")["length"], 10);
    assert_eq!(field("Other__c"), Value::Null);
    world.sim("fields", json!({"object": "Task", "name": "Other__c", "external_id": true})).await;
    let made = world.patch("sobjects/Task/Other__c/k1", json!({"Subject": "once"})).await;
    let again = world.patch("sobjects/Task/Other__c/k1", json!({"Subject": "again"})).await;
    assert_eq!((made.status, again.status, world.count("Task").await), (201, 200, 1));
}
