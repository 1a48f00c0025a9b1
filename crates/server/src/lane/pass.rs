//! One pass of a lane: everything that is due at one instant, people first, then entries.

use std::collections::BTreeMap;

use causeway_core::{
    address::phone::Region,
    governor::Purpose,
    lane::{HoldReason, Verdict, Who, retry},
    record::{CrmUser, OrgProfile},
    time::Zone,
};

use super::{LEASE, budget, entries, follow, left_over, people};
use crate::{
    app::App,
    crm::{Failure, Line},
    governor,
    live::Topic,
    store::{
        self,
        connection::State,
        integration::{self, Integration},
        lane::{self, Batch},
        lease,
        workspace::{self, Member},
    },
};

/// Most entries in one pass: what one request can write, so that a batch is one request.
const MOST: i64 = 1000;

/// Most batches in one pass; the rest is for the next, so that a lane sees changed settings and its lease.
const MOST_BATCHES: usize = 50;

/// What a pass came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Another node runs this lane, or the connection cannot be used.
    pub is_idle: bool,
    /// Batches that were worked on.
    pub batches: usize,
    /// When something falls due next, in microseconds.
    pub next: Option<i64>,
}

/// What one batch is planned with.
pub struct Pass<'a> {
    /// The wiring.
    pub app: &'a App,
    /// The line to the org.
    pub line: &'a mut Line,
    /// The org.
    pub org: OrgProfile,
    /// The integration.
    pub integration: &'a Integration,
    /// The workspace's zone.
    pub zone: Zone,
    /// The workspace's region.
    pub region: Option<Region>,
    /// Members by id.
    pub members: &'a BTreeMap<i64, Member>,
    /// CRM users that chains may lead to, as far as they were asked for.
    pub users: &'a mut Users,
}

/// CRM users, asked for once in a pass.
#[derive(Clone, Debug, Default)]
pub struct Users {
    /// As answered.
    pub known: Option<Vec<CrmUser>>,
    /// Found unable to own records, although they looked active.
    pub refused: Vec<String>,
}

impl Users {
    /// Those who can own records.
    pub fn able(&self) -> Option<Vec<CrmUser>> {
        let able = |user: &&CrmUser| !self.refused.contains(&user.id);
        self.known.as_ref().map(|users| users.iter().filter(able).cloned().collect())
    }
}

/// Runs one pass of a connection's lane.
pub async fn pass(app: &App, connection_id: i64) -> Result<Passed, Failure> {
    let idle = Passed { is_idle: true, ..Passed::default() };
    if !take_over(app, connection_id).await? {
        return Ok(idle);
    }
    let Some(mut line) = open(app, connection_id).await? else { return Ok(idle) };
    if line.connection().state != State::Connected {
        return Ok(idle);
    }
    governor::review(app, line.connection()).await?;
    let mut passed = Passed::default();
    if is_due(app, connection_id).await? {
        if !budget::may_go_on(app, &mut line).await? {
            return Ok(Passed { next: rested_until(app, connection_id).await?, ..passed });
        }
        passed.batches = drain(app, &mut line).await?;
    }
    if !is_usable(app, &mut line).await? {
        return Ok(Passed { next: rested_until(app, connection_id).await?, ..passed });
    }
    let follow_at = follow::follow(app, &mut line).await?;
    left_over::remove_left_over(app, &mut line).await?;
    let now = app.now();
    let due = app.db.read(move |tx| Box::pin(lane::next_due(tx, connection_id, now))).await?;
    passed.next = [due, follow_at].into_iter().flatten().min();
    Ok(passed)
}

/// Takes or renews the lane's lease; `false`: another node has it. Whoever ran the lane before may have stopped between a
/// request and its answer: another node, this one in an earlier life, or a pass that could not keep its verdicts.
/// No pass is under way when one begins, so what is open then is nobody's.
async fn take_over(app: &App, connection_id: i64) -> store::Result<bool> {
    let (holder, now) = (app.node.clone(), app.now());
    let taken = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let taken = lease::take(tx, &name(connection_id), &holder, now, now + LEASE).await?;
                Ok(if taken.is_some() {
                    Some(lane::settle_open(tx, connection_id, now).await?)
                } else {
                    None
                })
            })
        })
        .await?;
    if let Some(open @ 1..) = taken {
        tracing::warn!(connection.id = connection_id, attempts = open, "lane.settle_open");
    }
    Ok(taken.is_some())
}

/// Renews the lane's lease in the transaction that records attempts, so that none is made by a node whose lease has
/// ended. `false`: it has, and this pass must not go on, whoever has it now.
pub async fn keep_lease(
    tx: &mut store::Tx<'_>,
    connection_id: i64,
    holder: &str,
    now: i64,
) -> store::Result<bool> {
    Ok(lease::take(tx, &name(connection_id), holder, now, now + LEASE).await? == Some(false))
}

fn name(connection_id: i64) -> String {
    format!("lane/{connection_id}")
}

async fn is_due(app: &App, connection_id: i64) -> store::Result<bool> {
    let now = app.now();
    Ok(!app.db.read(move |tx| Box::pin(lane::due(tx, connection_id, now, 1))).await?.entries.is_empty())
}

async fn rested_until(app: &App, connection_id: i64) -> store::Result<Option<i64>> {
    let found = app.db.read(move |tx| Box::pin(store::connection::find(tx, connection_id))).await?;
    Ok(found.and_then(|connection| connection.wait_until))
}

/// Reads the connection again. `false`: it rests or is not connected, and nothing is asked of it.
async fn is_usable(app: &App, line: &mut Line) -> Result<bool, Failure> {
    let Some(fresh) = open(app, line.connection().id).await? else { return Ok(false) };
    *line = fresh;
    line.serve(Purpose::Check);
    let connection = line.connection();
    let rests = connection.wait_until.is_some_and(|until| until > app.now());
    Ok(connection.state == State::Connected && !rests && line.may(Purpose::Check).is_ok())
}

/// Reads the connection again. `false`: it cannot be used now.
async fn reopen(app: &App, line: &mut Line) -> Result<bool, Failure> {
    match open(app, line.connection().id).await? {
        Some(fresh) if fresh.connection().state == State::Connected => *line = fresh,
        _ => return Ok(false),
    }
    budget::may_go_on(app, line).await
}

/// Opens the line for the lane's own work.
async fn open(app: &App, connection_id: i64) -> store::Result<Option<Line>> {
    Line::open_for(app, connection_id, Purpose::Message).await
}

/// The next batch, and what it is for. Messages that came lately go before those that were old when they came; calls
/// that only those may still make are left to them.
async fn next(app: &App, line: &mut Line) -> store::Result<Batch> {
    let (connection_id, now) = (line.connection().id, app.now());
    let (batch, has_backfill) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                if !lane::has_backfill(tx, connection_id, now).await? {
                    return Ok((lane::due(tx, connection_id, now, MOST).await?, false));
                }
                let new = lane::due_new(tx, connection_id, now, MOST).await?;
                let is_all_old = new.entries.is_empty();
                Ok(if is_all_old {
                    (lane::due(tx, connection_id, now, MOST).await?, true)
                } else {
                    (new, false)
                })
            })
        })
        .await?;
    line.serve(if has_backfill { Purpose::Backfill } else { Purpose::Message });
    if has_backfill && line.may(Purpose::Backfill).is_err() {
        return Ok(Batch::default());
    }
    Ok(batch)
}

/// Works until nothing is due.
async fn drain(app: &App, line: &mut Line) -> Result<usize, Failure> {
    let connection_id = line.connection().id;
    for batches in 0..MOST_BATCHES {
        // What people and answers have changed since the last batch holds for this one: a disconnection, a limit.
        if batches > 0 && !reopen(app, line).await? {
            return Ok(batches);
        }
        let batch = next(app, line).await?;
        if batch.entries.is_empty() {
            return Ok(batches);
        }
        if !take_over(app, connection_id).await? {
            return Ok(batches + 1);
        }
        let changed = Changed::of(&batch);
        let may_go_on = work(app, line, batch).await;
        // Whatever came of it, attempts and verdicts are stored.
        changed.tell(app, line.connection().workspace_id);
        if !may_go_on? {
            return Ok(batches + 1);
        }
    }
    Ok(MOST_BATCHES)
}

/// Most conversations of a batch whose open pages are told; those written to last.
const MOST_TOLD: usize = 100;

/// The conversations that a batch is about, newest first.
struct Changed(Vec<i64>);

impl Changed {
    fn of(batch: &Batch) -> Self {
        let mut conversations = Vec::new();
        for entry in batch.entries.iter().rev() {
            if conversations.len() < MOST_TOLD && !conversations.contains(&entry.conversation_id) {
                conversations.push(entry.conversation_id);
            }
        }
        Self(conversations)
    }

    fn tell(&self, app: &App, workspace_id: i64) {
        let conversations = self.0.iter().map(|id| Topic::Conversation(*id));
        let topics: Vec<Topic> =
            [Topic::Deliveries, Topic::Notices].into_iter().chain(conversations).collect();
        app.live.tell(workspace_id, &topics);
    }
}

/// Works on one batch, an integration at a time. `false`: the connection has to rest.
async fn work(app: &App, line: &mut Line, batch: Batch) -> Result<bool, Failure> {
    let (connection_id, workspace_id) = (line.connection().id, line.connection().workspace_id);
    let described = match line.profile().await {
        // What was there when the org was connected may be gone: a text without its field would be lost.
        Ok(org) => Verdict::of_org(&org).map_or(Ok(org), Err),
        Err(Failure::Verdict(verdict)) => Err(verdict),
        Err(failure) => return Err(failure),
    };
    let mut org = match described {
        Ok(org) => org,
        Err(verdict) => {
            rest_or_wait(app, line, &verdict, &batch).await?;
            return Ok(false);
        }
    };
    let (integrations, workspace, members) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let integrations = integration::of_connection(tx, connection_id).await?;
                let workspace = workspace::find(tx, workspace_id).await?;
                Ok((integrations, workspace, workspace::members(tx, workspace_id).await?))
            })
        })
        .await?;
    let members: BTreeMap<i64, Member> = members.into_iter().map(|member| (member.id, member)).collect();
    let mut users = Users::default();
    let Batch { mut entries, conversations, contacts } = batch;
    for integration in &integrations {
        let due;
        (due, entries) = entries.into_iter().partition(|entry| entry.integration_id == integration.id);
        if due.is_empty() {
            continue;
        }
        let mut pass = Pass {
            app,
            line: &mut *line,
            org,
            integration,
            zone: workspace.as_ref().map_or_else(Zone::utc, |workspace| workspace.zone.clone()),
            region: workspace.as_ref().and_then(|workspace| workspace.region),
            members: &members,
            users: &mut users,
        };
        let batch = Batch { entries: due, conversations: conversations.clone(), contacts: contacts.clone() };
        let Some(linked) = people::settle(&mut pass, &batch).await? else { return Ok(false) };
        if !entries::settle(&mut pass, &batch, &linked).await? {
            return Ok(false);
        }
        // It may have been described anew.
        org = pass.org;
    }
    Ok(true)
}

/// For how long a description is new: what it did not heal, the next one does not heal either.
const NEWLY_DESCRIBED: i64 = 60_000_000;

/// A verdict on a whole call: the connection rests, or the entries wait a little while the org is described anew.
pub async fn rest_or_wait(app: &App, line: &Line, verdict: &Verdict, batch: &Batch) -> store::Result<()> {
    let is_new = line.connection().profile_at.is_some_and(|at| app.now() - at < NEWLY_DESCRIBED);
    let unhealed = match verdict {
        Verdict::Heal { detail, .. } if is_new => {
            let (reason, who, detail) = (HoldReason::Unexpected, Who::Operator, detail.clone());
            Some(Verdict::Hold { reason, who, detail })
        }
        _ => None,
    };
    let verdict = unhealed.as_ref().unwrap_or(verdict);
    let word = verdict.word();
    tracing::warn!(connection.id = line.connection().id, verdict = word, "lane.rest");
    if budget::rest_after(app, line, verdict).await? {
        return Ok(());
    }
    let (now, workspace_id) = (app.now(), line.connection().workspace_id);
    let due_at = now + super::micros(retry::backoff(2, app.nature.roll()));
    let waiting: Vec<i64> = batch.entries.iter().map(|entry| entry.id).collect();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                for id in waiting {
                    lane::entry_later(tx, workspace_id, id, due_at, false).await?;
                }
                Ok(())
            })
        })
        .await
}
