//! What survives a restart: an append-only file of changed records and notes, one JSON array a line.
//!
//! A line is written with one call before the request is answered, so a killed process has lost nothing that
//! it answered. The file is rewritten at start-up when most of it is history.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

/// One stored record by field name. A field that is absent is null.
pub type Row = BTreeMap<String, Value>;

/// What a committed request changed.
pub enum Change {
    /// The record of that table, as it is now.
    Row(String, Row),
    /// The record of that table and id is gone for good.
    Gone(String, String),
}

/// Tables of records that a journal can fill again.
pub trait Tables {
    /// Stores a record of that table.
    fn put(&mut self, table: &str, row: Row);
    /// Removes a record for good.
    fn remove(&mut self, table: &str, id: &str);
    /// Makes what was put and removed final.
    fn settle(&mut self);
    /// Every record with its table.
    fn each(&self) -> Box<dyn Iterator<Item = (&str, &Row)> + '_>;
}

/// Everything that is not a record: tokens, switches, the clock, by key.
pub type Notes = BTreeMap<String, Value>;

/// The open file, or nothing when the org lives in memory only.
pub struct Journal {
    file: Option<File>,
    length: u64,
    pending: String,
}

impl Clone for Journal {
    /// A copy lives in memory only: two that write one file would spoil it.
    fn clone(&self) -> Self {
        Self { file: None, length: 0, pending: String::new() }
    }
}

impl Journal {
    /// Opens the journal of that folder, a file of that name, and replays it into the store.
    pub fn open(folder: Option<&Path>, name: &str, store: &mut impl Tables) -> io::Result<(Self, Notes)> {
        let Some(folder) = folder else {
            return Ok((Self { file: None, length: 0, pending: String::new() }, Notes::new()));
        };
        fs::create_dir_all(folder)?;
        let path = folder.join(name);
        let mut notes = Notes::new();
        let mut lines = 0usize;
        let mut whole = 0u64;
        if path.exists() {
            let mut reader = BufReader::new(File::open(&path)?);
            let mut line = String::new();
            while reader.read_line(&mut line)? > 0 {
                // A line without its end was cut off by a crash before it was answered.
                if !line.ends_with('\n') || !replay(&line, store, &mut notes) {
                    break;
                }
                lines += 1;
                whole += line.len() as u64;
                line.clear();
            }
        }
        store.settle();
        let live = store.each().count();
        if lines > 2 * (live + notes.len()) + 1000 {
            rewrite(&path, store, &notes)?;
        } else if path.exists() {
            OpenOptions::new().write(true).open(&path)?.set_len(whole)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let length = file.metadata()?.len();
        Ok((Self { file: Some(file), length, pending: String::new() }, notes))
    }

    /// Keeps a note; null forgets it.
    pub fn note(&mut self, key: &str, value: &Value) {
        self.line(&json!(["note", key, value]));
    }

    /// Keeps what a request changed.
    pub fn changes(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Row(object, row) => self.line(&json!(["row", object, row])),
                Change::Gone(object, id) => self.line(&json!(["gone", object, id])),
            }
        }
    }

    /// Writes what is kept since the last call. What a full disk took only in part is taken back, so that
    /// the next attempt starts on a line of its own.
    pub fn flush(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file
            && !self.pending.is_empty()
        {
            if let Err(error) = file.write_all(self.pending.as_bytes()) {
                file.set_len(self.length)?;
                return Err(error);
            }
            self.length += self.pending.len() as u64;
        }
        self.pending.clear();
        Ok(())
    }

    /// Forgets everything that was ever kept.
    pub fn clear(&mut self) -> io::Result<()> {
        self.pending.clear();
        self.length = 0;
        self.file.as_ref().map_or(Ok(()), |file| file.set_len(0))
    }

    fn line(&mut self, line: &Value) {
        if self.file.is_some() {
            self.pending.push_str(&line.to_string());
            self.pending.push('\n');
        }
    }
}

fn replay(line: &str, store: &mut impl Tables, notes: &mut Notes) -> bool {
    let Ok((kind, name, value)) = serde_json::from_str::<(String, String, Value)>(line) else { return false };
    match kind.as_str() {
        "row" => {
            let Ok(row) = serde_json::from_value::<Row>(value) else { return false };
            store.put(&name, row);
        }
        "gone" => store.remove(&name, value.as_str().unwrap_or_default()),
        _ if value.is_null() => drop(notes.remove(&name)),
        _ => drop(notes.insert(name, value)),
    }
    true
}

fn rewrite(path: &Path, store: &impl Tables, notes: &Notes) -> io::Result<()> {
    let fresh = path.with_extension("fresh");
    let mut writer = BufWriter::new(File::create(&fresh)?);
    for (key, value) in notes {
        writeln!(writer, "{}", json!(["note", key, value]))?;
    }
    for (table, row) in store.each() {
        writeln!(writer, "{}", json!(["row", table, row]))?;
    }
    writer.flush()?;
    writer.get_ref().sync_all()?;
    fs::rename(fresh, path)
}
