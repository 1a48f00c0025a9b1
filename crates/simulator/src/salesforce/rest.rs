//! The map of the REST API: which resource a path names and which verbs it knows.

use http::Method;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, saved};
use super::records::{self, Saving};
use super::schema::ObjectSchema;
use super::state::{Caller, State, text};
use super::{collections, composite, describe, limits, query, replication, search, tree, upsert};
use crate::call::Call;
use crate::org_clock::{http_date, parse_datetime, parse_http_date};

/// Answers one request, or one part of a composite, that has passed the door.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Answer {
    let mark = state.store.mark();
    let path: Vec<&str> = call.segments.iter().skip(3).map(String::as_str).collect();
    let answer = route(state, caller, call, &path).unwrap_or_else(Refusal::into_answer);
    if answer.status >= 300 {
        state.store.roll_back(mark);
    }
    answer
}

fn route(state: &mut State, caller: &Caller, call: &Call, path: &[&str]) -> Outcome<Answer> {
    match path {
        [] => only(call, &[Method::GET]).map(|()| describe::resources(state, caller)),
        ["query"] | ["tooling", "query"] => query::select(state, caller, call, false),
        ["queryAll"] => query::select(state, caller, call, true),
        ["query" | "queryAll", locator] => query::page_at(state, caller, locator),
        ["search"] => search::search(state, caller, call),
        ["parameterizedSearch"] => search::parameterized(state, caller, call),
        ["limits"] => Ok(limits_answer(state)),
        ["limits", "recordCount"] => Ok(record_count(state, caller, call)),
        ["sobjects"] => only(call, &[Method::GET]).map(|()| describe::global(state, caller)),
        ["sobjects", object, rest @ ..] => {
            let object = records::object(state, caller, object)?;
            sobject(state, caller, call, &object, rest)
        }
        ["composite"] if call.method == Method::GET => Ok(composites(caller)),
        ["composite"] => only(call, &[Method::POST]).and_then(|()| composite::composite(state, caller, call)),
        ["composite", "batch"] => {
            only(call, &[Method::POST]).and_then(|()| composite::batch(state, caller, call))
        }
        ["composite", "graph"] => {
            only(call, &[Method::POST]).and_then(|()| composite::graph(state, caller, call))
        }
        ["composite", "tree", object] => {
            only(call, &[Method::POST]).and_then(|()| tree::create(state, caller, call, object))
        }
        ["composite", "sobjects"] => match call.method {
            Method::POST => collections::create(state, caller, call),
            Method::PATCH => collections::update(state, caller, call),
            Method::DELETE => collections::delete(state, caller, call),
            _ => Err(not_allowed(call, &[Method::DELETE, Method::PATCH, Method::POST])),
        },
        ["composite", "sobjects", object] => {
            only(call, &[Method::GET, Method::POST])?;
            collections::retrieve(state, caller, call, object)
        }
        ["composite", "sobjects", object, field] => {
            only(call, &[Method::PATCH])?;
            collections::upsert(state, caller, call, object, field)
        }
        ["recent"] => Ok(recent(state, caller, call)),
        ["tabs" | "quickActions"] => Ok(Answer::ok(json!([]))),
        ["theme"] => Ok(Answer::ok(json!({"themeItems": []}))),
        _ => Err(records::not_found()),
    }
}

/// Everything below `/sobjects/X`.
fn sobject(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    object: &ObjectSchema,
    path: &[&str],
) -> Outcome<Answer> {
    match path {
        [] => match call.method {
            Method::GET | Method::HEAD => Ok(basic_information(state, caller, object)),
            Method::POST => create(state, caller, call, object),
            _ => Err(not_allowed(call, &[Method::GET, Method::HEAD, Method::POST])),
        },
        ["describe"] => {
            only(call, &[Method::GET])?;
            Ok(describe::object(state, caller, object, call))
        }
        ["describe", "layouts", ..] => Ok(Answer::ok(json!({
            "layouts": [], "recordTypeMappings": [], "recordTypeSelectorRequired": [false],
        }))),
        ["quickActions"] => Ok(Answer::ok(json!([]))),
        ["updated"] => replication::updated(state, object, call),
        ["deleted"] => replication::deleted(state, object, call),
        [id] => row(state, caller, call, object, id),
        [name, value] => match upsert::key_field(object, name) {
            Ok(key) => {
                let key = key.clone();
                by_key(state, caller, call, object, &key, value)
            }
            Err(refusal) if super::ids::canonical(name).is_none() => Err(refusal),
            Err(_) => related(state, caller, call, object, name, value),
        },
        // A value with a slash that the client did not encode is another resource.
        _ => Err(records::not_found()),
    }
}

fn create(state: &mut State, caller: &Caller, call: &Call, object: &ObjectSchema) -> Outcome<Answer> {
    let body = fields(call)?;
    let id = records::create(state, caller, object, &body, Saving::of(call))?;
    Ok(Answer::json(201, saved(&id)).with("location", caller.record_url(&object.name, &id)))
}

/// `/sobjects/X/<id>`.
fn row(state: &mut State, caller: &Caller, call: &Call, object: &ObjectSchema, id: &str) -> Outcome<Answer> {
    match call.method {
        Method::GET | Method::HEAD => {
            let row = records::existing(state, object, id)?;
            let modified = modified(&row);
            if let (Some(at), Some(since)) =
                (modified, call.header("if-modified-since").and_then(parse_http_date))
                && at <= since
            {
                return Ok(Answer::empty(304));
            }
            let chosen: Option<Vec<String>> = call.parameter("fields").map(|list| {
                list.split(',').map(|name| name.trim().to_owned()).filter(|n| !n.is_empty()).collect()
            });
            let shown = Answer::ok(records::show(caller, object, &row, chosen.as_deref())?);
            Ok(match modified {
                Some(at) => shown.with("last-modified", http_date(at)),
                None => shown,
            })
        }
        Method::PATCH => {
            let body = fields(call)?;
            check_unmodified(state, call, object, id)?;
            records::update(state, caller, object, id, &body, Saving::of(call))?;
            Ok(Answer::empty(204))
        }
        Method::DELETE => {
            records::delete(state, caller, object, id)?;
            Ok(Answer::empty(204))
        }
        _ => Err(not_allowed(call, &[Method::DELETE, Method::GET, Method::HEAD, Method::PATCH])),
    }
}

/// `/sobjects/X/<Field>/<value>`.
fn by_key(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    object: &ObjectSchema,
    key: &super::schema::FieldSchema,
    value: &str,
) -> Outcome<Answer> {
    if call.method == Method::PATCH {
        let update_only =
            call.parameter("updateOnly").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let body = fields(call)?;
        return upsert::answer(state, caller, object, key, value, &body, (Saving::of(call), update_only));
    }
    only(call, &[Method::DELETE, Method::GET, Method::HEAD, Method::PATCH])?;
    match upsert::matching(state, object, key, value).as_slice() {
        [] => Err(records::not_found()),
        [id] => row(state, caller, call, object, id),
        several => Ok(upsert::several(caller, object, several)),
    }
}

/// `/sobjects/X/<id>/<relationship>`: the parent, or the list of children.
fn related(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    object: &ObjectSchema,
    id: &str,
    relationship: &str,
) -> Outcome<Answer> {
    only(call, &[Method::GET])?;
    let parent = records::existing(state, object, id)?;
    if let Some(field) = object.relationship(relationship) {
        let target = text(&parent, &field.name).to_owned();
        let kind = state
            .store
            .object_of_id(&target)
            .map(|schema| schema.name.clone())
            .ok_or_else(records::not_found)?;
        let kind = records::object(state, caller, &kind)?;
        return row(state, caller, call, &kind, &target);
    }
    let child = object.child(relationship).ok_or_else(records::not_found)?;
    let kind = records::object(state, caller, &child.child)?;
    let chosen: Vec<String> = match call.parameter("fields") {
        Some(list) => list.split(',').map(|name| name.trim().to_owned()).collect(),
        None => kind.fields.iter().map(|field| field.name.clone()).collect(),
    };
    let records = state
        .store
        .find(&child.child, &child.field, text(&parent, "Id"))
        .into_iter()
        .filter(|row| !super::store::is_deleted(row))
        .map(|row| records::show(caller, &kind, row, Some(&chosen)))
        .collect::<Outcome<Vec<Value>>>()?;
    Ok(Answer::ok(json!({"totalSize": records.len(), "done": true, "records": records})))
}

/// `If-Unmodified-Since`: 412 when somebody was here in between.
fn check_unmodified(state: &State, call: &Call, object: &ObjectSchema, id: &str) -> Outcome<()> {
    let Some(since) = call.header("if-unmodified-since").and_then(parse_http_date) else { return Ok(()) };
    let row = records::existing(state, object, id)?;
    if modified(&row).is_some_and(|at| at > since) {
        return Err(Problem::new(
            412,
            "PRECONDITION_FAILED",
            "The precondition given in the If-Unmodified-Since header was not met",
        )
        .into());
    }
    Ok(())
}

fn modified(row: &super::schema::Row) -> Option<i64> {
    parse_datetime(text(row, "LastModifiedDate"))
}

fn fields(call: &Call) -> Outcome<Map<String, Value>> {
    match super::call::json(call)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Problem::bad("JSON_PARSER_ERROR", "The request body must be a JSON object").into()),
    }
}

fn basic_information(state: &State, caller: &Caller, object: &ObjectSchema) -> Answer {
    let recent: Vec<Value> = state
        .store
        .rows(&object.name)
        .filter(|row| !super::store::is_deleted(row))
        .take(5)
        .map(|row| headline(caller, object, row))
        .collect();
    Answer::ok(json!({"objectDescribe": describe::flags(caller, object), "recentItems": recent}))
}

fn recent(state: &State, caller: &Caller, call: &Call) -> Answer {
    let limit = call.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(200);
    let mut items = Vec::new();
    for name in ["Contact", "Lead", "Account"] {
        let Some(object) = state.schema(caller, name) else { continue };
        let rows = state.store.rows(name).filter(|row| !super::store::is_deleted(row));
        items.extend(rows.take(limit).map(|row| headline(caller, &object, row)));
    }
    items.truncate(limit);
    Answer::ok(Value::Array(items))
}

fn headline(caller: &Caller, object: &ObjectSchema, row: &super::schema::Row) -> Value {
    let name = object.name_field().map_or("Id", |field| field.name.as_str());
    let id = text(row, "Id");
    let mut item =
        json!({"attributes": {"type": object.name, "url": caller.record_url(&object.name, id)}, "Id": id});
    item[name] = row.get(name).cloned().unwrap_or_default();
    item
}

fn limits_answer(state: &mut State) -> Answer {
    let used = state.usage.used(state.clock.seconds());
    Answer::ok(limits::describe(used, state.switches.daily_limit))
}

fn record_count(state: &State, caller: &Caller, call: &Call) -> Answer {
    let asked: Option<Vec<&str>> =
        call.parameter("sObjects").map(|list| list.split(',').map(str::trim).collect());
    let counts: Vec<Value> = state
        .store
        .schemas()
        .iter()
        .filter(|schema| {
            asked
                .as_ref()
                .is_none_or(|asked| asked.iter().any(|name| name.eq_ignore_ascii_case(&schema.name)))
        })
        .filter(|schema| state.schema(caller, &schema.name).is_some())
        .map(|schema| json!({"count": state.store.count(&schema.name), "name": schema.name}))
        .collect();
    Answer::ok(json!({"sObjects": counts}))
}

fn composites(caller: &Caller) -> Answer {
    let path = format!("{}/composite", caller.data_path());
    Answer::ok(json!({
        "tree": format!("{path}/tree"),
        "batch": format!("{path}/batch"),
        "sobjects": format!("{path}/sobjects"),
        "graph": format!("{path}/graph"),
    }))
}

fn only(call: &Call, allowed: &[Method]) -> Outcome<()> {
    let head_as_get = call.method == Method::HEAD && allowed.contains(&Method::GET);
    if allowed.contains(&call.method) || head_as_get { Ok(()) } else { Err(not_allowed(call, allowed)) }
}

fn not_allowed(call: &Call, allowed: &[Method]) -> Refusal {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    Problem::new(
        405,
        "METHOD_NOT_ALLOWED",
        format!("HTTP Method '{}' not allowed. Allowed are {}", call.method, names.join(",")),
    )
    .into()
}
