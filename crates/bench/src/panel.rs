//! What looking at the CRM's fields costs: calls of the org, and time.

use std::{
    future::pending,
    time::{Duration, Instant},
};

use anyhow::Result;
use causeway::{
    app::App,
    intake,
    panel::{self, Ask, Freshness},
    serve,
    store::{connection, contact_list},
};
use causeway_core::{crm::Request, panel::view::View, rights::Role};
use causeway_simulator::{
    salesforce::{Options, Org},
    serve::serve as serve_org,
    whatsapp::Customer,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{figures::Figures, stage::Stage};

/// How many people are looked at.
const PEOPLE: usize = 20;

/// How many looks in the minute.
const LOOKS: usize = 1_000;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let org_listener = TcpListener::bind("127.0.0.1:0").await?;
    let org_host = org_listener.local_addr()?.to_string();
    let org_url = format!("http://{org_host}");
    let org = Org::open(Options { public_url: Some(org_url.clone()), ..Options::default() })?;
    let org_task = tokio::spawn(serve_org(org, org_listener, pending()));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let stage = Stage::set_at("panel", &url, Some(&org_host)).await?;
    let serving = tokio::spawn(serve::until(stage.app.clone(), listener, pending()));
    let connection_id = stage.connect("salesforce", &org_host).await?;
    let contacts = people(&stage, &org_url).await?;

    let ask = |contact_id: i64| Ask {
        workspace_id: stage.workspace.id,
        contact_id,
        connection_id,
        role: Role::Agent,
    };
    let before = calls(&stage.app, connection_id).await?;
    let mut first = Vec::new();
    for contact_id in &contacts {
        first.push(look(&stage.app, ask(*contact_id), Freshness::Cached).await?);
    }
    figures.add_times("panel, first search of a person (no latency of the org)", first, "");
    let searched = calls(&stage.app, connection_id).await?;
    figures.add(
        "calls of the org for the first look at 20 people",
        (searched - before).to_string(),
        "at most 60",
    );
    let mut fresh = Vec::new();
    for contact_id in contacts.iter().cycle().take(PEOPLE * 10) {
        fresh.push(look(&stage.app, ask(*contact_id), Freshness::Fresh).await?);
    }
    figures.add_times("panel, read again from the org", fresh, "");
    // A minute of looks at people whose fields have just turned old: each is read once.
    for contact_id in &contacts {
        stage.app.panel.forget_contact(connection_id, *contact_id);
    }
    let begun = calls(&stage.app, connection_id).await?;
    let mut cached = Vec::with_capacity(LOOKS);
    for contact_id in contacts.iter().cycle().take(LOOKS) {
        cached.push(look(&stage.app, ask(*contact_id), Freshness::Cached).await?);
    }
    let ended = calls(&stage.app, connection_id).await?;
    figures.add("calls per 1,000 looks at 20 people within a minute", (ended - begun).to_string(), "20");
    figures.add_times("panel, from the cache", cached.split_off(PEOPLE), "");
    serving.abort();
    org_task.abort();
    Ok(())
}

async fn look(app: &App, ask: Ask, freshness: Freshness) -> Result<Duration> {
    let begun = Instant::now();
    let view = panel::view(app, ask, freshness).await?;
    let time = begun.elapsed();
    anyhow::ensure!(matches!(view, View::Matched(_)), "the panel shows no record: {view:?}");
    Ok(time)
}

/// Calls counted for the connection so far.
async fn calls(app: &App, connection_id: i64) -> Result<i64> {
    let counted = app.db.read(move |tx| Box::pin(connection::calls(tx, connection_id))).await?;
    Ok(counted.iter().filter(|(purpose, _)| purpose.starts_with("panel")).map(|(_, calls)| calls).sum())
}

/// Twenty people who have written, and whom the org knows by their numbers. Answers the contacts.
async fn people(stage: &Stage, org_url: &str) -> Result<Vec<i64>> {
    let records: Vec<Value> = (0..PEOPLE)
        .map(|number| json!({"LastName": format!("Person {number}"), "Phone": format!("+8190{number:08}")}))
        .collect();
    let seed = Request {
        method: "POST",
        url: format!("{org_url}/_sim/records"),
        headers: vec![("content-type", "application/json".to_owned())],
        body: json!({"object": "Contact", "records": records}).to_string().into_bytes(),
    };
    let answer = stage.app.http.send(&seed, None, Duration::from_secs(30)).await?;
    anyhow::ensure!(answer.status < 300, "the org took no records: {}", answer.status);
    let at = stage.app.nature.now().seconds();
    for number in 0..PEOPLE {
        let customer = Customer::with_number(&format!("8190{number:08}"), &format!("Person {number}"));
        let change = stage.sender.text(&customer, &format!("wamid.{number}"), at, "Hello");
        stage.post(stage.sender.wrap(vec![change])).await?;
    }
    intake::drain(&stage.app).await?;
    let workspace_id = stage.workspace.id;
    let page =
        stage.app.db.read(move |tx| Box::pin(contact_list::page(tx, workspace_id, None, None))).await?;
    Ok(page.rows.iter().map(|contact| contact.called.contact_id).collect())
}
