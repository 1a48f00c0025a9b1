//! What each part does in its process. It tells where it is in one line, then works until nobody holds its input.

use std::{future::pending, io::Read as _, time::Duration};

use anyhow::{Context as _, Result, bail};
use axum::{
    Router,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use causeway::{
    clock, serve, settings,
    store::{entry, integration::State, workspace},
};
use causeway_core::channels::{self, RawRequest, Secrets};
use causeway_simulator::{salesforce, serve::serve as serve_org, zoho};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, sync::Notify};

use crate::{provider, stage::Stage, store::fill};

/// The bearer token of the API of a server that is a part.
pub const TOKEN: &str = "cwt_bench";

/// Runs the part of that name.
pub async fn run(name: &str, arguments: &[String]) -> Result<()> {
    // Whoever started this part holds the other end; when it is gone, so is the reason to go on.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    match name {
        "org" => org(arguments).await,
        "server" => server(arguments).await,
        "echo" => echo().await,
        _ => bail!("there is no part {name}"),
    }
}

fn tell(value: &Value) {
    println!("{value}");
}

async fn listener() -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

/// The simulated org: a Salesforce one, or a `zoho` one.
async fn org(arguments: &[String]) -> Result<()> {
    let (listener, url) = listener().await?;
    let public_url = Some(url.clone());
    tell(&json!({ "url": url }));
    if arguments.first().is_some_and(|crm| crm == "zoho") {
        let org = zoho::Org::open(zoho::Options { public_url, ..zoho::Options::default() })?;
        serve_org(org, listener, pending()).await?;
    } else {
        let org =
            salesforce::Org::open(salesforce::Options { public_url, ..salesforce::Options::default() })?;
        serve_org(org, listener, pending()).await?;
    }
    Ok(())
}

/// The server: `HOST` of the org or `-`, how many messages of before it has, whether those are `written` or `waiting`, and
/// of which CRM the org is, unless of Salesforce.
async fn server(arguments: &[String]) -> Result<()> {
    let [host, stored, how, crm @ ..] = arguments else { bail!("a server takes three arguments") };
    let crm = crm.first().map_or("salesforce", String::as_str);
    let (listener, url) = listener().await?;
    let org_host = (host != "-").then_some(host.as_str());
    let stage = Stage::set_at("server", &url, org_host).await?;
    let (workspace_id, member_id, now) = (stage.workspace.id, stage.member.id, stage.app.now());
    let token =
        stage.app.db.write(move |tx| Box::pin(workspace::put_token(tx, TOKEN, workspace_id, member_id, now)));
    token.await?;
    let serving = tokio::spawn(serve::until(stage.app.clone(), listener, pending()));
    let mut integration = String::new();
    if let Some(host) = org_host {
        let connection_id = stage.connect(crm, host).await?;
        let by = (workspace_id, Some(member_id));
        let made = settings::add(&stage.app, by, connection_id, Map::new()).await?.stored;
        integration = causeway::id::integration(made.id);
        let stored: u64 = stored.parse()?;
        if stored > 0 {
            before(&stage, stored, how == "waiting").await?;
            let wish =
                settings::Wish { state: Some(State::Paused), revision: 1, ..settings::Wish::default() };
            if how == "waiting" {
                settings::change(&stage.app, workspace_id, made.id, wish).await?;
            }
        }
    }
    let folder = stage.database().with_file_name("");
    tell(&json!({ "url": url, "integration": integration, "folder": folder }));
    serving.await??;
    Ok(())
}

/// Messages of before: one comes the usual way, all others are copies of what became of it.
async fn before(stage: &Stage, count: u64, is_waiting: bool) -> Result<()> {
    let first = provider::message(&stage.sender, 0, "wamid.before", provider::from_now_on());
    stage.post(first).await?;
    let workspace_id = stage.workspace.id;
    let written = [("written".to_owned(), 1)];
    while stage.app.db.read(move |tx| Box::pin(entry::totals(tx, Some(workspace_id)))).await? != written {
        clock::wait(&Notify::new(), Duration::from_millis(20)).await;
    }
    let file = stage.database();
    let filled = tokio::task::spawn_blocking(move || fill::fill(&file, count, is_waiting));
    filled.await?.context("filling the store")
}

/// What HTTP and the check of a signature cost by themselves: the same request, verified, and nothing kept.
async fn echo() -> Result<()> {
    let (listener, url) = listener().await?;
    tell(&json!({ "url": url }));
    let channel = channels::named("whatsapp").context("no such channel")?;
    let secrets = Secrets { signing: vec![provider::SECRET.into()], ..Secrets::default() };
    let answer = async move |headers: HeaderMap, body: Bytes| {
        let headers = headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let request = RawRequest { headers: headers.collect(), body: body.to_vec() };
        match channel.verify(&request, &secrets) {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::UNAUTHORIZED,
        }
    };
    let limit = DefaultBodyLimit::max(channel.largest_body());
    let router = Router::new().route("/hooks/whatsapp/{key}", post(answer)).layer(limit);
    axum::serve(listener, router).await?;
    Ok(())
}
