//! Several requests as one: the composite resource, which counts as a single API request.
//!
//! Parts run one after the other and fail alone (`allOrNone` is off): the outer answer is a 200 although
//! every part failed. A single part is sent without the wrapper, unless its address would be too long for a
//! request line; inside a composite body no such limit holds.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm>

use serde_json::{Map, Value, json};

use super::verdict::{self, Asked};
use crate::{
    crm::{Org, Request, Response, percent},
    lane::Verdict,
};

/// Most parts that are queries or collections.
pub(super) const PARTS: usize = 5;

/// Most bytes of an address that we send: address and headers together may have 16,384.
const ADDRESS: usize = 14_000;

/// A request that may stand alone or inside a composite.
pub(super) struct Part {
    method: &'static str,
    /// Path and query below the host.
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Part {
    /// A read of a path below the version's root.
    pub(super) fn get(org: &Org, resource: &str) -> Self {
        Self::new("GET", org, resource)
    }

    /// A request without a body.
    pub(super) fn new(method: &'static str, org: &Org, resource: &str) -> Self {
        Self { method, path: path(org, resource), headers: Vec::new(), body: None }
    }

    /// A request with a body.
    pub(super) fn send(
        method: &'static str,
        org: &Org,
        resource: &str,
        headers: Vec<(&'static str, String)>,
        body: Value,
    ) -> Self {
        Self { method, path: path(org, resource), headers, body: Some(body) }
    }

    /// A query for records that are not deleted.
    pub(super) fn query(org: &Org, soql: &str) -> Self {
        Self::get(org, &format!("query?q={}", percent::encode(soql)))
    }

    /// A query for all records: deleted, merged and archived ones too.
    pub(super) fn query_all(org: &Org, soql: &str) -> Self {
        Self::get(org, &format!("queryAll?q={}", percent::encode(soql)))
    }

    /// The next page of a query, by the path that an earlier answer named (see [`page_path`]).
    pub(super) fn page(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// The request that stands in where there is nothing to ask.
    pub(super) fn idle(org: &Org) -> Self {
        Self::get(org, "limits")
    }
}

fn path(org: &Org, resource: &str) -> String {
    format!("/services/data/v{}/{resource}", org.version)
}

/// A path for [`Part::page`], if it is one: it is appended to the instance's address, so nothing that could
/// change the host may stand in it.
pub(super) fn page_path(path: &str) -> Option<&str> {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~');
    (path.starts_with("/services/data/v") && path.bytes().all(is_safe)).then_some(path)
}

/// The parts as one request.
pub(super) fn request(org: &Org, mut parts: Vec<Part>) -> Request {
    if parts.is_empty() {
        parts.push(Part::idle(org));
    }
    let mut headers = vec![
        ("accept", "application/json".to_owned()),
        ("sforce-call-options", "client=causeway".to_owned()),
    ];
    let part = if is_alone(&parts) { parts.remove(0) } else { wrapped(org, parts) };
    let body = part.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    if !body.is_empty() {
        headers.push(("content-type", "application/json; charset=UTF-8".to_owned()));
    }
    headers.extend(part.headers);
    Request { method: part.method, url: format!("{}{}", org.instance_url, part.path), headers, body }
}

/// Whether these parts are sent without the wrapper.
pub(super) fn is_alone(parts: &[Part]) -> bool {
    matches!(parts, [part] if part.path.len() <= ADDRESS)
}

fn wrapped(org: &Org, parts: Vec<Part>) -> Part {
    // A header that all parts carry also stands on the whole.
    let common = parts.first().map(|part| part.headers.clone()).unwrap_or_default();
    let common =
        common.into_iter().filter(|header| parts.iter().all(|part| part.headers.contains(header))).collect();
    let list: Vec<_> = parts
        .into_iter()
        .enumerate()
        .map(|(place, part)| {
            let mut entry = Map::new();
            entry.insert("method".to_owned(), part.method.into());
            entry.insert("url".to_owned(), part.path.into());
            entry.insert("referenceId".to_owned(), reference(place).into());
            if !part.headers.is_empty() {
                let headers: Map<_, _> =
                    part.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                entry.insert("httpHeaders".to_owned(), headers.into());
            }
            if let Some(body) = part.body {
                entry.insert("body".to_owned(), body);
            }
            Value::Object(entry)
        })
        .collect();
    let body = json!({"allOrNone": false, "collateSubrequests": false, "compositeRequest": list});
    Part::send("POST", org, "composite", common, body)
}

fn reference(place: usize) -> String {
    format!("part{place}")
}

/// The answer to one part.
pub(super) struct Piece {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

impl Piece {
    /// The content of a success, or the meaning of a failure.
    pub(super) fn content(&self, asked: &Asked) -> Result<&Value, Verdict> {
        match &self.body {
            Some(body) if (200..300).contains(&self.status) => Ok(body),
            body => Err(verdict::of_answer(self.status, body.as_ref(), asked)),
        }
    }

    /// Whether it is an error with this code.
    pub(super) fn is_error(&self, codes: &[&str]) -> bool {
        self.body.as_ref().is_some_and(|body| verdict::has_code(body, codes))
    }
}

/// The answers to `count` parts, in order; `alone` as [`is_alone`] said. An error is one of the wrapper.
pub(super) fn pieces(
    count: usize,
    alone: bool,
    response: &Response,
    asked: &Asked,
) -> Result<Vec<Piece>, Verdict> {
    let whole = Piece { status: response.status, body: serde_json::from_slice(&response.body).ok() };
    if alone {
        return Ok(vec![whole]);
    }
    let content = whole.content(asked)?;
    let Some(list) = content.get("compositeResponse").and_then(Value::as_array) else {
        return Err(verdict::unsure(asked, "Salesforce's composite answer could not be read".to_owned()));
    };
    let piece = |place| {
        let name = reference(place);
        let found =
            list.iter().find(|piece| piece.get("referenceId").and_then(Value::as_str) == Some(name.as_str()));
        let status = found.and_then(|piece| piece.get("httpStatusCode")).and_then(Value::as_u64);
        Piece {
            status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(0),
            body: found.and_then(|piece| piece.get("body")).filter(|body| !body.is_null()).cloned(),
        }
    };
    Ok((0..count).map(piece).collect())
}
