//! Fields and modules as Zoho describes them, in the words of every CRM.
//!
//! Whether a field can be set is told by `operation_type`; `field_read_only` is true of the owner, who can be set all the
//! same. What layouts demand binds only who names a layout, which we never do: so nothing but what the system demands
//! counts as required. Choices bind nobody either: a new value is taken, though nobody can pick it.
//! <https://www.zoho.com/crm/developer/docs/api/v8/field-meta.html>

use serde_json::Value;

use super::{
    modules,
    wire::{self, flag, text},
};
use crate::record::{FieldProfile, LeadStatus, ModuleProfile, PersonField};

/// The choice that means that nothing was chosen.
const NO_CHOICE: &str = "-None-";

/// A module without its fields.
pub(super) fn module(module: &Value) -> ModuleProfile {
    ModuleProfile {
        label: text(module, "singular_label").map(str::to_owned),
        is_createable: flag(module, "creatable"),
        is_updateable: flag(module, "editable"),
        is_readable: flag(module, "viewable") && flag(module, "api_supported") && !is_hidden(module),
        fields: Vec::new(),
    }
}

/// Is it hidden from everybody? Before version 5 there was no `status`.
pub(super) fn is_hidden(module: &Value) -> bool {
    text(module, "status").is_some_and(|status| status != "visible")
}

/// The fields that the user sees.
pub(super) fn fields(module: &str, rows: &[Value]) -> Vec<FieldProfile> {
    let mut fields: Vec<_> = rows.iter().filter_map(|row| field(module, row)).collect();
    // A module of the customer's own calls its phone as it likes: the first one is the main one.
    for (value, kind) in [(PersonField::Phone, "phone"), (PersonField::Email, "email")] {
        if fields.iter().any(|field| field.holds.as_ref() == Some(&value)) {
            continue;
        }
        let is_free =
            |field: &&mut FieldProfile| field.kind == kind && field.is_createable && field.holds.is_none();
        if let Some(first) = fields.iter_mut().find(is_free) {
            first.holds = Some(value);
        }
    }
    fields
}

fn field(module: &str, row: &Value) -> Option<FieldProfile> {
    let name = text(row, "api_name").filter(|name| wire::is_name(name))?;
    if row.get("visible").and_then(Value::as_bool) == Some(false) {
        return None;
    }
    let operations = row.get("operation_type").unwrap_or(&Value::Null);
    let kind = kind(row);
    let is_createable = flag(operations, "api_create");
    Some(FieldProfile {
        name: name.to_owned(),
        holds: modules::meaning(module, name),
        label: text(row, "display_label").or_else(|| text(row, "field_label")).unwrap_or(name).to_owned(),
        length: row
            .get("length")
            .and_then(Value::as_u64)
            .and_then(|most| u32::try_from(most).ok())
            .unwrap_or(0),
        is_required: flag(row, "system_mandatory") && is_createable,
        is_createable,
        is_updateable: flag(operations, "api_update"),
        is_filterable: row.get("filterable").and_then(Value::as_bool).unwrap_or(kind != "textarea"),
        // The name of a record that a field leads to comes with its id.
        names_by: None,
        is_external_key: false,
        choices: choices(row),
        is_restricted: false,
        kind,
    })
}

/// The type in the words of every CRM; Zoho's own where none of them fits.
fn kind(row: &Value) -> String {
    let of_formula = || row.get("formula").and_then(|formula| text(formula, "return_type"));
    let own = match text(row, "data_type").unwrap_or_default() {
        "formula" => of_formula().unwrap_or("string"),
        own => own,
    };
    let kind = match own {
        "text" | "autonumber" => "string",
        "website" => "url",
        "multiselectpicklist" => "multipicklist",
        "integer" => "int",
        "bigint" => "long",
        "lookup" | "ownerlookup" | "userlookup" => "reference",
        same => same,
    };
    kind.to_owned()
}

fn choices(row: &Value) -> Vec<String> {
    let values = row.get("pick_list_values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    values
        .iter()
        .filter(|value| text(value, "type") != Some("unused"))
        .filter_map(|value| text(value, "display_value"))
        .filter(|value| *value != NO_CHOICE)
        .map(str::to_owned)
        .collect()
}

/// The stages of a lead. Zoho tells neither which one new leads get nor which are the end: that is taken from the names it
/// comes with, and the settings may say otherwise.
pub(super) fn lead_statuses(leads: &ModuleProfile) -> Vec<LeadStatus> {
    let field = leads.holding(&PersonField::Status);
    let stages = field.map(|field| field.choices.as_slice()).unwrap_or_default();
    stages
        .iter()
        .map(|stage| LeadStatus {
            value: stage.clone(),
            is_default: false,
            is_converted: false,
            is_closed_by_default: is_closed(stage),
        })
        .collect()
}

fn is_closed(stage: &str) -> bool {
    let stage = stage.trim().to_lowercase();
    let ends = ["junk lead", "lost lead", "not qualified", "unqualified", "disqualified"];
    stage.starts_with("closed") || ends.contains(&stage.as_str())
}
