//! The main job on real input: the server and a simulated org of each CRM, connected through the real OAuth pages;
//! published provider payloads, signed anew, through the real endpoint; one receipt for each message.
//!
//! Beside each sample lies what is expected of it in each org. With `--once` the expectation is compared with the records
//! that the orgs really hold, asked over HTTP, and only if they agree exactly is the exit code 0.

mod api;
mod backlog;
pub mod browser;
mod check;
mod dialect;
mod org;
mod provider;
mod sample;
mod stage;
mod table;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Args;
use tokio::sync::Notify;

use self::{
    check::Held,
    sample::Sample,
    stage::{OnStage, Stage},
    table::{Line, Verdict},
};
use crate::clock;

/// What the demo takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Compare the orgs' records with what is expected, then stop: exit code 0 only if they agree exactly
    #[arg(long)]
    pub once: bool,
    /// The folder for the server's data and the simulated orgs' records
    #[arg(long, value_name = "DIR", default_value = "causeway-demo")]
    pub data: PathBuf,
    /// Where the server listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the simulated Salesforce org listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub salesforce_sim: SocketAddr,
    /// Where the simulated Zoho CRM org listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8091")]
    pub zoho_sim: SocketAddr,
}

/// How long a message may take until its receipt says where it is.
const PATIENCE: Duration = Duration::from_mins(2);

/// Plays the demo. `true`: everything was as expected.
pub async fn run(options: Options) -> Result<bool> {
    let stage = Stage::set(&options).await?;
    let samples = sample::all()?;
    let mut lines = Vec::new();
    for (_, sample) in &samples {
        stage.play(sample).await?;
    }
    let backlog = backlog::play(&stage).await?;
    for (name, sample) in &samples {
        lines.extend(receipts(&stage, name, sample).await?);
    }
    lines.push(backlog.line.clone());
    table::print(&stage, &lines);
    let mut wrong = untrue(&lines);
    let mut digests = Vec::new();
    for org in stage.orgs() {
        let held = hold(org).await?;
        wrong.extend(compare(&stage, org, &samples, &backlog, &held)?);
        digests.push(held.digest());
    }
    table::conclude(&wrong, &digests);
    if options.once {
        stage.stop().await;
        return Ok(wrong.is_empty());
    }
    for org in stage.orgs() {
        eprintln!("\nThe simulated {} org is at {}.", org.curtain.dialect.title, org.curtain.url());
    }
    eprintln!(
        "To look around, sign in as the owner: open this address (it works once; a new run prints another)."
    );
    eprintln!("  {}", stage.sign_in_link().await?);
    eprintln!("Press Ctrl-C to stop.");
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    stage.stop().await;
    Ok(wrong.is_empty())
}

/// The receipts of a sample's messages, once each says what it is expected to say, or time is up.
async fn receipts(stage: &Stage, name: &str, sample: &Sample) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (message, expected) in &sample.messages {
        let mut waited = Duration::ZERO;
        let line = loop {
            let line = stage.receipt(name, sample, message, expected).await?;
            // An edit is one more revision: written does not yet mean in step.
            if (line.verdict == Verdict::AsExpected && !line.is_changing()) || waited > PATIENCE {
                break line;
            }
            clock::wait(&Notify::new(), Duration::from_millis(100)).await;
            waited += Duration::from_millis(100);
        };
        lines.push(line);
    }
    Ok(lines)
}

/// What an org holds now.
async fn hold(org: &OnStage) -> Result<Held> {
    let dialect = org.curtain.dialect;
    let mut people = Vec::new();
    for module in dialect.people {
        people.extend(org.curtain.records(module).await?.into_iter().map(|person| (module, person)));
    }
    let entries = org.curtain.records(dialect.entries).await?;
    Ok(Held { dialect, entries, people, users: org.curtain.users().await? })
}

/// Receipts that say something else than is expected.
fn untrue(lines: &[Line]) -> Vec<String> {
    let untrue = lines.iter().filter(|line| line.verdict != Verdict::AsExpected);
    untrue
        .map(|line| format!("{}: the receipt of {} says \"{}\"", line.sample, line.message, line.state()))
        .collect()
}

/// Where expectation and org disagree, over all samples.
fn compare(
    stage: &Stage,
    org: &OnStage,
    samples: &[(&'static str, Sample)],
    backlog: &backlog::Played,
    held: &Held,
) -> Result<Vec<String>> {
    let dialect::Dialect { crm, title, .. } = org.curtain.dialect;
    let mut wrong = Vec::new();
    let (mut expected_entries, mut expected_people) = (backlog::entries(org.curtain.dialect), backlog.people);
    for (name, sample) in samples {
        let Some(side) = sample.orgs.get(*crm) else {
            wrong.push(format!("{name}: nothing is said of {title}"));
            continue;
        };
        expected_entries += side.entries.len();
        expected_people += side.org.len();
        let disagreements = check::disagreements(side, &stage.names(crm, sample)?, held);
        wrong.extend(disagreements.into_iter().map(|what| format!("{name}, {title}: {what}")));
    }
    expected_people += check::new_people(samples, crm);
    if held.entries.len() != expected_entries {
        wrong.push(format!("{title} holds {} entries, expected {expected_entries}", held.entries.len()));
    }
    if held.people.len() != expected_people {
        wrong.push(format!("{title} holds {} people, expected {expected_people}", held.people.len()));
    }
    wrong.extend(backlog.disagreements(held));
    Ok(wrong)
}
