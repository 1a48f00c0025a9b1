//! Connections: one grant to one CRM organisation, with its sealed tokens.

use std::collections::BTreeMap;

use causeway_core::{
    call::Usage,
    crm::Place,
    record::{Module, OrgProfile},
};

use super::{Result, Row, Tx, args};

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// The CRM's name.
    pub crm: String,
    /// Where people log in: the word of one of the CRM's places, or a host.
    pub environment: String,
    /// Where grants come from.
    pub login_url: String,
    /// Where the API is.
    pub instance_url: String,
    /// The API version spoken.
    pub version: String,
    /// The organisation that it is bound to.
    pub org_id: String,
    /// The acting user.
    pub user_id: String,
    /// Whether it can be used.
    pub state: State,
    /// Why it is lost.
    pub detail: String,
    /// The access token, sealed.
    pub access_token: Option<Vec<u8>>,
    /// The refresh token, sealed.
    pub refresh_token: Option<Vec<u8>>,
    /// Rises with every token stored.
    pub token_revision: i64,
    /// The org as described.
    pub profile: Option<OrgProfile>,
    /// When it was described.
    pub profile_at: Option<i64>,
    /// Use of the org's limit, as last told.
    pub usage: Option<Usage>,
    /// The lane rests until then.
    pub wait_until: Option<i64>,
    /// Why it rests.
    pub wait_reason: Option<String>,
    /// How far the CRM's changes are read, by its clock.
    pub followed_until: Option<i64>,
    /// When they are to be read next.
    pub follow_at: Option<i64>,
    /// What the grant allows, in the CRM's words; empty where that was not kept.
    pub scopes: Vec<String>,
    /// What its governor knows.
    pub budget: Budget,
}

/// What the governor of a connection's calls knows (the columns of 0006).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The most that Causeway spends of the limit, in percent; `None`: what the operator set.
    pub share_percent: Option<u8>,
    /// What is left to others; as above.
    pub reserve_percent: Option<u8>,
    /// When the usage was told.
    pub told_at: Option<i64>,
    /// Since when calls run short.
    pub short_since: Option<i64>,
    /// Since when somebody was told that calls are near their end.
    pub near_since: Option<i64>,
    /// Since when somebody was told that the lane waits for calls.
    pub stopped_since: Option<i64>,
    /// When the governor last looked.
    pub reviewed_at: Option<i64>,
}

/// Whether a connection can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Yes.
    Connected,
    /// The CRM refuses the grant; somebody has to connect again.
    Lost,
    /// The grant now leads to another organisation: nothing is written there.
    OtherOrg,
    /// A member disconnected it.
    Disconnected,
}

impl State {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Lost => "lost",
            Self::OtherOrg => "other_org",
            Self::Disconnected => "disconnected",
        }
    }

    /// The state behind a stored word.
    pub fn of(word: &str) -> Self {
        match word {
            "connected" => Self::Connected,
            "disconnected" => Self::Disconnected,
            "other_org" => Self::OtherOrg,
            _ => Self::Lost,
        }
    }
}

/// Where a connection's sealed values are bound to.
pub fn seal_place(connection_id: i64, token: &str) -> String {
    format!("connection.{token}/{connection_id}")
}

const COLUMNS: &str = "workspace_id, id, crm, environment, login_url, instance_url, version, org_id, user_id, state, \
                       detail, access_token, refresh_token, token_revision, profile, profile_at, usage_used, \
                       usage_limit, usage_at, wait_until, wait_reason, followed_until, follow_at, scopes, \
                       share_percent, reserve_percent, short_since, near_since, stopped_since, reviewed_at";

/// Stores a new connection.
pub async fn insert(tx: &mut Tx<'_>, connection: &Connection, member_id: i64, now: i64) -> Result<()> {
    let sql = "INSERT INTO connection (workspace_id, id, crm, environment, login_url, instance_url, version, org_id, \
               user_id, state, detail, access_token, refresh_token, token_revision, created_by, created_at, scopes) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    let args = args![
        connection.workspace_id,
        connection.id,
        connection.crm.clone(),
        connection.environment.clone(),
        connection.login_url.clone(),
        connection.instance_url.clone(),
        connection.version.clone(),
        connection.org_id.clone(),
        connection.user_id.clone(),
        connection.state.word(),
        connection.detail.clone(),
        connection.access_token.clone(),
        connection.refresh_token.clone(),
        connection.token_revision,
        member_id,
        now,
        connection.scopes.join(" ")
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The connection of that id.
pub async fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Connection>> {
    let sql = format!("SELECT {COLUMNS} FROM connection WHERE id = $1");
    tx.row(&sql, args![id]).await?.map(|row| read(&row)).transpose()
}

/// Keeps every other transaction that locks this connection waiting until this one ends.
pub async fn lock(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("UPDATE connection SET state = state WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Every connection of a workspace; of all workspaces, if `None`.
pub async fn all(tx: &mut Tx<'_>, workspace_id: Option<i64>) -> Result<Vec<Connection>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM connection WHERE CAST($1 AS BIGINT) = 0 OR workspace_id = $1 ORDER BY id"
    );
    tx.rows(&sql, args![workspace_id.unwrap_or(0)]).await?.iter().map(read).collect()
}

impl Connection {
    /// Where the org's pages are.
    pub fn place(&self) -> Place<'_> {
        static USUAL: BTreeMap<Module, String> = BTreeMap::new();
        let tabs = self.profile.as_ref().map_or(&USUAL, |profile| &profile.tabs);
        Place { instance_url: &self.instance_url, org_id: &self.org_id, tabs }
    }
}

/// Tokens as they are to be stored.
#[derive(Clone, Debug)]
pub struct NewTokens {
    /// Where they come from: they are renewed and given back there.
    pub login_url: String,
    /// Sealed.
    pub access_token: Vec<u8>,
    /// Sealed; `None` overwrites nothing.
    pub refresh_token: Option<Vec<u8>>,
    /// Where the API is now.
    pub instance_url: String,
    /// The acting user.
    pub user_id: String,
    /// What is granted; empty overwrites nothing.
    pub scopes: Vec<String>,
}

/// Stores the tokens of a grant that a person has given. Done before their first use: with rotation, the old refresh token is dead by now.
pub async fn put_tokens(tx: &mut Tx<'_>, id: i64, tokens: &NewTokens) -> Result<()> {
    let sql = "UPDATE connection SET access_token = $2, refresh_token = COALESCE($3, refresh_token), \
               instance_url = $4, user_id = $5, login_url = $7, state = 'connected', detail = '', \
               scopes = CASE WHEN $6 = '' THEN scopes ELSE $6 END, token_revision = token_revision + 1 WHERE id = $1";
    let args = args![
        id,
        tokens.access_token.clone(),
        tokens.refresh_token.clone(),
        tokens.instance_url.clone(),
        tokens.user_id.clone(),
        tokens.scopes.join(" "),
        tokens.login_url.clone()
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Stores tokens that a renewal brought, unless the connection was disconnected or connected anew in the meantime.
pub async fn renew_tokens(tx: &mut Tx<'_>, id: i64, token_revision: i64, tokens: &NewTokens) -> Result<bool> {
    let sql = "UPDATE connection SET access_token = $3, refresh_token = COALESCE($4, refresh_token), \
               instance_url = $5, user_id = $6, login_url = $8, detail = '', \
               scopes = CASE WHEN $7 = '' THEN scopes ELSE $7 END, token_revision = token_revision + 1 \
               WHERE id = $1 AND token_revision = $2 AND state = 'connected'";
    let args = args![
        id,
        token_revision,
        tokens.access_token.clone(),
        tokens.refresh_token.clone(),
        tokens.instance_url.clone(),
        tokens.user_id.clone(),
        tokens.scopes.join(" "),
        tokens.login_url.clone()
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Marks a connection as lost, unless newer tokens have come in the meantime.
pub async fn lose(tx: &mut Tx<'_>, id: i64, token_revision: i64, state: State, detail: &str) -> Result<bool> {
    let sql = "UPDATE connection SET state = $4, detail = $3 \
               WHERE id = $1 AND token_revision = $2 AND state = 'connected'";
    Ok(tx.execute(sql, args![id, token_revision, detail, state.word()]).await? > 0)
}

/// Disconnects: erases the secrets and what was read from the org.
pub async fn disconnect(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let sql = "UPDATE connection SET state = 'disconnected', detail = '', access_token = NULL, refresh_token = NULL, \
               token_revision = token_revision + 1, profile = NULL, profile_at = NULL WHERE id = $1";
    tx.execute(sql, args![id]).await?;
    Ok(())
}

/// Stores the org as described under that grant. `false`: it was disconnected or connected anew in the meantime, and
/// nothing is kept of what another user saw.
pub async fn put_profile(
    tx: &mut Tx<'_>,
    id: i64,
    token_revision: i64,
    profile: &OrgProfile,
    now: i64,
) -> Result<bool> {
    let text = serde_json::to_string(profile).unwrap_or_default();
    let sql = "UPDATE connection SET profile = $2, profile_at = $3 WHERE id = $1 AND token_revision = $4";
    Ok(tx.execute(sql, args![id, text, now, token_revision]).await? > 0)
}

/// Makes the next pass describe the org again.
pub async fn forget_profile(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("UPDATE connection SET profile_at = NULL WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Notes how much of the org's limit is used, for every connection to that org.
pub async fn put_usage(tx: &mut Tx<'_>, crm: &str, org_id: &str, usage: Usage, now: i64) -> Result<()> {
    let sql = "UPDATE connection SET usage_used = $3, usage_limit = $4, usage_at = $5 WHERE crm = $1 AND org_id = $2";
    tx.execute(sql, args![crm, org_id, usage.used, usage.limit, now]).await?;
    Ok(())
}

/// Stores what the admin allows; `None`: what the operator set.
pub async fn put_rules(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    id: i64,
    share_percent: Option<u8>,
    reserve_percent: Option<u8>,
) -> Result<bool> {
    // The governor looks again at once.
    let sql = "UPDATE connection SET share_percent = $3, reserve_percent = $4, reviewed_at = NULL \
               WHERE workspace_id = $1 AND id = $2";
    let args = args![workspace_id, id, share_percent.map(i64::from), reserve_percent.map(i64::from)];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Stores what the governor found, unless somebody else has looked since: then nothing of it is to be told.
pub async fn put_review(tx: &mut Tx<'_>, id: i64, before: Option<i64>, found: &Budget) -> Result<bool> {
    let sql = "UPDATE connection SET short_since = $3, near_since = $4, stopped_since = $5, reviewed_at = $6 \
               WHERE id = $1 AND COALESCE(reviewed_at, -1) = $2";
    let args = args![
        id,
        before.unwrap_or(-1),
        found.short_since,
        found.near_since,
        found.stopped_since,
        found.reviewed_at
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Which connections of a workspace run short of calls.
pub async fn short(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM connection WHERE workspace_id = $1 AND short_since IS NOT NULL ORDER BY id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(|row| row.int("id")).collect()
}

/// Lets a lane rest, or wakes it (`None`).
/// `detail` is more words for those who ask why; what is said of a connection that is not connected stays.
pub async fn rest(
    tx: &mut Tx<'_>,
    id: i64,
    until: Option<i64>,
    reason: Option<&str>,
    detail: &str,
) -> Result<()> {
    let sql = "UPDATE connection SET wait_until = $2, wait_reason = $3, \
               detail = CASE WHEN state = 'connected' THEN $4 ELSE detail END WHERE id = $1";
    tx.execute(sql, args![id, until, reason, detail]).await?;
    Ok(())
}

/// Lets a lane that rests look again at once. Why it rests stays until it has looked.
pub async fn rest_until_now(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    tx.execute("UPDATE connection SET wait_until = $2 WHERE id = $1 AND wait_until > $2", args![id, now])
        .await?;
    Ok(())
}

/// Notes how far the CRM's changes are read, and when to read on.
pub async fn put_followed(tx: &mut Tx<'_>, id: i64, until: Option<i64>, next: i64) -> Result<()> {
    let sql =
        "UPDATE connection SET followed_until = COALESCE($2, followed_until), follow_at = $3 WHERE id = $1";
    tx.execute(sql, args![id, until, next]).await?;
    Ok(())
}

/// Calls by their names, summed over all days.
pub async fn calls(tx: &mut Tx<'_>, connection_id: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT call, CAST(SUM(calls) AS BIGINT) AS calls FROM call_count \
               WHERE connection_id = $1 GROUP BY call ORDER BY call";
    let rows = tx.rows(sql, args![connection_id]).await?;
    rows.iter().map(|row| Ok((row.text("call")?, row.int("calls")?))).collect()
}

/// Who made a connection, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The connection.
    pub connection_id: i64,
    /// The member.
    pub member_id: i64,
    /// When.
    pub at: i64,
}

/// Where the connections of a workspace come from.
pub async fn origins(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Origin>> {
    let sql = "SELECT id, created_by, created_at FROM connection WHERE workspace_id = $1 ORDER BY id";
    let origin = |row: &Row| {
        Ok(Origin {
            connection_id: row.int("id")?,
            member_id: row.int("created_by")?,
            at: row.int("created_at")?,
        })
    };
    tx.rows(sql, args![workspace_id]).await?.iter().map(origin).collect()
}

/// How many grants of that user of that org we hold, in all workspaces together (R1.13). A number and nothing else:
/// whose they are is nobody's business.
pub async fn grants(tx: &mut Tx<'_>, crm: &str, org_id: &str, user_id: &str) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM connection \
               WHERE org_id = $2 AND user_id = $3 AND crm = $1 AND state = 'connected'";
    let count = tx.row(sql, args![crm, org_id, user_id]).await?.map_or(Ok(0), |row| row.int("n"))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn read(row: &Row) -> Result<Connection> {
    // What another version wrote, or what is damaged, is described anew; it stops no other connection.
    let profile: Option<OrgProfile> =
        row.opt_text("profile")?.and_then(|text| serde_json::from_str(&text).ok());
    let profile_at = row.opt_int("profile_at")?.filter(|_| profile.is_some());
    let usage = match (row.opt_int("usage_used")?, row.opt_int("usage_limit")?) {
        (Some(used), Some(limit)) => {
            Some(Usage { used: u64::try_from(used).unwrap_or(0), limit: u64::try_from(limit).unwrap_or(0) })
        }
        _ => None,
    };
    Ok(Connection {
        workspace_id: row.int("workspace_id")?,
        id: row.int("id")?,
        crm: row.text("crm")?,
        environment: row.text("environment")?,
        login_url: row.text("login_url")?,
        instance_url: row.text("instance_url")?,
        version: row.text("version")?,
        org_id: row.text("org_id")?,
        user_id: row.text("user_id")?,
        state: State::of(&row.text("state")?),
        detail: row.text("detail")?,
        access_token: row.opt_blob("access_token")?,
        refresh_token: row.opt_blob("refresh_token")?,
        token_revision: row.int("token_revision")?,
        profile,
        profile_at,
        usage,
        wait_until: row.opt_int("wait_until")?,
        wait_reason: row.opt_text("wait_reason")?,
        followed_until: row.opt_int("followed_until")?,
        follow_at: row.opt_int("follow_at")?,
        scopes: row.text("scopes")?.split_whitespace().map(str::to_owned).collect(),
        budget: Budget {
            share_percent: percent(row, "share_percent")?,
            reserve_percent: percent(row, "reserve_percent")?,
            told_at: row.opt_int("usage_at")?,
            short_since: row.opt_int("short_since")?,
            near_since: row.opt_int("near_since")?,
            stopped_since: row.opt_int("stopped_since")?,
            reviewed_at: row.opt_int("reviewed_at")?,
        },
    })
}

fn percent(row: &Row, column: &str) -> Result<Option<u8>> {
    Ok(row.opt_int(column)?.and_then(|percent| u8::try_from(percent).ok()))
}

/// A flow of connecting that a person has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its workspace.
    pub workspace_id: i64,
    /// Who began it.
    pub member_id: i64,
    /// The connection to renew, if it is not a new one.
    pub connection_id: Option<i64>,
    /// The CRM's name.
    pub crm: String,
    /// `production`, `sandbox` or a host.
    pub environment: String,
    /// Where the grant is asked for.
    pub login_url: String,
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// The secret behind the challenge, sealed.
    pub verifier: Vec<u8>,
    /// The digest of the cookie of the browser that began it.
    pub browser_digest: String,
    /// When it began.
    pub created_at: i64,
}

/// Stores a flow.
pub async fn begin_flow(tx: &mut Tx<'_>, state_digest: &str, flow: &Flow) -> Result<()> {
    let sql = "INSERT INTO oauth_flow (state_digest, workspace_id, member_id, connection_id, crm, environment, \
               login_url, redirect_uri, verifier, browser_digest, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let args = args![
        state_digest,
        flow.workspace_id,
        flow.member_id,
        flow.connection_id,
        flow.crm.clone(),
        flow.environment.clone(),
        flow.login_url.clone(),
        flow.redirect_uri.clone(),
        flow.verifier.clone(),
        flow.browser_digest.clone(),
        flow.created_at
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Takes a flow for its one use. `None`: there is none of that state, or it was used.
pub async fn use_flow(tx: &mut Tx<'_>, state_digest: &str, now: i64) -> Result<Option<Flow>> {
    let claim = "UPDATE oauth_flow SET used_at = $2 WHERE state_digest = $1 AND used_at IS NULL";
    if tx.execute(claim, args![state_digest, now]).await? == 0 {
        return Ok(None);
    }
    let sql = "SELECT workspace_id, member_id, connection_id, crm, environment, login_url, redirect_uri, verifier, \
               browser_digest, created_at FROM oauth_flow WHERE state_digest = $1";
    let row = tx.row(sql, args![state_digest]).await?;
    row.map(|row| {
        Ok(Flow {
            workspace_id: row.int("workspace_id")?,
            member_id: row.int("member_id")?,
            connection_id: row.opt_int("connection_id")?,
            crm: row.text("crm")?,
            environment: row.text("environment")?,
            login_url: row.text("login_url")?,
            redirect_uri: row.text("redirect_uri")?,
            verifier: row.blob("verifier")?,
            browser_digest: row.text("browser_digest")?,
            created_at: row.int("created_at")?,
        })
    })
    .transpose()
}

/// Forgets flows that began before `before`, used or not. Returns how many.
pub async fn prune_flows(tx: &mut Tx<'_>, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM oauth_flow WHERE created_at < $1", args![before]).await
}

/// Nobody waits for changes any more: the next reading starts afresh.
pub async fn forget_followed(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let sql = "UPDATE connection SET followed_until = NULL, follow_at = NULL WHERE id = $1";
    tx.execute(sql, args![id]).await?;
    Ok(())
}
