//! Links for people who are to come in: invitations, and sign-in links for those who lost their password.

use causeway_core::{
    rights::{self, Role},
    sign_in::folded_email,
};
use serde_json::json;

use super::{Actor, Done, PeopleRefused, active, may_give};
use crate::{
    app::App,
    audit as lines, id, sign_in,
    store::{
        audit, member,
        ticket::{self, Kind},
    },
};

/// Invites somebody. Returns the token of the link, which is kept nowhere. An earlier invitation of theirs is no longer
/// good.
pub async fn invite(app: &App, by: &Actor, email: &str, role: Role) -> Done<String> {
    let (by, email, now) = (by.clone(), folded_email(email), app.now());
    let kind = Kind::Invite { email: email.clone(), role };
    let new = sign_in::fresh(app, kind, by.workspace_id, Some(by.member.id));
    let detail = json!({ "role": role });
    let line = lines::line(app, Some(by.member.id), "member.invite", email.clone(), detail);
    let token = new.token.clone();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                match member::of_email(tx, by.workspace_id, &email).await? {
                    Some(present) if present.is_active => return Ok(Err(PeopleRefused::IsMember(email))),
                    Some(_) => return Ok(Err(PeopleRefused::IsInactive(email))),
                    None => {}
                }
                if let Err(why) = may_give(tx, &by, None, Some(role)).await? {
                    return Ok(Err(why));
                }
                ticket::put(tx, &new, now).await?;
                audit::append(tx, by.workspace_id, &line).await?;
                Ok(Ok(()))
            })
        })
        .await??;
    Ok(token)
}

/// Takes an invitation back.
pub async fn withdraw(app: &App, by: &Actor, digest: &str) -> Done<()> {
    let (by, digest, now) = (by.clone(), digest.to_owned(), app.now());
    let mut line = lines::line(app, Some(by.member.id), "member.withdraw", "", json!({}));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let pending = ticket::invitations(tx, by.workspace_id, now).await?;
                let Some(pending) = pending.into_iter().find(|one| one.digest == digest) else {
                    return Ok(Err(PeopleRefused::NoInvitation));
                };
                if let Kind::Invite { email, .. } = pending.kind {
                    line.subject = email;
                }
                ticket::withdraw(tx, by.workspace_id, &digest).await?;
                audit::append(tx, by.workspace_id, &line).await?;
                Ok(Ok(()))
            })
        })
        .await?
}

/// Makes a link that signs a member in once, for one who lost the password. Returns the token of the link.
pub async fn link_for(app: &App, by: &Actor, member_id: i64) -> Done<String> {
    let (by, now) = (by.clone(), app.now());
    let new = sign_in::fresh(app, Kind::SignIn { member_id }, by.workspace_id, Some(by.member.id));
    let line = lines::line(app, Some(by.member.id), "member.link", id::member(member_id), json!({}));
    let token = new.token.clone();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let present = match active(tx, by.workspace_id, member_id).await? {
                    Ok(present) => present,
                    Err(why) => return Ok(Err(why)),
                };
                if let Err(why) = rights::may_let_in(by.member.role, present.member.role) {
                    return Ok(Err(PeopleRefused::Role(why)));
                }
                ticket::put(tx, &new, now).await?;
                audit::append(tx, by.workspace_id, &line).await?;
                Ok(Ok(()))
            })
        })
        .await??;
    Ok(token)
}
