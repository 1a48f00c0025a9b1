//! Whom a grant is of: the user info of OpenID Connect. Token answers name both; this is for one that did not.
//!
//! <https://help.salesforce.com/s/articleView?id=sf.remoteaccess_using_userinfo_endpoint.htm>

use serde_json::Value;

use super::{
    ids,
    verdict::{self, Asked},
};
use crate::{
    crm::{Answer, Identity, Org, Request, Response},
    lane::Verdict,
};

pub(super) fn request(org: &Org) -> Request {
    Request {
        method: "GET",
        url: format!("{}/services/oauth2/userinfo", org.instance_url),
        headers: vec![("accept", "application/json".to_owned())],
        body: Vec::new(),
    }
}

pub(super) fn reply(response: &Response) -> Result<Answer, Verdict> {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    if response.status != 200 {
        return Err(verdict::of_answer(response.status, body.as_ref(), &Asked::READ));
    }
    let id = |name: &str| body.as_ref()?.get(name)?.as_str().and_then(ids::full);
    match (id("organization_id"), id("user_id")) {
        (Some(org_id), Some(user_id)) => Ok(Answer::Identity(Identity { org_id, user_id })),
        _ => Err(verdict::again(1, "Salesforce did not say whom the grant is of")),
    }
}
