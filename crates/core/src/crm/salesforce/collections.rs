//! Writing many records: collections of at most 200, up to five of them in one composite.
//!
//! A collection answers 200 even when every record failed; its results stand in the order of its records.
//! What does not fit into five collections is told to come again, which does not happen to a call of
//! up to a thousand records that are to be written in the same way.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm>

use std::collections::HashSet;

use serde_json::Value;

use super::{
    composite::{self, PARTS},
    ids,
    verdict::{self, Asked},
};
use crate::{
    crm::{Answer, Outcome, Response},
    lane::Verdict,
};

/// Most records of one collection.
pub(super) const RECORDS: usize = 200;

/// Records that are written in the same way, by their places in the call.
pub(super) struct Group<K> {
    pub(super) way: K,
    pub(super) places: Vec<usize>,
}

/// Which record goes where. `ways` says of each record how it is written and which record of the CRM
/// (id or key) it names: Salesforce refuses to meet one twice in a collection.
pub(super) fn groups<'a, K: PartialEq + Copy>(
    ways: impl Iterator<Item = (K, Option<&'a str>)>,
) -> Vec<Group<K>> {
    let mut groups: Vec<Group<K>> = Vec::new();
    let mut named = HashSet::new();
    for (place, (way, name)) in ways.enumerate() {
        if name.is_some_and(|name| !named.insert(name)) {
            continue;
        }
        let is_open = |group: &&mut Group<K>| group.way == way && group.places.len() < RECORDS;
        if let Some(group) = groups.iter_mut().find(is_open) {
            group.places.push(place);
        } else if groups.len() < PARTS {
            groups.push(Group { way, places: vec![place] });
        }
    }
    groups
}

/// The outcomes of `count` records. `asked` says what was asked for each, `known` gives the id of a record
/// that had one before.
pub(super) fn outcomes<'a, K>(
    count: usize,
    groups: &[Group<K>],
    response: &Response,
    asked: impl Fn(usize) -> Asked<'a>,
    known: impl Fn(usize) -> Option<String>,
) -> Result<Answer, Verdict> {
    let waits =
        || Outcome { verdict: verdict::again(0, "Not in this request; it goes with the next"), id: None };
    let mut outcomes: Vec<Outcome> = (0..count).map(|_| waits()).collect();
    let first = |group: &Group<K>| group.places.first().copied().unwrap_or_default();
    let Some(whole) = groups.first().map(|group| Asked { is_record: false, ..asked(first(group)) }) else {
        return Ok(Answer::Outcomes(outcomes));
    };
    let sent: usize = groups.iter().map(|group| group.places.len()).sum();
    let pieces = match composite::pieces(groups.len(), groups.len() == 1, response, &whole) {
        Ok(pieces) => pieces,
        Err(verdict) => return whole_failed(verdict, sent, outcomes, groups),
    };
    for (group, piece) in groups.iter().zip(&pieces) {
        let content = match piece.content(&Asked { is_record: false, ..asked(first(group)) }) {
            Ok(content) => content,
            Err(verdict) if groups.len() == 1 => return whole_failed(verdict, sent, outcomes, groups),
            Err(verdict) => {
                for place in &group.places {
                    outcomes[*place].verdict = verdict.clone();
                }
                continue;
            }
        };
        let results = content.as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, place) in group.places.iter().enumerate() {
            let asked = Asked { is_record: true, ..asked(*place) };
            outcomes[*place] = match results.get(index) {
                Some(result) => outcome(result, &asked, known(*place)),
                None => Outcome {
                    verdict: verdict::unsure(
                        &asked,
                        "Salesforce's answer holds no result for this record".to_owned(),
                    ),
                    id: None,
                },
            };
        }
    }
    Ok(Answer::Outcomes(outcomes))
}

/// One verdict for all that was sent. What was not sent keeps its own.
fn whole_failed<K>(
    verdict: Verdict,
    sent: usize,
    mut outcomes: Vec<Outcome>,
    groups: &[Group<K>],
) -> Result<Answer, Verdict> {
    if sent == outcomes.len() {
        return Err(verdict);
    }
    for place in groups.iter().flat_map(|group| &group.places) {
        outcomes[*place].verdict = verdict.clone();
    }
    Ok(Answer::Outcomes(outcomes))
}

fn outcome(result: &Value, asked: &Asked, known: Option<String>) -> Outcome {
    let id = result.get("id").and_then(Value::as_str).and_then(ids::full).or(known);
    let verdict = match (result.get("success").and_then(Value::as_bool), &id) {
        (Some(true), Some(_)) => Verdict::Done,
        (Some(true), None) => {
            verdict::unsure(asked, "Salesforce did not name the record it wrote".to_owned())
        }
        _ => verdict::of_result(result, asked),
    };
    let id = id.filter(|_| verdict == Verdict::Done);
    Outcome { verdict, id }
}
