//! Requests as they go out and answers as Zoho documents them, each test one sentence.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Zoho;
use crate::{
    crm::{
        Answer, Call, Crm, DescribeFlow, EntryWrite, Org, Outcome, PersonWrite, Request, Response,
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
mod places;
mod settings;
mod users;

const ORG: &str = "808123456";
const USER: &str = "6044000000026001";
const CONTACT: &str = "6044000000524157";
const OTHER: &str = "6044000000524160";
const LEAD: &str = "6044000000531002";
const NOTE: &str = "6044000000600001";
const INSTANCE: &str = "https://www.zohoapis.eu";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../fixtures/", $name))
    };
}
use fixture;

/// What the suite of every CRM says here.
pub(super) const KIT: Kit = Kit {
    org: ORG,
    user: USER,
    contact: CONTACT,
    lead: LEAD,
    entry: NOTE,
    person: &[
        ("First_Name", "string", Some(PersonField::FirstName)),
        ("Last_Name", "string", Some(PersonField::LastName)),
        ("Phone", "phone", Some(PersonField::Phone)),
        ("Mobile", "phone", None),
        ("Email", "email", Some(PersonField::Email)),
        ("Owner", "reference", Some(PersonField::Owner)),
        ("Region", "string", None),
    ],
    task: &[
        ("Subject", "string"),
        ("Description", "textarea"),
        ("Status", "picklist"),
        ("Due_Date", "date"),
        ("Who_Id", "reference"),
        ("What_Id", "reference"),
        ("Owner", "reference"),
    ],
    custom: "Region",
    source: "Lead_Source",
    kinds: &[EntryKind::Note, EntryKind::Task],
    keyings: &[|| EntryKeying::Text],
    nothing: (204, ""),
    unfinished: |kind| match kind {
        EntryKind::Note => (200, fixture!("notes_page.json")),
        EntryKind::Task => (200, fixture!("tasks_page.json")),
    },
};

/// An answer with this body.
fn answer(status: u16, body: &str) -> Response {
    let headers = vec![("date".to_owned(), "Fri, 02 Jan 2026 03:04:05 GMT".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn undescribed() -> Org {
    Org { instance_url: INSTANCE.to_owned(), version: "v8".to_owned(), profile: None }
}

/// The org of the fixtures.
fn org() -> Org {
    Org { profile: Some(described(|_, body| body)), ..undescribed() }
}

/// The answers of the fixtures' org, by the request's path and query behind the version.
fn told(path: &str) -> (u16, String) {
    let body = match path {
        "org" => fixture!("org.json"),
        "users?type=CurrentUser" => fixture!("user.json"),
        "settings/modules" => fixture!("modules.json"),
        "settings/fields?module=Contacts" => fixture!("fields_contacts.json"),
        "settings/fields?module=Leads" => fixture!("fields_leads.json"),
        "settings/fields?module=Tasks" => fixture!("fields_tasks.json"),
        "settings/fields?module=Deals" => fixture!("fields_deals.json"),
        "settings/fields?module=Patients" => fixture!("fields_patients.json"),
        "settings/related_lists?module=Contacts" | "settings/related_lists?module=Leads" => {
            fixture!("related_lists.json")
        }
        "settings/related_lists?module=Patients" => return (204, String::new()),
        other => panic!("nobody asks for {other}"),
    };
    (200, body.to_owned())
}

/// Describes the org of the fixtures; `change` may answer something else to a path.
fn described(change: impl Fn(&str, (u16, String)) -> (u16, String)) -> OrgProfile {
    match describe(change) {
        Ok(Answer::Profile(profile)) => *profile,
        other => panic!("no profile: {other:?}"),
    }
}

fn describe(change: impl Fn(&str, (u16, String)) -> (u16, String)) -> Result<Answer, Verdict> {
    let mut call = Call::Describe { user_id: USER.to_owned(), flow: DescribeFlow::default() };
    for _ in 0..50 {
        let request = Zoho.request(&undescribed(), &call);
        let path = path(&request);
        let (status, body) = change(&path, told(&path));
        match Zoho.reply(&undescribed(), &call, &answer(status, &body)).result {
            Ok(Answer::More(next, _)) => call = next,
            other => return other,
        }
    }
    panic!("describing does not end");
}

/// Path and query of a request, behind the version.
fn path(request: &Request) -> String {
    let path = request.url.strip_prefix("https://www.zohoapis.eu/crm/v8/");
    unescaped(path.unwrap_or_else(|| panic!("{}", request.url)))
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

fn reply(call: &Call, status: u16, body: &str) -> Result<Answer, Verdict> {
    Zoho.reply(&org(), call, &answer(status, body)).result
}

fn outcomes(call: &Call, status: u16, body: &str) -> Vec<Outcome> {
    match reply(call, status, body) {
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

/// The query of a COQL request.
fn query(request: &Request) -> String {
    assert_eq!((request.method, path(request).as_str()), ("POST", "coql"));
    body(request)["select_query"].as_str().expect("a query").to_owned()
}

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.to_owned() }
}

fn patients() -> Module {
    Module::other("Patients").expect("a name")
}

fn entry(kind: EntryKind, key: &str) -> EntryWrite {
    EntryWrite {
        kind,
        key: key.to_owned(),
        id: None,
        who: record(Module::Contact, CONTACT),
        owner_id: Some(USER.to_owned()),
        subject: "WhatsApp chat with Aiko (02/01/2026)".to_owned(),
        body: "Hello".to_owned(),
        date: "2026-01-02".to_owned(),
        starts_at: Timestamp::from_seconds(1_767_323_045),
        ends_at: Timestamp::from_seconds(1_767_323_045),
        direction: Some(Direction::In),
        unmodified_since: None,
    }
}

fn new_contact() -> PersonWrite {
    PersonWrite {
        id: None,
        module: Module::Contact,
        fields: PersonFields::from([
            (PersonField::LastName, "Tanaka".to_owned()),
            (PersonField::Phone, "+819012345678".to_owned()),
            (PersonField::LeadSource, "Causeway".to_owned()),
            (PersonField::Owner, USER.to_owned()),
        ]),
        allow_duplicate: false,
        sets_off: false,
        unmodified_since: None,
    }
}

fn changed_contact(id: &str) -> PersonWrite {
    PersonWrite {
        id: Some(id.to_owned()),
        fields: PersonFields::from([(PersonField::FirstName, String::new())]),
        ..new_contact()
    }
}

/// An answer with one element for each record.
fn elements(elements: &[Value]) -> String {
    json!({"data": elements}).to_string()
}

fn success(id: &str) -> Value {
    json!({"code": "SUCCESS", "details": {"id": id}, "message": "record added", "status": "success"})
}

fn failure(code: &str, details: &Value, message: &str) -> Value {
    json!({"code": code, "details": details, "message": message, "status": "error"})
}

#[test]
fn usage_is_told_once_half_of_it_is_spent_and_the_limit_is_known() {
    let with = |left: &str| {
        let mut response = answer(200, fixture!("org.json"));
        response.headers.push(("x-api-credits-remaining".to_owned(), left.to_owned()));
        Zoho.reply(&org(), &Call::Usage, &response)
    };
    let told = with("20000");
    assert_eq!(told.result, Ok(Answer::Nothing));
    assert_eq!(told.usage.map(|usage| (usage.used, usage.limit)), Some((40_000, 60_000)));
    assert_eq!(told.server_time, Timestamp::parse("2026-01-02T03:04:05Z"));
    assert_eq!(with("70000").usage, None, "more is left than there can be");
    assert_eq!(Zoho.reply(&org(), &Call::Usage, &answer(200, fixture!("org.json"))).usage, None);
    let mut unlimited = org();
    unlimited.profile.as_mut().expect("a profile").calls_limit = None;
    let mut response = answer(200, fixture!("org.json"));
    response.headers.push(("x-api-credits-remaining".to_owned(), "5".to_owned()));
    assert_eq!(Zoho.reply(&unlimited, &Call::Usage, &response).usage, None, "nothing is made up");
}

#[test]
fn ten_written_records_cost_a_credit_and_most_requests_one() {
    let contacts = |count: usize| Call::WritePeople(vec![new_contact(); count]);
    assert_eq!([1, 10, 11, 100].map(|count| Zoho.cost(&contacts(count))), [1, 1, 2, 10]);
    assert_eq!(Zoho.cost(&Call::Usage), 1);
}

#[test]
fn a_json_body_says_that_it_is_one_and_a_request_without_a_body_says_nothing() {
    let write = Zoho.request(&org(), &Call::WritePeople(vec![new_contact()]));
    assert_eq!(header(&write, "content-type"), Some("application/json"));
    assert_eq!(header(&Zoho.request(&org(), &Call::Usage), "content-type"), None);
}

#[test]
fn the_preset_is_a_note_for_each_day_on_a_contact() {
    let preset: BTreeMap<String, Value> = serde_json::from_str(Zoho.preset()).expect("JSON");
    assert_eq!((&preset["shape"], &preset["entry"]), (&json!("local_day"), &json!("note")));
    assert_eq!(preset["title_template"], "{channel} chat with {name} ({DD/MM/YYYY})");
    assert_eq!((&preset["module"], &preset["create"]), (&json!("contact"), &json!("contact")));
}
