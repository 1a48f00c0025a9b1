//! The way in: which part of the org a path means, who is asking, and whether they may.

use serde_json::json;

use super::answer::{Answer, Problem, Refusal};
use super::describe::{self, VERSIONS};
use super::state::{Caller, State};
use super::tokens::Session;
use super::{identity, oauth, records, rest, soap, token};
use crate::call::Call;

/// Answers any request that is not about the simulation itself.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let part = |place: usize| call.segments.get(place).map_or("", String::as_str);
    match (part(0), part(1), part(2)) {
        ("services", "oauth2", "authorize") => oauth::authorize(state, call),
        ("services", "oauth2", "token") => token::token(state, call),
        ("services", "oauth2", "revoke") => identity::revoke(state, call),
        ("services", "oauth2", "introspect") => identity::introspect(state, call),
        ("services", "oauth2", "userinfo") => identity::userinfo(state, call),
        ("services", "oauth2", "singleaccess") => identity::single_access(state, call),
        (".well-known", "openid-configuration", "") => identity::openid_configuration(state, call),
        ("id", org, user) => identity::identity(state, call, org, user),
        ("services", "Soap", _) => soap::answer(state, call),
        ("services", "data", "") => describe::versions(),
        ("services", "data", version) => data(state, call, version),
        _ => records::not_found().into_answer(),
    }
}

/// A request to the REST API: version, session, permission, allowance, then its resource.
fn data(state: &mut State, call: &Call, version: &str) -> Answer {
    let number = version.strip_prefix('v').and_then(|number| number.strip_suffix(".0"));
    let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) else {
        return records::not_found().into_answer();
    };
    if (7..=30).contains(&number) {
        return refuse(Problem::new(410, "UNSUPPORTED_API_VERSION", "The requested API version is retired."));
    }
    if !(31..=*VERSIONS.end()).contains(&number) {
        return records::not_found().into_answer();
    }
    let Some(session) = session(state, call) else { return expired() };
    let caller = caller(state, call, session, format!("{number}.0"));
    if !caller.scope.split(' ').any(|scope| scope == "api" || scope == "full") {
        return refuse(Problem::new(
            401,
            "INVALID_SESSION_ID",
            "This session is not valid for use with the REST API",
        ));
    }
    if let Some(answer) = disabled(state, &caller) {
        return answer;
    }
    let now = state.clock.seconds();
    if state.usage.used(now) >= state.switches.daily_limit {
        return limit_reached(state);
    }
    state.usage.count(now, 1);
    let answer = rest::answer(state, &caller, call);
    let used = state.usage.used(now);
    answer.with("sforce-limit-info", format!("api-usage={used}/{}", state.switches.daily_limit))
}

/// The session that a request carries, if it is alive.
pub fn session(state: &mut State, call: &Call) -> Option<Session> {
    if let Some(session) = &state.admitted {
        return Some(session.clone());
    }
    let token = bearer(call)?;
    let now = state.clock.seconds();
    let lifetime = state.switches.session_seconds;
    let session = state.tokens.session(&token, now, lifetime)?;
    state.is_active_user(&session.user).then_some(session)
}

/// The token in the Authorization header, of either scheme.
pub fn bearer(call: &Call) -> Option<String> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim().to_owned())
}

/// Who a session makes the caller.
pub fn caller(state: &State, call: &Call, session: Session, version: String) -> Caller {
    Caller { user: session.user, scope: session.scope, version, base_url: base_url(state, call) }
}

/// Where the org lives: as it was told, else as it was asked.
pub fn base_url(state: &State, call: &Call) -> String {
    state.base_url.clone().unwrap_or_else(|| format!("http://{}", call.header("host").unwrap_or("localhost")))
}

/// Ends the session of a request, as a scripted fault.
pub fn end_session(state: &mut State, call: &Call) {
    if let Some(token) = bearer(call) {
        state.tokens.close_session(&token, &mut state.journal);
    }
}

/// Counts so many further API calls.
pub fn count_calls(state: &mut State, calls: u64) {
    let now = state.clock.seconds();
    state.usage.count(now, calls);
}

/// 403: the day's allowance is used up.
pub fn limit_reached(state: &mut State) -> Answer {
    let now = state.clock.seconds();
    let used = state.usage.used(now).max(state.switches.daily_limit);
    refuse(Problem::new(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
        .with("sforce-limit-info", format!("api-usage={used}/{}", state.switches.daily_limit))
}

fn disabled(state: &State, caller: &Caller) -> Option<Answer> {
    let message = if !state.switches.api_enabled {
        "The REST API is not enabled for this Organization."
    } else if state.access(&caller.user).is_some_and(|access| access.api_disabled) {
        "API is not enabled for this Organization or Partner"
    } else {
        return None;
    };
    Some(refuse(Problem::new(403, "API_DISABLED_FOR_ORG", message)))
}

fn expired() -> Answer {
    Answer::json(401, json!([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]))
}

fn refuse(problem: Problem) -> Answer {
    Refusal::from(problem).into_answer()
}
