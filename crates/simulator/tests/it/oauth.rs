//! Who gets in, how, and for how long.

use serde_json::{Value, json};

use causeway_simulator::salesforce::Options;

use crate::world::{MORNING, Reply, World, encode};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://127.0.0.1:8080/oauth/callback";

fn asked() -> String {
    format!(
        "response_type=code&client_id=causeway-sim&redirect_uri={}&state=st%20ate%2F1&code_challenge={CHALLENGE}\
         &scope=api%20refresh_token%20id",
        encode(BACK)
    )
}

/// What stands in a hidden field of a form.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = &page[page.find(&start).unwrap_or_else(|| panic!("no {name} in {page}")) + start.len()..];
    rest[..rest.find('"').expect("an end")].to_owned()
}

/// Logs in and decides; gives the redirect.
async fn decide(world: &World, decision: &str) -> String {
    let login = world.get(&format!("/services/oauth2/authorize?{}", asked())).await;
    assert!(login.status == 200 && login.text.contains("name=\"password\""));
    let form = format!("{}&username=jonas.okafor@acme.example&password=sim", asked());
    let consent = world.form("/services/oauth2/authorize", &form).await;
    let ticket = hidden(&consent.text, "ticket");
    let form = format!("{}&ticket={ticket}&decision={decision}", asked());
    let redirect = world.form("/services/oauth2/authorize/consent", &form).await;
    assert_eq!(redirect.status, 302, "{}", redirect.text);
    redirect.header("location").to_owned()
}

async fn exchange(world: &World, code: &str, verifier: &str) -> Reply {
    let form = format!(
        "grant_type=authorization_code&code={code}&client_id=causeway-sim&client_secret=causeway-sim-secret\
         &redirect_uri={}&code_verifier={verifier}",
        encode(BACK)
    );
    world.form("/services/oauth2/token", &form).await
}

/// The whole flow: a grant with its refresh token.
async fn connect(world: &World) -> Value {
    let location = decide(world, "allow").await;
    let code = location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let reply = exchange(world, code, VERIFIER).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body
}

async fn refresh(world: &World, token: &str) -> Reply {
    let form = format!("grant_type=refresh_token&client_id=causeway-sim&refresh_token={token}");
    world.form("/services/oauth2/token", &form).await
}

#[tokio::test]
async fn the_web_server_flow_ends_in_a_token_of_the_vendors_shape() {
    let world = World::new().await;
    let token = connect(&world).await;
    assert!(token.get("expires_in").is_none());
    let access = token["access_token"].as_str().expect("a token");
    let (org, _) = access.split_once('!').expect("org!token");
    assert!(org.starts_with("00D") && org.len() == 15);
    assert_eq!(token["issued_at"], "1772442000000");
    assert_eq!((&token["token_type"], &token["instance_url"]), (&json!("Bearer"), &json!("http://org.test")));
    let id = token["id"].as_str().expect("an identity URL");
    assert!(id.starts_with("http://org.test/id/00D"));
    let authorization = format!("OAuth {access}");
    let me = world
        .call("GET", "/services/oauth2/userinfo", &json!(null), &[("authorization", &authorization)])
        .await;
    assert_eq!(me.body["preferred_username"], "jonas.okafor@acme.example");
    let path = id.strip_prefix("http://org.test").expect("a path");
    let identity = world.get(&format!("{path}?format=json&oauth_token={}", encode(access))).await;
    assert_eq!(identity.body["username"], "jonas.okafor@acme.example");
    assert_eq!(identity.body["id"], id);
}

#[tokio::test]
async fn the_state_comes_back_and_a_code_works_once_with_its_verifier() {
    let world = World::new().await;
    let location = decide(&world, "allow").await;
    assert!(location.starts_with(&format!("{BACK}?code=aPrx")), "{location}");
    assert!(location.ends_with("&state=st%20ate%2F1"), "{location}");
    let code =
        location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code").to_owned();
    let wrong = exchange(&world, &code, "something-else").await;
    assert_eq!((wrong.status, &wrong.body["error_description"]), (400, &json!("invalid code verifier")));
    let spent = exchange(&world, &code, VERIFIER).await;
    assert_eq!((spent.status, &spent.body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_code_is_too_old_after_fifteen_minutes() {
    let world = World::new().await;
    let location = decide(&world, "allow").await;
    let code =
        location.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code").to_owned();
    world.org.set_clock(MORNING + 901_000_000);
    assert_eq!(exchange(&world, &code, VERIFIER).await.body["error"], "invalid_grant");
}

#[tokio::test]
async fn a_denial_is_sent_back_and_an_unknown_address_is_not() {
    let world = World::new().await;
    let location = decide(&world, "deny").await;
    assert_eq!(
        location,
        format!(
            "{BACK}?error=access_denied&error_description=end-user+denied+authorization&state=st%20ate%2F1"
        )
    );
    world.sim("options", json!({"strict_apps": true})).await;
    let unknown =
        world.get("/services/oauth2/authorize?response_type=code&client_id=who&redirect_uri=http://x").await;
    assert!(
        unknown.status == 400
            && unknown.text.contains("invalid_client_id")
            && unknown.header("location").is_empty()
    );
    let elsewhere =
        "/services/oauth2/authorize?response_type=code&client_id=PlatformCLI&redirect_uri=http://evil.test/";
    let page = world.get(elsewhere).await;
    assert!(page.status == 400 && page.text.contains("redirect_uri_mismatch"));
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again() {
    let world = World::new().await;
    for login in [
        "username=jonas.okafor@acme.example&password=no",
        "username=ruth.castellan@acme.example&password=sim",
    ] {
        let page = world.form("/services/oauth2/authorize", &format!("{}&{login}", asked())).await;
        assert!(page.status == 200 && page.text.contains("role=\"alert\""), "{login}");
    }
}

#[tokio::test]
async fn an_expired_session_is_refreshed_with_the_same_refresh_token() {
    let world = World::new().await;
    let grant = connect(&world).await;
    world.org.set_clock(MORNING + 7_201_000_000);
    let authorization = format!("Bearer {}", grant["access_token"].as_str().expect("a token"));
    let expired = world.call("GET", "limits", &json!(null), &[("authorization", &authorization)]).await;
    assert_eq!(expired.status, 401);
    let body = json!([{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]);
    assert_eq!(expired.body, body);
    let token = grant["refresh_token"].as_str().expect("a refresh token");
    for _ in 0..3 {
        let again = refresh(&world, token).await;
        assert_eq!(again.status, 200);
        assert!(again.body.get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn with_rotation_a_used_token_kills_the_family() {
    let world = World::with(Options { rotate_refresh_tokens: true, ..Options::default() }).await;
    let grant = connect(&world).await;
    let first = grant["refresh_token"].as_str().expect("a token").to_owned();
    let rotated = refresh(&world, &first).await;
    let second = rotated.body["refresh_token"].as_str().expect("a new token").to_owned();
    assert_ne!(first, second);
    assert_eq!(refresh(&world, &first).await.body["error_description"], "expired access/refresh token");
    assert_eq!(refresh(&world, &second).await.body["error"], "invalid_grant");
    let authorization = format!("Bearer {}", rotated.body["access_token"].as_str().expect("a token"));
    assert_eq!(
        world.call("GET", "limits", &json!(null), &[("authorization", &authorization)]).await.status,
        401
    );
}

#[tokio::test]
async fn the_sixth_grant_ends_the_first() {
    let world = World::new().await;
    let mut tokens = Vec::new();
    for _ in 0..6 {
        tokens.push(connect(&world).await["refresh_token"].as_str().expect("a token").to_owned());
    }
    assert_eq!(refresh(&world, &tokens[0]).await.status, 400);
    assert_eq!(refresh(&world, &tokens[1]).await.status, 200);
    assert_eq!(refresh(&world, &tokens[5]).await.status, 200);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_sessions_and_introspection_knows() {
    let world = World::new().await;
    let grant = connect(&world).await;
    let (access, token) =
        (grant["access_token"].as_str().expect("a"), grant["refresh_token"].as_str().expect("r"));
    let ask = format!("token={}&client_id=causeway-sim&client_secret=causeway-sim-secret", encode(access));
    let known = world.form("/services/oauth2/introspect", &ask).await;
    assert_eq!(
        (&known.body["active"], &known.body["username"]),
        (&json!(true), &json!("jonas.okafor@acme.example"))
    );
    assert_eq!(world.form("/services/oauth2/revoke", &format!("token={token}")).await.status, 200);
    assert_eq!(world.form("/services/oauth2/introspect", &ask).await.body, json!({"active": false}));
    assert_eq!(refresh(&world, token).await.status, 400);
    assert_eq!(world.form("/services/oauth2/revoke", &format!("token={token}")).await.status, 400);
}

#[tokio::test]
async fn client_credentials_work_by_form_and_by_basic_and_need_the_right_secret() {
    let world = World::new().await;
    let form = "grant_type=client_credentials&client_id=causeway-sim&client_secret=causeway-sim-secret";
    let reply = world.form("/services/oauth2/token", form).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.get("refresh_token").is_none());
    let wrong = "grant_type=client_credentials&client_id=causeway-sim&client_secret=nope";
    assert_eq!(world.form("/services/oauth2/token", wrong).await.body["error"], "invalid_client");
    let request = http::Request::post("/services/oauth2/token")
        .header("host", "org.test")
        // causeway-sim:causeway-sim-secret
        .header("authorization", "Basic Y2F1c2V3YXktc2ltOmNhdXNld2F5LXNpbS1zZWNyZXQ=")
        .body(bytes::Bytes::from_static(b"grant_type=client_credentials"))
        .expect("a request");
    assert_eq!(world.send(request).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn a_soap_login_gives_a_session_and_a_wrong_one_a_fault() {
    let world = World::new().await;
    let login = |password: &str| {
        format!(
            "<soapenv:Envelope><soapenv:Body><urn:login><urn:username>maya.lindqvist@acme.example</urn:username>\
             <urn:password>{password}</urn:password></urn:login></soapenv:Body></soapenv:Envelope>"
        )
    };
    let good = world.form("/services/Soap/u/59.0", &login("sim")).await;
    let start = good.text.find("<sessionId>").expect("a session") + 11;
    let session = &good.text[start..start + good.text[start..].find('<').expect("an end")];
    let authorization = format!("Bearer {session}");
    assert_eq!(
        world.call("GET", "limits", &json!(null), &[("authorization", &authorization)]).await.status,
        200
    );
    let bad = world.form("/services/Soap/u/59.0", &login("no")).await;
    assert!(bad.status == 500 && bad.text.contains("<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>"));
}
