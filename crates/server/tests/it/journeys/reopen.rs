//! A closed lead that was chosen is reopened, to a chosen stage, or left closed.

use causeway_core::plan::settings::{ChatSync, Reopen};
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_closed_lead_is_reopened_to_the_orgs_default_stage,
    a_closed_lead_is_reopened_to_the_stage_of_the_settings,
    a_closed_lead_stays_closed_when_reopening_is_off,
    the_settings_say_which_stages_count_as_closed,
    an_open_leads_stage_is_left_alone,
    a_lead_that_somebody_closes_later_is_not_reopened_again_and_again,
    a_stage_that_the_org_refuses_is_held_and_said,
);

async fn with(place: Place, settings: ChatSync) -> World {
    World::with(place, Setting { settings, ..Setting::default() }).await
}

async fn lead(world: &World, status: &str) -> String {
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678", "Status": status});
    world.seed("Lead", lead).await
}

/// R2.16, R2.17
async fn a_closed_lead_is_reopened_to_the_orgs_default_stage(place: Place) {
    let world = World::new(place).await;
    let lead = lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.record("Lead", &lead).await["Status"], "Open - Not Contacted");
    assert_eq!(world.task().await["WhoId"], json!(lead));
    let rules = world.trace_of("wamid.1").await.rules;
    assert!(rules.iter().any(|rule| rule.contains("reopened to \"Open - Not Contacted\"")), "{rules:?}");
}

/// R2.17
async fn a_closed_lead_is_reopened_to_the_stage_of_the_settings(place: Place) {
    let reopen = Reopen::To("Working - Contacted".into());
    let world = with(place, ChatSync { reopen, ..ChatSync::default() }).await;
    let lead = lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.record("Lead", &lead).await["Status"], "Working - Contacted");
}

/// R2.17
async fn a_closed_lead_stays_closed_when_reopening_is_off(place: Place) {
    let world = with(place, ChatSync { reopen: Reopen::Never, ..ChatSync::default() }).await;
    let lead = lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.record("Lead", &lead).await["Status"], "Closed - Not Converted");
    assert_eq!(world.task().await["WhoId"], json!(lead));
}

/// R2.16, R2.17
async fn the_settings_say_which_stages_count_as_closed(place: Place) {
    let closed_statuses = Some(vec!["Working - Contacted".to_owned()]);
    let world = with(place, ChatSync { closed_statuses, ..ChatSync::default() }).await;
    let closed = lead(&world, "Working - Contacted").await;
    let open = lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.task().await["WhoId"], json!(open));
    assert_eq!(world.record("Lead", &open).await["Status"], "Closed - Not Converted");
    assert_eq!(world.record("Lead", &closed).await["Status"], "Working - Contacted");
}

/// R2.13
async fn an_open_leads_stage_is_left_alone(place: Place) {
    let world = World::new(place).await;
    let lead = lead(&world, "Working - Contacted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.record("Lead", &lead).await["Status"], "Working - Contacted");
}

/// R2.17, R2.49: reopening belongs to the choice, not to every message.
async fn a_lead_that_somebody_closes_later_is_not_reopened_again_and_again(place: Place) {
    let world = World::new(place).await;
    let lead = lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.edit("Lead", &lead, json!({"Status": "Closed - Not Converted"})).await;
    world.hear(&hanako(), "wamid.2", "again").await;
    assert_eq!(world.record("Lead", &lead).await["Status"], "Closed - Not Converted");
    assert_eq!(world.whos().await.len(), 2);
}

/// R2.17
async fn a_stage_that_the_org_refuses_is_held_and_said(place: Place) {
    let reopen = Reopen::To("Closed - Converted".into());
    let world = with(place, ChatSync { reopen, ..ChatSync::default() }).await;
    lead(&world, "Closed - Not Converted").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let (reason, detail) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, causeway_core::lane::HoldReason::ValueRefused);
    assert!(detail.contains("INVALID_STATUS"), "{detail}");
    assert!(world.records("Task").await.is_empty());
}
