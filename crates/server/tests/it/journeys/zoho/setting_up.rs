//! A chat sync is set up through the pages: what the org lacks is made there, and conversations are written with it.

use causeway::store::connection;
use causeway_core::record::{FieldProfile, Module};
use http::StatusCode;
use serde_json::json;

use super::super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    web::Site,
    world::{Setting, World},
};

on_both_engines!(
    activating_adds_the_lead_source_and_a_field_for_the_link_and_writes_with_them,
    without_the_right_to_customise_the_lead_source_is_written_all_the_same,
    a_lead_source_that_is_too_long_is_refused_at_its_field,
);

/// A chat sync that is being set up for a Zoho org: its page.
async fn begun(place: Place) -> (Site, String) {
    let mut site = Site::of(World::unconnected(place, Setting::zoho()).await).await;
    site.world.connect().await.unwrap();
    let begin = format!("/integrations/connection/{}/chat-sync", site.connection());
    let page = site.form("admin", &begin, "").await.header("location").to_owned();
    (site, page)
}

/// A field of contacts, as the org has described it last.
async fn field(site: &Site, chosen: impl Fn(&FieldProfile) -> bool) -> Option<FieldProfile> {
    let id = site.world.connection_id;
    let found = site.world.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap();
    let contacts = found.unwrap().profile.unwrap().module(Module::Contact);
    contacts.fields.into_iter().find(chosen)
}

async fn choices(site: &Site) -> Vec<String> {
    field(site, |field| field.name == "Lead_Source").await.unwrap().choices
}

/// R4.17, R4.19, R4.20, R4.23, R4.39
async fn activating_adds_the_lead_source_and_a_field_for_the_link_and_writes_with_them(place: Place) {
    let (site, page) = begun(place).await;
    assert!(!choices(&site).await.contains(&"Causeway".to_owned()));
    let made = site.form("admin", &format!("{page}/link-field"), "base=1").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let link = field(&site, |field| field.label == "Chat link").await.expect("a field for the link");
    let wish = format!("base=1&link_field={}", link.name);
    let done = site.form("admin", &format!("{page}/apply"), &wish).await;
    assert_eq!(done.header("location"), format!("{page}?done=activated"), "{}", done.text());
    assert!(choices(&site).await.contains(&"Causeway".to_owned()), "people can choose and filter by it");
    assert!(site.world.people().await.is_empty(), "the test contact is gone");
    assert_eq!(site.world.curtain().all_records("Contacts").await.len(), 1, "and was made");
    site.world.hear(&hanako(), "wamid.1", "hello").await;
    let contact = site.world.records("Contacts").await.remove(0);
    assert_eq!(contact["Lead_Source"], "Causeway");
    let address = contact[&link.name].as_str().unwrap_or_default();
    assert!(address.starts_with("http://causeway.test/inbox/cnv_"), "{contact:#}");
    // Activated again, nothing is added a second time.
    site.form("admin", &format!("{page}/pause"), "").await;
    let wish = wish.replace("base=1", "base=2") + "&name_template=Caller+%7Bphone%7D";
    let again = site.form("admin", &format!("{page}/apply"), &wish).await;
    assert!(again.header("location").starts_with(&page), "{}", again.text());
    assert_eq!(choices(&site).await.iter().filter(|choice| *choice == "Causeway").count(), 1);
}

/// R4.19, R4.24
async fn without_the_right_to_customise_the_lead_source_is_written_all_the_same(place: Place) {
    let (site, page) = begun(place).await;
    site.world.sim("POST", "permissions", json!({"user": "*", "no_customize": true})).await;
    let refused = site.form("admin", &format!("{page}/link-field"), "base=1").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("The field could not be made."), "{}", refused.text());
    let done = site.form("admin", &format!("{page}/apply"), "base=1").await;
    assert!(done.header("location").starts_with(&format!("{page}?done=activated")), "{}", done.text());
    assert!(!choices(&site).await.contains(&"Causeway".to_owned()));
    site.world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(site.world.records("Contacts").await[0]["Lead_Source"], "Causeway");
}

/// R4.19
async fn a_lead_source_that_is_too_long_is_refused_at_its_field(place: Place) {
    let (site, page) = begun(place).await;
    let wish = format!("base=1&lead_source={}", "x".repeat(121));
    let refused = site.form("admin", &format!("{page}/apply"), &wish).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("takes at most 120 characters; this has 121"), "{}", refused.text());
    assert!(site.world.curtain().all_records("Contacts").await.is_empty(), "not even a test contact");
}
