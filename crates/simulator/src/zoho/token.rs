//! `POST /oauth/v2/token` and its neighbours: codes and refresh tokens become access tokens, and end.
//! What goes wrong is said with HTTP 200.

use http::Method;
use serde_json::{Value, json};

use super::centres;
use super::multipart;
use super::oauth::{self, value};
use super::state::State;
use super::switches::App;
use super::tokens::{Code, Session};
use crate::answer::Answer;
use crate::call::Call;

type Granted = Result<Answer, Answer>;

/// Answers the token endpoint.
pub fn token(state: &mut State, call: &Call) -> Answer {
    if call.method != Method::POST {
        return error("invalid_request");
    }
    let pairs = parameters(call);
    let granted = match value(&pairs, "grant_type") {
        Some("authorization_code") => authorization_code(state, call, &pairs),
        Some("refresh_token") => refresh_token(state, call, &pairs),
        _ => Err(error("unsupported_grant_type")),
    };
    granted.unwrap_or_else(|refused| refused)
}

/// Ends a refresh token with all that came from it, or one access token.
pub fn revoke(state: &mut State, call: &Call) -> Answer {
    let pairs = parameters(call);
    let token = value(&pairs, "token").unwrap_or_default();
    let ended =
        state.tokens.revoke_grant(token, &mut state.journal) || state.tokens.close(token, &mut state.journal);
    if ended { Answer::ok(json!({"status": "success"})) } else { error("invalid_token") }
}

/// Says what a token is.
pub fn introspect(state: &State, call: &Call) -> Answer {
    let pairs = parameters(call);
    let token = value(&pairs, "token").unwrap_or_default();
    let now = state.clock.seconds();
    Answer::ok(match state.tokens.session(token, now) {
        Some(session) => json!({"active": true, "client_id": session.app, "scope": session.scope,
            "exp": session.expires, "token_type": "Bearer"}),
        None => json!({"active": state.tokens.grant(token).is_some()}),
    })
}

/// What the discovery of an accounts server says.
pub fn openid_configuration(state: &State, call: &Call) -> Answer {
    let server = centres::accounts_url(state, call);
    Answer::ok(json!({
        "issuer": server,
        "authorization_endpoint": format!("{server}/oauth/v2/auth"),
        "token_endpoint": format!("{server}/oauth/v2/token"),
        "revocation_endpoint": format!("{server}/oauth/v2/token/revoke"),
        "introspection_endpoint": format!("{server}/oauth/v2/introspect"),
        "code_challenge_methods_supported": ["S256", "plain"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
    }))
}

/// An OAuth error: HTTP 200, and a code that is to be read.
pub fn error(code: &str) -> Answer {
    Answer::ok(json!({"error": code}))
}

/// Too many tokens in too short a time, in the user's language.
pub fn throttled(state: &State) -> Answer {
    Answer::json(
        state.switches.throttle_status,
        json!({"error": "Access Denied", "error_description": state.switches.throttle_text, "status": "failure"}),
    )
}

/// The query, a form and a multipart form are all read.
fn parameters(call: &Call) -> Vec<(String, String)> {
    let mut pairs = call.query.clone();
    match multipart::parts(call) {
        Some(parts) => pairs.extend(
            parts.into_iter().map(|part| (part.name, String::from_utf8_lossy(&part.bytes).trim().to_owned())),
        ),
        None if call.header("content-type").is_some_and(|kind| kind.contains("json")) => {}
        None => pairs.extend(call.form()),
    }
    pairs
}

fn authorization_code(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs)?;
    let now = state.clock.seconds();
    let code = value(pairs, "code").unwrap_or_default();
    if centres::addressed(state, call) != state.switches.centre {
        return Err(error("invalid_code"));
    }
    let lifetime = state.switches.code_seconds;
    let code = state.tokens.take_code(code, now, lifetime).ok_or_else(|| error("invalid_code"))?;
    if code.app != app.client_id || !state.is_active_user(&code.user) {
        return Err(error("invalid_code"));
    }
    let same_place = |sent: &String| value(pairs, "redirect_uri") == Some(sent.as_str());
    if code.redirect_uri.as_ref().is_some_and(|sent| !same_place(sent)) {
        return Err(error("invalid_redirect_uri"));
    }
    let verifier = value(pairs, "code_verifier").unwrap_or_default();
    if code.challenge.as_ref().is_some_and(|challenge| !challenge.is_kept_by(verifier)) {
        return Err(error("invalid_code"));
    }
    let caps = state.caps();
    let refresh = code.is_offline.then(|| state.tokens.give(&code, caps, &mut state.journal));
    let mut body = open(state, call, &code, refresh.clone())?;
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
    }
    Ok(Answer::ok(body))
}

fn refresh_token(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs)?;
    let token = value(pairs, "refresh_token").unwrap_or_default();
    let is_here = centres::addressed(state, call) == state.switches.centre;
    let grant = state.tokens.grant(token).filter(|grant| is_here && grant.app == app.client_id).cloned();
    let grant =
        grant.filter(|grant| state.is_active_user(&grant.user)).ok_or_else(|| error("invalid_code"))?;
    let as_of_then = Code {
        user: grant.user,
        app: grant.app,
        redirect_uri: None,
        scope: grant.scope,
        is_offline: true,
        challenge: None,
        issued: 0,
    };
    open(state, call, &as_of_then, Some(token.to_owned())).map(Answer::ok)
}

/// The client behind a token request, with the secret of this data centre.
fn client(state: &State, call: &Call, pairs: &[(String, String)]) -> Result<App, Answer> {
    let here = centres::addressed(state, call);
    let app = oauth::app(state, value(pairs, "client_id").unwrap_or_default(), here);
    let app = app.ok_or_else(|| error("invalid_client"))?;
    let secret = app.secrets.get(&here).unwrap_or(&app.client_secret);
    if value(pairs, "client_secret") == Some(secret.as_str()) {
        Ok(app)
    } else {
        Err(error("invalid_client_secret"))
    }
}

fn open(state: &mut State, call: &Call, code: &Code, grant: Option<String>) -> Result<Value, Answer> {
    let session = Session {
        user: code.user.clone(),
        app: code.app.clone(),
        scope: code.scope.clone(),
        grant,
        number: 0,
        expires: 0,
    };
    let (now, caps) = (state.clock.seconds(), state.caps());
    let opened = state.tokens.open(session, now, caps, &mut state.journal);
    let access_token = opened.ok_or_else(|| throttled(state))?;
    let mut body = json!({
        "access_token": access_token,
        "scope": code.scope.replace(',', " "),
        "api_domain": centres::api_url(state, call),
        "token_type": "Bearer",
        "expires_in": caps.token_seconds,
    });
    if state.switches.old_token_answer {
        body["expires_in_sec"] = json!(caps.token_seconds);
        body["expires_in"] = json!(caps.token_seconds * 1_000);
    }
    Ok(body)
}
