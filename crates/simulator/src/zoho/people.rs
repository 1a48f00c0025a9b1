//! The org and its users.

use serde_json::{Value, json};

use super::problem::{Outcome, Problem, invalid_id};
use super::schema::Row;
use super::state::{Caller, State, seconds, text};
use super::times;
use crate::answer::Answer;
use crate::call::Call;

/// `GET /org`.
pub fn org(state: &State, caller: &Caller) -> Answer {
    let org = state.store.rows("Org").next().cloned().unwrap_or_default();
    let switches = &state.switches;
    let users = state.store.rows("Users").count();
    let is_free = switches.edition == super::switches::Edition::Free;
    let mut shown = json!({
        "id": text(&org, "id"),
        "zgid": state.ids.zgid(),
        "domain_name": format!("org{}", state.ids.zgid()),
        "company_name": text(&org, "company_name"),
        "type": switches.org_type,
        "time_zone": switches.time_zone,
        "primary_email": text(&org, "primary_email"),
        "primary_zuid": text(&org, "primary_zuid"),
        "iso_code": "USD",
        "currency": "US Dollar",
        "currency_symbol": "$",
        "currency_locale": "en_US",
        "country": "US",
        "country_code": "US",
        "created_time": State::stamp(caller, seconds(&org, "created_time")),
        "license_details": {"paid": !is_free, "paid_type": switches.edition.name(), "paid_expiry": null,
            "trial_type": null, "trial_expiry": null, "users_license_purchased": users},
    });
    for name in ORG_UNSET {
        shown[name] = Value::Null;
    }
    for name in ORG_OFF {
        shown[name] = json!(false);
    }
    Answer::ok(json!({"org": [shown]}))
}

/// What the org has not filled in.
const ORG_UNSET: &[&str] = &[
    "alias",
    "street",
    "city",
    "state",
    "zip",
    "phone",
    "mobile",
    "fax",
    "website",
    "description",
    "employee_count",
    "photo_id",
];

/// What the org has not switched on.
const ORG_OFF: &[&str] =
    &["mc_status", "gapps_enabled", "privacy_settings", "hipaa_compliance_enabled", "translation_enabled"];

/// `GET /users`, of every type that the vendor knows.
pub fn users(state: &State, caller: &Caller, call: &Call) -> Outcome<Answer> {
    let kind = call.parameter("type").unwrap_or("AllUsers");
    let is_one: fn(&Row) -> bool = match kind {
        "AllUsers" => |_| true,
        "ActiveUsers" => is_active,
        "DeactiveUsers" => |user| !is_active(user),
        "ConfirmedUsers" => is_confirmed,
        "NotConfirmedUsers" => |user| !is_confirmed(user),
        "DeletedUsers" => |user| text(user, "status") == "deleted",
        "ActiveConfirmedUsers" => |user| is_active(user) && is_confirmed(user),
        "AdminUsers" => is_admin,
        "ActiveConfirmedAdmins" => |user| is_active(user) && is_confirmed(user) && is_admin(user),
        "CurrentUser" => |_| true,
        _ => {
            let details = json!({"param_name": "type"});
            return Err(Problem::bad("INVALID_DATA", "the type given seems to be invalid", details));
        }
    };
    let mut found: Vec<&Row> = state.store.rows("Users").filter(|user| is_one(user)).collect();
    if kind == "CurrentUser" {
        found.retain(|user| text(user, "id") == caller.user);
    }
    let (page, per_page) = super::lists::window(call)?;
    let total = found.len();
    let shown: Vec<Value> = found
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|user| show(state, caller, user))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < total});
    Ok(Answer::ok(json!({"users": shown, "info": info})))
}

/// `GET /users/{id}`.
pub fn user(state: &State, caller: &Caller, id: &str) -> Outcome<Answer> {
    let user = state.store.get("Users", id).ok_or_else(|| invalid_id(1))?;
    Ok(Answer::ok(json!({"users": [show(state, caller, user)]})))
}

/// `GET /settings/profiles` and `/settings/roles`.
pub fn profiles(state: &State, name: &str, table: &str) -> Answer {
    let rows: Vec<Value> = state
        .store
        .rows(table)
        .map(|row| {
            let label = text(row, "name");
            json!({"id": text(row, "id"), "name": label, "display_label": label, "category": false,
                "description": null, "reporting_to": null, "admin_user": label == "CEO"})
        })
        .collect();
    Answer::ok(json!({name: rows}))
}

/// A user as records name them.
pub fn named(state: &State, id: &str, with_email: bool) -> Value {
    let Some(user) = state.store.get("Users", id) else { return Value::Null };
    let mut named = json!({"name": text(user, "full_name"), "id": id});
    if with_email {
        named["email"] = json!(text(user, "email"));
    }
    named
}

fn is_active(user: &Row) -> bool {
    text(user, "status") == "active"
}

fn is_confirmed(user: &Row) -> bool {
    user.get("confirm") == Some(&Value::Bool(true))
}

fn is_admin(user: &Row) -> bool {
    user.get("is_admin") == Some(&Value::Bool(true))
}

fn show(state: &State, caller: &Caller, user: &Row) -> Value {
    let zone = times::zone(text(user, "time_zone"));
    let offset = zone.to_offset(jiff::Timestamp::from_second(state.clock.seconds()).unwrap_or_default());
    let named_row = |table: &str, field: &str| {
        let id = text(user, field);
        json!({"name": state.store.get(table, id).map_or("", |row| text(row, "name")), "id": id})
    };
    let mut shown = json!({
        "id": text(user, "id"),
        "full_name": text(user, "full_name"),
        "first_name": user.get("first_name"),
        "last_name": text(user, "last_name"),
        "email": text(user, "email"),
        "status": text(user, "status"),
        "confirm": is_confirmed(user),
        "zuid": user.get("zuid"),
        "role": named_row("Roles", "role"),
        "profile": named_row("Profiles", "profile"),
        "time_zone": text(user, "time_zone"),
        "offset": i64::from(offset.seconds()) * 1_000,
        "locale": "en_US",
        "language": "en_US",
        "country_locale": "en_US",
        "country": "US",
        "type__s": "Regular User",
        "category": "regular_user",
        "date_format": "MMM d, yyyy",
        "time_format": "hh:mm a",
        "created_time": State::stamp(caller, seconds(user, "created_time")),
        "Modified_Time": State::stamp(caller, seconds(user, "modified_time")),
    });
    for name in USER_UNSET {
        shown[name] = Value::Null;
    }
    for name in USER_OFF {
        shown[name] = json!(false);
    }
    shown
}

/// What users have not filled in.
const USER_UNSET: &[&str] = &[
    "alias",
    "city",
    "state",
    "street",
    "zip",
    "phone",
    "mobile",
    "fax",
    "website",
    "dob",
    "signature",
    "created_by",
    "Modified_By",
];

/// What users have not switched on.
const USER_OFF: &[&str] = &["Isonline", "microsoft", "personal_account", "sandboxDeveloper"];
