//! Zoho CRM: what it answers to every kind of call; and what strangers write, which comes to stand in queries and addresses
//! and stays a value there.
#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use causeway_core::{
    call::{Answer, Call},
    crm::{Crm as _, Org, Request, Response, zoho::Zoho},
    record::{EntryKeying, Module, PersonField},
};
use causeway_fuzz::{calls, choice, org, pieces};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use url::Url;

const HOST: &str = "www.zohoapis.eu";
const STATUSES: [u16; 12] = [200, 201, 202, 204, 207, 304, 400, 401, 403, 412, 429, 502];

/// The org of the other targets under Zoho's names.
fn zoho() -> Org {
    let mut org = org(true);
    org.instance_url = format!("https://{HOST}");
    org.version = "v8".into();
    let profile = org.profile.as_mut().expect("it is described");
    for entry in profile.entries.values_mut() {
        entry.keying = Some(EntryKeying::Text);
    }
    for module in [Module::Contact, Module::Lead] {
        for field in &mut profile.modules.get_mut(&module).expect("it is there").fields {
            let (name, holds) = match field.name.as_str() {
                "LastName" => ("Last_Name", Some(PersonField::LastName)),
                "Phone" => ("Phone", Some(PersonField::Phone)),
                "Email" => ("Email", Some(PersonField::Email)),
                "OwnerId" => ("Owner", Some(PersonField::Owner)),
                _ => continue,
            };
            (field.name, field.holds) = (name.into(), holds);
        }
    }
    org
}

fuzz_target!(|data: &[u8]| {
    let (which, rest) = choice(data);
    let (status, body) = choice(rest);
    let org = zoho();
    let texts = pieces(body);
    for call in &calls(&texts) {
        check(&Zoho.request(&org, call));
    }
    let known = ["6044000000524157".to_owned(), "aiko@example.test".to_owned(), "+819012345678".to_owned()];
    let calls = calls(&known);
    let call = &calls[usize::from(which) % calls.len()];
    let status = STATUSES[usize::from(status) % STATUSES.len()];
    let response = Response { status, headers: Vec::new(), body: body.to_vec() };
    let reply = Zoho.reply(&org, call, &response);
    assert_eq!(reply, Zoho.reply(&org, call, &response), "reading it again says something else");
    match reply.result {
        Ok(Answer::Outcomes(outcomes)) => {
            let asked = match call {
                Call::WritePeople(people) => people.len(),
                Call::WriteEntries(entries) => entries.len(),
                Call::Delete(records) => records.len(),
                other => panic!("{} has outcomes", other.name()),
            };
            assert_eq!(outcomes.len(), asked, "one outcome for each record");
        }
        Ok(Answer::More(next, _)) => check(&Zoho.request(&org, &next)),
        Ok(Answer::Part(_, next)) => check(&Zoho.request(&org, &next)),
        _ => {}
    }
});

/// One host, no user, no way up; and in a query nothing between values but what always stands there.
fn check(request: &Request) {
    let read = Url::parse(&request.url).unwrap_or_else(|error| panic!("{:?}: {error}", request.url));
    assert_eq!((read.scheme(), read.host_str(), read.port()), ("https", Some(HOST), None), "{}", request.url);
    assert!(read.username().is_empty() && read.fragment().is_none(), "{}", request.url);
    assert!(read.path().starts_with("/crm/v8/") && read.as_str() == request.url, "{}", request.url);
    for (name, value) in &request.headers {
        assert!(!value.contains(['\r', '\n', '\0']), "{name}: {value:?}");
    }
    if let Some(statement) = statement(request) {
        let bones = bones(&statement);
        assert!(words(&bones).all(|word| ours().contains(word)), "{statement}\n  leaves {bones}");
    }
}

fn statement(request: &Request) -> Option<String> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    body["select_query"].as_str().map(str::to_owned)
}

/// A statement without its literals.
fn bones(statement: &str) -> String {
    let mut bones = String::new();
    let mut letters = statement.chars();
    let mut is_open = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if is_open => _ = letters.next(),
            '\'' => is_open = !is_open,
            _ if is_open => {}
            letter => bones.push(letter),
        }
    }
    assert!(!is_open, "a literal does not end: {statement}");
    bones
}

fn words(bones: &str) -> impl Iterator<Item = &str> {
    let is_sign = |letter: char| " ,()=<>".contains(letter);
    bones.split(is_sign).filter(|word| !word.is_empty() && word.bytes().any(|byte| !byte.is_ascii_digit()))
}

/// The words of queries for people of whom nothing is odd.
fn ours() -> &'static BTreeSet<String> {
    static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let plain = ["x", "+819012345678", "a@b.example", "6044000000524157", "Region__c", "Owner"];
        // What later steps of a flow ask for.
        let mut found = BTreeSet::from(["Contacts", "Leads", "limit", "offset"].map(str::to_owned));
        for text in plain {
            for call in calls(&vec![text.to_owned(); 8]) {
                if let Some(statement) = statement(&Zoho.request(&zoho(), &call)) {
                    found.extend(words(&bones(&statement)).map(str::to_owned));
                }
            }
        }
        // Which of its fields a stranger may name: those that there are.
        let profile = zoho().profile.expect("it is described");
        let fields = profile.modules.values().flat_map(|module| &module.fields);
        found.extend(fields.map(|field| field.name.clone()));
        found
    });
    &WORDS
}
