//! Several requests in one: composite with references, batch, and graphs.

use std::collections::{BTreeMap, HashSet};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

use super::answer::{Answer, Body, Outcome, Problem};
use super::state::{Caller, State};
use super::{door, rest};
use crate::call::Call;

const MOST_PARTS: usize = 25;
const MOST_QUERIES: usize = 5;
const MOST_GRAPHS: usize = 75;
const MOST_NODES: usize = 500;
const FAILED_GRAPHS_TO_STOP: usize = 14;

/// One part of a composite as it was sent.
struct Part {
    reference: String,
    method: Method,
    url: String,
    body: Value,
    headers: HeaderMap,
}

/// `POST /composite`.
pub fn composite(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let body = super::call::json(call)?;
    let all_or_none = body.get("allOrNone").and_then(Value::as_bool).unwrap_or(false);
    let parts = parts(&body, MOST_PARTS)?;
    let heavy = parts.iter().filter(|part| is_heavy(&part.url)).count();
    if heavy > MOST_QUERIES {
        return Err(Problem::bad(
            "LIMIT_EXCEEDED",
            format!("The number of query and collection subrequests exceeds the limit of {MOST_QUERIES}"),
        )
        .into());
    }
    let (responses, _) = run(state, caller, call, &parts, all_or_none);
    Ok(Answer::ok(json!({"compositeResponse": responses})))
}

/// `POST /composite/graph`: each graph is one transaction, graphs do not touch each other.
pub fn graph(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let body = super::call::json(call)?;
    let graphs = body.get("graphs").and_then(Value::as_array).cloned().unwrap_or_default();
    if graphs.is_empty() || graphs.len() > MOST_GRAPHS {
        return Err(Problem::bad("INVALID_INPUT", "A request holds 1 to 75 graphs").into());
    }
    let mut nodes = 0;
    let mut failed = 0;
    let mut answers = Vec::new();
    for graph in &graphs {
        let id = graph.get("graphId").and_then(Value::as_str).unwrap_or_default();
        let parts = parts(graph, MOST_NODES)?;
        nodes += parts.len();
        if nodes > MOST_NODES {
            return Err(Problem::bad("LIMIT_EXCEEDED", "A request holds up to 500 nodes").into());
        }
        let (responses, succeeded) = if failed >= FAILED_GRAPHS_TO_STOP {
            (parts.iter().map(|part| response(part, halted())).collect(), false)
        } else {
            run(state, caller, call, &parts, true)
        };
        failed += usize::from(!succeeded);
        answers.push(json!({
            "graphId": id,
            "graphResponse": {"compositeResponse": responses},
            "isSuccessful": succeeded,
        }));
    }
    Ok(Answer::ok(json!({"graphs": answers})))
}

/// `POST /composite/batch`: independent requests, each counted.
pub fn batch(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let body = super::call::json(call)?;
    let halt_on_error = body.get("haltOnError").and_then(Value::as_bool).unwrap_or(false);
    let Some(requests) = body.get("batchRequests").and_then(Value::as_array) else {
        return Err(Problem::bad("MISSING_ARGUMENT", "The batchRequests member is required").into());
    };
    if requests.is_empty() || requests.len() > MOST_PARTS {
        return Err(
            Problem::bad("LIMIT_EXCEEDED", format!("A batch holds 1 to {MOST_PARTS} requests")).into()
        );
    }
    let mut has_errors = false;
    let mut results = Vec::new();
    // The outer request has been counted once already.
    door::count_calls(state, requests.len() as u64 - 1);
    for request in requests {
        if has_errors && halt_on_error {
            results.push(json!({"statusCode": 412, "result": [{
                "errorCode": "BATCH_PROCESSING_HALTED",
                "message": "Batch processing halted per request",
            }]}));
            continue;
        }
        let url = request.get("url").and_then(Value::as_str).unwrap_or_default();
        let path = url.trim_start_matches('/');
        let path =
            if path.starts_with("services/") { format!("/{path}") } else { format!("/services/data/{path}") };
        let mut inner = super::call::with_own_verb(Call::to(verb(request), &path));
        inner.headers = call.headers.clone();
        inner.json = request.get("richInput").filter(|input| !input.is_null()).cloned();
        let answer = inside(state, caller, &inner);
        has_errors |= !answer.is_success();
        results.push(json!({"statusCode": answer.status, "result": answer.into_json()}));
    }
    Ok(Answer::ok(json!({"hasErrors": has_errors, "results": results})))
}

/// Runs the parts in order. With `all_or_none`, or in a graph, one failure undoes all.
fn run(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    parts: &[Part],
    all_or_none: bool,
) -> (Vec<Value>, bool) {
    let start = state.store.mark();
    let mut results: BTreeMap<&str, Value> = BTreeMap::new();
    let mut answers: Vec<Answer> = Vec::new();
    let mut failed_at = None;
    for (place, part) in parts.iter().enumerate() {
        let answer = match resolve(part, &results) {
            Err(problem) => Answer::json(400, json!([problem.as_error()])),
            Ok((url, body)) => {
                let mut inner = super::call::with_own_verb(Call::to(part.method.clone(), &url));
                inner.headers = merged(&call.headers, &part.headers);
                inner.json = (!body.is_null()).then_some(body);
                inside(state, caller, &inner)
            }
        };
        let succeeded = answer.is_success() && !(all_or_none && has_failed_record(&answer));
        if answer.is_success() {
            results.insert(&part.reference, answer.clone().into_json());
        }
        answers.push(answer);
        if !succeeded && all_or_none {
            failed_at = Some(place);
            break;
        }
    }
    if let Some(failed_at) = failed_at {
        state.store.roll_back(start);
        let responses = parts
            .iter()
            .enumerate()
            .map(|(place, part)| {
                let answer = if place == failed_at { answers[place].clone() } else { halted() };
                response(part, answer)
            })
            .collect();
        return (responses, false);
    }
    (parts.iter().zip(answers).map(|(part, answer)| response(part, answer)).collect(), true)
}

/// One part through the same door-less road as a request of its own.
fn inside(state: &mut State, caller: &Caller, call: &Call) -> Answer {
    let version = call.segments.get(2).and_then(|segment| segment.strip_prefix('v'));
    let inner = Caller { version: version.unwrap_or(&caller.version).to_owned(), ..caller.clone() };
    if call.segments.first().is_none_or(|s| s != "services") || version.is_none() {
        return super::records::not_found().into_answer();
    }
    if call.segments.get(3).is_some_and(|s| s == "composite")
        && call.segments.get(4).is_none_or(|s| s != "sobjects")
    {
        return Problem::bad("INVALID_INPUT", "A composite cannot hold another composite").as_answer();
    }
    let mark = state.store.mark();
    let answer = rest::answer(state, &inner, call);
    if !answer.is_success() {
        state.store.roll_back(mark);
    }
    answer
}

fn parts(body: &Value, most: usize) -> Outcome<Vec<Part>> {
    let Some(requests) = body.get("compositeRequest").and_then(Value::as_array) else {
        return Err(Problem::bad("MISSING_ARGUMENT", "The compositeRequest member is required").into());
    };
    if requests.is_empty() || requests.len() > most {
        return Err(Problem::bad(
            "LIMIT_EXCEEDED",
            format!("A composite request holds 1 to {most} subrequests, this one has {}", requests.len()),
        )
        .into());
    }
    let mut seen = HashSet::new();
    requests
        .iter()
        .map(|request| {
            let reference = request.get("referenceId").and_then(Value::as_str).unwrap_or_default();
            let sound = reference.starts_with(|c: char| c.is_ascii_alphabetic())
                && reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !sound {
                return Err(Problem::bad(
                    "JSON_PARSER_ERROR",
                    format!("Provided referenceId ('{reference}') must start with a letter or a number, and it can \
                             contain only letters, numbers and underscores ('_')."),
                )
                .into());
            }
            if !seen.insert(reference.to_owned()) {
                return Err(Problem::bad(
                    "JSON_PARSER_ERROR",
                    format!("Duplicate referenceId provided in composite request: {reference}"),
                )
                .into());
            }
            Ok(Part {
                reference: reference.to_owned(),
                method: verb(request),
                url: request.get("url").and_then(Value::as_str).unwrap_or_default().to_owned(),
                body: request.get("body").cloned().unwrap_or_default(),
                headers: headers(request.get("httpHeaders")),
            })
        })
        .collect()
}

fn verb(request: &Value) -> Method {
    request
        .get("method")
        .and_then(Value::as_str)
        .and_then(|method| method.to_ascii_uppercase().parse().ok())
        .unwrap_or(Method::GET)
}

fn headers(value: Option<&Value>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in value.and_then(Value::as_object).into_iter().flatten() {
        if let (Ok(name), Some(Ok(value))) =
            (HeaderName::try_from(name.as_str()), value.as_str().map(HeaderValue::try_from))
        {
            headers.insert(name, value);
        }
    }
    headers
}

/// The outer headers that hold for every part, overridden by the part's own.
fn merged(outer: &HeaderMap, own: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in outer {
        if name.as_str().starts_with("sforce-") {
            headers.insert(name.clone(), value.clone());
        }
    }
    for (name, value) in own {
        headers.insert(name.clone(), value.clone());
    }
    headers
}

fn is_heavy(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).skip(3);
    matches!(segments.next(), Some("query" | "queryAll" | "composite"))
}

/// Whether a collection inside answered 200 although some of its records failed.
fn has_failed_record(answer: &Answer) -> bool {
    match &answer.body {
        Body::Json(Value::Array(results)) => {
            results.iter().any(|result| result.get("success") == Some(&Value::Bool(false)))
        }
        _ => false,
    }
}

fn halted() -> Answer {
    Problem::bad(
        "PROCESSING_HALTED",
        "The transaction was rolled back since another operation in the same transaction failed.",
    )
    .as_answer()
}

fn response(part: &Part, answer: Answer) -> Value {
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .map(|(name, value)| {
            let shown = if *name == "location" { "Location" } else { name };
            (shown.to_owned(), json!(value))
        })
        .collect();
    json!({
        "httpHeaders": headers,
        "httpStatusCode": answer.status,
        "referenceId": part.reference,
        "body": answer.into_json(),
    })
}

/// Puts what earlier parts answered in the place of `@{ref.path}`, in the URL and everywhere in the body.
fn resolve(part: &Part, results: &BTreeMap<&str, Value>) -> Result<(String, Value), Problem> {
    let url = fill(&part.url, results, true)?;
    let Value::String(url) = url else { return Ok((part.url.clone(), part.body.clone())) };
    Ok((url, fill_all(&part.body, results)?))
}

fn fill_all(value: &Value, results: &BTreeMap<&str, Value>) -> Result<Value, Problem> {
    Ok(match value {
        Value::String(text) => fill(text, results, false)?,
        Value::Array(list) => {
            Value::Array(list.iter().map(|item| fill_all(item, results)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, item)| Ok((name.clone(), fill_all(item, results)?)))
                .collect::<Result<_, Problem>>()?,
        ),
        other => other.clone(),
    })
}

fn fill(text: &str, results: &BTreeMap<&str, Value>, in_url: bool) -> Result<Value, Problem> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("@{") {
        let Some(length) = rest[start..].find('}') else { break };
        let expression = &rest[start + 2..start + length];
        let value = look_up(expression, results)?;
        if start == 0 && length + 1 == rest.len() && filled.is_empty() && !in_url {
            return Ok(value);
        }
        filled.push_str(&rest[..start]);
        let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        filled.push_str(&if in_url { super::call::percent_encode(&plain) } else { plain });
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

/// `lead1.id`, `contacts.records[0].Id`, `refs[1].id`.
fn look_up(expression: &str, results: &BTreeMap<&str, Value>) -> Result<Value, Problem> {
    let missing = || {
        Problem::bad(
            "PROCESSING_HALTED",
            format!(
                "Invalid reference specified. No value for {expression} found in {}",
                expression.split(['.', '[']).next().unwrap_or_default()
            ),
        )
    };
    let steps = expression.replace('[', ".").replace(']', "");
    let mut steps = steps.split('.').filter(|step| !step.is_empty());
    let mut value = steps.next().and_then(|name| results.get(name)).ok_or_else(missing)?;
    for step in steps {
        value = match value {
            Value::Array(list) => step.parse::<usize>().ok().and_then(|place| list.get(place)),
            Value::Object(members) => members
                .get(step)
                .or_else(|| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(step)).map(|(_, v)| v)),
            _ => None,
        }
        .ok_or_else(missing)?;
    }
    Ok(value.clone())
}

impl Problem {
    fn as_answer(&self) -> Answer {
        Answer::json(self.status, json!([self.as_error()]))
    }
}
