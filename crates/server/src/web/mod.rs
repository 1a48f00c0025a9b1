//! What the server says over HTTP: provider webhooks, the pages of connecting, and the JSON API.
//!
//! Handlers take a request apart, call a stage's public function and turn its answer into a status. They decide
//! nothing.
//!
//! No page acts on a cookie alone: the API wants a bearer token, webhooks a signature, and connecting a one-time
//! state beside its cookie. So no other site can act in a person's name.

mod api;
mod error;
mod guard;
mod hooks;
mod oauth;
mod page;
mod probes;
mod router;

pub use router::router;

use std::sync::{Arc, atomic::AtomicU64};

use crate::app::App;

/// What handlers are handed.
#[derive(Clone)]
pub(crate) struct Web {
    app: App,
    counts: Arc<Counts>,
}

/// What is counted here and nowhere else.
#[derive(Default)]
struct Counts {
    /// Webhook requests that were not the provider's.
    refused: AtomicU64,
}
