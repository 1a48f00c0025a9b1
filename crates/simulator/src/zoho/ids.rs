//! Ids: 19 decimal digits, beyond what a double can tell apart; one beginning for the whole org, then a count.

use serde_json::Value;

/// Where the numbers of records begin; what is below belongs to metadata.
const FIRST_RECORD: u64 = 524_000;

/// The beginning that all ids of an org share.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    start: u64,
}

impl Ids {
    /// The beginning of the org with that seed.
    pub fn of(seed: u64) -> Self {
        Self { start: (5_725_767 + seed % 1_000) * 1_000_000_000_000 }
    }

    /// The id of a piece of metadata.
    pub fn metadata(self, number: u64) -> String {
        (self.start + number).to_string()
    }

    /// The number before that of the first record.
    pub fn before_first(self) -> u64 {
        self.start + FIRST_RECORD
    }

    /// The `zgid`: what the org is called in addresses of pages.
    pub fn zgid(self) -> String {
        (800_000_000 + self.start / 1_000_000_000_000).to_string()
    }
}

/// An id as a request says it: a text of digits, or a number (one SDK sends those).
pub fn read(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => parse(text).map(|_| text.clone()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

/// An id inside an object, or the id itself (`{"id": …}` or `…`).
pub fn inside(value: &Value) -> Option<String> {
    read(value.get("id").unwrap_or(value))
}

/// The number of an id.
pub fn parse(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
