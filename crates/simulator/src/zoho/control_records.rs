//! Behind the curtain: what the org really holds, and what is put there or taken away unasked.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::control::Told;
use super::schema::{Field, Kind, Module, Row};
use super::state::{State, text};
use super::store::{DELETED, is_deleted};
use super::{ids, seed, times};
use crate::call::Call;

/// Never told: what a file holds.
const CONTENT: &str = "$content";

/// Stored rows, deleted ones too.
pub fn list(state: &State, call: &Call) -> Told {
    let name = named(call)?;
    let module = state.any_module(name);
    let number = |name: &str, usual: usize| {
        call.parameter(name)
            .map_or(Ok(usual), |text| text.parse().map_err(|_| format!("{name} is not a number")))
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", 1_000)?);
    let total = state.store.rows(name).count();
    let rows: Vec<Value> =
        state.store.rows(name).skip(offset).take(limit).map(|row| plain(module, row)).collect();
    Ok(json!({"module": name, "total": total, "offset": offset, "records": rows}))
}

/// How many records each module has, and a digest of what they say.
pub fn digest(state: &State) -> Value {
    let mut told = Map::new();
    for module in state.modules.iter().filter(|module| module.api_supported) {
        let rows: Vec<&Row> = state.store.rows(&module.api_name).collect();
        let live: Vec<&&Row> = rows.iter().filter(|row| !is_deleted(row)).collect();
        let mut hash = Sha256::new();
        for row in &live {
            hash.update(plain(Some(module), row).to_string());
        }
        let digest = BASE64_URL_SAFE_NO_PAD.encode(hash.finalize());
        let count = json!({"live": live.len(), "deleted": rows.len() - live.len(), "digest": digest});
        told.insert(module.api_name.clone(), count);
    }
    json!({"modules": told})
}

/// Seeds rows with any field, unchecked; with a known `id` it edits only the given fields and moves no time.
pub fn seed(state: &mut State, body: &Value) -> Told {
    let name = body.get("module").or_else(|| body.get("object")).and_then(Value::as_str).unwrap_or_default();
    let module = state.any_module(name).cloned().ok_or_else(|| format!("no such module: {name:?}"))?;
    let single = body.get("record").cloned().map(|record| vec![record]);
    let rows = body.get("records").and_then(Value::as_array).cloned().or(single);
    let mut seeded = Vec::new();
    for row in rows.ok_or("records is missing")? {
        let Value::Object(given) = row else { return Err("a record must be an object".to_owned()) };
        let mut fields = Map::new();
        for (name, value) in given {
            let value = if name == "id" || name.starts_with('$') {
                value
            } else {
                let field = module.field(&name);
                stored(field.ok_or_else(|| format!("{} has no field {name}", module.api_name))?, value)?
            };
            fields.insert(name, value);
        }
        let id = fields.get("id").and_then(Value::as_str).unwrap_or_default();
        let Some(mut known) = state.store.get(&module.api_name, id).cloned() else {
            seeded.push(seed::add(state, &module.api_name, Value::Object(fields)));
            continue;
        };
        for (name, value) in fields {
            if value.is_null() { drop(known.remove(&name)) } else { drop(known.insert(name, value)) }
        }
        super::write::complete(&mut known);
        seeded.push(text(&known, "id").to_owned());
        state.store.put(&module.api_name, known);
    }
    Ok(json!({"ids": seeded}))
}

/// Removes records for good.
pub fn purge(state: &mut State, call: &Call) -> Told {
    let name = named(call)?.to_owned();
    let one = call.parameter("id");
    let gone: Vec<String> = state
        .store
        .rows(&name)
        .map(|row| text(row, "id").to_owned())
        .filter(|id| one.is_none_or(|one| one == id))
        .collect();
    for id in &gone {
        state.store.remove(&name, id);
    }
    Ok(json!({"removed": gone.len()}))
}

fn named(call: &Call) -> Result<&str, String> {
    call.parameter("module")
        .or_else(|| call.parameter("object"))
        .ok_or_else(|| "module is missing".to_owned())
}

/// A seeded value in the form in which rows keep it; nothing else is checked.
fn stored(field: &Field, value: Value) -> Told {
    match (field.kind, &value) {
        (Kind::Datetime, Value::String(text)) => times::parse_datetime(text)
            .map(|seconds| json!(seconds))
            .ok_or_else(|| format!("not a datetime: {text}")),
        (Kind::Lookup | Kind::Ownerlookup, value) if !value.is_null() => {
            ids::inside(value).map(Value::String).ok_or_else(|| format!("not an id: {value}"))
        }
        _ => Ok(value),
    }
}

/// A row as it is told: ids are plain, times are in UTC, and what is deleted says so.
fn plain(module: Option<&Module>, row: &Row) -> Value {
    let mut told = Map::new();
    for (name, value) in row.iter().filter(|(name, _)| *name != CONTENT) {
        let is_time = name == DELETED
            || module.and_then(|module| module.field(name)).is_some_and(|field| field.kind == Kind::Datetime);
        let at = value.as_i64().filter(|_| is_time);
        let shown = at.map_or_else(|| value.clone(), |at| json!(times::stamp(at, &jiff::tz::TimeZone::UTC)));
        told.insert(name.clone(), shown);
    }
    told.insert("$deleted".to_owned(), json!(is_deleted(row)));
    Value::Object(told)
}
