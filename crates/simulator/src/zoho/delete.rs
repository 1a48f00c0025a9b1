//! Deleting: into the recycle bin, with the notes and files that hang on a record; and the list of what lies there.

use serde_json::{Value, json};

use super::people::named;
use super::problem::{Outcome, Problem, missing_parameter};
use super::rights::{self, Right};
use super::schema::{Module, Row};
use super::state::{Caller, State, text};
use super::store::DELETED;
use super::write::MOST;
use super::{batch, ids, lists, show, times, watch};
use crate::answer::Answer;
use crate::call::Call;

/// For how long the recycle bin keeps what was deleted, and the list tells of it after that.
const RECYCLE_SECONDS: i64 = 60 * 86_400;
const TOLD_SECONDS: i64 = 120 * 86_400;

/// `DELETE /{module}?ids=`.
pub fn several(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    rights::check(module, Right::Delete)?;
    let list =
        call.parameter("ids").filter(|list| !list.is_empty()).ok_or_else(|| missing_parameter("ids"))?;
    let wanted: Vec<&str> = list.split(',').map(str::trim).collect();
    if wanted.iter().any(|id| ids::parse(id).is_none()) {
        let details = json!({"param_name": "ids", "expected_data_type": "bigint"});
        return Err(Problem::bad("UNABLE_TO_PARSE_DATA_TYPE", "unable to parse data type", details));
    }
    if wanted.len() > MOST {
        let details = json!({"param_name": "ids", "limit": MOST});
        return Err(Problem::bad("LIMIT_EXCEEDED", "the limit of ids is exceeded", details));
    }
    let results = wanted.iter().map(|id| bin(state, caller, module, id)).collect();
    Ok(batch::answer(state, "data", 200, results))
}

/// `DELETE /{module}/{id}`.
pub fn one(state: &mut State, caller: &Caller, _call: &Call, module: &Module, id: &str) -> Outcome<Answer> {
    rights::check(module, Right::Delete)?;
    let result = bin(state, caller, module, id);
    Ok(batch::answer(state, "data", 200, vec![result]))
}

/// `GET /{module}/deleted`.
pub fn list(state: &State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    let kind = call.parameter("type").unwrap_or("all");
    if !matches!(kind, "all" | "recycle" | "permanent") {
        let details = json!({"param_name": "type", "supported_values": ["all", "recycle", "permanent"]});
        return Err(Problem::bad(
            "PATTERN_NOT_MATCHED",
            "Please check whether the input values are correct",
            details,
        ));
    }
    let (page, per_page) = lists::window(call)?;
    let now = state.clock.seconds();
    let since = call.header("if-modified-since").and_then(times::parse_datetime).unwrap_or(i64::MIN);
    let mut gone: Vec<(&Row, i64)> = state
        .store
        .rows(&module.api_name)
        .filter_map(|row| Some((row, row.get(DELETED)?.as_i64()?)))
        .filter(|(_, at)| *at > since && now - at <= TOLD_SECONDS)
        .filter(|(_, at)| kind == "all" || (kind == "recycle") == (now - at <= RECYCLE_SECONDS))
        .collect();
    gone.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    let shown: Vec<Value> = gone
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|(row, at)| {
            json!({"id": text(row, "id"), "display_name": show::title(module, row),
                "type": if now - at <= RECYCLE_SECONDS { "recycle" } else { "permanent" },
                "deleted_time": State::stamp(caller, *at),
                "deleted_by": named(state, text(row, "$deleted_by"), false),
                "created_by": named(state, text(row, "Created_By"), false)})
        })
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < gone.len()});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

/// Deletes one record, and says so; what was deleted before is an error.
pub fn bin(state: &mut State, caller: &Caller, module: &Module, id: &str) -> Outcome<Value> {
    if let Some(problem) = state.next_row_trouble() {
        return Err(problem);
    }
    let Some(row) = state.store.live(&module.api_name, id).cloned() else {
        return Err(Problem::bad("INVALID_DATA", "record not deleted", json!({"id": id})));
    };
    watch::notice(state, module, "delete", &row, None);
    mark(state, &caller.user, &module.api_name, row);
    take_along(state, &caller.user, id);
    Ok(json!({"code": "SUCCESS", "details": {"id": id}, "message": "record deleted", "status": "success"}))
}

/// Puts a record into the recycle bin, unasked.
pub fn mark(state: &mut State, user: &str, table: &str, mut row: Row) {
    row.insert(DELETED.to_owned(), json!(state.clock.seconds()));
    row.insert("$deleted_by".to_owned(), json!(user));
    state.store.put(table, row);
}

/// What hangs on a record that is deleted goes with it.
pub fn take_along(state: &mut State, user: &str, parent: &str) {
    for table in ["Notes", "Attachments"] {
        let children: Vec<Row> = state.store.find(table, "Parent_Id", parent).into_iter().cloned().collect();
        for child in children {
            mark(state, user, table, child);
        }
    }
}
