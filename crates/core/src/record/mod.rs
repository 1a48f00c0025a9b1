//! What a CRM stores, in words that hold for every CRM: records, modules, fields.
//!
//! A connector maps its own names to these and back; nothing above it knows what a CRM calls them.

pub mod module;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::module::{EntryKind, Module, ModuleName};
use crate::time::Timestamp;

/// Which record: its module and the CRM's id of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRef {
    /// The kind of record.
    pub module: Module,
    /// The CRM's id, in the CRM's longest (safest) form.
    pub id: String,
}

/// A field of a person's record. The connector knows what its CRM calls it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    /// Given name.
    FirstName,
    /// Family name; most CRMs refuse a person without one.
    LastName,
    /// The company of a lead.
    Company,
    /// The company that a contact belongs to, by the id of its record. We never write it.
    Account,
    /// The main phone number.
    Phone,
    /// The e-mail address.
    Email,
    /// The user who answers for the record, by id.
    Owner,
    /// The stage of a lead.
    Status,
    /// Where a person came from.
    LeadSource,
    /// Free text about the person.
    Description,
    /// A field by the CRM's own name, as a setting names it.
    Custom(String),
}

/// The values of a person's record that we read or write.
pub type PersonFields = BTreeMap<PersonField, String>;

/// A person as the CRM holds them: everything that matching may depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Module and id.
    pub record: RecordRef,
    /// The name as the CRM shows it.
    pub name: String,
    /// Given name, empty when blank.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Every phone-typed field with a value: (the CRM's field name, the text as stored).
    pub phones: Vec<(String, String)>,
    /// Every e-mail field with a value.
    pub emails: Vec<String>,
    /// The country on the record, as stored; decides how its phone numbers are read.
    pub country: Option<String>,
    /// The user (or queue) that owns the record.
    pub owner_id: String,
    /// The stage of a lead.
    pub status: Option<String>,
    /// The text of the description field, if asked for.
    pub description: Option<String>,
    /// Values of the extra fields that were asked for, by the CRM's own names.
    pub extra: BTreeMap<String, String>,
    /// The contact that a converted lead became.
    pub converted_to: Option<RecordRef>,
    /// Whether a lead was converted (its contact may be gone or invisible).
    pub is_converted: bool,
    /// Deleted, in the recycle bin or for good.
    pub is_deleted: bool,
    /// The record that survived a merge.
    pub merged_into: Option<RecordRef>,
    /// When a person or an API last changed it.
    pub modified_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user of the CRM.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmUser {
    /// The CRM's id of the user.
    pub id: String,
    /// The e-mail address that members are matched by, as stored.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Whether the user may log in and be given records.
    pub is_active: bool,
}

/// What one field can hold, as the CRM describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact that a CRM states of a field"
)]
pub struct FieldProfile {
    /// The CRM's own name.
    pub name: String,
    /// Which of a person's values it holds, where it is one that we write.
    pub holds: Option<PersonField>,
    /// What people call it.
    pub label: String,
    /// The type: `string`, `textarea`, `url`, `email`, `phone`, `boolean`, `int`, `long`, `double`, `percent`, `currency`,
    /// `date`, `datetime`, `time`, `picklist`, `multipicklist`, `reference`, `id`, or the CRM's own word where none of these
    /// fits. That of a formula is the type of its result.
    pub kind: String,
    /// Where it holds the id of another record: the path by which that record's name is read, if it has one.
    #[serde(default)]
    pub names_by: Option<String>,
    /// Most characters it takes; 0 where length does not apply.
    pub length: u32,
    /// A new record must carry it.
    pub is_required: bool,
    /// May be given when a record is made.
    pub is_createable: bool,
    /// May be changed afterwards.
    pub is_updateable: bool,
    /// May stand in a condition.
    pub is_filterable: bool,
    /// Unique id of another system, by which records can be written.
    pub is_external_key: bool,
    /// Choices, where only those (or mainly those) are accepted.
    pub choices: Vec<String>,
    /// Whether only the choices are accepted.
    pub is_restricted: bool,
}

/// What one module can hold and what the acting user may do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleProfile {
    /// What people call one of its records, where the CRM tells.
    #[serde(default)]
    pub label: Option<String>,
    /// May the user make records?
    pub is_createable: bool,
    /// May the user change records?
    pub is_updateable: bool,
    /// May the user see records?
    pub is_readable: bool,
    /// The fields that the user can see.
    pub fields: Vec<FieldProfile>,
}

impl FieldProfile {
    /// Can it hold an address that people read or follow?
    pub fn takes_address(&self) -> bool {
        ["string", "text", "url", "textarea"].contains(&self.kind.as_str())
    }
}

impl ModuleProfile {
    /// The field of that name (the CRM's own), in any case.
    pub fn field(&self, name: &str) -> Option<&FieldProfile> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field that holds this value of a person.
    pub fn holding(&self, value: &PersonField) -> Option<&FieldProfile> {
        self.fields.iter().find(|field| field.holds.as_ref() == Some(value))
    }
}

/// One stage of a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadStatus {
    /// The value as stored.
    pub value: String,
    /// New leads get it.
    pub is_default: bool,
    /// Only conversion sets it.
    pub is_converted: bool,
    /// Whether we take it as closed unless the settings say otherwise.
    pub is_closed_by_default: bool,
}

/// Something the connection needs and does not have, in words for the person who can grant it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What is missing: "create Tasks", "see Lead.Phone".
    pub what: String,
    /// What to do about it, and who can.
    pub action: String,
    /// Chat sync cannot work without it.
    pub is_fatal: bool,
}

/// How a written entry is recognised again after an answer was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKeying {
    /// A unique external-id field: writing again by the same key changes nothing.
    External(String),
    /// A filterable text field that carries the key: ask before writing again.
    Token(String),
    /// No field can carry the key, so the text does, in the address of its conversation: read before writing again.
    Text,
}

/// What an entry of one kind can hold here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryProfile {
    /// How entries are keyed.
    pub keying: Option<EntryKeying>,
    /// The status that marks an entry as done, where entries have one.
    pub done_status: Option<String>,
    /// Most characters of the subject.
    pub subject_length: u32,
    /// Most characters of the body.
    pub body_length: u32,
}

/// A module that conversations could be written to, and why it cannot take them, if it cannot (R4.11, R4.12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The module.
    pub module: Module,
    /// What people call its records.
    pub label: String,
    /// What it lacks, in words for the person who chooses.
    pub refusal: Option<String>,
}

/// An organisation as the acting user sees it; read at connect time and refreshed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgProfile {
    /// The CRM's id of the organisation, in its longest form.
    pub org_id: String,
    /// Its name.
    pub org_name: String,
    /// A copy for testing?
    pub is_sandbox: bool,
    /// The user whose grant we hold.
    pub acting_user: CrmUser,
    /// Modules by kind.
    pub modules: BTreeMap<Module, ModuleProfile>,
    /// Stages of a lead, in the org's order.
    pub lead_statuses: Vec<LeadStatus>,
    /// The kinds of entries that can be written here.
    pub entries: BTreeMap<EntryKind, EntryProfile>,
    /// The modules among which a workspace may choose where its conversations go.
    pub destinations: Vec<Destination>,
    /// The words for modules in the addresses that people open, where those are not their names.
    pub tabs: BTreeMap<Module, String>,
    /// The most calls that the CRM's window allows, where the description tells.
    pub calls_limit: Option<u64>,
    /// What is missing for chat sync.
    pub missing: Vec<Missing>,
}

impl OrgProfile {
    /// The profile of one module; empty when the user sees none of it.
    pub fn module(&self, module: Module) -> ModuleProfile {
        self.modules.get(&module).cloned().unwrap_or_default()
    }

    /// How entries of a kind are keyed here; `None` where they cannot be written.
    pub fn keying(&self, kind: EntryKind) -> Option<&EntryKeying> {
        self.entries.get(&kind)?.keying.as_ref()
    }
}
