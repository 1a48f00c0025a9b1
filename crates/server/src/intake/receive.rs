//! A webhook request: is it the provider's? Then it is kept, and only then acknowledged.

use causeway_core::channels::{self, Channel, RawRequest, Refusal, Secrets};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    store::{
        self,
        intake::{self, Raw},
        source::{self, Source},
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
}

/// Where the secrets of a source are bound to.
pub fn seal_place(source_key: &str) -> String {
    format!("source.secrets/{source_key}")
}

/// The source of that key on that channel, with its secrets open.
pub async fn open(app: &App, channel: &str, key: &str) -> Option<(&'static dyn Channel, Source, Secrets)> {
    let channel = channels::named(channel)?;
    let wanted = key.to_owned();
    let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await;
    let source = found.inspect_err(|error| tracing::error!(%error, "intake.source")).ok()??;
    if source.channel != channel.name() {
        return None;
    }
    let sealed = app.sealer.open(&seal_place(key), &source.secrets);
    let text = sealed.inspect_err(|error| tracing::error!(%error, source = key, "intake.secrets")).ok()?;
    let secrets: SealedSecrets = serde_json::from_str(text.expose()).ok()?;
    Some((channel, source, Secrets { signing: secrets.signing, verify_token: secrets.verify_token }))
}

/// Verifies and keeps a request.
pub async fn receive(app: &App, channel: &str, key: &str, request: RawRequest) -> Received {
    let Some((channel, source, secrets)) = open(app, channel, key).await else { return Received::NoSource };
    if request.body.len() > channel.largest_body() {
        return Received::TooLarge;
    }
    if let Err(refusal) = channel.verify(&request, &secrets) {
        tracing::warn!(source = key, %refusal, "intake.refused");
        return Received::Refused(refusal);
    }
    let kept = channel.kept_headers();
    let headers = request.headers.into_iter().filter(|(name, _)| kept.contains(&name.as_str())).collect();
    let raw = Raw {
        id: app.nature.id(),
        workspace_id: source.workspace_id,
        source_key: source.key,
        channel: source.channel,
        received_at: app.now(),
        request: RawRequest { headers, body: request.body },
    };
    match keep(app, raw).await {
        Ok(()) => {
            app.bells.intake.notify_one();
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
    app.db.write_batched(move |tx| Box::pin(async move { intake::append(tx, &raw).await })).await
}
