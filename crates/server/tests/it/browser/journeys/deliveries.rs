//! From a message that waits to its record, and from a new endpoint to its first webhook.

use causeway_core::{
    plan::settings::{ChatSync, Create},
    rights::Role,
};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::browser::{browser::By, patience::eventually, site::Site};

async fn write(site: &Site, number: &str, name: &str, text: &str) {
    let customer = Customer::with_number(number, name);
    let at = site.world.app.now() / 1_000_000;
    site.world.post(vec![site.world.sender.text(&customer, &format!("wamid.{number}"), at, text)]).await;
}

/// Waits until so many entries stand like this.
async fn stand(site: &Site, state: &str, count: usize) {
    let looked = eventually(async || {
        let found = site.api(Role::Agent, "GET", &format!("entries?state={state}"), &Value::Null).await;
        let found = found["entries"].as_array().map_or(0, Vec::len);
        if found == count { Ok(()) } else { Err(format!("{found} are {state}")) }
    });
    looked.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_linked_and_follows_while_the_list_stands_open() {
    let site = Site::new().await;
    site.world.change_settings(ChatSync { create: Create::Off, ..ChatSync::default() }).await;
    let browser = site.browser_of(Role::Manager).await;
    browser.open("/deliveries").await;
    browser.wait_for_text("Nothing waits").await;
    browser.picture("deliveries-empty").await;
    // It shows without a reload.
    write(&site, "819012345678", "Sato Hanako", "Do you deliver to Osaka on Sundays?").await;
    write(&site, "819087654321", "Mori Ken", "Thank you!").await;
    browser.wait_for_text("No record in the CRM").await;
    browser.wait_for_text("2 deliveries").await;
    browser.picture("deliveries-waiting").await;
    browser.click(By::Text("Try all again")).await;
    browser.wait_for_text("2 deliveries are tried again.").await;
    stand(&site, "held", 2).await;
    browser.open("/deliveries?state=held").await;
    browser.click(By::Css(".entry a[href$=\"#link\"]")).await;
    browser.wait_for_text("Choose the record").await;
    browser.picture("delivery-held").await;
    browser.fill(By::Label("Record"), "00Q000000000000").await;
    browser.click(By::Text("Link to this record")).await;
    browser.wait_for_text("The CRM shows no").await;
    browser.picture("delivery-link-mistake").await;
    let lead = json!({ "LastName": "Sato", "Company": "Tea House" });
    let lead = site.world.seed("Lead", lead).await;
    browser.fill(By::Label("Record"), &lead).await;
    browser.click(By::Label("Lead")).await;
    browser.click(By::Text("Link to this record")).await;
    browser.wait_for_text("The person is linked.").await;
    stand(&site, "written", 1).await;
    browser.reload().await;
    browser.wait_for_text("Written as Task").await;
    browser.picture("delivery-written").await;
    browser.click(By::Text("Receipt")).await;
    browser.wait_for_text("Kept safe").await;
    browser.picture("receipt").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_endpoint_shows_its_first_webhook_while_its_page_stands_open() {
    let site = Site::unconnected().await;
    let browser = site.browser_of(Role::Admin).await;
    browser.open("/channels/new").await;
    browser.picture("channel-new").await;
    browser.fill(By::Label("Name"), "Shop Osaka").await;
    browser.fill(By::Label("App secret"), "s3cret-of-the-app").await;
    browser.click(By::Text("Add it")).await;
    browser.wait_for_text("Waiting for the first webhook").await;
    browser.picture("channel-waiting").await;
    let url = browser.value_of(By::Label("Callback URL")).await;
    let key = url.rsplit('/').next().unwrap().to_owned();
    let mut sender = site.world.sender.clone();
    sender.secret = "s3cret-of-the-app".into();
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    let at = site.world.app.now() / 1_000_000;
    let body = sender.wrap(vec![sender.text(&customer, "wamid.1", at, "Hello")]);
    let headers = vec![("x-hub-signature-256".to_owned(), sender.sign(&body))];
    let request = causeway_core::channels::RawRequest { headers, body };
    causeway::intake::receive(&site.world.app, "whatsapp", &key, request).await;
    browser.wait_for_text("Last request received").await;
    browser.wait_for_text("+81312345678").await;
    browser.picture("channel").await;
    browser.click(By::Text("Recent requests")).await;
    browser.wait_for_text("read: 1 event").await;
    browser.picture("requests").await;
    let requests = site.api(Role::Admin, "GET", &format!("sources/{key}/requests"), &Value::Null).await;
    browser
        .open(&format!("/channels/{key}/requests/{}", requests["requests"][0]["id"].as_str().unwrap()))
        .await;
    browser.picture("request").await;
    browser.open("/channels").await;
    browser.picture("channels").await;
    browser.open(&format!("/channels/{key}/remove")).await;
    browser.picture("channel-remove").await;
    browser.end().await;
}
