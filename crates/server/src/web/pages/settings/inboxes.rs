//! Inboxes: which there are, who works in them, which accounts are theirs.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use causeway_core::rights::Right;
use causeway_pages::{
    Here,
    form::Field,
    settings::inboxes::{self as view, Inboxes},
};
use serde::Deserialize;

use super::super::{
    super::{
        Web,
        render::{Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes,
    setup::workspace_error,
};
use crate::{
    id,
    inbox::set_up::{self, Deed, SetUpRefused},
    people::Actor,
    store::{inbox, source, workspace},
};

pub(super) fn routes(routes: Routes) -> Routes {
    let right = Right::ManageChannels;
    routes
        .get("/settings/inboxes", right, show)
        .post("/settings/inboxes", right, make)
        .post("/settings/inboxes/{inbox}/name", right, rename)
        .post("/settings/inboxes/{inbox}/remove", right, remove)
        .post("/settings/inboxes/{inbox}/members", right, let_work)
        .post("/settings/inboxes/{inbox}/let-go", right, let_go)
        .post("/settings/inboxes/{inbox}/accounts", right, take)
        .post("/settings/inboxes/{inbox}/free", right, free)
}

#[derive(Deserialize)]
struct Asked {
    done: Option<String>,
}

async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let done = asked.done.map(|_| words().say("saved"));
    page(&web, &visitor, field(), done, None).await
}

fn field() -> Field {
    Field::new("name", words().say("inboxes-name")).hint(words().say("inboxes-name-hint")).required()
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    name: Field,
    done: Option<String>,
    error: Option<String>,
) -> Shown {
    let workspace_id = visitor.workspace_id();
    let (inboxes, members, accounts) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let accounts = source::accounts(tx, workspace_id).await?;
                let owned = inbox::of_accounts(tx, workspace_id).await?;
                let mut inboxes = Vec::new();
                for inbox in inbox::all(tx, workspace_id).await? {
                    let members = inbox::members(tx, workspace_id, inbox.id).await?;
                    let own = accounts.iter().filter(|one| owned.contains(&(one.id, inbox.id)));
                    inboxes.push(view::Inbox {
                        id: id::inbox(inbox.id),
                        name: inbox.name,
                        members: members
                            .into_iter()
                            .map(|one| (id::member(one.member_id), one.name, one.is_admin))
                            .collect(),
                        accounts: own.map(|one| (id::account(one.id), one.display.clone())).collect(),
                    });
                }
                Ok((inboxes, workspace::members(tx, workspace_id).await?, accounts))
            })
        })
        .await?;
    let is_bad = name.error.is_some() || error.is_some();
    let shown = Inboxes {
        role: visitor.member.role,
        inboxes,
        members: members.into_iter().map(|one| (id::member(one.id), one.name)).collect(),
        accounts: accounts.into_iter().map(|one| (id::account(one.id), one.display)).collect(),
        name,
        done,
        error,
    };
    let content = view::inboxes(words(), &shown);
    let status = if is_bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = words().say("settings-inboxes");
    Ok(Page::new(Here::Settings, &title).with(status).around(web, visitor, &content).await)
}

/// What was chosen or typed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    name: String,
    member: String,
    account: String,
    admin: String,
}

fn actor(visitor: &Visitor) -> Actor {
    Actor { workspace_id: visitor.workspace_id(), member: visitor.member.clone() }
}

fn saved() -> Response {
    Redirect::to("/settings/inboxes?done=saved").into_response()
}

async fn make(State(web): State<Web>, visitor: Visitor, Form(given): Form<Given>) -> Shown {
    if let Some(error) = workspace_error(words(), &given.name) {
        let name = field().value(&given.name).error(Some(error));
        return page(&web, &visitor, name, None, None).await;
    }
    set_up::make(&web.app, &actor(&visitor), given.name.trim().to_owned()).await?;
    Ok(saved())
}

async fn change(web: &Web, visitor: &Visitor, inbox: &str, deed: Option<Deed>) -> Shown {
    let inbox_id = id::read("ibx", inbox).ok_or(Trouble::Nothing)?;
    let deed = deed.ok_or(Trouble::Nothing)?;
    match set_up::change(&web.app, &actor(visitor), inbox_id, deed).await {
        Ok(()) => Ok(saved()),
        Err(SetUpRefused::Nothing) => Err(Trouble::Nothing),
        Err(SetUpRefused::Store(error)) => Err(error.into()),
    }
}

async fn rename(
    State(web): State<Web>,
    visitor: Visitor,
    Path(inbox): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    if let Some(error) = workspace_error(words(), &given.name) {
        return page(&web, &visitor, field(), None, Some(error)).await;
    }
    change(&web, &visitor, &inbox, Some(Deed::Rename(given.name.trim().to_owned()))).await
}

async fn remove(State(web): State<Web>, visitor: Visitor, Path(inbox): Path<String>) -> Shown {
    change(&web, &visitor, &inbox, Some(Deed::Remove)).await
}

async fn let_work(
    State(web): State<Web>,
    visitor: Visitor,
    Path(inbox): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let is_admin = given.admin == "on";
    let deed = id::read("mem", &given.member).map(|member_id| Deed::LetWork { member_id, is_admin });
    change(&web, &visitor, &inbox, deed).await
}

async fn let_go(
    State(web): State<Web>,
    visitor: Visitor,
    Path(inbox): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    change(&web, &visitor, &inbox, id::read("mem", &given.member).map(Deed::LetGo)).await
}

async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    Path(inbox): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    change(&web, &visitor, &inbox, id::read("acc", &given.account).map(Deed::Take)).await
}

async fn free(
    State(web): State<Web>,
    visitor: Visitor,
    Path(inbox): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    change(&web, &visitor, &inbox, id::read("acc", &given.account).map(Deed::Free)).await
}
