//! How busy the database is, for whoever runs the server: what was committed, and what waits.

use std::sync::atomic::{AtomicU64, Ordering};

/// How busy the database of this node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Writes that were committed since the start.
    pub writes: u64,
    /// Commits since the start.
    pub commits: u64,
    /// Writes that wait for their turn.
    pub writes_waiting: usize,
    /// Reads that wait for theirs.
    pub reads_waiting: usize,
}

/// What an engine counts.
#[derive(Default)]
pub(super) struct Committed {
    writes: AtomicU64,
    commits: AtomicU64,
}

impl Committed {
    /// One commit of so many writes.
    pub(super) fn note(&self, writes: usize) {
        self.writes.fetch_add(u64::try_from(writes).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// With what waits.
    pub(super) fn with(&self, writes_waiting: usize, reads_waiting: usize) -> Load {
        let (writes, commits) = (self.writes.load(Ordering::Relaxed), self.commits.load(Ordering::Relaxed));
        Load { writes, commits, writes_waiting, reads_waiting }
    }
}
