//! A transaction in progress, the same on both engines.
//!
//! On PostgreSQL each call really waits. On SQLite it runs on the thread that owns the connection and is complete
//! at its first poll, so a store function must await nothing but its `Tx`.

use rusqlite::Connection;

use super::{Error, Result, Row, Value, error, lite, pg};

/// The engine behind a transaction, for the few statements that must be written twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Chooses between the two texts of a statement that the engines cannot share.
    pub fn pick<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }

    /// The rows of a JSON array of integers that is bound to `parameter`, for `IN`.
    pub fn ids(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({parameter}))"),
            Self::Postgres => {
                format!("(SELECT value::bigint FROM jsonb_array_elements_text({parameter}::text::jsonb))")
            }
        }
    }
}

/// A transaction. A statement that fails dooms it, on both engines alike: what would be lost on PostgreSQL is not
/// kept on SQLite. Where a conflict is expected, say so in SQL (`ON CONFLICT`).
pub struct Tx<'c> {
    on: On<'c>,
    access: Access,
    failure: Option<Error>,
}

pub(super) enum On<'c> {
    Lite(&'c mut Connection),
    Pg(&'c deadpool_postgres::Client),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl<'c> Tx<'c> {
    pub(super) fn new(on: On<'c>, access: Access) -> Self {
        Self { on, access, failure: None }
    }
}

impl Tx<'_> {
    /// Which engine this is.
    pub fn dialect(&self) -> Dialect {
        match self.on {
            On::Lite(_) => Dialect::Sqlite,
            On::Pg(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement that returns no rows; answers how many it changed.
    pub async fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.execute_many(sql, &[args]).await
    }

    /// Runs one statement for each set of arguments; answers how many rows were changed in all.
    pub async fn execute_many<A>(&mut self, sql: &str, sets: &[A]) -> Result<u64>
    where
        A: AsRef<[Value]> + Sync,
    {
        self.ready(sql)?;
        if self.access == Access::Read {
            return self.settle(Err(Error::sql(error::running(sql), "a read must not change anything")));
        }
        for args in sets {
            self.check(sql, args.as_ref())?;
        }
        let result = match &mut self.on {
            On::Lite(connection) => lite::execute(connection, sql, sets),
            On::Pg(client) => pg::execute(client, sql, sets).await,
        };
        self.settle(result)
    }

    /// All rows of a query, or of a statement with RETURNING.
    pub async fn rows(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        self.query(sql, args, usize::MAX).await
    }

    /// The first row of a query, or of a statement with RETURNING.
    pub async fn row(&mut self, sql: &str, args: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, args, 1).await?.pop())
    }

    /// Runs a text of several statements without arguments: a migration.
    pub(super) async fn script(&mut self, sql: &str) -> Result<()> {
        let result = match &mut self.on {
            On::Lite(connection) => lite::script(connection, sql),
            On::Pg(client) => pg::script(client, sql).await,
        };
        self.settle(result)
    }

    /// What doomed this transaction, if anything did.
    pub(super) fn failure(&mut self) -> Option<Error> {
        self.failure.take()
    }

    async fn query(&mut self, sql: &str, args: &[Value], limit: usize) -> Result<Vec<Row>> {
        self.ready(sql)?;
        self.check(sql, args)?;
        let result = match &mut self.on {
            On::Lite(connection) => lite::query(connection, sql, args, limit),
            On::Pg(client) => pg::query(client, sql, args, limit, self.access).await,
        };
        self.settle(result)
    }

    fn ready(&self, sql: &str) -> Result<()> {
        match self.failure {
            Some(_) => {
                Err(Error::sql(error::running(sql), "an earlier statement of this transaction has failed"))
            }
            None => Ok(()),
        }
    }

    /// PostgreSQL cannot hold a NUL in a text and SQLite cuts the text there, so neither gets one.
    fn check(&mut self, sql: &str, args: &[Value]) -> Result<()> {
        let nul =
            args.iter().position(|arg| matches!(arg, Value::Text(text) if text.as_bytes().contains(&0)));
        match nul {
            Some(at) => {
                let what = format!("the text of ${} contains a NUL character", at + 1);
                self.settle(Err(Error::sql(error::running(sql), what)))
            }
            None => Ok(()),
        }
    }

    fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.failure.get_or_insert_with(|| error.clone());
        }
        result
    }
}
