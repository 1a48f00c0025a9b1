//! A person's row: which fields are read, and how a row becomes a record.
//!
//! Only fields that the describe shows are named: one that is hidden from the user makes the whole query
//! fail. <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm>
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_lead.htm>

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ids, soql, verdict};
use crate::{
    crm::Org,
    lane::{Heal, HoldReason, Verdict, Who},
    record::{FieldProfile, Module, ModuleProfile, PersonRecord, RecordRef},
    time::Timestamp,
};

/// The modules that hold people, in the order in which they are asked.
pub(super) const MODULES: [Module; 2] = [Module::Contact, Module::Lead];

/// Those of them that a call names, or all where it names none.
pub(super) fn modules(wanted: &[Module]) -> impl Iterator<Item = Module> {
    MODULES.into_iter().filter(|module| wanted.is_empty() || wanted.contains(module))
}

/// What is read of a person without knowing the org: fields that every user sees.
const ALWAYS: [&str; 5] = ["Id", "Name", "LastName", "CreatedDate", "LastModifiedDate"];

/// What is read besides, where the describe shows it.
const WHERE_VISIBLE: [&str; 9] = [
    "FirstName",
    "OwnerId",
    "MailingCountry",
    "Country",
    "Status",
    "IsConverted",
    "ConvertedContactId",
    "IsDeleted",
    "MasterRecordId",
];

/// The module as described; `None` when the user cannot see it, or before the first describe.
pub(super) fn profile(org: &Org, module: Module) -> Option<&ModuleProfile> {
    org.profile.as_ref()?.modules.get(&module).filter(|profile| profile.is_readable)
}

/// Whether people can be read at all: "nobody" and "not allowed to look" are different answers.
pub(super) fn may_read(org: &Org, modules: impl IntoIterator<Item = Module>) -> Result<(), Verdict> {
    if org.profile.is_none() {
        let detail = "The organization is not described yet".to_owned();
        return Err(Verdict::Heal { to: Heal::Describe, detail });
    }
    match modules.into_iter().find(|module| profile(org, *module).is_none()) {
        None => Ok(()),
        Some(module) => Err(verdict::hold(
            HoldReason::NoPermission,
            Who::CrmAdmin,
            format!(
                "The connected Salesforce user may not read {}s. A Salesforce administrator has to grant Read on \
                 the object",
                ids::object(&module)
            ),
        )),
    }
}

/// Fields of a type (`phone`, `email`) by which records can be found.
pub(super) fn fields_of_kind<'a>(profile: &'a ModuleProfile, kind: &str) -> Vec<&'a str> {
    named(profile)
        .filter(|field| field.kind == kind && field.is_filterable)
        .map(|field| field.name.as_str())
        .collect()
}

fn named(profile: &ModuleProfile) -> impl Iterator<Item = &FieldProfile> {
    profile.fields.iter().filter(|field| soql::is_name(&field.name))
}

/// The fields to select for a record: each once, in a fixed order.
pub(super) fn selected(profile: &ModuleProfile, extra: &[&str]) -> Vec<String> {
    let visible = |name: &&str| profile.field(name).is_some();
    let kinds = named(profile).filter(|field| matches!(field.kind.as_str(), "phone" | "email"));
    let mut fields: Vec<String> = Vec::new();
    let wanted = ALWAYS
        .into_iter()
        .chain(WHERE_VISIBLE.into_iter().filter(visible))
        .chain(kinds.map(|field| field.name.as_str()))
        .chain(extra.iter().copied().filter(|name| is_readable(profile, name)));
    for name in wanted {
        if !fields.iter().any(|field| field.eq_ignore_ascii_case(name)) {
            fields.push(name.to_owned());
        }
    }
    fields
}

/// Whether a field that a setting names can be selected. Of a path through a parent (`Account.Name`) the
/// first step is checked: the rest belongs to another object.
fn is_readable(profile: &ModuleProfile, name: &str) -> bool {
    if !name.split('.').all(soql::is_name) {
        return false;
    }
    match name.split_once('.') {
        None => profile.field(name).is_some(),
        Some((parent, _)) => {
            let by_suffix = parent.strip_suffix("__r").map(|parent| format!("{parent}__c"));
            profile.field(&by_suffix.unwrap_or_else(|| format!("{parent}Id"))).is_some()
        }
    }
}

/// A row as a record; `None` when it does not say which record it is.
pub(super) fn decode(
    profile: &ModuleProfile,
    module: Module,
    row: &Value,
    extra: &[&str],
) -> Option<PersonRecord> {
    let id = ids::full(text(row, "Id")?)?;
    let all = |kind: &str| {
        named(profile)
            .filter(|field| field.kind == kind)
            .filter_map(|field| Some((field.name.clone(), text(row, &field.name)?.to_owned())))
            .collect::<Vec<_>>()
    };
    let flag = |name: &str| row.get(name).and_then(Value::as_bool).unwrap_or(false);
    let owned = |name: &str| text(row, name).map(str::to_owned);
    let other = |name: &str, module| Some(RecordRef { module, id: ids::full(text(row, name)?)? });
    Some(PersonRecord {
        record: RecordRef { module, id },
        name: owned("Name").unwrap_or_default(),
        first_name: owned("FirstName").unwrap_or_default(),
        last_name: owned("LastName").unwrap_or_default(),
        phones: all("phone"),
        emails: all("email").into_iter().map(|(_, value)| value).collect(),
        country: owned("MailingCountry").or_else(|| owned("Country")),
        owner_id: text(row, "OwnerId").and_then(ids::full).unwrap_or_default(),
        status: owned("Status"),
        description: owned("Description"),
        extra: extra.iter().filter_map(|name| Some(((*name).to_owned(), shown(row, name)?))).collect(),
        converted_to: other("ConvertedContactId", Module::Contact),
        is_converted: flag("IsConverted"),
        is_deleted: flag("IsDeleted"),
        merged_into: other("MasterRecordId", module),
        modified_at: instant(row, "LastModifiedDate"),
        created_at: instant(row, "CreatedDate"),
    })
}

/// A text with something in it.
pub(super) fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
}

/// An instant; the epoch when the field is blank, which the ones asked for never are.
pub(super) fn instant(row: &Value, name: &str) -> Timestamp {
    text(row, name).and_then(Timestamp::parse).unwrap_or_default()
}

/// What stands at a path; names are compared in any case, since answers use canonical names and settings any.
pub(super) fn at<'a>(row: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(row, |value, name| {
        let members = value.as_object()?;
        members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    })
}

/// A value as people read it; `None` when it is blank.
pub(super) fn shown(row: &Value, path: &str) -> Option<String> {
    let value = at(row, path)?;
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        // A compound such as an address, in the order in which an envelope has it.
        Value::Object(parts) => {
            let parts: Vec<_> = ["street", "city", "state", "postalCode", "country"]
                .into_iter()
                .filter_map(|name| parts.get(name).and_then(Value::as_str))
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        _ => None,
    }
}

/// People without repetition: what was read last counts.
pub(super) fn merged(found: impl IntoIterator<Item = PersonRecord>) -> Vec<PersonRecord> {
    let by_record: BTreeMap<_, _> = found.into_iter().map(|person| (person.record.clone(), person)).collect();
    by_record.into_values().collect()
}
