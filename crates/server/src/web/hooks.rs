//! Where providers post. The body is read as it came; what it says is read later.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use causeway_core::channels::{self, Channel, RawRequest};
use futures_util::StreamExt as _;

use super::Web;
use crate::{
    clock,
    intake::{self, Received, Setup},
};

/// The provider sets the endpoint up: it wants its challenge back.
pub(super) async fn challenge(
    State(web): State<Web>,
    Path((channel, key)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    match intake::challenge(&web.app, &channel, &key, &query).await {
        Setup::Answer(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        Setup::Refused(refusal) => {
            web.app.metrics.set_up_refused(&channel, &key, &refusal);
            StatusCode::FORBIDDEN.into_response()
        }
        Setup::NoSource => StatusCode::NOT_FOUND.into_response(),
        Setup::Failed => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The provider tells that something happened. 200 means that it is on disk.
pub(super) async fn receive(
    State(web): State<Web>,
    Path((channel, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let Some(limit) = channels::named(&channel).map(Channel::largest_body) else {
        return StatusCode::NOT_FOUND;
    };
    let reading = clock::within(web.app.limits.form, read(&headers, body, limit));
    let body = match reading.await.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT)) {
        Ok(body) => body,
        Err(status) => {
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                web.app.metrics.webhook(&channel, &key, 0, &Received::TooLarge);
            }
            return status;
        }
    };
    let bytes = body.len();
    let received =
        intake::receive(&web.app, &channel, &key, RawRequest { headers: pairs(&headers), body }).await;
    web.app.metrics.webhook(&channel, &key, bytes, &received);
    match received {
        Received::Kept => StatusCode::OK,
        Received::NoSource => StatusCode::NOT_FOUND,
        Received::Refused(_) => StatusCode::UNAUTHORIZED,
        Received::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Received::NotKept => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Reads the body, but never more than the limit.
async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, StatusCode> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced: Option<usize> = announced.and_then(|length| length.parse().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0));
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
        if bytes.len() + chunk.len() > limit {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}
