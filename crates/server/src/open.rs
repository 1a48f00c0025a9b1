//! Opening the program over its configuration: folder, database, key. What cannot be opened says what to do.

use std::{path::Path, sync::Arc};

use base64::Engine as _;

use crate::{
    app::{App, Limits, Safety},
    clock::Nature,
    config::Config,
    files::{Shelf, ShelfError},
    http::Sockets,
    seal::{SealError, Sealer},
    store::{self, Db, Location, Options, meta},
};

/// Where the proof is kept that a key is the one this database was used with.
const KEY_CHECK: &str = "key_check";

/// Why the program cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder cannot be made or written.
    #[error(
        "the data folder {path} cannot be used ({what}); make it writable, or choose another with --data"
    )]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        what: String,
    },
    /// There is nothing to work on yet.
    #[error(
        "there is no database at {0} yet; `causeway serve` makes it, or point --data at the right folder"
    )]
    Nothing(String),
    /// The address is for another kind of database.
    #[error("`database_url` begins with postgres://; leave it empty for the embedded database")]
    Address,
    /// The database cannot be opened.
    #[error("{}", with_advice(.0))]
    Store(#[from] store::Error),
    /// The database was used before, and its key is gone.
    #[error(
        "the key file {0} is missing, but this database was used with it; put it back from a copy \
         (`secret_key_file` in the configuration)"
    )]
    NoKey(String),
    /// The key cannot be had, or is another one.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The bytes of files cannot be kept.
    #[error("{0}; correct the section [files] of the configuration")]
    Files(#[from] ShelfError),
    /// Requests cannot be sent.
    #[error("the HTTP client cannot be made: {0}; are the system's CA certificates installed?")]
    Http(String),
}

/// A fault of the database and what to do about it.
fn with_advice(error: &store::Error) -> String {
    let advice = match error {
        store::Error::Unavailable { .. } => {
            "; is the server running, and is `database_url` right (`causeway config show`)?"
        }
        store::Error::Unwritable { .. } => "; make the folder writable, or choose another with --data",
        store::Error::Address { .. } => "; correct `database_url`",
        store::Error::DiskFull { .. } => "; free some space",
        store::Error::Corrupt { .. } => "; restore it from a copy",
        // Those say it themselves.
        store::Error::NewerSchema { .. } | store::Error::ChangedMigration { .. } => "",
        _ => "; the log of the database may say more",
    };
    format!("{error}{advice}")
}

/// Opens the program. `role` begins the name of this node; `must_exist` makes no new database.
pub async fn open(config: Config, role: &str, must_exist: bool) -> Result<App, OpenError> {
    let nature = Nature::system();
    let location = location(&config)?;
    if let Location::Sqlite(file) = &location {
        if !must_exist {
            prepare_folder(&config.data)?;
        } else if !file.exists() {
            return Err(OpenError::Nothing(file.display().to_string()));
        }
    }
    let db = Db::open(&location, Options::default(), nature.now().0).await?;
    let sealer = right_key(&db, &config, &nature).await?;
    let http = Sockets::new().map_err(|error| OpenError::Http(error.to_string()))?;
    let files = Shelf::open(&config, &http)?;
    Ok(App {
        db,
        http: Arc::new(http),
        files: Arc::new(files),
        node: format!("{role}-{}", nature.id()).into(),
        nature,
        sealer,
        config: Arc::new(config),
        bells: Arc::default(),
        live: Arc::default(),
        panel: Arc::default(),
        endpoints: Arc::default(),
        in_flight: Arc::default(),
        metrics: Arc::default(),
        limits: Limits::default(),
        safety: Safety::default(),
    })
}

/// Where the data lies.
pub fn location(config: &Config) -> Result<Location, OpenError> {
    let url = &config.database_url.0;
    if url.is_empty() {
        return Ok(Location::Sqlite(config.data.join("causeway.db")));
    }
    match Location::parse(url) {
        Location::Sqlite(_) => Err(OpenError::Address),
        location @ Location::Postgres(_) => Ok(location),
    }
}

/// Makes the folder, and sees whether it can be written.
pub fn prepare_folder(folder: &Path) -> Result<(), OpenError> {
    let refuse = |error: std::io::Error| OpenError::Folder {
        path: folder.display().to_string(),
        what: error.to_string(),
    };
    std::fs::create_dir_all(folder).map_err(refuse)?;
    let trial = folder.join(format!(".trial-{}", std::process::id()));
    std::fs::write(&trial, b"").map_err(refuse)?;
    std::fs::remove_file(&trial).map_err(refuse)
}

/// Keeps a proof of this key with a database that has none; of any other key than the one kept it is an error.
pub async fn prove_key(db: &Db, sealer: &Sealer) -> Result<(), OpenError> {
    let encoding = base64::engine::general_purpose::STANDARD;
    let fresh = encoding.encode(sealer.seal(KEY_CHECK, "causeway"));
    let told =
        db.write(move |tx| Box::pin(async move { meta::put_first(tx, KEY_CHECK, &fresh).await })).await?;
    let proof = encoding.decode(told).map_err(|_| SealError::WrongKey)?;
    sealer.open(KEY_CHECK, &proof)?;
    Ok(())
}

/// Whether this key is the one that the database was used with. Where no proof is kept, nothing was sealed yet.
pub async fn key_fits(db: &Db, sealer: &Sealer) -> store::Result<bool> {
    let told = db.read(|tx| Box::pin(meta::get(tx, KEY_CHECK))).await?;
    let Some(told) = told else { return Ok(true) };
    let proof = base64::engine::general_purpose::STANDARD.decode(told).unwrap_or_default();
    Ok(sealer.open(KEY_CHECK, &proof).is_ok())
}

/// The key that this database was used with. A first start makes one.
async fn right_key(db: &Db, config: &Config, nature: &Nature) -> Result<Sealer, OpenError> {
    let known = db.read(|tx| Box::pin(meta::get(tx, KEY_CHECK))).await?;
    let file = &config.secret_key_file;
    if known.is_some() && !file.exists() {
        return Err(OpenError::NoKey(file.display().to_string()));
    }
    let sealer = Sealer::from_file(file, nature.clone())?;
    prove_key(db, &sealer).await?;
    Ok(sealer)
}
