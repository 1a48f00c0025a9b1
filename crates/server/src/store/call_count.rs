//! Calls to CRMs as they were counted: by what they were for, by the call, by the quarter of an hour.

use causeway_core::governor::Purpose;

use super::{Result, Row, Tx, args};

/// Counts one call of a connection (workspace, id), before it leaves.
pub async fn count(
    tx: &mut Tx<'_>,
    connection: (i64, i64),
    slot: i64,
    purpose: Purpose,
    call: &str,
) -> Result<()> {
    let sql = "INSERT INTO call_count (workspace_id, connection_id, slot, purpose, call, calls) \
               VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (workspace_id, connection_id, slot, purpose, call) \
               DO UPDATE SET calls = call_count.calls + 1";
    tx.execute(sql, args![connection.0, connection.1, slot, purpose.word(), call]).await?;
    Ok(())
}

/// Calls of every connection to an org, of whatever workspace, by purpose, from a quarter of an hour on.
pub async fn of_org(tx: &mut Tx<'_>, crm: &str, org_id: &str, from_slot: i64) -> Result<Vec<(Purpose, u64)>> {
    let sql = "SELECT n.purpose, CAST(SUM(n.calls) AS BIGINT) AS calls FROM connection c \
               JOIN call_count n ON n.workspace_id = c.workspace_id AND n.connection_id = c.id \
               WHERE c.crm = $1 AND c.org_id = $2 AND n.slot >= $3 GROUP BY n.purpose";
    let rows = tx.rows(sql, args![crm, org_id, from_slot]).await?;
    let mut found = Vec::new();
    for row in &rows {
        found.extend(Purpose::named(&row.text("purpose")?).zip(Some(calls_of(row)?)));
    }
    found.sort_unstable();
    Ok(found)
}

/// The same by the quarter of an hour, in order.
pub async fn slots_of_org(
    tx: &mut Tx<'_>,
    crm: &str,
    org_id: &str,
    from_slot: i64,
) -> Result<Vec<(i64, u64)>> {
    let sql = "SELECT n.slot, CAST(SUM(n.calls) AS BIGINT) AS calls FROM connection c \
               JOIN call_count n ON n.workspace_id = c.workspace_id AND n.connection_id = c.id \
               WHERE c.crm = $1 AND c.org_id = $2 AND n.slot >= $3 GROUP BY n.slot ORDER BY n.slot";
    let rows = tx.rows(sql, args![crm, org_id, from_slot]).await?;
    rows.iter().map(|row| Ok((row.int("slot")?, calls_of(row)?))).collect()
}

/// Every call that was ever made, by connection and purpose: for metrics.
pub async fn totals(tx: &mut Tx<'_>) -> Result<Vec<(i64, String, u64)>> {
    let sql = "SELECT connection_id, purpose, CAST(SUM(calls) AS BIGINT) AS calls FROM call_count \
               GROUP BY connection_id, purpose ORDER BY connection_id, purpose";
    let rows = tx.rows(sql, args![]).await?;
    rows.iter().map(|row| Ok((row.int("connection_id")?, row.text("purpose")?, calls_of(row)?))).collect()
}

/// Puts the quarters of days before `slot` together into one each. Returns how many were put away.
pub async fn fold(tx: &mut Tx<'_>, slot: i64) -> Result<u64> {
    let day = slot.div_euclid(96) * 96;
    let add = "INSERT INTO call_count (workspace_id, connection_id, slot, purpose, call, calls) \
               SELECT workspace_id, connection_id, slot / 96 * 96, purpose, call, CAST(SUM(calls) AS BIGINT) \
               FROM call_count WHERE slot < $1 AND slot % 96 <> 0 \
               GROUP BY workspace_id, connection_id, slot / 96 * 96, purpose, call \
               ON CONFLICT (workspace_id, connection_id, slot, purpose, call) \
               DO UPDATE SET calls = call_count.calls + excluded.calls";
    tx.execute(add, args![day]).await?;
    tx.execute("DELETE FROM call_count WHERE slot < $1 AND slot % 96 <> 0", args![day]).await
}

fn calls_of(row: &Row) -> Result<u64> {
    Ok(u64::try_from(row.int("calls")?).unwrap_or(0))
}
