//! Would a grant work that has just been stored? If not, it is undone.

use causeway_core::record::Missing;
use serde_json::json;

use super::{ConnectError, Connected, Line, disconnect::erase};
use crate::{
    app::App,
    audit as lines, id,
    live::Topic,
    store::{
        self, audit,
        connection::{self, Connection, Flow, NewTokens, State},
    },
};

/// Asks the org whether everything that is needed is there.
pub(super) async fn examine(app: &App, connection_id: i64) -> Result<Connected, ConnectError> {
    let mut line =
        Line::open(app, connection_id).await?.ok_or(ConnectError::Flow("the connection is gone already"))?;
    let profile = line.describe().await?;
    let say = |missing: &Missing| format!("{} — {}", missing.what, missing.action);
    let fatal: Vec<String> = profile.missing.iter().filter(|missing| missing.is_fatal).map(say).collect();
    if !fatal.is_empty() {
        return Err(ConnectError::Missing(fatal.join("; ")));
    }
    let connection = line.connection().clone();
    let held = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                connection::grants(tx, &connection.crm, &connection.org_id, &connection.user_id).await
            })
        })
        .await?;
    let grants = line.crm().grants_per_user().filter(|most| held >= *most).map(|most| (held, most));
    app.bells.lanes.notify_one();
    app.live.tell(line.connection().workspace_id, &[Topic::Connections, Topic::Notices]);
    Ok(Connected {
        connection_id,
        org_name: profile.org_name.clone(),
        org_id: profile.org_id.clone(),
        user_name: profile.acting_user.name.clone(),
        is_sandbox: profile.is_sandbox,
        warnings: profile.missing.iter().map(say).collect(),
        crm: line.crm().title(),
        grants,
    })
}

/// Undoes a grant that would not work, unless somebody has disconnected or connected anew since it was stored at that
/// revision: a connection that worked before works on as it did.
pub(super) async fn undo(
    app: &App,
    flow: &Flow,
    (id, revision): (i64, i64),
    before: Option<Connection>,
) -> store::Result<()> {
    let former = before.filter(|before| before.state == State::Connected);
    let Some(former) = former.and_then(|before| Some((before.access_token.clone()?, before))) else {
        return erase(app, id, None, Some(revision)).await.map(|_| ());
    };
    let (access_token, before) = former;
    let detail = json!({ "crm": before.crm, "org": before.org_id, "user": before.user_id });
    let line = lines::line(app, Some(flow.member_id), "connection.undo", id::connection(id), detail);
    let workspace_id = before.workspace_id;
    let former = NewTokens {
        login_url: before.login_url,
        access_token,
        refresh_token: before.refresh_token,
        instance_url: before.instance_url,
        user_id: before.user_id,
        scopes: before.scopes,
    };
    app.db
        .write(move |tx| {
            Box::pin(async move {
                connection::lock(tx, id).await?;
                let present = connection::find(tx, id).await?;
                // The new grant may be lost already; whoever disconnects or connects raises the revision.
                if present.is_some_and(|present| present.token_revision == revision) {
                    connection::put_tokens(tx, id, &former).await?;
                    audit::append(tx, workspace_id, &line).await?;
                    connection::forget_profile(tx, id).await?;
                }
                Ok(())
            })
        })
        .await
}
