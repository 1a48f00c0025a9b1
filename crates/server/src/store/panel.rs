//! Panels: what a workspace chose to see of each org, and which record the panel found for a contact by itself.

use causeway_core::{
    panel::{matching::How, settings::PanelSettings},
    record::{Module, RecordRef},
};

use super::{
    Error, Result, Row, Tx, args,
    connection::State,
    person::{of_word, word},
};

/// A connection as a panel sees it. Lighter than the whole: it is read for every panel that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The connection.
    pub connection_id: i64,
    /// The CRM's name.
    pub crm: String,
    /// The organisation by its id in the CRM.
    pub org_id: String,
    /// Whether the connection can be used.
    pub state: State,
    /// Why it cannot.
    pub detail: String,
    /// Whether the panel is switched on. Without any choice it is.
    pub is_on: bool,
    /// What the workspace chose.
    pub settings: PanelSettings,
    /// Rises with every change of the choice; 0 while nothing was chosen.
    pub revision: i64,
}

const PANELS: &str = "SELECT c.id, c.crm, c.org_id, c.state AS connection_state, c.detail, \
                      i.state, i.settings, i.revision FROM connection c \
                      LEFT JOIN integration i ON i.workspace_id = c.workspace_id AND i.connection_id = c.id \
                      AND i.kind = 'panel'";

/// The panel of a connection.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, connection_id: i64) -> Result<Option<Panel>> {
    let sql = format!("{PANELS} WHERE c.workspace_id = $1 AND c.id = $2");
    tx.row(&sql, args![workspace_id, connection_id]).await?.map(|row| read(&row)).transpose()
}

/// The panels of all connections of a workspace, the oldest connection first.
pub async fn of_workspace(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Panel>> {
    let sql = format!("{PANELS} WHERE c.workspace_id = $1 ORDER BY c.id");
    tx.rows(&sql, args![workspace_id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Panel> {
    let settings = match row.opt_text("settings")? {
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| Error::not_yet_readable("settings", &error))?
        }
        None => PanelSettings::default(),
    };
    Ok(Panel {
        connection_id: row.int("id")?,
        crm: row.text("crm")?,
        org_id: row.text("org_id")?,
        state: State::of(&row.text("connection_state")?),
        detail: row.text("detail")?,
        is_on: row.opt_text("state")?.is_none_or(|state| state == "active"),
        settings,
        revision: row.opt_int("revision")?.unwrap_or(0),
    })
}

/// A choice as it is to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Whether the panel is switched on.
    pub is_on: bool,
    /// What the workspace chose.
    pub settings: PanelSettings,
    /// The revision that the choice was made on; 0 for the first.
    pub revision: i64,
}

/// Stores a choice together with its version, if nobody else chose since its revision. `false`: somebody did.
pub async fn choose(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    chosen: &Chosen,
    by: Option<i64>,
    now: i64,
) -> Result<bool> {
    let settings = serde_json::to_string(&chosen.settings).unwrap_or_default();
    let state = if chosen.is_on { "active" } else { "paused" };
    let done = if chosen.revision == 0 {
        // The connection's own number is the panel's: so two first choices cannot both be stored.
        let sql = "INSERT INTO integration \
                   (workspace_id, id, connection_id, kind, state, settings, revision, created_at) \
                   VALUES ($1, $2, $2, 'panel', $3, $4, 1, $5) ON CONFLICT (workspace_id, id) DO NOTHING";
        tx.execute(sql, args![workspace_id, connection_id, state, settings.clone(), now]).await?
    } else {
        let sql = "UPDATE integration SET state = $3, settings = $4, revision = revision + 1 \
                   WHERE workspace_id = $1 AND connection_id = $2 AND kind = 'panel' AND revision = $5";
        tx.execute(sql, args![workspace_id, connection_id, state, settings.clone(), chosen.revision]).await?
    };
    if done == 0 {
        return Ok(false);
    }
    let version = "INSERT INTO integration_version \
                   (workspace_id, integration_id, revision, state, settings, changed_by, changed_at) \
                   SELECT workspace_id, id, revision, state, settings, CAST($3 AS BIGINT), CAST($4 AS BIGINT) \
                   FROM integration WHERE workspace_id = $1 AND connection_id = $2 AND kind = 'panel'";
    tx.execute(version, args![workspace_id, connection_id, by, now]).await?;
    Ok(true)
}

/// A record that the panel found by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The record.
    pub record: RecordRef,
    /// The digest of what it was found by: it holds for no other addresses and settings.
    pub searched: String,
    /// How it was found.
    pub how: How,
    /// When.
    pub at: i64,
}

/// What the panel found for a contact.
pub async fn remembered(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    contact_id: i64,
) -> Result<Option<Remembered>> {
    let sql = "SELECT module, record_id, searched, found_by, at FROM panel_match \
               WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3";
    let Some(row) = tx.row(sql, args![workspace_id, connection_id, contact_id]).await? else {
        return Ok(None);
    };
    // What another version wrote is found anew.
    let Ok(how) = serde_json::from_str(&row.text("found_by")?) else { return Ok(None) };
    Ok(Some(Remembered {
        record: RecordRef { module: of_word::<Module>(&row.text("module")?)?, id: row.text("record_id")? },
        searched: row.text("searched")?,
        how,
        at: row.int("at")?,
    }))
}

/// Remembers what the panel found for a contact, unless its connection was given up meanwhile.
pub async fn remember(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    contact_id: i64,
    found: &Remembered,
) -> Result<()> {
    let connected = "SELECT id FROM connection WHERE workspace_id = $1 AND id = $2 AND state = 'connected'";
    if tx.row(connected, args![workspace_id, connection_id]).await?.is_none() {
        return Ok(());
    }
    let sql = "INSERT INTO panel_match \
               (workspace_id, connection_id, contact_id, module, record_id, searched, found_by, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (workspace_id, contact_id, connection_id) DO UPDATE SET module = excluded.module, \
               record_id = excluded.record_id, searched = excluded.searched, found_by = excluded.found_by, \
               at = excluded.at";
    let args = args![
        workspace_id,
        connection_id,
        contact_id,
        word(&found.record.module),
        found.record.id.clone(),
        found.searched.clone(),
        serde_json::to_string(&found.how).unwrap_or_default(),
        found.at
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Forgets what the panel found for a contact.
pub async fn forget(tx: &mut Tx<'_>, workspace_id: i64, connection_id: i64, contact_id: i64) -> Result<()> {
    let sql = "DELETE FROM panel_match WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3";
    tx.execute(sql, args![workspace_id, connection_id, contact_id]).await?;
    Ok(())
}

/// Forgets all that the panel found under a connection.
pub async fn forget_all(tx: &mut Tx<'_>, connection_id: i64) -> Result<()> {
    tx.execute("DELETE FROM panel_match WHERE connection_id = $1", args![connection_id]).await?;
    Ok(())
}
