//! One test, two engines: `on_both_engines!(a, b)` runs `a(Place)` and `b(Place)` on each.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use causeway::store::{Db, Location, Options, Result};

use crate::postgres::{Database, fresh_database};

/// A time for everything that happens in these tests.
pub const NOW: i64 = 1_700_000_000_000_000;

/// Where one test keeps its data. It is removed with this value.
pub enum Place {
    Sqlite(Folder),
    Postgres(Database),
}

impl Place {
    pub fn sqlite() -> Self {
        Self::Sqlite(Folder::new())
    }

    pub async fn postgres() -> Self {
        Self::Postgres(fresh_database().await)
    }

    pub fn location(&self) -> Location {
        match self {
            Self::Sqlite(folder) => Location::Sqlite(folder.0.join("causeway.db")),
            Self::Postgres(database) => Location::Postgres(database.url()),
        }
    }

    /// Opens the database here, creating it the first time.
    pub async fn open(&self) -> Result<Db> {
        Db::open(&self.location(), Options::default(), NOW).await
    }

    /// Lets a newer program have been here.
    pub async fn age(&self) {
        self.run("INSERT INTO schema_migrations VALUES (9999, 'from_the_future', 'x', 0)").await;
    }

    /// Runs statements behind the store's back, as another program would.
    pub async fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(folder) => {
                let connection = rusqlite::Connection::open(folder.0.join("causeway.db")).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            Self::Postgres(database) => database.run(sql).await,
        }
    }
}

/// A folder of its own, removed when dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("causeway-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::store::engine::Place::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::store::engine::Place::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;
