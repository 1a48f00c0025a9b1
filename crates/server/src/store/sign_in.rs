//! Passwords as hashes, and failures to sign in.

use causeway_core::time::Timestamp;

use super::{
    Result, Tx, args,
    workspace::{self, Member},
};

/// Somebody who may sign in with an e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Their workspace.
    pub workspace_id: i64,
    /// The member.
    pub member: Member,
    /// The hash of their password; `None`: they have none yet.
    pub password: Option<String>,
}

/// The active members of that e-mail, in every workspace.
pub async fn candidates(tx: &mut Tx<'_>, email: &str) -> Result<Vec<Candidate>> {
    let sql = "SELECT workspace_id, id, password FROM member WHERE email = $1 AND is_active = 1 \
               ORDER BY workspace_id, id";
    let mut found = Vec::new();
    for row in tx.rows(sql, args![email.to_lowercase()]).await? {
        let workspace_id = row.int("workspace_id")?;
        if let Some(member) = workspace::member(tx, workspace_id, row.int("id")?).await? {
            found.push(Candidate { workspace_id, member, password: row.opt_text("password")? });
        }
    }
    Ok(found)
}

/// The hash of a member's password.
pub async fn password_of(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> Result<Option<String>> {
    let sql = "SELECT password FROM member WHERE workspace_id = $1 AND id = $2";
    match tx.row(sql, args![workspace_id, member_id]).await? {
        Some(row) => row.opt_text("password"),
        None => Ok(None),
    }
}

/// Sets the hash of a member's password.
pub async fn put_password(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64, hash: &str) -> Result<bool> {
    let sql = "UPDATE member SET password = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, member_id, hash]).await? > 0)
}

/// Lets one transaction after the other count the failures under a digest: until this one ends, others wait here. Several
/// digests are taken in the order of their texts, by everybody.
pub async fn take_turn(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    // A row from the beginning of time counts as no failure, and is forgotten with those that are old.
    let sql = "INSERT INTO sign_in_failure (subject, at, id) VALUES ($1, 0, 0) \
               ON CONFLICT (subject, at, id) DO UPDATE SET id = 0";
    tx.execute(sql, args![subject]).await?;
    Ok(())
}

/// Notes a try under a digest of whom it concerns; it counts as a failure until it is taken back.
pub async fn note_failure(tx: &mut Tx<'_>, subject: &str, id: i64, now: i64) -> Result<()> {
    let sql = "INSERT INTO sign_in_failure (subject, at, id) VALUES ($1, $2, $3)";
    tx.execute(sql, args![subject, now, id]).await?;
    Ok(())
}

/// The failures noted under a digest since.
pub async fn failures(tx: &mut Tx<'_>, subject: &str, since: i64) -> Result<Vec<Timestamp>> {
    let sql = "SELECT at FROM sign_in_failure WHERE subject = $1 AND at >= $2 ORDER BY at LIMIT 100";
    tx.rows(sql, args![subject, since]).await?.iter().map(|row| row.int("at").map(Timestamp)).collect()
}

/// Forgets the failures under a digest: it went well.
pub async fn forgive(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    tx.execute("DELETE FROM sign_in_failure WHERE subject = $1", args![subject]).await?;
    Ok(())
}

/// Takes one try back: it went well.
pub async fn take_back(tx: &mut Tx<'_>, subject: &str, id: i64) -> Result<()> {
    tx.execute("DELETE FROM sign_in_failure WHERE subject = $1 AND id = $2", args![subject, id]).await?;
    Ok(())
}

/// Forgets failures from before.
pub async fn prune(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM sign_in_failure WHERE at < $1", args![before]).await
}
