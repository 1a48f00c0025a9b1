//! The access token of an endpoint, by which files are fetched from the provider: entered, replaced, taken away.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        super::{Web, render::Shown, session::Visitor},
        deed::deed,
    },
    endpoint::{Typed, find, page, put},
    fresh::text_error,
};
use crate::intake;

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    what: String,
    #[serde(default)]
    access: String,
}

/// Keeps the token, or takes it away.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let workspace_id = visitor.workspace_id();
    let mut secrets = intake::secrets(&web.app, workspace_id, &key).await?.unwrap_or_default();
    let is_removal = given.what == "remove";
    if secrets.signing.is_empty() || is_removal && secrets.access_token.is_none() {
        // They do not open any more, and the page says so; or there is nothing to take away.
        return Ok(Redirect::to(&format!("/channels/{key}")).into_response());
    }
    let token = given.access.trim().to_owned();
    if !is_removal && let Some(error) = text_error(&token, &source.channel, "access-empty") {
        let typed = Typed::with_wrong_access(error);
        return page(&web, &visitor, source, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await;
    }
    secrets.access_token = (!is_removal).then_some(token);
    let (what, done) = if is_removal {
        ("channel.access_remove", "access-removed")
    } else {
        ("channel.access_set", "access")
    };
    let deed = deed(&visitor, what, json!({}));
    put(&web, workspace_id, &source, (None, &secrets), deed).await?;
    Ok(Redirect::to(&format!("/channels/{key}?done={done}")).into_response())
}
