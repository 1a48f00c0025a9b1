//! Whom a grant is of: two questions, because no answer of Zoho's names both the organization and the user.
//!
//! The organization goes by its `zgid`, which also stands in the addresses of its pages; `id` is that of a record in it.

use serde_json::Value;

use super::wire;
use crate::{
    crm::{Answer, Call, Identity, Org, Request, Response},
    lane::Verdict,
};

pub(super) fn request(org: &Org, org_id: Option<&str>) -> Request {
    match org_id {
        None => wire::get(org, "org", &[]),
        Some(_) => wire::get(org, "users", &[("type", "CurrentUser")]),
    }
}

pub(super) fn reply(org_id: Option<&str>, response: &Response) -> Result<Answer, Verdict> {
    let Some(org_id) = org_id else {
        let page = wire::page(response, "org")?;
        let org_id = page.rows.first().and_then(zgid).ok_or_else(wire::unreadable)?;
        return Ok(Answer::More(Call::Identify { org_id: Some(org_id) }, None));
    };
    let page = wire::page(response, "users")?;
    let user_id = page.rows.first().and_then(wire::id).ok_or_else(wire::unreadable)?;
    Ok(Answer::Identity(Identity { org_id: org_id.to_owned(), user_id }))
}

/// The id of the organization, as its addresses have it.
pub(super) fn zgid(org: &Value) -> Option<String> {
    wire::id_at(org, "zgid")
}
