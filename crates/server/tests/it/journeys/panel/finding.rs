//! Which record a panel shows.

use causeway::{holds::LinkWish, panel};
use causeway_core::{
    panel::{
        matching::{How, NearReason, Searched},
        settings::PanelSettings,
        view::View,
    },
    record::Module,
};
use serde_json::json;

use super::{email, number, said, world};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_person_is_found_by_phone_or_by_email_and_shown_at_once,
    a_contact_comes_first_and_a_lead_is_shown_when_there_is_none,
    a_short_number_matches_by_its_digits_and_not_in_literal_mode,
    any_spelling_of_a_number_matches_and_only_the_same_text_in_literal_mode,
    the_email_wins_over_the_phone_and_the_conflict_is_shown,
    several_records_are_offered_and_the_choice_is_remembered,
    nobody_is_told_with_what_was_searched_and_what_comes_near,
    a_near_record_is_linked_by_a_person_only,
    only_the_chosen_phone_fields_are_searched,
    a_converted_lead_leads_to_its_contact,
);

/// R1.16, R1.17, R1.22
async fn a_person_is_found_by_phone_or_by_email_and_shown_at_once(place: Place) {
    let world = world(place).await;
    let by_phone = world.seed("Contact", json!({"LastName": "Sato", "MobilePhone": "090-1234-5678"})).await;
    let by_email = world.seed("Contact", json!({"LastName": "Ito", "Email": "Ito@Example.jp"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let ito = world.contact("Ken", vec![number("819099999999"), email("ito@example.jp")]).await;
    let shown = world.matched(sato).await;
    assert_eq!((shown.record.id.as_str(), shown.name.as_str()), (by_phone.as_str(), "Sato"));
    assert_eq!(shown.url, format!("http://org.test/lightning/r/Contact/{by_phone}/view"));
    assert!(matches!(&shown.how, How::Phone { field, .. } if field == "MobilePhone"), "{:?}", shown.how);
    assert_eq!(said(&shown, "MobilePhone").as_deref(), Some("090-1234-5678"));
    let shown = world.matched(ito).await;
    assert_eq!(shown.record.id, by_email);
    assert_eq!(shown.how, How::Email { address: "Ito@Example.jp".into() });
    assert!(shown.conflict.is_empty());
}

/// R1.24, X2
async fn a_contact_comes_first_and_a_lead_is_shown_when_there_is_none(place: Place) {
    let world = world(place).await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    let lead = world.seed("Lead", lead).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let shown = world.matched(sato).await;
    assert_eq!((shown.record.module, shown.record.id.as_str()), (Module::Lead, lead.as_str()));
    assert_eq!(said(&shown, "Company").as_deref(), Some("Acme"));
    assert_eq!(said(&shown, "OwnerId").as_deref(), Some(&*owner_name(&world, "Lead", &lead).await));
    // The e-mail of a lead does not go before the phone number of a contact.
    let lead = json!({"LastName": "Ito", "Company": "Acme", "Email": "ito@example.jp"});
    world.seed("Lead", lead).await;
    let contact = world.seed("Contact", json!({"LastName": "Ito", "Phone": "+819011112222"})).await;
    let ito = world.contact("Ken", vec![number("819011112222"), email("ito@example.jp")]).await;
    assert_eq!(world.matched(ito).await.record.id, contact);
}

async fn owner_name(world: &crate::world::World, object: &str, id: &str) -> String {
    let owner = world.record(object, id).await["OwnerId"].clone();
    let users = world.records("User").await;
    let user = users.iter().find(|user| user["Id"] == owner).unwrap();
    user["Name"].as_str().unwrap().to_owned()
}

/// R1.19, R1.20, R1.21
async fn a_short_number_matches_by_its_digits_and_not_in_literal_mode(place: Place) {
    let world = world(place).await;
    let contact = world.seed("Contact", json!({"LastName": "Front desk", "Phone": "12 3"})).await;
    world.seed("Contact", json!({"LastName": "Other", "Phone": "1243"})).await;
    world.seed("Contact", json!({"LastName": "Long", "Phone": "+1 212 343 5678"})).await;
    let desk = world.contact("Desk", vec![number("123")]).await;
    let shown = world.matched(desk).await;
    assert_eq!(shown.record.id, contact);
    world.choose(PanelSettings { literal: true, ..PanelSettings::default() }).await;
    let View::NoMatch(nobody) = world.panel(desk).await else { panic!("literally another text") };
    assert_eq!(nobody.searched, [Searched::Phone("123".into())]);
    world.edit("Contact", &contact, json!({"Phone": "123"})).await;
    assert_eq!(super::matched(world.refreshed(desk).await).record.id, contact);
}

/// R1.19
async fn any_spelling_of_a_number_matches_and_only_the_same_text_in_literal_mode(place: Place) {
    let world = world(place).await;
    for (place, stored) in
        ["+81 (0)90-1234-5678", "090 (1234) 5678", "8190 1234 5678"].into_iter().enumerate()
    {
        let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": stored})).await;
        let sato = world.contact("Hana", vec![number("819012345678")]).await;
        assert_eq!(super::matched(world.refreshed(sato).await).record.id, id, "{place}: {stored}");
        world.delete("Contact", &id).await;
    }
    world.choose(PanelSettings { literal: true, ..PanelSettings::default() }).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+81 90 1234 5678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    assert!(matches!(world.panel(sato).await, View::NoMatch(_)));
    world.edit("Contact", &contact, json!({"Phone": "+819012345678"})).await;
    assert_eq!(super::matched(world.refreshed(sato).await).record.id, contact);
}

/// R1.40
async fn the_email_wins_over_the_phone_and_the_conflict_is_shown(place: Place) {
    let world = world(place).await;
    let by_phone = world.seed("Contact", json!({"LastName": "Phone", "Phone": "+819012345678"})).await;
    let by_email = world.seed("Contact", json!({"LastName": "Mail", "Email": "hana@example.jp"})).await;
    let hana = world.contact("Hana", vec![number("819012345678"), email("hana@example.jp")]).await;
    let shown = world.matched(hana).await;
    assert_eq!(shown.record.id, by_email);
    let conflict: Vec<_> = shown.conflict.iter().map(|other| other.record.id.as_str()).collect();
    assert_eq!(conflict, [by_phone]);
    assert!(matches!(shown.conflict[0].how, How::Phone { .. }));
    assert_eq!(super::matched(world.refreshed(hana).await).conflict.len(), 1, "until somebody chooses");
}

/// R1.39
async fn several_records_are_offered_and_the_choice_is_remembered(place: Place) {
    let world = world(place).await;
    let mut ids = Vec::new();
    for name in ["Sato A", "Sato B"] {
        ids.push(world.seed("Contact", json!({"LastName": name, "Phone": "+81 90 1234 5678"})).await);
    }
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let View::Several(several) = world.panel(sato).await else { panic!("two of them") };
    assert_eq!(several.candidates.len(), 2);
    assert!(several.candidates.iter().all(|candidate| candidate.url.contains("/lightning/r/Contact/")));
    let picked = several.candidates.iter().find(|candidate| candidate.record.id == ids[1]).unwrap();
    let wish =
        LinkWish { contact_id: sato, connection_id: world.connection_id, record: picked.record.clone() };
    panel::choose(&world.app, world.workspace_id, &world.owner().await, wish).await.unwrap();
    let shown = world.matched(sato).await;
    assert_eq!(shown.record.id, ids[1]);
    assert!(matches!(&shown.how, How::Link { rules } if rules[0].starts_with("linked by Owner")));
    let (owner, connection_id) = (world.owner().await, world.connection_id);
    let unlinked = panel::unlink(&world.app, world.workspace_id, &owner, sato, connection_id);
    assert!(unlinked.await.unwrap());
    assert!(matches!(world.panel(sato).await, View::Several(_)));
}

/// R1.18, R1.30
async fn nobody_is_told_with_what_was_searched_and_what_comes_near(place: Place) {
    let world = world(place).await;
    let local = world.seed("Contact", json!({"LastName": "Local", "Phone": "1234-5678"})).await;
    let namesake =
        world.seed("Lead", json!({"LastName": "Kimura", "FirstName": "Rei", "Company": "A"})).await;
    let rei = world.contact("rei  kimura", vec![number("819012345678"), email("rei@example.jp")]).await;
    let View::NoMatch(nobody) = world.panel(rei).await else { panic!("nobody has that number") };
    let searched = [Searched::Email("rei@example.jp".into()), Searched::Phone("+819012345678".into())];
    assert_eq!(nobody.searched, searched);
    let near: Vec<_> =
        nobody.near.iter().map(|near| (near.record.id.as_str(), near.reason.clone())).collect();
    let ending = NearReason::SameEnding { stored: "1234-5678".into() };
    assert_eq!(near, [(local.as_str(), ending), (namesake.as_str(), NearReason::SameName)]);
    let silent = world.contact("", vec![]).await;
    let before = world.api_calls().await;
    let View::NoMatch(nobody) = world.panel(silent).await else { panic!("nothing to search for") };
    assert!(nobody.searched.is_empty() && nobody.near.is_empty());
    assert_eq!(world.api_calls().await, before);
}

/// R1.18, R2.56
async fn a_near_record_is_linked_by_a_person_only(place: Place) {
    let world = world(place).await;
    let local = world.seed("Contact", json!({"LastName": "Local", "Phone": "1234-5678"})).await;
    let hana = world.contact("Hana", vec![number("819012345678")]).await;
    let View::NoMatch(nobody) = world.panel(hana).await else { panic!("only its end is the same") };
    let record = nobody.near[0].record.clone();
    let wish = LinkWish { contact_id: hana, connection_id: world.connection_id, record };
    panel::choose(&world.app, world.workspace_id, &world.owner().await, wish).await.unwrap();
    assert_eq!(world.matched(hana).await.record.id, local);
}

/// R1.41
async fn only_the_chosen_phone_fields_are_searched(place: Place) {
    let world = world(place).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    for field in ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax"] {
        let id = world.seed("Contact", json!({"LastName": "Sato", field: "+819012345678"})).await;
        let shown = super::matched(world.refreshed(sato).await);
        assert!(matches!(&shown.how, How::Phone { field: found, .. } if found == field), "{field}");
        world.delete("Contact", &id).await;
    }
    world.seed("Contact", json!({"LastName": "Sato", "Fax": "+819012345678"})).await;
    let chosen = Some(vec!["Phone".to_owned(), "MobilePhone".to_owned()]);
    world.choose(PanelSettings { phone_fields: chosen, ..PanelSettings::default() }).await;
    let View::NoMatch(nobody) = world.panel(sato).await else { panic!("the fax is not searched") };
    assert!(matches!(&nobody.near[0].reason, NearReason::OtherField { field, .. } if field == "Fax"));
}

/// R2.22
async fn a_converted_lead_leads_to_its_contact(place: Place) {
    let world = world(place).await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    let lead = world.seed("Lead", lead).await;
    let contact = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+81312340000"})).await;
    world.sim("POST", "convert", json!({"lead": lead, "contact": contact})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let before = world.api_calls().await;
    let shown = world.matched(sato).await;
    assert_eq!(shown.record.id, contact);
    assert!(matches!(&shown.how, How::Followed { from } if from.id == lead));
    assert!(world.api_calls().await - before <= 3);
    let before = world.api_calls().await;
    assert_eq!(super::matched(world.refreshed(sato).await).record.id, contact);
    assert_eq!(world.api_calls().await - before, 1, "it is remembered");
}
