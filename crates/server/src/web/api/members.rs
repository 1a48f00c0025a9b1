//! The people who work in the workspace.

use axum::{Json, extract::State};
use causeway_core::{
    address::Address,
    rights::{ROLES, Role},
    sign_in::{NameRefused, check_name, folded_email},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such,
};
use crate::{
    id,
    people::{self, Actor, PeopleRefused},
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
    let wished = readable(&wish, web.app.nature.id())?;
    let by = Actor { workspace_id: caller.workspace_id, member: caller.member };
    Ok(Json(show(&people::put(&web.app, &by, wished).await?)))
}

fn readable(wish: &Wish, fresh_id: i64) -> Answer<Member> {
    if Address::email(wish.email.trim()).is_none() {
        return Err(Refused::invalid("`email` is not an e-mail address", "send one like name@example.com"));
    }
    let name = check_name(&wish.name).map_err(|why| match why {
        NameRefused::Empty => Refused::invalid("`name` is empty", "send the name that people know"),
        NameRefused::Long => Refused::invalid("`name` is too long", "send at most 100 characters"),
        NameRefused::Unreadable => {
            Refused::invalid("`name` holds control characters", "send letters that can be read")
        }
    })?;
    let Some(role) = Role::named(&wish.role) else {
        let message = format!("there is no role `{}`", wish.role);
        let known: Vec<&str> = ROLES.iter().map(|role| role.word()).collect();
        return Err(Refused::invalid(message, format!("send one of: {}", known.join(", "))));
    };
    Ok(Member { id: fresh_id, name, email: folded_email(&wish.email), role })
}

fn show(member: &Member) -> Value {
    json!({
        "id": id::member(member.id),
        "name": member.name,
        "email": member.email,
        "role": member.role,
    })
}

impl From<PeopleRefused> for Refused {
    fn from(refused: PeopleRefused) -> Self {
        match refused {
            PeopleRefused::Store(error) => error.into(),
            PeopleRefused::NoMember | PeopleRefused::NoInvitation => no_such("mem", "member"),
            PeopleRefused::Role(why) => {
                Self::conflict("role", why.words(), "choose another role, or ask an owner")
            }
            other => Self::conflict("member", other.to_string(), "see to it under Settings, People"),
        }
    }
}
