//! Was an entry written whose answer was lost? Its text is looked for: it carries our key.
//!
//! Notes cannot be queried, so those of the record are read, the newest first: what is looked for was written lately, and
//! stands among the newest two hundred. Tasks are queried by their record and by when they were made, since a record may
//! have been merged or converted meanwhile; neither answer comes from an index that lags. Several that carry the key: the
//! first made counts.
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-notes.html>

use std::{collections::BTreeMap, time::Duration};

use super::{coql, entries, modules, people_read, wire};
use crate::{
    crm::{Answer, Call, EntryRecord, KeyedEntry, Org, Request, Response},
    lane::Verdict,
    record::{EntryKind, Module, RecordRef},
};

/// How far the CRM's clock may be behind ours.
const CLOCKS_DIFFER: Duration = Duration::from_hours(1);

/// The keys that one request looks for, and what is left for others.
fn batch(keyed: &[KeyedEntry]) -> (Vec<KeyedEntry>, Vec<KeyedEntry>) {
    let can_be_read = |entry: &&KeyedEntry| wire::is_id(&entry.who.id);
    let Some(first) = keyed.iter().find(can_be_read) else { return (Vec::new(), Vec::new()) };
    let goes = |entry: &KeyedEntry| match first.kind {
        EntryKind::Note => entry.kind == EntryKind::Note && entry.who == first.who,
        EntryKind::Task => entry.kind == EntryKind::Task,
    };
    let (now, mut rest): (Vec<_>, Vec<_>) = keyed.iter().filter(can_be_read).cloned().partition(goes);
    let mut now = now;
    if first.kind == EntryKind::Task {
        rest.extend(now.split_off(coql::VALUES.min(now.len())));
    }
    (now, rest)
}

pub(super) fn request(org: &Org, keyed: &[KeyedEntry]) -> Request {
    let (now, _) = batch(keyed);
    let Some(first) = now.first() else { return wire::idle(org) };
    match first.kind {
        EntryKind::Note => notes(org, &first.who),
        EntryKind::Task => coql::request(org, &tasks(&now)),
    }
}

fn notes(org: &Org, who: &RecordRef) -> Request {
    let rows = wire::ROWS.to_string();
    let query =
        [("fields", entries::NOTE), ("per_page", &rows), ("sort_by", "Created_Time"), ("sort_order", "desc")];
    wire::get(org, &format!("{}/{}/Notes", modules::api_name(&who.module), who.id), &query)
}

fn tasks(keyed: &[KeyedEntry]) -> String {
    let ids = |is_contact: bool| {
        let of = keyed.iter().filter(|entry| (entry.who.module == Module::Contact) == is_contact);
        let mut ids: Vec<String> = of.map(|entry| entry.who.id.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    let since = keyed.iter().map(|entry| entry.since).min().unwrap_or_default().minus(CLOCKS_DIFFER);
    let mut near = vec![format!("Created_Time >= {}", coql::instant(since))];
    for (field, ids) in [("Who_Id", ids(true)), ("What_Id", ids(false))] {
        near.extend(coql::among(field, &ids));
    }
    coql::select(&entries::TASK.map(str::to_owned), "Tasks", &coql::any(&near), 0)
}

pub(super) fn reply(keyed: &[KeyedEntry], response: &Response) -> Result<Answer, Verdict> {
    let (now, rest) = batch(keyed);
    let Some(first) = now.first() else { return Ok(Answer::Keyed(BTreeMap::new())) };
    // The record is gone, and its notes with it.
    let rows = people_read::rows(response)?;
    let mut found: BTreeMap<String, EntryRecord> = BTreeMap::new();
    for entry in rows.iter().filter_map(|row| entries::decode(first.kind, row)) {
        for wanted in now.iter().filter(|wanted| carries(&entry, &wanted.key)) {
            let rank = |entry: &EntryRecord| (entry.created_at, entry.id.len(), entry.id.clone());
            if found.get(&wanted.key).is_none_or(|known| rank(&entry) < rank(known)) {
                found.insert(
                    wanted.key.clone(),
                    EntryRecord { key: Some(wanted.key.clone()), ..entry.clone() },
                );
            }
        }
    }
    let found = Answer::Keyed(found);
    if rest.is_empty() {
        return Ok(found);
    }
    Ok(Answer::Part(Box::new(found), Box::new(Call::VerifyEntries(rest))))
}

/// Does the whole key stand in the text, and not as the beginning of a longer one?
fn carries(entry: &EntryRecord, key: &str) -> bool {
    let goes_on =
        |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '-');
    !key.is_empty() && entry.body.split(key).skip(1).any(|rest| !goes_on(rest))
}
