//! The first run: an empty server, the token of the terminal, and whoever has it.

use axum::body::Body;
use causeway::{first_run, store::sign_in as passwords};
use http::{Request, StatusCode};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_first_run_leads_from_the_address_in_the_terminal_into_the_application,
    a_wrong_token_sets_nothing_up,
    what_was_typed_is_kept_and_what_is_wrong_is_said_at_its_field,
    of_two_at_once_one_sets_the_server_up,
);

const FIELDS: &str = "name=Nora+Falk&email=Nora%40Acme.test&password=correct+horse+battery&workspace=Acme\
                      &zone=Asia%2FTokyo&region=Japan";

/// A server with nothing set up, and the token of its terminal.
async fn empty(place: Place) -> (Site, String) {
    let site = Site::empty(place).await;
    let token = first_run::setup_token(&site.world.app).await.unwrap();
    (site, token)
}

async fn send(site: &Site, fields: &str) -> Answer {
    let request = Request::post("/setup")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()));
    site.send(request.unwrap()).await
}

async fn the_first_run_leads_from_the_address_in_the_terminal_into_the_application(place: Place) {
    let (site, token) = empty(place).await;
    assert_eq!(site.get("/").await.header("location"), "/setup");
    assert!(site.get("/setup").await.text().contains("printed an address with a one-time token"));
    let form = site.get(&format!("/setup?token={token}")).await.text();
    assert!(form.contains(&format!("value=\"{token}\"")) && form.contains("Asia/Tokyo"), "{form}");
    let done = send(&site, &format!("token={token}&{FIELDS}")).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, "/integrations"),
        "{}",
        done.text()
    );
    let cookie = done.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = async |path: &str| {
        site.send(Request::get(path).header("cookie", &cookie).body(Body::empty()).unwrap()).await.text()
    };
    let mine = page("/settings/me").await;
    assert!(
        mine.contains("Nora Falk") && mine.contains("nora@acme.test") && mine.contains("owner"),
        "{mine}"
    );
    let workspace = page("/settings/workspace").await;
    assert!(workspace.contains("value=\"Acme\"") && workspace.contains("value=\"JP\""), "{workspace}");
    assert!(workspace.contains("value=\"Asia/Tokyo\" selected"), "{workspace}");
    assert!(page("/settings/audit").await.contains("set up the workspace"));
    for again in [
        site.get(&format!("/setup?token={token}")).await,
        send(&site, &format!("token={token}&{FIELDS}")).await,
    ] {
        assert!(!again.status.is_success() && !again.status.is_redirection(), "{}", again.status);
    }
    assert_eq!(site.get("/setup").await.status, StatusCode::GONE);
    assert_eq!(site.get("/").await.header("location"), "/sign-in");
}

async fn a_wrong_token_sets_nothing_up(place: Place) {
    let (site, old) = empty(place).await;
    let token = first_run::setup_token(&site.world.app).await.unwrap();
    for wrong in ["", "invented", old.as_str()] {
        let refused = send(&site, &format!("token={wrong}&{FIELDS}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{wrong}");
        assert!(refused.text().contains("not the token that the server printed"));
        assert!(refused.text().contains("Nora Falk"), "what was typed is kept");
    }
    assert!(first_run::is_empty(&site.world.app).await.unwrap());
    assert_eq!(send(&site, &format!("token={token}&{FIELDS}")).await.status, StatusCode::SEE_OTHER);
}

async fn what_was_typed_is_kept_and_what_is_wrong_is_said_at_its_field(place: Place) {
    let (site, token) = empty(place).await;
    let wrong = "name=&email=nora&password=short&workspace=+&zone=UTC&region=Atlantis";
    let refused = send(&site, &format!("token={token}&{wrong}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    for told in [
        "Write the name",
        "looks like name@example.com",
        "Only 5 characters",
        "Write a name, such as",
        "no country",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(
        page.contains("value=\"Atlantis\"") && page.contains("value=\"nora\"") && !page.contains("short\"")
    );
    let unreadable = FIELDS.replace("Nora+Falk", "Nora%00Falk");
    assert_eq!(
        send(&site, &format!("token={token}&{unreadable}")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

async fn of_two_at_once_one_sets_the_server_up(place: Place) {
    let (site, token) = empty(place).await;
    let fields = format!("token={token}&{FIELDS}");
    let answers = futures_util::future::join_all((0..4).map(|_| send(&site, &fields))).await;
    let entered = answers.iter().filter(|one| one.status == StatusCode::SEE_OTHER).count();
    assert_eq!(entered, 1, "{:?}", answers.iter().map(|one| one.status).collect::<Vec<_>>());
    let made = site.world.app.db.read(|tx| Box::pin(passwords::candidates(tx, "nora@acme.test")));
    assert_eq!(made.await.unwrap().len(), 1);
}
