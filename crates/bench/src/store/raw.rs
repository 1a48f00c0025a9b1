//! What the store could do if nothing else were done: rows of the size of a raw request in a table of their own.

use std::time::Instant;

use anyhow::Result;
use rusqlite::Connection;

use crate::provider;

/// So many rows, committed so many at a time, with nothing else going on: rows a second.
pub fn rate(all: usize, batch: usize) -> Result<f64> {
    let stage = std::env::temp_dir().join(format!("causeway-bench-raw-{}", std::process::id()));
    std::fs::create_dir_all(&stage)?;
    let mut db = Connection::open(stage.join("raw.db"))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE raw (id INTEGER PRIMARY KEY, source TEXT, at INTEGER, headers TEXT, body BLOB, state TEXT) STRICT; \
         CREATE INDEX raw_pending ON raw (id) WHERE state = 'pending'; CREATE INDEX raw_at ON raw (at)",
    )?;
    let sender = provider::sender();
    let body = provider::message(&sender, 1, "wamid.raw", 1_767_323_045);
    let headers = format!("[[\"x-hub-signature-256\",\"{}\"]]", sender.sign(&body));
    let begun = Instant::now();
    let mut rows = 0_i64;
    while rows < i64::try_from(all)? {
        let tx = db.transaction()?;
        for _ in 0..batch {
            rows += 1;
            let sql = "INSERT INTO raw VALUES (?1, 'bench', ?1, ?2, ?3, 'pending')";
            tx.prepare_cached(sql)?.execute((rows, &headers, &body))?;
        }
        tx.commit()?;
    }
    let rate = rows as f64 / begun.elapsed().as_secs_f64();
    drop(db);
    std::fs::remove_dir_all(&stage)?;
    Ok(rate)
}
