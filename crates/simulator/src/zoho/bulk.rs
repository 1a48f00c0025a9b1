//! Bulk read: a job that ends in a ZIP of one CSV file.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::archive::zip;
use super::coql::{self, Condition, Filter};
use super::people::named;
use super::problem::{Outcome, Problem, invalid_id, no_such_path, wrong_verb};
use super::rest::body;
use super::schema::{Kind, Module, Row};
use super::state::{Caller, State, text};
use crate::answer::{Answer, Body};
use crate::call::Call;

/// Rows of one page.
const PER_PAGE: usize = 200_000;
const CREDITS: u64 = 50;

/// One job.
#[derive(Clone, Debug)]
pub struct Job {
    id: String,
    user: String,
    query: Value,
    created: i64,
    page: usize,
    count: usize,
    has_more: bool,
    file: Vec<u8>,
}

/// Every request below `/crm/bulk/{version}`.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let path: Vec<&str> = call.segments.iter().skip(3).map(String::as_str).collect();
    match (path.as_slice(), call.method.clone()) {
        (["read"], Method::POST) => create(state, caller, call),
        (["read", id], Method::GET) => Ok(shown(state, caller, find(state, caller, id)?)),
        (["read", id, "result"], Method::GET) => result(state, caller, id),
        (["read", ..], _) => Err(wrong_verb()),
        _ => Err(no_such_path()),
    }
}

fn create(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    if !call.header("content-type").is_some_and(|kind| kind.contains("json")) {
        let message = "the media type is not supported";
        return Err(Problem::new(415, "MEDIA_TYPE_NOT_SUPPORTED", message));
    }
    let body = body(call)?;
    let missing = |name: &str| {
        Problem::bad("MANDATORY_NOT_FOUND", "required field not found", json!({"api_name": name}))
    };
    let query = body.get("query").cloned().ok_or_else(|| missing("query"))?;
    let name = query.pointer("/module/api_name").and_then(Value::as_str).ok_or_else(|| missing("module"))?;
    let module = state.usable(caller, name)?;
    let page = query.get("page").and_then(Value::as_u64).unwrap_or(1).max(1);
    let page = usize::try_from(page).unwrap_or(1);
    let filter = match query.get("criteria").filter(|criteria| !criteria.is_null()) {
        Some(criteria) => filter(criteria)?,
        None => one("id", "is not null", Vec::new()),
    };
    let rows = coql::matching(state, caller, &module, &filter)?;
    let skipped = (page - 1) * PER_PAGE;
    let chosen: Vec<&Row> = rows.iter().skip(skipped).take(PER_PAGE).copied().collect();
    let csv = csv(caller, &module, &columns(&query, &module), &chosen);
    let (count, has_more) = (chosen.len(), rows.len() > skipped + chosen.len());
    let id = state.store.new_id();
    let now = state.clock.seconds();
    state.usage.count(now, CREDITS - 1);
    let file = zip(&format!("{id}.csv"), csv.as_bytes());
    let job =
        Job { id: id.clone(), user: caller.user.clone(), query, created: now, page, count, has_more, file };
    state.jobs.insert(id.clone(), job);
    let by = named(state, &caller.user, false);
    let details = json!({"id": id, "operation": "read", "state": "ADDED", "created_by": by,
        "created_time": State::stamp(caller, now)});
    let done = json!({"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.",
        "details": details});
    Ok(Answer::json(201, json!({"data": [done], "info": {}})))
}

fn find<'a>(state: &'a State, caller: &Caller, id: &str) -> Outcome<&'a Job> {
    state.jobs.get(id).filter(|job| job.user == caller.user).ok_or_else(|| invalid_id(1))
}

/// A job is worked on for as long as the switch says.
fn stage(state: &State, job: &Job) -> &'static str {
    let age = state.clock.seconds() - job.created;
    match state.switches.bulk_seconds {
        whole if age >= whole => "COMPLETED",
        whole if age * 2 >= whole => "IN PROGRESS",
        _ => "QUEUED",
    }
}

fn shown(state: &State, caller: &Caller, job: &Job) -> Answer {
    let reached = stage(state, job);
    let mut shown = json!({"id": job.id, "operation": "read", "state": reached, "query": job.query,
        "created_by": named(state, &job.user, false), "created_time": State::stamp(caller, job.created),
        "file_type": "csv"});
    if reached == "COMPLETED" {
        shown["result"] = json!({"page": job.page, "per_page": PER_PAGE, "count": job.count,
            "download_url": format!("/crm/bulk/v8/read/{}/result", job.id), "more_records": job.has_more,
            "next_page_token": null});
    }
    Answer::ok(json!({"data": [shown]}))
}

fn result(state: &State, caller: &Caller, id: &str) -> Outcome<Answer> {
    let job = find(state, caller, id)?;
    if stage(state, job) != "COMPLETED" {
        let message = "the job is not completed";
        return Err(Problem::bad("JOB_NOT_COMPLETED", message, json!({"id": id})));
    }
    let body = Body::File("application/octet-stream;charset=UTF-8", Bytes::from(job.file.clone()));
    let answer = Answer { status: 200, headers: Vec::new(), body };
    Ok(answer.with("content-disposition", format!("attachment;filename*=UTF-8''{id}.zip")))
}

/// The fields that a query names, or all of them.
fn columns(query: &Value, module: &Module) -> Vec<String> {
    let named = query.get("fields").and_then(Value::as_array);
    let named = named.map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    named.unwrap_or_else(|| module.fields.iter().map(|field| field.api_name.clone()).collect())
}

fn csv(caller: &Caller, module: &Module, columns: &[String], rows: &[&Row]) -> String {
    let known: Vec<_> = columns.iter().filter_map(|name| module.field(name)).collect();
    let mut csv = String::from("Id");
    for field in &known {
        csv.push(',');
        csv.push_str(&field.api_name);
    }
    for row in rows {
        csv.push('\n');
        csv.push_str(text(row, "id"));
        for field in &known {
            csv.push(',');
            let said = match (field.kind, row.get(&field.api_name)) {
                (_, None) => String::new(),
                (Kind::Datetime, Some(Value::Number(at))) => {
                    State::stamp(caller, at.as_i64().unwrap_or_default())
                }
                (_, Some(Value::String(text))) => text.clone(),
                (_, Some(Value::Array(values))) => {
                    values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";")
                }
                (_, Some(other)) => other.to_string(),
            };
            csv.push_str(&quoted(&said));
        }
    }
    csv.push('\n');
    csv
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A criterion, or a group of them, as a filter.
fn filter(criteria: &Value) -> Outcome<Filter> {
    let wrong = || Problem::bad("INVALID_DATA", "invalid data", json!({"api_name": "criteria"}));
    if let Some(group) = criteria.get("group").and_then(Value::as_array) {
        let is_or = criteria.get("group_operator").and_then(Value::as_str) == Some("or");
        let mut parts = group.iter().map(filter);
        let first = parts.next().ok_or_else(wrong)??;
        return parts.try_fold(first, |whole, part| {
            let (whole, part) = (Box::new(whole), Box::new(part?));
            Ok(if is_or { Filter::Or(whole, part) } else { Filter::And(whole, part) })
        });
    }
    let named = criteria.pointer("/field/api_name").or_else(|| criteria.get("api_name"));
    let column = named.and_then(Value::as_str).ok_or_else(wrong)?;
    let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values: Vec<String> = match criteria.get("value") {
        Some(Value::Array(values)) => values.iter().map(said).collect(),
        Some(value) => vec![said(value)],
        None => Vec::new(),
    };
    let first = values.first().cloned().unwrap_or_default();
    let is_empty = first == "${EMPTY}";
    Ok(match criteria.get("comparator").and_then(Value::as_str).unwrap_or_default() {
        "equal" if is_empty => one(column, "is null", Vec::new()),
        "not_equal" if is_empty => one(column, "is not null", Vec::new()),
        "equal" => one(column, "=", values),
        "not_equal" => one(column, "!=", values),
        "greater_than" => one(column, ">", values),
        "greater_equal" => one(column, ">=", values),
        "less_than" => one(column, "<", values),
        "less_equal" => one(column, "<=", values),
        "in" => one(column, "in", values),
        "not_in" => one(column, "not in", values),
        "between" => one(column, "between", values),
        "not_between" => one(column, "not between", values),
        "starts_with" => one(column, "like", vec![format!("{first}%")]),
        "contains" => one(column, "like", vec![format!("%{first}%")]),
        _ => return Err(wrong()),
    })
}

fn one(column: &str, operator: &'static str, values: Vec<String>) -> Filter {
    Filter::One(Condition { column: column.to_owned(), operator, values })
}
