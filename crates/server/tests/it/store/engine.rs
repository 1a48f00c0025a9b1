//! One test, two engines: `on_both_engines!(a, b)` runs `a(Place)` and `b(Place)` on each, and
//! `in_a_transaction!(a, b)` runs `a(&mut Tx)` and `b(&mut Tx)` over an empty schema of each.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use causeway::store::{Db, Error, Fut, Location, Options, Result, Tx};

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

    /// A place of its own on the same engine.
    pub async fn another(&self) -> Self {
        match self {
            Self::Sqlite(_) => Self::sqlite(),
            Self::Postgres(_) => Self::postgres().await,
        }
    }

    /// What the engine is called.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
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

    /// Opens it with few connections, for worlds of which there are many.
    pub async fn open_small(&self) -> Result<Db> {
        let options = Options { readers: 1, connections: 4, ..Options::default() };
        Db::open(&self.location(), options, NOW).await
    }

    /// Brings everything into the one file that can be copied, or ends whoever is still connected.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(_) => self.run("PRAGMA wal_checkpoint(TRUNCATE)").await,
            Self::Postgres(database) => database.close().await,
        }
    }

    /// Another place with all that is in this one, which is closed.
    pub async fn copy(&self) -> Self {
        match self {
            Self::Sqlite(folder) => {
                let copy = Folder::new();
                fs::copy(folder.0.join("causeway.db"), copy.0.join("causeway.db")).unwrap();
                Self::Sqlite(copy)
            }
            Self::Postgres(database) => Self::Postgres(database.copy().await),
        }
    }

    /// Lets a newer program have been here.
    pub async fn age(&self) {
        self.run("INSERT INTO schema_migrations VALUES (9999, 'from_the_future', 'x', 0)").await;
    }

    /// Leaves contacts as a program left them that knew no words.
    pub async fn forget_words(&self) {
        self.run("DELETE FROM contact_word; UPDATE contact SET words_version = 0").await;
    }

    /// Cuts the connections on which nodes listen to each other, as a network does.
    pub async fn cut_listeners(&self) {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        self.run(cut).await;
    }

    /// Puts that text in the place of an integration's settings, as another version of the program would.
    pub async fn put_settings(&self, integration_id: i64, text: &str) {
        let text = text.replace('\'', "''");
        self.run(&format!("UPDATE integration SET settings = '{text}' WHERE id = {integration_id}")).await;
    }

    /// Lets nothing be written into the audit log any more, but that somebody signs in.
    pub async fn close_audit_log(&self) {
        let sql = match self {
            Self::Sqlite(_) => {
                "CREATE TRIGGER closed BEFORE INSERT ON audit WHEN NEW.action <> 'sign_in' \
                 BEGIN SELECT RAISE(ABORT, 'closed'); END"
            }
            Self::Postgres(_) => {
                "ALTER TABLE audit ADD CONSTRAINT closed CHECK (action = 'sign_in') NOT VALID"
            }
        };
        self.run(sql).await;
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

/// Runs one test in a transaction, and undoes what it did. `Err` says what failed.
pub async fn undone<F>(db: &Db, test: F) -> std::result::Result<(), String>
where
    F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, ()> + Send + 'static,
{
    let undo = Error::unreadable("test", &"its transaction is undone on purpose");
    let end = undo.clone();
    let result: Result<()> = db
        .write_once(move |tx| {
            Box::pin(async move {
                test(tx).await?;
                Err(end)
            })
        })
        .await;
    match result {
        Err(error) if error == undo => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

macro_rules! in_a_transaction {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                let place = $crate::store::engine::Place::sqlite();
                let db = place.open().await.unwrap();
                let end = $crate::store::engine::undone(&db, |tx| Box::pin(super::$test(tx)));
                end.await.unwrap();
            })*
        }
        mod postgres {
            /// One after the other in one database: to make one takes longer than all that is done in it.
            #[tokio::test]
            async fn every_claim_holds() {
                let place = $crate::store::engine::Place::postgres().await;
                let db = place.open().await.unwrap();
                let mut failed = Vec::new();
                $(
                    let end = $crate::store::engine::undone(&db, |tx| Box::pin(super::$test(tx)));
                    failed.extend(end.await.err().map(|what| format!("{}: {what}", stringify!($test))));
                )*
                assert!(failed.is_empty(), "{}", failed.join("\n"));
            }
        }
    };
}
pub(crate) use in_a_transaction;
