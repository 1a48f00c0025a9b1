//! The main job on real input: the server and a simulated org, connected through the real OAuth pages; published
//! provider payloads, signed anew, through the real endpoint; one receipt for each message.
//!
//! Beside each sample lies what is expected of it. With `--once` the expectation is compared with the records that
//! the org really holds, asked over HTTP, and only if they agree exactly is the exit code 0.

mod api;
mod backlog;
pub mod browser;
mod check;
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
    stage::Stage,
    table::{Line, Verdict},
};
use crate::clock;

/// What the demo takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Compare the org's records with what is expected, then stop: exit code 0 only if they agree exactly
    #[arg(long)]
    pub once: bool,
    /// The folder for the server's data and the simulated org's records
    #[arg(long, value_name = "DIR", default_value = "causeway-demo")]
    pub data: PathBuf,
    /// Where the server listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the simulated Salesforce org listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub salesforce_sim: SocketAddr,
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
    let held = hold(&stage).await?;
    let wrong = compare(&stage, &samples, &lines, &backlog, &held)?;
    table::conclude(&wrong, &held.digest());
    if options.once {
        stage.stop().await;
        return Ok(wrong.is_empty());
    }
    eprintln!("\nThe simulated org is at {}.", stage.org_url());
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
    for (message, expected) in &sample.expect.messages {
        let mut waited = Duration::ZERO;
        let line = loop {
            let line = stage.receipt(name, sample, message, expected).await?;
            // An edit is one more revision: written does not yet mean in step.
            if (line.verdict == Verdict::AsExpected && !line.is_changing) || waited > PATIENCE {
                break line;
            }
            clock::wait(&Notify::new(), Duration::from_millis(100)).await;
            waited += Duration::from_millis(100);
        };
        lines.push(line);
    }
    Ok(lines)
}

/// What the org holds now.
async fn hold(stage: &Stage) -> Result<Held> {
    let mut people = stage.curtain.records("Contact").await?;
    people.extend(stage.curtain.records("Lead").await?);
    Ok(Held { tasks: stage.curtain.records("Task").await?, people, users: stage.curtain.users().await? })
}

/// Where expectation and org disagree, over all samples.
fn compare(
    stage: &Stage,
    samples: &[(&'static str, Sample)],
    lines: &[Line],
    backlog: &backlog::Played,
    held: &Held,
) -> Result<Vec<String>> {
    let mut wrong: Vec<String> = lines
        .iter()
        .filter(|line| line.verdict != Verdict::AsExpected)
        .map(|line| format!("{}: the receipt of {} says \"{}\"", line.sample, line.message, line.state))
        .collect();
    for (name, sample) in samples {
        let names = stage.names(name)?;
        let disagreements = check::disagreements(sample, &names, held);
        wrong.extend(disagreements.into_iter().map(|what| format!("{name}: {what}")));
    }
    let expected_tasks =
        samples.iter().map(|(_, sample)| sample.expect.tasks.len()).sum::<usize>() + backlog.messages;
    if held.tasks.len() != expected_tasks {
        wrong.push(format!("the org holds {} tasks, expected {expected_tasks}", held.tasks.len()));
    }
    let seeded = samples.iter().map(|(_, sample)| sample.org.len()).sum::<usize>() + backlog.people;
    let expected_people = seeded + check::new_people(samples);
    if held.people.len() != expected_people {
        wrong.push(format!("the org holds {} people, expected {expected_people}", held.people.len()));
    }
    wrong.extend(backlog.disagreements(held));
    Ok(wrong)
}
