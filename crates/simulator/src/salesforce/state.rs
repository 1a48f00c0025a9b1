//! The whole org as one value: what a request reads and changes while it holds the lock.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::answer::Problem;
use super::faults::Faults;
use super::query::Cursors;
use super::schema::{ObjectSchema, Row};
use super::store::Store;
use super::switches::{Access, Switches};
use super::tokens::{Session, Tokens};
use crate::call::Call;
use crate::counters::Counters;
use crate::journal::Journal;
use crate::org_clock::Clock;
use crate::usage::Usage;

/// Everything that the org knows.
#[derive(Clone)]
pub struct State {
    /// Records.
    pub store: Store,
    /// The file behind it.
    pub journal: Journal,
    /// Time.
    pub clock: Clock,
    /// What the administrator turned.
    pub switches: Switches,
    /// Sessions, grants, codes.
    pub tokens: Tokens,
    /// API calls of the last day.
    pub usage: Usage,
    /// Trouble to come.
    pub faults: Faults,
    /// What was asked so far.
    pub counters: Counters,
    /// Open query results.
    pub cursors: Cursors,
    /// Requests that were cut and commit later.
    pub late: Vec<Late>,
    /// The session of the late request that is being worked on now.
    pub admitted: Option<Session>,
    /// Which records of the present request fail, and how.
    pub row_trouble: Option<RowTrouble>,
    /// When rows were last saved, newest last, while search has not caught up.
    pub unsearched: VecDeque<(i64, String)>,
    /// Where the org says that it lives, when that is fixed.
    pub base_url: Option<String>,
    /// When a describe last changed, in seconds.
    pub described_at: i64,
}

/// A request whose connection was cut and whose work is still to be done.
#[derive(Clone, Debug)]
pub struct Late {
    /// When, in microseconds by the org's clock.
    pub due: i64,
    /// What was asked.
    pub call: Call,
    /// Who asked, as of then.
    pub session: Option<Session>,
}

/// A fault that strikes some records of one request.
#[derive(Clone, Debug)]
pub struct RowTrouble {
    /// Every so-many-th record fails.
    pub every: u64,
    /// Records seen so far.
    pub seen: u64,
}

/// Who is asking, through what, in which version.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user's id.
    pub user: String,
    /// The granted scopes.
    pub scope: String,
    /// `68.0`.
    pub version: String,
    /// Where the org says that it lives.
    pub base_url: String,
}

impl Caller {
    /// `/services/data/v68.0`.
    pub fn data_path(&self) -> String {
        format!("/services/data/v{}", self.version)
    }

    /// The address of a record, as `attributes` says it.
    pub fn record_url(&self, object: &str, id: &str) -> String {
        format!("{}/sobjects/{object}/{id}", self.data_path())
    }

    /// The version as a number.
    pub fn version_number(&self) -> f64 {
        self.version.parse().unwrap_or(68.0)
    }
}

impl State {
    /// What this user may not do.
    pub fn access(&self, user: &str) -> Option<&Access> {
        self.switches.users.get(user)
    }

    /// The object as this user sees it, by name in any case.
    pub fn schema<'a>(&'a self, caller: &Caller, object: &str) -> Option<Cow<'a, ObjectSchema>> {
        let schema = self.store.schema(object)?;
        match self.access(&caller.user) {
            Some(access) if !access.sees_all() => access.view(schema).map(Cow::Owned),
            _ => Some(Cow::Borrowed(schema)),
        }
    }

    /// Every object as this user sees it.
    pub fn schemas(&self, caller: &Caller) -> HashMap<String, ObjectSchema> {
        self.store
            .schemas()
            .iter()
            .filter_map(|schema| self.schema(caller, &schema.name))
            .map(|schema| (schema.name.to_lowercase(), schema.into_owned()))
            .collect()
    }

    /// The one row of Organization.
    pub fn organization(&self) -> Option<&Row> {
        self.store.rows("Organization").next()
    }

    /// The org's 18-character id.
    pub fn org_id(&self) -> String {
        self.organization().map(|row| text(row, "Id").to_owned()).unwrap_or_default()
    }

    /// Whether a user exists and is active.
    pub fn is_active_user(&self, id: &str) -> bool {
        self.store.get("User", id).is_some_and(|row| row.get("IsActive") == Some(&Value::Bool(true)))
    }

    /// Writes down the switches after somebody turned one.
    pub fn keep_switches(&mut self) {
        self.journal.note("switches", &json!(self.switches));
    }

    /// Every describe is new from now on, also for who read one within this second.
    pub fn change_describe(&mut self) {
        self.described_at = self.described_at.max(self.clock.seconds()) + 1;
    }

    /// Writes down the clock after somebody set it.
    pub fn keep_clock(&mut self) {
        self.journal.note("clock", &json!(self.clock));
    }

    /// Makes the open changes final, on disk too.
    pub fn commit(&mut self) -> std::io::Result<()> {
        let changes = self.store.commit();
        if self.switches.search_delay_seconds > 0.0 {
            let now = self.clock.micros();
            for change in &changes {
                if let crate::journal::Change::Row(_, row) = change {
                    self.unsearched.push_back((now, text(row, "Id").to_owned()));
                }
            }
        }
        self.journal.changes(&changes);
        self.journal.flush()
    }

    /// The ids that search does not know yet.
    pub fn unsearched(&mut self) -> std::collections::HashSet<String> {
        #[expect(clippy::cast_possible_truncation, reason = "microseconds of a hand-typed number of seconds")]
        let delay = (self.switches.search_delay_seconds * 1e6) as i64;
        let known_until = self.clock.micros() - delay;
        while self.unsearched.front().is_some_and(|(saved, _)| *saved <= known_until) {
            self.unsearched.pop_front();
        }
        self.unsearched.iter().map(|(_, id)| id.clone()).collect()
    }

    /// The problem that a scripted fault makes for the next record, if it is that record's turn.
    pub fn next_row_trouble(&mut self, id: Option<&str>) -> Option<Problem> {
        let trouble = self.row_trouble.as_mut()?;
        trouble.seen += 1;
        (trouble.seen % trouble.every == 0).then(|| {
            let what = id.map(|id| format!(": {id}")).unwrap_or_default();
            Problem::bad(
                "UNABLE_TO_LOCK_ROW",
                format!("unable to obtain exclusive access to this record or 1 records{what}"),
            )
        })
    }
}

/// A text field of a row, empty when it is not set.
pub fn text<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A switch of a row.
pub fn is_set(row: &Row, field: &str) -> bool {
    row.get(field).and_then(Value::as_bool).unwrap_or(false)
}
