//! The org as one user's statements see it: objects and fields by permission, rows through the indexes.

use std::collections::{HashMap, HashSet};

use super::schema::{ObjectSchema, Row};
use super::soql::{Hint, Source};
use super::state::{Caller, State, text};
use super::switches::Access;

/// A borrowed org with one user's rights.
pub struct View<'a> {
    state: &'a State,
    /// Only for users who see less than everything.
    restricted: Option<HashMap<String, ObjectSchema>>,
    unsearched: HashSet<String>,
}

impl<'a> View<'a> {
    /// The org as this caller sees it.
    pub fn new(state: &'a State, caller: &Caller) -> Self {
        let is_restricted = state.access(&caller.user).is_some_and(|access| !Access::sees_all(access));
        Self { state, restricted: is_restricted.then(|| state.schemas(caller)), unsearched: HashSet::new() }
    }

    /// The same view for a search: these records are not in the index yet.
    pub fn without(mut self, unsearched: HashSet<String>) -> Self {
        self.unsearched = unsearched;
        self
    }
}

impl Source for View<'_> {
    fn object(&self, name: &str) -> Option<&ObjectSchema> {
        match &self.restricted {
            Some(schemas) => schemas.get(&name.to_lowercase()),
            None => self.state.store.schema(name),
        }
    }

    fn rows<'a>(&'a self, object: &str, hint: &Hint) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        let store = &self.state.store;
        match hint {
            Hint::All => store.rows(object),
            Hint::AnyOf(fields) => match store.indexed_any(object, fields) {
                Some(rows) => Box::new(rows.into_iter()),
                None => store.rows(object),
            },
        }
    }

    fn row<'a>(&'a self, object: &str, id18: &str) -> Option<&'a Row> {
        self.state.store.get(object, id18)
    }

    fn object_of_id(&self, id18: &str) -> Option<&str> {
        self.state.store.object_of_id(id18).map(|schema| schema.name.as_str())
    }

    fn now(&self) -> i64 {
        self.state.clock.seconds()
    }

    fn has_index(&self, object: &str, field: &str) -> bool {
        self.state.store.has_index(object, field)
    }

    fn is_searchable(&self, _object: &str, row: &Row) -> bool {
        self.unsearched.is_empty() || !self.unsearched.contains(text(row, "Id"))
    }

    fn phone_rows<'a>(&'a self, object: &str, terms: &[String]) -> Option<Vec<&'a Row>> {
        self.state.store.phone_rows(object, terms)
    }
}
