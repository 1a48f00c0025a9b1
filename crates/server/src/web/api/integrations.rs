//! Configured uses of a connection.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    crm::Failure,
    id, lane,
    settings::{self, ChangeRefused},
    store::integration::{self, Integration},
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let found = web.app.db.read(move |tx| Box::pin(integration::of_workspace(tx, workspace_id))).await?;
    Ok(Json(json!({ "integrations": found.iter().map(show).collect::<Vec<_>>() })))
}

pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
) -> Answer<Json<Value>> {
    let (workspace_id, id) = (caller.workspace_id, number("int", "integration", &integration)?);
    let found = web.app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id))).await?;
    let found = found.ok_or_else(|| no_such("int", "integration"))?;
    Ok(Json(show(&found)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    connection: String,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// Makes an integration of a connection.
pub(super) async fn add(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<New>,
) -> Answer<(StatusCode, Json<Value>)> {
    let connection_id = number("con", "connection", &new.connection)?;
    let made =
        settings::add(&web.app, (caller.workspace_id, Some(caller.member.id)), connection_id, new.settings)
            .await?;
    Ok((StatusCode::CREATED, Json(show(&made))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// The revision that the caller saw.
    revision: i64,
    #[serde(default)]
    settings: Map<String, Value>,
    paused: Option<bool>,
}

/// Changes an integration, if nobody else did since.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
    Body(change): Body<Change>,
) -> Answer<Json<Value>> {
    let id = number("int", "integration", &integration)?;
    let state = change
        .paused
        .map(|paused| if paused { integration::State::Paused } else { integration::State::Active });
    let by = Some(caller.member.id);
    let wish = settings::Wish { settings: change.settings, state, revision: change.revision, by };
    let changed = settings::change(&web.app, caller.workspace_id, id, wish).await?;
    Ok(Json(show(&changed)))
}

/// Makes a record to try the connection, and removes it again.
pub(super) async fn test_record(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
) -> Answer<Json<Value>> {
    let (workspace_id, id) = (caller.workspace_id, number("int", "integration", &integration)?);
    let found = web.app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id))).await?;
    let found = found.ok_or_else(|| no_such("int", "integration"))?;
    // A task of its own: what was made is removed although the caller goes away.
    let app = web.app.clone();
    let tried =
        tokio::spawn(async move { lane::test_record(&app, found.connection_id, &found.settings).await });
    match tried.await.map_err(|_| Refused::fault())? {
        Ok(tried) => Ok(Json(json!(tried))),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(failure) => Err(Refused::conflict(
            "crm_silent",
            format!("the CRM could not be asked: {failure}"),
            "see to the connection (GET /api/v1/connections), then try again",
        )),
    }
}

fn show(integration: &Integration) -> Value {
    json!({
        "id": id::integration(integration.id),
        "kind": "chat_sync",
        "connection": id::connection(integration.connection_id),
        "state": integration.state.word(),
        "paused": integration.state == integration::State::Paused,
        "settings": settings::to_json(&integration.settings),
        "revision": integration.revision,
    })
}

impl From<ChangeRefused> for Refused {
    fn from(refused: ChangeRefused) -> Self {
        match refused {
            ChangeRefused::Store(error) => error.into(),
            ChangeRefused::NoIntegration => no_such("int", "integration"),
            ChangeRefused::NoConnection => no_such("con", "connection"),
            ChangeRefused::NotConnected => {
                Self::conflict("not_connected", refused.to_string(), "connect the CRM again, then change it")
            }
            ChangeRefused::Conflict(_) => {
                let action = "read the integration again and repeat the change on what stands there now";
                Self::conflict("changed_meanwhile", refused.to_string(), action)
            }
            ChangeRefused::Overlap(_) => {
                let action = "change or pause that integration, or choose other accounts for this one";
                Self::conflict("already_synced", refused.to_string(), action)
            }
            ChangeRefused::NotTried(_) => {
                Self::conflict("not_tried", refused.to_string(), "see to the cause, then activate it again")
            }
            ChangeRefused::Problems(_) => {
                Self::invalid(refused.to_string(), "correct these settings and send them again")
            }
        }
    }
}
