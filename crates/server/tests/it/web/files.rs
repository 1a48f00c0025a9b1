//! Files as a browser gets them: in place what cannot run, everything else to keep; to nobody who may not read the
//! conversation.

use axum::body::Body;
use causeway::id;
use causeway_core::media::Trouble;
use causeway_simulator::whatsapp::{
    Customer,
    media::{File, Trouble as At},
};
use http::{Request, StatusCode};
use serde_json::json;

use super::Site;
use crate::{
    store::engine::{Place, on_both_engines},
    world::provider::PROVIDER_TOKEN,
};

on_both_engines!(
    a_picture_is_shown_in_place_and_a_page_is_only_to_keep,
    a_part_of_a_file_is_given_to_who_asks_for_one,
    a_thread_shows_each_file_as_it_stands,
    a_file_that_is_not_here_is_fetched_again_by_hand,
    files_of_another_workspace_are_nowhere,
    an_access_token_is_entered_replaced_and_taken_away,
);

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 2, 3];

/// A site where somebody has sent these, fetched as far as they can be; answers the addresses of the files.
async fn sent(site: &Site, files: Vec<(File, Option<&str>)>) -> Vec<String> {
    let world = &site.world;
    world.let_in(PROVIDER_TOKEN).await;
    let anna = Customer::with_number("4915112345678", "Anna");
    for (number, (file, name)) in files.into_iter().enumerate() {
        let besides = name.map_or_else(|| json!({}), |name| json!({ "filename": name }));
        world.send_file(&anna, &format!("wamid.{number}"), &format!("m{number}"), file, besides).await;
    }
    world.fetch().await;
    world.files().await.iter().map(|file| format!("/files/{}", id::attachment(file.id))).collect()
}

async fn thread(site: &Site) -> String {
    let conversation = site.world.files().await[0].conversation_id;
    site.page("agent", &format!("/inbox/{}", id::conversation(conversation))).await.text()
}

async fn a_picture_is_shown_in_place_and_a_page_is_only_to_keep(place: Place) {
    let site = Site::unconnected(place).await;
    let page = b"<html><script>alert(1)</script></html>".as_slice();
    let files = vec![
        (File::of("image/jpeg", JPEG), None),
        (File::of("application/pdf", page), Some("angebot \"1\".html")),
        (File::of("image/jpeg", &b""[..]), None),
    ];
    let addresses = sent(&site, files).await;
    let picture = site.page("agent", &addresses[0]).await;
    assert_eq!((picture.status, picture.body.as_slice()), (StatusCode::OK, JPEG));
    assert_eq!(picture.header("content-type"), "image/jpeg");
    assert_eq!(
        picture.header("content-disposition"),
        "inline; filename=\"image.jpg\"; filename*=UTF-8''image.jpg"
    );
    let stranger = site.page("agent", &addresses[1]).await;
    assert_eq!(stranger.body, page);
    assert_eq!(stranger.header("content-type"), "application/octet-stream", "it never runs in our name");
    assert!(stranger.header("content-disposition").starts_with("attachment; filename=\"angebot _1_.html\""));
    for answer in [&picture, &stranger] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(answer.header("content-security-policy").contains("sandbox"));
        assert!(answer.header("cache-control").starts_with("private"));
    }
    let empty = site.page("agent", &addresses[2]).await;
    assert_eq!((empty.status, empty.body.len(), empty.header("content-length")), (StatusCode::OK, 0, "0"));
}

async fn a_part_of_a_file_is_given_to_who_asks_for_one(place: Place) {
    let site = Site::unconnected(place).await;
    let addresses = sent(&site, vec![(File::of("image/jpeg", JPEG), None)]).await;
    let ask = |range: &'static str| {
        let request = Request::get(&addresses[0]).header("range", range);
        site.send_as("agent", request.body(Body::empty()).unwrap())
    };
    let part = ask("bytes=6-9").await;
    assert_eq!((part.status, part.body.as_slice()), (StatusCode::PARTIAL_CONTENT, b"JFIF".as_slice()));
    assert_eq!((part.header("content-range"), part.header("content-length")), ("bytes 6-9/14", "4"));
    let beyond = ask("bytes=14-").await;
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */14")
    );
    let whole = ask("bytes=0-1,4-5").await;
    assert_eq!((whole.status, whole.body.as_slice()), (StatusCode::OK, JPEG));
}

async fn a_thread_shows_each_file_as_it_stands(place: Place) {
    let site = Site::unconnected(place).await;
    let ogg = [b"OggS\x00\x02".as_slice(), &[0; 22], b"OpusHead".as_slice(), &[0; 40]].concat();
    let mp4 = [b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".as_slice(), &[0; 40]].concat();
    let files = vec![
        (File::of("image/jpeg", JPEG), None),
        (File::of("audio/ogg; codecs=opus", ogg), None),
        (File::of("video/mp4", mp4), None),
        (File::of("application/pdf", &b"%PDF-1.7\n"[..]), Some("offer.pdf")),
        (File::of("image/jpeg", JPEG).with(At::Busy, 1), None),
        (File::of("image/jpeg", JPEG).with(At::Expired, 1), None),
    ];
    let addresses = sent(&site, files).await;
    let page = thread(&site).await;
    for (shown, address) in [("<img src", 0), ("<audio", 1), ("<video", 2)] {
        assert!(
            page.contains(shown) && page.contains(&format!("src=\"{}\"", addresses[address])),
            "{shown}: {page}"
        );
    }
    assert!(page.contains("download=\"offer.pdf\"") && page.contains("9 bytes"), "{page}");
    assert!(page.contains("it is tried again"), "{page}");
    assert!(
        page.contains("does not have it any more") && page.contains(&format!("{}/fetch", addresses[5])),
        "{page}"
    );
}

async fn a_file_that_is_not_here_is_fetched_again_by_hand(place: Place) {
    let site = Site::unconnected(place).await;
    let addresses = sent(&site, vec![(File::of("image/jpeg", JPEG).with(At::Expired, 1), None)]).await;
    assert_eq!(site.page("agent", &addresses[0]).await.status, StatusCode::NOT_FOUND);
    let answer = site.form("agent", &format!("{}/fetch", addresses[0]), "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/inbox/cnv_"), "{}", answer.header("location"));
    site.world.fetch().await;
    assert_eq!(site.page("agent", &addresses[0]).await.body, JPEG);
}

async fn files_of_another_workspace_are_nowhere(place: Place) {
    let site = Site::unconnected(place).await;
    let addresses = sent(&site, vec![(File::of("image/jpeg", JPEG), None)]).await;
    site.stranger().await;
    assert_eq!(site.page("stranger", &addresses[0]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        site.form("stranger", &format!("{}/fetch", addresses[0]), "").await.status,
        StatusCode::NOT_FOUND
    );
    let outside = site.get(&addresses[0]).await;
    assert_ne!(outside.status, StatusCode::OK, "nobody who is not signed in");
    assert_eq!(site.page("agent", "/files/att_zzzz").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.page("agent", "/files/nonsense").await.status, StatusCode::NOT_FOUND);
}

async fn an_access_token_is_entered_replaced_and_taken_away(place: Place) {
    let site = Site::unconnected(place).await;
    let anna = Customer::with_number("4915112345678", "Anna");
    site.world.send_picture(&anna, "wamid.1", "m1", File::of("image/jpeg", JPEG)).await;
    site.world.fetch().await;
    let channel = "/channels/main";
    assert!(site.page("admin", channel).await.text().contains("no access token"));
    let empty = site.form("admin", &format!("{channel}/access"), "what=set&access=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Paste the system user"), "{}", empty.text());
    let form = format!("what=set&access={PROVIDER_TOKEN}");
    let set = site.form("admin", &format!("{channel}/access"), &form).await;
    assert_eq!(set.header("location"), "/channels/main?done=access");
    let page = site.page("admin", "/channels/main?done=access").await.text();
    assert!(page.contains("are being fetched") && !page.contains(PROVIDER_TOKEN), "{page}");
    site.world.fetch().await;
    let address = format!("/files/{}", id::attachment(site.world.files().await[0].id));
    assert_eq!(site.page("agent", &address).await.body, JPEG, "what waited for the token is here");
    let removed = site.form("admin", &format!("{channel}/access"), "what=remove").await;
    assert_eq!(removed.header("location"), "/channels/main?done=access-removed");
    site.world.send_picture(&anna, "wamid.2", "m2", File::of("image/jpeg", JPEG)).await;
    site.world.fetch().await;
    let files = site.world.files().await;
    assert!(matches!(
        files[1].state,
        causeway::store::attachment::State::Held { reason: Trouble::NoAccess, .. }
    ));
    assert_eq!(site.form("agent", &format!("{channel}/access"), &form).await.status, StatusCode::FORBIDDEN);
}
