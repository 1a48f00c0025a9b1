//! Connected numbers, and whose they are.

use axum::{
    Json,
    extract::{Path, State},
};
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
    store::{
        source::{self, Account},
        workspace,
    },
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let accounts = web.app.db.read(move |tx| Box::pin(source::accounts(tx, workspace_id))).await?;
    Ok(Json(json!({ "accounts": accounts.iter().map(show).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// A member's id; null gives it to nobody.
    owner: Option<String>,
}

/// Gives an account to a member, or to nobody.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(account): Path<String>,
    Body(wish): Body<Wish>,
) -> Answer<Json<Value>> {
    let account_id = number("acc", "account", &account)?;
    let owner_id = wish.owner.map(|owner| number("mem", "member", &owner)).transpose()?;
    let workspace_id = caller.workspace_id;
    let done = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if let Some(owner_id) = owner_id
                    && workspace::member(tx, workspace_id, owner_id).await?.is_none()
                {
                    return Ok(Err(no_such("mem", "member")));
                }
                if !source::set_account_owner(tx, workspace_id, account_id, owner_id).await? {
                    return Ok(Err(no_such("acc", "account")));
                }
                Ok(Ok(()))
            })
        })
        .await?;
    done?;
    Ok(Json(json!({ "id": id::account(account_id), "owner": owner_id.map(id::member) })))
}

fn show(account: &Account) -> Value {
    json!({
        "id": id::account(account.id),
        "channel": account.channel,
        "external_id": account.external_id,
        "display": account.display,
        "owner": account.owner_id.map(id::member),
    })
}
