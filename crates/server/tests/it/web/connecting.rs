//! Connecting through the browser: our two addresses, the org's own pages in between.

use axum::body::Body;
use causeway::cli::demo::browser::{Browser, query_value};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_member_connects_and_is_told_what,
    a_refusal_a_forged_state_and_another_browser_connect_nothing,
    a_connection_is_ended_and_renewed,
);

fn path_of(url: &str) -> &str {
    url.strip_prefix("http://causeway.test").unwrap()
}

/// Begins, and goes through the org's pages; what comes back is the way home and the cookie.
async fn travel(site: &Site, open: &str, decision: &str) -> (String, String) {
    let started = site.get(path_of(open)).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text());
    let cookie = started.header("set-cookie").to_owned();
    for part in ["causeway_connect=", "HttpOnly", "SameSite=Lax", "Path=/oauth", "Max-Age=600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http would lose it: {cookie}");
    let mut browser = Browser::new(site.world.app.http.clone());
    let back = |url: &str| url.starts_with("http://causeway.test/");
    let login = browser.open(started.header("location"), back).await.unwrap();
    let who = [("username", "maya.lindqvist@acme.example"), ("password", "sim")];
    let consent = browser.submit(&login, "login", &who, back).await.unwrap();
    let done = browser.submit(&consent, "consent", &[("decision", decision)], back).await.unwrap();
    (done.url, cookie.split(';').next().unwrap().to_owned())
}

async fn come_back(site: &Site, url: &str, cookie: &str) -> Answer {
    let request = Request::get(path_of(url)).header("cookie", format!("theme=dark; {cookie}"));
    site.send(request.body(Body::empty()).unwrap()).await
}

async fn begin(site: &Site) -> String {
    let wish = json!({ "crm": "salesforce", "environment": "org.test" });
    let begun = site.api("admin", "POST", "connections", wish).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
    begun.json()["open"].as_str().unwrap().to_owned()
}

async fn a_member_connects_and_is_told_what(place: Place) {
    let site = Site::unconnected(place).await;
    let open = begin(&site).await;
    let (home, cookie) = travel(&site, &open, "allow").await;
    let page = come_back(&site, &home, &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    assert!(text.contains("Connected") && text.contains("Maya Lindqvist"), "{text}");
    assert!(text.contains("data-closes"), "{text}");
    assert!(page.header("set-cookie").contains("Max-Age=0"), "the cookie is taken back");
    let listed = site.api("agent", "GET", "connections", Value::Null).await.json();
    let connection = &listed["connections"][0];
    assert_eq!(connection["state"], "connected");
    assert!(connection["calls"]["describe"].as_i64().unwrap() >= 1, "{connection}");
    assert!(connection["id"].as_str().unwrap().starts_with("con_"));
    let shown = listed.to_string();
    assert!(!shown.contains("token"), "no secret leaves: {shown}");
    // Opened twice, or come back twice: used up.
    assert_eq!(site.get(path_of(&open)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(come_back(&site, &home, &cookie).await.status, StatusCode::BAD_REQUEST);
}

async fn a_refusal_a_forged_state_and_another_browser_connect_nothing(place: Place) {
    let site = Site::unconnected(place).await;
    let (home, cookie) = travel(&site, &begin(&site).await, "deny").await;
    let page = come_back(&site, &home, &cookie).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text().contains("Access was not granted"));
    let (home, _) = travel(&site, &begin(&site).await, "allow").await;
    let page = come_back(&site, &home, "causeway_connect=other").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("another browser"));
    let forged = site.get("/oauth/salesforce/callback?code=x&state=y").await;
    assert_eq!(forged.status, StatusCode::BAD_REQUEST);
    let words = "/oauth/salesforce/callback?error=%3Cscript%3E&state=y";
    assert!(!site.get(words).await.text().contains("<script>"));
    let listed = site.api("owner", "GET", "connections", Value::Null).await.json();
    assert_eq!(listed["connections"], json!([]));
}

async fn a_connection_is_ended_and_renewed(place: Place) {
    let site = Site::new(place).await;
    let path = format!("connections/{}", site.connection());
    assert_eq!(site.api("manager", "DELETE", &path, Value::Null).await.status, StatusCode::FORBIDDEN);
    let ended = site.api("owner", "DELETE", &path, Value::Null).await;
    assert_eq!(ended.json(), json!({ "state": "disconnected", "revoked": true }));
    let listed = site.api("agent", "GET", "connections", Value::Null).await.json();
    assert_eq!(listed["connections"][0]["state"], "disconnected");
    let begun = site.api("owner", "POST", &format!("{path}/reconnect"), Value::Null).await.json();
    let open = begun["open"].as_str().unwrap();
    assert!(query_value(open, "ticket").is_some());
    let (home, cookie) = travel(&site, open, "allow").await;
    assert_eq!(come_back(&site, &home, &cookie).await.status, StatusCode::OK);
    let listed = site.api("agent", "GET", "connections", Value::Null).await.json();
    assert_eq!(listed["connections"].as_array().unwrap().len(), 1);
    assert_eq!(listed["connections"][0]["state"], "connected");
    let unknown = site.api("owner", "DELETE", "connections/con_1", Value::Null).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    for (crm, environment) in [("zoho", "production"), ("salesforce", "evil.example")] {
        let wish = json!({ "crm": crm, "environment": environment });
        let refused = site.api("owner", "POST", "connections", wish).await;
        assert_eq!(
            (refused.status, refused.refusal().0.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
        );
    }
}
