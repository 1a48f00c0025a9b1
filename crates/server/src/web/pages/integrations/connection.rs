//! One connection: how it stands, disconnecting, and the first step to a chat sync.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::rights::Right;
use causeway_pages::{
    Here, args,
    integrations::{self as view, Actions, Connection as View},
    part::Tone,
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    standing,
};
use crate::{
    crm::{self, Disconnected},
    id, settings,
    settings::ChangeRefused,
};

#[derive(Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    pub(super) done: String,
}

/// May they renew its grant? Whoever may connect a panel only does not change in whose name is synchronised (X5).
pub(super) fn may_renew(visitor: &Visitor, connection: &View) -> bool {
    visitor.may(Right::ConnectSync) || !connection.has_sync
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Query(query): Query<Done>,
) -> Shown {
    let (_, connection) = standing::one(&web, &visitor, &connection).await?.ok_or(Trouble::Nothing)?;
    let clock = render::clock(&web, &visitor);
    let actions =
        Actions { may_sync: visitor.may(Right::ConnectSync), may_renew: may_renew(&visitor, &connection) };
    if visitor.wants_fragment {
        return Ok(render::fragment(view::connection_part(&clock, &connection, actions)));
    }
    let content = view::connection(&clock, &connection, actions, said(&query.done, &connection).as_ref());
    Ok(Page::new(Here::Integrations, &connection.org).around(&web, &visitor, &content).await)
}

/// What became of the last deed.
fn said(done: &str, connection: &View) -> Option<(Tone, String)> {
    let words = words();
    let crm = connection.crm.1.as_str();
    match done {
        "connected" => {
            let kind = if connection.is_sandbox { "connected-sandbox" } else { "connected-production" };
            let user = connection.user.clone().unwrap_or_default();
            let text = words.with(
                "said-connected",
                args!["org" => connection.org.as_str(), "user" => user, "environment" => words.say(kind)],
            );
            Some((Tone::Good, text))
        }
        "revoked" => Some((Tone::Good, words.with("said-revoked", args!["crm" => crm]))),
        "erased" => Some((Tone::Warning, words.with("said-erased", args!["crm" => crm]))),
        _ => None,
    }
}

/// Asks before disconnecting.
pub(super) async fn ask(State(web): State<Web>, visitor: Visitor, Path(connection): Path<String>) -> Shown {
    let (_, connection) = standing::one(&web, &visitor, &connection).await?.ok_or(Trouble::Nothing)?;
    let title = words().with("disconnect-title", args!["org" => connection.org.as_str()]);
    let content = view::disconnecting(words(), &connection);
    Ok(Page::new(Here::Integrations, &title).around(&web, &visitor, &content).await)
}

/// Gives the grant back.
pub(super) async fn disconnect(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
) -> Shown {
    let (connection, _) = standing::one(&web, &visitor, &connection).await?.ok_or(Trouble::Nothing)?;
    let (app, connection_id, by) = (web.app.clone(), connection.id, visitor.member.id);
    // A task of its own: a browser that goes away must not keep the CRM from hearing of it.
    let done = tokio::spawn(async move { crm::disconnect_by(&app, connection_id, Some(by)).await }).await;
    let done = match done {
        Ok(done) => done?,
        Err(_) => return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    };
    let word = match done {
        Disconnected::Revoked => "revoked",
        Disconnected::Erased(_) => "erased",
        Disconnected::NotFound => return Err(Trouble::Nothing),
    };
    Ok(Redirect::to(&format!("{}?done={word}", super::address(connection_id))).into_response())
}

/// Begins a chat sync, as a draft.
pub(super) async fn set_up_sync(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
) -> Result<Response, Trouble> {
    let connection_id = id::read("con", &connection).ok_or(Trouble::Nothing)?;
    let member = (visitor.workspace_id(), visitor.member.id);
    match settings::begin(&web.app, member, connection_id).await {
        Ok(made) => {
            Ok(Redirect::to(&format!("/integrations/chat-sync/{}", id::integration(made.id))).into_response())
        }
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(_) => Err(Trouble::Nothing),
    }
}
