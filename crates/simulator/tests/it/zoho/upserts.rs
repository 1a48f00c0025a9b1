//! Upserts: what is compared, and with what.

use serde_json::json;

use super::world::World;

#[tokio::test]
async fn an_upsert_compares_the_systems_own_field_and_says_what_it_did() {
    let world = World::new().await;
    let record = json!({"Last_Name": "A", "Email": "a@example.com"});
    let first = world.post("Contacts/upsert", json!({"data": [record]})).await;
    assert_eq!((first.status, &first.element(0)["action"]), (200, &json!("insert")));
    assert_eq!(first.element(0)["duplicate_field"], json!(null));
    let again =
        world.post("Contacts/upsert", json!({"data": [record], "duplicate_check_fields": ["Email"]})).await;
    assert_eq!(
        (&again.element(0)["action"], &again.element(0)["duplicate_field"]),
        (&json!("update"), &json!("Email"))
    );
    assert_eq!(again.element(0)["message"], "record updated");
    assert_eq!(world.count("Contacts").await, 1);
}

#[tokio::test]
async fn an_upsert_on_a_phone_that_is_not_unique_inserts_in_silence() {
    let world = World::new().await;
    let body =
        json!({"data": [{"Last_Name": "A", "Phone": "+48600700800"}], "duplicate_check_fields": ["Phone"]});
    for _ in 0..2 {
        assert_eq!(world.post("Contacts/upsert", body.clone()).await.element(0)["action"], "insert");
    }
    world.get("/_sim/records?module=Contacts").await;
    assert_eq!(world.count("Contacts").await, 2);
}

#[tokio::test]
async fn a_unique_phone_counts_as_it_is_stored() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Contacts", "name": "Phone", "unique": true})).await;
    let upsert = |phone: &str| json!({"data": [{"Last_Name": "A", "Phone": phone}], "duplicate_check_fields": ["Phone"]});
    for (phone, action) in
        [("+48600700800", "insert"), ("+48600700800", "update"), ("+48 600 700 800", "insert")]
    {
        let reply = world.post("Contacts/upsert", upsert(phone)).await;
        assert_eq!(reply.element(0)["action"], action, "{phone}");
    }
}

#[tokio::test]
async fn an_update_that_would_meet_a_second_record_is_a_duplicate() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Contacts", "name": "Phone", "unique": true})).await;
    world.create("Contacts", json!({"Last_Name": "A", "Email": "a@example.com"})).await;
    let other = world.create("Contacts", json!({"Last_Name": "B", "Phone": "+48600700800"})).await;
    let record = json!({"Last_Name": "A", "Email": "a@example.com", "Phone": "+48600700800"});
    let body = json!({"data": [record], "duplicate_check_fields": ["Email"]});
    let reply = world.post("Contacts/upsert", body).await;
    assert_eq!((reply.code(), &reply.element(0)["details"]["id"]), ("DUPLICATE_DATA", &json!(other)));
}
