//! Compares what is expected with what the org really holds, asked over HTTP and not taken from our receipts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sample::{RecordExpected, Sample, TaskExpected};
use crate::store::workspace;

/// What the org holds.
pub struct Held {
    /// Tasks.
    pub tasks: Vec<Value>,
    /// Contacts and leads.
    pub people: Vec<Value>,
    /// Users by name.
    pub users: BTreeMap<String, String>,
}

impl Held {
    /// A digest of every record with every field, times of change included.
    pub fn digest(&self) -> String {
        let mut all: Vec<String> = self.tasks.iter().chain(&self.people).map(Value::to_string).collect();
        all.sort();
        let hex = workspace::digest(&all.join("\n"));
        format!("{} records, digest {}", all.len(), &hex[..16])
    }
}

/// Where the org and the expectation of one sample disagree; empty if they agree exactly.
pub fn disagreements(sample: &Sample, names: &BTreeMap<String, String>, held: &Held) -> Vec<String> {
    let mut names = names.clone();
    let mut wrong = Vec::new();
    for expected in &sample.expect.records {
        match find(expected, &names, held) {
            Ok(record) => {
                if let (Some(name), Some(id)) = (&expected.new, record["Id"].as_str()) {
                    names.insert(name.clone(), id.to_owned());
                }
                wrong.extend(compare(expected, record, held));
            }
            Err(what) => wrong.push(what),
        }
    }
    wrong.extend(tasks(sample, &names, held));
    wrong
}

/// How many people the samples make.
pub fn new_people(samples: &[(&'static str, Sample)]) -> usize {
    samples
        .iter()
        .flat_map(|(_, sample)| &sample.expect.records)
        .filter(|record| record.new.is_some())
        .count()
}

fn find<'a>(
    expected: &RecordExpected,
    names: &BTreeMap<String, String>,
    held: &'a Held,
) -> Result<&'a Value, String> {
    let found: Vec<&Value> = match &expected.is {
        Some(name) => {
            let id = names.get(name);
            held.people.iter().filter(|record| record["Id"].as_str() == id.map(String::as_str)).collect()
        }
        None => held
            .people
            .iter()
            .filter(|record| expected.find.iter().all(|(field, value)| record[field] == *value))
            .filter(|record| is_of(record, expected.object.as_deref()))
            .collect(),
    };
    match found.as_slice() {
        [one] => Ok(one),
        many => Err(format!(
            "expected one record {}, the org holds {}",
            expected.is.as_ref().or(expected.new.as_ref()).map_or("", String::as_str),
            many.len()
        )),
    }
}

/// Is this a record of that object? Salesforce's ids begin with three letters for each.
fn is_of(record: &Value, object: Option<&str>) -> bool {
    let begins = match object {
        Some("Lead") => "00Q",
        Some("Contact") => "003",
        _ => "",
    };
    record["Id"].as_str().is_some_and(|id| id.starts_with(begins))
}

fn compare(expected: &RecordExpected, record: &Value, held: &Held) -> Vec<String> {
    let mut wrong = Vec::new();
    for (field, value) in &expected.fields {
        let value = match value.as_str() {
            Some(text) if text.starts_with('@') => {
                held.users.get(&text[1..]).map_or(Value::Null, |id| json!(id))
            }
            _ => value.clone(),
        };
        if record[field] != value {
            wrong.push(format!("{field} is {}, expected {value}", record[field]));
        }
    }
    for (field, texts) in &expected.contains {
        let held = record[field].as_str().unwrap_or_default();
        for text in texts.iter().filter(|text| !held.contains(text.as_str())) {
            wrong.push(format!("{field} does not contain \"{text}\""));
        }
    }
    wrong
}

/// The tasks of a sample's people are exactly those that are expected: each once, and no other.
fn tasks(sample: &Sample, names: &BTreeMap<String, String>, held: &Held) -> Vec<String> {
    let ours: Vec<&str> = names.values().map(String::as_str).collect();
    let mut present: Vec<&Value> = held
        .tasks
        .iter()
        .filter(|task| task["WhoId"].as_str().is_some_and(|who| ours.contains(&who)))
        .collect();
    let mut wrong = Vec::new();
    for expected in &sample.expect.tasks {
        match present.iter().position(|task| is(task, expected, names)) {
            Some(at) => {
                present.remove(at);
            }
            None => wrong.push(format!("no task \"{}\" on {}", expected.subject, expected.who)),
        }
    }
    wrong.extend(present.iter().map(|task| format!("a task too many: {}", task["Subject"])));
    wrong
}

fn is(task: &Value, expected: &TaskExpected, names: &BTreeMap<String, String>) -> bool {
    let contains = |field: &str, text: &str| task[field].as_str().is_some_and(|held| held.contains(text));
    task["WhoId"].as_str() == names.get(&expected.who).map(String::as_str)
        && contains("Subject", &expected.subject)
        && contains("Description", &expected.body)
}
