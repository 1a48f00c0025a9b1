//! Disconnecting: the grant is given back, and its secrets are erased even if giving back fails.

use causeway_core::crm::{self, Crm, Tokens};
use serde_json::json;

use super::{line::REQUEST_LIMIT, renew::registration};
use crate::{
    app::App,
    audit as lines, id,
    live::Topic,
    store::{
        self, audit,
        connection::{self, seal_place},
        panel,
    },
};

/// What became of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disconnected {
    /// The CRM took it back.
    Revoked,
    /// Our secrets are erased, but the CRM could not be told: an administrator can revoke it there.
    Erased(String),
    /// There is no such connection.
    NotFound,
}

/// Disconnects. What was synced stays in the CRM; what waits, waits until somebody connects again.
pub async fn disconnect(app: &App, connection_id: i64) -> store::Result<Disconnected> {
    disconnect_by(app, connection_id, None).await
}

/// Disconnects because that member wishes it; `None`: the program does, because a grant would not work.
pub async fn disconnect_by(app: &App, connection_id: i64, by: Option<i64>) -> store::Result<Disconnected> {
    let found = app.db.read(move |tx| Box::pin(connection::find(tx, connection_id))).await?;
    let Some(connection) = found else { return Ok(Disconnected::NotFound) };
    let workspace_id = connection.workspace_id;
    let detail = json!({ "crm": connection.crm, "org": connection.org_id, "user": connection.user_id });
    let line = lines::line(app, by, "connection.disconnect", id::connection(connection_id), detail);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                connection::disconnect(tx, connection_id).await?;
                audit::append(tx, workspace_id, &line).await?;
                panel::forget_all(tx, connection_id).await
            })
        })
        .await?;
    app.panel.forget(connection_id);
    app.live.tell(connection.workspace_id, &[Topic::Connections, Topic::Notices]);
    let token = connection
        .refresh_token
        .as_ref()
        .map(|sealed| (sealed, "refresh_token"))
        .or(connection.access_token.as_ref().map(|sealed| (sealed, "access_token")));
    let Some((sealed, name)) = token else { return Ok(Disconnected::Erased("there was no token".into())) };
    let opened = app.sealer.open(&seal_place(connection_id, name), sealed);
    let (Ok(token), Some(crm)) = (opened, crm::named(&connection.crm)) else {
        return Ok(Disconnected::Erased("the stored token could not be read".into()));
    };
    let Ok(registration) = registration(&app.config, crm) else {
        return Ok(Disconnected::Erased("no app is registered any more".into()));
    };
    let request = crm.revoke_request(&registration, &connection.login_url, token.expose());
    Ok(match app.http.send(&request, None, REQUEST_LIMIT).await {
        Ok(response) if response.status < 300 => Disconnected::Revoked,
        Ok(response) => Disconnected::Erased(format!("{} answered {}", crm.title(), response.status)),
        Err(silence) => Disconnected::Erased(silence.what),
    })
}

/// Gives tokens back that are not to be kept.
pub async fn give_back(app: &App, crm: &dyn Crm, login_url: &str, tokens: &Tokens) {
    let token = tokens.refresh_token.as_ref().unwrap_or(&tokens.access_token);
    let Ok(registration) = registration(&app.config, crm) else { return };
    let request = crm.revoke_request(&registration, login_url, token);
    if let Err(silence) = app.http.send(&request, None, REQUEST_LIMIT).await {
        tracing::warn!(%silence, "crm.give_back");
    }
}
