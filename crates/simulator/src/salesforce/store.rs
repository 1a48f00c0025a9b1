//! The records of the org: every object a table, every looked-up field an index, every change undoable.
//!
//! A change is kept in an undo list until the request commits, so that "all or none" is a real rollback.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::phones::PhoneIndex;
use super::schema::{FieldKind, FieldSchema, ObjectSchema, Row};
use super::{ids, objects};
use crate::journal::{Change, Tables};
use crate::random::Random;

/// The records and what they look like.
#[derive(Clone)]
pub struct Store {
    schemas: Vec<ObjectSchema>,
    tables: Vec<Table>,
    undo: Vec<Undo>,
    pod: String,
}

#[derive(Clone)]
struct Table {
    slots: Vec<Option<Row>>,
    by_id: HashMap<String, u32>,
    indexes: Vec<Index>,
    phones: PhoneIndex,
    next_number: u64,
}

#[derive(Clone)]
struct Index {
    field: String,
    slots: HashMap<String, BTreeSet<u32>>,
}

#[derive(Clone)]
struct Undo {
    table: usize,
    slot: u32,
    before: Option<Row>,
    id: String,
}

impl Store {
    /// An empty store with the objects of the org. The seed decides how ids look.
    pub fn new(seed: u64, activity_key: Option<&str>) -> Self {
        let schemas = objects::all(activity_key);
        let mut random = Random::new(seed ^ 0x5f5f);
        let tables = schemas.iter().map(|schema| Table::new(schema, &mut random)).collect();
        let letters = b"dfghjkmnpqrtvwxz";
        let pick = |number: u64| char::from(letters[usize::try_from(number % 16).unwrap_or_default()]);
        let pod = format!("{}{}", 5 + random.draw() % 4, pick(random.draw()));
        Self { schemas, tables, undo: Vec::new(), pod }
    }

    /// Every object.
    pub fn schemas(&self) -> &[ObjectSchema] {
        &self.schemas
    }

    /// The object of that name, in any case.
    pub fn schema(&self, object: &str) -> Option<&ObjectSchema> {
        self.place(object).map(|place| &self.schemas[place])
    }

    /// Adds a field to an object, or changes the one of that name. `false`: there is no such object.
    pub fn put_field(&mut self, object: &str, field: FieldSchema) -> bool {
        let Some(place) = self.place(object) else { return false };
        let fields = &mut self.schemas[place].fields;
        fields.retain(|known| !known.name.eq_ignore_ascii_case(&field.name));
        fields.push(field);
        true
    }

    /// Changes how long a text may be. `false`: there is no such field.
    pub fn put_length(&mut self, object: &str, field: &str, length: u32) -> bool {
        let Some(place) = self.place(object) else { return false };
        let known =
            self.schemas[place].fields.iter_mut().find(|known| known.name.eq_ignore_ascii_case(field));
        known.map(|known| known.length = length).is_some()
    }

    /// The object whose ids start like this one.
    pub fn object_of_id(&self, id: &str) -> Option<&ObjectSchema> {
        let prefix = id.get(..3)?;
        self.schemas.iter().find(|schema| schema.key_prefix == prefix)
    }

    /// A fresh id for that object.
    pub fn new_id(&mut self, object: &str) -> String {
        let Some(place) = self.place(object) else { return String::new() };
        let table = &mut self.tables[place];
        table.next_number += 1;
        ids::build(&self.schemas[place].key_prefix, &self.pod, table.next_number)
    }

    /// The record with that 18-character id, deleted or not.
    pub fn get(&self, object: &str, id: &str) -> Option<&Row> {
        let table = &self.tables[self.place(object)?];
        table.slots[*table.by_id.get(id)? as usize].as_ref()
    }

    /// Every record of that object in the order of creation, deleted ones included.
    pub fn rows<'a>(&'a self, object: &str) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        match self.place(object) {
            Some(place) => Box::new(self.tables[place].slots.iter().flatten()),
            None => Box::new(std::iter::empty()),
        }
    }

    /// How many live records that object has.
    pub fn count(&self, object: &str) -> usize {
        self.rows(object).filter(|row| !is_deleted(row)).count()
    }

    /// The records whose indexed field has one of these lower-cased texts, in the order of creation;
    /// `None` when the field has no index.
    pub fn indexed<'a>(&'a self, object: &str, field: &str, values: &[String]) -> Option<Vec<&'a Row>> {
        let table = &self.tables[self.place(object)?];
        Some(table.at(&table.slots_of(field, values)?))
    }

    /// The same over several fields: the records that one of the indexes names.
    pub fn indexed_any<'a>(&'a self, object: &str, fields: &[(String, Vec<String>)]) -> Option<Vec<&'a Row>> {
        let table = &self.tables[self.place(object)?];
        let mut slots = BTreeSet::new();
        for (field, values) in fields {
            slots.extend(table.slots_of(field, values)?);
        }
        Some(table.at(&slots))
    }

    /// Whether that field can be looked up without reading every record.
    pub fn has_index(&self, object: &str, field: &str) -> bool {
        self.place(object).is_some_and(|place| {
            field.eq_ignore_ascii_case("Id")
                || self.tables[place].indexes.iter().any(|index| index.field.eq_ignore_ascii_case(field))
        })
    }

    /// The records with a phone whose digits, or one run of them, equal a term or start with it (`415*`).
    pub fn phone_rows<'a>(&'a self, object: &str, terms: &[String]) -> Option<Vec<&'a Row>> {
        let table = &self.tables[self.place(object)?];
        Some(table.at(&table.phones.find(terms)))
    }

    /// The records whose field equals that text without regard to case, by index where there is one.
    pub fn find<'a>(&'a self, object: &str, field: &str, value: &str) -> Vec<&'a Row> {
        let wanted = value.to_lowercase();
        let same =
            |row: &&Row| row.get(field).and_then(Value::as_str).is_some_and(|v| v.to_lowercase() == wanted);
        match self.indexed(object, field, std::slice::from_ref(&wanted)) {
            Some(rows) => rows.into_iter().filter(same).collect(),
            None => self.rows(object).filter(same).collect(),
        }
    }

    /// Stores a record under its `Id`, replacing what was there.
    pub fn put(&mut self, object: &str, row: Row) {
        let Some(place) = self.place(object) else { return };
        let Some(id) = row.get("Id").and_then(Value::as_str).map(str::to_owned) else { return };
        let table = &mut self.tables[place];
        let slot = if let Some(slot) = table.by_id.get(&id) {
            *slot
        } else {
            let slot = u32::try_from(table.slots.len()).unwrap_or(u32::MAX);
            table.slots.push(None);
            table.by_id.insert(id.clone(), slot);
            slot
        };
        let before = table.set(slot, Some(row));
        self.undo.push(Undo { table: place, slot, before, id });
    }

    /// Removes a record for good.
    pub fn remove(&mut self, object: &str, id: &str) {
        let Some(place) = self.place(object) else { return };
        let table = &mut self.tables[place];
        let Some(slot) = table.by_id.get(id).copied() else { return };
        let before = table.set(slot, None);
        self.undo.push(Undo { table: place, slot, before, id: id.to_owned() });
    }

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Undoes every change since that mark.
    pub fn roll_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(undo) = self.undo.pop() {
                self.tables[undo.table].set(undo.slot, undo.before);
            }
        }
    }

    /// Makes every open change final and says what they were.
    pub fn commit(&mut self) -> Vec<Change> {
        let mut seen = HashSet::new();
        let mut changes = Vec::new();
        for undo in std::mem::take(&mut self.undo) {
            if seen.insert((undo.table, undo.slot)) {
                let object = self.schemas[undo.table].name.clone();
                changes.push(match &self.tables[undo.table].slots[undo.slot as usize] {
                    Some(row) => Change::Row(object, row.clone()),
                    None => Change::Gone(object, undo.id),
                });
            }
        }
        changes
    }

    fn place(&self, object: &str) -> Option<usize> {
        self.schemas.iter().position(|schema| schema.name.eq_ignore_ascii_case(object))
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
            self.schemas.iter().zip(&self.tables).flat_map(|(schema, table)| {
                table.slots.iter().flatten().map(|row| (schema.name.as_str(), row))
            }),
        )
    }
}

impl Table {
    fn new(schema: &ObjectSchema, random: &mut Random) -> Self {
        let indexes = schema
            .fields
            .iter()
            .filter(|field| is_indexed(field))
            .map(|field| Index { field: field.name.clone(), slots: HashMap::new() })
            .collect();
        // Somewhere in the middle of the range, so that ids have letters of both cases from the start.
        let next_number = 62u64.pow(4) + random.draw() % 62u64.pow(5);
        let phones = PhoneIndex::new(schema);
        Self { slots: Vec::new(), by_id: HashMap::new(), indexes, phones, next_number }
    }

    fn slots_of(&self, field: &str, values: &[String]) -> Option<BTreeSet<u32>> {
        if field.eq_ignore_ascii_case("Id") {
            let ids = values.iter().filter_map(|value| ids::canonical(value));
            return Some(ids.filter_map(|id| self.by_id.get(&id)).copied().collect());
        }
        let index = self.indexes.iter().find(|index| index.field.eq_ignore_ascii_case(field))?;
        Some(values.iter().filter_map(|value| index.slots.get(value)).flatten().copied().collect())
    }

    fn at(&self, slots: &BTreeSet<u32>) -> Vec<&Row> {
        slots.iter().filter_map(|slot| self.slots[*slot as usize].as_ref()).collect()
    }

    fn set(&mut self, slot: u32, row: Option<Row>) -> Option<Row> {
        let before = std::mem::replace(&mut self.slots[slot as usize], row);
        let after = self.slots[slot as usize].as_ref();
        self.phones.change(slot, before.as_ref(), after);
        for index in &mut self.indexes {
            let old = before.as_ref().and_then(|row| index_key(row, &index.field));
            let new = after.and_then(|row| index_key(row, &index.field));
            if old == new {
                continue;
            }
            if let Some(old) = old
                && let Some(slots) = index.slots.get_mut(&old)
            {
                slots.remove(&slot);
                if slots.is_empty() {
                    index.slots.remove(&old);
                }
            }
            if let Some(new) = new {
                index.slots.entry(new).or_default().insert(slot);
            }
        }
        if before.is_none()
            && let Some(number) = after.and_then(|row| row.get("Id")?.as_str()).and_then(ids::number)
        {
            self.next_number = self.next_number.max(number);
        }
        before
    }
}

/// Whether a record lies in the recycle bin.
pub fn is_deleted(row: &Row) -> bool {
    row.get("IsDeleted").and_then(Value::as_bool).unwrap_or(false)
}

fn is_indexed(field: &FieldSchema) -> bool {
    const NAMED: &[&str] =
        &["CallObject", "LastName", "Username", "CaseNumber", "Subject", "Name", "Company"];
    matches!(field.kind, FieldKind::Phone | FieldKind::Email)
        || (field.kind == FieldKind::Reference
            && !["CreatedById", "LastModifiedById", "MasterRecordId"].contains(&field.name.as_str()))
        || field.external_id
        || field.unique
        || NAMED.contains(&field.name.as_str())
}

fn index_key(row: &Row, field: &str) -> Option<String> {
    row.get(field).and_then(Value::as_str).map(str::to_lowercase)
}
