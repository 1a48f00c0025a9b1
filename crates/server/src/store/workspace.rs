//! Workspaces, their members, and the tokens of their API.

use causeway_core::{address::phone::Region, media::FileRules, rights::Role, time::Zone};
use sha2::{Digest, Sha256};

use super::{Error, Result, Row, Tx, args};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The zone that decides days and offsets.
    pub zone: Zone,
    /// How numbers without a country are read.
    pub region: Option<Region>,
}

/// A person who works in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Their e-mail, lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// Makes a workspace.
pub async fn create(tx: &mut Tx<'_>, workspace: &Workspace, zone: &str, now: i64) -> Result<()> {
    let region = workspace.region.map(|region| region.to_string());
    let sql = "INSERT INTO workspace (id, name, zone, region, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![workspace.id, workspace.name.clone(), zone, region, now]).await?;
    Ok(())
}

/// Gives a workspace another name, zone and country. `false`: there is none of that id.
pub async fn change(tx: &mut Tx<'_>, workspace: &Workspace, zone: &str) -> Result<bool> {
    let region = workspace.region.map(|region| region.to_string());
    let sql = "UPDATE workspace SET name = $2, zone = $3, region = $4 WHERE id = $1";
    Ok(tx.execute(sql, args![workspace.id, workspace.name.clone(), zone, region]).await? > 0)
}

/// The name of a workspace's zone, as it was chosen.
pub async fn zone_name(tx: &mut Tx<'_>, id: i64) -> Result<Option<String>> {
    let row = tx.row("SELECT zone FROM workspace WHERE id = $1", args![id]).await?;
    row.map(|row| row.text("zone")).transpose()
}

/// Which files a workspace keeps.
pub async fn file_rules(tx: &mut Tx<'_>, id: i64) -> Result<FileRules> {
    let row = tx.row("SELECT file_rules FROM workspace WHERE id = $1", args![id]).await?;
    let text = row.map(|row| row.opt_text("file_rules")).transpose()?.flatten();
    let Some(text) = text else { return Ok(FileRules::default()) };
    serde_json::from_str(&text).map_err(|error| Error::unreadable("file_rules", &error))
}

/// Chooses which files a workspace keeps. `false`: there is none of that id.
pub async fn set_file_rules(tx: &mut Tx<'_>, id: i64, rules: &FileRules) -> Result<bool> {
    let text = serde_json::to_string(rules).unwrap_or_default();
    Ok(tx.execute("UPDATE workspace SET file_rules = $2 WHERE id = $1", args![id, text]).await? > 0)
}

/// Lets nobody else change who works here until the transaction ends: what holds of all members together ("there is
/// an owner") is then asked and kept in one step.
pub async fn hold(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("UPDATE workspace SET name = name WHERE id = $1", args![id]).await?;
    Ok(())
}

/// The workspace of that id.
pub async fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Workspace>> {
    let row = tx.row("SELECT id, name, zone, region FROM workspace WHERE id = $1", args![id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// The first workspace made, if there is one.
pub async fn first(tx: &mut Tx<'_>) -> Result<Option<Workspace>> {
    let sql = "SELECT id, name, zone, region FROM workspace ORDER BY created_at, id LIMIT 1";
    tx.row(sql, args![]).await?.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Workspace> {
    Ok(Workspace {
        id: row.int("id")?,
        name: row.text("name")?,
        // A zone that a newer program knew and this one does not: times are shown in UTC rather than not at all.
        zone: Zone::named(&row.text("zone")?).unwrap_or_else(Zone::utc),
        region: row.opt_text("region")?.and_then(|region| region.parse().ok()),
    })
}

/// Adds a member, or changes the one of that e-mail. Returns their id.
pub async fn put_member(tx: &mut Tx<'_>, workspace_id: i64, member: &Member, now: i64) -> Result<i64> {
    let sql = "INSERT INTO member (workspace_id, id, name, email, role, is_active, created_at) \
               VALUES ($1, $2, $3, $4, $5, 1, $6) \
               ON CONFLICT (workspace_id, email) DO UPDATE SET name = excluded.name, role = excluded.role \
               RETURNING id";
    let email = member.email.to_lowercase();
    let args = args![workspace_id, member.id, member.name.clone(), email, member.role.word(), now];
    tx.row(sql, args).await?.map_or(Ok(member.id), |row| row.int("id"))
}

/// Every active member.
pub async fn members(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Member>> {
    let sql =
        "SELECT id, name, email, role FROM member WHERE workspace_id = $1 AND is_active = 1 ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id]).await?;
    rows.iter().map(read_member).collect()
}

/// The active member of that id.
pub async fn member(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Member>> {
    let sql =
        "SELECT id, name, email, role FROM member WHERE workspace_id = $1 AND id = $2 AND is_active = 1";
    tx.row(sql, args![workspace_id, id]).await?.map(|row| read_member(&row)).transpose()
}

fn read_member(row: &Row) -> Result<Member> {
    Ok(Member {
        id: row.int("id")?,
        name: row.text("name")?,
        email: row.text("email")?,
        // A role that a newer program knew and this one does not: the least there is.
        role: Role::named(&row.text("role")?).unwrap_or(Role::Agent),
    })
}

/// Makes an API token known; only its digest is kept.
pub async fn put_token(
    tx: &mut Tx<'_>,
    token: &str,
    workspace_id: i64,
    member_id: i64,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO api_token (digest, workspace_id, member_id, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (digest) DO NOTHING";
    tx.execute(sql, args![digest(token), workspace_id, member_id, now]).await?;
    Ok(())
}

/// Whose token this is: workspace and member.
pub async fn token_holder(tx: &mut Tx<'_>, token: &str) -> Result<Option<(i64, Member)>> {
    let sql = "SELECT t.workspace_id, m.id, m.name, m.email, m.role FROM api_token t \
               JOIN member m ON m.workspace_id = t.workspace_id AND m.id = t.member_id \
               WHERE t.digest = $1 AND m.is_active = 1";
    let row = tx.row(sql, args![digest(token)]).await?;
    row.map(|row| Ok((row.int("workspace_id")?, read_member(&row)?))).transpose()
}

/// The digest under which a secret is looked up.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
