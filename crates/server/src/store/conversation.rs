//! Conversations: the thread of one contact, or of a group, on one channel account.

use super::{Result, Tx, args};

/// The conversation of a contact on an account; made on its first event.
pub async fn ensure(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    contact_id: i64,
    fresh_id: i64,
    at: i64,
) -> Result<i64> {
    // After two contacts became one, a person may have two threads on an account: the latest goes on.
    let sql = "SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3 \
               ORDER BY last_at DESC, id LIMIT 1";
    if let Some(row) = tx.row(sql, args![workspace_id, contact_id, account_id]).await? {
        return row.int("id");
    }
    let insert = "INSERT INTO conversation (workspace_id, id, account_id, contact_id, status, created_at, last_at) \
                  VALUES ($1, $2, $3, $4, 'open', $5, $5)";
    tx.execute(insert, args![workspace_id, fresh_id, account_id, contact_id, at]).await?;
    Ok(fresh_id)
}

/// The conversation of a group on an account; made on its first event.
pub async fn ensure_group(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    group: (&str, Option<&str>),
    fresh_id: i64,
    at: i64,
) -> Result<i64> {
    let (group_id, subject) = group;
    let sql = "SELECT id FROM conversation WHERE workspace_id = $1 AND account_id = $2 AND group_id = $3";
    if let Some(row) = tx.row(sql, args![workspace_id, account_id, group_id]).await? {
        let id = row.int("id")?;
        if subject.is_some() {
            let rename = "UPDATE conversation SET subject = $3 WHERE workspace_id = $1 AND id = $2";
            tx.execute(rename, args![workspace_id, id, subject]).await?;
        }
        return Ok(id);
    }
    let insert = "INSERT INTO conversation \
                  (workspace_id, id, account_id, group_id, subject, status, created_at, last_at) \
                  VALUES ($1, $2, $3, $4, $5, 'open', $6, $6)";
    tx.execute(insert, args![workspace_id, fresh_id, account_id, group_id, subject, at]).await?;
    Ok(fresh_id)
}

/// Notes that something happened; a customer's message opens a closed conversation again.
pub async fn touch(tx: &mut Tx<'_>, workspace_id: i64, id: i64, at: i64, reopens: bool) -> Result<()> {
    let sql = "UPDATE conversation SET last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END, \
               status = CASE WHEN CAST($4 AS BIGINT) = 1 AND status = 'closed' THEN 'open' ELSE status END \
               WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, args![workspace_id, id, at, reopens]).await?;
    Ok(())
}

/// Assigns a conversation to a member, or to nobody. `false`: there is no such conversation.
pub async fn assign(tx: &mut Tx<'_>, workspace_id: i64, id: i64, member_id: Option<i64>) -> Result<bool> {
    let sql = "UPDATE conversation SET assignee_id = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, id, member_id]).await? > 0)
}
