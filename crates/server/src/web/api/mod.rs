//! The JSON API: a bearer token in, values out. Ids carry a prefix that tells their type; instants are microseconds
//! since the epoch, UTC.

mod accounts;
mod asked;
mod body;
mod caller;
mod calls;
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

use axum::{Router, http::Method};
use causeway_core::rights::Right;

use super::{Web, access::Routes, error::Refused};
use crate::id;

pub(super) use caller::needs;

/// Every address of the API with its right. A handler asks for none: what is here decides alone.
fn guarded(web: Web) -> Routes {
    Routes::api(web)
        .get("/trace/{id}", Right::Read, trace::read)
        .get("/members", Right::Read, members::list)
        .put("/members", Right::ManagePeople, members::put)
        .get("/accounts", Right::Read, accounts::list)
        .patch("/accounts/{id}", Right::ManageChannels, accounts::change)
        .get("/conversations", Right::Read, conversations::list)
        .get("/conversations/{id}", Right::Read, conversations::read)
        .patch("/conversations/{id}", Right::Work, conversations::change)
        .post("/conversations/{id}/memos", Right::Work, conversations::write_memo)
        .post("/conversations/{id}/read", Right::Work, conversations::mark_read)
        .get("/sources", Right::Read, sources::list)
        .post("/sources", Right::ManageChannels, sources::add)
        .delete("/sources/{key}", Right::ManageChannels, sources::remove)
        .get("/sources/{key}/requests", Right::ManageChannels, sources::requests)
        .post("/requests/{id}/replay", Right::ManageChannels, sources::replay)
        .get("/connections", Right::Read, connections::list)
        .post("/connections", Right::ConnectSync, connections::begin)
        .delete("/connections/{id}", Right::ConnectSync, connections::disconnect)
        .post("/connections/{id}/reconnect", Right::ConnectSync, connections::reconnect)
        .get("/connections/{id}/calls", Right::Read, calls::read)
        .patch("/connections/{id}/calls", Right::ConnectSync, calls::change)
        .get("/integrations", Right::Read, integrations::list)
        .post("/integrations", Right::ConnectSync, integrations::add)
        .get("/integrations/{id}", Right::Read, integrations::read)
        .patch("/integrations/{id}", Right::ConnectSync, integrations::change)
        .post("/integrations/{id}/activate", Right::ConnectSync, integrations::activate)
        .post("/integrations/{id}/test-record", Right::ConnectSync, integrations::test_record)
        .get("/entries", Right::Read, entries::list)
        .get("/entries/causes", Right::Read, entries::causes)
        .post("/entries/retry", Right::WorkInBulk, entries::retry_all)
        .post("/entries/{id}/retry", Right::Work, entries::retry)
        .get("/contacts", Right::Read, contacts::list)
        .get("/contacts/{id}", Right::Read, contacts::read)
        .post("/contacts/{id}/link", Right::Work, contacts::link)
        .post("/contacts/{id}/retry", Right::Work, contacts::retry)
        .get("/contacts/{id}/panel", Right::Read, panel::read)
        .post("/contacts/{id}/panel/refresh", Right::Read, panel::refresh)
        .get("/quarantine", Right::ManageChannels, status::quarantine)
        .get("/status", Right::Read, status::read)
}

/// Every address of the API.
pub(super) fn router(web: Web) -> Router<Web> {
    let router = guarded(web).into_router();
    router.fallback(nothing_here).method_not_allowed_fallback(wrong_method)
}

/// Method, path and right of each address of the API.
pub(super) fn access(web: Web) -> Vec<(Method, &'static str, Right)> {
    guarded(web).into_access()
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
