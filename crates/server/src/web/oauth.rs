//! The two addresses that a browser visits while a member connects a CRM.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Web, page::Page};
use crate::crm::{self, Callback, ConnectError, Connected};

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
            let cookie = cookie(&web, &browser, COOKIE_AGE);
            (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&address)).into_response()
        }
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
pub(super) struct Return {
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    #[serde(default)]
    state: String,
}

/// The browser comes back from the CRM.
pub(super) async fn callback(
    State(web): State<Web>,
    Query(query): Query<Return>,
    headers: HeaderMap,
) -> Response {
    let error = match (query.error, query.error_description) {
        (Some(code), Some(words)) => Some(format!("{words} ({code})")),
        (code, words) => words.or(code),
    };
    let callback = Callback { code: query.code, error, state: query.state, browser: browser(&headers) };
    // A task of its own: a browser that goes away must not cost the grant that the CRM has just given.
    let app = web.app.clone();
    let finished = tokio::spawn(async move { crm::finish(&app, callback).await }).await;
    let page = match finished {
        Ok(Ok(connected)) => success(&connected),
        Ok(Err(error)) => failed(&error),
        Err(_) => failure_page("Something went wrong here", StatusCode::INTERNAL_SERVER_ERROR)
            .says("It is in the server's log. Nothing was connected; you can try again.")
            .into_response(),
    };
    let forget = cookie(&web, "", 0);
    (AppendHeaders([(header::SET_COOKIE, forget)]), page).into_response()
}

fn cookie(web: &Web, value: &str, age: u32) -> String {
    let secure = if web.app.config.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/oauth; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
}

fn browser(headers: &HeaderMap) -> Option<String> {
    let lines =
        headers.get_all(header::COOKIE).into_iter().filter_map(|line: &HeaderValue| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}

fn success(connected: &Connected) -> Response {
    let kind = if connected.is_sandbox { "sandbox: a copy for testing" } else { "production" };
    let rows = [
        ("Organisation", connected.org_name.as_str()),
        ("Id", connected.org_id.as_str()),
        ("Acting user", connected.user_name.as_str()),
        ("Environment", kind),
    ];
    Page::new("Connected")
        .good()
        .says("Causeway can now write to your CRM.")
        .lists(&rows)
        .notes("Worth knowing", &connected.warnings)
        .says("This window closes by itself. If it stays open, you can close it.")
        .closes()
        .into_response()
}

fn failure_page(title: &str, status: StatusCode) -> Page {
    Page::new(title).bad().with(status)
}

/// What went wrong, and what the person can do about it.
fn failed(error: &ConnectError) -> Response {
    let again = "Nothing was connected. You can start again.";
    let (title, status, advice) = match error {
        ConnectError::Flow(_) => ("This attempt is no longer valid", StatusCode::BAD_REQUEST, ""),
        ConnectError::Denied { .. } => ("Access was not granted", StatusCode::FORBIDDEN, again),
        ConnectError::OtherOrg { .. } => ("Another organisation", StatusCode::CONFLICT, again),
        ConnectError::Missing(_) => {
            ("Something is missing in the org", StatusCode::CONFLICT, "Grant it there, then start again.")
        }
        ConnectError::UnknownCrm(..) => ("There is no such CRM", StatusCode::NOT_FOUND, again),
        ConnectError::Host(_) => ("This host is not allowed", StatusCode::FORBIDDEN, again),
        ConnectError::Tokens { .. } | ConnectError::Failed(_) => {
            ("The CRM did not answer as it should", StatusCode::BAD_GATEWAY, again)
        }
        ConnectError::Store(error) => {
            tracing::error!(%error, "web.connect");
            let page = failure_page("The server cannot keep anything now", StatusCode::SERVICE_UNAVAILABLE);
            return page.says("Nothing was connected. Try again in a moment.").into_response();
        }
        ConnectError::Seal(error) => {
            tracing::error!(%error, "web.connect");
            let page = failure_page("The server's key does not fit", StatusCode::INTERNAL_SERVER_ERROR);
            return page.says("Nothing was connected. Tell the operator of the server.").into_response();
        }
    };
    let page = failure_page(title, status).says(&sentence(&error.to_string()));
    if advice.is_empty() { page.into_response() } else { page.says(advice).into_response() }
}

/// Our messages are fragments; on a page they begin and end as sentences do.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
