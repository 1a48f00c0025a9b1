//! Conversations that go to a Zoho org: a note for each day on a contact, as its customers know it from their own apps.

mod activation;
mod beside;
mod conversion;
mod days;
mod people;
mod setting_up;
mod shapes;

use causeway_core::plan::settings::ChatSync;

use crate::{
    store::engine::Place,
    world::{
        Setting, World,
        crm::{Entry, Person, ZOHO},
    },
};

/// A world with a Zoho org and what a new chat sync is set to there.
async fn world(place: Place) -> World {
    World::with(place, Setting::zoho()).await
}

/// The same with some settings changed.
async fn with(place: Place, change: impl FnOnce(&mut ChatSync)) -> World {
    let mut settings = ZOHO.usual();
    change(&mut settings);
    World::with(place, Setting { settings, ..Setting::zoho() }).await
}

/// The only person.
async fn person(world: &World) -> Person {
    let mut people = world.people().await;
    assert_eq!(people.len(), 1, "{people:#?}");
    people.remove(0)
}

/// The only entry.
async fn entry(world: &World) -> Entry {
    let mut entries = world.entries().await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    entries.remove(0)
}
