//! Integrations: configured uses of a connection, and what somebody is about to change in one.

use causeway_core::plan::settings::ChatSync;
use serde::{Deserialize, Serialize};

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
    /// Whether it works.
    pub state: State,
    /// What the workspace chose, and what is in force.
    pub settings: ChatSync,
    /// Rises with every change of the settings.
    pub revision: i64,
}

/// Whether an integration works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is being set up: nothing is synced, and nothing waits for it.
    Draft,
    /// What comes is synced.
    Active,
    /// What comes waits.
    Paused,
}

impl State {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    /// Behind a stored word. One that only a newer program knows syncs nothing.
    pub fn of(word: &str) -> Self {
        match word {
            "draft" => Self::Draft,
            "active" => Self::Active,
            _ => Self::Paused,
        }
    }

    /// The state once settings are put in force: what was being set up works from then on, all else stays.
    #[must_use]
    pub fn begun(self) -> Self {
        if self == Self::Draft { Self::Active } else { self }
    }
}

/// Settings that somebody is about to apply (R4.28).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// As they would be.
    pub settings: ChatSync,
    /// The revision that they were begun on.
    pub base: i64,
    /// The member who began.
    pub by: Option<i64>,
    /// When they began.
    pub at: i64,
}

/// What of a draft is kept as text.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: i64,
    settings: ChatSync,
}

/// Stores a new integration.
pub async fn insert(tx: &mut Tx<'_>, integration: &Integration, now: i64) -> Result<()> {
    let sql = "INSERT INTO integration (workspace_id, id, connection_id, kind, state, settings, revision, created_at) \
               VALUES ($1, $2, $3, 'chat_sync', $4, $5, $6, $7)";
    let args = args![
        integration.workspace_id,
        integration.id,
        integration.connection_id,
        integration.state.word(),
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
               WHERE workspace_id = $1 AND id = $2 AND revision = $5 AND kind = 'chat_sync'";
    let args = args![
        integration.workspace_id,
        integration.id,
        text(&integration.settings),
        integration.state.word(),
        integration.revision
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Keeps a draft. Who began one, and when, stays until it is dropped.
pub async fn save_draft(tx: &mut Tx<'_>, workspace_id: i64, id: i64, draft: &Draft) -> Result<()> {
    let kept = Kept { base: draft.base, settings: draft.settings.clone() };
    let sql = "UPDATE integration SET draft = $3, draft_by = CASE WHEN draft IS NULL THEN $4 ELSE draft_by END, \
               draft_at = COALESCE(draft_at, $5) WHERE workspace_id = $1 AND id = $2 AND kind = 'chat_sync'";
    let text = serde_json::to_string(&kept).unwrap_or_default();
    tx.execute(sql, args![workspace_id, id, text, draft.by, draft.at]).await?;
    Ok(())
}

/// The draft of an integration, if there is one.
pub async fn draft(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Draft>> {
    let sql = "SELECT draft, draft_by, draft_at FROM integration \
               WHERE workspace_id = $1 AND id = $2 AND kind = 'chat_sync' AND draft IS NOT NULL";
    let Some(row) = tx.row(sql, args![workspace_id, id]).await? else { return Ok(None) };
    let kept: Kept = serde_json::from_str(&row.text("draft")?)
        .map_err(|error| Error::not_yet_readable("draft", &error))?;
    Ok(Some(Draft {
        settings: kept.settings,
        base: kept.base,
        by: row.opt_int("draft_by")?,
        at: row.opt_int("draft_at")?.unwrap_or(0),
    }))
}

/// Drops the draft. `false`: there was none.
pub async fn drop_draft(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<bool> {
    let sql = "UPDATE integration SET draft = NULL, draft_by = NULL, draft_at = NULL \
               WHERE workspace_id = $1 AND id = $2 AND draft IS NOT NULL";
    Ok(tx.execute(sql, args![workspace_id, id]).await? > 0)
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
        state: State::of(&row.text("state")?),
        settings: serde_json::from_str(&settings)
            .map_err(|error| Error::not_yet_readable("settings", &error))?,
        revision: row.int("revision")?,
    })
}
