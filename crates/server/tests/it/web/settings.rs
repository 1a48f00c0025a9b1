//! Integrations over the API: checked against the org, stored with what follows from them.

use std::time::Duration;

use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    settings_are_checked_against_the_org,
    the_revision_decides_between_two_who_change,
    a_new_shape_slices_what_waits_anew,
    switching_creation_on_releases_who_waited,
    a_paused_integration_holds_and_says_so,
    an_integration_begins_with_what_comes_from_now_on,
    the_same_accounts_are_not_synced_twice,
    what_cannot_be_tried_out_goes_in_force_by_no_way_of_the_api,
    what_a_change_makes_otherwise_is_tried_out,
    what_is_being_set_up_begins_as_a_whole,
);

async fn change(site: &Site, revision: i64, settings: Value) -> super::Answer {
    let body = json!({ "revision": revision, "settings": settings });
    site.api("admin", "PATCH", &format!("integrations/{}", site.integration()), body).await
}

async fn write(site: &Site, id: &str, number: &str) {
    let customer = Customer::with_number(number, "Ana");
    let sender = &site.world.sender;
    site.world.post(vec![sender.text(&customer, id, site.world.app.now() / 1_000_000, "Hello")]).await;
}

async fn settings_are_checked_against_the_org(place: Place) {
    let site = Site::new(place).await;
    let told = [
        (json!({ "shapee": "local_day" }), "did you mean `shape`?"),
        (json!({ "shape": "weekly" }), "unknown variant"),
        (json!({ "closed_statuses": ["Dead"] }), "has no lead status \"Dead\""),
        (json!({ "reopen": { "to": "Nowhere" } }), "has no lead status \"Nowhere\""),
        (json!({ "link_field": "Nope__c" }), "no field `Nope__c`"),
        (json!({ "accounts": ["acc_1"] }), "no account acc_1"),
        (json!({ "name_template": "{who}" }), "only `{phone}` and `{channel}`"),
        (json!({ "company": "a\u{0}b" }), "NUL"),
    ];
    for (settings, words) in told {
        let refused = change(&site, 1, settings.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{settings}");
        assert!(refused.refusal().1.contains(words), "{settings}: {}", refused.text());
    }
    let kept =
        change(&site, 1, json!({ "closed_statuses": ["Closed - Converted"], "company": "Acme" })).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    assert_eq!(kept.json()["settings"]["company"], "Acme");
    let body = json!({ "revision": 2, "sttings": {} });
    let path = format!("integrations/{}", site.integration());
    assert_eq!(site.api("owner", "PATCH", &path, body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn the_revision_decides_between_two_who_change(place: Place) {
    let site = Site::new(place).await;
    assert_eq!(change(&site, 1, json!({ "company": "One" })).await.json()["revision"], 2);
    let late = change(&site, 1, json!({ "company": "Two" })).await;
    assert_eq!((late.status, late.refusal().0.as_str()), (StatusCode::CONFLICT, "changed_meanwhile"));
    let path = format!("integrations/{}", site.integration());
    assert_eq!(site.api("agent", "GET", &path, Value::Null).await.json()["settings"]["company"], "One");
    let body = json!({ "settings": { "company": "Three" } });
    let without = site.api("owner", "PATCH", &path, body).await;
    assert!(without.refusal().1.contains("revision"), "{}", without.text());
    let (owner, body) = ("agent", json!({ "revision": 2, "paused": true }));
    assert_eq!(site.api(owner, "PATCH", &path, body).await.status, StatusCode::FORBIDDEN);
}

async fn a_new_shape_slices_what_waits_anew(place: Place) {
    let site = Site::new(place).await;
    assert_eq!(change(&site, 1, json!({ "shape": "every_6_hours" })).await.status, StatusCode::OK);
    write(&site, "wamid.1", "819012345678").await;
    write(&site, "wamid.2", "819012345678").await;
    site.world.settle().await;
    assert!(site.world.records("Task").await.is_empty(), "the window is open");
    assert_eq!(change(&site, 2, json!({ "shape": "per_message" })).await.status, StatusCode::OK);
    site.world.settle().await;
    assert_eq!(site.world.records("Task").await.len(), 2);
}

async fn switching_creation_on_releases_who_waited(place: Place) {
    let site = Site::new(place).await;
    assert_eq!(change(&site, 1, json!({ "create": "off" })).await.status, StatusCode::OK);
    write(&site, "wamid.1", "819012345678").await;
    site.world.settle().await;
    let held = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
    assert_eq!(held["receipts"][0]["deliveries"][0]["held"]["reason"], "no_record", "{held}");
    assert_eq!(change(&site, 2, json!({ "create": "lead" })).await.status, StatusCode::OK);
    site.world.settle().await;
    let written = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
    assert_eq!(written["receipts"][0]["deliveries"][0]["state"], "written", "{written}");
}

async fn a_paused_integration_holds_and_says_so(place: Place) {
    let site = Site::new(place).await;
    let path = format!("integrations/{}", site.integration());
    let paused = site.api("owner", "PATCH", &path, json!({ "revision": 1, "paused": true })).await.json();
    assert_eq!((&paused["paused"], &paused["revision"]), (&json!(true), &json!(2)));
    write(&site, "wamid.1", "819012345678").await;
    site.world.settle().await;
    let held = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
    assert_eq!(held["receipts"][0]["deliveries"][0]["held"]["reason"], "paused", "{held}");
    site.api("owner", "PATCH", &path, json!({ "revision": 2, "paused": false })).await;
    site.world.after(Duration::from_secs(1)).await;
    let written = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
    assert_eq!(written["receipts"][0]["deliveries"][0]["state"], "written", "{written}");
}

async fn an_integration_begins_with_what_comes_from_now_on(place: Place) {
    let site = Site::new(place).await;
    let body = json!({ "connection": site.connection(), "settings": { "create": "contact" } });
    let path = format!("integrations/{}", site.integration());
    site.api("owner", "PATCH", &path, json!({ "revision": 1, "paused": true })).await;
    let refused = site.api("agent", "POST", "integrations", body.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let made = site.api("owner", "POST", "integrations", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!(made["settings"]["since"], json!(site.world.app.now()));
    assert_eq!(made["settings"]["create"], "contact");
    let listed = site.api("agent", "GET", "integrations", Value::Null).await.json();
    assert_eq!(listed["integrations"].as_array().unwrap().len(), 2);
    let body = json!({ "connection": "con_1" });
    assert_eq!(site.api("owner", "POST", "integrations", body).await.status, StatusCode::NOT_FOUND);
    let path = format!("integrations/{}/test-record", made["id"].as_str().unwrap());
    let tried = site.api("owner", "POST", &path, Value::Null).await.json();
    assert_eq!(tried["is_removed"], json!(true), "{tried}");
}

async fn the_same_accounts_are_not_synced_twice(place: Place) {
    let site = Site::new(place).await;
    let first = format!("integrations/{}", site.integration());
    let again = json!({ "connection": site.connection() });
    let refused = site.api("owner", "POST", "integrations", again.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert!(refused.text().contains(&site.integration()), "{}", refused.text());
    // One that covers no account may stand beside it, but gains none.
    let none = json!({ "connection": site.connection(), "settings": { "accounts": [] } });
    let made = site.api("owner", "POST", "integrations", none).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let second = format!("integrations/{}", made.json()["id"].as_str().unwrap());
    let all = json!({ "revision": 1, "settings": { "accounts": null } });
    let refused = site.api("owner", "PATCH", &second, all.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    // While the first is paused the second may; then the first does not resume.
    let other = json!({ "revision": 1, "settings": { "company": "Acme" }, "paused": true });
    assert_eq!(site.api("owner", "PATCH", &first, other).await.status, StatusCode::OK);
    assert_eq!(site.api("owner", "PATCH", &second, all).await.status, StatusCode::OK);
    let resumed = json!({ "revision": 2, "paused": false });
    let refused = site.api("owner", "PATCH", &first, resumed).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert!(refused.text().contains(made.json()["id"].as_str().unwrap()), "{}", refused.text());
}

/// How many test records were made so far; none is left.
async fn tried(site: &Site) -> usize {
    assert!(site.world.records("Lead").await.is_empty());
    let all = site.world.sim("GET", "records?object=Lead", Value::Null).await;
    all["records"].as_array().unwrap().len()
}

/// The org takes no lead without a value of this field.
async fn demand_region(site: &Site) {
    let field = json!({ "object": "Lead", "name": "Region__c", "label": "Sales region", "required": true });
    site.world.sim("POST", "fields", field).await;
}

/// R4.23, R4.24
async fn what_cannot_be_tried_out_goes_in_force_by_no_way_of_the_api(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    demand_region(&site).await;
    let refused = site.api("owner", "POST", "integrations", json!({ "connection": site.connection() })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    let (code, said) = refused.refusal();
    assert_eq!(code, "not_tried");
    assert!(said.contains("the CRM did not take a test lead") && said.contains("Region__c"), "{said}");
    let action = &refused.json()["error"]["action"];
    assert!(action.as_str().unwrap().contains("new-record values"), "{action}");
    let listed = site.api("agent", "GET", "integrations", Value::Null).await.json();
    assert_eq!(listed["integrations"], json!([]), "nothing was made");
    // Where nobody is made there is nothing to try; switching it on is tried.
    let body = json!({ "connection": site.connection(), "settings": { "create": "off" } });
    let made = site.api("owner", "POST", "integrations", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let path = format!("integrations/{}", made.json()["id"].as_str().unwrap());
    let paused = json!({ "revision": 1, "paused": true });
    assert_eq!(site.api("owner", "PATCH", &path, paused).await.status, StatusCode::OK);
    for wish in [
        json!({ "revision": 2, "settings": { "create": "lead" } }),
        json!({ "revision": 2, "settings": { "create": "lead" }, "paused": false }),
    ] {
        let refused = site.api("owner", "PATCH", &path, wish).await;
        assert_eq!(refused.refusal().0, "not_tried");
    }
    let stays = site.api("agent", "GET", &path, Value::Null).await.json();
    assert_eq!((&stays["settings"]["create"], &stays["revision"]), (&json!("off"), &json!(2)));
}

/// R4.23
async fn what_a_change_makes_otherwise_is_tried_out(place: Place) {
    let site = Site::new(place).await;
    let changed = change(&site, 1, json!({ "shape": "local_day" })).await.json();
    assert_eq!((&changed["revision"], &changed["warnings"]), (&json!(2), &json!([])));
    assert_eq!(tried(&site).await, 0, "a record of a person says nothing of shapes");
    assert_eq!(change(&site, 2, json!({ "company": "Acme" })).await.status, StatusCode::OK);
    assert_eq!(tried(&site).await, 1);
    assert_eq!(change(&site, 1, json!({ "company": "Late" })).await.status, StatusCode::CONFLICT);
    assert_eq!(tried(&site).await, 1, "nothing is made for what cannot be");
    site.world.sim("POST", "permissions", json!({ "user": "*", "no_delete": ["Lead"] })).await;
    let changed = change(&site, 3, json!({ "company": "Acme Trading" })).await;
    let warnings = changed.json()["warnings"].to_string();
    assert!(warnings.contains("the test record could not be removed yet"), "{warnings}");
}

/// R4.23, R4.24
async fn what_is_being_set_up_begins_as_a_whole(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    let set_up = format!("/integrations/connection/{}/chat-sync", site.connection());
    let page = site.form("admin", &set_up, "").await.header("location").to_owned();
    let path = format!("integrations/{}", page.rsplit('/').next().unwrap());
    for paused in [true, false] {
        let refused = site.api("owner", "PATCH", &path, json!({ "revision": 1, "paused": paused })).await;
        assert_eq!((refused.status, refused.refusal().0.as_str()), (StatusCode::CONFLICT, "being_set_up"));
        assert!(refused.text().contains("/activate"), "{}", refused.text());
    }
    let named = json!({ "revision": 1, "settings": { "company": "Acme" } });
    assert_eq!(site.api("owner", "PATCH", &path, named).await.json()["state"], "draft");
    assert_eq!(tried(&site).await, 0, "nothing is in force yet");
    let activate = format!("{path}/activate");
    assert_eq!(site.api("agent", "POST", &activate, Value::Null).await.status, StatusCode::FORBIDDEN);
    let begun = site.api("owner", "POST", &activate, Value::Null).await.json();
    assert_eq!(
        (&begun["state"], &begun["settings"]["company"]),
        (&json!("active"), &json!("Acme")),
        "{begun}"
    );
    assert_eq!(tried(&site).await, 1);
    let again = site.api("owner", "POST", &activate, Value::Null).await;
    assert_eq!((again.status, again.json()["revision"].clone()), (StatusCode::OK, begun["revision"].clone()));
    assert_eq!(tried(&site).await, 1);
}
