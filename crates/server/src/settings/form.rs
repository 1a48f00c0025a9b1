//! Settings as JSON: what is shown, and what is laid over them. Accounts go by their prefixed ids.

use causeway_core::{crm::Crm, plan::settings::ChatSync};
use serde_json::{Map, Value};

use super::Problem;
use crate::{config, id};

/// The settings as they are shown.
pub fn to_json(settings: &ChatSync) -> Map<String, Value> {
    let mut fields = object(settings);
    if let Some(accounts) = &settings.accounts {
        let ids = accounts.iter().map(|account| Value::String(id::account(*account))).collect();
        fields.insert("accounts".into(), Value::Array(ids));
    }
    fields
}

/// What a new chat sync is set to on this CRM.
pub fn preset(crm: &dyn Crm) -> ChatSync {
    let given: Map<String, Value> = serde_json::from_str(crm.preset()).unwrap_or_default();
    lay(&ChatSync::default(), &given).unwrap_or_default()
}

/// Lays `given` over `current`. Every problem is told, not the first alone.
pub(super) fn lay(current: &ChatSync, given: &Map<String, Value>) -> Result<ChatSync, Vec<Problem>> {
    let known = object(current);
    let mut problems = Vec::new();
    let mut settings = current.clone();
    for (field, value) in given {
        if !known.contains_key(field) {
            problems.push(unknown(field, known.keys()));
            continue;
        }
        match lay_one(&settings, field, value) {
            Ok(changed) => settings = changed,
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn lay_one(settings: &ChatSync, field: &str, value: &Value) -> Result<ChatSync, Problem> {
    let value = if field == "accounts" { accounts(value)? } else { value.clone() };
    let mut fields = object(settings);
    fields.insert(field.to_owned(), value);
    serde_json::from_value(Value::Object(fields)).map_err(|error| Problem::new(field, error.to_string()))
}

fn accounts(value: &Value) -> Result<Value, Problem> {
    let Value::Array(ids) = value else { return Ok(value.clone()) };
    let read = ids.iter().map(|text| {
        let number = text.as_str().and_then(|text| id::read("acc", text));
        number.map(Value::from).ok_or_else(|| {
            Problem::new(
                "accounts",
                format!("{text} is not the id of an account; those begin with `acc_`, in quotes"),
            )
        })
    });
    read.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn unknown<'a>(field: &str, known: impl Iterator<Item = &'a String>) -> Problem {
    let what = match config::nearest(field, known) {
        Some(near) => format!("there is no setting `{field}`; did you mean `{near}`?"),
        None => format!("there is no setting `{field}`"),
    };
    Problem::new(field, what)
}

fn object(settings: &ChatSync) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use causeway_core::plan::settings::{Create, Shape};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_preset_of_every_crm_is_settings() {
        for crm in causeway_core::crm::ALL {
            let given: Map<String, Value> = serde_json::from_str(crm.preset()).unwrap();
            let laid = lay(&ChatSync::default(), &given).unwrap();
            assert_eq!(preset(*crm), laid);
        }
    }

    fn lay_json(given: Value) -> Result<ChatSync, Vec<Problem>> {
        let Value::Object(given) = given else { panic!("an object") };
        lay(&ChatSync::default(), &given)
    }

    #[test]
    fn what_is_not_given_stays() {
        let settings = lay_json(json!({"shape": "local_day", "create": "off"})).unwrap();
        assert_eq!((settings.shape, settings.create), (Shape::LocalDay, Create::Off));
        assert_eq!(settings.lead_source, ChatSync::default().lead_source);
    }

    #[test]
    fn every_unknown_or_unreadable_setting_is_named() {
        let problems = lay_json(json!({"shapee": "local_day", "create": "perhaps", "since": "now"}));
        let fields: Vec<_> = problems.unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["create", "shapee", "since"]);
        let problem = lay_json(json!({"shapee": "local_day"})).unwrap_err().remove(0);
        assert_eq!(problem.what, "there is no setting `shapee`; did you mean `shape`?");
    }

    #[test]
    fn accounts_go_by_their_prefixed_ids() {
        let settings = lay_json(json!({"accounts": [id::account(7)]})).unwrap();
        assert_eq!(settings.accounts, Some(vec![7]));
        assert_eq!(to_json(&settings)["accounts"], json!([id::account(7)]));
        assert_eq!(lay_json(json!({"accounts": null})).unwrap().accounts, None);
        assert_eq!(lay_json(json!({"accounts": [7]})).unwrap_err()[0].field, "accounts");
    }
}
