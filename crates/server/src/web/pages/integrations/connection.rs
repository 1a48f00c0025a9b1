//! One connection: how it stands, disconnecting, and the first step to a chat sync.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::rights::Right;
use causeway_pages::{
    Here, args,
    integrations::{self as view, Actions, Calls, Chosen, Connection as View},
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
    governor, id, settings,
    settings::ChangeRefused,
    store::connection::Connection,
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
    let found = standing::one(&web, &visitor, &connection).await?.ok_or(Trouble::Nothing)?;
    page(&web, &visitor, found, &query.done, None).await
}

/// What was typed of share and reserve.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    share_percent: String,
    reserve_percent: String,
}

/// A percentage as typed; empty is none, `Err` cannot be read.
fn percent(typed: &str) -> Result<Option<i64>, ()> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed.parse().ok().filter(|percent| (0..=100).contains(percent)).map(Some).ok_or(()),
    }
}

/// The page; `given` is a form that could not be read, with what it holds.
async fn page(
    web: &Web,
    visitor: &Visitor,
    (stored, connection): (Connection, View),
    done: &str,
    given: Option<&Given>,
) -> Shown {
    let clock = render::clock(web, visitor);
    let actions =
        Actions { may_sync: visitor.may(Right::ConnectSync), may_renew: may_renew(visitor, &connection) };
    let look = governor::look(&web.app, &stored).await?;
    let calls = calls(&connection, &look);
    if visitor.wants_fragment {
        return Ok(render::fragment(view::connection_parts(&clock, &connection, actions, &calls)));
    }
    let shown = |percent: Option<u8>| percent.map(|percent| percent.to_string()).unwrap_or_default();
    let present = Given {
        share_percent: shown(stored.budget.share_percent),
        reserve_percent: shown(stored.budget.reserve_percent),
    };
    let typed = given.unwrap_or(&present);
    let chosen = Chosen {
        share: typed.share_percent.clone(),
        reserve: typed.reserve_percent.clone(),
        default: (look.default.share_percent, look.default.reserve_percent),
        bad: (percent(&typed.share_percent).is_err(), percent(&typed.reserve_percent).is_err()),
        may_change: actions.may_sync,
        has_mail: web.app.config.mail.is_on(),
    };
    let said = said(done, &connection);
    let content = view::connection(&clock, &connection, actions, (&calls, &chosen), said.as_ref());
    let page = Page::new(Here::Integrations, &connection.org);
    let page = if given.is_some() { page.with(StatusCode::UNPROCESSABLE_ENTITY) } else { page };
    Ok(page.around(web, visitor, &content).await)
}

fn calls(connection: &View, look: &governor::Look) -> Calls {
    Calls {
        id: connection.id.clone(),
        org: connection.org.clone(),
        rules: look.rules,
        standing: look.standing,
        told_at: look.told_at,
        in_window: look.in_window.clone(),
        today: look.today.clone(),
        because: look.left.map(|(_, because)| because),
        spent: look.spent,
        waiting: look.waiting,
        forecast: look.forecast,
        waits_until: look.waits_until,
        short_since: look.short_since,
        may_widen: look.may_widen,
    }
}

/// The admin chooses share and reserve.
pub(super) async fn choose_calls(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let found = standing::one(&web, &visitor, &connection).await?.ok_or(Trouble::Nothing)?;
    let (Ok(share), Ok(reserve)) = (percent(&given.share_percent), percent(&given.reserve_percent)) else {
        return page(&web, &visitor, found, "", Some(&given)).await;
    };
    let (id, by) = (found.0.id, (visitor.workspace_id(), visitor.member.id));
    match governor::change(&web.app, by, id, share, reserve).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=calls", super::address(id))).into_response()),
        Err(governor::ChangeRefused::Store(error)) => Err(error.into()),
        Err(_) => Err(Trouble::Nothing),
    }
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
        "calls" => Some((Tone::Good, words.say("calls-rules-said"))),
        "erased" => {
            let place = words.of(&connection.crm.0, "revoke-place", &[]);
            Some((Tone::Warning, words.with("said-erased", args!["crm" => crm, "place" => place])))
        }
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
