//! Grants and tokens, as plain data. The shell runs the flow; a connector knows its CRM's quirks.

use std::time::Duration;

use super::{Request, percent};
use crate::{call::Identity, time::Timestamp};

/// A place where people log in to a CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its word: what forms send and connections keep. The CRM's words have `login-` and this word, with a `-hint`.
    pub key: &'static str,
    /// Scheme and host; `None`: a host of the organisation's own, which the person types and connections keep.
    pub url: Option<&'static str>,
}

impl Login {
    /// Scheme and host of the place of that word.
    pub fn url_of(logins: &[Self], key: &str) -> Option<&'static str> {
        logins.iter().find(|login| login.key == key).and_then(|login| login.url)
    }

    /// Is it at this host?
    pub fn is_at(&self, host: &str) -> bool {
        self.url.and_then(|url| url.strip_prefix("https://")) == Some(host)
    }
}

/// Our registration at the CRM.
#[derive(Clone)]
pub struct App {
    /// The public id.
    pub client_id: String,
    /// The secret, where the registration has one.
    pub client_secret: Option<String>,
}

/// What a token is asked for with.
#[derive(Clone)]
pub enum Grant {
    /// The code that the browser brought back.
    Code {
        /// The code.
        code: String,
        /// The same address as in the authorization, byte for byte.
        redirect_uri: String,
        /// The secret behind the challenge.
        verifier: String,
    },
    /// The stored refresh token.
    Refresh {
        /// The token.
        refresh_token: String,
    },
}

/// What a token answer brought.
#[derive(Clone)]
pub struct Tokens {
    /// For requests.
    pub access_token: String,
    /// For renewal. `None` overwrites nothing: most renewals bring none.
    pub refresh_token: Option<String>,
    /// Where the API is now; may change with every renewal.
    pub instance_url: String,
    /// Whom the grant is of, if the answer says so. In a renewal `None` leaves what is known.
    pub identity: Option<Identity>,
    /// What was granted, in the CRM's words.
    pub scopes: Vec<String>,
    /// When it was issued, by the CRM's clock.
    pub issued_at: Option<Timestamp>,
}

/// Why no tokens came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TokenFailure {
    /// The CRM's word for it (`invalid_grant`).
    pub code: String,
    /// What happened and what to do about it.
    pub detail: String,
    /// The grant is gone: somebody has to connect again. Otherwise a later try may succeed.
    pub is_permanent: bool,
    /// Where a later try may succeed: not before this has passed.
    pub wait: Duration,
}

impl TokenFailure {
    /// One that may pass by itself, or once the operator has changed something.
    pub fn passing(code: &str, detail: String) -> Self {
        Self { code: code.to_owned(), detail, is_permanent: false, wait: Duration::ZERO }
    }
}

/// Where the browser goes for a code: what RFC 6749 and RFC 7636 ask for, and what this CRM asks for besides.
pub(super) fn authorize_url(
    address: &str,
    app: &App,
    redirect_uri: &str,
    besides: &[(&str, &str)],
    (state, challenge): (&str, &str),
) -> String {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", app.client_id.as_str()),
        ("redirect_uri", redirect_uri),
    ];
    pairs.extend(besides);
    pairs.extend([("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256")]);
    format!("{address}?{}", percent::form(&pairs))
}

/// The request for tokens (RFC 6749, 4.1.3 and 6; RFC 7636, 4.5). The secret stands in the body.
pub(super) fn token_request(address: String, app: &App, grant: &Grant) -> Request {
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
    post(address, &pairs)
}

/// The request that gives a grant back (RFC 7009).
pub(super) fn revoke_request(address: String, token: &str) -> Request {
    post(address, &[("token", token)])
}

fn post(url: String, pairs: &[(&str, &str)]) -> Request {
    Request {
        method: "POST",
        url,
        headers: vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".to_owned()),
        ],
        body: percent::form(pairs).into_bytes(),
    }
}
