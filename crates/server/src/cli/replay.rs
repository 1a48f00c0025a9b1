//! `causeway replay`: kept raw requests go through the present parser again. What is right already stays as it is.

use std::{process::ExitCode, time::Duration};

use tokio::sync::Notify;

use super::{Place, span};
use crate::{
    app::App,
    clock::{self, Nature},
    intake::{self, Digested},
    store::{self, lease, source},
};

/// How often the count of what is left is looked at.
const LOOK: Duration = Duration::from_millis(250);

#[derive(clap::Args)]
pub struct Args {
    /// Only what came since: an instant (2026-01-02T03:04:05Z) or how long ago (3d, 12h); else all that is kept
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only what came through the source of this key
    #[arg(long, value_name = "KEY")]
    source: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let now = Nature::system().now();
    let since = args.since.as_deref().map(|text| span::since(text, now)).transpose();
    let since = since.map_err(anyhow::Error::msg)?.map_or(0, |since| since.0);
    let app = args.place.open_existing("replay").await?;
    if let Some(key) = args.source.clone() {
        let wanted = key.clone();
        let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await?;
        anyhow::ensure!(found.is_some(), "there is no source {key}; leave --source out to replay them all");
    }
    let key = args.source;
    let marked = app
        .db
        .write(move |tx| Box::pin(async move { store::intake::again(tx, since, key.as_deref()).await }))
        .await?;
    eprintln!("{marked} kept requests are read again");
    let digested = drain(&app).await?;
    if digested.is_elsewhere {
        eprintln!("the running server has read them all; its log and `causeway trace` say what they brought");
    } else {
        let folded = digested.folded;
        eprintln!(
            "{} requests read: {} new, {} changed, {} unchanged; {} parts could not be read",
            digested.requests, folded.new, folded.changed, folded.repeated, digested.poison
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads until nothing is left, or waits until the server that reads alone has done so.
async fn drain(app: &App) -> store::Result<Digested> {
    let reading = tokio::spawn(read_all(app.clone()));
    let mut last = None;
    while !reading.is_finished() {
        let left = app.db.read(|tx| Box::pin(store::intake::waiting(tx, None))).await?;
        if last != Some(left) && left > 0 {
            eprintln!("{left} left");
        }
        last = Some(left);
        clock::wait(&Notify::new(), LOOK).await;
    }
    reading.await.unwrap_or_else(|_| Ok(Digested::default()))
}

async fn read_all(app: App) -> store::Result<Digested> {
    loop {
        let digested = intake::drain(&app).await?;
        if !digested.is_elsewhere {
            let node = app.node.clone();
            app.db.write(move |tx| Box::pin(async move { lease::give_back(tx, &node).await })).await?;
            return Ok(digested);
        }
        if app.db.read(|tx| Box::pin(store::intake::waiting(tx, None))).await? == 0 {
            return Ok(digested);
        }
        clock::wait(&Notify::new(), LOOK).await;
    }
}
