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
    /// Where it is in each CRM.
    pub deliveries: Vec<Told>,
    /// Whether that is what was expected, everywhere.
    pub verdict: Verdict,
}

/// What a receipt says of one CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What people call it.
    pub crm: String,
    /// Where the message is.
    pub state: String,
    /// Why.
    pub why: String,
    /// Links that open the records.
    pub links: Vec<String>,
    /// More is to be written.
    pub is_changing: bool,
}

impl Line {
    /// Is more to be written anywhere?
    pub fn is_changing(&self) -> bool {
        self.deliveries.iter().any(|told| told.is_changing)
    }

    /// Where the message is, in a few words.
    pub fn state(&self) -> String {
        let told = self.deliveries.iter().map(|told| format!("{}: {}", told.crm, told.state));
        told.collect::<Vec<_>>().join(", ")
    }
}

/// Whether a receipt says what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    AsExpected,
    /// It does not.
    Otherwise,
}

/// Reads a receipt, as the API answers it: expected is the same in each of these CRMs.
pub fn line(
    (name, title): (&str, &str),
    message: &str,
    expected: &str,
    crms: &[&str],
    found: Option<&Value>,
) -> Line {
    let told = found.and_then(|found| found["receipts"][0]["deliveries"].as_array());
    let mut deliveries: Vec<Told> = told.into_iter().flatten().map(delivery).collect();
    deliveries.sort_by(|one, other| one.crm.cmp(&other.crm));
    let is_right = deliveries.iter().map(|told| told.crm.as_str()).eq(crms.iter().copied())
        && deliveries.iter().all(|told| told.state == expected);
    Line {
        sample: name.to_owned(),
        title: title.to_owned(),
        message: message.to_owned(),
        deliveries,
        verdict: if is_right { Verdict::AsExpected } else { Verdict::Otherwise },
    }
}

fn delivery(delivery: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let state = text(&delivery["state"]);
    let reason = text(&delivery["held"]["reason"]);
    let rules = delivery["trace"]["rules"].as_array().cloned().unwrap_or_default();
    let why = match state.as_str() {
        "written" | "matched" if !rules.is_empty() => rules.iter().map(text).collect::<Vec<_>>().join("; "),
        _ => text(&delivery["sentence"]),
    };
    let written = delivery["written"].as_array().cloned().unwrap_or_default();
    Told {
        crm: text(&delivery["crm"]),
        why,
        links: written.iter().map(|part| text(&part["url"])).collect(),
        is_changing: text(&delivery["sentence"]).contains("a change follows"),
        state: if reason.is_empty() { state } else { format!("{state}:{reason}") },
    }
}

/// Prints the table on standard output.
pub fn print(stage: &Stage, lines: &[Line]) {
    let mut out = std::io::stdout().lock();
    let mut title = "";
    let _ = writeln!(out, "\nReceipts (server {})\n", stage.server_url());
    for line in lines {
        if line.title != title {
            let _ = writeln!(out, "{}", line.title);
            title = &line.title;
        }
        let mark = if line.verdict == Verdict::AsExpected { "ok " } else { "NO " };
        let _ = writeln!(out, "  {mark} {}", line.message);
        if line.deliveries.is_empty() {
            let _ = writeln!(out, "      not read yet");
        }
        for told in &line.deliveries {
            let _ = writeln!(out, "      {:<10} {}", told.crm, told.state);
            if !told.why.is_empty() {
                let _ = writeln!(out, "        why: {}", told.why);
            }
            for link in &told.links {
                let _ = writeln!(out, "        see: {link}");
            }
        }
    }
}

/// Prints what the comparison came to, and digests of what the orgs hold: a second run must end in the same.
pub fn conclude(wrong: &[String], digests: &[String]) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\nWhat the orgs hold of people, tasks and notes:");
    for digest in digests {
        let _ = writeln!(out, "  {digest}");
    }
    if wrong.is_empty() {
        let _ = writeln!(out, "\nEvery sample is as expected, compared with the records that the orgs hold.");
        return;
    }
    let _ = writeln!(out, "\nNot as expected:");
    for what in wrong {
        let _ = writeln!(out, "  {what}");
    }
}
