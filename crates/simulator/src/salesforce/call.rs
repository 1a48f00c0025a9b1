//! What is the vendor's own about a request: a verb in the query, and JSON or a complaint.

use http::Method;
use serde_json::Value;

use super::answer::{Outcome, Problem};
pub use crate::call::{Call, percent_decode, percent_encode};

/// The call with the verb that `?_HTTP_METHOD=` names.
#[must_use]
pub fn with_own_verb(mut call: Call) -> Call {
    if call.method == Method::POST
        && let Some(verb) = call.parameter("_HTTP_METHOD").and_then(|verb| verb.parse().ok())
    {
        call.method = verb;
    }
    call
}

/// The body as JSON, with the vendor's complaint when it is none.
pub fn json(call: &Call) -> Outcome<Value> {
    if let Some(json) = &call.json {
        return Ok(json.clone());
    }
    if let Some(media_type) = call.header("content-type")
        && !media_type.to_ascii_lowercase().contains("json")
    {
        return Err(Problem::new(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            format!("The content type '{media_type}' is not supported. Use application/json."),
        )
        .into());
    }
    serde_json::from_slice(&call.body).map_err(|error| {
        let message = if call.body.is_empty() {
            "The HTTP entity body is required, but this request has no entity body.".to_owned()
        } else {
            format!("{error} at [line:{}, column:{}]", error.line(), error.column())
        };
        Problem::bad("JSON_PARSER_ERROR", message).into()
    })
}
