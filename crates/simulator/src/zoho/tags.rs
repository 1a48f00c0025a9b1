//! Tags: the list of a module, and which records bear them. Unknown names are made on the fly.

use http::Method;
use serde_json::{Value, json};

use super::people::named;
use super::problem::{Outcome, Problem, wrong_verb};
use super::rest::{body, elements};
use super::rights::{self, Right};
use super::schema::{Module, Row};
use super::state::{Caller, State, seconds, text};
use super::validate::Place;
use super::{batch, ids, settings, write};
use crate::answer::Answer;
use crate::call::Call;

const LONGEST: usize = 25;
const MOST_OF_MODULE: usize = 100;
const MOST_OF_RECORD: usize = 10;
const MOST_RECORDS: usize = 500;

/// `GET` and `POST /settings/tags`.
pub fn settings(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let module = settings::asked_module(state, caller, call)?.api_name;
    match call.method {
        Method::GET => Ok(list(state, caller, &module)),
        Method::POST => {
            let wanted = elements(&body(call)?, "tags", MOST_OF_MODULE)?;
            let results = wanted.iter().enumerate().map(|(number, tag)| {
                let about = json!({"api_name": "name", "json_path": format!("$.tags[{number}].name")});
                let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
                if find(state, &module, name).is_some() {
                    return Err(Problem::bad("DUPLICATE_DATA", "tag name already exists", about));
                }
                let id = make(state, &caller.user, &module, name, tag.get("color_code"), about)?;
                Ok(json!({"code": "SUCCESS", "details": {"id": id,
                    "created_time": State::stamp(caller, state.clock.seconds()),
                    "modified_time": State::stamp(caller, state.clock.seconds()),
                    "created_by": named(state, &caller.user, false),
                    "modified_by": named(state, &caller.user, false)},
                    "message": "tags created successfully", "status": "success"}))
            });
            let results = results.collect();
            Ok(batch::answer(state, "tags", 201, results))
        }
        _ => Err(wrong_verb()),
    }
}

/// `POST /{module}[/{id}]/actions/add_tags` and `remove_tags`.
pub fn change(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    module: &Module,
    id: Option<&str>,
    verb: &str,
) -> Outcome<Answer> {
    rights::check(module, Right::Edit)?;
    let body = body(call)?;
    let tags = Value::Array(elements(&body, "tags", MOST_OF_RECORD)?);
    let wanted = match id {
        Some(id) => vec![json!(id)],
        None => elements(&body, "ids", MOST_RECORDS)?,
    };
    let names = stored(state, &module.api_name, &tags, Place::of(caller, 0))?;
    let names: Vec<Value> = names.as_array().cloned().unwrap_or_default();
    let replaces = body.get("over_write") == Some(&json!(true));
    let results = wanted.iter().map(|id| {
        let id = ids::read(id).unwrap_or_default();
        let before = state.store.live(&module.api_name, &id).cloned();
        let before = before.ok_or_else(|| {
            Problem::bad("INVALID_DATA", "the id given seems to be invalid", json!({"id": id}))
        })?;
        let mut own = before.get("Tag").and_then(Value::as_array).cloned().unwrap_or_default();
        if verb == "remove_tags" {
            own.retain(|name| !names.contains(name));
        } else {
            if replaces {
                own.clear();
            }
            own.extend(names.iter().filter(|name| !own.contains(name)).cloned().collect::<Vec<_>>());
        }
        if own.len() > MOST_OF_RECORD {
            let details = json!({"id": id, "limit": MOST_OF_RECORD});
            return Err(Problem::bad("LIMIT_EXCEEDED", "the limit of tags is exceeded", details));
        }
        let mut row = before.clone();
        row.insert("Tag".to_owned(), json!(own));
        write::keep_changed(state, caller, module, row, &before);
        let message = if verb == "remove_tags" { "tags removed successfully" } else { "tags updated successfully" };
        Ok(json!({"code": "SUCCESS", "details": {"id": id, "tags": own}, "message": message, "status": "success"}))
    });
    let results = results.collect();
    Ok(batch::answer(state, "data", 200, results))
}

/// The names that a record keeps for these tags; unknown ones are made.
pub fn stored(state: &mut State, module: &str, given: &Value, place: Place) -> Outcome<Value> {
    let about = || place.about("Tag");
    if given.is_null() {
        return Ok(Value::Null);
    }
    let list = given.as_array().ok_or_else(|| Problem::bad("INVALID_DATA", "invalid data", about()))?;
    if list.len() > MOST_OF_RECORD {
        return Err(Problem::bad("LIMIT_EXCEEDED", "the limit of tags is exceeded", about()));
    }
    let mut names = Vec::new();
    for tag in list {
        let by_id = tag.get("id").and_then(ids::read).and_then(|id| state.store.get("Tags", &id));
        let name = tag.get("name").or(Some(tag)).and_then(Value::as_str).map(str::to_owned);
        let name = name.or_else(|| by_id.map(|row| text(row, "name").to_owned()));
        let name = name.ok_or_else(|| Problem::bad("INVALID_DATA", "invalid data", about()))?;
        if find(state, module, &name).is_none() {
            make(state, "", module, &name, tag.get("color_code"), about())?;
        }
        names.push(json!(name));
    }
    Ok(json!(names))
}

/// The tag of that name in a module.
pub fn find<'a>(state: &'a State, module: &str, name: &str) -> Option<&'a Row> {
    state.store.find("Tags", "module", module).into_iter().find(|tag| text(tag, "name") == name)
}

fn make(
    state: &mut State,
    user: &str,
    module: &str,
    name: &str,
    color: Option<&Value>,
    mut about: Value,
) -> Outcome<String> {
    let is_named = !name.is_empty() && !name.contains(['<', '>', ',']);
    if !is_named || name.chars().count() > LONGEST {
        about["maximum_length"] = json!(LONGEST);
        return Err(Problem::bad("INVALID_DATA", "invalid data", about));
    }
    if state.store.find("Tags", "module", module).len() >= MOST_OF_MODULE {
        return Err(Problem::bad("LIMIT_EXCEEDED", "the limit of tags is exceeded", about));
    }
    let id = state.store.new_id();
    let now = state.clock.seconds();
    let mut row = Row::new();
    for (field, value) in [
        ("id", json!(id)),
        ("module", json!(module)),
        ("name", json!(name)),
        ("color_code", color.cloned().unwrap_or_default()),
        ("time", json!(now)),
        ("user", json!(user)),
    ] {
        row.insert(field.to_owned(), value);
    }
    state.store.put("Tags", row);
    Ok(id)
}

fn list(state: &State, caller: &Caller, module: &str) -> Answer {
    let tags: Vec<Value> = state
        .store
        .find("Tags", "module", module)
        .into_iter()
        .map(|tag| {
            let at = State::stamp(caller, seconds(tag, "time"));
            let by = named(state, text(tag, "user"), false);
            json!({"id": text(tag, "id"), "name": text(tag, "name"), "color_code": tag.get("color_code"),
                "created_time": at, "modified_time": at, "created_by": by, "modified_by": by})
        })
        .collect();
    if tags.is_empty() {
        return Answer::empty(204);
    }
    let info = json!({"count": tags.len(), "allowed_count": MOST_OF_MODULE});
    Answer::ok(json!({"tags": tags, "info": info}))
}
