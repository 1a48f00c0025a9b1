//! A chat sync to Zoho CRM from the first click to the first note: connect, configure, activate.

use causeway_core::rights::Role;
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::{
    browser::{
        browser::{Browser, By},
        site::Site,
    },
    world::START,
};

/// Logs in to the org and allows access.
async fn consent(site: &Site, browser: &Browser) {
    browser.click(By::Label(&site.world.org_host)).await;
    browser.click(By::Text("Continue to Zoho CRM")).await;
    browser.wait_for_windows(2).await;
    browser.turn_to_window(1).await;
    browser.wait_for_text("to continue to").await;
    browser.fill(By::Label("Email address"), "maya.lindqvist@acme.example").await;
    browser.fill(By::Label("Password"), "sim").await;
    browser.click(By::Text("Sign in")).await;
    browser.wait_for_text("would like to access the following").await;
    browser.click(By::Text("Accept")).await;
    browser.wait_for_windows(1).await;
    browser.turn_to_window(0).await;
}

/// Another field of contacts in the org, or this one otherwise.
async fn field(site: &Site, field: Value) {
    site.world.sim("POST", "fields", field).await;
}

async fn says(site: &Site, customer: &Customer, id: &str, text: &str) {
    site.world.post(vec![site.world.sender.text(customer, id, START, text)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_sync_to_zoho_is_connected_configured_and_activated() {
    let site = Site::zoho().await;
    let browser = site.browser_of(Role::Admin).await;
    browser.open("/integrations").await;
    browser.wait_for_text("Nothing is connected yet").await;
    browser.click(By::Text("Connect Zoho CRM")).await;
    browser.wait_for_text("What Zoho CRM will ask you").await;
    browser.picture("zoho-connect").await;
    consent(&site, &browser).await;
    browser.wait_for_text("as Maya Lindqvist").await;
    browser.picture("zoho-connection").await;
    browser.click(By::Text("Set up a chat sync")).await;
    browser.wait_for_text("Nothing is written to the CRM before").await;
    // Where conversations can go, and where not, with the reason.
    let text = browser.text().await;
    for said in ["Contacts", "Leads", "Partners", "Shipments", "Deals", "it has no phone field"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    browser.picture("zoho-chat-sync-new").await;
    browser.choose(By::Label("Field for the number"), "Mobile (Mobile)").await;
    browser.wait_for_text("The number goes into Mobile").await;
    browser.wait_for_text("It is added when you activate").await;
    browser.click(By::Text("Make a field “Chat link”")).await;
    browser.wait_for_text("The field is there, and chosen").await;
    browser.picture("zoho-chat-sync-configured").await;
    // What the org demands and nobody gives: the cause is named, and nothing is active.
    let region =
        json!({"module": "Contacts", "name": "Region", "label": "Sales region", "data_type": "text"});
    field(&site, region).await;
    let demanded = json!({"module": "Contacts", "name": "Region", "required": true});
    field(&site, demanded).await;
    browser.click(By::Text("Activate integration")).await;
    browser.wait_for_text("Not activated: the test record could not be made").await;
    browser.wait_for_text("Region").await;
    browser.picture("zoho-chat-sync-not-activated").await;
    field(&site, json!({"module": "Contacts", "name": "Region", "required": false})).await;
    browser.click(By::Text("Activate integration")).await;
    browser.wait_for_text("Messages are synced from now on").await;
    browser.picture("zoho-chat-sync-active").await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    says(&site, &customer, "wamid.1", "hello").await;
    let note = site.records("Notes", 1).await.remove(0);
    assert_eq!(note["Note_Title"], "WhatsApp chat with Sato Hanako (02/01/2026)");
    let contact = site.records("Contacts", 1).await.remove(0);
    assert_eq!((&contact["Mobile"], &contact["Lead_Source"]), (&json!("+819012345678"), &json!("Causeway")));
    assert!(contact["Chat_link"].as_str().unwrap().starts_with(&site.url), "{contact:#}");
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_active_chat_sync_to_zoho_is_paused_changed_and_goes_on() {
    let mut site = Site::zoho().await;
    site.world.connect().await.unwrap();
    site.world.integrate(site.world.org.crm().usual()).await;
    let browser = site.browser_of(Role::Admin).await;
    let page = format!("/integrations/chat-sync/{}", causeway::id::integration(site.world.integration_id));
    browser.open(&page).await;
    browser.click(By::Text("Pause")).await;
    browser.wait_for_text("What comes waits, and is written in order when you resume").await;
    browser.picture("zoho-chat-sync-paused").await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    says(&site, &customer, "wamid.1", "hello").await;
    browser.fill(By::Label("First line"), "Chat with {name} on {YYYY-MM-DD}").await;
    browser.wait_for_text("It reads: Chat with Maria Costa on 2026-01-31").await;
    browser.click(By::Label("Include groups")).await;
    browser.wait_for_text("What somebody writes in a group goes on that person’s record; what").await;
    browser.click(By::Text("Apply changes")).await;
    browser.wait_for_text("It holds from now on").await;
    browser.picture("zoho-chat-sync-edited").await;
    assert!(site.world.records("Notes").await.is_empty(), "it is paused still");
    browser.click(By::Text("Resume")).await;
    let note = site.records("Notes", 1).await.remove(0);
    assert_eq!(note["Note_Title"], "Chat with Sato Hanako on 2026-01-02");
    browser.end().await;
}
