//! Grants and tokens, as plain data. The shell runs the flow; a connector knows its CRM's quirks.

use std::time::Duration;

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

/// A host that nobody allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} is not a host of {crm}; the operator can allow it under `{setting}` in the configuration")]
pub struct HostRefused {
    /// The host.
    pub host: String,
    /// The CRM's title.
    pub crm: &'static str,
    /// The configuration key that lists extra hosts.
    pub setting: &'static str,
}
