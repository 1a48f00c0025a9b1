//! Conversations: the thread of one contact, or of a group, on one channel account.

use causeway_core::timeline::Status;

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

/// Who spoke in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoke {
    /// The customer: somebody should look, and a closed conversation opens again.
    Customer,
    /// The team: what came before is answered.
    Team,
    /// Somebody, before the account was connected: nothing follows.
    Before,
}

/// Notes a message of the time `at`. A late message of the team answers nothing that came after it.
pub async fn touch(tx: &mut Tx<'_>, workspace_id: i64, id: i64, at: i64, spoke: Spoke) -> Result<()> {
    let sql = "UPDATE conversation SET \
               status = CASE WHEN CAST($4 AS BIGINT) = 1 AND status = 'closed' THEN 'open' ELSE status END, \
               unread = CASE WHEN CAST($4 AS BIGINT) = 1 THEN unread + 1 \
               WHEN CAST($5 AS BIGINT) = 1 AND last_at <= $3 THEN 0 ELSE unread END, \
               last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END \
               WHERE workspace_id = $1 AND id = $2";
    let (customer, team) = (spoke == Spoke::Customer, spoke == Spoke::Team);
    tx.execute(sql, args![workspace_id, id, at, customer, team]).await?;
    Ok(())
}

/// What changing a conversation needs to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its account.
    pub account_id: i64,
    /// How it stands.
    pub status: Status,
    /// Who answers it.
    pub assignee_id: Option<i64>,
}

/// How a conversation stands, and whose it is.
pub async fn standing(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Standing>> {
    let sql = "SELECT account_id, status, assignee_id FROM conversation WHERE workspace_id = $1 AND id = $2";
    let row = tx.row(sql, args![workspace_id, id]).await?;
    row.map(|row| {
        Ok(Standing {
            account_id: row.int("account_id")?,
            status: status_of(&row.text("status")?),
            assignee_id: row.opt_int("assignee_id")?,
        })
    })
    .transpose()
}

/// The status behind a stored word; one that a newer program knew is open.
pub fn status_of(word: &str) -> Status {
    Status::named(word).unwrap_or(Status::Open)
}

/// Assigns a conversation to a member, or to nobody. `false`: there is no such conversation.
pub async fn assign(tx: &mut Tx<'_>, workspace_id: i64, id: i64, member_id: Option<i64>) -> Result<bool> {
    let sql = "UPDATE conversation SET assignee_id = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, id, member_id]).await? > 0)
}

/// Changes how a conversation stands. `false`: there is no such conversation.
pub async fn set_status(tx: &mut Tx<'_>, workspace_id: i64, id: i64, status: Status) -> Result<bool> {
    let sql = "UPDATE conversation SET status = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, id, status.word()]).await? > 0)
}

/// Notes that somebody has looked at everything. `false`: nothing was unread.
pub async fn mark_read(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<bool> {
    let sql = "UPDATE conversation SET unread = 0 WHERE workspace_id = $1 AND id = $2 AND unread > 0";
    Ok(tx.execute(sql, args![workspace_id, id]).await? > 0)
}
