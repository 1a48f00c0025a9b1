//! A backlog: 1,000 messages of known people come while the integration is paused. What it costs to write them is
//! counted by the org.

use std::time::Duration;

use anyhow::{Context, Result};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    check::Held,
    stage::Stage,
    table::{Line, Verdict},
};
use crate::clock;

/// How many messages wait.
const MESSAGES: usize = 1000;

/// How many people wrote them.
const PEOPLE: usize = 20;

/// When the first was sent: 2025-11-18 12:00:00 UTC.
const START: i64 = 1_763_467_200;

/// Most calls that write.
const MOST_WRITES: u64 = 2;

/// How long writing may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// What came of it.
#[derive(Clone, Debug)]
pub struct Played {
    /// Messages that were posted.
    pub messages: usize,
    /// People that stand in the org for it.
    pub people: usize,
    /// Calls that wrote, as the org counted them.
    pub writes: u64,
    /// The line of the table.
    pub line: Line,
}

impl Played {
    /// Where the org and the expectation disagree.
    pub fn disagreements(&self, held: &Held) -> Vec<String> {
        let mut wrong = Vec::new();
        let present = held
            .tasks
            .iter()
            .filter(|task| {
                task["Description"].as_str().is_some_and(|body| body.starts_with("Backlog message "))
            })
            .count();
        if present != MESSAGES {
            wrong.push(format!("backlog: {present} tasks, expected {MESSAGES}"));
        }
        if self.writes > MOST_WRITES {
            wrong.push(format!("backlog: {} calls wrote, at most {MOST_WRITES} were expected", self.writes));
        }
        wrong
    }
}

/// Plays it.
pub async fn play(stage: &Stage) -> Result<Played> {
    settle(stage, Duration::from_mins(2)).await?;
    if stage.is_first("backlog")? {
        let people: Vec<Value> = (0..PEOPLE)
            .map(|n| json!({"FirstName": "Backlog", "LastName": format!("Person {n}"), "MobilePhone": format!("+{}", number(n))}))
            .collect();
        stage.curtain.ask("POST", "records", &json!({"object": "Contact", "records": people})).await?;
    }
    let path = format!("integrations/{}", stage.integration);
    pause(stage, &path, true).await?;
    for wave in 0..MESSAGES / 100 {
        let changes = (wave * 100..(wave + 1) * 100).map(|n| {
            let customer = Customer::with_number(&number(n % PEOPLE), "Backlog Person");
            let at = START + i64::try_from(n).unwrap_or(0);
            stage.provider.sender.text(
                &customer,
                &format!("wamid.demo.backlog.{n}"),
                at,
                &format!("Backlog message {n}"),
            )
        });
        let body = stage.provider.sender.wrap(changes.collect());
        stage.provider.post(body).await?;
    }
    received(stage).await?;
    let before = stage.curtain.writes().await?;
    pause(stage, &path, false).await?;
    settle(stage, PATIENCE).await?;
    let writes = stage.curtain.writes().await? - before;
    let last = format!("wamid.demo.backlog.{}", MESSAGES - 1);
    let found = stage.api.find(&format!("trace/{last}")).await?;
    let mut line = super::table::line(
        "13_backlog",
        "Backlog of 1,000 messages of known people",
        &last,
        "written",
        found.as_ref(),
    );
    line.why = format!("{MESSAGES} messages were written with {writes} calls that write");
    if writes > MOST_WRITES {
        line.verdict = Verdict::Otherwise;
    }
    Ok(Played { messages: MESSAGES, people: PEOPLE, writes, line })
}

fn number(n: usize) -> String {
    format!("1415555{}", 3000 + n)
}

async fn pause(stage: &Stage, path: &str, is_paused: bool) -> Result<()> {
    let present = stage.api.ask("GET", path, &Value::Null).await?;
    let wish = json!({"paused": is_paused, "revision": present["revision"]});
    stage.api.ask("PATCH", path, &wish).await?;
    Ok(())
}

/// Waits until the last message is in the timeline.
async fn received(stage: &Stage) -> Result<()> {
    let path = format!("trace/wamid.demo.backlog.{}", MESSAGES - 1);
    for _ in 0..600 {
        if stage.api.find(&path).await?.is_some() {
            return Ok(());
        }
        clock::wait(&Notify::new(), Duration::from_millis(100)).await;
    }
    anyhow::bail!("the backlog was not read within a minute")
}

/// Waits until nothing is due.
async fn settle(stage: &Stage, patience: Duration) -> Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        // In this order: what is read last may make entries due.
        let is_read = stage.is_read().await?;
        let present = stage.api.ask("GET", "connections", &Value::Null).await?;
        let entries = present["connections"][0]["entries"].as_array().cloned().unwrap_or_default();
        let due: u64 = entries
            .iter()
            .filter(|count| count["state"] == "due")
            .map(|count| count["count"].as_u64().unwrap_or(0))
            .sum();
        if due == 0 && is_read {
            return Ok(());
        }
        if waited > patience {
            return Err(anyhow::anyhow!("{due} entries are still due"))
                .context("the lane does not come to rest");
        }
        clock::wait(&Notify::new(), Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
}
