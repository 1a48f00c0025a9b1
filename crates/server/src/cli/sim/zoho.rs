//! `causeway sim zoho`: an org on a socket.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use causeway_simulator::{
    serve::serve,
    zoho::{Centre, Options, Org},
};
use tokio::net::TcpListener;

use crate::serve::told_to_stop;

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen: ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8091")]
    listen: SocketAddr,
    /// The folder that keeps the org over restarts; memory only without one
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// What the org calls itself; otherwise the address that it listens on
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Added to every answer, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, alias = "latency-ms")]
    latency: u64,
    /// The seed of ids, tokens and chance
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The data centre that the org lives in: us, eu, in, cn, au, jp, ca, sa, uk, ae
    #[arg(long, value_name = "NAME", default_value = "us", value_parser = centre)]
    data_centre: Centre,
    /// Credits in 24 hours; by edition and users when never said
    #[arg(long, value_name = "CREDITS")]
    daily_credits: Option<u64>,
    /// Nobody is known yet; otherwise a few contacts and leads are
    #[arg(long)]
    empty: bool,
}

fn centre(name: &str) -> Result<Centre, String> {
    Centre::named(name).ok_or_else(|| "one of us, eu, in, cn, au, jp, ca, sa, uk, ae".to_owned())
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let folder = args.data.as_ref().map(|data| data.display().to_string()).unwrap_or_default();
    let options = Options {
        data: args.data,
        public_url: args.public_url,
        latency_ms: args.latency,
        seed: args.seed,
        centre: Some(args.data_centre),
        daily_credits: args.daily_credits,
        with_people: !args.empty,
        ..Options::default()
    };
    let org = Org::open(options).map_err(|error| {
        anyhow::anyhow!("the org's folder {folder} cannot be used ({error}); choose another with --data")
    })?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        anyhow::anyhow!("cannot listen on {} ({error}); choose another with --listen", args.listen)
    })?;
    let address = listener.local_addr()?;
    eprintln!("A simulated Zoho CRM org listens on http://{address}; its controls are under /_sim.");
    eprintln!("To connect Causeway to it, start `causeway serve` with this environment:");
    eprintln!("  CAUSEWAY_ZOHO__EXTRA_HOSTS={address}");
    eprintln!("  CAUSEWAY_ZOHO__CLIENT_ID=1000.CAUSEWAYSIM");
    eprintln!("  CAUSEWAY_ZOHO__CLIENT_SECRET=causeway-sim-secret");
    eprintln!("and POST /api/v1/connections with {{\"crm\":\"zoho\",\"environment\":\"{address}\"}}.");
    serve(org, listener, told_to_stop()).await.context("the org cannot take any more connections")?;
    Ok(ExitCode::SUCCESS)
}
