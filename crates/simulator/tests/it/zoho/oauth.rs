//! Tokens: who gets which, for how long, and what is said when they do not.

use causeway_simulator::zoho::{App, Centre, Options};
use serde_json::json;

use super::world::{CLIENT, Reply, World};

const ASK: &str = "/oauth/v2/auth?response_type=code&client_id=1000.CAUSEWAYSIM&redirect_uri=http%3A%2F%2Fc.test%2Fback\
                   &scope=ZohoCRM.modules.ALL,ZohoCRM.org.READ&state=s1";

/// Signs in and decides; the address that the browser is sent back to.
async fn decide(world: &World, host: &str, ask: &str, decision: &str) -> String {
    let (path, query) = ask.split_once('?').expect("a query");
    let login = format!("{query}&username=maya.lindqvist%40acme.example&password=sim");
    let consent = world.form_at(host, path, &login).await;
    let ticket = consent.text.split("name=\"ticket\" value=\"").nth(1).expect("a ticket");
    let ticket = ticket.split('"').next().expect("a ticket");
    let decided = format!("{query}&ticket={ticket}&decision={decision}");
    let sent = world.form_at(host, "/oauth/v2/auth/consent", &decided).await;
    assert_eq!(sent.status, 302, "{}", sent.text);
    sent.header("location").to_owned()
}

fn parameter(address: &str, name: &str) -> String {
    let start = format!("{name}=");
    let (_, query) = address.split_once('?').expect("a query");
    let found = query.split('&').find_map(|pair| pair.strip_prefix(&start)).unwrap_or_default();
    found.replace("%3A", ":").replace("%2F", "/")
}

async fn approved(world: &World, extra: &str) -> Reply {
    let back = decide(world, "org.test", &format!("{ASK}{extra}"), "allow").await;
    world.exchange(&parameter(&back, "code")).await
}

#[tokio::test]
async fn consent_sends_a_code_with_the_data_centre_and_its_accounts_server() {
    let world = World::new().await;
    let back = decide(&world, "org.test", ASK, "allow").await;
    assert!(back.starts_with("http://c.test/back?"), "{back}");
    assert_eq!(
        (parameter(&back, "location"), parameter(&back, "accounts-server"), parameter(&back, "state")),
        ("us".into(), "http://org.test".into(), "s1".into())
    );
    let reply = world.exchange(&parameter(&back, "code")).await;
    assert_eq!((reply.status, &reply.body["api_domain"]), (200, &json!("http://org.test")));
    assert_eq!(reply.body["scope"], "ZohoCRM.modules.ALL ZohoCRM.org.READ");
    assert_eq!(reply.body["expires_in"], 3600);
}

#[tokio::test]
async fn who_refuses_is_sent_back_with_access_denied() {
    let world = World::new().await;
    let back = decide(&world, "org.test", ASK, "deny").await;
    assert_eq!((parameter(&back, "error"), parameter(&back, "state")), ("access_denied".into(), "s1".into()));
}

#[tokio::test]
async fn what_is_wrong_with_the_client_is_shown_and_sent_nowhere() {
    let world = World::new().await;
    for (wrong, words) in [
        (ASK.replace("CAUSEWAYSIM", "NOBODY"), "Invalid Client ID"),
        (ASK.replace("http%3A%2F%2Fc.test%2Fback", "back"), "Invalid Redirect Uri"),
        (ASK.replace("ZohoCRM.org.READ", "Something.else"), "Invalid OAuth Scope"),
    ] {
        let page = world.get(&wrong).await;
        assert_eq!((page.status, page.header("location")), (400, ""));
        assert!(page.text.contains(words), "{}", page.text);
    }
}

#[tokio::test]
async fn a_refresh_token_comes_offline_and_at_the_first_consent_or_when_consent_is_forced() {
    let world =
        World::with(Options { public_url: Some("http://org.test".into()), ..Options::default() }).await;
    world.sim("tokens", json!({"revoke_all": true})).await;
    assert!(approved(&world, "").await.body.get("refresh_token").is_none());
    assert!(approved(&world, "&access_type=offline").await.body["refresh_token"].is_string());
    assert!(approved(&world, "&access_type=offline").await.body.get("refresh_token").is_none());
    assert!(approved(&world, "&access_type=offline&prompt=consent").await.body["refresh_token"].is_string());
}

#[tokio::test]
async fn token_errors_come_with_http_200() {
    let world = World::new().await;
    for (form, error) in [
        (format!("grant_type=authorization_code&code=1000.x&{CLIENT}"), "invalid_code"),
        (format!("grant_type=refresh_token&refresh_token=1000.x&{CLIENT}"), "invalid_code"),
        ("grant_type=refresh_token&client_id=nobody&client_secret=x".to_owned(), "invalid_client"),
        (
            "grant_type=refresh_token&client_id=1000.CAUSEWAYSIM&client_secret=x".to_owned(),
            "invalid_client_secret",
        ),
        (format!("grant_type=password&{CLIENT}"), "unsupported_grant_type"),
    ] {
        let reply = world.form("/oauth/v2/token", &form).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({"error": error})));
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_three_minutes() {
    let world = World::new().await;
    let code = world.sim("grant", json!({})).await["code"].as_str().expect("a code").to_owned();
    assert!(world.exchange(&code).await.body["access_token"].is_string());
    assert_eq!(world.exchange(&code).await.body["error"], "invalid_code");
    let late = world.sim("grant", json!({})).await["code"].as_str().expect("a code").to_owned();
    world.org.advance_clock(181.0);
    assert_eq!(world.exchange(&late).await.body["error"], "invalid_code");
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_address_it_was_sent_to() {
    let world = World::new().await;
    let back = decide(&world, "org.test", ASK, "allow").await;
    let form = format!(
        "grant_type=authorization_code&code={}&{}",
        parameter(&back, "code"),
        CLIENT.replace("/back", "/elsewhere")
    );
    assert_eq!(world.form("/oauth/v2/token", &form).await.body["error"], "invalid_redirect_uri");
}

#[tokio::test]
async fn an_access_token_lives_an_hour_and_a_refresh_token_makes_another() {
    let mut world = World::new().await;
    assert_eq!(world.get("org").await.status, 200);
    world.org.advance_clock(3_600.0);
    let dead = world.get("org").await;
    assert_eq!((dead.status, dead.code()), (401, "INVALID_TOKEN"));
    let refreshed = world.refresh().await.body;
    assert!(refreshed.get("refresh_token").is_none());
    world.token = refreshed["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(world.get("org").await.status, 200);
}

#[tokio::test]
async fn the_twenty_first_consent_ends_the_oldest_refresh_token_and_what_came_from_it() {
    let world = World::new().await;
    for _ in 0..19 {
        let code = world.sim("grant", json!({})).await["code"].as_str().expect("a code").to_owned();
        world.exchange(&code).await;
    }
    assert_eq!(world.get("org").await.status, 200);
    let code = world.sim("grant", json!({})).await["code"].as_str().expect("a code").to_owned();
    world.exchange(&code).await;
    assert_eq!(world.get("org").await.code(), "INVALID_TOKEN");
    assert_eq!(world.refresh().await.body["error"], "invalid_code");
}

#[tokio::test]
async fn the_eleventh_access_token_in_ten_minutes_is_refused_in_the_language_of_the_user() {
    let world = World::new().await;
    world.option("throttle_text", json!("リクエストが多すぎます。")).await;
    // One came with the code.
    for _ in 0..9 {
        assert!(world.refresh().await.body["access_token"].is_string());
    }
    let refused = world.refresh().await;
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("Access Denied")));
    assert_eq!(refused.body["error_description"], "リクエストが多すぎます。");
    world.org.advance_clock(600.0);
    assert!(world.refresh().await.body["access_token"].is_string());
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_access_tokens() {
    let world = World::new().await;
    let path = format!("/oauth/v2/token/revoke?token={}", world.refresh_token);
    assert_eq!(world.form(&path, "").await.body, json!({"status": "success"}));
    assert_eq!(world.get("org").await.code(), "INVALID_TOKEN");
    assert_eq!(world.form(&path, "").await.body, json!({"error": "invalid_token"}));
}

#[tokio::test]
async fn the_token_endpoint_reads_queries_and_multipart_forms_too() {
    let world = World::new().await;
    let query =
        format!("/oauth/v2/token?grant_type=refresh_token&refresh_token={}&{CLIENT}", world.refresh_token);
    let headers = [("content-type", "application/json")];
    let reply = world.call("POST", &query, &json!(null), &headers).await;
    assert!(reply.body["access_token"].is_string(), "{}", reply.text);
    let mut form = String::new();
    for (name, value) in [
        ("grant_type", "refresh_token"),
        ("refresh_token", world.refresh_token.as_str()),
        ("client_id", "1000.CAUSEWAYSIM"),
        ("client_secret", "causeway-sim-secret"),
    ] {
        form.extend(["--b\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n", value, "\r\n"]);
    }
    let request = http::Request::post("/oauth/v2/token")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(format!("{form}--b--\r\n").into())
        .expect("a request");
    let reply = world.send(request).await.expect("an answer");
    assert!(reply.body["access_token"].is_string(), "{}", reply.text);
}

#[tokio::test]
async fn a_user_of_another_data_centre_is_sent_to_their_own_and_nothing_crosses() {
    let options = Options { vendor_hosts: true, centre: Some(Centre::Eu), ..Options::default() };
    let mut world = World::with(Options { public_url: None, ..options }).await;
    let ask = format!("{ASK}&access_type=offline&prompt=consent");
    let back = decide(&world, "accounts.zoho.com", &ask, "allow").await;
    assert_eq!(
        (parameter(&back, "location"), parameter(&back, "accounts-server")),
        ("eu".into(), "https://accounts.zoho.eu".into())
    );
    let form = format!("grant_type=authorization_code&code={}&{CLIENT}", parameter(&back, "code"));
    let there = world.form_at("accounts.zoho.com", "/oauth/v2/token", &form).await;
    assert_eq!(there.body["error"], "invalid_code");
    let here = world.form_at("accounts.zoho.eu", "/oauth/v2/token", &form).await.body;
    assert_eq!(here["api_domain"], "https://www.zohoapis.eu");
    world.token = here["access_token"].as_str().expect("a token").to_owned();
    for (host, status) in [("www.zohoapis.eu", 200), ("www.zohoapis.com", 401)] {
        assert_eq!(world.call("GET", "org", &json!(null), &[("host", host)]).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_client_of_one_data_centre_only_is_unknown_in_the_others() {
    let app = App {
        client_id: "1000.HOME".into(),
        client_secret: "s".into(),
        single_centre: true,
        ..App::default()
    };
    let world =
        World::with(Options { apps: vec![app], centre: Some(Centre::Jp), ..Options::default() }).await;
    let form = "grant_type=refresh_token&refresh_token=x&client_id=1000.HOME&client_secret=s";
    let at = |host: &'static str| world.form_at(host, "/oauth/v2/token", form);
    assert_eq!(at("accounts.zoho.jp").await.body["error"], "invalid_client");
    assert_eq!(at("accounts.zoho.com").await.body["error"], "invalid_code");
}

#[tokio::test]
async fn older_builds_say_milliseconds_beside_seconds() {
    let world = World::new().await;
    world.option("old_token_answer", json!(true)).await;
    let reply = world.refresh().await.body;
    assert_eq!((&reply["expires_in_sec"], &reply["expires_in"]), (&json!(3_600), &json!(3_600_000)));
}

#[tokio::test]
async fn the_list_of_accounts_servers_names_every_data_centre_and_the_org_itself() {
    let world = World::new().await;
    let list = world.get("/oauth/serverinfo").await.body;
    assert_eq!(list["locations"]["us"], "http://org.test");
    assert_eq!(list["locations"]["ca"], "https://accounts.zohocloud.ca");
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_a_mismatch_and_search_needs_its_own() {
    let mut world = World::new().await;
    let grant = json!({"scope": "ZohoCRM.modules.contacts.READ,ZohoCRM.coql.READ"});
    let code = world.sim("grant", grant).await["code"].as_str().expect("a code").to_owned();
    world.token = world.exchange(&code).await.body["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(world.get("Contacts?fields=id").await.status, 204);
    for (method, path) in
        [("GET", "Leads?fields=id"), ("POST", "Contacts"), ("GET", "Contacts/search?phone=600700800")]
    {
        let refused = world.call(method, path, &json!(null), &[]).await;
        assert_eq!((refused.status, refused.code()), (401, "OAUTH_SCOPE_MISMATCH"), "{path}");
    }
    assert_eq!(world.query("select id from Leads where id is not null").await.code(), "OAUTH_SCOPE_MISMATCH");
    assert_eq!(world.query("select id from Contacts where id is not null").await.status, 204);
}

#[tokio::test]
async fn a_call_without_a_token_fails_to_authenticate_and_either_scheme_will_do() {
    let world = World::new().await;
    let request = http::Request::get("/crm/v8/org").body(bytes::Bytes::new()).expect("a request");
    let none = world.send(request).await.expect("an answer");
    assert_eq!((none.status, none.code()), (401, "AUTHENTICATION_FAILURE"));
    let bearer = format!("Bearer {}", world.token);
    assert_eq!(world.call("GET", "org", &json!(null), &[("authorization", &bearer)]).await.status, 200);
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier() {
    let world = World::new().await;
    // The example of the standard (RFC 7636, appendix B).
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let ask = format!(
        "{ASK}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
    for (sent, is_taken) in [(verifier, true), ("wrong", false), ("", false)] {
        let code = parameter(&decide(&world, "org.test", &ask, "allow").await, "code");
        let form = format!("grant_type=authorization_code&code={code}&code_verifier={sent}&{CLIENT}");
        let reply = world.form("/oauth/v2/token", &form).await;
        assert_eq!(reply.body["access_token"].is_string(), is_taken, "{sent}: {}", reply.text);
    }
}
