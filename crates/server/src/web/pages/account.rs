//! One's own account: password, browsers that are signed in.

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::{rights::Right, time::Timestamp};
use causeway_pages::{
    Here,
    account::{self as view, Account, Browser},
    args,
    form::Field,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    Routes,
    sign_in::password_error,
};
use crate::{
    audit as lines, id,
    live::Topic,
    sign_in::{self, EnterRefused},
    store::{audit, session, sign_in as passwords, ticket},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/settings/me", Right::Read, show)
        .post("/settings/me/password", Right::Read, change_password)
        .post("/settings/me/sessions", Right::Read, end)
}

async fn show(State(web): State<Web>, visitor: Visitor) -> Shown {
    page(&web, &visitor, StatusCode::OK, [None, None]).await
}

async fn page(web: &Web, visitor: &Visitor, status: StatusCode, errors: [Option<String>; 2]) -> Shown {
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    let (sessions, has_password) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let sessions = session::of_member(tx, workspace_id, member_id).await?;
                Ok((sessions, passwords::password_of(tx, workspace_id, member_id).await?.is_some()))
            })
        })
        .await?;
    let words = words();
    let [present, fresh] = errors;
    let account = Account {
        name: visitor.member.name.clone(),
        email: visitor.member.email.clone(),
        role: visitor.member.role,
        present: has_password
            .then(|| Field::new("present", words.say("account-present")).error(present).required()),
        fresh: Field::new("fresh", words.say("account-fresh"))
            .hint(words.say("password-hint"))
            .error(fresh)
            .required(),
        browsers: sessions
            .into_iter()
            .map(|one| Browser {
                is_this: one.digest == visitor.session,
                id: one.digest,
                name: one.browser,
                begun: Timestamp(one.created_at),
                seen: Timestamp(one.seen_at),
            })
            .collect(),
    };
    let content = view::account(&render::clock(web, visitor), &account);
    let title = words.say("account-title");
    Ok(Page::new(Here::Settings, &title).with(status).around(web, visitor, &content).await)
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(default)]
    present: String,
    #[serde(default)]
    fresh: String,
}

/// Sets the password, if the present one is known; every other browser is signed out.
async fn change_password(State(web): State<Web>, visitor: Visitor, Form(given): Form<NewPassword>) -> Shown {
    let words = words();
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    let known =
        web.app.db.read(move |tx| Box::pin(passwords::password_of(tx, workspace_id, member_id))).await?;
    let recognised = match known {
        None => Ok(()),
        known => sign_in::recognise(&web.app, &visitor.member.email, &given.present, known).await,
    };
    let present_error = match recognised {
        Ok(()) => None,
        Err(EnterRefused::Wrong) => Some(words.say("account-present-wrong")),
        Err(EnterRefused::Wait(wait)) => {
            Some(words.with("sign-in-slow", args!["minutes" => wait.as_secs().div_ceil(60)]))
        }
        Err(EnterRefused::Store(error)) => return Err(error.into()),
    };
    let fresh_error = password_error(words, &given.fresh, &visitor.member.email);
    if present_error.is_some() || fresh_error.is_some() {
        let errors = [present_error, fresh_error];
        return page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    }
    let Some(hash) = sign_in::hash(&web.app.nature, &given.fresh).await else {
        return Ok(render::our_fault("account"));
    };
    let this = visitor.session.clone();
    let line = lines::line(&web.app, Some(member_id), "password.change", id::member(member_id), json!({}));
    web.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                passwords::put_password(tx, workspace_id, member_id, &hash).await?;
                // A link that lay about is no longer needed.
                ticket::withdraw_links(tx, workspace_id, member_id).await?;
                audit::append(tx, workspace_id, &line).await?;
                session::end_all(tx, workspace_id, member_id, Some(&this)).await
            })
        })
        .await?;
    web.app.live.tell(workspace_id, &[Topic::Sessions]);
    Ok(Redirect::to("/settings/me").into_response())
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    session: String,
}

/// Signs a browser of one's own out.
async fn end(
    State(web): State<Web>,
    visitor: Visitor,
    Form(which): Form<Which>,
) -> Result<Response, render::Trouble> {
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    web.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let own = session::of_member(tx, workspace_id, member_id).await?;
                match own.iter().find(|one| one.digest == which.session) {
                    Some(one) => session::end(tx, &one.digest).await,
                    None => Ok(false),
                }
            })
        })
        .await?;
    web.app.live.tell(workspace_id, &[Topic::Sessions]);
    Ok(Redirect::to("/settings/me").into_response())
}
