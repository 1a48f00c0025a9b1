//! What members do in a conversation. Our script gets back what has changed; without it one comes back to the page.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::timeline::{Memo, MemoRefused, Status};
use causeway_pages::{
    Markup, args,
    inbox::{self as view, Composer, Head},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Shown, Trouble, words},
        session::Visitor,
    },
    asked::Asked,
    thread::{self, Refused, number},
};
use crate::{
    id,
    inbox::{self, ActRefused, By},
};

fn by(visitor: &Visitor, conversation_id: i64) -> By {
    By { workspace_id: visitor.workspace_id(), member_id: visitor.member.id, conversation_id }
}

/// What has changed, as a fragment, or the way back to the page.
async fn answer(web: &Web, visitor: &Visitor, conversation_id: i64, composer: Option<Composer>) -> Shown {
    if !visitor.wants_fragment {
        return Ok(Redirect::to(&format!("/inbox/{}", id::conversation(conversation_id))).into_response());
    }
    let done = Refused { composer, act: None };
    Ok(render::fragment(changed(web, visitor, conversation_id, done).await?))
}

/// Why nothing has changed, at its place, with what was typed.
async fn refuse(web: &Web, visitor: &Visitor, conversation_id: i64, refused: Refused) -> Shown {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if visitor.wants_fragment {
        let fragment = changed(web, visitor, conversation_id, refused).await?;
        return Ok((status, fragment).into_response());
    }
    thread::page(web, visitor, conversation_id, &Asked::default(), refused, status).await
}

async fn changed(
    web: &Web,
    visitor: &Visitor,
    conversation_id: i64,
    refused: Refused,
) -> Result<Markup, Trouble> {
    let read = thread::read(web, visitor, conversation_id, None).await?;
    let clock = render::clock(web, visitor);
    let head = Head { refused: refused.act, ..read.head(visitor, &Asked::default()) };
    Ok(view::changed(&clock, &head, &read.items(), refused.composer.as_ref()))
}

fn trouble(refused: ActRefused) -> Trouble {
    match refused {
        ActRefused::Store(error) => Trouble::Store(error),
        // The others are answered where they were wished.
        ActRefused::NoConversation | ActRefused::NoMember | ActRefused::Memo(_) => Trouble::Nothing,
    }
}

/// Somebody has looked.
pub(super) async fn read(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
) -> Result<Response, Trouble> {
    let conversation_id = number(&conversation)?;
    inbox::mark_read(&web.app, by(&visitor, conversation_id)).await.map_err(trouble)?;
    if visitor.wants_fragment {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to(&format!("/inbox/{conversation}")).into_response())
}

#[derive(Deserialize)]
pub(super) struct Written {
    #[serde(default)]
    text: String,
}

/// Writes a memo.
pub(super) async fn memo(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
    Form(written): Form<Written>,
) -> Shown {
    let conversation_id = number(&conversation)?;
    let refused = match inbox::write_memo(&web.app, by(&visitor, conversation_id), &written.text).await {
        Ok(_) => return answer(&web, &visitor, conversation_id, Some(Composer::default())).await,
        Err(ActRefused::Memo(refused)) => refused,
        Err(refused) => return Err(trouble(refused)),
    };
    let words = words();
    let error = match refused {
        MemoRefused::Empty => words.say("memo-empty"),
        MemoRefused::TooLong(count) => {
            words.with("memo-long", args!["count" => count, "most" => Memo::LONGEST])
        }
        MemoRefused::Nul => words.say("memo-nul"),
    };
    let composer = Composer { text: written.text, error: Some(error) };
    let refused = Refused { composer: Some(composer), act: None };
    refuse(&web, &visitor, conversation_id, refused).await
}

#[derive(Deserialize)]
pub(super) struct Given {
    /// A member's id; empty: nobody.
    #[serde(default)]
    assignee: String,
}

/// Gives a conversation to somebody.
pub(super) async fn assign(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let conversation_id = number(&conversation)?;
    let assignee = match given.assignee.as_str() {
        "" => Ok(None),
        // What is no id is nobody's.
        member => id::read("mem", member).map(Some).ok_or(ActRefused::NoMember),
    };
    let by = by(&visitor, conversation_id);
    let done = match assignee {
        Ok(assignee) => inbox::assign(&web.app, by, assignee).await,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(_) => answer(&web, &visitor, conversation_id, None).await,
        Err(ActRefused::NoMember) => {
            let refused = Refused { act: Some(words().say("inbox-no-member")), ..Refused::default() };
            refuse(&web, &visitor, conversation_id, refused).await
        }
        Err(refused) => Err(trouble(refused)),
    }
}

#[derive(Deserialize)]
pub(super) struct Stands {
    #[serde(default)]
    status: String,
}

/// Changes how a conversation stands.
pub(super) async fn set_status(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
    Form(stands): Form<Stands>,
) -> Shown {
    let conversation_id = number(&conversation)?;
    let status = Status::named(&stands.status).ok_or(Trouble::Nothing)?;
    inbox::set_status(&web.app, by(&visitor, conversation_id), status).await.map_err(trouble)?;
    answer(&web, &visitor, conversation_id, None).await
}
