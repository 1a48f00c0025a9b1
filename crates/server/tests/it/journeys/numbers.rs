//! By which numbers a person is found: every phone field, every spelling, and never by trailing digits.

use causeway::store::contact;
use causeway_core::{address::Address, lane::HoldReason};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    every_phone_field_of_contacts_and_leads_is_searched,
    every_usual_spelling_of_a_number_is_found,
    a_brazilian_number_is_found_with_and_without_its_ninth_digit,
    an_argentine_mobile_is_found_with_and_without_its_nine,
    a_mexican_number_is_found_with_and_without_its_one,
    trailing_digits_alone_never_link,
    several_records_that_match_only_by_a_variant_are_left_to_a_person,
    a_new_record_gets_the_number_in_international_form,
    a_repeated_or_late_message_renames_nobody,
);

/// R2.10, R2.56
async fn every_phone_field_of_contacts_and_leads_is_searched(place: Place) {
    let world = World::new(place).await;
    let fields = [
        ("Contact", "Phone"),
        ("Contact", "MobilePhone"),
        ("Contact", "HomePhone"),
        ("Contact", "OtherPhone"),
        ("Contact", "AssistantPhone"),
        ("Lead", "Phone"),
        ("Lead", "MobilePhone"),
    ];
    let mut expected = Vec::new();
    for (place, (object, field)) in fields.iter().enumerate() {
        let mut record = json!({"LastName": "Sato", *field: format!("090-1234-560{place}")});
        if *object == "Lead" {
            record["Company"] = json!("Acme");
        }
        expected.push(world.seed(object, record).await);
        let customer = Customer::with_number(&format!("8190123456{place:02}"), "Sato Hanako");
        world.hear(&customer, &format!("wamid.{place}"), "hello").await;
    }
    assert_eq!(world.whos().await, expected);
}

/// Each pair is a person: the number that WhatsApp tells, and how somebody typed it.
async fn all_found(world: &World, pairs: &[(&str, &str)], country: Option<&str>) {
    let mut expected = Vec::new();
    for (place, (number, typed)) in pairs.iter().enumerate() {
        let mut record = json!({"LastName": "Silva", "Phone": typed});
        if let Some(country) = country {
            record["MailingCountry"] = json!(country);
        }
        expected.push(world.seed("Contact", record).await);
        let customer = Customer::with_number(number, "Somebody");
        world.hear(&customer, &format!("wamid.{place}"), "hello").await;
    }
    assert_eq!(world.whos().await, expected, "{pairs:?}");
    assert!(world.records("Lead").await.is_empty());
}

/// R2.10
async fn every_usual_spelling_of_a_number_is_found(place: Place) {
    let world = World::new(place).await;
    let pairs = [
        ("819012345601", "(090) 1234-5601"),
        ("819012345602", "+81 90 1234 5602"),
        ("819012345603", "09012345603"),
        ("819012345604", "+81-90-1234-5604"),
        ("819012345605", "0081 90 1234 5605"),
        ("819012345606", "090.1234.5606"),
        ("819012345607", "+819012345607"),
        ("819012345608", "819012345608"),
        ("819012345609", "+81 (0)90 1234 5609"),
    ];
    all_found(&world, &pairs, None).await;
}

/// R2.10, R2.56
async fn a_brazilian_number_is_found_with_and_without_its_ninth_digit(place: Place) {
    let world = World::new(place).await;
    let pairs = [("551187654321", "+55 11 98765-4321"), ("5511987654322", "+55 11 8765-4322")];
    all_found(&world, &pairs, None).await;
}

/// R2.10, R2.56
async fn an_argentine_mobile_is_found_with_and_without_its_nine(place: Place) {
    let world = World::new(place).await;
    let pairs = [
        ("5491123456781", "+54 9 11 2345-6781"),
        ("5491123456782", "+54 11 2345-6782"),
        ("541123456783", "+54 9 11 2345-6783"),
        ("5491123456784", "011 15 2345-6784"),
    ];
    all_found(&world, &pairs, Some("AR")).await;
}

/// R2.10, R2.56
async fn a_mexican_number_is_found_with_and_without_its_one(place: Place) {
    let world = World::new(place).await;
    let pairs = [
        ("5215512345671", "+52 55 1234 5671"),
        ("525512345672", "+52 1 55 1234 5672"),
        ("5215512345673", "044 55 1234 5673"),
    ];
    all_found(&world, &pairs, Some("MX")).await;
}

/// R2.56
async fn trailing_digits_alone_never_link(place: Place) {
    let world = World::new(place).await;
    for phone in ["234-5678", "1234-5678", "+81 80 1234 5678", "+1 415 234 5678", "5678"] {
        world.seed("Contact", json!({"LastName": "Suzuki", "Phone": phone})).await;
    }
    world.hear(&hanako(), "wamid.1", "hello").await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1, "a new one");
    assert_eq!(world.whos().await, [leads[0]["Id"].as_str().unwrap()]);
}

/// R2.56
async fn several_records_that_match_only_by_a_variant_are_left_to_a_person(place: Place) {
    let world = World::new(place).await;
    for _ in 0..2 {
        world.seed("Contact", json!({"LastName": "Gomez", "Phone": "+54 11 2345-6789"})).await;
    }
    let customer = Customer::with_number("5491123456789", "Gomez");
    world.hear(&customer, "wamid.1", "hola").await;
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::SeveralCandidates);
    assert!(world.records("Task").await.is_empty());
    assert_eq!(world.trace_of("wamid.1").await.candidates.len(), 2, "both are shown");
}

/// R2.10
async fn a_new_record_gets_the_number_in_international_form(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.records("Lead").await[0]["Phone"], "+819012345678");
}

async fn a_repeated_or_late_message_renames_nobody(place: Place) {
    let world = World::new(place).await;
    let at = world.app.now() / 1_000_000;
    let told = [
        ("Ana", "wamid.1", at, "Ana"),
        ("Ana Maria", "wamid.2", at + 5, "Ana Maria"),
        ("Ana", "wamid.1", at, "Ana Maria"),
        ("Anna", "wamid.0", at - 5, "Ana Maria"),
        ("Maria", "wamid.3", at + 9, "Maria"),
    ];
    for (name, id, at, stands) in told {
        let customer = Customer::with_number("819012345678", name);
        world.post(vec![world.sender.text(&customer, id, at, "hello")]).await;
        world.settle().await;
        let workspace_id = world.workspace_id;
        let named = world.app.db.read(move |tx| {
            Box::pin(async move {
                let number = [Address::phone_from_international("819012345678").unwrap()];
                let found = contact::acquaintances(tx, workspace_id, &number).await?;
                contact::find(tx, workspace_id, found[0].contact_id).await
            })
        });
        assert_eq!(named.await.unwrap().unwrap().name.as_deref(), Some(stands), "{id}");
    }
}
