//! Under which name and for which purpose a request is counted.

use http::Method;

use super::ids;
use super::limits::is_api;
use crate::call::Call;
use crate::counters::Sort;

/// What kind of request this is.
pub fn sort(call: &Call) -> Sort {
    Sort { resource: resource(call), purpose: purpose(call), is_api: is_api(call) }
}

/// The resource without what differs from call to call: versions and ids.
fn resource(call: &Call) -> String {
    let skipped = if is_api(call) { 2 } else { 0 };
    let pieces: Vec<&str> = call
        .segments
        .iter()
        .skip(skipped)
        .map(|segment| if ids::parse(segment).is_some() { "{id}" } else { segment })
        .collect();
    pieces.join("/")
}

/// What a request is for.
fn purpose(call: &Call) -> &'static str {
    let part = |place: usize| call.segments.get(place + 2).map_or("", String::as_str);
    if call.segments.first().is_some_and(|first| first == "oauth") {
        return "auth";
    }
    if !is_api(call) {
        return "other";
    }
    if call.segments.get(1).is_some_and(|first| first == "bulk") {
        return "read";
    }
    match (part(0), part(1)) {
        ("coql", _) => "query",
        (_, "search") => "search",
        ("settings", _) if call.method == Method::GET => "describe",
        ("org" | "users", _) if call.method == Method::GET => "status",
        _ if call.method == Method::GET => "read",
        _ => "write",
    }
}
