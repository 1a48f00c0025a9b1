//! Requests as they go out and answers as Salesforce documents them, each test one sentence.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Salesforce;
use crate::{
    crm::{
        Answer, Call, Crm, DescribeFlow, EntryWrite, Org, Outcome, PersonWrite, Place, Request, Response,
        contract::Kit,
    },
    lane::Verdict,
    record::{EntryKeying, EntryKind, Module, OrgProfile, PersonField, PersonFields, RecordRef},
    time::Timestamp,
    timeline::Direction,
};

mod changes;
mod describe;
mod entries;
mod errors;
mod find;
mod grants;
mod panel;
mod people;
mod reads;

const CONTACT: &str = "0035g00000AAAAAAA5";
const OTHER_CONTACT: &str = "0035g00000BbBbBAAV";
const LEAD: &str = "00Q5g00000AbCdEEAV";
const TASK: &str = "00T5g00000AAAAAEA5";
const USER: &str = "0055g00000XyZ12AAF";

/// What the suite of every CRM says here.
pub(super) const KIT: Kit = Kit {
    org: "00D5g000001AbCdEAK",
    user: USER,
    contact: CONTACT,
    lead: LEAD,
    entry: "00T5g00000zZzZzEAK",
    person: &[
        ("FirstName", "string", Some(PersonField::FirstName)),
        ("LastName", "string", Some(PersonField::LastName)),
        ("Company", "string", Some(PersonField::Company)),
        ("Phone", "phone", Some(PersonField::Phone)),
        ("MobilePhone", "phone", None),
        ("Email", "email", Some(PersonField::Email)),
        ("OwnerId", "reference", Some(PersonField::Owner)),
        ("IsDeleted", "boolean", None),
        ("Region__c", "string", None),
    ],
    task: &[
        ("WhoId", "reference"),
        ("Subject", "string"),
        ("Description", "textarea"),
        ("CallObject", "string"),
    ],
    custom: "Region__c",
    source: "LeadSource",
    kinds: &[EntryKind::Task],
    keyings: &[|| EntryKeying::External("Key__c".to_owned()), || EntryKeying::Token("CallObject".to_owned())],
    nothing: (200, r#"{"totalSize":0,"done":true,"records":[]}"#),
    unfinished: |_| {
        (
            200,
            r#"{"totalSize":2001,"done":false,"nextRecordsUrl":"/services/data/v68.0/query/01g-200","records":[]}"#,
        )
    },
};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../fixtures/", $name))
    };
}
use fixture;

/// An answer with this body.
fn answer(status: u16, body: &str) -> Response {
    let headers = vec![
        ("date".to_owned(), "Fri, 02 Jan 2026 03:04:05 GMT".to_owned()),
        ("sforce-limit-info".to_owned(), "api-usage=18/15000".to_owned()),
    ];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

/// The org of the describe fixture, keyed by token.
fn org() -> Org {
    Org {
        instance_url: "https://acme.my.salesforce.com".to_owned(),
        version: "68.0".to_owned(),
        profile: Some(described(fixture!("describe.json"))),
    }
}

/// The same, with an external-id field on Task.
fn org_with_key() -> Org {
    let mut org = org();
    let profile = org.profile.as_mut().expect("a profile");
    let task = profile.modules.get_mut(&Module::Task).expect("tasks");
    let mut field = task.field("CallObject").expect("the token").clone();
    field.name = "Causeway_Key__c".to_owned();
    task.fields.push(field);
    let keying = Some(EntryKeying::External("Causeway_Key__c".to_owned()));
    profile.entries.entry(EntryKind::Task).or_default().keying = keying;
    org
}

fn described(body: &str) -> OrgProfile {
    let undescribed = Org {
        instance_url: "https://acme.my.salesforce.com".to_owned(),
        version: "68.0".to_owned(),
        profile: None,
    };
    let call = Call::Describe { user_id: USER.to_owned(), flow: DescribeFlow::default() };
    match Salesforce.reply(&undescribed, &call, &answer(200, body)).result {
        Ok(Answer::Profile(profile)) => *profile,
        other => panic!("no profile: {other:?}"),
    }
}

fn reply(org: &Org, call: &Call, status: u16, body: &str) -> Result<Answer, Verdict> {
    Salesforce.reply(org, call, &answer(status, body)).result
}

fn outcomes(org: &Org, call: &Call, status: u16, body: &str) -> Vec<Outcome> {
    match reply(org, call, status, body) {
        Ok(Answer::Outcomes(outcomes)) => outcomes,
        other => panic!("no outcomes: {other:?}"),
    }
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("a JSON body")
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

/// The statements of a request, decoded: of the address, or of the parts of a composite.
fn statements(request: &Request) -> Vec<String> {
    let decode = |url: &str| {
        let (path, text) = url.split_once("?q=").expect("a query");
        assert!(
            path.ends_with("/query") || path.ends_with("/queryAll") || path.ends_with("/search"),
            "{path}"
        );
        unescaped(text)
    };
    if request.url.ends_with("/composite") {
        let body = body(request);
        let parts = body["compositeRequest"].as_array().expect("parts");
        parts.iter().map(|part| decode(part["url"].as_str().expect("an address"))).collect()
    } else {
        vec![decode(&request.url)]
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let code = std::str::from_utf8(&after[..2]).expect("hexadecimal");
            bytes.push(u8::from_str_radix(code, 16).expect("hexadecimal"));
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("text")
}

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.to_owned() }
}

fn entry(key: &str) -> EntryWrite {
    EntryWrite {
        kind: EntryKind::Task,
        key: key.to_owned(),
        id: None,
        who: record(Module::Contact, CONTACT),
        owner_id: Some(USER.to_owned()),
        subject: "WhatsApp, 2 Jan".to_owned(),
        body: "Hello".to_owned(),
        date: "2026-01-02".to_owned(),
        starts_at: Timestamp::from_seconds(1_767_323_045),
        ends_at: Timestamp::from_seconds(1_767_323_045),
        direction: Some(Direction::In),
        unmodified_since: None,
    }
}

fn changed_entry(key: &str, id: &str) -> EntryWrite {
    EntryWrite { id: Some(id.to_owned()), ..entry(key) }
}

fn new_lead(allow_duplicate: bool) -> PersonWrite {
    PersonWrite {
        id: None,
        module: Module::Lead,
        fields: PersonFields::from([
            (PersonField::LastName, "Tanaka".to_owned()),
            (PersonField::Company, "Acme".to_owned()),
            (PersonField::Phone, "+819012345678".to_owned()),
            (PersonField::Owner, USER.to_owned()),
        ]),
        allow_duplicate,
        sets_off: false,
        unmodified_since: None,
    }
}

fn changed_contact(id: &str) -> PersonWrite {
    PersonWrite {
        id: Some(id.to_owned()),
        module: Module::Contact,
        fields: PersonFields::from([(PersonField::FirstName, String::new())]),
        allow_duplicate: false,
        sets_off: false,
        unmodified_since: None,
    }
}

/// Results of a collection in which every record was written.
fn written(ids: impl IntoIterator<Item = String>) -> String {
    let results = ids.into_iter().map(|id| serde_json::json!({"id": id, "success": true, "errors": []}));
    results.collect::<Value>().to_string()
}

#[test]
fn every_answer_tells_usage_and_time() {
    let reply = Salesforce.reply(&org(), &Call::Usage, &answer(503, fixture!("unavailable.html")));
    assert_eq!(reply.usage.map(|usage| (usage.used, usage.limit)), Some((18, 15_000)));
    assert_eq!(reply.server_time, Timestamp::parse("2026-01-02T03:04:05Z"));
    assert!(matches!(reply.result, Err(Verdict::Again { .. })));
}

#[test]
fn usage_comes_from_the_limits_and_else_from_the_header() {
    let request = Salesforce.request(&org(), &Call::Usage);
    assert_eq!(request.url, "https://acme.my.salesforce.com/services/data/v68.0/limits");
    let told = Salesforce.reply(&org(), &Call::Usage, &answer(200, fixture!("limits.json")));
    assert_eq!(told.result, Ok(Answer::Nothing));
    assert_eq!(told.usage.map(|usage| (usage.used, usage.limit)), Some((2, 15_000)));
    let untold = Salesforce.reply(&org(), &Call::Usage, &answer(200, "{}"));
    assert_eq!(untold.usage.map(|usage| usage.used), Some(18));
}

#[test]
fn requests_name_the_client_so_that_our_own_changes_are_known_in_change_events() {
    let request = Salesforce.request(&org(), &Call::Usage);
    assert_eq!(header(&request, "sforce-call-options"), Some("client=causeway"));
}

#[test]
fn a_record_opens_in_lightning_by_its_long_id() {
    let short = record(Module::Contact, "0035g00000AAAAA");
    let tabs = BTreeMap::new();
    let place = Place { instance_url: "https://acme.my.salesforce.com", org_id: "00D", tabs: &tabs };
    assert_eq!(
        Salesforce.record_url(place, &short),
        "https://acme.my.salesforce.com/lightning/r/Contact/0035g00000AAAAAAA5/view"
    );
}
