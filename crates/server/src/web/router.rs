//! Which path leads where, and what holds for all of them.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};

use causeway_core::rights::Right;
use tower_http::{compression::CompressionLayer, csrf::CsrfLayer};

use super::{Web, api, guard, hooks, oauth, pages, probes, render};
use crate::app::App;

/// Largest body of an API request, in bytes.
const LARGEST_API_BODY: usize = 256 * 1024;

/// Largest form, in bytes.
const LARGEST_FORM: usize = 256 * 1024;

/// For webhooks: the provider gives up sooner.
const HOOK_LIMIT: Duration = Duration::from_secs(30);

/// For the API: disconnecting waits for the CRM.
const API_LIMIT: Duration = Duration::from_secs(90);

/// For connecting: several questions to the CRM, one after the other.
const CONNECT_LIMIT: Duration = Duration::from_mins(5);

/// Everything that the server answers.
pub fn router(app: App) -> Router {
    let web = Web { app };
    let hooks = Router::new()
        .route("/hooks/{channel}/{key}", get(hooks::challenge).post(hooks::receive))
        // Each channel has its own limit, applied while the body is read.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(HOOK_LIMIT, guard::time_limit));
    let api = Router::new()
        .nest("/api/v1", api::router(web.clone()).layer(from_fn(guard::no_nul_in_path)))
        .layer(DefaultBodyLimit::max(LARGEST_API_BODY))
        .layer(from_fn_with_state(API_LIMIT, guard::time_limit));
    let oauth = Router::new()
        .route("/oauth/{crm}/start", get(oauth::start))
        .route("/oauth/{crm}/callback", get(oauth::callback))
        .layer(from_fn_with_state(CONNECT_LIMIT, guard::time_limit));
    // The stream of changes lasts as long as its page; it alone has no time limit, and is not held back by packing.
    let form = guard::Form { largest: LARGEST_FORM, limit: web.app.limits.form };
    let pages = pages::router(web.clone())
        .layer(from_fn_with_state(form, guard::whole_form))
        .layer(from_fn(guard::no_nul))
        .layer(CsrfLayer::new().with_rejection_response(|_| render::from_elsewhere()))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(pages)
        .merge(hooks)
        .merge(api)
        .merge(oauth)
        .merge(probes::routes())
        .fallback(nothing_here)
        .layer(from_fn(guard::headers))
        .layer(from_fn(guard::catch_panic))
        .layer(from_fn_with_state(web.clone(), guard::counted))
        .with_state(web)
}

/// What the operator's own address answers: the probes and nothing else.
pub fn watch_router(app: App) -> Router {
    probes::own_routes()
        .fallback(nothing_here)
        .layer(from_fn(guard::headers))
        .layer(from_fn(guard::catch_panic))
        .with_state(Web { app })
}

/// Every page behind a sign-in: its method, its address, and the right that it takes.
pub fn access(app: App) -> Vec<(Method, &'static str, Right)> {
    pages::access(Web { app })
}

/// Every address of the API below `/api/v1`: its method, its path, and the right that it takes.
pub fn api_access(app: App) -> Vec<(Method, &'static str, Right)> {
    api::access(Web { app })
}

async fn nothing_here() -> Response {
    render::nothing_here()
}
