//! The API: who may, what is shown, and what a person can do about a hold.

use axum::body::Body;
use causeway::id;
use causeway_core::plan::settings::{ChatSync, Create};
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    without_a_token_nothing_is_told,
    the_receipt_names_record_and_reason,
    members_are_added_and_roles_guarded,
    accounts_and_conversations_are_given_to_members,
    a_source_is_made_once_and_never_taken_over,
    a_person_is_linked_by_hand,
    a_held_person_is_looked_for_again,
    what_could_not_be_read_is_shown,
);

async fn write(site: &Site, id: &str, customer: &Customer) {
    let sender = &site.world.sender;
    site.world.post(vec![sender.text(customer, id, site.world.app.now() / 1_000_000, "Hello")]).await;
    site.world.settle().await;
}

async fn trace(site: &Site, id: &str) -> Value {
    let answer = site.api("agent", "GET", &format!("trace/{id}"), Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["receipts"][0].clone()
}

fn ana() -> Customer {
    Customer::with_number("819012345678", "Ana")
}

async fn without_a_token_nothing_is_told(place: Place) {
    let site = Site::unconnected(place).await;
    let bare = |header: Option<&str>| {
        let request = Request::get("/api/v1/members");
        let request = match header {
            Some(header) => request.header("authorization", header),
            None => request,
        };
        request.body(Body::empty()).unwrap()
    };
    for header in [None, Some("Bearer nobody"), Some("Basic owner"), Some("Bearer "), Some("owner")] {
        let answer: Answer = site.send(bare(header)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header:?}");
        assert_eq!(answer.refusal().0, "unauthorized");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(site.send(bare(Some("bearer owner"))).await.status, StatusCode::OK);
}

async fn the_receipt_names_record_and_reason(place: Place) {
    let site = Site::new(place).await;
    let lead = site
        .world
        .seed("Lead", json!({ "LastName": "Ito", "Company": "Ito", "MobilePhone": "+81 90-1234-5678" }))
        .await;
    write(&site, "wamid.1", &ana()).await;
    let receipt = trace(&site, "wamid.1").await;
    let delivery = &receipt["deliveries"][0];
    assert_eq!(delivery["state"], "written", "{receipt}");
    assert_eq!(delivery["person"], json!({ "module": "lead", "id": lead }));
    assert!(delivery["person_url"].as_str().unwrap().contains(&lead));
    let task = &site.world.records("Task").await[0];
    assert_eq!(delivery["written"][0]["record"]["id"], task["Id"]);
    assert!(delivery["written"][0]["url"].as_str().unwrap().contains(task["Id"].as_str().unwrap()));
    assert_eq!(delivery["trace"]["candidates"][0]["field"], "MobilePhone", "{receipt}");
    assert_eq!(delivery["attempts"][0]["verdict"], "done");
    let again = trace(&site, receipt["message"].as_str().unwrap()).await;
    assert_eq!(again, receipt, "our id leads to the same receipt");
    for unknown in ["wamid.2", "msg_zz", "msg_", "%00"] {
        let answer = site.api("agent", "GET", &format!("trace/{unknown}"), Value::Null).await;
        assert_eq!((answer.status, answer.refusal().0.as_str()), (StatusCode::NOT_FOUND, "not_found"));
    }
}

async fn members_are_added_and_roles_guarded(place: Place) {
    let site = Site::unconnected(place).await;
    let wish = json!({ "name": "Kenji", "email": " Kenji@Acme.test ", "role": "agent" });
    assert_eq!(site.api("manager", "PUT", "members", wish.clone()).await.status, StatusCode::FORBIDDEN);
    let put = site.api("admin", "PUT", "members", wish).await.json();
    assert_eq!(put["email"], "kenji@acme.test");
    let again = json!({ "name": "Kenji Ito", "email": "kenji@acme.test", "role": "manager" });
    assert_eq!(
        site.api("admin", "PUT", "members", again).await.json()["id"],
        put["id"],
        "one e-mail, one member"
    );
    for wish in [
        json!({ "name": "X", "email": "nobody", "role": "agent" }),
        json!({ "name": " ", "email": "x@y", "role": "agent" }),
        json!({ "name": "X", "email": "x@y", "role": "king" }),
        json!({ "name": "X", "email": "x@y" }),
        json!([1]),
    ] {
        let refused = site.api("owner", "PUT", "members", wish.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wish}");
    }
    let crown = json!({ "name": "Me", "email": "admin@acme.test", "role": "owner" });
    assert_eq!(site.api("admin", "PUT", "members", crown).await.status, StatusCode::CONFLICT);
    let listed = site.api("agent", "GET", "members", Value::Null).await.json();
    assert!(listed["members"].as_array().unwrap().iter().any(|member| member["name"] == "Kenji Ito"));
}

async fn accounts_and_conversations_are_given_to_members(place: Place) {
    let site = Site::new(place).await;
    write(&site, "wamid.1", &ana()).await;
    let member = id::member(site.world.member("Kenji", "kenji@acme.test").await);
    let listed = site.api("agent", "GET", "accounts", Value::Null).await.json();
    let account = format!("accounts/{}", listed["accounts"][0]["id"].as_str().unwrap());
    let given = site.api("admin", "PATCH", &account, json!({ "owner": member })).await;
    assert_eq!(given.json()["owner"], json!(member));
    assert_eq!(
        site.api("agent", "PATCH", &account, json!({ "owner": null })).await.status,
        StatusCode::FORBIDDEN
    );
    let unknown = site.api("admin", "PATCH", &account, json!({ "owner": "mem_1" })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let receipt = trace(&site, "wamid.1").await;
    let conversation = format!("conversations/{}", receipt["conversation"].as_str().unwrap());
    let given = site.api("agent", "PATCH", &conversation, json!({ "assignee": member })).await;
    assert_eq!(given.json()["assignee"], json!(member));
    let other = site.api("agent", "PATCH", "conversations/cnv_1", json!({ "assignee": null })).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

async fn a_source_is_made_once_and_never_taken_over(place: Place) {
    let site = Site::unconnected(place).await;
    let wish = json!({ "channel": "whatsapp", "signing_secrets": ["one", "two"], "verify_token": "word" });
    assert_eq!(site.api("agent", "POST", "sources", wish.clone()).await.status, StatusCode::FORBIDDEN);
    let made = site.api("admin", "POST", "sources", wish.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    let url = made["webhook_url"].as_str().unwrap();
    let challenge = "?hub.mode=subscribe&hub.verify_token=word&hub.challenge=42";
    let path = url.strip_prefix("http://causeway.test").unwrap();
    assert_eq!(site.get(&format!("{path}{challenge}")).await.text(), "42");
    let listed = site.api("agent", "GET", "sources", Value::Null).await;
    assert_eq!(listed.json()["sources"].as_array().unwrap().len(), 2);
    assert!(!listed.text().contains("word"), "secrets do not come out");
    for (field, value) in [
        ("channel", json!("telegraph")),
        ("key", json!("a b")),
        ("signing_secrets", json!([])),
        ("signing_secrets", json!([""])),
        ("verify_token", json!("")),
    ] {
        let mut wrong = wish.clone();
        wrong[field] = value;
        let refused = site.api("admin", "POST", "sources", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    site.stranger().await;
    let mut theft = wish;
    theft["key"] = json!("main");
    let refused = site.api("stranger", "POST", "sources", theft).await;
    assert_eq!((refused.status, refused.refusal().0.as_str()), (StatusCode::CONFLICT, "taken"));
    assert_eq!(site.api("stranger", "GET", "sources", Value::Null).await.json()["sources"], json!([]));
}

async fn a_person_is_linked_by_hand(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    site.world.integrate(ChatSync { create: Create::Off, ..ChatSync::default() }).await;
    write(&site, "wamid.1", &ana()).await;
    assert_eq!(trace(&site, "wamid.1").await["deliveries"][0]["held"]["reason"], "no_record");
    let contact = trace(&site, "wamid.1").await["contact"].as_str().unwrap().to_owned();
    let record = site.world.seed("Contact", json!({ "LastName": "Ito" })).await;
    let path = format!("contacts/{contact}/link");
    let mut wish = json!({ "connection": site.connection(), "module": "contact", "record": record });
    let linked = site.api("agent", "POST", &path, wish.clone()).await;
    assert_eq!(linked.status, StatusCode::OK, "{}", linked.text());
    site.world.settle().await;
    let receipt = trace(&site, "wamid.1").await;
    assert_eq!(receipt["deliveries"][0]["state"], "written", "{receipt}");
    let rules = receipt["deliveries"][0]["trace"]["rules"].to_string();
    assert!(rules.contains("linked by AGENT"), "{rules}");
    wish["record"] = json!("003000000000000AAA");
    let missing = site.api("agent", "POST", &path, wish.clone()).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", missing.text());
    wish["module"] = json!("task");
    assert_eq!(site.api("agent", "POST", &path, wish.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    wish["module"] = json!("contact");
    let nobody = site.api("agent", "POST", "contacts/ctc_1/link", wish).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

async fn a_held_person_is_looked_for_again(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    site.world.integrate(ChatSync { create: Create::Off, ..ChatSync::default() }).await;
    write(&site, "wamid.1", &ana()).await;
    let receipt = trace(&site, "wamid.1").await;
    let contact = format!("contacts/{}/retry", receipt["contact"].as_str().unwrap());
    let entry = format!("entries/{}/retry", receipt["deliveries"][0]["entry"].as_str().unwrap());
    assert_eq!(site.api("agent", "POST", &entry, Value::Null).await.json()["state"], "due");
    site.world.settle().await;
    assert_eq!(trace(&site, "wamid.1").await["deliveries"][0]["held"]["reason"], "no_record");
    site.world.seed("Contact", json!({ "LastName": "Ito", "Phone": "090-1234-5678" })).await;
    let released = site.api("agent", "POST", &contact, Value::Null).await;
    assert_eq!(released.json()["entries_released"], json!(1), "{}", released.text());
    site.world.settle().await;
    assert_eq!(trace(&site, "wamid.1").await["deliveries"][0]["state"], "written");
    let again = site.api("agent", "POST", &contact, Value::Null).await;
    assert_eq!((again.status, again.refusal().0.as_str()), (StatusCode::CONFLICT, "not_held"));
    let entry = site.api("agent", "POST", "entries/ent_1/retry", json!({ "recreate": true })).await;
    assert_eq!(entry.status, StatusCode::NOT_FOUND);
}

async fn what_could_not_be_read_is_shown(place: Place) {
    let site = Site::unconnected(place).await;
    site.world.post_raw(b"not JSON".to_vec()).await;
    site.world.digest().await;
    let shown = site.api("admin", "GET", "quarantine", Value::Null).await.json();
    assert_eq!((&shown["count"], &shown["parts"][0]["raw"]), (&json!(1), &json!("not JSON")));
    let status = site.api("agent", "GET", "status", Value::Null).await.json();
    assert_eq!(status["intake"], json!({ "waiting": 0, "quarantined": 1 }));
}
