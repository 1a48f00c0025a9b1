//! The governor of the calls to an org: reads what was spent and allowed, has it decided, keeps what came of it.
//!
//! Calls are counted for each connection and looked at for the org: several connections, workspaces and nodes share one
//! limit. What is known of it stands in the store.

mod change;
mod look;
mod review;

pub use change::{ChangeRefused, change};
pub use look::{Look, look};
pub use review::{review, review_now};

use causeway_core::{
    crm::{self, Crm},
    governor::{History, Outlook, Rules, Scene, Standing, forecast, slot},
    lane::HoldReason,
    time::Timestamp,
};

use crate::{
    app::App,
    store::{Result, Tx, call_count, connection::Connection, person::word, usage_reading},
};

/// What the admin of a connection allows, or the operator where no admin chose.
pub fn rules(app: &App, connection: &Connection) -> Rules {
    let default = app.config.call_rules(&connection.crm);
    Rules {
        share_percent: connection.budget.share_percent.unwrap_or(default.share_percent),
        reserve_percent: connection.budget.reserve_percent.unwrap_or(default.reserve_percent),
    }
}

/// Our calls to the connection's org in its present window, of every workspace and node.
pub async fn ours(tx: &mut Tx<'_>, connection: &Connection, now: i64) -> Result<u64> {
    let from = begins(connection, now);
    let spent = call_count::of_org(tx, &connection.crm, &connection.org_id, slot(Timestamp(from))).await?;
    Ok(spent.iter().map(|(_, calls)| calls).sum())
}

/// Does its lane wait for calls?
pub fn is_stopped(connection: &Connection, now: i64) -> bool {
    let limit = word(&HoldReason::LimitReached);
    connection.wait_until.is_some_and(|until| until > now)
        && connection.wait_reason.as_deref() == Some(limit.as_str())
}

/// When the window of a connection's org begins, seen from an instant.
fn begins(connection: &Connection, now: i64) -> i64 {
    crm::named(&connection.crm).map_or(now, |crm: &dyn Crm| crm.limit_window().begins(Timestamp(now)).0)
}

/// What was spent, as the store knows it.
struct Spending {
    history: Option<History>,
    ours: Vec<(i64, u64)>,
    standing: Standing,
}

/// Reads what was spent on a connection's org lately.
async fn spending(tx: &mut Tx<'_>, connection: &Connection, now: i64) -> Result<Spending> {
    let (name, org_id) = (connection.crm.as_str(), connection.org_id.as_str());
    let from = begins(connection, now);
    let ours = call_count::slots_of_org(tx, name, org_id, slot(Timestamp(from))).await?;
    // What left the window while it was read is told by what was read a window earlier.
    let readings = usage_reading::since(tx, name, org_id, from - (now - from)).await?;
    let history = crm::named(name).and_then(|crm| History::of(crm.limit_window(), &readings));
    let standing = Standing { usage: connection.usage, ours: ours.iter().map(|(_, calls)| calls).sum() };
    Ok(Spending { history, ours, standing })
}

/// When a lane that stops now will go on, as far as can be told.
pub async fn goes_on(app: &App, connection: &Connection) -> Result<(Standing, Outlook)> {
    let (connection, now, rules) = (connection.clone(), app.now(), rules(app, connection));
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let spending = spending(tx, &connection, now).await?;
                let scene = Scene {
                    now: Timestamp(now),
                    history: spending.history.as_ref(),
                    ours: &spending.ours,
                    standing: spending.standing,
                    rules,
                    waiting: (0, 0),
                    is_stopped: true,
                };
                Ok((spending.standing, forecast(&scene).goes_on))
            })
        })
        .await
}
