//! How many webhooks a second are on disk and answered, beside what the disk and HTTP would allow by themselves.

use std::time::Duration;

use anyhow::Result;

use crate::{
    apart::Apart,
    figures::Figures,
    provider::{self, pour},
    store::raw,
};

/// Requests of one run.
const REQUESTS: usize = 30_000;

/// Connections that the provider keeps open.
const CONNECTIONS: usize = 64;

/// People who write.
const PEOPLE: usize = 1_000;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let at = provider::from_now_on();
    let requests = provider::requests("ingest", REQUESTS, at, |place| place % PEOPLE);
    let rate = |time: Duration| REQUESTS as f64 / time.as_secs_f64();

    let server = Apart::start("server", &["-".into(), "0".into(), "written".into()])?;
    let before = server.used()?;
    let taken = rate(pour(server.host()?, &requests, CONNECTIONS).await?);
    let cpu = (server.used()? - before) / REQUESTS as f64;
    let batch = batch_size(&server).await?;
    drop(server);

    let echo = Apart::start("echo", &[])?;
    let bare = rate(pour(echo.host()?, &requests, CONNECTIONS).await?);
    drop(echo);

    let raw = tokio::task::spawn_blocking(move || raw::rate(REQUESTS, batch)).await??;
    let limit = raw.min(bare);
    figures.add("webhooks a second, each on disk before it is answered", format!("{taken:.0}"), "");
    figures.add(
        "the same requests, verified and answered, nothing kept (bare HTTP)",
        format!("{bare:.0}"),
        "",
    );
    figures.add(
        &format!("rows a second by the store alone, {batch} in a commit as in that run"),
        format!("{raw:.0}"),
        "",
    );
    figures.add(
        "webhooks on disk, as a share of the lower of the two",
        format!("{:.0} %", 100.0 * taken / limit),
        "at least 50 %",
    );
    figures.add("processor time of the server for a webhook, with its reading", format!("{cpu:.2} ms"), "");
    Ok(())
}

/// How many writes shared a commit, by what the server tells of itself.
async fn batch_size(server: &Apart) -> Result<usize> {
    let text = crate::api::metrics(server).await?;
    let figure = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
        line.and_then(|line| line.rsplit(' ').next()).and_then(|figure| figure.parse().ok()).unwrap_or(0.0)
    };
    let (writes, commits) = (figure("causeway_store_writes_total"), figure("causeway_store_commits_total"));
    anyhow::ensure!(commits > 0.0, "the server tells no commits");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let batch = (writes / commits).round().max(1.0) as usize;
    Ok(batch)
}
