//! Credits of a rolling day, and how many requests may be in flight at a time.

use http::Method;
use serde_json::{Value, json};

use super::problem::Problem;
use super::state::State;
use crate::answer::Answer;
use crate::call::Call;

/// A request on its way: what it counts for while it is.
#[derive(Clone, Copy, Debug)]
pub enum Flight {
    /// It is no call of the API.
    Free,
    /// It counts for so many.
    Counted { seats: u32, is_heavy: bool },
    /// There were too many already.
    Refused,
}

impl Flight {
    /// Whether there were too many already.
    pub fn is_refused(self) -> bool {
        matches!(self, Self::Refused)
    }
}

/// Counts a request in, if there is room.
pub fn take_off(state: &mut State, call: &Call) -> Flight {
    if !is_api(call) {
        return Flight::Free;
    }
    let seats = if call.segments.get(2).is_some_and(|first| first == "__composite_requests") { 5 } else { 1 };
    let is_heavy = is_heavy(call);
    let most = state.switches.concurrency.unwrap_or_else(|| state.switches.edition.concurrency());
    let flights = &mut state.flights;
    if flights.all + seats > most || (is_heavy && flights.heavy + 1 > state.switches.sub_concurrency) {
        return Flight::Refused;
    }
    flights.all += seats;
    flights.heavy += u32::from(is_heavy);
    Flight::Counted { seats, is_heavy }
}

/// Counts it out again.
pub fn land(state: &mut State, flight: Flight) {
    if let Flight::Counted { seats, is_heavy } = flight {
        state.flights.all = state.flights.all.saturating_sub(seats);
        state.flights.heavy = state.flights.heavy.saturating_sub(u32::from(is_heavy));
    }
}

/// Whether a request is one of the REST API.
pub fn is_api(call: &Call) -> bool {
    let part = |place: usize| call.segments.get(place).map_or("", String::as_str);
    let is_version =
        |text: &str| text.starts_with('v') && text[1..].starts_with(|c: char| c.is_ascii_digit());
    part(0) == "crm" && (is_version(part(1)) || part(1) == "bulk")
}

/// What a call costs before its rows are known.
pub fn cost(call: &Call) -> u64 {
    let part = |place: usize| call.segments.get(place + 2).map_or("", String::as_str);
    let rows = (elements(call) as u64).div_ceil(10).max(1);
    match (part(0), part(1), part(2)) {
        (_, _, "actions") if call.segments.last().is_some_and(|last| last == "convert") => 5,
        (_, "deleted", _) => 2,
        ("settings" | "users" | "org" | "coql" | "actions", ..) => 1,
        _ if call.method == Method::POST || call.method == Method::PUT => rows,
        _ if call.parameter("cvid").is_some() => 3,
        _ => 1,
    }
}

/// 429: too many in flight, or the day's credits are used up. Nobody can tell which.
pub fn too_many() -> Problem {
    Problem::new(429, "TOO_MANY_REQUESTS", "Many requests fired in concurrent than the allowed limit.")
}

/// The same as it was said years ago.
pub fn too_many_old_shape() -> Answer {
    let said = "Many requests fired than the allowed limit for the past 24 hours.";
    Answer::json(429, json!({"code": 429, "error": "TOO_MANY_REQUESTS", "error_info": said, "details": []}))
}

/// What is heavy: searches, queries, sorted lists, conversions, and more than ten records at once.
fn is_heavy(call: &Call) -> bool {
    let last = call.segments.last().map_or("", String::as_str);
    let is_write = call.method == Method::POST || call.method == Method::PUT;
    matches!(last, "search" | "coql" | "convert")
        || call.parameter("sort_by").is_some()
        || call.parameter("cvid").is_some()
        || (is_write && elements(call) > 10)
}

/// How many elements a body carries.
fn elements(call: &Call) -> usize {
    let body = call.json.clone().or_else(|| serde_json::from_slice::<Value>(&call.body).ok());
    body.and_then(|body| Some(body.get("data")?.as_array()?.len())).unwrap_or(0)
}
