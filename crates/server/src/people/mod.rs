//! What those do who look after the people of a workspace: invite, change roles, let in again, keep out. Each deed is
//! one transaction, in which it is asked whether it may be done, and written into the audit log.

mod invite;

pub use invite::{invite, link_for, withdraw};

use causeway_core::rights::{self, Role, RoleRefused};
use serde_json::json;

use crate::{
    app::App,
    audit as lines, id,
    live::Topic,
    store::{
        self, Tx, api_token, audit,
        member::{self, Profile},
        session, ticket,
        workspace::{self, Member},
    },
};

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleRefused {
    /// There is no such member in the workspace.
    #[error("there is no such member")]
    NoMember,
    /// There is no such invitation in the workspace.
    #[error("there is no such invitation")]
    NoInvitation,
    /// The role of whoever asks does not go so far.
    #[error("{}", .0.words())]
    Role(RoleRefused),
    /// Somebody of that e-mail works here already.
    #[error("{0} is a member already")]
    IsMember(String),
    /// Somebody of that e-mail worked here, and may be let in again.
    #[error("{0} was deactivated; reactivate them instead")]
    IsInactive(String),
    /// The member is not active.
    #[error("the member is deactivated; reactivate them first")]
    Inactive,
    /// Nobody deactivates themselves.
    #[error("you cannot deactivate yourself; ask another owner or admin")]
    Oneself,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The answer of a deed within its transaction.
type Done<T> = Result<T, PeopleRefused>;

/// Who does something, as they were when they asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// In which workspace.
    pub workspace_id: i64,
    /// Who.
    pub member: Member,
}

/// Adds a member without an invitation, or changes name and role of the active one of that e-mail: for programs.
pub async fn put(app: &App, by: &Actor, wished: Member) -> Done<Member> {
    let (by, now) = (by.clone(), app.now());
    let lines = [
        lines::line(
            app,
            Some(by.member.id),
            "member.add",
            id::member(wished.id),
            json!({ "role": wished.role }),
        ),
        lines::line(app, Some(by.member.id), "member.role", "", json!({})),
    ];
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::hold(tx, by.workspace_id).await?;
                let present = member::of_email(tx, by.workspace_id, &wished.email).await?;
                if let Some(present) = &present
                    && !present.is_active
                {
                    return Ok(Err(PeopleRefused::IsInactive(wished.email)));
                }
                let before = present.map(|present| present.member);
                let role = before.as_ref().map(|before| before.role);
                if let Err(why) = may_give(tx, &by, role, Some(wished.role)).await? {
                    return Ok(Err(why));
                }
                let id = workspace::put_member(tx, by.workspace_id, &wished, now).await?;
                let [mut added, mut changed] = lines;
                match before {
                    None => {
                        added.subject = id::member(id);
                        audit::append(tx, by.workspace_id, &added).await?;
                    }
                    Some(before) if before.role != wished.role => {
                        changed.subject = id::member(id);
                        changed.detail = json!({ "before": before.role, "after": wished.role });
                        audit::append(tx, by.workspace_id, &changed).await?;
                    }
                    Some(_) => {}
                }
                Ok(Ok(Member { id, ..wished }))
            })
        })
        .await?
}

/// Gives a member another role.
pub async fn change_role(app: &App, by: &Actor, member_id: i64, role: Role) -> Done<()> {
    let by = by.clone();
    let mut line = lines::line(app, Some(by.member.id), "member.role", id::member(member_id), json!({}));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::hold(tx, by.workspace_id).await?;
                let present = match active(tx, by.workspace_id, member_id).await? {
                    Ok(present) => present,
                    Err(why) => return Ok(Err(why)),
                };
                if let Err(why) = may_give(tx, &by, Some(present.member.role), Some(role)).await? {
                    return Ok(Err(why));
                }
                if present.member.role != role {
                    member::set_role(tx, by.workspace_id, member_id, role).await?;
                    line.detail = json!({ "before": present.member.role, "after": role });
                    audit::append(tx, by.workspace_id, &line).await?;
                }
                Ok(Ok(()))
            })
        })
        .await?
}

/// Keeps a member out: their sessions, API tokens and sign-in links end in the same moment. What is theirs stays theirs.
pub async fn deactivate(app: &App, by: &Actor, member_id: i64) -> Done<()> {
    if by.member.id == member_id {
        return Err(PeopleRefused::Oneself);
    }
    let (by, workspace_id) = (by.clone(), by.workspace_id);
    let line = lines::line(app, Some(by.member.id), "member.deactivate", id::member(member_id), json!({}));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::hold(tx, workspace_id).await?;
                let present = match active(tx, workspace_id, member_id).await? {
                    Ok(present) => present,
                    Err(why) => return Ok(Err(why)),
                };
                if let Err(why) = may_give(tx, &by, Some(present.member.role), None).await? {
                    return Ok(Err(why));
                }
                member::set_active(tx, workspace_id, member_id, false).await?;
                session::end_all(tx, workspace_id, member_id, None).await?;
                api_token::revoke_all(tx, workspace_id, member_id).await?;
                ticket::withdraw_links(tx, workspace_id, member_id).await?;
                audit::append(tx, workspace_id, &line).await?;
                Ok(Ok(()))
            })
        })
        .await??;
    // Their streams end, and their open pages learn that they are signed out.
    app.live.tell(workspace_id, &[Topic::Sessions]);
    Ok(())
}

/// Lets a member in again, with the role they had.
pub async fn reactivate(app: &App, by: &Actor, member_id: i64) -> Done<()> {
    let by = by.clone();
    let line = lines::line(app, Some(by.member.id), "member.reactivate", id::member(member_id), json!({}));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::hold(tx, by.workspace_id).await?;
                let Some(present) = member::find(tx, by.workspace_id, member_id).await? else {
                    return Ok(Err(PeopleRefused::NoMember));
                };
                if present.is_active {
                    return Ok(Ok(()));
                }
                if let Err(why) = may_give(tx, &by, None, Some(present.member.role)).await? {
                    return Ok(Err(why));
                }
                member::set_active(tx, by.workspace_id, member_id, true).await?;
                audit::append(tx, by.workspace_id, &line).await?;
                Ok(Ok(()))
            })
        })
        .await?
}

/// What the table of rights says, with the owners as they are now.
async fn may_give(
    tx: &mut Tx<'_>,
    by: &Actor,
    before: Option<Role>,
    after: Option<Role>,
) -> store::Result<Done<()>> {
    let owners = member::owners(tx, by.workspace_id).await?;
    Ok(rights::may_give(by.member.role, before, after, owners).map_err(PeopleRefused::Role))
}

async fn active(tx: &mut Tx<'_>, workspace_id: i64, member_id: i64) -> store::Result<Done<Profile>> {
    Ok(match member::find(tx, workspace_id, member_id).await? {
        Some(present) if present.is_active => Ok(present),
        Some(_) => Err(PeopleRefused::Inactive),
        None => Err(PeopleRefused::NoMember),
    })
}
