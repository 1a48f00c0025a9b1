//! Whether a record may be saved: names, rights, lengths, references, and the rules between fields.

use serde_json::{Map, Value, json};

use super::answer::{Outcome, Problem, Refusal};
use super::schema::{FieldSchema, ObjectSchema, Row};
use super::state::{Caller, State, is_set, text};
use super::store::is_deleted;
use super::values;

/// The row as it would be after the body is applied to what stands there, if everything is in order.
pub fn check(
    state: &State,
    caller: &Caller,
    schema: &ObjectSchema,
    before: Option<&Row>,
    body: &Map<String, Value>,
) -> Outcome<Row> {
    let mut row = before.cloned().unwrap_or_default();
    let mut problems = Vec::new();
    let mut changed = Vec::new();
    for (name, value) in body {
        if name.eq_ignore_ascii_case("attributes") {
            continue;
        }
        match accept(state, caller, schema, before.is_some(), name, value) {
            Ok((field, stored)) => {
                if before.is_none() || row.get(&field.name).unwrap_or(&Value::Null) != &stored {
                    changed.push(field.name.clone());
                }
                if stored.is_null() {
                    row.remove(&field.name);
                } else {
                    row.insert(field.name.clone(), stored);
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    // What is wrong with the request as such is said alone; what is wrong with values is said together.
    if let Some(place) = problems.iter().position(|problem| is_about_request(problem.code)) {
        return Err(problems.swap_remove(place).into());
    }
    let refused: Vec<String> = problems.iter().flat_map(|problem| problem.fields.clone()).collect();
    problems.extend(missing(schema, before, &row, body, &refused));
    if !problems.is_empty() {
        return Err(Refusal(problems));
    }
    for field in schema.fields.iter().filter(|field| changed.contains(&field.name)) {
        check_reference(state, schema, field, &row)?;
        check_unique(state, schema, field, &row)?;
    }
    check_between_fields(state, schema, before, &mut row, &changed)?;
    Ok(row)
}

fn is_about_request(code: &str) -> bool {
    matches!(code, "INVALID_FIELD" | "INVALID_FIELD_FOR_INSERT_UPDATE" | "JSON_PARSER_ERROR" | "NOT_FOUND")
}

/// One member of the body: the field that it means and the value that it stores.
fn accept<'a>(
    state: &State,
    caller: &Caller,
    schema: &'a ObjectSchema,
    is_update: bool,
    name: &str,
    value: &Value,
) -> Result<(&'a FieldSchema, Value), Problem> {
    if let (Some(field), Value::Object(key)) = (schema.relationship(name), value) {
        check_settable(field, is_update)?;
        return Ok((field, by_external_id(state, caller, field, key)?));
    }
    let Some(field) = schema.field(name) else {
        return Err(Problem::bad(
            "INVALID_FIELD",
            format!("No such column '{name}' on sobject of type {}", schema.name),
        ));
    };
    check_settable(field, is_update)?;
    Ok((field, values::accept(state, field, value)?))
}

fn check_settable(field: &FieldSchema, is_update: bool) -> Result<(), Problem> {
    if if is_update { field.updateable } else { field.createable } {
        return Ok(());
    }
    let message = if field.name == "Id" {
        "The Id field should not be specified in the sobject data.".to_owned()
    } else {
        format!(
            "Unable to create/update fields: {}. Please check the security settings of this field and verify that \
             it is read/write for your profile or permission set.",
            field.name
        )
    };
    Err(Problem::bad("INVALID_FIELD_FOR_INSERT_UPDATE", message).on(&[&field.name]))
}

/// `"Account": {"Ext__c": "A1"}`: the one record that has that key.
fn by_external_id(
    state: &State,
    caller: &Caller,
    field: &FieldSchema,
    key: &Map<String, Value>,
) -> Result<Value, Problem> {
    let named = key.iter().find(|(name, _)| *name != "attributes");
    let object = key
        .get("attributes")
        .and_then(|attributes| attributes.get("type")?.as_str())
        .or_else(|| field.reference_to.first().map(String::as_str))
        .unwrap_or_default();
    let schema = state.schema(caller, object);
    let known = named.zip(schema.as_ref()).and_then(|((name, value), schema)| {
        schema.field(name).filter(|key| key.external_id || key.id_lookup).map(|key| (key.name.clone(), value))
    });
    let Some((name, value)) = known else {
        return Err(Problem::bad("INVALID_FIELD", format!("{object} has no external id of that name")));
    };
    let wanted = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let found: Vec<&Row> =
        state.store.find(object, &name, &wanted).into_iter().filter(|row| !is_deleted(row)).collect();
    match found.as_slice() {
        [row] => Ok(json!(text(row, "Id"))),
        _ => Err(Problem::bad(
            "INVALID_FIELD",
            format!("Foreign key external ID: {wanted} not found for field {name} in entity {object}"),
        )),
    }
}

/// The required fields that nothing was given for; what was given and refused is no longer missing.
fn missing(
    schema: &ObjectSchema,
    before: Option<&Row>,
    row: &Row,
    body: &Map<String, Value>,
    refused: &[String],
) -> Option<Problem> {
    let touched = |field: &FieldSchema| body.keys().any(|name| name.eq_ignore_ascii_case(&field.name));
    let names: Vec<&str> = schema
        .fields
        .iter()
        .filter(|field| !row.contains_key(&field.name) && !refused.contains(&field.name))
        .filter(|field| match before {
            None => field.is_required() || (!field.nillable && field.createable && touched(field)),
            Some(_) => !field.nillable && field.updateable && touched(field),
        })
        .map(|field| field.name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        Problem::bad("REQUIRED_FIELD_MISSING", format!("Required fields are missing: [{}]", names.join(", ")))
            .on(&names)
    })
}

fn check_reference(state: &State, schema: &ObjectSchema, field: &FieldSchema, row: &Row) -> Outcome<()> {
    let id = text(row, &field.name);
    if field.reference_to.is_empty() || id.is_empty() {
        return Ok(());
    }
    let object = state.store.object_of_id(id).map(|schema| schema.name.as_str()).unwrap_or_default();
    let target = state.store.get(object, id);
    if target.is_none_or(is_deleted) {
        return Err(Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id").on(&[]).into());
    }
    if field.name == "OwnerId" && object == "User" && !state.is_active_user(id) {
        return Err(Problem::bad(
            "INACTIVE_OWNER_OR_USER",
            format!(
                "operation performed with inactive user [{id}] as owner of {}",
                schema.name.to_lowercase()
            ),
        )
        .into());
    }
    if field.name == "WhoId" && object == "Lead" && target.is_some_and(|lead| is_set(lead, "IsConverted")) {
        return Err(Problem::bad("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
            .on(&["WhoId"])
            .into());
    }
    Ok(())
}

fn check_unique(state: &State, schema: &ObjectSchema, field: &FieldSchema, row: &Row) -> Outcome<()> {
    let value = text(row, &field.name);
    if !field.unique || value.is_empty() {
        return Ok(());
    }
    let other = state.store.find(&schema.name, &field.name, value).into_iter().find(|other| {
        !is_deleted(other)
            && text(other, "Id") != text(row, "Id")
            && (!field.case_sensitive || text(other, &field.name) == value)
    });
    match other {
        None => Ok(()),
        Some(other) => Err(Problem::bad(
            "DUPLICATE_VALUE",
            format!(
                "duplicate value found: {} duplicates value on record with id: {}",
                field.name,
                text(other, "Id")
            ),
        )
        .into()),
    }
}

fn check_between_fields(
    state: &State,
    schema: &ObjectSchema,
    before: Option<&Row>,
    row: &mut Row,
    changed: &[String],
) -> Outcome<()> {
    let is_changed = |name: &str| changed.iter().any(|known| known == name);
    match schema.name.as_str() {
        "Lead" => {
            if before.is_some_and(|lead| is_set(lead, "IsConverted")) {
                return Err(
                    Problem::bad("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead").into()
                );
            }
            let converts = state.store.rows("LeadStatus").any(|status| {
                text(status, "MasterLabel") == text(row, "Status") && is_set(status, "IsConverted")
            });
            if converts && is_changed("Status") {
                return Err(Problem::bad(
                    "INVALID_STATUS",
                    "invalid status: a lead gets a converted status by conversion only",
                )
                .on(&["Status"])
                .into());
            }
        }
        "Task" | "Event" => {
            let is_lead = state.store.object_of_id(text(row, "WhoId")).is_some_and(|who| who.name == "Lead");
            if is_lead && row.contains_key("WhatId") {
                return Err(Problem::bad(
                    "FIELD_INTEGRITY_EXCEPTION",
                    "Related To ID: a task or event with a lead cannot be related to another record",
                )
                .on(&["WhatId"])
                .into());
            }
            if schema.name == "Event" {
                check_times(before, row, &is_changed)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// An Event has a start, and an end or a duration, in that order, within 14 days.
fn check_times(before: Option<&Row>, row: &mut Row, is_changed: &dyn Fn(&str) -> bool) -> Outcome<()> {
    use crate::org_clock::parse_datetime;

    if before.is_some() {
        // A new duration moves the end; so does a new start, unless the end is given too.
        if !is_changed("EndDateTime") && (is_changed("DurationInMinutes") || is_changed("StartDateTime")) {
            row.remove("EndDateTime");
        } else if is_changed("EndDateTime") && !is_changed("DurationInMinutes") {
            row.remove("DurationInMinutes");
        }
        if is_changed("ActivityDateTime") && !is_changed("StartDateTime") {
            row.remove("StartDateTime");
        }
    }
    let start = row.get("StartDateTime").or_else(|| row.get("ActivityDateTime"));
    let start = start.and_then(Value::as_str).and_then(parse_datetime);
    let end = row.get("EndDateTime").and_then(Value::as_str).and_then(parse_datetime);
    let minutes = row.get("DurationInMinutes").and_then(Value::as_i64);
    let is_all_day = is_set(row, "IsAllDayEvent") && row.contains_key("ActivityDate");
    let wrong = |message: &str| Err(Problem::bad("FIELD_INTEGRITY_EXCEPTION", message).into());
    let missing = |fields: &[&str]| {
        let message = format!("Required fields are missing: [{}]", fields.join(", "));
        Err(Problem::bad("REQUIRED_FIELD_MISSING", message).on(fields).into())
    };
    let Some(start) = start else {
        return if is_all_day { Ok(()) } else { missing(&["StartDateTime", "ActivityDateTime"]) };
    };
    let Some(end_or_duration) = end.or_else(|| minutes.map(|minutes| start + minutes * 60)) else {
        return if is_all_day { Ok(()) } else { missing(&["EndDateTime", "DurationInMinutes"]) };
    };
    if let (Some(end), Some(minutes)) = (end, minutes)
        && (end - start) / 60 != minutes
    {
        return wrong("Duration: the duration must agree with start and end");
    }
    if end_or_duration < start {
        return wrong("End Date Time: an event cannot end before it starts");
    }
    if end_or_duration - start > 14 * 86_400 {
        return wrong("Duration: an event can last no longer than 14 days");
    }
    Ok(())
}
