//! Making and changing people.
//!
//! `Sforce-Auto-Assign: FALSE` keeps assignment rules from overwriting the owner that we chose; a new record for which
//! none was chosen is left to them.
//! `allowSave=true` overrides a duplicate rule that only warns, where our own matching has decided; records
//! with and without it go in separate collections, because the header holds for a whole request.
//! `unmodified_since` is not sent: collections know no conditions, and one request for each record would
//! cost the org's API budget. The caller reads a record again before it changes it.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_duplicaterules.htm>
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_autoassign.htm>

use serde_json::{Map, Value, json};

use super::{
    collections::{self, Group},
    composite::Part,
    ids, person, soql,
    verdict::{Asked, What},
};
use crate::{
    crm::{Answer, Org, PersonWrite, Response},
    lane::Verdict,
    record::{Module, PersonField},
};

#[derive(Clone, Copy, PartialEq, Eq)]
struct Way {
    is_new: bool,
    allow_duplicate: bool,
    is_assigned: bool,
}

fn groups(writes: &[PersonWrite]) -> Vec<Group<Way>> {
    let ways = writes.iter().map(|write| {
        let is_new = write.id.is_none();
        let is_assigned = !is_new || write.fields.contains_key(&PersonField::Owner);
        (Way { is_new, allow_duplicate: write.allow_duplicate, is_assigned }, write.id.as_deref())
    });
    let mut groups = collections::groups(ways);
    for group in &mut groups {
        // A collection may change its object only a few times.
        group.places.sort_by_key(|place| (writes[*place].module, *place));
    }
    groups
}

pub(super) fn parts(org: &Org, writes: &[PersonWrite]) -> Vec<Part> {
    groups(writes)
        .into_iter()
        .map(|group| {
            let records: Vec<_> = group.places.iter().map(|place| record(org, &writes[*place])).collect();
            let assigns = if group.way.is_assigned { "FALSE" } else { "TRUE" };
            let mut headers = vec![("sforce-auto-assign", assigns.to_owned())];
            if group.way.allow_duplicate {
                headers.push(("sforce-duplicate-rule-header", "allowSave=true".to_owned()));
            }
            let method = if group.way.is_new { "POST" } else { "PATCH" };
            let body = json!({"allOrNone": false, "records": records});
            Part::send(method, org, "composite/sobjects", headers, body)
        })
        .collect()
}

fn record(org: &Org, write: &PersonWrite) -> Value {
    let mut record = Map::new();
    record.insert("attributes".to_owned(), json!({"type": ids::object(&write.module)}));
    if let Some(id) = &write.id {
        record.insert("id".to_owned(), id.as_str().into());
    }
    for (field, value) in &write.fields {
        let Some(name) = name(write.module, field) else { continue };
        if may_set(org, write, name) {
            let value = if value.is_empty() { Value::Null } else { value.as_str().into() };
            record.insert(name.to_owned(), value);
        }
    }
    Value::Object(record)
}

/// What Salesforce calls a field; `None` where the module has no such field.
fn name(module: Module, field: &PersonField) -> Option<&str> {
    match field {
        PersonField::FirstName => Some("FirstName"),
        PersonField::LastName => Some("LastName"),
        PersonField::Company => (module == Module::Lead).then_some("Company"),
        PersonField::Account => (module == Module::Contact).then_some("AccountId"),
        PersonField::Phone => Some("Phone"),
        PersonField::Email => Some("Email"),
        PersonField::Owner => Some("OwnerId"),
        PersonField::Status => (module == Module::Lead).then_some("Status"),
        PersonField::LeadSource => Some("LeadSource"),
        PersonField::Description => Some("Description"),
        PersonField::Custom(name) => soql::is_name(name).then_some(name.as_str()),
    }
}

/// A field that the describe no longer shows, or shows as read-only, is left out: one hidden field must not
/// keep a person from being written. What connecting needs is checked by the describe.
fn may_set(org: &Org, write: &PersonWrite, name: &str) -> bool {
    let Some(profile) = person::profile(org, write.module) else { return true };
    profile
        .field(name)
        .is_some_and(|field| if write.id.is_none() { field.is_createable } else { field.is_updateable })
}

pub(super) fn reply(writes: &[PersonWrite], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| {
        let write = &writes[place];
        let what = if write.id.is_none() { What::NewPerson } else { What::Person };
        Asked { allow_duplicate: write.allow_duplicate, ..Asked::of(what) }
    };
    let known = |place: usize| writes[place].id.as_deref().and_then(ids::full);
    collections::outcomes(writes.len(), &groups(writes), response, asked, known)
}

/// The value of a person that a field of ours holds; the reverse of [`name`].
pub(super) fn meaning(name: &str) -> Option<PersonField> {
    Some(match name {
        "FirstName" => PersonField::FirstName,
        "LastName" => PersonField::LastName,
        "Company" => PersonField::Company,
        "AccountId" => PersonField::Account,
        "Phone" => PersonField::Phone,
        "Email" => PersonField::Email,
        "OwnerId" => PersonField::Owner,
        "Status" => PersonField::Status,
        "LeadSource" => PersonField::LeadSource,
        "Description" => PersonField::Description,
        _ => return None,
    })
}
