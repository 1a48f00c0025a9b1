//! What a receipt is read from.

use causeway_core::{
    lane::{HoldReason, Who},
    receipt::Attempt,
    record::EntryKind,
    time::Timestamp,
};

use super::{Result, Tx, args, person::of_word};

/// A message, as a receipt begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// The provider's id.
    pub provider_id: String,
    /// Its conversation.
    pub conversation_id: i64,
    /// Its person.
    pub contact_id: Option<i64>,
    /// The channel's name.
    pub channel: String,
    /// `in` or `out`.
    pub direction: String,
    /// Provider time.
    pub at: i64,
    /// When it came.
    pub received_at: i64,
    /// How far it has come on its channel.
    pub delivery: Option<String>,
}

/// Messages of that provider id, or the one of that id.
pub async fn messages(
    tx: &mut Tx<'_>,
    workspace_id: Option<i64>,
    provider_id: &str,
    id: i64,
) -> Result<Vec<Message>> {
    // Both ways end in (workspace, id); `CROSS` keeps SQLite to this order, in which every step has its index.
    let sql = "SELECT i.workspace_id, i.id, i.provider_id, i.conversation_id, c.contact_id, a.channel, i.direction, \
               i.at, i.received_at, (SELECT d.state FROM delivery d WHERE d.workspace_id = i.workspace_id \
               AND d.account_id = i.account_id AND d.target = i.provider_id AND d.participant = '') AS delivery \
               FROM (SELECT p.workspace_id, p.id FROM workspace w CROSS JOIN item p \
               WHERE p.workspace_id = w.id AND p.provider_id = $1 \
               UNION SELECT o.id AS workspace_id, CAST($2 AS BIGINT) AS id FROM workspace o) AS n CROSS JOIN item i \
               JOIN conversation c ON c.workspace_id = i.workspace_id AND c.id = i.conversation_id \
               JOIN account a ON a.workspace_id = i.workspace_id AND a.id = i.account_id \
               WHERE i.workspace_id = n.workspace_id AND i.id = n.id AND i.kind = 'message' \
               AND (CAST($3 AS BIGINT) = 0 OR i.workspace_id = $3) ORDER BY i.id LIMIT 100";
    let rows = tx.rows(sql, args![provider_id, id, workspace_id.unwrap_or(0)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Message {
                workspace_id: row.int("workspace_id")?,
                id: row.int("id")?,
                provider_id: row.text("provider_id")?,
                conversation_id: row.int("conversation_id")?,
                contact_id: row.opt_int("contact_id")?,
                channel: row.text("channel")?,
                direction: row.text("direction")?,
                at: row.int("at")?,
                received_at: row.int("received_at")?,
                delivery: row.opt_text("delivery")?,
            })
        })
        .collect()
}

/// An entry that covers a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covering {
    /// Its id.
    pub id: i64,
    /// The integration that asked for it.
    pub integration_id: i64,
    /// The connection that it is written through.
    pub connection_id: i64,
    /// `due`, `written`, `held` or `skipped`.
    pub state: String,
    /// Why it is held.
    pub hold: Option<(HoldReason, Who)>,
    /// More words.
    pub detail: String,
    /// When it is due.
    pub due_at: i64,
    /// It was put together with others because calls ran short.
    pub is_widened: bool,
    /// As what it is written.
    pub kind: EntryKind,
    /// The parts that hold the message, once attempted.
    pub parts: Vec<u32>,
}

/// The entries that cover a message.
pub async fn covering(tx: &mut Tx<'_>, workspace_id: i64, item_id: i64) -> Result<Vec<Covering>> {
    let sql = "SELECT e.id, e.integration_id, e.connection_id, e.state, e.reason, e.who, e.detail, e.due_at, \
               e.is_widened, e.kind, ei.parts \
               FROM entry_item ei JOIN entry e ON e.workspace_id = ei.workspace_id AND e.id = ei.entry_id \
               WHERE ei.workspace_id = $1 AND ei.item_id = $2 ORDER BY e.id";
    let rows = tx.rows(sql, args![workspace_id, item_id]).await?;
    rows.iter()
        .map(|row| {
            let hold = match (row.opt_text("reason")?, row.opt_text("who")?) {
                (Some(reason), Some(who)) => Some((of_word(&reason)?, of_word(&who)?)),
                _ => None,
            };
            Ok(Covering {
                id: row.int("id")?,
                integration_id: row.int("integration_id")?,
                connection_id: row.int("connection_id")?,
                state: row.text("state")?,
                hold,
                detail: row.opt_text("detail")?.unwrap_or_default(),
                due_at: row.int("due_at")?,
                is_widened: row.bool("is_widened")?,
                kind: of_word(&row.text("kind")?)?,
                parts: serde_json::from_str(&row.text("parts")?).unwrap_or_default(),
            })
        })
        .collect()
}

/// A part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub part: u32,
    /// The record that holds it.
    pub record_id: Option<String>,
    /// When it was written.
    pub written_at: Option<i64>,
    /// An attempt whose answer was lost.
    pub is_unknown: bool,
}

/// The attempted parts of an entry.
pub async fn parts(tx: &mut Tx<'_>, workspace_id: i64, entry_id: i64) -> Result<Vec<Part>> {
    let sql = "SELECT part, record_id, written_at, unknown_since FROM entry_part \
               WHERE workspace_id = $1 AND entry_id = $2 ORDER BY part";
    let rows = tx.rows(sql, args![workspace_id, entry_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Part {
                part: u32::try_from(row.int("part")?).unwrap_or(1),
                record_id: row.opt_text("record_id")?,
                written_at: row.opt_int("written_at")?,
                is_unknown: row.opt_int("unknown_since")?.is_some(),
            })
        })
        .collect()
}

/// The recorded tries of an entry, in order.
pub async fn attempts(tx: &mut Tx<'_>, workspace_id: i64, entry_id: i64) -> Result<Vec<Attempt>> {
    let sql = "SELECT sent_at, revision, action, verdict, detail FROM attempt \
               WHERE workspace_id = $1 AND entry_id = $2 ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id, entry_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Attempt {
                sent_at: Timestamp(row.int("sent_at")?),
                revision: row.int("revision")?,
                action: row.text("action")?,
                verdict: row.opt_text("verdict")?,
                detail: row.opt_text("detail")?.filter(|detail| !detail.is_empty()),
            })
        })
        .collect()
}
