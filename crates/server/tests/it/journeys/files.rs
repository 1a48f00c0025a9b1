//! Files of messages, from the provider into the own store: each trouble has its own outcome, and nothing is lost.

use std::time::Duration;

use causeway::{
    files::Shelf,
    store::{
        attachment::{Shown, State},
        workspace,
    },
};
use causeway_core::media::{FileRules, Trouble};
use causeway_simulator::whatsapp::{
    Customer,
    media::{File, Trouble as At},
};
use futures_util::TryStreamExt as _;
use serde_json::json;

use crate::{
    store::engine::{Folder, Place, on_both_engines},
    world::{Setting, World, provider::PROVIDER_TOKEN},
};

on_both_engines!(
    a_file_is_fetched_and_kept_as_it_is,
    files_of_every_size_are_kept_and_the_larger_ones_refused,
    every_trouble_of_a_file_has_its_own_outcome,
    a_trouble_that_passes_ends_with_the_file,
    nothing_is_asked_of_a_host_that_nobody_allowed,
    what_a_file_is_its_bytes_say,
    the_same_picture_in_ten_conversations_lies_here_once,
    a_file_waits_for_the_token_and_for_nothing_else,
    what_was_under_way_when_a_node_stopped_is_fetched_again,
    a_store_that_fails_is_no_fault_of_the_file,
    somebody_may_have_a_file_fetched_again,
);

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 2, 3];

fn anna() -> Customer {
    Customer::with_number("4915112345678", "Anna")
}

/// A world whose channel has a token.
async fn world(place: Place) -> World {
    let world = World::unconnected(place, Setting::default()).await;
    world.let_in(PROVIDER_TOKEN).await;
    world
}

/// The one file of a world in which a picture was sent.
async fn sent(world: &World, file: File) -> Shown {
    world.send_picture(&anna(), "wamid.1", "m1", file).await;
    assert_eq!(world.fetch().await, 1);
    one(world).await
}

async fn one(world: &World) -> Shown {
    let mut files = world.files().await;
    assert_eq!(files.len(), 1);
    files.remove(0)
}

fn kept(file: &Shown) -> (i64, &str) {
    match &file.state {
        State::Kept { file, media_type } => (file.size, media_type),
        other => panic!("{other:?}"),
    }
}

fn held(file: &Shown) -> (Trouble, &str) {
    match &file.state {
        State::Held { reason, detail } => (*reason, detail),
        other => panic!("{other:?}"),
    }
}

fn is_coming(file: &Shown) -> Option<String> {
    match &file.state {
        State::Due { detail, .. } => detail.clone(),
        other => panic!("{other:?}"),
    }
}

async fn bytes(world: &World, file: &Shown) -> Vec<u8> {
    let State::Kept { file, .. } = &file.state else { panic!("{file:?}") };
    let read = world.app.files.read(world.workspace_id, file.id, None).await.unwrap();
    read.try_fold(Vec::new(), |mut all, piece| async move {
        all.extend_from_slice(&piece);
        Ok(all)
    })
    .await
    .unwrap()
}

async fn a_file_is_fetched_and_kept_as_it_is(place: Place) {
    let world = world(place).await;
    let file = sent(&world, File::of("image/jpeg", JPEG)).await;
    assert_eq!(kept(&file), (14, "image/jpeg"));
    assert_eq!(bytes(&world, &file).await, JPEG);
    let asked = world.road.provider.journal();
    assert_eq!(asked[0], "GET /v25.0/m1?phone_number_id=106540352242922");
    assert!(asked[1].starts_with("GET /attachments/1") && asked.len() == 2, "{asked:?}");
    assert_eq!(world.fetch().await, 0, "once is enough");
    assert_eq!(world.app.files.count().await.unwrap(), 1);
}

async fn files_of_every_size_are_kept_and_the_larger_ones_refused(place: Place) {
    let world = world(place).await;
    let (workspace_id, most_bytes) = (world.workspace_id, 6 * 1024 * 1024);
    let rules = FileRules { most_bytes, ..FileRules::default() };
    let choose = world.app.db.write(move |tx| {
        let rules = rules.clone();
        Box::pin(async move { workspace::set_file_rules(tx, workspace_id, &rules).await })
    });
    assert!(choose.await.unwrap());
    let sizes = [0, 1, 65_536, 5 * 1024 * 1024];
    for (number, size) in sizes.into_iter().enumerate() {
        let file = File::of_size("application/pdf", b"%PDF-1.7\n", size);
        world.send_file(&anna(), &format!("wamid.{number}"), &format!("m{number}"), file, json!({})).await;
    }
    let large = File::of_size("application/pdf", b"%PDF-1.7\n", most_bytes + 1);
    world.send_file(&anna(), "wamid.large", "large", large, json!({})).await;
    assert_eq!(world.fetch().await, 5);
    let files = world.files().await;
    let kept: Vec<_> = files[..4].iter().map(|file| u64::try_from(kept(file).0).unwrap()).collect();
    assert_eq!(kept, sizes);
    assert_eq!(held(&files[4]), (Trouble::TooLarge, "it is larger than this workspace keeps (6 MB at most)"));
    let asked = world.road.provider.journal();
    assert!(!asked.iter().any(|asked| asked.contains("mid=large")), "its size was known before: {asked:?}");
    assert_eq!(world.app.files.count().await.unwrap(), 4);
}

async fn every_trouble_of_a_file_has_its_own_outcome(place: Place) {
    let world = world(place).await;
    let troubles = [
        (At::Expired, Trouble::Gone),
        (At::NoAccess, Trouble::NoAccess),
        (At::Elsewhere("https://evil.example/x".into()), Trouble::HostRefused),
        (At::Elsewhere("https://169.254.169.254/latest/meta-data".into()), Trouble::HostRefused),
        (At::Redirect("https://evil.example/x".into()), Trouble::HostRefused),
        (At::Redirect("http://127.0.0.1:5432/".into()), Trouble::HostRefused),
    ];
    for (number, (trouble, _)) in troubles.iter().enumerate() {
        let file = File::of("image/jpeg", JPEG).with(trouble.clone(), u64::MAX);
        world.send_picture(&anna(), &format!("wamid.{number}"), &format!("m{number}"), file).await;
    }
    assert_eq!(world.fetch().await, troubles.len());
    let files = world.files().await;
    for (file, (at, trouble)) in files.iter().zip(&troubles) {
        let (found, detail) = held(file);
        assert_eq!(found, *trouble, "{at:?}: {detail}");
        assert!(!detail.is_empty(), "{at:?}");
    }
    assert_eq!(world.app.files.count().await.unwrap(), 0, "nothing half is left");
}

async fn a_trouble_that_passes_ends_with_the_file(place: Place) {
    let world = world(place).await;
    let troubles = [
        At::DeadLink,
        At::TooMany,
        At::Busy,
        At::Page,
        At::Cut(7),
        At::WrongLength,
        At::WrongDigest,
        At::Silent,
    ];
    for (number, trouble) in troubles.iter().enumerate() {
        let file = File::of("image/jpeg", JPEG).with(trouble.clone(), 1);
        world.send_picture(&anna(), &format!("wamid.{number}"), &format!("m{number}"), file).await;
    }
    assert_eq!(world.fetch().await, troubles.len());
    for (file, trouble) in world.files().await.iter().zip(&troubles) {
        // The digest of the webhook stands over that of the address: a wrong one there harms nobody.
        if *trouble != At::WrongDigest {
            let detail = is_coming(file);
            assert!(detail.is_some_and(|detail| !detail.is_empty()), "{trouble:?}");
        }
    }
    assert_eq!(world.fetch().await, 0, "not at once again");
    world.clock.advance(Duration::from_mins(40));
    world.fetch().await;
    for (file, trouble) in world.files().await.iter().zip(&troubles) {
        assert_eq!(kept(file).0, 14, "{trouble:?}");
    }
    assert_eq!(world.app.files.count().await.unwrap(), 1, "all of them are the same picture");
}

async fn nothing_is_asked_of_a_host_that_nobody_allowed(place: Place) {
    let world = world(place).await;
    // The transport of this world fails a test that asks anybody but the provider and the org.
    let file =
        File::of("image/jpeg", JPEG).with(At::Redirect("https://scontent.fbcdn.net.evil.example/".into()), 9);
    let (trouble, detail) = {
        let file = sent(&world, file).await;
        let (trouble, detail) = held(&file);
        (trouble, detail.to_owned())
    };
    assert_eq!(trouble, Trouble::HostRefused);
    let says = "scontent.fbcdn.net.evil.example is not a host of WhatsApp; the operator can allow it under `whatsapp.extra_hosts` in the configuration";
    assert_eq!(detail, says);
}

async fn what_a_file_is_its_bytes_say(place: Place) {
    let world = world(place).await;
    world.send_picture(&anna(), "wamid.1", "m1", File::of("image/png", JPEG)).await;
    world
        .send_picture(
            &anna(),
            "wamid.2",
            "m2",
            File::of("image/png", &b"<html><script>alert(1)</script>"[..]),
        )
        .await;
    let program =
        [b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00".as_slice(), &[0; 9000]].concat();
    world.send_picture(&anna(), "wamid.3", "m3", File::of("image/png", program)).await;
    world.fetch().await;
    let files = world.files().await;
    assert_eq!(kept(&files[0]).1, "image/jpeg");
    assert_eq!(kept(&files[1]).1, "text/html");
    assert_eq!(held(&files[2]).0, Trouble::TypeRefused);
    assert_eq!(world.app.files.count().await.unwrap(), 2);
}

async fn the_same_picture_in_ten_conversations_lies_here_once(place: Place) {
    let world = world(place).await;
    for number in 0..10 {
        let who = Customer::with_number(&format!("491511234567{number}"), "Somebody");
        let file = File::of("image/jpeg", JPEG);
        world.send_picture(&who, &format!("wamid.{number}"), &format!("m{number}"), file).await;
    }
    assert_eq!(world.fetch().await, 10);
    let files = world.files().await;
    assert!(files.iter().all(|file| kept(file).0 == 14) && files.len() == 10);
    assert_eq!(world.app.files.count().await.unwrap(), 1);
    assert_eq!(bytes(&world, &files[9]).await, JPEG);
}

async fn a_file_waits_for_the_token_and_for_nothing_else(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    world.send_picture(&anna(), "wamid.1", "m1", File::of("image/jpeg", JPEG)).await;
    world.fetch().await;
    let file = one(&world).await;
    assert_eq!(held(&file).0, Trouble::NoAccess);
    assert!(world.road.provider.journal().is_empty(), "without a token nothing is asked");
    world.let_in("another-token").await;
    world.fetch().await;
    let file = one(&world).await;
    assert_eq!(held(&file).0, Trouble::NoAccess);
    assert!(held(&file).1.contains("190"), "the provider's word for it is told");
    world.let_in(PROVIDER_TOKEN).await;
    world.fetch().await;
    assert_eq!(kept(&one(&world).await).0, 14);
}

async fn what_was_under_way_when_a_node_stopped_is_fetched_again(place: Place) {
    let world = world(place).await;
    world.send_picture(&anna(), "wamid.1", "m1", File::of("image/jpeg", JPEG)).await;
    let now = world.app.now();
    let taken = world
        .app
        .db
        .write(move |tx| Box::pin(causeway::store::attachment::take(tx, now, 9, 1)))
        .await
        .unwrap();
    assert_eq!(taken.len(), 1, "and there the node stopped");
    assert_eq!(world.fetch().await, 1);
    let file = one(&world).await;
    assert_eq!(kept(&file).0, 14);
}

async fn a_store_that_fails_is_no_fault_of_the_file(place: Place) {
    let mut world = world(place).await;
    let folder = Folder::new();
    let good = world.app.files.clone();
    world.app.files = std::sync::Arc::new(Shelf::in_folder(folder.0.clone()).unwrap());
    // What should be a folder is none.
    std::fs::write(folder.0.join(world.workspace_id.to_string()), b"in the way").unwrap();
    world.send_picture(&anna(), "wamid.1", "m1", File::of("image/jpeg", JPEG)).await;
    world.fetch().await;
    assert!(is_coming(&one(&world).await).is_some_and(|detail| detail.starts_with("the file store failed")));
    world.app.files = good;
    world.clock.advance(Duration::from_mins(2));
    world.fetch().await;
    assert_eq!(kept(&one(&world).await).0, 14);
}

async fn somebody_may_have_a_file_fetched_again(place: Place) {
    let world = world(place).await;
    let file = sent(&world, File::of("image/jpeg", JPEG).with(At::Expired, 1)).await;
    assert_eq!(held(&file).0, Trouble::Gone);
    let (workspace_id, id, now) = (world.workspace_id, file.id, world.app.now());
    let retry = world.app.db.write(move |tx| {
        Box::pin(async move { causeway::store::attachment::retry(tx, workspace_id, id, now).await })
    });
    assert!(retry.await.unwrap());
    world.fetch().await;
    assert_eq!(kept(&one(&world).await).0, 14);
}
