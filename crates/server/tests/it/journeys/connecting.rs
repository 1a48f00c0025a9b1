//! Connecting: through the org's own pages, once, in one browser, within ten minutes, and only where it would work.

use std::time::Duration;

use causeway::{
    cli::demo::browser::query_value,
    crm::{self, Callback, ConnectError},
    store::connection::{self, Connection, State},
};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    whoever_says_no_on_the_consent_page_connects_nothing,
    an_answer_in_another_browser_is_refused,
    an_answer_without_a_cookie_is_refused,
    an_answer_that_was_used_is_refused,
    an_answer_after_ten_minutes_is_refused,
    a_ticket_opens_once,
    a_ticket_older_than_ten_minutes_is_refused,
    a_made_up_answer_is_refused,
    an_org_without_api_is_named_as_such,
    a_user_without_api_is_named_as_such,
    a_right_to_make_tasks_that_is_missing_is_named,
    every_missing_right_is_named_with_what_to_do,
    a_right_to_make_leads_that_is_missing_is_a_warning,
    nothing_is_kept_of_a_grant_that_would_not_work,
    a_host_that_is_not_the_crms_is_refused,
);

async fn fresh(place: Place) -> World {
    World::unconnected(place, Setting::default()).await
}

async fn come_back(world: &World) -> Callback {
    world.come_back("maya.lindqvist@acme.example", None, "allow").await.unwrap()
}

async fn refused(world: &World, callback: Callback) -> String {
    let refused = crm::finish(&world.app, callback).await.unwrap_err();
    assert!(connections(world).await.is_empty());
    refused.to_string()
}

async fn connections(world: &World) -> Vec<Connection> {
    world.app.db.read(|tx| Box::pin(connection::all(tx, None))).await.unwrap()
}

/// R2.32
async fn whoever_says_no_on_the_consent_page_connects_nothing(place: Place) {
    let world = fresh(place).await;
    let denied = world.browse("maya.lindqvist@acme.example", None, "deny").await.unwrap_err();
    assert!(matches!(denied, ConnectError::Denied { .. }), "{denied}");
    assert!(connections(&world).await.is_empty());
}

/// R2.32
async fn an_answer_in_another_browser_is_refused(place: Place) {
    let world = fresh(place).await;
    let mut callback = come_back(&world).await;
    callback.browser = Some("another".into());
    assert!(refused(&world, callback).await.contains("begun in another browser"));
}

/// R2.32
async fn an_answer_without_a_cookie_is_refused(place: Place) {
    let world = fresh(place).await;
    let mut callback = come_back(&world).await;
    callback.browser = None;
    assert!(refused(&world, callback).await.contains("begun in another browser"));
}

/// R2.32
async fn an_answer_that_was_used_is_refused(place: Place) {
    let world = fresh(place).await;
    let callback = come_back(&world).await;
    crm::finish(&world.app, callback.clone()).await.unwrap();
    let again = crm::finish(&world.app, callback).await.unwrap_err().to_string();
    assert!(again.contains("used before"), "{again}");
    assert_eq!(connections(&world).await.len(), 1);
}

/// R2.32
async fn an_answer_after_ten_minutes_is_refused(place: Place) {
    let world = fresh(place).await;
    let callback = come_back(&world).await;
    world.clock.advance(Duration::from_secs(601));
    assert!(refused(&world, callback).await.contains("older than ten minutes"));
}

/// R2.32
async fn a_ticket_opens_once(place: Place) {
    let world = fresh(place).await;
    let begun =
        crm::begin(&world.app, (world.workspace_id, 1), "salesforce", "org.test", None).await.unwrap();
    let ticket = query_value(&begun.open, "ticket").unwrap();
    crm::start(&world.app, &ticket).await.unwrap();
    let again = crm::start(&world.app, &ticket).await.unwrap_err().to_string();
    assert!(again.contains("opened before"), "{again}");
}

/// R2.32
async fn a_ticket_older_than_ten_minutes_is_refused(place: Place) {
    let world = fresh(place).await;
    let begun =
        crm::begin(&world.app, (world.workspace_id, 1), "salesforce", "org.test", None).await.unwrap();
    let ticket = query_value(&begun.open, "ticket").unwrap();
    world.clock.advance(Duration::from_secs(601));
    let late = crm::start(&world.app, &ticket).await.unwrap_err().to_string();
    assert!(late.contains("older than ten minutes"), "{late}");
}

/// R2.32
async fn a_made_up_answer_is_refused(place: Place) {
    let world = fresh(place).await;
    let query = vec![("code".into(), "code".into()), ("state".into(), "made up".into())];
    let callback = Callback { query, browser: None };
    assert!(refused(&world, callback).await.contains("no longer valid"));
}

/// What connecting says when these switches or permissions are set.
async fn said(world: &mut World, control: &str, body: Value) -> String {
    world.sim("POST", control, body).await;
    world.connect().await.unwrap_err().to_string()
}

/// R1.6, R3.2
async fn an_org_without_api_is_named_as_such(place: Place) {
    let mut world = fresh(place).await;
    let said = said(&mut world, "options", json!({"api_enabled": false})).await;
    assert!(said.contains("API access is off for this Salesforce organization"), "{said}");
}

/// R1.31
async fn a_user_without_api_is_named_as_such(place: Place) {
    let mut world = fresh(place).await;
    let maya = json!({"user": "maya.lindqvist@acme.example", "api_disabled": true});
    let said = said(&mut world, "permissions", maya).await;
    assert!(said.contains("user may not use the API"), "{said}");
    assert!(!said.contains("off for this Salesforce organization"), "{said}");
}

/// R2.52
async fn a_right_to_make_tasks_that_is_missing_is_named(place: Place) {
    let mut world = fresh(place).await;
    let said = said(&mut world, "permissions", json!({"user": "*", "no_create": ["Task"]})).await;
    assert!(said.contains("create Tasks") && said.contains("Edit Tasks"), "{said}");
    assert!(!said.contains("edit Tasks —"), "only what is missing is named: {said}");
}

/// R2.52, R3.2
async fn every_missing_right_is_named_with_what_to_do(place: Place) {
    let mut world = fresh(place).await;
    let missing = json!({"user": "*", "no_read": ["Contact"], "no_edit": ["Task"],
        "read_only_fields": ["Task.Description"]});
    let said = said(&mut world, "permissions", missing).await;
    for what in ["read Contacts — ", "edit Tasks — ", "set Task.Description — "] {
        assert!(said.contains(what), "{what} is missing: {said}");
    }
    assert_eq!(said.matches("A Salesforce administrator has to").count(), 3, "{said}");
}

/// R2.52: chats of known people sync without it.
async fn a_right_to_make_leads_that_is_missing_is_a_warning(place: Place) {
    let mut world = fresh(place).await;
    world.sim("POST", "permissions", json!({"user": "*", "no_create": ["Lead"]})).await;
    let connected = world.connect().await.unwrap();
    assert!(connected.warnings.iter().any(|warning| warning.starts_with("create Leads")), "{connected:?}");
    world.integrate(causeway_core::plan::settings::ChatSync::default()).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let (reason, _) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, causeway_core::lane::HoldReason::NoPermission);
}

/// R2.52
async fn nothing_is_kept_of_a_grant_that_would_not_work(place: Place) {
    let mut world = fresh(place).await;
    said(&mut world, "permissions", json!({"user": "*", "no_create": ["Task"]})).await;
    for connection in connections(&world).await {
        assert_eq!(connection.state, State::Disconnected);
        assert_eq!((connection.access_token, connection.refresh_token), (None, None));
    }
    assert_eq!(world.calls("/services/oauth2/revoke").await, 1, "it is given back");
}

/// Outbound requests reach only hosts of the CRM, and those that the operator lists.
async fn a_host_that_is_not_the_crms_is_refused(place: Place) {
    let world = fresh(place).await;
    for host in ["evil.example", "salesforce.com.evil.example", "http://127.0.0.1/"] {
        let begun = crm::begin(&world.app, (world.workspace_id, 1), "salesforce", host, None).await;
        assert!(matches!(begun, Err(ConnectError::Login { .. })), "{host}: {begun:?}");
    }
}
