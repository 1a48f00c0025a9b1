//! What several targets need: an org to ask, calls to ask it with, and pieces of text out of bytes.

use std::collections::BTreeMap;

use causeway_core::{
    address::phone,
    call::{
        Call, Changes, DescribeFlow, EntryWrite, KeyedEntry, PanelFields, PanelQuery, PeopleQuery,
        PersonWrite,
    },
    crm::Org,
    record::{
        CrmUser, EntryKeying, EntryKind, EntryProfile, FieldProfile, Module, ModuleProfile, OrgProfile,
        PersonField, PersonFields, RecordRef,
    },
    time::Timestamp,
    timeline::Direction,
};

/// The host of the org's API.
pub const HOST: &str = "acme.my.salesforce.com";

/// The first byte, and the rest.
pub fn choice(data: &[u8]) -> (u8, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (*first, rest))
}

/// Pieces of text, cut at NUL: at most eight.
pub fn pieces(data: &[u8]) -> Vec<String> {
    data.splitn(8, |byte| *byte == 0).map(|piece| String::from_utf8_lossy(piece).replace('\0', "")).collect()
}

fn field(name: &str, kind: &str) -> FieldProfile {
    FieldProfile {
        name: name.into(),
        label: name.into(),
        kind: kind.into(),
        length: 255,
        is_createable: true,
        is_updateable: true,
        is_filterable: true,
        ..FieldProfile::default()
    }
}

fn module(fields: &[(&str, &str)]) -> ModuleProfile {
    ModuleProfile {
        is_createable: true,
        is_updateable: true,
        is_readable: true,
        fields: fields.iter().map(|(name, kind)| field(name, kind)).collect(),
        ..ModuleProfile::default()
    }
}

/// An org as it describes itself, keyed by a field of its own or by a token.
pub fn org(has_key: bool) -> Org {
    let person = [
        ("FirstName", "string"),
        ("LastName", "string"),
        ("Company", "string"),
        ("Phone", "phone"),
        ("MobilePhone", "phone"),
        ("Email", "email"),
        ("OwnerId", "reference"),
        ("Region__c", "string"),
    ];
    let task = [
        ("WhoId", "reference"),
        ("Subject", "string"),
        ("Description", "textarea"),
        ("CallObject", "string"),
    ];
    let keying = if has_key {
        EntryKeying::External("Key__c".into())
    } else {
        EntryKeying::Token("CallObject".into())
    };
    let acting_user = CrmUser {
        id: "0055g00000XyZ12AAF".into(),
        email: String::new(),
        name: String::new(),
        is_active: true,
    };
    let profile = OrgProfile {
        org_id: "00D5g000001AbCdEAK".into(),
        org_name: "Acme".into(),
        is_sandbox: false,
        acting_user,
        modules: BTreeMap::from([
            (Module::Contact, module(&person)),
            (Module::Lead, module(&person)),
            (Module::Task, module(&task)),
        ]),
        entries: [EntryKind::Task, EntryKind::Note]
            .map(|kind| {
                let (keying, done_status) = (Some(keying.clone()), Some("Completed".into()));
                (kind, EntryProfile { keying, done_status, subject_length: 255, body_length: 32_000 })
            })
            .into(),
        ..OrgProfile::default()
    };
    Org { instance_url: format!("https://{HOST}"), version: "68.0".into(), profile: Some(profile) }
}

/// The fields that a panel asks for, with one whose name is a stranger's.
fn panel_fields(name: &str) -> PanelFields {
    let names = || vec!["Email".into(), "Phone".into(), name.to_owned()];
    PanelFields::from([(Module::Contact, names()), (Module::Lead, names())])
}

/// Every kind of call with these texts in every place where a stranger's text can come to stand.
pub fn calls(texts: &[String]) -> Vec<Call> {
    let text = |at: usize| texts.get(at % texts.len().max(1)).cloned().unwrap_or_default();
    let record = RecordRef { module: Module::Lead, id: text(0) };
    let phones: Vec<_> = texts.iter().map(|text| phone::parse(text, None)).collect();
    let fields = PersonFields::from([
        (PersonField::LastName, text(0)),
        (PersonField::Company, text(1)),
        (PersonField::Custom(text(2)), text(3)),
    ]);
    let person = PersonWrite {
        id: None,
        module: Module::Lead,
        fields,
        allow_duplicate: true,
        sets_off: false,
        unmodified_since: None,
    };
    let entry = EntryWrite {
        kind: EntryKind::Task,
        key: "cw0123456789".into(),
        id: None,
        who: RecordRef { module: Module::Contact, id: "0035g00000AAAAAAA5".into() },
        owner_id: Some(text(0)),
        subject: text(1),
        body: text(2),
        date: "2026-01-02".into(),
        starts_at: Timestamp::from_seconds(1_767_323_045),
        ends_at: Timestamp::from_seconds(1_767_323_045),
        direction: Some(Direction::In),
        unmodified_since: None,
    };
    vec![
        Call::Describe { user_id: text(0), flow: DescribeFlow::default() },
        Call::Users { emails: texts.to_vec(), ids: texts.to_vec(), page: None },
        Call::FindPeople(PeopleQuery {
            phones: phones.clone(),
            emails: texts.to_vec(),
            ..PeopleQuery::default()
        }),
        Call::ReadPeople { records: vec![record.clone()], extra: texts.to_vec() },
        Call::WritePeople(vec![person.clone()]),
        Call::WritePeople(vec![PersonWrite { id: Some(text(0)), ..person }]),
        Call::WriteEntries(vec![entry.clone()]),
        Call::WriteEntries(vec![EntryWrite { id: Some(text(0)), ..entry }]),
        Call::VerifyEntries {
            keyed: vec![KeyedEntry {
                kind: EntryKind::Task,
                key: text(0),
                on: vec![record.clone()],
                since: Timestamp(0),
            }],
            page: None,
        },
        Call::ReadEntries { kind: EntryKind::Task, ids: texts.to_vec() },
        Call::ChangedPeople(Changes::default()),
        Call::Delete(vec![record.clone()]),
        Call::PanelFind(PanelQuery {
            emails: texts.to_vec(),
            phones,
            texts: texts.to_vec(),
            phone_fields: Some(texts.to_vec()),
            fields: panel_fields(&text(1)),
            ..PanelQuery::default()
        }),
        Call::PanelRead { records: vec![record], fields: panel_fields(&text(1)) },
        Call::PanelNear {
            name: Some(text(0)),
            digits: texts.to_vec(),
            fields: panel_fields(&text(1)),
            step: 0,
        },
        Call::AddChoice { module: Module::Lead, field: text(0), choice: text(1) },
        Call::AddLinkField { module: Module::Lead, label: text(0) },
        Call::Identify { org_id: None },
        Call::Usage,
    ]
}
