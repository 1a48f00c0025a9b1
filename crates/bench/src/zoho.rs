//! A backlog that drains into a Zoho org, as notes of a day: messages a second, API calls and credits, beside a program that
//! makes one call for each message.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use causeway::{
    clock,
    http::{Sockets, Transport as _},
};
use causeway_core::crm::Request;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    apart::Apart,
    api,
    figures::Figures,
    part::TOKEN,
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
        let org = Apart::start("org", &["zoho".into()])?;
        know(&http, &org).await?;
        api::org(&http, &org, "POST", "options", &json!({"daily_credits": 10_000_000})).await?;
        let arguments = [org.host()?.to_owned(), "0".into(), "written".into(), "zoho".into()];
        let server = Apart::start("server", &arguments)?;
        api::org(&http, &org, "POST", "options", &json!({ "latency_ms": latency })).await?;
        let begins = drain(&http, (&org, &server), figures, ("that begin the day's notes", latency)).await?;
        drain(&http, (&org, &server), figures, ("that the day's notes take in", latency)).await?;
        let alone = one_by_one(&http, latency).await?;
        figures.add(
            &format!("Zoho: one call for each message, same client, {latency} ms latency"),
            format!("{alone:.0} messages a second, 1,000 calls and 1,000 credits for 1,000"),
            "",
        );
        figures.add(
            &format!("Zoho: the backlog as a multiple of that, {latency} ms latency"),
            format!("{:.1} times", begins / alone),
            "",
        );
    }
    Ok(())
}

/// Everybody is a contact of the org.
async fn know(http: &Sockets, org: &Apart) -> Result<()> {
    let person = |person| json!({"Last_Name": format!("Person {person}"), "Phone": format!("+{}", provider::number(person))});
    let known: Vec<Value> = (0..PEOPLE).map(person).collect();
    api::org(http, org, "POST", "records", &json!({"module": "Contacts", "records": known})).await?;
    Ok(())
}

/// Messages wait while the sync is paused, then everything is let go. Answers messages a second.
async fn drain(
    http: &Sockets,
    (org, server): (&Apart, &Apart),
    figures: &mut Figures,
    (what, latency): (&str, u64),
) -> Result<f64> {
    api::pause(http, server, true).await?;
    let waiting = provider::requests(what, MESSAGES, provider::from_now_on(), |place| place * 7919 % PEOPLE);
    pour(server.host()?, &waiting, CONNECTIONS).await?;
    api::until_read(http, server).await?;
    api::org(http, org, "DELETE", "counters", &Value::Null).await?;
    let counters = || api::org(http, org, "GET", "counters", &Value::Null);
    let before = counters().await?["credits_used"].as_u64().unwrap_or_default();
    let begun = Instant::now();
    api::pause(http, server, false).await?;
    until_written(http, server).await?;
    let rate = MESSAGES as f64 / begun.elapsed().as_secs_f64();
    let counted = counters().await?;
    let calls = counted["api_calls"].as_u64().context("no count of calls")? as f64;
    let credits = counted["credits_used"].as_u64().context("no count of credits")?.saturating_sub(before);
    let thousands = MESSAGES as f64 / 1000.0;
    figures.add(
        &format!("Zoho: a backlog of 20,000 messages of 1,000 known people {what}, {latency} ms latency"),
        format!("{rate:.0} messages a second"),
        "",
    );
    figures.add(
        &format!("Zoho: for 1,000 of them, {latency} ms latency"),
        format!("{:.1} calls, {:.1} credits", calls / thousands, credits as f64 / thousands),
        "",
    );
    Ok(rate)
}

/// Waits until nothing is due.
async fn until_written(http: &Sockets, server: &Apart) -> Result<()> {
    let begun = Instant::now();
    let url = format!("{}/api/v1/connections", server.told("url")?);
    loop {
        let told = api::ask(http, "GET", &url, Some(TOKEN), &Value::Null).await?;
        let entries = told["connections"][0]["entries"].as_array().cloned().unwrap_or_default();
        let of = |state: &str| -> u64 {
            let counts = entries.iter().filter(|count| count["state"] == state);
            counts.filter_map(|count| count["count"].as_u64()).sum()
        };
        if of("due") == 0 && of("written") > 0 {
            return Ok(());
        }
        ensure!(begun.elapsed() < LIMIT, "{} entries are still due", of("due"));
        clock::wait(&Notify::new(), Duration::from_millis(20)).await;
    }
}

/// What most integrations do: one note for each message, after the other. Answers messages a second.
async fn one_by_one(http: &Sockets, latency: u64) -> Result<f64> {
    let org = Apart::start("org", &["zoho".into()])?;
    let url = org.told("url")?.to_owned();
    let grant = json!({"user": "maya.lindqvist@acme.example", "client_id": "1000.CAUSEWAYSIM"});
    let code = api::org(http, &org, "POST", "grant", &grant).await?["code"].clone();
    let form = format!(
        "grant_type=authorization_code&client_id=1000.CAUSEWAYSIM&client_secret=causeway-sim-secret&code={}",
        code.as_str().context("no code")?
    );
    let grant = Request {
        method: "POST",
        url: format!("{url}/oauth/v2/token"),
        headers: vec![("content-type", "application/x-www-form-urlencoded".into())],
        body: form.into_bytes(),
    };
    let granted: Value = serde_json::from_slice(&http.send(&grant, None, LIMIT).await?.body)?;
    let token = format!("Zoho-oauthtoken {}", granted["access_token"].as_str().context("no token")?);
    let contact = json!({"module": "Contacts", "records": [{"Last_Name": "Alone"}]});
    let contact = api::org(http, &org, "POST", "records", &contact).await?["ids"][0].clone();
    api::org(http, &org, "POST", "options", &json!({"latency_ms": latency, "daily_credits": 10_000_000}))
        .await?;
    let count = if latency == 0 { 3_000 } else { 50 };
    let begun = Instant::now();
    for place in 0..count {
        let note = json!({
            "Note_Title": "WhatsApp message",
            "Note_Content": format!("This is the message wamid.alone.{place} of a customer who asks about an order."),
            "Parent_Id": {"module": {"api_name": "Contacts"}, "id": contact},
        });
        let request = Request {
            method: "POST",
            url: format!("{url}/crm/v8/Notes"),
            headers: vec![("content-type", "application/json".into()), ("authorization", token.clone())],
            body: json!({ "data": [note] }).to_string().into_bytes(),
        };
        let answer = http.send(&request, None, LIMIT).await?;
        ensure!(answer.status == 201, "{}", String::from_utf8_lossy(&answer.body));
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
