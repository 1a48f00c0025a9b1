//! Search over HTTP, and how late its index is.

use serde_json::{Value, json};

use crate::world::{MORNING, World, encode};

async fn find(world: &World, statement: &str) -> Value {
    let reply = world.get(&format!("search/?q={}", encode(statement))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body["searchRecords"].clone()
}

#[tokio::test]
async fn a_number_is_found_however_it_is_written() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng", "Phone": "(415) 555-1212"})).await;
    let found =
        find(&world, "FIND {4155551212} IN PHONE FIELDS RETURNING Contact(Id, Phone), Lead(Id)").await;
    assert_eq!(found[0]["Id"], id);
    assert_eq!(found[0]["attributes"]["type"], "Contact");
    let found =
        find(&world, "FIND {4155551213} IN PHONE FIELDS RETURNING Contact(Id, Phone), Lead(Id)").await;
    assert_eq!(found, json!([]));
}

#[tokio::test]
async fn a_parameterized_search_needs_no_escaping() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng", "MobilePhone": "+4915112345678"})).await;
    let body = json!({"q": "+4915112345678", "in": "PHONE", "fields": ["id"],
        "sobjects": [{"name": "Contact", "fields": ["id", "mobilephone"], "limit": 10}, {"name": "Lead"}],
        "overallLimit": 100});
    let found = world.post("parameterizedSearch", body).await;
    assert_eq!(found.body["searchRecords"][0]["MobilePhone"], "+4915112345678", "{}", found.text);
    let path =
        "parameterizedSearch?q=4915112345678&sobject=Contact&Contact.fields=id&Contact.limit=5&in=PHONE";
    assert_eq!(world.get(path).await.body["searchRecords"][0]["Id"], id);
}

#[tokio::test]
async fn a_fresh_record_is_queried_at_once_and_searched_later() {
    let world = World::new().await;
    world.sim("options", json!({"search_delay_seconds": 60})).await;
    world.create("Lead", json!({"LastName": "Ng", "Company": "Initech", "Phone": "4155551212"})).await;
    let statement = "FIND {4155551212} IN PHONE FIELDS RETURNING Lead(Id)";
    assert_eq!(find(&world, statement).await, json!([]));
    let queried = world.query("SELECT Id FROM Lead WHERE Phone = '4155551212'").await;
    assert_eq!(queried.body["totalSize"], 1);
    world.org.set_clock(MORNING + 61_000_000);
    assert_eq!(find(&world, statement).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_malformed() {
    let world = World::new().await;
    let reply = world.get("search?q=FIND+%7Bunclosed").await;
    assert_eq!((reply.status, reply.code()), (400, "MALFORMED_SEARCH"));
}
