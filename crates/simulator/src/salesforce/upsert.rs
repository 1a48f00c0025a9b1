//! Records by key: read, create-or-update and delete through an External ID or lookup field.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, saved};
use super::ids;
use super::records::{self, Saving};
use super::schema::{FieldSchema, ObjectSchema};
use super::state::{Caller, State, text};
use super::store::is_deleted;

/// What an upsert did.
pub struct Upserted {
    /// The record.
    pub id: String,
    /// Whether it is new.
    pub created: bool,
}

/// The field that may serve as a key, or the vendor's 404.
pub fn key_field<'a>(object: &'a ObjectSchema, name: &str) -> Outcome<&'a FieldSchema> {
    object.field(name).filter(|field| field.external_id || field.id_lookup).ok_or_else(|| {
        Problem::new(
            404,
            "NOT_FOUND",
            format!("Provided external ID field does not exist or is not accessible: {name}"),
        )
        .into()
    })
}

/// The live records that have that key.
pub fn matching(state: &State, object: &ObjectSchema, key: &FieldSchema, value: &str) -> Vec<String> {
    if key.name == "Id" {
        let id = ids::canonical(value).unwrap_or_default();
        let live = state.store.get(&object.name, &id).is_some_and(|row| !is_deleted(row));
        return if live { vec![id] } else { Vec::new() };
    }
    state
        .store
        .find(&object.name, &key.name, value)
        .into_iter()
        .filter(|row| !is_deleted(row))
        .filter(|row| !key.case_sensitive || text(row, &key.name) == value)
        .map(|row| text(row, "Id").to_owned())
        .collect()
}

/// Creates or updates the one record that has that key.
pub fn save(
    state: &mut State,
    caller: &Caller,
    object: &ObjectSchema,
    key: &FieldSchema,
    value: &str,
    body: &Map<String, Value>,
    saving: Saving,
) -> Outcome<Upserted> {
    match matching(state, object, key, value).as_slice() {
        [] if key.name == "Id" => {
            Err(Problem::new(404, "NOT_FOUND", "The requested resource does not exist").into())
        }
        [] => {
            let mut body = body.clone();
            body.insert(key.name.clone(), json!(value));
            let id = records::create(state, caller, object, &body, saving)?;
            Ok(Upserted { id, created: true })
        }
        [id] => {
            records::update(state, caller, object, id, body, saving)?;
            Ok(Upserted { id: id.clone(), created: false })
        }
        several => Err(Problem::bad(
            "DUPLICATE_EXTERNAL_ID",
            format!(
                "{}: more than one record found for external id field: [{}]",
                key.label,
                several.join(", ")
            ),
        )
        .on(&[&key.name])
        .into()),
    }
}

/// `PATCH /sobjects/X/Field/value`.
pub fn answer(
    state: &mut State,
    caller: &Caller,
    object: &ObjectSchema,
    key: &FieldSchema,
    value: &str,
    body: &Map<String, Value>,
    how: (Saving, bool),
) -> Outcome<Answer> {
    let (saving, update_only) = how;
    if body.keys().any(|name| name.eq_ignore_ascii_case(&key.name)) {
        return Err(Problem::bad(
            "INVALID_FIELD",
            format!("The {} field should not be specified in the sobject data.", key.name),
        )
        .on(&[&key.name])
        .into());
    }
    let found = matching(state, object, key, value);
    if found.len() > 1 {
        return Ok(several(caller, object, &found));
    }
    if found.is_empty() && update_only {
        return Err(records::not_found());
    }
    let done = save(state, caller, object, key, value, body, saving)?;
    let mut result = saved(&done.id);
    result["created"] = json!(done.created);
    if done.created {
        return Ok(Answer::json(201, result).with("location", caller.record_url(&object.name, &done.id)));
    }
    Ok(if caller.version_number() < 46.0 { Answer::empty(204) } else { Answer::ok(result) })
}

/// 300: the records among which the caller must choose.
pub fn several(caller: &Caller, object: &ObjectSchema, ids: &[String]) -> Answer {
    Answer::json(300, ids.iter().map(|id| json!(caller.record_url(&object.name, id))).collect())
}
