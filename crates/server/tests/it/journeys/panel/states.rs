//! Everything that can stand in the way, each shown as what it is.

use std::time::Duration;

use causeway::{
    panel::{self, Ask, Freshness},
    store::connection::{self, Connection, State},
};
use causeway_core::panel::view::{Because, NoAccess, View};
use serde_json::json;

use super::{matched, number, world};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_lost_grant_is_shown_and_not_hammered_at,
    an_org_without_api_a_user_without_api_and_a_missing_right_each_say_so,
    at_the_limit_what_was_read_is_shown_with_its_age_and_the_reason,
    an_org_that_does_not_answer_leaves_what_was_read_and_else_says_so,
    a_session_that_ends_is_renewed_unseen,
    the_panel_may_use_the_share_that_the_lane_leaves,
    each_org_of_a_workspace_has_its_own_panel,
);

/// R1.38
async fn a_lost_grant_is_shown_and_not_hammered_at(place: Place) {
    let mut world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    world.revoke_grants().await;
    world.clock.advance(Duration::from_mins(1));
    assert!(matches!(world.panel(sato).await, View::GrantLost { .. }), "{:?}", world.panel(sato).await);
    let before = world.calls("/services").await;
    assert!(matches!(world.refreshed(sato).await, View::GrantLost { .. }));
    assert_eq!(world.calls("/services").await, before);
    world.reconnect().await.unwrap();
    assert_eq!(world.matched(sato).await.name, "Sato");
}

/// R1.31, R1.38
async fn an_org_without_api_a_user_without_api_and_a_missing_right_each_say_so(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.matched(sato).await;
    let maya = world.user("maya").await;
    let mut said = Vec::new();
    for (path, on, off, expected) in [
        ("options", json!({"api_enabled": false}), json!({"api_enabled": true}), NoAccess::OrgApi),
        (
            "permissions",
            json!({"user": maya, "api_disabled": true}),
            json!({"user": maya}),
            NoAccess::UserApi,
        ),
        (
            "permissions",
            json!({"user": maya, "no_read": ["Contact", "Lead"]}),
            json!({"user": maya}),
            NoAccess::Permission,
        ),
    ] {
        world.sim("POST", path, on).await;
        world.clock.advance(Duration::from_mins(1));
        match world.refreshed(sato).await {
            View::NoAccess { what, detail } => {
                assert_eq!(what, expected, "{detail}");
                assert!(
                    !said.contains(&detail) && detail.contains("administrator") || what == NoAccess::OrgApi
                );
                said.push(detail);
            }
            other => panic!("{expected:?}: {other:?}"),
        }
        world.sim("POST", path, off).await;
        assert_eq!(matched(world.refreshed(sato).await).name, "Sato", "once it is granted");
    }
}

/// R1.26, R1.38
async fn at_the_limit_what_was_read_is_shown_with_its_age_and_the_reason(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let ito = world.contact("Ken", vec![number("819099999999")]).await;
    world.matched(sato).await;
    world.sim("POST", "usage", json!({"used": 100_000})).await;
    world.clock.advance(Duration::from_mins(5));
    let View::Stale(stale) = world.panel(sato).await else { panic!("{:?}", world.panel(sato).await) };
    assert_eq!((stale.last.name.as_str(), stale.last.age.seconds), ("Sato", 300));
    let Because::LimitReached { until } = stale.because else { panic!("{:?}", stale.because) };
    assert!(until.is_some_and(|until| until.0 > world.app.now()));
    assert!(matches!(world.panel(ito).await, View::LimitReached { until: Some(_) }));
    let before = world.api_calls().await;
    world.panel(sato).await;
    world.panel(ito).await;
    assert_eq!(world.api_calls().await, before, "the org is left alone for a minute");
    world.sim("POST", "options", json!({"daily_limit": 200_000})).await;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.matched(sato).await.age.seconds, 0);
}

/// R1.38
async fn an_org_that_does_not_answer_leaves_what_was_read_and_else_says_so(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let ito = world.contact("Ken", vec![number("819099999999")]).await;
    world.matched(sato).await;
    world.fault(json!({"kind": "unavailable", "path": "services/data", "times": 3})).await;
    world.clock.advance(Duration::from_mins(2));
    let View::Stale(stale) = world.panel(sato).await else { panic!("what was read is shown") };
    assert_eq!(stale.last.age.seconds, 120);
    assert!(matches!(&stale.because, Because::Failed { detail } if !detail.is_empty()));
    let before = world.api_calls().await;
    assert!(matches!(world.panel(sato).await, View::Stale(_)));
    assert_eq!(world.api_calls().await, before, "a trouble is not tried again at once");
    assert!(matches!(world.panel(ito).await, View::Failed { .. }));
    world.clock.advance(Duration::from_hours(25));
    assert!(matches!(world.panel(sato).await, View::Failed { .. }), "what is a day old is not shown");
    assert_eq!(matched(world.refreshed(sato).await).name, "Sato");
}

/// R1.38
async fn a_session_that_ends_is_renewed_unseen(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.expire_sessions().await;
    assert_eq!(world.matched(sato).await.name, "Sato");
}

/// X17
async fn the_panel_may_use_the_share_that_the_lane_leaves(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    world.sim("POST", "usage", json!({"used": 95_000})).await;
    assert_eq!(world.matched(sato).await.name, "Sato");
    assert_eq!(matched(world.refreshed(sato).await).name, "Sato");
}

/// R1.12
async fn each_org_of_a_workspace_has_its_own_panel(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let lost = Connection {
        id: world.connection_id + 1,
        org_id: "00D000000000002EAA".into(),
        state: State::Lost,
        detail: "it was revoked".into(),
        ..world.connection().await
    };
    let now = world.app.now();
    let other = lost.id;
    let insert = world.app.db.write(move |tx| {
        let lost = lost.clone();
        Box::pin(async move { connection::insert(tx, &lost, 1, now).await })
    });
    insert.await.unwrap();
    let shown = panel::connections(&world.app, world.workspace_id).await.unwrap();
    let ids: Vec<_> = shown.iter().map(|panel| panel.connection_id).collect();
    assert_eq!(ids, [world.connection_id, other]);
    assert_eq!(world.matched(sato).await.name, "Sato");
    let ask = Ask { connection_id: other, ..world.ask(sato) };
    let view = panel::view(&world.app, ask, Freshness::Cached).await.unwrap();
    assert_eq!(view, View::GrantLost { detail: "it was revoked".into() });
}
