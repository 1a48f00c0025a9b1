//! The JSON API: a bearer token in, values out. Ids carry a prefix that tells their type; instants are microseconds
//! since the epoch, UTC.

mod accounts;
mod asked;
mod body;
mod caller;
mod connections;
mod contacts;
mod conversations;
mod conversations_shown;
mod entries;
mod integrations;
mod members;
mod panel;
mod sources;
mod status;
mod trace;

use axum::{
    Router,
    routing::{delete, get, patch, post},
};

use super::{Web, error::Refused};
use crate::id;

/// Every address of the API.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/trace/{id}", get(trace::read))
        .route("/members", get(members::list).put(members::put))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{id}", patch(accounts::change))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{id}", get(conversations::read).patch(conversations::change))
        .route("/conversations/{id}/memos", post(conversations::write_memo))
        .route("/conversations/{id}/read", post(conversations::mark_read))
        .route("/sources", get(sources::list).post(sources::add))
        .route("/connections", get(connections::list).post(connections::begin))
        .route("/connections/{id}", delete(connections::disconnect))
        .route("/connections/{id}/reconnect", post(connections::reconnect))
        .route("/integrations", get(integrations::list).post(integrations::add))
        .route("/integrations/{id}", get(integrations::read).patch(integrations::change))
        .route("/integrations/{id}/test-record", post(integrations::test_record))
        .route("/entries/{id}/retry", post(entries::retry))
        .route("/contacts", get(contacts::list))
        .route("/contacts/{id}", get(contacts::read))
        .route("/contacts/{id}/link", post(contacts::link))
        .route("/contacts/{id}/retry", post(contacts::retry))
        .route("/contacts/{id}/panel", get(panel::read))
        .route("/contacts/{id}/panel/refresh", post(panel::refresh))
        .route("/quarantine", get(status::quarantine))
        .route("/status", get(status::read))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
}

async fn nothing_here() -> Refused {
    Refused::not_found("there is no such address in the API", "check the address; all begin with /api/v1/")
}

async fn wrong_method() -> Refused {
    Refused::new(
        axum::http::StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "this address does not take this method",
        "the Allow header names those that it takes",
    )
}

/// The number behind an id, or what to say where there is none.
fn number(prefix: &'static str, what: &'static str, text: &str) -> Result<i64, Refused> {
    id::read(prefix, text).ok_or_else(|| no_such(prefix, what))
}

/// There is nothing of that id in this workspace.
fn no_such(prefix: &'static str, what: &'static str) -> Refused {
    let action = format!("use the id of one in this workspace; it begins with `{prefix}_`");
    Refused::not_found(format!("there is no such {what}"), action)
}
