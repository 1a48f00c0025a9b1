//! Adding to what the customer's modules hold: a choice of a list, a field for the address of conversations.
//!
//! Both go by the ids of fields, which differ between an org and its sandbox and are kept nowhere: the field is read first,
//! and the call goes on with its id in place of its name. A list of several fields (a global set) is changed for all of them.
//! <https://www.zoho.com/crm/developer/docs/api/v8/update-custom-field.html>

use serde_json::{Value, json};

use super::{
    modules,
    verdict::{self, Asked, What},
    wire::{self, text},
};
use crate::{
    crm::{Answer, Call, Org, Request, Response},
    lane::{HoldReason, Verdict, Who},
    record::Module,
};

/// Longest choice.
const CHOICE: usize = 120;

/// Longest address of a field for addresses, as they are made by default.
const ADDRESS: u32 = 255;

/// How far adding a choice is. A name of a field has no colon in it.
enum Place<'a> {
    /// The field is to be read.
    Unread,
    /// The list of a field.
    Field(&'a str),
    /// A list of several fields.
    Set(&'a str),
}

impl<'a> Place<'a> {
    fn of(field: &'a str) -> Self {
        let id = |prefix: &str| field.strip_prefix(prefix).filter(|id| wire::is_id(id));
        id("field:").map(Place::Field).or_else(|| id("set:").map(Place::Set)).unwrap_or(Place::Unread)
    }
}

pub(super) fn choice(org: &Org, module: Module, field: &str, choice: &str) -> Request {
    let query = [("module", modules::api_name(&module))];
    let values = json!([{"display_value": choice, "actual_value": choice}]);
    match Place::of(field) {
        Place::Unread => wire::get(org, "settings/fields", &query),
        Place::Field(id) => {
            let body = json!({"fields": [{"pick_list_values": values}]});
            wire::send("PATCH", org, &format!("settings/fields/{id}"), &query, &body)
        }
        Place::Set(id) => {
            let body = json!({"global_picklists": [{"pick_list_values": values}]});
            wire::send("PATCH", org, &format!("settings/global_picklists/{id}"), &[], &body)
        }
    }
}

pub(super) fn choice_reply(
    module: Module,
    field: &str,
    choice: &str,
    response: &Response,
) -> Result<Answer, Verdict> {
    match Place::of(field) {
        Place::Unread => {}
        Place::Field(_) => return added(response, "fields", module),
        Place::Set(_) => return added(response, "global_picklists", module),
    }
    let page = wire::page(response, "fields")?;
    let found = page.rows.iter().find(|row| text(row, "api_name") == Some(field));
    let Some((row, id)) = found.and_then(|row| Some((row, wire::id(row)?))) else {
        let detail = format!("Zoho CRM has no field {field} on {}", modules::api_name(&module));
        return Err(verdict::hold(HoldReason::ValueRefused, Who::WorkspaceAdmin, detail));
    };
    if choice.chars().count() > CHOICE {
        let detail = format!(
            "Zoho CRM takes at most {CHOICE} characters as a choice of {field}; choose a shorter one"
        );
        return Err(verdict::hold(HoldReason::ValueRefused, Who::WorkspaceAdmin, detail));
    }
    let values = row.get("pick_list_values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_it = |value: &Value| {
        ["display_value", "actual_value"].iter().any(|name| text(value, name) == Some(choice))
            && text(value, "type") != Some("unused")
    };
    if values.iter().any(is_it) {
        return Ok(Answer::Nothing);
    }
    let set = row.get("global_picklist").and_then(wire::id);
    let field = set.map_or_else(|| format!("field:{id}"), |set| format!("set:{set}"));
    Ok(Answer::More(Call::AddChoice { module, field, choice: choice.to_owned() }, None))
}

pub(super) fn link_field(org: &Org, module: Module, label: &str) -> Request {
    let field = json!({"field_label": label, "data_type": "website", "length": ADDRESS});
    let query = [("module", modules::api_name(&module))];
    wire::send("POST", org, "settings/fields", &query, &json!({"fields": [field]}))
}

pub(super) fn link_field_reply(module: Module, response: &Response) -> Result<Answer, Verdict> {
    added(response, "fields", module)
}

/// One element says whether it was added. What is there already is as good.
fn added(response: &Response, name: &str, module: Module) -> Result<Answer, Verdict> {
    let asked = Asked::of(What::Setting, module);
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let element = body.as_ref().and_then(|body| body.get(name)?.as_array()?.first());
    let code = element.or(body.as_ref()).and_then(wire::error_code);
    if code == Some("DUPLICATE_DATA") {
        return Ok(Answer::Nothing);
    }
    match element {
        Some(element) if code.is_some() => Err(verdict::of_record(element, &asked)),
        Some(element) if text(element, "status") == Some("success") => Ok(Answer::Nothing),
        _ if (200..300).contains(&response.status) && code.is_none() => {
            Err(verdict::unsure(&asked, "Zoho's answer to a change of its settings could not be read"))
        }
        _ => Err(verdict::of_answer(response, body.as_ref(), &asked)),
    }
}
