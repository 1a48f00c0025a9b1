//! What goes back: an answer, or the problems that kept it from being given, in the vendor's four shapes.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

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
            Body::Empty => Value::Null,
            Body::Text(_, text) => Value::String(text),
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

/// One thing that is wrong with a request or a record.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status when this is the answer.
    pub status: u16,
    /// The vendor's code.
    pub code: &'static str,
    /// The vendor's words.
    pub message: String,
    /// The fields it is about.
    pub fields: Vec<String>,
    /// A further member beside code and message (`duplicateResut`).
    pub detail: Option<(&'static str, Value)>,
}

/// Everything that is wrong; never empty.
#[derive(Clone, Debug)]
pub struct Refusal(pub Vec<Problem>);

/// What a piece of work gives back.
pub type Outcome<T> = Result<T, Refusal>;

impl Problem {
    /// A problem of that status, code and message.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: Vec::new(), detail: None }
    }

    /// A 400.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// The same problem, about these fields.
    #[must_use]
    pub fn on(mut self, fields: &[&str]) -> Self {
        self.fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self
    }

    /// As an entry of a REST error array.
    pub fn as_error(&self) -> Value {
        let mut entry = Map::new();
        if let Some((name, value)) = &self.detail {
            entry.insert((*name).to_owned(), value.clone());
        }
        entry.insert("message".into(), json!(self.message));
        entry.insert("errorCode".into(), json!(self.code));
        if !self.fields.is_empty() {
            entry.insert("fields".into(), json!(self.fields));
        }
        Value::Object(entry)
    }

    /// As an entry of `errors` in the result of one record.
    pub fn as_result(&self) -> Value {
        let mut entry = Map::new();
        if let Some((name, value)) = &self.detail {
            entry.insert((*name).to_owned(), value.clone());
        }
        entry.insert("statusCode".into(), json!(self.code));
        entry.insert("message".into(), json!(self.message));
        entry.insert("fields".into(), json!(self.fields));
        Value::Object(entry)
    }
}

impl Refusal {
    /// As the answer to a request of its own.
    pub fn into_answer(self) -> Answer {
        let status = self.0.first().map_or(400, |problem| problem.status);
        Answer::json(status, self.0.iter().map(Problem::as_error).collect())
    }

    /// As the result of one record among several.
    pub fn as_results(&self) -> Value {
        self.0.iter().map(Problem::as_result).collect()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// The result of one record that was saved, as collections and upserts say it.
pub fn saved(id: &str) -> Value {
    json!({"id": id, "success": true, "errors": []})
}
