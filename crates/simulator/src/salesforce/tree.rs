//! `POST /composite/tree/X`: records with their children, all or nothing.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::records::{self, Saving};
use super::schema::ObjectSchema;
use super::state::{Caller, State};
use crate::call::Call;

const MOST_RECORDS: usize = 200;
const MOST_LEVELS: usize = 5;

struct Planting<'a> {
    caller: &'a Caller,
    saving: Saving,
    done: Vec<Value>,
    failed: Vec<Value>,
    count: usize,
}

/// Creates the trees.
pub fn create(state: &mut State, caller: &Caller, call: &Call, object: &str) -> Outcome<Answer> {
    let object = records::object(state, caller, object)?;
    let body = super::call::json(call)?;
    let Some(trees) = body.get("records").and_then(Value::as_array) else {
        return Err(Problem::bad("MISSING_ARGUMENT", "The records member is required").into());
    };
    let start = state.store.mark();
    let mut planting =
        Planting { caller, saving: Saving::of(call), done: Vec::new(), failed: Vec::new(), count: 0 };
    for tree in trees {
        plant(state, &mut planting, &object, tree, None, 1);
    }
    if planting.count > MOST_RECORDS {
        state.store.roll_back(start);
        return Err(Problem::bad("INVALID_INPUT", "A tree request holds up to 200 records").into());
    }
    if planting.failed.is_empty() {
        return Ok(Answer::json(201, json!({"hasErrors": false, "results": planting.done})));
    }
    state.store.roll_back(start);
    Ok(Answer::json(400, json!({"hasErrors": true, "results": planting.failed})))
}

fn plant(
    state: &mut State,
    planting: &mut Planting<'_>,
    object: &ObjectSchema,
    tree: &Value,
    parent: Option<(&str, &str)>,
    level: usize,
) {
    planting.count += 1;
    let reference = tree
        .get("attributes")
        .and_then(|attributes| attributes.get("referenceId")?.as_str())
        .unwrap_or_default()
        .to_owned();
    let mut fields = Map::new();
    let mut children = Vec::new();
    for (name, value) in tree.as_object().into_iter().flatten() {
        match (object.child(name), value.get("records").and_then(Value::as_array)) {
            (Some(child), Some(records)) => children.push((child.clone(), records.clone())),
            _ => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    if let Some((field, id)) = parent {
        fields.insert(field.to_owned(), json!(id));
    }
    let result = if reference.is_empty() {
        Err(Refusal::from(Problem::bad("INVALID_INPUT", "Include a referenceId for each record")))
    } else if level > MOST_LEVELS {
        Err(Refusal::from(Problem::bad("INVALID_INPUT", "A tree holds up to 5 levels")))
    } else {
        records::create(state, planting.caller, object, &fields, planting.saving)
    };
    match result {
        Err(refusal) => {
            planting.failed.push(json!({"referenceId": reference, "errors": refusal.as_results()}));
        }
        Ok(id) => {
            planting.done.push(json!({"referenceId": reference, "id": id}));
            for (child, records) in children {
                let Ok(object) = records::object(state, planting.caller, &child.child) else { continue };
                for record in &records {
                    plant(state, planting, &object, record, Some((&child.field, &id)), level + 1);
                }
            }
        }
    }
}
