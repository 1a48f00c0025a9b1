//! API tokens of one's own. A token carries the role of its member, so everybody may have some.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{rights::Right, time::Timestamp};
use causeway_pages::{
    Here,
    form::Field,
    settings::{Once, tokens as view},
};
use serde::Deserialize;
use serde_json::json;

use super::super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes,
    sign_in::name_error,
};
use crate::{
    audit as lines, id,
    store::{api_token, audit},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/settings/tokens", Right::Read, show).post("/settings/tokens", Right::Read, make).post(
        "/settings/tokens/{digest}/revoke",
        Right::Read,
        revoke,
    )
}

#[derive(Deserialize)]
struct Asked {
    done: Option<String>,
}

async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let done = asked.done.map(|_| words().say("tokens-revoked"));
    page(&web, &visitor, field(), None, done).await
}

fn field() -> Field {
    let words = words();
    Field::new("name", words.say("tokens-name")).hint(words.say("tokens-name-hint")).required()
}

async fn page(web: &Web, visitor: &Visitor, name: Field, fresh: Option<Once>, done: Option<String>) -> Shown {
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    let tokens =
        web.app.db.read(move |tx| Box::pin(api_token::of_member(tx, workspace_id, member_id))).await?;
    let status = if name.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = view::tokens(
        &render::clock(web, visitor),
        &view::Tokens {
            role: visitor.member.role,
            tokens: tokens
                .into_iter()
                .map(|token| view::Token {
                    id: token.digest,
                    name: token.name,
                    made: Timestamp(token.created_at),
                    used: token.used_at.map(Timestamp),
                })
                .collect(),
            name,
            fresh,
            done,
        },
    );
    let title = words().say("settings-tokens");
    Ok(Page::new(Here::Settings, &title).with(status).around(web, visitor, &content).await)
}

#[derive(Deserialize)]
struct New {
    #[serde(default)]
    name: String,
}

/// Makes a token and shows it: no redirect, because it is shown this once.
async fn make(State(web): State<Web>, visitor: Visitor, Form(new): Form<New>) -> Shown {
    let words = words();
    if let Some(error) = name_error(words, &new.name) {
        let name = field().value(&new.name).error(Some(error));
        return page(&web, &visitor, name, None, None).await;
    }
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    let (token, now) = (web.app.nature.secret(), web.app.now());
    let (secret, name) = (token.clone(), new.name.trim().to_owned());
    let subject = id::member(member_id);
    let line = lines::line(&web.app, Some(member_id), "token.make", subject, json!({ "name": name }));
    web.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                api_token::make(tx, workspace_id, member_id, (&secret, &name), now).await?;
                audit::append(tx, workspace_id, &line).await
            })
        })
        .await?;
    let fresh =
        Once { title: words.say("tokens-fresh"), text: words.say("tokens-fresh-text"), secret: token };
    page(&web, &visitor, field(), Some(fresh), None).await
}

async fn revoke(State(web): State<Web>, visitor: Visitor, Path(digest): Path<String>) -> Shown {
    let (workspace_id, member_id) = (visitor.workspace_id(), visitor.member.id);
    let subject = id::member(member_id);
    let mut line = lines::line(&web.app, Some(member_id), "token.revoke", subject, json!({}));
    let is_revoked = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let own = api_token::of_member(tx, workspace_id, member_id).await?;
                let Some(token) = own.into_iter().find(|one| one.digest == digest) else { return Ok(false) };
                line.detail = json!({ "name": token.name });
                api_token::revoke(tx, workspace_id, member_id, &token.digest).await?;
                audit::append(tx, workspace_id, &line).await?;
                Ok(true)
            })
        })
        .await?;
    if is_revoked {
        Ok(Redirect::to("/settings/tokens?done=revoked").into_response())
    } else {
        Err(Trouble::Nothing)
    }
}
