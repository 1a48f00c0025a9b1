//! Bytes that are kept: one row for each content of a workspace. The bytes themselves lie in the file store, under the id.

use super::{Result, Tx, args};

/// Bytes that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The id, under which they lie.
    pub id: i64,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// How many there are.
    pub size: i64,
}

/// Makes bytes known. Answers the id under which this content lies: another one, where it was there before.
pub async fn keep(tx: &mut Tx<'_>, workspace_id: i64, file: &File, now: i64) -> Result<i64> {
    let sql = "INSERT INTO file (workspace_id, id, digest, size, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (workspace_id, digest) DO UPDATE SET digest = excluded.digest RETURNING id";
    let row = tx.row(sql, args![workspace_id, file.id, file.digest.clone(), file.size, now]).await?;
    row.map_or(Ok(file.id), |row| row.int("id"))
}
