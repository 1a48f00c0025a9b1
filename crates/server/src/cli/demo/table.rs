//! The receipts as a table: what happened to each message, why, and where to look at it.

use std::io::Write as _;

use serde_json::Value;

use super::stage::Stage;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The sample.
    pub sample: String,
    /// What it is called, and what happens in it.
    pub title: String,
    /// The provider's id of the message.
    pub message: String,
    /// Where the message is.
    pub state: String,
    /// Why.
    pub why: String,
    /// Links that open the records.
    pub links: Vec<String>,
    /// More is to be written.
    pub is_changing: bool,
    /// Whether that is what was expected.
    pub verdict: Verdict,
}

/// Whether a receipt says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    AsExpected,
    /// It does not.
    Otherwise,
}

/// Reads a receipt, as the API answers it.
pub fn line(name: &str, title: &str, message: &str, expected: &str, found: Option<&Value>) -> Line {
    let delivery = found.map_or(&Value::Null, |found| &found["receipts"][0]["deliveries"][0]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let state = if delivery.is_null() { "not read yet".into() } else { text(&delivery["state"]) };
    let reason = text(&delivery["held"]["reason"]);
    let full = if reason.is_empty() { state.clone() } else { format!("{state}:{reason}") };
    let rules = delivery["trace"]["rules"].as_array().cloned().unwrap_or_default();
    let why = match state.as_str() {
        "written" | "matched" if !rules.is_empty() => rules.iter().map(text).collect::<Vec<_>>().join("; "),
        _ => text(&delivery["sentence"]),
    };
    let written = delivery["written"].as_array().cloned().unwrap_or_default();
    Line {
        sample: name.to_owned(),
        title: title.to_owned(),
        message: message.to_owned(),
        why,
        links: written.iter().map(|part| text(&part["url"])).collect(),
        is_changing: text(&delivery["sentence"]).contains("a change follows"),
        verdict: if full == expected { Verdict::AsExpected } else { Verdict::Otherwise },
        state: full,
    }
}

/// Prints the table on standard output.
pub fn print(stage: &Stage, lines: &[Line]) {
    let mut out = std::io::stdout().lock();
    let mut title = "";
    let _ = writeln!(out, "\nReceipts (server {}, org {})\n", stage.server_url(), stage.org_url());
    for line in lines {
        if line.title != title {
            let _ = writeln!(out, "{}", line.title);
            title = &line.title;
        }
        let mark = if line.verdict == Verdict::AsExpected { "ok " } else { "NO " };
        let _ = writeln!(out, "  {mark} {:<24} {}", line.message, line.state);
        if !line.why.is_empty() {
            let _ = writeln!(out, "      why: {}", line.why);
        }
        for link in &line.links {
            let _ = writeln!(out, "      see: {link}");
        }
    }
}

/// Prints what the comparison came to, and a digest of what the org holds: a second run must end in the same.
pub fn conclude(wrong: &[String], digest: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\nThe org's contacts, leads and tasks: {digest}");
    if wrong.is_empty() {
        let _ = writeln!(out, "\nEvery sample is as expected, compared with the records that the org holds.");
        return;
    }
    let _ = writeln!(out, "\nNot as expected:");
    for what in wrong {
        let _ = writeln!(out, "  {what}");
    }
}
