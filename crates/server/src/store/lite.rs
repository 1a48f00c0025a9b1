//! SQLite: one writer thread with group commit, a few reader threads, a connection for each.
//!
//! Many waiting writes share one `BEGIN IMMEDIATE .. COMMIT`, each in its own savepoint (small ones that follow each other
//! share that too, until one of them fails), and are told only after the commit, which with `synchronous=FULL` has been synced to disk. A write that waits while another batch commits is
//! in the next one: an idle store answers at once, a busy one in large batches.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use futures_util::FutureExt;
use rusqlite::Connection;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::job::Job;
use super::load::{Committed, Load};
use super::tx::{Access, On};
use super::{Error, Result, Tx};

mod fault;
mod open;
mod statement;

pub(super) use statement::{execute, query, script};

/// Writes that may share one commit.
const BATCH: usize = 512;
/// Jobs that may wait before callers have to wait with them.
const QUEUE: usize = 1024;

/// The way to the threads. They end when the last clone is dropped.
#[derive(Clone)]
pub(super) struct Lite {
    writer: Sender<Box<dyn Job>>,
    readers: Sender<Box<dyn Job>>,
    committed: Arc<Committed>,
}

impl Lite {
    /// Opens (or creates) the file and starts the threads.
    pub(super) fn open(path: &Path, readers: usize, patience: Duration) -> Result<Self> {
        let connection = open::writer(path, patience)?;
        let (writer, queue) = mpsc::channel(QUEUE);
        let file = path.to_owned();
        let committed: Arc<Committed> = Arc::default();
        let count = Arc::clone(&committed);
        start("store-writer", move || {
            write_all(connection, || open::writer(&file, patience), queue, &count);
        })?;

        let (readers_door, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..readers.max(1) {
            let connection = open::reader(path, patience)?;
            let queue = Arc::clone(&queue);
            start("store-reader", move || read_all(connection, &queue))?;
        }
        Ok(Self { writer, readers: readers_door, committed })
    }

    pub(super) async fn write(&self, job: Box<dyn Job>) -> Result<()> {
        self.writer.send(job).await.map_err(|_| Error::closed())
    }

    pub(super) async fn read(&self, job: Box<dyn Job>) -> Result<()> {
        self.readers.send(job).await.map_err(|_| Error::closed())
    }
}

impl Lite {
    pub(super) fn load(&self) -> Load {
        let waiting = |queue: &Sender<_>| queue.max_capacity() - queue.capacity();
        self.committed.with(waiting(&self.writer), waiting(&self.readers))
    }
}

fn start(name: &str, run: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map(drop).map_err(|error| Error::unavailable("starting a store thread", error.to_string()))
}

fn write_all(
    mut connection: Connection,
    reopen: impl Fn() -> Result<Connection>,
    mut queue: Receiver<Box<dyn Job>>,
    committed: &Committed,
) {
    while let Some(first) = queue.blocking_recv() {
        let fate = write_batch(&mut connection, first, &mut queue, committed);
        // After a failed disk access nothing that the connection remembers can be trusted.
        if let Err(Error::Disk { .. } | Error::Corrupt { .. }) = fate
            && let Ok(fresh) = reopen()
        {
            connection = fresh;
        }
    }
}

/// One transaction: the first job and whatever waits behind it.
fn write_batch(
    connection: &mut Connection,
    first: Box<dyn Job>,
    queue: &mut Receiver<Box<dyn Job>>,
    committed: &Committed,
) -> Result<()> {
    let mut jobs = Vec::new();
    let mut fate = control(connection, "BEGIN IMMEDIATE");
    let mut next = Some(first);
    while let Some(job) = next.take() {
        // Small ones that stand together run together; any other by itself.
        let from = jobs.len();
        jobs.push(job);
        let is_small = |job: &dyn Job| job.is_repeatable();
        while is_small(jobs[from].as_ref()) && jobs.len() < BATCH {
            next = queue.try_recv().ok();
            match next.take_if(|job| is_small(job.as_ref())) {
                Some(job) => jobs.push(job),
                None => break,
            }
        }
        if fate.is_ok() {
            fate = run_together(connection, &mut jobs[from..]);
        }
        if fate.is_ok() && next.is_none() && jobs.len() < BATCH {
            next = queue.try_recv().ok();
        }
    }
    if fate.is_ok() {
        fate = control(connection, "COMMIT");
    }
    if fate.is_ok() {
        committed.note(jobs.len());
    }
    if fate.is_err() && !connection.is_autocommit() {
        drop(control(connection, "ROLLBACK"));
    }
    for job in jobs {
        job.answer(fate.clone());
    }
    fate
}

/// Several jobs in one savepoint. Only if one of them fails, all are undone and run again in one each, so that the failing
/// one harms nobody: a savepoint costs as much as a small write. An error of this function means that the whole batch is
/// lost.
fn run_together(connection: &mut Connection, jobs: &mut [Box<dyn Job>]) -> Result<()> {
    let mut wanted: Vec<_> = jobs.iter_mut().filter(|job| !job.is_abandoned()).collect();
    if wanted.len() > 1 {
        control(connection, "SAVEPOINT job")?;
        let end = wanted.iter_mut().try_for_each(|job| run(connection, job.as_mut(), Access::Write));
        let end = still_open(connection, end)?;
        if end.is_err() {
            control(connection, "ROLLBACK TO job")?;
        }
        control(connection, "RELEASE job")?;
        if end.is_ok() {
            return Ok(());
        }
    }
    wanted.into_iter().try_for_each(|job| run_in_savepoint(connection, job.as_mut()))
}

/// An error of the job undoes the job; an error of this function means that the whole batch is lost.
fn run_in_savepoint(connection: &mut Connection, job: &mut dyn Job) -> Result<()> {
    control(connection, "SAVEPOINT job")?;
    let end = run(connection, job, Access::Write);
    if still_open(connection, end)?.is_err() {
        control(connection, "ROLLBACK TO job")?;
    }
    control(connection, "RELEASE job")
}

/// Out of disk or memory, SQLite may undo everything by itself, the siblings too.
fn still_open(connection: &Connection, end: Result<()>) -> Result<Result<()>> {
    if connection.is_autocommit() {
        return Err(end.err().unwrap_or_else(|| Error::sql("running a transaction", "it ended by itself")));
    }
    Ok(end)
}

fn read_all(mut connection: Connection, queue: &Mutex<Receiver<Box<dyn Job>>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(mut job) = job else { return };
        if job.is_abandoned() {
            continue;
        }
        let fate = control(&connection, "BEGIN");
        if fate.is_ok() {
            drop(run(&mut connection, job.as_mut(), Access::Read));
        }
        if !connection.is_autocommit() {
            drop(control(&connection, "ROLLBACK"));
        }
        job.answer(fate);
    }
}

fn run(connection: &mut Connection, job: &mut dyn Job, access: Access) -> Result<()> {
    let mut tx = Tx::new(On::Lite(connection), access);
    let end = job.run(&mut tx).now_or_never();
    end.unwrap_or_else(|| Err(Error::sql("running a transaction", "it was not done at once")))
}

fn control(connection: &Connection, sql: &str) -> Result<()> {
    let done = connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    done.map(drop).map_err(|error| fault::from_sqlite(format!("running {sql}"), &error))
}
