//! What orgs told of their limits over time: the last of each quarter of an hour, for every connection to an org together.

use causeway_core::{
    call::Usage,
    governor::{Reading, slot},
    time::Timestamp,
};

use super::{Result, Row, Tx, args};

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

/// How an org stands, as it told last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUsage {
    /// The CRM's name.
    pub crm: String,
    /// The org.
    pub org_id: String,
    /// What it told.
    pub usage: Usage,
    /// When.
    pub told_at: i64,
}

/// How every connected org stands: for metrics.
pub async fn orgs(tx: &mut Tx<'_>) -> Result<Vec<OrgUsage>> {
    let sql = "SELECT crm, org_id, MAX(usage_used) AS used, MAX(usage_limit) AS most, MAX(usage_at) AS at FROM connection \
               WHERE state = 'connected' AND usage_limit IS NOT NULL GROUP BY crm, org_id ORDER BY crm, org_id";
    let read = |row: &Row| {
        let count = |column| row.int(column).map(|number| u64::try_from(number).unwrap_or(0));
        Ok(OrgUsage {
            crm: row.text("crm")?,
            org_id: row.text("org_id")?,
            usage: Usage { used: count("used")?, limit: count("most")? },
            told_at: row.int("at")?,
        })
    };
    tx.rows(sql, args![]).await?.iter().map(read).collect()
}

/// Forgets what was told before. Returns how much that was.
pub async fn prune(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM usage_reading WHERE slot < $1", args![slot(Timestamp(before))]).await
}
