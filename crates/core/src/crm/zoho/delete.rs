//! Deleting records that we made ourselves, without setting off workflow rules. They go to the recycle bin for 60 days; what
//! is already deleted counts as deleted.
//! <https://www.zoho.com/crm/developer/docs/api/v8/delete-records.html>

use super::{
    batch, modules,
    verdict::{Asked, What},
    wire,
};
use crate::{
    crm::{Answer, Org, Request, Response},
    lane::Verdict,
    record::RecordRef,
};

fn places(records: &[RecordRef]) -> Vec<usize> {
    batch::places(records.iter().map(|record| (record.module, record.id.as_str())))
}

pub(super) fn request(org: &Org, records: &[RecordRef]) -> Request {
    let places = places(records);
    let Some(module) = places.first().map(|place| records[*place].module) else { return wire::idle(org) };
    let ids: Vec<_> = places.iter().map(|place| records[*place].id.as_str()).collect();
    let query = [("ids", ids.join(",")), ("wf_trigger", "false".to_owned())];
    let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
    wire::bare("DELETE", org, modules::api_name(&module), &query)
}

pub(super) fn reply(records: &[RecordRef], response: &Response) -> Result<Answer, Verdict> {
    let asked = |place: usize| Asked::of(What::Deletion, records[place].module);
    let known = |place: usize| Some(records[place].id.clone());
    batch::outcomes(records.len(), &places(records), response, asked, known)
}
