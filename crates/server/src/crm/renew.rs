//! Renewing an access token: once for all who need it, and stored before it is used.
//!
//! With rotation, presenting a refresh token twice kills the grant. So one renewal runs at a time (across nodes,
//! by a lease), whoever waited takes what it brought, and the new refresh token is on disk before the new access
//! token is used.

use std::time::Duration;

use causeway_core::{
    crm::{Crm, Grant, TokenFailure, Tokens},
    lane::{HoldReason, Verdict, Who},
};

use super::{Failure, disconnect::give_back, line::REQUEST_LIMIT};
use crate::{
    app::App,
    clock,
    config::Config,
    live::Topic,
    seal::{SealError, Secret},
    store::{
        self,
        connection::{self, Connection, NewTokens, State, seal_place},
        lease,
    },
};

/// For how long one renewal may take, in microseconds.
const LEASE: i64 = 90_000_000;

/// How often a waiting renewal looks whether the other one is done.
const LOOK: Duration = Duration::from_millis(50);

/// How often it looks before it lets its caller wait: whoever has the lease may have died with it.
const MOST_LOOKS: usize = 40;

/// The connection with an access token newer than that of `stale`.
pub async fn renew(app: &App, crm: &dyn Crm, stale: &Connection) -> Result<Connection, Failure> {
    let name = format!("grant/{}", stale.id);
    // A holder of its own for each renewal: two in one process must exclude each other too.
    let holder = format!("{}/{}", app.node, app.nature.id());
    for _ in 0..MOST_LOOKS {
        let present = read(app, stale.id).await?;
        if present.token_revision != stale.token_revision || present.state != State::Connected {
            return Ok(present);
        }
        if take(app, &name, &holder).await? {
            let renewed = renew_alone(app, crm, stale).await;
            let mine = holder.clone();
            app.db.write(move |tx| Box::pin(async move { lease::give_back(tx, &mine).await })).await?;
            return renewed;
        }
        clock::wait(&tokio::sync::Notify::new(), LOOK).await;
    }
    let detail = "the access token is being renewed elsewhere".into();
    Err(Failure::Verdict(Verdict::Again { after: Duration::from_secs(5), detail }))
}

async fn read(app: &App, id: i64) -> Result<Connection, Failure> {
    let found = app.db.read(move |tx| Box::pin(connection::find(tx, id))).await?;
    found.ok_or_else(|| {
        let detail = "the connection is gone".into();
        Failure::Verdict(Verdict::Hold { reason: HoldReason::Disconnected, who: Who::WorkspaceAdmin, detail })
    })
}

async fn take(app: &App, name: &str, holder: &str) -> store::Result<bool> {
    let (name, holder, now) = (name.to_owned(), holder.to_owned(), app.now());
    let taken = app
        .db
        .write(move |tx| Box::pin(async move { lease::take(tx, &name, &holder, now, now + LEASE).await }))
        .await?;
    Ok(taken.is_some())
}

/// Under the lease: looks again whether somebody was faster, then renews.
async fn renew_alone(app: &App, crm: &dyn Crm, stale: &Connection) -> Result<Connection, Failure> {
    let present = read(app, stale.id).await?;
    if present.token_revision != stale.token_revision || present.state != State::Connected {
        return Ok(present);
    }
    match fetch(app, crm, &present).await {
        Ok(tokens) => adopt(app, crm, &present, tokens).await,
        Err(failure) if failure.is_permanent => {
            lose(app, &present, State::Lost, &failure.detail).await?;
            let hold = Verdict::Hold {
                reason: HoldReason::GrantLost,
                who: Who::WorkspaceAdmin,
                detail: failure.detail,
            };
            Err(Failure::Verdict(hold))
        }
        // Nobody declares a grant dead because of one failure that may pass.
        Err(failure) => {
            let after = failure.wait.max(Duration::from_secs(5));
            Err(Failure::Verdict(Verdict::Again { after, detail: failure.detail }))
        }
    }
}

async fn fetch(app: &App, crm: &dyn Crm, connection: &Connection) -> Result<Tokens, TokenFailure> {
    let permanent = |detail: &str| TokenFailure {
        code: "no_refresh_token".into(),
        detail: detail.into(),
        is_permanent: true,
        wait: Duration::ZERO,
    };
    let kept = refresh_token(app, connection).ok_or_else(|| permanent("no refresh token was granted"))?;
    let refresh = kept.map_err(|error| permanent(&error.to_string()))?;
    let registration = registration(&app.config, crm)?;
    let grant = Grant::Refresh { refresh_token: refresh.expose().to_owned() };
    let request = crm.token_request(&registration, &connection.login_url, &grant);
    match app.http.send(&request, None, REQUEST_LIMIT).await {
        Ok(response) => crm.token_reply(&grant, &response),
        Err(silence) => Err(TokenFailure::passing("silence", silence.what)),
    }
}

/// The refresh token that a connection keeps, if it keeps one.
fn refresh_token(app: &App, connection: &Connection) -> Option<Result<Secret, SealError>> {
    let sealed = connection.refresh_token.as_ref()?;
    Some(app.sealer.open(&seal_place(connection.id, "refresh_token"), sealed))
}

/// Our registration at a CRM, or why there is none.
pub fn registration(config: &Config, crm: &dyn Crm) -> Result<causeway_core::crm::App, TokenFailure> {
    let missing = |detail: String| TokenFailure::passing("no_app", detail);
    let found = config.crm_app(crm.name()).map_err(|error| missing(error.to_string()))?;
    found.ok_or_else(|| {
        missing(format!(
            "no app is registered for {}: set `{}.client_id` in the configuration",
            crm.title(),
            crm.name()
        ))
    })
}

/// Stores what a renewal brought, then hands it out.
async fn adopt(
    app: &App,
    crm: &dyn Crm,
    present: &Connection,
    tokens: Tokens,
) -> Result<Connection, Failure> {
    // Where a renewal does not say whom it is of, it is of whom the grant was.
    if let Some(identity) = tokens.identity.as_ref().filter(|identity| identity.org_id != present.org_id) {
        let detail = format!("the grant leads to organisation {}, not {}", identity.org_id, present.org_id);
        lose(app, present, State::OtherOrg, &detail).await?;
        give_up(app, crm, present, tokens).await;
        let hold = Verdict::Hold { reason: HoldReason::OtherOrg, who: Who::WorkspaceAdmin, detail };
        return Err(Failure::Verdict(hold));
    }
    if let Err(refused) = crm.check_instance(&tokens.instance_url, app.config.extra_hosts(crm.name())) {
        lose(app, present, State::Lost, &refused.to_string()).await?;
        give_up(app, crm, present, tokens).await;
        let detail = refused.to_string();
        let hold = Verdict::Hold { reason: HoldReason::GrantLost, who: Who::Operator, detail };
        return Err(Failure::Verdict(hold));
    }
    let user_id = tokens.identity.as_ref().map_or(&present.user_id, |identity| &identity.user_id);
    let new = seal_tokens(app, present.id, (&present.login_url, user_id), &tokens);
    let (id, revision) = (present.id, present.token_revision);
    let is_stored = app
        .db
        .write(move |tx| Box::pin(async move { connection::renew_tokens(tx, id, revision, &new).await }))
        .await?;
    let stored = read(app, id).await?;
    if !is_stored && stored.state == State::Disconnected {
        // Disconnected while the answer was on its way: nobody may use what it brought.
        give_back(app, crm, &present.login_url, &tokens).await;
    }
    Ok(stored)
}

/// Gives back the whole grant of a renewal that cannot be used: where it brought no new refresh token, the one that it
/// was made with.
async fn give_up(app: &App, crm: &dyn Crm, present: &Connection, tokens: Tokens) {
    let kept = || refresh_token(app, present)?.ok().map(|kept| kept.expose().to_owned());
    let tokens = Tokens { refresh_token: tokens.refresh_token.clone().or_else(kept), ..tokens };
    give_back(app, crm, &present.login_url, &tokens).await;
}

/// Tokens, sealed for their connection, with where they come from and whose they are.
pub fn seal_tokens(
    app: &App,
    connection_id: i64,
    (login_url, user_id): (&str, &str),
    tokens: &Tokens,
) -> NewTokens {
    let seal = |name: &str, text: &str| app.sealer.seal(&seal_place(connection_id, name), text);
    NewTokens {
        login_url: login_url.to_owned(),
        access_token: seal("access_token", &tokens.access_token),
        refresh_token: tokens.refresh_token.as_ref().map(|token| seal("refresh_token", token)),
        instance_url: tokens.instance_url.clone(),
        user_id: user_id.to_owned(),
        scopes: tokens.scopes.clone(),
    }
}

async fn lose(app: &App, present: &Connection, state: State, detail: &str) -> store::Result<()> {
    let (id, revision, detail) = (present.id, present.token_revision, detail.to_owned());
    tracing::warn!(connection.id = id, state = state.word(), "crm.grant_lost");
    app.db
        .write(move |tx| Box::pin(async move { connection::lose(tx, id, revision, state, &detail).await }))
        .await?;
    app.live.tell(present.workspace_id, &[Topic::Connections, Topic::Notices]);
    Ok(())
}
