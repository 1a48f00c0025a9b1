//! Up to 200 records in one request.

use serde_json::{Value, json};

use crate::world::World;

fn contact(last_name: &str) -> Value {
    json!({"attributes": {"type": "Contact"}, "LastName": last_name})
}

#[tokio::test]
async fn a_collection_answers_200_and_each_record_its_own_result() {
    let world = World::new().await;
    let records = json!([contact("A"), {"attributes": {"type": "Contact"}}, contact("C")]);
    let reply = world.post("composite/sobjects", json!({"allOrNone": false, "records": records})).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body[0]["success"], true);
    assert_eq!(reply.body[1]["success"], false);
    let error = &reply.body[1]["errors"][0];
    assert_eq!(
        (&error["statusCode"], &error["fields"]),
        (&json!("REQUIRED_FIELD_MISSING"), &json!(["LastName"]))
    );
    assert!(error.get("errorCode").is_none());
    assert_eq!(world.count("Contact").await, 2);
}

#[tokio::test]
async fn all_or_none_undoes_the_good_ones() {
    let world = World::new().await;
    let records = json!([contact("A"), {"attributes": {"type": "Contact"}}, contact("C")]);
    let reply = world.post("composite/sobjects", json!({"allOrNone": true, "records": records})).await;
    assert_eq!(reply.status, 200);
    let codes: Vec<&Value> = (0..3).map(|place| &reply.body[place]["errors"][0]["statusCode"]).collect();
    assert_eq!(
        codes,
        ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING", "ALL_OR_NONE_OPERATION_ROLLED_BACK"]
    );
    assert_eq!(world.count("Contact").await, 0);
}

#[tokio::test]
async fn a_collection_is_changed_with_either_spelling_of_id() {
    let world = World::new().await;
    let one = world.create("Contact", json!({"LastName": "A"})).await;
    let two = world.create("Contact", json!({"LastName": "B"})).await;
    let records = json!([
        {"id": one, "attributes": {"type": "Contact"}, "Title": "x"},
        {"Id": &two[..15], "attributes": {"type": "Contact"}, "Title": "y"},
        {"Id": "0035g00000AAAAAAA5", "attributes": {"type": "Contact"}, "Title": "z"},
    ]);
    let reply = world.patch("composite/sobjects", json!({"records": records})).await;
    assert_eq!((&reply.body[0]["id"], &reply.body[1]["success"]), (&json!(one), &json!(true)));
    assert_eq!(reply.body[2]["errors"][0]["statusCode"], "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(world.read("Contact", &two).await["Title"], "y");
}

#[tokio::test]
async fn a_collection_is_upserted_by_key() {
    let world = World::new().await;
    let task = |key: &str, subject: &str| json!({"attributes": {"type": "Task"}, "Causeway_Key__c": key, "Subject": subject});
    let path = "composite/sobjects/Task/Causeway_Key__c";
    let first = world.patch(path, json!({"records": [task("a", "1"), task("b", "1")]})).await;
    assert_eq!(first.body[0]["created"], true, "{}", first.text);
    let second =
        world.patch(path, json!({"records": [task("b", "2"), task("c", "2"), task("c", "3")]})).await;
    assert_eq!(second.body[0]["created"], false);
    assert_eq!(second.body[1]["errors"][0]["statusCode"], "DUPLICATE_VALUE");
    assert_eq!(world.count("Task").await, 2);
}

#[tokio::test]
async fn a_collection_is_deleted_and_retrieved_by_ids() {
    let world = World::new().await;
    let one = world.create("Contact", json!({"LastName": "A"})).await;
    let two = world.create("Contact", json!({"LastName": "B"})).await;
    let deleted = world.delete(&format!("composite/sobjects?ids={one},{one}&allOrNone=false")).await;
    assert_eq!(deleted.body[0]["success"], true);
    assert_eq!(deleted.body[1]["errors"][0]["statusCode"], "ENTITY_IS_DELETED");
    let body = json!({"ids": [two, one], "fields": ["LastName"]});
    for reply in [
        world.post("composite/sobjects/Contact", body).await,
        world.get(&format!("composite/sobjects/Contact?ids={two},{one}&fields=LastName")).await,
    ] {
        assert_eq!(reply.status, 200);
        assert_eq!((&reply.body[0]["LastName"], &reply.body[1]), (&json!("B"), &Value::Null));
    }
}

#[tokio::test]
async fn more_than_200_records_are_too_many() {
    let world = World::new().await;
    let records: Vec<Value> = (0..201).map(|_| contact("A")).collect();
    let reply = world.post("composite/sobjects", json!({"records": records})).await;
    assert_eq!((reply.status, reply.code()), (400, "EXCEEDED_ID_LIMIT"));
}
