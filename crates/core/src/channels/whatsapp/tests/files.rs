//! How files are fetched.

use crate::{
    channels::{
        files::{Files, Found, Place},
        whatsapp::WhatsApp,
    },
    exchange::Response,
    media::Trouble,
    timeline::{Attachment, AttachmentKind},
};

const PLACE: Place<'static> = Place {
    api_url: "https://graph.facebook.com",
    version: "v25.0",
    account: "106540352242922",
    extra_hosts: &[],
};

const ADDRESS: &str = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3";

fn picture() -> Attachment {
    Attachment {
        kind: AttachmentKind::Image,
        id: Some("1003383421387256".into()),
        media_type: Some("image/jpeg".into()),
        name: None,
        sha256: None,
        url: None,
    }
}

fn answer(at: Option<&str>, status: u16, headers: &[(&str, &str)], body: &str) -> Found {
    let ask = WhatsApp.ask(PLACE, &picture(), at).expect("a request");
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let response = Response { status, headers, body: body.as_bytes().to_vec() };
    WhatsApp.answer(PLACE, &picture(), &ask, &response)
}

fn trouble(found: Found) -> Trouble {
    match found {
        Found::Not(trouble, _) => trouble,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_id_is_turned_into_an_address_that_is_read_with_the_same_token() {
    let first = WhatsApp.ask(PLACE, &picture(), None).expect("a request");
    let wanted = "https://graph.facebook.com/v25.0/1003383421387256?phone_number_id=106540352242922";
    assert_eq!((first.request.url.as_str(), first.with_token, first.is_file), (wanted, true, false));
    let told = format!(r#"{{"url":"{ADDRESS}","mime_type":"image/jpeg","sha256":"ab","file_size":"304"}}"#);
    let there = Found::There { url: ADDRESS.into(), bytes: Some(304), sha256: Some("ab".into()) };
    assert_eq!(answer(None, 200, &[], &told), there);
    let second = WhatsApp.ask(PLACE, &picture(), Some(ADDRESS)).expect("a request");
    assert_eq!((second.request.url.as_str(), second.with_token, second.is_file), (ADDRESS, true, true));
    assert_eq!(answer(Some(ADDRESS), 200, &[("content-type", "image/jpeg")], ""), Found::Here);
}

#[test]
fn nothing_is_sent_to_a_host_that_nobody_allowed() {
    for url in [
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://evil.example\\@lookaside.fbsbx.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/x",
        "",
    ] {
        let (trouble, detail) = WhatsApp.ask(PLACE, &picture(), Some(url)).expect_err(url);
        assert_eq!(trouble, Trouble::HostRefused, "{url}");
        assert!(detail.contains("whatsapp.extra_hosts"), "{detail}");
    }
}

#[test]
fn a_host_that_the_operator_lists_is_spoken_to_and_may_be_inside() {
    let extra_hosts = ["127.0.0.1:9000".to_owned()];
    let place = Place { extra_hosts: &extra_hosts, ..PLACE };
    let ask = WhatsApp.ask(place, &picture(), Some("http://127.0.0.1:9000/file")).expect("a request");
    assert!(ask.is_listed && ask.with_token);
    assert!(WhatsApp.ask(place, &picture(), Some("http://127.0.0.1:9001/file")).is_err());
}

#[test]
fn a_store_that_the_address_leads_to_is_not_shown_the_token() {
    let store = "https://scontent.xx.fbcdn.net/v/t1/x";
    let found = answer(Some(ADDRESS), 302, &[("location", store)], "");
    assert_eq!(found, Found::There { url: store.into(), bytes: None, sha256: None });
    let ask = WhatsApp.ask(PLACE, &picture(), Some(store)).expect("a request");
    assert!(!ask.with_token && !ask.is_listed);
}

#[test]
fn an_address_that_ran_out_is_asked_for_again_and_an_id_that_ran_out_is_gone() {
    assert!(matches!(answer(Some(ADDRESS), 404, &[], ""), Found::Later { .. }));
    let gone = r#"{"error":{"message":"Unsupported get request. Object with ID 'X' does not exist","type":"GraphMethodException","code":100,"error_subcode":33}}"#;
    assert_eq!(trouble(answer(None, 400, &[], gone)), Trouble::Gone);
    assert_eq!(trouble(answer(None, 404, &[], "")), Trouble::Gone);
}

#[test]
fn a_token_that_is_not_taken_is_a_matter_for_the_administrator() {
    let expired = r#"{"error":{"message":"Error validating access token: Session has expired","type":"OAuthException","code":190}}"#;
    assert_eq!(trouble(answer(None, 401, &[], expired)), Trouble::NoAccess);
    assert_eq!(trouble(answer(Some(ADDRESS), 401, &[], "")), Trouble::NoAccess);
    let html = [("content-type", "text/html; charset=utf-8")];
    assert!(matches!(answer(Some(ADDRESS), 200, &html, ""), Found::Later { .. }), "a page is no picture");
}

#[test]
fn being_told_to_slow_down_is_waited_out() {
    let slow = r#"{"error":{"message":"(#80007) Rate limit issues","code":80007}}"#;
    let wait = |found| if let Found::Later { after, .. } = found { after.as_secs() } else { 0 };
    assert!(wait(answer(None, 400, &[], slow)) > 30 * 60);
    assert!((1..120).contains(&wait(answer(None, 503, &[], "<html>"))));
    assert!((1..120).contains(&wait(answer(None, 200, &[], "<html>"))));
}

#[test]
fn a_file_without_an_id_or_an_address_is_nowhere() {
    let nowhere = Attachment { id: None, ..picture() };
    assert_eq!(WhatsApp.ask(PLACE, &nowhere, None).expect_err("none").0, Trouble::Gone);
    let strange = Attachment { id: Some("../me?x".into()), ..picture() };
    assert_eq!(WhatsApp.ask(PLACE, &strange, None).expect_err("none").0, Trouble::Gone);
    let addressed = Attachment { id: None, url: Some(ADDRESS.into()), ..picture() };
    assert!(WhatsApp.ask(PLACE, &addressed, None).is_ok_and(|ask| ask.is_file));
}
