//! COQL: `select … from … where … order by … limit …`, read, checked and answered without any delay of an index.

mod error;
mod evaluate;
mod lexer;
mod parser;

use serde_json::{Map, Value, json};

use self::error::{column, limit};
pub use self::evaluate::compare;
pub use self::parser::{Condition, Filter};
use super::problem::{Outcome, Problem, missing_parameter};
use super::rest::body;
use super::state::{Caller, State};
use crate::answer::Answer;
use crate::call::Call;

const USUAL_ROWS: usize = 200;

/// `POST /coql`.
pub fn answer(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let body = body(call)?;
    let query = body.get("select_query").and_then(Value::as_str);
    let query = query.ok_or_else(|| missing_parameter("select_query"))?;
    let query = parser::parse(&lexer::tokens(query)?, state.switches.coql_pairs)?;
    let unknown = || column(&query.module, "the module given seems to be invalid or not supported");
    let module = state.usable(caller, &query.module);
    let module = module.map_err(|problem| if problem.status == 403 { problem } else { unknown() })?;
    if !module.searchable {
        return Err(unknown());
    }
    may_read(caller, &module.api_name)?;
    let (offset, count) = query.window;
    let (most_rows, most_offset) = limits(caller.version);
    let count = count.unwrap_or(USUAL_ROWS);
    if count > most_rows {
        return Err(limit("rows", most_rows));
    }
    if offset >= most_offset {
        return Err(limit("offset", most_offset));
    }
    let columns = columns(state, caller, &module, &query.columns)?;
    let rows = evaluate::rows(state, caller, &module, &query.filter, &query.order)?;
    let has_more = rows.len() > offset + count;
    let shown: Vec<Value> = rows
        .iter()
        .skip(offset)
        .take(count)
        .map(|row| {
            let mut shown = Map::new();
            for (name, path) in &columns {
                shown.insert(name.clone(), path.shown(state, caller, &module, row));
            }
            Value::Object(shown)
        })
        .collect();
    // Up to 200 rows cost what every call costs; up to 1,000 one more, beyond that two.
    let now = state.clock.seconds();
    let further = u64::from(shown.len() > 200) + u64::from(shown.len() > 1_000);
    if further > 0 {
        state.usage.count(now, further);
    }
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"count": shown.len(), "more_records": has_more});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

/// The records of a module that a filter lets through, by id.
pub fn matching<'a>(
    state: &'a State,
    caller: &Caller,
    module: &super::schema::Module,
    filter: &Filter,
) -> Outcome<Vec<&'a super::schema::Row>> {
    evaluate::rows(state, caller, module, filter, &[])
}

/// Beside the scope for queries, the module's own is needed.
fn may_read(caller: &Caller, module: &str) -> Outcome<()> {
    let need = super::scopes::read_of(module);
    if need.is_granted(&caller.scope) {
        return Ok(());
    }
    Err(Problem::new(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"))
}

/// Rows of one call, and how far an offset reaches.
fn limits(version: u32) -> (usize, usize) {
    match version {
        0..=39 => (200, 10_000),
        40..=69 => (2_000, 10_000),
        _ => (2_000, 100_000),
    }
}

/// What is shown under which name; the id always is.
fn columns(
    state: &State,
    caller: &Caller,
    module: &super::schema::Module,
    names: &[String],
) -> Outcome<Vec<(String, evaluate::Path)>> {
    let mut columns = Vec::new();
    for name in names {
        if columns.iter().any(|(known, _)| known == name) {
            return Err(Problem::bad("DUPLICATE_DATA", "duplicate column", json!({"column_name": name})));
        }
        columns.push((name.clone(), evaluate::path(state, caller, module, name)?));
    }
    if !columns.iter().any(|(name, _)| name == "id") {
        columns.push(("id".to_owned(), evaluate::path(state, caller, module, "id")?));
    }
    Ok(columns)
}
