//! Writing many records: at most a hundred, of one module, all made or all changed; and one outcome for each.
//!
//! A batch is not atomic and is answered with one element for each record, in order, whatever the status says. What does not
//! go with the first record is told to come again.
//! <https://www.zoho.com/crm/developer/docs/api/v8/insert-records.html>

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    verdict::{self, Asked},
    wire,
};
use crate::{
    crm::{Answer, Outcome, Response},
    lane::Verdict,
};

/// The places of the records that go into one request with the first. `ways` says of each how it is written and by which
/// name or key it is known: none is written twice at once.
pub(super) fn places<'a, W: PartialEq + Copy>(ways: impl Iterator<Item = (W, &'a str)>) -> Vec<usize> {
    let mut first: Option<W> = None;
    let mut seen = BTreeSet::new();
    let mut places = Vec::new();
    for (place, (way, name)) in ways.enumerate() {
        let goes = *first.get_or_insert(way) == way;
        if goes && places.len() < wire::RECORDS && seen.insert(name) {
            places.push(place);
        }
    }
    places
}

/// The outcomes of `count` records, of which those at `places` were sent. `known` gives the id that a record had before.
pub(super) fn outcomes(
    count: usize,
    places: &[usize],
    response: &Response,
    asked: impl Fn(usize) -> Asked,
    known: impl Fn(usize) -> Option<String>,
) -> Result<Answer, Verdict> {
    let waits =
        || Outcome { verdict: verdict::again(0, "Not in this request; it goes with the next"), id: None };
    let mut outcomes: Vec<Outcome> = (0..count).map(|_| waits()).collect();
    let Some(first) = places.first() else { return Ok(Answer::Outcomes(outcomes)) };
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let elements = body.as_ref().and_then(|body| body.get("data")).and_then(Value::as_array);
    let Some(elements) = elements else {
        let verdict = whole(response, body.as_ref(), &asked(*first));
        if places.len() == count {
            return Err(verdict);
        }
        for place in places {
            outcomes[*place].verdict = verdict.clone();
        }
        return Ok(Answer::Outcomes(outcomes));
    };
    for (index, place) in places.iter().enumerate() {
        let asked = asked(*place);
        let untold = || verdict::unsure(&asked, "Zoho's answer holds no result for this record");
        outcomes[*place] = elements.get(index).map_or_else(
            || Outcome { verdict: untold(), id: None },
            |element| outcome(element, &asked, known(*place)),
        );
    }
    Ok(Answer::Outcomes(outcomes))
}

/// One verdict for all that was sent.
fn whole(response: &Response, body: Option<&Value>, asked: &Asked) -> Verdict {
    if (200..300).contains(&response.status) && body.is_none_or(|body| wire::error_code(body).is_none()) {
        return verdict::unsure(asked, "Zoho's answer to a write could not be read");
    }
    verdict::of_answer(response, body, asked)
}

fn outcome(element: &Value, asked: &Asked, known: Option<String>) -> Outcome {
    let id = element.get("details").and_then(wire::id).or(known);
    let is_success =
        wire::text(element, "status") == Some("success") || wire::text(element, "code") == Some("SUCCESS");
    let verdict = match (is_success, &id) {
        (true, Some(_)) => Verdict::Done,
        (true, None) => verdict::unsure(asked, "Zoho did not name the record that it wrote"),
        (false, _) => verdict::of_record(element, asked),
    };
    let id = id.filter(|_| verdict == Verdict::Done);
    Outcome { verdict, id }
}
