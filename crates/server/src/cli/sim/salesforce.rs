//! `causeway sim salesforce`: an org on a socket.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use causeway_simulator::{
    salesforce::{Options, Org},
    serve::serve,
};
use tokio::net::TcpListener;

use crate::serve::told_to_stop;

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen: ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The folder that keeps the org over restarts; memory only without one
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// What the org calls itself; otherwise the address that it listens on
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Added to every answer, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// The seed of ids, tokens and chance
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// API requests in 24 hours
    #[arg(long, value_name = "CALLS")]
    daily_limit: Option<u64>,
    /// A unique external-id field on Task and Event
    #[arg(long, value_name = "FIELD")]
    external_id_field: Option<String>,
    /// Each refresh hands out a new refresh token and kills the old one
    #[arg(long)]
    rotate_refresh_tokens: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let folder = args.data.as_ref().map(|data| data.display().to_string()).unwrap_or_default();
    let options = Options {
        data: args.data,
        public_url: args.public_url,
        latency_ms: args.latency,
        seed: args.seed,
        rotate_refresh_tokens: args.rotate_refresh_tokens,
        external_id_field: args.external_id_field,
        daily_limit: args.daily_limit,
        ..Options::default()
    };
    let org = Org::open(options).map_err(|error| {
        anyhow::anyhow!("the org's folder {folder} cannot be used ({error}); choose another with --data")
    })?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        anyhow::anyhow!("cannot listen on {} ({error}); choose another with --listen", args.listen)
    })?;
    let address = listener.local_addr()?;
    eprintln!("A simulated Salesforce org listens on http://{address}; its controls are under /_sim.");
    eprintln!("To connect Causeway to it, start `causeway serve` with this environment:");
    eprintln!("  CAUSEWAY_SALESFORCE__EXTRA_HOSTS={address}");
    eprintln!("  CAUSEWAY_SALESFORCE__CLIENT_ID=causeway-sim");
    eprintln!("  CAUSEWAY_SALESFORCE__CLIENT_SECRET=causeway-sim-secret");
    eprintln!("and POST /api/v1/connections with {{\"crm\":\"salesforce\",\"environment\":\"{address}\"}}.");
    serve(org, listener, told_to_stop()).await.context("the org cannot take any more connections")?;
    Ok(ExitCode::SUCCESS)
}
