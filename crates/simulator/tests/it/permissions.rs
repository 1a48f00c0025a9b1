//! What a user may not do, and how the org says so.

use serde_json::{Value, json};

use crate::world::{World, lead};

const MAYA: &str = "maya.lindqvist@acme.example";

#[tokio::test]
async fn an_org_and_a_user_without_api_access_are_told_in_different_words() {
    let world = World::new().await;
    world.sim("options", json!({"api_enabled": false})).await;
    let reply = world.get("limits").await;
    assert_eq!((reply.status, reply.code()), (403, "API_DISABLED_FOR_ORG"));
    assert_eq!(reply.body[0]["message"], "The REST API is not enabled for this Organization.");
    world.sim("options", json!({"api_enabled": true})).await;
    world.sim("permissions", json!({"user": MAYA, "api_disabled": true})).await;
    let reply = world.get("limits").await;
    assert_eq!((reply.status, reply.code()), (403, "API_DISABLED_FOR_ORG"));
    assert_eq!(reply.body[0]["message"], "API is not enabled for this Organization or Partner");
    assert_eq!(world.get("/services/oauth2/userinfo").await.status, 200);
}

#[tokio::test]
async fn an_object_that_may_not_be_created_says_so_in_describe_and_on_use() {
    let world = World::new().await;
    world.sim("permissions", json!({"user": MAYA, "no_create": ["Lead"]})).await;
    assert_eq!(world.get("sobjects/Lead/describe").await.body["createable"], false);
    assert_eq!(world.get("sobjects/Task/describe").await.body["createable"], true);
    let reply = world.post("sobjects/Lead", lead("Ng")).await;
    assert_eq!((reply.status, reply.code()), (403, "INSUFFICIENT_ACCESS"));
}

#[tokio::test]
async fn a_hidden_field_is_absent_from_describe_and_unknown_on_use() {
    let world = World::new().await;
    world
        .sim("permissions", json!({"user": "*", "hidden_fields": ["Task.CallObject", "contact.phone"]}))
        .await;
    let describe = world.get("sobjects/Task/describe").await;
    let names: Vec<&Value> =
        describe.body["fields"].as_array().expect("fields").iter().map(|field| &field["name"]).collect();
    assert!(names.contains(&&json!("Subject")) && !names.contains(&&json!("CallObject")));
    assert_eq!(world.post("sobjects/Task", json!({"CallObject": "x"})).await.code(), "INVALID_FIELD");
    assert_eq!(world.query("SELECT Phone FROM Contact").await.code(), "INVALID_FIELD");
    assert_eq!(world.query("SELECT Id FROM Task WHERE CallObject = 'x'").await.code(), "INVALID_FIELD");
}

#[tokio::test]
async fn an_unchanged_describe_is_304_and_a_changed_one_is_told_at_once() {
    let world = World::new().await;
    let path = "sobjects/Task/describe";
    let since = world.get(path).await.header("date").to_owned();
    let ask = [("if-modified-since", since.as_str())];
    assert_eq!(world.call("GET", path, &Value::Null, &ask).await.status, 304);
    world.sim("permissions", json!({"user": MAYA, "hidden_fields": ["Task.CallObject"]})).await;
    assert_eq!(world.call("GET", path, &Value::Null, &ask).await.status, 200);
}
