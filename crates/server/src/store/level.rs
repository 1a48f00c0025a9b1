//! How much waits and for how long, over all workspaces: for whoever runs the server. Each is a look at an index that
//! holds only what waits.

use super::{Result, Tx, args, connection::State};

/// What was kept and is not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Requests that wait.
    pub waiting: i64,
    /// When the oldest of them came.
    pub oldest: Option<i64>,
    /// Parts that could not be read.
    pub quarantined: i64,
}

/// The backlog of the intake.
pub async fn backlog(tx: &mut Tx<'_>) -> Result<Backlog> {
    let sql = "SELECT (SELECT count(*) FROM intake WHERE state = 'pending') AS waiting, \
               (SELECT received_at FROM intake WHERE state = 'pending' ORDER BY id LIMIT 1) AS oldest, \
               (SELECT count(*) FROM quarantine) AS quarantined";
    let Some(row) = tx.row(sql, args![]).await? else { return Ok(Backlog::default()) };
    Ok(Backlog {
        waiting: row.int("waiting")?,
        oldest: row.opt_int("oldest")?,
        quarantined: row.int("quarantined")?,
    })
}

/// How many entries are held, by the word of their cause.
pub async fn holds(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT COALESCE(reason, '') AS reason, count(*) AS n FROM entry WHERE state = 'held' \
               GROUP BY reason ORDER BY reason";
    tx.rows(sql, args![]).await?.iter().map(|row| Ok((row.text("reason")?, row.int("n")?))).collect()
}

/// A connection with what waits in its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The connection.
    pub connection_id: i64,
    /// The CRM's name.
    pub crm: String,
    /// The org's id there.
    pub org_id: String,
    /// How the connection stands.
    pub state: State,
    /// Calls used and allowed, as the org last said.
    pub usage: Option<(i64, i64)>,
    /// How many entries are due.
    pub due: i64,
    /// Since when the oldest of them has been due.
    pub oldest_due: Option<i64>,
}

/// Every connection with what is due in its lane at `now`. While nothing under it is active, nothing is due: it waits for
/// whoever paused it.
pub async fn lanes(tx: &mut Tx<'_>, now: i64) -> Result<Vec<Lane>> {
    let sql = "SELECT c.id, c.crm, c.org_id, c.state, c.usage_used, c.usage_limit, \
               CASE WHEN EXISTS (SELECT 1 FROM integration g WHERE g.connection_id = c.id AND g.state = 'active') \
               THEN (SELECT count(*) FROM entry e WHERE e.connection_id = c.id AND e.state = 'due' AND e.due_at <= $1) \
               ELSE 0 END AS due, \
               CASE WHEN EXISTS (SELECT 1 FROM integration g WHERE g.connection_id = c.id AND g.state = 'active') \
               THEN (SELECT MIN(e.due_at) FROM entry e WHERE e.connection_id = c.id AND e.state = 'due' \
               AND e.due_at <= $1) END AS oldest FROM connection c ORDER BY c.id";
    let rows = tx.rows(sql, args![now]).await?;
    rows.iter()
        .map(|row| {
            Ok(Lane {
                connection_id: row.int("id")?,
                crm: row.text("crm")?,
                org_id: row.text("org_id")?,
                state: State::of(&row.text("state")?),
                usage: row.opt_int("usage_used")?.zip(row.opt_int("usage_limit")?),
                due: row.int("due")?,
                oldest_due: row.opt_int("oldest")?,
            })
        })
        .collect()
}
