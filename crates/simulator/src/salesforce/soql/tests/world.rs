//! A tiny org: five objects, a handful of rows, a clock that stands still.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::salesforce::schema::{ChildRelationship, FieldKind, FieldSchema, ObjectSchema, Row};
use crate::salesforce::soql::{Hint, Selected, SoqlError, Source, run};

pub(crate) const ACME: &str = "0015g00000AAAAAAA5";
pub(crate) const GLOBEX: &str = "0015g00000AAAABAA5";
pub(crate) const JANE: &str = "0035g00000AAAAAAA5";
pub(crate) const JOE: &str = "0035g00000AAAABAA5";
pub(crate) const ANN: &str = "0035g00000AAAACAA5";
pub(crate) const LEE: &str = "00Q5g00000AbCdEEAV";
pub(crate) const OWNER: &str = "0055g00000XyZ12AAF";

pub(crate) struct World {
    pub(crate) objects: Vec<ObjectSchema>,
    pub(crate) rows: BTreeMap<String, Vec<Row>>,
    pub(crate) now: i64,
}

impl Source for World {
    fn object(&self, name: &str) -> Option<&ObjectSchema> {
        self.objects.iter().find(|object| object.name.eq_ignore_ascii_case(name))
    }

    fn rows<'a>(&'a self, object: &str, _hint: &Hint) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        Box::new(self.rows.get(object).into_iter().flatten())
    }

    fn row<'a>(&'a self, object: &str, id18: &str) -> Option<&'a Row> {
        self.rows.get(object)?.iter().find(|row| row.get("Id").and_then(Value::as_str) == Some(id18))
    }

    fn object_of_id(&self, id18: &str) -> Option<&str> {
        let object = self.objects.iter().find(|object| id18.starts_with(&object.key_prefix))?;
        Some(&object.name)
    }

    fn now(&self) -> i64 {
        self.now
    }
}

impl World {
    pub(crate) fn query(&self, statement: &str) -> Result<Selected, SoqlError> {
        run(self, statement, false, "v68.0")
    }

    /// One member of every record.
    pub(crate) fn column(&self, statement: &str, member: &str) -> Vec<Value> {
        let selected = self.query(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        selected.records.iter().map(|record| record[member].clone()).collect()
    }

    /// The last names of the contacts a condition finds, in order.
    pub(crate) fn contacts(&self, condition: &str) -> Vec<String> {
        let statement = format!("SELECT LastName FROM Contact WHERE {condition} ORDER BY LastName");
        let names = self.column(&statement, "LastName");
        names.iter().map(|name| name.as_str().unwrap_or("null").to_owned()).collect()
    }

    pub(crate) fn refusal(&self, statement: &str) -> SoqlError {
        match self.query(statement) {
            Err(refusal) => refusal,
            Ok(selected) => panic!("accepted: {statement}\n{selected:?}"),
        }
    }

    pub(crate) fn insert(&mut self, object: &str, row: Value) {
        let Value::Object(members) = row else { panic!("a row is an object") };
        let mut row: Row = members.into_iter().collect();
        row.entry("IsDeleted".to_owned()).or_insert(Value::Bool(false));
        self.rows.entry(object.to_owned()).or_default().push(row);
    }
}

/// The org every test asks.
pub(crate) fn world() -> World {
    // 2026-03-18T12:00:00Z, a Wednesday.
    let mut world = World { objects: objects(), rows: BTreeMap::new(), now: 1_773_835_200 };
    world.insert(
        "User",
        json!({"Id": OWNER, "Name": "Olive Owner", "Email": "olive@example.com", "IsActive": true}),
    );
    world.insert("Account", json!({"Id": ACME, "Name": "Acme", "OwnerId": OWNER, "NumberOfEmployees": 50}));
    world
        .insert("Account", json!({"Id": GLOBEX, "Name": "Globex", "OwnerId": OWNER, "NumberOfEmployees": 7}));
    world.insert(
        "Contact",
        json!({
            "Id": JANE, "FirstName": "Jane", "LastName": "Doe", "Name": "Jane Doe", "AccountId": ACME,
            "OwnerId": OWNER, "Phone": "12 3", "MobilePhone": "+14155551212", "Email": "Jane.Doe@Example.com",
            "Birthdate": "1990-05-17", "CreatedDate": "2026-03-18T00:00:00.000+0000", "Key__c": "aB",
            "Description": "long",
        }),
    );
    world.insert(
        "Contact",
        json!({
            "Id": JOE, "FirstName": "Joe", "LastName": "O'Neil", "Name": "Joe O'Neil", "AccountId": GLOBEX,
            "OwnerId": OWNER, "Phone": "(415) 555-1212", "Email": "joe_100%@example.com", "DoNotCall": true,
            "CreatedDate": "2026-03-17T23:59:59.000+0000", "Score__c": 3.5, "Key__c": "ab",
        }),
    );
    world.insert(
        "Contact",
        json!({
            "Id": ANN, "LastName": "Zwölf", "Name": "Zwölf", "OwnerId": OWNER, "Phone": "123",
            "Title": "Back\\slash", "CreatedDate": "2026-02-01T08:30:00.000+0000", "Score__c": -2,
        }),
    );
    world.insert(
        "Contact",
        json!({"Id": "0035g00000AAAADAA5", "LastName": "Gone", "IsDeleted": true, "Phone": "123"}),
    );
    world.insert(
        "Lead",
        json!({"Id": LEE, "LastName": "Lee", "Name": "Lee", "Company": "Initech", "OwnerId": OWNER}),
    );
    world.insert("Task", json!({"Id": "00T5g00000zZzZzEAK", "Subject": "Call", "WhoId": JANE, "OwnerId": OWNER, "CallObject": "wa:1"}));
    world.insert("Task", json!({"Id": "00T5g00000zZzZ0EAK", "Subject": "Note", "WhoId": LEE, "OwnerId": OWNER, "CallObject": "wa:2"}));
    world.insert("Task", json!({"Id": "00T5g00000zZzZ1EAK", "Subject": "Loose", "OwnerId": OWNER}));
    world
}

fn objects() -> Vec<ObjectSchema> {
    let account =
        [field("Name", FieldKind::String), field("NumberOfEmployees", FieldKind::Int), owner(&["User"])];
    let contact = [
        FieldSchema { compound: Some("Name".to_owned()), ..field("FirstName", FieldKind::String) },
        FieldSchema { compound: Some("Name".to_owned()), ..field("LastName", FieldKind::String) },
        field("Name", FieldKind::String),
        field("Title", FieldKind::String),
        field("Phone", FieldKind::Phone),
        field("MobilePhone", FieldKind::Phone),
        field("Email", FieldKind::Email),
        field("Birthdate", FieldKind::Date),
        field("CreatedDate", FieldKind::Datetime),
        field("DoNotCall", FieldKind::Boolean),
        field("Score__c", FieldKind::Double),
        FieldSchema { unique: true, case_sensitive: true, ..field("Key__c", FieldKind::String) },
        FieldSchema {
            filterable: false,
            sortable: false,
            groupable: false,
            ..field("Description", FieldKind::Textarea)
        },
        reference("AccountId", "Account", &["Account"]),
        owner(&["User"]),
    ];
    let lead = [
        field("LastName", FieldKind::String),
        field("Name", FieldKind::String),
        field("Company", FieldKind::String),
        field("Phone", FieldKind::Phone),
        owner(&["Group", "User"]),
    ];
    let task = [
        field("Subject", FieldKind::Combobox),
        field("CallObject", FieldKind::String),
        reference("WhoId", "Who", &["Contact", "Lead"]),
        owner(&["Group", "User"]),
    ];
    let user = [
        field("Name", FieldKind::String),
        field("Email", FieldKind::Email),
        field("IsActive", FieldKind::Boolean),
    ];
    let child = |child: &str, field: &str, name: &str| ChildRelationship {
        child: child.to_owned(),
        field: field.to_owned(),
        name: name.to_owned(),
    };
    vec![
        ObjectSchema {
            children: vec![child("Contact", "AccountId", "Contacts")],
            ..object("Account", "001", &account)
        },
        ObjectSchema {
            children: vec![child("Task", "WhoId", "Tasks")],
            ..object("Contact", "003", &contact)
        },
        object("Lead", "00Q", &lead),
        object("Task", "00T", &task),
        object("User", "005", &user),
    ]
}

fn object(name: &str, key_prefix: &str, fields: &[FieldSchema]) -> ObjectSchema {
    let system = [field("Id", FieldKind::Id), field("IsDeleted", FieldKind::Boolean)];
    ObjectSchema {
        name: name.to_owned(),
        label: name.to_owned(),
        label_plural: format!("{name}s"),
        key_prefix: key_prefix.to_owned(),
        createable: true,
        updateable: true,
        deletable: true,
        searchable: true,
        replicateable: true,
        fields: system.iter().chain(fields).cloned().collect(),
        children: Vec::new(),
    }
}

fn owner(objects: &[&str]) -> FieldSchema {
    reference("OwnerId", "Owner", objects)
}

fn reference(name: &str, relationship: &str, objects: &[&str]) -> FieldSchema {
    FieldSchema {
        relationship_name: Some(relationship.to_owned()),
        reference_to: objects.iter().map(|object| (*object).to_owned()).collect(),
        ..field(name, FieldKind::Reference)
    }
}

fn field(name: &str, kind: FieldKind) -> FieldSchema {
    FieldSchema {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        length: 255,
        nillable: true,
        createable: true,
        updateable: true,
        defaulted_on_create: false,
        calculated: false,
        custom: name.ends_with("__c"),
        external_id: false,
        id_lookup: false,
        unique: false,
        case_sensitive: false,
        filterable: true,
        sortable: true,
        groupable: true,
        aggregatable: true,
        restricted: false,
        name_field: name == "Name",
        values: Vec::new(),
        relationship_name: None,
        reference_to: Vec::new(),
        compound: None,
    }
}
