//! What SQLite's error codes mean for the caller.

use rusqlite::ffi::{self, ErrorCode};

use crate::store::{Error, Rule};

/// Sorts an error of SQLite. Its messages name tables and columns, never values.
pub(super) fn from_sqlite(doing: String, error: &rusqlite::Error) -> Error {
    let (code, what) = match error {
        rusqlite::Error::SqliteFailure(code, what) => {
            (code, what.clone().unwrap_or_else(|| ffi::code_to_str(code.extended_code).to_owned()))
        }
        rusqlite::Error::SqlInputError { msg, .. } => return Error::Sql { doing, what: msg.clone() },
        other => return Error::Sql { doing, what: other.to_string() },
    };
    match code.code {
        ErrorCode::ConstraintViolation => {
            let rule = rule(code.extended_code);
            let name = what.split_once("failed: ").map_or("unnamed", |(_, name)| name).to_owned();
            Error::Constraint { doing, rule, name }
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OutOfMemory => {
            Error::Unavailable { doing, what }
        }
        ErrorCode::DiskFull => Error::DiskFull { doing, what },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::Corrupt { doing, what },
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            Error::Disk { doing, what }
        }
        _ => Error::Sql { doing, what },
    }
}

fn rule(extended_code: i32) -> Rule {
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Rule::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Rule::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Rule::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => Rule::Check,
        _ => Rule::Other,
    }
}
