//! What a caller wants to write, checked field by field and brought into the form in which rows keep it.

use serde_json::{Map, Value, json};

use super::ids;
use super::modules::ANY_MODULE;
use super::patterns::{is_email, is_phone, is_website};
use super::problem::{Outcome, Problem};
use super::schema::{Field, Kind, Module, Row};
use super::state::{Caller, State, text};
use super::{tags, times};

/// Where in a request an element stands: what complaints point at.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its number in the list.
    pub number: usize,
    /// Whether complaints say the whole path (v6 and later).
    pub with_path: bool,
}

impl Place {
    /// The element of that number, for that caller.
    pub fn of(caller: &Caller, number: usize) -> Self {
        Self { number, with_path: caller.version >= 60 }
    }

    /// What a complaint about a field says of where it is.
    pub fn about(self, field: &str) -> Value {
        let mut about = json!({"api_name": field});
        if self.with_path {
            about["json_path"] = json!(format!("$.data[{}].{field}", self.number));
        }
        about
    }
}

/// The wanted changes; null clears a field. `before` is the record as it is, none for a new one.
pub fn check(
    state: &mut State,
    module: &Module,
    before: Option<&Row>,
    element: &Map<String, Value>,
    place: Place,
) -> Outcome<Row> {
    let layout = element.get("Layout").and_then(ids::inside);
    if layout.as_ref().is_some_and(|layout| *layout != module.layout_id) {
        return Err(Problem::bad("INVALID_DATA", "invalid data", place.about("Layout")));
    }
    if state.switches.refuse_unknown_fields {
        refuse_unknown(module, element, place)?;
    }
    let mut changes = Row::new();
    for field in &module.fields {
        let Some(given) = element.get(&field.api_name) else { continue };
        let may_set = if before.is_some() { field.update } else { field.create };
        if !may_set || (layout.is_some() && !field.on_layout) {
            continue;
        }
        let stored = stored(state, module, field, given, element, before, place)?;
        if field.lookup.as_deref() == Some(ANY_MODULE) {
            let target = target_name(element, before);
            changes.insert("$se_module".to_owned(), json!(target));
        }
        changes.insert(field.api_name.clone(), stored);
    }
    for field in &module.fields {
        let needed = field.mandatory || (layout.is_some() && field.layout_mandatory && field.on_layout);
        let is_missing = match changes.get(&field.api_name) {
            Some(value) => value.is_null() || value == "",
            None => before.is_none(),
        };
        if needed && is_missing {
            let message = "required field not found";
            return Err(Problem::bad("MANDATORY_NOT_FOUND", message, place.about(&field.api_name)));
        }
    }
    Ok(changes)
}

fn refuse_unknown(module: &Module, element: &Map<String, Value>, place: Place) -> Outcome<()> {
    let is_known = |name: &str| {
        name == "id"
            || name == "Layout"
            || name.starts_with('$')
            || module.field(name).is_some()
            || name == "se_module"
    };
    match element.keys().find(|name| !is_known(name)) {
        Some(name) => {
            let message = "the field api name given seems to be invalid";
            Err(Problem::bad("INVALID_DATA", message, place.about(name)))
        }
        None => Ok(()),
    }
}

fn stored(
    state: &mut State,
    module: &Module,
    field: &Field,
    given: &Value,
    element: &Map<String, Value>,
    before: Option<&Row>,
    place: Place,
) -> Outcome<Value> {
    if field.api_name == "Tag" {
        return tags::stored(state, &module.api_name, given, place);
    }
    if given.is_null() {
        return Ok(Value::Null);
    }
    let mistyped = || {
        let mut about = place.about(&field.api_name);
        about["expected_data_type"] = json!(field.kind.json_type());
        Problem::bad("INVALID_DATA", "invalid data", about)
    };
    let malformed = || Problem::bad("INVALID_DATA", "invalid data", place.about(&field.api_name));
    match field.kind {
        Kind::Boolean => given.as_bool().map(Value::Bool).ok_or_else(mistyped),
        Kind::Multiselectpicklist => {
            given.as_array().map(|values| Value::Array(values.clone())).ok_or_else(mistyped)
        }
        Kind::Integer | Kind::Bigint => given.as_i64().map(|number| json!(number)).ok_or_else(mistyped),
        kind if kind.is_number() => given.as_f64().map(|_| given.clone()).ok_or_else(mistyped),
        Kind::Date => {
            let day = given.as_str().ok_or_else(mistyped)?;
            if times::is_date(day) { Ok(given.clone()) } else { Err(mistyped()) }
        }
        Kind::Datetime => {
            let at = given.as_str().ok_or_else(mistyped)?;
            times::parse_datetime(at).map(|seconds| json!(seconds)).ok_or_else(mistyped)
        }
        Kind::Ownerlookup => owner(state, given).map(Value::String).ok_or_else(malformed),
        Kind::Lookup => {
            let id = ids::inside(given).ok_or_else(mistyped)?;
            let target = match field.lookup.as_deref() {
                Some(ANY_MODULE) => target_name(element, before),
                Some(name) => name.to_owned(),
                None => String::new(),
            };
            if state.store.live(&target, &id).is_none() {
                let message = "the related id given seems to be invalid";
                return Err(Problem::bad("INVALID_DATA", message, place.about(&field.api_name)));
            }
            Ok(json!(id))
        }
        kind => {
            let words = given.as_str().ok_or_else(mistyped)?;
            if words.is_empty() {
                return Ok(Value::Null);
            }
            if words.chars().count() > field.length as usize {
                let mut about = place.about(&field.api_name);
                about["maximum_length"] = json!(field.length);
                return Err(Problem::bad("INVALID_DATA", "invalid data", about));
            }
            let is_well_formed = match kind {
                Kind::Phone => !state.switches.phone_pattern || is_phone(words),
                Kind::Website => !state.switches.website_pattern || is_website(words),
                Kind::Email => is_email(words),
                _ => true,
            };
            if is_well_formed { Ok(given.clone()) } else { Err(mistyped()) }
        }
    }
}

/// The module that an element says its parent is of: `$se_module`, or what it was before.
fn target_name(element: &Map<String, Value>, before: Option<&Row>) -> String {
    let said = element.get("$se_module").or_else(|| element.get("se_module")).and_then(Value::as_str);
    said.or_else(|| before.map(|row| text(row, "$se_module"))).unwrap_or_default().to_owned()
}

/// The user that an owner names, by id or by e-mail address, if they may own records.
pub fn owner(state: &State, given: &Value) -> Option<String> {
    let by_id = ids::inside(given);
    let by_email = || {
        let email = given.get("email")?.as_str()?.trim();
        Some(text(state.store.find("Users", "email", email).first()?, "id").to_owned())
    };
    by_id.or_else(by_email).filter(|id| {
        let user = state.store.get("Users", id);
        user.is_some_and(|user| text(user, "status") == "active" && user.get("confirm") == Some(&json!(true)))
    })
}

/// The unique fields of a record whose value another live record has already.
pub fn collisions(state: &State, module: &Module, row: &Row) -> Vec<(String, Row)> {
    let own = text(row, "id");
    let unique = module.fields.iter().filter(|field| field.unique);
    unique
        .filter_map(|field| {
            let value = row.get(&field.api_name)?.as_str().filter(|value| !value.is_empty())?;
            let others = state.store.find(&module.api_name, &field.api_name, value);
            let other = others.into_iter().find(|other| text(other, "id") != own)?;
            Some((field.api_name.clone(), other.clone()))
        })
        .collect()
}

/// The vendor's complaint about such a collision.
pub fn duplicate(state: &State, module: &Module, field: &str, other: &Row, place: Place) -> Problem {
    let mut about = place.about(field);
    let id = text(other, "id");
    about["id"] = json!(id);
    if place.with_path {
        let owner = text(other, "Owner");
        let user = state.store.get("Users", owner);
        about["duplicate_record"] = json!({"id": id,
            "module": {"api_name": module.api_name, "id": module.id},
            "Owner": {"name": user.map(|user| text(user, "full_name")), "id": owner,
                "zuid": user.and_then(|user| user.get("zuid"))}});
        about["more_records"] = json!(false);
    }
    Problem::bad("DUPLICATE_DATA", "duplicate data", about)
}

/// Nothing, or what is wrong: one collision says so itself, several are listed.
pub fn no_collisions(state: &State, module: &Module, row: &Row, place: Place) -> Outcome<()> {
    let mut found: Vec<Problem> = collisions(state, module, row)
        .iter()
        .map(|(field, other)| duplicate(state, module, field, other, place))
        .collect();
    match found.len() {
        0 => Ok(()),
        1 => Err(found.remove(0)),
        _ => {
            let errors: Vec<Value> = found.iter().map(Problem::as_json).collect();
            let message = "the request contains multiple errors";
            Err(Problem::bad("MULTIPLE_OR_MULTI_ERRORS", message, json!({"errors": errors})))
        }
    }
}
