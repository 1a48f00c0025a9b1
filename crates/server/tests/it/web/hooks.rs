//! Webhooks: what is the provider's is kept, the rest is refused without a word.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use causeway::{app::App, metrics, web};
use causeway_simulator::whatsapp::{Customer, Sender};
use futures_util::stream;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_signed_request_is_kept_and_then_acknowledged,
    what_is_not_the_providers_is_refused_and_counted,
    the_challenge_comes_back_as_plain_text,
    a_body_over_the_limit_is_refused_before_it_is_read,
    a_changed_secret_holds_at_once_here_and_within_a_second_on_other_nodes,
    an_endpoint_that_was_removed_takes_nothing_more,
);

const PATH: &str = "/hooks/whatsapp/main";

fn signed(sender: &Sender, path: &str, body: Vec<u8>) -> Request<Body> {
    sender.request(path, body).map(Body::from)
}

fn one_text(site: &Site) -> Vec<u8> {
    let customer = Customer::with_number("819012345678", "Ana");
    let sender = &site.world.sender;
    sender.wrap(vec![sender.text(&customer, "wamid.1", 1_767_323_045, "Hello")])
}

async fn a_signed_request_is_kept_and_then_acknowledged(place: Place) {
    let site = Site::unconnected(place).await;
    let answer = site.send(signed(&site.world.sender, PATH, one_text(&site))).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    let metrics = metrics::text(&site.world.app).await.unwrap();
    assert!(metrics.contains("causeway_intake_waiting 1\n"), "{metrics}");
    let kept = "causeway_webhook_requests_total{channel=\"whatsapp\",answer=\"kept\"} 1\n";
    assert!(metrics.contains(kept), "{metrics}");
    let digested = site.world.digest().await;
    assert_eq!((digested.requests, digested.folded.new, digested.poison), (1, 1, 0));
}

async fn a_changed_secret_holds_at_once_here_and_within_a_second_on_other_nodes(place: Place) {
    let site = Site::unconnected(place).await;
    let elsewhere = App { endpoints: Arc::default(), ..site.world.app.clone() };
    let elsewhere = &web::router(elsewhere);
    let (old, new) =
        (site.world.sender.clone(), Sender { secret: "another".into(), ..site.world.sender.clone() });
    let here = async |sender: &Sender| site.send(signed(sender, PATH, one_text(&site))).await.status;
    let there = async |sender: &Sender| {
        elsewhere.clone().oneshot(signed(sender, PATH, one_text(&site))).await.unwrap().status()
    };
    assert_eq!((here(&old).await, there(&old).await), (StatusCode::OK, StatusCode::OK));
    let wish = json!({ "channel": "whatsapp", "key": "main", "signing_secrets": ["another"], "verify_token": "word" });
    assert_eq!(site.api("admin", "POST", "sources", wish).await.status, StatusCode::CREATED);
    assert_eq!((here(&old).await, here(&new).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
    site.world.clock.advance(Duration::from_secs(1));
    assert_eq!((there(&old).await, there(&new).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}

async fn an_endpoint_that_was_removed_takes_nothing_more(place: Place) {
    let site = Site::unconnected(place).await;
    let post = async || site.send(signed(&site.world.sender, PATH, one_text(&site))).await.status;
    assert_eq!(post().await, StatusCode::OK);
    assert_eq!(site.api("admin", "DELETE", "sources/main", Value::Null).await.status, StatusCode::OK);
    assert_eq!(post().await, StatusCode::NOT_FOUND);
}

async fn what_is_not_the_providers_is_refused_and_counted(place: Place) {
    let site = Site::unconnected(place).await;
    let body = one_text(&site);
    let stranger = Sender { secret: "another".into(), ..site.world.sender.clone() };
    let wrong = site.send(signed(&stranger, PATH, body.clone())).await;
    assert_eq!((wrong.status, wrong.body.len()), (StatusCode::UNAUTHORIZED, 0));
    let unsigned = site.send(Request::post(PATH).body(Body::from(body.clone())).unwrap()).await;
    assert_eq!((unsigned.status, unsigned.body.len()), (StatusCode::UNAUTHORIZED, 0));
    for path in
        ["/hooks/whatsapp/other", "/hooks/telegraph/main", "/hooks/whatsapp/%00", "/hooks/whatsapp/a%20b"]
    {
        let answer = site.send(signed(&site.world.sender, path, body.clone())).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_FOUND, 0), "{path}");
    }
    let metrics = metrics::text(&site.world.app).await.unwrap();
    let refused = "causeway_webhook_requests_total{channel=\"whatsapp\",answer=\"refused\"} 2\n";
    assert!(metrics.contains(refused), "{metrics}");
    assert!(metrics.contains("causeway_intake_waiting 0\n"), "{metrics}");
}

async fn the_challenge_comes_back_as_plain_text(place: Place) {
    let site = Site::unconnected(place).await;
    let ask = |token: &str, challenge: &str| {
        site.world.sender.challenge(PATH, token, challenge).map(|_| Body::empty())
    };
    let answer = site.send(ask("verify", "1158201444")).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "1158201444".to_owned()));
    assert!(answer.header("content-type").starts_with("text/plain"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let refused = site.send(ask("guess", "1")).await;
    assert_eq!((refused.status, refused.body.len()), (StatusCode::FORBIDDEN, 0));
    let unknown = site.get("/hooks/whatsapp/none?hub.mode=subscribe").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

async fn a_body_over_the_limit_is_refused_before_it_is_read(place: Place) {
    let site = Site::unconnected(place).await;
    let limit = 5 * 1024 * 1024;
    let announced = Request::post(PATH).header("content-length", (limit + 1).to_string());
    let answer = site.send(announced.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A stream without a length and without an end: the answer comes although it never stops.
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]));
    let answer = site.send(Request::post(PATH).body(Body::from_stream(endless)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let whole = vec![b'x'; limit];
    let answer = site.send(signed(&site.world.sender, PATH, whole)).await;
    assert_eq!(answer.status, StatusCode::OK, "the limit itself is accepted, and read later");
    assert_eq!(site.world.digest().await.poison, 1);
}
