//! The samples: what stands in the org, what the provider posts, and what is expected to come of it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// One sample.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What it is called.
    pub title: String,
    /// What happens in it.
    pub what: String,
    /// Where its payload comes from; for whoever reads the file.
    #[serde(rename = "adapted_from")]
    _adapted_from: String,
    /// Records that stand in the org before.
    pub org: Vec<Seed>,
    /// What the provider posts, in order.
    pub posts: Vec<Post>,
    /// What is expected.
    pub expect: Expect,
}

/// A record that stands in the org.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The object.
    pub object: String,
    /// Its name within the sample.
    #[serde(rename = "as")]
    pub name: String,
    /// Its fields; `@name` is a user, `#name` another record of the sample.
    pub record: BTreeMap<String, Value>,
}

/// A request of the provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// The payload.
    pub body: Value,
    /// How often it is sent.
    #[serde(default = "once")]
    pub times: usize,
    /// Long texts, spelled short.
    #[serde(default)]
    pub expand: BTreeMap<String, Repeat>,
}

fn once() -> usize {
    1
}

/// A text that is repeated.
#[derive(Clone, Debug, Deserialize)]
pub struct Repeat {
    text: String,
    times: usize,
}

/// What is expected of a sample.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// For each message (by the provider's id) the state of its receipt; `held:reason` names the reason too.
    pub messages: BTreeMap<String, String>,
    /// The tasks of the sample, all of them.
    pub tasks: Vec<TaskExpected>,
    /// Records and their fields.
    pub records: Vec<RecordExpected>,
}

/// A task that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskExpected {
    /// On which record.
    pub who: String,
    /// Stands in its subject.
    pub subject: String,
    /// Stands in its description.
    pub body: String,
}

/// A record that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordExpected {
    /// A record of the sample.
    pub is: Option<String>,
    /// Or one that the sample makes: the name it has from here on.
    pub new: Option<String>,
    /// The object of a new one.
    pub object: Option<String>,
    /// How a new one is found.
    #[serde(default)]
    pub find: BTreeMap<String, Value>,
    /// Its fields.
    pub fields: BTreeMap<String, Value>,
    /// Texts that stand in its fields.
    pub contains: BTreeMap<String, Vec<String>>,
}

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../samples/", $name, ".json")))),*]
    };
}

/// Every sample, in order.
pub fn all() -> Result<Vec<(&'static str, Sample)>> {
    samples![
        "01_known_contact",
        "02_owner_rule",
        "03_open_lead",
        "04_closed_lead",
        "05_new_lead",
        "06_converted_lead",
        "07_no_phone",
        "08_group",
        "09_brazil",
        "10_duplicate_reordered",
        "11_edit",
        "12_long_text",
    ]
    .into_iter()
    .map(|(name, text)| {
        let sample = serde_json::from_str(text).with_context(|| format!("the sample {name} is malformed"))?;
        Ok((name, sample))
    })
    .collect()
}

impl Post {
    /// The bytes to post.
    pub fn bytes(&self) -> Vec<u8> {
        let mut body = self.body.clone();
        expand(&mut body, &self.expand);
        body.to_string().into_bytes()
    }
}

fn expand(value: &mut Value, repeats: &BTreeMap<String, Repeat>) {
    match value {
        Value::String(text) => {
            if let Some(repeat) = repeats.get(text) {
                *text = repeat.text.repeat(repeat.times);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| expand(item, repeats)),
        Value::Object(members) => members.values_mut().for_each(|member| expand(member, repeats)),
        _ => {}
    }
}
