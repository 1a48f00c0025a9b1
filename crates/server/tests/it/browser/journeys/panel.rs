//! The panel beside a conversation and on a contact's page, against the running org.

use causeway::id;
use causeway_core::{address::Address, rights::Role};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::{
    browser::{
        browser::{Browser, By},
        site::Site,
    },
    world::START,
};

/// A minute passes in the page, as far as its scripts can tell.
const MINUTE: &str = "const before = Date.now; Date.now = () => before() + 61_000;";

/// The page is put behind another one, or before it.
const HIDE: &str = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => arguments[0] }); \
                    document.dispatchEvent(new Event('visibilitychange'));";

/// Counts what the page's scripts ask for.
const COUNT: &str = "const asked = window.fetch; window.askedFor = 0; \
                     window.fetch = (...all) => { window.askedFor += 1; return asked(...all); };";

async fn connected() -> Site {
    let mut site = Site::unconnected().await;
    site.world.connect().await.unwrap();
    site
}

/// A contact, and the address of their page.
async fn hana(site: &Site) -> String {
    let phone = Address::phone_from_international("819012345678").unwrap();
    let email = Address::email("hana.sato@example.jp").unwrap();
    format!("/contacts/{}", id::contact(site.world.contact("Hana Sato", vec![phone, email]).await))
}

/// Who Hana is in the org.
fn sato() -> Value {
    json!({
        "FirstName": "Hana",
        "LastName": "Sato",
        "Title": "Head of purchasing",
        "MobilePhone": "090-1234-5678",
        "LeadSource": "Trade show",
    })
}

async fn agent_at(site: &Site, path: &str) -> Browser {
    let browser = site.browser_of(Role::Agent).await;
    browser.open(path).await;
    browser
}

/// R1.3, R1.14, R1.16, R1.22
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_panel_appears_by_itself_beside_the_conversation() {
    let site = connected().await;
    site.world.seed("Contact", sato()).await;
    let customer = Customer::with_number("819012345678", "Hana Sato");
    site.world.post(vec![site.world.sender.text(&customer, "wamid.1", START, "Is it still there?")]).await;
    let browser = agent_at(&site, "/inbox").await;
    browser.wait_for_text("Is it still there?").await;
    let listed = site.api(Role::Agent, "GET", "conversations", &Value::Null).await;
    let conversation = listed["conversations"][0]["id"].as_str().unwrap();
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("View in Salesforce").await;
    browser.wait_for_text("090-1234-5678").await;
    browser.picture("inbox-panel").await;
    browser.click(By::Text("Pin a record")).await;
    browser.fill(By::Label("Record"), "0065g00000AAAAA").await;
    browser.fill(By::Label("Name"), "New warehouse").await;
    browser.press("Enter").await;
    browser.wait_for(By::Text("New warehouse")).await;
    browser.picture("inbox-panel-pinned").await;
    browser.end().await;
}

/// R1.15, R1.38, R1.39
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_several_is_chosen_and_the_choice_is_remembered() {
    let site = connected().await;
    site.world.seed("Contact", sato()).await;
    site.world.seed("Contact", json!({"LastName": "Sato KK front desk", "Phone": "+81 90 1234 5678"})).await;
    let contact = hana(&site).await;
    let browser = agent_at(&site, &contact).await;
    browser.wait_for_text("2 records match").await;
    browser.picture("contact-several").await;
    browser.click(By::Text("This is the person Hana Sato")).await;
    browser.wait_for_text("Trade show").await;
    browser.reload().await;
    browser.wait_for(By::Css("#panel-why")).await;
    browser.click(By::Css("#panel-why summary")).await;
    browser.wait_for_text("This person is linked to it.").await;
    browser.picture("contact-linked").await;
    browser.end().await;
}

/// R1.18, R1.30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_found_is_linked_by_the_keyboard() {
    let site = connected().await;
    let lead = site
        .world
        .seed("Lead", json!({"LastName": "Sato", "Company": "Sato KK", "Phone": "0312345678"}))
        .await;
    site.world
        .seed("Contact", json!({"FirstName": "Hana", "LastName": "Sato", "Phone": "+1 212 555 0100"}))
        .await;
    let contact = hana(&site).await;
    let browser = agent_at(&site, &contact).await;
    browser.wait_for_text("Nobody in Salesforce matches").await;
    browser.picture("contact-nobody").await;
    browser.fill(By::Label("Link a record yourself"), "no record").await;
    browser.press("Enter").await;
    browser.wait_for_text("neither the id nor the address").await;
    assert_eq!(browser.value_of(By::Label("Link a record yourself")).await, "no record");
    browser.picture("contact-nobody-refused").await;
    browser.fill(By::Label("Link a record yourself"), &format!("{}/{lead}", site.org_url)).await;
    browser.press("Enter").await;
    browser.wait_for_text("Sato KK").await;
    browser.end().await;
}

/// R1.27, R1.28
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visible_panel_reads_again_when_its_data_are_old() {
    let site = connected().await;
    let record = site.world.seed("Contact", sato()).await;
    let contact = hana(&site).await;
    let browser = agent_at(&site, &contact).await;
    browser.wait_for_text("Trade show").await;
    site.world.edit("Contact", &record, json!({"LeadSource": "Word of mouth"})).await;
    // The refresh button asks at once; so does its key.
    browser.press("r").await;
    browser.wait_for_text("Word of mouth").await;
    site.world.edit("Contact", &record, json!({"LeadSource": "Partner referral"})).await;
    // Hidden, an old panel is left alone.
    browser.run(COUNT, vec![]).await;
    browser.run(HIDE, vec![json!(true)]).await;
    site.advance(std::time::Duration::from_secs(61));
    browser.run(MINUTE, vec![]).await;
    browser.run(HIDE, vec![json!(true)]).await;
    assert_eq!(browser.run("return window.askedFor", vec![]).await, 0);
    // Seen again, it is read at once.
    browser.run(HIDE, vec![json!(false)]).await;
    browser.wait_for_text("Partner referral").await;
    assert_eq!(browser.run("return window.askedFor", vec![]).await, 1);
    // Seen all the while, it is read when it is a minute old.
    site.world.edit("Contact", &record, json!({"LeadSource": "Newsletter"})).await;
    site.advance(std::time::Duration::from_secs(61));
    browser.run(MINUTE, vec![]).await;
    browser.wait_for_text("Newsletter").await;
    browser.end().await;
}

/// R1.31, R1.38
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_trouble_has_a_picture_of_its_own() {
    let site = connected().await;
    site.world.seed("Contact", sato()).await;
    let contact = hana(&site).await;
    let browser = agent_at(&site, &contact).await;
    browser.wait_for_text("Trade show").await;
    browser.picture("contact-matched").await;
    site.world.sim("POST", "usage", json!({"used": 100_000})).await;
    site.advance(std::time::Duration::from_mins(5));
    browser.reload().await;
    browser.wait_for_text("This is what was last read.").await;
    browser.picture("contact-stale").await;
    site.world.sim("POST", "usage", json!({"used": 1})).await;
    site.world.sim("POST", "options", json!({"api_enabled": false})).await;
    site.advance(std::time::Duration::from_mins(2));
    browser.press("r").await;
    browser.wait_for_text("organisation has no API access").await;
    browser.picture("contact-no-access").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_connection_the_place_says_what_it_is_for() {
    let site = Site::unconnected().await;
    let contact = hana(&site).await;
    let browser = site.browser_of(Role::Manager).await;
    browser.open(&contact).await;
    browser.wait_for_text("No CRM is connected").await;
    browser.picture("contact-not-connected").await;
    browser.end().await;
}

/// R1.16
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_no_answer_comes_the_place_says_so_and_tries_again() {
    let site = connected().await;
    site.world.seed("Contact", sato()).await;
    let contact = hana(&site).await;
    let browser = site.browser_of(Role::Agent).await;
    let blocked = json!({ "urls": ["*/panel*"] });
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", blocked).await;
    browser.open(&contact).await;
    browser.wait_for_text("No answer yet").await;
    browser.picture("contact-no-answer").await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    browser.click(By::Text("Try again")).await;
    browser.wait_for_text("Trade show").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_a_link_leads_to_the_panel_and_its_forms_work() {
    let site = connected().await;
    site.world.seed("Contact", sato()).await;
    site.world.seed("Contact", json!({"LastName": "Ito", "Phone": "+81 90 1234 5678"})).await;
    let contact = hana(&site).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.without_scripts().await;
    browser.open(&contact).await;
    browser.click(By::Text("Show what the CRM knows")).await;
    browser.wait_for_text("2 records match").await;
    browser.picture("panel-alone").await;
    browser.click(By::Text("This is the person Hana Sato")).await;
    browser.wait_for_text("The person is linked.").await;
    browser.click(By::Text("Unlink")).await;
    browser.wait_for_text("End the link?").await;
    browser.picture("unlink-question").await;
    browser.click(By::Text("End the link")).await;
    browser.wait_for_text("The link was ended.").await;
    browser.end().await;
}
