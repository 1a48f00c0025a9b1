//! Conversations and contacts over the API.

use causeway::id;
use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_list_is_filtered_searched_and_paged,
    the_thread_shows_messages_and_what_members_did,
    a_contact_shows_addresses_conversations_and_links,
    what_is_asked_wrongly_is_refused_in_words,
    ids_of_another_workspace_lead_nowhere,
);

async fn write(site: &Site, number: &str, name: &str, id: &str) {
    let customer = Customer::with_number(number, name);
    let at = site.world.app.now() / 1_000_000;
    site.world.post(vec![site.world.sender.text(&customer, id, at, "Hello")]).await;
    site.world.settle().await;
}

async fn get(site: &Site, path: &str) -> Value {
    let answer = site.api("agent", "GET", path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

async fn names(site: &Site, query: &str) -> Vec<String> {
    let page = get(site, &format!("conversations?{query}")).await;
    let rows = page["conversations"].as_array().unwrap();
    rows.iter().map(|row| row["contact"]["name"].as_str().unwrap().to_owned()).collect()
}

async fn the_list_is_filtered_searched_and_paged(place: Place) {
    let site = Site::new(place).await;
    for number in 0..52 {
        let name = format!("Customer {number:02}");
        write(&site, &format!("8190123456{number:02}"), &name, &format!("wamid.{number}")).await;
    }
    let first = get(&site, "conversations?status=open&unread=1").await;
    assert_eq!(first["conversations"].as_array().unwrap().len(), 50);
    let next = first["next"].as_str().unwrap();
    let second = get(&site, &format!("conversations?status=open&unread=1&cursor={next}")).await;
    assert_eq!((second["conversations"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
    let row = &second["conversations"][1];
    assert_eq!((&row["status"], &row["unread"], &row["assignee"]), (&json!("open"), &json!(1), &Value::Null));
    assert_eq!(row["preview"]["content"]["parts"][0]["text"], "Hello");
    assert_eq!(row["account"]["channel"], "whatsapp");
    assert_eq!(names(&site, "search=customer%2007").await, ["Customer 07"]);
    assert_eq!(names(&site, "search=090-1234-5611").await, ["Customer 11"]);
    let conversation = format!("conversations/{}", row["id"].as_str().unwrap());
    let me = get(&site, "members").await["you"].clone();
    let given =
        site.api("agent", "PATCH", &conversation, json!({ "assignee": me, "status": "pending" })).await;
    assert_eq!((&given.json()["assignee"], &given.json()["status"]), (&me, &json!("pending")));
    let name = row["contact"]["name"].as_str().unwrap();
    for query in ["assignee=me", "status=pending", &format!("assignee={}&status=all", me.as_str().unwrap())] {
        assert_eq!(names(&site, query).await, [name], "{query}");
    }
    assert!(names(&site, "assignee=me&status=closed").await.is_empty());
    assert!(names(&site, "channel=line").await.is_empty());
    assert!(names(&site, "inbox=ibx_1").await.is_empty());
    let account = row["account"]["id"].as_str().unwrap();
    assert_eq!(names(&site, &format!("account={account}&assignee=me")).await, [name]);
}

async fn the_thread_shows_messages_and_what_members_did(place: Place) {
    let site = Site::new(place).await;
    write(&site, "819012345678", "Ana", "wamid.1").await;
    let row = get(&site, "conversations").await["conversations"][0].clone();
    let path = format!("conversations/{}", row["id"].as_str().unwrap());
    let memo = site.api("agent", "POST", &format!("{path}/memos"), json!({ "text": "call back" })).await;
    assert_eq!(memo.status, StatusCode::OK, "{}", memo.text());
    site.api("agent", "PATCH", &path, json!({ "status": "closed" })).await;
    let unchanged = site.api("agent", "PATCH", &path, json!({})).await;
    assert_eq!(unchanged.json()["status"], "closed");
    let thread = get(&site, &path).await;
    let kinds: Vec<&str> =
        thread["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds, &thread["has_more"]), (vec!["message", "memo", "status"], &json!(false)));
    let message = &thread["items"][0];
    assert_eq!((&message["direction"], &message["author"]), (&json!("in"), &json!("Ana")));
    assert_eq!(message["entries"][0]["state"], "written");
    assert_eq!(thread["items"][1]["text"], "call back");
    assert_eq!(thread["items"][1]["member"]["name"], "AGENT");
    assert_eq!(
        (&thread["items"][2]["before"], &thread["items"][2]["after"]),
        (&json!("open"), &json!("closed"))
    );
    let since = get(&site, &format!("{path}?since={}", memo.json()["id"].as_str().unwrap())).await;
    assert_eq!(since["items"].as_array().unwrap().len(), 1);
    let before = get(&site, &format!("{path}?before={}", memo.json()["id"].as_str().unwrap())).await;
    assert_eq!(before["items"].as_array().unwrap().len(), 1);
    for changed in [true, false] {
        let read = site.api("agent", "POST", &format!("{path}/read"), Value::Null).await;
        assert_eq!(read.json()["changed"], changed);
    }
    assert_eq!(get(&site, &path).await["unread"], 0);
}

async fn a_contact_shows_addresses_conversations_and_links(place: Place) {
    let site = Site::new(place).await;
    write(&site, "819012345678", "Ana", "wamid.1").await;
    write(&site, "819012345679", "Bo", "wamid.2").await;
    let listed = get(&site, "contacts?search=ana").await;
    assert_eq!(listed["contacts"].as_array().unwrap().len(), 1);
    let row = &listed["contacts"][0];
    assert_eq!((&row["name"], &row["conversations"]), (&json!("Ana"), &json!(1)));
    let contact = get(&site, &format!("contacts/{}", row["id"].as_str().unwrap())).await;
    assert!(
        contact["addresses"].as_array().unwrap().iter().any(|address| address["value"] == "+819012345678")
    );
    assert_eq!(contact["conversations"][0]["preview"]["content"]["parts"][0]["text"], "Hello");
    assert_eq!(contact["links"][0]["connection"], json!(site.connection()));
    assert_eq!(contact["links"][0]["record"]["module"], "lead");
    assert!(contact["links"][0]["trace"].is_object());
    assert_eq!(get(&site, "contacts").await["contacts"].as_array().unwrap().len(), 2);
}

async fn what_is_asked_wrongly_is_refused_in_words(place: Place) {
    let site = Site::new(place).await;
    write(&site, "819012345678", "Ana", "wamid.1").await;
    let row = get(&site, "conversations").await["conversations"][0].clone();
    let path = format!("conversations/{}", row["id"].as_str().unwrap());
    for query in [
        "status=ajar",
        "unread=often",
        "cursor=soon",
        "colour=red",
        "search=a%00",
        "account=acc_1&inbox=ibx_1",
    ] {
        let refused = site.api("agent", "GET", &format!("conversations?{query}"), Value::Null).await;
        assert_eq!(
            (refused.status, refused.refusal().0.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "{query}"
        );
    }
    let long = "x".repeat(10_001);
    for text in ["", " ", long.as_str(), "a\0b"] {
        let refused = site.api("agent", "POST", &format!("{path}/memos"), json!({ "text": text })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    }
    for wish in [json!({ "status": "ajar" }), json!({ "state": "open" })] {
        let refused = site.api("agent", "PATCH", &path, wish).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let nobody = site.api("agent", "PATCH", &path, json!({ "assignee": "mem_1", "status": "closed" })).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&site, &path).await["status"], "open");
}

async fn ids_of_another_workspace_lead_nowhere(place: Place) {
    let site = Site::new(place).await;
    write(&site, "819012345678", "Ana", "wamid.1").await;
    site.stranger().await;
    let row = get(&site, "conversations").await["conversations"][0].clone();
    let path = format!("conversations/{}", row["id"].as_str().unwrap());
    let contact = format!("contacts/{}", row["contact"]["id"].as_str().unwrap());
    for (method, path, body) in [
        ("GET", path.clone(), Value::Null),
        ("PATCH", path.clone(), json!({ "status": "closed" })),
        ("PATCH", path.clone(), json!({ "assignee": null })),
        ("POST", format!("{path}/memos"), json!({ "text": "boo" })),
        ("POST", format!("{path}/read"), Value::Null),
        ("GET", contact, Value::Null),
        ("GET", format!("contacts/{}", id::contact(1)), Value::Null),
    ] {
        let answer = site.api("stranger", method, &path, body).await;
        assert_eq!(
            (answer.status, answer.refusal().0.as_str()),
            (StatusCode::NOT_FOUND, "not_found"),
            "{method} {path}"
        );
    }
    let listed = site.api("stranger", "GET", "conversations", Value::Null).await;
    assert!(listed.json()["conversations"].as_array().unwrap().is_empty());
    let listed = site.api("stranger", "GET", "contacts?search=ana", Value::Null).await;
    assert!(listed.json()["contacts"].as_array().unwrap().is_empty());
    let thread = get(&site, &path).await;
    assert_eq!((&thread["status"], &thread["unread"]), (&json!("open"), &json!(1)));
}
