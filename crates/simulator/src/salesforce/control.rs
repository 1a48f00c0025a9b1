//! `/_sim/…`: the strings behind the curtain, for tests and demonstrations. No login, JSON in and out.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::faults::Fault;
use super::org::commit_late_work;
use super::schema::{FieldKind, Row};
use super::state::{State, text};
use super::store::is_deleted;
use super::switches::{Access, App, CustomField, Switches};
use super::{control_people, derive, ids, objects, seed};
use crate::call::Call;
use crate::counters::Counters;
use crate::org_clock::{Clock, parse_datetime};

type Told = Result<Value, String>;

/// Answers one control request; a mistake is a 400 that says what was wrong.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().skip(1).map(String::as_str).collect();
    let body = if call.body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&call.body) };
    let body: Value = match body {
        Ok(body) => body,
        Err(error) => return Answer::json(400, json!({"error": format!("the body is not JSON: {error}")})),
    };
    let told = match (call.method.as_str(), path.as_slice()) {
        ("GET", []) => Ok(json!({"resources": RESOURCES})),
        ("GET", ["records"]) => records(state, call),
        ("POST", ["records"]) => seed_records(state, &body),
        ("DELETE", ["records"]) => purge(state, call),
        ("GET", ["counters"]) => Ok(state.counters.describe()),
        ("DELETE", ["counters"]) => {
            state.counters = Counters::default();
            Ok(json!({"done": true}))
        }
        ("GET", ["clock"]) => Ok(clock_now(state)),
        ("POST", ["clock"]) => set_clock(state, &body),
        ("POST", ["reset"]) => reset(state),
        ("GET", ["faults"]) => Ok(json!({"faults": state.faults.list()})),
        ("POST", ["faults"]) => add_faults(state, body),
        ("DELETE", ["faults"]) => {
            state.faults.remove(None);
            Ok(json!({"done": true}))
        }
        ("DELETE", ["faults", id]) => {
            state.faults.remove(id.parse().ok().or(Some(0)));
            Ok(json!({"done": true}))
        }
        ("GET", ["options"]) => Ok(json!(state.switches)),
        ("POST", ["options"]) => set_options(state, &body),
        ("POST", ["apps"]) => add_app(state, body),
        ("POST", ["fields"]) => add_field(state, body),
        ("GET", ["users"]) => Ok(json!({"users": state.store.rows("User").collect::<Vec<_>>()})),
        ("POST", ["users"]) => control_people::user(state, &body),
        ("POST", ["permissions"]) => permissions(state, body),
        ("POST", ["tokens"]) => Ok(tokens(state, &body)),
        ("POST", ["usage"]) => {
            let now = state.clock.seconds();
            if let Some(more) = body.get("more").and_then(Value::as_u64) {
                state.usage.count(now, more);
            } else {
                state.usage.set(now, body.get("used").and_then(Value::as_u64).unwrap_or(0));
            }
            Ok(json!({"used": state.usage.used(now)}))
        }
        ("POST", ["convert"]) => control_people::convert(state, &body),
        ("POST", ["merge"]) => control_people::merge(state, &body),
        ("POST", ["undelete"]) => control_people::undelete(state, &body),
        ("GET", ["requests"]) => {
            let last = call.parameter("last").and_then(|last| last.parse().ok()).unwrap_or(100);
            Ok(json!({"requests": state.counters.last(last)}))
        }
        _ => return Answer::json(404, json!({"error": "no such control", "resources": RESOURCES})),
    };
    match told {
        Ok(body) => Answer::ok(body),
        Err(error) => Answer::json(400, json!({"error": error})),
    }
}

const RESOURCES: &[&str] = &[
    "GET /_sim/records?object=Task&offset=0&limit=1000",
    "POST /_sim/records {object, records: [{field: value}]}",
    "DELETE /_sim/records?object=Task[&id=]",
    "GET /_sim/counters, DELETE /_sim/counters",
    "GET /_sim/requests?last=100",
    "GET /_sim/clock, POST /_sim/clock {now | advance_seconds | real}",
    "POST /_sim/reset",
    "GET /_sim/faults, POST /_sim/faults {kind, ...}, DELETE /_sim/faults[/id]",
    "GET /_sim/options, POST /_sim/options {switch: value}",
    "POST /_sim/apps {client_id, client_secret, redirect_uris, run_as}",
    "POST /_sim/fields {object, name, label, length, required, external_id}",
    "GET /_sim/users, POST /_sim/users {username | first_name, last_name, active}",
    "POST /_sim/permissions {user, api_disabled, no_create, hidden_fields, ...}",
    "POST /_sim/tokens {expire_sessions | revoke_all}",
    "POST /_sim/usage {used}",
    "POST /_sim/convert {lead, contact, account}",
    "POST /_sim/merge {winner, loser}",
    "POST /_sim/undelete {id}",
];

fn records(state: &State, call: &Call) -> Told {
    let object = object_name(state, call.parameter("object").unwrap_or_default())?;
    let number = |name: &str, usual: usize| {
        call.parameter(name)
            .map_or(Ok(usual), |text| text.parse().map_err(|_| format!("{name} is not a number")))
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", 1_000)?);
    let total = state.store.rows(&object).count();
    let page: Vec<&Row> = state.store.rows(&object).skip(offset).take(limit).collect();
    Ok(json!({"object": object, "total": total, "offset": offset, "records": page}))
}

fn seed_records(state: &mut State, body: &Value) -> Told {
    let object = object_name(state, body.get("object").and_then(Value::as_str).unwrap_or_default())?;
    let single = body.get("record").cloned().map(|record| vec![record]);
    let rows =
        body.get("records").and_then(Value::as_array).cloned().or(single).ok_or("records is missing")?;
    let schema = state.store.schema(&object).cloned().ok_or("no such object")?;
    let mut seeded = Vec::with_capacity(rows.len());
    for row in rows {
        let Value::Object(given) = row else { return Err("a record must be an object".to_owned()) };
        let mut fields = Map::new();
        for (name, value) in given {
            if name == "attributes" {
                continue;
            }
            let field = schema.field(&name).ok_or_else(|| format!("{object} has no field {name}"))?;
            fields.insert(field.name.clone(), stored(field.kind, value)?);
        }
        // A known id is an edit behind everybody's back: nothing but the given fields changes.
        let known =
            fields.get("Id").and_then(Value::as_str).and_then(|id| state.store.get(&object, id)).cloned();
        if let Some(mut row) = known {
            for (name, value) in fields {
                if value.is_null() { drop(row.remove(&name)) } else { drop(row.insert(name, value)) }
            }
            derive::refresh(state, &object, &mut row);
            seeded.push(text(&row, "Id").to_owned());
            state.store.put(&object, row);
        } else {
            seeded.push(seed::add(state, &object, Value::Object(fields)));
        }
    }
    Ok(json!({"ids": seeded}))
}

/// A seeded value in the form in which rows keep it; nothing else is checked.
fn stored(kind: FieldKind, value: Value) -> Told {
    match (kind, value.as_str()) {
        (FieldKind::Datetime, Some(text)) => parse_datetime(text)
            .map(|seconds| json!(crate::org_clock::stamp(seconds)))
            .ok_or_else(|| format!("not a datetime: {text}")),
        (FieldKind::Id | FieldKind::Reference, Some(text)) => {
            ids::canonical(text).map(Value::String).ok_or_else(|| format!("not an id: {text}"))
        }
        _ => Ok(value),
    }
}

fn purge(state: &mut State, call: &Call) -> Told {
    let object = object_name(state, call.parameter("object").unwrap_or_default())?;
    let one = call.parameter("id").and_then(ids::canonical);
    let gone: Vec<String> = state
        .store
        .rows(&object)
        .map(|row| text(row, "Id").to_owned())
        .filter(|id| one.as_ref().is_none_or(|one| one == id))
        .collect();
    for id in &gone {
        state.store.remove(&object, id);
    }
    Ok(json!({"removed": gone.len()}))
}

fn clock_now(state: &State) -> Value {
    json!({"now": state.clock.stamp(), "micros": state.clock.micros(), "clock": state.clock})
}

fn set_clock(state: &mut State, body: &Value) -> Told {
    if let Some(now) = body.get("now") {
        let micros = match now {
            Value::String(text) => parse_datetime(text).map(|seconds| seconds * 1_000_000),
            other => other.as_i64(),
        };
        let micros = micros.ok_or("now is neither a datetime nor microseconds since 1970")?;
        state.clock = Clock::Set { micros };
    } else if body.get("real") == Some(&json!(true)) {
        state.clock = Clock::Real { offset_micros: 0 };
    }
    if let Some(seconds) = body.get("advance_seconds").and_then(Value::as_f64) {
        state.clock = state.clock.advanced(seconds);
    }
    state.keep_clock();
    commit_late_work(state);
    Ok(clock_now(state))
}

/// Back to a fresh org: no records, no tokens, no faults; apps, fields and the clock stay. Ids and tokens go on
/// counting, so nothing of before means anything new.
fn reset(state: &mut State) -> Told {
    let keys: Vec<(String, String)> = state
        .store
        .schemas()
        .iter()
        .flat_map(|schema| {
            state.store.rows(&schema.name).map(|row| (schema.name.clone(), text(row, "Id").to_owned()))
        })
        .collect();
    for (object, id) in keys {
        state.store.remove(&object, &id);
    }
    state.store.commit();
    state.journal.clear().map_err(|error| error.to_string())?;
    let Switches { apps, fields, lengths, .. } = std::mem::take(&mut state.switches);
    state.switches = Switches { apps, fields, lengths, ..Switches::default() };
    state.tokens.forget(&mut state.journal);
    state.faults.remove(None);
    state.counters = Counters::default();
    state.usage = crate::usage::Usage::default();
    state.cursors = super::query::Cursors::default();
    state.late.clear();
    seed::fill(state);
    state.keep_switches();
    state.keep_clock();
    Ok(json!({"done": true}))
}

fn add_faults(state: &mut State, body: Value) -> Told {
    let list = if body.is_array() { body } else { json!([body]) };
    let faults: Vec<Fault> = serde_json::from_value(list).map_err(|error| error.to_string())?;
    let ids: Vec<u64> = faults.into_iter().map(|fault| state.faults.add(fault)).collect();
    Ok(json!({"ids": ids}))
}

fn set_options(state: &mut State, body: &Value) -> Told {
    let mut merged = json!(state.switches);
    let known = merged.as_object_mut().ok_or("switches are an object")?;
    for (name, value) in body.as_object().ok_or("options are an object")? {
        if !known.contains_key(name) {
            return Err(format!("no such option: {name}"));
        }
        known.insert(name.clone(), value.clone());
    }
    state.switches = serde_json::from_value(merged).map_err(|error| error.to_string())?;
    state.change_describe();
    state.keep_switches();
    Ok(json!(state.switches))
}

fn add_app(state: &mut State, body: Value) -> Told {
    let app: App = serde_json::from_value(body).map_err(|error| error.to_string())?;
    state.switches.apps.retain(|known| known.client_id != app.client_id);
    state.switches.apps.push(app);
    state.keep_switches();
    Ok(json!({"apps": state.switches.apps}))
}

/// Adds a custom text field, or changes the one of that name; of a standard field only the length can be changed.
fn add_field(state: &mut State, body: Value) -> Told {
    let field: CustomField = serde_json::from_value(body).map_err(|error| error.to_string())?;
    if !field.name.ends_with("__c") {
        return change_length(state, &field);
    }
    if !state.store.put_field(&field.object, objects::custom_field(&field)) {
        return Err(format!("no such object: {:?}", field.object));
    }
    let is_same = |known: &CustomField| known.object == field.object && known.name == field.name;
    state.switches.fields.retain(|known| !is_same(known));
    state.switches.fields.push(field);
    state.change_describe();
    state.keep_switches();
    Ok(json!({"fields": state.switches.fields}))
}

fn change_length(state: &mut State, field: &CustomField) -> Told {
    if !state.store.put_length(&field.object, &field.name, field.length) {
        return Err("the name of a custom field ends in __c, and there is no such standard field".to_owned());
    }
    state.switches.lengths.insert(format!("{}.{}", field.object, field.name), field.length);
    state.change_describe();
    state.keep_switches();
    Ok(json!({"lengths": state.switches.lengths}))
}

/// Replaces what one user, or with `*` every user, may not do.
fn permissions(state: &mut State, mut body: Value) -> Told {
    let who = body.as_object_mut().and_then(|body| body.remove("user")).ok_or("user is missing")?;
    let access: Access = serde_json::from_value(body).map_err(|error| error.to_string())?;
    let users: Vec<String> = match who.as_str() {
        Some("*") => state.store.rows("User").map(|row| text(row, "Id").to_owned()).collect(),
        Some(name) => vec![control_people::find_user(state, name).ok_or("no such user")?],
        None => return Err("user is a username, an id or *".to_owned()),
    };
    for user in users {
        state.switches.users.insert(user, access.clone());
    }
    state.change_describe();
    state.keep_switches();
    Ok(json!({"users": state.switches.users}))
}

fn tokens(state: &mut State, body: &Value) -> Value {
    let asks = |name: &str| body.get(name) == Some(&json!(true));
    if asks("expire_sessions") || asks("revoke_all") {
        state.tokens.close_sessions(&mut state.journal);
    }
    if asks("revoke_all") {
        state.tokens.revoke_grants(&mut state.journal);
    }
    json!({"done": true})
}

fn object_name(state: &State, name: &str) -> Result<String, String> {
    state
        .store
        .schema(name)
        .map(|schema| schema.name.clone())
        .ok_or_else(|| format!("no such object: {name:?}"))
}

/// Whether a record exists and is not in the recycle bin.
pub fn is_live(state: &State, object: &str, id: &str) -> bool {
    state.store.get(object, id).is_some_and(|row| !is_deleted(row))
}
