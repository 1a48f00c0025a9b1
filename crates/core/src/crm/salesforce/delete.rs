//! Deleting records that we made ourselves. What is already deleted counts as deleted.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_delete.htm>

use super::{
    collections::{self, Group},
    composite::Part,
    ids,
    verdict::{Asked, What},
};
use crate::{
    crm::{Answer, Org, Response, percent},
    lane::Verdict,
    record::RecordRef,
};

fn groups(records: &[RecordRef]) -> Vec<Group<()>> {
    collections::groups(records.iter().map(|record| ((), Some(record.id.as_str()))))
}

pub(super) fn parts(org: &Org, records: &[RecordRef]) -> Vec<Part> {
    groups(records)
        .into_iter()
        .map(|group| {
            let list: Vec<_> =
                group.places.iter().map(|place| percent::encode(&records[*place].id)).collect();
            let resource = format!("composite/sobjects?ids={}&allOrNone=false", list.join(","));
            Part::new("DELETE", org, &resource)
        })
        .collect()
}

pub(super) fn reply(records: &[RecordRef], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| Asked::of(What::Deletion(records[place].module));
    let known = |place: usize| ids::full(&records[place].id);
    collections::outcomes(records.len(), &groups(records), response, asked, known)
}
