//! Fills a store with messages of before: copies of what became of one real message, so that every table holds what the
//! program itself puts there, however the schema grows.

use std::{path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;

use crate::provider;

/// Messages of one person.
const EACH: u64 = 100;

/// Messages in one transaction.
const AT_ONCE: u64 = 100_000;

/// Tables with a row (or some) for each person, and those for each message.
const OF_PEOPLE: [&str; 5] = ["contact", "address", "contact_word", "conversation", "person"];
const OF_MESSAGES: [&str; 5] = ["item", "entry", "entry_item", "entry_part", "attempt"];

/// Makes `count` messages of `count / 100` people out of the one that is there. `is_waiting`: as entries that were never
/// tried, else as written.
pub fn fill(file: &Path, count: u64, is_waiting: bool) -> Result<()> {
    let begun = Instant::now();
    let db = Connection::open(file)?;
    db.busy_timeout(std::time::Duration::from_mins(1))?;
    // What is filled in is thrown away. The cache stays small: this process's memory is measured.
    db.execute_batch("PRAGMA synchronous = OFF")?;
    let template = Template::read(&db)?;
    for table in OF_PEOPLE {
        template.copy(&db, table, (1, count.div_ceil(EACH)), count, false)?;
    }
    for first in (1..=count).step_by(usize::try_from(AT_ONCE)?) {
        let last = count.min(first + AT_ONCE - 1);
        db.execute_batch("BEGIN IMMEDIATE")?;
        for table in OF_MESSAGES {
            if !(is_waiting && matches!(table, "entry_part" | "attempt")) {
                template.copy(&db, table, (first, last), count, is_waiting)?;
            }
        }
        db.execute_batch("COMMIT")?;
    }
    eprintln!("  {count} messages stored in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// The one message that is there.
struct Template {
    contact: i64,
    conversation: i64,
    item: i64,
    entry: i64,
}

impl Template {
    fn read(db: &Connection) -> Result<Self> {
        let one = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
        ensure!(one("SELECT count(*) FROM entry WHERE state = 'written'")? == 1, "one message is written");
        Ok(Self {
            contact: one("SELECT id FROM contact")?,
            conversation: one("SELECT id FROM conversation")?,
            item: one("SELECT id FROM item")?,
            entry: one("SELECT id FROM entry")?,
        })
    }

    /// Copies the rows of a table for the numbers in that range: of people, or of messages.
    fn copy(
        &self,
        db: &Connection,
        table: &str,
        (first, last): (u64, u64),
        all: u64,
        is_waiting: bool,
    ) -> Result<()> {
        let is_of_people = OF_PEOPLE.contains(&table);
        let person = if is_of_people { "s.n".to_owned() } else { format!("(1 + (s.n - 1) / {EACH})") };
        let mut names = Vec::new();
        let mut values = Vec::new();
        let mut columns = db.prepare(&format!("PRAGMA table_info({table})"))?;
        let mut rows = columns.query([])?;
        while let Some(row) = rows.next()? {
            let (name, kind): (String, String) = (row.get("name")?, row.get("type")?);
            values.push(self.value((table, &name, &kind), &person, all, is_waiting));
            names.push(name);
        }
        let source = self.source(table);
        let sql = format!(
            "WITH RECURSIVE s(n) AS (VALUES({first}) UNION ALL SELECT n + 1 FROM s WHERE n < {last}), \
             t AS MATERIALIZED ({source}) INSERT INTO {table} ({}) SELECT {} FROM s, t",
            names.join(", "),
            values.join(", ")
        );
        db.execute(&sql, []).with_context(|| format!("copying {table}"))?;
        Ok(())
    }

    /// The rows of a table that are copied.
    fn source(&self, table: &str) -> String {
        let (column, id) = match table {
            "contact" => ("id", self.contact),
            "conversation" => ("id", self.conversation),
            "item" => ("id", self.item),
            "entry" => ("id", self.entry),
            "entry_item" | "entry_part" | "attempt" => ("entry_id", self.entry),
            _ => ("contact_id", self.contact),
        };
        format!("SELECT * FROM {table} WHERE {column} = {id}")
    }

    /// What a column of a copy holds.
    fn value(
        &self,
        (table, name, kind): (&str, &str, &str),
        person: &str,
        all: u64,
        is_waiting: bool,
    ) -> String {
        // The past, a millisecond between two messages.
        let earlier = format!("t.{name} - ({all} - s.n + 10) * 1000");
        match (table, name) {
            ("contact", "id") | (_, "contact_id") => format!("{} + {person}", self.contact),
            ("conversation", "id") | (_, "conversation_id") => format!("{} + {person}", self.conversation),
            ("item", "id") | (_, "item_id") => format!("{} + s.n", self.item),
            ("entry", "id") | (_, "entry_id") => format!("{} + s.n", self.entry),
            ("attempt", "id") => "t.id + s.n".to_owned(),
            ("item", "provider_id") => "printf('wamid.past.%010d', s.n)".to_owned(),
            ("entry" | "attempt", "key") => {
                "substr(t.key, 1, length(t.key) - 10) || printf('%010d', s.n)".to_owned()
            }
            ("item" | "entry", "at" | "starts_at" | "ends_at") => earlier,
            ("entry", "state") if is_waiting => "'due'".to_owned(),
            ("entry", "written" | "is_sealed") if is_waiting => "0".to_owned(),
            ("entry", "written_at") if is_waiting => "NULL".to_owned(),
            ("entry_item", "parts") if is_waiting => "'[]'".to_owned(),
            ("person", "written") => {
                format!("replace(t.written, '{0}', {0} + {person})", self.conversation)
            }
            ("address" | "contact_word", _) if kind == "TEXT" => {
                let old = provider::number(0);
                format!("replace(t.{name}, '{old}', printf('8190%08d', {person}))")
            }
            _ => format!("t.{name}"),
        }
    }
}
