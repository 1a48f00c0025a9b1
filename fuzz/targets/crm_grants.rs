//! What decides where tokens go: answers to requests for tokens, hosts that members enter, addresses of records, and what
//! browsers bring back. Nothing but the CRM's own hosts is ever spoken to.
#![no_main]

use std::collections::BTreeMap;

use causeway_core::crm::{App, Crm as _, Grant, Place, Response, salesforce::Salesforce};
use causeway_fuzz::{HOST, choice};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let (status, rest) = choice(data);
    let text = String::from_utf8_lossy(rest).into_owned();
    let extra = ["crm.example.test:8443".to_owned()];
    if let Ok(address) = Salesforce.login_url(&text, &extra) {
        check_host(&address);
        let app = App { client_id: text.clone(), client_secret: Some(text.clone()) };
        let leads = Salesforce.authorize_url(&app, &address, &text, &text, &text);
        let read = Url::parse(&leads).expect("an address");
        let begins = Url::parse(&address).expect("an address");
        assert_eq!(read.origin(), begins.origin(), "{leads}");
        let states: Vec<_> = read.query_pairs().filter(|(key, _)| key == "state").collect();
        assert!(states.len() == 1 && states[0].1 == text, "{leads}");
        let grant = Grant::Code { code: text.clone(), redirect_uri: text.clone(), verifier: text.clone() };
        let request = Salesforce.token_request(&app, &address, &grant);
        assert_eq!(Url::parse(&request.url).expect("an address").origin(), begins.origin());
    }
    if Salesforce.check_instance(&text, &extra).is_ok() {
        check_host(&text);
    }
    let response = Response {
        status: if status % 2 == 0 { 200 } else { 400 },
        headers: Vec::new(),
        body: rest.to_vec(),
    };
    match Salesforce.token_reply(&Grant::Refresh { refresh_token: text.clone() }, &response) {
        Ok(tokens) => {
            assert!(!tokens.access_token.is_empty());
            let org_id = tokens.identity.map(|identity| identity.org_id).unwrap_or_default();
            assert!(org_id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{org_id}");
        }
        Err(failure) => assert!(!failure.detail.is_empty()),
    }
    let instance = format!("https://{HOST}");
    let tabs = BTreeMap::new();
    let place = Place { instance_url: &instance, org_id: "00D5g000001AbCdEAK", tabs: &tabs };
    if let Ok(pointer) = Salesforce.pointer(place, &text) {
        assert!(pointer.id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{pointer:?}");
        let shown = Salesforce.pointer_url(place, &pointer);
        let read = Url::parse(&shown).expect("an address");
        assert_eq!(read.scheme(), "https", "{shown}");
    }
});

/// Where the whole of the internet agrees that it is the CRM's, or the operator's.
fn check_host(address: &str) {
    let read = Url::parse(address.trim()).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    let host = read.host_str().unwrap_or_default();
    let is_theirs = host == "login.salesforce.com"
        || host == "test.salesforce.com"
        || host.ends_with(".my.salesforce.com");
    let is_operators = (host, read.port()) == ("crm.example.test", Some(8443));
    assert!(is_theirs && read.scheme() == "https" && read.port().is_none() || is_operators, "{address}");
    assert!(read.username().is_empty() && read.password().is_none(), "{address}");
}
