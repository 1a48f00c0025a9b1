//! What a lane reads and records: due entries with everything their text names, attempts before requests,
//! verdicts after.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{
    address::Address,
    lane::{HoldReason, Who},
    plan::{compose::Line, entries::PartState, settings::Shape},
    record::{EntryKind, RecordRef},
    time::Timestamp,
};

use super::{
    Error, Result, Row, Tx, args, contact,
    item::{content_of, direction_of},
    person::{of_word, word},
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
fn place(row: &Row) -> Result<(i64, i64, i64)> {
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

fn json(ids: impl IntoIterator<Item = i64>) -> String {
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

/// A try about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttempt {
    /// Its id.
    pub id: i64,
    /// The entry and part, for a try on an entry.
    pub entry: Option<(i64, u32)>,
    /// The contact, for a try on a person.
    pub contact_id: Option<i64>,
    /// The revision that it carries.
    pub revision: i64,
    /// `create` or `change`.
    pub action: &'static str,
    /// The key.
    pub key: String,
    /// On which record an entry is to be made.
    pub on: Option<RecordRef>,
    /// The CRM's time, as far as it is known.
    pub crm_at: i64,
    /// Which parts hold which item, to be fixed with the first attempt.
    pub pieces: BTreeMap<i64, Vec<u32>>,
}

/// Records tries before their request leaves. From here on their outcome is unknown until a verdict says otherwise.
/// Answers which of them may be made: an entry that was sliced anew or held since it was read must not be written.
pub async fn begin(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    attempts: &[NewAttempt],
    now: i64,
) -> Result<BTreeSet<i64>> {
    let entries = json(attempts.iter().filter_map(|attempt| attempt.entry).map(|(id, _)| id));
    let ids = tx.dialect().ids("$2");
    let seal = format!(
        "UPDATE entry SET is_sealed = 1 WHERE workspace_id = $1 AND id IN {ids} AND state = 'due' RETURNING id"
    );
    let sealed = tx.rows(&seal, args![workspace_id, entries]).await?;
    let sealed = sealed.iter().map(|row| row.int("id")).collect::<Result<BTreeSet<_>>>()?;
    let attempts: Vec<&NewAttempt> =
        attempts.iter().filter(|attempt| attempt.entry.is_none_or(|(id, _)| sealed.contains(&id))).collect();
    let record = "INSERT INTO attempt \
                  (workspace_id, id, connection_id, entry_id, part, contact_id, revision, action, key, sent_at, \
                  on_module, on_id, crm_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let rows: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            args![
                workspace_id,
                attempt.id,
                connection_id,
                attempt.entry.map(|entry| entry.0),
                attempt.entry.map(|entry| entry.1),
                attempt.contact_id,
                attempt.revision,
                attempt.action,
                attempt.key.clone(),
                now,
                attempt.on.as_ref().map(|record| word(&record.module)),
                attempt.on.as_ref().map(|record| record.id.clone()),
                attempt.crm_at
            ]
            .to_vec()
        })
        .collect();
    tx.execute_many(record, &rows).await?;
    let on_entries: Vec<_> =
        attempts.iter().filter_map(|attempt| attempt.entry.map(|entry| (entry, attempt))).collect();
    let part = "INSERT INTO entry_part (workspace_id, entry_id, part, looks) VALUES ($1, $2, $3, 0) \
                ON CONFLICT (workspace_id, entry_id, part) DO NOTHING";
    let rows: Vec<_> =
        on_entries.iter().map(|((id, part), _)| args![workspace_id, *id, *part].to_vec()).collect();
    tx.execute_many(part, &rows).await?;
    let fix = "UPDATE entry_item SET parts = $4 WHERE workspace_id = $1 AND entry_id = $2 AND item_id = $3";
    let mut rows = Vec::new();
    for ((id, _), attempt) in &on_entries {
        for (item, parts) in &attempt.pieces {
            let parts = serde_json::to_string(parts).unwrap_or_default();
            rows.push(args![workspace_id, *id, *item, parts].to_vec());
        }
    }
    tx.execute_many(fix, &rows).await?;
    Ok(attempts.iter().map(|attempt| attempt.id).collect())
}

/// Which entries of a batch must not be written for the first time: since it was read, an earlier message of their
/// conversation came late, or one that was held is due again.
pub async fn overtaking(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    batch: &[i64],
) -> Result<BTreeSet<i64>> {
    let batch = json(batch.iter().copied());
    let ids = tx.dialect().ids("$2");
    // As a rule there is none, and this is all that is asked.
    let outside = format!(
        "WITH mine AS (SELECT e.integration_id, e.conversation_id, MAX(e.at) AS at FROM {ids} AS n CROSS JOIN entry e \
         WHERE e.workspace_id = $1 AND e.id = n.value AND e.is_sealed = 0 GROUP BY e.integration_id, e.conversation_id) \
         SELECT o.integration_id, o.conversation_id, o.at, o.position, o.id FROM mine m \
         JOIN entry o ON o.connection_id = $3 AND o.integration_id = m.integration_id \
         AND o.conversation_id = m.conversation_id AND o.at <= m.at AND o.state = 'due' AND o.written = 0 \
         WHERE o.id NOT IN {ids}"
    );
    let outside = tx.rows(&outside, args![workspace_id, batch.clone(), connection_id]).await?;
    if outside.is_empty() {
        return Ok(BTreeSet::new());
    }
    let thread = |row: &Row| -> Result<_> { Ok((row.int("integration_id")?, row.int("conversation_id")?)) };
    let mut first = BTreeMap::new();
    for row in &outside {
        let earliest = first.entry(thread(row)?).or_insert(place(row)?);
        *earliest = place(row)?.min(*earliest);
    }
    let mine = format!(
        "SELECT integration_id, conversation_id, at, position, id FROM entry WHERE workspace_id = $1 AND id IN {ids} \
         AND is_sealed = 0"
    );
    let mut found = BTreeSet::new();
    for row in tx.rows(&mine, args![workspace_id, batch]).await? {
        let place = place(&row)?;
        if first.get(&thread(&row)?).is_some_and(|first| *first < place) {
            found.insert(row.int("id")?);
        }
    }
    Ok(found)
}

/// Notes what an answer meant. `false`: somebody else has taken the lane over and settled the try already.
pub async fn judge(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    attempt_id: i64,
    verdict: &str,
    detail: &str,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE attempt SET verdict = $3, detail = $4, verdict_at = $5 \
               WHERE workspace_id = $1 AND id = $2 AND verdict IS NULL";
    Ok(tx.execute(sql, args![workspace_id, attempt_id, verdict, detail, now]).await? > 0)
}

/// Notes that these tries were done. Answers those that were: somebody else has taken the lane over and settled the others
/// already.
pub async fn judge_done(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    attempts: &[i64],
    now: i64,
) -> Result<BTreeSet<i64>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "UPDATE attempt SET verdict = 'done', detail = '', verdict_at = $3 \
         WHERE workspace_id = $1 AND id IN {ids} AND verdict IS NULL RETURNING id"
    );
    let judged = tx.rows(&sql, args![workspace_id, json(attempts.iter().copied()), now]).await?;
    judged.iter().map(|row| row.int("id")).collect()
}

/// A part that is in the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartWritten {
    /// The entry, and the number of the part.
    pub part: (i64, u32),
    /// As which record.
    pub record_id: String,
    /// What digests what it says there.
    pub hash: String,
}

/// Parts are in the CRM and say what their hashes digest.
pub async fn parts_written(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    parts: &[PartWritten],
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO entry_part (workspace_id, entry_id, part, record_id, written_hash, written_at, looks) \
               VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (workspace_id, entry_id, part) DO UPDATE SET \
               record_id = excluded.record_id, written_hash = excluded.written_hash, \
               written_at = excluded.written_at, unknown_since = NULL, looks = 0";
    let row = |it: &PartWritten| {
        args![workspace_id, it.part.0, it.part.1, it.record_id.clone(), it.hash.clone(), now].to_vec()
    };
    tx.execute_many(sql, &parts.iter().map(row).collect::<Vec<_>>()).await?;
    Ok(())
}

/// A part is in the CRM and says what `hash` digests.
pub async fn part_written(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    part: (i64, u32),
    record_id: &str,
    hash: &str,
    now: i64,
) -> Result<()> {
    let one = PartWritten { part, record_id: record_id.to_owned(), hash: hash.to_owned() };
    parts_written(tx, workspace_id, &[one], now).await
}

/// What a lost answer was to tell was found in the CRM: the try was done. Where several may still come true, which one
/// it was cannot be told, and all stay unknown.
pub async fn found(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    part: (i64, u32),
    unsettled_since: i64,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE attempt SET verdict = 'done', detail = 'found in the CRM', verdict_at = $5 \
               WHERE workspace_id = $1 AND entry_id = $2 AND part = $3 AND verdict = 'unknown' AND verdict_at > $4 \
               AND 1 = (SELECT count(*) FROM attempt o WHERE o.workspace_id = $1 AND o.entry_id = $2 AND o.part = $3 \
               AND o.verdict = 'unknown' AND o.verdict_at > $4)";
    tx.execute(sql, args![workspace_id, part.0, part.1, unsettled_since, now]).await?;
    Ok(())
}

/// A part may or may not be in the CRM, because of a try that was given up at `since`: the latest of them counts.
pub async fn part_unknown(tx: &mut Tx<'_>, workspace_id: i64, part: (i64, u32), since: i64) -> Result<()> {
    let sql = "UPDATE entry_part SET unknown_since = $4, looks = 0 \
               WHERE workspace_id = $1 AND entry_id = $2 AND part = $3";
    tx.execute(sql, args![workspace_id, part.0, part.1, since]).await?;
    Ok(())
}

/// A part is in the CRM as this record; what it says there is not known.
pub async fn part_found(tx: &mut Tx<'_>, workspace_id: i64, part: (i64, u32), record_id: &str) -> Result<()> {
    let sql = "UPDATE entry_part SET record_id = $4, written_hash = NULL, unknown_since = NULL, looks = 0 \
               WHERE workspace_id = $1 AND entry_id = $2 AND part = $3";
    tx.execute(sql, args![workspace_id, part.0, part.1, record_id]).await?;
    Ok(())
}

/// A part is certainly not in the CRM.
pub async fn part_absent(tx: &mut Tx<'_>, workspace_id: i64, part: (i64, u32)) -> Result<()> {
    let sql = "UPDATE entry_part SET unknown_since = NULL, looks = 0 \
               WHERE workspace_id = $1 AND entry_id = $2 AND part = $3 AND record_id IS NULL";
    tx.execute(sql, args![workspace_id, part.0, part.1]).await?;
    Ok(())
}

/// The record that a part was to be written on has moved, and a try of before whose answer was lost may have moved with
/// it: that it was not found where the person was proves nothing.
pub async fn part_moved(tx: &mut Tx<'_>, workspace_id: i64, part: (i64, u32)) -> Result<()> {
    let sql = "UPDATE entry_part SET looks = 0, unknown_since = (SELECT MAX(a.verdict_at) FROM attempt a \
               WHERE a.workspace_id = $1 AND a.entry_id = $2 AND a.part = $3 AND a.verdict = 'unknown') \
               WHERE workspace_id = $1 AND entry_id = $2 AND part = $3 AND record_id IS NULL";
    tx.execute(sql, args![workspace_id, part.0, part.1]).await?;
    Ok(())
}

/// One more look for a part whose answer was lost.
pub async fn part_looked(tx: &mut Tx<'_>, workspace_id: i64, part: (i64, u32)) -> Result<()> {
    let sql =
        "UPDATE entry_part SET looks = looks + 1 WHERE workspace_id = $1 AND entry_id = $2 AND part = $3";
    tx.execute(sql, args![workspace_id, part.0, part.1]).await?;
    Ok(())
}

/// Every part of these entries (id, revision) says what it should at that revision: in step, unless more is wanted
/// meanwhile.
pub async fn entries_written(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    entries: &[(i64, i64)],
    now: i64,
) -> Result<()> {
    let sql = "UPDATE entry SET written = CASE WHEN written < $3 THEN $3 ELSE written END, tries = 0, \
               written_at = $4, due_at = $4, reason = NULL, who = NULL, detail = NULL, is_person_hold = 0, \
               state = CASE WHEN wanted > $3 THEN 'due' ELSE 'written' END \
               WHERE workspace_id = $1 AND id = $2 AND state IN ('due', 'written')";
    let row = |(id, revision): &(i64, i64)| args![workspace_id, *id, *revision, now].to_vec();
    tx.execute_many(sql, &entries.iter().map(row).collect::<Vec<_>>()).await?;
    Ok(())
}

/// An entry is to be taken up again at `due_at`; `failed` counts towards its tries.
pub async fn entry_later(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    entry_id: i64,
    due_at: i64,
    failed: bool,
) -> Result<()> {
    let sql = "UPDATE entry SET due_at = $3, tries = tries + $4 \
               WHERE workspace_id = $1 AND id = $2 AND state = 'due'";
    tx.execute(sql, args![workspace_id, entry_id, due_at, failed]).await?;
    Ok(())
}

/// Holds every due entry of a person, because the person is held.
pub async fn hold_with_person(
    tx: &mut Tx<'_>,
    connection_id: i64,
    contact_id: i64,
    hold: (HoldReason, Who, &str),
) -> Result<()> {
    let sql = "UPDATE entry SET state = 'held', reason = $3, who = $4, detail = $5, is_person_hold = 1 \
               WHERE connection_id = $1 AND contact_id = $2 AND state = 'due'";
    let (reason, who, detail) = hold;
    tx.execute(sql, args![connection_id, contact_id, word(&reason), word(&who), detail]).await?;
    Ok(())
}

/// Lets every due entry of a person wait until `due_at`.
pub async fn person_later(tx: &mut Tx<'_>, connection_id: i64, contact_id: i64, due_at: i64) -> Result<()> {
    let sql = "UPDATE entry SET due_at = $3 \
               WHERE connection_id = $1 AND contact_id = $2 AND state = 'due' AND due_at < $3";
    tx.execute(sql, args![connection_id, contact_id, due_at]).await?;
    Ok(())
}

/// Takes every try without a verdict as unknown from now on: whoever made it is gone, or could not keep its verdict.
/// Returns how many there were.
pub async fn settle_open(tx: &mut Tx<'_>, connection_id: i64, now: i64) -> Result<u64> {
    let sql = "SELECT workspace_id, id, entry_id, part, contact_id, action FROM attempt \
               WHERE connection_id = $1 AND verdict IS NULL";
    let open = tx.rows(sql, args![connection_id]).await?;
    let person = "UPDATE person SET unknown_since = $4, looks = 0 \
                  WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3";
    for attempt in &open {
        let workspace_id = attempt.int("workspace_id")?;
        if let (Some(entry_id), Some(part)) = (attempt.opt_int("entry_id")?, attempt.opt_int("part")?) {
            part_unknown(tx, workspace_id, (entry_id, u32::try_from(part).unwrap_or(1)), now).await?;
        }
        // A change of a person's record is read again before it is repeated; only a creation can be made twice.
        if let (Some(contact_id), "create") =
            (attempt.opt_int("contact_id")?, attempt.text("action")?.as_str())
        {
            tx.execute(person, args![workspace_id, connection_id, contact_id, now]).await?;
        }
        let detail = "the sender stopped before the answer";
        judge(tx, workspace_id, attempt.int("id")?, "unknown", detail, now).await?;
    }
    Ok(u64::try_from(open.len()).unwrap_or(u64::MAX))
}

/// Whatever of a connection may or may not be in the CRM is so from now on: a clock was set, and how long it has been so
/// cannot be told. Nor can it be told which of the attempts were made before: by as much as ours may have been ahead, each
/// was made earlier by the CRM's.
pub async fn wait_anew(tx: &mut Tx<'_>, connection_id: i64, ahead: i64, now: i64) -> Result<()> {
    let parts = "UPDATE entry_part SET unknown_since = $2, looks = 0 WHERE unknown_since IS NOT NULL \
                 AND (workspace_id, entry_id) IN (SELECT e.workspace_id, e.id FROM entry e \
                 WHERE e.connection_id = $1 AND e.state IN ('due', 'held'))";
    let attempts = "UPDATE attempt SET verdict_at = $2 WHERE connection_id = $1 AND verdict = 'unknown' \
                    AND (workspace_id, entry_id) IN (SELECT e.workspace_id, e.id FROM entry e \
                    WHERE e.connection_id = $1 AND e.state IN ('due', 'held'))";
    let people = "UPDATE person SET unknown_since = $2, looks = 0 WHERE connection_id = $1 AND unknown_since IS NOT NULL";
    for sql in [parts, attempts, people] {
        tx.execute(sql, args![connection_id, now]).await?;
    }
    let earlier = "UPDATE attempt SET crm_at = crm_at - $2 WHERE connection_id = $1 \
                   AND (verdict = 'unknown' OR verdict IS NULL) AND (workspace_id, entry_id) IN (SELECT e.workspace_id, e.id FROM entry e \
                   WHERE e.connection_id = $1 AND e.state IN ('due', 'held'))";
    tx.execute(earlier, args![connection_id, ahead.max(0)]).await?;
    Ok(())
}
