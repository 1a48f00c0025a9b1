//! What a module of the org looks like: the words that metadata, validation, COQL and the store share.

use serde::{Deserialize, Serialize};

pub use crate::journal::Row;

/// A field type, as `data_type` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Textarea,
    Email,
    Phone,
    Website,
    Picklist,
    Multiselectpicklist,
    Date,
    Datetime,
    Integer,
    Bigint,
    Double,
    Currency,
    Percent,
    Boolean,
    Lookup,
    Ownerlookup,
    Profileimage,
    Autonumber,
    Formula,
}

impl Kind {
    /// The `data_type` of metadata.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::Picklist => "picklist",
            Self::Multiselectpicklist => "multiselectpicklist",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Boolean => "boolean",
            Self::Lookup => "lookup",
            Self::Ownerlookup => "ownerlookup",
            Self::Profileimage => "profileimage",
            Self::Autonumber => "autonumber",
            Self::Formula => "formula",
        }
    }

    /// The `json_type` of metadata, which is also what `expected_data_type` says.
    pub fn json_type(self) -> &'static str {
        match self {
            Self::Multiselectpicklist => "jsonarray",
            Self::Integer => "integer",
            Self::Bigint => "long",
            Self::Double | Self::Currency | Self::Percent => "double",
            Self::Boolean => "boolean",
            Self::Lookup | Self::Ownerlookup => "jsonobject",
            _ => "string",
        }
    }

    /// The number of the widget that people edit it with.
    pub fn ui_type(self) -> u32 {
        match self {
            Self::Phone => 33,
            Self::Picklist | Self::Multiselectpicklist => 2,
            Self::Website => 21,
            Self::Textarea => 3,
            Self::Ownerlookup => 8,
            Self::Email => 25,
            Self::Lookup => 133,
            Self::Boolean => 301,
            Self::Date => 24,
            Self::Datetime => 333,
            _ => 1,
        }
    }

    /// Whether values are text that a search or LIKE looks into.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Textarea
                | Self::Email
                | Self::Phone
                | Self::Website
                | Self::Picklist
                | Self::Autonumber
                | Self::Formula
        )
    }

    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Bigint | Self::Double | Self::Currency | Self::Percent)
    }
}

/// One option of a picklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// What people read, and what a record says.
    pub display: String,
    /// What it was called first.
    pub actual: String,
}

/// One field of a module.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "metadata is a list of independent flags")]
pub struct Field {
    /// The name in requests.
    pub api_name: String,
    /// What people read.
    pub label: String,
    /// Its id.
    pub id: String,
    /// The type.
    pub kind: Kind,
    /// Longest text, in characters.
    pub length: u32,
    /// Whether the customer added it.
    pub custom: bool,
    /// Whether every record needs it.
    pub mandatory: bool,
    /// Whether the layout needs it.
    pub layout_mandatory: bool,
    /// Whether it is on the layout at all.
    pub on_layout: bool,
    /// Whether an insert may set it.
    pub create: bool,
    /// Whether an update may set it.
    pub update: bool,
    /// No two records share a value ("do not allow duplicate values").
    pub unique: bool,
    /// The options of a picklist.
    pub choices: Vec<Choice>,
    /// The module that a lookup points at; `se_module` where the record says which.
    pub lookup: Option<String>,
    /// The id of the global set that holds the options.
    pub global_picklist: Option<String>,
}

/// One module of the org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "metadata is a list of independent flags")]
pub struct Module {
    /// The name in requests.
    pub api_name: String,
    /// The name inside, which is also the one in addresses of pages (`Potentials`, `CustomModule1`).
    pub inner_name: String,
    /// What people call one record.
    pub singular: String,
    /// What people call them all.
    pub plural: String,
    /// Its id.
    pub id: String,
    /// `default` or `custom`.
    pub generated: String,
    /// `visible`, `user_hidden`, `system_hidden`, `scheduled_for_deletion`.
    pub status: String,
    /// Whether the API knows its records.
    pub api_supported: bool,
    /// Whether records can be made.
    pub creatable: bool,
    /// Whether records can be changed.
    pub editable: bool,
    /// Whether records can be read.
    pub viewable: bool,
    /// Whether records can be deleted.
    pub deletable: bool,
    /// Whether search and COQL know it.
    pub searchable: bool,
    /// The id of its one layout.
    pub layout_id: String,
    /// The field that names a record.
    pub name_field: String,
    /// The field that an upsert compares without being told.
    pub check_field: Option<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl Module {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == name)
    }

    /// The field of that name, to be changed.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.api_name == name)
    }

    /// The field with that id or name.
    pub fn field_by(&self, id_or_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id_or_name || field.api_name == id_or_name)
    }

    /// Whether its records are people or things that notes and attachments hang on.
    pub fn is_entity(&self) -> bool {
        self.api_supported && !matches!(self.api_name.as_str(), "Notes" | "Attachments")
    }

    /// Whether records may hang on records of any module.
    pub fn is_activity(&self) -> bool {
        matches!(self.api_name.as_str(), "Tasks" | "Events" | "Calls")
    }
}

impl Field {
    /// Whether a lookup may be looked up, or a text compared, without reading every record.
    pub fn is_indexed(&self) -> bool {
        let named = matches!(self.kind, Kind::Phone | Kind::Email | Kind::Website | Kind::Lookup);
        let own_text = self.custom && self.kind == Kind::Text;
        named || own_text || self.unique || self.mandatory
    }
}
