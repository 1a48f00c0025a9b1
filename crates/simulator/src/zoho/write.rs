//! Insert, update and upsert: each element by itself, good ones stay.

use serde_json::{Map, Value, json};

use super::people::named;
use super::problem::{Outcome, Problem};
use super::rest::{body, elements};
use super::rights::{self, Right};
use super::schema::{Module, Row};
use super::state::{Caller, State, seconds, text};
use super::validate::{self, Place};
use super::{batch, ids, times, watch};
use crate::answer::Answer;
use crate::call::Call;

/// Elements of one batch.
pub const MOST: usize = 100;

/// `POST /{module}`.
pub fn insert(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    rights::check(module, Right::Create)?;
    let body = body(call)?;
    let given = elements(&body, "data", MOST)?;
    let results = each(state, &given, |state, element, number| {
        create(state, caller, module, element, Place::of(caller, number))
            .map(|id| added(state, caller, module, &id, "record added"))
    });
    run_automation(state, &body, &results);
    Ok(batch::answer(state, "data", 201, results))
}

/// `PUT /{module}` and `PUT /{module}/{id}`.
pub fn update(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    module: &Module,
    id: Option<&str>,
) -> Outcome<Answer> {
    rights::check(module, Right::Edit)?;
    let body = body(call)?;
    let given = elements(&body, "data", if id.is_some() { 1 } else { MOST })?;
    let unmodified = unmodified_since(call);
    let results = each(state, &given, |state, element, number| {
        let place = Place::of(caller, number);
        let id = id.map(str::to_owned).or_else(|| element.get("id").and_then(ids::read));
        let id = id.ok_or_else(|| {
            Problem::bad("MANDATORY_NOT_FOUND", "required field not found", place.about("id"))
        })?;
        change(state, caller, module, &id, element, place, unmodified)?;
        Ok(added(state, caller, module, &id, "record updated"))
    });
    run_automation(state, &body, &results);
    Ok(batch::answer(state, "data", 200, results))
}

/// `POST /{module}/upsert`.
pub fn upsert(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    rights::check(module, Right::Create)?;
    rights::check(module, Right::Edit)?;
    let body = body(call)?;
    let given = elements(&body, "data", MOST)?;
    let check_fields = check_fields(module, &body)?;
    let unmodified = unmodified_since(call);
    let results = each(state, &given, |state, element, number| {
        let place = Place::of(caller, number);
        let known = same_record(state, module, element, &check_fields);
        let (id, action, message) = if let Some((id, _)) = &known {
            change(state, caller, module, id, element, place, unmodified)?;
            (id.clone(), "update", "record updated")
        } else {
            (create(state, caller, module, element, place)?, "insert", "record added")
        };
        let mut result = added(state, caller, module, &id, message);
        result["action"] = json!(action);
        result["duplicate_field"] = json!(known.map(|(_, field)| field));
        Ok(result)
    });
    run_automation(state, &body, &results);
    Ok(batch::answer(state, "data", 200, results))
}

/// Counts what a write sets off: every kind of automation unless `trigger` says which.
fn run_automation(state: &mut State, body: &Map<String, Value>, results: &[Outcome<Value>]) {
    const ALL: &[&str] = &["workflow", "approval", "blueprint", "pathfinder", "orchestration"];
    let asked = body.get("trigger").and_then(Value::as_array);
    let kinds: Vec<&str> = match asked {
        Some(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        None => ALL.to_vec(),
    };
    let saved = results.iter().filter(|result| result.is_ok()).count() as u64;
    for kind in kinds {
        *state.automation.entry(kind.to_owned()).or_default() += saved;
    }
}

/// Works on one element after the other; a scripted fault may fail some.
pub fn each(
    state: &mut State,
    given: &[Value],
    mut work: impl FnMut(&mut State, &Map<String, Value>, usize) -> Outcome<Value>,
) -> Vec<Outcome<Value>> {
    let mut results = Vec::with_capacity(given.len());
    for (number, element) in given.iter().enumerate() {
        if let Some(problem) = state.next_row_trouble() {
            results.push(Err(problem));
            continue;
        }
        let mark = state.store.mark();
        let result = match element {
            Value::Object(element) => work(state, element, number),
            _ => Err(super::problem::invalid_body("jsonobject")),
        };
        if result.is_err() {
            state.store.roll_back(mark);
        }
        results.push(result);
    }
    results
}

/// Creates a record and says its id.
pub fn create(
    state: &mut State,
    caller: &Caller,
    module: &Module,
    element: &Map<String, Value>,
    place: Place,
) -> Outcome<String> {
    let mut row = validate::check(state, module, None, element, place)?;
    row.retain(|_, value| !value.is_null());
    validate::no_collisions(state, module, &row, place)?;
    Ok(keep_new(state, caller, module, row))
}

/// Keeps a new record, with what it gets by itself.
pub fn keep_new(state: &mut State, caller: &Caller, module: &Module, mut row: Row) -> String {
    let (id, now) = (state.store.new_id(), state.clock.seconds());
    row.insert("id".to_owned(), json!(id));
    row.entry("Owner".to_owned()).or_insert_with(|| json!(caller.user));
    for (name, value) in [
        ("Created_By", json!(caller.user)),
        ("Modified_By", json!(caller.user)),
        ("Created_Time", json!(now)),
        ("Modified_Time", json!(now)),
    ] {
        row.insert(name.to_owned(), value);
    }
    complete(&mut row);
    watch::notice(state, module, "insert", &row, None);
    state.store.put(&module.api_name, row);
    id
}

/// Changes a record.
pub fn change(
    state: &mut State,
    caller: &Caller,
    module: &Module,
    id: &str,
    element: &Map<String, Value>,
    place: Place,
    unmodified_since: Option<i64>,
) -> Outcome<()> {
    let known = state.store.live(&module.api_name, id).cloned();
    let before = known
        .ok_or_else(|| Problem::bad("INVALID_DATA", "the id given seems to be invalid", place.about("id")))?;
    if unmodified_since.is_some_and(|since| seconds(&before, "Modified_Time") > since) {
        let mut problem = Problem::new(412, "ALREADY_MODIFIED", "the record is already modified");
        problem.details = json!({"id": id});
        return Err(problem);
    }
    if before.get("Converted__s") == Some(&json!(true)) {
        let message = "can't update the converted record";
        return Err(Problem::bad("INVALID_DATA", message, json!({})));
    }
    let changes = validate::check(state, module, Some(&before), element, place)?;
    let mut row = before.clone();
    let appends = element.get("$append_values");
    for (name, value) in changes {
        let is_appended = appends.and_then(|names| names.get(&name)) == Some(&json!(true));
        let value = match (is_appended, row.get(&name), &value) {
            (true, Some(Value::Array(old)), Value::Array(new)) => {
                json!(old.iter().chain(new).collect::<Vec<_>>())
            }
            _ => value,
        };
        if value.is_null() { drop(row.remove(&name)) } else { drop(row.insert(name, value)) }
    }
    validate::no_collisions(state, module, &row, place)?;
    keep_changed(state, caller, module, row, &before);
    Ok(())
}

/// Keeps a changed record, with what follows from the change.
pub fn keep_changed(state: &mut State, caller: &Caller, module: &Module, mut row: Row, before: &Row) {
    row.insert("Modified_By".to_owned(), json!(caller.user));
    row.insert("Modified_Time".to_owned(), json!(state.clock.seconds()));
    complete(&mut row);
    watch::notice(state, module, "update", &row, Some(before));
    state.store.put(&module.api_name, row);
}

/// The whole name follows its parts.
pub fn complete(row: &mut Row) {
    if row.contains_key("Last_Name") {
        let whole = format!("{} {}", text(row, "First_Name"), text(row, "Last_Name"));
        row.insert("Full_Name".to_owned(), json!(whole.trim()));
    }
}

/// The result of one element that was saved.
pub fn added(state: &State, caller: &Caller, module: &Module, id: &str, message: &str) -> Value {
    let row = state.store.get(&module.api_name, id).cloned().unwrap_or_default();
    let at = |name: &str| json!(State::stamp(caller, seconds(&row, name)));
    let by = |name: &str| named(state, text(&row, name), false);
    let mut details = json!({"Modified_Time": at("Modified_Time"), "Modified_By": by("Modified_By"),
        "Created_Time": at("Created_Time"), "id": id, "Created_By": by("Created_By")});
    if module.is_entity() {
        details["$approval_state"] = json!("approved");
    }
    json!({"code": "SUCCESS", "details": details, "message": message, "status": "success"})
}

fn unmodified_since(call: &Call) -> Option<i64> {
    call.header("if-unmodified-since").and_then(times::parse_datetime)
}

/// The fields that an upsert compares, in order: those given, then the other unique ones. The system's own field
/// takes part only when it is named, or when nothing is.
fn check_fields(module: &Module, body: &Map<String, Value>) -> Outcome<Vec<String>> {
    let unique = || module.fields.iter().filter(|field| field.unique).map(|field| field.api_name.clone());
    let Some(given) = body.get("duplicate_check_fields") else {
        return Ok(module.check_field.iter().cloned().chain(unique()).collect());
    };
    let given = given.as_array().ok_or_else(|| {
        let about = json!({"api_name": "duplicate_check_fields", "expected_data_type": "jsonarray"});
        Problem::bad("INVALID_DATA", "invalid data", about)
    })?;
    // Nothing but these can be compared; whatever else is named is passed over in silence.
    let mut fields: Vec<String> = given
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| {
            module.check_field.as_deref() == Some(name)
                || module.field(name).is_some_and(|field| field.unique)
        })
        .map(str::to_owned)
        .collect();
    for name in unique() {
        if !fields.contains(&name) {
            fields.push(name);
        }
    }
    Ok(fields)
}

/// The record that has, exactly, what an element has in one of these fields, and which field that is.
fn same_record(
    state: &State,
    module: &Module,
    element: &Map<String, Value>,
    fields: &[String],
) -> Option<(String, String)> {
    fields.iter().find_map(|field| {
        let value = element.get(field)?.as_str().filter(|value| !value.is_empty())?;
        let rows = state.store.find(&module.api_name, field, value);
        let row = rows.into_iter().find(|row| text(row, field) == value)?;
        Some((text(row, "id").to_owned(), field.clone()))
    })
}
