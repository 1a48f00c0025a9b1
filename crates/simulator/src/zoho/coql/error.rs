//! What the vendor says of queries that it does not take.

use serde_json::json;

use crate::zoho::problem::{Outcome, Problem};

/// A piece of a query, or the refusal of all of it.
pub type Refused<T> = Outcome<T>;

/// It cannot be read from here on.
pub fn near(rest: &str) -> Problem {
    let near: String = rest.chars().take(30).collect();
    Problem::bad("SYNTAX_ERROR", "error occurred while parsing the query", json!({"near": near}))
}

/// Something must stand in a query and does not.
pub fn missing(what: &str) -> Problem {
    Problem::bad("SYNTAX_ERROR", format!("missing {what}"), json!({"clause": what}))
}

/// A column is unknown, or may not be used like this.
pub fn column(name: &str, reason: &str) -> Problem {
    Problem::bad("INVALID_QUERY", reason, json!({"column_name": name, "reason": reason}))
}

/// There is more of something than may be.
pub fn limit(what: &str, most: usize) -> Problem {
    Problem::bad("LIMIT_EXCEEDED", format!("the limit of {what} is exceeded"), json!({"limit": most}))
}
