//! A line to one CRM org: may it be asked, renew, send, reply, count. Whatever makes a call makes it here.

use std::time::Duration;

use causeway_core::{
    call::{Answer, Call, DescribeFlow, Outcome, Usage},
    crm::{self, Crm, Org},
    governor::{Because, Purpose, Rules, Standing, allows, is_stale, may_call, slot, spent, wording},
    lane::{HoldReason, Verdict, Who},
    record::OrgProfile,
    time::Timestamp,
};

use super::renew;
use crate::{
    app::App,
    clock, governor,
    http::{Access, Silence},
    live::Topic,
    store::{
        self, call_count,
        connection::{self, Connection, State},
        lane, meta, person, usage_reading,
    },
};

/// How long a request may take. Shorter than what a lane keeps of its lease, so that no request outlives it.
pub const REQUEST_LIMIT: Duration = Duration::from_mins(1);

/// How long a request waits for its turn. Together with the request it is far shorter than a lane's lease.
const QUEUE: Duration = Duration::from_secs(30);

/// While plenty is left, what the org tells of its limit is kept once in so long, in microseconds.
const KEPT_EVERY: i64 = 5_000_000;

/// Plenty is left below this part of what the lane may spend, in percent.
const PLENTY: u64 = 50;

/// Most requests in one flow (pages, steps of a search).
const LONGEST_FLOW: usize = 500;

/// How far clocks move apart from one answer to the next before one of them must have been set, in microseconds: more than
/// a request takes.
const JUMP: i64 = 120_000_000;

fn clock_key(connection_id: i64) -> String {
    format!("clock/{connection_id}")
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What the CRM's answer (or silence) means for the call.
    #[error("{}", words(.0))]
    Verdict(Verdict),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Failure {
    /// What somebody who asked can do about it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Verdict(Verdict::Hold { reason: HoldReason::LimitReached, .. }) => {
                "wait until the org has API calls again, then try again"
            }
            Self::Verdict(Verdict::Hold { reason, .. }) => causeway_core::plan::wording::hold(*reason).1,
            Self::Verdict(_) | Self::Store(_) => "try again in a moment",
        }
    }

    /// What a log may say of it. A CRM's own words can quote what somebody wrote; they are kept with what they are about.
    pub fn for_log(&self) -> String {
        match self {
            Self::Verdict(Verdict::Hold { reason, .. }) => format!("held: {}", person::word(reason)),
            Self::Verdict(verdict) => verdict.word().to_owned(),
            Self::Store(error) => error.to_string(),
        }
    }
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Done => "done".into(),
        Verdict::Renew => "the access token is no longer good".into(),
        Verdict::Again { detail, .. } | Verdict::Unknown { detail, .. } | Verdict::Heal { detail, .. } => {
            detail.clone()
        }
        Verdict::Hold { reason, detail, .. } => {
            let (because, _) = causeway_core::plan::wording::hold(*reason);
            if detail.is_empty() { because.to_owned() } else { format!("{because}: {detail}") }
        }
    }
}

/// What became of a call that writes.
pub struct Written {
    /// One outcome for each record, in order.
    pub outcomes: Vec<Outcome>,
    /// The verdict, if it is one on the call as a whole: it says nothing about any of the records.
    pub whole: Option<Verdict>,
}

/// A connection in use.
pub struct Line {
    app: App,
    crm: &'static dyn Crm,
    connection: Connection,
    /// What calls over it are for.
    purpose: Purpose,
    /// What the admin allows.
    rules: Rules,
    /// Our calls to the org in its window, where that matters.
    ours: u64,
    /// The CRM's own time, as last told.
    pub server_time: Option<Timestamp>,
    /// How far the CRM's clock is ahead of ours, in microseconds, when it last was another distance than before.
    ahead: i64,
    /// A clock was set since this line was opened.
    is_clock_set: bool,
    /// The org was described over this line.
    has_described: bool,
}

impl Line {
    /// Opens a line for what somebody asked for; `None` when the connection does not exist or its CRM is unknown here.
    pub async fn open(app: &App, connection_id: i64) -> store::Result<Option<Self>> {
        Self::open_for(app, connection_id, Purpose::Asked).await
    }

    /// Opens a line for that purpose.
    pub async fn open_for(app: &App, connection_id: i64, purpose: Purpose) -> store::Result<Option<Self>> {
        let here = app.clone();
        let found = app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let Some(connection) = connection::find(tx, connection_id).await? else {
                        return Ok(None);
                    };
                    let rules = governor::rules(&here, &connection);
                    // Only a share makes a difference between our calls and others'.
                    let ours = if rules.has_share() {
                        governor::ours(tx, &connection, here.now()).await?
                    } else {
                        0
                    };
                    let ahead = meta::get(tx, &clock_key(connection_id)).await?;
                    let ahead = ahead.and_then(|ahead| ahead.parse().ok()).unwrap_or(0);
                    Ok(Some((connection, rules, ours, ahead)))
                })
            })
            .await?;
        Ok(found.and_then(|(connection, rules, ours, ahead)| {
            let crm = crm::named(&connection.crm)?;
            Some(Self {
                app: app.clone(),
                crm,
                connection,
                purpose,
                rules,
                ours,
                server_time: None,
                ahead,
                is_clock_set: false,
                has_described: false,
            })
        }))
    }

    /// From here on, calls over it are for this.
    pub fn serve(&mut self, purpose: Purpose) {
        self.purpose = purpose;
    }

    /// May a call of that purpose be made now, as far as the org has told?
    pub fn may(&self, purpose: Purpose) -> Result<(), Because> {
        may_call(self.standing(), self.rules, purpose, 1)
    }

    /// How the org stands, as it told last.
    pub fn standing(&self) -> Standing {
        Standing { usage: self.connection.usage, ours: self.ours }
    }

    /// Is what the org told too old to stop or to go on by?
    pub fn is_stale(&self) -> bool {
        is_stale(self.connection.budget.told_at.map(Timestamp), Timestamp(self.app.now()))
    }

    /// The connection, as last read or renewed.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Its CRM.
    pub fn crm(&self) -> &'static dyn Crm {
        self.crm
    }

    /// What the CRM's clock shows now, as far as its answers have told.
    pub fn crm_time(&self) -> Timestamp {
        Timestamp(self.app.now().saturating_add(self.ahead))
    }

    /// The org as described; described now if it never was, or too long ago.
    pub async fn profile(&mut self) -> Result<OrgProfile, Failure> {
        const FRESH: i64 = 24 * 3600 * 1_000_000;
        let is_fresh = self.connection.profile_at.is_some_and(|at| self.app.now() - at < FRESH);
        match &self.connection.profile {
            Some(profile) if is_fresh => Ok(profile.clone()),
            _ => self.describe().await,
        }
    }

    /// Was the org described over this line? Otherwise its description may be as old as a day.
    pub fn has_described(&self) -> bool {
        self.has_described
    }

    /// Describes the org and keeps the description.
    pub async fn describe(&mut self) -> Result<OrgProfile, Failure> {
        let call = Call::Describe { user_id: self.connection.user_id.clone(), flow: DescribeFlow::default() };
        let Answer::Profile(profile) = self.call(call).await? else {
            return Err(unexpected("the org was not described"));
        };
        let (id, revision) = (self.connection.id, self.connection.token_revision);
        let (now, kept) = (self.app.now(), (*profile).clone());
        self.app
            .db
            .write(move |tx| {
                Box::pin(async move { connection::put_profile(tx, id, revision, &kept, now).await })
            })
            .await?;
        self.connection.profile = Some((*profile).clone());
        self.connection.profile_at = Some(now);
        self.has_described = true;
        Ok(*profile)
    }

    /// Makes a call that writes, and has one outcome for each of its records, whatever happens.
    pub async fn write(&mut self, call: Call, records: usize) -> store::Result<Written> {
        let all = |verdict: Verdict| Written {
            outcomes: vec![Outcome { verdict: verdict.clone(), id: None }; records],
            whole: Some(verdict),
        };
        let unknown = |detail: &str| Verdict::Unknown { settle: Duration::ZERO, detail: detail.into() };
        match self.call(call).await {
            Ok(Answer::Outcomes(mut outcomes)) => {
                outcomes.resize(records, Outcome { verdict: unknown("the answer left it out"), id: None });
                Ok(Written { outcomes, whole: None })
            }
            Ok(_) => Ok(all(unknown("an answer of another kind"))),
            Err(Failure::Verdict(verdict)) => Ok(all(verdict)),
            Err(Failure::Store(error)) => Err(error),
        }
    }

    /// Makes a call, through all the requests that it takes. Renews the access token once.
    pub async fn call(&mut self, call: Call) -> Result<Answer, Failure> {
        let (mut call, mut so_far) = (call, None::<Answer>);
        for _ in 0..LONGEST_FLOW {
            let (answer, next) = match self.exchange(&call).await? {
                Answer::More(next, _) => {
                    call = next;
                    continue;
                }
                Answer::Part(part, next) => (*part, Some(*next)),
                answer => (answer, None),
            };
            let whole = match so_far.take() {
                None => answer,
                Some(before) => before.join(answer).ok_or_else(|| unexpected("parts of two answers"))?,
            };
            let Some(next) = next else { return Ok(whole) };
            (call, so_far) = (next, Some(whole));
        }
        Err(unexpected("a flow of requests did not come to its end"))
    }

    async fn exchange(&mut self, call: &Call) -> Result<Answer, Failure> {
        match self.request(call).await? {
            Err(Verdict::Renew) => {}
            Err(verdict) => return Err(Failure::Verdict(verdict)),
            Ok(answer) => return Ok(answer),
        }
        self.connection = renew::renew(&self.app, self.crm, &self.connection).await?;
        match self.request(call).await? {
            // Somebody may end sessions as we renew them. If it is a matter of rights, it is refused again and again,
            // and held after so many tries.
            Err(Verdict::Renew) => Err(Failure::Verdict(Verdict::Again {
                after: Duration::from_mins(1),
                detail: "the CRM refuses a token that it has just issued".into(),
            })),
            Err(verdict) => Err(Failure::Verdict(verdict)),
            Ok(answer) => Ok(answer),
        }
    }

    async fn request(&mut self, call: &Call) -> Result<Result<Answer, Verdict>, Failure> {
        if self.connection.state != State::Connected {
            return Ok(Err(not_connected(&self.connection)));
        }
        let token = self.connection.access_token.as_ref().map(|sealed| {
            self.app.sealer.open(&connection::seal_place(self.connection.id, "access_token"), sealed)
        });
        let Some(Ok(token)) = token else { return Ok(Err(Verdict::Renew)) };
        let cost = self.crm.cost(call);
        if let Err(because) = allows(call, self.purpose, self.standing(), self.rules, cost) {
            return Ok(Err(self.no_calls(because)));
        }
        let org = Org {
            instance_url: self.connection.instance_url.clone(),
            version: self.connection.version.clone(),
            profile: self.connection.profile.clone(),
        };
        let request = self.crm.request(&org, call);
        let most = self.crm.capabilities().requests_in_flight;
        let place = self.app.in_flight.place((self.crm.name(), &self.connection.org_id), most, self.purpose);
        let Some(place) = clock::within(QUEUE, place).await else {
            let detail = "as many requests as the org takes at once are under way".into();
            return Ok(Err(Verdict::Again { after: Duration::from_secs(1), detail }));
        };
        self.count(call).await?;
        let access = Access { scheme: self.crm.authorization_scheme(), token: token.expose() };
        let begun = self.app.nature.now();
        let answered = self.app.http.send(&request, Some(access), REQUEST_LIMIT).await;
        drop(place);
        let took = self.app.nature.now().since(begun);
        let reply = match &answered {
            Ok(response) => self.crm.reply(&org, call, response),
            Err(Silence { sent, what }) => self.crm.silence(call, *sent, what),
        };
        let status = answered.as_ref().map_or(0, |response| response.status);
        self.app.metrics.called(self.connection.id, call.name(), status, reply.result.as_ref().err(), took);
        self.server_time = reply.server_time.or(self.server_time);
        if let Some(told) = reply.server_time {
            self.is_clock_set |= self.has_jumped(begun.0, told).await?;
        }
        if self.is_clock_set && matches!(call, Call::VerifyEntries { .. } | Call::FindPeople(_)) {
            // "Not there" is believed after a while, and what this line's user knows of it was read by another clock.
            return Ok(Err(Verdict::Again { after: Duration::ZERO, detail: "the clock was set".into() }));
        }
        if let Some(usage) = reply.usage {
            self.note(usage).await?;
        }
        Ok(reply.result)
    }

    /// Was our clock set, or the CRM's, since it last told its time? Then what waits for a lost answer begins to wait anew:
    /// how long it has waited, no clock can tell any more.
    async fn has_jumped(&mut self, sent_at: i64, told: Timestamp) -> store::Result<bool> {
        if (self.app.now() - sent_at).abs() > JUMP {
            // Set while the answer was on its way, or this process stood still: the next answer tells.
            return Ok(true);
        }
        let ahead = told.0 - self.app.now();
        if (ahead - self.ahead).abs() < JUMP {
            return Ok(false);
        }
        let was_ahead = self.ahead - ahead;
        self.ahead = ahead;
        let (id, now) = (self.connection.id, self.app.now());
        tracing::warn!(connection.id = id, ahead, "crm.clock");
        self.app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    meta::put(tx, &clock_key(id), &ahead.to_string()).await?;
                    lane::wait_anew(tx, id, was_ahead, now).await
                })
            })
            .await?;
        Ok(true)
    }

    /// There is no call to make.
    fn no_calls(&self, because: Because) -> Verdict {
        let detail = wording::why(because, self.standing(), self.rules);
        Verdict::Hold { reason: HoldReason::LimitReached, who: Who::Nobody, detail }
    }

    /// Counted before it leaves: a call whose answer is lost was made all the same.
    async fn count(&mut self, call: &Call) -> store::Result<()> {
        let ids = (self.connection.workspace_id, self.connection.id);
        let slot = slot(Timestamp(self.app.now()));
        let (purpose, name) = (self.purpose, call.name());
        self.ours += self.crm.cost(call);
        self.app.db.write(move |tx| Box::pin(call_count::count(tx, ids, slot, purpose, name))).await
    }

    /// Keeps what the org told. Far from the end not every word of it: one write for each call is enough.
    async fn note(&mut self, usage: Usage) -> store::Result<()> {
        let now = self.app.now();
        let (before, told_at) = (self.connection.usage, self.connection.budget.told_at);
        self.connection.usage = Some(usage);
        let is_ample =
            |usage| spent(Standing { usage, ours: self.ours }, self.rules).is_some_and(|part| part < PLENTY);
        let is_recent = told_at.is_some_and(|at| (0..KEPT_EVERY).contains(&(now - at)));
        let is_same_limit =
            before.is_some_and(|before| before.limit == usage.limit && before.used <= usage.used);
        if is_recent && is_same_limit && is_ample(before) && is_ample(Some(usage)) {
            return Ok(());
        }
        self.connection.budget.told_at = Some(now);
        let (crm, org_id) = (self.crm.name(), self.connection.org_id.clone());
        // Somebody who looks at a panel brings the news that there are calls again.
        let is_over = governor::is_stopped(&self.connection, now)
            && !matches!(self.purpose, Purpose::Message | Purpose::Backfill | Purpose::Check)
            && self.may(Purpose::Message).is_ok();
        let id = self.connection.id;
        self.app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    connection::put_usage(tx, crm, &org_id, usage, now).await?;
                    usage_reading::keep(tx, crm, &org_id, usage, now).await?;
                    if is_over { connection::rest_until_now(tx, id, now).await } else { Ok(()) }
                })
            })
            .await?;
        if is_over {
            self.app.bells.lanes.notify_one();
            self.app.live.tell(self.connection.workspace_id, &[Topic::Connections, Topic::Notices]);
        }
        Ok(())
    }
}

/// An answer that is none to what was asked.
pub fn unexpected(detail: &str) -> Failure {
    Failure::Verdict(Verdict::Hold {
        reason: HoldReason::Unexpected,
        who: Who::Operator,
        detail: detail.into(),
    })
}

fn not_connected(connection: &Connection) -> Verdict {
    let reason = match connection.state {
        State::Disconnected => HoldReason::Disconnected,
        State::OtherOrg => HoldReason::OtherOrg,
        State::Lost | State::Connected => HoldReason::GrantLost,
    };
    Verdict::Hold { reason, who: Who::WorkspaceAdmin, detail: connection.detail.clone() }
}
