//! The governor's own look, once a minute in each lane: do calls run short, and has somebody to be told?

use causeway_core::{
    governor::{Alarms, Scene, alarms, forecast, is_short, spent},
    time::Timestamp,
};

use super::{is_stopped, rules, spending};
use crate::{
    app::App,
    id,
    live::Topic,
    mail,
    store::{
        Result,
        connection::{self, Budget, Connection},
        entry,
    },
};

/// How often it looks, in microseconds.
const EVERY: i64 = 60_000_000;

/// Looks, if it did not within the last minute.
pub async fn review(app: &App, connection: &Connection) -> Result<()> {
    let looked = connection.budget.reviewed_at;
    if looked.is_some_and(|at| (app.now() - at).abs() < EVERY) {
        return Ok(());
    }
    review_now(app, connection.id).await
}

/// Looks now. What somebody is to be told is recorded with the fact that they are told, so that each cause is told once,
/// whichever node looks and whatever happens in between.
pub async fn review_now(app: &App, connection_id: i64) -> Result<()> {
    let here = app.clone();
    let changed = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(connection) = connection::find(tx, connection_id).await? else { return Ok(None) };
                let (now, rules) = (here.now(), rules(&here, &connection));
                let spending = spending(tx, &connection, now).await?;
                let is_stopped = is_stopped(&connection, now);
                let scene = Scene {
                    now: Timestamp(now),
                    history: spending.history.as_ref(),
                    ours: &spending.ours,
                    standing: spending.standing,
                    rules,
                    waiting: (0, 0),
                    is_stopped,
                };
                let ahead = forecast(&scene);
                let (before, part) = (connection.budget, spent(spending.standing, rules));
                let known =
                    Alarms { near: before.near_since.is_some(), stopped: before.stopped_since.is_some() };
                let (after, told) = alarms(known, part, is_stopped);
                let is_short = is_short(before.short_since.is_some(), part, is_stopped, ahead.reached);
                let since = |is: bool, before: Option<i64>| is.then_some(before.unwrap_or(now));
                let found = Budget {
                    short_since: since(is_short, before.short_since),
                    near_since: since(after.near, before.near_since),
                    stopped_since: since(after.stopped, before.stopped_since),
                    reviewed_at: Some(now),
                    ..before
                };
                if !connection::put_review(tx, connection.id, before.reviewed_at, &found).await? {
                    return Ok(None);
                }
                if before.short_since.is_some() && !is_short {
                    // What was put together while calls were short is written now; what comes is as chosen.
                    entry::end_widening(tx, connection.id, now).await?;
                }
                if let Some(level) = told {
                    let org = connection.profile.as_ref().map_or(&connection.org_id, |org| &org.org_name);
                    let says = mail::Calls {
                        org: org.clone(),
                        spent: part,
                        usage: spending.standing.usage,
                        ours: spending.standing.ours,
                        rules,
                        reached: ahead.reached,
                        until: connection.wait_until,
                    };
                    let about = (level, id::connection(connection.id));
                    mail::record(tx, &here, connection.workspace_id, (about.0, &about.1), &says).await?;
                }
                let is_same = Budget { reviewed_at: before.reviewed_at, ..found } == before;
                Ok((!is_same).then_some(connection.workspace_id))
            })
        })
        .await?;
    if let Some(workspace_id) = changed {
        app.live.tell(workspace_id, &[Topic::Notices, Topic::Connections]);
        app.bells.lanes.notify_one();
        app.bells.mail.notify_one();
    }
    Ok(())
}
