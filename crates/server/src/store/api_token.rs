//! Tokens of the API as their owners see them: what each is for, when it was made and last used. Only digests are kept.

use super::{Result, Row, Tx, args, workspace::digest};

/// A token in the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The digest by which it is revoked.
    pub digest: String,
    /// What it is for, in the owner's words; empty when it was made at the command line.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub used_at: Option<i64>,
}

/// Makes a token known under a name; only its digest is kept.
pub async fn make(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    member_id: i64,
    (token, name): (&str, &str),
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO api_token (digest, workspace_id, member_id, name, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![digest(token), workspace_id, member_id, name, now]).await?;
    Ok(())
}

/// The tokens of a member, newest first.
pub async fn of_member(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT digest, name, created_at, used_at FROM api_token \
               WHERE workspace_id = $1 AND member_id = $2 ORDER BY created_at DESC, digest";
    let read = |row: &Row| {
        Ok(Listed {
            digest: row.text("digest")?,
            name: row.text("name")?,
            created_at: row.int("created_at")?,
            used_at: row.opt_int("used_at")?,
        })
    };
    tx.rows(sql, args![workspace_id, member_id]).await?.iter().map(read).collect()
}

/// Revokes a token of a member. `false`: they have none of that digest.
pub async fn revoke(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64, digest: &str) -> Result<bool> {
    let sql = "DELETE FROM api_token WHERE workspace_id = $1 AND member_id = $2 AND digest = $3";
    Ok(tx.execute(sql, args![workspace_id, member_id, digest]).await? > 0)
}

/// Revokes every token of a member.
pub async fn revoke_all(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> Result<u64> {
    let sql = "DELETE FROM api_token WHERE workspace_id = $1 AND member_id = $2";
    tx.execute(sql, args![workspace_id, member_id]).await
}

/// When a token was last used.
pub async fn last_use(tx: &mut Tx<'_>, token: &str) -> Result<Option<i64>> {
    match tx.row("SELECT used_at FROM api_token WHERE digest = $1", args![digest(token)]).await? {
        Some(row) => row.opt_int("used_at"),
        None => Ok(None),
    }
}

/// Notes that a token is used.
pub async fn note_use(tx: &mut Tx<'_>, token: &str, now: i64) -> Result<()> {
    tx.execute("UPDATE api_token SET used_at = $2 WHERE digest = $1", args![digest(token), now]).await?;
    Ok(())
}
