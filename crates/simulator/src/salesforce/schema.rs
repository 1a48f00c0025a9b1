//! What an object of the org looks like: the words that describe, validation, SOQL and the store share.
//!
//! A row holds only what is set: a field that is absent from a [`Row`] is null. `Id`, `IsDeleted` and every
//! other boolean are always present.

/// One stored record: canonical field name to JSON value (text, number, boolean; never null).
/// Ids are 18 characters, datetimes read `2026-01-02T03:04:05.000+0000`, dates `2026-01-02`.
/// Compound addresses are the only values that are JSON objects.
pub use crate::journal::Row;

/// A field type, as describe names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Id,
    String,
    Textarea,
    Phone,
    Email,
    Url,
    Picklist,
    Combobox,
    Reference,
    Boolean,
    Int,
    Double,
    Currency,
    Percent,
    Date,
    Datetime,
    Time,
    Base64,
    /// A compound address: read-only, its parts are fields of their own.
    Address,
}

impl FieldKind {
    /// The `type` member of describe.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::String => "string",
            Self::Textarea => "textarea",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Picklist => "picklist",
            Self::Combobox => "combobox",
            Self::Reference => "reference",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Time => "time",
            Self::Base64 => "base64",
            Self::Address => "address",
        }
    }

    /// The `soapType` member of describe.
    pub fn soap_name(self) -> &'static str {
        match self {
            Self::Id | Self::Reference => "tns:ID",
            Self::Boolean => "xsd:boolean",
            Self::Int => "xsd:int",
            Self::Double | Self::Currency | Self::Percent => "xsd:double",
            Self::Date => "xsd:date",
            Self::Datetime => "xsd:dateTime",
            Self::Time => "xsd:time",
            Self::Base64 => "xsd:base64Binary",
            Self::Address => "urn:address",
            Self::String
            | Self::Textarea
            | Self::Phone
            | Self::Email
            | Self::Url
            | Self::Picklist
            | Self::Combobox => "xsd:string",
        }
    }

    /// Whether values are free or listed text (what LIKE applies to).
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Textarea
                | Self::Phone
                | Self::Email
                | Self::Url
                | Self::Picklist
                | Self::Combobox
        )
    }

    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Double | Self::Currency | Self::Percent)
    }

    /// Whether values are record ids.
    pub fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Reference)
    }
}

/// One value of a picklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicklistValue {
    /// The stored value, which is also its label.
    pub value: String,
    /// Whether a new record gets it.
    pub default: bool,
}

/// One field of an object.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "describe is a list of independent flags")]
pub struct FieldSchema {
    /// Canonical API name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// The type.
    pub kind: FieldKind,
    /// Longest text, in characters; 0 where it does not apply.
    pub length: u32,
    /// Whether null is allowed.
    pub nillable: bool,
    /// Whether a create may set it.
    pub createable: bool,
    /// Whether an update may set it.
    pub updateable: bool,
    /// Whether the org supplies a value when a create has none.
    pub defaulted_on_create: bool,
    /// A formula.
    pub calculated: bool,
    /// Defined by the org's administrator (`__c`).
    pub custom: bool,
    /// Usable as the key of an upsert because it is marked External ID.
    pub external_id: bool,
    /// Usable as the key of an upsert although it is standard.
    pub id_lookup: bool,
    /// No two live records share a value.
    pub unique: bool,
    /// Text is compared by exact case (unique fields only).
    pub case_sensitive: bool,
    /// May stand in WHERE.
    pub filterable: bool,
    /// May stand in ORDER BY.
    pub sortable: bool,
    /// May stand in GROUP BY.
    pub groupable: bool,
    /// May stand inside MIN, MAX, COUNT.
    pub aggregatable: bool,
    /// Only listed values are accepted.
    pub restricted: bool,
    /// The record's name.
    pub name_field: bool,
    /// The listed values of a picklist or combobox.
    pub values: Vec<PicklistValue>,
    /// `Owner` for `OwnerId`: how SOQL and nested bodies reach the parent.
    pub relationship_name: Option<String>,
    /// What a reference may point at. More than one: polymorphic.
    pub reference_to: Vec<String>,
    /// `MailingAddress` for `MailingCity`, `Name` for `LastName`.
    pub compound: Option<String>,
}

impl FieldSchema {
    /// Whether a reference may point at records of more than one object.
    pub fn is_polymorphic(&self) -> bool {
        self.reference_to.len() > 1
    }

    /// Whether a create must set it.
    pub fn is_required(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create && self.kind != FieldKind::Boolean
    }
}

/// A list of records of another object that point here: `Contacts` of an Account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildRelationship {
    /// The object whose records point here.
    pub child: String,
    /// Its referring field.
    pub field: String,
    /// The name of the list in a nested SELECT.
    pub name: String,
}

/// One object of the org.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "describe is a list of independent flags")]
pub struct ObjectSchema {
    /// Canonical API name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What people read above a list.
    pub label_plural: String,
    /// The first three characters of its ids; empty where rows have none of their own.
    pub key_prefix: String,
    /// Whether the API creates records.
    pub createable: bool,
    /// Whether the API changes records.
    pub updateable: bool,
    /// Whether the API deletes records.
    pub deletable: bool,
    /// Whether SOSL finds records.
    pub searchable: bool,
    /// Whether getUpdated and getDeleted know it.
    pub replicateable: bool,
    /// Its fields, in describe order.
    pub fields: Vec<FieldSchema>,
    /// Lists of records that point here.
    pub children: Vec<ChildRelationship>,
}

impl ObjectSchema {
    /// The field of that name, in any case.
    pub fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The reference field behind a relationship name (`Owner` gives `OwnerId`), in any case.
    pub fn relationship(&self, name: &str) -> Option<&FieldSchema> {
        self.fields
            .iter()
            .find(|field| field.relationship_name.as_deref().is_some_and(|r| r.eq_ignore_ascii_case(name)))
    }

    /// The child list of that name, in any case.
    pub fn child(&self, name: &str) -> Option<&ChildRelationship> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }

    /// The field that names a record (`Name`, `Subject`, `CaseNumber`), where there is one.
    pub fn name_field(&self) -> Option<&FieldSchema> {
        self.fields.iter().find(|field| field.name_field)
    }
}
