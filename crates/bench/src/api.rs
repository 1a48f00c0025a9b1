//! Asking parts of a measurement over HTTP: the server's API, and the org behind its curtain.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use causeway::{
    clock,
    http::{Access, Sockets, Transport as _},
};
use causeway_core::crm::Request;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{apart::Apart, part::TOKEN};

/// How often a part is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// One request with JSON in and out that must go well.
pub async fn ask(
    http: &Sockets,
    method: &'static str,
    url: &str,
    bearer: Option<&str>,
    body: &Value,
) -> Result<Value> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let headers = vec![("content-type", "application/json".to_owned())];
    let request = Request { method, url: url.to_owned(), headers, body };
    let answer = http.send(&request, bearer.map(Access::bearer), Duration::from_mins(2)).await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    ensure!(answer.status < 300, "{method} {url}: {} {text}", answer.status);
    Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// What a server tells of itself.
pub async fn metrics(server: &Apart) -> Result<String> {
    let url = format!("{}/metrics", server.told("url")?);
    let request = Request { method: "GET", url, headers: Vec::new(), body: Vec::new() };
    let answer = Sockets::new()?.send(&request, None, Duration::from_secs(30)).await?;
    ensure!(answer.status == 200, "the metrics were answered {}", answer.status);
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

/// The org, asked behind its curtain.
pub async fn org(
    http: &Sockets,
    org: &Apart,
    method: &'static str,
    path: &str,
    body: &Value,
) -> Result<Value> {
    ask(http, method, &format!("{}/_sim/{path}", org.told("url")?), None, body).await
}

/// People whom the org knows by their numbers: the first so many.
pub async fn know(http: &Sockets, apart: &Apart, people: usize) -> Result<()> {
    let known: Vec<Value> = (0..people)
        .map(|person| {
            let number = crate::provider::number(person);
            json!({"LastName": format!("Person {person}"), "Phone": format!("+{number}")})
        })
        .collect();
    for some in known.chunks(1_000) {
        org(http, apart, "POST", "records", &json!({"object": "Contact", "records": some})).await?;
    }
    Ok(())
}

/// How many tasks the org holds.
pub async fn tasks(http: &Sockets, apart: &Apart) -> Result<u64> {
    let told = org(http, apart, "GET", "records?object=Task&limit=0", &Value::Null).await?;
    told["total"].as_u64().context("no count of tasks")
}

/// Waits until the org holds so many tasks; answers since when it has been waited.
pub async fn until_tasks(http: &Sockets, apart: &Apart, count: u64, limit: Duration) -> Result<Instant> {
    let begun = Instant::now();
    loop {
        let there = tasks(http, apart).await?;
        if there >= count {
            return Ok(Instant::now());
        }
        ensure!(begun.elapsed() < limit, "{there} of {count} tasks after {:.0} s", limit.as_secs_f64());
        clock::wait(&Notify::new(), LOOK_EVERY).await;
    }
}

/// Waits until the server has read every request that it keeps.
pub async fn until_read(http: &Sockets, server: &Apart) -> Result<()> {
    let url = format!("{}/api/v1/status", server.told("url")?);
    while ask(http, "GET", &url, Some(TOKEN), &Value::Null).await?["intake"]["waiting"] != 0 {
        clock::wait(&Notify::new(), LOOK_EVERY).await;
    }
    Ok(())
}

/// Pauses the chat sync of a server, or lets it go on.
pub async fn pause(http: &Sockets, server: &Apart, is_paused: bool) -> Result<()> {
    let url = format!("{}/api/v1/integrations/{}", server.told("url")?, server.told("integration")?);
    let present = ask(http, "GET", &url, Some(TOKEN), &Value::Null).await?;
    let change = json!({"revision": present["revision"], "paused": is_paused});
    ask(http, "PATCH", &url, Some(TOKEN), &change).await?;
    Ok(())
}
