//! Behind the curtain: what an administrator changes of modules and fields in the browser.

use serde_json::{Value, json};

use super::control::Told;
use super::modules;
use super::schema::{Choice, Field, Kind, Module};
use super::state::State;
use crate::call::Call;

/// Adds a custom module, or changes the one of that name (`{"api_name": "Deals", "status": "user_hidden"}`).
pub fn module(state: &mut State, body: &Value) -> Told {
    let name = said(body, "api_name").ok_or("api_name is missing")?.to_owned();
    let mut module = match state.any_module(&name) {
        Some(module) => module.clone(),
        None => fresh(state, &name),
    };
    for (key, place) in [
        ("singular", &mut module.singular),
        ("plural", &mut module.plural),
        ("status", &mut module.status),
        ("module_name", &mut module.inner_name),
    ] {
        if let Some(text) = said(body, key) {
            text.clone_into(place);
        }
    }
    for (key, place) in [
        ("creatable", &mut module.creatable),
        ("editable", &mut module.editable),
        ("viewable", &mut module.viewable),
        ("deletable", &mut module.deletable),
        ("api_supported", &mut module.api_supported),
    ] {
        *place = body.get(key).and_then(Value::as_bool).unwrap_or(*place);
    }
    let told = json!({"api_name": name, "id": module.id, "module_name": module.inner_name});
    state.modules.retain(|known| known.api_name != name);
    state.modules.push(module);
    state.keep_modules(&name);
    Ok(told)
}

/// Removes a module with all that is in it.
pub fn remove_module(state: &mut State, call: &Call) -> Told {
    let name = call.parameter("api_name").ok_or("api_name is missing")?;
    let place = state.modules.iter().position(|module| module.api_name == name);
    state.modules.remove(place.ok_or_else(|| format!("no such module: {name:?}"))?);
    let ids: Vec<String> =
        state.store.rows(name).filter_map(|row| row.get("id")?.as_str().map(str::to_owned)).collect();
    for id in ids {
        state.store.remove(name, &id);
    }
    state.keep_modules(name);
    Ok(json!({"removed": name}))
}

/// Adds a custom field, or changes the one of that name.
pub fn field(state: &mut State, body: &Value) -> Told {
    let name = said(body, "name").ok_or("name is missing")?.to_owned();
    let number = modules::fresh_number(&state.modules, state.ids);
    let ids = state.ids;
    let module_name = said(body, "module").or_else(|| said(body, "object")).unwrap_or_default().to_owned();
    let module = state.modules.iter_mut().find(|module| module.api_name == module_name);
    let module = module.ok_or_else(|| format!("no such module: {module_name:?}"))?;
    let kind = body.get("data_type").map(|kind| serde_json::from_value::<Kind>(kind.clone()));
    let kind = kind.transpose().map_err(|error| error.to_string())?;
    if module.field(&name).is_none() {
        let usual = if kind == Some(Kind::Phone) { 30 } else { 255 };
        let mut added = modules::field(&name, kind.unwrap_or(Kind::Text), usual);
        added.custom = true;
        modules::give_ids(&mut added, ids, number);
        module.fields.push(added);
    }
    let field = module.field_mut(&name).ok_or("the field is gone")?;
    change(field, kind, body);
    if let Some(number) = modules::number_of(field, ids) {
        modules::give_ids(field, ids, number);
    }
    let told = json!({"api_name": name, "id": field.id});
    state.keep_modules(&module_name);
    Ok(told)
}

/// Removes a field; what records say in it is forgotten.
pub fn remove_field(state: &mut State, call: &Call) -> Told {
    let name = call.parameter("name").ok_or("name is missing")?;
    let module_name = call.parameter("module").unwrap_or_default().to_owned();
    let module = state.modules.iter_mut().find(|module| module.api_name == module_name);
    let module = module.ok_or_else(|| format!("no such module: {module_name:?}"))?;
    let before = module.fields.len();
    module.fields.retain(|field| field.api_name != name);
    if module.fields.len() == before {
        return Err(format!("{module_name} has no field {name}"));
    }
    state.keep_modules(&module_name);
    Ok(json!({"removed": name}))
}

fn change(field: &mut Field, kind: Option<Kind>, body: &Value) {
    field.kind = kind.unwrap_or(field.kind);
    if let Some(label) = said(body, "label") {
        label.clone_into(&mut field.label);
    }
    if let Some(length) = body.get("length").and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()) {
        field.length = length;
    }
    if let Some(set) = said(body, "global_picklist") {
        field.global_picklist = Some(set.to_owned());
    }
    if let Some(target) = said(body, "lookup") {
        field.lookup = Some(target.to_owned());
    }
    let flag = |key: &str| body.get(key).and_then(Value::as_bool);
    for (key, place) in [
        ("unique", &mut field.unique),
        ("required", &mut field.mandatory),
        ("layout_mandatory", &mut field.layout_mandatory),
        ("on_layout", &mut field.on_layout),
        ("create", &mut field.create),
        ("update", &mut field.update),
    ] {
        *place = flag(key).unwrap_or(*place);
    }
    if let Some(choices) = body.get("choices").and_then(Value::as_array) {
        let choice =
            |text: &str| Choice { id: String::new(), display: text.to_owned(), actual: text.to_owned() };
        field.choices = choices.iter().filter_map(Value::as_str).map(choice).collect();
    }
}

/// A custom module whose records have a name and nothing else yet.
fn fresh(state: &State, api_name: &str) -> Module {
    let count = state.modules.len() as u64;
    let own = state.modules.iter().filter(|module| module.generated == "custom").count() + 1;
    let mut module = modules::custom(api_name, own);
    module.id = state.ids.metadata(2_001 + 2 * count);
    module.layout_id = state.ids.metadata(91_001 + 2 * count);
    let first = modules::fresh_number(&state.modules, state.ids);
    for (number, field) in (first..).zip(&mut module.fields) {
        modules::give_ids(field, state.ids, number);
    }
    module
}

fn said<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}
