//! What the platform works out by itself: names, addresses, closings, the account of an activity.

use serde_json::{Map, Value, json};

use super::schema::{FieldKind, Row};
use super::state::{State, is_set, text};

/// Fills in everything that a row of that object has without being told, keeping what is there.
/// Seeded rows go through this as well as created ones.
pub fn complete(state: &State, object: &str, row: &mut Row) {
    let Some(schema) = state.store.schema(object) else { return };
    let now = state.clock.stamp();
    for field in &schema.fields {
        if row.contains_key(&field.name) {
            continue;
        }
        match field.kind {
            FieldKind::Boolean => {
                row.insert(field.name.clone(), json!(false));
            }
            FieldKind::Picklist if field.createable => {
                if let Some(default) = field.values.iter().find(|value| value.default) {
                    row.insert(field.name.clone(), json!(default.value));
                }
            }
            _ => {}
        }
    }
    let created = row.get("CreatedDate").cloned().unwrap_or_else(|| json!(now));
    let first_user = state.store.rows("User").next().map(|user| text(user, "Id").to_owned());
    for (name, value) in [
        ("CreatedDate", Some(created.clone())),
        ("LastModifiedDate", Some(created)),
        ("CreatedById", first_user.clone().map(Value::String)),
        ("LastModifiedById", first_user.clone().map(Value::String)),
        ("OwnerId", first_user.map(Value::String)),
    ] {
        if let Some(value) = value
            && schema.field(name).is_some()
        {
            row.entry(name.to_owned()).or_insert(value);
        }
    }
    let stamp = row.get("LastModifiedDate").cloned().unwrap_or_else(|| json!(now));
    if schema.field("SystemModstamp").is_some() {
        row.entry("SystemModstamp".to_owned()).or_insert(stamp);
    }
    if object == "Case" && !row.contains_key("CaseNumber") {
        let number = 1_000 + state.store.rows("Case").count() + 1;
        row.insert("CaseNumber".to_owned(), json!(format!("{number:08}")));
    }
    refresh(state, object, row);
}

/// Works the dependent fields out again after a change.
pub fn refresh(state: &State, object: &str, row: &mut Row) {
    match object {
        "Contact" | "Lead" | "User" => name(row),
        "Task" => task(state, row),
        "Event" => event(state, row),
        "Case" => {
            let closed = text(row, "Status") == "Closed";
            row.insert("IsClosed".to_owned(), json!(closed));
        }
        _ => {}
    }
    match object {
        "Account" => {
            address(row, "Billing");
            address(row, "Shipping");
        }
        "Contact" => {
            address(row, "Mailing");
            address(row, "Other");
        }
        "Lead" => address(row, ""),
        _ => {}
    }
}

fn name(row: &mut Row) {
    let parts: Vec<&str> = ["FirstName", "LastName"]
        .iter()
        .map(|part| text(row, part))
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join(" ");
    row.insert("Name".to_owned(), json!(name));
}

fn address(row: &mut Row, prefix: &str) {
    let mut parts = Map::new();
    let mut any = false;
    for (member, part) in [
        ("city", "City"),
        ("country", "Country"),
        ("postalCode", "PostalCode"),
        ("state", "State"),
        ("street", "Street"),
    ] {
        let value = row.get(&format!("{prefix}{part}")).cloned().unwrap_or_default();
        any |= !value.is_null();
        parts.insert(member.to_owned(), value);
    }
    let compound = format!("{prefix}Address");
    if any {
        for member in ["geocodeAccuracy", "latitude", "longitude"] {
            parts.insert(member.to_owned(), Value::Null);
        }
        row.insert(compound, Value::Object(parts));
    } else {
        row.remove(&compound);
    }
}

fn task(state: &State, row: &mut Row) {
    let marked = |object: &str, label: &str, mark: &str| {
        state.store.rows(object).any(|value| text(value, "MasterLabel") == label && is_set(value, mark))
    };
    let closed = marked("TaskStatus", text(row, "Status"), "IsClosed");
    let high = marked("TaskPriority", text(row, "Priority"), "IsHighPriority");
    row.insert("IsClosed".to_owned(), json!(closed));
    row.insert("IsHighPriority".to_owned(), json!(high));
    if closed {
        row.entry("CompletedDateTime".to_owned()).or_insert_with(|| json!(state.clock.stamp()));
    } else {
        row.remove("CompletedDateTime");
    }
    account_of_activity(state, row);
}

fn event(state: &State, row: &mut Row) {
    use crate::org_clock::{parse_datetime, stamp};

    let start = row.get("StartDateTime").or_else(|| row.get("ActivityDateTime")).cloned();
    if let Some(start) = start.as_ref().and_then(Value::as_str).and_then(parse_datetime) {
        row.insert("StartDateTime".to_owned(), json!(stamp(start)));
        row.insert("ActivityDateTime".to_owned(), json!(stamp(start)));
        row.insert("ActivityDate".to_owned(), json!(&stamp(start)[..10]));
        let end = row.get("EndDateTime").and_then(Value::as_str).and_then(parse_datetime);
        let minutes = row.get("DurationInMinutes").and_then(Value::as_i64);
        if let Some(end) = end.or_else(|| minutes.map(|minutes| start + minutes * 60)) {
            row.insert("EndDateTime".to_owned(), json!(stamp(end)));
            row.insert("DurationInMinutes".to_owned(), json!((end - start) / 60));
        }
    }
    account_of_activity(state, row);
}

/// The account of what an activity is about, else of the contact it is with.
fn account_of_activity(state: &State, row: &mut Row) {
    let what = text(row, "WhatId");
    let account = match state.store.object_of_id(what).map(|schema| schema.name.as_str()) {
        Some("Account") => Some(what.to_owned()),
        Some(object) => state.store.get(object, what).map(|row| text(row, "AccountId").to_owned()),
        None => state.store.get("Contact", text(row, "WhoId")).map(|row| text(row, "AccountId").to_owned()),
    };
    match account.filter(|id| !id.is_empty()) {
        Some(id) => row.insert("AccountId".to_owned(), json!(id)),
        None => row.remove("AccountId"),
    };
}
