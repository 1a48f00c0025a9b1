//! Where the data lies: a SQLite file or a PostgreSQL server.

use std::fmt;
use std::path::PathBuf;

/// A place for the data. Printing one shows no password.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file; it is created if missing, its folder is not.
    Sqlite(PathBuf),
    /// A `postgres://user:password@host:port/database` address. `sslmode` is `prefer` unless it says otherwise, and
    /// `disable` on the own machine; a certificate is always verified, against `sslrootcert=FILE` if that is given.
    Postgres(String),
}

impl Location {
    /// Takes an address with `postgres://` or `postgresql://` for a server, all else for the path of a file.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(text))
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split('?').next().unwrap_or_default();
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{host}")
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
