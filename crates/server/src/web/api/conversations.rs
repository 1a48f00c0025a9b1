//! Conversations, and who answers them.

use axum::{
    Json,
    extract::{Path, State},
};
use causeway_core::rights::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{Web, error::Answer},
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    id,
    store::{conversation, workspace},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// A member's id; null assigns it to nobody.
    assignee: Option<String>,
}

/// Assigns a conversation to a member, or to nobody.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(conversation): Path<String>,
    Body(wish): Body<Wish>,
) -> Answer<Json<Value>> {
    caller.needs(Right::Work)?;
    let conversation_id = number("cnv", "conversation", &conversation)?;
    let assignee_id = wish.assignee.map(|assignee| number("mem", "member", &assignee)).transpose()?;
    let workspace_id = caller.workspace_id;
    let done = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if let Some(assignee_id) = assignee_id
                    && workspace::member(tx, workspace_id, assignee_id).await?.is_none()
                {
                    return Ok(Err(no_such("mem", "member")));
                }
                if !conversation::assign(tx, workspace_id, conversation_id, assignee_id).await? {
                    return Ok(Err(no_such("cnv", "conversation")));
                }
                Ok(Ok(()))
            })
        })
        .await?;
    done?;
    Ok(Json(json!({ "id": id::conversation(conversation_id), "assignee": assignee_id.map(id::member) })))
}
