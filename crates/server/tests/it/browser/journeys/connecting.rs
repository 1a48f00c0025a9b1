//! Connecting a CRM through its own pages.

use causeway_core::rights::Role;
use serde_json::{Value, json};

use crate::browser::{
    browser::{Browser, By},
    site::Site,
};

/// Begins as the API does, logs in to the org, and stops before its question.
async fn reach_consent(site: &Site) -> Browser {
    let wish = json!({ "crm": "salesforce", "environment": site.world.org_host });
    let begun = site.api(Role::Admin, "POST", "connections", &wish).await;
    let browser = site.browser().await;
    browser.open(begun["open"].as_str().unwrap()).await;
    browser.wait_for_text("Log in to continue to").await;
    browser.picture_of_stranger("org-login").await;
    browser.fill(By::Label("Username"), "maya.lindqvist@acme.example").await;
    browser.fill(By::Label("Password"), "sim").await;
    browser.click(By::Text("Log in")).await;
    browser.wait_for_text("Allow access?").await;
    browser.picture_of_stranger("org-consent").await;
    browser
}

async fn states(site: &Site) -> Vec<Value> {
    let listed = site.api(Role::Agent, "GET", "connections", &Value::Null).await;
    listed["connections"].as_array().unwrap().iter().map(|connection| connection["state"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_connects_through_the_org_s_own_pages() {
    let site = Site::unconnected().await;
    let browser = reach_consent(&site).await;
    browser.click(By::Text("Allow")).await;
    browser.wait_for_text("Causeway can now work with your CRM.").await;
    assert!(browser.text().await.contains("Maya Lindqvist"));
    browser.picture("connected").await;
    assert_eq!(states(&site).await, ["connected"]);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_consent_shows_that_nothing_was_connected() {
    let site = Site::unconnected().await;
    let browser = reach_consent(&site).await;
    browser.click(By::Text("Deny")).await;
    browser.wait_for_text("Access was not granted").await;
    browser.picture("access-not-granted").await;
    assert!(states(&site).await.is_empty());
    browser.end().await;
}
