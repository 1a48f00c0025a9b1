//! What orgs told of their limits over time: the last of each quarter of an hour, for every connection to an org together.

use causeway_core::{
    call::Usage,
    governor::{Reading, slot},
    time::Timestamp,
};

use super::{Result, Tx, args};

/// Keeps what an org told now.
pub async fn keep(tx: &mut Tx<'_>, crm: &str, org_id: &str, usage: Usage, now: i64) -> Result<()> {
    let sql = "INSERT INTO usage_reading (crm, org_id, slot, at, used, most) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (crm, org_id, slot) DO UPDATE SET at = excluded.at, used = excluded.used, most = excluded.most";
    tx.execute(sql, args![crm, org_id, slot(Timestamp(now)), now, usage.used, usage.limit]).await?;
    Ok(())
}

/// What an org told since, in order.
pub async fn since(tx: &mut Tx<'_>, crm: &str, org_id: &str, from: i64) -> Result<Vec<Reading>> {
    let sql =
        "SELECT at, used FROM usage_reading WHERE crm = $1 AND org_id = $2 AND slot >= $3 ORDER BY slot";
    let rows = tx.rows(sql, args![crm, org_id, slot(Timestamp(from))]).await?;
    rows.iter()
        .map(|row| {
            Ok(Reading { at: Timestamp(row.int("at")?), used: u64::try_from(row.int("used")?).unwrap_or(0) })
        })
        .collect()
}

/// Forgets what was told before. Returns how much that was.
pub async fn prune(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM usage_reading WHERE slot < $1", args![slot(Timestamp(before))]).await
}
