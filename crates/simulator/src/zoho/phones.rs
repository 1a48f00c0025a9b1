//! The search index of phone numbers: the digits of every value, backwards, so that an ending is a range.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use super::schema::{Kind, Module, Row};

/// Numbers that agree in their last seven digits or more are taken for the same.
pub const FEWEST_DIGITS: usize = 7;

/// Digits, backwards, to records.
#[derive(Clone, Default)]
pub struct PhoneIndex {
    fields: Vec<String>,
    digits: BTreeMap<String, BTreeSet<u64>>,
}

impl PhoneIndex {
    /// An empty index over the phone fields of that module.
    pub fn new(module: &Module) -> Self {
        let phones = module.fields.iter().filter(|field| field.kind == Kind::Phone);
        Self { fields: phones.map(|field| field.api_name.clone()).collect(), digits: BTreeMap::new() }
    }

    /// Takes the numbers of a record out.
    pub fn remove(&mut self, id: u64, row: &Row) {
        for number in self.numbers(row) {
            if let Some(ids) = self.digits.get_mut(&number) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.digits.remove(&number);
                }
            }
        }
    }

    /// Puts the numbers of a record in.
    pub fn insert(&mut self, id: u64, row: &Row) {
        for number in self.numbers(row) {
            self.digits.entry(number).or_default().insert(id);
        }
    }

    /// The records with a number that ends with these digits, or that these digits end with.
    pub fn find(&self, digits: &str) -> BTreeSet<u64> {
        let backwards: String = digits.chars().rev().collect();
        let mut found = BTreeSet::new();
        if backwards.len() < FEWEST_DIGITS {
            found.extend(self.digits.get(&backwards).into_iter().flatten());
            return found;
        }
        let from = (Bound::Included(backwards.clone()), Bound::Unbounded);
        for (_, ids) in self.digits.range(from).take_while(|(number, _)| number.starts_with(&backwards)) {
            found.extend(ids);
        }
        for length in FEWEST_DIGITS..backwards.len() {
            found.extend(self.digits.get(&backwards[..length]).into_iter().flatten());
        }
        found
    }

    fn numbers(&self, row: &Row) -> BTreeSet<String> {
        let values = self.fields.iter().filter_map(|field| row.get(field).and_then(Value::as_str));
        let mut numbers: BTreeSet<String> =
            values.map(|value| digits(value).chars().rev().collect()).collect();
        numbers.remove("");
        numbers
    }
}

/// The digits of a number.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether two numbers agree as the index sees it.
pub fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let shorter = one.len().min(other.len());
    one == other || (shorter >= FEWEST_DIGITS && (one.ends_with(&other) || other.ends_with(&one)))
}
