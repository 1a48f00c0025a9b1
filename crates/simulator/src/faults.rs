//! Trouble on demand: scripted faults, chosen by what a request is, when and how often.

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::random::Random;

/// One scripted fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault<Kind> {
    /// What goes wrong.
    pub kind: Kind,
    /// Its number, for deleting it.
    #[serde(default)]
    pub id: u64,
    /// Only requests whose path and query contain this.
    #[serde(default)]
    pub path: Option<String>,
    /// Only requests of this verb.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests that concern this object.
    #[serde(default)]
    pub object: Option<String>,
    /// Lets so many matching requests pass first.
    #[serde(default)]
    pub after: u64,
    /// Strikes so often; without end when absent.
    #[serde(default)]
    pub times: Option<u64>,
    /// Strikes with this chance (0 to 1).
    #[serde(default)]
    pub probability: Option<f64>,
    /// Makes the chance repeatable.
    #[serde(default)]
    pub seed: u64,
    /// Row faults: which records of a request fail (every n-th; 1 is all).
    #[serde(default)]
    pub every: Option<u64>,
    /// Refusals: the vendor's code.
    #[serde(default)]
    pub code: Option<String>,
    /// Refusals: another status than the code comes with.
    #[serde(default)]
    pub status: Option<u16>,
    /// Slow and late faults: how long.
    #[serde(default)]
    pub seconds: f64,
    /// How many matching requests came.
    #[serde(default)]
    pub seen: u64,
    /// How many it struck.
    #[serde(default)]
    pub struck: u64,
}

/// The script.
#[derive(Clone)]
pub struct Faults<Kind> {
    script: Vec<Fault<Kind>>,
    next_id: u64,
}

impl<Kind> Default for Faults<Kind> {
    fn default() -> Self {
        Self { script: Vec::new(), next_id: 0 }
    }
}

impl<Kind: Clone> Faults<Kind> {
    /// Adds a fault and says its number.
    pub fn add(&mut self, mut fault: Fault<Kind>) -> u64 {
        self.next_id += 1;
        fault.id = self.next_id;
        self.script.push(fault);
        self.next_id
    }

    /// The script with its counts.
    pub fn list(&self) -> &[Fault<Kind>] {
        &self.script
    }

    /// Drops one fault, or all.
    pub fn remove(&mut self, id: Option<u64>) {
        self.script.retain(|fault| id.is_some_and(|id| fault.id != id));
    }

    /// The fault that strikes this request, if one does: the first that matches and is due.
    pub fn strike(&mut self, call: &Call) -> Option<Fault<Kind>> {
        let mut struck = None;
        for fault in &mut self.script {
            if struck.is_some() || !fault.matches(call) {
                continue;
            }
            fault.seen += 1;
            let due = fault.seen > fault.after && fault.times.is_none_or(|times| fault.struck < times);
            let lucky = fault.probability.is_none_or(|share| {
                Random::new(fault.seed.wrapping_add(fault.seen.wrapping_mul(0x9E37))).chance(share)
            });
            if due && lucky {
                fault.struck += 1;
                struck = Some(fault.clone());
            }
        }
        struck
    }
}

impl<Kind> Fault<Kind> {
    fn matches(&self, call: &Call) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
            && self.path.as_ref().is_none_or(|part| call.target().contains(part) || call.path.contains(part))
            && self.object.as_ref().is_none_or(|object| concerns(call, object))
    }
}

/// Whether a request is about that object: named in its path, its query or its body.
fn concerns(call: &Call, object: &str) -> bool {
    let object = object.to_ascii_lowercase();
    if call.segments.iter().any(|segment| segment.to_ascii_lowercase() == object) {
        return true;
    }
    let from = format!("from {object}");
    if call.query.iter().any(|(_, value)| value.to_ascii_lowercase().contains(&from)) {
        return true;
    }
    let body = String::from_utf8_lossy(&call.body).to_ascii_lowercase();
    body.contains(&format!("\"{object}\""))
        || body.contains(&format!("sobjects/{object}"))
        || body.contains(&from)
}
