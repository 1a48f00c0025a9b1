//! A lead that becomes a contact: what is said from then on stands on the contact, where its notes went too.

use std::time::Duration;

use causeway_core::{
    lane::HoldReason,
    plan::settings::{ChatSync, Create, Shape},
    record::Module,
};
use serde_json::{Value, json};

use super::{super::ability::hanako, entry, with};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World, crm::ZOHO},
};

on_both_engines!(
    a_lead_that_was_converted_is_followed_to_its_contact,
    leads_alone_are_followed_too_and_the_days_note_goes_on_where_it_went,
    a_change_of_a_converted_lead_is_made_on_its_contact,
    what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became,
    a_lead_whose_contact_cannot_be_seen_waits_for_an_administrator,
);

fn leads_too(settings: &mut ChatSync) {
    (settings.module, settings.create) = (None, Create::Lead);
}

/// The lead that a stranger became.
async fn lead(world: &World) -> String {
    let leads = world.records("Leads").await;
    assert_eq!(leads.len(), 1, "{leads:#?}");
    leads[0]["id"].as_str().unwrap().to_owned()
}

/// Somebody converts a lead in the browser: the contact that it becomes.
async fn convert(world: &World, lead: &str) -> String {
    world.sim("POST", "convert", json!({"lead": lead})).await;
    let contacts = world.records("Contacts").await;
    assert_eq!(contacts.len(), 1, "{contacts:#?}");
    contacts[0]["id"].as_str().unwrap().to_owned()
}

async fn nobody_else(world: &World) {
    assert_eq!((world.records("Leads").await.len(), world.records("Contacts").await.len()), (1, 1));
}

/// R2.22, R4.50
async fn a_lead_that_was_converted_is_followed_to_its_contact(place: Place) {
    let world = with(place, leads_too).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let lead = lead(&world).await;
    let contact = convert(&world, &lead).await;
    world.after(Duration::from_hours(24)).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    let on: Vec<String> = world.entries().await.into_iter().map(|note| note.on).collect();
    assert_eq!(on, [contact.clone(), contact], "the first went with the lead");
    let rules = world.trace_of("wamid.2").await.rules.join("; ");
    assert!(rules.contains("was converted to contact"), "{rules}");
    nobody_else(&world).await;
}

/// R2.22, R4.49
async fn leads_alone_are_followed_too_and_the_days_note_goes_on_where_it_went(place: Place) {
    let world = with(place, |settings| settings.module = Some(Module::Lead)).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let contact = convert(&world, &lead(&world).await).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    let note = entry(&world).await;
    assert_eq!(note.on, contact);
    assert!(note.body.contains("one") && note.body.contains("two"), "{}", note.body);
    nobody_else(&world).await;
}

/// R4.37: the name changed after the lead was converted.
async fn a_change_of_a_converted_lead_is_made_on_its_contact(place: Place) {
    let world = with(place, leads_too).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let contact = convert(&world, &lead(&world).await).await;
    world.after(Duration::from_hours(24)).await;
    let mut renamed = hanako();
    renamed.name = Some("Sato-Meyer Hanako".into());
    world.hear(&renamed, "wamid.2", "two").await;
    world.rest(Duration::from_secs(30), Duration::from_mins(2)).await;
    assert_eq!(entries_on(&world, &contact).await, 2);
    nobody_else(&world).await;
}

async fn entries_on(world: &World, record: &str) -> usize {
    world.entries().await.iter().filter(|note| note.on == record).count()
}

async fn what_nobody_heard_of_is_found_on_the_contact_that_a_lead_became(place: Place) {
    let world = with(place, |settings| {
        leads_too(settings);
        settings.shape = Shape::PerMessage;
    })
    .await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let lead = lead(&world).await;
    let lost = json!({"kind": "commit_then_cut", "path": "/Notes", "method": "POST", "times": 1});
    world.sim("POST", "faults", lost).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    assert_eq!(world.sim("GET", "counters", Value::Null).await["cuts"], 1);
    let contact = convert(&world, &lead).await;
    world.rest(Duration::from_mins(1), Duration::from_mins(30)).await;
    assert_eq!(world.texts().await, ["one", "two"]);
    assert_eq!(entries_on(&world, &contact).await, 2);
}

/// R2.22
async fn a_lead_whose_contact_cannot_be_seen_waits_for_an_administrator(place: Place) {
    let mut settings = ZOHO.usual();
    leads_too(&mut settings);
    let mut world = World::unconnected(place, Setting { settings, ..Setting::zoho() }).await;
    let hidden = json!({"user": "*", "hidden_fields": ["Leads.Converted_Contact"]});
    world.sim("POST", "permissions", hidden).await;
    world.connect().await.unwrap();
    let mut settings = ZOHO.usual();
    leads_too(&mut settings);
    world.integrate(settings).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    convert(&world, &lead(&world).await).await;
    world.after(Duration::from_hours(24)).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    let delivery = world.delivery("wamid.2").await;
    let hold = world.person_of("wamid.2").await.hold.unwrap();
    assert_eq!(hold.0, HoldReason::NoPermission, "{delivery:?}");
    assert!(hold.2.contains("the contact that it became cannot be seen"), "{hold:?}");
    assert_eq!(world.entries().await.len(), 1, "nothing is written on the lead");
    nobody_else(&world).await;
}
