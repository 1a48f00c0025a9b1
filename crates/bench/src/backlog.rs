//! A backlog that drains into one org: messages a second, calls, processor time and memory, beside a program that makes
//! one call for each message; and the whole way from webhook to task.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use causeway::http::Sockets;
use serde_json::{Value, json};

use crate::{
    apart::Apart,
    api,
    figures::Figures,
    provider::{self, pour},
};

/// Messages of a backlog.
const MESSAGES: usize = 20_000;

/// People who wrote them.
const PEOPLE: usize = 1_000;

/// Connections that the provider keeps open.
const CONNECTIONS: usize = 32;

/// Longest time for anything here.
const LIMIT: Duration = Duration::from_mins(4);

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let http = Sockets::new()?;
    for latency in [0, 100] {
        let drained = drain(&http, figures, latency).await?;
        let alone = one_by_one(&http, latency).await?;
        figures.add(
            &format!("one call for each message, same client, {latency} ms latency"),
            format!("{alone:.0} messages a second, 1,000 calls for 1,000"),
            "",
        );
        figures.add(
            &format!("the backlog as a multiple of that, {latency} ms latency"),
            format!("{:.1} times", drained / alone),
            "",
        );
    }
    whole_way(&http, figures).await
}

async fn set(http: &Sockets, known: usize) -> Result<(Apart, Apart)> {
    let org = Apart::start("org", &[])?;
    api::know(http, &org, known).await?;
    api::org(http, &org, "POST", "options", &json!({"daily_limit": 10_000_000})).await?;
    let server = Apart::start("server", &[org.host()?.to_owned(), "0".into(), "written".into()])?;
    Ok((org, server))
}

/// Messages of known people wait while the sync is paused, then everything is let go. Answers messages a second.
async fn drain(http: &Sockets, figures: &mut Figures, latency: u64) -> Result<f64> {
    let (org, server) = set(http, PEOPLE).await?;
    let at = provider::from_now_on();
    let first = provider::requests("first", PEOPLE, at, |place| place);
    pour(server.host()?, &first, CONNECTIONS).await?;
    let mut there = PEOPLE as u64;
    api::until_tasks(http, &org, there, LIMIT).await?;

    api::pause(http, &server, true).await?;
    let waiting = provider::requests("waiting", MESSAGES, at + 60, |place| place * 7919 % PEOPLE);
    pour(server.host()?, &waiting, CONNECTIONS).await?;
    api::until_read(http, &server).await?;
    api::org(http, &org, "POST", "options", &json!({ "latency_ms": latency })).await?;
    api::org(http, &org, "DELETE", "counters", &Value::Null).await?;
    let before = server.used()?;
    let begun = Instant::now();
    api::pause(http, &server, false).await?;
    there += MESSAGES as u64;
    let ended = api::until_tasks(http, &org, there, LIMIT).await?;
    let used = server.used()? - before;
    let counters = api::org(http, &org, "GET", "counters", &Value::Null).await?;
    let calls = counters["api_calls"].as_u64().context("no count of calls")? as f64;
    let rate = MESSAGES as f64 / ended.duration_since(begun).as_secs_f64();
    figures.add(
        &format!("a backlog of 20,000 messages of known people, {latency} ms latency"),
        format!("{rate:.0} messages a second"),
        "",
    );
    figures.add(
        &format!("calls for 1,000 of them, {latency} ms latency"),
        format!("{:.1}", calls * 1000.0 / MESSAGES as f64),
        "at most 2",
    );
    figures.add(
        &format!("processor time of the server for a message of the backlog, {latency} ms latency"),
        format!("{:.2} ms", used / MESSAGES as f64),
        "",
    );
    Ok(rate)
}

/// What most integrations do: one call for each message, after the other. Answers messages a second.
async fn one_by_one(http: &Sockets, latency: u64) -> Result<f64> {
    let org = Apart::start("org", &[])?;
    let url = org.told("url")?.to_owned();
    let form = "grant_type=password&client_id=causeway-sim&client_secret=causeway-sim-secret\
                &username=maya.lindqvist%40acme.example&password=sim";
    let grant = causeway_core::crm::Request {
        method: "POST",
        url: format!("{url}/services/oauth2/token"),
        headers: vec![("content-type", "application/x-www-form-urlencoded".into())],
        body: form.as_bytes().to_vec(),
    };
    let granted = causeway::http::Transport::send(http, &grant, None, LIMIT).await?;
    let granted: Value = serde_json::from_slice(&granted.body)?;
    let token = granted["access_token"].as_str().context("no token")?.to_owned();
    api::org(http, &org, "POST", "options", &json!({"latency_ms": latency, "daily_limit": 10_000_000}))
        .await?;
    let count = if latency == 0 { 3_000 } else { 50 };
    let begun = Instant::now();
    for place in 0..count {
        let task = json!({
            "Subject": "WhatsApp message",
            "Description": format!("This is the message wamid.alone.{place} of a customer who asks about an order."),
            "Status": "Completed",
        });
        let address = format!("{url}/services/data/v60.0/sobjects/Task");
        api::ask(http, "POST", &address, Some(&token), &task).await?;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

/// From the first byte of the first webhook to the last task: half of the people are known, for the others leads are made.
async fn whole_way(http: &Sockets, figures: &mut Figures) -> Result<()> {
    let (org, server) = set(http, PEOPLE / 2).await?;
    let idle = server.memory()?;
    let at = provider::from_now_on();
    let requests = provider::requests("whole", MESSAGES, at, |place| place * 7919 % PEOPLE);
    let before = server.used()?;
    let begun = Instant::now();
    pour(server.host()?, &requests, CONNECTIONS).await?;
    let ended = api::until_tasks(http, &org, MESSAGES as u64, LIMIT).await?;
    let used = server.used()? - before;
    let leads =
        api::org(http, &org, "GET", "records?object=Lead&limit=0", &Value::Null).await?["total"].clone();
    anyhow::ensure!(leads == PEOPLE / 2, "{leads} leads were made");
    figures.add(
        "from webhook to task, 20,000 messages of 1,000 people, half of them made as leads",
        format!("{:.0} messages a second", MESSAGES as f64 / ended.duration_since(begun).as_secs_f64()),
        "at least 1,000",
    );
    figures.add(
        "processor time of the server for a message, the whole way",
        format!("{:.2} ms", used / MESSAGES as f64),
        "",
    );
    figures.add("memory of a server that is connected and idle", format!("{idle:.0} MiB"), "under 64 MiB");
    figures.add("the most memory under that load", format!("{:.0} MiB", server.most_memory()?), "");
    Ok(())
}
