//! Asking for a grant and turning it into tokens (RFC 6749, RFC 7636).

use serde::Deserialize;

use crate::{
    call::Identity,
    crm::{App, Grant, Request, Response, TokenFailure, Tokens, percent},
};

pub(super) fn authorize_url(
    app: &App,
    login_url: &str,
    redirect_uri: &str,
    state: &str,
    challenge: &str,
) -> String {
    let query = percent::form(&[
        ("response_type", "code"),
        ("client_id", &app.client_id),
        ("redirect_uri", redirect_uri),
        ("state", state),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ]);
    format!("{login_url}/authorize?{query}")
}

pub(super) fn token_request(app: &App, login_url: &str, grant: &Grant) -> Request {
    let mut pairs = match grant {
        Grant::Code { code, redirect_uri, verifier } => vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", verifier.as_str()),
        ],
        Grant::Refresh { refresh_token } => {
            vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())]
        }
    };
    pairs.push(("client_id", &app.client_id));
    if let Some(secret) = &app.client_secret {
        pairs.push(("client_secret", secret));
    }
    post(format!("{login_url}/token"), &pairs)
}

pub(super) fn revoke_request(login_url: &str, token: &str) -> Request {
    post(format!("{login_url}/revoke"), &[("token", token)])
}

fn post(url: String, pairs: &[(&str, &str)]) -> Request {
    Request {
        method: "POST",
        url,
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        body: percent::form(pairs).into_bytes(),
    }
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
