//! The first start with nothing set up: a workspace, its owner, and a token for the API.

use causeway_core::{address::phone::Region, rights::Role, time::Zone};

use serde_json::json;

use crate::{
    app::App,
    audit as lines, id, sign_in,
    store::{
        self, audit, sign_in as passwords,
        ticket::{self, Kind},
        workspace::{self, Member, Workspace},
    },
};

/// For how long the token of the terminal may be used, in microseconds: until the server is started again.
const SETUP_LIMIT: i64 = 30 * 86_400_000_000;

/// What the first workspace is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// Its name.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// How numbers without a country are read.
    pub region: Option<Region>,
    /// The owner's e-mail.
    pub owner_email: String,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            name: "Workspace".into(),
            zone: "UTC".into(),
            region: None,
            owner_email: "owner@localhost".into(),
        }
    }
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The workspace.
    pub workspace_id: i64,
    /// The owner.
    pub owner_id: i64,
    /// The token of the owner; only its digest is kept.
    pub token: String,
}

/// Makes the first workspace. `None`: there is one already, and nothing was changed.
pub async fn prepare(app: &App, wishes: &Wishes) -> store::Result<Option<Made>> {
    let made = Made { workspace_id: app.nature.id(), owner_id: app.nature.id(), token: app.nature.secret() };
    let (wishes, now) = (wishes.clone(), app.now());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if workspace::first(tx).await?.is_some() {
                    return Ok(None);
                }
                let new = Workspace {
                    id: made.workspace_id,
                    name: wishes.name,
                    zone: Zone::named(&wishes.zone).unwrap_or_else(Zone::utc),
                    region: wishes.region,
                };
                workspace::create(tx, &new, &wishes.zone, now).await?;
                let owner = Member {
                    id: made.owner_id,
                    name: "Owner".into(),
                    email: wishes.owner_email,
                    role: Role::Owner,
                };
                workspace::put_member(tx, made.workspace_id, &owner, now).await?;
                workspace::put_token(tx, &made.token, made.workspace_id, made.owner_id, now).await?;
                Ok(Some(made))
            })
        })
        .await
}

/// Is there no workspace yet?
pub async fn is_empty(app: &App) -> store::Result<bool> {
    Ok(app.db.read(|tx| Box::pin(workspace::first(tx))).await?.is_none())
}

/// A fresh token that lets somebody set up this server; an earlier one is no longer good.
pub async fn setup_token(app: &App) -> store::Result<String> {
    let token = app.nature.secret();
    let new = ticket::New {
        token: token.clone(),
        kind: Kind::Setup,
        workspace_id: 0,
        created_by: None,
        expires_at: app.now().saturating_add(SETUP_LIMIT),
    };
    let now = app.now();
    app.db.write(move |tx| Box::pin(async move { ticket::put(tx, &new, now).await })).await?;
    Ok(token)
}

/// Who sets up the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Their name.
    pub name: String,
    /// Their password, in clear; only its hash is kept.
    pub password: String,
}

/// Why the server was not set up.
#[derive(Debug, thiserror::Error)]
pub enum FoundRefused {
    /// The token is not the one of the terminal.
    #[error("the token is not the one that the server printed")]
    Token,
    /// Somebody was faster.
    #[error("the server is set up already")]
    Done,
    /// The password could not be hashed: a fault of ours. The token is as good as it was.
    #[error("the password could not be hashed; nothing was set up")]
    Unhashed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes the first workspace and its owner, for whoever has the token. Returns the workspace and the owner.
pub async fn found(
    app: &App,
    token: &str,
    wishes: &Wishes,
    owner: &Owner,
) -> Result<(i64, Member), FoundRefused> {
    let (asked, now) = (token.to_owned(), app.now());
    let known = app.db.read(move |tx| Box::pin(async move { ticket::find(tx, &asked, now).await })).await?;
    if known.is_none_or(|ticket| ticket.kind != Kind::Setup) {
        return Err(FoundRefused::Token);
    }
    let hash = sign_in::hash(&app.nature, &owner.password).await.ok_or(FoundRefused::Unhashed)?;
    let (workspace_id, token, wishes) = (app.nature.id(), token.to_owned(), wishes.clone());
    let member = Member {
        id: app.nature.id(),
        name: owner.name.clone(),
        email: wishes.owner_email.clone(),
        role: Role::Owner,
    };
    let line = lines::line(app, Some(member.id), "workspace.set_up", id::member(member.id), json!({}));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if workspace::first(tx).await?.is_some() {
                    return Ok(Err(FoundRefused::Done));
                }
                if !ticket::use_up(tx, &token, now).await? {
                    return Ok(Err(FoundRefused::Token));
                }
                let new = Workspace {
                    id: workspace_id,
                    name: wishes.name,
                    zone: Zone::named(&wishes.zone).unwrap_or_else(Zone::utc),
                    region: wishes.region,
                };
                workspace::create(tx, &new, &wishes.zone, now).await?;
                workspace::put_member(tx, workspace_id, &member, now).await?;
                passwords::put_password(tx, workspace_id, member.id, &hash).await?;
                audit::append(tx, workspace_id, &line).await?;
                Ok(Ok((workspace_id, member)))
            })
        })
        .await?
}
