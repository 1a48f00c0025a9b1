//! The problems that kept an answer from being given, in the vendor's four shapes.

use serde_json::{Map, Value, json};

pub use crate::answer::{Answer, Body};

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
