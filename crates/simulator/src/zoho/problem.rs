//! What is wrong with a request or with one element of it, in the vendor's one shape.

use serde_json::{Value, json};

use crate::answer::Answer;

/// Code, details, message, and the status when it is the whole answer.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status when this is the answer.
    pub status: u16,
    /// The vendor's code.
    pub code: &'static str,
    /// What it is about.
    pub details: Value,
    /// The vendor's words.
    pub message: String,
}

/// What a piece of work gives back.
pub type Outcome<T> = Result<T, Problem>;

impl Problem {
    /// A problem of that status and code.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, details: json!({}), message: message.into() }
    }

    /// A 400 with details.
    pub fn bad(code: &'static str, message: impl Into<String>, details: Value) -> Self {
        Self { status: 400, code, details, message: message.into() }
    }

    /// As an object.
    pub fn as_json(&self) -> Value {
        json!({"code": self.code, "details": self.details, "message": self.message, "status": "error"})
    }

    /// As the whole answer.
    pub fn into_answer(self) -> Answer {
        Answer::json(self.status, self.as_json())
    }
}

/// The path leads nowhere.
pub fn no_such_path() -> Problem {
    Problem::new(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")
}

/// The path is known, the verb is not.
pub fn wrong_verb() -> Problem {
    Problem::new(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
}

/// The module in the path is unknown or hidden.
pub fn invalid_module() -> Problem {
    Problem::bad(
        "INVALID_MODULE",
        "the module name given seems to be invalid",
        json!({"resource_path_index": 0}),
    )
}

/// The id in the path is unknown.
pub fn invalid_id(place: usize) -> Problem {
    Problem::bad("INVALID_DATA", "the id given seems to be invalid", json!({"resource_path_index": place}))
}

/// The record that something is to hang on is unknown.
pub fn invalid_related_id() -> Problem {
    Problem::bad(
        "INVALID_DATA",
        "the related id given seems to be invalid",
        json!({"resource_path_index": 1}),
    )
}

/// A parameter that must be there is not.
pub fn missing_parameter(name: &str) -> Problem {
    Problem::bad(
        "REQUIRED_PARAM_MISSING",
        "One of the expected parameter is missing",
        json!({"param_name": name}),
    )
}

/// The user's profile does not allow it.
pub fn no_permission(permission: &str) -> Problem {
    let mut problem = Problem::new(403, "NO_PERMISSION", "permission denied");
    problem.details = json!({"permissions": [permission]});
    problem
}

/// The body is not what the call takes.
pub fn invalid_body(expected: &str) -> Problem {
    Problem::bad("INVALID_DATA", "body", json!({"expected_data_type": expected}))
}
