//! What strangers write comes to stand in questions to a CRM: it stays a value there, whatever it says.
#![no_main]

use causeway_core::crm::{Crm as _, Request, salesforce::Salesforce};
use causeway_fuzz::{HOST, calls, org, pieces};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let texts = pieces(data);
    let plain: Vec<String> = texts.iter().map(|_| "x".to_owned()).collect();
    for org in [org(true), org(false)] {
        for (call, plain) in calls(&texts).iter().zip(calls(&plain)) {
            let request = Salesforce.request(&org, call);
            check_address(&request.url);
            let known = Salesforce.request(&org, &plain);
            for statement in statements(&request) {
                let bones = bones(&statement);
                assert!(is_harmless(&bones), "{}: {statement}\n  leaves {bones}", call.name());
            }
            assert_eq!(request.method, known.method);
            for (name, value) in &request.headers {
                assert!(!value.contains(['\r', '\n', '\0']), "{name}: {value:?}");
            }
        }
    }
});

/// One host, no user, no way up, nothing that a line of a request cannot hold.
fn check_address(address: &str) {
    let read = Url::parse(address).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    assert_eq!((read.scheme(), read.host_str(), read.port()), ("https", Some(HOST), None), "{address}");
    assert!(
        read.username().is_empty() && read.password().is_none() && read.fragment().is_none(),
        "{address}"
    );
    assert!(read.path().starts_with("/services/"), "{address}");
    assert_eq!(read.as_str(), address, "it is read as something else");
}

/// The statements of a request: of its address, or of the parts of a composite.
fn statements(request: &Request) -> Vec<String> {
    let mut addresses = vec![request.url.clone()];
    if let Ok(body) = serde_json::from_slice::<Value>(&request.body) {
        let parts = body["compositeRequest"].as_array().cloned().unwrap_or_default();
        addresses.extend(
            parts.iter().filter_map(|part| part["url"].as_str()).map(|path| format!("https://{HOST}{path}")),
        );
    }
    let mut found = Vec::new();
    for address in addresses {
        check_address(&address);
        let address = Url::parse(&address).expect("it was checked");
        // A plus is a plus here, and not a blank.
        let query = address.query().unwrap_or_default().replace('+', "%2B");
        let pairs = format!("https://{HOST}/?{query}");
        let pairs = Url::parse(&pairs).expect("an address");
        found.extend(pairs.query_pairs().filter(|(key, _)| key == "q").map(|(_, value)| value.into_owned()));
    }
    found
}

/// A statement without its literals: `'…'` with their escapes, and the braces of a search with theirs.
fn bones(statement: &str) -> String {
    let mut bones = String::new();
    let mut letters = statement.chars();
    let mut closing = None;
    while let Some(letter) = letters.next() {
        match closing {
            Some(_) if letter == '\\' => {
                // The next one stands for itself.
                letters.next();
            }
            Some('}') if matches!(letter, '{' | '[' | '(') => bones.push('!'),
            Some(end) if letter == end => closing = None,
            Some(_) => {}
            None if letter == '\'' => closing = Some('\''),
            None if letter == '{' => closing = Some('}'),
            None => bones.push(letter),
        }
    }
    assert!(closing.is_none(), "a literal does not end: {statement}");
    bones
}

/// What we write ourselves between values.
const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "AND",
    "OR",
    "IN",
    "ORDER",
    "BY",
    "LIMIT",
    "ASC",
    "DESC",
    "NULLS",
    "LAST",
    "FIND",
    "PHONE",
    "NAME",
    "EMAIL",
    "ALL",
    "FIELDS",
    "RETURNING",
    "TRUE",
    "FALSE",
    "NULL",
    "NOT",
    "LIKE",
    "TYPEOF",
    "QUERYALL",
    "ROWS",
];

/// Nothing but our own words, names of fields and objects that the org has, and dates.
fn is_harmless(bones: &str) -> bool {
    let is_sign = |letter: char| " ,.()=<>!:+-*".contains(letter);
    let words = bones.split(is_sign).filter(|word| !word.is_empty());
    !bones.contains('!') | bones.contains("!=")
        && words.into_iter().all(|word| {
            let is_known = WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
            let is_number = word.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, 'T' | 'Z'));
            is_known || is_number || OURS.contains(&word)
        })
}

/// Names of objects and fields in the statements that we write over the org of this target.
const OURS: &[&str] = &[
    "Contact",
    "Lead",
    "Task",
    "User",
    "Organization",
    "LeadStatus",
    "Id",
    "Name",
    "FirstName",
    "LastName",
    "Company",
    "Phone",
    "MobilePhone",
    "Email",
    "OwnerId",
    "IsDeleted",
    "Region__c",
    "WhoId",
    "Subject",
    "Description",
    "CallObject",
    "Key__c",
    "IsActive",
    "Username",
    "UserType",
    "LastModifiedDate",
    "CreatedDate",
    "SystemModstamp",
    "IsConverted",
    "ConvertedContactId",
    "MasterRecordId",
    "Status",
    "Owner",
    "Account",
    "InstanceName",
    "IsSandbox",
    "OrganizationType",
    "ActivityDate",
    "CreatedById",
    "MasterLabel",
    "ApiName",
    "IsClosed",
    "IsDefault",
    "SortOrder",
];
