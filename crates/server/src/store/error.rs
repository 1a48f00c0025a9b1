//! What can go wrong in the store, sorted by what the caller should do next.
//!
//! Every error says what was being done, never with which values: those may be a customer's. All of it is text, so
//! that one failed commit can be told to every caller that shared it.

use std::fmt;

/// A fault of the store. [`Error::is_retryable`] says whether trying again may help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database could not be reached or went away before anything was stored. Try again later.
    #[error("{doing}: the database is unavailable: {what}")]
    Unavailable { doing: String, what: String },

    /// The connection broke during COMMIT: the work may or may not be stored. Look before doing it again.
    #[error("{doing}: the connection was lost during the commit, so the outcome is unknown: {what}")]
    Uncertain { doing: String, what: String },

    /// Two transactions were in each other's way (deadlock, serialization). Run the whole transaction again.
    #[error("{doing}: another transaction was in the way: {what}")]
    Conflict { doing: String, what: String },

    /// Settings that this program cannot read: a newer one, or a repair, does. What needs them waits, and nothing else.
    #[error("{doing}: {what}")]
    NotYetReadable { doing: String, what: String },

    /// A rule of the schema was broken. `name` is the constraint's name, or on SQLite, where unique and not-null
    /// constraints have none, its columns (`messages.channel_id, messages.external_id`). It may be `unnamed`.
    #[error("{doing}: {rule} violated: {name}")]
    Constraint { doing: String, rule: Rule, name: String },

    /// The database was written by a newer Causeway. Nothing was changed.
    #[error(
        "the database has schema {found}, but this program knows only up to {known}: use a newer Causeway"
    )]
    NewerSchema { found: i64, known: i64 },

    /// A migration that was applied once reads differently now. Nothing was changed.
    #[error(
        "migration {number:04}_{name} was changed after it was applied: restore its text, add a new migration"
    )]
    ChangedMigration { number: i64, name: String },

    /// The database file cannot be created or written.
    #[error("cannot write the database file {path}: {what}")]
    Unwritable { path: String, what: String },

    /// The settings of the database connection make no sense.
    #[error("the database address cannot be used: {what}")]
    Address { what: String },

    /// No space is left. Nothing of this transaction was stored; free some and go on.
    #[error("{doing}: the disk of the database is full: {what}")]
    DiskFull { doing: String, what: String },

    /// The disk failed to read, write or sync.
    #[error("{doing}: the disk of the database failed: {what}")]
    Disk { doing: String, what: String },

    /// The database file is damaged or is not a database.
    #[error("{doing}: the database is damaged: {what}")]
    Corrupt { doing: String, what: String },

    /// A store function panicked. Its transaction was undone.
    #[error("a store function panicked: {what}")]
    Panicked { what: String },

    /// The statement or its arguments are wrong: a bug of ours.
    #[error("{doing}: {what}")]
    Sql { doing: String, what: String },
}

/// The kind of rule that [`Error::Constraint`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Unique,
    ForeignKey,
    NotNull,
    Check,
    Other,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unique => "unique constraint",
            Self::ForeignKey => "foreign key",
            Self::NotNull => "not-null constraint",
            Self::Check => "check constraint",
            Self::Other => "constraint",
        })
    }
}

impl Error {
    /// A stored text that this program cannot read: it was written by another version, or damaged.
    pub fn unreadable(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self::Sql { doing: format!("reading a stored {what}"), what: error.to_string() }
    }

    /// Settings that this program cannot read.
    pub(super) fn not_yet_readable(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self::NotYetReadable { doing: format!("reading stored {what}"), what: error.to_string() }
    }

    /// Nothing was stored, and the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. }
                | Self::Conflict { .. }
                | Self::DiskFull { .. }
                | Self::NotYetReadable { .. }
        )
    }

    /// What was to be stored is at fault, or the program is: it fails alone as well, and nothing else does.
    pub fn is_of_the_work(&self) -> bool {
        matches!(self, Self::Constraint { .. } | Self::Panicked { .. } | Self::Sql { .. })
    }

    /// Whether this breaks the given rule, as `is_constraint(Rule::Unique)`.
    pub fn is_constraint(&self, wanted: Rule) -> bool {
        matches!(self, Self::Constraint { rule, .. } if *rule == wanted)
    }

    pub(super) fn sql(doing: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Sql { doing: doing.into(), what: what.into() }
    }

    pub(super) fn unavailable(doing: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Unavailable { doing: doing.into(), what: what.into() }
    }

    /// The store's own tasks are gone: the program is ending.
    pub(super) fn closed() -> Self {
        Self::unavailable("handing over a transaction", "the store is closed")
    }
}

/// `running INSERT INTO messages (..`: the statement on one line, cut where it no longer helps.
pub(super) fn running(sql: &str) -> String {
    const LONGEST: usize = 100;
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = line.char_indices().nth(LONGEST).map_or(line.len(), |(at, _)| at);
    let dots = if cut < line.len() { ".." } else { "" };
    format!("running {}{dots}", &line[..cut])
}
