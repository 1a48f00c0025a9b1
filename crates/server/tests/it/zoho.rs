//! Zoho's connector and the simulated Zoho org, which were written apart: do they understand each other?

use std::collections::BTreeMap;

use bytes::Bytes;
use causeway_core::{
    address::phone,
    crm::{
        Answer, App, Call, Changes, Crm, DescribeFlow, EntryRecord, EntryWrite, Grant, KeyedEntry, Org,
        Outcome, PanelFields, PanelQuery, PeopleQuery, PersonWrite, Reply, Request, Response, Tokens,
        zoho::Zoho,
    },
    lane::{HoldReason, Verdict},
    record::{EntryKind, Module, OrgProfile, PersonField, PersonFields, PersonRecord, RecordRef},
    time::Timestamp,
};
use causeway_simulator::zoho::{Options, Org as Simulated};
use serde_json::{Value, json};

/// 2026-03-02 09:00:00 UTC.
const MORNING: i64 = 1_772_442_000_000_000;
const ADDRESS: &str = "http://org.test";
const MAYA: &str = "maya.lindqvist@acme.example";

struct World {
    simulated: Simulated,
    tokens: Tokens,
    org: Org,
}

fn app() -> App {
    App { client_id: "1000.CAUSEWAYSIM".to_owned(), client_secret: Some("causeway-sim-secret".to_owned()) }
}

/// An answer of the org; `None` where the connection was cut.
async fn send(simulated: &Simulated, request: &Request, token: Option<&str>) -> Option<Response> {
    let mut asked =
        http::Request::builder().method(request.method).uri(&request.url).header("host", "org.test");
    for (name, value) in &request.headers {
        asked = asked.header(*name, value);
    }
    if let Some(token) = token {
        asked = asked.header("authorization", format!("{} {token}", Zoho.authorization_scheme()));
    }
    let answer = simulated.handle(asked.body(Bytes::from(request.body.clone())).unwrap()).await.ok()?;
    let headers = answer.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    Some(Response { status: answer.status().as_u16(), headers, body: answer.into_body().to_vec() })
}

impl World {
    async fn new() -> Self {
        let options = Options { public_url: Some(ADDRESS.into()), ..Options::default() };
        let simulated = Simulated::open(options).unwrap();
        simulated.set_clock(MORNING);
        let granted = sim(&simulated, "grant", json!({"user": MAYA})).await;
        let grant = Grant::Code {
            code: granted["code"].as_str().unwrap().to_owned(),
            redirect_uri: "http://c.test/back".to_owned(),
            verifier: "v".to_owned(),
        };
        let request = Zoho.token_request(&app(), ADDRESS, &grant);
        let response = send(&simulated, &request, None).await.unwrap();
        let tokens = Zoho.token_reply(&grant, &response).unwrap_or_else(|failure| panic!("{failure:?}"));
        let org = Org { instance_url: tokens.instance_url.clone(), version: "v8".to_owned(), profile: None };
        let mut world = Self { simulated, tokens, org };
        world.describe().await;
        world
    }

    async fn describe(&mut self) {
        self.org.profile = None;
        let call = Call::Describe { user_id: String::new(), flow: DescribeFlow::default() };
        match self.call(call).await {
            Ok(Answer::Profile(profile)) => self.org.profile = Some(*profile),
            other => panic!("no profile: {other:?}"),
        }
    }

    fn profile(&self) -> &OrgProfile {
        self.org.profile.as_ref().unwrap()
    }

    async fn exchange(&self, call: &Call) -> Reply {
        let request = Zoho.request(&self.org, call);
        match send(&self.simulated, &request, Some(&self.tokens.access_token)).await {
            Some(response) => Zoho.reply(&self.org, call, &response),
            None => Zoho.silence(call, true, "the connection was cut"),
        }
    }

    /// Through all the requests that it takes.
    async fn call(&self, call: Call) -> Result<Answer, Verdict> {
        let (mut call, mut so_far) = (call, None::<Answer>);
        for _ in 0..200 {
            let (answer, next) = match self.exchange(&call).await.result? {
                Answer::More(next, _) => {
                    call = next;
                    continue;
                }
                Answer::Part(part, next) => (*part, Some(*next)),
                answer => (answer, None),
            };
            let whole = match so_far.take() {
                None => answer,
                Some(before) => before.join(answer).expect("parts of one answer"),
            };
            let Some(next) = next else { return Ok(whole) };
            (call, so_far) = (next, Some(whole));
        }
        panic!("a flow of requests does not come to its end")
    }

    async fn write(&self, call: Call) -> Vec<Outcome> {
        match self.call(call).await {
            Ok(Answer::Outcomes(outcomes)) => outcomes,
            other => panic!("no outcomes: {other:?}"),
        }
    }

    /// Makes these people; their ids.
    async fn make(&self, people: Vec<PersonWrite>) -> Vec<String> {
        let outcomes = self.write(Call::WritePeople(people)).await;
        outcomes
            .into_iter()
            .map(|outcome| outcome.id.unwrap_or_else(|| panic!("{:?}", outcome.verdict)))
            .collect()
    }

    async fn find(&self, number: &str) -> Vec<PersonRecord> {
        let phones = vec![phone::parse_international(number)];
        people(self.call(Call::FindPeople(PeopleQuery { phones, ..PeopleQuery::default() })).await)
    }

    async fn read(&self, record: &RecordRef) -> Vec<PersonRecord> {
        people(self.call(Call::ReadPeople { records: vec![record.clone()], extra: Vec::new() }).await)
    }

    async fn entries(&self, kind: EntryKind, ids: &[String]) -> Vec<EntryRecord> {
        match self.call(Call::ReadEntries { kind, ids: ids.to_vec() }).await {
            Ok(Answer::Entries(entries)) => entries,
            other => panic!("no entries: {other:?}"),
        }
    }

    async fn verify(&self, keyed: Vec<KeyedEntry>) -> BTreeMap<String, EntryRecord> {
        match self.call(Call::VerifyEntries { keyed, page: None }).await {
            Ok(Answer::Keyed(sought)) => {
                sought.into_iter().map(|(key, sought)| (key, sought.found().expect("sure"))).collect()
            }
            other => panic!("no keys: {other:?}"),
        }
    }

    async fn sim(&self, path: &str, body: Value) -> Value {
        sim(&self.simulated, path, body).await
    }

    fn later(&self, seconds: i64) {
        self.simulated.set_clock(MORNING + seconds * 1_000_000);
    }
}

async fn sim(simulated: &Simulated, path: &str, body: Value) -> Value {
    let request = Request {
        method: "POST",
        url: format!("{ADDRESS}/_sim/{path}"),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    };
    let response = send(simulated, &request, None).await.unwrap();
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    serde_json::from_slice(&response.body).unwrap()
}

fn people(answer: Result<Answer, Verdict>) -> Vec<PersonRecord> {
    match answer {
        Ok(Answer::People(people)) => people,
        other => panic!("no people: {other:?}"),
    }
}

fn person(module: Module, last_name: &str, phone: &str) -> PersonWrite {
    PersonWrite {
        id: None,
        module,
        fields: PersonFields::from([
            (PersonField::LastName, last_name.to_owned()),
            (PersonField::Phone, phone.to_owned()),
            (PersonField::LeadSource, "Causeway".to_owned()),
        ]),
        allow_duplicate: false,
        sets_off: false,
        unmodified_since: None,
    }
}

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.to_owned() }
}

fn entry(kind: EntryKind, key: &str, who: RecordRef) -> EntryWrite {
    EntryWrite {
        kind,
        key: key.to_owned(),
        id: None,
        who,
        owner_id: None,
        subject: "WhatsApp chat with Aiko (02/03/2026)".to_owned(),
        body: format!("09:00 Aiko: 'Hello' ąę日本\n\nhttps://c.test/inbox/1#{key}"),
        date: "2026-03-02".to_owned(),
        starts_at: Timestamp(MORNING),
        ends_at: Timestamp(MORNING),
        direction: None,
        unmodified_since: None,
    }
}

fn keyed(entry: &EntryWrite) -> KeyedEntry {
    let (kind, key, on) = (entry.kind, entry.key.clone(), vec![entry.who.clone()]);
    KeyedEntry { kind, key, on, since: Timestamp(MORNING) }
}

#[tokio::test]
async fn a_grant_knows_whom_it_is_of_and_is_renewed_and_given_back() {
    let world = World::new().await;
    let Ok(Answer::Identity(identity)) = world.call(Call::Identify { org_id: None }).await else {
        panic!("identity")
    };
    assert_eq!(identity.org_id, world.profile().org_id);
    assert_eq!(identity.user_id, world.profile().acting_user.id);
    assert_eq!(world.profile().acting_user.email, MAYA);
    let refresh_token = world.tokens.refresh_token.clone().unwrap();
    let grant = Grant::Refresh { refresh_token: refresh_token.clone() };
    let request = Zoho.token_request(&app(), ADDRESS, &grant);
    let renewed = Zoho.token_reply(&grant, &send(&world.simulated, &request, None).await.unwrap());
    assert!(renewed.is_ok_and(|tokens| tokens.refresh_token.is_none()));
    let revoke = Zoho.revoke_request(&app(), ADDRESS, &refresh_token);
    assert_eq!(send(&world.simulated, &revoke, None).await.unwrap().status, 200);
    let failure =
        Zoho.token_reply(&grant, &send(&world.simulated, &request, None).await.unwrap()).err().unwrap();
    assert!(failure.is_permanent, "{failure:?}");
    assert_eq!(world.call(Call::Usage).await, Err(Verdict::Renew));
}

#[tokio::test]
async fn the_org_is_described_with_what_can_take_conversations() {
    let world = World::new().await;
    let profile = world.profile();
    assert!(profile.missing.is_empty(), "{:?}", profile.missing);
    assert!(profile.calls_limit.is_some());
    for module in [Module::Contact, Module::Lead] {
        let found = profile.destinations.iter().find(|known| known.module == module);
        assert_eq!(found.map(|known| known.refusal.clone()), Some(None), "{module}");
        for value in [PersonField::LastName, PersonField::Phone, PersonField::Owner, PersonField::LeadSource]
        {
            assert!(profile.module(module).holding(&value).is_some(), "{module} {value:?}");
        }
    }
    let refused = profile.destinations.iter().filter(|known| known.refusal.is_some()).count();
    assert!(refused > 0, "{:?}", profile.destinations);
    assert!(profile.entries.contains_key(&EntryKind::Note) && profile.entries.contains_key(&EntryKind::Task));
    assert!(!profile.lead_statuses.is_empty());
}

#[tokio::test]
async fn users_are_found_by_their_addresses_and_ids() {
    let world = World::new().await;
    let call = Call::Users {
        emails: vec![MAYA.to_uppercase()],
        ids: vec!["1234567890123456".to_owned()],
        page: None,
    };
    let Ok(Answer::Users(users)) = world.call(call).await else { panic!("users") };
    assert_eq!(users.len(), 1);
    assert!(users[0].is_active && users[0].id == world.profile().acting_user.id);
}

#[tokio::test]
async fn somebody_just_made_is_found_at_once_and_odd_punctuation_once_the_index_knows() {
    let world = World::new().await;
    let ids = world
        .make(vec![
            person(Module::Contact, "Tanaka", "+819012345678"),
            person(Module::Contact, "Sato", "090-8765.4321"),
            person(Module::Contact, "O'Neil", "+14155550123"),
        ])
        .await;
    let found = world.find("819012345678").await;
    assert_eq!(found.iter().map(|person| person.record.id.as_str()).collect::<Vec<_>>(), [ids[0].as_str()]);
    assert_eq!(found[0].created_at, Timestamp(MORNING));
    world.later(1_800);
    let found = world.find("819087654321").await;
    assert!(found.iter().any(|person| person.record.id == ids[1]), "{found:?}");
    assert!(world.find("819011112222").await.is_empty());
    let lead = world.make(vec![person(Module::Lead, "Ito", "+819055556666")]).await;
    let found = world.find("819055556666").await;
    assert_eq!(found[0].record, record(Module::Lead, &lead[0]));
}

#[tokio::test]
async fn people_are_read_changed_and_removed() {
    let world = World::new().await;
    let id = world.make(vec![person(Module::Contact, "Tanaka", "+819012345678")]).await.remove(0);
    let contact = record(Module::Contact, &id);
    let mut change = person(Module::Contact, "Tanaka-Sato", "+819012345678");
    change.id = Some(id.clone());
    change.fields.insert(PersonField::FirstName, "Aiko".to_owned());
    world.make(vec![change]).await;
    let read = world.read(&contact).await;
    assert_eq!((read[0].last_name.as_str(), read[0].first_name.as_str()), ("Tanaka-Sato", "Aiko"));
    assert_eq!(read[0].owner_id, world.profile().acting_user.id);
    for _ in 0..2 {
        let outcomes = world.write(Call::Delete(vec![contact.clone()])).await;
        assert_eq!(outcomes[0].verdict, Verdict::Done);
    }
    assert!(world.read(&contact).await.is_empty());
    let mut gone = person(Module::Contact, "X", "+819012345678");
    gone.id = Some(id);
    let outcomes = world.write(Call::WritePeople(vec![gone])).await;
    assert!(
        matches!(outcomes[0].verdict, Verdict::Heal { to: causeway_core::lane::Heal::Person, .. }),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_record_without_what_it_needs_is_refused_by_itself() {
    let world = World::new().await;
    let mut nameless = person(Module::Contact, "", "+819012345678");
    nameless.fields.remove(&PersonField::LastName);
    let bad_owner = |mut write: PersonWrite| {
        write.fields.insert(PersonField::Owner, "1234567890123456".to_owned());
        write
    };
    let long = "x".repeat(200);
    let outcomes = world
        .write(Call::WritePeople(vec![
            person(Module::Contact, "Good", "+819012345678"),
            nameless,
            person(Module::Contact, &long, "+819012345678"),
            bad_owner(person(Module::Contact, "Bad", "+819012345678")),
        ]))
        .await;
    assert_eq!(outcomes[0].verdict, Verdict::Done);
    assert!(
        matches!(&outcomes[1].verdict, Verdict::Hold { reason: HoldReason::RequiredField, detail, .. } if detail.contains("Last_Name"))
    );
    assert!(
        matches!(&outcomes[2].verdict, Verdict::Hold { reason: HoldReason::ValueRefused, detail, .. } if detail.contains("80"))
    );
    assert!(
        matches!(&outcomes[3].verdict, Verdict::Heal { to: causeway_core::lane::Heal::Owner, .. }),
        "{:?}",
        outcomes[3]
    );
}

#[tokio::test]
async fn entries_are_written_found_by_their_keys_changed_and_read() {
    let world = World::new().await;
    let contact = world.make(vec![person(Module::Contact, "Tanaka", "+819012345678")]).await.remove(0);
    let lead = world.make(vec![person(Module::Lead, "Sato", "+819087654321")]).await.remove(0);
    for kind in [EntryKind::Note, EntryKind::Task] {
        let writes = vec![
            entry(kind, "cx1-aaaaaaaaaaaaaaaaaaaaaaaaaa", record(Module::Contact, &contact)),
            entry(kind, "cx1-bbbbbbbbbbbbbbbbbbbbbbbbbb", record(Module::Lead, &lead)),
        ];
        let outcomes = world.write(Call::WriteEntries(writes.clone())).await;
        let ids: Vec<_> = outcomes
            .into_iter()
            .map(|outcome| outcome.id.unwrap_or_else(|| panic!("{:?}", outcome.verdict)))
            .collect();
        let mut wanted: Vec<_> = writes.iter().map(keyed).collect();
        wanted.push(KeyedEntry { key: "cx1-cccccccccccccccccccccccccc".to_owned(), ..keyed(&writes[0]) });
        let found = world.verify(wanted).await;
        assert_eq!(found.len(), 2, "{kind:?}: {found:?}");
        for (write, id) in writes.iter().zip(&ids) {
            assert_eq!(found[&write.key].id, *id);
            assert_eq!(found[&write.key].body, write.body);
            assert_eq!(found[&write.key].who_id.as_ref(), Some(&write.who.id));
        }
        let change = EntryWrite { id: Some(ids[0].clone()), body: "grown".to_owned(), ..writes[0].clone() };
        assert_eq!(world.write(Call::WriteEntries(vec![change.clone()])).await[0].verdict, Verdict::Done);
        let read = world.entries(kind, &ids).await;
        assert_eq!(read.len(), 2, "{kind:?}");
        assert!(read.iter().any(|entry| entry.id == ids[0] && entry.body == "grown"));
        world.write(Call::Delete(vec![record(kind.module(), &ids[0])])).await;
        assert_eq!(world.entries(kind, &ids[..1]).await, Vec::new());
        let outcomes = world.write(Call::WriteEntries(vec![change])).await;
        assert!(
            matches!(outcomes[0].verdict, Verdict::Heal { to: causeway_core::lane::Heal::EntryDeleted, .. }),
            "{kind:?}: {outcomes:?}"
        );
    }
    world.write(Call::Delete(vec![record(Module::Contact, &contact)])).await;
    let orphan = entry(EntryKind::Note, "cx1-d", record(Module::Contact, &contact));
    let outcomes = world.write(Call::WriteEntries(vec![orphan.clone()])).await;
    assert!(
        matches!(outcomes[0].verdict, Verdict::Heal { to: causeway_core::lane::Heal::Person, .. }),
        "{outcomes:?}"
    );
    assert!(world.verify(vec![keyed(&orphan)]).await.is_empty());
}

#[tokio::test]
async fn a_note_in_a_list_that_cuts_texts_is_found_by_the_key_at_its_end() {
    let world = World::new().await;
    world.sim("options", json!({"lists_cut_notes": true, "notes_order": "newest_first"})).await;
    let contact = world.make(vec![person(Module::Contact, "Tanaka", "+819012345678")]).await.remove(0);
    let key = "cx1-aaaaaaaaaaaaaaaaaaaaaaaaaa";
    let mut long = entry(EntryKind::Note, key, record(Module::Contact, &contact));
    long.body = format!("{}\n\n{}", "日本 ".repeat(2_000), long.body);
    let id = world.write(Call::WriteEntries(vec![long.clone()])).await.remove(0).id.unwrap();
    for number in 0..3 {
        let other = format!("cx1-{number:026}");
        let mut other = entry(EntryKind::Note, &other, record(Module::Contact, &contact));
        other.body = "x".repeat(500 + number);
        world.write(Call::WriteEntries(vec![other])).await;
    }
    let found = world.verify(vec![keyed(&long)]).await;
    assert_eq!((&found[key].id, &found[key].body), (&id, &long.body), "whole, to be compared");
}

#[tokio::test]
async fn what_was_changed_and_deleted_since_is_told() {
    let world = World::new().await;
    world.later(60);
    let ids = world
        .make(vec![
            person(Module::Contact, "Kept", "+819012345678"),
            person(Module::Contact, "Gone", "+819087654321"),
        ])
        .await;
    world.write(Call::Delete(vec![record(Module::Contact, &ids[1])])).await;
    let changes =
        Changes { since: Timestamp(MORNING).plus(std::time::Duration::from_secs(30)), ..Changes::default() };
    let Ok(Answer::Changed(people, until)) = world.call(Call::ChangedPeople(changes)).await else {
        panic!("changes")
    };
    let told: Vec<_> = people.iter().map(|person| (person.record.id.as_str(), person.is_deleted)).collect();
    assert!(told.contains(&(ids[0].as_str(), false)) && told.contains(&(ids[1].as_str(), true)), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(until >= Timestamp(MORNING), "{until:?}");
}

#[tokio::test]
async fn a_choice_and_a_field_for_the_link_are_added_once() {
    let mut world = World::new().await;
    for _ in 0..2 {
        for module in [Module::Contact, Module::Lead] {
            let field = "Lead_Source".to_owned();
            let call = Call::AddChoice { module, field, choice: "Causeway".to_owned() };
            assert_eq!(world.call(call).await, Ok(Answer::Nothing));
        }
        let call = Call::AddLinkField { module: Module::Contact, label: "Chat link".to_owned() };
        assert_eq!(world.call(call).await, Ok(Answer::Nothing));
    }
    world.describe().await;
    let contact = world.profile().module(Module::Contact);
    let choices = &contact.holding(&PersonField::LeadSource).unwrap().choices;
    assert_eq!(choices.iter().filter(|choice| *choice == "Causeway").count(), 1, "{choices:?}");
    let links: Vec<_> = contact.fields.iter().filter(|field| field.label == "Chat link").collect();
    assert_eq!(links.len(), 1);
    assert!(links[0].takes_address() && links[0].is_createable, "{links:?}");
}

#[tokio::test]
async fn a_panel_finds_reads_and_resembles() {
    let world = World::new().await;
    let id = world.make(vec![person(Module::Contact, "Tanaka", "+819012345678")]).await.remove(0);
    world.later(1_800);
    let fields = PanelFields::from([(Module::Contact, vec!["Lead_Source".to_owned(), "Owner".to_owned()])]);
    let records = |answer: Result<Answer, Verdict>| match answer {
        Ok(Answer::Panel(records)) => records,
        other => panic!("no records: {other:?}"),
    };
    let phones = vec![phone::parse_international("819012345678")];
    let of = PanelQuery { phones, fields: fields.clone(), ..PanelQuery::default() };
    let found = records(world.call(Call::PanelFind(of)).await);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].values["Lead_Source"].value, json!("Causeway"));
    assert!(found[0].values["Owner"].name.is_some(), "{found:?}");
    let known = vec![record(Module::Contact, &id)];
    let read = records(world.call(Call::PanelRead { records: known, fields: fields.clone() }).await);
    assert_eq!(read[0].values, found[0].values);
    let near = Call::PanelNear {
        name: Some("Tanaka".to_owned()),
        digits: vec!["012345678".to_owned()],
        fields,
        step: 0,
    };
    let near = records(world.call(near).await);
    assert!(near.iter().any(|found| found.person.record.id == id), "{near:?}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_again_and_not_written_twice() {
    let world = World::new().await;
    let contact = world.make(vec![person(Module::Contact, "Tanaka", "+819012345678")]).await.remove(0);
    for kind in [EntryKind::Note, EntryKind::Task] {
        let faults = [
            "commit_then_cut",
            "commit_then_bad_gateway",
            "commit_then_garble",
            "commit_then_internal_error",
        ];
        for (fault, letter) in faults.into_iter().zip(["a", "b", "c", "d"]) {
            let write = entry(kind, &format!("cx1-{}", letter.repeat(26)), record(Module::Contact, &contact));
            world.sim("faults", json!({"kind": fault, "method": "POST", "times": 1})).await;
            let lost = world.call(Call::WriteEntries(vec![write.clone()])).await;
            assert!(matches!(lost, Err(Verdict::Unknown { .. })), "{fault}: {lost:?}");
            assert_eq!(world.verify(vec![keyed(&write)]).await.len(), 1, "{kind:?} {fault}");
        }
        let never = entry(kind, "cx1-eeeeeeeeeeeeeeeeeeeeeeeeee", record(Module::Contact, &contact));
        world.sim("faults", json!({"kind": "cut_before", "method": "POST", "times": 1})).await;
        let lost = world.call(Call::WriteEntries(vec![never.clone()])).await;
        assert!(matches!(lost, Err(Verdict::Unknown { .. })), "{lost:?}");
        assert!(world.verify(vec![keyed(&never)]).await.is_empty());
    }
}

#[tokio::test]
async fn trouble_of_every_kind_is_understood() {
    let world = World::new().await;
    let write = || Call::WritePeople(vec![person(Module::Contact, "Tanaka", "+819012345678")]);
    let told = async |fault: &str| {
        world.sim("faults", json!({"kind": fault, "times": 1})).await;
        world.call(write()).await
    };
    assert!(matches!(
        told("permission_denied").await,
        Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })
    ));
    for limit in ["limit_exhausted", "limit_exhausted_old_shape"] {
        let told = told(limit).await;
        assert!(
            matches!(
                told,
                Err(Verdict::Again { .. } | Verdict::Hold { reason: HoldReason::LimitReached, .. })
            ),
            "{limit}: {told:?}"
        );
    }
    for outage in ["unavailable", "bad_gateway", "internal_error"] {
        assert!(matches!(told(outage).await, Err(Verdict::Unknown { .. })), "{outage}");
    }
    world.sim("faults", json!({"kind": "half_collection", "times": 1})).await;
    let outcomes =
        world.write(Call::WritePeople(vec![person(Module::Contact, "Ng", "+14155550123"); 4])).await;
    let done = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Done).count();
    assert_eq!(done, 2, "{outcomes:?}");
    assert_eq!(told("session_expired").await, Err(Verdict::Renew));
}

#[tokio::test]
async fn both_ways_of_telling_a_mixed_batch_mean_the_same() {
    for way in ["v8", "legacy202"] {
        let world = World::new().await;
        world.sim("options", json!({"batch_status": way})).await;
        let mut nameless = person(Module::Contact, "", "+819012345678");
        nameless.fields.remove(&PersonField::LastName);
        for (good, bad) in [(1, 1), (0, 2), (2, 0)] {
            let people = vec![person(Module::Contact, "Good", "+819012345678"); good];
            let people = [people, vec![nameless.clone(); bad]].concat();
            let outcomes = world.write(Call::WritePeople(people)).await;
            let done = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Done).count();
            assert_eq!((outcomes.len(), done), (good + bad, good), "{way}: {outcomes:?}");
        }
    }
}
