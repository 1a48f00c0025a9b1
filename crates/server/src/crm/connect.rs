//! Connecting: from a member's wish through the CRM's own pages to a stored grant, bound to its organisation.
//!
//! Three steps. `begin` answers an address of ours to open in a browser; `start` ties the flow to that browser by a
//! cookie and sends it to the CRM; `finish` takes what the browser brings back, once, within ten minutes, and only
//! from the browser that began.

use base64::Engine as _;
use causeway_core::{
    call::Identity,
    crm::{self, Crm, Grant, HostRefused, TokenFailure, Tokens},
    rights::Right,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Callback, Failure,
    disconnect::give_back,
    examine::{examine, undo},
    identify::identify,
    line::REQUEST_LIMIT,
    renew::{registration, seal_tokens},
};
use crate::{
    app::App,
    audit as lines, id,
    store::{
        self,
        audit::{self, NewLine},
        connection::{self, Budget, Connection, Flow, State},
        integration,
        workspace::{self, digest},
    },
};

/// How long a flow may take, in microseconds.
const PATIENCE: i64 = 10 * 60 * 1_000_000;

/// Why connecting came to nothing, in words for the person who tried.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No such CRM.
    #[error("no CRM is called {0}; known are: {1}")]
    UnknownCrm(String, String),
    /// Nobody logs in there.
    #[error("{refused}")]
    Login {
        /// The host.
        refused: HostRefused,
        /// The words of the places where one does.
        known: Vec<&'static str>,
    },
    /// The host is not allowed.
    #[error(transparent)]
    Host(#[from] HostRefused),
    /// No such flow, used, too old, or begun in another browser.
    #[error("this attempt to connect is no longer valid ({0}); start again from the integration's page")]
    Flow(&'static str),
    /// The person or the CRM said no.
    #[error("{crm} did not grant access: {what}")]
    Denied {
        /// The CRM's title.
        crm: &'static str,
        /// Its words.
        what: String,
    },
    /// No tokens came.
    #[error("{crm} gave no tokens: {failure}")]
    Tokens {
        /// The CRM's title.
        crm: &'static str,
        /// Why.
        failure: TokenFailure,
    },
    /// The org is connected already for synchronising, and whoever connects may not touch that.
    #[error(
        "this organisation is connected already, and what is synchronised depends on it; your role may not renew that \
         connection. An owner or an admin can"
    )]
    NotYours,
    /// The grant is of another organisation than the connection.
    #[error(
        "you logged in to organisation {found}, but this connection belongs to {bound}; log in to that one"
    )]
    OtherOrg {
        /// Whose grant this is.
        found: String,
        /// Whose it should be.
        bound: String,
    },
    /// The grant works, but something that is needed is missing; nothing was stored.
    #[error("the connection would not work: {0}")]
    Missing(String),
    /// The CRM could not be asked.
    #[error("the org could not be examined: {0}")]
    Failed(#[from] Failure),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// A stored secret does not open.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
}

/// A begun flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What the browser opens: a path on this server.
    pub open: String,
}

/// A finished flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// The connection.
    pub connection_id: i64,
    /// The organisation's name.
    pub org_name: String,
    /// Its id.
    pub org_id: String,
    /// The acting user.
    pub user_name: String,
    /// A copy for testing?
    pub is_sandbox: bool,
    /// What is missing but not needed.
    pub warnings: Vec<String>,
    /// The CRM's title.
    pub crm: &'static str,
    /// Grants of the same user that we hold in all workspaces, and how many the CRM lets live, where it comes to that
    /// (R1.13).
    pub grants: Option<(u64, u64)>,
}

/// Notes a member's wish to connect, logging in at one of the CRM's places or at a host; nowhere in particular is the
/// usual place. `connection_id` renews an existing connection.
pub async fn begin(
    app: &App,
    member: (i64, i64),
    crm_name: &str,
    place: &str,
    connection_id: Option<i64>,
) -> Result<Begun, ConnectError> {
    let crm = named(crm_name)?;
    let usual = crm.logins().first().map_or("", |login| login.key);
    let place = if place.is_empty() { usual } else { place };
    let login_url = crm.login_url(place, app.config.extra_hosts(crm.name())).map_err(|refused| {
        ConnectError::Login { refused, known: crm.logins().iter().map(|login| login.key).collect() }
    })?;
    registration(&app.config, crm).map_err(|failure| ConnectError::Tokens { crm: crm.title(), failure })?;
    let state = app.nature.secret();
    let verifier = app.nature.secret();
    let state_digest = digest(&state);
    let flow = Flow {
        workspace_id: member.0,
        member_id: member.1,
        connection_id,
        crm: crm.name().to_owned(),
        environment: place.to_owned(),
        login_url,
        redirect_uri: format!("{}/oauth/{}/callback", app.config.public_url, crm.name()),
        verifier: app.sealer.seal(&verifier_place(&state_digest), &verifier),
        browser_digest: String::new(),
        created_at: app.now(),
    };
    app.db
        .write(move |tx| Box::pin(async move { connection::begin_flow(tx, &state_digest, &flow).await }))
        .await?;
    Ok(Begun { open: format!("/oauth/{}/start?ticket={state}", crm.name()) })
}

/// Ties a flow to the browser that opens it. Answers the CRM's address and the cookie's value.
pub async fn start(app: &App, ticket: &str) -> Result<(String, String), ConnectError> {
    let browser = app.nature.secret();
    let state = app.nature.secret();
    let (old, new) = (digest(ticket), digest(&state));
    let now = app.now();
    let flow = {
        let old = old.clone();
        app.db.write(move |tx| Box::pin(async move { connection::use_flow(tx, &old, now).await })).await?
    };
    let flow = flow.ok_or(ConnectError::Flow("it was opened before"))?;
    if now - flow.created_at > PATIENCE {
        return Err(ConnectError::Flow("it is older than ten minutes"));
    }
    let crm = named(&flow.crm)?;
    let verifier = app.sealer.open(&verifier_place(&old), &flow.verifier)?;
    let challenge =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
    let registration = registration(&app.config, crm)
        .map_err(|failure| ConnectError::Tokens { crm: crm.title(), failure })?;
    let address = crm.authorize_url(&registration, &flow.login_url, &flow.redirect_uri, &state, &challenge);
    let bound = Flow {
        browser_digest: digest(&browser),
        verifier: app.sealer.seal(&verifier_place(&new), verifier.expose()),
        ..flow
    };
    app.db.write(move |tx| Box::pin(async move { connection::begin_flow(tx, &new, &bound).await })).await?;
    Ok((address, browser))
}

/// Turns what the browser brought back into a stored connection.
pub async fn finish(app: &App, callback: Callback) -> Result<Connected, ConnectError> {
    let state_digest = digest(callback.state());
    let now = app.now();
    let flow = {
        let state_digest = state_digest.clone();
        app.db
            .write(move |tx| Box::pin(async move { connection::use_flow(tx, &state_digest, now).await }))
            .await?
    };
    let flow = flow.ok_or(ConnectError::Flow("it is unknown or was used before"))?;
    if now - flow.created_at > PATIENCE {
        return Err(ConnectError::Flow("it is older than ten minutes"));
    }
    if callback.browser.as_deref().map(digest).as_deref() != Some(flow.browser_digest.as_str()) {
        return Err(ConnectError::Flow("it was begun in another browser"));
    }
    let crm = named(&flow.crm)?;
    let code = callback.code().map_err(|what| ConnectError::Denied { crm: crm.title(), what })?.to_owned();
    let extra_hosts = app.config.extra_hosts(crm.name());
    let login_url = crm.token_host(&flow.login_url, &callback.query, extra_hosts)?;
    let flow = Flow { login_url, ..flow };
    let verifier = app.sealer.open(&verifier_place(&state_digest), &flow.verifier)?;
    let grant =
        Grant::Code { code, redirect_uri: flow.redirect_uri.clone(), verifier: verifier.expose().to_owned() };
    let tokens = fetch(app, crm, &flow.login_url, &grant).await?;
    let stored = match crm.check_instance(&tokens.instance_url, extra_hosts) {
        Ok(()) => match identify(app, crm, &tokens).await {
            Ok(identity) => store_grant(app, crm, &flow, (&tokens, &identity)).await,
            Err(failure) => Err(failure.into()),
        },
        Err(refused) => Err(refused.into()),
    };
    let (id, before) = match stored {
        Ok(stored) => stored,
        Err(refused) => {
            give_back(app, crm, &flow.login_url, &tokens).await;
            return Err(refused);
        }
    };
    let revision = before.as_ref().map_or(1, |before| before.token_revision + 1);
    let examined = examine(app, id).await;
    if matches!(examined, Err(ConnectError::Missing(_) | ConnectError::Failed(Failure::Verdict(_)))) {
        let undone = undo(app, &flow, (id, revision), before).await;
        give_back(app, crm, &flow.login_url, &tokens).await;
        undone?;
    }
    examined
}

async fn fetch(
    app: &App,
    crm: &'static dyn Crm,
    login_url: &str,
    grant: &Grant,
) -> Result<Tokens, ConnectError> {
    let refuse = |failure| ConnectError::Tokens { crm: crm.title(), failure };
    let registration = registration(&app.config, crm).map_err(refuse)?;
    let request = crm.token_request(&registration, login_url, grant);
    match app.http.send(&request, None, REQUEST_LIMIT).await {
        Ok(response) => crm.token_reply(grant, &response).map_err(refuse),
        Err(silence) => Err(refuse(TokenFailure::passing("silence", silence.what))),
    }
}

/// Stores the grant: on the connection that is renewed, on one to the same org, or on a new one. Answers the connection,
/// and what it was before.
async fn store_grant(
    app: &App,
    crm: &dyn Crm,
    flow: &Flow,
    (tokens, identity): (&Tokens, &Identity),
) -> Result<(i64, Option<Connection>), ConnectError> {
    let workspace_id = flow.workspace_id;
    let present = app.db.read(move |tx| Box::pin(connection::all(tx, Some(workspace_id)))).await?;
    let is_renewed = |known: &&Connection| match flow.connection_id {
        Some(id) => known.id == id,
        None => known.crm == flow.crm && known.org_id == identity.org_id,
    };
    let renewed = present.iter().find(is_renewed);
    if let Some(bound) = renewed {
        if bound.org_id != identity.org_id {
            let (found, bound) = (identity.org_id.clone(), bound.org_id.clone());
            return Err(ConnectError::OtherOrg { found, bound });
        }
        if !may_renew(app, flow, bound.id).await? {
            return Err(ConnectError::NotYours);
        }
        let id = bound.id;
        let new = seal_tokens(app, id, (&flow.login_url, &identity.user_id), tokens);
        let line = noted(app, flow, "connection.renew", id, (tokens, identity));
        let before = app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    connection::lock(tx, id).await?;
                    let before = connection::find(tx, id).await?;
                    connection::put_tokens(tx, id, &new).await?;
                    connection::rest(tx, id, None, None, "").await?;
                    audit::append(tx, workspace_id, &line).await?;
                    connection::forget_profile(tx, id).await?;
                    Ok(before)
                })
            })
            .await?;
        return Ok((id, before));
    }
    let id = app.nature.id();
    let sealed = seal_tokens(app, id, (&flow.login_url, &identity.user_id), tokens);
    let new = Connection {
        workspace_id,
        id,
        crm: flow.crm.clone(),
        environment: flow.environment.clone(),
        login_url: flow.login_url.clone(),
        instance_url: tokens.instance_url.clone(),
        version: app.config.api_version(crm),
        org_id: identity.org_id.clone(),
        user_id: identity.user_id.clone(),
        state: State::Connected,
        detail: String::new(),
        access_token: Some(sealed.access_token),
        refresh_token: sealed.refresh_token,
        token_revision: 1,
        profile: None,
        profile_at: None,
        usage: None,
        wait_until: None,
        wait_reason: None,
        followed_until: None,
        budget: Budget::default(),
        follow_at: None,
        scopes: tokens.scopes.clone(),
    };
    let (member_id, now) = (flow.member_id, app.now());
    let line = noted(app, flow, "connection.connect", id, (tokens, identity));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                connection::insert(tx, &new, member_id, now).await?;
                audit::append(tx, workspace_id, &line).await
            })
        })
        .await?;
    Ok((id, None))
}

/// The line of the audit log for a grant. It names org and user, and nothing that opens anything.
fn noted(
    app: &App,
    flow: &Flow,
    action: &'static str,
    connection_id: i64,
    (tokens, identity): (&Tokens, &Identity),
) -> NewLine {
    let detail = json!({
        "crm": flow.crm,
        "environment": flow.environment,
        "org": identity.org_id,
        "user": identity.user_id,
        "scopes": tokens.scopes,
    });
    lines::line(app, Some(flow.member_id), action, id::connection(connection_id), detail)
}

/// Whoever may connect a panel only does not change who acts for what is synchronised (X5).
async fn may_renew(app: &App, flow: &Flow, connection_id: i64) -> store::Result<bool> {
    let (workspace_id, member_id) = (flow.workspace_id, flow.member_id);
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let member = workspace::member(tx, workspace_id, member_id).await?;
                let is_bare = integration::of_connection(tx, connection_id).await?.is_empty();
                Ok(is_bare || member.is_none_or(|member| member.role.has(Right::ConnectSync)))
            })
        })
        .await
}

fn named(crm_name: &str) -> Result<&'static dyn Crm, ConnectError> {
    crm::named(crm_name).ok_or_else(|| {
        let known: Vec<&str> = crm::ALL.iter().map(|crm| crm.name()).collect();
        ConnectError::UnknownCrm(crm_name.to_owned(), known.join(", "))
    })
}

fn verifier_place(state_digest: &str) -> String {
    format!("oauth_flow.verifier/{state_digest}")
}
