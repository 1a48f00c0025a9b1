//! The intake log: raw requests, durable before they are acknowledged. `append`, `take`, `done`; nothing more.

use std::collections::BTreeSet;

use causeway_core::{channels::RawRequest, timeline::Poison};

use super::{Error, Result, Row, Tx, args};

/// A kept raw request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Its id; rises with arrival.
    pub id: i64,
    /// Its workspace.
    pub workspace_id: i64,
    /// Through which source it came.
    pub source_key: String,
    /// The channel's name.
    pub channel: String,
    /// When it came.
    pub received_at: i64,
    /// The request.
    pub request: RawRequest,
}

/// A part of a raw request that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// The raw request.
    pub intake_id: i64,
    /// When it came.
    pub received_at: i64,
    /// Where the part stands.
    pub poison: Poison,
}

/// Keeps a request. Once the transaction is committed, it may be acknowledged.
pub async fn append(tx: &mut Tx<'_>, raw: &Raw) -> Result<()> {
    let sql = "INSERT INTO intake (id, workspace_id, source_key, channel, received_at, headers, body, state) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')";
    let headers = serde_json::to_string(&raw.request.headers).unwrap_or_default();
    let args = args![
        raw.id,
        raw.workspace_id,
        raw.source_key.clone(),
        raw.channel.clone(),
        raw.received_at,
        headers,
        raw.request.body.clone()
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The oldest requests that are not done. By "not done", never by "newer than the last": commit order is not id
/// order. Those of the workspaces in `besides` stay where they are.
pub async fn take(tx: &mut Tx<'_>, most: i64, besides: &BTreeSet<i64>) -> Result<Vec<Raw>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT id, workspace_id, source_key, channel, received_at, headers, body FROM intake \
         WHERE state = 'pending' AND workspace_id NOT IN {ids} ORDER BY id LIMIT $1"
    );
    let besides = serde_json::to_string(besides).unwrap_or_default();
    tx.rows(&sql, args![most, besides]).await?.iter().map(read).collect()
}

/// Marks a request as done.
pub async fn done(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    tx.execute("UPDATE intake SET state = 'done', done_at = $2 WHERE id = $1", args![id, now]).await?;
    Ok(())
}

/// What reading a request came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Messages and other events that were new.
    pub made: u64,
    /// Events that changed something.
    pub changed: u64,
    /// Events that said nothing new.
    pub repeated: u64,
}

/// Marks a request as done, with what it came to.
pub async fn concluded(tx: &mut Tx<'_>, id: i64, outcome: Outcome, now: i64) -> Result<()> {
    let sql = "UPDATE intake SET state = 'done', done_at = $2, made = $3, changed = $4, repeated = $5 WHERE id = $1";
    tx.execute(sql, args![id, now, outcome.made, outcome.changed, outcome.repeated]).await?;
    Ok(())
}

/// How many requests of a workspace are not done; of all workspaces, if `None`.
pub async fn waiting(tx: &mut Tx<'_>, workspace_id: Option<i64>) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM intake \
               WHERE state = 'pending' AND (CAST($1 AS BIGINT) = 0 OR workspace_id = $1)";
    let row = tx.row(sql, args![workspace_id.unwrap_or(0)]).await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// When the newest kept request came.
pub async fn newest(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let row = tx.row("SELECT MAX(received_at) AS at FROM intake", args![]).await?;
    row.map_or(Ok(None), |row| row.opt_int("at"))
}

/// Sends kept requests through the parser again. Returns how many.
pub async fn again(tx: &mut Tx<'_>, since: i64, source_key: Option<&str>) -> Result<u64> {
    let sql = "UPDATE intake SET state = 'pending', done_at = NULL \
               WHERE state = 'done' AND received_at >= $1 AND ($2 = '' OR source_key = $2)";
    tx.execute(sql, args![since, source_key.unwrap_or_default()]).await
}

/// Forgets done requests that came before `before`, at most `most` of them. Returns how many.
pub async fn prune(tx: &mut Tx<'_>, before: i64, most: i64) -> Result<u64> {
    let sql = "DELETE FROM intake WHERE id IN \
               (SELECT id FROM intake WHERE state = 'done' AND received_at < $1 ORDER BY received_at LIMIT $2)";
    tx.execute(sql, args![before, most]).await
}

/// Puts an unreadable part aside, once.
pub async fn quarantine(tx: &mut Tx<'_>, raw: &Raw, poison: &Poison, now: i64) -> Result<()> {
    let sql = "INSERT INTO quarantine (workspace_id, intake_id, path, reason, raw, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (intake_id, path) DO UPDATE SET reason = excluded.reason";
    let text = poison.raw.replace('\0', "\u{FFFD}");
    let args = args![raw.workspace_id, raw.id, poison.path.clone(), poison.reason.clone(), text, now];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Takes what a request had in quarantine out again: a mended parser has read it.
pub async fn release(tx: &mut Tx<'_>, intake_id: i64) -> Result<()> {
    tx.execute("DELETE FROM quarantine WHERE intake_id = $1", args![intake_id]).await?;
    Ok(())
}

/// What is in quarantine, newest first.
pub async fn quarantined(tx: &mut Tx<'_>, workspace_id: i64, most: i64) -> Result<Vec<Quarantined>> {
    let sql = "SELECT intake_id, path, reason, raw, created_at FROM quarantine \
               WHERE workspace_id = $1 ORDER BY intake_id DESC, path LIMIT $2";
    let rows = tx.rows(sql, args![workspace_id, most]).await?;
    rows.iter()
        .map(|row| {
            Ok(Quarantined {
                intake_id: row.int("intake_id")?,
                received_at: row.int("created_at")?,
                poison: Poison {
                    path: row.text("path")?,
                    reason: row.text("reason")?,
                    raw: row.text("raw")?,
                },
            })
        })
        .collect()
}

/// How many parts are in quarantine.
pub async fn quarantined_count(tx: &mut Tx<'_>, workspace_id: i64) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM quarantine WHERE workspace_id = $1";
    tx.row(sql, args![workspace_id]).await?.map_or(Ok(0), |row| row.int("n"))
}

/// A kept request with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The request.
    pub raw: Raw,
    /// It is still to be read.
    pub is_pending: bool,
    /// What reading it came to; `None`: not read yet, or read before that was noted.
    pub outcome: Option<Outcome>,
    /// Its parts that could not be read.
    pub poison: Vec<Poison>,
}

const KEPT: &str = "i.id, i.workspace_id, i.source_key, i.channel, i.received_at, i.headers, i.body, i.state, i.made, \
                    i.changed, i.repeated";

/// Kept requests of an endpoint, newest first, those before `before`.
pub async fn recent(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    source_key: &str,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Kept>> {
    let sql = format!(
        "SELECT {KEPT} FROM intake i WHERE i.workspace_id = $1 AND i.source_key = $2 AND i.id < $3 \
         ORDER BY i.id DESC LIMIT $4"
    );
    let rows = tx.rows(&sql, args![workspace_id, source_key, before.unwrap_or(i64::MAX), most]).await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in &rows {
        kept.push(read_kept(tx, workspace_id, row).await?);
    }
    Ok(kept)
}

/// The kept request of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Kept>> {
    let sql = format!("SELECT {KEPT} FROM intake i WHERE i.workspace_id = $1 AND i.id = $2");
    match tx.row(&sql, args![workspace_id, id]).await? {
        Some(row) => read_kept(tx, workspace_id, &row).await.map(Some),
        None => Ok(None),
    }
}

async fn read_kept(tx: &mut Tx<'_>, workspace_id: i64, row: &Row) -> Result<Kept> {
    let raw = read(row)?;
    let count = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let outcome = match (
        count(row.opt_int("made")?),
        count(row.opt_int("changed")?),
        count(row.opt_int("repeated")?),
    ) {
        (Some(made), Some(changed), Some(repeated)) => Some(Outcome { made, changed, repeated }),
        _ => None,
    };
    let sql =
        "SELECT path, reason, raw FROM quarantine WHERE workspace_id = $1 AND intake_id = $2 ORDER BY path";
    let rows = tx.rows(sql, args![workspace_id, raw.id]).await?;
    let poison: Result<Vec<Poison>> = rows
        .iter()
        .map(|row| Ok(Poison { path: row.text("path")?, reason: row.text("reason")?, raw: row.text("raw")? }))
        .collect();
    Ok(Kept { is_pending: row.text("state")? == "pending", raw, outcome, poison: poison? })
}

/// Sends one kept request through the parser again. `false`: there is no such request, or it is to be read anyway.
pub async fn one_again(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<bool> {
    let sql = "UPDATE intake SET state = 'pending', done_at = NULL \
               WHERE workspace_id = $1 AND id = $2 AND state = 'done'";
    Ok(tx.execute(sql, args![workspace_id, id]).await? > 0)
}

fn read(row: &Row) -> Result<Raw> {
    let headers =
        serde_json::from_str(&row.text("headers")?).map_err(|error| Error::unreadable("headers", &error))?;
    Ok(Raw {
        id: row.int("id")?,
        workspace_id: row.int("workspace_id")?,
        source_key: row.text("source_key")?,
        channel: row.text("channel")?,
        received_at: row.int("received_at")?,
        request: RawRequest { headers, body: row.blob("body")? },
    })
}
