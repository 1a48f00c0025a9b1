//! The two addresses that a browser visits while a member connects a CRM.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use causeway_pages::{integrations::grants_warning, message::Message, part::Tone};

use super::{
    Web, cookie,
    render::{self, sentence, words},
};
use crate::{
    crm::{self, Callback, ConnectError, Connected},
    id,
};

/// Ties the flow to the browser that began it.
const COOKIE: &str = "causeway_connect";

/// How long the cookie lives, in seconds: as long as a flow.
const COOKIE_AGE: u32 = 600;

#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    ticket: String,
}

/// Sends the browser to the CRM.
pub(super) async fn start(State(web): State<Web>, Query(query): Query<Start>) -> Response {
    match crm::start(&web.app, &query.ticket).await {
        Ok((address, browser)) => {
            let cookie = set_cookie(&web, &browser, COOKIE_AGE);
            (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&address)).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// The browser comes back from the CRM.
pub(super) async fn callback(
    State(web): State<Web>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let callback = Callback { query, browser: cookie::read(&headers, COOKIE) };
    // A task of its own: a browser that goes away must not cost the grant that the CRM has just given.
    let app = web.app.clone();
    let finished = tokio::spawn(async move { crm::finish(&app, callback).await }).await;
    let page = match finished {
        Ok(Ok(connected)) => success(&connected),
        Ok(Err(error)) => failed(&error),
        Err(_) => {
            let says = vec![words().say("connect-log"), words().say("connect-again")];
            failure("connect-fault", StatusCode::INTERNAL_SERVER_ERROR, says)
        }
    };
    let forget = set_cookie(&web, "", 0);
    (AppendHeaders([(header::SET_COOKIE, forget)]), page).into_response()
}

fn set_cookie(web: &Web, value: &str, age: u32) -> String {
    let secure = if web.app.config.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/oauth; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
}

fn success(connected: &Connected) -> Response {
    let words = words();
    let kind = if connected.is_sandbox { "connected-sandbox" } else { "connected-production" };
    let row = |key: &str, value: &str| (words.say(key), value.to_owned());
    let next = format!("/integrations/connection/{}", id::connection(connected.connection_id));
    let grants =
        connected.grants.map(|grants| grants_warning(words, connected.crm, &connected.user_name, grants));
    let notes: Vec<String> = connected.warnings.iter().cloned().chain(grants).collect();
    let message = Message {
        title: words.say("connected-title"),
        tone: Tone::Good,
        says: vec![words.say("connected-text"), words.say("connected-closes")],
        rows: vec![
            row("connected-org", &connected.org_name),
            row("connected-id", &connected.org_id),
            row("connected-user", &connected.user_name),
            row("connected-environment", &words.say(kind)),
        ],
        notes: (!notes.is_empty()).then(|| (words.say("connected-notes"), notes)),
        next: Some((next.clone(), words.say("connected-next"))),
        closes: Some(format!("{next}?done=connected")),
    };
    render::plain(StatusCode::OK, &message)
}

/// What went wrong, and what the person can do about it.
fn failed(error: &ConnectError) -> Response {
    let (title, status, advice) = match error {
        ConnectError::Flow(_) => ("connect-flow", StatusCode::BAD_REQUEST, "connect-again"),
        ConnectError::Denied { .. } => ("connect-denied", StatusCode::FORBIDDEN, "connect-again"),
        ConnectError::NotYours => ("connect-not-yours", StatusCode::FORBIDDEN, "connect-again"),
        ConnectError::OtherOrg { .. } => ("connect-other-org", StatusCode::CONFLICT, "connect-again"),
        ConnectError::Missing(_) => ("connect-missing", StatusCode::CONFLICT, "connect-grant"),
        ConnectError::UnknownCrm(..) => ("connect-unknown", StatusCode::NOT_FOUND, "connect-again"),
        ConnectError::Login { .. } | ConnectError::Host(_) => {
            ("connect-host", StatusCode::FORBIDDEN, "connect-again")
        }
        ConnectError::Tokens { .. } | ConnectError::Failed(_) => {
            ("connect-silent", StatusCode::BAD_GATEWAY, "connect-again")
        }
        ConnectError::Store(_) => ("connect-store", StatusCode::SERVICE_UNAVAILABLE, "connect-later"),
        ConnectError::Seal(_) => ("connect-key", StatusCode::INTERNAL_SERVER_ERROR, "connect-operator"),
    };
    // What is wrong in our own house is for its log, not for whoever looks at the page.
    let is_ours = matches!(error, ConnectError::Store(_) | ConnectError::Seal(_));
    let mut says = Vec::new();
    if is_ours {
        tracing::error!(%error, "web.connect");
    } else {
        says.push(sentence(&error.to_string()));
    }
    says.push(words().say(advice));
    failure(title, status, says)
}

fn failure(title: &str, status: StatusCode, says: Vec<String>) -> Response {
    let words = words();
    let next = Some(("/integrations".into(), words.say("connected-next")));
    let message = Message { title: words.say(title), tone: Tone::Bad, says, next, ..Message::default() };
    render::plain(status, &message)
}
