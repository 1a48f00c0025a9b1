//! Integrations: configured uses of a connection.

use causeway_core::plan::settings::ChatSync;

use super::{Error, Result, Row, Tx, args};

/// A chat-sync integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// The connection that it uses.
    pub connection_id: i64,
    /// It is paused: what comes waits.
    pub is_paused: bool,
    /// What the workspace chose.
    pub settings: ChatSync,
    /// Rises with every change of the settings.
    pub revision: i64,
}

/// Stores a new integration.
pub async fn insert(tx: &mut Tx<'_>, integration: &Integration, now: i64) -> Result<()> {
    let sql = "INSERT INTO integration (workspace_id, id, connection_id, kind, state, settings, revision, created_at) \
               VALUES ($1, $2, $3, 'chat_sync', $4, $5, $6, $7)";
    let args = args![
        integration.workspace_id,
        integration.id,
        integration.connection_id,
        word(integration.is_paused),
        text(&integration.settings),
        integration.revision,
        now
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Every integration of a workspace.
pub async fn of_workspace(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Integration>> {
    let sql = "SELECT workspace_id, id, connection_id, state, settings, revision FROM integration \
               WHERE workspace_id = $1 AND kind = 'chat_sync' ORDER BY id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read).collect()
}

/// Every integration of a connection.
pub async fn of_connection(tx: &mut Tx<'_>, connection_id: i64) -> Result<Vec<Integration>> {
    let sql = "SELECT workspace_id, id, connection_id, state, settings, revision FROM integration \
               WHERE connection_id = $1 AND kind = 'chat_sync' ORDER BY id";
    tx.rows(sql, args![connection_id]).await?.iter().map(read).collect()
}

/// The integration of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Integration>> {
    let sql = "SELECT workspace_id, id, connection_id, state, settings, revision FROM integration \
               WHERE workspace_id = $1 AND id = $2 AND kind = 'chat_sync'";
    tx.row(sql, args![workspace_id, id]).await?.map(|row| read(&row)).transpose()
}

/// Stores changed settings, if nobody else changed them since `revision`.
pub async fn change(tx: &mut Tx<'_>, integration: &Integration) -> Result<bool> {
    let sql = "UPDATE integration SET settings = $3, state = $4, revision = revision + 1 \
               WHERE workspace_id = $1 AND id = $2 AND revision = $5";
    let args = args![
        integration.workspace_id,
        integration.id,
        text(&integration.settings),
        word(integration.is_paused),
        integration.revision
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

fn word(is_paused: bool) -> &'static str {
    if is_paused { "paused" } else { "active" }
}

fn text(settings: &ChatSync) -> String {
    serde_json::to_string(settings).unwrap_or_default()
}

fn read(row: &Row) -> Result<Integration> {
    let settings = row.text("settings")?;
    Ok(Integration {
        workspace_id: row.int("workspace_id")?,
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        is_paused: row.text("state")? != "active",
        settings: serde_json::from_str(&settings)
            .map_err(|error| Error::not_yet_readable("settings", &error))?,
        revision: row.int("revision")?,
    })
}
