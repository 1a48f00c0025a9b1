//! What administrators and sales people do in the browser: users, lead conversion, merging, undeleting.

use serde_json::{Value, json};

use super::control::is_live;
use super::schema::Row;
use super::state::{State, is_set, text};
use super::{ids, seed};

type Told = Result<Value, String>;

/// The user with that id or username.
pub fn find_user(state: &State, name: &str) -> Option<String> {
    let by_id = ids::canonical(name).filter(|id| state.store.get("User", id).is_some());
    by_id.or_else(|| state.store.find("User", "Username", name).first().map(|row| text(row, "Id").to_owned()))
}

/// Adds a user, or changes the one with that `username` or `id` (`{"username": ..., "IsActive": false}`).
pub fn user(state: &mut State, body: &Value) -> Told {
    let said = |name: &str| body.get(name).and_then(Value::as_str);
    let known = said("id").or(said("username")).and_then(|name| find_user(state, name));
    let mut row = if let Some(id) = &known {
        state.store.get("User", id).cloned().unwrap_or_default()
    } else {
        let profile = state.store.rows("Profile").next().map(|row| text(row, "Id").to_owned());
        let first = said("first_name").unwrap_or("New");
        let last = said("last_name").ok_or("last_name is missing")?;
        match seed::user(first, last, true, &profile.unwrap_or_default()) {
            Value::Object(fields) => fields.into_iter().collect::<Row>(),
            _ => Row::new(),
        }
    };
    if known.is_none()
        && let Some(username) = said("username")
    {
        row.insert("Username".to_owned(), json!(username));
        row.insert("Email".to_owned(), json!(username));
    }
    if let Some(active) = body.get("active").and_then(Value::as_bool) {
        row.insert("IsActive".to_owned(), json!(active));
    }
    let schema = state.store.schema("User").ok_or("no users")?;
    for (name, value) in body.as_object().into_iter().flatten() {
        if name != "id"
            && name != "username"
            && let Some(field) = schema.field(name)
        {
            row.insert(field.name.clone(), value.clone());
        }
    }
    let id = seed::add(state, "User", row.into_iter().collect());
    Ok(json!({"id": id, "record": state.store.get("User", &id)}))
}

/// Converts a lead: `{lead, contact?, account?}`; what is not named is created.
pub fn convert(state: &mut State, body: &Value) -> Told {
    let lead_id = id_of(body, "lead")?;
    let lead = state.store.get("Lead", &lead_id).cloned().ok_or("no such lead")?;
    if is_set(&lead, "IsConverted") || !is_live(state, "Lead", &lead_id) {
        return Err("the lead is converted or deleted already".to_owned());
    }
    let account = match body.get("account") {
        Some(_) => id_of(body, "account")?,
        None => seed::add(
            state,
            "Account",
            json!({"Name": text(&lead, "Company"), "OwnerId": text(&lead, "OwnerId")}),
        ),
    };
    let contact = if body.get("contact").is_some() {
        id_of(body, "contact")?
    } else {
        let mut fields = json!({"AccountId": account});
        for name in [
            "FirstName",
            "LastName",
            "Email",
            "Phone",
            "MobilePhone",
            "Fax",
            "Title",
            "LeadSource",
            "OwnerId",
            "Description",
        ] {
            if let Some(value) = lead.get(name) {
                fields[name] = value.clone();
            }
        }
        for part in ["Street", "City", "State", "PostalCode", "Country"] {
            if let Some(value) = lead.get(part) {
                fields[format!("Mailing{part}")] = value.clone();
            }
        }
        seed::add(state, "Contact", fields)
    };
    let status = state
        .store
        .rows("LeadStatus")
        .find(|status| is_set(status, "IsConverted"))
        .map(|status| text(status, "MasterLabel").to_owned())
        .unwrap_or_default();
    let mut lead = lead;
    for (name, value) in [
        ("IsConverted", json!(true)),
        ("Status", json!(status)),
        ("ConvertedDate", json!(state.clock.today())),
        ("ConvertedAccountId", json!(account)),
        ("ConvertedContactId", json!(contact)),
        ("LastModifiedDate", json!(state.clock.stamp())),
        ("SystemModstamp", json!(state.clock.stamp())),
    ] {
        lead.insert(name.to_owned(), value);
    }
    state.store.put("Lead", lead);
    move_references(state, &lead_id, &contact);
    Ok(json!({"lead": lead_id, "contact": contact, "account": account}))
}

/// Merges two records of one object: the loser goes to the recycle bin and points at the winner.
pub fn merge(state: &mut State, body: &Value) -> Told {
    let (winner, loser) = (id_of(body, "winner")?, id_of(body, "loser")?);
    let object =
        state.store.object_of_id(&winner).map(|schema| schema.name.clone()).ok_or("no such object")?;
    if !is_live(state, &object, &winner) || !is_live(state, &object, &loser) || winner == loser {
        return Err("winner and loser must be two live records of one object".to_owned());
    }
    let stamp = json!(state.clock.stamp());
    move_references(state, &loser, &winner);
    let mut lost = state.store.get(&object, &loser).cloned().unwrap_or_default();
    lost.insert("IsDeleted".to_owned(), json!(true));
    lost.insert("MasterRecordId".to_owned(), json!(winner));
    lost.insert("SystemModstamp".to_owned(), stamp.clone());
    lost.insert("LastModifiedDate".to_owned(), stamp.clone());
    state.store.put(&object, lost);
    let mut kept = state.store.get(&object, &winner).cloned().unwrap_or_default();
    kept.insert("LastModifiedDate".to_owned(), stamp.clone());
    kept.insert("SystemModstamp".to_owned(), stamp);
    state.store.put(&object, kept);
    Ok(json!({"winner": winner, "loser": loser}))
}

/// Takes a record out of the recycle bin.
pub fn undelete(state: &mut State, body: &Value) -> Told {
    let id = id_of(body, "id")?;
    let object = state.store.object_of_id(&id).map(|schema| schema.name.clone()).ok_or("no such object")?;
    let mut row = state.store.get(&object, &id).cloned().ok_or("no such record")?;
    row.insert("IsDeleted".to_owned(), json!(false));
    row.remove("MasterRecordId");
    row.insert("SystemModstamp".to_owned(), json!(state.clock.stamp()));
    state.store.put(&object, row);
    Ok(json!({"id": id}))
}

/// Hangs everything that refers to one record on another.
fn move_references(state: &mut State, from: &str, to: &str) {
    let moved: Vec<(String, String, Row)> = state
        .store
        .schemas()
        .iter()
        .flat_map(|schema| {
            let names = ["WhoId", "WhatId", "AccountId", "ContactId", "ReportsToId"];
            names.into_iter().filter(|name| schema.field(name).is_some()).flat_map(|name| {
                state
                    .store
                    .find(&schema.name, name, from)
                    .into_iter()
                    .map(|row| (schema.name.clone(), name.to_owned(), row.clone()))
            })
        })
        .collect();
    for (object, field, mut row) in moved {
        row.insert(field, json!(to));
        row.insert("SystemModstamp".to_owned(), json!(state.clock.stamp()));
        state.store.put(&object, row);
    }
}

fn id_of(body: &Value, name: &str) -> Result<String, String> {
    body.get(name)
        .and_then(Value::as_str)
        .and_then(ids::canonical)
        .ok_or_else(|| format!("{name} is missing or not an id"))
}
