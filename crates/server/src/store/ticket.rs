//! Links that let somebody in once: setup, invitations, sign-in links.

use causeway_core::rights::Role;

use super::{Result, Row, Tx, args, workspace::digest};

/// What a ticket is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Setting up a server that has no workspace.
    Setup,
    /// Joining a workspace.
    Invite {
        /// Who is invited, lower case.
        email: String,
        /// What they will be.
        role: Role,
    },
    /// Signing in without a password.
    SignIn {
        /// Who.
        member_id: i64,
    },
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its digest.
    pub digest: String,
    /// What for.
    pub kind: Kind,
    /// Into which workspace; 0 for setup.
    pub workspace_id: i64,
    /// Which member made it; `None`: the program.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: i64,
    /// Until when it may be used.
    pub expires_at: i64,
}

/// A ticket to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The secret in the link.
    pub token: String,
    /// What for.
    pub kind: Kind,
    /// Into which workspace; 0 for setup.
    pub workspace_id: i64,
    /// Which member makes it.
    pub created_by: Option<i64>,
    /// Until when it may be used.
    pub expires_at: i64,
}

/// Makes a ticket. An earlier one for the same person or purpose is no longer good.
pub async fn put(tx: &mut Tx<'_>, new: &New, now: i64) -> Result<()> {
    let (word, member_id, email, role) = match &new.kind {
        Kind::Setup => ("setup", None, String::new(), ""),
        Kind::Invite { email, role } => ("invite", None, email.clone(), role.word()),
        Kind::SignIn { member_id } => ("sign_in", Some(*member_id), String::new(), ""),
    };
    let stale = "DELETE FROM ticket WHERE workspace_id = $1 AND kind = $2 AND email = $3 \
                 AND COALESCE(member_id, 0) = $4 AND used_at IS NULL";
    tx.execute(stale, args![new.workspace_id, word, email.clone(), member_id.unwrap_or(0)]).await?;
    let sql = "INSERT INTO ticket \
               (digest, kind, workspace_id, member_id, email, role, created_by, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let args = args![
        digest(&new.token),
        word,
        new.workspace_id,
        member_id,
        email,
        role,
        new.created_by,
        now,
        new.expires_at
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The ticket of that token, if it may still be used.
pub async fn find(tx: &mut Tx<'_>, token: &str, now: i64) -> Result<Option<Ticket>> {
    let sql = "SELECT digest, kind, workspace_id, member_id, email, role, created_by, created_at, expires_at \
               FROM ticket WHERE digest = $1 AND used_at IS NULL AND expires_at > $2";
    tx.row(sql, args![digest(token), now]).await?.map(|row| read(&row)).transpose()
}

/// Uses a ticket up. `false`: somebody else was faster, or it is no longer good.
pub async fn use_up(tx: &mut Tx<'_>, token: &str, now: i64) -> Result<bool> {
    let sql = "UPDATE ticket SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(tx.execute(sql, args![digest(token), now]).await? > 0)
}

/// Invitations of a workspace that may still be used, newest first.
pub async fn invitations(tx: &mut Tx<'_>, workspace_id: i64, now: i64) -> Result<Vec<Ticket>> {
    let sql = "SELECT digest, kind, workspace_id, member_id, email, role, created_by, created_at, expires_at \
               FROM ticket WHERE workspace_id = $1 AND kind = 'invite' AND used_at IS NULL AND expires_at > $2 \
               ORDER BY created_at DESC, digest";
    tx.rows(sql, args![workspace_id, now]).await?.iter().map(read).collect()
}

/// Takes an invitation back. `false`: there is none of that digest in the workspace.
pub async fn withdraw(tx: &mut Tx<'_>, workspace_id: i64, digest: &str) -> Result<bool> {
    let sql =
        "DELETE FROM ticket WHERE workspace_id = $1 AND digest = $2 AND kind = 'invite' AND used_at IS NULL";
    Ok(tx.execute(sql, args![workspace_id, digest]).await? > 0)
}

/// Takes back the sign-in links of a member: they have a password now, or are to stay out.
pub async fn withdraw_links(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> Result<u64> {
    let sql = "DELETE FROM ticket WHERE workspace_id = $1 AND member_id = $2 AND kind = 'sign_in' \
               AND used_at IS NULL";
    tx.execute(sql, args![workspace_id, member_id]).await
}

/// Forgets tickets that can no longer be used.
pub async fn prune(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM ticket WHERE expires_at <= $1", args![before]).await
}

fn read(row: &Row) -> Result<Ticket> {
    let kind = match row.text("kind")?.as_str() {
        "invite" => Kind::Invite {
            email: row.text("email")?,
            role: Role::named(&row.text("role")?).unwrap_or(Role::Agent),
        },
        "sign_in" => Kind::SignIn { member_id: row.opt_int("member_id")?.unwrap_or(0) },
        _ => Kind::Setup,
    };
    Ok(Ticket {
        digest: row.text("digest")?,
        kind,
        workspace_id: row.int("workspace_id")?,
        created_by: row.opt_int("created_by")?,
        created_at: row.int("created_at")?,
        expires_at: row.int("expires_at")?,
    })
}
