//! Where the configuration and the data are: the options that most commands share.

use std::{io::IsTerminal as _, net::SocketAddr, path::PathBuf};

use tracing_subscriber::EnvFilter;

use crate::{
    app::App,
    config::{Config, ConfigError, Sources},
    open::{self, OpenError},
};

/// Options that say where things are.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Place {
    /// A configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder for the embedded database and the key file
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// A PostgreSQL database instead of the embedded one: postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Place {
    /// File and environment, with these options over them.
    pub fn sources(&self) -> Result<Sources, ConfigError> {
        let mut sources = Sources::read(self.config.as_ref())?;
        let data = self.data.as_ref().map(|data| data.display().to_string());
        over(&mut sources, "CAUSEWAY_DATA", data);
        over(&mut sources, "CAUSEWAY_DATABASE_URL", self.database_url.clone());
        Ok(sources)
    }

    /// The effective configuration.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Config::load(&self.sources()?)
    }

    /// The same, listening elsewhere.
    pub fn config_listening(&self, listen: Option<SocketAddr>) -> Result<Config, ConfigError> {
        let mut sources = self.sources()?;
        over(&mut sources, "CAUSEWAY_LISTEN", listen.map(|listen| listen.to_string()));
        Config::load(&sources)
    }

    /// Opens what a server has set up, to look at it or to work on it from outside.
    pub async fn open_existing(&self, role: &str) -> anyhow::Result<App> {
        let config = self.config()?;
        log(&config)?;
        Ok(open_with(config, role, true).await?)
    }
}

/// Opens the program.
pub async fn open_with(config: Config, role: &str, must_exist: bool) -> Result<App, OpenError> {
    open::open(config, role, must_exist).await
}

/// An option stands over the environment.
fn over(sources: &mut Sources, name: &str, value: Option<String>) {
    if let Some(value) = value {
        sources.environment.retain(|(known, _)| known != name);
        sources.environment.push((name.to_owned(), value));
    }
}

/// Logs to standard error, as the configuration says.
pub fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| {
        anyhow::anyhow!("`log` takes a level or filters as in \"info,causeway=debug\": {error}")
    })?;
    // In one process it is set up once; whoever did it before us goes on logging.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    Ok(())
}
