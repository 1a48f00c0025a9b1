//! A record as the API tells it to one caller.

use serde_json::{Map, Value, json};

use super::modules::ANY_MODULE;
use super::people::named;
use super::schema::{Field, Kind, Module, Row};
use super::state::{Caller, State, text};

/// The chosen fields of a record, or all of them, with its id.
pub fn record(
    state: &State,
    caller: &Caller,
    module: &Module,
    row: &Row,
    chosen: Option<&[String]>,
) -> Value {
    let mut shown = Map::new();
    let wanted = |field: &&Field| chosen.is_none_or(|names| names.contains(&field.api_name));
    for field in module.fields.iter().filter(wanted) {
        if state.is_hidden(caller, &module.api_name, &field.api_name) {
            continue;
        }
        shown.insert(field.api_name.clone(), value(state, caller, module, field, row));
        if field.lookup.as_deref() == Some(ANY_MODULE) && module.is_activity() {
            shown.insert("$se_module".to_owned(), row.get("$se_module").cloned().unwrap_or_default());
        }
    }
    shown.insert("id".to_owned(), json!(text(row, "id")));
    Value::Object(shown)
}

/// What a record that was asked for alone says about itself beside its fields.
pub fn extras(row: &Row, shown: &mut Value) {
    for (name, value) in [
        ("$approval_state", json!("approved")),
        ("$editable", json!(true)),
        ("$in_merge", json!(false)),
        ("$approved", json!(true)),
        ("$orchestration", json!(false)),
        ("$review", Value::Null),
        ("$state", json!("save")),
        ("$converted", json!(row.get("Converted__s") == Some(&json!(true)))),
        ("Locked__s", json!(false)),
        ("Record_Status__s", json!("Available")),
    ] {
        shown[name] = value;
    }
}

/// One field of a record.
pub fn value(state: &State, caller: &Caller, module: &Module, field: &Field, row: &Row) -> Value {
    if field.api_name == "Tag" {
        return tags(state, &module.api_name, row);
    }
    let Some(stored) = row.get(&field.api_name) else {
        return if field.kind == Kind::Boolean { json!(false) } else { Value::Null };
    };
    match (field.kind, stored) {
        (Kind::Ownerlookup, Value::String(id)) => named(state, id, true),
        (Kind::Datetime, Value::Number(at)) => json!(State::stamp(caller, at.as_i64().unwrap_or_default())),
        (Kind::Lookup, Value::String(id)) => linked(state, field, row, id),
        (Kind::Bigint, Value::Number(size)) => json!(size.to_string()),
        _ => stored.clone(),
    }
}

/// What a lookup says: the name and the id of what it points at.
pub fn linked(state: &State, field: &Field, row: &Row, id: &str) -> Value {
    let target = match field.lookup.as_deref() {
        Some(ANY_MODULE) => text(row, "$se_module"),
        Some(name) => name,
        None => return Value::Null,
    };
    let mut linked = json!({"name": name_of(state, target, id), "id": id});
    if field.api_name == "Parent_Id" {
        let module = state.any_module(target).map(|module| json!({"api_name": target, "id": module.id}));
        linked["module"] = module.unwrap_or_default();
    }
    linked
}

/// What a record is called.
pub fn name_of(state: &State, module: &str, id: &str) -> String {
    let Some(row) = state.store.get(module, id) else { return String::new() };
    let Some(module) = state.any_module(module) else { return String::new() };
    title(module, row).to_owned()
}

/// What a record is called: people by their whole name, the others by the field that names them.
pub fn title<'a>(module: &Module, row: &'a Row) -> &'a str {
    let whole = text(row, "Full_Name");
    if whole.is_empty() { text(row, &module.name_field) } else { whole }
}

fn tags(state: &State, module: &str, row: &Row) -> Value {
    let names = row.get("Tag").and_then(Value::as_array).cloned().unwrap_or_default();
    names
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|name| super::tags::find(state, module, name))
        .map(|tag| json!({"name": text(tag, "name"), "id": text(tag, "id"), "color_code": tag.get("color_code")}))
        .collect()
}
