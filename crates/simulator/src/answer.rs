//! What goes back.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// An answer before it is bytes; parts of a composite are answers too.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside the usual ones.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// No body at all.
    Empty,
    /// JSON, as nearly everything is.
    Json(Value),
    /// Text of that media type.
    Text(&'static str, String),
    /// A file of that media type.
    File(&'static str, Bytes),
}

impl Answer {
    /// 200 with JSON.
    pub fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// JSON with a status.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Body::Json(body) }
    }

    /// A status alone.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Empty }
    }

    /// A page.
    pub fn html(status: u16, page: String) -> Self {
        Self { status, headers: Vec::new(), body: Body::Text("text/html;charset=UTF-8", page) }
    }

    /// Plain text.
    pub fn text(status: u16, text: &str) -> Self {
        Self { status, headers: Vec::new(), body: Body::Text("text/plain;charset=UTF-8", text.to_owned()) }
    }

    /// A redirect of the browser.
    pub fn redirect(to: &str) -> Self {
        Self::empty(302).with("location", to)
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether it went well.
    pub fn is_success(&self) -> bool {
        self.status < 300
    }

    /// The JSON body, null when there is none.
    pub fn into_json(self) -> Value {
        match self.body {
            Body::Json(value) => value,
            Body::Text(_, text) => Value::String(text),
            Body::Empty | Body::File(..) => Value::Null,
        }
    }

    /// The answer as it travels.
    pub fn into_response(self, pretty: bool) -> Response<Bytes> {
        let (media_type, bytes) = match self.body {
            Body::Empty => (None, Bytes::new()),
            Body::Json(value) => {
                let text = if pretty { format!("{value:#}") } else { value.to_string() };
                (Some("application/json;charset=UTF-8"), Bytes::from(text))
            }
            Body::Text(media_type, text) => (Some(media_type), Bytes::from(text)),
            Body::File(media_type, bytes) => (Some(media_type), bytes),
        };
        let mut response = Response::new(bytes);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        if let Some(media_type) = media_type {
            headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.append(name, value);
            }
        }
        response
    }
}
