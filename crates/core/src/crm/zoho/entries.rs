//! Entries are notes on a person's record, or tasks that are done: written, changed and read.
//!
//! Neither has a field that could carry our key, so their texts do, in the address of the conversation; see
//! [`verify`](super::verify) for how a lost answer is found again. A note belongs to one record for good, and no more than its
//! title and text can be changed. Notes can be listed by administrators only, so each is read by itself.
//! <https://www.zoho.com/crm/developer/docs/api/v8/create-notes.html>

use serde_json::{Map, Value, json};

use super::{
    batch, modules, people_read,
    verdict::{Asked, What},
    wire::{self, instant_at, text},
};
use crate::{
    crm::{Answer, Call, EntryRecord, EntryWrite, Org, Request, Response},
    lane::Verdict,
    record::{EntryKind, Module},
};

/// What is read of a note, and of a task.
pub(super) const NOTE: &str = "Note_Title,Note_Content,Parent_Id,Created_Time,Modified_Time";
pub(super) const TASK: [&str; 6] =
    ["Subject", "Description", "Who_Id", "What_Id", "Created_Time", "Modified_Time"];

fn places(writes: &[EntryWrite]) -> Vec<usize> {
    batch::places(writes.iter().map(|write| {
        let way = (write.kind, write.id.is_some());
        (way, write.id.as_deref().unwrap_or(&write.key))
    }))
}

pub(super) fn write(org: &Org, writes: &[EntryWrite]) -> Request {
    let places = places(writes);
    let Some(first) = places.first().map(|place| &writes[*place]) else { return wire::idle(org) };
    let records: Vec<_> = places
        .iter()
        .map(|place| match first.kind {
            EntryKind::Note => note(&writes[*place]),
            EntryKind::Task => task(org, &writes[*place]),
        })
        .collect();
    let mut body = json!({"data": records});
    if first.kind == EntryKind::Task {
        // As with people: nothing that the customer has automated is set off.
        body["trigger"] = json!([]);
    }
    let method = if first.id.is_some() { "PUT" } else { "POST" };
    wire::send(method, org, modules::api_name(&first.kind.module()), &[], &body)
}

fn note(write: &EntryWrite) -> Value {
    let mut note = json!({"Note_Title": write.subject, "Note_Content": write.body});
    if let Some(id) = &write.id {
        note["id"] = id.as_str().into();
    } else {
        let module = modules::api_name(&write.who.module);
        note["Parent_Id"] = json!({"module": {"api_name": module}, "id": write.who.id});
    }
    note
}

fn task(org: &Org, write: &EntryWrite) -> Value {
    let profile = org.profile.as_ref();
    let described = profile.and_then(|profile| profile.modules.get(&Module::Task));
    let is_new = write.id.is_none();
    let mut task = Map::new();
    if let Some(id) = &write.id {
        task.insert("id".to_owned(), id.as_str().into());
    }
    let mut set = |name: &str, value: Value| {
        let may = described.is_none_or(|tasks| {
            tasks
                .field(name)
                .is_some_and(|field| if is_new { field.is_createable } else { field.is_updateable })
        });
        if may {
            task.insert(name.to_owned(), value);
        }
    };
    let blank_is_null = |value: &str| if value.is_empty() { Value::Null } else { value.into() };
    set("Subject", blank_is_null(&write.subject));
    set("Description", blank_is_null(&write.body));
    set("Due_Date", blank_is_null(&write.date));
    if !is_new {
        return Value::Object(task);
    }
    if let Some(owner) = &write.owner_id {
        set("Owner", json!({"id": owner}));
    }
    let entry = profile.and_then(|profile| profile.entries.get(&EntryKind::Task));
    if let Some(status) = entry.and_then(|entry| entry.done_status.as_deref()) {
        set("Status", status.into());
    }
    // A contact is who a task is with; any other record is what it is about, and has to be said of which module.
    if write.who.module == Module::Contact {
        set("Who_Id", json!({"id": write.who.id}));
    } else {
        set("What_Id", json!({"id": write.who.id}));
        task.insert("$se_module".to_owned(), modules::api_name(&write.who.module).into());
    }
    Value::Object(task)
}

pub(super) fn written(writes: &[EntryWrite], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| {
        let write: &EntryWrite = &writes[place];
        let what = if write.id.is_none() { What::NewEntry } else { What::Entry };
        Asked::of(what, write.kind.module())
    };
    let known = |place: usize| writes[place].id.clone().filter(|id| wire::is_id(id));
    batch::outcomes(writes.len(), &places(writes), response, asked, known)
}

/// The ids that one reading asks for, and what is left for others.
fn batch(kind: EntryKind, ids: &[String]) -> (Vec<String>, Vec<String>) {
    let most = match kind {
        EntryKind::Note => 1,
        EntryKind::Task => wire::RECORDS,
    };
    let mut wanted: Vec<String> = Vec::new();
    for id in ids.iter().filter(|id| wire::is_id(id)) {
        if !wanted.contains(id) {
            wanted.push(id.clone());
        }
    }
    let rest = wanted.split_off(most.min(wanted.len()));
    (wanted, rest)
}

pub(super) fn read(org: &Org, kind: EntryKind, ids: &[String]) -> Request {
    let (now, _) = batch(kind, ids);
    match (kind, now.first()) {
        (_, None) => wire::idle(org),
        (EntryKind::Note, Some(id)) => wire::get(org, &format!("Notes/{id}"), &[("fields", NOTE)]),
        (EntryKind::Task, Some(_)) => people_read::by_ids(org, Module::Task, &now, &TASK.map(str::to_owned)),
    }
}

pub(super) fn read_reply(kind: EntryKind, ids: &[String], response: &Response) -> Result<Answer, Verdict> {
    let (now, rest) = batch(kind, ids);
    if now.is_empty() {
        return Ok(Answer::Entries(Vec::new()));
    }
    let found = people_read::rows(response)?;
    let found = found.iter().filter_map(|row| decode(kind, row)).filter(|entry| now.contains(&entry.id));
    let found = Answer::Entries(found.collect());
    Ok(found.and((!rest.is_empty()).then_some(Call::ReadEntries { kind, ids: rest })))
}

/// A row as an entry. What is gone is in no answer.
pub(super) fn decode(kind: EntryKind, row: &Value) -> Option<EntryRecord> {
    let (subject, body) = match kind {
        EntryKind::Note => ("Note_Title", "Note_Content"),
        EntryKind::Task => ("Subject", "Description"),
    };
    let owned = |name: &str| text(row, name).unwrap_or_default().to_owned();
    // Before version 5 the parent of a note was its id alone.
    let stands_on = |name: &str| row.get(name).and_then(wire::id).or_else(|| wire::id_at(row, name));
    Some(EntryRecord {
        id: wire::id(row)?,
        key: None,
        who_id: ["Parent_Id", "Who_Id", "What_Id"].into_iter().find_map(stands_on),
        subject: owned(subject),
        body: owned(body),
        is_deleted: false,
        created_at: instant_at(row, "Created_Time"),
        modified_at: instant_at(row, "Modified_Time"),
    })
}
