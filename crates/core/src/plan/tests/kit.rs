//! Values to decide about: an org, its people, and a small generator that gives the same numbers every time.

use std::collections::BTreeMap;

use crate::{
    address::Address,
    record::{
        CrmUser, EntryKeying, EntryKind, EntryProfile, FieldProfile, LeadStatus, Module, ModuleProfile,
        OrgProfile, PersonField, PersonRecord, RecordRef,
    },
    time::{Timestamp, Zone},
};

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("{text} is no instant"))
}

pub fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap_or_else(|| panic!("{name} is no zone"))
}

pub fn phone(number: &str) -> Address {
    Address::phone_from_international(number).unwrap_or_else(|| panic!("{number} is no number"))
}

pub fn email(address: &str) -> Address {
    Address::email(address).unwrap_or_else(|| panic!("{address} is no address"))
}

pub fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.into() }
}

pub fn contact(id: &str) -> PersonRecord {
    PersonRecord {
        record: record(Module::Contact, id),
        name: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        phones: Vec::new(),
        emails: Vec::new(),
        country: None,
        owner_id: "nobody".into(),
        status: None,
        description: None,
        extra: BTreeMap::new(),
        converted_to: None,
        is_converted: false,
        is_deleted: false,
        merged_into: None,
        modified_at: Timestamp::from_seconds(1_000),
        created_at: Timestamp::from_seconds(1_000),
    }
}

pub fn lead(id: &str, status: &str) -> PersonRecord {
    PersonRecord { record: record(Module::Lead, id), status: Some(status.into()), ..contact(id) }
}

/// Further facts about a record, in the order in which a test tells them.
impl PersonRecord {
    pub(super) fn named(self, name: &str) -> Self {
        Self { name: name.into(), ..self }
    }

    pub(super) fn with_phone(mut self, number: &str) -> Self {
        self.phones.push(("Phone".into(), number.into()));
        self
    }

    pub(super) fn with_email(mut self, email: &str) -> Self {
        self.emails.push(email.into());
        self
    }

    pub(super) fn owned_by(self, owner: &str) -> Self {
        Self { owner_id: owner.into(), ..self }
    }

    pub(super) fn changed_at(self, seconds: i64) -> Self {
        Self { modified_at: Timestamp::from_seconds(seconds), ..self }
    }

    pub(super) fn converted_to(self, contact: &str) -> Self {
        Self { is_converted: true, converted_to: Some(record(Module::Contact, contact)), ..self }
    }

    pub(super) fn merged_into(self, id: &str) -> Self {
        let merged_into = Some(record(self.record.module, id));
        Self { is_deleted: true, merged_into, ..self }
    }

    pub(super) fn deleted(self) -> Self {
        Self { is_deleted: true, ..self }
    }
}

pub fn user(id: &str, email: &str) -> CrmUser {
    CrmUser { id: id.into(), email: email.into(), name: format!("User {id}"), is_active: true }
}

pub fn inactive(user: CrmUser) -> CrmUser {
    CrmUser { is_active: false, ..user }
}

fn stage(value: &str, is_default: bool, is_closed: bool) -> LeadStatus {
    let is_converted = value == "Closed - Converted";
    LeadStatus { value: value.into(), is_default, is_converted, is_closed_by_default: is_closed }
}

pub fn field(name: &str, holds: Option<PersonField>, length: u32) -> FieldProfile {
    FieldProfile {
        name: name.into(),
        holds,
        label: name.into(),
        length,
        is_createable: true,
        is_updateable: true,
        ..FieldProfile::default()
    }
}

fn module(fields: Vec<FieldProfile>) -> ModuleProfile {
    ModuleProfile {
        is_createable: true,
        is_updateable: true,
        is_readable: true,
        fields,
        ..ModuleProfile::default()
    }
}

fn person_fields() -> Vec<FieldProfile> {
    vec![
        field("FirstName", Some(PersonField::FirstName), 40),
        FieldProfile { is_required: true, ..field("LastName", Some(PersonField::LastName), 80) },
        field("Phone", Some(PersonField::Phone), 40),
        field("Email", Some(PersonField::Email), 80),
        field("OwnerId", Some(PersonField::Owner), 18),
        field("LeadSource", Some(PersonField::LeadSource), 255),
        field("Description", Some(PersonField::Description), 32_000),
        field("Chat__c", None, 255),
    ]
}

/// An org whose leads go New, Working, "Closed - Converted", "Closed - Lost"; `admin` connected it.
pub fn org() -> OrgProfile {
    let mut lead = person_fields();
    lead.push(FieldProfile { is_required: true, ..field("Company", Some(PersonField::Company), 255) });
    lead.push(field("Status", Some(PersonField::Status), 255));
    OrgProfile {
        org_id: "org".into(),
        org_name: "Acme".into(),
        is_sandbox: false,
        acting_user: user("admin", "admin@acme.example"),
        modules: BTreeMap::from([(Module::Contact, module(person_fields())), (Module::Lead, module(lead))]),
        lead_statuses: vec![
            stage("New", true, false),
            stage("Working", false, false),
            stage("Closed - Converted", false, true),
            stage("Closed - Lost", false, true),
        ],
        entries: BTreeMap::from([(
            EntryKind::Task,
            EntryProfile {
                keying: Some(EntryKeying::External("Key__c".into())),
                done_status: Some("Completed".into()),
                subject_length: 255,
                body_length: 32_000,
            },
        )]),
        ..OrgProfile::default()
    }
}

/// Tasks are keyed in this way.
pub fn key_by(org: &mut OrgProfile, keying: Option<EntryKeying>) {
    org.entries.entry(EntryKind::Task).or_default().keying = keying;
}

/// The profile of one field, to be changed.
pub fn field_of<'a>(org: &'a mut OrgProfile, module: Module, name: &str) -> &'a mut FieldProfile {
    let fields = &mut org.modules.get_mut(&module).expect("the module").fields;
    fields.iter_mut().find(|field| field.name == name).expect("the field")
}
