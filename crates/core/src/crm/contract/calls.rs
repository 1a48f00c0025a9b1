//! What is asked of every CRM: each kind of call, of an org as that CRM describes one.

use std::collections::BTreeMap;

use super::{
    super::{
        Call, Changes, Crm, DescribeFlow, EntryWrite, KeyedEntry, Org, PanelFields, PanelQuery, PeopleQuery,
        PersonWrite,
    },
    INSTANCE, Kit,
};
use crate::{
    address::phone,
    record::{
        CrmUser, EntryKeying, EntryKind, EntryProfile, FieldProfile, Module, ModuleProfile, OrgProfile,
        PersonField, PersonFields, RecordRef,
    },
    time::Timestamp,
    timeline::Direction,
};
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

pub(super) fn orgs(crm: &dyn Crm) -> Vec<Org> {
    let keyed = crm.kit().keyings.iter().map(|keying| org(crm, Some(&keying())));
    keyed.chain([Org { profile: None, ..org(crm, None) }]).collect()
}

pub(super) fn record(module: Module, id: &str) -> RecordRef {
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
pub(super) fn calls(crm: &dyn Crm) -> Vec<Call> {
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

pub(super) fn written(call: &Call) -> usize {
    match call {
        Call::WritePeople(writes) => writes.len(),
        Call::WriteEntries(writes) => writes.len(),
        Call::Delete(records) => records.len(),
        _ => 0,
    }
}

/// A search for an entry that was attempted on one record, before its person was linked to another.
pub(super) fn sought(kit: &Kit, kind: EntryKind, page: Option<String>) -> Call {
    let keyed = KeyedEntry {
        kind,
        key: "cx1-a".to_owned(),
        on: vec![record(Module::Contact, kit.contact), record(Module::Lead, kit.lead)],
        since: Timestamp::from_seconds(1_767_323_045),
    };
    Call::VerifyEntries { keyed: vec![keyed], page }
}
