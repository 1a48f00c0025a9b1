//! What the store holds about messages on their way, read whole, for tests that judge a run by it.

use std::collections::BTreeMap;

use causeway::{
    args,
    store::{Db, Result, Tx},
};

/// Everything about the entries of one connection.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Entries by id.
    pub entries: BTreeMap<i64, Entry>,
    /// Raw requests that nobody has read yet.
    pub unread: i64,
    /// Parts of raw requests that could not be read.
    pub poison: i64,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Entry {
    pub conversation_id: i64,
    pub state: String,
    pub reason: Option<String>,
    pub detail: String,
    pub items: Vec<Item>,
    /// Records by number of the part.
    pub parts: BTreeMap<i64, Option<String>>,
    /// Tries in the order in which they were made.
    pub attempts: Vec<Attempt>,
}

/// An item that an entry covers.
#[derive(Clone, Debug)]
pub struct Item {
    pub provider_id: String,
    pub order: (i64, i64),
    /// When it was read.
    pub known_at: i64,
}

/// A try.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: i64,
    pub sent_at: i64,
    pub verdict: Option<String>,
}

/// Reads it.
pub async fn read(db: &Db, connection_id: i64) -> Evidence {
    db.read(move |tx| Box::pin(evidence(tx, connection_id))).await.unwrap()
}

async fn evidence(tx: &mut Tx<'_>, connection_id: i64) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    let entries = "SELECT id, conversation_id, state, reason, detail FROM entry WHERE connection_id = $1";
    for row in tx.rows(entries, args![connection_id]).await? {
        let entry = Entry {
            conversation_id: row.int("conversation_id")?,
            state: row.text("state")?,
            reason: row.opt_text("reason")?,
            detail: row.opt_text("detail")?.unwrap_or_default(),
            items: Vec::new(),
            parts: BTreeMap::new(),
            attempts: Vec::new(),
        };
        evidence.entries.insert(row.int("id")?, entry);
    }
    let items = "SELECT ei.entry_id, i.provider_id, i.at, i.position, COALESCE(r.done_at, 0) AS done_at FROM entry e \
                 JOIN entry_item ei ON ei.workspace_id = e.workspace_id AND ei.entry_id = e.id \
                 JOIN item i ON i.workspace_id = ei.workspace_id AND i.id = ei.item_id \
                 LEFT JOIN intake r ON r.id = i.intake_id WHERE e.connection_id = $1 ORDER BY i.at, i.position, i.id";
    for row in tx.rows(items, args![connection_id]).await? {
        let item = Item {
            provider_id: row.text("provider_id")?,
            order: (row.int("at")?, row.int("position")?),
            known_at: row.int("done_at")?,
        };
        evidence.entries.get_mut(&row.int("entry_id")?).unwrap().items.push(item);
    }
    let parts = "SELECT p.entry_id, p.part, p.record_id FROM entry e JOIN entry_part p \
                 ON p.workspace_id = e.workspace_id AND p.entry_id = e.id WHERE e.connection_id = $1";
    for row in tx.rows(parts, args![connection_id]).await? {
        let entry = evidence.entries.get_mut(&row.int("entry_id")?).unwrap();
        entry.parts.insert(row.int("part")?, row.opt_text("record_id")?);
    }
    let attempts = "SELECT id, entry_id, sent_at, verdict FROM attempt \
                    WHERE connection_id = $1 AND entry_id IS NOT NULL ORDER BY id";
    for row in tx.rows(attempts, args![connection_id]).await? {
        let attempt =
            Attempt { id: row.int("id")?, sent_at: row.int("sent_at")?, verdict: row.opt_text("verdict")? };
        if let Some(entry) = evidence.entries.get_mut(&row.int("entry_id")?) {
            entry.attempts.push(attempt);
        }
    }
    let count =
        async |tx: &mut Tx<'_>, sql: &str| tx.row(sql, args![]).await?.map_or(Ok(0), |row| row.int("n"));
    evidence.unread = count(tx, "SELECT count(*) AS n FROM intake WHERE state = 'pending'").await?;
    evidence.poison = count(tx, "SELECT count(*) AS n FROM quarantine").await?;
    Ok(evidence)
}
