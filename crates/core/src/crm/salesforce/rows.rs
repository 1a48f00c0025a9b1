//! The rows of a query's answer, and the page that follows.

use serde_json::Value;

use super::{composite, verdict};
use crate::lane::{HoldReason, Verdict, Who};

/// One page of rows.
pub(super) struct Rows<'a> {
    pub(super) rows: &'a [Value],
    /// The path of the next page.
    pub(super) next: Option<&'a str>,
}

/// Reads a page. An answer that says it goes on without saying where is no answer.
pub(super) fn page(content: &Value) -> Result<Rows<'_>, Verdict> {
    let unreadable = || verdict::again(1, "Salesforce's answer to a query could not be read");
    let rows = content.get("records").and_then(Value::as_array).ok_or_else(unreadable)?;
    let is_done = content.get("done").and_then(Value::as_bool).ok_or_else(unreadable)?;
    let next = content.get("nextRecordsUrl").and_then(Value::as_str).and_then(composite::page_path);
    match (is_done, next) {
        (true, _) => Ok(Rows { rows, next: None }),
        (false, Some(next)) => Ok(Rows { rows, next: Some(next) }),
        (false, None) => Err(unreadable()),
    }
}

/// Reads an answer that must be whole. Lists of at most [`LIST`] ids fit into the smallest page that there
/// is (200 rows), so a further page means that rows would be taken for missing.
pub(super) fn whole(content: &Value) -> Result<&[Value], Verdict> {
    let page = page(content)?;
    if page.next.is_some() {
        return Err(verdict::hold(
            HoldReason::Unexpected,
            Who::Operator,
            "Salesforce cut an answer into smaller pages than it documents; please report this",
        ));
    }
    Ok(page.rows)
}

/// Most ids in one statement whose answer must be whole.
pub(super) const LIST: usize = 200;
