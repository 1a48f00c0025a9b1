//! The same conversations in two CRMs at once, each in its own shape.

use causeway::receipts;
use causeway_core::{plan::settings::ChatSync, receipt::State};

use super::super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World, crm::ZOHO},
};

on_both_engines!(a_message_is_a_task_in_salesforce_and_part_of_a_note_in_zoho_with_one_receipt);

/// R4.2
async fn a_message_is_a_task_in_salesforce_and_part_of_a_note_in_zoho_with_one_receipt(place: Place) {
    let settings = ChatSync::default();
    let mut world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.put_beside(ZOHO, ZOHO.usual()).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.hear(&hanako(), "wamid.2", "two").await;
    assert_eq!(world.texts().await, ["one", "two"]);
    let zoho = &world.beside[0].curtain;
    let notes = zoho.entries().await;
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(notes[0].body.contains("one") && notes[0].body.contains("two"));
    assert_eq!((world.people().await.len(), zoho.people().await.len()), (1, 1));
    let receipts = receipts::of_message(&world.app, Some(world.workspace_id), "wamid.2").await.unwrap();
    assert_eq!(receipts.len(), 1);
    let mut told: Vec<_> =
        receipts[0].deliveries.iter().map(|delivery| (delivery.crm.as_str(), delivery.state)).collect();
    told.sort_by_key(|(crm, _)| *crm);
    assert_eq!(told, [("Salesforce", State::Written), ("Zoho CRM", State::Written)]);
}
