//! The body of a request: JSON, or a refusal that says where it is not.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::IntoResponse as _,
};
use serde::de::DeserializeOwned;

use super::super::{Web, error::Refused};

/// A body read as JSON. An empty one is read as `{}`.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Web) -> Result<Self, Refused> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                Refused::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "the body is too large",
                    "send less at once",
                )
            } else {
                Refused::new(StatusCode::BAD_REQUEST, "broken_off", "the body broke off", "send it again")
            }
        })?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let wrong = |what: String| Refused::invalid(what, "correct the body and send it again");
        // No database holds a NUL in a text.
        if text.windows(6).any(|window| window == b"\\u0000") {
            return Err(wrong("the body contains a NUL character".into()));
        }
        serde_json::from_slice(text)
            .map(Self)
            .map_err(|error| wrong(format!("the body is not right: {error}")))
    }
}
