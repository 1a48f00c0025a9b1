//! What settings need is made in the org before they are in force: once, whoever asks at the same time, and each thing is
//! written down as it is made.

use causeway::{
    settings::{self, Applied},
    store::integration::{Integration, State},
};
use causeway_core::{
    plan::{places::LINK_LABEL, settings::ChatSync},
    record::{Module, OrgProfile},
};
use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World, crm::ZOHO},
};

on_both_engines!(
    a_lead_source_is_made_a_choice_once_by_whoever_activates_at_once,
    a_field_for_the_link_is_made_once_by_whoever_asks_at_once,
    a_field_that_was_made_on_one_module_only_is_written_down,
);

async fn connected(place: Place) -> World {
    let mut world = World::unconnected(place, Setting::zoho()).await;
    world.connect().await.unwrap();
    world
}

/// How often something of this name was done.
async fn done(world: &World, deed: &str) -> usize {
    world.deeds().await.iter().filter(|(known, _)| known == deed).count()
}

async fn org(world: &World) -> OrgProfile {
    world.connection().await.profile.unwrap()
}

/// R4.17, R4.19
async fn a_lead_source_is_made_a_choice_once_by_whoever_activates_at_once(place: Place) {
    let world = connected(place).await;
    let wish: Map<String, Value> =
        serde_json::from_value(json!({ "lead_source": "Chat on the phone", "accounts": [] })).unwrap();
    let begun = (0..3)
        .map(|_| settings::add(&world.app, (world.workspace_id, None), world.connection_id, wish.clone()));
    for begun in join_all(begun).await {
        let Applied { stored, prepared } = begun.unwrap();
        assert_eq!((stored.state, prepared), (State::Active, settings::Prepared::default()));
    }
    assert_eq!(done(&world, "integration.add_choice").await, 1);
    let org = org(&world).await;
    let source = org.module(Module::Contact).fields.into_iter().find(|field| field.name == "Lead_Source");
    assert!(source.unwrap().choices.contains(&"Chat on the phone".to_owned()));
}

/// An integration for conversations that go to contacts and leads.
fn of_two_modules(world: &World) -> Integration {
    Integration {
        workspace_id: world.workspace_id,
        id: 7,
        connection_id: world.connection_id,
        state: State::Draft,
        settings: ChatSync { module: None, ..ZOHO.usual() },
        revision: 1,
    }
}

async fn make(world: &World) -> Result<String, settings::FieldRefused> {
    let integration = of_two_modules(world);
    let by = (world.workspace_id, 1);
    settings::make_link_field(&world.app, by, &integration, &integration.settings).await
}

fn links(org: &OrgProfile, module: Module) -> usize {
    org.module(module).fields.iter().filter(|field| field.label == LINK_LABEL).count()
}

/// R4.17
async fn a_field_for_the_link_is_made_once_by_whoever_asks_at_once(place: Place) {
    let world = connected(place).await;
    let made = join_all((0..3).map(|_| make(&world))).await;
    let names: Vec<String> = made.into_iter().map(Result::unwrap).collect();
    assert!(names.iter().all(|name| name == &names[0]), "{names:?}");
    assert_eq!(done(&world, "integration.make_field").await, 2, "one for each module");
    let org = org(&world).await;
    assert_eq!((links(&org, Module::Contact), links(&org, Module::Lead)), (1, 1));
}

/// R4.17
async fn a_field_that_was_made_on_one_module_only_is_written_down(place: Place) {
    let world = connected(place).await;
    let fault = json!({"kind": "permission_denied", "path": "settings/fields", "method": "POST", "after": 1});
    world.fault(fault).await;
    make(&world).await.unwrap_err();
    assert_eq!(done(&world, "integration.make_field").await, 1);
    world.sim("DELETE", "faults", Value::Null).await;
    make(&world).await.unwrap();
    assert_eq!(done(&world, "integration.make_field").await, 2, "the other half, and not the first again");
    let org = org(&world).await;
    assert_eq!((links(&org, Module::Contact), links(&org, Module::Lead)), (1, 1));
}
