//! What is due: entries with everything that their text names, in the order in which they are written.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{
    address::Address,
    plan::{compose::Line, entries::PartState, settings::Shape},
    record::{EntryKind, RecordRef},
    time::Timestamp,
};

use super::super::{
    Error, Result, Row, Tx, args, contact,
    item::{content_of, direction_of},
    person::of_word,
};

/// A due entry with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: i64,
    /// The integration that asks for it.
    pub integration_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// Its person; groups are never due.
    pub contact_id: i64,
    /// Its key.
    pub key: String,
    /// Its shape.
    pub shape: Shape,
    /// As what it is written.
    pub kind: EntryKind,
    /// The wanted revision.
    pub wanted: i64,
    /// The written one.
    pub written: i64,
    /// Failures in a row.
    pub tries: i64,
    /// Its messages, in order.
    pub lines: Vec<Line>,
    /// Its attempted parts.
    pub parts: BTreeMap<u32, PartState>,
}

/// What texts name of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The conversation.
    pub conversation_id: i64,
    /// The channel's name.
    pub channel: String,
    /// What people call the account.
    pub account: String,
    /// The assignee.
    pub assignee_id: Option<i64>,
    /// The account's owner.
    pub account_owner_id: Option<i64>,
}

/// What texts name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name that they chose.
    pub name: Option<String>,
    /// Every address, newest first.
    pub addresses: Vec<Address>,
}

/// A batch of due work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Entries in order.
    pub entries: Vec<Due>,
    /// Their conversations.
    pub conversations: BTreeMap<i64, Around>,
    /// Their people.
    pub contacts: BTreeMap<i64, Named>,
}

/// What a batch knows of an entry itself.
const COLUMNS: &str = "e.workspace_id, e.id, e.integration_id, e.conversation_id, e.contact_id, e.key, e.shape, e.kind, e.wanted, \
                       e.written, e.tries, e.at, e.position";

/// The first entry of each conversation that waits for its first writing and keeps later ones back: as a rule none.
/// (The plus has SQLite look for those that wait, rather than at all of them conversation by conversation.)
const WAITING: &str = "SELECT b.conversation_id, MIN(b.at) AS at FROM entry b WHERE b.connection_id = $1 \
                       AND +b.integration_id = $2 AND b.state = 'due' AND b.written = 0 AND b.due_at > $3 \
                       GROUP BY b.conversation_id";

/// Is an entry due, and nothing of its conversation before it? The first that waits is looked for once in each
/// conversation, not once for each entry behind it.
const IS_DUE: &str = "e.connection_id = $1 AND e.integration_id = $2 AND e.state = 'due' AND e.contact_id IS NOT NULL \
                      AND e.due_at <= $3 AND (e.written > 0 OR w.at IS NULL OR e.at < w.at OR (e.at = w.at \
                      AND NOT EXISTS (SELECT 1 FROM entry s WHERE s.connection_id = $1 AND s.integration_id = $2 \
                      AND s.conversation_id = e.conversation_id AND s.state = 'due' AND s.written = 0 \
                      AND s.due_at > $3 AND s.at = e.at AND (s.position, s.id) < (e.position, e.id))))";

/// Reads due entries of a connection, in the order of their conversations: none whose earlier neighbour still
/// waits for its first writing and is not in the batch.
pub async fn due(tx: &mut Tx<'_>, connection_id: i64, now: i64, most: i64) -> Result<Batch> {
    // Each of these is read in its order from the index, and no further than the batch goes.
    let sql = format!(
        "WITH waiting AS ({WAITING}) SELECT {COLUMNS} FROM entry e \
         LEFT JOIN waiting w ON w.conversation_id = e.conversation_id \
         WHERE {IS_DUE} AND e.is_backfill = $4 ORDER BY e.at, e.position, e.id LIMIT $5"
    );
    let mut rows = Vec::new();
    for integration_id in active(tx, connection_id).await? {
        for is_backfill in [false, true] {
            rows.extend(tx.rows(&sql, args![connection_id, integration_id, now, is_backfill, most]).await?);
        }
    }
    batch(tx, rows, most).await
}

/// The integrations of a connection whose entries are written.
async fn active(tx: &mut Tx<'_>, connection_id: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM integration WHERE connection_id = $1 AND state = 'active' ORDER BY id";
    tx.rows(sql, args![connection_id]).await?.iter().map(|row| row.int("id")).collect()
}

/// The place of an entry in its conversation.
pub(super) fn place(row: &Row) -> Result<(i64, i64, i64)> {
    Ok((row.int("at")?, row.int("position")?, row.int("id")?))
}

/// A batch of the first of these entries, with everything that their text names.
async fn batch(tx: &mut Tx<'_>, rows: Vec<Row>, most: i64) -> Result<Batch> {
    let mut rows = rows.into_iter().map(|row| Ok((place(&row)?, row))).collect::<Result<Vec<_>>>()?;
    rows.sort_by_key(|(place, _)| *place);
    rows.truncate(usize::try_from(most).unwrap_or(0));
    let mut batch = Batch::default();
    for (_, row) in &rows {
        batch.entries.push(Due {
            id: row.int("id")?,
            integration_id: row.int("integration_id")?,
            conversation_id: row.int("conversation_id")?,
            contact_id: row.int("contact_id")?,
            key: row.text("key")?,
            shape: of_word(&row.text("shape")?)?,
            kind: of_word(&row.text("kind")?)?,
            wanted: row.int("wanted")?,
            written: row.int("written")?,
            tries: row.int("tries")?,
            lines: Vec::new(),
            parts: BTreeMap::new(),
        });
    }
    if let Some((_, first)) = rows.first() {
        // A connection belongs to one workspace, and so do its entries.
        let workspace_id = first.int("workspace_id")?;
        fill_lines(tx, workspace_id, &mut batch).await?;
        fill_parts(tx, workspace_id, &mut batch).await?;
        fill_conversations(tx, workspace_id, &mut batch).await?;
        fill_contacts(tx, workspace_id, &mut batch).await?;
    }
    Ok(batch)
}

/// Reads due entries of a connection like [`due`], but none whose message was old when it came, and none behind such.
pub async fn due_new(tx: &mut Tx<'_>, connection_id: i64, now: i64, most: i64) -> Result<Batch> {
    let sql = format!(
        "WITH waiting AS ({WAITING}) SELECT {COLUMNS} FROM entry e \
         LEFT JOIN waiting w ON w.conversation_id = e.conversation_id \
         WHERE {IS_DUE} AND e.is_backfill = 0 AND (e.written > 0 OR NOT EXISTS (SELECT 1 FROM entry o \
         WHERE o.connection_id = $1 AND o.integration_id = $2 AND o.conversation_id = e.conversation_id \
         AND o.state = 'due' AND o.is_backfill = 1 AND o.written = 0 AND o.at <= e.at)) \
         ORDER BY e.at, e.position, e.id LIMIT $4"
    );
    let mut rows = Vec::new();
    for integration_id in active(tx, connection_id).await? {
        rows.extend(tx.rows(&sql, args![connection_id, integration_id, now, most]).await?);
    }
    batch(tx, rows, most).await
}

/// Is anything due whose message was old when it came?
pub async fn has_backfill(tx: &mut Tx<'_>, connection_id: i64, now: i64) -> Result<bool> {
    // (The plus has SQLite look among the old ones, rather than among all that are due.)
    let sql = "SELECT 1 AS one FROM integration g WHERE g.connection_id = $1 AND g.state = 'active' \
               AND EXISTS (SELECT 1 FROM entry e WHERE e.connection_id = $1 AND e.integration_id = g.id \
               AND e.is_backfill = 1 AND e.state = 'due' AND e.contact_id IS NOT NULL AND +e.due_at <= $2)";
    Ok(tx.row(sql, args![connection_id, now]).await?.is_some())
}

/// How many entries of a connection are due, and how many people among theirs have no record yet.
pub async fn waiting(tx: &mut Tx<'_>, connection_id: i64, now: i64) -> Result<(u64, u64)> {
    let sql = "SELECT count(*) AS entries, count(DISTINCT CASE WHEN p.record_id IS NULL THEN e.contact_id END) AS people \
               FROM entry e JOIN integration g ON g.workspace_id = e.workspace_id AND g.id = e.integration_id \
               LEFT JOIN person p ON p.workspace_id = e.workspace_id AND p.contact_id = e.contact_id \
               AND p.connection_id = e.connection_id WHERE e.connection_id = $1 AND e.state = 'due' AND e.due_at <= $2 \
               AND e.contact_id IS NOT NULL AND g.state = 'active'";
    let Some(row) = tx.row(sql, args![connection_id, now]).await? else { return Ok((0, 0)) };
    let count = |column| row.int(column).map(|number| u64::try_from(number).unwrap_or(0));
    Ok((count("entries")?, count("people")?))
}

/// When the next entry of a connection falls due that is not due at `now`.
pub async fn next_due(tx: &mut Tx<'_>, connection_id: i64, now: i64) -> Result<Option<i64>> {
    let sql = "SELECT e.due_at FROM entry e \
               JOIN integration g ON g.workspace_id = e.workspace_id AND g.id = e.integration_id \
               WHERE e.connection_id = $1 AND e.state = 'due' AND e.due_at > $2 AND e.contact_id IS NOT NULL \
               AND g.state = 'active' ORDER BY e.due_at LIMIT 1";
    tx.row(sql, args![connection_id, now]).await?.map(|row| row.int("due_at")).transpose()
}

pub(super) fn json(ids: impl IntoIterator<Item = i64>) -> String {
    serde_json::to_string(&ids.into_iter().collect::<BTreeSet<_>>()).unwrap_or_default()
}

async fn fill_lines(tx: &mut Tx<'_>, workspace_id: i64, batch: &mut Batch) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT ei.entry_id, ei.parts, i.id, i.provider_id, i.at, i.direction, i.author, i.content, i.edited_at, \
         i.revoked_at FROM entry_item ei JOIN item i ON i.workspace_id = ei.workspace_id AND i.id = ei.item_id \
         WHERE ei.workspace_id = $1 AND ei.entry_id IN {ids} ORDER BY i.at, i.position, i.id"
    );
    let mut lines: BTreeMap<i64, Vec<Line>> = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(batch.entries.iter().map(|entry| entry.id))]).await? {
        lines.entry(row.int("entry_id")?).or_default().push(line(&row)?);
    }
    for entry in &mut batch.entries {
        entry.lines = lines.remove(&entry.id).unwrap_or_default();
    }
    Ok(())
}

fn line(row: &Row) -> Result<Line> {
    let parts = row.text("parts")?;
    Ok(Line {
        item_id: row.int("id")?,
        message: row.text("provider_id")?,
        at: Timestamp(row.int("at")?),
        direction: direction_of(&row.text("direction")?),
        author: row.opt_text("author")?.unwrap_or_default(),
        content: content_of(&row.text("content")?)?,
        is_edited: row.opt_int("edited_at")?.is_some(),
        is_revoked: row.opt_int("revoked_at")?.is_some(),
        parts: serde_json::from_str(&parts).map_err(|error| Error::unreadable("parts", &error))?,
    })
}

async fn fill_parts(tx: &mut Tx<'_>, workspace_id: i64, batch: &mut Batch) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT p.entry_id, p.part, p.record_id, p.written_hash, p.unknown_since, p.looks, \
         (SELECT MIN(COALESCE(a.crm_at, a.sent_at)) FROM attempt a WHERE a.workspace_id = p.workspace_id AND a.entry_id = p.entry_id \
         AND a.part = p.part) AS first_sent_at, \
         (SELECT MAX(a.verdict_at) FROM attempt a WHERE a.workspace_id = p.workspace_id AND a.entry_id = p.entry_id \
         AND a.part = p.part AND a.verdict = 'unknown' AND a.revision < e.wanted) AS lost_at \
         FROM entry_part p JOIN entry e ON e.workspace_id = p.workspace_id AND e.id = p.entry_id \
         WHERE p.workspace_id = $1 AND p.entry_id IN {ids}"
    );
    let mut parts: BTreeMap<i64, BTreeMap<u32, PartState>> = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(batch.entries.iter().map(|entry| entry.id))]).await? {
        let state = PartState {
            record_id: row.opt_text("record_id")?,
            written_hash: row.opt_text("written_hash")?,
            unknown_since: row.opt_int("unknown_since")?.map(Timestamp),
            looks: u32::try_from(row.int("looks")?).unwrap_or(0),
            first_sent_at: row.opt_int("first_sent_at")?.map(Timestamp),
            lost_at: row.opt_int("lost_at")?.map(Timestamp),
            attempted_on: Vec::new(),
        };
        let part = u32::try_from(row.int("part")?).unwrap_or(1);
        parts.entry(row.int("entry_id")?).or_default().insert(part, state);
    }
    fill_attempted_on(tx, workspace_id, &mut parts).await?;
    for entry in &mut batch.entries {
        entry.parts = parts.remove(&entry.id).unwrap_or_default();
    }
    Ok(())
}

/// On which records lost parts were attempted: as a rule none is lost, and nothing is asked.
async fn fill_attempted_on(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    parts: &mut BTreeMap<i64, BTreeMap<u32, PartState>>,
) -> Result<()> {
    let is_lost = |part: &PartState| part.record_id.is_none() && part.unknown_since.is_some();
    let lost: Vec<i64> =
        parts.iter().filter(|(_, parts)| parts.values().any(is_lost)).map(|(id, _)| *id).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT DISTINCT entry_id, part, on_module, on_id FROM attempt WHERE workspace_id = $1 AND entry_id IN {ids} \
         AND on_id IS NOT NULL AND part IS NOT NULL ORDER BY entry_id, part, on_module, on_id"
    );
    for row in tx.rows(&sql, args![workspace_id, json(lost)]).await? {
        let number = u32::try_from(row.int("part")?).unwrap_or(1);
        let record = RecordRef { module: of_word(&row.text("on_module")?)?, id: row.text("on_id")? };
        if let Some(part) = parts.get_mut(&row.int("entry_id")?).and_then(|parts| parts.get_mut(&number)) {
            part.attempted_on.push(record);
        }
    }
    Ok(())
}

async fn fill_conversations(tx: &mut Tx<'_>, workspace_id: i64, batch: &mut Batch) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT c.id, c.assignee_id, a.channel, a.display, a.owner_id FROM {ids} AS n CROSS JOIN conversation c \
         JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id \
         WHERE c.workspace_id = $1 AND c.id = n.value"
    );
    for row in tx
        .rows(&sql, args![workspace_id, json(batch.entries.iter().map(|entry| entry.conversation_id))])
        .await?
    {
        let around = Around {
            conversation_id: row.int("id")?,
            channel: row.text("channel")?,
            account: row.text("display")?,
            assignee_id: row.opt_int("assignee_id")?,
            account_owner_id: row.opt_int("owner_id")?,
        };
        batch.conversations.insert(around.conversation_id, around);
    }
    Ok(())
}

async fn fill_contacts(tx: &mut Tx<'_>, workspace_id: i64, batch: &mut Batch) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let wanted = json(batch.entries.iter().map(|entry| entry.contact_id));
    let sql = format!("SELECT id, name FROM contact WHERE workspace_id = $1 AND id IN {ids}");
    for row in tx.rows(&sql, args![workspace_id, wanted.clone()]).await? {
        let who = Named { name: row.opt_text("name")?, addresses: Vec::new() };
        batch.contacts.insert(row.int("id")?, who);
    }
    let sql = format!(
        "SELECT contact_id, kind, scope, value, raw FROM address \
         WHERE workspace_id = $1 AND contact_id IN {ids} ORDER BY created_at DESC, kind, scope, value"
    );
    for row in tx.rows(&sql, args![workspace_id, wanted]).await? {
        if let Some(who) = batch.contacts.get_mut(&row.int("contact_id")?) {
            who.addresses.push(contact::read_address(&row)?);
        }
    }
    Ok(())
}
