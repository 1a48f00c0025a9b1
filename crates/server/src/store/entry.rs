//! Entries: made due in the transaction of the fact, and which message each covers.

use causeway_core::{
    lane::{HoldReason, Who},
    plan::{grouping::OpenEntry, settings::Shape},
    record::EntryKind,
    time::Timestamp,
};

use super::{
    Result, Row, Tx, args,
    person::{of_word, word},
};

/// An entry to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// The connection that it is written through.
    pub connection_id: i64,
    /// The integration that asks for it.
    pub integration_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// Its person; `None` for a group.
    pub contact_id: Option<i64>,
    /// Its key.
    pub key: String,
    /// Its shape.
    pub shape: Shape,
    /// As what it is written.
    pub kind: EntryKind,
    /// Time and place of its first message: the order in the conversation.
    pub order: (i64, i64),
    /// Its slice.
    pub slice: (i64, i64),
    /// When it is to be written; `Err` leaves it out by a rule, in words.
    pub due: std::result::Result<i64, String>,
    /// Its messages are put together because calls run short.
    pub is_widened: bool,
    /// Its message was old when it came.
    pub is_backfill: bool,
}

/// Makes an entry. `false`: one of that key is there already.
pub async fn insert(tx: &mut Tx<'_>, entry: &NewEntry, now: i64) -> Result<bool> {
    let sql = "INSERT INTO entry (workspace_id, id, connection_id, integration_id, conversation_id, contact_id, key, \
               shape, at, position, starts_at, ends_at, state, detail, is_person_hold, wanted, written, is_sealed, \
               due_at, tries, created_at, is_widened, is_backfill, kind, account_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 1, 0, 0, $15, 0, $16, $17, $18, $19, \
               COALESCE((SELECT c.account_id FROM conversation c WHERE c.workspace_id = $1 AND c.id = $5), 0)) \
               ON CONFLICT (workspace_id, integration_id, key) DO NOTHING";
    let (state, detail, due_at) = match &entry.due {
        Ok(due_at) => ("due", None, *due_at),
        Err(rule) => ("skipped", Some(rule.clone()), now),
    };
    let args = args![
        entry.workspace_id,
        entry.id,
        entry.connection_id,
        entry.integration_id,
        entry.conversation_id,
        entry.contact_id,
        entry.key.clone(),
        word(&entry.shape),
        entry.order.0,
        entry.order.1,
        entry.slice.0,
        entry.slice.1,
        state,
        detail,
        due_at,
        now,
        entry.is_widened,
        entry.is_backfill,
        word(&entry.kind)
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Calls are enough again: what waits in a wider entry than was chosen is written now.
pub async fn end_widening(tx: &mut Tx<'_>, connection_id: i64, now: i64) -> Result<u64> {
    let sql = "UPDATE entry SET due_at = $2 WHERE connection_id = $1 AND state = 'due' AND is_widened = 1 \
               AND is_sealed = 0 AND due_at > $2";
    tx.execute(sql, args![connection_id, now]).await
}

/// The entry of that key, if there is one.
pub async fn of_key(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    integration_id: i64,
    key: &str,
) -> Result<Option<i64>> {
    let sql = "SELECT id FROM entry WHERE workspace_id = $1 AND integration_id = $2 AND key = $3";
    let row = tx.row(sql, args![workspace_id, integration_id, key]).await?;
    row.map(|row| row.int("id")).transpose()
}

/// Entries of a person in a conversation whose slice takes a message of `at`.
pub async fn taking(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    integration_id: i64,
    (conversation_id, contact_id): (i64, i64),
    at: i64,
) -> Result<Vec<OpenEntry>> {
    let sql = "SELECT id, starts_at, ends_at, shape, is_sealed FROM entry \
               WHERE workspace_id = $1 AND integration_id = $2 AND conversation_id = $3 AND contact_id = $5 \
               AND starts_at <= $4 AND ends_at > $4 AND state <> 'skipped' ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id, integration_id, conversation_id, at, contact_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(OpenEntry {
                id: row.int("id")?,
                starts_at: Timestamp(row.int("starts_at")?),
                ends_at: Timestamp(row.int("ends_at")?),
                shape: of_word(&row.text("shape")?)?,
                is_sealed: row.bool("is_sealed")?,
            })
        })
        .collect()
}

/// Lets an entry cover an item. `false`: the item is covered already.
pub async fn cover(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    integration_id: i64,
    item_id: i64,
    entry_id: i64,
) -> Result<bool> {
    let sql = "INSERT INTO entry_item (workspace_id, integration_id, item_id, entry_id, parts) \
               VALUES ($1, $2, $3, $4, '[]') ON CONFLICT (workspace_id, integration_id, item_id) DO NOTHING";
    Ok(tx.execute(sql, args![workspace_id, integration_id, item_id, entry_id]).await? > 0)
}

/// Raises what is wanted of one entry: it is stale now. What a person deleted or edited in the CRM stays held.
pub async fn raise(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    entry_id: i64,
    order: (i64, i64),
    now: i64,
) -> Result<()> {
    let sql = "UPDATE entry SET wanted = wanted + 1, \
               due_at = CASE WHEN state = 'written' THEN $5 ELSE due_at END, \
               state = CASE WHEN state = 'written' THEN 'due' ELSE state END, \
               position = CASE WHEN ($3, $4) < (at, position) THEN $4 ELSE position END, \
               at = CASE WHEN $3 < at THEN $3 ELSE at END \
               WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, args![workspace_id, entry_id, order.0, order.1, now]).await?;
    Ok(())
}

/// Raises what is wanted of every entry that covers an item.
pub async fn raise_covering(tx: &mut Tx<'_>, workspace_id: i64, item_id: i64, now: i64) -> Result<()> {
    let sql = "SELECT entry_id FROM entry_item WHERE workspace_id = $1 AND item_id = $2";
    for row in tx.rows(sql, args![workspace_id, item_id]).await? {
        raise(tx, workspace_id, row.int("entry_id")?, (i64::MAX, 0), now).await?;
    }
    Ok(())
}

/// A covered item that was never attempted: what a new frequency slices again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loose {
    /// The item.
    pub item_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// It was written in a group.
    pub is_group: bool,
    /// Its person; in a group whoever wrote it.
    pub contact_id: Option<i64>,
    /// Its account.
    pub account_id: i64,
    /// The provider's id of it.
    pub provider_id: String,
    /// Provider time.
    pub at: i64,
    /// Place in its payload.
    pub position: i64,
    /// When it came.
    pub received_at: i64,
}

/// Takes the items out of every entry that was never attempted, in order, and removes those entries (R2.45).
pub async fn loosen(tx: &mut Tx<'_>, workspace_id: i64, integration_id: i64) -> Result<Vec<Loose>> {
    let sql = "SELECT i.id, i.conversation_id, e.contact_id, i.account_id, i.provider_id, i.at, i.position, \
               i.received_at, CASE WHEN c.contact_id IS NULL THEN 1 ELSE 0 END AS is_group FROM entry e CROSS JOIN entry_item ei \
               JOIN item i ON i.workspace_id = ei.workspace_id AND i.id = ei.item_id \
               JOIN conversation c ON c.workspace_id = i.workspace_id AND c.id = i.conversation_id \
               WHERE ei.workspace_id = e.workspace_id AND ei.entry_id = e.id AND e.workspace_id = $1 \
               AND e.integration_id = $2 AND e.is_sealed = 0 AND e.written = 0 AND e.state <> 'skipped' \
               ORDER BY i.at, i.position, i.id";
    let rows = tx.rows(sql, args![workspace_id, integration_id]).await?;
    let loose: Result<Vec<Loose>> = rows
        .iter()
        .map(|row| {
            Ok(Loose {
                item_id: row.int("id")?,
                conversation_id: row.int("conversation_id")?,
                is_group: row.bool("is_group")?,
                contact_id: row.opt_int("contact_id")?,
                account_id: row.int("account_id")?,
                provider_id: row.text("provider_id")?,
                at: row.int("at")?,
                position: row.int("position")?,
                received_at: row.int("received_at")?,
            })
        })
        .collect();
    let uncover = "DELETE FROM entry_item WHERE workspace_id = $1 AND entry_id IN (SELECT e.id FROM entry e \
                   WHERE e.workspace_id = $1 AND e.integration_id = $2 AND e.is_sealed = 0 AND e.written = 0 \
                   AND e.state <> 'skipped')";
    tx.execute(uncover, args![workspace_id, integration_id]).await?;
    let remove = "DELETE FROM entry WHERE workspace_id = $1 AND integration_id = $2 AND is_sealed = 0 \
                  AND written = 0 AND state <> 'skipped'";
    tx.execute(remove, args![workspace_id, integration_id]).await?;
    loose
}

/// Holds one entry.
pub async fn hold(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    entry_id: i64,
    hold: (HoldReason, Who, &str),
    is_person_hold: bool,
) -> Result<()> {
    let sql = "UPDATE entry SET state = 'held', reason = $3, who = $4, detail = $5, is_person_hold = $6 \
               WHERE workspace_id = $1 AND id = $2 AND state = 'due'";
    let (reason, who, detail) = hold;
    tx.execute(sql, args![workspace_id, entry_id, word(&reason), word(&who), detail, is_person_hold]).await?;
    Ok(())
}

/// Lets one held entry be tried again. `recreate`: what a person deleted or edited in the CRM is written anew.
pub async fn retry(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    entry_id: i64,
    recreate: bool,
    now: i64,
) -> Result<bool> {
    if recreate {
        let forget = "UPDATE entry_part SET record_id = NULL, written_hash = NULL, unknown_since = NULL, looks = 0 \
                      WHERE workspace_id = $1 AND entry_id = $2 AND EXISTS (SELECT 1 FROM entry e \
                      WHERE e.workspace_id = $1 AND e.id = $2 AND e.state = 'held' AND e.reason = 'deleted_in_crm')";
        tx.execute(forget, args![workspace_id, entry_id]).await?;
        let own = "UPDATE entry_part SET written_hash = NULL WHERE workspace_id = $1 AND entry_id = $2 \
                   AND EXISTS (SELECT 1 FROM entry e \
                   WHERE e.workspace_id = $1 AND e.id = $2 AND e.state = 'held' AND e.reason = 'edited_in_crm')";
        tx.execute(own, args![workspace_id, entry_id]).await?;
    }
    let sql = "UPDATE entry SET state = 'due', reason = NULL, who = NULL, detail = NULL, is_person_hold = 0, \
               tries = 0, due_at = $3, wanted = wanted + $4 \
               WHERE workspace_id = $1 AND id = $2 AND state = 'held'";
    Ok(tx.execute(sql, args![workspace_id, entry_id, now, recreate]).await? > 0)
}

/// How many entries stand in each state, by reason.
pub async fn counts(tx: &mut Tx<'_>, connection_id: i64) -> Result<Vec<(String, String, i64)>> {
    let sql = "SELECT state, COALESCE(reason, '') AS reason, count(*) AS n FROM entry WHERE connection_id = $1 \
               GROUP BY state, COALESCE(reason, '') ORDER BY 1, 2";
    let rows = tx.rows(sql, args![connection_id]).await?;
    rows.iter().map(|row: &Row| Ok((row.text("state")?, row.text("reason")?, row.int("n")?))).collect()
}

/// What of an entry a person's wish to retry it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The connection that it is written through.
    pub connection_id: i64,
    /// Its person; `None` for a group.
    pub contact_id: Option<i64>,
    /// It is held.
    pub is_held: bool,
    /// It is held because its person is.
    pub is_person_hold: bool,
    /// It is held because somebody deleted or edited it in the CRM.
    pub is_touched: bool,
}

/// How an entry stands.
pub async fn standing(tx: &mut Tx<'_>, workspace_id: i64, entry_id: i64) -> Result<Option<Standing>> {
    let sql = "SELECT connection_id, contact_id, state, reason, is_person_hold FROM entry \
               WHERE workspace_id = $1 AND id = $2";
    let row = tx.row(sql, args![workspace_id, entry_id]).await?;
    row.map(|row| {
        Ok(Standing {
            connection_id: row.int("connection_id")?,
            contact_id: row.opt_int("contact_id")?,
            is_held: row.text("state")? == "held",
            is_person_hold: row.bool("is_person_hold")?,
            is_touched: matches!(
                row.opt_text("reason")?.as_deref(),
                Some("deleted_in_crm" | "edited_in_crm")
            ),
        })
    })
    .transpose()
}

/// How many entries stand in each state: of one workspace, or of all.
pub async fn totals(tx: &mut Tx<'_>, workspace_id: Option<i64>) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT state, count(*) AS n FROM entry WHERE CAST($1 AS BIGINT) = 0 OR workspace_id = $1 \
               GROUP BY state ORDER BY state";
    let rows = tx.rows(sql, args![workspace_id.unwrap_or(0)]).await?;
    rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
}
