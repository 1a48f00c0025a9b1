//! One record at a time: what is stored, what is refused, what happens beside it.

use serde_json::{Value, json};

use crate::world::{MORNING, World, lead};

#[tokio::test]
async fn a_created_record_answers_its_id_and_where_it_is() {
    let world = World::new().await;
    let reply = world.post("sobjects/contact", json!({"lastname": "  Ng ", "firstName": ""})).await;
    assert_eq!(reply.status, 201);
    let id = reply.body["id"].as_str().expect("an id");
    assert_eq!(reply.body, json!({"id": id, "success": true, "errors": []}));
    assert_eq!(reply.header("location"), format!("/services/data/v68.0/sobjects/Contact/{id}"));
    assert_eq!(reply.header("content-type"), "application/json;charset=UTF-8");
    let record = world.read("Contact", id).await;
    assert_eq!(record["attributes"]["url"], format!("/services/data/v68.0/sobjects/Contact/{id}"));
    assert_eq!(
        (&record["LastName"], &record["FirstName"], &record["Name"]),
        (&json!("Ng"), &Value::Null, &json!("Ng"))
    );
    assert_eq!(record["CreatedDate"], "2026-03-02T09:00:00.000+0000");
}

#[tokio::test]
async fn a_change_answers_nothing_and_moves_the_stamps() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng", "Phone": "12 3"})).await;
    world.org.set_clock(MORNING + 60_000_000);
    let reply = world.patch(&format!("sobjects/Contact/{id}"), json!({"Phone": null, "Title": "CEO"})).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let record = world.read("Contact", &id).await;
    assert_eq!(record["Phone"], Value::Null);
    assert_eq!(record["LastModifiedDate"], "2026-03-02T09:01:00.000+0000");
    assert_eq!(record["SystemModstamp"], "2026-03-02T09:01:00.000+0000");
    assert_eq!(record["CreatedDate"], "2026-03-02T09:00:00.000+0000");
}

#[tokio::test]
async fn post_with_http_method_patch_is_a_change() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng"})).await;
    let reply =
        world.post(&format!("sobjects/Contact/{id}?_HTTP_METHOD=PATCH"), json!({"Title": "CTO"})).await;
    assert_eq!(reply.status, 204);
}

#[tokio::test]
async fn what_is_deleted_is_gone_but_not_for_query_all() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng"})).await;
    let path = format!("sobjects/Contact/{id}");
    assert_eq!(world.delete(&path).await.status, 204);
    for reply in [world.delete(&path).await, world.get(&path).await] {
        assert_eq!((reply.status, reply.code()), (404, "ENTITY_IS_DELETED"));
        assert_eq!(reply.body[0]["message"], "entity is deleted");
    }
    assert_eq!(world.count("Contact").await, 0);
    let all = world.get("queryAll?q=SELECT+Id,IsDeleted+FROM+Contact").await;
    assert_eq!(all.body["records"][0]["IsDeleted"], true);
}

#[tokio::test]
async fn a_record_that_never_was_is_not_found() {
    let world = World::new().await;
    let reply = world.get("sobjects/Contact/0035g00000AAAAAAA5").await;
    assert_eq!((reply.status, reply.code()), (404, "NOT_FOUND"));
    assert_eq!(world.get("sobjects/Nothing__c").await.code(), "NOT_FOUND");
    assert_eq!(world.get("nowhere").await.status, 404);
}

#[tokio::test]
async fn refusals_carry_the_vendors_codes_words_and_fields() {
    let world = World::new().await;
    let long = "x".repeat(41);
    let long = long.as_str();
    for (object, body, code, message) in [
        (
            "Contact",
            json!({"FirstName": "A"}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName]",
        ),
        (
            "Lead",
            json!({"LastName": "A"}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [Company]",
        ),
        ("Contact", json!({"LastName": "A", "FirstName": long}), "STRING_TOO_LONG", "(max length=40)"),
        (
            "Contact",
            json!({"LastName": "A", "Foo__c": 1}),
            "INVALID_FIELD",
            "No such column 'Foo__c' on sobject of type Contact",
        ),
        (
            "Contact",
            json!({"LastName": "A", "Name": "B"}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: Name.",
        ),
        (
            "Contact",
            json!({"LastName": "A", "Id": "0035g00000AAAAA"}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Id",
        ),
        (
            "Contact",
            json!({"LastName": "A", "Email": "foo"}),
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: foo",
        ),
        (
            "Task",
            json!({"TaskSubtype": "Fax"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "bad value for restricted picklist field: Fax",
        ),
        ("Task", json!({"WhoId": "nonsense"}), "MALFORMED_ID", "id value of incorrect type: nonsense"),
        (
            "Task",
            json!({"ActivityDate": "tomorrow"}),
            "JSON_PARSER_ERROR",
            "Cannot deserialize instance of date",
        ),
        ("Contact", json!({"LastName": 5}), "JSON_PARSER_ERROR", "Cannot deserialize instance of string"),
        ("LeadStatus", json!({"MasterLabel": "New"}), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "LeadStatus"),
    ] {
        let reply = world.post(&format!("sobjects/{object}"), body.clone()).await;
        assert_eq!((reply.status, reply.code()), (400, code), "{body} {}", reply.text);
        assert!(
            reply.body[0]["message"].as_str().is_some_and(|said| said.contains(message)),
            "{}",
            reply.text
        );
    }
    let reply = world.post("sobjects/Contact", json!({})).await;
    assert_eq!(reply.body[0]["fields"], json!(["LastName"]));
}

#[tokio::test]
async fn two_bad_values_are_two_errors() {
    let world = World::new().await;
    let body = json!({"LastName": "y".repeat(81), "Email": "a@"});
    let reply = world.post("sobjects/Contact", body).await;
    assert_eq!(reply.body.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_required_field_cannot_be_cleared() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng"})).await;
    let reply = world.patch(&format!("sobjects/Contact/{id}"), json!({"LastName": null})).await;
    assert_eq!(reply.code(), "REQUIRED_FIELD_MISSING");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_a_parser_error() {
    let world = World::new().await;
    let request = http::Request::post("/services/data/v68.0/sobjects/Contact")
        .header("authorization", format!("Bearer {}", world.token))
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(b"{\"LastName\":"))
        .expect("a request");
    assert_eq!(world.send(request).await.expect("an answer").code(), "JSON_PARSER_ERROR");
}

#[tokio::test]
async fn a_verb_that_a_resource_does_not_know_is_405() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng"})).await;
    let reply = world.call("PUT", &format!("sobjects/Contact/{id}"), &json!({}), &[]).await;
    assert_eq!((reply.status, reply.code()), (405, "METHOD_NOT_ALLOWED"));
}

#[tokio::test]
async fn an_older_copy_does_not_overwrite_a_newer_record() {
    let world = World::new().await;
    let id = world.create("Lead", lead("Ng")).await;
    let path = format!("sobjects/Lead/{id}");
    let read_at = world.get(&path).await.header("last-modified").to_owned();
    let unmodified = [("if-unmodified-since", read_at.as_str())];
    world.org.set_clock(MORNING + 5_000_000);
    let first = world.call("PATCH", &path, &json!({"Title": "A"}), &unmodified).await;
    assert_eq!(first.status, 204, "{}", first.text);
    let second = world.call("PATCH", &path, &json!({"Title": "B"}), &unmodified).await;
    assert_eq!((second.status, second.code()), (412, "PRECONDITION_FAILED"));
    let unchanged = world
        .call("GET", &path, &Value::Null, &[("if-modified-since", "Mon, 02 Mar 2026 09:00:05 GMT")])
        .await;
    assert_eq!(unchanged.status, 304);
}

#[tokio::test]
async fn a_task_moves_the_last_activity_of_its_contact_and_nothing_else() {
    let world = World::new().await;
    let contact = world.create("Contact", json!({"LastName": "Ng"})).await;
    world.org.set_clock(MORNING + 60_000_000);
    let task =
        json!({"WhoId": contact, "Subject": "Chat", "Status": "Completed", "ActivityDate": "2026-03-02"});
    let task = world.create("Task", task).await;
    let record = world.read("Contact", &contact).await;
    assert_eq!(record["LastModifiedDate"], "2026-03-02T09:00:00.000+0000");
    assert_eq!(record["LastActivityDate"], "2026-03-02");
    let task = world.read("Task", &task).await;
    assert_eq!(task["IsClosed"], true);
    assert_eq!(task["CompletedDateTime"], "2026-03-02T09:01:00.000+0000");
    assert_eq!(task["OwnerId"], world.user("maya.lindqvist@acme.example").await);
    assert_eq!((&task["Priority"], &task["TaskSubtype"]), (&json!("Normal"), &json!("Task")));
}

#[tokio::test]
async fn the_fields_parameter_chooses_and_refuses() {
    let world = World::new().await;
    let id = world.create("Contact", json!({"LastName": "Ng", "Phone": "1"})).await;
    let some = world.get(&format!("sobjects/Contact/{id}?fields=phone,LASTNAME")).await;
    assert_eq!((&some.body["Phone"], &some.body["LastName"]), (&json!("1"), &json!("Ng")));
    assert!(some.body.get("Email").is_none());
    assert_eq!(world.get(&format!("sobjects/Contact/{id}?fields=Nope")).await.code(), "INVALID_FIELD");
}

#[tokio::test]
async fn a_friendly_url_leads_to_the_parent_and_to_the_children() {
    let world = World::new().await;
    let account = world.create("Account", json!({"Name": "Initech"})).await;
    let contact = world.create("Contact", json!({"LastName": "Ng", "AccountId": account})).await;
    let parent = world.get(&format!("sobjects/Contact/{contact}/Account")).await;
    assert_eq!(parent.body["Name"], "Initech");
    let children = world.get(&format!("sobjects/Account/{account}/Contacts")).await;
    assert_eq!(children.body["records"][0]["Id"], contact);
}

#[tokio::test]
async fn an_event_needs_a_start_and_an_end_in_that_order() {
    let world = World::new().await;
    let start = "2026-03-02T10:00:00Z";
    let only_start = world.post("sobjects/Event", json!({"StartDateTime": start})).await;
    assert_eq!(only_start.code(), "REQUIRED_FIELD_MISSING");
    let backwards = json!({"StartDateTime": start, "EndDateTime": "2026-03-02T09:00:00Z"});
    assert_eq!(world.post("sobjects/Event", backwards).await.code(), "FIELD_INTEGRITY_EXCEPTION");
    let id = world
        .create("Event", json!({"Subject": "Call", "StartDateTime": start, "DurationInMinutes": 15}))
        .await;
    assert_eq!(world.read("Event", &id).await["EndDateTime"], "2026-03-02T10:15:00.000+0000");
}

#[tokio::test]
async fn what_changed_and_what_was_deleted_is_told_by_span() {
    let world = World::new().await;
    let kept = world.create("Contact", json!({"LastName": "Kept"})).await;
    let lost = world.create("Contact", json!({"LastName": "Lost"})).await;
    world.delete(&format!("sobjects/Contact/{lost}")).await;
    world.org.set_clock(MORNING + 600_000_000);
    let span = "start=2026-03-02T09%3A00%3A00%2B00%3A00&end=2026-03-02T09%3A05%3A00%2B00%3A00";
    let updated = world.get(&format!("sobjects/Contact/updated/?{span}")).await;
    assert_eq!(updated.body["ids"], json!([kept]), "{}", updated.text);
    let deleted = world.get(&format!("sobjects/Contact/deleted/?{span}")).await;
    assert_eq!(deleted.body["deletedRecords"][0]["id"], lost);
    let backwards = "start=2026-03-02T09:05:00Z&end=2026-03-02T09:00:00Z";
    let reply = world.get(&format!("sobjects/Contact/updated?{backwards}")).await;
    assert_eq!(reply.code(), "INVALID_REPLICATION_DATE");
}
