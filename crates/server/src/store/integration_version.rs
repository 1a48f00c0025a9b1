//! What an integration was like, version by version: who changed it, when, and to what (X11).

use causeway_core::plan::settings::ChatSync;

use super::{
    Error, Result, Row, Tx, args,
    integration::{Integration, State},
};

/// An integration as it was at a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The revision.
    pub revision: i64,
    /// Whether it worked.
    pub state: State,
    /// What was in force.
    pub settings: ChatSync,
    /// The member who made it so; `None`: from before versions were kept.
    pub by: Option<i64>,
    /// When.
    pub at: i64,
}

/// Keeps an integration as it is now. What is kept of that revision already stays.
pub async fn keep(tx: &mut Tx<'_>, integration: &Integration, by: Option<i64>, now: i64) -> Result<()> {
    let sql = "INSERT INTO integration_version (workspace_id, integration_id, revision, state, settings, changed_by, \
               changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (workspace_id, integration_id, revision) DO NOTHING";
    let args = args![
        integration.workspace_id,
        integration.id,
        integration.revision,
        integration.state.word(),
        serde_json::to_string(&integration.settings).unwrap_or_default(),
        by,
        now
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The versions of an integration, the newest first.
pub async fn all(tx: &mut Tx<'_>, workspace_id: i64, integration_id: i64) -> Result<Vec<Version>> {
    let sql = "SELECT revision, state, settings, changed_by, changed_at FROM integration_version \
               WHERE workspace_id = $1 AND integration_id = $2 ORDER BY revision DESC";
    tx.rows(sql, args![workspace_id, integration_id]).await?.iter().map(read).collect()
}

/// One version.
pub async fn find(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    integration_id: i64,
    revision: i64,
) -> Result<Option<Version>> {
    let sql = "SELECT revision, state, settings, changed_by, changed_at FROM integration_version \
               WHERE workspace_id = $1 AND integration_id = $2 AND revision = $3";
    tx.row(sql, args![workspace_id, integration_id, revision]).await?.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Version> {
    Ok(Version {
        revision: row.int("revision")?,
        state: State::of(&row.text("state")?),
        settings: serde_json::from_str(&row.text("settings")?)
            .map_err(|error| Error::not_yet_readable("settings", &error))?,
        by: row.opt_int("changed_by")?,
        at: row.int("changed_at")?,
    })
}
