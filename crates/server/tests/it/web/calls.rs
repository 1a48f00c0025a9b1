//! The calls of a connection's org, on its page and in the API.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::{
    journeys::ability::hanako,
    store::engine::{Place, on_both_engines},
};

on_both_engines!(
    the_page_tells_who_used_the_orgs_calls_and_what_for,
    share_and_reserve_are_chosen_on_the_page_by_whoever_may,
    the_api_tells_and_changes_the_same,
    near_the_end_and_at_the_stop_a_notice_says_so_until_it_has_recovered,
    an_org_that_told_no_limit_says_so,
    a_mail_that_could_not_be_sent_is_a_notice_for_those_who_lead,
);

async fn site(place: Place) -> Site {
    let site = Site::new(place).await;
    site.world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    site.world.hear(&hanako(), "wamid.0", "text 0").await;
    site
}

async fn used(site: &Site, used: u64, number: usize) {
    site.world.sim("POST", "usage", json!({"used": used})).await;
    site.world.hear(&hanako(), &format!("wamid.{number}"), "hello").await;
    site.world.after(std::time::Duration::from_mins(2)).await;
}

async fn shown(site: &Site, role: &str) -> String {
    site.page(role, &format!("/integrations/connection/{}", site.connection())).await.text()
}

async fn the_page_tells_who_used_the_orgs_calls_and_what_for(place: Place) {
    let site = site(place).await;
    used(&site, 300, 1).await;
    let page = shown(&site, "manager").await;
    for part in ["Enough", "New messages", "Panels that people look at", "Nothing waits", "Left to others"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    used(&site, 950, 2).await;
    used(&site, 950, 3).await;
    let page = shown(&site, "manager").await;
    for part in ["Waiting for calls", "what remains is left to others", "Panels are still read"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

async fn share_and_reserve_are_chosen_on_the_page_by_whoever_may(place: Place) {
    let site = site(place).await;
    let address = format!("/integrations/connection/{}/calls", site.connection());
    let done = site.form("admin", &address, "share_percent=20&reserve_percent=").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let budget = site.world.connection().await.budget;
    assert_eq!((budget.share_percent, budget.reserve_percent), (Some(20), None));
    let bad = site.form("admin", &address, "share_percent=120&reserve_percent=x").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("value=\"120\"") && bad.text().contains("A whole number from 0 to 100"));
    assert_eq!(site.form("manager", &address, "share_percent=1").await.status, StatusCode::FORBIDDEN);
    let page = shown(&site, "manager").await;
    assert!(page.contains("An owner or admin can change this") && !page.contains("name=\"share_percent\""));
    let log = site.page("admin", "/settings/audit").await.text();
    assert!(log.contains("changed how many API calls may be used"), "{log}");
}

async fn the_api_tells_and_changes_the_same(place: Place) {
    let site = site(place).await;
    let path = format!("connections/{}/calls", site.connection());
    let told = site.api("agent", "GET", &path, Value::Null).await.json();
    assert_eq!(
        (&told["limit"], &told["share_percent"], &told["reserve_percent"]),
        (&json!(1000), &json!(100), &json!(10))
    );
    assert!(told["ours_by_purpose"]["window"]["message"].as_u64().unwrap() > 0, "{told}");
    assert_eq!(told["forecast"]["reached"]["because"], json!("too_few_readings"));
    let changed = site.api("admin", "PATCH", &path, json!({"share_percent": 7})).await.json();
    assert_eq!((&changed["share_percent"], &changed["chosen"]["reserve_percent"]), (&json!(7), &Value::Null));
    let back =
        site.api("admin", "PATCH", &path, json!({"share_percent": null, "reserve_percent": 0})).await.json();
    assert_eq!((&back["share_percent"], &back["reserve_percent"]), (&json!(100), &json!(0)));
    assert_eq!(site.api("admin", "PATCH", &path, json!({"share_percent": 101})).await.refusal().0, "invalid");
    assert_eq!(site.api("manager", "PATCH", &path, json!({})).await.status, StatusCode::FORBIDDEN);
    site.stranger().await;
    assert_eq!(site.api("stranger", "GET", &path, Value::Null).await.status, StatusCode::NOT_FOUND);
    site.api("admin", "PATCH", &path, json!({"reserve_percent": 10})).await;
    used(&site, 950, 1).await;
    used(&site, 950, 2).await;
    let told = site.api("agent", "GET", &path, Value::Null).await.json();
    assert_eq!(told["waits"]["because"], json!("reserve"), "{told}");
    assert!(told["waits"]["detail"].as_str().unwrap().contains("10 % is left to others"));
}

async fn near_the_end_and_at_the_stop_a_notice_says_so_until_it_has_recovered(place: Place) {
    let site = site(place).await;
    let says = async |role: &str, text: &str| site.page(role, "/notices").await.text().contains(text);
    assert!(!says("manager", "are running short").await);
    used(&site, 750, 1).await;
    assert!(says("manager", "are running short").await);
    assert!(!says("agent", "are running short").await);
    used(&site, 950, 2).await;
    used(&site, 950, 3).await;
    assert!(says("manager", "is reached").await);
    site.world.sim("POST", "usage", json!({"used": 10})).await;
    site.world.rest(std::time::Duration::from_mins(30), std::time::Duration::from_hours(6)).await;
    assert!(!says("manager", "is reached").await && !says("manager", "are running short").await);
}

async fn an_org_that_told_no_limit_says_so(place: Place) {
    let site = Site::new(place).await;
    let (db, id) = (site.world.app.db.clone(), site.world.connection_id);
    let told = causeway_core::call::Usage { used: 0, limit: 0 };
    db.write(move |tx| {
        Box::pin(async move {
            let connection = causeway::store::connection::find(tx, id).await?.unwrap();
            causeway::store::connection::put_usage(tx, "salesforce", &connection.org_id, told, 1).await
        })
    })
    .await
    .unwrap();
    let page = shown(&site, "owner").await;
    assert!(page.contains("No limit known") && page.contains("has not told its limit yet"), "{page}");
    assert!(page.contains("the server has no mail set up"));
}

async fn a_mail_that_could_not_be_sent_is_a_notice_for_those_who_lead(place: Place) {
    let mut site = site(place).await;
    let mut config = (*site.world.app.config).clone();
    config.mail.server = "127.0.0.1".into();
    config.mail.port = 1;
    config.mail.from = "nobody".into();
    site.world.app.config = Arc::new(config);
    used(&site, 800, 1).await;
    assert_eq!(causeway::mail::send_due(&site.world.app).await.unwrap(), 0);
    let page = site.page("admin", "/notices").await.text();
    assert!(page.contains("could not be sent") && page.contains("is no sender"), "{page}");
    assert!(!site.page("manager", "/notices").await.text().contains("could not be sent"));
}
