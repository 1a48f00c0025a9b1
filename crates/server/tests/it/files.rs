//! Files over real sockets, into a real folder: what a transport in the same process cannot show.

use std::{sync::Arc, time::Duration};

use causeway::{
    files::Shelf,
    http::{Reach, Sockets, Transport as _, Unopened},
    store::attachment::State,
};
use causeway_core::exchange::Request;
use causeway_simulator::whatsapp::{
    Customer,
    media::{File, Provider, Trouble as At},
    samples, serve_media,
};
use futures_util::TryStreamExt as _;
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    store::engine::{Folder, Place, on_both_engines},
    world::{Setting, World, provider::PROVIDER_TOKEN},
};

on_both_engines!(
    every_sample_that_the_provider_has_comes_to_its_own_end,
    a_connection_that_is_lost_half_way_leaves_nothing_behind,
);

fn get(url: String) -> Request {
    Request { method: "GET", url, headers: Vec::new(), body: Vec::new() }
}

#[tokio::test]
async fn what_a_stranger_names_is_fetched_from_public_addresses_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(serve_media(Provider::new("token", ""), listener, std::future::pending()));
    let sockets = Sockets::new().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1"] {
        let request = get(format!("http://{host}:{port}/v25.0/1"));
        let opened = sockets.open(&request, None, Reach::Public, Duration::from_secs(20)).await;
        assert_eq!(opened.err(), Some(Unopened::Private), "{host}");
    }
    let request = get(format!("http://127.0.0.1:{port}/v25.0/1"));
    let opened = sockets.open(&request, None, Reach::Anywhere, Duration::from_secs(20)).await.unwrap();
    assert_eq!(opened.head.status, 401, "a host that the operator named is reached");
}

#[tokio::test]
async fn an_answer_that_stops_coming_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/attachments/1", listener.local_addr().unwrap());
    let provider = Provider::new("token", "");
    provider.put("m", File::of("image/jpeg", &b"x"[..]).with(At::Silent, 9));
    provider.answer("GET", "/v25.0/m", Some("Bearer token"));
    tokio::spawn(serve_media(provider, listener, std::future::pending()));
    let token = causeway::http::Access::bearer("token");
    let opened = Sockets::new()
        .unwrap()
        .open(&get(url), Some(token), Reach::Anywhere, Duration::from_millis(50))
        .await;
    assert!(matches!(opened.err(), Some(Unopened::Silent(silence)) if silence.what == "no answer in time"));
}

/// A world whose files come over a socket and lie in a folder.
async fn world(place: Place) -> (World, Provider, oneshot::Sender<()>, Folder) {
    let mut world = World::unconnected(place, Setting::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = (*world.app.config).clone();
    config.simulate_channel("whatsapp", &format!("http://{}", listener.local_addr().unwrap()));
    world.app.config = Arc::new(config);
    world.app.http = Arc::new(Sockets::new().unwrap());
    let folder = Folder::new();
    world.app.files = Arc::new(Shelf::in_folder(folder.0.clone()).unwrap());
    let provider = Provider::new(PROVIDER_TOKEN, "");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve_media(provider.clone(), listener, async {
        drop(stopped.await);
    }));
    world.let_in(PROVIDER_TOKEN).await;
    (world, provider, stop, folder)
}

async fn every_sample_that_the_provider_has_comes_to_its_own_end(place: Place) {
    let (world, provider, _stop, _folder) = world(place).await;
    let anna = Customer::with_number("4915112345678", "Anna");
    // The one that is only large has its bytes made and counted; elsewhere it is told by its announced size.
    let samples: Vec<_> = samples::all().into_iter().filter(|sample| sample.id != "sample-large").collect();
    for (at, sample) in (crate::world::START..).zip(samples) {
        let change = sample.change(&world.sender, &anna, &format!("wamid.{}", sample.id), at);
        provider.put(&sample.id, sample.file);
        world.post(vec![change]).await;
    }
    world.digest().await;
    world.fetch().await;
    world.clock.advance(Duration::from_mins(5));
    world.fetch().await;
    let ends: Vec<_> = world
        .files()
        .await
        .into_iter()
        .map(|file| {
            let end = match file.state {
                State::Kept { media_type, .. } => media_type,
                State::Held { reason, .. } => format!("{reason:?}"),
                State::Due { detail, .. } => format!("due: {detail:?}"),
            };
            (file.declared.id.unwrap_or_default(), end)
        })
        .collect();
    let wanted = [
        ("sample-photo", "image/png"),
        ("sample-voice", "audio/x-wav"),
        ("sample-offer", "application/pdf"),
        ("sample-empty", "text/plain"),
        ("sample-program", "TypeRefused"),
        ("sample-expired", "Gone"),
        ("sample-elsewhere", "HostRefused"),
        ("sample-busy", "image/png"),
        ("sample-cut", "image/png"),
        ("sample-length", "image/png"),
        ("sample-slow", "image/png"),
    ];
    let wanted = wanted.map(|(id, end)| (id.to_owned(), end.to_owned()));
    assert_eq!(ends, wanted);
    assert_eq!(world.app.files.count().await.unwrap(), 4, "all of the photos are one");
}

async fn a_connection_that_is_lost_half_way_leaves_nothing_behind(place: Place) {
    let (world, provider, _stop, folder) = world(place).await;
    let anna = Customer::with_number("4915112345678", "Anna");
    let size = 3 * 1024 * 1024;
    let file = File::of_size("application/pdf", b"%PDF-1.7\n", size).with(At::Cut(2 * 1024 * 1024), 1);
    let change =
        world.sender.file(&anna, ("wamid.1", crate::world::START), ("document", "m1"), &file, json!({}));
    provider.put("m1", file.clone());
    world.post(vec![change]).await;
    world.digest().await;
    world.fetch().await;
    assert_eq!(world.app.files.count().await.unwrap(), 0);
    let left: Vec<_> = walk(&folder.0);
    assert!(left.is_empty(), "{left:?}");
    world.clock.advance(Duration::from_mins(5));
    world.fetch().await;
    let State::Kept { file: kept, .. } = &world.files().await[0].state else { panic!("it is kept") };
    let read = world.app.files.read(world.workspace_id, kept.id, None).await.unwrap();
    let bytes: Vec<u8> = read
        .try_fold(Vec::new(), |mut all, piece| async move {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
        .unwrap();
    let sent: Vec<u8> = file.content.pieces().flatten().collect();
    assert!(bytes == sent, "{} of {} bytes", bytes.len(), sent.len());
}

/// The files in a folder, however deep.
fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
