//! What PostgreSQL's error codes mean for the caller.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::error::DbError;

use crate::store::{Error, Rule};

/// No connection was to be had.
pub(super) fn from_pool(error: PoolError) -> Error {
    let doing = "connecting to the database";
    match error {
        PoolError::Backend(error) => match from_postgres(doing.to_owned(), &error) {
            Error::Sql { doing, what } => Error::Unavailable { doing, what },
            other => other,
        },
        other => Error::unavailable(doing, other.to_string()),
    }
}

/// Sorts an error of PostgreSQL. Of its texts only the message is kept: the details quote values.
pub(super) fn from_postgres(doing: String, error: &tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(refusal) => from_server(doing, refusal),
        None if error.is_closed() || caused_by_io(error) => Error::Unavailable { doing, what: chain(error) },
        None => Error::Sql { doing, what: chain(error) },
    }
}

fn from_server(doing: String, refusal: &DbError) -> Error {
    let code = refusal.code().code();
    let what = format!("{} ({code})", refusal.message());
    match code {
        // A plan that a migration made stale (0A000), serialization, deadlock.
        "0A000" | "40001" | "40P01" => Error::Conflict { doing, what },
        // Starting or stopping, out of time, connections or memory, a standby that was a primary.
        "57014" | "57P01" | "57P02" | "57P03" | "57P05" | "53200" | "53300" | "55P03" | "25006" => {
            Error::Unavailable { doing, what }
        }
        "53100" => Error::DiskFull { doing, what },
        "XX001" | "XX002" => Error::Corrupt { doing, what },
        _ if code.starts_with("08") => Error::Unavailable { doing, what },
        _ if code.starts_with("58") => Error::Disk { doing, what },
        _ if code.starts_with("23") => {
            let name = refusal.constraint().or(refusal.column()).unwrap_or("unnamed").to_owned();
            Error::Constraint { doing, rule: rule(code), name }
        }
        _ => Error::Sql { doing, what },
    }
}

fn rule(code: &str) -> Rule {
    match code {
        "23505" => Rule::Unique,
        "23503" => Rule::ForeignKey,
        "23502" => Rule::NotNull,
        "23514" => Rule::Check,
        _ => Rule::Other,
    }
}

fn caused_by_io(error: &tokio_postgres::Error) -> bool {
    error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
