//! Everything that a page, the API or a metric shows of the calls of a connection's org.

use causeway_core::{
    crm,
    governor::{Because, Forecast, Purpose, Rules, Scene, Standing, forecast, left, slot, spent},
    plan::settings::ChatSync,
    time::Timestamp,
};

use super::{is_stopped, rules, spending};
use crate::{
    app::App,
    store::{
        Result, call_count,
        connection::Connection,
        integration::{self, State},
        lane, workspace,
    },
};

/// How the calls of a connection's org stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What holds.
    pub rules: Rules,
    /// What the operator set.
    pub default: Rules,
    /// Everybody's and our calls.
    pub standing: Standing,
    /// When the org told of everybody's.
    pub told_at: Option<Timestamp>,
    /// Our calls in the last window, by purpose: of every connection to the org.
    pub in_window: Vec<(Purpose, u64)>,
    /// Our calls since midnight in the workspace's zone.
    pub today: Vec<(Purpose, u64)>,
    /// What is left for messages, and what would end it.
    pub left: Option<(u64, Because)>,
    /// How much of what the lane may spend is spent, in percent.
    pub spent: Option<u64>,
    /// Entries that are due, and calls that writing them will take.
    pub waiting: (u64, u64),
    /// What will come.
    pub forecast: Forecast,
    /// Until when the lane waits for calls.
    pub waits_until: Option<Timestamp>,
    /// Calls run short, since then.
    pub short_since: Option<Timestamp>,
    /// A chat sync of the connection puts messages together while calls run short.
    pub may_widen: bool,
}

/// Looks.
pub async fn look(app: &App, connection: &Connection) -> Result<Look> {
    let (connection, now) = (connection.clone(), app.now());
    let (rules, default) = (rules(app, &connection), app.config.call_rules(&connection.crm));
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let spending = spending(tx, &connection, now).await?;
                let (name, org_id) = (connection.crm.as_str(), connection.org_id.as_str());
                let from = slot(Timestamp(super::begins(&connection, now)));
                let zone = workspace::find(tx, connection.workspace_id).await?.map(|found| found.zone);
                let midnight = zone.map_or(Timestamp(now), |zone| zone.day(Timestamp(now)).0);
                let in_window = call_count::of_org(tx, name, org_id, from).await?;
                let today = call_count::of_org(tx, name, org_id, slot(midnight)).await?;
                let (entries, people) = lane::waiting(tx, connection.id, now).await?;
                let needed = crm::named(name).map_or(0, |crm| crm.calls_to_write(entries, people));
                let syncs = integration::of_connection(tx, connection.id).await?;
                let widens = |settings: &ChatSync| settings.group_when_short;
                let is_stopped = is_stopped(&connection, now);
                let scene = Scene {
                    now: Timestamp(now),
                    history: spending.history.as_ref(),
                    ours: &spending.ours,
                    standing: spending.standing,
                    rules,
                    waiting: (entries, needed),
                    is_stopped,
                };
                Ok(Look {
                    rules,
                    default,
                    standing: spending.standing,
                    told_at: connection.budget.told_at.map(Timestamp),
                    in_window,
                    today,
                    left: left(spending.standing, rules, Purpose::Message),
                    spent: spent(spending.standing, rules),
                    waiting: (entries, needed),
                    forecast: forecast(&scene),
                    waits_until: connection.wait_until.filter(|_| is_stopped).map(Timestamp),
                    short_since: connection.budget.short_since.map(Timestamp),
                    may_widen: syncs.iter().any(|sync| sync.state == State::Active && widens(&sync.settings)),
                })
            })
        })
        .await
}
