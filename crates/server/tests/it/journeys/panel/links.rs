//! A stored link goes before every search, and its record is followed.

use causeway_core::{
    panel::{matching::How, view::View},
    plan::settings::ChatSync,
    record::Module,
};
use serde_json::json;

use super::{super::ability::hanako, matched, number, world};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    what_chat_sync_linked_is_shown_with_its_reason,
    a_stored_link_goes_before_a_better_match,
    a_linked_record_that_was_merged_or_converted_is_followed_and_costs_one_call_after_that,
    a_linked_record_that_is_gone_is_said_and_searched_anew,
    a_remembered_match_ends_when_its_number_is_taken_away,
);

/// X1
async fn what_chat_sync_linked_is_shown_with_its_reason(place: Place) {
    let world = World::with(place, Setting { settings: ChatSync::default(), ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let lead = world.whos().await.remove(0);
    let contact_id = world.message("wamid.1").await.contact_id.unwrap();
    let before = world.api_calls().await;
    let shown = world.matched(contact_id).await;
    assert_eq!((shown.record.module, shown.record.id), (Module::Lead, lead));
    assert!(matches!(&shown.how, How::Link { rules } if !rules.is_empty()));
    assert_eq!(world.api_calls().await - before, 1);
}

/// X1
async fn a_stored_link_goes_before_a_better_match(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let other = world.seed("Contact", json!({"LastName": "Chosen"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.link(sato, Module::Contact, &other).await;
    assert_eq!(world.matched(sato).await.record.id, other);
}

/// R2.22, X1
async fn a_linked_record_that_was_merged_or_converted_is_followed_and_costs_one_call_after_that(
    place: Place,
) {
    let world = world(place).await;
    let winner = world.seed("Contact", json!({"LastName": "Winner"})).await;
    let loser = world.seed("Contact", json!({"LastName": "Loser"})).await;
    let lead = world.seed("Lead", json!({"LastName": "Lead", "Company": "Acme"})).await;
    let merged = world.contact("A", vec![number("819011111111")]).await;
    let converted = world.contact("B", vec![number("819022222222")]).await;
    world.link(merged, Module::Contact, &loser).await;
    world.link(converted, Module::Lead, &lead).await;
    assert_eq!(world.matched(merged).await.name, "Loser");
    world.sim("POST", "merge", json!({"winner": winner, "loser": loser})).await;
    world.sim("POST", "convert", json!({"lead": lead, "contact": winner})).await;
    for (contact_id, from) in [(merged, &loser), (converted, &lead)] {
        let shown = matched(world.refreshed(contact_id).await);
        assert_eq!(shown.record.id, winner);
        assert!(matches!(&shown.how, How::Followed { from: was } if was.id == *from));
        let before = world.api_calls().await;
        assert_eq!(matched(world.refreshed(contact_id).await).record.id, winner);
        assert_eq!(world.api_calls().await - before, 1);
    }
}

/// X1
async fn a_linked_record_that_is_gone_is_said_and_searched_anew(place: Place) {
    let world = world(place).await;
    let gone = world.seed("Contact", json!({"LastName": "Gone"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.link(sato, Module::Contact, &gone).await;
    world.delete("Contact", &gone).await;
    let View::NoMatch(nobody) = world.panel(sato).await else { panic!("nobody else has that number") };
    assert_eq!(nobody.lost_link.unwrap().id, gone);
    let found = world.seed("Contact", json!({"LastName": "Found", "Phone": "+819012345678"})).await;
    let shown = matched(world.refreshed(sato).await);
    assert_eq!((shown.record.id, shown.lost_link.unwrap().id), (found.clone(), gone));
    let before = world.api_calls().await;
    assert_eq!(matched(world.refreshed(sato).await).record.id, found);
    assert_eq!(world.api_calls().await - before, 1, "both are read at once");
}

/// R1.17
async fn a_remembered_match_ends_when_its_number_is_taken_away(place: Place) {
    let world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    assert_eq!(world.matched(sato).await.record.id, id);
    world.edit("Contact", &id, json!({"Phone": "+819099999999"})).await;
    assert!(matches!(world.refreshed(sato).await, View::NoMatch(_)));
}
