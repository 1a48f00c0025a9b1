//! Compares what is expected with what the org really holds, asked over HTTP and not taken from our receipts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    dialect::Dialect,
    sample::{EntryExpected, RecordExpected, Sample, Side},
};
use crate::store::workspace;

/// What an org holds.
pub struct Held {
    /// The CRM.
    pub dialect: &'static Dialect,
    /// Entries.
    pub entries: Vec<Value>,
    /// People, each with the module that it is of.
    pub people: Vec<(&'static str, Value)>,
    /// Users by name.
    pub users: BTreeMap<String, String>,
}

impl Held {
    /// A digest of every record with every field, times of change included.
    pub fn digest(&self) -> String {
        let people = self.people.iter().map(|(_, person)| person);
        let mut all: Vec<String> = self.entries.iter().chain(people).map(Value::to_string).collect();
        all.sort();
        let hex = workspace::digest(&all.join("\n"));
        format!("{}: {} records, digest {}", self.dialect.title, all.len(), &hex[..16])
    }
}

/// Where the org and the expectation of one sample disagree; empty if they agree exactly.
pub fn disagreements(side: &Side, names: &BTreeMap<String, String>, held: &Held) -> Vec<String> {
    let mut names = names.clone();
    let mut wrong = Vec::new();
    for expected in &side.records {
        match find(expected, &names, held) {
            Ok(record) => {
                if let (Some(name), Some(id)) = (&expected.new, record[held.dialect.id].as_str()) {
                    names.insert(name.clone(), id.to_owned());
                }
                wrong.extend(compare(expected, record, held));
            }
            Err(what) => wrong.push(what),
        }
    }
    wrong.extend(entries(side, &names, held));
    wrong
}

/// How many people the samples make in the org of that CRM.
pub fn new_people(samples: &[(&'static str, Sample)], crm: &str) -> usize {
    samples
        .iter()
        .filter_map(|(_, sample)| sample.orgs.get(crm))
        .flat_map(|side| &side.records)
        .filter(|record| record.new.is_some())
        .count()
}

fn find<'a>(
    expected: &RecordExpected,
    names: &BTreeMap<String, String>,
    held: &'a Held,
) -> Result<&'a Value, String> {
    let is_it = |(module, record): &&(&'static str, Value)| match &expected.is {
        Some(name) => record[held.dialect.id].as_str() == names.get(name).map(String::as_str),
        None => {
            expected.module.as_deref().is_none_or(|wanted| wanted == *module)
                && expected.find.iter().all(|(field, value)| record[field] == *value)
        }
    };
    let found: Vec<&Value> = held.people.iter().filter(is_it).map(|(_, record)| record).collect();
    match found.as_slice() {
        [one] => Ok(one),
        many => Err(format!(
            "expected one record {}, the org holds {}",
            expected.is.as_ref().or(expected.new.as_ref()).map_or("", String::as_str),
            many.len()
        )),
    }
}

fn compare(expected: &RecordExpected, record: &Value, held: &Held) -> Vec<String> {
    let mut wrong = Vec::new();
    for (field, value) in &expected.fields {
        let (stands, value) = match value.as_str().and_then(|text| text.strip_prefix('@')) {
            Some(user) => (
                json!(held.dialect.text(record, field)),
                held.users.get(user).map_or(Value::Null, |id| json!(id)),
            ),
            None => (record[field].clone(), value.clone()),
        };
        if stands != value {
            wrong.push(format!("{field} is {stands}, expected {value}"));
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

/// The entries of a sample's people are exactly those that are expected: each once, and no other.
fn entries(side: &Side, names: &BTreeMap<String, String>, held: &Held) -> Vec<String> {
    let ours: Vec<&str> = names.values().map(String::as_str).collect();
    let on = |entry: &Value| held.dialect.text(entry, held.dialect.on).to_owned();
    let mut present: Vec<&Value> =
        held.entries.iter().filter(|entry| ours.contains(&on(entry).as_str())).collect();
    let mut wrong = Vec::new();
    for expected in &side.entries {
        match present.iter().position(|entry| is(entry, expected, names, held.dialect)) {
            Some(at) => {
                present.remove(at);
            }
            None => wrong.push(format!("no entry \"{}\" on {}", expected.subject, expected.on)),
        }
    }
    let subject = |entry: &Value| entry[held.dialect.subject].to_string();
    wrong.extend(present.iter().map(|entry| format!("an entry too many: {}", subject(entry))));
    wrong
}

fn is(entry: &Value, expected: &EntryExpected, names: &BTreeMap<String, String>, dialect: &Dialect) -> bool {
    let mut rest = dialect.text(entry, dialect.body);
    let mut goes_on = |text: &String| match rest.split_once(text.as_str()) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    };
    Some(dialect.text(entry, dialect.on)) == names.get(&expected.on).map(String::as_str)
        && dialect.text(entry, dialect.subject).contains(&expected.subject)
        && expected.says.iter().all(&mut goes_on)
}
