//! Requests to the REST API, and the shapes in which its answers come.
//!
//! A list is an object with one array in it, or nothing at all (204: no rows; 304: no newer ones). A refusal is
//! `{code, details, message, status}`, alone or, of one record, in the array. So the body decides, and the status is a hint:
//! 202 and 207 hold failures, and a 400 with the array is to be read record by record.

use serde_json::Value;

use super::verdict::{self, Asked};
use crate::{
    crm::{Org, Request, Response, percent},
    lane::Verdict,
    time::Timestamp,
};

/// Most names in the `fields` of a reading.
pub(super) const FIELDS: usize = 50;

/// Most rows of a page.
pub(super) const ROWS: usize = 200;

/// Most records of a write, and most ids of a reading.
pub(super) const RECORDS: usize = 100;

/// A request without a body.
pub(super) fn get(org: &Org, path: &str, query: &[(&str, &str)]) -> Request {
    bare("GET", org, path, query)
}

/// Any request without a body.
pub(super) fn bare(method: &'static str, org: &Org, path: &str, query: &[(&str, &str)]) -> Request {
    let query = if query.is_empty() { String::new() } else { format!("?{}", percent::form(query)) };
    Request {
        method,
        url: format!("{}/crm/{}/{path}{query}", org.instance_url, org.version),
        headers: vec![("accept", "application/json".to_owned())],
        body: Vec::new(),
    }
}

/// A request with a JSON body.
pub(super) fn send(
    method: &'static str,
    org: &Org,
    path: &str,
    query: &[(&str, &str)],
    body: &Value,
) -> Request {
    let mut request = bare(method, org, path, query);
    request.headers.push(("content-type", "application/json".to_owned()));
    request.body = body.to_string().into_bytes();
    request
}

/// The request of a call that has nothing to ask: the lightest there is.
pub(super) fn idle(org: &Org) -> Request {
    get(org, "org", &[])
}

/// A page of rows.
#[derive(Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Value>,
    /// Are there more?
    pub(super) goes_on: bool,
    /// Where they are, for readings that go on by a token.
    pub(super) token: Option<String>,
}

/// Reads a list: the array of that name.
pub(super) fn page(response: &Response, name: &str) -> Result<Page, Verdict> {
    if matches!(response.status, 204 | 304) {
        return Ok(Page::default());
    }
    let mut body = read(response, &Asked::READ)?;
    let info = body.get("info").cloned().unwrap_or_default();
    let Some(Value::Array(rows)) = body.get_mut(name).map(Value::take) else {
        return Err(unreadable());
    };
    Ok(Page {
        rows,
        goes_on: info.get("more_records").and_then(Value::as_bool).unwrap_or(false),
        token: info.get("next_page_token").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The body of a success; anything else is a verdict.
pub(super) fn read(response: &Response, asked: &Asked) -> Result<Value, Verdict> {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let is_refusal = body.as_ref().is_some_and(|body| error_code(body).is_some());
    match body {
        Some(body) if (200..300).contains(&response.status) && !is_refusal && body.is_object() => Ok(body),
        body => Err(verdict::of_answer(response, body.as_ref(), asked)),
    }
}

/// The code of a refusal, of a whole request or of one record: a text, or (of old) a number with the text beside it.
pub(super) fn error_code(error: &Value) -> Option<&str> {
    let text = |name: &str| error.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_success = text("status") == Some("success") || text("code") == Some("SUCCESS");
    text("code").or_else(|| text("error")).filter(|_| !is_success)
}

/// Was the request refused as a wrong one, with one of these codes?
pub(super) fn is_refused_with(response: &Response, codes: &[&str]) -> bool {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let code = body.as_ref().and_then(error_code);
    response.status == 400 && code.is_some_and(|code| codes.contains(&code))
}

/// An answer that says nothing can be asked for again.
pub(super) fn unreadable() -> Verdict {
    verdict::again(1, "Zoho's answer could not be read")
}

/// An instant in whole seconds with an offset: Zoho reads no `Z` everywhere, and no fractions.
pub(super) fn instant(at: Timestamp) -> String {
    at.rfc3339().replace('Z', "+00:00")
}

/// The instant at a name, whatever its offset; the epoch when the field is blank, which the ones asked for never are.
pub(super) fn instant_at(row: &Value, name: &str) -> Timestamp {
    text(row, name).and_then(Timestamp::parse).unwrap_or_default()
}

/// A text with something in it.
pub(super) fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
}

/// A flag; `false` where there is none.
pub(super) fn flag(row: &Value, name: &str) -> bool {
    row.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// The id of a record. Ids go beyond 2^53 and come as texts, now and then as whole numbers.
pub(super) fn id(row: &Value) -> Option<String> {
    id_at(row, "id")
}

/// An id under another name.
pub(super) fn id_at(row: &Value, name: &str) -> Option<String> {
    let id = match row.get(name)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    is_id(&id).then_some(id)
}

/// Digits, and not more than a number of 64 bits has.
pub(super) fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name that can stand in addresses and queries: of a module, of a field.
pub(super) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
}
