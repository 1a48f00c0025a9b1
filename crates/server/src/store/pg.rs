//! PostgreSQL: a pool of connections, statements prepared once per connection.
//!
//! A write runs as a task of its own, so that it comes to its end even if its caller goes away, as on SQLite.

use std::sync::Arc;

use deadpool_postgres::{Client, Object, Pool};
use futures_util::future::join_all;
use futures_util::{TryStreamExt, pin_mut};
use tokio::sync::mpsc::{self, Sender};
use tokio_postgres::Statement;

use super::job::{Job, guarded};
use super::load::{Committed, Load};
use super::tx::{Access, On};
use super::{Error, Fut, Result, Row, Tx, Value, error};

mod batch;
mod connect;
mod fault;
mod notify;
mod value;

/// How often a transaction is run when others get in its way.
const ATTEMPTS: usize = 5;
/// Statements that are sent ahead of their answers.
const AHEAD: usize = 256;

/// The pool, and the way to the tasks that gather small writes.
#[derive(Clone)]
pub(super) struct Pg {
    pool: Pool,
    way: Arc<connect::Way>,
    batches: Sender<Box<dyn Job>>,
    committed: Arc<Committed>,
}

impl Pg {
    /// Connects once, to say at once what is wrong, and starts the gathering tasks.
    pub(super) async fn open(url: &str, connections: usize) -> Result<Self> {
        let way = Arc::new(connect::Way::to(url)?);
        let pool = connect::pool(&way, connections)?;
        drop(connection(&pool).await?);
        let (batches, queue) = mpsc::channel(batch::QUEUE);
        let committed: Arc<Committed> = Arc::default();
        batch::start(&pool, queue, &committed);
        Ok(Self { pool, way, batches, committed })
    }

    /// Runs a job in a transaction of its own.
    pub(super) fn write(&self, mut job: Box<dyn Job>) {
        let (pool, committed) = (self.pool.clone(), Arc::clone(&self.committed));
        tokio::spawn(async move {
            let fate = write(&pool, job.as_mut()).await;
            if fate.is_ok() {
                committed.note(1);
            }
            job.answer(fate);
        });
    }

    /// Runs a job in a transaction that it shares with others.
    pub(super) async fn write_batched(&self, job: Box<dyn Job>) -> Result<()> {
        self.batches.send(job).await.map_err(|_| Error::closed())
    }

    /// Writes wait for one another in their queue, and for a connection with whoever reads.
    pub(super) fn load(&self) -> Load {
        let gathering = self.batches.max_capacity() - self.batches.capacity();
        self.committed.with(gathering, self.pool.status().waiting)
    }

    /// Runs a read, without a transaction: one round trip per query.
    pub(super) async fn read<F, T>(&self, function: F) -> Result<T>
    where
        F: for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, T>,
    {
        let client = connection(&self.pool).await?;
        guarded(function, &mut Tx::new(On::Pg(&client), Access::Read)).await
    }
}

async fn connection(pool: &Pool) -> Result<Client> {
    pool.get().await.map_err(fault::from_pool)
}

async fn write(pool: &Pool, job: &mut dyn Job) -> Result<()> {
    let mut attempt = 1;
    loop {
        let fate = transaction(pool, job).await;
        let again = matches!(fate, Err(Error::Conflict { .. })) && job.can_run() && attempt < ATTEMPTS;
        if !again {
            return fate;
        }
        attempt += 1;
    }
}

async fn transaction(pool: &Pool, job: &mut dyn Job) -> Result<()> {
    let client = begin(pool).await?;
    match job.run(&mut Tx::new(On::Pg(&client), Access::Write)).await {
        Ok(()) => commit(client).await,
        Err(error) => {
            roll_back(client, &error).await;
            Err(error)
        }
    }
}

/// A connection that died while it was idle shows only here. It is thrown away, and so may be those behind it.
async fn begin(pool: &Pool) -> Result<Client> {
    let mut spare = pool.status().max_size;
    loop {
        let client = connection(pool).await?;
        match script(&client, "BEGIN").await {
            Ok(()) => return Ok(client),
            Err(error) => {
                drop(Object::take(client));
                if spare == 0 || !matches!(error, Error::Unavailable { .. }) {
                    return Err(error);
                }
                spare -= 1;
            }
        }
    }
}

/// A connection lost now leaves open what became of the transaction.
async fn commit(client: Client) -> Result<()> {
    let fate = script(&client, "COMMIT").await;
    fate.map_err(|error| match error {
        Error::Unavailable { doing, what } => Error::Uncertain { doing, what },
        other => other,
    })
}

/// Undoes what is open. A connection that cannot even do that is not used again.
async fn roll_back(client: Client, error: &Error) {
    if matches!(error, Error::Conflict { .. }) {
        // Among the conflicts is a plan that a migration has made stale.
        client.statement_cache.clear();
    }
    if script(&client, "ROLLBACK").await.is_err() {
        drop(Object::take(client));
    }
}

/// Runs one statement for each set of arguments, many on their way at once.
pub(super) async fn execute<A: AsRef<[Value]>>(client: &Client, sql: &str, sets: &[A]) -> Result<u64> {
    let mut changed = 0;
    for some in sets.chunks(AHEAD) {
        let Some(first) = some.first() else { continue };
        let statement = prepare(client, sql, first.as_ref()).await?;
        let running = some.iter().map(|args| client.execute_raw(&statement, args.as_ref()));
        // All are awaited: the first error in order is the cause, those behind it only follow from it.
        for answer in join_all(running).await {
            changed += answer.map_err(|error| fault::from_postgres(error::running(sql), &error))?;
        }
    }
    Ok(changed)
}

/// The first `limit` rows. Outside a transaction, a plan that a migration has made stale is made anew.
pub(super) async fn query(
    client: &Client,
    sql: &str,
    args: &[Value],
    limit: usize,
    access: Access,
) -> Result<Vec<Row>> {
    match query_once(client, sql, args, limit).await {
        Err(Error::Conflict { .. }) if access == Access::Read => {
            client.statement_cache.clear();
            query_once(client, sql, args, limit).await
        }
        other => other,
    }
}

async fn query_once(client: &Client, sql: &str, args: &[Value], limit: usize) -> Result<Vec<Row>> {
    let fault = |error| fault::from_postgres(error::running(sql), &error);
    let statement = prepare(client, sql, args).await?;
    let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let rows = client.query_raw(&statement, args).await.map_err(fault)?;
    pin_mut!(rows);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        if found.len() < limit {
            let values = (0..columns.len()).map(|at| row.try_get::<_, Value>(at).map_err(fault));
            found.push(Row::new(&columns, values.collect::<Result<_>>()?));
        }
    }
    Ok(found)
}

async fn prepare(client: &Client, sql: &str, args: &[Value]) -> Result<Statement> {
    let prepared = client.prepare_cached(sql).await;
    let statement = prepared.map_err(|error| fault::from_postgres(error::running(sql), &error))?;
    let count = statement.params().len();
    if count == args.len() {
        Ok(statement)
    } else {
        let what = format!("expected {count} arguments but got {}", args.len());
        Err(Error::sql(error::running(sql), what))
    }
}

/// Runs several statements without arguments.
pub(super) async fn script(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(|error| fault::from_postgres(error::running(sql), &error))
}
