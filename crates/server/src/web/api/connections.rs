//! Connections to CRMs: begin one, see how it stands, renew it, end it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
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
    no_such, number,
};
use crate::{
    crm::{self, ConnectError, Disconnected},
    id,
    store::{
        connection::{self, Connection},
        entry,
    },
};

/// How each connection stands.
pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let shown = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let mut shown = Vec::new();
                for connection in connection::all(tx, Some(workspace_id)).await? {
                    let calls = connection::calls(tx, connection.id).await?;
                    let entries = entry::counts(tx, connection.id).await?;
                    shown.push(show(&connection, &calls, &entries));
                }
                Ok(shown)
            })
        })
        .await?;
    Ok(Json(json!({ "connections": shown })))
}

fn show(connection: &Connection, calls: &[(String, i64)], entries: &[(String, String, i64)]) -> Value {
    let calls: serde_json::Map<String, Value> =
        calls.iter().map(|(purpose, count)| (purpose.clone(), json!(count))).collect();
    let entries: Vec<Value> = entries
        .iter()
        .map(|(state, reason, count)| {
            let reason = (!reason.is_empty()).then_some(reason);
            json!({ "state": state, "reason": reason, "count": count })
        })
        .collect();
    let org = connection.profile.as_ref().map(|profile| {
        json!({
            "id": profile.org_id,
            "name": profile.org_name,
            "is_sandbox": profile.is_sandbox,
            "acting_user": profile.acting_user,
            "lead_statuses": profile.lead_statuses,
        })
    });
    json!({
        "id": id::connection(connection.id),
        "crm": connection.crm,
        "environment": connection.environment,
        "state": connection.state.word(),
        "detail": connection.detail,
        "instance_url": connection.instance_url,
        "org_id": connection.org_id,
        "org": org,
        "missing": connection.profile.as_ref().map(|profile| &profile.missing),
        "usage": connection.usage.map(|usage| json!({ "used": usage.used, "limit": usage.limit })),
        "rests_until": connection.wait_until,
        "rests_because": connection.wait_reason,
        "calls": calls,
        "entries": entries,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    crm: String,
    /// Where one logs in: a word of the CRM, or a host. Empty: the usual place.
    #[serde(default)]
    environment: String,
}

/// Begins to connect: answers what to open in a browser.
pub(super) async fn begin(
    State(web): State<Web>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Answer<(StatusCode, Json<Value>)> {
    let member = (caller.workspace_id, caller.member.id);
    let begun = crm::begin(&web.app, member, &wish.crm, &wish.environment, None).await?;
    Ok((StatusCode::CREATED, Json(json!({ "open": address(&web, &begun.open) }))))
}

/// Begins to renew the grant of a connection.
pub(super) async fn reconnect(
    State(web): State<Web>,
    caller: Caller,
    Path(connection): Path<String>,
) -> Answer<(StatusCode, Json<Value>)> {
    let present = ours(&web, &caller, &connection).await?;
    let member = (caller.workspace_id, caller.member.id);
    let begun = crm::begin(&web.app, member, &present.crm, &present.environment, Some(present.id)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "open": address(&web, &begun.open) }))))
}

/// Gives a grant back.
pub(super) async fn disconnect(
    State(web): State<Web>,
    caller: Caller,
    Path(connection): Path<String>,
) -> Answer<Json<Value>> {
    let present = ours(&web, &caller, &connection).await?;
    // A task of its own: a caller who goes away must not keep the CRM from hearing of it.
    let (app, by) = (web.app.clone(), caller.member.id);
    let done = tokio::spawn(async move { crm::disconnect_by(&app, present.id, Some(by)).await }).await;
    let done = done.map_err(|_| Refused::fault())??;
    let said = match done {
        Disconnected::Revoked => json!({ "state": "disconnected", "revoked": true }),
        Disconnected::Erased(why) => json!({
            "state": "disconnected",
            "revoked": false,
            "detail": format!("our secrets are erased, but the CRM could not be told: {why}"),
            "action": "an administrator of the CRM can revoke the grant there",
        }),
        Disconnected::NotFound => return Err(no_such("con", "connection")),
    };
    Ok(Json(said))
}

pub(super) async fn ours(web: &Web, caller: &Caller, connection: &str) -> Answer<Connection> {
    let connection_id = number("con", "connection", connection)?;
    let found = web.app.db.read(move |tx| Box::pin(connection::find(tx, connection_id))).await?;
    let ours = found.filter(|connection| connection.workspace_id == caller.workspace_id);
    ours.ok_or_else(|| no_such("con", "connection"))
}

fn address(web: &Web, path: &str) -> String {
    format!("{}{path}", web.app.config.public_url)
}

impl From<ConnectError> for Refused {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Store(error) => error.into(),
            ConnectError::Seal(error) => {
                tracing::error!(%error, "web.connect");
                Self::fault()
            }
            ConnectError::Tokens { .. } => {
                Self::conflict("no_app", error.to_string(), "the operator of the server configures the app")
            }
            ConnectError::UnknownCrm(..) => Self::invalid(error.to_string(), "send a known CRM"),
            ConnectError::Login { refused, known } => Self::invalid(
                refused.to_string(),
                format!("send the host that you log in at, or one of: {}", known.join(", ")),
            ),
            other => Self::conflict("not_connected", other.to_string(), "start again"),
        }
    }
}
