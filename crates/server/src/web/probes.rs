//! For whoever watches the server: is it up, can it work, and what waits.

use std::{fmt::Write as _, sync::atomic::Ordering};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::Web;
use crate::store::{self, entry, intake};

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers too.
pub(super) async fn ready(State(web): State<Web>) -> Response {
    match web.app.db.read(|tx| Box::pin(intake::waiting(tx, None))).await {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "web.ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Counters as Prometheus reads them.
pub(super) async fn metrics(State(web): State<Web>) -> Response {
    let read: store::Result<(i64, Vec<(String, i64)>)> = web
        .app
        .db
        .read(|tx| {
            Box::pin(async move { Ok((intake::waiting(tx, None).await?, entry::totals(tx, None).await?)) })
        })
        .await;
    let Ok((waiting, entries)) = read else {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    };
    let refused = web.counts.refused.load(Ordering::Relaxed);
    let mut text = format!(
        "# HELP causeway_intake_refused_total Webhook requests that were not the provider's.\n\
         # TYPE causeway_intake_refused_total counter\ncauseway_intake_refused_total {refused}\n\
         # HELP causeway_intake_waiting Kept requests that are not read yet.\n\
         # TYPE causeway_intake_waiting gauge\ncauseway_intake_waiting {waiting}\n\
         # HELP causeway_entries Entries by state.\n# TYPE causeway_entries gauge\n"
    );
    for (state, count) in entries {
        let _ = writeln!(text, "causeway_entries{{state=\"{state}\"}} {count}");
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
