//! A backlog: 1,000 messages of known people come while the integrations are paused. What it costs to write them is
//! counted by the orgs.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    check::Held,
    dialect::{Dialect, ZOHO},
    stage::{OnStage, Stage},
    table::{Line, Verdict},
};
use crate::clock;

/// How many messages wait.
const MESSAGES: usize = 1000;

/// How many people wrote them.
const PEOPLE: usize = 20;

/// When the first was sent: 2025-11-18 12:00:00 UTC.
const START: i64 = 1_763_467_200;

/// Most calls that write in an org: the people with their links, and the entries.
const MOST_WRITES: u64 = 2;

/// How long writing may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// What came of it.
#[derive(Clone, Debug)]
pub struct Played {
    /// People that stand in the org for it.
    pub people: usize,
    /// Calls that wrote, as each CRM's org counted them.
    pub writes: BTreeMap<&'static str, u64>,
    /// The line of the table.
    pub line: Line,
}

impl Played {
    /// Where the org and the expectation disagree.
    pub fn disagreements(&self, held: &Held) -> Vec<String> {
        let mut wrong = Vec::new();
        let Dialect { title, crm, body, .. } = held.dialect;
        let texts: Vec<&str> = held.entries.iter().map(|entry| held.dialect.text(entry, body)).collect();
        let present: usize = texts.iter().map(|text| text.matches("Backlog message ").count()).sum();
        if present != MESSAGES {
            wrong.push(format!("{title}, backlog: {present} messages, expected {MESSAGES}"));
        }
        let present = texts.iter().filter(|text| text.contains("Backlog message ")).count();
        if present != entries(held.dialect) {
            wrong.push(format!("{title}, backlog: {present} entries, expected {}", entries(held.dialect)));
        }
        let writes = self.writes.get(crm).copied().unwrap_or_default();
        if writes > MOST_WRITES {
            wrong
                .push(format!("{title}, backlog: {writes} calls wrote, at most {MOST_WRITES} were expected"));
        }
        wrong
    }
}

/// How many entries the backlog becomes: one for each message, or one for each person's day.
pub fn entries(dialect: &Dialect) -> usize {
    if dialect.crm == ZOHO.crm { PEOPLE } else { MESSAGES }
}

/// Plays it.
pub async fn play(stage: &Stage) -> Result<Played> {
    settle(stage, Duration::from_mins(2)).await?;
    for org in stage.orgs() {
        let Dialect { crm, people, last_name, phone, .. } = org.curtain.dialect;
        if stage.is_first(&format!("{crm}: backlog"))? {
            let person =
                |n| json!({(*last_name): format!("Backlog Person {n}"), (*phone): format!("+{}", number(n))});
            let records: Vec<Value> = (0..PEOPLE).map(person).collect();
            org.curtain.ask("POST", "records", &json!({"object": people[0], "records": records})).await?;
        }
        pause(stage, org, true).await?;
    }
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
    let before = writes(stage).await?;
    for org in stage.orgs() {
        pause(stage, org, false).await?;
    }
    settle(stage, PATIENCE).await?;
    let mut writes = writes(stage).await?;
    for (crm, count) in &mut writes {
        *count -= before.get(crm).copied().unwrap_or_default();
    }
    let last = format!("wamid.demo.backlog.{}", MESSAGES - 1);
    let found = stage.api.find(&format!("trace/{last}")).await?;
    let title = "Backlog of 1,000 messages of known people";
    let mut line = super::table::line(("13_backlog", title), &last, "written", &stage.crms(), found.as_ref());
    for (told, org) in line.deliveries.iter_mut().zip(stage.orgs()) {
        let writes = writes.get(org.curtain.dialect.crm).copied().unwrap_or_default();
        told.why = format!("{MESSAGES} messages were written with {writes} calls that write");
        if writes > MOST_WRITES {
            line.verdict = Verdict::Otherwise;
        }
    }
    Ok(Played { people: PEOPLE, writes, line })
}

/// Calls that wrote, by CRM.
async fn writes(stage: &Stage) -> Result<BTreeMap<&'static str, u64>> {
    let mut writes = BTreeMap::new();
    for org in stage.orgs() {
        writes.insert(org.curtain.dialect.crm, org.curtain.writes().await?);
    }
    Ok(writes)
}

fn number(n: usize) -> String {
    format!("1415555{}", 3000 + n)
}

async fn pause(stage: &Stage, org: &OnStage, is_paused: bool) -> Result<()> {
    let path = format!("integrations/{}", org.integration);
    let present = stage.api.ask("GET", &path, &Value::Null).await?;
    let wish = json!({"paused": is_paused, "revision": present["revision"]});
    stage.api.ask("PATCH", &path, &wish).await?;
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
        let connections = present["connections"].as_array().cloned().unwrap_or_default();
        let due: u64 = connections
            .iter()
            .flat_map(|connection| connection["entries"].as_array().cloned().unwrap_or_default())
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
