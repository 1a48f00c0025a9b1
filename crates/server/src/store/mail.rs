//! Mails that are to be sent, and how that went. Recorded in the transaction of their cause; sent at least once.

use serde_json::Value as Json;

use super::{Error, Result, Row, Tx, args};

/// A mail to send.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMail {
    /// Its id.
    pub id: i64,
    /// To whom.
    pub member_id: i64,
    /// Which: `calls_near`, `calls_stopped`.
    pub kind: &'static str,
    /// The id of what it is about, with its prefix.
    pub subject: String,
    /// What it says.
    pub detail: Json,
}

/// A mail whose time has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// Name and address of the recipient; `None`: they work here no more.
    pub to: Option<(String, String)>,
    /// Which.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub detail: Json,
    /// How often it was tried.
    pub tries: i64,
    /// When it was recorded.
    pub created_at: i64,
}

/// A mail that could not be sent (yet).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its id.
    pub id: i64,
    /// The recipient's address.
    pub to: String,
    /// Which.
    pub kind: String,
    /// It is not tried any more.
    pub is_given_up: bool,
    /// Why.
    pub reason: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried next.
    pub due_at: i64,
}

/// Records a mail.
pub async fn put(tx: &mut Tx<'_>, workspace_id: i64, mail: &NewMail, now: i64) -> Result<()> {
    let sql = "INSERT INTO mail (workspace_id, id, member_id, kind, subject, detail, state, tries, due_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 'due', 0, $7, $7)";
    let detail = mail.detail.to_string();
    let args = args![workspace_id, mail.id, mail.member_id, mail.kind, mail.subject.clone(), detail, now];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Mails whose time has come, the oldest first.
pub async fn due(tx: &mut Tx<'_>, now: i64, most: i64) -> Result<Vec<Due>> {
    let sql = "SELECT a.workspace_id, a.id, a.kind, a.subject, a.detail, a.tries, a.created_at, m.name, m.email FROM mail a \
               LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id AND m.is_active = 1 \
               WHERE a.state = 'due' AND a.due_at <= $1 ORDER BY a.due_at, a.id LIMIT $2";
    let read = |row: &Row| {
        let detail = row.text("detail")?;
        Ok(Due {
            workspace_id: row.int("workspace_id")?,
            id: row.int("id")?,
            to: row.opt_text("name")?.zip(row.opt_text("email")?),
            kind: row.text("kind")?,
            subject: row.text("subject")?,
            detail: serde_json::from_str(&detail)
                .map_err(|error| Error::unreadable("detail of a mail", &error))?,
            tries: row.int("tries")?,
            created_at: row.int("created_at")?,
        })
    };
    tx.rows(sql, args![now, most]).await?.iter().map(read).collect()
}

/// It is sent.
pub async fn sent(tx: &mut Tx<'_>, workspace_id: i64, id: i64, now: i64) -> Result<()> {
    let sql =
        "UPDATE mail SET state = 'sent', sent_at = $3, reason = NULL WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, args![workspace_id, id, now]).await?;
    Ok(())
}

/// It could not be sent: it is tried again then, or not any more (`None`).
pub async fn refused(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    id: i64,
    reason: &str,
    again_at: Option<i64>,
) -> Result<()> {
    let sql = "UPDATE mail SET tries = tries + 1, reason = $3, due_at = COALESCE($4, due_at), \
               state = CASE WHEN CAST($4 AS BIGINT) IS NULL THEN 'failed' ELSE 'due' END \
               WHERE workspace_id = $1 AND id = $2 AND state = 'due'";
    tx.execute(sql, args![workspace_id, id, reason, again_at]).await?;
    Ok(())
}

/// Mails of a workspace that could not be sent (yet), the latest first.
pub async fn troubles(tx: &mut Tx<'_>, workspace_id: i64, since: i64) -> Result<Vec<Trouble>> {
    let sql = "SELECT a.id, m.email, a.kind, a.state, a.reason, a.tries, a.due_at FROM mail a \
               JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id AND m.is_active = 1 \
               WHERE a.workspace_id = $1 AND a.reason IS NOT NULL AND a.created_at >= $2 ORDER BY a.id DESC LIMIT 20";
    let read = |row: &Row| {
        Ok(Trouble {
            id: row.int("id")?,
            to: row.text("email")?,
            kind: row.text("kind")?,
            is_given_up: row.text("state")? == "failed",
            reason: row.text("reason")?,
            tries: row.int("tries")?,
            due_at: row.int("due_at")?,
        })
    };
    tx.rows(sql, args![workspace_id, since]).await?.iter().map(read).collect()
}

/// Forgets mails that were recorded before, whatever became of them. Returns how many those were.
pub async fn prune(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM mail WHERE created_at < $1", args![before]).await
}
