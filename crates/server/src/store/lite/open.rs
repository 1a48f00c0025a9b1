//! Opening a SQLite file: created readable to its owner only, every connection with the same settings.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::fault;
use crate::store::{Error, Result};

/// The connection that writes.
pub(super) fn writer(path: &Path, patience: Duration) -> Result<Connection> {
    create(path)?;
    // A full sync before each acknowledgement; a checkpoint every 64 MB, because more often costs a third of the rate.
    configured(path, patience, "PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -262144;")
}

/// A connection that only reads.
pub(super) fn reader(path: &Path, patience: Duration) -> Result<Connection> {
    configured(path, patience, "PRAGMA query_only = ON; PRAGMA cache_size = -65536;")
}

/// SQLite gives its side files the mode of the main file, so that is the one to create with care.
fn create(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path).map(drop).map_err(|e| unwritable(path, &e))
        }
        Err(error) => Err(unwritable(path, &error)),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    let what = match (error.kind(), path.parent()) {
        (ErrorKind::NotFound, Some(folder)) => format!("there is no folder {}", folder.display()),
        (ErrorKind::PermissionDenied, _) => {
            format!("{error}; give the user that runs Causeway the right to write there")
        }
        _ => error.to_string(),
    };
    Error::Unwritable { path: path.display().to_string(), what }
}

fn configured(path: &Path, patience: Duration, own: &str) -> Result<Connection> {
    let shared = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(patience)?;
        connection.execute_batch(shared)?;
        connection.execute_batch(own)?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(connection)
    };
    open().map_err(|error| fault::from_sqlite(format!("opening {}", path.display()), &error))
}
