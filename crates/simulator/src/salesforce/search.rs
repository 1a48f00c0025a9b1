//! `/search` (SOSL) and `/parameterizedSearch`.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem};
use super::query::refused;
use super::sosl;
use super::state::{Caller, State};
use super::view::View;
use crate::call::Call;

/// `GET /search?q=FIND {...}`.
pub fn search(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let Some(statement) = call.parameter("q") else {
        return Err(Problem::bad("MALFORMED_SEARCH", "search string must be specified").into());
    };
    find(state, caller, statement)
}

/// `GET` and `POST /parameterizedSearch`.
pub fn parameterized(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let wanted = if call.method == http::Method::GET { from_query(call) } else { super::call::json(call)? };
    let term = wanted.get("q").and_then(Value::as_str).unwrap_or_default();
    if term.is_empty() {
        return Err(Problem::bad("MALFORMED_SEARCH", "search string must be specified").into());
    }
    let group = wanted.get("in").and_then(Value::as_str).unwrap_or("ALL").to_ascii_uppercase();
    let default_fields = wanted.get("fields");
    let mut returning = Vec::new();
    for object in wanted.get("sobjects").and_then(Value::as_array).into_iter().flatten() {
        let name = object.as_str().or_else(|| object.get("name")?.as_str()).unwrap_or_default();
        let fields = list(object.get("fields").or(default_fields));
        let mut inside = if fields.is_empty() { "Id".to_owned() } else { fields.join(", ") };
        for (word, member) in [("WHERE", "where"), ("ORDER BY", "orderBy"), ("LIMIT", "limit")] {
            let value =
                object.get(member).or_else(|| (member == "limit").then(|| wanted.get("defaultLimit"))?);
            if let Some(value) = value.filter(|value| !value.is_null()) {
                let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                inside = format!("{inside} {word} {plain}");
            }
        }
        returning.push(format!("{name}({inside})"));
    }
    let mut statement = format!("FIND {{{}}} IN {group} FIELDS", sosl::escaped(term));
    if !returning.is_empty() {
        statement.push_str(" RETURNING ");
        statement.push_str(&returning.join(", "));
    }
    if let Some(limit) = wanted.get("overallLimit").and_then(Value::as_u64) {
        statement = format!("{statement} LIMIT {limit}");
    }
    find(state, caller, &statement)
}

fn find(state: &mut State, caller: &Caller, statement: &str) -> Outcome<Answer> {
    let unsearched = state.unsearched();
    let view = View::new(state, caller).without(unsearched);
    let found = sosl::search(&view, statement, &caller.version).map_err(refused)?;
    // Before version 37 the answer was the bare list.
    Ok(Answer::ok(if caller.version_number() < 37.0 {
        json!(found)
    } else {
        json!({"searchRecords": found})
    }))
}

/// The query form as the body form: `sobject=Contact&Contact.fields=id,phone&Contact.limit=10`.
fn from_query(call: &Call) -> Value {
    let names: Vec<&str> = call
        .query
        .iter()
        .filter(|(name, _)| name == "sobject")
        .flat_map(|(_, value)| value.split(','))
        .collect();
    let objects: Vec<Value> = names
        .iter()
        .map(|name| {
            let own = |member: &str| call.parameter(&format!("{name}.{member}"));
            json!({"name": name, "fields": own("fields").or_else(|| call.parameter("fields")),
                "limit": own("limit"), "where": own("where")})
        })
        .collect();
    json!({"q": call.parameter("q"), "in": call.parameter("in"), "sobjects": objects,
        "defaultLimit": call.parameter("defaultLimit"),
        "overallLimit": call.parameter("overallLimit").and_then(|limit| limit.parse::<u64>().ok())})
}

fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split(',').map(|field| field.trim().to_owned()).collect(),
        Some(Value::Array(fields)) => fields.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
