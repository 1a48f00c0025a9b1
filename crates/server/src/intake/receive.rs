//! A webhook request: is it the provider's? Then it is kept, and only then acknowledged.

use causeway_core::channels::{RawRequest, Refusal};

use super::opened::{Unopened, open};
use crate::{
    app::App,
    live::Topic,
    store::{
        self,
        intake::{self, Raw},
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
