//! The web flow up to the code: the login page, the consent page, and the way back to the client.

use http::Method;

use super::centres::{self, Centre};
use super::pages;
use super::scopes;
use super::seed::PASSWORD;
use super::state::{State, text};
use super::switches::App;
use super::tokens::{Challenge, Code};
use crate::answer::Answer;
use crate::call::{Call, percent_encode};

/// What a client asks for when it sends a browser here.
pub struct Asked {
    /// The registered client.
    pub app: App,
    /// Where the code goes.
    pub redirect_uri: String,
    /// What it wants to do, comma-separated.
    pub scope: String,
    /// Given back untouched.
    pub state: Option<String>,
    is_offline: bool,
    is_forced: bool,
    challenge: Option<Challenge>,
}

/// `/oauth/v2/auth`, and `/oauth/v2/auth/consent` that its form posts to.
pub fn authorize(state: &mut State, call: &Call) -> Answer {
    let mut pairs = call.query.clone();
    if call.method == Method::POST {
        pairs.extend(call.form());
    }
    let asked = match asked(state, call, &pairs) {
        Ok(asked) => asked,
        Err(reason) => return pages::oauth_error(reason),
    };
    let is_consent = call.segments.get(3).is_some_and(|segment| segment == "consent");
    match (&call.method, is_consent) {
        (&Method::POST, true) => decide(state, call, &asked, &pairs),
        (&Method::POST, false) => log_in(state, &asked, &pairs),
        _ => pages::login(&asked, &pairs, value(&pairs, "login_hint").unwrap_or_default(), None),
    }
}

/// The client with that id, as the console of that data centre knows it.
pub fn app(state: &State, client_id: &str, centre: Centre) -> Option<App> {
    let app = state.switches.apps.iter().find(|app| app.client_id == client_id)?;
    (!app.single_centre || app.home == centre).then(|| app.clone())
}

/// Checks who asks and where the answer would go. What is wrong here is shown, and sent nowhere.
fn asked(state: &State, call: &Call, pairs: &[(String, String)]) -> Result<Asked, &'static str> {
    if value(pairs, "response_type") != Some("code") {
        return Err("Invalid Response Type");
    }
    let here = centres::addressed(state, call);
    let app = app(state, value(pairs, "client_id").unwrap_or_default(), here).ok_or("Invalid Client ID")?;
    if app.single_centre && app.home != state.switches.centre {
        return Err("This application is not available in your data center");
    }
    let redirect_uri = value(pairs, "redirect_uri").unwrap_or_default();
    let is_address = redirect_uri.starts_with("http://") || redirect_uri.starts_with("https://");
    let registered = app.redirect_uris.is_empty() || app.redirect_uris.iter().any(|uri| uri == redirect_uri);
    if !is_address || !registered {
        return Err("Invalid Redirect Uri");
    }
    // The list is divided by commas; spaces are for OpenID only.
    let scope = value(pairs, "scope").unwrap_or_default();
    if scope.is_empty() || scope.split(',').any(|scope| !scopes::is_known(scope.trim())) {
        return Err("Invalid OAuth Scope");
    }
    Ok(Asked {
        app,
        redirect_uri: redirect_uri.to_owned(),
        scope: scope.to_owned(),
        state: value(pairs, "state").map(str::to_owned),
        is_offline: value(pairs, "access_type") == Some("offline"),
        is_forced: value(pairs, "prompt") == Some("consent"),
        challenge: value(pairs, "code_challenge").map(|challenge| {
            let challenge = challenge.trim_end_matches('=').to_owned();
            let is_hashed = value(pairs, "code_challenge_method") == Some("S256");
            if is_hashed { Challenge::Sha256(challenge) } else { Challenge::Plain(challenge) }
        }),
    })
}

fn log_in(state: &mut State, asked: &Asked, pairs: &[(String, String)]) -> Answer {
    let username = value(pairs, "username").unwrap_or_default();
    let wrong = |reason| pages::login(asked, pairs, username, Some(reason));
    if value(pairs, "password") != Some(PASSWORD) {
        return wrong("Incorrect password. Please try again.");
    }
    let users = state.store.find("Users", "email", username.trim());
    let Some(user) = users.first().map(|user| text(user, "id").to_owned()) else {
        return wrong("This account cannot be found. Please use a different account.");
    };
    if !state.is_active_user(&user) {
        return wrong("This account is not active. Please contact your administrator.");
    }
    let ticket = state.tokens.issue_ticket(&user, &mut state.journal);
    pages::consent(asked, pairs, username, &ticket)
}

fn decide(state: &mut State, call: &Call, asked: &Asked, pairs: &[(String, String)]) -> Answer {
    let Some(user) = state.tokens.take_ticket(value(pairs, "ticket").unwrap_or_default()) else {
        return pages::login(asked, pairs, "", Some("Please sign in again."));
    };
    if value(pairs, "decision") != Some("allow") {
        return back(asked, &[("error", "access_denied")]);
    }
    let is_first = !state.tokens.has_consented(&user, &asked.app.client_id);
    let code = Code {
        user,
        app: asked.app.client_id.clone(),
        redirect_uri: Some(asked.redirect_uri.clone()),
        scope: asked.scope.clone(),
        is_offline: asked.is_offline && (is_first || asked.is_forced),
        challenge: asked.challenge.clone(),
        issued: state.clock.seconds(),
    };
    let code = state.tokens.issue_code(code, &mut state.journal);
    if asked.app.single_centre {
        return back(asked, &[("code", &code)]);
    }
    let server = centres::accounts_url(state, call);
    let location = state.switches.centre.name();
    back(asked, &[("code", &code), ("location", location), ("accounts-server", &server)])
}

/// Sends the browser back to the client.
fn back(asked: &Asked, pairs: &[(&str, &str)]) -> Answer {
    let mut query = Vec::new();
    if let Some(state) = &asked.state {
        query.push(format!("state={}", percent_encode(state)));
    }
    query.extend(pairs.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))));
    let joint = if asked.redirect_uri.contains('?') { '&' } else { '?' };
    Answer::redirect(&format!("{}{joint}{}", asked.redirect_uri, query.join("&")))
}

/// The last value of a parameter: what a form says wins over the query that it was shown for.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
