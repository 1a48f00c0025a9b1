//! Leases: what one node does at a time.

use super::{Result, Tx, args};

/// Takes or renews a lease. `Some(true)`: it is ours anew, so whatever the last holder left open is unknown;
/// `Some(false)`: it was ours already; `None`: somebody else holds it.
pub async fn take(tx: &mut Tx<'_>, name: &str, holder: &str, now: i64, until: i64) -> Result<Option<bool>> {
    let renew = "UPDATE lease SET expires_at = $3 WHERE name = $1 AND holder = $2 AND expires_at > $4";
    if tx.execute(renew, args![name, holder, until, now]).await? > 0 {
        return Ok(Some(false));
    }
    let sql = "INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
               WHERE lease.expires_at <= $4";
    let taken = tx.execute(sql, args![name, holder, until, now]).await? > 0;
    Ok(taken.then_some(true))
}

/// Gives every lease of a holder back.
pub async fn give_back(tx: &mut Tx<'_>, holder: &str) -> Result<()> {
    tx.execute("DELETE FROM lease WHERE holder = $1", args![holder]).await?;
    Ok(())
}

/// Ends the leases of every holder whose name begins so: their processes are known to be gone.
pub async fn end_all_of(tx: &mut Tx<'_>, beginning: &str) -> Result<u64> {
    let sql = "DELETE FROM lease WHERE substr(holder, 1, length($1)) = $1";
    tx.execute(sql, args![beginning]).await
}
