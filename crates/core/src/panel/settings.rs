//! What a workspace chooses for a panel: which fields, in which order, for whom; how phone numbers are compared.

use serde::{Deserialize, Serialize};

use crate::{
    record::{FieldProfile, Module, ModuleProfile, OrgProfile, PersonField},
    rights::Role,
};

/// The kinds of records that hold people, in the order in which they are looked at (R1.24, X2).
pub const MODULES: [Module; 2] = [Module::Contact, Module::Lead];

/// The choices of a workspace for one connection's panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PanelSettings {
    /// The fields, in the order in which they are shown. `None`: the usual ones of this org (see [`usual`]).
    pub fields: Option<Vec<PanelField>>,
    /// Phone numbers are compared as they are written, not as numbers (R1.19). Off by default.
    pub literal: bool,
    /// For how many seconds what was read is shown without asking again (R1.25).
    pub cache_seconds: u32,
    /// The phone fields that are searched, by the CRM's own names. `None`: all of them (R1.41).
    pub phone_fields: Option<Vec<String>>,
}

impl Default for PanelSettings {
    fn default() -> Self {
        Self { fields: None, literal: false, cache_seconds: 60, phone_fields: None }
    }
}

/// One field of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelField {
    /// On which kind of record.
    pub module: Module,
    /// The CRM's own name of it.
    pub name: String,
    /// The roles that see it. `None`: all (R1.42).
    #[serde(default)]
    pub roles: Option<Vec<Role>>,
}

impl PanelField {
    /// Does somebody of this role see it?
    pub fn is_seen_by(&self, role: Role) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.contains(&role))
    }
}

impl PanelSettings {
    /// The fields that are shown in this org: the chosen ones, or the usual ones.
    pub fn fields_in(&self, org: &OrgProfile) -> Vec<PanelField> {
        self.fields.clone().unwrap_or_else(|| usual(org))
    }

    /// Is a phone field searched?
    pub fn searches(&self, phone_field: &str) -> bool {
        let is_it = |name: &String| name.eq_ignore_ascii_case(phone_field);
        self.phone_fields.as_ref().is_none_or(|names| names.iter().any(is_it))
    }
}

/// A sensible choice for an org, of fields that exist and are visible: e-mail and phone numbers, company, stage, source,
/// owner. The name is the heading of the panel.
pub fn usual(org: &OrgProfile) -> Vec<PanelField> {
    MODULES.into_iter().flat_map(|module| usual_of(module, &org.module(module))).collect()
}

fn usual_of(module: Module, profile: &ModuleProfile) -> Vec<PanelField> {
    if !profile.is_readable {
        return Vec::new();
    }
    let holding = |value: PersonField| profile.holding(&value).into_iter();
    let of_kind = |kind: &'static str| profile.fields.iter().filter(move |field| field.kind == kind);
    let chosen = holding(PersonField::Account)
        .chain(holding(PersonField::Company))
        .chain(holding(PersonField::Email))
        .chain(of_kind("email"))
        .chain(holding(PersonField::Phone))
        .chain(of_kind("phone"))
        .chain(holding(PersonField::Status))
        .chain(holding(PersonField::LeadSource))
        .chain(holding(PersonField::Owner));
    let mut fields: Vec<PanelField> = Vec::new();
    for field in chosen.filter(|field| is_showable(field)) {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(PanelField { module, name: field.name.clone(), roles: None });
        }
    }
    fields
}

/// Can a value of this field be shown at all? Files and internal structures cannot.
pub fn is_showable(field: &FieldProfile) -> bool {
    !matches!(field.kind.as_str(), "base64" | "complexvalue" | "anyType" | "location")
}
