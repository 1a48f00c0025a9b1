//! Ways around a sign-in: sessions that somebody prepared, hosts that are somebody else's, frames, paths, and requests
//! within requests.

use std::time::Duration;

use causeway::{clock, serve, sign_in as entrance, store::sign_in as passwords, web};
use http::{Method, StatusCode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use super::{super::Site, request};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_session_that_somebody_prepared_is_not_the_one_that_begins,
    whatever_host_is_named_no_answer_leads_there,
    no_line_of_an_answer_is_the_askers,
    no_page_can_be_framed_or_tells_another_site_where_it_was,
    no_path_leads_out_of_the_assets,
    a_request_within_a_request_is_not_answered,
    heads_without_an_end_are_refused,
);

const FORM: &str = "application/x-www-form-urlencoded";

async fn a_session_that_somebody_prepared_is_not_the_one_that_begins(place: Place) {
    let site = Site::unconnected(place).await;
    let by = site.actor("agent").await;
    let hash = entrance::hash(&site.world.app.nature, "correct horse battery").await.unwrap();
    let app = &site.world.app;
    app.db
        .write(move |tx| {
            Box::pin(async move { passwords::put_password(tx, by.workspace_id, by.member.id, &hash).await })
        })
        .await
        .unwrap();
    let theirs = "causeway_session=prepared-by-somebody";
    let headers = [("cookie", theirs), ("sec-fetch-site", "same-origin"), ("content-type", FORM)];
    let entered = "email=agent%40acme.test&password=correct+horse+battery";
    let answer = site.send(request("POST", "/sign-in", &headers, entered)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!answer.header("set-cookie").contains("prepared"), "{}", answer.header("set-cookie"));
    let theirs = site.send(request("GET", "/inbox", &[("cookie", theirs)], "")).await;
    assert_eq!(theirs.status, StatusCode::SEE_OTHER, "what they prepared leads nowhere");
}

async fn whatever_host_is_named_no_answer_leads_there(place: Place) {
    let site = Site::new(place).await;
    let cookie = site.cookie("owner").await;
    let evil = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-original-url", "/evil.example"),
        ("referer", "https://evil.example//evil.example/x"),
        ("cookie", &cookie),
    ];
    for (method, path, _) in web::access(site.world.app.clone()) {
        if path == "/live" || path.contains('{') {
            continue;
        }
        let mut headers = evil.to_vec();
        if method == Method::POST {
            headers.extend([("sec-fetch-site", "same-origin"), ("content-type", FORM)]);
        }
        for headers in [headers.clone(), headers.into_iter().filter(|(name, _)| *name != "cookie").collect()]
        {
            let answer =
                site.send(request(method.as_str(), path, &headers, "email=new%40acme.test&role=agent")).await;
            let leads = answer.header("location").to_owned();
            assert!(!leads.contains("//"), "{path} leads to {leads}");
            let place = leads.split_once("next=").map_or("", |(_, place)| place);
            assert!(!place.starts_with("%2F%2F") && !place.starts_with("//"), "{path} leads back to {leads}");
            assert!(!answer.text().contains("evil.example"), "{path} shows {}", answer.text());
        }
    }
}

async fn no_line_of_an_answer_is_the_askers(place: Place) {
    let site = Site::unconnected(place).await;
    for next in ["/x%0d%0aSet-Cookie:%20a=b", "%0d%0a%0d%0a%3Cscript%3E", "/%E5%98%8A%E5%98%8DSet-Cookie:a=b"]
    {
        let answer = site.get(&format!("/sign-in?next={next}")).await;
        assert!(!answer.headers.contains_key("set-cookie"));
        let answer = site.get(&format!("/inbox?x={next}")).await;
        assert!(!answer.headers.contains_key("set-cookie"), "{next}");
        assert!(!answer.header("location").contains(['\r', '\n']), "{next}");
    }
}

async fn no_page_can_be_framed_or_tells_another_site_where_it_was(place: Place) {
    let site = Site::unconnected(place).await;
    let open =
        ["/sign-in", "/join/token", "/enter/token", "/setup?token=x", "/oauth/salesforce/callback?state=x"];
    let pages = web::access(site.world.app.clone()).into_iter().filter(|(method, ..)| method == Method::GET);
    let guarded = pages.map(|(_, path, _)| path).filter(|path| *path != "/live" && !path.contains('{'));
    for path in guarded.chain(open) {
        let answer = site.page("owner", path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        // A link of an invitation stands in the address: it goes to no other site, not even as where one came from.
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.text().contains("src=\"http"), "{path} loads from elsewhere");
    }
}

async fn no_path_leads_out_of_the_assets(place: Place) {
    let site = Site::unconnected(place).await;
    for path in [
        "../../Cargo.toml",
        "..%2f..%2fCargo.toml",
        "css/..%2f..%2f..%2fsrc/lib.rs",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "....//....//etc/passwd",
        "css%5c..%5c..%5cCargo.toml",
        "css/",
        ".",
    ] {
        let answer = site.get(&format!("/assets/x/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
}

/// Sends these bytes over one connection and reads all that is answered.
async fn exchange(site: &Site, bytes: &[u8]) -> String {
    let mut app = site.world.app.clone();
    app.limits.head = Duration::from_millis(500);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::until(app, listener, async { drop(stopped.await) }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may be closed in the middle, which is an answer, too.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = clock::within(Duration::from_secs(15), stream.read_to_end(&mut answer)).await;
    assert!(read.is_some(), "the connection stays open");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn a_request_within_a_request_is_not_answered(place: Place) {
    let site = Site::unconnected(place).await;
    let inner = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = inner.len();
    for (what, head) in [
        ("two lengths", format!("Content-Length: 0\r\nContent-Length: {length}\r\n")),
        ("a length of a length", format!("Content-Length: +{length}\r\n")),
        ("a length beside chunks", format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n")),
        ("chunks in other words", "Transfer-Encoding: xchunked\r\n".to_owned()),
        ("chunks twice", "Transfer-Encoding: chunked, identity\r\n".to_owned()),
        ("a header that goes on", "X-A: b\r\n Transfer-Encoding: chunked\r\n".to_owned()),
        ("a blank before the colon", format!("Content-Length : {length}\r\n")),
    ] {
        let said =
            exchange(&site, format!("POST /sign-in HTTP/1.1\r\nHost: x\r\n{head}\r\n{inner}").as_bytes())
                .await;
        assert!(!said.ends_with("ok\n"), "{what}: the inner one was answered: {said}");
    }
    // And two requests, one after the other, are two.
    let said = exchange(&site, format!("{inner}{inner}").as_bytes()).await;
    assert_eq!(said.matches("200 OK").count(), 2, "{said}");
}

async fn heads_without_an_end_are_refused(place: Place) {
    let site = Site::unconnected(place).await;
    let long = "x".repeat(200_000);
    for head in [
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(5_000)),
    ] {
        let said = exchange(&site, head.as_bytes()).await;
        assert!(!said.contains("200 OK"), "it was read: {said:.60}");
    }
}
