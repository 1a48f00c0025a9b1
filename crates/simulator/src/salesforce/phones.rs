//! The search index of phone numbers: each value as its whole digit string and its runs of digits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use super::schema::{FieldKind, ObjectSchema, Row};

/// Digits to slots, ordered so that a beginning of a number is a range.
#[derive(Clone)]
pub struct PhoneIndex {
    fields: Vec<String>,
    digits: BTreeMap<String, BTreeSet<u32>>,
}

impl PhoneIndex {
    /// An empty index over the phone fields of that object.
    pub fn new(schema: &ObjectSchema) -> Self {
        let phones = schema.fields.iter().filter(|field| field.kind == FieldKind::Phone);
        Self { fields: phones.map(|field| field.name.clone()).collect(), digits: BTreeMap::new() }
    }

    /// Follows a change of the row in that slot.
    pub fn change(&mut self, slot: u32, before: Option<&Row>, after: Option<&Row>) {
        if self.fields.is_empty() {
            return;
        }
        let (old, new) = (self.tokens(before), self.tokens(after));
        for gone in old.difference(&new) {
            if let Some(slots) = self.digits.get_mut(gone) {
                slots.remove(&slot);
                if slots.is_empty() {
                    self.digits.remove(gone);
                }
            }
        }
        for token in new.difference(&old) {
            self.digits.entry(token.clone()).or_default().insert(slot);
        }
    }

    /// The slots with a number that equals a term, or starts with it where it ends in `*`.
    pub fn find(&self, terms: &[String]) -> BTreeSet<u32> {
        let mut slots = BTreeSet::new();
        for term in terms {
            if let Some(start) = term.strip_suffix('*') {
                let from = (Bound::Included(start.to_owned()), Bound::Unbounded);
                for (_, found) in self.digits.range(from).take_while(|(token, _)| token.starts_with(start)) {
                    slots.extend(found);
                }
            } else if let Some(found) = self.digits.get(term) {
                slots.extend(found);
            }
        }
        slots
    }

    fn tokens(&self, row: Option<&Row>) -> BTreeSet<String> {
        let mut tokens = BTreeSet::new();
        let values = self.fields.iter().filter_map(|field| row?.get(field).and_then(Value::as_str));
        for value in values {
            tokens.insert(value.chars().filter(char::is_ascii_digit).collect());
            tokens.extend(value.split(|c: char| !c.is_ascii_digit()).map(str::to_owned));
        }
        tokens.remove("");
        tokens
    }
}
