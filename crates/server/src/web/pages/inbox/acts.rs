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
    inbox::{self as view, Composer},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Shown, Trouble, words},
        session::Visitor,
    },
    asked::Asked,
    thread::{self, number},
};
use crate::{
    id,
    inbox::{self, ActRefused, By},
    live::Topic,
};

fn by(visitor: &Visitor, conversation_id: i64) -> By {
    By { workspace_id: visitor.workspace_id(), member_id: visitor.member.id, conversation_id }
}

/// Tells open pages that a conversation has changed.
fn tell(web: &Web, visitor: &Visitor, conversation_id: i64) {
    let topics = [Topic::Conversation(conversation_id), Topic::Conversations];
    web.app.live.tell(visitor.workspace_id(), &topics);
}

/// What has changed, as a fragment, or the way back to the page.
async fn answer(web: &Web, visitor: &Visitor, conversation_id: i64, composer: Composer) -> Shown {
    if !visitor.wants_fragment {
        return Ok(Redirect::to(&format!("/inbox/{}", id::conversation(conversation_id))).into_response());
    }
    Ok(render::fragment(changed(web, visitor, conversation_id, composer).await?))
}

async fn changed(
    web: &Web,
    visitor: &Visitor,
    conversation_id: i64,
    composer: Composer,
) -> Result<Markup, Trouble> {
    let read = thread::read(web, visitor, conversation_id, None).await?;
    let clock = render::clock(web, visitor);
    Ok(view::changed(&clock, &read.head(visitor, &Asked::default()), &read.items(), &composer))
}

fn trouble(refused: ActRefused) -> Trouble {
    match refused {
        ActRefused::Store(error) => Trouble::Store(error),
        // A memo that was refused is answered where it was written.
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
    if inbox::mark_read(&web.app, by(&visitor, conversation_id)).await.map_err(trouble)? {
        web.app.live.tell(visitor.workspace_id(), &[Topic::Conversations]);
    }
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
        Ok(_) => {
            tell(&web, &visitor, conversation_id);
            return answer(&web, &visitor, conversation_id, Composer::default()).await;
        }
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
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if visitor.wants_fragment {
        let fragment = changed(&web, &visitor, conversation_id, composer).await?;
        return Ok((status, fragment).into_response());
    }
    thread::page(&web, &visitor, conversation_id, &Asked::default(), composer, status).await
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
        "" => None,
        member => Some(id::read("mem", member).ok_or(Trouble::Nothing)?),
    };
    inbox::assign(&web.app, by(&visitor, conversation_id), assignee).await.map_err(trouble)?;
    tell(&web, &visitor, conversation_id);
    answer(&web, &visitor, conversation_id, Composer::default()).await
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
    tell(&web, &visitor, conversation_id);
    answer(&web, &visitor, conversation_id, Composer::default()).await
}
