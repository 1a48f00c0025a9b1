//! Endpoints to which providers post. Secrets go in and never come out.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
};
use crate::{
    intake::{self, Endpoint, EndpointRefused, SealedSecrets},
    store::source,
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let sources = web.app.db.read(move |tx| Box::pin(source::all(tx, workspace_id))).await?;
    let shown: Vec<Value> =
        sources.iter().map(|source| show(&Endpoint::of(&web.app, &source.channel, &source.key))).collect();
    Ok(Json(json!({ "sources": shown })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    channel: String,
    key: Option<String>,
    signing_secrets: Vec<String>,
    verify_token: String,
}

/// Makes an endpoint known, or replaces the secrets of the one of that key.
pub(super) async fn add(
    State(web): State<Web>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Answer<(StatusCode, Json<Value>)> {
    let secrets = SealedSecrets { signing: wish.signing_secrets, verify_token: wish.verify_token };
    let endpoint = intake::add(&web.app, caller.workspace_id, &wish.channel, wish.key, &secrets).await?;
    Ok((StatusCode::CREATED, Json(show(&endpoint))))
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
