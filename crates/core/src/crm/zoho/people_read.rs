//! People by id. A list of ids is one reading for each module; who is not in the answer is gone, or not for us to see.
//!
//! Converted leads are hidden from lists that do not ask for them.
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-records.html>

use serde_json::Value;

use super::{modules, person, verdict, wire};
use crate::{
    crm::{Answer, Call, Org, Request, Response},
    lane::Verdict,
    record::{Module, RecordRef},
};

/// The ids that one reading asks for, and what is left for others.
pub(super) fn batch(org: &Org, records: &[RecordRef]) -> (Option<(Module, Vec<String>)>, Vec<RecordRef>) {
    let can_be_read =
        |record: &&RecordRef| wire::is_id(&record.id) && person::profile(org, record.module).is_some();
    let Some(module) = records.iter().find(can_be_read).map(|record| record.module) else {
        return (None, Vec::new());
    };
    let (mut ids, mut rest) = (Vec::new(), Vec::new());
    for record in records.iter().filter(can_be_read) {
        let is_known = ids.contains(&record.id);
        if record.module == module && (is_known || ids.len() < wire::RECORDS) {
            ids.extend((!is_known).then(|| record.id.clone()));
        } else {
            rest.push(record.clone());
        }
    }
    (Some((module, ids)), rest)
}

/// The request for the records of these ids.
pub(super) fn by_ids(org: &Org, module: Module, ids: &[String], fields: &[String]) -> Request {
    let (ids, fields, rows) = (ids.join(","), fields.join(","), wire::ROWS.to_string());
    let mut query = vec![("ids", ids.as_str()), ("fields", &fields), ("per_page", &rows)];
    if module == Module::Lead {
        query.push(("converted", "both"));
    }
    wire::get(org, modules::api_name(&module), &query)
}

/// The rows of such an answer. That none of the ids is there is told in two ways.
pub(super) fn rows(response: &Response) -> Result<Vec<Value>, Verdict> {
    Ok(page(response)?.rows)
}

/// The same, with what it says of further pages.
pub(super) fn page(response: &Response) -> Result<wire::Page, Verdict> {
    if is_gone(response) { Ok(wire::Page::default()) } else { wire::page(response, "data") }
}

/// Does the answer say that there is no such record? `INVALID_DATA` says it only of an id: of anything else in the request it
/// says that we asked wrongly, and nothing of what is there.
pub(super) fn is_gone(response: &Response) -> bool {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let Some(body) = body.filter(|_| matches!(response.status, 400 | 404)) else { return false };
    match wire::error_code(&body) {
        Some("RECORD_NOT_FOUND") => true,
        Some("INVALID_DATA") => verdict::is_about_record(&body),
        _ => false,
    }
}

/// What is read besides what every reading of a person has.
fn with_description(extra: &[String]) -> Vec<String> {
    std::iter::once("Description".to_owned()).chain(extra.iter().cloned()).collect()
}

pub(super) fn request(org: &Org, records: &[RecordRef], extra: &[String]) -> Request {
    match batch(org, records).0 {
        Some((module, ids)) => {
            let fields =
                person::profile(org, module).map(|it| person::selected(it, &with_description(extra)));
            by_ids(org, module, &ids, &fields.unwrap_or_default())
        }
        None => wire::idle(org),
    }
}

pub(super) fn reply(
    org: &Org,
    records: &[RecordRef],
    extra: &[String],
    response: &Response,
) -> Result<Answer, Verdict> {
    let wanted: Vec<_> = records.iter().map(|record| record.module).filter(Module::is_person).collect();
    person::readable(org, &wanted)?;
    let (batch, rest) = batch(org, records);
    let Some((module, _)) = batch else { return Ok(Answer::People(Vec::new())) };
    let found = person::profile(org, module).map(|profile| {
        let rows = rows(response)?;
        Ok(rows.iter().filter_map(|row| person::decode(profile, module, row, extra)).collect())
    });
    let found = Answer::People(found.transpose()?.unwrap_or_default());
    let next = (!rest.is_empty()).then(|| Call::ReadPeople { records: rest, extra: extra.to_vec() });
    Ok(found.and(next))
}
