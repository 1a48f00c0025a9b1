//! Asking for a grant and turning it into tokens (RFC 6749, RFC 7636).

use serde::Deserialize;

use crate::{
    call::Identity,
    crm::{App, Grant, Request, Response, TokenFailure, Tokens, oauth},
};

pub(super) fn authorize_url(
    app: &App,
    login_url: &str,
    redirect_uri: &str,
    state: &str,
    challenge: &str,
) -> String {
    let address = format!("{login_url}/authorize");
    oauth::authorize_url(&address, app, redirect_uri, &[], (state, challenge))
}

/// The request for tokens.
pub(super) fn token_request(app: &App, login_url: &str, grant: &Grant) -> Request {
    oauth::token_request(format!("{login_url}/token"), app, grant)
}

/// The request that gives a grant back.
pub(super) fn revoke_request(login_url: &str, token: &str) -> Request {
    oauth::revoke_request(format!("{login_url}/revoke"), token)
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    refresh_token: Option<String>,
    api: String,
    org: String,
    user: String,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// Only a clear word of the CRM ends a grant; whatever cannot be read may pass.
pub(super) fn token_reply(response: &Response) -> Result<Tokens, TokenFailure> {
    let granted: Option<Granted> = serde_json::from_slice(&response.body).ok();
    let Some(granted) = granted.filter(|told| !told.org.is_empty() && !told.user.is_empty()) else {
        let refused: Option<Refused> = serde_json::from_slice(&response.body).ok();
        let is_over = response.status < 500 && refused.is_some_and(|told| told.error == "invalid_grant");
        let detail = "the toy gave no tokens".to_owned();
        return Err(TokenFailure { is_permanent: is_over, ..TokenFailure::passing("no_tokens", detail) });
    };
    Ok(Tokens {
        access_token: granted.access_token,
        refresh_token: granted.refresh_token,
        instance_url: granted.api,
        identity: Some(Identity { org_id: granted.org, user_id: granted.user }),
        scopes: Vec::new(),
        issued_at: None,
    })
}
