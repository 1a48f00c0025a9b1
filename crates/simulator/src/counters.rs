//! What the org was asked: counts by resource and purpose, and the last requests.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};

use crate::call::Call;

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
    pub fault: Option<Value>,
    /// Bytes of the request body.
    pub body_bytes: usize,
}

/// What kind of request one is.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The resource, without what differs from call to call: ids, versions, keys.
    pub resource: String,
    /// What it is for: `read`, `write`, `query`, `auth` ...
    pub purpose: &'static str,
    /// Whether it counts as a call of the API.
    pub is_api: bool,
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
    pub fn record(&mut self, call: &Call, sort: &Sort, at: String, status: u16, fault: Option<Value>) {
        self.requests += 1;
        if sort.purpose == "write" {
            self.writes += 1;
        }
        if sort.is_api {
            self.api_calls += 1;
        }
        if status == 0 {
            self.cuts += 1;
        }
        *self.by_purpose.entry(sort.purpose).or_default() += 1;
        *self.by_family.entry(format!("{} {}", call.method, sort.resource)).or_default() += 1;
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
