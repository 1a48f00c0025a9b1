//! The handle: options in, requests in, answers out, one at a time under a lock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;

use super::centres::Centre;
use super::faults::{Fault, Faults, Kind, refusal};
use super::ids::Ids;
use super::problem::Problem;
use super::state::{Flights, Late, RowTrouble, State};
use super::store::Store;
use super::switches::{App, Switches};
use super::tokens::Tokens;
use super::{control, counting, door, limits, modules, rights, seed};
use crate::answer::Answer;
use crate::call::Call;
use crate::counters::Counters;
use crate::journal::Journal;
use crate::org_clock::Clock;
use crate::serve::{Cut, Serve};
use crate::usage::Usage;

/// How an org is opened. `Options::default()` is an org in memory with the real clock.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that keeps the org over restarts; memory only without one.
    pub data: Option<PathBuf>,
    /// What the org calls itself (`accounts-server`, `api_domain`); otherwise the host that it was asked by.
    pub public_url: Option<String>,
    /// Added to every answer.
    pub latency_ms: u64,
    /// The seed of ids, tokens and chance.
    pub seed: u64,
    /// The data centre that the org lives in; `us` when never said.
    pub centre: Option<Centre>,
    /// Whether addresses that are handed out bear the vendor's host names.
    pub vendor_hosts: bool,
    /// Registered clients beside the one that every org has.
    pub apps: Vec<App>,
    /// Whether a fresh org knows the people of the demo's samples.
    pub with_people: bool,
    /// Credits per rolling 24 hours; by edition when never said.
    pub daily_credits: Option<u64>,
}

/// One org. Clones are handles on the same one.
#[derive(Clone)]
pub struct Org {
    state: Arc<Mutex<State>>,
}

impl Org {
    /// Opens the org, with what its folder remembers.
    pub fn open(options: Options) -> std::io::Result<Self> {
        let ids = Ids::of(options.seed);
        let mut store = Store::new(ids.before_first());
        let (journal, notes) = Journal::open(options.data.as_deref(), "zoho.jsonl", &mut store)?;
        let kept = |key: &str| notes.get(key).cloned();
        let restored = kept("switches").and_then(|value| serde_json::from_value(value).ok());
        let mut switches: Switches = restored.unwrap_or_default();
        switches.centre = options.centre.unwrap_or(switches.centre);
        switches.vendor_hosts |= options.vendor_hosts;
        switches.daily_credits = options.daily_credits.or(switches.daily_credits);
        switches.latency_ms = options.latency_ms;
        for app in options.apps {
            switches.apps.retain(|known| known.client_id != app.client_id);
            switches.apps.push(app);
        }
        let modules = kept("modules").and_then(|value| serde_json::from_value(value).ok());
        let modules = modules.unwrap_or_else(|| modules::all(ids));
        for module in &modules {
            store.shape(module);
        }
        store.shape_by_name("Users", &["email"]);
        store.shape_by_name("Tags", &["module"]);
        let mut state = State {
            ids,
            tokens: Tokens::restore(options.seed, &notes),
            clock: kept("clock")
                .and_then(|value| serde_json::from_value(value).ok())
                .unwrap_or(Clock::Real { offset_micros: 0 }),
            store,
            modules,
            journal,
            switches,
            usage: Usage::default(),
            faults: Faults::default(),
            counters: Counters::default(),
            pages: std::collections::HashMap::new(),
            jobs: std::collections::HashMap::new(),
            late: Vec::new(),
            admitted: None,
            row_trouble: None,
            unsearched: std::collections::VecDeque::new(),
            flights: Flights::default(),
            automation: std::collections::BTreeMap::new(),
            notices: Vec::new(),
            base_url: options.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            described_at: 0,
        };
        seed::fill(&mut state);
        if options.with_people {
            seed::people(&mut state);
        }
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
        let call = Call::new(request);
        if call.segments.first().is_some_and(|first| first == "_sim") {
            let mut state = self.lock();
            let answer = control::answer(&mut state, &call);
            return Ok(finish(&mut state, answer).into_response(true));
        }
        let (fault, wait_ms, flight) = {
            let mut state = self.lock();
            commit_late_work(&mut state);
            let flight = limits::take_off(&mut state, &call);
            (state.faults.strike(&call), state.switches.latency_ms, flight)
        };
        pause(wait_ms, fault.as_ref()).await;
        let mut state = self.lock();
        let kind = fault.as_ref().map(|fault| fault.kind);
        let answer = if flight.is_refused() {
            Some(limits::too_many().into_answer())
        } else {
            work(&mut state, &call, fault).map(|answer| finish(&mut state, answer))
        };
        limits::land(&mut state, flight);
        let answer = match kind {
            Some(Kind::CutBefore) => Err(Cut::BeforeWork),
            Some(Kind::CommitThenCut | Kind::CommitLate) => Err(Cut::AfterCommit),
            _ => answer.ok_or(Cut::BeforeWork),
        };
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        let (at, now) = (state.clock.stamp(), state.clock.seconds());
        state.counters.record(&call, &counting::sort(&call), at, status, kind.map(|kind| json!(kind)));
        drop(state);
        answer.map(|answer| answer.with("date", crate::org_clock::http_date(now)).into_response(false))
    }

    /// Stops the clock at these microseconds since 1970.
    pub fn set_clock(&self, micros: i64) {
        self.turn_clock(|_| Clock::Set { micros });
    }

    /// Moves the clock on, whether it runs or stands.
    pub fn advance_clock(&self, seconds: f64) {
        self.turn_clock(|clock| clock.advanced(seconds));
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

impl Serve for Org {
    const MOST_BODY_BYTES: usize = 100 * 1024 * 1024;

    fn found_at(&self, url: &str) {
        let mut state = self.lock();
        if state.base_url.is_none() {
            state.base_url = Some(url.trim_end_matches('/').to_owned());
        }
    }

    async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
        Self::handle(self, request).await
    }

    fn too_large(&self) -> Answer {
        Problem::new(413, "BODY_SIZE_REACHED", "the request body is larger than it may be").into_answer()
    }
}

/// Applies the requests that were cut earlier and whose time has come.
pub fn commit_late_work(state: &mut State) {
    let now = state.clock.micros();
    while let Some(place) = state.late.iter().position(|late| late.due <= now) {
        let Late { call, session, .. } = state.late.remove(place);
        // It was let in when it came; that its token may have died since does not matter.
        state.admitted = session;
        let answer = door::answer(state, &call);
        state.admitted = None;
        finish(state, answer);
    }
}

/// Does what is asked, or what the script makes of it; nothing when the request is not even looked at.
fn work(state: &mut State, call: &Call, fault: Option<Fault>) -> Option<Answer> {
    let Some(fault) = fault else { return Some(door::answer(state, call)) };
    match fault.kind {
        Kind::CommitThenCut | Kind::Slow => Some(door::answer(state, call)),
        Kind::CutBefore => None,
        Kind::CommitLate => {
            let session = door::session(state, call);
            let due = state.clock.advanced(fault.seconds).micros();
            state.late.push(Late { due, call: call.clone(), session });
            None
        }
        Kind::Unavailable => Some(page(503, "Service Unavailable")),
        Kind::BadGateway => Some(page(502, "Bad Gateway")),
        Kind::InternalError => Some(with_status(internal_error(), &fault)),
        Kind::CommitThenBadGateway | Kind::CommitThenGarble | Kind::CommitThenInternalError => {
            let done = door::answer(state, call);
            finish(state, done);
            Some(match fault.kind {
                Kind::CommitThenGarble => page(200, "Welcome. Please accept our terms."),
                Kind::CommitThenInternalError => with_status(internal_error(), &fault),
                _ => page(502, "Bad Gateway"),
            })
        }
        Kind::SessionExpired => {
            door::end_session(state, call);
            Some(door::answer(state, call))
        }
        Kind::RefreshRefused => Some(super::token::error("invalid_code")),
        Kind::TokenThrottled => Some(super::token::throttled(state)),
        Kind::TokenRefused => Some(super::token::error(fault.code.as_deref().unwrap_or("general_error"))),
        Kind::Refuse => Some(with_status(refusal(fault.code.as_deref()).into_answer(), &fault)),
        Kind::RefuseElements | Kind::RowLock => Some(with_row_trouble(state, call, 1, &fault)),
        Kind::HalfCollection => Some(with_row_trouble(state, call, 2, &fault)),
        Kind::LimitExhausted => Some(limits::too_many().into_answer()),
        Kind::LimitExhaustedOldShape => Some(limits::too_many_old_shape()),
        Kind::PermissionDenied => Some(super::problem::no_permission(rights::of_call(call)).into_answer()),
    }
}

/// Commits; when the disk refuses, so does the org.
fn finish(state: &mut State, answer: Answer) -> Answer {
    match state.commit() {
        Ok(()) => answer,
        Err(error) => Problem::new(500, "INTERNAL_ERROR", format!("not kept: {error}")).into_answer(),
    }
}

fn with_row_trouble(state: &mut State, call: &Call, usual: u64, fault: &Fault) -> Answer {
    let every = fault.every.unwrap_or(usual).max(1);
    let problem = refusal(fault.code.as_deref().or(Some("RECORD_LOCKED")));
    state.row_trouble = Some(RowTrouble { every, seen: 0, problem });
    let answer = door::answer(state, call);
    state.row_trouble = None;
    answer
}

/// With the status that the script asks for, if it does.
fn with_status(mut answer: Answer, fault: &Fault) -> Answer {
    answer.status = fault.status.unwrap_or(answer.status);
    answer
}

fn page(status: u16, words: &str) -> Answer {
    Answer::html(status, format!("<html><body><h1>{words}</h1></body></html>"))
}

fn internal_error() -> Answer {
    Problem::new(500, "INTERNAL_ERROR", "Internal Server Error").into_answer()
}

async fn pause(wait_ms: u64, fault: Option<&Fault>) {
    let slow = fault.filter(|fault| fault.kind == Kind::Slow).map_or(0.0, |fault| fault.seconds.max(0.0));
    let wait = Duration::from_millis(wait_ms) + Duration::try_from_secs_f64(slow).unwrap_or_default();
    if !wait.is_zero() {
        crate::clock::pause(wait).await;
    }
}
