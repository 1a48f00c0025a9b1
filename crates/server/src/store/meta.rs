//! What the database says about itself.

use super::{Result, Tx, args};

/// What is told under this key.
pub async fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>> {
    let row = tx.row("SELECT value FROM meta WHERE key = $1", args![key]).await?;
    row.map(|row| row.text("value")).transpose()
}

/// Tells something under this key, unless something is told there already. Returns what is told now.
pub async fn put_first(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<String> {
    let sql = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
    tx.execute(sql, args![key, value]).await?;
    Ok(get(tx, key).await?.unwrap_or_else(|| value.to_owned()))
}

/// Tells something under this key, whatever was told there before.
pub async fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.execute(sql, args![key, value]).await?;
    Ok(())
}
