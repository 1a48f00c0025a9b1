//! The daily allowance.

use serde_json::json;

use crate::world::{MORNING, World};

const DAY: i64 = 86_400_000_000;

#[tokio::test]
async fn every_answer_says_how_much_of_the_day_is_used() {
    let world = World::new().await;
    assert_eq!(world.get("limits/").await.header("sforce-limit-info"), "api-usage=1/100000");
    assert_eq!(world.get("sobjects/Nope").await.header("sforce-limit-info"), "api-usage=2/100000");
    let limits = world.get("limits").await;
    assert_eq!(limits.body["DailyApiRequests"], json!({"Max": 100_000, "Remaining": 99_997}));
    assert!(limits.body["DailyBulkApiBatches"]["Max"].is_number());
}

#[tokio::test]
async fn at_the_limit_calls_are_refused_until_a_day_has_passed() {
    let world = World::new().await;
    world.sim("options", json!({"daily_limit": 2})).await;
    world.get("limits").await;
    world.get("limits").await;
    let refused = world.get("limits").await;
    assert_eq!((refused.status, refused.code()), (403, "REQUEST_LIMIT_EXCEEDED"));
    assert_eq!(refused.body[0]["message"], "TotalRequests Limit exceeded.");
    assert_eq!(refused.header("sforce-limit-info"), "api-usage=2/2");
    world.org.set_clock(MORNING + DAY + 120_000_000);
    let token = world.log_in("maya.lindqvist@acme.example").await;
    let authorization = format!("Bearer {token}");
    let reply = world.call("GET", "limits", &json!(null), &[("authorization", &authorization)]).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn records_are_counted_by_object() {
    let world = World::new().await;
    world.create("Contact", json!({"LastName": "Ng"})).await;
    let reply = world.get("limits/recordCount?sObjects=contact,Lead").await;
    assert_eq!(
        reply.body["sObjects"],
        json!([{"count": 1, "name": "Contact"}, {"count": 0, "name": "Lead"}])
    );
}

#[tokio::test]
async fn versions_are_listed_to_anybody_and_unknown_ones_are_not_found() {
    let world = World::new().await;
    let none = [("authorization", "")];
    let reply = world.call("GET", "/services/data/", &json!(null), &none).await;
    let versions = reply.body.as_array().expect("versions");
    assert_eq!(
        versions.last(),
        Some(&json!({"label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0"}))
    );
    assert_eq!(world.get("/services/data/v99.0/limits").await.status, 404);
    assert_eq!(world.get("/services/data/v20.0/limits").await.status, 410);
    assert!(world.get("/services/data/v50.0").await.body["identity"].is_string());
}

#[tokio::test]
async fn counters_tell_what_was_asked_and_why() {
    let world = World::new().await;
    world.create("Contact", json!({"LastName": "Ng"})).await;
    world.query("SELECT Id FROM Contact").await;
    let counters = world.get("/_sim/counters").await.body;
    assert_eq!((&counters["writes"], &counters["by_purpose"]["query"]), (&json!(1), &json!(1)));
    assert_eq!(counters["by_resource"]["POST sobjects/Contact"], 1);
    let log = world.get("/_sim/requests?last=1").await.body;
    assert_eq!((&log["requests"][0]["method"], &log["requests"][0]["status"]), (&json!("GET"), &json!(200)));
}
