//! The handle: options in, requests in, answers out, one at a time under a lock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;

use super::answer::Answer;
use super::faults::{Fault, Faults, Kind};
use super::query::Cursors;
use super::state::{Late, RowTrouble, State};
use super::store::Store;
use super::switches::{App, Switches};
use super::tokens::Tokens;
use super::{control, counting, door, lightning, objects, seed};
use crate::call::Call;
use crate::counters::Counters;
use crate::journal::Journal;
use crate::org_clock::Clock;
pub use crate::serve::Cut;
use crate::serve::Serve;
use crate::usage::Usage;

/// How an org is opened. `Options::default()` is an org in memory with the real clock.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that keeps the org over restarts; memory only without one.
    pub data: Option<PathBuf>,
    /// What the org calls itself (`instance_url`); otherwise the host that it was asked by.
    pub public_url: Option<String>,
    /// Added to every answer.
    pub latency_ms: u64,
    /// The seed of ids, tokens and chance.
    pub seed: u64,
    /// Whether each refresh hands out a new refresh token and kills the old one.
    pub rotate_refresh_tokens: bool,
    /// A custom text field on Task and Event: External ID, unique, case-sensitive.
    pub external_id_field: Option<String>,
    /// Registered apps beside the two that every org has.
    pub apps: Vec<App>,
    /// Whether new leads go to the rule's owner; on when never said.
    pub assignment_rules: Option<bool>,
    /// API requests per rolling 24 hours; 100,000 when never said.
    pub daily_limit: Option<u64>,
}

/// One org. Clones are handles on the same one.
#[derive(Clone)]
pub struct Org {
    state: Arc<Mutex<State>>,
}

impl Org {
    /// Opens the org, with what its folder remembers.
    pub fn open(options: Options) -> std::io::Result<Self> {
        let mut store = Store::new(options.seed, options.external_id_field.as_deref());
        let (journal, notes) = Journal::open(options.data.as_deref(), "salesforce.jsonl", &mut store)?;
        let kept = |key: &str| notes.get(key).cloned();
        let restored = kept("switches").and_then(|value| serde_json::from_value(value).ok());
        let mut switches: Switches = restored.unwrap_or_default();
        switches.rotate_refresh_tokens |= options.rotate_refresh_tokens;
        switches.assignment_rules = options.assignment_rules.unwrap_or(switches.assignment_rules);
        switches.daily_limit = options.daily_limit.unwrap_or(switches.daily_limit);
        switches.latency_ms = options.latency_ms;
        for app in options.apps {
            switches.apps.retain(|known| known.client_id != app.client_id);
            switches.apps.push(app);
        }
        for field in &switches.fields {
            store.put_field(&field.object, objects::custom_field(field));
        }
        for (name, length) in &switches.lengths {
            let (object, field) = name.split_once('.').unwrap_or_default();
            store.put_length(object, field, *length);
        }
        let mut state = State {
            tokens: Tokens::restore(options.seed, &notes),
            clock: kept("clock")
                .and_then(|value| serde_json::from_value(value).ok())
                .unwrap_or(Clock::Real { offset_micros: 0 }),
            store,
            journal,
            switches,
            usage: Usage::default(),
            faults: Faults::default(),
            counters: Counters::default(),
            cursors: Cursors::default(),
            late: Vec::new(),
            admitted: None,
            row_trouble: None,
            unsearched: std::collections::VecDeque::new(),
            base_url: options.public_url,
            described_at: 0,
        };
        seed::fill(&mut state);
        state.keep_switches();
        state.commit()?;
        Ok(Self { state: Arc::new(Mutex::new(state)) })
    }

    /// Another org that is as this one is now, in memory, and goes its own way from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { state: Arc::new(Mutex::new(self.lock().clone())) }
    }

    /// One request in, one answer out; `Err` means that the connection is to be dropped without a byte.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
        let call = super::call::with_own_verb(Call::new(request));
        if call.segments.first().is_some_and(|first| first == "_sim") {
            let mut state = self.lock();
            let answer = control::answer(&mut state, &call);
            return Ok(finish(&mut state, answer).into_response(true));
        }
        if let Some(answer) = too_long(&call) {
            return Ok(answer.into_response(false));
        }
        let (fault, wait_ms) = {
            let mut state = self.lock();
            commit_late_work(&mut state);
            (state.faults.strike(&call), state.switches.latency_ms)
        };
        pause(wait_ms, fault.as_ref()).await;
        let mut state = self.lock();
        let kind = fault.as_ref().map(|fault| fault.kind);
        let answer = work(&mut state, &call, fault).map(|answer| finish(&mut state, answer));
        let answer = match kind {
            Some(Kind::CutBefore) => Err(Cut::BeforeWork),
            Some(Kind::CommitThenCut | Kind::CommitLate) => Err(Cut::AfterCommit),
            _ => answer.ok_or(Cut::BeforeWork),
        };
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        let (at, now) = (state.clock.stamp(), state.clock.seconds());
        state.counters.record(&call, &counting::sort(&call), at, status, kind.map(|kind| json!(kind)));
        drop(state);
        let pretty = call.header("x-prettyprint") == Some("1");
        answer.map(|answer| answer.with("date", crate::org_clock::http_date(now)).into_response(pretty))
    }

    /// Stops the clock at these microseconds since 1970.
    pub fn set_clock(&self, micros: i64) {
        self.turn_clock(|_| Clock::Set { micros });
    }

    /// Moves the clock on, whether it runs or stands.
    pub fn advance_clock(&self, seconds: f64) {
        self.turn_clock(|clock| clock.advanced(seconds));
    }

    /// Gives the org its address, unless one was chosen at the start.
    pub fn set_public_url_if_unset(&self, url: &str) {
        let mut state = self.lock();
        if state.base_url.is_none() {
            state.base_url = Some(url.trim_end_matches('/').to_owned());
        }
    }

    fn turn_clock(&self, turn: impl FnOnce(Clock) -> Clock) {
        let mut state = self.lock();
        state.clock = turn(state.clock);
        state.keep_clock();
        // What the disk refuses here is refused again, and said, by the next request.
        let _ = state.commit();
        commit_late_work(&mut state);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic under the lock is a bug that its own request reports; the others go on.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Applies the requests that were cut earlier and whose time has come.
pub fn commit_late_work(state: &mut State) {
    let now = state.clock.micros();
    while let Some(place) = state.late.iter().position(|late| late.due <= now) {
        let Late { call, session, .. } = state.late.remove(place);
        // It was let in when it came; that its session may have ended since does not matter.
        state.admitted = session;
        let answer = route(state, &call);
        state.admitted = None;
        finish(state, answer);
    }
}

/// Does what is asked, or what the script makes of it; nothing when the request is not even looked at.
fn work(state: &mut State, call: &Call, fault: Option<Fault>) -> Option<Answer> {
    let Some(fault) = fault else { return Some(route(state, call)) };
    match fault.kind {
        Kind::CommitThenCut | Kind::Slow => Some(route(state, call)),
        Kind::CutBefore => None,
        Kind::CommitLate => {
            let session = door::session(state, call);
            let due = state.clock.advanced(fault.seconds).micros();
            state.late.push(Late { due, call: call.clone(), session });
            None
        }
        Kind::Unavailable => Some(unavailable()),
        Kind::BadGateway => Some(bad_gateway()),
        Kind::CommitThenBadGateway | Kind::CommitThenGarble => {
            let done = route(state, call);
            finish(state, done);
            Some(if fault.kind == Kind::CommitThenGarble { portal() } else { bad_gateway() })
        }
        Kind::SessionExpired => {
            door::end_session(state, call);
            Some(route(state, call))
        }
        Kind::RowLock => Some(with_row_trouble(state, call, fault.every.unwrap_or(1))),
        Kind::HalfCollection => Some(with_row_trouble(state, call, fault.every.unwrap_or(2))),
        Kind::LimitExhausted => Some(door::limit_reached(state)),
    }
}

fn route(state: &mut State, call: &Call) -> Answer {
    match call.segments.first().map_or("", String::as_str) {
        "" | "lightning" => lightning::answer(state, call),
        _ => door::answer(state, call),
    }
}

/// Commits; when the disk refuses, so does the org.
fn finish(state: &mut State, answer: Answer) -> Answer {
    match state.commit() {
        Ok(()) => answer,
        Err(error) => Answer::json(
            500,
            json!([{"errorCode": "UNKNOWN_EXCEPTION", "message": format!("not kept: {error}")}]),
        ),
    }
}

fn with_row_trouble(state: &mut State, call: &Call, every: u64) -> Answer {
    state.row_trouble = Some(RowTrouble { every: every.max(1), seen: 0 });
    let answer = route(state, call);
    state.row_trouble = None;
    answer
}

/// The vendor's edge takes 16,384 bytes of address, and as much of address and headers together.
fn too_long(call: &Call) -> Option<Answer> {
    const MOST_BYTES: usize = 16_384;
    let target = call.header("host").map_or(0, str::len) + call.raw_target_length;
    let headers: usize = call.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let (status, title) = if target > MOST_BYTES {
        (414, "URI Too Long")
    } else if target + headers > MOST_BYTES {
        (431, "Request Header Fields Too Large")
    } else {
        return None;
    };
    Some(Answer::html(status, format!("<html><body><h1>{status} {title}</h1></body></html>")))
}

fn unavailable() -> Answer {
    Answer::html(
        503,
        "<html><head><title>Service Unavailable</title></head><body><h1>Service Unavailable</h1>\
         <p>We are down for maintenance. Please try again later.</p></body></html>"
            .to_owned(),
    )
}

fn bad_gateway() -> Answer {
    Answer::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>".to_owned())
}

/// What a network says that wants its terms accepted first.
fn portal() -> Answer {
    Answer::html(200, "<html><body><h1>Welcome</h1><p>Please accept our terms.</p></body></html>".to_owned())
}

async fn pause(wait_ms: u64, fault: Option<&Fault>) {
    let slow = fault.filter(|fault| fault.kind == Kind::Slow).map_or(0.0, |fault| fault.seconds.max(0.0));
    let wait = Duration::from_millis(wait_ms) + Duration::try_from_secs_f64(slow).unwrap_or_default();
    if !wait.is_zero() {
        crate::clock::pause(wait).await;
    }
}

impl Serve for Org {
    const MOST_BODY_BYTES: usize = 50 * 1024 * 1024;

    fn found_at(&self, url: &str) {
        self.set_public_url_if_unset(url);
    }

    async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
        Self::handle(self, request).await
    }

    fn too_large(&self) -> Answer {
        Answer::json(
            413,
            json!([{"errorCode": "EXCEEDED_MAX_SIZE_REQUEST", "message": "The request is too large."}]),
        )
    }
}
