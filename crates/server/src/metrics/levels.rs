//! What stands in the store now: what waits, for how long, and for whom. A few looks at indexes, at most once in a few
//! seconds.

use std::{collections::BTreeSet, sync::atomic::AtomicU64};

use causeway_core::lane::HOLD_REASONS;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::{
    app::App,
    id,
    store::{
        self, call_count,
        level::{self, Lane},
    },
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfConnection {
    connection: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Standing {
    connection: String,
    crm: String,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOrg {
    crm: String,
    org: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfReason {
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPurpose {
    connection: String,
    purpose: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQueue {
    queue: &'static str,
}

type Level<L> = Family<L, Gauge>;
type Age = Gauge<f64, AtomicU64>;

/// Reads every level.
pub(super) async fn read(app: &App) -> store::Result<Registry> {
    let now = app.now();
    let (backlog, holds, lanes, calls) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let backlog = level::backlog(tx).await?;
                let holds = level::holds(tx).await?;
                let lanes = level::lanes(tx, now).await?;
                Ok((backlog, holds, lanes, call_count::totals(tx).await?))
            })
        })
        .await?;
    let mut registry = Registry::default();
    let waiting: Gauge = Gauge::default();
    waiting.set(backlog.waiting);
    registry.register("causeway_intake_waiting", "Kept requests that are not read yet", waiting);
    let oldest = Age::default();
    oldest.set(seconds(backlog.oldest, now));
    registry.register("causeway_intake_oldest_seconds", "Age of the oldest of them", oldest);
    let quarantine: Gauge = Gauge::default();
    quarantine.set(backlog.quarantined);
    registry.register("causeway_quarantine_parts", "Parts of requests that nobody could read", quarantine);
    let held: Level<OfReason> = Level::default();
    for reason in HOLD_REASONS {
        held.get_or_create(&OfReason { reason: store::person::word(reason) }).set(0);
    }
    for (reason, count) in holds {
        held.get_or_create(&OfReason { reason }).set(count);
    }
    registry.register("causeway_holds", "Entries that wait for somebody, by cause", held);
    register_lanes(&mut registry, &lanes, now);
    register_orgs(&mut registry, &lanes);
    let spent: Family<OfPurpose, Counter> = Family::default();
    for (connection_id, purpose, count) in calls {
        spent.get_or_create(&OfPurpose { connection: id::connection(connection_id), purpose }).inc_by(count);
    }
    registry.register(
        "causeway_crm_calls_spent",
        "Calls to CRMs by every node, by what they were for",
        spent,
    );
    Ok(registry)
}

fn register_lanes(registry: &mut Registry, lanes: &[Lane], now: i64) {
    let due: Level<OfConnection> = Level::default();
    let lag: Family<OfConnection, Age> = Family::default();
    let states: Level<Standing> = Level::default();
    for lane in lanes {
        let connection = OfConnection { connection: id::connection(lane.connection_id) };
        due.get_or_create(&connection).set(lane.due);
        lag.get_or_create(&connection).set(seconds(lane.oldest_due, now));
        let standing =
            Standing { connection: connection.connection, crm: lane.crm.clone(), state: lane.state.word() };
        states.get_or_create(&standing).set(1);
    }
    registry.register("causeway_lane_due", "Entries that are due", due);
    registry.register("causeway_lane_lag_seconds", "For how long the oldest of them has been due", lag);
    registry.register("causeway_connections", "Connections, by how they stand", states);
}

/// Several connections may lead to one org; its limit is one.
fn register_orgs(registry: &mut Registry, lanes: &[Lane]) {
    let left: Level<OfOrg> = Level::default();
    let limit: Level<OfOrg> = Level::default();
    let mut seen = BTreeSet::new();
    for lane in lanes {
        let Some((used, most)) = lane.usage.filter(|_| seen.insert((&lane.crm, &lane.org_id))) else {
            continue;
        };
        let org = OfOrg { crm: lane.crm.clone(), org: lane.org_id.clone() };
        left.get_or_create(&org).set(most.saturating_sub(used).max(0));
        limit.get_or_create(&org).set(most);
    }
    registry.register("causeway_crm_calls_left", "Calls that an org has left today, as it last said", left);
    registry.register("causeway_crm_calls_limit", "Calls that an org allows in a day", limit);
}

/// What this process holds.
pub(super) fn register_here(registry: &mut Registry, app: &App) {
    let streams: Gauge = Gauge::default();
    streams.set(i64::try_from(app.live.streams()).unwrap_or(i64::MAX));
    registry.register("causeway_live_streams", "Open pages that listen for changes", streams);
    let load = app.db.load();
    let waiting: Level<OfQueue> = Level::default();
    for (queue, count) in [("write", load.writes_waiting), ("read", load.reads_waiting)] {
        waiting.get_or_create(&OfQueue { queue }).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    registry.register("causeway_store_waiting", "Work that waits for the database", waiting);
    let counter = |value: u64| {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        counter
    };
    registry.register("causeway_store_writes", "Writes that were committed", counter(load.writes));
    let text = "Commits: writes by commits is how many share one";
    registry.register("causeway_store_commits", text, counter(load.commits));
}

/// The age of an instant in seconds; of none, nothing.
#[expect(clippy::cast_precision_loss, reason = "an age of a century is exact to the microsecond")]
fn seconds(at: Option<i64>, now: i64) -> f64 {
    at.map_or(0.0, |at| now.saturating_sub(at).max(0) as f64 / 1e6)
}
