//! The server: the router on a socket, and the work behind it, until it is told to stop.

mod door;
mod patient;

use std::{future::Future, sync::Arc, time::Duration};

use causeway_core::{
    sign_in::{FAILURE_WINDOW, IDLE_LIMIT},
    time::Timestamp,
};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

use crate::{
    app::App,
    clock, files, intake, lane, live, mail,
    store::{self, lease},
    web,
};

/// How long requests under way may take after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// How often kept requests that are old enough are forgotten.
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// For how long a begun flow of connecting is kept, in microseconds. It may be used for a much shorter time.
const FLOWS_KEPT: i64 = 86_400_000_000;

/// How many are forgotten in one transaction.
const PRUNED_AT_ONCE: i64 = 500;

/// Serves until the process is told to stop.
pub async fn run(app: App, listener: TcpListener) -> std::io::Result<()> {
    until(app, listener, told_to_stop()).await
}

/// Serves until `stop` is done; then requests under way come to their end, and the reading of raw requests is given up.
pub async fn until(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let own = own_door(&app).await?;
    let work = [
        tokio::spawn(intake::run(app.clone())),
        tokio::spawn(lane::run(app.clone())),
        tokio::spawn(prune(app.clone())),
        tokio::spawn(word(app.clone())),
        tokio::spawn(live::send(app.clone())),
        tokio::spawn(live::hear(app.clone())),
        tokio::spawn(mail::run(app.clone())),
        tokio::spawn(files::run(app.clone())),
    ];
    let stopping = Arc::new(Notify::new());
    let (rung, pages) = (Arc::clone(&stopping), Arc::clone(&app.live));
    let graceful = async move {
        stop.await;
        tracing::info!("serve.stopping");
        pages.stop();
        rung.notify_one();
    };
    let server = door::open(listener, web::router(app.clone()), app.clone(), graceful);
    let deadline = async {
        stopping.notified().await;
        clock::wait(&Notify::new(), LAST_REQUESTS).await;
    };
    tokio::select! {
        () = server => {}
        // A connection that is kept open must not keep the server.
        () = deadline => {}
    }
    for task in work.into_iter().chain(own) {
        task.abort();
        // An aborted task says so; there is nothing else to hear.
        let _ = task.await;
    }
    // A pass that ends late records no attempt without its lease.
    let node = app.node.clone();
    let given = app.db.write(move |tx| Box::pin(async move { lease::give_back(tx, &node).await })).await;
    if let Err(error) = given {
        tracing::warn!(%error, "serve.lease");
    }
    Ok(())
}

/// The operator's own door, where one is wanted: it stays open until the end.
async fn own_door(app: &App) -> std::io::Result<Option<JoinHandle<()>>> {
    let Some(address) = app.config.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let kind = error.kind();
        std::io::Error::new(
            kind,
            format!("cannot listen on {address} ({error}); choose another `metrics_listen`"),
        )
    })?;
    let router = web::watch_router(app.clone());
    Ok(Some(tokio::spawn(door::open(listener, router, app.clone(), std::future::pending()))))
}

/// The signals that end a server: an interrupt, or a request to terminate.
pub(crate) async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Forgets kept requests that are older than the operator wants to keep them.
async fn prune(app: App) {
    loop {
        match prune_once(&app).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "intake.prune"),
            Err(error) => tracing::error!(%error, "intake.prune"),
        }
        clock::wait(&Notify::new(), PRUNE_EVERY).await;
    }
}

/// How many contacts are worded in one transaction.
const WORDED_AT_ONCE: i64 = 200;

/// How long the wording of contacts rests after the store failed.
const WORD_AGAIN: Duration = Duration::from_mins(1);

/// Makes contacts of before found by words; then there is nothing more to do. What is done stays done, whenever it ends.
async fn word(app: App) {
    loop {
        match word_old(&app).await {
            Ok(0) => return,
            Ok(worded) => return tracing::info!(worded, "contact.words"),
            Err(error) => tracing::error!(%error, "contact.words"),
        }
        clock::wait(&Notify::new(), WORD_AGAIN).await;
    }
}

/// Words every contact that has no words of the present make. Returns how many those were.
pub async fn word_old(app: &App) -> store::Result<usize> {
    let mut worded = 0;
    loop {
        let batch = app.db.write(|tx| Box::pin(store::contact_word::refresh_old(tx, WORDED_AT_ONCE))).await?;
        worded += batch;
        if batch == 0 {
            return Ok(worded);
        }
    }
}

/// Forgets what is old enough now. Returns how many requests that were.
pub async fn prune_once(app: &App) -> store::Result<u64> {
    let begun = app.now().saturating_sub(FLOWS_KEPT);
    app.db.write(move |tx| Box::pin(store::connection::prune_flows(tx, begun))).await?;
    prune_sign_in(app).await?;
    prune_calls(app).await?;
    let kept = i64::from(app.config.keep_raw_days).saturating_mul(86_400_000_000);
    let before = app.now().saturating_sub(kept);
    let mut forgotten = 0;
    loop {
        let pruned =
            app.db.write(move |tx| Box::pin(store::intake::prune(tx, before, PRUNED_AT_ONCE))).await?;
        forgotten += pruned;
        if pruned == 0 {
            return Ok(forgotten);
        }
    }
}

/// For how long readings of limits are kept: two windows, of which the later is seen whole. And mails, for whoever looks
/// for one.
const READINGS_KEPT: Duration = Duration::from_hours(72);
const MAILS_KEPT: Duration = Duration::from_hours(30 * 24);

/// Puts counts of calls together and forgets readings and mails that are looked at no more.
async fn prune_calls(app: &App) -> store::Result<()> {
    let now = app.nature.now();
    let (readings, mails) = (now.minus(READINGS_KEPT).0, now.minus(MAILS_KEPT).0);
    let slot = causeway_core::governor::slot(Timestamp(readings));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                store::call_count::fold(tx, slot).await?;
                store::usage_reading::prune(tx, readings).await?;
                store::mail::prune(tx, mails).await
            })
        })
        .await?;
    Ok(())
}

/// Forgets sessions, links and failures that count no more.
async fn prune_sign_in(app: &App) -> store::Result<()> {
    let now = app.nature.now();
    let (idle, failed) = (now.minus(IDLE_LIMIT).0, now.minus(FAILURE_WINDOW).0);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                store::session::prune(tx, now.0, idle).await?;
                store::ticket::prune(tx, now.0).await?;
                store::sign_in::prune(tx, failed).await
            })
        })
        .await?;
    Ok(())
}
