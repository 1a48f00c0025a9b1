//! The panel as JSON: a contact's fields in each connected CRM, in whichever state that is.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    caller::Caller,
    no_such, number,
};
use crate::{
    id,
    panel::{self, Ask, Freshness},
    store::contact,
};

#[derive(Deserialize)]
pub(super) struct Which {
    /// The connection; all that show a panel if it is not said.
    connection: Option<String>,
}

/// What was read within the last minute, or is read now.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(contact): Path<String>,
    Query(which): Query<Which>,
) -> Answer<Json<Value>> {
    panels(&web, &caller, &contact, which, Freshness::Cached).await
}

/// What is in the CRM now.
pub(super) async fn refresh(
    State(web): State<Web>,
    caller: Caller,
    Path(contact): Path<String>,
    Query(which): Query<Which>,
) -> Answer<Json<Value>> {
    panels(&web, &caller, &contact, which, Freshness::Fresh).await
}

async fn panels(
    web: &Web,
    caller: &Caller,
    contact: &str,
    which: Which,
    freshness: Freshness,
) -> Answer<Json<Value>> {
    let contact_id = number("ctc", "contact", contact)?;
    let workspace_id = caller.workspace_id;
    let found = web.app.db.read(move |tx| Box::pin(contact::find(tx, workspace_id, contact_id))).await?;
    found.ok_or_else(|| no_such("ctc", "contact"))?;
    let connections = if let Some(connection) = which.connection {
        vec![number("con", "connection", &connection)?]
    } else {
        let shown = panel::connections(&web.app, workspace_id).await?;
        shown.into_iter().map(|panel| panel.connection_id).collect()
    };
    let mut panels = Vec::with_capacity(connections.len());
    for connection_id in connections {
        let ask = Ask { workspace_id, contact_id, connection_id, role: caller.member.role };
        let view = panel::view(&web.app, ask, freshness).await?;
        panels.push(json!({ "connection": id::connection(connection_id), "panel": view }));
    }
    Ok(Json(json!({ "contact": id::contact(contact_id), "panels": panels })))
}

impl From<panel::Refused> for Refused {
    fn from(refused: panel::Refused) -> Self {
        match refused {
            panel::Refused::NoContact => no_such("ctc", "contact"),
            panel::Refused::NoConnection => no_such("con", "connection"),
            panel::Refused::Store(error) => error.into(),
        }
    }
}
