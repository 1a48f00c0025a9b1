//! People changed since an instant: one composite over their modules, then the pages of each.
//!
//! Rows become visible when a transaction commits but carry the time at which it wrote them, so a reader
//! that starts where the last one ended misses some: the caller lets readings overlap by ten minutes and
//! expects repetitions. Deleted and merged records are part of the answer. `SystemModstamp` is compared, not
//! `LastModifiedDate`: it also moves when a process of the platform changes a record. The reading reaches
//! up to the `Date` of the first answer: Salesforce's clock, not ours.
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/system_fields.htm>

use std::time::Duration;

use super::{
    composite::{self, Part},
    ids, people_find, person, rows, soql,
    verdict::Asked,
};
use crate::{
    crm::{Answer, Call, Changes, Org, Response},
    lane::Verdict,
    time::Timestamp,
};

/// The pages that are still to be read, by path; a path holds no blank.
fn pages(changes: &Changes) -> Vec<&str> {
    let pages = changes.page.as_deref().unwrap_or_default().split(' ');
    pages.filter_map(composite::page_path).collect()
}

pub(super) fn parts(org: &Org, changes: &Changes) -> Vec<Part> {
    if changes.step > 0 {
        return pages(changes).first().map(|path| Part::page(path)).into_iter().collect();
    }
    let since = soql::instant(changes.since);
    person::modules(&changes.modules)
        .filter_map(|module| {
            let fields = person::selected(person::profile(org, module)?, &[]).join(", ");
            let object = ids::object(&module);
            Some(Part::query_all(
                org,
                &format!(
                    "SELECT {fields} FROM {object} WHERE SystemModstamp >= {since} ORDER BY SystemModstamp, Id"
                ),
            ))
        })
        .collect()
}

pub(super) fn reply(
    org: &Org,
    changes: &Changes,
    response: &Response,
    server_time: Option<Timestamp>,
) -> Result<Answer, Verdict> {
    person::may_read(org, [])?;
    let parts = parts(org, changes);
    let mut next = changes.clone();
    // Without a time from Salesforce the cursor stays where it is: repetition is harmless, a gap is not.
    let until = changes.until.or(server_time).unwrap_or(changes.since).max(changes.since);
    if parts.is_empty() {
        return Ok(Answer::Changed(person::merged(next.found), until));
    }
    let mut waiting: Vec<String> = pages(changes).into_iter().skip(1).map(str::to_owned).collect();
    for piece in composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)? {
        if piece.is_error(&["INVALID_QUERY_LOCATOR"]) {
            let again =
                Changes { modules: changes.modules.clone(), since: changes.since, ..Changes::default() };
            return Ok(Answer::More(Call::ChangedPeople(again), Some(Duration::from_secs(1))));
        }
        let page = rows::page(piece.content(&Asked::READ)?)?;
        next.found.extend(page.rows.iter().filter_map(|row| people_find::decode(org, row)));
        waiting.extend(page.next.map(str::to_owned));
    }
    next.found = person::merged(next.found);
    if waiting.is_empty() {
        return Ok(Answer::Changed(next.found, until));
    }
    next.step = next.step.saturating_add(1);
    next.until = Some(until);
    next.page = Some(waiting.join(" "));
    Ok(Answer::More(Call::ChangedPeople(next), None))
}
