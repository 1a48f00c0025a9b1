//! The grant and its refusals.

use std::time::Duration;

use super::{CONTACT, ORG, USER, Zoho, answer, fixture, path, reply, undescribed};
use crate::crm::{Answer, App, Call, Crm, Grant, Identity, TokenFailure, Tokens};

const EU: &str = "https://accounts.zoho.eu";

fn app() -> App {
    App { client_id: "1000.ABC".to_owned(), client_secret: Some("s&t".to_owned()) }
}

fn code() -> Grant {
    Grant::Code {
        code: "1000.a.b".to_owned(),
        redirect_uri: "https://c.example/oauth/zoho".to_owned(),
        verifier: "v".to_owned(),
    }
}

fn refresh() -> Grant {
    Grant::Refresh { refresh_token: "1000.r".to_owned() }
}

fn tokens(grant: &Grant, body: &str) -> Result<Tokens, TokenFailure> {
    Zoho.token_reply(grant, &answer(200, body))
}

fn refused(grant: &Grant, status: u16, body: &str) -> TokenFailure {
    Zoho.token_reply(grant, &answer(status, body)).err().expect("a failure")
}

#[test]
fn the_browser_asks_for_lasting_consent_with_a_challenge_and_no_more_scopes_than_needed() {
    let url = Zoho.authorize_url(
        &app(),
        "https://accounts.zoho.com",
        "https://c.example/oauth/zoho",
        "st=ate",
        "ch",
    );
    assert_eq!(
        url,
        "https://accounts.zoho.com/oauth/v2/auth?response_type=code&client_id=1000.ABC\
         &redirect_uri=https%3A%2F%2Fc.example%2Foauth%2Fzoho\
         &scope=ZohoCRM.modules.ALL%2CZohoCRM.settings.modules.READ%2CZohoCRM.settings.fields.ALL\
         %2CZohoCRM.settings.related_lists.READ%2CZohoCRM.settings.global_picklist.ALL%2CZohoCRM.users.READ\
         %2CZohoCRM.org.READ%2CZohoCRM.coql.READ%2CZohoSearch.securesearch.READ\
         &access_type=offline&prompt=consent&state=st%3Date&code_challenge=ch&code_challenge_method=S256"
    );
}

#[test]
fn tokens_are_asked_for_in_a_form_and_the_secret_stands_in_no_address() {
    let request = Zoho.token_request(&app(), EU, &code());
    assert_eq!(request.url, "https://accounts.zoho.eu/oauth/v2/token");
    assert_eq!(
        String::from_utf8(request.body).expect("text"),
        "grant_type=authorization_code&code=1000.a.b&redirect_uri=https%3A%2F%2Fc.example%2Foauth%2Fzoho\
         &code_verifier=v&client_id=1000.ABC&client_secret=s%26t"
    );
    let request = Zoho.token_request(&app(), EU, &refresh());
    let body = String::from_utf8(request.body).expect("text");
    assert_eq!(body, "grant_type=refresh_token&refresh_token=1000.r&client_id=1000.ABC&client_secret=s%26t");
    let request = Zoho.revoke_request(&app(), EU, "1000.r");
    assert_eq!(request.url, "https://accounts.zoho.eu/oauth/v2/token/revoke");
    assert_eq!(request.body, b"token=1000.r");
}

#[test]
fn the_api_is_where_the_tokens_say() {
    let tokens = tokens(&code(), fixture!("token.json")).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(tokens.instance_url, "https://www.zohoapis.eu");
    assert!(tokens.refresh_token.is_some() && tokens.identity.is_none());
    assert_eq!(Zoho.missing_scopes(&tokens.scopes), Vec::<&str>::new());
}

#[test]
fn scopes_come_with_blanks_or_commas_or_not_at_all_and_lifetimes_in_any_form() {
    for (scope, count) in [("\"A,B\"", 2), ("\"A B, C\"", 3), ("null", 0)] {
        let body = format!(
            r#"{{"access_token":"a","api_domain":"https://www.zohoapis.in/","scope":{scope},
                "expires_in":3600000,"expires_in_sec":3600}}"#
        );
        let tokens = tokens(&refresh(), &body).unwrap_or_else(|failure| panic!("{failure:?}"));
        assert_eq!((tokens.scopes.len(), tokens.instance_url.as_str()), (count, "https://www.zohoapis.in"));
    }
    let granted = ["ZohoCRM.modules.ALL".to_owned(), "zohocrm.settings.all".to_owned()];
    assert_eq!(
        Zoho.missing_scopes(&granted),
        ["ZohoCRM.users.READ", "ZohoCRM.org.READ", "ZohoCRM.coql.READ", "ZohoSearch.securesearch.READ"]
    );
}

#[test]
fn a_refusal_with_status_200_is_a_refusal() {
    let failure = refused(&refresh(), 200, r#"{"error":"invalid_code"}"#);
    assert!(failure.is_permanent && failure.detail.contains("twenty"), "{failure}");
    let failure = refused(&code(), 200, r#"{"error":"invalid_code"}"#);
    assert!(failure.is_permanent && failure.detail.contains("Connect again"), "{failure}");
    for error in ["invalid_client", "invalid_client_secret", "invalid_redirect_uri", "general_error"] {
        let failure = refused(&refresh(), 200, &format!(r#"{{"error":"{error}"}}"#));
        assert!(!failure.is_permanent && failure.code == error, "{failure:?}");
        assert!(
            failure.detail.contains("Whoever runs the server") || failure.detail.contains("runs the server")
        );
    }
}

#[test]
fn being_asked_too_often_is_known_in_every_language_and_waited_for() {
    for status in [200, 400] {
        let failure = refused(&refresh(), status, fixture!("token_throttled.json"));
        assert!(!failure.is_permanent, "{failure:?}");
        assert_eq!(failure.wait, Duration::from_mins(15));
    }
}

#[test]
fn a_grant_for_an_hour_only_is_no_connection_but_a_renewal_brings_no_new_one() {
    let body = r#"{"access_token":"a","api_domain":"https://www.zohoapis.eu"}"#;
    let failure = refused(&code(), 200, body);
    assert!(failure.is_permanent && failure.detail.contains("Connect again"), "{failure}");
    let tokens = tokens(&refresh(), body).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(tokens.refresh_token, None);
}

#[test]
fn an_outage_ends_no_grant() {
    for (status, body) in
        [(502, fixture!("unavailable.html")), (503, r#"{"error":"invalid_code"}"#), (200, "{}")]
    {
        assert!(!refused(&refresh(), status, body).is_permanent, "{status}");
    }
}

#[test]
fn whom_a_grant_is_of_is_asked_of_the_org_and_of_the_user() {
    let first = Call::Identify { org_id: None };
    assert_eq!(path(&Zoho.request(&undescribed(), &first)), "org");
    let Ok(Answer::More(next, None)) = reply(&first, 200, fixture!("org.json")) else { panic!("it goes on") };
    assert_eq!(path(&Zoho.request(&undescribed(), &next)), "users?type=CurrentUser");
    let identity = Identity { org_id: ORG.to_owned(), user_id: USER.to_owned() };
    assert_eq!(reply(&next, 200, fixture!("user.json")), Ok(Answer::Identity(identity)));
    assert!(reply(&next, 200, fixture!("contacts.json")).is_err(), "{CONTACT} is no user");
}

#[test]
fn tokens_go_with_zohos_own_word_and_a_user_has_twenty_grants() {
    assert_eq!(Zoho.authorization_scheme(), "Zoho-oauthtoken");
    assert_eq!(Zoho.grants_per_user(), Some(20));
}
