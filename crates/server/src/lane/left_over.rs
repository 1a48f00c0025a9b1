//! Test records that were not removed when they were made: their answer was lost, or the CRM could not be asked.

use causeway_core::{
    governor::Purpose,
    lane::{Verdict, retry},
    time::Timestamp,
};

use super::{
    budget,
    test_record::{find, remove},
};
use crate::{
    app::App,
    crm::{Failure, Line},
    store::{
        self, connection, meta,
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

/// When they were looked at last, and which of them was the last one.
#[derive(Clone, Copy, Default)]
struct Looked {
    at: Option<i64>,
    last: i64,
}

impl Looked {
    fn read(told: Option<&str>) -> Self {
        let mut numbers = told.unwrap_or_default().split(' ').map(|number| number.parse().ok());
        Self { at: numbers.next().flatten(), last: numbers.next().flatten().unwrap_or(0) }
    }

    async fn keep(app: &App, connection_id: i64, at: i64, last: i64) -> store::Result<()> {
        let told = format!("{at} {last}");
        app.db.write(move |tx| Box::pin(async move { meta::put(tx, &key(connection_id), &told).await })).await
    }
}

/// Removes what is left, if it is time to look and the org does not rest: a few, and the next time those behind them, so
/// that what cannot be removed keeps nothing else waiting.
pub async fn remove_left_over(app: &App, line: &mut Line) -> Result<(), Failure> {
    let (workspace_id, connection_id) = (line.connection().workspace_id, line.connection().id);
    let now = app.now();
    let made = (now - LONGEST, Timestamp(now).minus(retry::SETTLED).0);
    let (found, mut last) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let looked = Looked::read(meta::get(tx, &key(connection_id)).await?.as_deref());
                let is_early = looked.at.is_some_and(|at| (0..EVERY).contains(&(now - at)));
                // What was asked since this pass began may have let the org rest.
                let present = connection::find(tx, connection_id).await?;
                let rests = present.is_none_or(|present| present.wait_until.is_some_and(|until| until > now));
                if is_early || rests {
                    return Ok((Vec::new(), 0));
                }
                let mut found =
                    test_record::left_over(tx, workspace_id, connection_id, made, looked.last).await?;
                if found.is_empty() && looked.last > 0 {
                    found = test_record::left_over(tx, workspace_id, connection_id, made, 0).await?;
                }
                Ok((found, looked.last))
            })
        })
        .await?;
    if found.is_empty() {
        return Ok(());
    }
    Looked::keep(app, connection_id, now, last).await?;
    line.serve(Purpose::Check);
    for one in found {
        let id = one.id;
        if line.may(Purpose::Check).is_err() {
            break;
        }
        match remove_one(app, line, one).await {
            Ok(()) => last = id,
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Verdict(verdict)) => {
                tracing::warn!(connection.id = connection_id, verdict = verdict.word(), "lane.left_over");
                if budget::rest_at(app, line, &verdict).await? {
                    // It said nothing of this one, which comes first the next time.
                    break;
                }
                last = id;
                if matches!(verdict, Verdict::Again { .. } | Verdict::Unknown { .. }) {
                    // An org that does not answer is not asked for the next one too.
                    break;
                }
            }
        }
    }
    Looked::keep(app, connection_id, now, last).await?;
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
