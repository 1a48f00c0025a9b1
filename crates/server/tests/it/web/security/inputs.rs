//! Every page and every address of the API with what no form of ours would send.

use causeway::web;
use http::Method;

use super::{super::Site, request};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    nothing_that_is_sent_is_a_fault_of_ours,
    a_nul_is_refused_wherever_it_stands,
    what_is_not_asked_for_changes_nothing,
);

/// Values that no database, no number and no page expects.
const HOSTILE: &[&str] = &[
    "%00",
    "a%00b",
    "%FF%FE",
    "99999999999999999999",
    "-1",
    "cnv_zzzzzzzzzzzz",
    "%F0%9F%91%8D%E2%80%AE",
    "%27%22%3B%3C%3E%5C%2F%2E%2E",
];

/// Names under which forms and queries of ours take something.
const NAMES: &[&str] = &[
    "account",
    "agent",
    "assignee",
    "at",
    "body",
    "choice",
    "conflict",
    "connection",
    "contact",
    "cursor",
    "before",
    "company",
    "default_owner",
    "done",
    "draft",
    "email",
    "environment",
    "fields",
    "fresh",
    "host",
    "ids",
    "inbox",
    "key",
    "label",
    "lead_source",
    "literal",
    "member",
    "module",
    "most",
    "name",
    "next",
    "number",
    "password",
    "pointer",
    "present",
    "q",
    "reason",
    "record",
    "region",
    "revision",
    "role",
    "search",
    "secret",
    "shape",
    "since",
    "source",
    "state",
    "status",
    "text",
    "ticket",
    "token",
    "unread",
    "user",
    "verify",
    "version",
    "who",
    "workspace",
    "zone",
];

fn all_named(value: &str) -> String {
    NAMES.iter().map(|name| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The address with that in the place of each id.
fn with(path: &str, value: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { value } else { part }).collect::<Vec<_>>().join("/")
}

async fn nothing_that_is_sent_is_a_fault_of_ours(place: Place) {
    let site = Site::new(place).await;
    let cookie = site.cookie("owner").await;
    let long = "x".repeat(900);
    for value in HOSTILE.iter().copied().chain([long.as_str()]) {
        for (method, path, _) in web::access(site.world.app.clone()) {
            // Signing oneself out ends the session under which the rest is asked; a stream does not end.
            if path == "/live" || path.starts_with("/settings/account") && method == Method::POST {
                continue;
            }
            let path = with(path, value);
            let sent = if method == Method::GET {
                let path = format!("{path}?{}", all_named(value));
                request("GET", &path, &[("cookie", &cookie)], "")
            } else {
                let kind = "application/x-www-form-urlencoded";
                let headers =
                    [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", kind)];
                request("POST", &path, &headers, all_named(value))
            };
            let answer = site.send(sent).await;
            assert!(answer.status.as_u16() < 500, "{method} {path}: {}: {}", answer.status, answer.text());
        }
        for (method, path, _) in web::api_access(site.world.app.clone()) {
            let path = format!("/api/v1{}?{}", with(path, value), all_named(value));
            let headers = [("authorization", "Bearer owner"), ("content-type", "application/json")];
            let decoded = value.replace("%00", "\\u0000").replace('%', "");
            let fields: Vec<String> = NAMES.iter().map(|name| format!("\"{name}\":\"{decoded}\"")).collect();
            let answer = site
                .send(request(method.as_str(), &path, &headers, format!("{{{}}}", fields.join(","))))
                .await;
            assert!(answer.status.as_u16() < 500, "{method} {path}: {}: {}", answer.status, answer.text());
        }
        for path in [
            "/sign-in",
            "/setup",
            "/enter/x",
            "/join/x",
            "/oauth/salesforce/start",
            "/oauth/salesforce/callback",
            "/hooks/whatsapp/main",
        ] {
            let answer = site.get(&format!("{path}?{}", all_named(value))).await;
            assert!(answer.status.as_u16() < 500, "{path} {value}: {}", answer.status);
            let kind = "application/x-www-form-urlencoded";
            let headers = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
            let answer = site.send(request("POST", path, &headers, all_named(value))).await;
            assert!(answer.status.as_u16() < 500, "POST {path} {value}: {}", answer.status);
        }
    }
}

async fn a_nul_is_refused_wherever_it_stands(place: Place) {
    let site = Site::unconnected(place).await;
    assert_eq!(site.page("owner", "/inbox/cnv_%00").await.status.as_u16(), 404);
    // Behind the question mark it says nothing.
    for path in ["/inbox?q=a%00", "/contacts?search=%00", "/settings/audit?action=%00", "/sign-in?next=/%00"]
    {
        let answer = site.page("owner", path).await;
        assert!(matches!(answer.status.as_u16(), 200 | 303), "{path}: {}", answer.status);
        assert!(!answer.text().contains("%00"), "{path}");
    }
    let answer = site.form("owner", "/settings/tokens", "name=a%00b").await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(answer.text().contains("no text"), "{}", answer.text());
    let answer = site.form("owner", "/settings/tokens", "name=a\0b").await;
    assert_eq!(answer.status.as_u16(), 422);
    let body = serde_json::json!({ "text": "a\0b" });
    let answer = site.api("owner", "POST", "conversations/cnv_1/memos", body).await;
    assert_eq!((answer.status.as_u16(), answer.refusal().0.as_str()), (422, "invalid"));
    for path in ["trace/%00", "sources/%00/requests", "contacts?search=%00"] {
        let answer = site.api("owner", "GET", path, serde_json::Value::Null).await;
        assert!([404, 422].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
    }
}

/// Fields that a form or a body does not have are no way to what somebody may not set.
async fn what_is_not_asked_for_changes_nothing(place: Place) {
    let site = Site::unconnected(place).await;
    let before = site.actor("agent").await;
    let extra =
        "name=Agent&role=owner&workspace=1&workspace_id=1&member=mem_1&id=1&is_active=0&email=x%40y.test";
    for (method, path, _) in web::access(site.world.app.clone()) {
        if method == Method::POST && path.starts_with("/settings") {
            site.form("agent", &with(path, "mem_1"), extra).await;
        }
    }
    let wish = serde_json::json!({ "assignee": null, "workspace_id": 1, "unread": 7, "contact": "ctc_1" });
    site.api("agent", "PATCH", "conversations/cnv_1", wish).await;
    let after = site.actor("agent").await;
    assert_eq!((after.member.role, after.member.id), (before.member.role, before.member.id));
    assert_eq!((after.member.email, after.workspace_id), (before.member.email, before.workspace_id));
}
