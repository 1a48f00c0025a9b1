//! Metadata of modules: what there is, how it is laid out, and what hangs on it.

use serde_json::{Value, json};

use super::problem::{Outcome, Problem, invalid_id, invalid_module, missing_parameter};
use super::schema::Module;
use super::state::{Caller, State};
use super::{fields, modules};
use crate::answer::Answer;
use crate::call::Call;

/// `GET /settings/modules`.
pub fn modules(state: &State, caller: &Caller, call: &Call) -> Answer {
    if is_unchanged(state, call) {
        return Answer::empty(304);
    }
    let wanted: Option<Vec<&str>> = call.parameter("status").map(|list| list.split(',').collect());
    let shown: Vec<Value> = (1..)
        .zip(&state.modules)
        .filter(|(_, module)| wanted.as_ref().is_none_or(|list| list.contains(&module.status.as_str())))
        .filter_map(|(place, module)| Some(show(state, &state.module(caller, &module.api_name)?, place)))
        .collect();
    Answer::ok(json!({"modules": shown}))
}

/// `GET /settings/modules/{api_name}`.
pub fn module(state: &State, caller: &Caller, name: &str) -> Outcome<Answer> {
    let place = state.modules.iter().position(|module| module.api_name == name || module.id == name);
    let place = place.ok_or_else(invalid_module)?;
    let module = state.module(caller, &state.modules[place].api_name).ok_or_else(invalid_module)?;
    Ok(Answer::ok(json!({"modules": [show(state, &module, place + 1)]})))
}

/// `GET /settings/layouts`.
pub fn layouts(state: &State, caller: &Caller, call: &Call, id: Option<&str>) -> Outcome<Answer> {
    let module = asked_module(state, caller, call)?;
    if id.is_some_and(|id| id != module.layout_id) {
        return Err(invalid_id(2));
    }
    if !module.api_supported {
        return Ok(Answer::empty(204));
    }
    let on_layout: Vec<Value> = (1..)
        .zip(module.fields.iter().filter(|field| field.on_layout))
        .map(|(place, field)| {
            let mut shown = fields::show(state, &module, field);
            shown["required"] = json!(field.layout_mandatory);
            shown["sequence_number"] = json!(place);
            shown
        })
        .collect();
    let section = json!({"name": format!("{} Information", module.singular), "id": module.layout_id,
        "display_label": format!("{} Information", module.singular), "type": "used", "column_count": 2,
        "tab_traversal": 2, "sequence_number": 1, "isSubformSection": false, "generated_type": "default",
        "api_name": format!("{}_Information", module.singular.replace(' ', "_")), "fields": on_layout,
        "properties": null});
    let layout = json!({"id": module.layout_id, "name": "Standard", "display_label": "Standard",
        "api_name": "Standard__s", "status": "active", "visible": true, "source": "default", "mode": "view",
        "generated_type": "default", "show_business_card": true, "has_more_profiles": false,
        "created_time": null, "modified_time": null, "created_by": null, "modified_by": null,
        "created_for": null, "convert_mapping": null, "actions_allowed": null,
        "profiles": profiles(state, true), "sections": [section]});
    Ok(Answer::ok(json!({"layouts": [layout]})))
}

/// `GET /settings/related_lists`.
pub fn related_lists(state: &State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let module = asked_module(state, caller, call)?;
    if !module.is_entity() {
        return Ok(Answer::empty(204));
    }
    let lists: Vec<Value> = (1..)
        .zip(related(state, &module))
        .map(|(place, related)| {
            let number = state.modules.iter().position(|known| known.api_name == module.api_name);
            let id = state.ids.metadata(80_000 + 20 * (number.unwrap_or_default() as u64) + place);
            json!({"api_name": related.name, "name": related.label, "display_label": related.label,
                "href": format!("{}/{{ENTITYID}}/{}", module.api_name, related.name),
                "module": {"api_name": related.module.api_name, "id": related.module.id,
                    "module_name": related.module.inner_name},
                "type": "default", "id": id, "sequence_number": place.to_string(), "status": "visible",
                "action": null, "personality_name": null, "connectedmodule": null, "linkingmodule": null,
                "customize_sort": true, "customize_fields": true, "customize_display_label": true,
                "visible_fields": null, "fields": [], "sort_by": null, "sort_order": null})
        })
        .collect();
    Ok(Answer::ok(json!({"related_lists": lists})))
}

/// Records that hang on records of a module.
pub struct Related<'a> {
    /// The name in paths.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Their module.
    pub module: &'a Module,
    /// Their field that points here.
    pub field: String,
}

/// Every list that a record of this module has.
pub fn related<'a>(state: &'a State, module: &Module) -> Vec<Related<'a>> {
    let mut lists = Vec::new();
    for other in state.modules.iter().filter(|other| other.api_supported) {
        for field in &other.fields {
            let points_here = match field.lookup.as_deref() {
                Some(modules::ANY_MODULE) => !(module.is_activity() && other.is_activity()),
                Some(target) => target == module.api_name,
                None => false,
            };
            let is_first = !lists.iter().any(|list: &Related<'_>| list.module.api_name == other.api_name);
            if points_here && is_first && field.api_name != "Reporting_To" {
                lists.push(Related {
                    name: other.api_name.clone(),
                    label: other.plural.clone(),
                    module: other,
                    field: field.api_name.clone(),
                });
            }
        }
    }
    lists
}

/// The module that the `module` parameter names.
pub fn asked_module(state: &State, caller: &Caller, call: &Call) -> Outcome<Module> {
    let name = call.parameter("module").ok_or_else(|| missing_parameter("module"))?;
    state.module(caller, name).ok_or_else(|| {
        let details = json!({"param_name": "module"});
        Problem::bad("INVALID_MODULE", "the module name given seems to be invalid", details)
    })
}

/// Whether nothing changed since the caller last looked.
pub fn is_unchanged(state: &State, call: &Call) -> bool {
    let since = call.header("if-modified-since").and_then(super::times::parse_datetime);
    since.is_some_and(|since| state.described_at > 0 && state.described_at <= since)
}

/// The profiles, as metadata names them.
pub fn profiles(state: &State, with_default: bool) -> Vec<Value> {
    let rows = state.store.rows("Profiles");
    rows.map(|row| {
        let mut profile = json!({"name": row.get("name"), "id": row.get("id")});
        if with_default {
            profile["default"] = json!(true);
            profile["_default_view"] = Value::Null;
        }
        profile
    })
    .collect()
}

fn show(state: &State, module: &Module, place: usize) -> Value {
    let is_visible = module.status == "visible";
    let profiles = profiles(state, false);
    json!({
        "api_name": module.api_name,
        "module_name": module.inner_name,
        "id": module.id,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "api_supported": module.api_supported,
        "creatable": module.creatable,
        "editable": module.editable,
        "viewable": module.viewable,
        "deletable": module.deletable,
        "show_as_tab": is_visible,
        "generated_type": module.generated,
        "status": module.status,
        "visible": is_visible,
        "visibility": u8::from(is_visible),
        "access_type": "org_based",
        "convertable": module.api_name == "Leads",
        "quick_create": module.creatable,
        "feeds_required": false,
        "recycle_bin_on_delete": true,
        "sequence_number": place,
        "has_more_profiles": false,
        "profile_count": profiles.len(),
        "profiles": profiles,
        "private_profile": null,
        "parent_module": {},
        "arguments": [],
        "business_card_field_limit": 5,
        "description": null,
        "web_link": null,
        "sub_menu_available": true,
        "presence_sub_menu": true,
        "global_search_supported": module.searchable,
        "inventory_template_supported": false,
        "emailTemplate_support": false,
        "filter_supported": module.searchable,
        "isBlueprintSupported": false,
        "modified_time": null,
        "modified_by": null,
    })
}
