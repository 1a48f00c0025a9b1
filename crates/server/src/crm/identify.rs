//! Whom a fresh grant is of. Tokens say so, or the org is asked with them before anything is bound to it or stored.

use causeway_core::{
    call::{Answer, Call, Identity},
    crm::{Crm, Org, Tokens},
};

use super::{
    Failure,
    line::{REQUEST_LIMIT, unexpected},
};
use crate::{
    app::App,
    http::{Access, Silence},
};

/// Most requests that it takes.
const MOST_REQUESTS: usize = 5;

/// The organisation and the user of these tokens. They belong to no connection yet, so these calls are counted for none.
pub async fn identify(app: &App, crm: &dyn Crm, tokens: &Tokens) -> Result<Identity, Failure> {
    if let Some(identity) = &tokens.identity {
        return Ok(identity.clone());
    }
    let version = app.config.api_version(crm);
    let org = Org { instance_url: tokens.instance_url.clone(), version, profile: None };
    let access = Access { scheme: crm.authorization_scheme(), token: &tokens.access_token };
    let mut call = Call::Identify { org_id: None };
    for _ in 0..MOST_REQUESTS {
        let request = crm.request(&org, &call);
        let reply = match app.http.send(&request, Some(access), REQUEST_LIMIT).await {
            Ok(response) => crm.reply(&org, &call, &response),
            Err(Silence { sent, what }) => crm.silence(&call, sent, &what),
        };
        match reply.result {
            Ok(Answer::Identity(identity)) => return Ok(identity),
            Ok(Answer::More(next, _)) => call = next,
            Ok(_) => return Err(unexpected("the org did not say whom the grant is of")),
            Err(verdict) => return Err(Failure::Verdict(verdict)),
        }
    }
    Err(unexpected("asking whom the grant is of did not come to its end"))
}
