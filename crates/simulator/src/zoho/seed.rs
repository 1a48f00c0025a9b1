//! What a fresh org holds: itself, its users in several zones, and, if asked for, a few people who have written before.

use serde_json::{Value, json};

use super::schema::Row;
use super::state::{State, text};
use super::write;

/// The password of every user.
pub const PASSWORD: &str = "sim";

/// Who works here: first name, last name, status, whether confirmed, zone.
const PEOPLE: &[(&str, &str, &str, bool, &str)] = &[
    ("Maya", "Lindqvist", "active", true, "America/New_York"),
    ("Jonas", "Okafor", "active", true, "Asia/Tokyo"),
    ("Priya", "Raman", "active", true, "Asia/Kolkata"),
    ("Ruth", "Castellan", "inactive", true, "Europe/London"),
    ("Tomas", "Brandt", "active", false, "Europe/Berlin"),
];

/// Fills an org that holds nothing yet.
pub fn fill(state: &mut State) {
    if state.store.rows("Org").next().is_some() {
        return;
    }
    let now = state.clock.seconds();
    let mut profiles = Vec::new();
    for name in ["Administrator", "Standard"] {
        profiles.push(put(state, "Profiles", json!({"name": name})));
    }
    let mut roles = Vec::new();
    for name in ["CEO", "Manager"] {
        roles.push(put(state, "Roles", json!({"name": name})));
    }
    put(
        state,
        "Org",
        json!({"company_name": "Acme Trading", "primary_email": "maya.lindqvist@acme.example",
            "primary_zuid": "10001000", "created_time": now}),
    );
    for (place, (first, last, status, confirmed, zone)) in PEOPLE.iter().enumerate() {
        let rank = usize::from(place > 0);
        let mut user = user(first, last, zone, now);
        user["status"] = json!(status);
        user["confirm"] = json!(confirmed);
        user["zuid"] = if *confirmed { json!((10_001_000 + place).to_string()) } else { Value::Null };
        user["is_admin"] = json!(place == 0);
        user["profile"] = json!(profiles[rank]);
        user["role"] = json!(roles[rank]);
        put(state, "Users", user);
    }
}

/// A confirmed, active user of this org, as a row.
pub fn user(first: &str, last: &str, zone: &str, now: i64) -> Value {
    let address = format!("{}.{}@acme.example", first.to_lowercase(), last.to_lowercase());
    json!({"first_name": first, "last_name": last, "full_name": format!("{first} {last}"), "email": address,
        "status": "active", "confirm": true, "time_zone": zone, "created_time": now, "modified_time": now})
}

/// The people whom the demo's samples know, each with the number that they are known by.
pub fn people(state: &mut State) {
    if state.store.rows("Contacts").next().is_some() {
        return;
    }
    let owner = state.store.rows("Users").next().map(|user| text(user, "id").to_owned()).unwrap_or_default();
    for (module, first, last, field, number) in [
        ("Contacts", "Sheena", "Nelson", "Phone", "(650) 555-1234"),
        ("Contacts", "Amelia", "Shaw", "Phone", "020 7946 0958"),
        ("Contacts", "João", "Lima", "Mobile", "+55 11 98765-4321"),
        ("Contacts", "Jutta", "Brandt", "Phone", "030 123456"),
        ("Leads", "Hanako", "Sato", "Phone", "090-1234-5678"),
        ("Leads", "Ravi", "Menon", "Mobile", "+91 98765 43210"),
    ] {
        let mut row = json!({"First_Name": first, "Last_Name": last, "Owner": owner});
        row[field] = json!(number);
        if module == "Leads" {
            row["Company"] = json!(last);
        }
        add(state, module, row);
    }
}

/// Adds a record of a module without any check and says its id.
pub fn add(state: &mut State, module: &str, fields: Value) -> String {
    let now = state.clock.seconds();
    let first = state.store.rows("Users").next().map(|user| text(user, "id").to_owned()).unwrap_or_default();
    let mut fields = fields;
    for (name, usual) in [
        ("Owner", json!(first)),
        ("Created_By", json!(first)),
        ("Modified_By", json!(first)),
        ("Created_Time", json!(now)),
        ("Modified_Time", json!(now)),
    ] {
        if fields.get(name).is_none_or(Value::is_null) {
            fields[name] = usual;
        }
    }
    put(state, module, fields)
}

/// Puts a row into a table, with a fresh id unless it has one.
pub fn put(state: &mut State, table: &str, fields: Value) -> String {
    let Value::Object(fields) = fields else { return String::new() };
    let mut row: Row = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let id = row.get("id").and_then(Value::as_str).map_or_else(|| state.store.new_id(), str::to_owned);
    row.insert("id".to_owned(), json!(id));
    write::complete(&mut row);
    state.store.put(table, row);
    id
}
