//! People changed since an instant: for each module the changed records, then the deleted ones.
//!
//! Records come in the order of their changes and go on by a token, which is good for a day and for the same request only;
//! one that is refused makes the reading begin again. Merged records are in the list of the deleted, without a word of what
//! they became. The reading reaches up to the `Date` of the first answer: Zoho's clock, not ours.
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-records.html>
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-deleted-records.html>

use std::time::Duration;

use serde_json::Value;

use super::{
    modules, person,
    wire::{self, instant_at, text},
};
use crate::{
    crm::{Answer, Call, Changes, Org, Request, Response},
    lane::Verdict,
    record::{Module, ModuleProfile, PersonRecord, RecordRef},
    time::Timestamp,
};

/// The steps of a module: its changed records, then its deleted ones.
const STEPS: usize = 2;

/// Does the present request read deleted records?
pub(super) fn is_of_deleted(changes: &Changes) -> bool {
    changes.step % 2 == 1
}

/// The module that is read now.
fn place<'a>(org: &'a Org, changes: &Changes) -> Option<(Module, &'a ModuleProfile)> {
    let modules = person::modules(&changes.modules).into_iter();
    let mut readable = modules.filter_map(|module| Some((module, person::profile(org, module)?)));
    readable.nth(usize::try_from(changes.step).ok()? / STEPS)
}

pub(super) fn request(org: &Org, changes: &Changes) -> Request {
    let Some((module, profile)) = place(org, changes) else { return wire::idle(org) };
    let name = modules::api_name(&module);
    let rows = wire::ROWS.to_string();
    let page = changes.page.as_deref();
    let mut request = if is_of_deleted(changes) {
        let page = page.filter(|page| wire::is_id(page)).unwrap_or("1");
        wire::get(org, &format!("{name}/deleted"), &[("type", "all"), ("page", page), ("per_page", &rows)])
    } else {
        let fields = person::selected(profile, &[]).join(",");
        let mut query = vec![
            ("fields", fields.as_str()),
            ("sort_by", "Modified_Time"),
            ("sort_order", "asc"),
            ("per_page", &rows),
        ];
        if module == Module::Lead {
            query.push(("converted", "both"));
        }
        query.extend(page.map(|token| ("page_token", token)));
        wire::get(org, name, &query)
    };
    // It tells what was changed after; the instant itself is wanted too.
    let since = changes.since.minus(Duration::from_secs(1));
    request.headers.push(("if-modified-since", wire::instant(since)));
    request
}

pub(super) fn reply(org: &Org, changes: &Changes, response: &Response) -> Result<Answer, Verdict> {
    person::readable(org, &person::modules(&changes.modules))?;
    let mut next = changes.clone();
    // Without a time from Zoho the cursor stays where it is: repetition is harmless, a gap is not.
    let until = changes.until.or(response.date()).unwrap_or(changes.since).max(changes.since);
    next.until = Some(until);
    let Some((module, profile)) = place(org, changes) else {
        return Ok(Answer::Changed(next.found, until));
    };
    let page = match wire::page(response, "data") {
        Ok(page) => page,
        Err(_) if is_lost(response) => {
            let again =
                Changes { modules: changes.modules.clone(), since: changes.since, ..Changes::default() };
            return Ok(Answer::More(Call::ChangedPeople(again), Some(Duration::from_secs(1))));
        }
        Err(verdict) => return Err(verdict),
    };
    let is_of_deleted = is_of_deleted(changes);
    let decode = |row: &Value| {
        if is_of_deleted { deleted(module, row) } else { person::decode(profile, module, row, &[]) }
    };
    next.found.extend(page.rows.iter().filter_map(decode));
    next.page = match (page.goes_on, is_of_deleted) {
        (true, true) => {
            let read = changes.page.as_deref().and_then(|page| page.parse::<u64>().ok()).unwrap_or(1);
            Some(read.saturating_add(1).to_string())
        }
        (true, false) => page.token,
        (false, _) => None,
    };
    if next.page.is_none() {
        next.step = next.step.saturating_add(1);
    }
    if place(org, &next).is_some() {
        return Ok(Answer::More(Call::ChangedPeople(next), None));
    }
    // Who was changed and then deleted is deleted.
    next.found.reverse();
    Ok(Answer::Changed(person::merged(next.found), until))
}

/// The place in a reading is lost: too old, another's, or too far.
fn is_lost(response: &Response) -> bool {
    const LOST: [&str; 3] =
        ["EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH", "DISCRETE_PAGINATION_LIMIT_EXCEEDED"];
    wire::is_refused_with(response, &LOST)
}

/// Of a deleted record no more is told than which it was.
fn deleted(module: Module, row: &Value) -> Option<PersonRecord> {
    let at: Timestamp = instant_at(row, "deleted_time");
    Some(PersonRecord {
        record: RecordRef { module, id: wire::id(row)? },
        name: text(row, "display_name").unwrap_or_default().to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        phones: Vec::new(),
        emails: Vec::new(),
        country: None,
        owner_id: String::new(),
        status: None,
        description: None,
        extra: std::collections::BTreeMap::new(),
        converted_to: None,
        is_converted: false,
        is_deleted: true,
        merged_into: None,
        modified_at: at,
        created_at: at,
    })
}
