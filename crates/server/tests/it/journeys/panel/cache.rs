//! A minute of memory, one reading for all who look, and nothing left of it when the connection ends.

use std::time::Duration;

use causeway::{
    crm,
    panel::{self, Freshness},
    store::connection,
};
use causeway_core::{
    panel::{settings::PanelSettings, view::View},
    record::Module,
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{matched, number, said, world};
use crate::{
    failures::trap::{Gate, Side},
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    fifty_looks_at_a_linked_person_cost_one_call,
    fifty_looks_at_an_unknown_person_cost_three_calls_at_most,
    whoever_began_a_reading_may_go_away,
    a_change_in_the_org_shows_after_a_minute_and_at_once_on_request,
    the_time_of_the_cache_is_the_workspaces_choice,
    that_nobody_matches_is_remembered_too,
    disconnecting_empties_the_cache_at_once_and_reconnecting_shows_again,
    a_disconnection_on_another_node_is_seen_at_once,
    a_disconnection_wins_over_a_reading_that_is_under_way,
    what_was_changed_here_shows_at_once,
    two_workspaces_on_one_org_share_nothing,
    the_panels_calls_are_counted_as_its_own,
);

/// Fifty people look at once.
async fn fifty_looks(world: &World, contact_id: i64) -> Vec<View> {
    let mut looks = JoinSet::new();
    for _ in 0..50 {
        let (app, ask) = (world.app.clone(), world.ask(contact_id));
        looks.spawn(async move { panel::view(&app, ask, Freshness::Cached).await.unwrap() });
    }
    looks.join_all().await
}

/// R1.25, R1.26, X14
async fn fifty_looks_at_a_linked_person_cost_one_call(place: Place) {
    let world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.link(sato, Module::Contact, &id).await;
    let before = world.api_calls().await;
    let views = fifty_looks(&world, sato).await;
    assert_eq!(world.api_calls().await - before, 1);
    assert_eq!(views.len(), 50);
    assert!(views.into_iter().all(|view| matched(view).record.id == id));
}

/// R1.26, X14
async fn fifty_looks_at_an_unknown_person_cost_three_calls_at_most(place: Place) {
    let world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let before = world.api_calls().await;
    let views = fifty_looks(&world, sato).await;
    let calls = world.api_calls().await - before;
    assert!((1..=3).contains(&calls), "{calls}");
    assert!(views.into_iter().all(|view| matched(view).record.id == id));
    let nobody = world.contact("Nobody Known", vec![number("819077777777")]).await;
    let before = world.api_calls().await;
    assert!(fifty_looks(&world, nobody).await.iter().all(|view| matches!(view, View::NoMatch(_))));
    assert!(world.api_calls().await - before <= 3);
    world.clock.advance(Duration::from_secs(61));
    let before = world.api_calls().await;
    fifty_looks(&world, sato).await;
    assert_eq!(world.api_calls().await - before, 1, "who was found is known");
}

/// X14
async fn whoever_began_a_reading_may_go_away(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let gate = Gate::at(&world, 0, Side::BeforeSending);
    let (app, ask) = (gate.in_front_of(&world.app), world.ask(sato));
    let first = tokio::spawn({
        let app = app.clone();
        async move { panel::view(&app, ask, Freshness::Cached).await }
    });
    gate.reached().await;
    let second = tokio::spawn(async move { panel::view(&app, ask, Freshness::Cached).await });
    first.abort();
    gate.open();
    assert_eq!(matched(second.await.unwrap().unwrap()).name, "Sato");
}

/// R1.25, R1.27, R1.28, R1.29
async fn a_change_in_the_org_shows_after_a_minute_and_at_once_on_request(place: Place) {
    let world = world(place).await;
    let id = world
        .seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678", "LeadSource": "Web"}))
        .await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let source = |view: View| said(&matched(view), "LeadSource");
    assert_eq!(source(world.panel(sato).await).as_deref(), Some("Web"));
    world.edit("Contact", &id, json!({"LeadSource": "Other"})).await;
    world.clock.advance(Duration::from_secs(59));
    let shown = world.matched(sato).await;
    assert_eq!(said(&shown, "LeadSource").as_deref(), Some("Web"));
    assert_eq!((shown.age.seconds, shown.age.fresh_for), (59, 1), "its age is told");
    world.clock.advance(Duration::from_secs(1));
    let shown = world.matched(sato).await;
    assert_eq!(said(&shown, "LeadSource").as_deref(), Some("Other"));
    assert_eq!((shown.age.seconds, shown.age.fresh_for), (0, 60));
    world.edit("Contact", &id, json!({"LeadSource": "Web"})).await;
    assert_eq!(source(world.panel(sato).await).as_deref(), Some("Other"));
    assert_eq!(source(world.refreshed(sato).await).as_deref(), Some("Web"));
    assert_eq!(source(world.panel(sato).await).as_deref(), Some("Web"));
}

/// R1.25
async fn the_time_of_the_cache_is_the_workspaces_choice(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    for (seconds, calls) in [(300, 0), (0, 1)] {
        world.choose(PanelSettings { cache_seconds: seconds, ..PanelSettings::default() }).await;
        world.panel(sato).await;
        world.clock.advance(Duration::from_secs(299));
        let before = world.api_calls().await;
        world.panel(sato).await;
        assert_eq!(world.api_calls().await - before, calls, "{seconds}");
    }
}

/// R1.26, X14
async fn that_nobody_matches_is_remembered_too(place: Place) {
    let world = world(place).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    assert!(matches!(world.panel(sato).await, View::NoMatch(_)));
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let before = world.api_calls().await;
    assert!(matches!(world.panel(sato).await, View::NoMatch(_)));
    assert_eq!(world.api_calls().await, before);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.matched(sato).await.name, "Sato");
}

/// R1.33, R1.34, R1.35, R1.36, R1.37
async fn disconnecting_empties_the_cache_at_once_and_reconnecting_shows_again(place: Place) {
    let mut world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    let before = world.record("Contact", &id).await;
    crm::disconnect(&world.app, world.connection_id).await.unwrap();
    assert_eq!(world.panel(sato).await, View::NotConnected);
    assert_eq!(world.refreshed(sato).await, View::NotConnected);
    assert!(panel::connections(&world.app, world.workspace_id).await.unwrap().is_empty());
    assert_eq!(world.record("Contact", &id).await, before, "nothing changes in the org");
    world.reconnect().await.unwrap();
    let before = world.api_calls().await;
    assert_eq!(world.matched(sato).await.record.id, id);
    assert!(world.api_calls().await > before, "nothing was kept");
}

/// R1.33, R1.37
async fn a_disconnection_on_another_node_is_seen_at_once(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    let other = crate::failures::trap::node(&world, "node-2", 8).await;
    crm::disconnect(&other, world.connection_id).await.unwrap();
    assert_eq!(world.panel(sato).await, View::NotConnected);
}

/// R1.33, R1.37
async fn a_disconnection_wins_over_a_reading_that_is_under_way(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let gate = Gate::at(&world, 0, Side::BeforeHearing);
    let (app, ask) = (gate.in_front_of(&world.app), world.ask(sato));
    let look = tokio::spawn(async move { panel::view(&app, ask, Freshness::Cached).await.unwrap() });
    gate.reached().await;
    crm::disconnect(&world.app, world.connection_id).await.unwrap();
    gate.open();
    assert_eq!(look.await.unwrap(), View::NotConnected);
}

/// R1.28
async fn what_was_changed_here_shows_at_once(place: Place) {
    let world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let hana = world.contact("Hana", vec![number("819055555555")]).await;
    assert!(matches!(world.panel(hana).await, View::NoMatch(_)));
    let (workspace_id, now) = (world.workspace_id, world.app.now());
    let given = world.app.db.write(move |tx| {
        Box::pin(async move {
            causeway::store::contact::give(tx, workspace_id, hana, &[number("819012345678")], now).await
        })
    });
    given.await.unwrap();
    assert_eq!(world.matched(hana).await.record.id, id, "a new address");
    let other = world.seed("Contact", json!({"LastName": "Other"})).await;
    world.link(hana, Module::Contact, &other).await;
    assert_eq!(world.matched(hana).await.record.id, other, "a link");
}

/// R1.13
async fn two_workspaces_on_one_org_share_nothing(place: Place) {
    let mut world = world(place).await;
    let id = world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let here = (world.workspace_id, world.connection_id);
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    world.another_workspace().await;
    let there = (world.workspace_id, world.connection_id);
    assert_ne!(here, there);
    let hana = world.contact("Hana", vec![number("819012345678")]).await;
    let before = world.api_calls().await;
    assert_eq!(world.matched(hana).await.record.id, id);
    assert!(world.api_calls().await > before, "what the other workspace read is not shown here");
    // Neither sees the other's contacts or connections, even by their ids.
    for (workspace_id, contact_id, connection_id) in
        [(there.0, sato, there.1), (there.0, hana, here.1), (here.0, hana, here.1), (here.0, sato, there.1)]
    {
        let ask = panel::Ask { workspace_id, contact_id, connection_id, ..world.ask(hana) };
        assert!(panel::view(&world.app, ask, Freshness::Cached).await.is_err());
    }
    crm::disconnect(&world.app, there.1).await.unwrap();
    (world.workspace_id, world.connection_id) = here;
    let before = world.api_calls().await;
    assert_eq!(world.matched(sato).await.record.id, id);
    assert_eq!(world.api_calls().await, before, "the other's end takes nothing away");
}

/// X17
async fn the_panels_calls_are_counted_as_its_own(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    world.refreshed(sato).await;
    let id = world.connection_id;
    let calls = world.app.db.read(move |tx| Box::pin(connection::calls(tx, id))).await.unwrap();
    let of = |purpose: &str| calls.iter().find(|(known, _)| known == purpose).map(|(_, calls)| *calls);
    assert_eq!((of("panel_find"), of("panel_read")), (Some(2), Some(1)), "{calls:?}");
}
