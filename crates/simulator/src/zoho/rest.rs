//! The REST API: which resource a path means.

use http::Method;
use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem, invalid_body, no_such_path, wrong_verb};
use super::state::{Caller, State};
use super::{
    attachments, composite, convert, coql, delete, fields, lists, notes, owner, people, search, settings,
    tags, watch, write,
};
use crate::answer::Answer;
use crate::call::Call;

/// Answers a request that was let in. What is literal in a path wins over the names of modules.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let path: Vec<&str> = call.segments.iter().skip(2).map(String::as_str).collect();
    match path.as_slice() {
        ["org"] => only(&Method::GET, call, || Ok(people::org(state, caller))),
        ["users"] => only(&Method::GET, call, || people::users(state, caller, call)),
        ["users", id] => only(&Method::GET, call, || people::user(state, caller, id)),
        ["settings", rest @ ..] => of_settings(state, caller, call, rest),
        ["coql"] => only(&Method::POST, call, || coql::answer(state, caller, call)),
        ["actions", "watch"] => watch::answer(state, caller, call),
        ["__composite_requests"] => only(&Method::POST, call, || composite::answer(state, caller, call)),
        ["Notes"] => notes::answer(state, caller, call, None, None),
        ["Notes", id] if is_id(id) => notes::answer(state, caller, call, None, Some(id)),
        [module, id, "Notes"] => notes::answer(state, caller, call, Some((module, id)), None),
        [module, id, "Notes", note] => notes::answer(state, caller, call, Some((module, id)), Some(note)),
        [module, id, "Attachments"] => attachments::answer(state, caller, call, (module, id), None),
        [module, id, "Attachments", attachment] => {
            attachments::answer(state, caller, call, (module, id), Some(attachment))
        }
        [module, rest @ ..] => of_module(state, caller, call, module, rest),
        [] => Err(no_such_path()),
    }
}

fn of_settings(state: &mut State, caller: &Caller, call: &Call, path: &[&str]) -> Outcome<Answer> {
    match path {
        ["modules"] => only(&Method::GET, call, || Ok(settings::modules(state, caller, call))),
        ["modules", name] => only(&Method::GET, call, || settings::module(state, caller, name)),
        ["fields"] => match call.method {
            Method::GET => fields::list(state, caller, call),
            Method::POST => fields::create(state, caller, call),
            Method::PATCH => fields::update(state, caller, call, None),
            _ => Err(wrong_verb()),
        },
        ["fields", id] => match call.method {
            Method::GET => fields::one(state, caller, call, id),
            Method::PATCH => fields::update(state, caller, call, Some(id)),
            Method::DELETE => fields::delete(state, caller, call, id),
            _ => Err(wrong_verb()),
        },
        ["fields", id, "pick_list_values"] => {
            only(&Method::GET, call, || fields::pick_list_values(state, caller, call, id))
        }
        ["global_picklists", id] => match call.method {
            Method::GET => fields::global_picklist(state, id),
            Method::PATCH => fields::update_global_picklist(state, caller, call, id),
            _ => Err(wrong_verb()),
        },
        ["layouts"] => only(&Method::GET, call, || settings::layouts(state, caller, call, None)),
        ["layouts", id] => only(&Method::GET, call, || settings::layouts(state, caller, call, Some(id))),
        ["related_lists"] => only(&Method::GET, call, || settings::related_lists(state, caller, call)),
        ["tags"] => tags::settings(state, caller, call),
        ["profiles"] => only(&Method::GET, call, || Ok(people::profiles(state, "profiles", "Profiles"))),
        ["roles"] => only(&Method::GET, call, || Ok(people::profiles(state, "roles", "Roles"))),
        _ => Err(no_such_path()),
    }
}

fn of_module(state: &mut State, caller: &Caller, call: &Call, name: &str, path: &[&str]) -> Outcome<Answer> {
    let module = state.usable(caller, name)?;
    match path {
        [] => match call.method {
            Method::GET => lists::list(state, caller, call, &module),
            Method::POST => write::insert(state, caller, call, &module),
            Method::PUT => write::update(state, caller, call, &module, None),
            Method::DELETE => delete::several(state, caller, call, &module),
            _ => Err(wrong_verb()),
        },
        ["upsert"] => only(&Method::POST, call, || write::upsert(state, caller, call, &module)),
        ["search"] => only(&Method::GET, call, || search::answer(state, caller, call, &module)),
        ["deleted"] => only(&Method::GET, call, || delete::list(state, caller, call, &module)),
        ["actions", "count"] => only(&Method::GET, call, || search::count(state, caller, call, &module)),
        ["actions", "change_owner"] => {
            only(&Method::POST, call, || owner::change(state, caller, call, &module, None))
        }
        ["actions", verb @ ("add_tags" | "remove_tags")] => {
            only(&Method::POST, call, || tags::change(state, caller, call, &module, None, verb))
        }
        [id] => match call.method {
            Method::GET => lists::one(state, caller, call, &module, id),
            Method::PUT => write::update(state, caller, call, &module, Some(id)),
            Method::DELETE => delete::one(state, caller, call, &module, id),
            _ => Err(wrong_verb()),
        },
        [id, "actions", "change_owner"] => {
            only(&Method::POST, call, || owner::change(state, caller, call, &module, Some(id)))
        }
        [id, "actions", verb @ ("add_tags" | "remove_tags")] => {
            only(&Method::POST, call, || tags::change(state, caller, call, &module, Some(id), verb))
        }
        [id, "actions", "convert"] if name == "Leads" => {
            only(&Method::POST, call, || convert::answer(state, caller, call, id))
        }
        [id, related] => {
            only(&Method::GET, call, || lists::related(state, caller, call, &module, id, related))
        }
        _ => Err(no_such_path()),
    }
}

fn only(verb: &Method, call: &Call, work: impl FnOnce() -> Outcome<Answer>) -> Outcome<Answer> {
    if call.method == *verb { work() } else { Err(wrong_verb()) }
}

fn is_id(text: &str) -> bool {
    super::ids::parse(text).is_some()
}

/// The body as an object, whatever media type it was sent with.
pub fn body(call: &Call) -> Outcome<Map<String, Value>> {
    let body = call.json.clone().or_else(|| serde_json::from_slice(&call.body).ok());
    match body {
        Some(Value::Object(body)) => Ok(body),
        _ => Err(invalid_body("jsonobject")),
    }
}

/// The list of that name inside a body, no longer than it may be.
pub fn elements(body: &Map<String, Value>, name: &str, most: usize) -> Outcome<Vec<Value>> {
    let about = json!({"api_name": name, "json_path": format!("$.{name}")});
    let list = body
        .get(name)
        .ok_or_else(|| Problem::bad("MANDATORY_NOT_FOUND", "required field not found", about.clone()))?;
    let mut wrong = about;
    let Some(list) = list.as_array().filter(|list| !list.is_empty()) else {
        wrong["expected_data_type"] = json!("jsonarray");
        return Err(Problem::bad("INVALID_DATA", "invalid data", wrong));
    };
    if list.len() > most {
        wrong["maximum_length"] = json!(most);
        return Err(Problem::bad("INVALID_DATA", "invalid data", wrong));
    }
    Ok(list.clone())
}
