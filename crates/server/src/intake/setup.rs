//! The provider's set-up request: proves to it that the endpoint is ours.

use causeway_core::channels::Refusal;

use super::opened::{Unopened, open};
use crate::app::App;

/// What becomes of a set-up request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Send this back.
    Answer(String),
    /// It is not the provider's.
    Refused(Refusal),
    /// No such source.
    NoSource,
    /// We cannot tell at the moment.
    Failed,
}

/// Answers a set-up request; `query` is decoded pairs.
pub async fn challenge(app: &App, channel: &str, key: &str, query: &[(String, String)]) -> Setup {
    let opened = match open(app, channel, key).await {
        Ok(Some(opened)) => opened,
        Ok(None) => return Setup::NoSource,
        Err(Unopened) => return Setup::Failed,
    };
    opened.channel.challenge(query, &opened.secrets).map_or_else(Setup::Refused, Setup::Answer)
}
