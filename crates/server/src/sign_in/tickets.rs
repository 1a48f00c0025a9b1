//! Links that let somebody in once: invitations and sign-in links.

use causeway_core::{rights::Role, sign_in::TICKET_LIMIT};

use super::{Entered, begin, password};
use crate::{
    app::App,
    store::{
        self, sign_in,
        ticket::{self, Kind, New, Ticket},
        workspace::{self, Member, Workspace},
    },
};

/// Why a link does not let anybody in.
#[derive(Debug, thiserror::Error)]
pub enum TicketRefused {
    /// Unknown, used, or too old.
    #[error("the link was used before, or it is too old")]
    Gone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes an invitation; the token stands in its link and is kept nowhere.
pub async fn invite(app: &App, workspace_id: i64, by: i64, email: &str, role: Role) -> store::Result<String> {
    let kind = Kind::Invite { email: email.trim().to_lowercase(), role };
    put(app, kind, workspace_id, Some(by)).await
}

/// Makes a link that signs a member in without a password.
pub async fn link_for(
    app: &App,
    workspace_id: i64,
    member_id: i64,
    by: Option<i64>,
) -> store::Result<String> {
    put(app, Kind::SignIn { member_id }, workspace_id, by).await
}

async fn put(app: &App, kind: Kind, workspace_id: i64, created_by: Option<i64>) -> store::Result<String> {
    let token = app.nature.secret();
    let expires_at = app.nature.now().plus(TICKET_LIMIT).0;
    let new = New { token: token.clone(), kind, workspace_id, created_by, expires_at };
    let now = app.now();
    app.db.write(move |tx| Box::pin(async move { ticket::put(tx, &new, now).await })).await?;
    Ok(token)
}

/// What a link is, without using it up: the ticket, its workspace, and for a sign-in link whom it signs in.
pub async fn look_at(app: &App, token: &str) -> Result<(Ticket, Workspace, Option<Member>), TicketRefused> {
    let (token, now) = (token.to_owned(), app.now());
    let found = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let Some(found) = ticket::find(tx, &token, now).await? else { return Ok(None) };
                let Some(workspace) = workspace::find(tx, found.workspace_id).await? else { return Ok(None) };
                let member = match &found.kind {
                    Kind::SignIn { member_id } => {
                        let member = workspace::member(tx, found.workspace_id, *member_id).await?;
                        let Some(member) = member else { return Ok(None) };
                        Some(member)
                    }
                    _ => None,
                };
                Ok(Some((found, workspace, member)))
            })
        })
        .await?;
    found.ok_or(TicketRefused::Gone)
}

/// Signs in by a link, and uses it up.
pub async fn by_link(app: &App, token: &str, browser: &str) -> Result<Entered, TicketRefused> {
    let (found, _, member) = look_at(app, token).await?;
    let member = member.ok_or(TicketRefused::Gone)?;
    use_up(app, token).await?;
    Ok(begin(app, found.workspace_id, member, browser).await?)
}

/// Accepts an invitation: the person becomes a member with that name and password, and is signed in.
pub async fn accept(
    app: &App,
    token: &str,
    name: &str,
    password: &str,
    browser: &str,
) -> Result<Entered, TicketRefused> {
    let (found, ..) = look_at(app, token).await?;
    let Kind::Invite { email, role } = found.kind else { return Err(TicketRefused::Gone) };
    let hash = password::hash(&app.nature, password).await.ok_or(TicketRefused::Gone)?;
    let wished = Member { id: app.nature.id(), name: name.trim().to_owned(), email, role };
    let (token, now, workspace_id) = (token.to_owned(), app.now(), found.workspace_id);
    let member = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if !ticket::use_up(tx, &token, now).await? {
                    return Ok(None);
                }
                let id = workspace::put_member(tx, workspace_id, &wished, now).await?;
                sign_in::put_password(tx, workspace_id, id, &hash).await?;
                Ok(Some(Member { id, ..wished }))
            })
        })
        .await?
        .ok_or(TicketRefused::Gone)?;
    Ok(begin(app, workspace_id, member, browser).await?)
}

async fn use_up(app: &App, token: &str) -> Result<(), TicketRefused> {
    let (token, now) = (token.to_owned(), app.now());
    let used = app.db.write(move |tx| Box::pin(async move { ticket::use_up(tx, &token, now).await })).await?;
    if used { Ok(()) } else { Err(TicketRefused::Gone) }
}
