//! What every CRM holds to, whatever its API looks like. Each test runs over [`ALL`](super::ALL) and the toy.
//!
//! Answers are a connector's own fixtures under every status code, and thousands of copies of them that a
//! fixed sequence has damaged: an answer may be wrong in any way, and nothing may come of it but a verdict.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    ALL, Answer, App, Call, Changes, Crm, DescribeFlow, EntryWrite, Grant, Identity, KeyedEntry, Org,
    PanelFields, PanelQuery, PeopleQuery, PersonWrite, Place, Reply, Request, Response,
};
use crate::{
    address::phone,
    lane::Verdict,
    record::{
        CrmUser, EntryKeying, EntryKind, EntryProfile, FieldProfile, Module, ModuleProfile, OrgProfile,
        PersonField, PersonFields, RecordRef,
    },
    time::Timestamp,
    timeline::Direction,
};

const INSTANCE: &str = "https://acme.example.test";
const LOGIN: &str = "https://login.example.test";

/// What the suite says in the CRM's own words: ids as it writes them, names as it calls them.
pub struct Kit {
    pub org: &'static str,
    pub user: &'static str,
    pub contact: &'static str,
    pub lead: &'static str,
    pub entry: &'static str,
    /// The fields of a person, each with its kind and what it holds.
    pub person: &'static [(&'static str, &'static str, Option<PersonField>)],
    /// The fields of a task, each with its kind.
    pub task: &'static [(&'static str, &'static str)],
    /// A field of the customer's own on people, and the one for where they came from.
    pub custom: &'static str,
    pub source: &'static str,
    /// The kinds of entries, and the ways in which they may be keyed.
    pub kinds: &'static [EntryKind],
    pub keyings: &'static [fn() -> EntryKeying],
    /// What a search for lost entries is told where there are none; and where there are more than the answer holds, and none
    /// of ours among them.
    pub nothing: (u16, &'static str),
    pub unfinished: fn(EntryKind) -> (u16, &'static str),
}

/// Every CRM, and the toy that shows how one is added.
fn everyone() -> impl Iterator<Item = &'static &'static dyn Crm> {
    const TOY: &[&dyn Crm] = &[&super::toy::Toy];
    ALL.iter().chain(TOY)
}

fn field((name, kind, holds): &(&str, &str, Option<PersonField>)) -> FieldProfile {
    FieldProfile {
        name: (*name).to_owned(),
        holds: holds.clone(),
        label: (*name).to_owned(),
        kind: (*kind).to_owned(),
        length: 255,
        is_createable: true,
        is_updateable: true,
        is_filterable: true,
        ..FieldProfile::default()
    }
}

fn module(fields: &[(&str, &str, Option<PersonField>)]) -> ModuleProfile {
    ModuleProfile {
        is_createable: true,
        is_updateable: true,
        is_readable: true,
        fields: fields.iter().map(field).collect(),
        ..ModuleProfile::default()
    }
}

fn org(crm: &dyn Crm, keying: Option<&EntryKeying>) -> Org {
    let kit = crm.kit();
    let task: Vec<_> = kit.task.iter().map(|(name, kind)| (*name, *kind, None)).collect();
    Org {
        instance_url: INSTANCE.to_owned(),
        version: crm.default_version().to_owned(),
        profile: Some(OrgProfile {
            org_id: kit.org.to_owned(),
            org_name: "Acme".to_owned(),
            is_sandbox: true,
            acting_user: CrmUser {
                id: kit.user.to_owned(),
                email: String::new(),
                name: String::new(),
                is_active: true,
            },
            modules: BTreeMap::from([
                (Module::Contact, module(kit.person)),
                (Module::Lead, module(kit.person)),
                (Module::Task, module(&task)),
            ]),
            entries: kit
                .kinds
                .iter()
                .map(|kind| {
                    let done_status = Some("Completed".to_owned());
                    let keying = keying.cloned();
                    (*kind, EntryProfile { keying, done_status, subject_length: 255, body_length: 32_000 })
                })
                .collect(),
            ..OrgProfile::default()
        }),
    }
}

fn orgs(crm: &dyn Crm) -> Vec<Org> {
    let keyed = crm.kit().keyings.iter().map(|keying| org(crm, Some(&keying())));
    keyed.chain([Org { profile: None, ..org(crm, None) }]).collect()
}

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.to_owned() }
}

fn entry(kit: &Kit, kind: EntryKind, key: &str, id: Option<&str>) -> EntryWrite {
    EntryWrite {
        kind,
        key: key.to_owned(),
        id: id.map(str::to_owned),
        who: record(Module::Contact, kit.contact),
        owner_id: Some(kit.user.to_owned()),
        subject: "WhatsApp".to_owned(),
        body: "Hello 'world'\n日本語 \\ \u{1}".to_owned(),
        date: "2026-01-02".to_owned(),
        starts_at: Timestamp::from_seconds(1_767_323_045),
        ends_at: Timestamp::from_seconds(1_767_323_045),
        direction: Some(Direction::In),
        unmodified_since: None,
    }
}

fn person(kit: &Kit, id: Option<&str>, module: Module, allow_duplicate: bool) -> PersonWrite {
    PersonWrite {
        id: id.map(str::to_owned),
        module,
        fields: PersonFields::from([
            (PersonField::LastName, "O'Neil".to_owned()),
            (PersonField::Phone, "+819012345678".to_owned()),
            (PersonField::Custom(kit.custom.to_owned()), String::new()),
        ]),
        allow_duplicate,
        sets_off: false,
        unmodified_since: None,
    }
}

fn panel_fields(kit: &Kit) -> PanelFields {
    let mut names: Vec<_> = kit.person.iter().map(|(name, ..)| (*name).to_owned()).collect();
    names.extend(["Account.Name", "x' FROM User --"].map(str::to_owned));
    PanelFields::from([(Module::Contact, names.clone()), (Module::Lead, names)])
}

fn panel_query(kit: &Kit) -> PanelQuery {
    PanelQuery {
        phones: vec![phone::parse_international("819012345678"), phone::parse("12 3", None)],
        emails: vec!["o'neil@example.test".to_owned()],
        fields: panel_fields(kit),
        ..PanelQuery::default()
    }
}

/// One call of each kind, with pages and steps in their middle, and full ones.
fn calls(crm: &dyn Crm) -> Vec<Call> {
    let limits = crm.capabilities();
    let kit = &crm.kit();
    let query = PeopleQuery {
        phones: vec![phone::parse_international("819012345678"), phone::parse("12 3", None)],
        emails: vec!["o'neil@example.test".to_owned()],
        ..PeopleQuery::default()
    };
    let mixed = [
        Call::WritePeople(vec![
            person(kit, None, Module::Lead, false),
            person(kit, Some(kit.contact), Module::Contact, false),
            person(kit, None, Module::Contact, true),
        ]),
        Call::Delete(vec![record(Module::Task, kit.entry), record(Module::Lead, kit.lead)]),
    ];
    let mut calls = vec![
        Call::Describe { user_id: kit.user.to_owned(), flow: DescribeFlow::default() },
        Call::Users { emails: vec!["a@example.test".to_owned()], ids: vec![kit.user.to_owned()], page: None },
        Call::FindPeople(query.clone()),
        Call::FindPeople(PeopleQuery { step: 1, ..query.clone() }),
        Call::FindPeople(PeopleQuery { rest: vec!["@evil.test/".to_owned()], ..query.clone() }),
        Call::FindPeople(PeopleQuery::default()),
        Call::ReadPeople {
            records: vec![
                record(Module::Contact, kit.contact),
                record(Module::Lead, kit.lead),
                record(Module::Lead, "'"),
            ],
            extra: vec![kit.custom.to_owned(), "x' FROM User --".to_owned()],
        },
        Call::WritePeople(vec![person(kit, None, Module::Lead, true)]),
        Call::WritePeople(Vec::new()),
        Call::VerifyEntries { keyed: Vec::new(), page: None },
        Call::ChangedPeople(Changes::default()),
        Call::ChangedPeople(Changes { step: 1, page: Some("//evil.test/".to_owned()), ..Changes::default() }),
        Call::Delete(vec![record(Module::Lead, kit.lead), record(Module::Lead, "a&b=c")]),
        Call::AddChoice {
            module: Module::Lead,
            field: kit.source.to_owned(),
            choice: "Chat & more".to_owned(),
        },
        Call::AddLinkField { module: Module::Contact, label: "Chat \"link\"".to_owned() },
        Call::PanelFind(panel_query(kit)),
        Call::PanelFind(PanelQuery { step: 1, ..panel_query(kit) }),
        Call::PanelFind(PanelQuery { step: u32::MAX, ..panel_query(kit) }),
        Call::PanelFind(PanelQuery {
            phones: Vec::new(),
            texts: vec!["12 3' OR Name != '".to_owned()],
            phone_fields: Some(vec!["phone".to_owned(), "x' --".to_owned()]),
            ..panel_query(kit)
        }),
        Call::PanelFind(PanelQuery::default()),
        Call::PanelRead {
            records: vec![record(Module::Contact, kit.contact), record(Module::Lead, "'")],
            fields: panel_fields(kit),
        },
        Call::PanelRead { records: Vec::new(), fields: panel_fields(kit) },
        Call::PanelNear {
            name: Some("O'Neil} OR {*".to_owned()),
            digits: vec!["2345678".to_owned(), "1 OR 2".to_owned()],
            fields: panel_fields(kit),
            step: 0,
        },
        Call::PanelNear { name: None, digits: Vec::new(), fields: PanelFields::new(), step: 0 },
        Call::Identify { org_id: None },
        Call::Identify { org_id: Some(kit.org.to_owned()) },
        Call::Usage,
    ];
    if limits.mixes_writes {
        calls.extend(mixed);
    }
    calls.extend(kit.kinds.iter().flat_map(|kind| of_entries(kit, *kind, limits.entries_per_call)));
    calls
}

fn of_entries(kit: &Kit, kind: EntryKind, most: usize) -> Vec<Call> {
    let new = |key: &str| entry(kit, kind, key, None);
    let many = |count: usize| (0..count).map(|n| new(&format!("cx1-{n}"))).collect::<Vec<_>>();
    vec![
        Call::WriteEntries(vec![new("cx1-a")]),
        Call::WriteEntries(vec![new("cx1-a"), entry(kit, kind, "cx1-b", Some(kit.entry)), new("cx1-a")]),
        Call::WriteEntries(many(most)),
        Call::WriteEntries(many(most + 1)),
        sought(kit, kind, None),
        sought(kit, kind, Some("//evil.test/".to_owned())),
        Call::ReadEntries { kind, ids: vec![kit.entry.to_owned(), "no id".to_owned()] },
    ]
}

/// A search for an entry that was attempted on one record, before its person was linked to another.
fn sought(kit: &Kit, kind: EntryKind, page: Option<String>) -> Call {
    let keyed = KeyedEntry {
        kind,
        key: "cx1-a".to_owned(),
        on: vec![record(Module::Contact, kit.contact), record(Module::Lead, kit.lead)],
        since: Timestamp::from_seconds(1_767_323_045),
    };
    Call::VerifyEntries { keyed: vec![keyed], page }
}

fn written(call: &Call) -> usize {
    match call {
        Call::WritePeople(writes) => writes.len(),
        Call::WriteEntries(writes) => writes.len(),
        Call::Delete(records) => records.len(),
        _ => 0,
    }
}

/// A fixed sequence of numbers: the same damage in every run.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("fits") % below.max(1)
    }
}

/// The bodies in the connector's folder.
fn fixtures(crm: &dyn Crm) -> Vec<Vec<u8>> {
    let folder = format!("{}/src/crm/{}/fixtures", env!("CARGO_MANIFEST_DIR"), crm.name());
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("a CRM has fixtures")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files.iter().map(|file| std::fs::read(file).expect("readable")).collect()
}

fn response(status: u16, body: Vec<u8>) -> Response {
    let headers = vec![
        ("date".to_owned(), "Fri, 02 Jan 2026 03:04:05 GMT".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    Response { status, headers, body }
}

fn answers(crm: &dyn Crm) -> Vec<Response> {
    let mut bodies = fixtures(crm);
    bodies.extend(
        [
            "",
            "null",
            "[]",
            "{}",
            "0",
            "\"x\"",
            "[null]",
            "[[]]",
            "[{}]",
            "{\"error\":\"invalid_grant\"}",
            "<html>",
        ]
        .map(|body| body.as_bytes().to_vec()),
    );
    bodies.push("[".repeat(10_000).into_bytes());
    bodies.push(vec![0xff; 40]);
    let mut answers = Vec::new();
    for status in [200, 201, 204, 300, 302, 400, 401, 403, 404, 412, 420, 429, 500, 503] {
        answers.extend(bodies.iter().map(|body| response(status, body.clone())));
    }
    let mut sequence = Sequence(7);
    for body in &bodies {
        for _ in 0..25 {
            let status = [200, 200, 200, 400][sequence.next(4)];
            answers.push(response(status, cut(body, &mut sequence)));
            if let Ok(mut value) = serde_json::from_slice::<Value>(body) {
                for _ in 0..=sequence.next(3) {
                    damage(&mut value, &mut sequence);
                }
                answers.push(response(status, value.to_string().into_bytes()));
            }
        }
    }
    answers
}

/// Ends early, or has a byte changed.
fn cut(body: &[u8], sequence: &mut Sequence) -> Vec<u8> {
    let mut body = body.to_vec();
    let place = sequence.next(body.len());
    if sequence.next(2) == 0 {
        body.truncate(place);
    } else if let Some(byte) = body.get_mut(place) {
        *byte = b"\"{}[]:,0\\x\xff"[sequence.next(11)];
    }
    body
}

/// Somewhere in the value, another value.
fn damage(value: &mut Value, sequence: &mut Sequence) {
    let others = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(u64::MAX),
        Value::from(""),
        Value::from("https://evil.test/"),
        Value::from("日本語"),
        Value::Array(Vec::new()),
        Value::Object(serde_json::Map::new()),
    ];
    let goes_on = sequence.next(8) > 0;
    match value {
        Value::Array(list) if goes_on && !list.is_empty() => {
            let place = sequence.next(list.len());
            if sequence.next(10) == 0 {
                list.remove(place);
            } else {
                damage(&mut list[place], sequence);
            }
        }
        Value::Object(members) if goes_on && !members.is_empty() => {
            let name = members.keys().nth(sequence.next(members.len())).expect("a member").clone();
            if sequence.next(10) == 0 {
                members.remove(&name);
            } else {
                damage(&mut members[&name], sequence);
            }
        }
        value => *value = others[sequence.next(others.len())].clone(),
    }
}

fn check_request(crm: &dyn Crm, call: &Call, request: &Request) {
    let name = format!("{} {}", crm.name(), call.name());
    assert!(request.url.starts_with(&format!("{INSTANCE}/")), "{name}: {}", request.url);
    assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{name}: {}", request.url);
    assert!(request.url.len() < 16_000, "{name}: an address of {} bytes", request.url.len());
    assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&request.method), "{name}");
    for (header, value) in &request.headers {
        assert!(!header.eq_ignore_ascii_case("authorization"), "{name}: the shell adds the token");
        assert_eq!(*header, header.to_ascii_lowercase(), "{name}");
        assert!(value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{name}: {value}");
        assert_eq!(
            request.headers.iter().filter(|(other, _)| other == header).count(),
            1,
            "{name}: {header}"
        );
    }
    assert!(call.is_write() || request.method != "DELETE", "{name}");
}

fn check_reply(crm: &dyn Crm, org: &Org, call: &Call, response: &Response) {
    let Reply { result, .. } = crm.reply(org, call, response);
    let name = format!("{} {} {}", crm.name(), call.name(), String::from_utf8_lossy(&response.body));
    match result {
        Ok(Answer::Outcomes(outcomes)) => {
            assert!(call.is_write(), "{name}");
            assert_eq!(outcomes.len(), written(call), "{name}");
            for outcome in outcomes {
                assert_eq!(outcome.verdict == Verdict::Done, outcome.id.is_some(), "{name}: {outcome:?}");
            }
        }
        Ok(Answer::More(next, _)) => {
            assert_eq!(next.name(), call.name(), "{name}");
            check_request(crm, &next, &crm.request(org, &next));
            let stored = serde_json::to_string(&next).expect("a call can be stored");
            assert_eq!(serde_json::from_str::<Call>(&stored).expect("and read again"), next, "{name}");
        }
        Ok(Answer::Part(part, next)) => {
            assert!(!call.is_write(), "{name}: what is written has outcomes, not parts");
            assert_eq!(next.name(), call.name(), "{name}");
            assert!(fits(call, &part), "{name}: {part:?}");
            check_request(crm, &next, &crm.request(org, &next));
        }
        Ok(answer) => assert!(fits(call, &answer), "{name}: {answer:?}"),
        Err(verdict) => {
            assert_ne!(verdict, Verdict::Done, "{name}");
            let is_unknown = matches!(verdict, Verdict::Unknown { .. });
            assert!(call.is_write() || !is_unknown, "{name}: a reading has no unknown outcome");
        }
    }
}

fn fits(call: &Call, answer: &Answer) -> bool {
    match call {
        Call::Describe { .. } => matches!(answer, Answer::Profile(_)),
        Call::Users { .. } => matches!(answer, Answer::Users(_)),
        Call::FindPeople(_) | Call::ReadPeople { .. } => matches!(answer, Answer::People(_)),
        Call::VerifyEntries { .. } => matches!(answer, Answer::Keyed(_)),
        Call::ReadEntries { .. } => matches!(answer, Answer::Entries(_)),
        Call::ChangedPeople(_) => matches!(answer, Answer::Changed(..)),
        Call::PanelFind(_) | Call::PanelRead { .. } | Call::PanelNear { .. } => {
            matches!(answer, Answer::Panel(_))
        }
        Call::Identify { .. } => match answer {
            Answer::Identity(Identity { org_id, user_id }) => !org_id.is_empty() && !user_id.is_empty(),
            _ => false,
        },
        Call::Usage | Call::AddChoice { .. } | Call::AddLinkField { .. } => matches!(answer, Answer::Nothing),
        Call::WritePeople(_) | Call::WriteEntries(_) | Call::Delete(_) => false,
    }
}

#[test]
fn whatever_the_answer_every_call_ends_in_a_verdict_or_a_fitting_answer() {
    for crm in everyone() {
        let answers = answers(*crm);
        for (place, org) in orgs(*crm).iter().enumerate() {
            for call in calls(*crm) {
                // Full calls and further orgs add little to a short call on the first, and take their time.
                let step = if written(&call) > 100 { 37 } else { 1 + 6 * place };
                for response in answers.iter().step_by(step) {
                    check_reply(*crm, org, &call, response);
                }
            }
        }
    }
}

#[test]
fn a_request_goes_to_the_instance_only_and_carries_no_token() {
    for crm in everyone() {
        for org in orgs(*crm) {
            for call in calls(*crm) {
                let request = crm.request(&org, &call);
                check_request(*crm, &call, &request);
                assert_eq!(request, crm.request(&org, &call), "the same call is the same request");
            }
        }
    }
}

#[test]
fn silence_after_a_write_is_unknown_and_everything_else_can_be_repeated() {
    for crm in everyone() {
        for call in calls(*crm) {
            let unsent = crm.silence(&call, false, "refused").result;
            assert!(matches!(unsent, Err(Verdict::Again { .. })), "{}: {unsent:?}", call.name());
            let sent = crm.silence(&call, true, "timed out").result;
            if call.is_write() {
                assert!(matches!(sent, Err(Verdict::Unknown { .. })), "{}: {sent:?}", call.name());
            } else {
                assert!(matches!(sent, Err(Verdict::Again { .. })), "{}: {sent:?}", call.name());
            }
        }
    }
}

/// Answers a search for lost entries with this, as long as it goes on: the requests that it took, and what it came to; `None`
/// when it does not come to its end.
fn searched(
    crm: &dyn Crm,
    org: &Org,
    kind: EntryKind,
    told: (u16, &str),
) -> (Vec<Request>, Option<Result<Answer, Verdict>>) {
    let mut call = sought(&crm.kit(), kind, None);
    let (mut requests, mut found) = (Vec::new(), Answer::Keyed(BTreeMap::new()));
    // No line follows a flow any longer.
    for _ in 0..500 {
        requests.push(crm.request(org, &call));
        match crm.reply(org, &call, &response(told.0, told.1.as_bytes().to_vec())).result {
            Ok(Answer::More(next, _)) => call = next,
            Ok(Answer::Part(part, next)) => {
                found = found.join(*part).expect("parts of one answer");
                call = *next;
            }
            Ok(answer) => return (requests, Some(Ok(found.join(answer).expect("parts of one answer")))),
            Err(verdict) => return (requests, Some(Err(verdict))),
        }
    }
    (requests, None)
}

/// Every CRM, described, with every kind of its entries.
fn each_kind(check: impl Fn(&dyn Crm, &Org, EntryKind)) {
    for crm in everyone() {
        for org in orgs(*crm).iter().filter(|org| org.profile.is_some()) {
            crm.kit().kinds.iter().for_each(|kind| check(*crm, org, *kind));
        }
    }
}

#[test]
fn what_a_search_has_not_looked_through_is_not_missing() {
    each_kind(|crm, org, kind| {
        let (_, outcome) = searched(crm, org, kind, (crm.kit().unfinished)(kind));
        if let Some(Ok(Answer::Keyed(found))) = &outcome {
            assert!(found.contains_key("cx1-a"), "{} {kind:?}: {outcome:?}", crm.name());
        }
        let (_, outcome) = searched(crm, org, kind, crm.kit().nothing);
        assert_eq!(outcome, Some(Ok(Answer::Keyed(BTreeMap::new()))), "{} {kind:?}", crm.name());
    });
}

#[test]
fn what_may_be_lost_is_looked_for_wherever_it_may_stand() {
    each_kind(|crm, org, kind| {
        let kit = crm.kit();
        let (requests, _) = searched(crm, org, kind, kit.nothing);
        let names = |id: &str| {
            requests.iter().any(|request| {
                let said = format!("{} {}", request.url, String::from_utf8_lossy(&request.body));
                said.contains(id)
            })
        };
        // By its records, by all of them; or by nothing but its key and its time.
        assert_eq!(names(kit.contact), names(kit.lead), "{} {kind:?}: {requests:?}", crm.name());
    });
}

#[test]
fn hosts_that_nobody_allowed_are_refused() {
    let extra = ["crm.example.test:8090".to_owned()];
    for crm in everyone() {
        for host in
            ["evil.test", "https://a@b.test", "http://169.254.169.254", "", "https://", "crm.example.test"]
        {
            let login = crm.login_url(host, &extra);
            let refusal = login.expect_err(host);
            assert_eq!(refusal.owner, crm.title());
            assert!(crm.check_instance(host, &extra).is_err(), "{host}");
        }
        let listed = "http://crm.example.test:8090";
        assert_eq!(crm.login_url(listed, &extra).as_deref(), Ok("http://crm.example.test:8090"));
        assert_eq!(crm.check_instance("http://crm.example.test:8090", &extra), Ok(()));
    }
}

/// What CRMs are known to name a host by in the address that a browser brings back.
const NAMED_BY: &[&str] = &[
    "accounts-server",
    "accounts_server",
    "location",
    "api_domain",
    "domain",
    "host",
    "instance_url",
    "iss",
    "server",
    "url",
];

#[test]
fn a_code_is_turned_into_tokens_at_the_crm_only_whatever_the_browser_brings_back() {
    let extra = ["crm.example.test:8090".to_owned()];
    let evil = [
        "https://evil.test",
        "evil.test",
        "http://169.254.169.254",
        "https://crm.example.test",
        "https://accounts.evil.test/",
        "//evil.test",
        "",
        "xx",
    ];
    for crm in everyone() {
        let usual = crm.logins()[0].key;
        let login_url = crm.login_url(usual, &[]).unwrap_or_else(|_| LOGIN.to_owned());
        let plain = [("code".to_owned(), "c".to_owned()), ("state".to_owned(), "s".to_owned())];
        assert_eq!(crm.token_host(&login_url, &plain, &extra), Ok(login_url.clone()), "{}", crm.name());
        for (name, host) in NAMED_BY.iter().flat_map(|name| evil.map(|host| (name, host))) {
            let named = ((*name).to_owned(), host.to_owned());
            let theirs = (named.0.clone(), login_url.clone());
            let queries =
                [vec![named.clone()], vec![theirs.clone(), named.clone()], vec![named.clone(), theirs]];
            for query in queries {
                let query: Vec<_> = plain.iter().cloned().chain(query).collect();
                if let Ok(found) = crm.token_host(&login_url, &query, &extra) {
                    let again = crm.login_url(&found, &extra);
                    assert_eq!(again.as_deref(), Ok(found.as_str()), "{query:?}");
                    assert!(!found.contains("evil") && !found.contains("169"), "{query:?}: {found}");
                }
            }
        }
    }
}

#[test]
fn a_place_to_log_in_is_a_word_for_a_host_of_the_crm_or_a_host_that_is_typed() {
    for crm in everyone() {
        let logins = crm.logins();
        assert!(!logins.is_empty(), "{}", crm.name());
        for login in logins {
            let is_word = login.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(is_word && !login.key.is_empty(), "{}", login.key);
            assert_eq!(logins.iter().filter(|other| other.key == login.key).count(), 1, "{}", login.key);
            let Some(url) = login.url else {
                assert!(crm.login_url(login.key, &[]).is_err(), "{} is no host", login.key);
                continue;
            };
            assert!(url.starts_with("https://") && !url.ends_with('/'), "{url}");
            assert_eq!(crm.login_url(login.key, &[]).as_deref(), Ok(url), "{}", login.key);
            assert_eq!(crm.login_url(url, &[]).as_deref(), Ok(url), "the word and its host are one place");
        }
        assert!(logins.iter().filter(|login| login.url.is_none()).count() <= 1, "one field to type in");
    }
}

#[test]
fn grants_are_asked_for_with_pkce_and_only_at_the_login_host() {
    let app = App { client_id: "id+&".to_owned(), client_secret: Some("s&cret".to_owned()) };
    for crm in everyone() {
        let url = crm.authorize_url(&app, LOGIN, "https://causeway.test/back?a=1", "st&te", "ch_llenge");
        assert!(url.starts_with(&format!("{LOGIN}/")), "{url}");
        for part in
            ["code_challenge=ch_llenge", "code_challenge_method=S256", "state=st%26te", "client_id=id%2B%26"]
        {
            assert!(url.contains(part), "{part} in {url}");
        }
        assert!(!url.contains("cret"), "{url}");
        let code = Grant::Code {
            code: "c=".to_owned(),
            redirect_uri: "https://causeway.test/back?a=1".to_owned(),
            verifier: "v".to_owned(),
        };
        let refresh = Grant::Refresh { refresh_token: "r+t".to_owned() };
        for request in [
            crm.token_request(&app, LOGIN, &code),
            crm.token_request(&app, LOGIN, &refresh),
            crm.revoke_request(&app, LOGIN, "r+t"),
        ] {
            assert!(request.url.starts_with(&format!("{LOGIN}/")), "{}", request.url);
            assert_eq!(request.method, "POST");
            assert!(!request.url.contains("cret"), "secrets stand in the body: {}", request.url);
        }
    }
}

#[test]
fn a_token_answer_that_cannot_be_read_does_not_end_the_grant() {
    for crm in everyone() {
        for answer in answers(*crm) {
            let grant = Grant::Refresh { refresh_token: "r".to_owned() };
            let reply = crm.token_reply(&grant, &answer);
            if let Ok(Some(identity)) = reply.as_ref().map(|tokens| &tokens.identity) {
                assert!(!identity.org_id.is_empty() && !identity.user_id.is_empty(), "{}", crm.name());
            }
            if let Err(failure) = reply {
                let says_so = String::from_utf8_lossy(&answer.body).contains("error");
                assert!(says_so || !failure.is_permanent, "{failure:?}");
                assert!(answer.status < 500 || !failure.is_permanent, "{failure:?}");
                assert!(!failure.code.is_empty() && !failure.detail.is_empty());
            }
        }
    }
}

#[test]
fn a_record_is_looked_at_on_the_instance() {
    for crm in everyone() {
        let tabs = BTreeMap::new();
        let place = Place { instance_url: INSTANCE, org_id: "1", tabs: &tabs };
        for target in [record(Module::Contact, crm.kit().contact), record(Module::Task, "../../x?y#z")] {
            let url = crm.record_url(place, &target);
            assert!(url.starts_with(&format!("{INSTANCE}/")) && !url.contains(".."), "{url}");
        }
        let now = Timestamp::from_seconds(1_767_323_045);
        assert!(crm.limit_retry_at(now) > now);
    }
}

#[test]
fn names_are_words_that_urls_and_logs_can_hold() {
    for crm in everyone() {
        assert!(crm.name().bytes().all(|byte| byte.is_ascii_lowercase()), "{}", crm.name());
        let is_offered = ALL.iter().any(|offered| offered.name() == crm.name());
        assert_eq!(super::named(crm.name()).map(Crm::name), is_offered.then(|| crm.name()));
        assert!(crm.authorization_scheme().bytes().all(|byte| byte == b'-' || byte.is_ascii_alphabetic()));
    }
    assert!(super::named("nothing").is_none());
}
