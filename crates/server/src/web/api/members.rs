//! The people who work in the workspace.

use axum::{Json, extract::State};
use causeway_core::rights::{self, ROLES, Right, Role};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
};
use crate::{
    id,
    store::workspace::{self, Member},
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let members = web.app.db.read(move |tx| Box::pin(workspace::members(tx, workspace_id))).await?;
    let members: Vec<Value> = members.iter().map(show).collect();
    Ok(Json(json!({ "members": members, "you": id::member(caller.member.id) })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    name: String,
    email: String,
    role: String,
}

/// Adds a member, or changes the one of that e-mail.
pub(super) async fn put(
    State(web): State<Web>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Answer<Json<Value>> {
    caller.needs(Right::ManagePeople)?;
    let wished = readable(&wish, web.app.nature.id())?;
    let (workspace_id, by, now) = (caller.workspace_id, caller.member, web.app.now());
    let done = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let members = workspace::members(tx, workspace_id).await?;
                let present = members.iter().find(|member| member.email == wished.email);
                let before = present.map(|member| member.role);
                let owners = members.iter().filter(|member| member.role == Role::Owner).count();
                if let Err(why) = rights::may_give(by.role, before, Some(wished.role), owners) {
                    return Ok(Err(why));
                }
                let id = workspace::put_member(tx, workspace_id, &wished, now).await?;
                Ok(Ok(Member { id, ..wished }))
            })
        })
        .await?;
    match done {
        Ok(member) => Ok(Json(show(&member))),
        Err(why) => Err(Refused::conflict("role", why.words(), "choose another role, or ask an owner")),
    }
}

fn readable(wish: &Wish, fresh_id: i64) -> Answer<Member> {
    let email = wish.email.trim().to_lowercase();
    let has_place = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !has_place || email.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(Refused::invalid("`email` is not an e-mail address", "send one like name@example.com"));
    }
    if wish.name.trim().is_empty() {
        return Err(Refused::invalid("`name` is empty", "send the name that people know"));
    }
    let Some(role) = Role::named(&wish.role) else {
        let message = format!("there is no role `{}`", wish.role);
        let known: Vec<&str> = ROLES.iter().map(|role| role.word()).collect();
        return Err(Refused::invalid(message, format!("send one of: {}", known.join(", "))));
    };
    Ok(Member { id: fresh_id, name: wish.name.trim().to_owned(), email, role })
}

fn show(member: &Member) -> Value {
    json!({
        "id": id::member(member.id),
        "name": member.name,
        "email": member.email,
        "role": member.role,
    })
}
