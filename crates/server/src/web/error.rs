//! What a program is told when a request is not carried out: a word, a sentence, and what to do.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::store;

/// A request that was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
    action: String,
}

/// What a handler of the API returns.
pub(super) type Answer<T> = Result<T, Refused>;

impl Refused {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { status, code, message: message.into(), action: action.into() }
    }

    /// The request itself is wrong.
    pub(super) fn invalid(message: impl Into<String>, action: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message, action)
    }

    /// There is no such thing (in this workspace).
    pub(super) fn not_found(message: impl Into<String>, action: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message, action)
    }

    /// It does not go with how things are now.
    pub(super) fn conflict(
        code: &'static str,
        message: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::CONFLICT, code, message, action)
    }

    /// A fault of ours.
    pub(super) fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "the server made a mistake; it is in its log",
            "report it to the operator of the server",
        )
    }
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "web.store");
        if error.is_retryable() {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the database cannot be used at the moment",
                "try again in a moment",
            );
        }
        Self::fault()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({
            "error": { "code": self.code, "message": self.message, "action": self.action }
        });
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"causeway\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}
