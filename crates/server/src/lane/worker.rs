//! Runs the lanes of every connection, side by side: at every bell, when something falls due, and once a second.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinSet;

use super::pass;
use crate::{app::App, clock, store::connection};

/// Runs for ever. Passes under way end with it: what they had sent is taken as unknown by whoever comes next.
pub async fn run(app: App) {
    let busy: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
    let mut passes = JoinSet::new();
    loop {
        while passes.try_join_next().is_some() {}
        match app.db.read(|tx| Box::pin(connection::all(tx, None))).await {
            Ok(connections) => {
                for connection in connections {
                    start(&mut passes, &app, &busy, connection.id);
                }
            }
            Err(error) => tracing::error!(%error, "lane.connections"),
        }
        clock::wait(&app.bells.lanes, Duration::from_secs(1)).await;
    }
}

/// Starts a pass of a lane that has none running.
fn start(passes: &mut JoinSet<()>, app: &App, busy: &Arc<Mutex<BTreeSet<i64>>>, id: i64) {
    if !busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
        return;
    }
    let (app, place) = (app.clone(), Place { busy: busy.clone(), id });
    passes.spawn(async move {
        let _place = place;
        match pass(&app, id).await {
            // More came while this batch was under way: go on at once.
            Ok(done) if done.batches > 0 => app.bells.lanes.notify_one(),
            Ok(_) => {}
            Err(failure) => {
                tracing::error!(connection.id = id, failure = failure.for_log(), "lane.pass");
            }
        }
    });
}

/// A lane's place among the busy ones; given up however its pass ends.
struct Place {
    busy: Arc<Mutex<BTreeSet<i64>>>,
    id: i64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
