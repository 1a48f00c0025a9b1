//! The database as the rest of the program sees it: open it, write, read.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::job::Work;
use super::lite::Lite;
use super::pg::Pg;
use super::{Dialect, Error, Fut, Load, Location, Result, Tx, migrate};

/// The database. Clones share its threads and connections.
#[derive(Clone)]
pub struct Db(Engine);

#[derive(Clone)]
enum Engine {
    Lite(Lite),
    Pg(Pg),
}

/// How many connections to keep, and how long to wait for others.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// SQLite: threads that read, beside the one that writes.
    pub readers: usize,
    /// SQLite: how long a write waits while another process writes.
    pub patience: Duration,
    /// PostgreSQL: connections of this node.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, patience: Duration::from_secs(10), connections: 16 }
    }
}

impl Db {
    /// Opens the database and brings its schema up to date; `now_micros` is noted beside each migration.
    ///
    /// A database of a newer program is left alone ([`Error::NewerSchema`]).
    pub async fn open(location: &Location, options: Options, now_micros: i64) -> Result<Self> {
        let db = Self(match location {
            Location::Sqlite(path) => Engine::Lite(Lite::open(path, options.readers, options.patience)?),
            Location::Postgres(url) => Engine::Pg(Pg::open(url, options.connections).await?),
        });
        migrate::run(&db, now_micros).await?;
        Ok(db)
    }

    /// Runs one transaction and returns when it is durable. Once begun it comes to its end, even if the
    /// caller goes away.
    ///
    /// The function may run several times, if transactions get in each other's way, which is why it can be cloned
    /// and must not touch anything but its `Tx`. On SQLite, writes that wait share one commit, a savepoint each.
    pub async fn write<F, T>(&self, function: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Clone + Send + 'static,
        T: Send + 'static,
    {
        match &self.0 {
            Engine::Lite(lite) => {
                let (job, answer) = Work::once(function);
                lite.write(job).await?;
                received(answer).await
            }
            Engine::Pg(pg) => {
                let (job, answer) = Work::repeatable(function);
                pg.write(job);
                received(answer).await
            }
        }
    }

    /// Like [`Db::write`] for a function that cannot be cloned: [`Error::Conflict`] is left to the caller.
    pub async fn write_once<F, T>(&self, function: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = Work::once(function);
        match &self.0 {
            Engine::Lite(lite) => lite.write(job).await?,
            Engine::Pg(pg) => pg.write(job),
        }
        received(answer).await
    }

    /// Like [`Db::write`], but on PostgreSQL too many small writes share one commit, and on SQLite one savepoint. For a
    /// stream of many short functions, the raw intake above all; a long one would hold up its neighbours.
    pub async fn write_batched<F, T>(&self, function: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = Work::repeatable(function);
        match &self.0 {
            Engine::Lite(lite) => lite.write(job).await?,
            Engine::Pg(pg) => pg.write_batched(job).await?,
        }
        received(answer).await
    }

    /// Runs queries. On SQLite they see one state of the database; on PostgreSQL each sees the latest.
    pub async fn read<F, T>(&self, function: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T> + Send + 'static,
        T: Send + 'static,
    {
        match &self.0 {
            Engine::Lite(lite) => {
                let (job, answer) = Work::once(function);
                lite.read(job).await?;
                received(answer).await
            }
            Engine::Pg(pg) => pg.read(function).await,
        }
    }

    /// Whether other nodes may work on the same database.
    pub fn has_nodes(&self) -> bool {
        self.dialect() == Dialect::Postgres
    }

    /// Says something to every node that listens, this one too: fewer than 8000 bytes. The embedded database has one
    /// node, which needs no telling.
    pub async fn announce(&self, text: String) -> Result<()> {
        match &self.0 {
            Engine::Lite(_) => Ok(()),
            Engine::Pg(pg) => pg.announce(text).await,
        }
    }

    /// What nodes say from now on, over a connection of its own; it ends when that is lost. `None`: there is one node.
    pub async fn hear(&self) -> Result<Option<mpsc::Receiver<String>>> {
        match &self.0 {
            Engine::Lite(_) => Ok(None),
            Engine::Pg(pg) => pg.hear().await.map(Some),
        }
    }

    /// How busy it is.
    pub fn load(&self) -> Load {
        match &self.0 {
            Engine::Lite(lite) => lite.load(),
            Engine::Pg(pg) => pg.load(),
        }
    }

    /// Whether the schema is the one that this program knows: nothing is missing, nothing is newer.
    pub async fn is_current(&self) -> Result<bool> {
        migrate::is_current(self).await
    }

    /// Which engine this is.
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Engine::Lite(_) => Dialect::Sqlite,
            Engine::Pg(_) => Dialect::Postgres,
        }
    }
}

async fn received<T>(answer: oneshot::Receiver<Result<T>>) -> Result<T> {
    answer.await.unwrap_or_else(|_| Err(Error::closed()))
}
