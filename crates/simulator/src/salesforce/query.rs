//! `/query`, `/queryAll` and their further pages.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem};
use super::ids;
use super::soql::{self, SoqlError};
use super::state::{Caller, State};
use super::view::View;
use crate::call::Call;

const PAGE: usize = 2_000;
const SMALLEST_PAGE: usize = 200;
const MOST_CURSORS: usize = 10;

/// Results that have further pages.
#[derive(Clone, Default)]
pub struct Cursors {
    open: VecDeque<Cursor>,
    count: u64,
}

#[derive(Clone)]
struct Cursor {
    id: String,
    user: String,
    page: usize,
    records: Vec<Value>,
}

/// `GET /query?q=` and `GET /queryAll?q=`.
pub fn select(state: &mut State, caller: &Caller, call: &Call, include_deleted: bool) -> Outcome<Answer> {
    if let Some(statement) = call.parameter("explain") {
        return explain(state, caller, statement);
    }
    let Some(statement) = call.parameter("q") else {
        return Err(Problem::bad("MALFORMED_QUERY", "A query string has to be specified").into());
    };
    let selected =
        soql::run(&View::new(state, caller), statement, include_deleted, &caller.version).map_err(refused)?;
    if call.parameter("columns").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(Answer::ok(selected.columns));
    }
    let page = page_size(call);
    if selected.records.len() <= page || selected.is_aggregate() {
        return Ok(Answer::ok(json!({
            "totalSize": selected.total, "done": true, "records": selected.records,
        })));
    }
    let number = state.cursors.count + 1;
    let id = ids::build("01g", "5g", number * 7_919);
    state.cursors.count = number;
    state.cursors.keep(Cursor { id: id.clone(), user: caller.user.clone(), page, records: selected.records });
    page_at(state, caller, &format!("{id}-0"))
}

/// `GET /query/<locator>`, also for queryAll.
pub fn page_at(state: &mut State, caller: &Caller, locator: &str) -> Outcome<Answer> {
    let unknown = || Problem::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, offset) = locator.rsplit_once('-').ok_or_else(unknown)?;
    let offset: usize = offset.parse().map_err(|_| unknown())?;
    let cursor = state
        .cursors
        .open
        .iter()
        .find(|cursor| ids::same(&cursor.id, id) && cursor.user == caller.user)
        .filter(|cursor| offset < cursor.records.len())
        .ok_or_else(unknown)?;
    let end = (offset + cursor.page).min(cursor.records.len());
    let done = end == cursor.records.len();
    let mut body = json!({
        "totalSize": cursor.records.len(),
        "done": done,
        "records": cursor.records[offset..end],
    });
    if !done {
        body["nextRecordsUrl"] = json!(format!("{}/query/{}-{end}", caller.data_path(), cursor.id));
    }
    Ok(Answer::ok(body))
}

/// The vendor's error for a statement that cannot be run.
pub fn refused(error: SoqlError) -> Problem {
    Problem::bad(error.code, error.message)
}

fn explain(state: &State, caller: &Caller, statement: &str) -> Outcome<Answer> {
    let selected =
        soql::run(&View::new(state, caller), statement, false, &caller.version).map_err(refused)?;
    let rows = state.store.count(&selected.object);
    Ok(Answer::ok(json!({
        "plans": [{
            "cardinality": selected.total,
            "fields": [],
            "leadingOperationType": "TableScan",
            "notes": [],
            "relativeCost": 1.0,
            "sobjectCardinality": rows,
            "sobjectType": selected.object,
        }],
        "sourceQuery": statement,
    })))
}

fn page_size(call: &Call) -> usize {
    call.header("sforce-query-options")
        .and_then(|options| {
            let (_, size) = options.split(',').find_map(|option| {
                option.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("batchSize"))
            })?;
            size.trim().parse::<usize>().ok()
        })
        .map_or(PAGE, |size| size.clamp(SMALLEST_PAGE, PAGE))
}

impl Cursors {
    fn keep(&mut self, cursor: Cursor) {
        let mine = self.open.iter().filter(|open| open.user == cursor.user).count();
        if mine >= MOST_CURSORS
            && let Some(place) = self.open.iter().position(|open| open.user == cursor.user)
        {
            self.open.remove(place);
        }
        self.open.push_back(cursor);
    }
}

impl soql::Selected {
    /// Whether the records are groups, which have no further pages.
    fn is_aggregate(&self) -> bool {
        self.records.first().is_some_and(|record| record["attributes"]["type"] == "AggregateResult")
    }
}
