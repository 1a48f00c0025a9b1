//! Inboxes: teams' queues. Each has members, some of them its administrators, and owns channel accounts.

use super::{Result, Row, Tx, args};

/// A team's queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// Somebody who works in an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxMember {
    /// The member.
    pub member_id: i64,
    /// Their name.
    pub name: String,
    /// They may set the inbox up.
    pub is_admin: bool,
}

/// Makes an inbox, or gives the one of that id another name.
pub async fn put(tx: &mut Tx<'_>, workspace_id: i64, inbox: &Inbox, now: i64) -> Result<()> {
    let sql = "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name";
    tx.execute(sql, args![workspace_id, inbox.id, inbox.name.clone(), now]).await?;
    Ok(())
}

/// Every inbox of a workspace, by name.
pub async fn all(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Inbox>> {
    let sql = "SELECT id, name FROM inbox WHERE workspace_id = $1 ORDER BY name, id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read).collect()
}

/// The inbox of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Inbox>> {
    let sql = "SELECT id, name FROM inbox WHERE workspace_id = $1 AND id = $2";
    tx.row(sql, args![workspace_id, id]).await?.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Inbox> {
    Ok(Inbox { id: row.int("id")?, name: row.text("name")? })
}

/// Removes an inbox; its accounts belong to none then. `false`: there is no such inbox.
pub async fn remove(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<bool> {
    let own = args![workspace_id, id];
    let free = "UPDATE account SET inbox_id = NULL WHERE workspace_id = $1 AND inbox_id = $2";
    tx.execute(free, own).await?;
    tx.execute("DELETE FROM inbox_member WHERE workspace_id = $1 AND inbox_id = $2", own).await?;
    Ok(tx.execute("DELETE FROM inbox WHERE workspace_id = $1 AND id = $2", own).await? > 0)
}

/// Lets a member work in an inbox, as its administrator or not.
pub async fn put_member(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    inbox_id: i64,
    member_id: i64,
    is_admin: bool,
) -> Result<()> {
    let sql = "INSERT INTO inbox_member (workspace_id, inbox_id, member_id, is_admin) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (workspace_id, inbox_id, member_id) DO UPDATE SET is_admin = excluded.is_admin";
    tx.execute(sql, args![workspace_id, inbox_id, member_id, is_admin]).await?;
    Ok(())
}

/// Lets a member work in an inbox no more. `false`: they did not.
pub async fn remove_member(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    inbox_id: i64,
    member_id: i64,
) -> Result<bool> {
    let sql = "DELETE FROM inbox_member WHERE workspace_id = $1 AND inbox_id = $2 AND member_id = $3";
    Ok(tx.execute(sql, args![workspace_id, inbox_id, member_id]).await? > 0)
}

/// The active members who work in an inbox, by name.
pub async fn members(tx: &mut Tx<'_>, workspace_id: i64, inbox_id: i64) -> Result<Vec<InboxMember>> {
    let sql = "SELECT i.member_id, m.name, i.is_admin FROM inbox_member i \
               JOIN member m ON m.workspace_id = i.workspace_id AND m.id = i.member_id AND m.is_active = 1 \
               WHERE i.workspace_id = $1 AND i.inbox_id = $2 ORDER BY m.name, m.id";
    let rows = tx.rows(sql, args![workspace_id, inbox_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(InboxMember {
                member_id: row.int("member_id")?,
                name: row.text("name")?,
                is_admin: row.bool("is_admin")?,
            })
        })
        .collect()
}

/// Gives an account to an inbox, or to none. `false`: there is no such account.
pub async fn give_account(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    inbox_id: Option<i64>,
) -> Result<bool> {
    let sql = "UPDATE account SET inbox_id = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, account_id, inbox_id]).await? > 0)
}

/// The inboxes of accounts, as (account, inbox); accounts that belong to none are absent.
pub async fn of_accounts(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT id, inbox_id FROM account WHERE workspace_id = $1 AND inbox_id IS NOT NULL ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id]).await?;
    rows.iter().map(|row| Ok((row.int("id")?, row.int("inbox_id")?))).collect()
}
