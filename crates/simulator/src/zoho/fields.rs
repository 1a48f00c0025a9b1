//! Metadata of fields and their options, and what an administrator may change of it over the API.

use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem, invalid_id, missing_parameter, no_permission};
use super::rest::{body, elements};
use super::schema::{Choice, Field, Kind, Module};
use super::settings::{self, asked_module};
use super::state::{Caller, State};
use super::{batch, modules};
use crate::answer::Answer;
use crate::call::Call;

const MOST_FIELDS: usize = 5;
const LONGEST_OPTION: usize = 120;

/// `GET /settings/fields`.
pub fn list(state: &State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let module = asked_module(state, caller, call)?;
    if settings::is_unchanged(state, call) {
        return Ok(Answer::empty(304));
    }
    let only_unused = call.parameter("type") == Some("unused");
    if module.fields.is_empty() || only_unused {
        return Ok(Answer::empty(204));
    }
    let shown: Vec<Value> = module.fields.iter().map(|field| seen(state, caller, &module, field)).collect();
    Ok(Answer::ok(json!({"fields": shown})))
}

/// `GET /settings/fields/{id}`.
pub fn one(state: &State, caller: &Caller, call: &Call, id: &str) -> Outcome<Answer> {
    let module = asked_module(state, caller, call)?;
    let field = module.field_by(id).ok_or_else(|| invalid_id(2))?;
    Ok(Answer::ok(json!({"fields": [seen(state, caller, &module, field)]})))
}

/// `GET /settings/fields/{id}/pick_list_values`.
pub fn pick_list_values(state: &State, caller: &Caller, call: &Call, id: &str) -> Outcome<Answer> {
    let module = asked_module(state, caller, call)?;
    let field = module.field_by(id).ok_or_else(|| invalid_id(2))?;
    if field.choices.is_empty() {
        return Ok(Answer::empty(204));
    }
    Ok(Answer::ok(json!({"pick_list_values": choices(field)})))
}

/// `POST /settings/fields`: custom fields, five at most.
pub fn create(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let module = customizable(state, caller, call)?;
    let wanted = elements(&body(call)?, "fields", MOST_FIELDS)?;
    let mut results = Vec::new();
    for (place, wish) in wanted.iter().enumerate() {
        results.push(add(state, &module, wish, place));
    }
    state.keep_modules(&module);
    Ok(batch::answer(state, "fields", 201, results))
}

/// `PATCH /settings/fields[/{id}]`: options are added, labels and lengths changed.
pub fn update(state: &mut State, caller: &Caller, call: &Call, id: Option<&str>) -> Outcome<Answer> {
    let module = customizable(state, caller, call)?;
    let wanted = elements(&body(call)?, "fields", MOST_FIELDS)?;
    let mut results = Vec::new();
    for (place, wish) in wanted.iter().enumerate() {
        let id = id.map(str::to_owned).or_else(|| super::ids::inside(wish));
        results.push(change(state, &module, id.as_deref(), wish, place));
    }
    state.keep_modules(&module);
    Ok(batch::answer(state, "fields", 200, results))
}

/// `DELETE /settings/fields/{id}`: of custom fields only.
pub fn delete(state: &mut State, caller: &Caller, call: &Call, id: &str) -> Outcome<Answer> {
    let name = customizable(state, caller, call)?;
    let module = state.modules.iter_mut().find(|module| module.api_name == name);
    let fields = module.map(|module| &mut module.fields).ok_or_else(|| invalid_id(2))?;
    let place =
        fields.iter().position(|field| field.id == id && field.custom).ok_or_else(|| invalid_id(2))?;
    fields.remove(place);
    state.keep_modules(&name);
    Ok(Answer::ok(json!({"fields": [succeeded(id, "field deleted")]})))
}

/// `GET /settings/global_picklists/{id}`.
pub fn global_picklist(state: &State, id: &str) -> Outcome<Answer> {
    let field = backed_by(state, id).ok_or_else(|| invalid_id(2))?;
    Ok(Answer::ok(json!({"global_picklists": [{"id": id, "display_label": field.label,
        "api_name": field.api_name, "pick_list_values": choices(field)}]})))
}

/// `PATCH /settings/global_picklists/{id}`: every field that the set backs gets the options.
pub fn update_global_picklist(state: &mut State, caller: &Caller, call: &Call, id: &str) -> Outcome<Answer> {
    may_customize(state, caller)?;
    let wanted = elements(&body(call)?, "global_picklists", 1)?;
    backed_by(state, id).ok_or_else(|| invalid_id(2))?;
    let options = options(&wanted[0]);
    let mut result = Ok(succeeded(id, "global picklist updated"));
    let mut changed = Vec::new();
    let ids = state.ids;
    for module in &mut state.modules {
        for field in module.fields.iter_mut().filter(|field| field.global_picklist.as_deref() == Some(id)) {
            changed.push(module.api_name.clone());
            if let Err(problem) = add_options(field, &options, ids, "global_picklists", 0) {
                result = Err(problem);
            }
        }
    }
    for module in &changed {
        state.keep_modules(module);
    }
    Ok(batch::answer(state, "global_picklists", 200, vec![result]))
}

/// The module whose fields may be changed, by its name.
fn customizable(state: &State, caller: &Caller, call: &Call) -> Outcome<String> {
    if caller.version < 60 {
        let message = "the feature is not supported in this version of the API";
        return Err(Problem::new(400, "API_NOT_SUPPORTED", message));
    }
    call.parameter("module").ok_or_else(|| missing_parameter("module"))?;
    may_customize(state, caller)?;
    Ok(asked_module(state, caller, call)?.api_name)
}

fn may_customize(state: &State, caller: &Caller) -> Outcome<()> {
    if state.access(&caller.user).is_some_and(|access| access.no_customize) {
        return Err(no_permission("Crm_Implied_Customize_Zoho_CRM"));
    }
    Ok(())
}

fn backed_by<'a>(state: &'a State, set: &str) -> Option<&'a Field> {
    let mut fields = state.modules.iter().flat_map(|module| &module.fields);
    fields.find(|field| field.global_picklist.as_deref() == Some(set))
}

fn add(state: &mut State, module: &str, wish: &Value, place: usize) -> Outcome<Value> {
    let about = |name: &str| json!({"api_name": name, "json_path": format!("$.fields[{place}].{name}")});
    let missing = |name: &str| Problem::bad("MANDATORY_NOT_FOUND", "required field not found", about(name));
    let label = wish.get("field_label").and_then(Value::as_str).filter(|label| !label.is_empty());
    let label = label.ok_or_else(|| missing("field_label"))?.to_owned();
    let kind = wish.get("data_type").ok_or_else(|| missing("data_type"))?;
    let kind: Kind = serde_json::from_value(kind.clone())
        .map_err(|_| Problem::bad("INVALID_DATA", "invalid data", about("data_type")))?;
    let usual = match kind {
        Kind::Phone => 30,
        Kind::Website => 450,
        Kind::Textarea => 2_000,
        Kind::Email => 100,
        _ => 255,
    };
    let length = wish.get("length").and_then(Value::as_u64).and_then(|length| u32::try_from(length).ok());
    let mut field = modules::field(&api_name(&label), kind, length.unwrap_or(usual));
    field.label.clone_from(&label);
    field.custom = true;
    field.unique = wish.get("unique").is_some_and(|unique| unique.is_object() || unique == &json!(true));
    add_options(&mut field, &options(wish), state.ids, "fields", place)?;
    modules::give_ids(&mut field, state.ids, modules::fresh_number(&state.modules, state.ids));
    let id = field.id.clone();
    let known = state.modules.iter_mut().find(|known| known.api_name == module);
    let known = known.ok_or_else(super::problem::invalid_module)?;
    if known.fields.iter().any(|other| other.label == label || other.api_name == field.api_name) {
        return Err(Problem::bad("DUPLICATE_DATA", "duplicate data", about("field_label")));
    }
    known.fields.push(field);
    Ok(succeeded(&id, "field created"))
}

fn change(state: &mut State, module: &str, id: Option<&str>, wish: &Value, place: usize) -> Outcome<Value> {
    let ids = state.ids;
    let known = state.modules.iter_mut().find(|known| known.api_name == module);
    let field = known.and_then(|known| known.fields.iter_mut().find(|field| Some(field.id.as_str()) == id));
    let field = field.ok_or_else(|| {
        let details = json!({"api_name": "id", "json_path": format!("$.fields[{place}].id")});
        Problem::bad("INVALID_DATA", "the id given seems to be invalid", details)
    })?;
    if wish.get("pick_list_values").is_some() {
        if field.global_picklist.is_some() {
            let details = json!({"api_name": "pick_list_values"});
            return Err(Problem::bad("NOT_ALLOWED", "the field is backed by a global picklist", details));
        }
        add_options(field, &options(wish), ids, "fields", place)?;
    }
    if let Some(label) = wish.get("field_label").and_then(Value::as_str) {
        label.clone_into(&mut field.label);
    }
    if let Some(length) =
        wish.get("length").and_then(Value::as_u64).and_then(|length| u32::try_from(length).ok())
    {
        field.length = length;
    }
    Ok(succeeded(&field.id.clone(), "field updated"))
}

/// The options that a wish names: their ids, where they are known, and what they read.
fn options(wish: &Value) -> Vec<(Option<String>, String, Option<String>)> {
    let list = wish.get("pick_list_values").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|option| {
            let text = |name: &str| option.get(name).and_then(Value::as_str).map(str::to_owned);
            let id = option.get("id").and_then(super::ids::read);
            (id, text("display_value").unwrap_or_default(), text("actual_value"))
        })
        .collect()
}

fn add_options(
    field: &mut Field,
    options: &[(Option<String>, String, Option<String>)],
    ids: super::ids::Ids,
    list: &str,
    place: usize,
) -> Outcome<()> {
    for (number, (id, display, actual)) in options.iter().enumerate() {
        let path = format!("$.{list}[{place}].pick_list_values[{number}].display_value");
        let about = json!({"api_name": "display_value", "json_path": path});
        if let Some(known) = field.choices.iter_mut().find(|known| Some(&known.id) == id.as_ref()) {
            known.display.clone_from(display);
            continue;
        }
        if display.is_empty() || display.chars().count() > LONGEST_OPTION || has_emoji(display) {
            return Err(Problem::bad("INVALID_DATA", "invalid data", about));
        }
        if field.choices.iter().any(|known| known.display == *display) {
            let message = format!("Duplicate display_value {display}");
            return Err(Problem::bad("DUPLICATE_DATA", message, about));
        }
        let own = actual.clone().unwrap_or_else(|| display.clone());
        field.choices.push(Choice { id: String::new(), display: display.clone(), actual: own });
        if let Some(number) = modules::number_of(field, ids) {
            modules::give_ids(field, ids, number);
        }
    }
    Ok(())
}

fn has_emoji(text: &str) -> bool {
    text.chars().any(|letter| ('\u{1F000}'..='\u{1FAFF}').contains(&letter))
}

/// `Chat link` is called `Chat_link`.
fn api_name(label: &str) -> String {
    let plain = label.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    let name: String = plain.collect();
    name.trim_matches('_').to_owned()
}

fn succeeded(id: &str, message: &str) -> Value {
    json!({"code": "SUCCESS", "details": {"id": id}, "message": message, "status": "success"})
}

fn seen(state: &State, caller: &Caller, module: &Module, field: &Field) -> Value {
    let mut shown = show(state, module, field);
    if state.is_hidden(caller, &module.api_name, &field.api_name) {
        shown["visible"] = json!(false);
    }
    shown
}

fn choices(field: &Field) -> Vec<Value> {
    (1..)
        .zip(&field.choices)
        .map(|(place, choice)| {
            json!({"display_value": choice.display, "actual_value": choice.actual,
                "reference_value": choice.actual, "id": choice.id, "sequence_number": place,
                "colour_code": null, "type": "used"})
        })
        .collect()
}

/// A field as metadata describes it.
pub fn show(state: &State, module: &Module, field: &Field) -> Value {
    let target = match field.lookup.as_deref() {
        Some(name) => match state.any_module(name) {
            Some(module) => {
                json!({"id": module.id, "display_label": module.plural, "revalidate_filter_during_edit": false,
                "api_name": null, "query_details": {}, "module": {"api_name": module.api_name, "id": module.id}})
            }
            None => json!({"module": {"api_name": name, "id": null}}),
        },
        None => json!({}),
    };
    let profiles: Vec<Value> = settings::profiles(state, false)
        .into_iter()
        .map(|mut profile| {
            profile["permission_type"] = json!(if field.create { "read_write" } else { "read_only" });
            profile
        })
        .collect();
    let is_owner = field.api_name == "Owner";
    let global = field.global_picklist.as_ref().map(|id| json!({"id": id, "api_name": field.api_name}));
    let mut shown = Map::new();
    let mut say = |values: Value| {
        if let Value::Object(values) = values {
            shown.extend(values);
        }
    };
    say(json!({
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "id": field.id,
        "data_type": field.kind.name(),
        "json_type": field.kind.json_type(),
        "ui_type": field.kind.ui_type(),
        "length": field.length,
        "custom_field": field.custom,
        "system_mandatory": field.mandatory,
        "read_only": !field.create && !field.update,
        // Misleading, as it is with the vendor: the owner can be set all the same.
        "field_read_only": is_owner || (!field.create && !field.update),
        "visible": true,
        "operation_type": {"web_create": field.create, "web_update": field.update,
            "api_create": field.create, "api_update": field.update},
        "view_type": {"view": true, "edit": field.update, "create": field.create,
            "quick_create": field.mandatory},
        "type": "used",
        "unique": if field.unique { json!({"case_sensitive": false}) } else { json!({}) },
        "pick_list_values": choices(field),
        "pick_list_values_sorted_lexically": false,
        "global_picklist": global,
        "lookup": target,
        "profiles": profiles,
        "layout_associations": if field.on_layout {
            json!([{"api_name": "Standard__s", "name": "Standard", "id": module.layout_id}])
        } else {
            json!([])
        },
    }));
    say(json!({
        "searchable": true, "filterable": field.kind != Kind::Textarea, "sortable": true, "mass_update": field.update,
        "virtual_field": false, "webhook": true, "businesscard_supported": true,
        "created_source": if field.custom { "crm" } else { "default" },
        "multiselectlookup": {}, "multi_module_lookup": {}, "multiuserlookup": {}, "subform": null,
        "formula": {}, "currency": {}, "auto_number": {}, "rollup_summary": {}, "associated_module": null,
        "external": null, "crypt": null, "tooltip": null, "decimal_place": null, "display_type": -1,
        "display_field": field.api_name == module.name_field, "enable_colour_code": false,
        "history_tracking": null, "history_tracking_enabled": false, "blueprint_supported": true,
        "quick_sequence_number": null, "convert_mapping": {}, "additional_column": null, "hipaa_compliance": null,
        "hipaa_compliance_enabled": false, "refer_from_field": null, "separator": false, "sharing_properties": null,
        "static_field": false, "private": null, "email_parser": null,
        "customizable_properties": if field.custom { json!(["mandatory", "unique", "tooltip"]) } else { json!([]) },
        "created_time": null, "modified_time": null,
    }));
    Value::Object(shown)
}
