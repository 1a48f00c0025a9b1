//! The grant and its refusals.

use super::{Salesforce, answer, fixture, org, reply};
use crate::{
    crm::{Answer, App, Call, Crm, Grant, Identity, TokenFailure, Tokens},
    lane::Verdict,
    time::Timestamp,
};

const REFRESH: Grant = Grant::Refresh { refresh_token: String::new() };

fn app(secret: Option<&str>) -> App {
    App { client_id: "3MVG9example".to_owned(), client_secret: secret.map(str::to_owned) }
}

fn tokens(body: &str) -> Result<Tokens, TokenFailure> {
    Salesforce.token_reply(&REFRESH, &answer(200, body))
}

fn failure(status: u16, body: &str) -> TokenFailure {
    Salesforce.token_reply(&REFRESH, &answer(status, body)).err().expect("a failure")
}

fn refused(code: &str) -> TokenFailure {
    failure(400, &format!(r#"{{"error":"{code}","error_description":"the description"}}"#))
}

#[test]
fn the_browser_is_sent_with_a_challenge_and_no_more_scopes_than_needed() {
    let url = Salesforce.authorize_url(
        &app(Some("secret")),
        "https://login.salesforce.com",
        "https://causeway.example/oauth/salesforce",
        "st=ate",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    assert_eq!(
        url,
        "https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=3MVG9example\
         &redirect_uri=https%3A%2F%2Fcauseway.example%2Foauth%2Fsalesforce&scope=api%20refresh_token%20id\
         &state=st%3Date&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
}

#[test]
fn a_code_is_exchanged_with_its_verifier_and_the_secret_if_there_is_one() {
    let grant = Grant::Code {
        code: "aPrx==".to_owned(),
        redirect_uri: "https://c.example/back".to_owned(),
        verifier: "v".to_owned(),
    };
    let request = Salesforce.token_request(&app(None), "https://test.salesforce.com", &grant);
    assert_eq!(request.url, "https://test.salesforce.com/services/oauth2/token");
    let body = String::from_utf8(request.body).expect("text");
    assert_eq!(
        body,
        "grant_type=authorization_code&code=aPrx%3D%3D&redirect_uri=https%3A%2F%2Fc.example%2Fback\
         &code_verifier=v&client_id=3MVG9example"
    );
    let grant = Grant::Refresh { refresh_token: "5Aep".to_owned() };
    let request = Salesforce.token_request(&app(Some("s&t")), "https://test.salesforce.com", &grant);
    let body = String::from_utf8(request.body).expect("text");
    assert_eq!(
        body,
        "grant_type=refresh_token&refresh_token=5Aep&client_id=3MVG9example&client_secret=s%26t"
    );
}

#[test]
fn a_token_answer_names_the_org_and_the_user_in_its_identity() {
    let tokens = tokens(fixture!("token.json")).expect("tokens");
    let identity = tokens.identity.expect("an identity");
    assert_eq!(identity.org_id, "00D5g000001AbCdEAK");
    assert_eq!(identity.user_id, "0055g00000XyZ12AAF");
    assert_eq!(tokens.instance_url, "https://acme.my.salesforce.com");
    assert_eq!(tokens.refresh_token.as_deref(), Some("5Aep861example"));
    assert_eq!(tokens.scopes, ["refresh_token", "api", "id"]);
    assert_eq!(tokens.issued_at, Some(Timestamp::from_millis(1_795_162_730_675)));
}

#[test]
fn short_ids_in_the_identity_become_long() {
    let body = fixture!("token.json")
        .replace("00D5g000001AbCdEAK/0055g00000XyZ12AAF", "00D5g000001AbCd/0055g00000XyZ12");
    let identity = tokens(&body).expect("tokens").identity.expect("an identity");
    assert_eq!(
        (identity.org_id.as_str(), identity.user_id.as_str()),
        ("00D5g000001AbCdEAK", "0055g00000XyZ12AAF")
    );
}

#[test]
fn a_token_answer_without_an_identity_leaves_it_to_be_asked_for() {
    let body = fixture!("token.json").replace("\"id\":", "\"other\":");
    assert_eq!(tokens(&body).expect("tokens").identity, None);
    let call = Call::Identify { org_id: None };
    let request = Salesforce.request(&org(), &call);
    assert_eq!(request.url, "https://acme.my.salesforce.com/services/oauth2/userinfo");
    let said = r#"{"user_id":"0055g00000XyZ12","organization_id":"00D5g000001AbCd"}"#;
    let identity =
        Identity { org_id: "00D5g000001AbCdEAK".to_owned(), user_id: "0055g00000XyZ12AAF".to_owned() };
    assert_eq!(reply(&org(), &call, 200, said), Ok(Answer::Identity(identity)));
    assert!(matches!(reply(&org(), &call, 200, "{}"), Err(Verdict::Again { .. })));
}

#[test]
fn a_renewal_without_a_refresh_token_overwrites_nothing() {
    let body = fixture!("token.json").replace("\"refresh_token\":", "\"other\":");
    assert_eq!(tokens(&body).expect("tokens").refresh_token, None);
}

#[test]
fn an_expired_grant_is_gone_and_says_how_it_may_have_gone() {
    let failure =
        failure(400, r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#);
    assert!(failure.is_permanent);
    assert_eq!(failure.code, "invalid_grant");
    assert!(failure.detail.contains("expired access/refresh token"), "{}", failure.detail);
    assert!(failure.detail.contains("Connect again"), "{}", failure.detail);
    assert!(failure.detail.contains("more than five"), "{}", failure.detail);
}

#[test]
fn a_blocked_app_sends_people_to_their_administrator() {
    for code in
        ["OAUTH_APP_BLOCKED", "OAUTH_APPROVAL_ERROR_GENERIC", "OAUTH_EC_APP_NOT_FOUND", "invalid_app_access"]
    {
        let failure = refused(code);
        assert!(failure.is_permanent, "{code}");
        assert!(failure.detail.contains("administrator has to install the app"), "{}", failure.detail);
    }
}

#[test]
fn an_inactive_user_or_org_ends_the_grant() {
    assert!(refused("inactive_user").is_permanent);
    assert!(refused("inactive_org").is_permanent);
}

#[test]
fn what_time_or_the_operator_can_mend_does_not_end_the_grant() {
    for code in [
        "rate_limit_exceeded",
        "invalid_client_id",
        "invalid_client",
        "redirect_uri_mismatch",
        "unknown_error",
    ] {
        assert!(!refused(code).is_permanent, "{code}");
    }
    assert!(!failure(503, fixture!("unavailable.html")).is_permanent);
    assert!(!failure(500, r#"{"error":"invalid_grant"}"#).is_permanent);
    assert!(!failure(400, "").is_permanent);
}

#[test]
fn a_success_that_cannot_be_read_is_asked_again() {
    for body in ["", "<html>", "{}", r#"{"access_token":"x","instance_url":"https://a","id":"nothing"}"#] {
        let failure = tokens(body).err().expect("a failure");
        assert!(!failure.is_permanent && failure.code == "unreadable_answer", "{body}");
    }
}

#[test]
fn a_grant_is_given_back_in_a_form() {
    let request = Salesforce.revoke_request(&app(None), "https://login.salesforce.com", "5Aep+x");
    assert_eq!(request.url, "https://login.salesforce.com/services/oauth2/revoke");
    assert_eq!(request.body, b"token=5Aep%2Bx");
}

#[test]
fn a_grant_that_lacks_a_permission_names_it() {
    let missing = |scopes: &[&str]| {
        let granted: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Salesforce.missing_scopes(&granted)
    };
    assert_eq!(missing(&["api", "refresh_token", "id"]), [""; 0]);
    assert_eq!(missing(&["full", "offline_access"]), [""; 0]);
    assert_eq!(missing(&["id", "refresh_token"]), ["api"]);
    assert_eq!(missing(&["id"]), ["api", "refresh_token"]);
    assert_eq!(missing(&[]), [""; 0], "a grant whose scopes were not kept says nothing");
}
