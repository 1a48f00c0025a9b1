//! Endpoints to which providers post, and the channel accounts behind them.

use super::{Result, Row, Tx, args};

/// An endpoint: one app, many accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Stands in the URL.
    pub key: String,
    /// Its workspace.
    pub workspace_id: i64,
    /// The channel's name.
    pub channel: String,
    /// Its secrets, sealed.
    pub secrets: Vec<u8>,
}

/// A connected number, page or mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: i64,
    /// The channel's name.
    pub channel: String,
    /// The provider's id.
    pub external_id: String,
    /// What people call it.
    pub display: String,
    /// The member who owns it.
    pub owner_id: Option<i64>,
}

/// Makes a source known, or replaces its secrets. `false`: the key is that of another workspace or channel, and
/// nothing changed.
pub async fn put(tx: &mut Tx<'_>, source: &Source, now: i64) -> Result<bool> {
    let sql = "INSERT INTO source (key, workspace_id, channel, secrets, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (key) DO UPDATE SET secrets = excluded.secrets \
               WHERE source.workspace_id = excluded.workspace_id AND source.channel = excluded.channel";
    let args =
        args![source.key.clone(), source.workspace_id, source.channel.clone(), source.secrets.clone(), now];
    Ok(tx.execute(sql, args).await? > 0)
}

/// The source of that key.
pub async fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Source>> {
    let sql = "SELECT key, workspace_id, channel, secrets FROM source WHERE key = $1";
    tx.row(sql, args![key]).await?.map(|row| read(&row)).transpose()
}

/// Every source of every workspace.
pub async fn everywhere(tx: &mut Tx<'_>) -> Result<Vec<Source>> {
    let sql = "SELECT key, workspace_id, channel, secrets FROM source ORDER BY key";
    tx.rows(sql, args![]).await?.iter().map(read).collect()
}

/// Every source of a workspace.
pub async fn all(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Source>> {
    let sql = "SELECT key, workspace_id, channel, secrets FROM source WHERE workspace_id = $1 ORDER BY key";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Source> {
    Ok(Source {
        key: row.text("key")?,
        workspace_id: row.int("workspace_id")?,
        channel: row.text("channel")?,
        secrets: row.blob("secrets")?,
    })
}

/// The account of that provider id; made on its first event.
pub async fn ensure_account(
    tx: &mut Tx<'_>,
    source: &Source,
    external_id: &str,
    display: Option<&str>,
    fresh_id: i64,
    now: i64,
) -> Result<Account> {
    let sql = "SELECT id, channel, external_id, display, owner_id FROM account \
               WHERE workspace_id = $1 AND channel = $2 AND external_id = $3";
    if let Some(row) = tx.row(sql, args![source.workspace_id, source.channel.clone(), external_id]).await? {
        return read_account(&row);
    }
    let insert = "INSERT INTO account (workspace_id, id, channel, external_id, source_key, display, owner_id, created_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";
    let display = display.unwrap_or(external_id);
    let args = args![
        source.workspace_id,
        fresh_id,
        source.channel.clone(),
        external_id,
        source.key.clone(),
        display,
        now
    ];
    tx.execute(insert, args).await?;
    Ok(Account {
        id: fresh_id,
        channel: source.channel.clone(),
        external_id: external_id.to_owned(),
        display: display.to_owned(),
        owner_id: None,
    })
}

/// Every account of a workspace.
pub async fn accounts(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Account>> {
    let sql =
        "SELECT id, channel, external_id, display, owner_id FROM account WHERE workspace_id = $1 ORDER BY id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read_account).collect()
}

/// Gives an account to a member, or to nobody. `false`: there is no such account.
pub async fn set_account_owner(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    owner_id: Option<i64>,
) -> Result<bool> {
    let sql = "UPDATE account SET owner_id = $3 WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, args![workspace_id, account_id, owner_id]).await? > 0)
}

/// An endpoint as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Stands in the URL.
    pub key: String,
    /// The channel's name.
    pub channel: String,
    /// What people call it; may be empty.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When the newest request that is still kept came through it.
    pub last_at: Option<i64>,
}

/// Every endpoint of a workspace, oldest first.
pub async fn named(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Named>> {
    let sql = "SELECT s.key, s.channel, s.name, s.created_at, (SELECT i.received_at FROM intake i \
               WHERE i.workspace_id = s.workspace_id AND i.source_key = s.key ORDER BY i.id DESC LIMIT 1) AS last_at \
               FROM source s WHERE s.workspace_id = $1 ORDER BY s.created_at, s.key";
    let rows = tx.rows(sql, args![workspace_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Named {
                key: row.text("key")?,
                channel: row.text("channel")?,
                name: row.text("name")?,
                created_at: row.int("created_at")?,
                last_at: row.opt_int("last_at")?,
            })
        })
        .collect()
}

/// Calls an endpoint something else. `false`: there is no such endpoint.
pub async fn rename(tx: &mut Tx<'_>, workspace_id: i64, key: &str, name: &str) -> Result<bool> {
    let sql = "UPDATE source SET name = $3 WHERE workspace_id = $1 AND key = $2";
    Ok(tx.execute(sql, args![workspace_id, key, name]).await? > 0)
}

/// Removes an endpoint. What came through it stays. `false`: there is no such endpoint.
pub async fn remove(tx: &mut Tx<'_>, workspace_id: i64, key: &str) -> Result<bool> {
    let sql = "DELETE FROM source WHERE workspace_id = $1 AND key = $2";
    Ok(tx.execute(sql, args![workspace_id, key]).await? > 0)
}

/// A channel account with the endpoint that it was first seen through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The account.
    pub account: Account,
    /// The key of the endpoint.
    pub source_key: String,
    /// The inbox that it belongs to.
    pub inbox_id: Option<i64>,
}

/// Every account of a workspace with its endpoint.
pub async fn placed(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Placed>> {
    let sql = "SELECT id, channel, external_id, display, owner_id, source_key, inbox_id FROM account \
               WHERE workspace_id = $1 ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Placed {
                account: read_account(row)?,
                source_key: row.text("source_key")?,
                inbox_id: row.opt_int("inbox_id")?,
            })
        })
        .collect()
}

fn read_account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.int("id")?,
        channel: row.text("channel")?,
        external_id: row.text("external_id")?,
        display: row.text("display")?,
        owner_id: row.opt_int("owner_id")?,
    })
}
