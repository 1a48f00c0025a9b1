//! Sessions: browsers that are signed in. Only the digest of a cookie's token is kept.

use super::{
    Result, Row, Tx, args,
    workspace::{self, Member, Workspace, digest},
};

/// A session, with whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The digest by which it is known.
    pub digest: String,
    /// The workspace.
    pub workspace: Workspace,
    /// Who is signed in.
    pub member: Member,
    /// When it was begun, in microseconds.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// The browser, as it calls itself.
    pub browser: String,
}

/// A session to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The token of the cookie.
    pub token: String,
    /// The workspace.
    pub workspace_id: i64,
    /// The member.
    pub member_id: i64,
    /// The browser, as it calls itself.
    pub browser: String,
    /// When it ends at the latest.
    pub expires_at: i64,
}

/// Begins a session. `false`: the member is not active (any more), and nothing was begun.
pub async fn begin(tx: &mut Tx<'_>, new: &New, now: i64) -> Result<bool> {
    let seen = "UPDATE member SET signed_in_at = $3 WHERE workspace_id = $1 AND id = $2 AND is_active = 1";
    if tx.execute(seen, args![new.workspace_id, new.member_id, now]).await? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO session \
               (digest, workspace_id, member_id, browser, created_at, seen_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $5, $6)";
    let args =
        args![digest(&new.token), new.workspace_id, new.member_id, new.browser.clone(), now, new.expires_at];
    tx.execute(sql, args).await?;
    Ok(true)
}

/// The session of that token, if its member is active.
pub async fn find(tx: &mut Tx<'_>, token: &str) -> Result<Option<Session>> {
    known(tx, &digest(token)).await
}

/// The session of that digest, if its member is active.
pub async fn known(tx: &mut Tx<'_>, digest: &str) -> Result<Option<Session>> {
    let sql =
        "SELECT digest, workspace_id, member_id, browser, created_at, seen_at FROM session WHERE digest = $1";
    let Some(row) = tx.row(sql, args![digest]).await? else { return Ok(None) };
    let (workspace_id, member_id) = (row.int("workspace_id")?, row.int("member_id")?);
    let member = workspace::member(tx, workspace_id, member_id).await?;
    let workspace = workspace::find(tx, workspace_id).await?;
    let (Some(member), Some(workspace)) = (member, workspace) else { return Ok(None) };
    Ok(Some(Session {
        digest: row.text("digest")?,
        workspace,
        member,
        created_at: row.int("created_at")?,
        seen_at: row.int("seen_at")?,
        browser: row.text("browser")?,
    }))
}

/// Notes that a session is used.
pub async fn touch(tx: &mut Tx<'_>, digest: &str, now: i64) -> Result<()> {
    tx.execute("UPDATE session SET seen_at = $2 WHERE digest = $1", args![digest, now]).await?;
    Ok(())
}

/// Ends a session. `false`: there was none.
pub async fn end(tx: &mut Tx<'_>, digest: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM session WHERE digest = $1", args![digest]).await? > 0)
}

/// Ends every session of a member, but that one.
pub async fn end_all(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64, but: Option<&str>) -> Result<u64> {
    let sql = "DELETE FROM session WHERE workspace_id = $1 AND member_id = $2 AND digest <> $3";
    tx.execute(sql, args![workspace_id, member_id, but.unwrap_or_default()]).await
}

/// A line of the list of a member's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The digest by which it is ended.
    pub digest: String,
    /// The browser, as it calls itself.
    pub browser: String,
    /// When it was begun.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
}

/// The sessions of a member, last used first.
pub async fn of_member(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT digest, browser, created_at, seen_at FROM session \
               WHERE workspace_id = $1 AND member_id = $2 ORDER BY seen_at DESC, digest";
    let read = |row: &Row| {
        Ok(Listed {
            digest: row.text("digest")?,
            browser: row.text("browser")?,
            created_at: row.int("created_at")?,
            seen_at: row.int("seen_at")?,
        })
    };
    tx.rows(sql, args![workspace_id, member_id]).await?.iter().map(read).collect()
}

/// Forgets sessions that have expired, or were not used since `idle_since`.
pub async fn prune(tx: &mut Tx<'_>, now: i64, idle_since: i64) -> Result<u64> {
    tx.execute("DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2", args![now, idle_since]).await
}
