//! Records by key.

use serde_json::json;

use crate::world::{World, lead};

#[tokio::test]
async fn an_upsert_creates_then_updates_the_same_record() {
    let world = World::new().await;
    let path = "sobjects/Task/Causeway_Key__c/cx1-abc";
    let created = world.patch(path, json!({"Subject": "One"})).await;
    assert_eq!((created.status, &created.body["created"]), (201, &json!(true)));
    let updated = world.patch(path, json!({"Subject": "Two"})).await;
    assert_eq!((updated.status, &updated.body["created"]), (200, &json!(false)));
    assert_eq!(created.body["id"], updated.body["id"]);
    assert_eq!(world.get(path).await.body["Subject"], "Two");
    let old = world.patch("/services/data/v45.0/sobjects/Task/Causeway_Key__c/cx1-abc", json!({})).await;
    assert_eq!(old.status, 204);
}

#[tokio::test]
async fn a_unique_key_is_taken_once_and_minds_its_case() {
    let world = World::new().await;
    let id = world.create("Task", json!({"Causeway_Key__c": "k1"})).await;
    let again = world.post("sobjects/Task", json!({"Causeway_Key__c": "k1"})).await;
    assert_eq!((again.status, again.code()), (400, "DUPLICATE_VALUE"));
    let message = format!("duplicate value found: Causeway_Key__c duplicates value on record with id: {id}");
    assert_eq!(again.body[0]["message"], message);
    assert_eq!(world.patch("sobjects/Task/Causeway_Key__c/K1", json!({})).await.status, 201);
}

#[tokio::test]
async fn a_key_in_the_recycle_bin_is_free_again() {
    let world = World::new().await;
    let path = "sobjects/Task/Causeway_Key__c/k1";
    world.patch(path, json!({"Subject": "One"})).await;
    assert_eq!(world.delete(path).await.status, 204);
    assert_eq!(world.patch(path, json!({"Subject": "Two"})).await.status, 201);
}

#[tokio::test]
async fn several_records_with_the_key_are_a_choice_and_nothing_changes() {
    let world = World::new().await;
    for _ in 0..2 {
        let mut body = lead("Ng");
        body["Email"] = json!("shared@initech.example");
        world.create("Lead", body).await;
    }
    let reply = world.patch("sobjects/Lead/Email/shared%40initech.example", lead("Changed")).await;
    assert_eq!(reply.status, 300);
    assert_eq!(reply.body.as_array().map(Vec::len), Some(2));
    assert!(
        reply.body[0].as_str().is_some_and(|url| url.starts_with("/services/data/v68.0/sobjects/Lead/00Q"))
    );
    assert_eq!(world.query("SELECT Id FROM Lead WHERE LastName = 'Changed'").await.body["totalSize"], 0);
}

#[tokio::test]
async fn an_unknown_key_field_is_not_found_and_a_repeated_one_is_refused() {
    let world = World::new().await;
    let unknown = world.patch("sobjects/Task/Nope__c/1", json!({})).await;
    assert_eq!((unknown.status, unknown.code()), (404, "NOT_FOUND"));
    let message = "Provided external ID field does not exist or is not accessible: Nope__c";
    assert_eq!(unknown.body[0]["message"], message);
    let repeated = world.patch("sobjects/Task/Causeway_Key__c/1", json!({"Causeway_Key__c": "1"})).await;
    assert_eq!((repeated.status, repeated.code()), (400, "INVALID_FIELD"));
    let missing = world.patch("sobjects/Task/Causeway_Key__c/1?updateOnly=true", json!({})).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_key_field_describes_itself_as_unique_and_case_sensitive() {
    let world = World::new().await;
    let describe = world.get("sobjects/Task/describe").await;
    let fields = describe.body["fields"].as_array().expect("fields");
    let named = |name: &str| fields.iter().find(|field| field["name"] == name).expect("a field");
    let key = named("Causeway_Key__c");
    for flag in ["externalId", "unique", "caseSensitive", "createable", "filterable", "custom", "idLookup"] {
        assert_eq!(key[flag], true, "{flag}");
    }
    assert_eq!(named("CallObject")["filterable"], true);
    assert_eq!(named("Description")["filterable"], false);
    assert_eq!(named("TaskSubtype")["updateable"], false);
    assert_eq!(named("WhoId")["referenceTo"], json!(["Contact", "Lead"]));
}

#[tokio::test]
async fn a_parent_may_be_named_by_its_key() {
    let world = World::new().await;
    let maya = world.user("maya.lindqvist@acme.example").await;
    let body = json!({"Subject": "x", "Owner": {"attributes": {"type": "User"}, "Username": "maya.lindqvist@acme.example"}});
    let id = world.create("Task", body).await;
    assert_eq!(world.read("Task", &id).await["OwnerId"], maya);
}
