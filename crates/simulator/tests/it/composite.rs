//! Several requests in one.

use serde_json::{Value, json};

use crate::world::World;

fn part(method: &str, path: &str, reference: &str, body: &Value) -> Value {
    json!({"method": method, "url": format!("/services/data/v68.0/{path}"), "referenceId": reference, "body": body})
}

#[tokio::test]
async fn a_later_part_uses_what_an_earlier_one_answered_and_all_count_once() {
    let world = World::new().await;
    let before = used(&world.get("limits").await);
    let parts = json!([
        part("POST", "sobjects/Lead", "lead1", &json!({"LastName": "Ng", "Company": "Initech"})),
        part(
            "POST",
            "sobjects/Task",
            "task1",
            &json!({"WhoId": "@{lead1.id}", "Subject": "for @{lead1.id}"})
        ),
        part(
            "GET",
            "query/?q=SELECT+Id,+Who.Name+FROM+Task+WHERE+WhoId='@{lead1.id}'",
            "found",
            &Value::Null
        ),
        part("GET", "sobjects/Task/@{found.records[0].Id}", "read", &Value::Null),
        part("GET", "sobjects/Task/describe", "described", &Value::Null),
        part(
            "POST",
            "composite/sobjects",
            "many",
            &json!({"records": [{"attributes": {"type": "Task"}, "WhoId": "@{lead1.id}"}]})
        ),
    ]);
    let reply = world.post("composite", json!({"allOrNone": true, "compositeRequest": parts})).await;
    assert_eq!(reply.status, 200);
    let responses = reply.body["compositeResponse"].as_array().expect("responses");
    let codes: Vec<u64> =
        responses.iter().map(|part| part["httpStatusCode"].as_u64().expect("a status")).collect();
    assert_eq!(codes, [201, 201, 200, 200, 200, 200], "{}", reply.text);
    assert_eq!(responses[0]["referenceId"], "lead1");
    assert!(
        responses[0]["httpHeaders"]["Location"]
            .as_str()
            .is_some_and(|url| url.contains("/sobjects/Lead/00Q"))
    );
    assert_eq!(
        responses[3]["body"]["Subject"],
        format!("for {}", responses[0]["body"]["id"].as_str().expect("id"))
    );
    assert_eq!(used(&reply), before + 1);
}

#[tokio::test]
async fn with_all_or_none_one_failure_halts_and_undoes_the_rest() {
    let world = World::new().await;
    let parts = json!([
        part("POST", "sobjects/Contact", "one", &json!({"LastName": "A"})),
        part("POST", "sobjects/Contact", "two", &json!({})),
        part("POST", "sobjects/Contact", "three", &json!({"LastName": "C"})),
    ]);
    let reply = world.post("composite", json!({"allOrNone": true, "compositeRequest": parts})).await;
    let codes: Vec<&Value> =
        (0..3).map(|place| &reply.body["compositeResponse"][place]["body"][0]["errorCode"]).collect();
    assert_eq!(codes, ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]);
    assert_eq!(world.count("Contact").await, 0);
}

#[tokio::test]
async fn without_it_only_what_depends_on_the_failed_part_halts() {
    let world = World::new().await;
    let parts = json!([
        part("POST", "sobjects/Contact", "one", &json!({})),
        part("POST", "sobjects/Task", "two", &json!({"WhoId": "@{one.id}"})),
        part("POST", "sobjects/Contact", "three", &json!({"LastName": "C"})),
    ]);
    let reply = world.post("composite", json!({"compositeRequest": parts})).await;
    let part = |place: usize| reply.body["compositeResponse"][place].clone();
    assert_eq!(part(1)["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert!(
        part(1)["body"][0]["message"]
            .as_str()
            .is_some_and(|said| said.starts_with("Invalid reference specified. No value for one.id"))
    );
    assert_eq!(part(2)["httpStatusCode"], 201);
    assert_eq!(world.count("Contact").await, 1);
}

#[tokio::test]
async fn a_composite_holds_25_parts_and_5_queries() {
    let world = World::new().await;
    let many = |count: usize, path: &str| -> Vec<Value> {
        (0..count).map(|place| part("GET", path, &format!("r{place}"), &Value::Null)).collect()
    };
    let reply = world.post("composite", json!({"compositeRequest": many(26, "limits")})).await;
    assert_eq!(reply.status, 400);
    let reply =
        world.post("composite", json!({"compositeRequest": many(6, "query?q=SELECT+Id+FROM+User")})).await;
    assert_eq!(reply.status, 400);
    let reply =
        world.post("composite", json!({"compositeRequest": many(5, "query?q=SELECT+Id+FROM+User")})).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_batch_counts_each_part() {
    let world = World::new().await;
    let before = used(&world.get("limits").await);
    let parts = json!([
        {"method": "GET", "url": "v68.0/limits"},
        {"method": "GET", "url": "/services/data/v68.0/sobjects/Nope"},
        {"method": "POST", "url": "v68.0/sobjects/Contact", "richInput": {"LastName": "A"}},
    ]);
    let reply = world.post("composite/batch", json!({"batchRequests": parts})).await;
    assert_eq!(reply.body["hasErrors"], true);
    assert_eq!(reply.body["results"][1]["statusCode"], 404);
    assert_eq!(reply.body["results"][2]["statusCode"], 201);
    assert_eq!(used(&reply), before + 3);
}

#[tokio::test]
async fn a_tree_is_planted_whole_or_not_at_all() {
    let world = World::new().await;
    let tree = |last_name: &str| {
        json!({"records": [{"attributes": {"type": "Account", "referenceId": "a1"}, "Name": "Initech",
            "Contacts": {"records": [{"attributes": {"type": "Contact", "referenceId": "c1"}, "LastName": last_name}]}}]})
    };
    let reply = world.post("composite/tree/Account", tree("")).await;
    assert_eq!((reply.status, &reply.body["hasErrors"]), (400, &json!(true)));
    assert_eq!(reply.body["results"][0]["referenceId"], "c1");
    assert_eq!(world.count("Account").await, 0);
    let reply = world.post("composite/tree/Account", tree("Ng")).await;
    assert_eq!((reply.status, &reply.body["hasErrors"]), (201, &json!(false)));
    let found = world.query("SELECT Account.Name FROM Contact").await;
    assert_eq!(found.body["records"][0]["Account"]["Name"], "Initech");
}

#[tokio::test]
async fn graphs_fail_alone() {
    let world = World::new().await;
    let graphs = json!([
        {"graphId": "g1", "compositeRequest": [part("POST", "sobjects/Contact", "a", &json!({"LastName": "A"}))]},
        {"graphId": "g2", "compositeRequest": [part("POST", "sobjects/Contact", "b", &json!({"LastName": "B"})), part("POST", "sobjects/Contact", "c", &json!({}))]},
    ]);
    let reply = world.post("composite/graph", json!({"graphs": graphs})).await;
    assert_eq!(reply.body["graphs"][0]["isSuccessful"], true);
    assert_eq!(reply.body["graphs"][1]["isSuccessful"], false);
    assert_eq!(world.count("Contact").await, 1);
}

fn used(reply: &crate::world::Reply) -> u64 {
    let info = reply.header("sforce-limit-info");
    let (used, _) = info.strip_prefix("api-usage=").expect("usage").split_once('/').expect("a limit");
    used.parse().expect("a number")
}
