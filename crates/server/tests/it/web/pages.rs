//! The pages, the probes, and the headers that every answer carries.

use http::StatusCode;

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(every_answer_carries_its_headers, nothing_is_invented_where_nothing_is,);

async fn every_answer_carries_its_headers(place: Place) {
    let site = Site::unconnected(place).await;
    for path in ["/", "/healthz", "/api/v1/status", "/oauth/salesforce/start?ticket=x", "/hooks/whatsapp/x"] {
        let answer = site.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for (path, kind) in
        [("css/app.css", "text/css"), ("js/main.js", "text/javascript"), ("icons.svg", "image/svg")]
    {
        let answer = site.get(&causeway_pages::assets::url(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").starts_with(kind));
        assert!(answer.header("cache-control").contains("immutable"));
    }
    // A page from before an update gets what is there now, and does not keep it.
    let answer = site.get("/assets/0123456789abcdef/css/app.css").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
}

async fn nothing_is_invented_where_nothing_is(place: Place) {
    let site = Site::unconnected(place).await;
    for path in ["/nowhere", "/assets", "/inbox/cnv_1/nothing/of/the/kind"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let page = answer.text();
        assert!(page.contains("Nothing here"), "{page}");
        assert!(!page.contains("<style") && !page.contains("style=\"") && !page.contains("onload"));
    }
    let answer = site.api("owner", "GET", "nowhere", serde_json::Value::Null).await;
    assert_eq!((answer.status, answer.refusal().0.as_str()), (StatusCode::NOT_FOUND, "not_found"));
    let answer = site.api("owner", "PUT", "status", serde_json::Value::Null).await;
    assert_eq!(
        (answer.status, answer.refusal().0.as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "wrong_method")
    );
}
