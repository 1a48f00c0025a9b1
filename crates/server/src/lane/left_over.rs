//! Test records that were not removed when they were made: their answer was lost, or the CRM could not be asked.

use causeway_core::{governor::Purpose, lane::retry, time::Timestamp};

use super::test_record::{find, remove};
use crate::{
    app::App,
    crm::{Failure, Line},
    store::{
        meta,
        test_record::{self, LeftOver},
    },
};

/// How often they are looked at.
const EVERY: i64 = 3600 * 1_000_000;

/// For how long. What stands in the way after a week, a person has to see to: they were told when the record was made.
const LONGEST: i64 = 7 * 24 * 3600 * 1_000_000;

fn key(connection_id: i64) -> String {
    format!("left_over/{connection_id}")
}

/// Removes what is left, if it is time to look.
pub async fn remove_left_over(app: &App, line: &mut Line) -> Result<(), Failure> {
    let (workspace_id, connection_id) = (line.connection().workspace_id, line.connection().id);
    let now = app.now();
    let made = (now - LONGEST, Timestamp(now).minus(retry::SETTLED).0);
    let found = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let found = test_record::left_over(tx, workspace_id, connection_id, made).await?;
                if found.is_empty() {
                    return Ok(found);
                }
                let looked = meta::get(tx, &key(connection_id)).await?;
                let looked = looked.and_then(|at| at.parse::<i64>().ok());
                Ok(if looked.is_some_and(|at| (0..EVERY).contains(&(now - at))) { Vec::new() } else { found })
            })
        })
        .await?;
    if found.is_empty() {
        return Ok(());
    }
    app.db
        .write(move |tx| Box::pin(async move { meta::put(tx, &key(connection_id), &now.to_string()).await }))
        .await?;
    line.serve(Purpose::Check);
    for one in found {
        match remove_one(app, line, one).await {
            Ok(()) => {}
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(failure) => {
                tracing::warn!(connection.id = connection_id, failure = failure.for_log(), "lane.left_over");
            }
        }
    }
    Ok(())
}

async fn remove_one(app: &App, line: &mut Line, one: LeftOver) -> Result<(), Failure> {
    let (workspace_id, id) = (line.connection().workspace_id, one.id);
    line.profile().await?;
    let record = match one.record {
        Some(record) => Some(record),
        None => find(line, id, one.module).await?,
    };
    if let Some(record) = record {
        remove(line, record).await?;
    }
    // What is not there after so long never was.
    app.db.write(move |tx| Box::pin(test_record::removed(tx, workspace_id, id))).await?;
    Ok(())
}
