//! Endpoints to which providers post. Secrets go in and never come out.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    audit::{self as lines, Deed},
    id,
    intake::{self, Endpoint, EndpointRefused, SealedSecrets},
    store::{
        audit, intake as log,
        intake::Kept,
        source::{self, Named},
    },
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let sources = web.app.db.read(move |tx| Box::pin(source::named(tx, workspace_id))).await?;
    let shown = |source: &Named| {
        let mut shown = show(&Endpoint::of(&web.app, &source.channel, &source.key));
        shown["name"] = json!(source.name);
        shown["last_request_at"] = json!(source.last_at);
        shown
    };
    Ok(Json(json!({ "sources": sources.iter().map(shown).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    channel: String,
    key: Option<String>,
    signing_secrets: Vec<String>,
    verify_token: String,
    access_token: Option<String>,
}

/// Makes an endpoint known, or replaces the secrets of the one of that key.
pub(super) async fn add(
    State(web): State<Web>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Answer<(StatusCode, Json<Value>)> {
    let mut access_token = wish.access_token.filter(|token| !token.trim().is_empty());
    if let (None, Some(key)) = (&access_token, &wish.key) {
        // Whoever rotates the other secrets does not take this one away.
        let former = intake::secrets(&web.app, caller.workspace_id, key).await?;
        access_token = former.and_then(|secrets| secrets.access_token);
    }
    let (signing, verify_token) = (wish.signing_secrets, wish.verify_token);
    let secrets = SealedSecrets { signing, verify_token, access_token };
    let detail = json!({ "active": secrets.signing.len() });
    let wish = intake::Wish { channel: &wish.channel, key: wish.key, name: None, secrets: &secrets };
    let deed = Deed { by: Some(caller.member.id), action: "channel.add", detail };
    let endpoint = intake::add(&web.app, caller.workspace_id, wish, deed).await?;
    Ok((StatusCode::CREATED, Json(show(&endpoint))))
}

/// Removes an endpoint. What came through it stays.
pub(super) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let deed = Deed { by: Some(caller.member.id), action: "channel.remove", detail: json!({}) };
    if !intake::remove(&web.app, caller.workspace_id, &key, deed).await? {
        return Err(no_such_source());
    }
    Ok(Json(json!({ "key": key, "removed": true })))
}

fn no_such_source() -> Refused {
    Refused::not_found(
        "there is no such source",
        "use the key of one in this workspace (GET /api/v1/sources)",
    )
}

/// Requests in one answer.
const MOST: i64 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Before {
    before: Option<String>,
}

/// Kept requests of an endpoint, newest first, with what became of them. They hold what customers wrote.
pub(super) async fn requests(
    State(web): State<Web>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<Before>,
) -> Answer<Json<Value>> {
    let before = asked.before.map(|before| number("raw", "request", &before)).transpose()?;
    let workspace_id = caller.workspace_id;
    let kept = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let source = source::find(tx, &key).await?;
                if source.is_none_or(|source| source.workspace_id != workspace_id) {
                    return Ok(None);
                }
                log::recent(tx, workspace_id, &key, before, MOST).await.map(Some)
            })
        })
        .await?
        .ok_or_else(no_such_source)?;
    let is_more = i64::try_from(kept.len()) == Ok(MOST);
    let next = kept.last().filter(|_| is_more).map(|last| id::intake(last.raw.id));
    Ok(Json(json!({ "requests": kept.iter().map(show_request).collect::<Vec<_>>(), "next": next })))
}

fn show_request(kept: &Kept) -> Value {
    let outcome = kept.outcome.map(
        |outcome| json!({ "new": outcome.made, "changed": outcome.changed, "repeated": outcome.repeated }),
    );
    let quarantined: Vec<Value> =
        kept.poison.iter().map(|poison| json!({ "path": poison.path, "reason": poison.reason })).collect();
    json!({
        "id": id::intake(kept.raw.id),
        "received_at": kept.raw.received_at,
        "state": if kept.is_pending { "pending" } else { "done" },
        "outcome": outcome,
        "quarantined": quarantined,
        "headers": kept.raw.request.headers,
        "body": String::from_utf8_lossy(&kept.raw.request.body),
    })
}

/// Sends one kept request through the present parser again. What is right already stays as it is.
pub(super) async fn replay(
    State(web): State<Web>,
    caller: Caller,
    Path(request): Path<String>,
) -> Answer<Json<Value>> {
    let request_id = number("raw", "request", &request)?;
    let workspace_id = caller.workspace_id;
    let line = lines::line(&web.app, Some(caller.member.id), "request.replay", request.clone(), json!({}));
    let found = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let found = log::find(tx, workspace_id, request_id).await?.is_some();
                if found {
                    log::one_again(tx, workspace_id, request_id).await?;
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(found)
            })
        })
        .await?;
    if !found {
        return Err(no_such("raw", "request"));
    }
    web.app.bells.intake.notify_one();
    Ok(Json(json!({ "id": request, "state": "pending" })))
}

fn show(endpoint: &Endpoint) -> Value {
    json!({ "channel": endpoint.channel, "key": endpoint.key, "webhook_url": endpoint.url })
}

impl From<EndpointRefused> for Refused {
    fn from(refused: EndpointRefused) -> Self {
        match refused {
            EndpointRefused::Store(error) => error.into(),
            EndpointRefused::Taken(_) => {
                Self::conflict("taken", refused.to_string(), "choose another key, or leave it out")
            }
            other => Self::invalid(other.to_string(), "correct it and send it again"),
        }
    }
}
