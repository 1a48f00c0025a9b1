//! People by id, deleted and merged ones included, with the fields that a panel or a merge asks for.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_queryall.htm>

use super::{
    composite::{self, Part},
    ids,
    person::{self, MODULES},
    rows, soql,
    verdict::Asked,
};
use crate::{
    crm::{Answer, Org, Response},
    lane::Verdict,
    record::{Module, RecordRef},
};

/// What is read besides what every read of a person has.
fn extra(extra: &[String]) -> Vec<&str> {
    std::iter::once("Description").chain(extra.iter().map(String::as_str)).collect()
}

/// The lists of ids that are asked for, each with its module.
fn lists(org: &Org, records: &[RecordRef]) -> Vec<(Module, Vec<String>)> {
    let mut lists = Vec::new();
    for module in MODULES {
        if person::profile(org, module).is_none() {
            continue;
        }
        let of_module = records.iter().filter(|record| record.module == module);
        let mut wanted: Vec<_> = of_module.filter_map(|record| ids::full(&record.id)).collect();
        wanted.sort();
        wanted.dedup();
        lists.extend(wanted.chunks(rows::LIST).map(|list| (module, list.to_vec())));
    }
    lists
}

pub(super) fn parts(org: &Org, records: &[RecordRef], extra_fields: &[String]) -> Vec<Part> {
    lists(org, records)
        .into_iter()
        .filter_map(|(module, list)| {
            let profile = person::profile(org, module)?;
            let fields = person::selected(profile, &extra(extra_fields)).join(", ");
            let list: Vec<_> = list.iter().map(|id| soql::literal(id)).collect();
            let condition = soql::among(&["Id"], &list);
            let object = ids::object(&module);
            Some(Part::query_all(
                org,
                &format!("SELECT {fields} FROM {object} WHERE {condition} ORDER BY Id"),
            ))
        })
        .collect()
}

pub(super) fn reply(
    org: &Org,
    records: &[RecordRef],
    extra_fields: &[String],
    response: &Response,
) -> Result<Answer, Verdict> {
    person::may_read(
        org,
        records.iter().map(|record| record.module).filter(|module| MODULES.contains(module)),
    )?;
    let parts = parts(org, records, extra_fields);
    if parts.is_empty() {
        return Ok(Answer::People(Vec::new()));
    }
    let pieces = composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)?;
    let mut found = Vec::new();
    for ((module, _), piece) in lists(org, records).into_iter().zip(&pieces) {
        let Some(profile) = person::profile(org, module) else { continue };
        let rows = rows::whole(piece.content(&Asked::READ)?)?;
        found.extend(
            rows.iter().filter_map(|row| person::decode(profile, module, row, &extra(extra_fields))).map(
                |mut person| {
                    // Read for its own member; only a setting that names it makes it an extra.
                    if !extra_fields.iter().any(|name| name.eq_ignore_ascii_case("Description")) {
                        person.extra.remove("Description");
                    }
                    person
                },
            ),
        );
    }
    Ok(Answer::People(person::merged(found)))
}
