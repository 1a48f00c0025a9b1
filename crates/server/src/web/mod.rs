//! What the server says over HTTP: provider webhooks, the pages of connecting, and the JSON API.
//!
//! Handlers take a request apart, call a stage's public function and turn its answer into a status. They decide
//! nothing.
//!
//! Pages know who looks at them by a cookie; what changes something is a form, and forms from other sites are refused
//! by where the browser says they come from. The API wants a bearer token, webhooks a signature, and connecting a
//! one-time state beside its cookie. So no other site can act in a person's name.

mod access;
mod api;
pub mod cookie;
mod error;
mod guard;
mod hooks;
mod oauth;
mod pages;
mod probes;
mod render;
mod router;
mod session;

pub use router::{access, api_access, router, watch_router};

use crate::app::App;

/// What handlers are handed.
#[derive(Clone)]
pub(crate) struct Web {
    app: App,
}
