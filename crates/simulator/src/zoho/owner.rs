//! `change_owner`: many records to one new owner, or one record.

use serde_json::json;

use super::problem::{Outcome, Problem};
use super::rest::{body, elements};
use super::rights::{self, Right};
use super::schema::Module;
use super::state::{Caller, State};
use super::{batch, ids, validate, write};
use crate::answer::Answer;
use crate::call::Call;

const MOST: usize = 500;

/// `POST /{module}[/{id}]/actions/change_owner`.
pub fn change(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    module: &Module,
    id: Option<&str>,
) -> Outcome<Answer> {
    rights::check(module, Right::Edit)?;
    let body = body(call)?;
    let wanted = match id {
        Some(id) => vec![json!(id)],
        None => elements(&body, "ids", MOST)?,
    };
    let owner = body.get("owner").and_then(|owner| validate::owner(state, owner));
    let owner = owner.ok_or_else(|| {
        let details = json!({"api_name": "id", "json_path": "$.owner.id"});
        Problem::bad("INVALID_DATA", "the id given seems to be invalid", details)
    })?;
    let mut results = Vec::new();
    for (number, id) in wanted.iter().enumerate() {
        let id = ids::read(id).unwrap_or_default();
        let Some(before) = state.store.live(&module.api_name, &id).cloned() else {
            let details = json!({"id": id, "json_path": format!("$.ids[{number}]")});
            results.push(Err(Problem::bad("INVALID_DATA", "the id given seems to be invalid", details)));
            continue;
        };
        let mut row = before.clone();
        row.insert("Owner".to_owned(), json!(owner));
        write::keep_changed(state, caller, module, row, &before);
        results.push(Ok(json!({"code": "SUCCESS", "details": {"id": id},
            "message": "owner is successfully updated", "status": "success"})));
    }
    Ok(batch::answer(state, "data", 200, results))
}
