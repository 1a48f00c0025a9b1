//! The people of a workspace: who they are, and what those do who look after them.

use std::collections::HashMap;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{
    address::Address,
    rights::{self, ROLES, Right, Role},
    sign_in::folded_email,
    time::Timestamp,
};
use causeway_pages::{
    Here, args,
    form::Field,
    settings::{Once, people as view},
};
use serde::Deserialize;

use super::super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes,
};
use crate::{
    id,
    people::{self, Actor, PeopleRefused},
    store::{
        inbox,
        member::{self, Profile},
        ticket::{self, Kind, Ticket},
    },
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/settings/people", Right::Read, show)
        .post("/settings/people", Right::ManagePeople, invite)
        .post("/settings/people/invitations/{digest}/withdraw", Right::ManagePeople, withdraw)
        .post("/settings/people/{id}/role", Right::ManagePeople, change_role)
        .post("/settings/people/{id}/link", Right::ManagePeople, make_link)
        .get("/settings/people/{id}/deactivate", Right::ManagePeople, ask)
        .post("/settings/people/{id}/deactivate", Right::ManagePeople, deactivate)
        .post("/settings/people/{id}/reactivate", Right::ManagePeople, reactivate)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    // words: people-done-*
    let key = format!("people-done-{}", asked.done);
    let done = words().has(&key).then(|| words().say(&key));
    page(&web, &visitor, Extras { done, ..Extras::default() }).await
}

/// What stands on the page besides the people.
#[derive(Default)]
struct Extras {
    email: String,
    role: String,
    email_error: Option<String>,
    role_error: Option<String>,
    error: Option<String>,
    link: Option<Once>,
    done: Option<String>,
}

async fn page(web: &Web, visitor: &Visitor, extras: Extras) -> Shown {
    let (workspace_id, now) = (visitor.workspace_id(), web.app.now());
    let may_manage = visitor.may(Right::ManagePeople);
    let (members, invitations, inboxes) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let members = member::all(tx, workspace_id).await?;
                let pending =
                    if may_manage { ticket::invitations(tx, workspace_id, now).await? } else { Vec::new() };
                let mut inboxes: HashMap<i64, Vec<String>> = HashMap::new();
                for inbox in inbox::all(tx, workspace_id).await? {
                    for one in inbox::members(tx, workspace_id, inbox.id).await? {
                        if one.is_admin {
                            inboxes.entry(one.member_id).or_default().push(inbox.name.clone());
                        }
                    }
                }
                Ok((members, pending, inboxes))
            })
        })
        .await?;
    let words = words();
    let is_bad = extras.email_error.is_some() || extras.role_error.is_some() || extras.error.is_some();
    let role = if extras.role.is_empty() { Role::Agent.word() } else { extras.role.as_str() };
    let people = view::People {
        role: visitor.member.role,
        may_manage,
        members: members.into_iter().map(|one| person(visitor, one, &inboxes)).collect(),
        invitations: invitations.into_iter().filter_map(pending).collect(),
        invite: [
            Field::new("email", words.say("people-email"))
                .value(extras.email)
                .error(extras.email_error)
                .required(),
            Field::new("role", words.say("people-role")).value(role).error(extras.role_error),
        ],
        roles: given_by(visitor.member.role),
        link: extras.link,
        done: extras.done,
        error: extras.error,
    };
    let content = view::people(&render::clock(web, visitor), &people);
    let status = if is_bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = words.say("settings-people");
    Ok(Page::new(Here::Settings, &title).with(status).around(web, visitor, &content).await)
}

/// The roles that somebody of that role may give, as they are chosen from.
fn given_by(by: Role) -> Vec<(String, String)> {
    ROLES
        .iter()
        .filter(|role| rights::may_give(by, None, Some(**role), 1).is_ok())
        .map(|role| (role.word().to_owned(), words().say(&format!("role-{}", role.word()))))
        .collect()
}

fn person(visitor: &Visitor, profile: Profile, inboxes: &HashMap<i64, Vec<String>>) -> view::Person {
    let Profile { member, is_active, signed_in_at, .. } = profile;
    view::Person {
        id: id::member(member.id),
        is_active,
        is_me: member.id == visitor.member.id,
        // The same two questions that the deeds themselves ask.
        may_change: visitor.may(Right::ManagePeople)
            && rights::may_let_in(visitor.member.role, member.role).is_ok(),
        seen: signed_in_at.map(Timestamp),
        inboxes: inboxes.get(&member.id).cloned().unwrap_or_default(),
        name: member.name,
        email: member.email,
        role: member.role,
    }
}

fn pending(ticket: Ticket) -> Option<view::Pending> {
    let Kind::Invite { email, role } = ticket.kind else { return None };
    Some(view::Pending {
        id: ticket.digest,
        email,
        role,
        made: Timestamp(ticket.created_at),
        until: Timestamp(ticket.expires_at),
    })
}

fn actor(visitor: &Visitor) -> Actor {
    Actor { workspace_id: visitor.workspace_id(), member: visitor.member.clone() }
}

/// Why something was not done, in words; what is not there is not there for anybody.
fn why(refused: PeopleRefused) -> Result<String, Trouble> {
    let words = words();
    Ok(match refused {
        PeopleRefused::Store(error) => return Err(error.into()),
        PeopleRefused::NoMember | PeopleRefused::NoInvitation => return Err(Trouble::Nothing),
        PeopleRefused::Role(why) => {
            // words: people-refused-*
            let word = serde_json::to_value(why).ok();
            let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            words.say(&format!("people-refused-{word}"))
        }
        PeopleRefused::IsMember(email) => words.with("people-is-member", args!["email" => email]),
        PeopleRefused::IsInactive(email) => words.with("people-is-inactive", args!["email" => email]),
        PeopleRefused::Inactive => words.say("people-not-active"),
        PeopleRefused::Oneself => words.say("people-oneself"),
    })
}

/// After a deed: back to the list with a word of what was done, or the list with why it was not.
async fn after(web: &Web, visitor: &Visitor, done: Result<(), PeopleRefused>, word: &str) -> Shown {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/settings/people?done={word}")).into_response()),
        Err(refused) => {
            let error = Some(why(refused)?);
            page(web, visitor, Extras { error, ..Extras::default() }).await
        }
    }
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Wish {
    email: String,
    role: String,
}

/// Makes an invitation and shows its link: no redirect, because it is shown this once.
async fn invite(State(web): State<Web>, visitor: Visitor, Form(wish): Form<Wish>) -> Shown {
    let words = words();
    let role = Role::named(&wish.role);
    let email_error = Address::email(wish.email.trim()).is_none().then(|| words.say("email-bad"));
    let role_error = role.is_none().then(|| words.say("people-role-unknown"));
    let typed = Extras { email: wish.email.clone(), role: wish.role, ..Extras::default() };
    let (Some(role), None, None) = (role, &email_error, &role_error) else {
        return page(&web, &visitor, Extras { email_error, role_error, ..typed }).await;
    };
    match people::invite(&web.app, &actor(&visitor), &wish.email, role).await {
        Ok(token) => {
            let email = folded_email(&wish.email);
            let link = Some(Once {
                title: words.with("people-link", args!["email" => email]),
                text: words.say("people-link-text"),
                secret: format!("{}/join/{token}", web.app.config.public_url),
            });
            page(&web, &visitor, Extras { link, ..Extras::default() }).await
        }
        Err(PeopleRefused::Role(why_not)) => {
            let role_error = Some(why(PeopleRefused::Role(why_not))?);
            page(&web, &visitor, Extras { role_error, ..typed }).await
        }
        Err(refused) => {
            let email_error = Some(why(refused)?);
            page(&web, &visitor, Extras { email_error, ..typed }).await
        }
    }
}

async fn withdraw(State(web): State<Web>, visitor: Visitor, Path(digest): Path<String>) -> Shown {
    let done = people::withdraw(&web.app, &actor(&visitor), &digest).await;
    after(&web, &visitor, done, "withdrawn").await
}

async fn change_role(
    State(web): State<Web>,
    visitor: Visitor,
    Path(member): Path<String>,
    Form(wish): Form<Wish>,
) -> Shown {
    let member_id = id::read("mem", &member).ok_or(Trouble::Nothing)?;
    let Some(role) = Role::named(&wish.role) else {
        named(&web, &visitor, &member).await?;
        let error = Some(words().say("people-role-unknown"));
        return page(&web, &visitor, Extras { error, ..Extras::default() }).await;
    };
    let done = people::change_role(&web.app, &actor(&visitor), member_id, role).await;
    after(&web, &visitor, done, "role").await
}

/// Makes a sign-in link and shows it, this once.
async fn make_link(State(web): State<Web>, visitor: Visitor, Path(member): Path<String>) -> Shown {
    let words = words();
    let profile = named(&web, &visitor, &member).await?;
    match people::link_for(&web.app, &actor(&visitor), profile.member.id).await {
        Ok(token) => {
            let name = profile.member.name;
            let link = Some(Once {
                title: words.with("people-enter", args!["name" => name.clone()]),
                text: words.with("people-enter-text", args!["name" => name]),
                secret: format!("{}/enter/{token}", web.app.config.public_url),
            });
            page(&web, &visitor, Extras { link, ..Extras::default() }).await
        }
        Err(refused) => after(&web, &visitor, Err(refused), "").await,
    }
}

/// The question before somebody is kept out.
async fn ask(State(web): State<Web>, visitor: Visitor, Path(member): Path<String>) -> Shown {
    let profile = named(&web, &visitor, &member).await?;
    let content = view::deactivate(words(), &id::member(profile.member.id), &profile.member.name);
    let title = words().with("people-deactivate-title", args!["name" => profile.member.name]);
    Ok(Page::new(Here::Settings, &title).around(&web, &visitor, &content).await)
}

async fn deactivate(State(web): State<Web>, visitor: Visitor, Path(member): Path<String>) -> Shown {
    let member_id = id::read("mem", &member).ok_or(Trouble::Nothing)?;
    let done = people::deactivate(&web.app, &actor(&visitor), member_id).await;
    after(&web, &visitor, done, "deactivated").await
}

async fn reactivate(State(web): State<Web>, visitor: Visitor, Path(member): Path<String>) -> Shown {
    let member_id = id::read("mem", &member).ok_or(Trouble::Nothing)?;
    let done = people::reactivate(&web.app, &actor(&visitor), member_id).await;
    after(&web, &visitor, done, "reactivated").await
}

/// The member of that id in the visitor's workspace, active or not.
async fn named(web: &Web, visitor: &Visitor, member: &str) -> Result<Profile, Trouble> {
    let member_id = id::read("mem", member).ok_or(Trouble::Nothing)?;
    let workspace_id = visitor.workspace_id();
    let found = web.app.db.read(move |tx| Box::pin(member::find(tx, workspace_id, member_id))).await?;
    found.ok_or(Trouble::Nothing)
}
