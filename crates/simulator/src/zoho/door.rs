//! The way in: which part of the org a path means, who is asking, and whether they may.

use serde_json::json;

use super::centres;
use super::limits;
use super::problem::{Outcome, Problem, no_permission, no_such_path};
use super::state::{Caller, State, text};
use super::tokens::Session;
use super::{bulk, oauth, rest, scopes, times, token, ui};
use crate::answer::{Answer, Body};
use crate::call::Call;

/// The versions that are served, ten times each.
const VERSIONS: &[(&str, u32)] = &[
    ("v2", 20),
    ("v2.1", 21),
    ("v2.2", 22),
    ("v3", 30),
    ("v4", 40),
    ("v5", 50),
    ("v6", 60),
    ("v7", 70),
    ("v8", 80),
];

/// Answers any request that is not about the simulation itself.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["oauth", "v2", "auth", ..] => oauth::authorize(state, call),
        ["oauth", "v2", "token"] => token::token(state, call),
        ["oauth", "v2", "token", "revoke"] => token::revoke(state, call),
        ["oauth", "v2", "introspect"] => token::introspect(state, call),
        ["oauth", "serverinfo"] => {
            Answer::ok(json!({"result": "success", "locations": centres::accounts_servers(state, call)}))
        }
        [".well-known", "openid-configuration"] => token::openid_configuration(state, call),
        [] => ui::answer(state, call),
        ["crm", ..] if !limits::is_api(call) => ui::answer(state, call),
        ["crm", ..] => {
            let answer = api(state, call).unwrap_or_else(Problem::into_answer);
            dressed(answer)
        }
        _ => no_such_path().into_answer(),
    }
}

/// The headers that every answer of the API has.
fn dressed(answer: Answer) -> Answer {
    let is_json = matches!(answer.body, Body::Json(_));
    let answer =
        answer.with("server", "ZGS").with("cache-control", "no-store, no-cache, must-revalidate, private");
    if is_json { answer.with("content-disposition", "attachment; filename=response.json") } else { answer }
}

/// A request to the REST API: version, token, scope, profile, credits, then its resource.
fn api(state: &mut State, call: &Call) -> Outcome<Answer> {
    let is_bulk = call.segments.get(1).is_some_and(|first| first == "bulk");
    let name = call.segments.get(1 + usize::from(is_bulk)).map_or("", String::as_str);
    let version = VERSIONS.iter().find(|(known, _)| *known == name).map(|(_, version)| *version);
    let version = version.ok_or_else(no_such_path)?;
    if version > 20 && centres::is_page_host(call) {
        return Err(Problem::new(400, "INVALID_HOST", "the API version is not supported on this host"));
    }
    let session = admitted(state, call)?;
    let caller = caller(state, session.clone(), version);
    check_scope(&caller, call)?;
    if state.access(&caller.user).is_some_and(|access| access.api_disabled) {
        return Err(no_permission("Crm_Implied_Api_Access"));
    }
    let (now, most) = (state.clock.seconds(), state.daily_credits());
    if state.usage.used(now) >= most {
        return Err(limits::too_many());
    }
    state.usage.count(now, limits::cost(call));
    let answer =
        if is_bulk { bulk::answer(state, &caller, call) } else { rest::answer(state, &caller, call) };
    let answer = answer.unwrap_or_else(Problem::into_answer);
    let answer = answer.with("x-accesstoken-reset", State::stamp(&caller, session.expires));
    let used = state.usage.used(now);
    let left = most.saturating_sub(used);
    Ok(if used * 2 >= most { answer.with("x-api-credits-remaining", left.to_string()) } else { answer })
}

/// Whether the token's scopes cover a request.
pub fn check_scope(caller: &Caller, call: &Call) -> Outcome<()> {
    if scopes::needed(call).iter().all(|need| need.is_granted(&caller.scope)) {
        return Ok(());
    }
    Err(Problem::new(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"))
}

/// The session that a request carries, or why it is not let in.
fn admitted(state: &State, call: &Call) -> Outcome<Session> {
    if state.admitted.is_none() && call.header("authorization").is_none() {
        return Err(Problem::new(401, "AUTHENTICATION_FAILURE", "Authentication failed"));
    }
    session(state, call).ok_or_else(|| Problem::new(401, "INVALID_TOKEN", "invalid oauth token"))
}

/// The session that a request carries, if it is alive, and this is its data centre.
pub fn session(state: &State, call: &Call) -> Option<Session> {
    if let Some(session) = &state.admitted {
        return Some(session.clone());
    }
    let session = state.tokens.session(&bearer(call)?, state.clock.seconds())?;
    let is_here = centres::addressed(state, call) == state.switches.centre;
    (is_here && state.is_active_user(&session.user)).then(|| session.clone())
}

/// The token in the Authorization header, of either scheme.
fn bearer(call: &Call) -> Option<String> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("zoho-oauthtoken") || scheme.eq_ignore_ascii_case("bearer");
    known.then(|| token.trim().to_owned())
}

/// Ends the session of a request, as a scripted fault.
pub fn end_session(state: &mut State, call: &Call) {
    if let Some(token) = bearer(call) {
        state.tokens.close(&token, &mut state.journal);
    }
}

/// Who a session makes the caller.
fn caller(state: &State, session: Session, version: u32) -> Caller {
    let zone = state.store.get("Users", &session.user).map_or("UTC", |user| text(user, "time_zone"));
    Caller { zone: times::zone(zone), user: session.user, scope: session.scope, version }
}
