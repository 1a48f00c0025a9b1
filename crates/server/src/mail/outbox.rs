//! The outbox: takes what is due, writes it, hands it to the mail server, keeps how that went.

use std::time::Duration;

use causeway_core::{
    lane::retry,
    time::{Timestamp, Zone},
};
use causeway_pages::{Words, mail as letter, when::Clock};

use super::{Calls, smtp};
use crate::{
    app::App,
    clock,
    live::Topic,
    store::{
        Result, lease,
        mail::{self, Due},
        workspace,
    },
};

/// How long one node sends alone, in microseconds: longer than one mail may take.
const LEASE: i64 = 120_000_000;

/// How many are taken at once.
const MOST: i64 = 20;

/// For how long a mail is tried, in microseconds.
const TRIED_FOR: i64 = 24 * 3600 * 1_000_000;

/// Between two tries: from a minute to an hour.
const FIRST_PAUSE: Duration = Duration::from_mins(1);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Sends for ever: at every bell, and by itself every ten seconds. Without a mail server it ends at once.
pub async fn run(app: App) {
    if !app.config.mail.is_on() {
        return;
    }
    loop {
        if let Err(error) = send_due(&app).await {
            tracing::error!(%error, "mail.outbox");
        }
        clock::wait(&app.bells.mail, Duration::from_secs(10)).await;
    }
}

/// Sends what is due. Returns how many were taken by the mail server.
pub async fn send_due(app: &App) -> Result<usize> {
    let mut sent = 0;
    loop {
        if !take_lease(app).await? {
            return Ok(sent);
        }
        let now = app.now();
        let due = app.db.read(move |tx| Box::pin(mail::due(tx, now, MOST))).await?;
        if due.is_empty() {
            return Ok(sent);
        }
        for one in due {
            if !take_lease(app).await? {
                return Ok(sent);
            }
            sent += usize::from(send(app, &one).await?);
            app.live.tell(one.workspace_id, &[Topic::Notices]);
        }
    }
}

async fn take_lease(app: &App) -> Result<bool> {
    let (holder, now) = (app.node.clone(), app.now());
    let taken = app
        .db
        .write(move |tx| Box::pin(async move { lease::take(tx, "mail", &holder, now, now + LEASE).await }))
        .await?;
    Ok(taken.is_some())
}

async fn send(app: &App, due: &Due) -> Result<bool> {
    let (workspace_id, id, now) = (due.workspace_id, due.id, app.now());
    let outcome = match (&due.to, written(app, due).await?) {
        (None, _) => Err((true, "whom it is for works here no more".to_owned())),
        (_, None) => Err((true, "it was recorded by another version of the program".to_owned())),
        (Some(to), Some(letter)) => smtp::send(app, to, &letter, id).await.map_err(|what| (false, what)),
    };
    let is_sent = outcome.is_ok();
    match outcome {
        Ok(()) => {
            app.db.write(move |tx| Box::pin(mail::sent(tx, workspace_id, id, now))).await?;
            tracing::info!(mail.id = id, kind = due.kind, "mail.sent");
        }
        Err((is_final, reason)) => {
            let tries = u32::try_from(due.tries).unwrap_or(u32::MAX);
            let next = Timestamp(now).plus(retry::doubled(FIRST_PAUSE, tries, LONGEST_PAUSE)).0;
            let again = (!is_final && now - due.created_at < TRIED_FOR).then_some(next);
            // A mail server's words name the recipient: they stay with the mail, where whoever sees to it reads them.
            tracing::warn!(mail.id = id, kind = due.kind, is_final, "mail.refused");
            app.db
                .write(move |tx| {
                    Box::pin(async move { mail::refused(tx, workspace_id, id, &reason, again).await })
                })
                .await?;
        }
    }
    Ok(is_sent)
}

/// What it says, in the zone of its workspace. `None`: this program does not know such a mail.
async fn written(app: &App, due: &Due) -> Result<Option<letter::Letter>> {
    let is_stopped = match due.kind.as_str() {
        "calls_near" => false,
        "calls_stopped" => true,
        _ => return Ok(None),
    };
    let Ok(says) = serde_json::from_value::<Calls>(due.detail.clone()) else { return Ok(None) };
    let workspace_id = due.workspace_id;
    let found = app.db.read(move |tx| Box::pin(workspace::find(tx, workspace_id))).await?;
    let (zone, name) = found.map_or_else(|| (Zone::utc(), String::new()), |found| (found.zone, found.name));
    let clock = Clock { words: Words::english(), zone: &zone, now: Timestamp(app.now()) };
    let usage = says.usage.unwrap_or(causeway_core::call::Usage { used: 0, limit: 0 });
    Ok(Some(letter::calls(
        &clock,
        &letter::Calls {
            to: due.to.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
            workspace: name,
            org: says.org,
            is_stopped,
            spent: says.spent.unwrap_or(0),
            usage,
            ours: says.ours,
            reserve_percent: says.rules.reserve_percent,
            reached: says.reached,
            until: says.until.map(Timestamp),
            address: format!("{}/integrations/connection/{}", app.config.public_url, due.subject),
        },
    )))
}
