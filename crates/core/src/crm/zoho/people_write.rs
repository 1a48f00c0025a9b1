//! Making and changing people.
//!
//! `trigger` is always sent, and empty: without it a written record runs the customer's workflow rules, approvals and
//! blueprints, and everybody who was synchronised would be sent the mail that welcomes new leads. No layout is named: it
//! would drop the fields that are not on it. A new record without an owner is the connected user's.
//!
//! `If-Unmodified-Since` holds for a whole request, so it is sent where there is one record in it.
//! <https://www.zoho.com/crm/developer/docs/api/v8/insert-records.html>
//! <https://www.zoho.com/crm/developer/docs/api/v8/update-records.html>

use serde_json::{Map, Value, json};

use super::{
    batch, modules, person,
    verdict::{Asked, What},
    wire,
};
use crate::{
    crm::{Answer, Org, PersonWrite, Request, Response},
    lane::Verdict,
    record::{FieldProfile, PersonField},
};

fn places(writes: &[PersonWrite]) -> Vec<usize> {
    // New records have no name to be met by: each place is its own.
    let names: Vec<String> = (0..writes.len()).map(|place| format!("new {place}")).collect();
    let ways = writes.iter().zip(&names).map(|(write, new)| {
        ((write.module, write.id.is_some(), write.sets_off), write.id.as_deref().unwrap_or(new))
    });
    batch::places(ways)
}

pub(super) fn request(org: &Org, writes: &[PersonWrite]) -> Request {
    let places = places(writes);
    let Some(first) = places.first().map(|place| &writes[*place]) else { return wire::idle(org) };
    let records: Vec<_> = places.iter().map(|place| record(org, &writes[*place])).collect();
    let method = if first.id.is_some() { "PUT" } else { "POST" };
    // Left out, everything would run: approvals and blueprints too.
    let trigger = if first.sets_off { json!(["workflow"]) } else { json!([]) };
    let body = json!({"data": records, "trigger": trigger});
    let mut request = wire::send(method, org, modules::api_name(&first.module), &[], &body);
    if let (Some(since), 1) = (first.unmodified_since.filter(|_| first.id.is_some()), places.len()) {
        request.headers.push(("if-unmodified-since", wire::instant(since)));
    }
    request
}

fn record(org: &Org, write: &PersonWrite) -> Value {
    let profile = person::profile(org, write.module);
    let mut record = Map::new();
    if let Some(id) = &write.id {
        record.insert("id".to_owned(), id.as_str().into());
    }
    for (field, value) in &write.fields {
        let Some(name) = modules::field_name(&write.module, profile, field) else { continue };
        let described = profile.and_then(|profile| profile.field(name));
        // A field that the describe no longer shows, or shows as read-only, is left out: one hidden field must not keep a
        // person from being written. What connecting needs is checked by the describe.
        let may_set =
            |known: &FieldProfile| if write.id.is_none() { known.is_createable } else { known.is_updateable };
        if profile.is_some() && !described.is_some_and(may_set) {
            continue;
        }
        let name = described.map_or(name, |known| known.name.as_str());
        record.insert(name.to_owned(), typed(field, described, value));
    }
    Value::Object(record)
}

/// A text as the field wants it. Blank clears the field; what does not fit its type is sent as it is, and refused by name.
fn typed(field: &PersonField, described: Option<&FieldProfile>, value: &str) -> Value {
    if value.is_empty() {
        return Value::Null;
    }
    let as_text = || Value::from(value);
    if matches!(field, PersonField::Owner) {
        return json!({"id": value});
    }
    match described.map(|known| known.kind.as_str()) {
        Some("reference") => json!({"id": value}),
        Some("boolean") => value.parse::<bool>().map_or_else(|_| as_text(), Value::from),
        Some("int") => value.parse::<i64>().map_or_else(|_| as_text(), Value::from),
        Some("double" | "currency" | "percent") => {
            value.parse::<f64>().map_or_else(|_| as_text(), Value::from)
        }
        Some("multipicklist") => {
            value.split(';').map(str::trim).filter(|choice| !choice.is_empty()).collect()
        }
        _ => as_text(),
    }
}

pub(super) fn reply(writes: &[PersonWrite], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| {
        let write: &PersonWrite = &writes[place];
        let what = if write.id.is_none() { What::NewPerson } else { What::Person };
        Asked { allow_duplicate: write.allow_duplicate, ..Asked::of(what, write.module) }
    };
    let known = |place: usize| writes[place].id.clone().filter(|id| wire::is_id(id));
    batch::outcomes(writes.len(), &places(writes), response, asked, known)
}
