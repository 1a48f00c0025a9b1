//! How the workspace stands as a whole, and what could not be read.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use super::{
    super::{Web, error::Answer},
    caller::Caller,
};
use crate::store::{connection, entry, intake, intake::Quarantined, workspace};

/// Most parts that are shown at once.
const MOST: i64 = 100;

/// Most characters of a part that are shown; its length is told beside it.
const MOST_SHOWN: usize = 4_000;

/// What waits, by state.
pub(super) async fn read(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let (workspace, waiting, quarantined, entries, connections) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                Ok((
                    workspace::find(tx, workspace_id).await?,
                    intake::waiting(tx, Some(workspace_id)).await?,
                    intake::quarantined_count(tx, workspace_id).await?,
                    entry::totals(tx, Some(workspace_id)).await?,
                    connection::all(tx, Some(workspace_id)).await?,
                ))
            })
        })
        .await?;
    let entries: Map<String, Value> =
        entries.into_iter().map(|(state, count)| (state, json!(count))).collect();
    let connections: Vec<Value> = connections
        .iter()
        .map(|connection| {
            let id = crate::id::connection(connection.id);
            json!({ "id": id, "crm": connection.crm, "state": connection.state.word() })
        })
        .collect();
    Ok(Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "now": web.app.now(),
        "workspace": workspace.map(|workspace| workspace.name),
        "intake": { "waiting": waiting, "quarantined": quarantined },
        "entries": entries,
        "connections": connections,
    })))
}

/// Parts of requests that could not be read, newest first.
pub(super) async fn quarantine(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let (parts, all) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let parts = intake::quarantined(tx, workspace_id, MOST).await?;
                Ok((parts, intake::quarantined_count(tx, workspace_id).await?))
            })
        })
        .await?;
    Ok(Json(json!({ "count": all, "parts": parts.iter().map(show).collect::<Vec<_>>() })))
}

fn show(part: &Quarantined) -> Value {
    let shown: String = part.poison.raw.chars().take(MOST_SHOWN).collect();
    json!({
        "received_at": part.received_at,
        "path": part.poison.path,
        "reason": part.poison.reason,
        "raw": shown,
        "raw_bytes": part.poison.raw.len(),
        "is_whole": shown.len() == part.poison.raw.len(),
    })
}
