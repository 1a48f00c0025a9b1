//! A webhook request: is it the provider's? Then it is kept, and only then acknowledged.

use causeway_core::channels::{RawRequest, Refusal};
use serde::{Deserialize, Serialize};

use super::opened::{Unopened, open};
use crate::{
    app::App,
    live::Topic,
    seal::Secret,
    store::{
        self,
        intake::{self, Raw},
        source,
    },
};

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is on disk.
    Kept,
    /// No such source.
    NoSource,
    /// It is not the provider's.
    Refused(Refusal),
    /// It is too large.
    TooLarge,
    /// It could not be kept; the provider must send it again.
    NotKept,
}

/// The secrets of a source as they are sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SealedSecrets {
    /// Keys that sign requests.
    pub signing: Vec<String>,
    /// The word of the set-up challenge.
    pub verify_token: String,
    /// What lets us in at the provider's API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
}

/// Where the secrets of a source are bound to.
pub fn seal_place(source_key: &str) -> String {
    format!("source.secrets/{source_key}")
}

/// The secrets of a source of that workspace, for whoever may set it up; `None`: there is no such source, or its secrets do
/// not open (the log says why).
pub async fn secrets(app: &App, workspace_id: i64, key: &str) -> store::Result<Option<SealedSecrets>> {
    let wanted = key.to_owned();
    let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await?;
    let Some(source) = found.filter(|source| source.workspace_id == workspace_id) else { return Ok(None) };
    Ok(match app.sealer.open(&seal_place(key), &source.secrets) {
        Ok(sealed) => serde_json::from_str(sealed.expose()).ok(),
        Err(error) => {
            tracing::error!(%error, source = key, "intake.secrets");
            None
        }
    })
}

/// The access token of an endpoint, for the provider's API; `None`: it has none.
pub async fn access_token(app: &App, workspace_id: i64, key: &str) -> store::Result<Option<Secret>> {
    Ok(secrets(app, workspace_id, key).await?.and_then(|secrets| secrets.access_token).map(Secret::new))
}

/// Verifies and keeps a request.
pub async fn receive(app: &App, channel: &str, key: &str, request: RawRequest) -> Received {
    let opened = match open(app, channel, key).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return Received::NoSource,
        Err(Unopened) => return Received::NotKept,
    };
    let (channel, source) = (opened.channel, &opened.source);
    if request.body.len() > channel.largest_body() {
        return Received::TooLarge;
    }
    if let Err(refusal) = channel.verify(&request, &opened.secrets) {
        return Received::Refused(refusal);
    }
    let kept = channel.kept_headers();
    let headers = request.headers.into_iter().filter(|(name, _)| kept.contains(&name.as_str())).collect();
    let raw = Raw {
        id: app.nature.id(),
        workspace_id: source.workspace_id,
        source_key: source.key.clone(),
        channel: source.channel.clone(),
        received_at: app.now(),
        request: RawRequest { headers, body: request.body },
    };
    let workspace_id = raw.workspace_id;
    match keep(app, raw).await {
        Ok(()) => {
            app.bells.intake.notify_one();
            app.live.tell(workspace_id, &[Topic::Requests]);
            Received::Kept
        }
        Err(error) => {
            tracing::error!(%error, "intake.append");
            Received::NotKept
        }
    }
}

/// One commit for many requests that arrive together.
async fn keep(app: &App, raw: Raw) -> store::Result<()> {
    let begun = app.nature.now();
    app.db.write_batched(move |tx| Box::pin(async move { intake::append(tx, &raw).await })).await?;
    app.metrics.committed(app.nature.now().since(begun));
    Ok(())
}
