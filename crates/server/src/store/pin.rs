//! Records of a CRM that members pinned to conversations.

use super::{Result, Row, Tx, args};

/// A pinned record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Its id.
    pub id: i64,
    /// The connection behind the record.
    pub connection_id: i64,
    /// The CRM's name of its kind.
    pub module: String,
    /// Its id there.
    pub record_id: String,
    /// What it was called when it was pinned.
    pub label: String,
    /// The member who pinned it.
    pub created_by: i64,
    /// When.
    pub created_at: i64,
}

/// Pins a record to a conversation. `false`: it is pinned there already, and nothing changed.
pub async fn add(tx: &mut Tx<'_>, workspace_id: i64, conversation_id: i64, pin: &Pin) -> Result<bool> {
    let sql = "INSERT INTO pin (workspace_id, id, conversation_id, connection_id, module, record_id, label, \
               created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT (workspace_id, conversation_id, connection_id, record_id) DO NOTHING";
    let args = args![
        workspace_id,
        pin.id,
        conversation_id,
        pin.connection_id,
        pin.module.clone(),
        pin.record_id.clone(),
        pin.label.clone(),
        pin.created_by,
        pin.created_at
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// What is pinned to a conversation, oldest first.
pub async fn of_conversation(tx: &mut Tx<'_>, workspace_id: i64, conversation_id: i64) -> Result<Vec<Pin>> {
    let sql = "SELECT id, connection_id, module, record_id, label, created_by, created_at FROM pin \
               WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY created_at, id";
    tx.rows(sql, args![workspace_id, conversation_id]).await?.iter().map(read).collect()
}

/// What is pinned to the conversations of a contact, each with its conversation, oldest first; at most 50.
pub async fn of_contact(tx: &mut Tx<'_>, workspace_id: i64, contact_id: i64) -> Result<Vec<(i64, Pin)>> {
    // SQLite keeps the order of a CROSS JOIN: from the few conversations to their pins.
    let sql = "SELECT p.conversation_id, p.id, p.connection_id, p.module, p.record_id, p.label, p.created_by, \
               p.created_at FROM conversation c CROSS JOIN pin p \
               WHERE c.workspace_id = $1 AND c.contact_id = $2 AND p.workspace_id = $1 \
               AND p.conversation_id = c.id ORDER BY p.id LIMIT 50";
    let rows = tx.rows(sql, args![workspace_id, contact_id]).await?;
    rows.iter().map(|row| Ok((row.int("conversation_id")?, read(row)?))).collect()
}

fn read(row: &Row) -> Result<Pin> {
    Ok(Pin {
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        module: row.text("module")?,
        record_id: row.text("record_id")?,
        label: row.text("label")?,
        created_by: row.int("created_by")?,
        created_at: row.int("created_at")?,
    })
}

/// Takes a pin off its conversation. `false`: there is no such pin.
pub async fn remove(tx: &mut Tx<'_>, workspace_id: i64, conversation_id: i64, id: i64) -> Result<bool> {
    let sql = "DELETE FROM pin WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3";
    Ok(tx.execute(sql, args![workspace_id, conversation_id, id]).await? > 0)
}
