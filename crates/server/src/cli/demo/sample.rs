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
    /// What the provider posts, in order.
    pub posts: Vec<Post>,
    /// For each message (by the provider's id) the state of its deliveries; `held:reason` names the reason too.
    pub messages: BTreeMap<String, String>,
    /// What stands in each CRM's org before and after, by the CRM's name.
    pub orgs: BTreeMap<String, Side>,
}

/// A sample in one org.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Records that stand in the org before.
    pub org: Vec<Seed>,
    /// The entries of the sample, all of them.
    pub entries: Vec<EntryExpected>,
    /// Records and their fields.
    pub records: Vec<RecordExpected>,
}

/// A record that stands in the org.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The module.
    pub module: String,
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

/// An entry that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryExpected {
    /// On which record.
    pub on: String,
    /// Stands in its first line.
    pub subject: String,
    /// Stand in its text, in this order.
    pub says: Vec<String>,
}

/// A record that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordExpected {
    /// A record of the sample.
    pub is: Option<String>,
    /// Or one that the sample makes: the name it has from here on.
    pub new: Option<String>,
    /// The module of a new one.
    pub module: Option<String>,
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
