//! Whether a message costs the same whatever is stored already, and what memory a huge backlog takes.

use std::time::{Duration, Instant};

use anyhow::Result;
use causeway::http::Sockets;
use serde_json::json;

use crate::{
    apart::Apart,
    api,
    figures::Figures,
    provider::{self, pour},
};

/// Messages stored before.
const STORED: [u64; 3] = [1_000, 100_000, 10_000_000];

/// Messages that are measured.
const MESSAGES: usize = 10_000;

/// People who write them: as many at each size, and far apart among all.
const WRITERS: usize = 10;

/// Entries of the huge backlog.
const WAITING: u64 = 1_000_000;

/// How many of them are written while it is watched.
const WRITTEN: u64 = 20_000;

/// Longest time for anything here.
const LIMIT: Duration = Duration::from_mins(4);

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let http = Sockets::new()?;
    let mut costs = Vec::new();
    for stored in STORED {
        costs.push(cost(&http, figures, stored).await?);
    }
    let dearest = costs.iter().copied().fold(f64::MIN, f64::max);
    let cheapest = costs.iter().copied().fold(f64::MAX, f64::min);
    figures.add(
        "processor time for a message: the dearest of these beside the cheapest",
        format!("{:.0} % more", 100.0 * (dearest / cheapest - 1.0)),
        "at most 20 %",
    );
    Ok(())
}

/// The whole way of messages of people who have written before. Answers milliseconds of the server's processor for each.
async fn cost(http: &Sockets, figures: &mut Figures, stored: u64) -> Result<f64> {
    let org = Apart::start("org", &[])?;
    api::org(http, &org, "POST", "options", &json!({"daily_limit": 10_000_000})).await?;
    let server = Apart::start("server", &[org.host()?.to_owned(), stored.to_string(), "written".into()])?;
    let people = usize::try_from(stored.div_ceil(100))?;
    let at = provider::from_now_on();
    let requests =
        provider::requests("grown", MESSAGES, at, |place| 1 + place * 7919 % WRITERS * (people / WRITERS));
    let before = api::tasks(http, &org).await?;
    let used = server.used()?;
    let begun = Instant::now();
    pour(server.host()?, &requests, 32).await?;
    let ended = api::until_tasks(http, &org, before + MESSAGES as u64, LIMIT).await?;
    let used = (server.used()? - used) / MESSAGES as f64;
    let rate = MESSAGES as f64 / ended.duration_since(begun).as_secs_f64();
    figures.add(
        &format!("a message the whole way with {stored} messages stored"),
        format!("{used:.3} ms of the processor, {rate:.0} a second"),
        "",
    );
    Ok(used)
}

/// A million entries wait; the lane begins to write them.
pub async fn waiting(figures: &mut Figures) -> Result<()> {
    let http = &Sockets::new()?;
    let org = Apart::start("org", &[])?;
    api::org(http, &org, "POST", "options", &json!({"daily_limit": 10_000_000})).await?;
    let server = Apart::start("server", &[org.host()?.to_owned(), WAITING.to_string(), "waiting".into()])?;
    let before = api::tasks(http, &org).await?;
    let (idle, used) = (server.memory()?, server.used()?);
    let begun = Instant::now();
    api::pause(http, &server, false).await?;
    let ended = api::until_tasks(http, &org, before + WRITTEN, LIMIT).await?;
    let used = (server.used()? - used) / WRITTEN as f64;
    let rate = WRITTEN as f64 / ended.duration_since(begun).as_secs_f64();
    figures.add(
        "the first 20,000 of 1,000,000 entries that wait",
        format!("{rate:.0} messages a second"),
        "as a backlog of 20,000",
    );
    figures.add(
        "processor time of the server for each of these",
        format!("{used:.2} ms"),
        "as a backlog of 20,000",
    );
    figures.add(
        "memory with 1,000,000 entries waiting",
        format!("{idle:.0} MiB before, at most {:.0} MiB while they are written", server.most_memory()?),
        "flat in the backlog",
    );
    Ok(())
}
