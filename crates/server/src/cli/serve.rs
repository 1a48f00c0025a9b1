//! `causeway serve`: the server.

use std::{
    fs::{File, TryLockError},
    net::SocketAddr,
    process::ExitCode,
};

use anyhow::{Context as _, bail, ensure};
use causeway_core::{address::phone::Region, time::Zone};
use tokio::net::TcpListener;

use super::{
    Place,
    place::{log, open_with},
};
use crate::{
    app::App,
    config::Config,
    first_run::{self, Wishes},
    open, sign_in,
    store::{Location, lease},
};

/// How the names of serving nodes begin.
const ROLE: &str = "serve";

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen: ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// First start: the name of the workspace
    #[arg(long, value_name = "NAME", help_heading = "First start")]
    workspace_name: Option<String>,
    /// First start: the time zone that decides days, as in Asia/Tokyo
    #[arg(long, value_name = "ZONE", help_heading = "First start")]
    zone: Option<String>,
    /// First start: how numbers without a country are read, as in JP
    #[arg(long, value_name = "COUNTRY", help_heading = "First start")]
    region: Option<String>,
    /// First start: the owner's e-mail; CRM users are matched by it
    #[arg(long, value_name = "EMAIL", help_heading = "First start")]
    owner_email: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let wishes = wishes(&args)?;
    let mut config = args.place.config_listening(args.listen)?;
    log(&config)?;
    let _alone = alone(&config)?;
    let listener = listen(config.listen).await?;
    config.listens_at(listener.local_addr()?);
    let app = open_with(config, ROLE, false).await?;
    forget_predecessors(&app).await?;
    welcome(&app, &wishes).await?;
    crate::serve::run(app, listener).await.context("the server cannot take any more connections")?;
    Ok(ExitCode::SUCCESS)
}

fn wishes(args: &Args) -> anyhow::Result<Wishes> {
    let mut wishes = Wishes::default();
    if let Some(name) = &args.workspace_name {
        ensure!(!name.trim().is_empty(), "--workspace-name is empty; give the name that people know");
        wishes.name.clone_from(name);
    }
    if let Some(zone) = &args.zone {
        ensure!(Zone::named(zone).is_some(), "there is no time zone {zone}; give one like Asia/Tokyo or UTC");
        wishes.zone.clone_from(zone);
    }
    if let Some(region) = &args.region {
        let read: Result<Region, _> = region.parse();
        match read {
            Ok(read) => wishes.region = Some(read),
            Err(_) => bail!("there is no country {region}; give two letters, like JP"),
        }
    }
    if let Some(email) = &args.owner_email {
        ensure!(email.contains('@'), "--owner-email takes an address like name@example.com");
        wishes.owner_email.clone_from(email);
    }
    Ok(wishes)
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind;
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {} is in use on {}; stop the program that has it, or choose another with --listen",
            address.port(),
            address.ip()
        ),
        ErrorKind::PermissionDenied => anyhow::anyhow!(
            "this user may not listen on port {}; choose one above 1023 with --listen",
            address.port()
        ),
        ErrorKind::AddrNotAvailable => {
            anyhow::anyhow!("{} is no address of this machine; choose another with --listen", address.ip())
        }
        _ => anyhow::anyhow!("cannot listen on {address} ({error}); choose another with --listen"),
    })
}

/// One server per embedded database: two would each take the other's work for lost.
fn alone(config: &Config) -> anyhow::Result<Option<File>> {
    if !matches!(open::location(config)?, Location::Sqlite(_)) {
        return Ok(None);
    }
    open::prepare_folder(&config.data)?;
    let path = config.data.join("serve.lock");
    let told = path.display().to_string();
    let file = File::create(&path).with_context(|| format!("{told} cannot be written; make it writable"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => bail!(
            "another causeway serves from {}; stop it, or choose another folder with --data",
            config.data.display()
        ),
        Err(TryLockError::Error(error)) => bail!("{told} cannot be locked ({error}); use a local disk"),
    }
}

/// Under the lock of the folder, whoever served before is gone, and so is what it reserved.
async fn forget_predecessors(app: &App) -> anyhow::Result<()> {
    if matches!(open::location(&app.config)?, Location::Sqlite(_)) {
        app.db.write(|tx| Box::pin(lease::end_all_of(tx, "serve-"))).await?;
    }
    Ok(())
}

async fn welcome(app: &App, wishes: &Wishes) -> anyhow::Result<()> {
    let is_asked = *wishes != Wishes::default();
    if !is_asked && first_run::is_empty(app).await? {
        let token = first_run::setup_token(app).await?;
        eprintln!("Nothing is set up yet. Open this address to begin; it works once:");
        eprintln!("  {}/setup?token={token}", app.config.public_url);
    } else if let Some(made) = first_run::prepare(app, wishes).await? {
        eprintln!("A workspace is made: {} ({}), owned by {}.", wishes.name, wishes.zone, wishes.owner_email);
        eprintln!("The owner's API token, shown this once: {}", made.token);
        let link = sign_in::link_for(app, made.workspace_id, made.owner_id, None).await?;
        eprintln!("To sign in as the owner, open this address; it works once:");
        eprintln!("  {}/enter/{link}", app.config.public_url);
    } else if is_asked {
        eprintln!("There is a workspace already; the options of the first start change nothing.");
    }
    let location = open::location(&app.config)?;
    eprintln!(
        "Causeway listens on {}, reached at {}; data in {location}.",
        app.config.listen, app.config.public_url
    );
    Ok(())
}
