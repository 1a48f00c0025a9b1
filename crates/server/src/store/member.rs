//! Members as those see them who look after the people of a workspace: active or not, and when they were last here.
//! What everybody else may rely on of a member stands in `workspace`.

use causeway_core::rights::Role;

use super::{Result, Row, Tx, args, workspace::Member};

/// A member, active or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub member: Member,
    /// Whether they may come in.
    pub is_active: bool,
    /// When they last signed in.
    pub signed_in_at: Option<i64>,
    /// They have chosen a password.
    pub has_password: bool,
}

/// Every member: the active ones first, by name.
pub async fn all(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Profile>> {
    let sql = "SELECT id, name, email, role, is_active, signed_in_at, password FROM member \
               WHERE workspace_id = $1 ORDER BY is_active DESC, name, id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read).collect()
}

/// The member of that id, active or not.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Profile>> {
    let sql = "SELECT id, name, email, role, is_active, signed_in_at, password FROM member \
               WHERE workspace_id = $1 AND id = $2";
    tx.row(sql, args![workspace_id, id]).await?.map(|row| read(&row)).transpose()
}

/// The member of that e-mail, active or not.
pub async fn of_email(tx: &mut Tx<'_>, workspace_id: i64, email: &str) -> Result<Option<Profile>> {
    let sql = "SELECT id, name, email, role, is_active, signed_in_at, password FROM member \
               WHERE workspace_id = $1 AND email = $2";
    tx.row(sql, args![workspace_id, email.to_lowercase()]).await?.map(|row| read(&row)).transpose()
}

/// How many active owners a workspace has.
pub async fn owners(tx: &mut Tx<'_>, workspace_id: i64) -> Result<usize> {
    let sql = "SELECT id FROM member WHERE workspace_id = $1 AND role = 'owner' AND is_active = 1";
    Ok(tx.rows(sql, args![workspace_id]).await?.len())
}

/// Gives a member another role. `false`: there is none of that id.
pub async fn set_role(tx: &mut Tx<'_>, workspace_id: i64, id: i64, role: Role) -> Result<bool> {
    let sql = "UPDATE member SET role = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, id, role.word()]).await? > 0)
}

/// Lets a member in, or not. `false`: there is none of that id.
pub async fn set_active(tx: &mut Tx<'_>, workspace_id: i64, id: i64, is_active: bool) -> Result<bool> {
    let sql = "UPDATE member SET is_active = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, id, is_active]).await? > 0)
}

fn read(row: &Row) -> Result<Profile> {
    Ok(Profile {
        member: Member {
            id: row.int("id")?,
            name: row.text("name")?,
            email: row.text("email")?,
            role: Role::named(&row.text("role")?).unwrap_or(Role::Agent),
        },
        is_active: row.bool("is_active")?,
        signed_in_at: row.opt_int("signed_in_at")?,
        has_password: row.opt_text("password")?.is_some(),
    })
}
