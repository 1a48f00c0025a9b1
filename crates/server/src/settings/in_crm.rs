//! What settings need is made in the CRM: by one at a time, and each thing is written down as it is made.

use std::time::Duration;

use causeway_core::{
    call::{Answer, Call},
    lane::Verdict,
};
use serde_json::{Map, Value, json};

use super::change::noted;
use crate::{
    app::App,
    clock,
    crm::{Failure, Line, unexpected},
    store::{self, audit, lease},
};

/// For how long one may take to describe an org and make what is missing, in microseconds.
const LEASE: i64 = 5 * 60 * 1_000_000;

/// How often whoever waits looks whether the other one is done.
const LOOK: Duration = Duration::from_millis(100);

/// How often it looks before it gives up.
const MOST_LOOKS: usize = 100;

/// The turn to make something in an org. Two who make the same at once would make it twice.
pub(super) struct Turn {
    app: App,
    holder: String,
}

impl Turn {
    /// Waits for it. `None`: another takes long.
    pub(super) async fn take(app: &App, connection_id: i64) -> store::Result<Option<Self>> {
        let holder = format!("{}/{}", app.node, app.nature.id());
        for _ in 0..MOST_LOOKS {
            let (name, mine, now) = (format!("settings/{connection_id}"), holder.clone(), app.now());
            let taken = app.db.write(move |tx| {
                Box::pin(async move { lease::take(tx, &name, &mine, now, now + LEASE).await })
            });
            if taken.await?.is_some() {
                return Ok(Some(Self { app: app.clone(), holder }));
            }
            clock::wait(&tokio::sync::Notify::new(), LOOK).await;
        }
        Ok(None)
    }

    /// Gives it back. Of one that is not given back, the lease ends by itself.
    pub(super) async fn give_back(self) -> store::Result<()> {
        let Self { app, holder } = self;
        app.db.write(move |tx| Box::pin(async move { lease::give_back(tx, &holder).await })).await
    }
}

/// On whose behalf something is made, and for which integration.
#[derive(Clone, Copy)]
pub(super) struct Wisher {
    pub(super) workspace_id: i64,
    pub(super) by: Option<i64>,
    pub(super) integration_id: i64,
}

/// Makes one thing, and writes down that it was made, or that nobody knows whether it was, before anything else is done.
pub(super) async fn make(
    app: &App,
    line: &mut Line,
    wisher: Wisher,
    call: Call,
    (action, mut what): (&'static str, Map<String, Value>),
) -> Result<(), Failure> {
    let made = match line.call(call).await {
        Ok(Answer::Nothing) => Ok(()),
        Ok(_) => Err(unexpected("the CRM answered otherwise than expected")),
        Err(failure) => Err(failure),
    };
    let is_known = match &made {
        Ok(()) => true,
        Err(Failure::Verdict(Verdict::Unknown { .. })) => false,
        Err(_) => return made,
    };
    if !is_known {
        what.insert("outcome".into(), json!("unknown"));
    }
    let told = noted(&app.nature, wisher.by, action, wisher.integration_id, Value::Object(what));
    app.db
        .write(move |tx| Box::pin(async move { audit::append(tx, wisher.workspace_id, &told).await }))
        .await?;
    made
}
