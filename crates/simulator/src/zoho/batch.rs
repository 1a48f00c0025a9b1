//! The answer to a batch: one element per input, in input order, and a status that is a hint at best.

use serde_json::Value;

use super::problem::Outcome;
use super::state::State;
use super::switches::BatchStatus;
use crate::answer::Answer;

/// The answer of these results under that plural; `done` is the status when all went well.
pub fn answer(state: &State, name: &str, done: u16, results: Vec<Outcome<Value>>) -> Answer {
    let failed: Vec<u16> =
        results.iter().filter_map(|result| result.as_ref().err().map(|problem| problem.status)).collect();
    let status = match (failed.len(), state.switches.batch_status) {
        (0, _) => done,
        (_, BatchStatus::Legacy202) => 202,
        (count, BatchStatus::V8) if count < results.len() => 207,
        // Everything failed for one reason: the reason's own status.
        _ if failed.iter().all(|status| *status == failed[0]) => failed[0],
        _ => 400,
    };
    let elements: Vec<Value> =
        results.into_iter().map(|result| result.unwrap_or_else(|problem| problem.as_json())).collect();
    Answer::json(status, serde_json::json!({name: elements}))
}
