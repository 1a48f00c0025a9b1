//! Natural batching: while one batch of small writes commits, the next one gathers.
//!
//! A batch is first run straight through. Only if one of its jobs fails, it is undone and run again with a savepoint
//! for each job, so that the failing one harms nobody; savepoints for all would cost a round trip each, and more
//! than 64 in one transaction slow down every other reader of the server.

use std::sync::Arc;

use deadpool_postgres::{Client, Pool};
use tokio::sync::Mutex;
use tokio::sync::mpsc::Receiver;

use super::{ATTEMPTS, begin, commit, roll_back, script};
use crate::store::job::Job;
use crate::store::load::Committed;
use crate::store::tx::{Access, On};
use crate::store::{Error, Result, Tx};

/// Jobs that may wait before callers have to wait with them.
pub(super) const QUEUE: usize = 1024;
/// Writes that may share one commit.
const BATCH: usize = 512;
/// Batches that may be on their way at once, each on a connection of its own.
const TASKS: usize = 2;

/// Starts the gathering tasks; they end when the last sender is dropped.
pub(super) fn start(pool: &Pool, queue: Receiver<Box<dyn Job>>, committed: &Arc<Committed>) {
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..TASKS {
        tokio::spawn(gather(pool.clone(), Arc::clone(&queue), Arc::clone(committed)));
    }
}

async fn gather(pool: Pool, queue: Arc<Mutex<Receiver<Box<dyn Job>>>>, committed: Arc<Committed>) {
    loop {
        let mut jobs = Vec::new();
        if queue.lock().await.recv_many(&mut jobs, BATCH).await == 0 {
            return;
        }
        jobs.retain(|job| !job.is_abandoned());
        write(&pool, jobs, &committed).await;
    }
}

/// Runs all jobs. Those that were in the way of another batch get their turn after it.
async fn write(pool: &Pool, mut jobs: Vec<Box<dyn Job>>, committed: &Committed) {
    for attempt in 1..=ATTEMPTS {
        if jobs.is_empty() {
            return;
        }
        match straight(pool, &mut jobs).await {
            Ok(()) => {
                committed.note(jobs.len());
                return answer(jobs, &Ok(()));
            }
            Err(error @ (Error::Unavailable { .. } | Error::Uncertain { .. })) => {
                return answer(jobs, &Err(error));
            }
            Err(error) if jobs.len() == 1 && (attempt == ATTEMPTS || !is_conflict(&error)) => {
                return answer(jobs, &Err(error));
            }
            Err(_) => jobs = apart(pool, jobs, attempt < ATTEMPTS, committed).await,
        }
    }
}

/// One transaction without savepoints: all or nothing.
async fn straight(pool: &Pool, jobs: &mut [Box<dyn Job>]) -> Result<()> {
    let client = begin(pool).await?;
    for job in jobs {
        if let Err(error) = job.run(&mut Tx::new(On::Pg(&client), Access::Write)).await {
            roll_back(client, &error).await;
            return Err(error);
        }
    }
    commit(client).await
}

/// One transaction with a savepoint for each job. Hands back the jobs to run again.
async fn apart(
    pool: &Pool,
    jobs: Vec<Box<dyn Job>>,
    again: bool,
    committed: &Committed,
) -> Vec<Box<dyn Job>> {
    let client = match begin(pool).await {
        Ok(client) => client,
        Err(error) => {
            answer(jobs, &Err(error));
            return Vec::new();
        }
    };
    let (mut done, mut later) = (Vec::new(), Vec::new());
    let mut fate = Ok(());
    for mut job in jobs {
        if fate.is_err() {
            done.push(job);
            continue;
        }
        match in_savepoint(&client, job.as_mut()).await {
            Ok(Err(error)) if again && is_conflict(&error) => {
                client.statement_cache.clear();
                later.push(job);
            }
            Ok(_) => done.push(job),
            Err(error) => {
                fate = Err(error);
                done.push(job);
            }
        }
    }
    let fate = match fate {
        Ok(()) => commit(client).await,
        Err(error) => {
            roll_back(client, &error).await;
            Err(error)
        }
    };
    if fate.is_ok() {
        committed.note(done.len());
    }
    answer(done, &fate);
    later
}

/// The inner result is the job's, the outer one the transaction's.
async fn in_savepoint(client: &Client, job: &mut dyn Job) -> Result<Result<()>> {
    script(client, "SAVEPOINT job").await?;
    let end = job.run(&mut Tx::new(On::Pg(client), Access::Write)).await;
    let close = if end.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    script(client, close).await?;
    Ok(end)
}

fn answer(jobs: Vec<Box<dyn Job>>, fate: &Result<()>) {
    for job in jobs {
        job.answer(fate.clone());
    }
}

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Conflict { .. })
}
