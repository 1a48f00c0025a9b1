//! One record: create, read, change, delete, with everything that follows from it.

use serde_json::{Map, Value, json};

use super::answer::{Outcome, Problem};
use super::schema::{ObjectSchema, Row};
use super::state::{Caller, State, is_set, text};
use super::store::is_deleted;
use super::{derive, duplicates, ids, validate};
use crate::call::Call;

/// How the caller wants records saved.
#[derive(Clone, Copy, Debug)]
pub struct Saving {
    /// Whether assignment rules may choose the owner.
    pub auto_assign: bool,
    /// Whether an alerting duplicate rule is overridden.
    pub allow_duplicates: bool,
}

impl Saving {
    /// What the headers of a request say.
    pub fn of(call: &Call) -> Self {
        let auto_assign = !call.header("sforce-auto-assign").is_some_and(|v| v.eq_ignore_ascii_case("false"));
        let allow_duplicates = call.header("sforce-duplicate-rule-header").is_some_and(|value| {
            value.split([',', ';']).any(|part| {
                let part: String = part.chars().filter(|c| !c.is_whitespace()).collect();
                part.eq_ignore_ascii_case("allowsave=true")
            })
        });
        Self { auto_assign, allow_duplicates }
    }
}

/// The object of that name as this user sees it, or the vendor's 404.
pub fn object(state: &State, caller: &Caller, name: &str) -> Outcome<ObjectSchema> {
    state.schema(caller, name).map(std::borrow::Cow::into_owned).ok_or_else(not_found)
}

/// The answer for a resource that does not exist.
pub fn not_found() -> super::answer::Refusal {
    Problem::new(404, "NOT_FOUND", "The requested resource does not exist").into()
}

/// Creates a record and says its id.
pub fn create(
    state: &mut State,
    caller: &Caller,
    object: &ObjectSchema,
    body: &Map<String, Value>,
    saving: Saving,
) -> Outcome<String> {
    if !object.createable {
        return Err(no_right(state, object, "create"));
    }
    if let Some(problem) = state.next_row_trouble(None) {
        return Err(problem.into());
    }
    let mut row = validate::check(state, caller, object, None, body)?;
    let chose_owner = row.contains_key("OwnerId");
    for name in ["CreatedById", "LastModifiedById"] {
        row.insert(name.to_owned(), json!(caller.user));
    }
    if object.field("OwnerId").is_some() && !chose_owner {
        row.insert("OwnerId".to_owned(), json!(caller.user));
    }
    if object.name == "Lead"
        && saving.auto_assign
        && let Some(owner) = rule_owner(state)
    {
        row.insert("OwnerId".to_owned(), json!(owner));
    }
    duplicates::check(state, caller, &object.name, &row, saving.allow_duplicates)?;
    let id = state.store.new_id(&object.name);
    row.insert("Id".to_owned(), json!(id));
    derive::complete(state, &object.name, &mut row);
    state.store.put(&object.name, row);
    note_activity(state, &object.name, &id);
    Ok(id)
}

/// Changes a record.
pub fn update(
    state: &mut State,
    caller: &Caller,
    object: &ObjectSchema,
    id: &str,
    body: &Map<String, Value>,
    saving: Saving,
) -> Outcome<()> {
    let row = existing(state, object, id)?;
    if !object.updateable {
        return Err(no_right(state, object, "edit"));
    }
    let id = text(&row, "Id").to_owned();
    if let Some(problem) = state.next_row_trouble(Some(&id)) {
        return Err(problem.into());
    }
    let mut changed = validate::check(state, caller, object, Some(&row), body)?;
    duplicates::check(state, caller, &object.name, &changed, saving.allow_duplicates)?;
    let now = json!(state.clock.stamp());
    changed.insert("LastModifiedDate".to_owned(), now.clone());
    changed.insert("SystemModstamp".to_owned(), now);
    changed.insert("LastModifiedById".to_owned(), json!(caller.user));
    for field in object.fields.iter().filter(|field| field.kind == super::schema::FieldKind::Boolean) {
        changed.entry(field.name.clone()).or_insert(json!(false));
    }
    derive::refresh(state, &object.name, &mut changed);
    state.store.put(&object.name, changed);
    note_activity(state, &object.name, &id);
    Ok(())
}

/// Moves a record, and what belongs to it, to the recycle bin.
pub fn delete(state: &mut State, caller: &Caller, object: &ObjectSchema, id: &str) -> Outcome<()> {
    let row = existing(state, object, id)?;
    if !object.deletable {
        return Err(no_right(state, object, "delete"));
    }
    let id = text(&row, "Id").to_owned();
    if let Some(problem) = state.next_row_trouble(Some(&id)) {
        return Err(problem.into());
    }
    if object.name == "Contact" {
        let cases: Vec<&str> = state
            .store
            .find("Case", "ContactId", &id)
            .into_iter()
            .filter(|case| !is_deleted(case))
            .map(|case| text(case, "CaseNumber"))
            .collect();
        if !cases.is_empty() {
            return Err(Problem::bad(
                "DELETE_FAILED",
                format!(
                    "Your attempt to delete {} could not be completed because it is associated with the \
                     following cases.: {}",
                    text(&row, "Name"),
                    cases.join(", ")
                ),
            )
            .into());
        }
    }
    bin(state, caller, &object.name, &id);
    Ok(())
}

/// The live record with that id in either form.
pub fn existing(state: &State, object: &ObjectSchema, id: &str) -> Outcome<Row> {
    let Some(full) = ids::canonical(id) else {
        return Err(no_such_record(id));
    };
    match state.store.get(&object.name, &full) {
        None => Err(no_such_record(id)),
        Some(row) if is_deleted(row) => {
            Err(Problem::new(404, "ENTITY_IS_DELETED", "entity is deleted").on(&[]).into())
        }
        Some(row) => Ok(row.clone()),
    }
}

/// A record as the API shows it: `attributes`, then every visible field or the chosen ones.
pub fn show(caller: &Caller, object: &ObjectSchema, row: &Row, chosen: Option<&[String]>) -> Outcome<Value> {
    let id = text(row, "Id");
    let mut shown = Map::new();
    shown.insert(
        "attributes".to_owned(),
        json!({"type": object.name, "url": caller.record_url(&object.name, id)}),
    );
    let mut show_field = |name: &str| {
        shown.insert(name.to_owned(), row.get(name).cloned().unwrap_or_default());
    };
    match chosen {
        None => object.fields.iter().for_each(|field| show_field(&field.name)),
        Some(names) => {
            for name in names {
                let field = object.field(name).ok_or_else(|| {
                    Problem::bad(
                        "INVALID_FIELD",
                        format!("No such column '{name}' on sobject of type {}", object.name),
                    )
                })?;
                show_field(&field.name);
            }
            show_field("Id");
        }
    }
    Ok(Value::Object(shown))
}

fn no_such_record(id: &str) -> super::answer::Refusal {
    Problem::new(
        404,
        "NOT_FOUND",
        format!("Provided external ID field does not exist or is not accessible: {id}"),
    )
    .into()
}

/// What a user without the right hears; an object that nobody may change says so itself.
fn no_right(state: &State, object: &ObjectSchema, verb: &str) -> super::answer::Refusal {
    let for_all = state.store.schema(&object.name).is_some_and(|schema| match verb {
        "create" => !schema.createable,
        "edit" => !schema.updateable,
        _ => !schema.deletable,
    });
    if for_all {
        return Problem::bad(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            format!("entity type {} does not support {verb}", object.name),
        )
        .into();
    }
    if verb == "create" {
        return Problem::new(403, "INSUFFICIENT_ACCESS", "insufficient access rights on object").into();
    }
    Problem::new(403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id").into()
}

/// The user that the active rule gives new leads to: the second active one.
fn rule_owner(state: &State) -> Option<String> {
    if !state.switches.assignment_rules {
        return None;
    }
    state
        .store
        .rows("User")
        .filter(|user| is_set(user, "IsActive"))
        .nth(1)
        .map(|user| text(user, "Id").to_owned())
}

/// Deletes a record and what hangs on it.
pub fn bin(state: &mut State, caller: &Caller, object: &str, id: &str) {
    let Some(row) = state.store.get(object, id) else { return };
    if is_deleted(row) {
        return;
    }
    let mut row = row.clone();
    let now = json!(state.clock.stamp());
    row.insert("IsDeleted".to_owned(), json!(true));
    row.insert("SystemModstamp".to_owned(), now.clone());
    row.insert("LastModifiedDate".to_owned(), now);
    row.insert("LastModifiedById".to_owned(), json!(caller.user));
    state.store.put(object, row);
    let owned: &[(&str, &str)] = match object {
        "Account" => {
            &[("Contact", "AccountId"), ("Opportunity", "AccountId"), ("Task", "WhatId"), ("Event", "WhatId")]
        }
        "Contact" | "Lead" => &[("Task", "WhoId"), ("Event", "WhoId")],
        "Case" | "Opportunity" => &[("Task", "WhatId"), ("Event", "WhatId")],
        _ => &[],
    };
    for (child, field) in owned {
        let children: Vec<String> =
            state.store.find(child, field, id).into_iter().map(|row| text(row, "Id").to_owned()).collect();
        for child_id in children {
            bin(state, caller, child, &child_id);
        }
    }
}

/// A closed activity moves `LastActivityDate` of its person and its account, and nothing else of theirs.
fn note_activity(state: &mut State, object: &str, id: &str) {
    if !matches!(object, "Task" | "Event") {
        return;
    }
    let Some(row) = state.store.get(object, id) else { return };
    if object == "Task" && !is_set(row, "IsClosed") {
        return;
    }
    let day = match text(row, "ActivityDate") {
        "" => return,
        day => day.to_owned(),
    };
    let parents: Vec<String> =
        ["WhoId", "WhatId", "AccountId"].iter().map(|field| text(row, field).to_owned()).collect();
    for parent in parents {
        let Some(object) =
            state.store.object_of_id(&parent).filter(|o| o.field("LastActivityDate").is_some())
        else {
            continue;
        };
        let object = object.name.clone();
        let Some(row) = state.store.get(&object, &parent) else { continue };
        if text(row, "LastActivityDate") < day.as_str() {
            let mut row = row.clone();
            row.insert("LastActivityDate".to_owned(), json!(day));
            state.store.put(&object, row);
        }
    }
}
