//! What the org was asked: counts by resource and purpose, and the last requests.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};

use super::call::Call;

const KEPT: usize = 5_000;

/// One line of the request log.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its number since the start.
    pub number: u64,
    /// When, by the org's clock.
    pub at: String,
    /// The verb.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The status; 0 when the connection was cut.
    pub status: u16,
    /// The scripted fault that struck, if one did.
    pub fault: Option<super::faults::Kind>,
    /// Bytes of the request body.
    pub body_bytes: usize,
}

/// Counts and log.
#[derive(Clone, Default)]
pub struct Counters {
    requests: u64,
    writes: u64,
    api_calls: u64,
    cuts: u64,
    by_family: BTreeMap<String, u64>,
    by_purpose: BTreeMap<&'static str, u64>,
    by_status: BTreeMap<u16, u64>,
    log: VecDeque<Entry>,
}

impl Counters {
    /// Counts one request and its answer.
    pub fn record(&mut self, call: &Call, at: String, status: u16, fault: Option<super::faults::Kind>) {
        self.requests += 1;
        let purpose = purpose(call);
        if purpose == "write" {
            self.writes += 1;
        }
        if call.segments.first().is_some_and(|s| s == "services") && purpose != "auth" {
            self.api_calls += 1;
        }
        if status == 0 {
            self.cuts += 1;
        }
        *self.by_purpose.entry(purpose).or_default() += 1;
        *self.by_family.entry(format!("{} {}", call.method, family(call))).or_default() += 1;
        *self.by_status.entry(status).or_default() += 1;
        self.log.push_back(Entry {
            number: self.requests,
            at,
            method: call.method.to_string(),
            target: call.target(),
            status,
            fault,
            body_bytes: call.body.len(),
        });
        if self.log.len() > KEPT {
            self.log.pop_front();
        }
    }

    /// The counts as JSON.
    pub fn describe(&self) -> Value {
        json!({
            "requests": self.requests,
            "api_calls": self.api_calls,
            "writes": self.writes,
            "cuts": self.cuts,
            "by_purpose": self.by_purpose,
            "by_resource": self.by_family,
            "by_status": self.by_status.iter().map(|(k, v)| (k.to_string(), *v)).collect::<BTreeMap<_, _>>(),
        })
    }

    /// The newest requests, oldest of them first.
    pub fn last(&self, count: usize) -> Vec<&Entry> {
        self.log.iter().skip(self.log.len().saturating_sub(count)).collect()
    }
}

/// The resource without what differs from call to call: ids, versions, keys.
fn family(call: &Call) -> String {
    let mut pieces = Vec::new();
    for (place, segment) in call.segments.iter().enumerate() {
        let versioned = place >= 3 && call.segments[0] == "services";
        let kept = if place == 2 && segment.starts_with('v') {
            "*"
        } else if versioned && place == 4 && call.segments[3] == "query" {
            "{locator}"
        } else if versioned && place >= 5 && super::ids::canonical(segment).is_some() {
            "{id}"
        } else if place >= 6 && call.segments[3] == "sobjects" {
            "{key}"
        } else {
            segment
        };
        pieces.push(kept.to_owned());
    }
    if pieces.starts_with(&["services".to_owned(), "data".to_owned(), "*".to_owned()]) {
        pieces.drain(..3);
    }
    pieces.join("/")
}

/// What a request is for.
fn purpose(call: &Call) -> &'static str {
    let part = |place: usize| call.segments.get(place).map_or("", String::as_str);
    if part(1) == "oauth2" || part(0) == "id" || part(1) == "Soap" {
        return "auth";
    }
    if part(1) != "data" {
        return "other";
    }
    let reads = call.method == http::Method::GET || call.method == http::Method::HEAD;
    match part(3) {
        "query" | "queryAll" => "query",
        "search" | "parameterizedSearch" => "search",
        "limits" | "" => "status",
        "sobjects" if part(5) == "describe" || part(4).is_empty() => "describe",
        "composite" if reads || (part(4) == "sobjects" && is_retrieve(call)) => "read",
        "composite" if part(4).is_empty() && only_reads(call) => "read",
        _ if reads => "read",
        _ => "write",
    }
}

/// `POST composite/sobjects/X` reads, although it is a POST.
fn is_retrieve(call: &Call) -> bool {
    call.method == http::Method::POST && call.segments.len() == 6
}

/// Does no part of a composite change anything?
fn only_reads(call: &Call) -> bool {
    let Ok(body) = call.json() else { return false };
    let Some(parts) = body["compositeRequest"].as_array() else { return false };
    parts.iter().all(|part| part["method"] == "GET")
}
