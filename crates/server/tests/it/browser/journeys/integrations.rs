//! Connecting from the catalogue, setting up a chat sync, and disconnecting again.

use causeway::store::connection;
use causeway_core::{
    record::{Destination, EntryKind, Module},
    rights::Role,
};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::{
    browser::{
        browser::{Browser, By},
        site::Site,
    },
    world::START,
};

/// Chooses the simulated org as an own login.
async fn choose_login(site: &Site, browser: &Browser) {
    browser.open("/integrations").await;
    browser.wait_for_text("Nothing is connected yet").await;
    browser.picture("integrations-empty").await;
    browser.click(By::Text("Connect Salesforce")).await;
    browser.wait_for_text("What Salesforce will ask you").await;
    browser.picture("connect").await;
    browser.click(By::Label("My Domain")).await;
    browser.fill(By::Label("Host of the login"), &site.world.org_host).await;
}

/// Logs in to the org and allows access.
async fn consent(browser: &Browser) {
    browser.wait_for_text("Log in to continue to").await;
    browser.fill(By::Label("Username"), "maya.lindqvist@acme.example").await;
    browser.fill(By::Label("Password"), "sim").await;
    browser.click(By::Text("Log in")).await;
    browser.wait_for_text("Allow access?").await;
    browser.click(By::Text("Allow")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connecting_opens_a_tab_that_closes_itself_and_the_page_says_what_was_connected() {
    let site = Site::unconnected().await;
    let browser = site.browser_of(Role::Admin).await;
    choose_login(&site, &browser).await;
    browser.click(By::Text("Continue to Salesforce")).await;
    browser.wait_for_windows(2).await;
    browser.wait_for_text("Waiting for you to finish in the other tab").await;
    browser.picture("connect-waiting").await;
    browser.turn_to_window(1).await;
    consent(&browser).await;
    browser.wait_for_windows(1).await;
    browser.turn_to_window(0).await;
    browser.wait_for_text("as Maya Lindqvist (production").await;
    browser.picture("connection").await;
    browser.open("/integrations").await;
    browser.wait_for_text("Maya Lindqvist").await;
    browser.picture("integrations").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_a_link_leads_to_the_crm() {
    let site = Site::unconnected().await;
    let browser = site.browser_of(Role::Manager).await;
    browser.without_scripts().await;
    choose_login(&site, &browser).await;
    browser.click(By::Text("Continue to Salesforce")).await;
    browser.wait_for_text("Sign in at Salesforce and allow access").await;
    browser.picture("connect-open").await;
    browser.click(By::Text("Open Salesforce")).await;
    browser.wait_for_windows(2).await;
    browser.turn_to_window(1).await;
    consent(&browser).await;
    browser.wait_for_text("Causeway can now work with your CRM.").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_sync_is_drafted_explained_tried_and_activated() {
    let mut site = Site::unconnected().await;
    site.world.connect().await.unwrap();
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    site.world.post(vec![site.world.sender.text(&customer, "wamid.0", START, "before")]).await;
    let browser = site.browser_of(Role::Admin).await;
    browser
        .open(&format!("/integrations/connection/{}", causeway::id::connection(site.world.connection_id)))
        .await;
    browser.click(By::Text("Set up a chat sync")).await;
    browser.wait_for_text("These are the usual settings").await;
    browser.picture("chat-sync-new").await;
    // What one changes is kept and said at once.
    browser.click(By::Label("One entry a day")).await;
    browser.wait_for_text("become one task, written with the first message").await;
    browser.fill(By::Label("Name of people without one"), "Caller {who}").await;
    browser.wait_for_text("One setting cannot be as it is").await;
    browser.press("Tab").await;
    browser.wait_for_text("Only `{phone}` and `{channel}` are filled in").await;
    browser.picture("chat-sync-wrong").await;
    browser.fill(By::Label("Name of people without one"), "Caller {phone}").await;
    browser.wait_for_text("or else “Caller +1 415 555 0123”").await;
    browser.click(By::Text("Make a test record")).await;
    browser.wait_for_text("and removed again").await;
    browser.click(By::Text("Activate")).await;
    browser.wait_for_text("Messages are synced from now on").await;
    site.world.post(vec![site.world.sender.text(&customer, "wamid.1", START, "after")]).await;
    let task = site.records("Task", 1).await.remove(0);
    assert!(task["Description"].as_str().unwrap().contains("after"), "{task}");
    browser.end().await;
}

/// Describes the org as CRMs do that let one choose where conversations go, and take notes too.
async fn with_destinations(site: &Site) {
    let id = site.world.connection_id;
    let found = site.world.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap();
    let found = found.unwrap();
    let (revision, mut org) = (found.token_revision, found.profile.unwrap());
    let partners = Module::other("Partners").unwrap();
    let mut partner = org.module(Module::Contact);
    partner.fields.retain(|field| field.name != "MobilePhone");
    org.modules.insert(partners, partner);
    org.entries.insert(EntryKind::Note, org.entries[&EntryKind::Task].clone());
    let destination = |module, label: &str, refusal: Option<&str>| Destination {
        module,
        label: label.into(),
        refusal: refusal.map(str::to_owned),
    };
    org.destinations = vec![
        destination(Module::Contact, "Contacts", None),
        destination(partners, "Partners", None),
        destination(Module::other("Deals").unwrap(), "Deals", Some("It has no phone field.")),
    ];
    let now = site.world.app.now();
    let put =
        site.world.app.db.write(move |tx| {
            Box::pin(async move { connection::put_profile(tx, id, revision, &org, now).await })
        });
    assert!(put.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_conversations_go_and_into_which_fields_is_chosen() {
    let mut site = Site::unconnected().await;
    site.world.connect().await.unwrap();
    with_destinations(&site).await;
    let browser = site.browser_of(Role::Admin).await;
    browser
        .open(&format!("/integrations/connection/{}", causeway::id::connection(site.world.connection_id)))
        .await;
    browser.click(By::Text("Set up a chat sync")).await;
    browser.wait_for_text("Nothing is written to the CRM before").await;
    browser.click(By::Label("Contacts")).await;
    browser.wait_for_text("A person is looked for in Contacts").await;
    browser.click(By::Label("Notes")).await;
    browser.click(By::Label("One entry a day")).await;
    browser.wait_for_text("become one note").await;
    browser.fill(By::Label("First line"), "{channel} chat with {name} ({DD/MM/YYYY})").await;
    browser.wait_for_text("It reads: WhatsApp chat with Maria Costa (31/01/2026)").await;
    browser.choose(By::Label("Field for the number"), "Mobile Phone (MobilePhone)").await;
    browser.wait_for_text("The number goes into Mobile Phone").await;
    browser.click(By::Label("Follow a changed profile name")).await;
    browser.wait_for_text("The name on the record stays").await;
    browser.fill(By::Label("Lead source"), "Causeway").await;
    browser.wait_for_text("It is written all the same").await;
    browser.picture("chat-sync-destination").await;
    // Another destination: what it lacks stays, and is marked.
    browser.click(By::Label("Partners")).await;
    browser.wait_for_text("Before it can be activated, look at:").await;
    browser.wait_for_text("here is no field `MobilePhone` on Partners").await;
    browser.picture("chat-sync-marked").await;
    browser.click(By::Label("Contacts")).await;
    browser.wait_for_text("A test record is made in the CRM").await;
    browser.click(By::Label("Tasks")).await;
    browser.wait_for_text("become one task").await;
    browser.click(By::Text("Activate integration")).await;
    browser.wait_for_text("Messages are synced from now on").await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    site.world.post(vec![site.world.sender.text(&customer, "wamid.1", START, "after")]).await;
    let contact = site.records("Contact", 1).await.remove(0);
    assert_eq!(
        (&contact["MobilePhone"], &contact["LeadSource"]),
        (&json!("+819012345678"), &json!("Causeway"))
    );
    let task = site.records("Task", 1).await.remove(0);
    let subject = task["Subject"].as_str().unwrap();
    assert!(subject.starts_with("WhatsApp chat with Sato Hanako ("), "{subject}");
    browser.picture("chat-sync-active").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_there_when_one_comes_back_and_two_see_each_other() {
    let site = Site::new().await;
    let page = format!("/integrations/chat-sync/{}", causeway::id::integration(site.world.integration_id));
    let browser = site.browser_of(Role::Admin).await;
    browser.open(&page).await;
    browser.fill(By::Label("Company of new leads"), "Walk-in").await;
    // Left before the pause is over: nothing is lost.
    browser.open("/integrations").await;
    let other = site.browser_of(Role::Owner).await;
    other.open("/integrations").await;
    other.wait_for_text("Changes in draft").await;
    other.open(&page).await;
    other.wait_for_text("Draft, begun by Adam Reyes").await;
    assert_eq!(other.value_of(By::Label("Company of new leads")).await, "Walk-in");
    let wish = json!({ "revision": 1, "settings": { "name_template": "Chat {phone}" } });
    let path = format!("integrations/{}", causeway::id::integration(site.world.integration_id));
    site.api(Role::Owner, "PATCH", &path, &wish).await;
    browser.open(&page).await;
    browser.wait_for_text("Somebody else changed this meanwhile").await;
    browser.picture("chat-sync-conflict").await;
    browser.click(By::Text("Keep my changes on top")).await;
    browser.wait_for_text("Your changes stand on top").await;
    browser.click(By::Text("Apply changes")).await;
    browser.wait_for_text("It holds from now on").await;
    browser.picture("chat-sync").await;
    browser.click(By::Text("Versions")).await;
    browser.wait_for_text("Version 3").await;
    browser.picture("chat-sync-versions").await;
    browser.end().await;
    other.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_of_the_panel_are_chosen() {
    let site = Site::new().await;
    let browser = site.browser_of(Role::Manager).await;
    browser
        .open(&format!("/integrations/panel/{}", causeway::id::connection(site.world.connection_id)))
        .await;
    browser.wait_for_text("How people are found").await;
    browser.picture("panel-settings").await;
    browser.choose(By::Label("Field to add"), "Title").await;
    browser.click(By::Text("Add")).await;
    browser.wait_for_text("Open panels show it").await;
    assert_eq!(browser.count("input[value='contact:Title']").await, 1);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disconnect_is_asked_about_first() {
    let site = Site::new().await;
    let browser = site.browser_of(Role::Owner).await;
    browser.open("/integrations").await;
    browser.click(By::Text("Manage")).await;
    browser.click(By::Text("Disconnect")).await;
    browser.wait_for_text("This stays").await;
    browser.picture("disconnect").await;
    browser.click(By::Text("Disconnect")).await;
    browser.wait_for_text("Salesforce confirmed that the access has ended").await;
    browser.picture("connection-disconnected").await;
    let listed = site.api(Role::Agent, "GET", "connections", &Value::Null).await;
    assert_eq!(listed["connections"][0]["state"], "disconnected");
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_calls_of_an_org_are_seen_to_run_short_and_their_share_is_chosen() {
    let mut site = Site::unconnected().await;
    site.world.connect().await.unwrap();
    let page = format!("/integrations/connection/{}", causeway::id::connection(site.world.connection_id));
    let browser = site.browser_of(Role::Admin).await;
    browser.open(&page).await;
    browser.wait_for_text("are enough readings").await;
    browser.picture("calls-fresh").await;
    browser.fill(By::Label("At most, for messages"), "120").await;
    browser.click(By::Text("Save")).await;
    browser.wait_for_text("A whole number from 0 to 100").await;
    browser.picture("calls-wrong").await;
    browser.fill(By::Label("At most, for messages"), "30").await;
    browser.click(By::Text("Save")).await;
    browser.wait_for_text("It holds from now on").await;
    // Others have used the org up; nobody can write, and the page says so by itself.
    site.world.integrate(causeway_core::plan::settings::ChatSync::default()).await;
    site.world.sim("POST", "usage", json!({"used": 89_995})).await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    for number in 0..12 {
        let id = format!("wamid.{number}");
        site.world.post(vec![site.world.sender.text(&customer, &id, START + number, "Hello")]).await;
    }
    browser.wait_for_text("Waiting for calls").await;
    browser.picture("calls-stopped").await;
    browser.end().await;
}
