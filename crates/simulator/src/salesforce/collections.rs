//! sObject Collections: up to 200 records in one request, each with a result of its own.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, saved};
use super::records::{self, Saving};
use super::schema::ObjectSchema;
use super::state::{Caller, State};
use super::{ids, upsert};
use crate::call::Call;

const MOST_RECORDS: usize = 200;
const MOST_RETRIEVED: usize = 2_000;
const MOST_TYPE_CHANGES: usize = 10;

type Fields = Map<String, Value>;

/// `POST /composite/sobjects`.
pub fn create(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let (records, all_or_none) = batch(call)?;
    let saving = Saving::of(call);
    Ok(each(state, all_or_none, &records, |state, record| {
        let object = typed(state, caller, record)?;
        if record.keys().any(|name| name.eq_ignore_ascii_case("id")) {
            return Err(Problem::bad(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "cannot specify Id in an insert call",
            )
            .on(&["Id"])
            .into());
        }
        records::create(state, caller, &object, record, saving).map(|id| saved(&id))
    }))
}

/// `PATCH /composite/sobjects`.
pub fn update(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let (records, all_or_none) = batch(call)?;
    let saving = Saving::of(call);
    let repeated = repeated(records.iter().map(|record| id_of(record).and_then(|id| ids::canonical(&id))));
    Ok(each(state, all_or_none, &records, |state, record| {
        let object = typed(state, caller, record)?;
        let Some(id) = id_of(record) else {
            return Err(Problem::bad("MISSING_ARGUMENT", "Id not specified in an update call")
                .on(&["Id"])
                .into());
        };
        let Some(id) = ids::canonical(&id).filter(|id| id.starts_with(&object.key_prefix)) else {
            return Err(Problem::bad(
                "MALFORMED_ID",
                format!("{} ID: id value of incorrect type: {id}", object.label),
            )
            .on(&["Id"])
            .into());
        };
        if repeated.contains(&id) {
            return Err(Problem::bad("DUPLICATE_VALUE", format!("duplicate id in list: {id}")).into());
        }
        let body: Fields =
            record.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("id")).map(clone_pair).collect();
        records::update(state, caller, &object, &id, &body, saving).map_err(in_a_list)?;
        Ok(saved(&id))
    }))
}

/// `PATCH /composite/sobjects/X/Field`.
pub fn upsert(state: &mut State, caller: &Caller, call: &Call, object: &str, field: &str) -> Outcome<Answer> {
    let object = records::object(state, caller, object)?;
    let key = upsert::key_field(&object, field)?;
    let (records, all_or_none) = batch(call)?;
    let saving = Saving::of(call);
    let value_of = |record: &Fields| {
        record.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.name)).and_then(|(_, value)| {
            value.as_str().map_or_else(|| as_text(value), |text| Some(text.to_owned()))
        })
    };
    let repeated = repeated(records.iter().map(value_of));
    Ok(each(state, all_or_none, &records, |state, record| {
        let kind = typed(state, caller, record)?;
        if kind.name != object.name {
            return Err(Problem::bad("INVALID_TYPE", format!("record is not of type {}", object.name)).into());
        }
        let value = value_of(record).filter(|value| !value.is_empty());
        let body: Fields =
            record.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(&key.name)).map(clone_pair).collect();
        let Some(value) = value else {
            if key.name == "Id" {
                let id = records::create(state, caller, &object, &body, saving)?;
                return Ok(with_created(saved(&id), true));
            }
            return Err(Problem::bad("MISSING_ARGUMENT", format!("{} not specified", key.name))
                .on(&[&key.name])
                .into());
        };
        if repeated.contains(&value) {
            return Err(Problem::bad("DUPLICATE_VALUE", format!("Duplicate external id specified: {value}"))
                .on(&[&key.name])
                .into());
        }
        let done = upsert::save(state, caller, &object, key, &value, &body, saving).map_err(in_a_list)?;
        Ok(with_created(saved(&done.id), done.created))
    }))
}

/// `DELETE /composite/sobjects?ids=a,b&allOrNone=false`.
pub fn delete(state: &mut State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let listed = call.parameter("ids").unwrap_or_default();
    let wanted: Vec<Fields> = listed
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(|id| Map::from_iter([("id".to_owned(), json!(id))]))
        .collect();
    if wanted.is_empty() {
        return Err(Problem::bad("MISSING_ARGUMENT", "The ids parameter is required").into());
    }
    check_size(wanted.len(), MOST_RECORDS)?;
    let all_or_none = call.parameter("allOrNone").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok(each(state, all_or_none, &wanted, |state, record| {
        let id = id_of(record).unwrap_or_default();
        let malformed = || Refusal::from(Problem::bad("MALFORMED_ID", format!("malformed id {id}")));
        let full = ids::canonical(&id).ok_or_else(malformed)?;
        let name = state.store.object_of_id(&full).map(|schema| schema.name.clone()).ok_or_else(malformed)?;
        let object = records::object(state, caller, &name)?;
        records::delete(state, caller, &object, &full).map_err(in_a_list)?;
        Ok(saved(&full))
    }))
}

/// `GET /composite/sobjects/X?ids=..&fields=..` and `POST /composite/sobjects/X`.
pub fn retrieve(state: &mut State, caller: &Caller, call: &Call, object: &str) -> Outcome<Answer> {
    let object = records::object(state, caller, object)?;
    let list = |text: &str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (ids, fields) = if call.method == http::Method::GET {
        let parameter = |name: &str| call.parameter(name).map(list).unwrap_or_default();
        (parameter("ids"), parameter("fields"))
    } else {
        let body = super::call::json(call)?;
        let strings = |name: &str| -> Vec<String> {
            let texts = |list: &Vec<Value>| {
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            };
            body.get(name).and_then(Value::as_array).map(texts).unwrap_or_default()
        };
        (strings("ids"), strings("fields"))
    };
    if ids.is_empty() || fields.is_empty() {
        let missing = if ids.is_empty() { "ids" } else { "fields" };
        return Err(Problem::bad("MISSING_ARGUMENT", format!("The {missing} parameter is required")).into());
    }
    check_size(ids.len(), MOST_RETRIEVED)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in &ids {
        let full =
            ids::canonical(id).ok_or_else(|| Problem::bad("MALFORMED_ID", format!("malformed id {id}")))?;
        let row = state.store.get(&object.name, &full).filter(|row| !super::store::is_deleted(row));
        found.push(match row {
            Some(row) => records::show(caller, &object, row, Some(&fields))?,
            None => Value::Null,
        });
    }
    Ok(Answer::ok(Value::Array(found)))
}

/// The object that `attributes.type` names.
pub fn typed(state: &State, caller: &Caller, record: &Fields) -> Outcome<ObjectSchema> {
    let name = record.get("attributes").and_then(|attributes| attributes.get("type")?.as_str());
    let Some(name) = name else {
        return Err(Problem::bad(
            "INVALID_INPUT",
            "Include an attributes member with the type of each record",
        )
        .into());
    };
    state.schema(caller, name).map(std::borrow::Cow::into_owned).ok_or_else(|| {
        Problem::bad("INVALID_TYPE", format!("sObject type '{name}' is not supported.")).into()
    })
}

/// In a list the missing and the deleted are errors of the record, with the words of a list.
fn in_a_list(refusal: Refusal) -> Refusal {
    Refusal(
        refusal
            .0
            .into_iter()
            .map(|problem| match problem.code {
                "NOT_FOUND" => Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
                _ => problem,
            })
            .collect(),
    )
}

/// Works through the records in order. With `all_or_none`, one failure undoes every other record.
fn each(
    state: &mut State,
    all_or_none: bool,
    records: &[Fields],
    mut work: impl FnMut(&mut State, &Fields) -> Outcome<Value>,
) -> Answer {
    let start = state.store.mark();
    let mut results = Vec::with_capacity(records.len());
    for record in records {
        let mark = state.store.mark();
        let result = work(state, record);
        if result.is_err() {
            state.store.roll_back(mark);
        }
        results.push(result);
    }
    if all_or_none && results.iter().any(Result::is_err) {
        state.store.roll_back(start);
        for result in results.iter_mut().filter(|result| result.is_ok()) {
            *result = Err(Problem::bad(
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "Record rolled back because not all records were valid and the request was using AllOrNone \
                 header",
            )
            .into());
        }
    }
    let results = results.into_iter().zip(records).map(|(result, record)| match result {
        Ok(result) => result,
        Err(refusal) => {
            let mut failed = json!({"success": false, "errors": refusal.as_results()});
            if let Some(id) = id_of(record) {
                failed["id"] = json!(id);
            }
            failed
        }
    });
    Answer::ok(results.collect())
}

fn batch(call: &Call) -> Outcome<(Vec<Fields>, bool)> {
    let body = super::call::json(call)?;
    let all_or_none = body.get("allOrNone").and_then(Value::as_bool).unwrap_or(false);
    let Some(records) = body.get("records").and_then(Value::as_array) else {
        return Err(Problem::bad("MISSING_ARGUMENT", "The records member is required").into());
    };
    check_size(records.len(), MOST_RECORDS)?;
    let records: Vec<Fields> = records
        .iter()
        .map(|record| record.as_object().cloned())
        .collect::<Option<_>>()
        .ok_or_else(|| Problem::bad("JSON_PARSER_ERROR", "each entry of records must be an object"))?;
    let types: Vec<_> =
        records.iter().map(|record| record.get("attributes").and_then(|a| a.get("type"))).collect();
    if types.windows(2).filter(|pair| pair[0] != pair[1]).count() >= MOST_TYPE_CHANGES {
        return Err(
            Problem::bad("INVALID_INPUT", "Cannot have more than 10 chunks in a single operation").into()
        );
    }
    Ok((records, all_or_none))
}

fn check_size(count: usize, most: usize) -> Outcome<()> {
    if count > most {
        return Err(Problem::bad(
            "EXCEEDED_ID_LIMIT",
            format!("record limit reached. cannot submit more than {most} records in this call"),
        )
        .into());
    }
    Ok(())
}

fn repeated(keys: impl Iterator<Item = Option<String>>) -> std::collections::HashSet<String> {
    let mut seen = std::collections::HashSet::new();
    keys.flatten().filter(|key| !seen.insert(key.clone())).collect()
}

fn id_of(record: &Fields) -> Option<String> {
    record
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("id"))
        .and_then(|(_, value)| value.as_str().map(str::to_owned))
}

fn as_text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

fn with_created(mut result: Value, created: bool) -> Value {
    result["created"] = json!(created);
    result
}

fn clone_pair((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}
