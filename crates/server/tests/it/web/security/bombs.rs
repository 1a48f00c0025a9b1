//! Little that becomes much: nesting without a floor, numbers without an end, keys without number, packed emptiness.

use std::{io::Write as _, time::Duration};

use causeway::{
    http::{Sockets, Transport as _},
    intake,
};
use causeway_core::{channels::RawRequest, crm::Request};
use flate2::{Compression, write::GzEncoder};
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{super::Site, request};
use crate::{
    store::engine::{Place, on_both_engines},
    world::SOURCE,
};

on_both_engines!(
    a_body_that_nests_or_repeats_without_end_costs_one_answer,
    a_webhook_that_nests_or_repeats_without_end_is_put_aside_alone,
    a_packed_body_is_not_unpacked,
);

/// Texts that are small to send and large to think about.
fn bombs(most: usize) -> Vec<Vec<u8>> {
    let keys: Vec<String> = (0..most / 12).map(|key| format!("\"k{key}\":1")).collect();
    let keys = keys.join(",");
    vec![
        "[".repeat(most).into_bytes(),
        "{\"a\":".repeat(most / 5).into_bytes(),
        format!("{{\"text\":{}{}}}", "[".repeat(most / 3), "]".repeat(most / 3)).into_bytes(),
        format!("{{{keys}}}").into_bytes(),
        format!("{{\"text\":1{}}}", "0".repeat(most / 2)).into_bytes(),
        b"{\"text\":1e999999999,\"since\":-1e-999999999}".to_vec(),
        format!("{{\"text\":\"{}\"}}", "\\ud83d".repeat(most / 8)).into_bytes(),
    ]
}

async fn a_body_that_nests_or_repeats_without_end_costs_one_answer(place: Place) {
    let site = Site::unconnected(place).await;
    for body in bombs(250_000) {
        let headers = [("authorization", "Bearer owner"), ("content-type", "application/json")];
        let begins = String::from_utf8_lossy(&body[..20]).into_owned();
        let answer = site.send(request("POST", "/api/v1/conversations/cnv_1/memos", &headers, body)).await;
        let status = answer.status.as_u16();
        assert!(matches!(status, 404 | 422), "{begins}: {status}: {}", answer.text());
        assert!(answer.body.len() < 2_000, "{begins}: the answer repeats what was sent");
    }
    let large = vec![b' '; 300_000];
    let headers = [("authorization", "Bearer owner"), ("content-type", "application/json")];
    let answer = site.send(request("POST", "/api/v1/conversations/cnv_1/memos", &headers, large)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

async fn a_webhook_that_nests_or_repeats_without_end_is_put_aside_alone(place: Place) {
    let site = Site::unconnected(place).await;
    let bombs = bombs(4_000_000);
    let count = u64::try_from(bombs.len()).unwrap();
    for body in bombs {
        site.world.post_raw(body).await;
    }
    let sender = &site.world.sender;
    let ana = causeway_simulator::whatsapp::Customer::with_number("819012345678", "Ana");
    site.world.post(vec![sender.text(&ana, "wamid.1", site.world.app.now() / 1_000_000, "Hello")]).await;
    let digested = site.world.digest().await;
    assert_eq!((digested.requests, digested.poison, digested.folded.new), (count + 1, count, 1));
}

async fn a_packed_body_is_not_unpacked(place: Place) {
    let site = Site::unconnected(place).await;
    let packed = packed(b"{\"text\":\"Hello\"}", 1);
    let headers = [
        ("authorization", "Bearer owner"),
        ("content-type", "application/json"),
        ("content-encoding", "gzip"),
    ];
    let answer =
        site.send(request("POST", "/api/v1/conversations/cnv_1/memos", &headers, packed.clone())).await;
    assert_eq!(answer.status.as_u16(), 422, "it is no JSON: {}", answer.text());
    // The provider's signature is over the bytes; so are they kept.
    let signed = vec![("x-hub-signature-256".to_owned(), site.world.sender.sign(&packed))];
    let sent = RawRequest { headers: signed, body: packed };
    assert_eq!(intake::receive(&site.world.app, "whatsapp", SOURCE, sent).await, intake::Received::Kept);
    assert_eq!(site.world.digest().await.poison, 1);
}

/// So many times the same, packed.
fn packed(text: &[u8], times: usize) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..times {
        packing.write_all(text).unwrap();
    }
    packing.finish().unwrap()
}

#[tokio::test]
async fn a_packed_answer_is_read_up_to_its_limit() {
    // 80 MiB of blanks are 80 kB.
    let blanks = vec![b' '; 1024 * 1024];
    for (times, is_read) in [(8, true), (80, false)] {
        let body = packed(&blanks, times);
        assert!(body.len() < 200_000);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/services/data", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        });
        let asked = Request { method: "GET", url, headers: Vec::new(), body: Vec::new() };
        let answer = Sockets::new().unwrap().send(&asked, None, Duration::from_mins(1)).await;
        match answer {
            Ok(answer) => assert!(is_read && answer.body.len() == times * blanks.len(), "{times}"),
            Err(silence) => {
                assert!(!is_read, "{times}: {silence}");
                assert_eq!(silence.what, "the answer is larger than we read");
            }
        }
        serving.await.unwrap();
    }
}
