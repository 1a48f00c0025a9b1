//! Notifications: who wants to hear of changes, and what they are told. What is due is listed under
//! `/_sim/notices`; the org itself calls nobody.

use http::Method;
use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem, missing_parameter, wrong_verb};
use super::rest::{body, elements};
use super::schema::{Module, Row};
use super::state::{Caller, State, seconds, text};
use super::{batch, ids, seed, times};
use crate::answer::Answer;
use crate::call::Call;

const MOST: usize = 5;
const HOUR: i64 = 3_600;
const WEEK: i64 = 7 * 86_400;
const KEPT: usize = 10_000;

/// Every request about channels.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    match call.method {
        Method::GET => Ok(list(state, caller, call)),
        Method::POST | Method::PUT | Method::PATCH => put(state, caller, call),
        Method::DELETE => unsubscribe(state, call),
        _ => Err(wrong_verb()),
    }
}

/// Notes what a change means for every channel that is open.
pub fn notice(state: &mut State, module: &Module, operation: &str, row: &Row, before: Option<&Row>) {
    let verb = match operation {
        "insert" => "create",
        "update" => "edit",
        verb => verb,
    };
    let now = state.clock.seconds();
    let wanted = [format!("{}.{verb}", module.api_name), format!("{}.all", module.api_name)];
    let channels: Vec<Row> = state
        .store
        .live_rows("Watch")
        .filter(|channel| seconds(channel, "expires") > now)
        .filter(|channel| {
            let events = channel.get("events").and_then(Value::as_array);
            events
                .is_some_and(|events| events.iter().any(|event| wanted.iter().any(|wanted| event == wanted)))
        })
        .cloned()
        .collect();
    for channel in channels {
        let id = text(row, "id");
        let changed: Vec<&String> = row
            .iter()
            .filter(|(name, value)| before.is_none_or(|before| before.get(*name) != Some(value)))
            .map(|(name, _)| name)
            .filter(|name| module.field(name).is_some())
            .collect();
        let mut notice = json!({"server_time": state.clock.micros() / 1_000, "query_params": {},
            "module": module.api_name, "resource_uri": format!("/crm/v2/{}", module.api_name), "ids": [id],
            "operation": operation, "channel_id": text(&channel, "channel_id"),
            "token": channel.get("token"), "notify_url": text(&channel, "notify_url")});
        if channel.get("return_affected_field_values") == Some(&json!(true)) && operation != "delete" {
            let values: Map<String, Value> =
                changed.iter().filter_map(|name| Some(((*name).clone(), row.get(*name)?.clone()))).collect();
            notice["affected_fields"] = json!([{id: changed}]);
            notice["affected_values"] = json!([{"record_id": id, "values": values}]);
        }
        if state.notices.len() < KEPT {
            state.notices.push(notice);
        }
    }
}

fn put(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let given = elements(&body(call)?, "watch", MOST)?;
    let is_new = call.method == Method::POST;
    let results = given.iter().map(|wish| keep(state, caller, call, wish)).collect();
    Ok(batch::answer(state, "watch", if is_new { 201 } else { 200 }, results))
}

fn keep(state: &mut State, caller: &Caller, call: &Call, wish: &Value) -> Outcome<Value> {
    let missing = |name: &str| {
        Problem::bad("MANDATORY_NOT_FOUND", "required field not found", json!({"api_name": name}))
    };
    let channel = wish.get("channel_id").and_then(ids::read).ok_or_else(|| missing("channel_id"))?;
    let known = find(state, &channel).cloned();
    if known.is_none() && call.method != Method::POST {
        return Err(not_subscribed(&channel));
    }
    let is_partial = call.method == Method::PATCH;
    let mut row = known.clone().unwrap_or_default();
    if known.is_some() && !is_partial {
        row.retain(|name, _| name == "id");
    }
    let given = wish.get("events").and_then(Value::as_array).cloned();
    let events = given.or_else(|| row.get("events").and_then(Value::as_array).cloned());
    let mut events = events.filter(|events| !events.is_empty()).ok_or_else(|| missing("events"))?;
    if wish.get("_delete_events") == Some(&json!(true)) {
        let kept = known.as_ref().and_then(|row| row.get("events")).and_then(Value::as_array);
        let gone = std::mem::take(&mut events);
        events = kept.into_iter().flatten().filter(|event| !gone.contains(event)).cloned().collect();
    }
    let address = wish.get("notify_url").or_else(|| row.get("notify_url")).and_then(Value::as_str);
    let address = address.ok_or_else(|| missing("notify_url"))?.to_owned();
    let now = state.clock.seconds();
    let longest = if caller.version < 30 { WEEK / 7 } else { WEEK };
    let asked = wish.get("channel_expiry").and_then(Value::as_str).and_then(times::parse_datetime);
    let asked = asked.filter(|at| *at > now && *at - now <= longest);
    // Whoever asks for no end, or for one too far off, gets an hour.
    let expires = asked.unwrap_or(now + HOUR);
    for (name, value) in [
        ("channel_id", json!(channel)),
        ("events", json!(events)),
        ("notify_url", json!(address)),
        ("expires", json!(expires)),
    ] {
        row.insert(name.to_owned(), value);
    }
    for name in
        ["token", "return_affected_field_values", "notify_on_related_action", "notification_condition"]
    {
        if let Some(value) = wish.get(name) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    seed::put(state, "Watch", row.clone().into_iter().collect());
    let told: Vec<Value> = events.iter().map(|event| event_of(state, caller, &row, event)).collect();
    let message = "Successfully subscribed for actions-watch of the given module";
    Ok(json!({"code": "SUCCESS", "details": {"events": told}, "message": message, "status": "success"}))
}

fn event_of(state: &State, caller: &Caller, channel: &Row, event: &Value) -> Value {
    let name = event.as_str().and_then(|event| event.split('.').next()).unwrap_or_default();
    json!({"channel_expiry": State::stamp(caller, seconds(channel, "expires")),
        "resource_uri": format!("/crm/v2/{name}"),
        "resource_id": state.any_module(name).map(|module| module.id.clone()),
        "resource_name": name, "channel_id": text(channel, "channel_id")})
}

fn list(state: &State, caller: &Caller, call: &Call) -> Answer {
    let now = state.clock.seconds();
    let channels = state.store.live_rows("Watch").filter(|channel| seconds(channel, "expires") > now);
    let wanted = call.parameter("channel_id");
    let channels = channels.filter(|channel| wanted.is_none_or(|id| id == text(channel, "channel_id")));
    let module = call.parameter("module");
    let shown: Vec<Value> = channels
        .flat_map(|channel| {
            let events = channel.get("events").and_then(Value::as_array).into_iter().flatten();
            events.map(move |event| {
                let mut shown = event_of(state, caller, channel, event);
                shown["events"] = json!([event]);
                shown["notify_url"] = json!(text(channel, "notify_url"));
                shown["token"] = channel.get("token").cloned().unwrap_or_default();
                shown
            })
        })
        .filter(|shown| module.is_none_or(|module| shown["resource_name"] == module))
        .collect();
    if shown.is_empty() {
        return Answer::empty(204);
    }
    let info = json!({"per_page": 200, "count": shown.len(), "page": 1, "more_records": false});
    Answer::ok(json!({"watch": shown, "info": info}))
}

fn unsubscribe(state: &mut State, call: &Call) -> Outcome<Answer> {
    let list = call.parameter("channel_ids").ok_or_else(|| missing_parameter("channel_ids"))?;
    let results = list.split(',').map(|channel| {
        let row = find(state, channel).ok_or_else(|| not_subscribed(channel))?;
        let id = text(row, "id").to_owned();
        state.store.remove("Watch", &id);
        let message = "Successfully un-subscribed for actions-watch of the given module";
        Ok(json!({"code": "SUCCESS", "details": {"channel_id": channel}, "message": message, "status": "success"}))
    });
    let results = results.collect();
    Ok(batch::answer(state, "watch", 200, results))
}

fn find<'a>(state: &'a State, channel: &str) -> Option<&'a Row> {
    state.store.live_rows("Watch").find(|row| text(row, "channel_id") == channel)
}

fn not_subscribed(channel: &str) -> Problem {
    let message = "The channel is not subscribed";
    Problem::bad("NOT_SUBSCRIBED", message, json!({"channel_id": channel}))
}
