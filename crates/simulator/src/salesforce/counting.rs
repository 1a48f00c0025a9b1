//! Under which name and for which purpose a request is counted.

use super::call::{Call, json};
use crate::counters::Sort;

/// What kind of request this is.
pub fn sort(call: &Call) -> Sort {
    let purpose = purpose(call);
    let is_api = call.segments.first().is_some_and(|first| first == "services") && purpose != "auth";
    Sort { resource: resource(call), purpose, is_api }
}

/// The resource without what differs from call to call: ids, versions, keys.
fn resource(call: &Call) -> String {
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
    let Ok(body) = json(call) else { return false };
    let Some(parts) = body["compositeRequest"].as_array() else { return false };
    parts.iter().all(|part| part["method"] == "GET")
}
