//! What a fresh org holds: the organization, its users, a queue, and the values of its picklists.

use serde_json::{Value, json};

use super::derive;
use super::schema::Row;
use super::state::State;

/// The password of every user.
pub const PASSWORD: &str = "sim";

/// Who works here: first name, last name, whether active.
const PEOPLE: &[(&str, &str, bool)] = &[
    ("Maya", "Lindqvist", true),
    ("Jonas", "Okafor", true),
    ("Priya", "Raman", true),
    ("Ruth", "Castellan", false),
];

const LEAD_STATUSES: &[(&str, bool, bool)] = &[
    ("Open - Not Contacted", true, false),
    ("Working - Contacted", false, false),
    ("Closed - Converted", false, true),
    ("Closed - Not Converted", false, false),
];

const TASK_STATUSES: &[(&str, bool, bool)] = &[
    ("Not Started", true, false),
    ("In Progress", false, false),
    ("Completed", false, true),
    ("Waiting on someone else", false, false),
    ("Deferred", false, false),
];

const TASK_PRIORITIES: &[(&str, bool, bool)] =
    &[("High", false, true), ("Normal", true, false), ("Low", false, false)];

/// Fills an org that has no organization yet.
pub fn fill(state: &mut State) {
    if state.organization().is_some() {
        return;
    }
    let profile = add(state, "Profile", json!({"Name": "Standard User"}));
    let admin = add(state, "Profile", json!({"Name": "System Administrator"}));
    add(
        state,
        "Organization",
        json!({"Name": "Acme Trading", "InstanceName": "SIM1", "IsSandbox": false,
            "OrganizationType": "Developer Edition", "LanguageLocaleKey": "en_US", "TimeZoneSidKey": "UTC",
            "Country": "US", "PrimaryContact": "Maya Lindqvist"}),
    );
    for (place, (first, last, active)) in PEOPLE.iter().enumerate() {
        let user = user(first, last, *active, if place == 0 { &admin } else { &profile });
        add(state, "User", user);
    }
    add(state, "Group", json!({"Name": "Sales Queue", "DeveloperName": "Sales_Queue", "Type": "Queue"}));
    add(state, "AssignmentRule", json!({"Name": "Standard", "SobjectType": "Lead", "Active": true}));
    list(state, "LeadStatus", LEAD_STATUSES, "IsConverted");
    list(state, "TaskStatus", TASK_STATUSES, "IsClosed");
    list(state, "TaskPriority", TASK_PRIORITIES, "IsHighPriority");
}

/// A user of this org, as a row.
pub fn user(first: &str, last: &str, active: bool, profile: &str) -> Value {
    let address = format!("{}.{}@acme.example", first.to_lowercase(), last.to_lowercase());
    let alias: String = format!("{}{last}", &first[..1]).to_lowercase().chars().take(8).collect();
    json!({"Username": address, "Email": address, "FirstName": first, "LastName": last, "IsActive": active,
        "Alias": alias, "CommunityNickname": format!("{first}.{last}"), "ProfileId": profile,
        "UserType": "Standard", "TimeZoneSidKey": "UTC", "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US", "EmailEncodingKey": "UTF-8"})
}

/// Adds a row without any check and says its id.
pub fn add(state: &mut State, object: &str, fields: Value) -> String {
    let Value::Object(fields) = fields else { return String::new() };
    let mut row: Row = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let id = row.get("Id").and_then(Value::as_str).map_or_else(|| state.store.new_id(object), str::to_owned);
    row.insert("Id".to_owned(), json!(id));
    derive::complete(state, object, &mut row);
    state.store.put(object, row);
    id
}

fn list(state: &mut State, object: &str, values: &[(&str, bool, bool)], mark: &str) {
    for (place, (label, default, marked)) in values.iter().enumerate() {
        let mut row =
            json!({"MasterLabel": label, "ApiName": label, "SortOrder": place + 1, "IsDefault": default});
        row[mark] = json!(marked);
        add(state, object, row);
    }
}
