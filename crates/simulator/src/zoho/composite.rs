//! `__composite_requests`: up to five requests in one, together or each for itself.

use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem};
use super::rest::{body, elements};
use super::state::{Caller, State};
use super::{door, rest};
use crate::answer::Answer;
use crate::call::{Call, percent_encode};

const MOST: usize = 5;

/// `POST /__composite_requests`.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let body = body(call)?;
    let rolls_back = body.get("rollback_on_fail") == Some(&json!(true));
    let is_parallel = body.get("parallel_execution") != Some(&json!(false));
    if rolls_back && is_parallel && body.contains_key("parallel_execution") {
        let ambiguous = json!([{"api_name": "rollback_on_fail"}, {"api_name": "parallel_execution"}]);
        let details = json!({"ambiguity_due_to": ambiguous});
        return Err(Problem::bad("AMBIGUITY_DURING_PROCESSING", "both cannot be true", details));
    }
    let parts = elements(&body, "__composite_requests", MOST)?;
    let mark = state.store.mark();
    let mut results = Vec::new();
    let mut has_failed = false;
    for part in &parts {
        let id = part.get("sub_request_id").cloned().unwrap_or_default();
        if has_failed && rolls_back {
            results.push(json!({"code": "NOT_PROCESSED", "details": {"sub_request_id": id},
                "message": "a request before it failed", "status": "error"}));
            continue;
        }
        let answer = one(state, caller, part);
        has_failed |= !answer.is_success();
        let status = answer.status;
        let headers: Map<String, Value> =
            answer.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let response = json!({"status_code": status, "headers": headers, "body": answer.into_json()});
        results.push(json!({"code": "SUCCESS", "details": {"sub_request_id": id, "response": response},
            "message": "composite sub request executed successfully", "status": "success"}));
    }
    if has_failed && rolls_back {
        state.store.roll_back(mark);
    }
    Ok(Answer::ok(json!({"__composite_requests": results})))
}

fn one(state: &mut State, caller: &Caller, part: &Value) -> Answer {
    let said = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
    let Ok(method) = said("method").parse() else { return super::problem::wrong_verb().into_answer() };
    let parameters: Vec<String> = part
        .get("params")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{}={}", percent_encode(name), percent_encode(&value))
        })
        .collect();
    let joint = if said("uri").contains('?') { '&' } else { '?' };
    let mut call = Call::to(method, &format!("{}{joint}{}", said("uri"), parameters.join("&")));
    call.json = part.get("body").filter(|body| !body.is_null()).cloned();
    let is_nested = call.segments.get(2).is_some_and(|first| first == "__composite_requests");
    if is_nested || !super::limits::is_api(&call) {
        return super::problem::no_such_path().into_answer();
    }
    if let Err(problem) = door::check_scope(caller, &call) {
        return problem.into_answer();
    }
    rest::answer(state, caller, &call).unwrap_or_else(Problem::into_answer)
}
