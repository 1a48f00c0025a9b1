//! Pins of a conversation: the list, adding one, taking one off.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::rights::Right;
use causeway_pages::{
    Here,
    panel::{self as view, Pins},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    org_shown, pin_shown,
    wishes::problem,
};
use crate::{
    id,
    inbox::{
        By,
        pins::{self, PinRefused, Wish},
    },
    live::Topic,
    panel::PointerRefused,
    store::{
        connection::State as Standing,
        conversation_list,
        org::{self, Org},
        pin,
    },
};

/// What is pinned to a conversation of the workspace.
pub(super) async fn read(
    web: &Web,
    visitor: &Visitor,
    conversation_id: i64,
    orgs: &[Org],
) -> Result<Pins, Trouble> {
    let workspace_id = visitor.workspace_id();
    let pins =
        web.app.db.read(move |tx| Box::pin(pin::of_conversation(tx, workspace_id, conversation_id))).await?;
    let shown = pins.iter().filter_map(|pin| {
        orgs.iter().find(|org| org.connection_id == pin.connection_id).map(|org| pin_shown(org, pin))
    });
    let usable = orgs.iter().filter(|org| org.state != Standing::Disconnected);
    Ok(Pins {
        conversation: id::conversation(conversation_id),
        pins: shown.collect(),
        orgs: usable.map(org_shown).collect(),
        may_pin: visitor.may(Right::Work),
        ..Pins::default()
    })
}

/// The workspace's orgs, if it has that conversation.
async fn orgs(web: &Web, visitor: &Visitor, conversation: &str) -> Result<(i64, Vec<Org>), Trouble> {
    let id = id::read("cnv", conversation).ok_or(Trouble::Nothing)?;
    let workspace_id = visitor.workspace_id();
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let found = conversation_list::find(tx, workspace_id, id).await?;
            Ok(match found {
                Some(_) => Some(org::of_workspace(tx, workspace_id).await?),
                None => None,
            })
        })
    });
    Ok((id, found.await?.ok_or(Trouble::Nothing)?))
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
) -> Shown {
    let (conversation_id, orgs) = orgs(&web, &visitor, &conversation).await?;
    let pins = read(&web, &visitor, conversation_id, &orgs).await?;
    answer(&web, &visitor, StatusCode::OK, &pins).await
}

async fn answer(web: &Web, visitor: &Visitor, status: StatusCode, pins: &Pins) -> Shown {
    let content = view::pins(words(), pins);
    if visitor.wants_fragment {
        let mut response: Response = render::fragment(content);
        *response.status_mut() = status;
        return Ok(response);
    }
    let title = words().say("pins-title");
    Ok(Page::new(Here::Inbox, &title).with(status).around(web, visitor, &content).await)
}

/// What somebody wants to pin, as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    connection: String,
    record: String,
    label: String,
}

pub(super) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
    Form(typed): Form<Typed>,
) -> Shown {
    let (conversation_id, orgs) = orgs(&web, &visitor, &conversation).await?;
    let connection_id = id::read("con", &typed.connection);
    let org = orgs.iter().find(|org| Some(org.connection_id) == connection_id);
    let done = match org {
        None => Err(words().say("pins-no-crm")),
        Some(org) => {
            let (record, label) = (typed.record.replace('\0', ""), typed.label.clone());
            let wish = Wish { connection_id: org.connection_id, record, label };
            match pins::pin(&web.app, by(&visitor, conversation_id), wish).await {
                Ok(()) => Ok(()),
                Err(PinRefused::Already) => Err(words().say("pins-there")),
                Err(PinRefused::Store(error) | PinRefused::Pointer(PointerRefused::Store(error))) => {
                    return Err(error.into());
                }
                Err(PinRefused::NoConversation) => return Err(Trouble::Nothing),
                Err(PinRefused::Pointer(refused)) => Err(problem(org, refused)?),
            }
        }
    };
    let mut pins = read(&web, &visitor, conversation_id, &orgs).await?;
    if let Err(error) = done {
        pins.error = Some(error);
        pins.typed = [typed.connection, typed.record, typed.label];
        return answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &pins).await;
    }
    changed(&web, &visitor, conversation_id, &pins).await
}

pub(super) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    Path((conversation, pin)): Path<(String, String)>,
) -> Shown {
    let (conversation_id, orgs) = orgs(&web, &visitor, &conversation).await?;
    let pin_id = id::read("pin", &pin).ok_or(Trouble::Nothing)?;
    // Somebody else may have been faster; then it is gone all the same.
    pins::unpin(&web.app, by(&visitor, conversation_id), pin_id).await?;
    let pins = read(&web, &visitor, conversation_id, &orgs).await?;
    changed(&web, &visitor, conversation_id, &pins).await
}

async fn changed(web: &Web, visitor: &Visitor, conversation_id: i64, pins: &Pins) -> Shown {
    web.app.live.tell(visitor.workspace_id(), &[Topic::Conversation(conversation_id)]);
    if visitor.wants_fragment {
        return answer(web, visitor, StatusCode::OK, pins).await;
    }
    Ok(Redirect::to(&format!("/inbox/{}", id::conversation(conversation_id))).into_response())
}

fn by(visitor: &Visitor, conversation_id: i64) -> By {
    By { workspace_id: visitor.workspace_id(), member_id: visitor.member.id, conversation_id }
}
