//! For whoever watches the server: is it up, can it work, and what waits.
//!
//! Whether it is up anybody may ask. What waits is for the operator: at an address of its own (`metrics_listen`), with
//! a token (`metrics_token`), or on this machine while it is tried out.

use std::{
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::{
    Extension, Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header, uri::Authority},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest as _, Sha256};

use super::{Web, render};
use crate::{app::App, clock, metrics, open};

/// How long a check may take. Whoever asks gives up soon after.
const PATIENCE: Duration = Duration::from_secs(5);

/// Headers that a proxy adds: behind one, everybody seems to come from its machine.
const SIGNS_OF_A_PROXY: &[&str] = &["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// The probes at the address of the pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics_for_some))
}

/// The probes at an address of their own, which only the operator's own reach.
pub(super) fn own_routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics_for_all))
}

/// The process answers.
async fn alive() -> &'static str {
    "ok\n"
}

/// Every check passes. Says which does not, and no more than that: why is in the log.
async fn ready(State(web): State<Web>) -> Response {
    if web.app.live.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping: the server has been told to stop\n")
            .into_response();
    }
    let failed = failed_checks(&web.app).await;
    if failed.is_empty() {
        return "ok\n".into_response();
    }
    let mut text = String::new();
    for (check, says) in failed {
        tracing::warn!(check, says, "web.ready");
        let _ = writeln!(text, "{check}: {says}");
    }
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

/// The checks that fail, each with what is wrong.
async fn failed_checks(app: &App) -> Vec<(&'static str, &'static str)> {
    let schema = clock::within(PATIENCE, app.db.is_current()).await;
    match schema {
        None => return vec![("database", "does not answer in time")],
        Some(Err(error)) => {
            tracing::error!(%error, "web.ready");
            return vec![("database", "does not answer as it should")];
        }
        Some(Ok(true)) => {}
        Some(Ok(false)) => return vec![("migrations", "are not done")],
    }
    match clock::within(PATIENCE, open::key_fits(&app.db, &app.sealer)).await {
        Some(Ok(true)) => Vec::new(),
        Some(Ok(false)) => vec![("key", "does not open what is sealed in the database")],
        Some(Err(_)) | None => vec![("database", "does not answer as it should")],
    }
}

async fn metrics_for_some(
    State(web): State<Web>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
) -> Response {
    if may_read(&web.app, &headers, peer.map(|peer| peer.0.0)) {
        shown(&web).await
    } else {
        render::nothing_here()
    }
}

async fn metrics_for_all(State(web): State<Web>) -> Response {
    shown(&web).await
}

/// With the operator's token; without one on this machine alone, and only while nobody else reaches the server.
fn may_read(app: &App, headers: &HeaderMap, peer: Option<SocketAddr>) -> bool {
    let token = &app.config.metrics_token;
    if !token.expose().is_empty() {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|given| given.strip_prefix("Bearer ")).unwrap_or_default();
        // Digests are compared, so that the time tells nothing of the token.
        return Sha256::digest(given) == Sha256::digest(token.expose());
    }
    // A page of another site whose name was made to lead here comes under that name.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_from_here = peer.is_some_and(|peer| peer.ip().is_loopback()) && is_this_machine(host);
    let own = app.config.public_url.split_once("://").map_or("", |(_, rest)| rest);
    let is_forwarded = SIGNS_OF_A_PROXY.iter().any(|name| headers.contains_key(*name));
    is_from_here && !is_forwarded && is_this_machine(own)
}

/// Whether an authority (`host:port`) is of the machine itself.
fn is_this_machine(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let host = authority.host().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn shown(web: &Web) -> Response {
    match clock::within(PATIENCE, metrics::text(&web.app)).await {
        Some(Ok(text)) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Some(Err(error)) => {
            tracing::error!(%error, "web.metrics");
            unavailable()
        }
        None => unavailable(),
    }
}

fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
}
