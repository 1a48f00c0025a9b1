//! The web server flow up to the code: the login page, the consent page, and the way back to the app.

use http::Method;

use super::answer::Answer;
use super::call::{Call, percent_encode};
use super::pages;
use super::seed::PASSWORD;
use super::state::{State, is_set, text};
use super::switches::App;
use super::tokens::Code;

/// What an app asks for when it sends a browser here.
pub struct Asked {
    /// The registered app.
    pub app: App,
    /// Where the code goes.
    pub redirect_uri: String,
    /// What it wants to do.
    pub scope: String,
    /// Given back untouched.
    pub state: Option<String>,
    challenge: Option<String>,
    nonce: Option<String>,
}

/// `/services/oauth2/authorize`, and `/services/oauth2/authorize/consent` that its form posts to.
pub fn authorize(state: &mut State, call: &Call) -> Answer {
    let mut pairs = call.query.clone();
    if call.method == Method::POST {
        pairs.extend(call.form());
    }
    let asked = match asked(state, &pairs) {
        Ok(asked) => asked,
        Err((error, description)) => return pages::oauth_error(error, description),
    };
    if value(&pairs, "response_type") != Some("code") {
        return back(
            &asked,
            &[("error", "unsupported_response_type"), ("error_description", "response type not supported")],
        );
    }
    if asked.scope.is_empty() {
        return back(
            &asked,
            &[("error", "invalid_scope"), ("error_description", "the requested scope is not allowed")],
        );
    }
    let is_consent = call.segments.get(3).is_some_and(|segment| segment == "consent");
    match (&call.method, is_consent) {
        (&Method::POST, true) => decide(state, &asked, &pairs),
        (&Method::POST, false) => log_in(state, &asked, &pairs),
        _ => pages::login(&asked, &pairs, value(&pairs, "login_hint").unwrap_or_default(), None),
    }
}

/// The app with that client id, registered or, in an open org, taken at its word.
pub fn app(state: &State, client_id: &str) -> Option<App> {
    let known = state.switches.apps.iter().find(|app| app.client_id == client_id).cloned();
    let open = !state.switches.strict_apps && !client_id.is_empty();
    known.or_else(|| {
        open.then(|| App {
            client_id: client_id.to_owned(),
            label: client_id.chars().take(24).collect(),
            ..App::default()
        })
    })
}

/// The active user with that username and password.
pub fn user_with_password(state: &State, username: &str, password: &str) -> Result<String, &'static str> {
    let users = state.store.find("User", "Username", username.trim());
    let Some(user) = users.first() else { return Err("authentication failure") };
    // API clients append the security token, 24 or 25 letters and digits, to the password.
    let token = password.strip_prefix(PASSWORD).ok_or("authentication failure")?;
    let sound = token.is_empty()
        || ((20..=25).contains(&token.len()) && token.chars().all(|c| c.is_ascii_alphanumeric()));
    if !sound {
        return Err("authentication failure");
    }
    if is_set(user, "IsActive") { Ok(text(user, "Id").to_owned()) } else { Err("inactive user") }
}

/// Checks who asks and where the answer would go. What is wrong here must not be sent to that place.
fn asked(state: &State, pairs: &[(String, String)]) -> Result<Asked, (&'static str, &'static str)> {
    let client_id = value(pairs, "client_id").unwrap_or_default();
    let app = app(state, client_id).ok_or(("invalid_client_id", "client identifier invalid"))?;
    let redirect_uri = value(pairs, "redirect_uri").unwrap_or_default();
    if redirect_uri.is_empty() {
        return Err(("redirect_uri_missing", "redirect_uri must be provided"));
    }
    let is_address = redirect_uri.split_once(':').is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
            && !rest.is_empty()
    });
    let registered =
        app.redirect_uris.is_empty() || app.redirect_uris.iter().any(|known| known == redirect_uri);
    if !is_address || redirect_uri.contains('#') || !registered {
        return Err(("redirect_uri_mismatch", "redirect_uri must match configuration"));
    }
    Ok(Asked {
        app,
        redirect_uri: redirect_uri.to_owned(),
        scope: scope(value(pairs, "scope")),
        state: value(pairs, "state").map(str::to_owned),
        // The vendor reads every challenge as S256, whatever method is named.
        challenge: value(pairs, "code_challenge").map(|challenge| challenge.trim_end_matches('=').to_owned()),
        nonce: value(pairs, "nonce").map(str::to_owned),
    })
}

fn log_in(state: &mut State, asked: &Asked, pairs: &[(String, String)]) -> Answer {
    let username = value(pairs, "username").unwrap_or_default();
    let password = value(pairs, "password").unwrap_or_default();
    match user_with_password(state, username, password) {
        Ok(user) => {
            let ticket = state.tokens.issue_ticket(&user, &mut state.journal);
            pages::consent(asked, pairs, username, &ticket)
        }
        Err(_) => pages::login(
            asked,
            pairs,
            username,
            Some(
                "Please check your username and password. If you still can't log in, contact your administrator.",
            ),
        ),
    }
}

fn decide(state: &mut State, asked: &Asked, pairs: &[(String, String)]) -> Answer {
    let Some(user) = state.tokens.take_ticket(value(pairs, "ticket").unwrap_or_default()) else {
        return pages::login(asked, pairs, "", Some("Please log in again."));
    };
    if value(pairs, "decision") != Some("allow") {
        return back(
            asked,
            &[("error", "access_denied"), ("error_description", "end-user denied authorization")],
        );
    }
    let code = Code {
        user,
        app: asked.app.client_id.clone(),
        redirect_uri: asked.redirect_uri.clone(),
        scope: asked.scope.clone(),
        challenge: asked.challenge.clone(),
        nonce: asked.nonce.clone(),
        issued: state.clock.seconds(),
    };
    let code = state.tokens.issue_code(code, &mut state.journal);
    back(asked, &[("code", &code)])
}

/// Sends the browser back to the app.
fn back(asked: &Asked, pairs: &[(&str, &str)]) -> Answer {
    let mut query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encode(value).replace("%20", "+")))
        .collect();
    if let Some(state) = &asked.state {
        query.push(format!("state={}", percent_encode(state)));
    }
    let joint = if asked.redirect_uri.contains('?') { '&' } else { '?' };
    Answer::redirect(&format!("{}{joint}{}", asked.redirect_uri, query.join("&")))
}

/// What is granted: the known scopes that were asked for, `offline_access` under its other name. Empty when
/// something unknown was asked for.
pub fn scope(asked: Option<&str>) -> String {
    const KNOWN: &[&str] = &[
        "api",
        "web",
        "full",
        "refresh_token",
        "id",
        "openid",
        "profile",
        "email",
        "address",
        "phone",
        "chatter_api",
        "custom_permissions",
        "content",
        "lightning",
        "visualforce",
        "pardot_api",
        "cdp_query_api",
        "cdp_ingest_api",
        "cdp_profile_api",
        "wave_api",
        "eclair_api",
        "offline_access",
    ];
    let asked: Vec<&str> = asked.unwrap_or_default().split_whitespace().collect();
    if asked.is_empty() {
        return "api id refresh_token".to_owned();
    }
    if asked.iter().any(|scope| !KNOWN.contains(scope)) {
        return String::new();
    }
    let mut granted: Vec<&str> =
        asked.into_iter().map(|s| if s == "offline_access" { "refresh_token" } else { s }).collect();
    granted.dedup();
    granted.join(" ")
}

/// The last value of a parameter: what a form says wins over the query that it was shown for.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
