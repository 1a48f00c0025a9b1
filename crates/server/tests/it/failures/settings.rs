//! Settings that cannot be read, and settings that are made twice at once.

use causeway::{
    intake::{self, Received, SealedSecrets},
    settings::{self, ChangeRefused},
    store::{
        integration,
        source::{self, Source},
        workspace::{self, Workspace},
    },
};
use causeway_core::{channels::RawRequest, time::Zone};
use causeway_simulator::whatsapp::{Customer, Sender};
use futures_util::future::join_all;
use serde_json::Map;

use crate::{
    store::engine::{Place, on_both_engines},
    world::{APP_SECRET, START, World},
};

on_both_engines!(
    settings_that_cannot_be_read_hold_back_their_own_workspace_only,
    of_integrations_made_at_once_for_the_same_accounts_one_comes_about,
);

/// The endpoint of the other workspace.
const OTHER: &str = "other";

async fn settings_that_cannot_be_read_hold_back_their_own_workspace_only(place: Place) {
    let world = World::new(place).await;
    other_workspace(&world).await;
    let id = world.integration_id;
    world.place.put_settings(id, r#"{"shape": "of tomorrow"}"#).await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    for count in 0..100_i64 {
        let second = START + count;
        let here = world.sender.text(&customer, &format!("wamid.here.{count}"), second, "hello");
        assert_eq!(world.post(vec![here]).await, Received::Kept);
        let there = sender(&world).text(&customer, &format!("wamid.there.{count}"), second, "hello");
        assert_eq!(post_other(&world, sender(&world).wrap(vec![there])).await, Received::Kept);
    }
    let digested = world.digest().await;
    assert_eq!((digested.folded.new, digested.waiting, digested.poison), (100, 1, 0));
    let digested = world.digest().await;
    assert_eq!((digested.folded.new, digested.waiting), (0, 1), "they wait on");
    let good = settings::to_json(&causeway_core::plan::settings::ChatSync::default());
    let good = serde_json::to_string(&good).unwrap();
    world.place.put_settings(id, &good).await;
    world.settle().await;
    assert_eq!(world.records("Task").await.len(), 100, "repaired, everything follows");
}

async fn of_integrations_made_at_once_for_the_same_accounts_one_comes_about(place: Place) {
    let mut world = World::unconnected(place, crate::world::Setting::default()).await;
    world.connect().await.unwrap();
    let member = (world.workspace_id, None);
    let wishes = (0..8).map(|_| settings::add(&world.app, member, world.connection_id, Map::new()));
    let made = join_all(wishes).await;
    let refused = made.iter().filter(|made| matches!(made, Err(ChangeRefused::Overlap(_)))).count();
    assert_eq!((made.iter().filter(|made| made.is_ok()).count(), refused), (1, 7), "{made:?}");
    let id = world.connection_id;
    let stored = world.app.db.read(move |tx| Box::pin(integration::of_connection(tx, id))).await.unwrap();
    assert_eq!(stored.len(), 1);
}

/// Another workspace with an endpoint of its own.
async fn other_workspace(world: &World) {
    let (id, now) = (world.app.nature.id(), world.app.now());
    let other = Workspace { id, name: "Other".into(), zone: Zone::utc(), region: "JP".parse().ok() };
    let secrets =
        SealedSecrets { signing: vec![APP_SECRET.into()], verify_token: "verify".into(), access_token: None };
    let secrets = serde_json::to_string(&secrets).unwrap();
    let source = Source {
        key: OTHER.into(),
        workspace_id: id,
        channel: "whatsapp".into(),
        secrets: world.app.sealer.seal(&intake::seal_place(OTHER), &secrets),
    };
    let write = world.app.db.write(move |tx| {
        let (other, source) = (other.clone(), source.clone());
        Box::pin(async move {
            workspace::create(tx, &other, "UTC", now).await?;
            source::put(tx, &source, now).await
        })
    });
    write.await.unwrap();
}

fn sender(world: &World) -> Sender {
    Sender { phone_number_id: "206540352242922".into(), ..world.sender.clone() }
}

async fn post_other(world: &World, body: Vec<u8>) -> Received {
    let headers = vec![("x-hub-signature-256".to_owned(), sender(world).sign(&body))];
    intake::receive(&world.app, "whatsapp", OTHER, RawRequest { headers, body }).await
}
