//! The records of the org: every module a table by id, every looked-up field an index, every change undoable.
//!
//! A change is kept in an undo list until the request commits, so that "roll back on failure" is a real one.
//! Records in the recycle bin stay in their table and leave every index.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::ids;
use super::phones::PhoneIndex;
use super::schema::{Module, Row};
use crate::journal::{Change, Tables};

/// A row carries this, in seconds, once it is deleted.
pub const DELETED: &str = "$deleted_time";

/// A change that can be taken back, with what was there before.
#[derive(Clone)]
pub struct Undo {
    /// The table.
    pub table: String,
    /// The record.
    pub id: u64,
    /// What was there.
    pub before: Option<Row>,
}

/// The records.
#[derive(Clone)]
pub struct Store {
    tables: BTreeMap<String, Table>,
    undo: Vec<Undo>,
    last: u64,
}

#[derive(Clone, Default)]
struct Table {
    rows: BTreeMap<u64, Row>,
    indexes: BTreeMap<String, HashMap<String, BTreeSet<u64>>>,
    phones: PhoneIndex,
}

impl Store {
    /// An empty store whose first record gets the number after this.
    pub fn new(last: u64) -> Self {
        Self { tables: BTreeMap::new(), undo: Vec::new(), last }
    }

    /// Follows a change of what a module looks like: its indexes are built anew.
    pub fn shape(&mut self, module: &Module) {
        let fields = module.fields.iter().filter(|field| field.is_indexed());
        self.index(&module.api_name, fields.map(|field| field.api_name.clone()), PhoneIndex::new(module));
    }

    /// Keeps an index over these fields of a table that is no module.
    pub fn shape_by_name(&mut self, table: &str, fields: &[&str]) {
        self.index(table, fields.iter().map(|field| (*field).to_owned()), PhoneIndex::default());
    }

    fn index(&mut self, table: &str, fields: impl Iterator<Item = String>, phones: PhoneIndex) {
        let table = self.tables.entry(table.to_owned()).or_default();
        table.indexes = fields.map(|field| (field, HashMap::new())).collect();
        table.phones = phones;
        let rows = std::mem::take(&mut table.rows);
        for (id, row) in rows {
            table.set(id, Some(row));
        }
    }

    /// A fresh id.
    pub fn new_id(&mut self) -> String {
        self.last += 1;
        self.last.to_string()
    }

    /// The record with that id, deleted or not.
    pub fn get(&self, table: &str, id: &str) -> Option<&Row> {
        self.tables.get(table)?.rows.get(&ids::parse(id)?)
    }

    /// The record with that id, unless it is deleted.
    pub fn live(&self, table: &str, id: &str) -> Option<&Row> {
        self.get(table, id).filter(|row| !is_deleted(row))
    }

    /// The table that has a record with that id.
    pub fn table_of(&self, id: &str) -> Option<&str> {
        let id = ids::parse(id)?;
        self.tables.iter().find(|(_, table)| table.rows.contains_key(&id)).map(|(name, _)| name.as_str())
    }

    /// Every record of a table by id, deleted ones included.
    pub fn rows<'a>(&'a self, table: &str) -> Box<dyn DoubleEndedIterator<Item = &'a Row> + 'a> {
        match self.tables.get(table) {
            Some(table) => Box::new(table.rows.values()),
            None => Box::new(std::iter::empty()),
        }
    }

    /// Every record of a table that is not deleted, by id.
    pub fn live_rows<'a>(&'a self, table: &str) -> Box<dyn DoubleEndedIterator<Item = &'a Row> + 'a> {
        Box::new(self.rows(table).filter(|row| !is_deleted(row)))
    }

    /// The live records whose field equals that text but for its case; by index where there is one.
    pub fn find<'a>(&'a self, table: &str, field: &str, value: &str) -> Vec<&'a Row> {
        let wanted = value.to_lowercase();
        let Some(known) = self.tables.get(table) else { return Vec::new() };
        match known.indexes.get(field) {
            Some(index) => {
                let ids = index.get(&wanted).into_iter().flatten();
                ids.filter_map(|id| known.rows.get(id)).collect()
            }
            None => self.live_rows(table).filter(|row| key(row, field).as_ref() == Some(&wanted)).collect(),
        }
    }

    /// Whether a field of a table has an index.
    pub fn has_index(&self, table: &str, field: &str) -> bool {
        field == "id" || self.tables.get(table).is_some_and(|table| table.indexes.contains_key(field))
    }

    /// The live records with a phone that agrees with these digits.
    pub fn with_phone<'a>(&'a self, table: &str, digits: &str) -> Vec<&'a Row> {
        let Some(table) = self.tables.get(table) else { return Vec::new() };
        table.phones.find(digits).iter().filter_map(|id| table.rows.get(id)).collect()
    }

    /// Stores a record under its id, replacing what was there.
    pub fn put(&mut self, table: &str, row: Row) {
        let Some(id) = row.get("id").and_then(Value::as_str).and_then(ids::parse) else { return };
        self.last = self.last.max(id);
        let before = self.tables.entry(table.to_owned()).or_default().set(id, Some(row));
        self.undo.push(Undo { table: table.to_owned(), id, before });
    }

    /// Removes a record for good.
    pub fn remove(&mut self, table: &str, id: &str) {
        let Some(id) = ids::parse(id) else { return };
        let Some(known) = self.tables.get_mut(table).filter(|known| known.rows.contains_key(&id)) else {
            return;
        };
        let before = known.set(id, None);
        self.undo.push(Undo { table: table.to_owned(), id, before });
    }

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Undoes every change since that mark.
    pub fn roll_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(undo) = self.undo.pop()
                && let Some(table) = self.tables.get_mut(&undo.table)
            {
                table.set(undo.id, undo.before);
            }
        }
    }

    /// Makes every open change final and says what there was before each.
    pub fn commit(&mut self) -> Vec<Undo> {
        let mut seen = HashSet::new();
        let mut changes = std::mem::take(&mut self.undo);
        changes.retain(|undo| seen.insert((undo.table.clone(), undo.id)));
        changes
    }

    /// What a committed change means for the journal.
    pub fn change(&self, undo: &Undo) -> Change {
        match self.tables.get(&undo.table).and_then(|table| table.rows.get(&undo.id)) {
            Some(row) => Change::Row(undo.table.clone(), row.clone()),
            None => Change::Gone(undo.table.clone(), undo.id.to_string()),
        }
    }

    /// Forgets every record; what was counted stays counted.
    pub fn clear(&mut self) {
        let keys: Vec<(String, u64)> = self
            .tables
            .iter()
            .flat_map(|(name, table)| table.rows.keys().map(|id| (name.clone(), *id)))
            .collect();
        for (table, id) in keys {
            self.remove(&table, &id.to_string());
        }
    }
}

impl Table {
    fn set(&mut self, id: u64, row: Option<Row>) -> Option<Row> {
        let before = self.rows.remove(&id);
        if let Some(before) = before.as_ref().filter(|row| !is_deleted(row)) {
            self.phones.remove(id, before);
            for (field, index) in &mut self.indexes {
                let Some(key) = key(before, field) else { continue };
                if let Some(ids) = index.get_mut(&key) {
                    ids.remove(&id);
                    if ids.is_empty() {
                        index.remove(&key);
                    }
                }
            }
        }
        let Some(row) = row else { return before };
        if !is_deleted(&row) {
            self.phones.insert(id, &row);
            for (field, index) in &mut self.indexes {
                if let Some(key) = key(&row, field) {
                    index.entry(key).or_default().insert(id);
                }
            }
        }
        self.rows.insert(id, row);
        before
    }
}

impl Tables for Store {
    fn put(&mut self, table: &str, row: Row) {
        Self::put(self, table, row);
    }

    fn remove(&mut self, table: &str, id: &str) {
        Self::remove(self, table, id);
    }

    fn settle(&mut self) {
        self.commit();
    }

    fn each(&self) -> Box<dyn Iterator<Item = (&str, &Row)> + '_> {
        Box::new(
            self.tables.iter().flat_map(|(name, table)| table.rows.values().map(|row| (name.as_str(), row))),
        )
    }
}

/// Whether a record lies in the recycle bin.
pub fn is_deleted(row: &Row) -> bool {
    row.contains_key(DELETED)
}

fn key(row: &Row, field: &str) -> Option<String> {
    row.get(field).and_then(Value::as_str).map(str::to_lowercase)
}
