//! Entries are Tasks that are done: written by key, found by key, read and changed by id.
//!
//! With an external-id field a new entry is an upsert by it, which repeats harmlessly. Without one, the key
//! goes into `CallObject`, and the caller asks before it writes again. An entry that has an id is changed by id only: an
//! upsert would revive what a person deleted. `WhatId` is never set (a lead refuses it), and `TaskSubtype`
//! only where the record is certainly made: it cannot be changed, and an upsert may turn out to be a change.
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_task.htm>

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use super::{
    collections::{self, Group},
    composite::{self, Part},
    describe::TOKEN,
    ids,
    person::{instant, text},
    rows, soql,
    verdict::{Asked, What},
};
use crate::{
    crm::{Answer, EntryRecord, EntryWrite, KeyedEntry, Org, Response, Sought},
    lane::Verdict,
    record::{EntryKeying, EntryKind, Module, ModuleProfile},
    timeline::Direction,
};

fn profile(org: &Org) -> Option<&ModuleProfile> {
    org.profile.as_ref()?.modules.get(&Module::Task)
}

fn keying(org: &Org) -> Option<&EntryKeying> {
    org.profile.as_ref()?.keying(EntryKind::Task)
}

fn key_field(org: &Org) -> Option<&str> {
    match keying(org) {
        Some(EntryKeying::External(field)) => Some(field),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    New,
    Change,
}

fn groups(writes: &[EntryWrite]) -> Vec<Group<Way>> {
    collections::groups(writes.iter().map(|write| match &write.id {
        Some(id) => (Way::Change, Some(id.as_str())),
        None => (Way::New, Some(write.key.as_str())),
    }))
}

pub(super) fn write_parts(org: &Org, writes: &[EntryWrite]) -> Vec<Part> {
    groups(writes)
        .into_iter()
        .map(|group| {
            let records: Vec<_> = group.places.iter().map(|place| record(org, &writes[*place])).collect();
            let headers = vec![("sforce-auto-assign", "FALSE".to_owned())];
            let body = json!({"allOrNone": false, "records": records});
            let (method, resource) = match (group.way, key_field(org)) {
                (Way::Change, _) => ("PATCH", "composite/sobjects".to_owned()),
                (Way::New, Some(field)) => ("PATCH", format!("composite/sobjects/Task/{field}")),
                (Way::New, None) => ("POST", "composite/sobjects".to_owned()),
            };
            Part::send(method, org, &resource, headers, body)
        })
        .collect()
}

fn record(org: &Org, write: &EntryWrite) -> Value {
    let is_new = write.id.is_none();
    let mut record = Map::new();
    record.insert("attributes".to_owned(), json!({"type": "Task"}));
    if let Some(id) = &write.id {
        record.insert("id".to_owned(), id.as_str().into());
    }
    let mut set = |name: &str, value: Value| {
        let may = profile(org).is_none_or(|profile| {
            profile
                .field(name)
                .is_some_and(|field| if is_new { field.is_createable } else { field.is_updateable })
        });
        if may {
            record.insert(name.to_owned(), value);
        }
    };
    let blank_is_null = |value: &str| if value.is_empty() { Value::Null } else { value.into() };

    set("WhoId", write.who.id.as_str().into());
    set("Subject", blank_is_null(&write.subject));
    set("Description", blank_is_null(&write.body));
    set("ActivityDate", blank_is_null(&write.date));
    if let Some(owner) = &write.owner_id {
        set("OwnerId", owner.as_str().into());
    }
    let call_type = write.direction.map(|direction| match direction {
        Direction::In => "Inbound",
        Direction::Out => "Outbound",
    });
    match call_type {
        Some(value) if accepts(org, "CallType", value) => set("CallType", value.into()),
        // Both ways by now: what an earlier revision said is no longer true.
        None if !is_new => set("CallType", Value::Null),
        _ => {}
    }
    if is_new {
        let status = org.profile.as_ref().map_or(Some("Completed"), |profile| {
            profile.entries.get(&EntryKind::Task)?.done_status.as_deref()
        });
        if let Some(status) = status {
            set("Status", status.into());
        }
        if accepts(org, "Priority", "Normal") {
            set("Priority", "Normal".into());
        }
        // An org's default may add a reminder.
        set("IsReminderSet", false.into());
        set(TOKEN, write.key.as_str().into());
        match key_field(org) {
            Some(field) => set(field, write.key.as_str().into()),
            None if accepts(org, "TaskSubtype", "Task") => set("TaskSubtype", "Task".into()),
            None => {}
        }
    }
    Value::Object(record)
}

/// Whether a choice is among those of a field, or may be given all the same.
fn accepts(org: &Org, name: &str, value: &str) -> bool {
    profile(org)
        .and_then(|profile| profile.field(name))
        .is_none_or(|field| field.choices.is_empty() || field.choices.iter().any(|choice| choice == value))
}

pub(super) fn write_reply(org: &Org, writes: &[EntryWrite], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| {
        let what = if writes[place].id.is_none() { What::NewEntry } else { What::Entry };
        Asked { key_field: key_field(org), ..Asked::of(what) }
    };
    let known = |place: usize| writes[place].id.as_deref().and_then(ids::full);
    collections::outcomes(writes.len(), &groups(writes), response, asked, known)
}

fn select(org: &Org, condition: &str) -> String {
    let is_visible = |name: &&str| profile(org).is_none_or(|profile| profile.field(name).is_some());
    let always = ["Id", "IsDeleted", "CreatedDate", "LastModifiedDate"];
    let visible =
        ["WhoId", "Subject", "Description", TOKEN].into_iter().chain(key_field(org)).filter(is_visible);
    let fields: Vec<_> = always.into_iter().chain(visible).collect();
    format!("SELECT {} FROM Task WHERE {condition} ORDER BY CreatedDate, Id", fields.join(", "))
}

/// Deleted entries are asked for too, so that they are not taken for missing. The token is looked for where there is a
/// field for the key as well: what was tried before somebody added that field bears the token alone.
pub(super) fn verify_parts(org: &Org, keyed: &[KeyedEntry]) -> Vec<Part> {
    let has_token = profile(org).is_none_or(|profile| profile.field(TOKEN).is_some());
    keyed
        .chunks(rows::LIST)
        .map(|chunk| {
            let keys: Vec<_> = chunk.iter().map(|entry| soql::literal(&entry.key)).collect();
            let by_field = key_field(org).map(|field| soql::among(&[field], &keys));
            let condition = match by_field {
                Some(by_field) if has_token => format!("({by_field} OR ({}))", by_token(chunk, &keys)),
                Some(by_field) => by_field,
                None => by_token(chunk, &keys),
            };
            Part::query_all(org, &select(org, &condition))
        })
        .collect()
}

/// How far the CRM's clock may be behind ours.
const CLOCKS_DIFFER: Duration = Duration::from_hours(24);

/// `CallObject` has no index. `CreatedDate` has, and nothing is made before it is first attempted; `WhoId` has, but an entry
/// does not stay on a record that is merged or converted. Either finds what a clock that was set would hide from the other.
fn by_token(keyed: &[KeyedEntry], keys: &[String]) -> String {
    let since = keyed.iter().map(|entry| entry.since).min().unwrap_or_default().minus(CLOCKS_DIFFER);
    let on = keyed.iter().flat_map(|entry| &entry.on);
    let mut people: Vec<_> = on.filter_map(|record| ids::full(&record.id)).collect();
    people.sort();
    people.dedup();
    let people: Vec<_> = people.iter().map(|id| soql::literal(id)).collect();
    let mut near = format!("CreatedDate >= {}", soql::instant(since));
    if !people.is_empty() {
        near = format!("({near} OR {})", soql::among(&["WhoId"], &people));
    }
    format!("{near} AND {}", soql::among(&[TOKEN], keys))
}

pub(super) fn verify_reply(org: &Org, keyed: &[KeyedEntry], response: &Response) -> Result<Answer, Verdict> {
    let parts = verify_parts(org, keyed);
    let mut found: BTreeMap<String, EntryRecord> = BTreeMap::new();
    for entry in records(org, &parts, response)? {
        // Salesforce compares text in any case; keys are told apart by the caller's spelling.
        let Some(key) = entry.key.clone().filter(|key| keyed.iter().any(|wanted| wanted.key == *key)) else {
            continue;
        };
        let rank = |entry: &EntryRecord| (entry.is_deleted, entry.created_at, entry.id.clone());
        if found.get(&key).is_none_or(|known| rank(&entry) < rank(known)) {
            found.insert(key, entry);
        }
    }
    Ok(Answer::Keyed(found.into_iter().map(|(key, entry)| (key, Sought::Found(entry))).collect()))
}

fn full_ids(entry_ids: &[String]) -> Vec<String> {
    let mut wanted: Vec<_> = entry_ids.iter().filter_map(|id| ids::full(id)).collect();
    wanted.sort();
    wanted.dedup();
    wanted
}

pub(super) fn read_parts(org: &Org, entry_ids: &[String]) -> Vec<Part> {
    full_ids(entry_ids)
        .chunks(rows::LIST)
        .map(|chunk| {
            let list: Vec<_> = chunk.iter().map(|id| soql::literal(id)).collect();
            Part::query_all(org, &select(org, &soql::among(&["Id"], &list)))
        })
        .collect()
}

pub(super) fn read_reply(org: &Org, entry_ids: &[String], response: &Response) -> Result<Answer, Verdict> {
    Ok(Answer::Entries(records(org, &read_parts(org, entry_ids), response)?))
}

fn records(org: &Org, parts: &[Part], response: &Response) -> Result<Vec<EntryRecord>, Verdict> {
    let mut records = Vec::new();
    if parts.is_empty() {
        return Ok(records);
    }
    for piece in composite::pieces(parts.len(), composite::is_alone(parts), response, &Asked::READ)? {
        let rows = rows::whole(piece.content(&Asked::READ)?)?;
        records.extend(rows.iter().filter_map(|row| decode(org, row)));
    }
    Ok(records)
}

fn decode(org: &Org, row: &Value) -> Option<EntryRecord> {
    let owned = |name: &str| text(row, name).map(str::to_owned);
    Some(EntryRecord {
        id: ids::full(text(row, "Id")?)?,
        key: key_field(org).and_then(owned).or_else(|| owned(TOKEN)),
        who_id: text(row, "WhoId").and_then(ids::full),
        subject: owned("Subject").unwrap_or_default(),
        body: owned("Description").unwrap_or_default(),
        is_deleted: row.get("IsDeleted").and_then(Value::as_bool).unwrap_or(false),
        created_at: instant(row, "CreatedDate"),
        modified_at: instant(row, "LastModifiedDate"),
    })
}
