//! The org's rules about people, owners and conversion.

use serde_json::json;

use crate::world::{World, lead};

#[tokio::test]
async fn a_lead_goes_to_the_rules_owner_unless_the_caller_forbids_it() {
    let world = World::new().await;
    let (maya, jonas) =
        (world.user("maya.lindqvist@acme.example").await, world.user("jonas.okafor@acme.example").await);
    let mut body = lead("Ng");
    body["OwnerId"] = json!(maya);
    let assigned =
        world.post("sobjects/Lead", body.clone()).await.body["id"].as_str().expect("id").to_owned();
    assert_eq!(world.read("Lead", &assigned).await["OwnerId"], jonas);
    let kept = world.create("Lead", body).await;
    assert_eq!(world.read("Lead", &kept).await["OwnerId"], maya);
}

#[tokio::test]
async fn an_inactive_user_owns_nothing_new() {
    let world = World::new().await;
    let ruth = world.user("ruth.castellan@acme.example").await;
    let reply = world.post("sobjects/Contact", json!({"LastName": "Ng", "OwnerId": ruth})).await;
    assert_eq!((reply.status, reply.code()), (400, "INACTIVE_OWNER_OR_USER"));
    assert_eq!(
        reply.body[0]["message"],
        format!("operation performed with inactive user [{ruth}] as owner of contact")
    );
}

#[tokio::test]
async fn a_task_with_a_lead_cannot_have_a_related_record() {
    let world = World::new().await;
    let who = world.create("Lead", lead("Ng")).await;
    let what = world.create("Account", json!({"Name": "Initech"})).await;
    let reply = world.post("sobjects/Task", json!({"WhoId": who, "WhatId": what})).await;
    assert_eq!(reply.code(), "FIELD_INTEGRITY_EXCEPTION");
}

#[tokio::test]
async fn a_converted_lead_is_locked_and_nobody_to_write_to() {
    let world = World::new().await;
    let id = world.create("Lead", lead("Ng")).await;
    let task = world.create("Task", json!({"WhoId": id, "Subject": "Before"})).await;
    let converted = world.sim("convert", json!({"lead": id})).await;
    assert_eq!(world.read("Task", &task).await["WhoId"], converted["contact"]);
    let record = world.read("Lead", &id).await;
    assert_eq!((&record["IsConverted"], &record["Status"]), (&json!(true), &json!("Closed - Converted")));
    assert_eq!(record["ConvertedContactId"], converted["contact"]);
    let patch = world.patch(&format!("sobjects/Lead/{id}"), json!({"Title": "x"})).await;
    let logged = world.post("sobjects/Task", json!({"WhoId": id})).await;
    for reply in [patch, logged] {
        assert_eq!((reply.status, reply.code()), (400, "CANNOT_UPDATE_CONVERTED_LEAD"));
    }
}

#[tokio::test]
async fn a_deleted_person_is_an_invalid_reference() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng"})).await;
    world.delete(&format!("sobjects/Contact/{id}")).await;
    let reply = world.post("sobjects/Task", json!({"WhoId": id})).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_CROSS_REFERENCE_KEY"));
}

#[tokio::test]
async fn a_contact_with_cases_cannot_be_deleted() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Doe", "FirstName": "Jane"})).await;
    world.create("Case", json!({"ContactId": id, "Subject": "Help"})).await;
    let reply = world.delete(&format!("sobjects/Contact/{id}")).await;
    assert_eq!((reply.status, reply.code()), (400, "DELETE_FAILED"));
    let message = reply.body[0]["message"].as_str().expect("a message");
    assert!(message.starts_with("Your attempt to delete Jane Doe could not be completed"), "{message}");
}

#[tokio::test]
async fn the_kind_of_a_task_is_settled_when_it_is_made() {
    let world = World::new().await;
    let id = world.create("Task", json!({"TaskSubtype": "Call"})).await;
    let reply = world.patch(&format!("sobjects/Task/{id}"), json!({"TaskSubtype": "Email"})).await;
    assert_eq!(reply.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
}

#[tokio::test]
async fn an_alerting_duplicate_rule_is_overridden_by_header_and_a_blocking_one_is_not() {
    let world = World::new().await;
    world.sim("options", json!({"duplicate_rules": "alert"})).await;
    let person = json!({"LastName": "Ng", "Email": "ng@initech.example"});
    let first = world.create("Contact", person.clone()).await;
    let reply = world.post("sobjects/Contact", person.clone()).await;
    assert_eq!((reply.status, reply.code()), (400, "DUPLICATES_DETECTED"));
    let found = &reply.body[0]["duplicateResut"];
    assert_eq!(found["allowSave"], true);
    assert_eq!(found["matchResults"][0]["matchRecords"][0]["record"]["Id"], first);
    let allow = [("sforce-duplicate-rule-header", "allowSave=true, includeRecordDetails=true")];
    assert_eq!(world.call("POST", "sobjects/Contact", &person, &allow).await.status, 201);
    world.sim("options", json!({"duplicate_rules": "block"})).await;
    assert_eq!(world.call("POST", "sobjects/Contact", &person, &allow).await.status, 400);
}

#[tokio::test]
async fn the_loser_of_a_merge_points_at_the_winner() {
    let world = World::new().await;
    let winner = world.create("Contact", json!({"LastName": "Ng"})).await;
    let loser = world.create("Contact", json!({"LastName": "Ngg"})).await;
    let task = world.create("Task", json!({"WhoId": loser})).await;
    world.sim("merge", json!({"winner": winner, "loser": loser})).await;
    assert_eq!(world.read("Task", &task).await["WhoId"], winner);
    let lost = world.get("queryAll?q=SELECT+MasterRecordId+FROM+Contact+WHERE+IsDeleted=true").await;
    assert_eq!(lost.body["records"][0]["MasterRecordId"], winner);
}

#[tokio::test]
async fn a_link_into_the_org_shows_the_record_and_its_tasks() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "O'Hara <b>"})).await;
    world
        .create("Task", json!({"WhoId": id, "Subject": "WhatsApp chat", "Description": "Hello & goodbye"}))
        .await;
    let page = world.get(&format!("/lightning/r/Contact/{id}/view")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("O&#39;Hara &lt;b&gt;") && page.text.contains("Hello &amp; goodbye"));
    assert_eq!(world.get("/").await.status, 200);
}
