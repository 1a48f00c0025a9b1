//! Was an entry written whose answer was lost? Its text is looked for: it carries our key.
//!
//! Nothing is made before it is first attempted, so what was made since then is looked through, and all of it, page after
//! page. Notes cannot be queried: those of each record where they may stand are listed. A list may cut long texts, so a long
//! note is read by itself before it is judged. Tasks are queried by when they were made, whatever they stand on by now. Neither
//! answer comes from an index that lags. Several that carry the key: the first made counts. A search that does not come to its
//! end says so, and takes nothing for missing.
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-notes.html>

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{coql, entries, modules, people_read, wire};
use crate::{
    crm::{Answer, Call, EntryRecord, KeyedEntry, Org, Request, Response, Sought},
    lane::Verdict,
    record::{EntryKind, RecordRef},
    time::Timestamp,
};

/// How far what we know of the CRM's clock may be wrong.
const CLOCKS_DIFFER: Duration = Duration::from_hours(1);

/// From so many characters on, the text of a note in a list may have been cut.
const LISTED: usize = 500;

/// After so many pages a search is given up as not finished.
const MOST_PAGES: u32 = 100;

/// Where a search stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Place {
    /// Pages that were read.
    read: u32,
    /// Where the next one is, if the answer told.
    token: Option<String>,
    /// All pages are read; what is left is in `long`.
    is_listed: bool,
    /// Notes that are to be read by themselves.
    long: Vec<String>,
}

/// What the present request looks for, and where.
struct Search<'a> {
    kind: EntryKind,
    /// The record whose notes are listed.
    on: Option<&'a RecordRef>,
    /// The keys.
    now: Vec<&'a KeyedEntry>,
    place: Place,
}

/// What an answer brought, and where the search goes on.
struct Brought {
    entries: Vec<EntryRecord>,
    next: Next,
}

enum Next {
    /// Everything was looked through.
    Done,
    Goes(Place),
    /// There is more, and no way to it.
    Lost(&'static str),
}

impl<'a> Search<'a> {
    fn of(keyed: &'a [KeyedEntry], page: Option<&str>) -> Option<Self> {
        let place = page.and_then(|page| serde_json::from_str(page).ok()).unwrap_or_default();
        let readable = |entry: &'a KeyedEntry| entry.on.iter().find(|record| wire::is_id(&record.id));
        let first = keyed.iter().find(|entry| entry.kind == EntryKind::Task || readable(entry).is_some())?;
        let on = (first.kind == EntryKind::Note).then(|| readable(first)).flatten();
        let goes = |entry: &&KeyedEntry| {
            entry.kind == first.kind && on.is_none_or(|record| entry.on.contains(record))
        };
        Some(Self { kind: first.kind, on, now: keyed.iter().filter(goes).collect(), place })
    }

    /// Before this, none of them was made.
    fn since(&self) -> Timestamp {
        self.now.iter().map(|entry| entry.since).min().unwrap_or_default().minus(CLOCKS_DIFFER)
    }

    /// The note that is read by itself now.
    fn single(&self) -> Option<&str> {
        self.place.long.first().filter(|id| self.place.is_listed && wire::is_id(id)).map(String::as_str)
    }

    fn request(&self, org: &Org) -> Request {
        match (self.on, self.single()) {
            (_, Some(id)) => wire::get(org, &format!("Notes/{id}"), &[("fields", entries::NOTE)]),
            (Some(record), None) => self.notes(org, record),
            (None, None) => coql::request(org, &self.tasks()),
        }
    }

    fn notes(&self, org: &Org, record: &RecordRef) -> Request {
        let (rows, number) = (wire::ROWS.to_string(), self.place.read.saturating_add(1).to_string());
        let mut query = vec![
            ("fields", entries::NOTE),
            ("per_page", &rows),
            ("sort_by", "Created_Time"),
            ("sort_order", "desc"),
        ];
        match &self.place.token {
            Some(token) => query.push(("page_token", token)),
            None if self.place.read > 0 => query.push(("page", &number)),
            None => {}
        }
        let path = format!("{}/{}/Notes", modules::api_name(&record.module), record.id);
        let mut request = wire::get(org, &path, &query);
        request.headers.push(("if-modified-since", wire::instant(self.since())));
        request
    }

    /// The oldest first: what is made meanwhile comes behind, and moves nothing from one page to another.
    fn tasks(&self) -> String {
        let (columns, since) = (entries::TASK.join(", "), coql::instant(self.since()));
        let (rows, from) = (wire::ROWS, wire::ROWS * self.place.read as usize);
        format!(
            "select {columns} from Tasks where Created_Time >= {since} order by Created_Time asc, id asc limit {from}, {rows}"
        )
    }

    fn read(&self, response: &Response) -> Result<Brought, Verdict> {
        if let Some(id) = self.single() {
            let rows = people_read::rows(response)?;
            let entries = self.decoded(&rows).into_iter().filter(|entry| entry.id == id).collect();
            let mut place = self.place.clone();
            place.long.remove(0);
            let next = if place.long.is_empty() { Next::Done } else { Next::Goes(place) };
            return Ok(Brought { entries, next });
        }
        if self.place.read > 0 && is_too_far(response) {
            return Ok(Brought { entries: Vec::new(), next: Next::Lost("Zoho CRM lists no further") });
        }
        let page = people_read::page(response)?;
        let entries = self.decoded(&page.rows);
        let since = self.since();
        let (long, short): (Vec<_>, Vec<_>) =
            entries.iter().cloned().partition(|entry| self.on.is_some() && is_long(entry));
        let mut place = self.place.clone();
        place.read = place.read.saturating_add(1);
        place.long.extend(long.into_iter().filter(|entry| entry.created_at >= since).map(|entry| entry.id));
        let next = if page.goes_on && !self.ends_with(&entries) {
            if page.rows.is_empty() || place.read >= MOST_PAGES {
                Next::Lost("too much was written in Zoho CRM since then to be looked through")
            } else {
                Next::Goes(Place { token: page.token, ..place })
            }
        } else if place.long.is_empty() {
            Next::Done
        } else {
            Next::Goes(Place { is_listed: true, token: None, ..place })
        };
        Ok(Brought { entries: short, next })
    }

    /// Do the notes of a page, the newest first, reach back to before anything that is looked for? Only if they are in that
    /// order can it be said.
    fn ends_with(&self, entries: &[EntryRecord]) -> bool {
        self.on.is_some()
            && entries.is_sorted_by(|one, two| one.created_at >= two.created_at)
            && entries.last().is_some_and(|last| last.created_at < self.since())
    }

    fn decoded(&self, rows: &[Value]) -> Vec<EntryRecord> {
        rows.iter().filter_map(|row| entries::decode(self.kind, row)).collect()
    }

    /// Which of the keys these entries carry; of several with one key the first made.
    fn found(&self, entries: &[EntryRecord]) -> BTreeMap<String, Sought> {
        let mut found = BTreeMap::new();
        for wanted in &self.now {
            let carrying = entries.iter().filter(|entry| carries(entry, &wanted.key));
            let first = carrying.min_by_key(|entry| (entry.created_at, entry.id.len(), entry.id.clone()));
            if let Some(first) = first {
                let record = EntryRecord { key: Some(wanted.key.clone()), ..first.clone() };
                found.insert(wanted.key.clone(), Sought::Found(record));
            }
        }
        found
    }

    /// What is still to be looked for once this search is over: what was not found here and may stand elsewhere, and what it
    /// was not about.
    fn left(&self, keyed: &[KeyedEntry], found: &BTreeMap<String, Sought>) -> Vec<KeyedEntry> {
        let mut left = Vec::new();
        for entry in keyed {
            if !self.now.contains(&entry) {
                left.push(entry.clone());
            } else if let Some(record) = self.on.filter(|_| !found.contains_key(&entry.key)) {
                let mut entry = entry.clone();
                entry.on.retain(|other| other != record && wire::is_id(&other.id));
                left.extend((!entry.on.is_empty()).then_some(entry));
            }
        }
        left
    }
}

pub(super) fn request(org: &Org, keyed: &[KeyedEntry], page: Option<&str>) -> Request {
    Search::of(keyed, page).map_or_else(|| wire::idle(org), |search| search.request(org))
}

pub(super) fn reply(
    keyed: &[KeyedEntry],
    page: Option<&str>,
    response: &Response,
) -> Result<Answer, Verdict> {
    let Some(search) = Search::of(keyed, page) else { return Ok(Answer::Keyed(BTreeMap::new())) };
    let Brought { entries, next } = search.read(response)?;
    let mut found = search.found(&entries);
    let (keyed, page) = match next {
        Next::Goes(place) => {
            let is_sought = |entry: &&KeyedEntry| search.on.is_some() || !found.contains_key(&entry.key);
            let rest: Vec<_> = keyed.iter().filter(is_sought).cloned().collect();
            // Tasks come the first made first: what is found needs no further page.
            let is_over = search.on.is_none() && !rest.iter().any(|entry| entry.kind == EntryKind::Task);
            (rest, if is_over { None } else { serde_json::to_string(&place).ok() })
        }
        Next::Done => (search.left(keyed, &found), None),
        Next::Lost(why) => {
            let left = search.left(keyed, &found);
            for entry in &search.now {
                found.entry(entry.key.clone()).or_insert_with(|| Sought::Unsure(why.to_owned()));
            }
            (left, None)
        }
    };
    let found = Answer::Keyed(found);
    if keyed.is_empty() {
        return Ok(found);
    }
    Ok(Answer::Part(Box::new(found), Box::new(Call::VerifyEntries { keyed, page })))
}

/// The list goes on, and Zoho does not go on with it: too far, or the place in it is lost.
fn is_too_far(response: &Response) -> bool {
    const LOST: [&str; 7] = [
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "PAGINATION_LIMIT_EXCEEDED",
        "TOKEN_BOUND_DATA_MISMATCH",
        "EXPIRED_VALUE",
        "LIMIT_EXCEEDED",
        "LIMIT_REACHED",
        "AMBIGUITY_DURING_PROCESSING",
    ];
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    response.status == 400
        && body.as_ref().and_then(wire::error_code).is_some_and(|code| LOST.contains(&code))
}

fn is_long(entry: &EntryRecord) -> bool {
    entry.body.chars().count() >= LISTED
}

/// Does the whole key stand in the text, and not as the beginning of a longer one?
fn carries(entry: &EntryRecord, key: &str) -> bool {
    let goes_on =
        |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '-');
    !key.is_empty() && entry.body.split(key).skip(1).any(|rest| !goes_on(rest))
}
