//! The panel, each test one sentence.

use std::collections::BTreeMap;

use crate::{
    record::{
        CrmUser, FieldProfile, Module, ModuleProfile, OrgProfile, PersonField, PersonRecord, RecordRef,
    },
    time::Timestamp,
};

mod follow;
mod matching;
mod settings;
mod show;
mod trouble;

fn reference(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.into() }
}

fn person(module: Module, id: &str) -> PersonRecord {
    PersonRecord {
        record: reference(module, id),
        name: format!("Name of {id}"),
        first_name: String::new(),
        last_name: String::new(),
        phones: Vec::new(),
        emails: Vec::new(),
        country: None,
        owner_id: String::new(),
        status: None,
        description: None,
        extra: BTreeMap::new(),
        converted_to: None,
        is_converted: false,
        is_deleted: false,
        merged_into: None,
        modified_at: Timestamp::default(),
        created_at: Timestamp::default(),
    }
}

fn contact(id: &str) -> PersonRecord {
    person(Module::Contact, id)
}

fn lead(id: &str) -> PersonRecord {
    person(Module::Lead, id)
}

trait With {
    fn email(self, email: &str) -> Self;
    fn phone(self, field: &str, stored: &str) -> Self;
    fn named(self, name: &str) -> Self;
    fn became(self, id: &str) -> Self;
}

impl With for PersonRecord {
    fn email(mut self, email: &str) -> Self {
        self.emails.push(email.into());
        self
    }

    fn phone(mut self, field: &str, stored: &str) -> Self {
        self.phones.push((field.into(), stored.into()));
        self
    }

    fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    fn became(mut self, id: &str) -> Self {
        self.is_converted = true;
        self.converted_to = Some(reference(Module::Contact, id));
        self
    }
}

fn field(name: &str, kind: &str, holds: Option<PersonField>) -> FieldProfile {
    FieldProfile {
        name: name.into(),
        label: format!("The {name}"),
        kind: kind.into(),
        holds,
        is_filterable: true,
        ..FieldProfile::default()
    }
}

fn module(fields: Vec<FieldProfile>) -> ModuleProfile {
    ModuleProfile { is_readable: true, fields, ..ModuleProfile::default() }
}

fn org() -> OrgProfile {
    let both = || {
        vec![
            field("Phone", "phone", Some(PersonField::Phone)),
            field("Email", "email", Some(PersonField::Email)),
            field("LeadSource", "picklist", Some(PersonField::LeadSource)),
            field("OwnerId", "reference", Some(PersonField::Owner)),
            field("Fax", "phone", None),
            field("Photo", "base64", None),
            field("Title", "string", None),
        ]
    };
    let mut contact = both();
    contact.push(field("AccountId", "reference", Some(PersonField::Account)));
    let mut lead = both();
    lead.push(field("Company", "string", Some(PersonField::Company)));
    lead.push(field("Status", "picklist", Some(PersonField::Status)));
    lead.push(field("Revenue", "currency", None));
    OrgProfile {
        org_id: "00D".into(),
        org_name: "Acme".into(),
        is_sandbox: false,
        acting_user: CrmUser { id: "005".into(), email: String::new(), name: String::new(), is_active: true },
        modules: BTreeMap::from([(Module::Contact, module(contact)), (Module::Lead, module(lead))]),
        ..OrgProfile::default()
    }
}
