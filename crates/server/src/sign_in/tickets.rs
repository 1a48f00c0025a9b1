//! Links that let somebody in once: invitations and sign-in links.

use causeway_core::{rights, sign_in::TICKET_LIMIT};
use serde_json::json;

use super::{Entered, begin, password};
use crate::{
    app::App,
    audit as lines, id,
    store::{
        self, Tx, audit, member, sign_in,
        ticket::{self, Kind, New, Ticket},
        workspace::{self, Member, Workspace},
    },
};

/// Why a link does not let anybody in.
#[derive(Debug, thiserror::Error)]
pub enum TicketRefused {
    /// Unknown, used, too old, or taken back.
    #[error("the link was used before, or it is too old")]
    Gone,
    /// The password could not be hashed: a fault of ours. The link is as good as it was.
    #[error("the password could not be hashed; the link was not used up")]
    Unhashed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A ticket to be made now. Its token stands in the link and is kept nowhere.
pub(crate) fn fresh(app: &App, kind: Kind, workspace_id: i64, created_by: Option<i64>) -> New {
    let expires_at = app.nature.now().plus(TICKET_LIMIT).0;
    New { token: app.nature.secret(), kind, workspace_id, created_by, expires_at }
}

/// Makes a link that signs a member in without a password, for whoever runs the server. Members make theirs through
/// `people`, which asks who may.
pub async fn link_for(
    app: &App,
    workspace_id: i64,
    member_id: i64,
    by: Option<i64>,
) -> store::Result<String> {
    let new = fresh(app, Kind::SignIn { member_id }, workspace_id, by);
    let (token, now) = (new.token.clone(), app.now());
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
                if !still_good(tx, &found).await? {
                    return Ok(None);
                }
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

/// A link is as good as whoever made it still is: they work here, and might make it today. And an invitation is not a
/// way into the account of somebody who is a member already.
async fn still_good(tx: &mut Tx<'_>, ticket: &Ticket) -> store::Result<bool> {
    let maker = match ticket.created_by {
        Some(by) => match workspace::member(tx, ticket.workspace_id, by).await? {
            Some(maker) => Some(maker.role),
            None => return Ok(false),
        },
        None => None,
    };
    match &ticket.kind {
        Kind::Setup => Ok(false),
        Kind::Invite { email, role } => {
            let may = maker.is_none_or(|by| rights::may_give(by, None, Some(*role), 0).is_ok());
            Ok(may && member::of_email(tx, ticket.workspace_id, email).await?.is_none())
        }
        Kind::SignIn { member_id } => {
            let whom = workspace::member(tx, ticket.workspace_id, *member_id).await?;
            let may = |whom: Member| maker.is_none_or(|by| rights::may_let_in(by, whom.role).is_ok());
            Ok(whom.is_some_and(may))
        }
    }
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
    let Kind::Invite { email, role } = found.kind.clone() else { return Err(TicketRefused::Gone) };
    let hash = password::hash(&app.nature, password).await.ok_or(TicketRefused::Unhashed)?;
    let wished = Member { id: app.nature.id(), name: name.trim().to_owned(), email, role };
    let (token, now, workspace_id) = (token.to_owned(), app.now(), found.workspace_id);
    let detail = json!({ "email": wished.email, "role": role.word() });
    let line = lines::line(app, Some(wished.id), "member.join", id::member(wished.id), detail);
    let member = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                workspace::hold(tx, workspace_id).await?;
                if !still_good(tx, &found).await? || !ticket::use_up(tx, &token, now).await? {
                    return Ok(None);
                }
                workspace::put_member(tx, workspace_id, &wished, now).await?;
                sign_in::put_password(tx, workspace_id, wished.id, &hash).await?;
                audit::append(tx, workspace_id, &line).await?;
                Ok(Some(wished))
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
