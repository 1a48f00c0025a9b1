//! `/_sim/…`: the strings behind the curtain, for tests and demonstrations. No login, JSON in and out.

use serde_json::{Value, json};

use super::faults::{Fault, is_sound};
use super::org::commit_late_work;
use super::state::State;
use super::switches::{Access, App, Switches};
use super::{control_people, control_records, control_shapes, modules, seed};
use crate::answer::Answer;
use crate::call::Call;
use crate::counters::Counters;
use crate::org_clock::{Clock, parse_datetime};
use crate::usage::Usage;

/// What a control request gives back: its answer, or what was wrong with it.
pub type Told = Result<Value, String>;

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
        ("GET", ["records"]) => control_records::list(state, call),
        ("POST", ["records"]) => control_records::seed(state, &body),
        ("DELETE", ["records"]) => control_records::purge(state, call),
        ("GET", ["digest"]) => Ok(control_records::digest(state)),
        ("GET", ["counters"]) => Ok(counters(state)),
        ("DELETE", ["counters"]) => {
            state.counters = Counters::default();
            state.automation.clear();
            Ok(json!({"done": true}))
        }
        ("GET", ["requests"]) => {
            let last = call.parameter("last").and_then(|last| last.parse().ok()).unwrap_or(100);
            Ok(json!({"requests": state.counters.last(last)}))
        }
        ("GET", ["notices"]) => Ok(json!({"notices": state.notices})),
        ("DELETE", ["notices"]) => {
            state.notices.clear();
            Ok(json!({"done": true}))
        }
        ("GET", ["clock"]) => Ok(clock_now(state)),
        ("POST", ["clock"]) => set_clock(state, &body),
        ("POST", ["reset"]) => reset(state, &body),
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
        ("POST", ["modules"]) => control_shapes::module(state, &body),
        ("DELETE", ["modules"]) => control_shapes::remove_module(state, call),
        ("POST", ["fields"]) => control_shapes::field(state, &body),
        ("DELETE", ["fields"]) => control_shapes::remove_field(state, call),
        ("GET", ["users"]) => Ok(json!({"users": state.store.rows("Users").collect::<Vec<_>>()})),
        ("POST", ["users"]) => control_people::user(state, &body),
        ("POST", ["permissions"]) => permissions(state, body),
        ("POST", ["grant"]) => control_people::grant(state, &body),
        ("POST", ["tokens"]) => Ok(tokens(state, &body)),
        ("POST", ["usage"]) => Ok(usage(state, &body)),
        ("POST", ["convert"]) => control_people::convert(state, &body),
        ("POST", ["merge"]) => control_people::merge(state, &body),
        ("POST", ["delete"]) => control_people::delete(state, &body),
        ("POST", ["undelete"]) => control_people::undelete(state, &body),
        _ => return Answer::json(404, json!({"error": "no such control", "resources": RESOURCES})),
    };
    match told {
        Ok(body) => Answer::ok(body),
        Err(error) => Answer::json(400, json!({"error": error})),
    }
}

const RESOURCES: &[&str] = &[
    "GET /_sim/records?module=Notes&offset=0&limit=1000",
    "POST /_sim/records {module, records: [{field: value}]}",
    "DELETE /_sim/records?module=Notes[&id=]",
    "GET /_sim/digest",
    "GET /_sim/counters, DELETE /_sim/counters",
    "GET /_sim/requests?last=100",
    "GET /_sim/notices, DELETE /_sim/notices",
    "GET /_sim/clock, POST /_sim/clock {now | advance_seconds | real}",
    "POST /_sim/reset {metadata}",
    "GET /_sim/faults, POST /_sim/faults {kind, ...}, DELETE /_sim/faults[/id]",
    "GET /_sim/options, POST /_sim/options {switch: value}",
    "POST /_sim/apps {client_id, client_secret, redirect_uris, home, single_centre, secrets}",
    "POST /_sim/modules {api_name, singular, plural, status, creatable, editable, viewable, deletable}",
    "DELETE /_sim/modules?api_name=Partners",
    "POST /_sim/fields {module, name, label, data_type, length, unique, required, choices, ...}",
    "DELETE /_sim/fields?module=Contacts&name=Mobile",
    "GET /_sim/users, POST /_sim/users {email | first_name, last_name, status, confirm, time_zone, is_admin}",
    "POST /_sim/permissions {user, api_disabled, no_customize, no_create, hidden_fields, ...}",
    "POST /_sim/grant {user, scope, client_id}",
    "POST /_sim/tokens {expire_sessions | revoke_all}",
    "POST /_sim/usage {used | more}",
    "POST /_sim/convert {lead, contact, account}",
    "POST /_sim/merge {winner, loser}",
    "POST /_sim/delete {id}",
    "POST /_sim/undelete {id}",
];

fn counters(state: &mut State) -> Value {
    let mut told = state.counters.describe();
    let now = state.clock.seconds();
    told["credits_used"] = json!(state.usage.used(now));
    told["automation"] = json!(state.automation);
    told["credits_daily"] = json!(state.daily_credits());
    told
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

/// Back to a fresh org: no records, no tokens, no faults; apps, data centre, clock and, unless `metadata` is asked
/// for, modules and fields stay. Ids and tokens go on counting, so nothing of before means anything new.
fn reset(state: &mut State, body: &Value) -> Told {
    state.store.clear();
    state.store.commit();
    state.journal.clear().map_err(|error| error.to_string())?;
    let Switches { apps, centre, vendor_hosts, .. } = std::mem::take(&mut state.switches);
    state.switches = Switches { centre, vendor_hosts, apps, ..Switches::default() };
    if body.get("metadata") == Some(&json!(true)) {
        state.modules = modules::all(state.ids);
    }
    for module in &state.modules {
        state.store.shape(module);
    }
    state.journal.note("modules", &json!(state.modules));
    state.tokens.forget(&mut state.journal);
    state.faults.remove(None);
    state.counters = Counters::default();
    state.automation.clear();
    state.usage = Usage::default();
    state.pages.clear();
    state.jobs.clear();
    state.late.clear();
    state.unsearched.clear();
    state.notices.clear();
    seed::fill(state);
    state.keep_switches();
    state.keep_clock();
    Ok(json!({"done": true}))
}

fn add_faults(state: &mut State, body: Value) -> Told {
    let list = if body.is_array() { body } else { json!([body]) };
    let faults: Vec<Fault> = serde_json::from_value(list).map_err(|error| error.to_string())?;
    if let Some(fault) = faults.iter().find(|fault| !is_sound(fault)) {
        return Err(format!("no such code: {:?}", fault.code));
    }
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

/// Replaces what one user, or with `*` every user, may not do.
fn permissions(state: &mut State, mut body: Value) -> Told {
    let who = body.as_object_mut().and_then(|body| body.remove("user")).ok_or("user is missing")?;
    let access: Access = serde_json::from_value(body).map_err(|error| error.to_string())?;
    for user in control_people::users(state, &who)? {
        state.switches.users.insert(user, access.clone());
    }
    state.keep_switches();
    Ok(json!({"users": state.switches.users}))
}

fn tokens(state: &mut State, body: &Value) -> Value {
    let asks = |name: &str| body.get(name) == Some(&json!(true));
    if asks("revoke_all") {
        state.tokens.revoke_all(&mut state.journal);
    } else if asks("expire_sessions") {
        state.tokens.close_all(&mut state.journal);
    }
    json!({"done": true})
}

fn usage(state: &mut State, body: &Value) -> Value {
    let now = state.clock.seconds();
    if let Some(more) = body.get("more").and_then(Value::as_u64) {
        state.usage.count(now, more);
    } else {
        state.usage.set(now, body.get("used").and_then(Value::as_u64).unwrap_or(0));
    }
    json!({"used": state.usage.used(now)})
}
