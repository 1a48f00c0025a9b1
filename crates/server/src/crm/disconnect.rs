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
        connection::{self, Connection, seal_place},
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
    let Some(connection) = erase(app, connection_id, by, None).await? else {
        return Ok(Disconnected::NotFound);
    };
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
    let revoked = revoke(app, crm, &connection.login_url, token.expose()).await;
    Ok(revoked.map_or_else(Disconnected::Erased, |()| Disconnected::Revoked))
}

/// Erases what a connection keeps of its grant and answers what it was; `None`: there is none. With `only_at` it is let
/// alone unless its tokens are still those of that revision: what somebody else has done since stands.
pub(super) async fn erase(
    app: &App,
    connection_id: i64,
    by: Option<i64>,
    only_at: Option<i64>,
) -> store::Result<Option<Connection>> {
    let here = app.clone();
    let erased = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                // Read as it is erased: a token that comes meanwhile would be given back by nobody.
                connection::lock(tx, connection_id).await?;
                let found = connection::find(tx, connection_id).await?;
                let is_meant =
                    |known: &Connection| only_at.is_none_or(|revision| known.token_revision == revision);
                let Some(connection) = found.filter(is_meant) else { return Ok(None) };
                connection::disconnect(tx, connection_id).await?;
                let detail =
                    json!({ "crm": connection.crm, "org": connection.org_id, "user": connection.user_id });
                let subject = id::connection(connection_id);
                let line = lines::line(&here, by, "connection.disconnect", subject, detail);
                audit::append(tx, connection.workspace_id, &line).await?;
                panel::forget_all(tx, connection_id).await?;
                Ok(Some(connection))
            })
        })
        .await?;
    if let Some(connection) = &erased {
        app.panel.forget(connection_id);
        app.live.tell(connection.workspace_id, &[Topic::Connections, Topic::Notices]);
    }
    Ok(erased)
}

/// Gives tokens back that are not to be kept. If the CRM does not take them, the log says so: nobody else would learn that
/// a grant lives on.
pub async fn give_back(app: &App, crm: &dyn Crm, login_url: &str, tokens: &Tokens) {
    let token = tokens.refresh_token.as_ref().unwrap_or(&tokens.access_token);
    if let Err(cause) = revoke(app, crm, login_url, token).await {
        tracing::warn!(crm = crm.name(), cause, "crm.give_back");
    }
}

/// Has the CRM take a grant back. What is answered otherwise is why it did not.
async fn revoke(app: &App, crm: &dyn Crm, login_url: &str, token: &str) -> Result<(), String> {
    let registration =
        registration(&app.config, crm).map_err(|_| "no app is registered any more".to_owned())?;
    let request = crm.revoke_request(&registration, login_url, token);
    match app.http.send(&request, None, REQUEST_LIMIT).await {
        Ok(response) if response.status < 300 => Ok(()),
        Ok(response) => Err(format!("{} answered {}", crm.title(), response.status)),
        Err(silence) => Err(silence.what),
    }
}
