//! Who holds what: access tokens, refresh tokens, codes and login tickets.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::journal::{Journal, Notes};
use crate::random;

const TEN_MINUTES: i64 = 600;

/// An access token's meaning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The user it acts as.
    pub user: String,
    /// The client it was given to.
    pub app: String,
    /// What it may do, comma-separated.
    pub scope: String,
    /// The refresh token it came from.
    pub grant: Option<String>,
    /// Its number; the oldest has the lowest.
    pub number: u64,
    /// When it dies, in seconds since 1970.
    pub expires: i64,
}

/// A refresh token's meaning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The user who allowed it.
    pub user: String,
    /// The client that was allowed.
    pub app: String,
    /// What was allowed.
    pub scope: String,
    /// Its number; the oldest has the lowest.
    pub number: u64,
    /// When access tokens were made from it in the last ten minutes.
    pub minted: Vec<i64>,
}

/// A code, good for one exchange.
#[derive(Clone, Debug)]
pub struct Code {
    /// The user who allowed it.
    pub user: String,
    /// The client it is for.
    pub app: String,
    /// Where it was sent; nowhere when the console itself showed it (self client).
    pub redirect_uri: Option<String>,
    /// What was allowed.
    pub scope: String,
    /// Whether a refresh token comes with it.
    pub is_offline: bool,
    /// What the verifier must come to, when the client sent a challenge: itself, or its SHA-256.
    pub challenge: Option<Challenge>,
    /// Seconds since 1970.
    pub issued: i64,
}

/// What a client promised about the exchange of its code (PKCE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// The SHA-256 of the verifier, in base64 for addresses.
    Sha256(String),
}

impl Challenge {
    /// Whether a verifier keeps the promise.
    pub fn is_kept_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(promised) => promised == verifier,
            Self::Sha256(promised) => *promised == BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        }
    }
}

/// How many tokens may be.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Refresh tokens of one user and client.
    pub refresh_tokens: usize,
    /// Access tokens of one refresh token.
    pub access_tokens: usize,
    /// Access tokens of one refresh token in ten minutes.
    pub per_ten_minutes: usize,
    /// How long an access token lives.
    pub token_seconds: i64,
}

/// Every token of the org.
#[derive(Clone, Default)]
pub struct Tokens {
    seed: u64,
    count: u64,
    sessions: HashMap<String, Session>,
    grants: BTreeMap<String, Grant>,
    codes: HashMap<String, Code>,
    tickets: HashMap<String, String>,
}

impl Tokens {
    /// The tokens that the journal remembers.
    pub fn restore(seed: u64, notes: &Notes) -> Self {
        let mut tokens = Self { seed, ..Self::default() };
        for (key, value) in notes {
            if let Some(token) = key.strip_prefix("session:") {
                if let Ok(session) = serde_json::from_value(value.clone()) {
                    tokens.sessions.insert(token.to_owned(), session);
                }
            } else if let Some(token) = key.strip_prefix("grant:") {
                if let Ok(grant) = serde_json::from_value(value.clone()) {
                    tokens.grants.insert(token.to_owned(), grant);
                }
            } else if key == "token-count" {
                tokens.count = value.as_u64().unwrap_or_default();
            }
        }
        // Codes and tickets of the former run were not kept; skip past the letters that they used.
        tokens.count += 1000;
        tokens
    }

    /// The session behind an access token, if it is alive.
    pub fn session(&self, token: &str, now: i64) -> Option<&Session> {
        self.sessions.get(token).filter(|session| session.expires > now)
    }

    /// The grant behind a refresh token.
    pub fn grant(&self, token: &str) -> Option<&Grant> {
        self.grants.get(token)
    }

    /// A new refresh token; one more than may be ends the oldest.
    pub fn give(&mut self, code: &Code, caps: Caps, journal: &mut Journal) -> String {
        let mut same: Vec<(u64, String)> = self
            .grants
            .iter()
            .filter(|(_, grant)| grant.user == code.user && grant.app == code.app)
            .map(|(token, grant)| (grant.number, token.clone()))
            .collect();
        same.sort_unstable();
        let surplus = (same.len() + 1).saturating_sub(caps.refresh_tokens);
        for (_, token) in same.into_iter().take(surplus) {
            self.revoke_grant(&token, journal);
        }
        let token = self.fresh("refresh", journal);
        let grant = Grant {
            user: code.user.clone(),
            app: code.app.clone(),
            scope: code.scope.clone(),
            number: self.count,
            minted: Vec::new(),
        };
        journal.note(&format!("grant:{token}"), &json!(grant));
        self.grants.insert(token.clone(), grant);
        token
    }

    /// A new access token; nothing when its refresh token made too many in the last ten minutes.
    pub fn open(
        &mut self,
        mut session: Session,
        now: i64,
        caps: Caps,
        journal: &mut Journal,
    ) -> Option<String> {
        if let Some(refresh) = session.grant.clone() {
            let grant = self.grants.get_mut(&refresh)?;
            grant.minted.retain(|minted| now - minted < TEN_MINUTES);
            if grant.minted.len() >= caps.per_ten_minutes {
                return None;
            }
            grant.minted.push(now);
            journal.note(&format!("grant:{refresh}"), &json!(grant));
            self.make_room(&refresh, now, caps.access_tokens, journal);
        }
        let token = self.fresh("access", journal);
        session.number = self.count;
        session.expires = now + caps.token_seconds;
        journal.note(&format!("session:{token}"), &json!(session));
        self.sessions.insert(token.clone(), session);
        Some(token)
    }

    /// One more access token than may live at a time ends the oldest.
    fn make_room(&mut self, refresh: &str, now: i64, most: usize, journal: &mut Journal) {
        let mut alive: Vec<(u64, String)> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.grant.as_deref() == Some(refresh) && session.expires > now)
            .map(|(token, session)| (session.number, token.clone()))
            .collect();
        alive.sort_unstable();
        let surplus = (alive.len() + 1).saturating_sub(most);
        for (_, token) in alive.into_iter().take(surplus) {
            self.close(&token, journal);
        }
    }

    /// Ends one access token.
    pub fn close(&mut self, token: &str, journal: &mut Journal) -> bool {
        journal.note(&format!("session:{token}"), &Value::Null);
        self.sessions.remove(token).is_some()
    }

    /// Ends every access token; refresh tokens live on.
    pub fn close_all(&mut self, journal: &mut Journal) {
        for token in self.sessions.keys() {
            journal.note(&format!("session:{token}"), &Value::Null);
        }
        self.sessions.clear();
    }

    /// Ends a refresh token and every access token that came from it.
    pub fn revoke_grant(&mut self, token: &str, journal: &mut Journal) -> bool {
        self.sessions.retain(|access, session| {
            let goes = session.grant.as_deref() == Some(token);
            if goes {
                journal.note(&format!("session:{access}"), &Value::Null);
            }
            !goes
        });
        journal.note(&format!("grant:{token}"), &Value::Null);
        self.grants.remove(token).is_some()
    }

    /// Ends every refresh token, with what came from it.
    pub fn revoke_all(&mut self, journal: &mut Journal) {
        let tokens: Vec<String> = self.grants.keys().cloned().collect();
        for token in tokens {
            self.revoke_grant(&token, journal);
        }
        self.close_all(journal);
    }

    /// Ends everything; what was counted stays counted.
    pub fn forget(&mut self, journal: &mut Journal) {
        *self = Self { seed: self.seed, count: self.count, ..Self::default() };
        journal.note("token-count", &json!(self.count));
    }

    /// Whether this user has a refresh token for that client already.
    pub fn has_consented(&self, user: &str, app: &str) -> bool {
        self.grants.values().any(|grant| grant.user == user && grant.app == app)
    }

    /// A code for the browser to carry back, or for the console to show.
    pub fn issue_code(&mut self, code: Code, journal: &mut Journal) -> String {
        let text = self.fresh("code", journal);
        self.codes.insert(text.clone(), code);
        text
    }

    /// Takes a code; a second time, or too late, there is none.
    pub fn take_code(&mut self, code: &str, now: i64, lifetime: i64) -> Option<Code> {
        self.codes.remove(code).filter(|code| now - code.issued <= lifetime)
    }

    /// A ticket that says: this browser has logged in as that user.
    pub fn issue_ticket(&mut self, user: &str, journal: &mut Journal) -> String {
        let ticket = self.fresh("ticket", journal);
        self.tickets.insert(ticket.clone(), user.to_owned());
        ticket
    }

    /// Takes a ticket; it is good for one decision.
    pub fn take_ticket(&mut self, ticket: &str) -> Option<String> {
        self.tickets.remove(ticket)
    }

    /// `1000.<32 hex>.<32 hex>`, as all of the vendor's tokens look.
    fn fresh(&mut self, purpose: &str, journal: &mut Journal) -> String {
        self.count += 1;
        journal.note("token-count", &json!(self.count));
        let text = random::hex(self.seed, purpose, self.count, 64);
        format!("1000.{}.{}", &text[..32], &text[32..])
    }
}
