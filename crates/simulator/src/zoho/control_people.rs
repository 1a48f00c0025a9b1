//! What administrators and sales people do in the browser: users, self clients, conversion, merging, deleting.

use serde_json::{Value, json};

use super::control::Told;
use super::schema::Row;
use super::state::{State, text};
use super::store::DELETED;
use super::tokens::Code;
use super::{convert as conversion, delete as deletion, ids, seed};

/// The users that a control names: one by id or e-mail address, or all with `*`.
pub fn users(state: &State, who: &Value) -> Result<Vec<String>, String> {
    match who.as_str() {
        Some("*") => Ok(state.store.rows("Users").map(|row| text(row, "id").to_owned()).collect()),
        Some(name) => Ok(vec![find_user(state, name).ok_or("no such user")?]),
        None => Err("user is an e-mail address, an id or *".to_owned()),
    }
}

fn find_user(state: &State, name: &str) -> Option<String> {
    let by_id = state.store.get("Users", name).map(|row| text(row, "id").to_owned());
    let by_email = || state.store.find("Users", "email", name).first().map(|row| text(row, "id").to_owned());
    by_id.or_else(by_email)
}

/// What can be set of a user.
const SET: &[&str] =
    &["email", "first_name", "last_name", "full_name", "status", "confirm", "time_zone", "is_admin", "zuid"];

/// Adds a user, or changes the one with that `email` or `id` (`{"email": ..., "status": "inactive"}`).
pub fn user(state: &mut State, body: &Value) -> Told {
    let said = |name: &str| body.get(name).and_then(Value::as_str);
    let known = said("id").or(said("email")).and_then(|name| find_user(state, name));
    let mut row: Row = if let Some(id) = &known {
        state.store.get("Users", id).cloned().unwrap_or_default()
    } else {
        let last = said("last_name").ok_or("last_name is missing")?;
        let now = state.clock.seconds();
        let mut fresh = seed::user(said("first_name").unwrap_or("New"), last, "UTC", now);
        for (field, table) in [("profile", "Profiles"), ("role", "Roles")] {
            fresh[field] = json!(state.store.rows(table).last().map(|row| text(row, "id")));
        }
        fresh["zuid"] = json!((10_001_000 + state.store.rows("Users").count()).to_string());
        fresh.as_object().cloned().unwrap_or_default().into_iter().collect()
    };
    for (name, value) in body.as_object().into_iter().flatten() {
        if SET.contains(&name.as_str()) {
            row.insert(name.clone(), value.clone());
        }
    }
    if let Some(active) = body.get("active").and_then(Value::as_bool) {
        row.insert("status".to_owned(), json!(if active { "active" } else { "inactive" }));
    }
    let id = seed::put(state, "Users", row.into_iter().collect());
    Ok(json!({"id": id, "record": state.store.get("Users", &id)}))
}

/// A code without a browser, as the console makes it for a self client: `{user, scope, client_id}`.
pub fn grant(state: &mut State, body: &Value) -> Told {
    let said = |name: &str| body.get(name).and_then(Value::as_str);
    let first = || state.store.rows("Users").next().map(|row| text(row, "id").to_owned());
    let user = said("user").map_or_else(first, |name| find_user(state, name)).ok_or("no such user")?;
    let app = said("client_id").or_else(|| state.switches.apps.first().map(|app| app.client_id.as_str()));
    let usual = "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.users.ALL,ZohoCRM.org.ALL,\
                 ZohoSearch.securesearch.READ,ZohoCRM.coql.READ,ZohoCRM.notifications.ALL,ZohoCRM.bulk.ALL,\
                 ZohoFiles.files.ALL";
    let code = Code {
        user,
        app: app.ok_or("no such app")?.to_owned(),
        redirect_uri: None,
        scope: said("scope").unwrap_or(usual).to_owned(),
        is_offline: true,
        challenge: None,
        issued: state.clock.seconds(),
    };
    Ok(json!({"code": state.tokens.issue_code(code, &mut state.journal)}))
}

/// Converts a lead: `{lead, contact?, account?}`; what is not named is created.
pub fn convert(state: &mut State, body: &Value) -> Told {
    let lead = id_of(body, "lead")?;
    let known = |name: &str| body.get(name).and_then(ids::read);
    let wish =
        conversion::Wish { contact: known("contact"), account: known("account"), ..Default::default() };
    let user = first_user(state);
    let made = conversion::convert(state, &user, &lead, &wish).map_err(|problem| problem.message.clone())?;
    Ok(json!({"lead": lead, "contact": made.contact, "account": made.account, "deal": made.deal}))
}

/// Merges two records of one module: the loser is gone, what hangs on it moves to the winner.
pub fn merge(state: &mut State, body: &Value) -> Told {
    let (winner, loser) = (id_of(body, "winner")?, id_of(body, "loser")?);
    let module = state.store.table_of(&winner).ok_or("no such record")?.to_owned();
    let lost = state.store.live(&module, &loser).cloned();
    let lost = lost.filter(|_| winner != loser && state.store.live(&module, &winner).is_some());
    let lost = lost.ok_or("winner and loser must be two live records of one module")?;
    conversion::move_children(state, &loser, &module, &winner);
    let user = first_user(state);
    deletion::mark(state, &user, &module, lost);
    Ok(json!({"winner": winner, "loser": loser}))
}

/// Puts a record into the recycle bin.
pub fn delete(state: &mut State, body: &Value) -> Told {
    let id = id_of(body, "id")?;
    let module = state.store.table_of(&id).ok_or("no such record")?.to_owned();
    let row = state.store.live(&module, &id).cloned().ok_or("it is deleted already")?;
    let user = first_user(state);
    deletion::mark(state, &user, &module, row);
    deletion::take_along(state, &user, &id);
    Ok(json!({"id": id}))
}

/// Takes a record out of the recycle bin.
pub fn undelete(state: &mut State, body: &Value) -> Told {
    let id = id_of(body, "id")?;
    let module = state.store.table_of(&id).ok_or("no such record")?.to_owned();
    let mut row = state.store.get(&module, &id).cloned().ok_or("no such record")?;
    row.remove(DELETED);
    row.remove("$deleted_by");
    state.store.put(&module, row);
    Ok(json!({"id": id}))
}

fn first_user(state: &State) -> String {
    state.store.rows("Users").next().map(|row| text(row, "id").to_owned()).unwrap_or_default()
}

fn id_of(body: &Value, name: &str) -> Result<String, String> {
    body.get(name).and_then(ids::read).ok_or_else(|| format!("{name} is missing or not an id"))
}
