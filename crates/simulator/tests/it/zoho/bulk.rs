//! Bulk reads.

use serde_json::{Value, json};

use super::world::{Reply, World};

async fn ask(world: &World, query: Value) -> Reply {
    let body = json!({"query": query, "file_type": "csv"});
    world.call("POST", "/crm/bulk/v8/read", &body, &[("content-type", "application/json")]).await
}

async fn used(world: &World) -> u64 {
    world.get("/_sim/counters").await.body["credits_used"].as_u64().expect("credits")
}

#[tokio::test]
async fn a_job_ends_in_an_archive_of_what_was_asked_for() {
    let world = World::new().await;
    world.option("bulk_seconds", json!(10)).await;
    let ana = json!({"Last_Name": "Souza, A", "Phone": "+48600700800", "Email_Opt_Out": true});
    let ana = world.create("Contacts", ana).await;
    world.create("Contacts", json!({"Last_Name": "Zhu"})).await;
    let before = used(&world).await;
    let criteria = json!({"group_operator": "and", "group": [
        {"field": {"api_name": "Phone"}, "comparator": "not_equal", "value": "${EMPTY}"},
        {"field": {"api_name": "Last_Name"}, "comparator": "contains", "value": "souza"}]});
    let fields = ["Last_Name", "Phone", "Created_Time"];
    let made =
        ask(&world, json!({"module": {"api_name": "Contacts"}, "fields": fields, "criteria": criteria}))
            .await;
    assert_eq!((made.status, &made.element(0)["code"]), (201, &json!("ADDED_SUCCESSFULLY")), "{}", made.text);
    assert_eq!(used(&world).await - before, 50);
    let id = made.element(0)["details"]["id"].as_str().expect("an id").to_owned();
    let job = format!("/crm/bulk/v8/read/{id}");
    assert_eq!(world.get(&job).await.element(0)["state"], "QUEUED");
    assert_eq!(world.get(&format!("{job}/result")).await.status, 400);
    world.org.advance_clock(10.0);
    let done = world.get(&job).await.element(0).clone();
    assert_eq!((&done["state"], &done["result"]["count"]), (&json!("COMPLETED"), &json!(1)));
    let archive = world.get(&format!("{job}/result")).await;
    assert!(archive.text.starts_with("PK"));
    let row = format!(
        "Id,Last_Name,Phone,Created_Time\n{ana},\"Souza, A\",+48600700800,2026-03-02T04:00:00-05:00\n"
    );
    assert!(archive.text.contains(&row), "{}", archive.text);
}

#[tokio::test]
async fn a_job_needs_its_media_type_and_a_module() {
    let world = World::new().await;
    let body = json!({"query": {"module": {"api_name": "Contacts"}}});
    let mute = world.call("POST", "/crm/bulk/v8/read", &body, &[]).await;
    assert_eq!((mute.status, mute.code()), (415, "MEDIA_TYPE_NOT_SUPPORTED"));
    assert_eq!(ask(&world, json!({"module": {"api_name": "Nothing"}})).await.code(), "INVALID_MODULE");
    assert_eq!(world.get("/crm/bulk/v8/read/1").await.code(), "INVALID_DATA");
    assert_eq!(world.get("/crm/bulk/v8/write/1").await.code(), "INVALID_URL_PATTERN");
}
