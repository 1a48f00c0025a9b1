//! `/updated` and `/deleted`: what changed in a span of time.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem};
use super::schema::ObjectSchema;
use super::state::{State, text};
use super::store::is_deleted;
use crate::call::Call;
use crate::org_clock::{parse_datetime, stamp};

const DAY: i64 = 86_400;

/// `GET /sobjects/X/updated?start=&end=`.
pub fn updated(state: &State, object: &ObjectSchema, call: &Call) -> Outcome<Answer> {
    let (start, end) = span(state, object, call, 30)?;
    let ids: Vec<&str> = state
        .store
        .rows(&object.name)
        .filter(|row| !is_deleted(row))
        .filter(|row| parse_datetime(text(row, "SystemModstamp")).is_some_and(|at| at >= start && at < end))
        .map(|row| text(row, "Id"))
        .collect();
    Ok(Answer::ok(json!({"ids": ids, "latestDateCovered": covered(state, end)})))
}

/// `GET /sobjects/X/deleted?start=&end=`.
pub fn deleted(state: &State, object: &ObjectSchema, call: &Call) -> Outcome<Answer> {
    let (start, end) = span(state, object, call, 15)?;
    let records: Vec<Value> = state
        .store
        .rows(&object.name)
        .filter(|row| is_deleted(row))
        .filter_map(|row| Some((row, parse_datetime(text(row, "SystemModstamp"))?)))
        .filter(|(_, at)| *at >= start && *at < end)
        .map(|(row, at)| json!({"deletedDate": stamp(at), "id": text(row, "Id")}))
        .collect();
    Ok(Answer::ok(json!({
        "deletedRecords": records,
        "earliestDateAvailable": stamp(state.clock.seconds() - 15 * DAY),
        "latestDateCovered": covered(state, end),
    })))
}

/// The asked span, to the minute.
fn span(state: &State, object: &ObjectSchema, call: &Call, days: i64) -> Outcome<(i64, i64)> {
    let invalid = |message: &str| Problem::bad("INVALID_REPLICATION_DATE", message);
    if !object.replicateable {
        return Err(Problem::bad("INVALID_TYPE", format!("{} is not replicateable", object.name)).into());
    }
    // An unencoded + of an offset arrives as a blank.
    let read = |name: &str| {
        let text = call.parameter(name).map(|text| text.replace(' ', "+"));
        text.as_deref().and_then(parse_datetime).ok_or_else(|| invalid(&format!("{name} is not a datetime")))
    };
    let (start, end) = (read("start")?, read("end")?);
    let (start, end) = (start - start.rem_euclid(60), end - end.rem_euclid(60));
    if start >= end {
        return Err(invalid("startDate must be before endDate").into());
    }
    if start < state.clock.seconds() - days * DAY {
        return Err(invalid(&format!("startDate before org's replication enabled date ({days} days)")).into());
    }
    Ok((start, end))
}

fn covered(state: &State, end: i64) -> String {
    let now = state.clock.seconds();
    stamp(end.min(now - now.rem_euclid(60)))
}
