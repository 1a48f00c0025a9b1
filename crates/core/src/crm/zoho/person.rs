//! Which fields of a person are read, and how a row becomes a record.
//!
//! A field without a value is `null`. One that leads elsewhere is an object with `id` and `name`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    modules, verdict,
    wire::{self, flag, instant_at, text},
};
use crate::{
    crm::Org,
    lane::{Heal, HoldReason, Verdict, Who},
    record::{FieldProfile, Module, ModuleProfile, PersonField, PersonRecord, RecordRef},
};

/// Where people are, unless a call says otherwise.
const USUAL: [Module; 2] = [Module::Contact, Module::Lead];

/// What is read of every person.
const ALWAYS: [&str; 2] = ["Created_Time", "Modified_Time"];

/// What is read besides, where the user sees it.
const WHERE_VISIBLE: [&str; 9] = [
    "Owner",
    "Full_Name",
    "First_Name",
    "Mailing_Country",
    "Country",
    "Billing_Country",
    "Lead_Status",
    "Converted__s",
    "Converted_Contact",
];

/// The modules of a call, or the usual ones. Entries are nobody.
pub(super) fn modules(wanted: &[Module]) -> Vec<Module> {
    let wanted = if wanted.is_empty() { &USUAL } else { wanted };
    let mut modules: Vec<Module> = Vec::new();
    for module in wanted.iter().filter(|module| module.is_person()) {
        if !modules.contains(module) {
            modules.push(*module);
        }
    }
    modules
}

/// The module as described; `None` when the user cannot see it, or before the first describe.
pub(super) fn profile(org: &Org, module: Module) -> Option<&ModuleProfile> {
    org.profile.as_ref()?.modules.get(&module).filter(|profile| profile.is_readable)
}

/// Those of the modules that can be read; a refusal where none can: "nobody" and "not allowed to look" are different
/// answers.
pub(super) fn readable(org: &Org, modules: &[Module]) -> Result<Vec<Module>, Verdict> {
    if org.profile.is_none() {
        let detail = "The organization is not described yet".to_owned();
        return Err(Verdict::Heal { to: Heal::Describe, detail });
    }
    let found: Vec<_> = modules.iter().copied().filter(|module| profile(org, *module).is_some()).collect();
    match modules.first() {
        Some(first) if found.is_empty() => Err(verdict::hold(
            HoldReason::NoPermission,
            Who::CrmAdmin,
            format!(
                "The connected Zoho user may not see {}. A Zoho CRM administrator has to allow it in the user's profile",
                modules::api_name(first)
            ),
        )),
        _ => Ok(found),
    }
}

/// Fields of a type (`phone`, `email`) by which records can be found.
pub(super) fn fields_of_kind<'a>(profile: &'a ModuleProfile, kind: &str) -> Vec<&'a str> {
    let found = named(profile).filter(|field| field.kind == kind && field.is_filterable);
    found.map(|field| field.name.as_str()).collect()
}

fn named(profile: &ModuleProfile) -> impl Iterator<Item = &FieldProfile> {
    profile.fields.iter().filter(|field| wire::is_name(&field.name))
}

/// The fields to read of a record: each once, in a fixed order, and no more than a reading takes.
pub(super) fn selected(profile: &ModuleProfile, extra: &[String]) -> Vec<String> {
    let visible = |name: &&str| profile.field(name).is_some();
    let kinds = named(profile).filter(|field| matches!(field.kind.as_str(), "phone" | "email"));
    let last_name = profile.holding(&PersonField::LastName).map(|field| field.name.as_str());
    let extra =
        extra.iter().filter_map(|name| profile.field(name)).filter(|field| wire::is_name(&field.name));
    let wanted = ALWAYS
        .into_iter()
        .chain(last_name)
        .chain(WHERE_VISIBLE.into_iter().filter(visible))
        .chain(kinds.map(|field| field.name.as_str()))
        .chain(extra.map(|field| field.name.as_str()));
    let mut fields: Vec<String> = Vec::new();
    for name in wanted {
        if !fields.iter().any(|field| field == name) {
            fields.push(name.to_owned());
        }
    }
    fields.truncate(wire::FIELDS);
    fields
}

/// A row as a record; `None` when it does not say which record it is.
pub(super) fn decode(
    profile: &ModuleProfile,
    module: Module,
    row: &Value,
    extra: &[String],
) -> Option<PersonRecord> {
    let all = |kind: &str| {
        named(profile)
            .filter(|field| field.kind == kind)
            .filter_map(|field| Some((field.name.clone(), text(row, &field.name)?.to_owned())))
            .collect::<Vec<_>>()
    };
    let owned = |name: &str| text(row, name).map(str::to_owned);
    let last_name =
        profile.holding(&PersonField::LastName).and_then(|field| owned(&field.name)).unwrap_or_default();
    let first_name = owned("First_Name").unwrap_or_default();
    let whole = || format!("{first_name} {last_name}").trim().to_owned();
    // The field is told by lists; a record that is read by itself may tell it in the older way only.
    let converted_to = row.get("Converted_Contact").and_then(wire::id).or_else(|| {
        let detail = row.get("$converted_detail")?;
        detail.get("contact").and_then(wire::id).or_else(|| wire::id_at(detail, "contact"))
    });
    Some(PersonRecord {
        record: RecordRef { module, id: wire::id(row)? },
        name: owned("Full_Name").unwrap_or_else(whole),
        phones: all("phone"),
        emails: all("email").into_iter().map(|(_, value)| value).collect(),
        country: owned("Mailing_Country").or_else(|| owned("Country")).or_else(|| owned("Billing_Country")),
        owner_id: row.get("Owner").and_then(wire::id).unwrap_or_default(),
        status: owned("Lead_Status"),
        description: owned("Description"),
        extra: extra.iter().filter_map(|name| Some((name.clone(), shown(value_at(row, name)?)?))).collect(),
        is_converted: flag(row, "Converted__s") || flag(row, "$converted") || converted_to.is_some(),
        converted_to: converted_to.map(|id| RecordRef { module: Module::Contact, id }),
        is_deleted: false,
        merged_into: None,
        modified_at: instant_at(row, "Modified_Time"),
        created_at: instant_at(row, "Created_Time"),
        first_name,
        last_name,
    })
}

/// The value of a field that a setting names in any case.
pub(super) fn value_at<'a>(row: &'a Value, name: &str) -> Option<&'a Value> {
    row.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A value as people read it; `None` when it is blank.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => text(value, "name").map(str::to_owned),
        Value::Array(values) => {
            let shown: Vec<_> = values.iter().filter_map(shown).collect();
            (!shown.is_empty()).then(|| shown.join(", "))
        }
        _ => None,
    }
}

/// People without repetition: what was read first counts, since searches may lag.
pub(super) fn merged(found: Vec<PersonRecord>) -> Vec<PersonRecord> {
    let mut by_record = BTreeMap::new();
    for person in found {
        by_record.entry(person.record.clone()).or_insert(person);
    }
    by_record.into_values().collect()
}
