//! Who holds what: sessions (access tokens), grants (refresh tokens), codes and login tickets.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::journal::{Journal, Notes};
use crate::random;

const CODE_SECONDS: i64 = 900;
const LIVE_GRANTS: usize = 5;

/// An access token's meaning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The user it acts as.
    pub user: String,
    /// The app it was given to.
    pub app: String,
    /// What it may do.
    pub scope: String,
    /// The grant it came from.
    pub family: Option<u64>,
    /// Seconds since 1970.
    pub issued: i64,
    /// When it was last used; lifetime counts from here.
    pub used: i64,
}

/// A refresh token's meaning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The user who allowed it.
    pub user: String,
    /// The app that was allowed.
    pub app: String,
    /// What was allowed.
    pub scope: String,
    /// All tokens that descend from one consent share this.
    pub family: u64,
    /// Whether a newer token of the family has taken its place.
    pub replaced: bool,
}

/// An authorization code, good for one exchange.
#[derive(Clone, Debug)]
pub struct Code {
    /// The user who allowed it.
    pub user: String,
    /// The app it is for.
    pub app: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What was allowed.
    pub scope: String,
    /// The SHA-256 of the verifier, when the app sent one.
    pub challenge: Option<String>,
    /// The OpenID nonce, when the app sent one.
    pub nonce: Option<String>,
    /// Seconds since 1970.
    pub issued: i64,
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

    /// The session behind an access token, if it is alive; being asked for keeps it so.
    pub fn session(&mut self, token: &str, now: i64, lifetime: i64) -> Option<Session> {
        let session = self.sessions.get_mut(token)?;
        if now - session.used > lifetime {
            return None;
        }
        session.used = session.used.max(now);
        Some(session.clone())
    }

    /// A new access token.
    pub fn open_session(&mut self, org15: &str, session: Session, journal: &mut Journal) -> String {
        let token = format!("{org15}!AQ{}", self.fresh("session", 90, journal));
        journal.note(&format!("session:{token}"), &json!(session));
        self.sessions.insert(token.clone(), session);
        token
    }

    /// Ends one access token.
    pub fn close_session(&mut self, token: &str, journal: &mut Journal) -> bool {
        journal.note(&format!("session:{token}"), &Value::Null);
        self.sessions.remove(token).is_some()
    }

    /// Ends every access token; grants live on.
    pub fn close_sessions(&mut self, journal: &mut Journal) {
        for token in self.sessions.keys() {
            journal.note(&format!("session:{token}"), &Value::Null);
        }
        self.sessions.clear();
    }

    /// Ends everything.
    pub fn forget(&mut self, journal: &mut Journal) {
        *self = Self { seed: self.seed, count: self.count, ..Self::default() };
        journal.note("token-count", &json!(self.count));
    }

    /// Ends every consent.
    pub fn revoke_grants(&mut self, journal: &mut Journal) {
        for token in self.grants.keys() {
            journal.note(&format!("grant:{token}"), &Value::Null);
        }
        self.grants.clear();
    }

    /// The grant behind a refresh token, replaced or not.
    pub fn grant(&self, token: &str) -> Option<&Grant> {
        self.grants.get(token)
    }

    /// A new refresh token of a new consent; the sixth of one user and app ends the oldest.
    pub fn give(&mut self, user: &str, app: &str, scope: &str, journal: &mut Journal) -> (String, u64) {
        let mut families: Vec<u64> = self
            .grants
            .values()
            .filter(|grant| !grant.replaced && grant.user == user && grant.app == app)
            .map(|grant| grant.family)
            .collect();
        families.sort_unstable();
        let surplus = (families.len() + 1).saturating_sub(LIVE_GRANTS);
        for family in families.into_iter().take(surplus) {
            self.revoke_family(family, journal);
        }
        let token = format!("5Aep861{}", self.fresh("grant", 77, journal));
        let family = self.count;
        let grant = Grant {
            user: user.to_owned(),
            app: app.to_owned(),
            scope: scope.to_owned(),
            family,
            replaced: false,
        };
        self.keep_grant(&token, grant, journal);
        (token, family)
    }

    /// A refresh token that takes the place of another.
    pub fn rotate(&mut self, old: &str, journal: &mut Journal) -> Option<String> {
        let grant = self.grants.get(old)?.clone();
        let token = format!("5Aep861{}", self.fresh("grant", 77, journal));
        self.keep_grant(old, Grant { replaced: true, ..grant.clone() }, journal);
        self.keep_grant(&token, grant, journal);
        Some(token)
    }

    /// Ends a consent: its refresh tokens and every access token that came from them.
    pub fn revoke_family(&mut self, family: u64, journal: &mut Journal) {
        self.grants.retain(|token, grant| {
            if grant.family == family {
                journal.note(&format!("grant:{token}"), &Value::Null);
            }
            grant.family != family
        });
        self.sessions.retain(|token, session| {
            if session.family == Some(family) {
                journal.note(&format!("session:{token}"), &Value::Null);
            }
            session.family != Some(family)
        });
    }

    /// A code for the browser to carry back.
    pub fn issue_code(&mut self, code: Code, journal: &mut Journal) -> String {
        let text = format!("aPrx{}==", self.fresh("code", 70, journal));
        self.codes.insert(text.clone(), code);
        text
    }

    /// Takes a code; a second time, or after 15 minutes, there is none.
    pub fn take_code(&mut self, code: &str, now: i64) -> Option<Code> {
        self.codes.remove(code).filter(|code| now - code.issued <= CODE_SECONDS)
    }

    /// A ticket that says: this browser has logged in as that user.
    pub fn issue_ticket(&mut self, user: &str, journal: &mut Journal) -> String {
        let ticket = self.fresh("ticket", 40, journal);
        self.tickets.insert(ticket.clone(), user.to_owned());
        ticket
    }

    /// Takes a ticket; it is good for one decision.
    pub fn take_ticket(&mut self, ticket: &str) -> Option<String> {
        self.tickets.remove(ticket)
    }

    fn keep_grant(&mut self, token: &str, grant: Grant, journal: &mut Journal) {
        journal.note(&format!("grant:{token}"), &json!(grant));
        self.grants.insert(token.to_owned(), grant);
    }

    fn fresh(&mut self, purpose: &str, length: usize, journal: &mut Journal) -> String {
        self.count += 1;
        journal.note("token-count", &json!(self.count));
        random::letters(self.seed, purpose, self.count, length)
    }
}
