//! The whole org as one value: what a request reads and changes while it holds the lock.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::bulk::Job;
use super::faults::Faults;
use super::ids::Ids;
use super::problem::{Outcome, Problem, invalid_module};
use super::rights::{self, Right};
use super::schema::{Module, Row};
use super::store::Store;
use super::switches::{Access, Switches};
use super::tokens::{Caps, Session, Tokens};
use crate::call::Call;
use crate::counters::Counters;
use crate::journal::Journal;
use crate::org_clock::Clock;
use crate::usage::Usage;

/// Everything that the org knows.
#[derive(Clone)]
pub struct State {
    /// How ids begin.
    pub ids: Ids,
    /// Records.
    pub store: Store,
    /// What records look like.
    pub modules: Vec<Module>,
    /// The file behind it.
    pub journal: Journal,
    /// Time.
    pub clock: Clock,
    /// What the administrator turned.
    pub switches: Switches,
    /// Access tokens, refresh tokens, codes.
    pub tokens: Tokens,
    /// Credits of the last day.
    pub usage: Usage,
    /// Trouble to come.
    pub faults: Faults,
    /// What was asked so far.
    pub counters: Counters,
    /// Open page tokens.
    pub pages: HashMap<String, PageToken>,
    /// Bulk jobs.
    pub jobs: HashMap<String, Job>,
    /// Requests that were cut and commit later.
    pub late: Vec<Late>,
    /// The session of the late request that is being worked on now.
    pub admitted: Option<Session>,
    /// Which elements of the present request fail.
    pub row_trouble: Option<RowTrouble>,
    /// What stood before a change that search has not caught up with, newest last.
    pub unsearched: VecDeque<Unsearched>,
    /// Requests in flight: all, and the heavy ones.
    pub flights: Flights,
    /// How often each kind of automation ran because of what the API wrote.
    pub automation: BTreeMap<String, u64>,
    /// What was sent, or would have been, to who watches.
    pub notices: Vec<Value>,
    /// Where the org says that it lives, when that is fixed.
    pub base_url: Option<String>,
    /// When metadata last changed, in seconds.
    pub described_at: i64,
}

/// Where a list goes on.
#[derive(Clone, Debug)]
pub struct PageToken {
    /// Who may use it.
    pub user: String,
    /// What was asked, without the page.
    pub asked: String,
    /// How many rows were read.
    pub offset: usize,
    /// When it dies, in seconds.
    pub expires: i64,
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

/// A fault that strikes some elements of one request.
#[derive(Clone, Debug)]
pub struct RowTrouble {
    /// Every so-many-th element fails.
    pub every: u64,
    /// Elements seen so far.
    pub seen: u64,
    /// What is said of them.
    pub problem: Problem,
}

/// A change that search does not know yet.
#[derive(Clone, Debug)]
pub struct Unsearched {
    /// When it was made, in microseconds.
    pub at: i64,
    /// The module.
    pub module: String,
    /// The record.
    pub id: String,
    /// What the index still knows; nothing of a new record.
    pub before: Option<Row>,
}

/// How many requests are being worked on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flights {
    /// All of them.
    pub all: u32,
    /// The heavy ones.
    pub heavy: u32,
}

/// Who is asking, in which version.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user's id.
    pub user: String,
    /// The granted scopes.
    pub scope: String,
    /// Ten times the version: 21 is v2.1, 80 is v8.
    pub version: u32,
    /// The zone that times are told in.
    pub zone: TimeZone,
}

impl State {
    /// What this user may not do.
    pub fn access(&self, user: &str) -> Option<&Access> {
        self.switches.users.get(user)
    }

    /// The module of that name, whoever asks.
    pub fn any_module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.api_name == name)
    }

    /// The module of that name as this user sees it.
    pub fn module(&self, caller: &Caller, name: &str) -> Option<Module> {
        let mut module = self.any_module(name)?.clone();
        let Some(access) = self.access(&caller.user) else { return Some(module) };
        let is_seen = !access.no_read.contains(name);
        module.viewable &= is_seen;
        module.creatable &= is_seen && !access.no_create.contains(name);
        module.editable &= is_seen && !access.no_edit.contains(name);
        module.deletable &= is_seen && !access.no_delete.contains(name);
        for field in &mut module.fields {
            let full = format!("{name}.{}", field.api_name);
            if access.hidden_fields.contains(&full) || access.read_only_fields.contains(&full) {
                field.create = false;
                field.update = false;
            }
        }
        Some(module)
    }

    /// The module of that name whose records this user can ask for, or the vendor's complaint.
    pub fn usable(&self, caller: &Caller, name: &str) -> Outcome<Module> {
        let module = self.module(caller, name);
        let module =
            module.filter(|module| module.api_supported && module.status != "scheduled_for_deletion");
        let module = module.ok_or_else(invalid_module)?;
        rights::check(&module, Right::View)?;
        Ok(module)
    }

    /// Whether a field is hidden from this user.
    pub fn is_hidden(&self, caller: &Caller, module: &str, field: &str) -> bool {
        let access = self.access(&caller.user);
        access.is_some_and(|access| access.hidden_fields.contains(&format!("{module}.{field}")))
    }

    /// Whether a user exists, is active and has confirmed.
    pub fn is_active_user(&self, id: &str) -> bool {
        self.store.get("Users", id).is_some_and(|row| text(row, "status") == "active")
    }

    /// How many tokens may be.
    pub fn caps(&self) -> Caps {
        let switches = &self.switches;
        Caps {
            refresh_tokens: switches.refresh_tokens,
            access_tokens: switches.access_tokens,
            per_ten_minutes: switches.tokens_per_ten_minutes,
            token_seconds: switches.token_seconds,
        }
    }

    /// Credits of a rolling day.
    pub fn daily_credits(&self) -> u64 {
        let users = self.store.rows("Users").filter(|user| text(user, "status") == "active").count();
        self.switches.daily_credits.unwrap_or_else(|| self.switches.edition.credits(users as u64))
    }

    /// Writes down the switches after somebody turned one.
    pub fn keep_switches(&mut self) {
        self.journal.note("switches", &json!(self.switches));
    }

    /// Writes down what modules look like after somebody changed one of them, whose indexes follow.
    pub fn keep_modules(&mut self, changed: &str) {
        self.described_at = self.described_at.max(self.clock.seconds());
        self.journal.note("modules", &json!(self.modules));
        if let Some(module) = self.modules.iter().find(|module| module.api_name == changed) {
            self.store.shape(module);
        }
    }

    /// Writes down the clock after somebody set it.
    pub fn keep_clock(&mut self) {
        self.journal.note("clock", &json!(self.clock));
    }

    /// Makes the open changes final, on disk too.
    pub fn commit(&mut self) -> std::io::Result<()> {
        let undone = self.store.commit();
        let changes: Vec<_> = undone.iter().map(|undo| self.store.change(undo)).collect();
        self.journal.changes(&changes);
        if self.switches.index_delay_seconds > 0.0 {
            let at = self.clock.micros();
            let of_modules =
                undone.into_iter().filter(|undo| self.modules.iter().any(|m| m.api_name == undo.table));
            self.unsearched.extend(of_modules.map(|undo| Unsearched {
                at,
                module: undo.table,
                id: undo.id.to_string(),
                before: undo.before,
            }));
        }
        self.journal.flush()
    }

    /// The records of a module that search does not see as they are, with what it sees instead.
    pub fn unsearched(&mut self, module: &str) -> HashMap<String, Option<Row>> {
        #[expect(clippy::cast_possible_truncation, reason = "microseconds of a hand-typed number of seconds")]
        let delay = (self.switches.index_delay_seconds * 1e6) as i64;
        let known_until = self.clock.micros() - delay;
        while self.unsearched.front().is_some_and(|change| change.at <= known_until) {
            self.unsearched.pop_front();
        }
        let mut seen = HashMap::new();
        for change in self.unsearched.iter().filter(|change| change.module == module) {
            // The oldest change that is not indexed yet knows what the index knows.
            seen.entry(change.id.clone()).or_insert_with(|| change.before.clone());
        }
        seen
    }

    /// The problem that a scripted fault makes for the next element, if it is that element's turn.
    pub fn next_row_trouble(&mut self) -> Option<Problem> {
        let trouble = self.row_trouble.as_mut()?;
        trouble.seen += 1;
        (trouble.seen % trouble.every == 0).then(|| trouble.problem.clone())
    }

    /// A stored instant as this caller reads it.
    pub fn stamp(caller: &Caller, seconds: i64) -> String {
        super::times::stamp(seconds, &caller.zone)
    }
}

/// A text field of a row, empty when it is not set.
pub fn text<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// An instant of a row, in seconds; zero when it is not set.
pub fn seconds(row: &Row, field: &str) -> i64 {
    row.get(field).and_then(Value::as_i64).unwrap_or_default()
}
