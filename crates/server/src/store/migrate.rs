//! The schema, step by step. Each step is a pair of files with the same number and name, one per engine, and is
//! never edited once it is released: what it was is remembered by its checksum.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Db, Dialect, Error, Result, Tx};
use crate::args;

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const ALL: &[Migration] = &[
    Migration {
        number: 1,
        name: "start",
        sqlite: include_str!("../../migrations/sqlite/0001_start.sql"),
        postgres: include_str!("../../migrations/postgres/0001_start.sql"),
    },
    Migration {
        number: 2,
        name: "chat_sync",
        sqlite: include_str!("../../migrations/sqlite/0002_chat_sync.sql"),
        postgres: include_str!("../../migrations/postgres/0002_chat_sync.sql"),
    },
    Migration {
        number: 3,
        name: "web",
        sqlite: include_str!("../../migrations/sqlite/0003_web.sql"),
        postgres: include_str!("../../migrations/postgres/0003_web.sql"),
    },
    Migration {
        number: 4,
        name: "deliveries",
        sqlite: include_str!("../../migrations/sqlite/0004_deliveries.sql"),
        postgres: include_str!("../../migrations/postgres/0004_deliveries.sql"),
    },
    Migration {
        number: 5,
        name: "by_hand",
        sqlite: include_str!("../../migrations/sqlite/0005_by_hand.sql"),
        postgres: include_str!("../../migrations/postgres/0005_by_hand.sql"),
    },
    Migration {
        number: 6,
        name: "calls",
        sqlite: include_str!("../../migrations/sqlite/0006_calls.sql"),
        postgres: include_str!("../../migrations/postgres/0006_calls.sql"),
    },
    Migration {
        number: 7,
        name: "due_in_order",
        sqlite: include_str!("../../migrations/sqlite/0007_due_in_order.sql"),
        postgres: include_str!("../../migrations/postgres/0007_due_in_order.sql"),
    },
    Migration {
        number: 8,
        name: "kinds",
        sqlite: include_str!("../../migrations/sqlite/0008_kinds.sql"),
        postgres: include_str!("../../migrations/postgres/0008_kinds.sql"),
    },
    Migration {
        number: 9,
        name: "files",
        sqlite: include_str!("../../migrations/sqlite/0009_files.sql"),
        postgres: include_str!("../../migrations/postgres/0009_files.sql"),
    },
    Migration {
        number: 10,
        name: "attempted_on",
        sqlite: include_str!("../../migrations/sqlite/0010_attempted_on.sql"),
        postgres: include_str!("../../migrations/postgres/0010_attempted_on.sql"),
    },
];

impl Migration {
    fn text(&self, dialect: Dialect) -> &'static str {
        dialect.pick(self.sqlite, self.postgres)
    }

    fn checksum(&self, dialect: Dialect) -> String {
        let mut hex = String::new();
        for byte in Sha256::digest(self.text(dialect).as_bytes()) {
            write!(hex, "{byte:02x}").expect("a string takes everything");
        }
        hex
    }
}

/// Applies what is missing, all of it in one transaction. Looks first, so that an up-to-date database is not locked.
pub(super) async fn run(db: &Db, now_micros: i64) -> Result<()> {
    let missing = db.read(|tx| Box::pin(missing(tx))).await?;
    if missing.is_empty() {
        return Ok(());
    }
    db.write(move |tx| Box::pin(apply(tx, now_micros))).await
}

/// Whether nothing is to be applied.
pub(super) async fn is_current(db: &Db) -> Result<bool> {
    Ok(db.read(|tx| Box::pin(missing(tx))).await?.is_empty())
}

/// What is still to be applied, if the rest is as we know it.
async fn missing(tx: &mut Tx<'_>) -> Result<&'static [Migration]> {
    let dialect = tx.dialect();
    let exists = dialect.pick(
        "SELECT 1 AS one FROM sqlite_schema WHERE name = 'schema_migrations'",
        "SELECT 1 AS one WHERE to_regclass('schema_migrations') IS NOT NULL",
    );
    if tx.row(exists, args![]).await?.is_none() {
        return Ok(ALL);
    }
    let applied =
        tx.rows("SELECT number, name, checksum FROM schema_migrations ORDER BY number", args![]).await?;
    let known = ALL.last().map_or(0, |last| last.number);
    if let Some(last) = applied.last() {
        let found = last.int("number")?;
        if found > known {
            return Err(Error::NewerSchema { found, known });
        }
    }
    for (migration, row) in ALL.iter().zip(&applied) {
        if row.int("number")? != migration.number || row.text("checksum")? != migration.checksum(dialect) {
            return Err(Error::ChangedMigration { number: row.int("number")?, name: row.text("name")? });
        }
    }
    Ok(&ALL[applied.len()..])
}

async fn apply(tx: &mut Tx<'_>, now_micros: i64) -> Result<()> {
    let dialect = tx.dialect();
    // Nodes that start together take turns. On SQLite the write transaction itself is the lock.
    if dialect == Dialect::Postgres {
        tx.rows("SELECT pg_advisory_xact_lock($1)", args![LOCK]).await?;
    }
    tx.script(
        dialect.pick(
            "CREATE TABLE IF NOT EXISTS schema_migrations (
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
             ) STRICT",
            "CREATE TABLE IF NOT EXISTS schema_migrations (
                number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
             )",
        ),
    )
    .await?;
    for migration in missing(tx).await? {
        tx.script(migration.text(dialect)).await?;
        tx.execute(
            "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
            args![migration.number, migration.name, migration.checksum(dialect), now_micros],
        )
        .await?;
    }
    Ok(())
}

/// "causeway" in ASCII: an advisory lock is a number that all agree on.
const LOCK: i64 = 0x6361_7573_6577_6179;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let numbers: Vec<i64> = ALL.iter().map(|migration| migration.number).collect();
        let expected: Vec<i64> = (1..).take(ALL.len()).collect();
        assert_eq!(numbers, expected);
    }
}
