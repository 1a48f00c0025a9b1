//! SOSL: finds records by words and numbers, whatever field of a group they stand in.
//!
//! `statement` reads the whole search, `expression` what stands between its braces; `words` and `phone` say
//! when a value contains a term. What a record shows and which of the found ones are kept is SOQL's matter.

mod expression;
mod phone;
mod statement;
mod words;

#[cfg(test)]
mod tests;

use serde_json::Value;

use self::expression::{Expression, Term};
use self::statement::{Group, Returning, Search};
use super::schema::{FieldKind, FieldSchema, ObjectSchema, Row};
use super::soql::error::Fault;
use super::soql::evaluate::Query;
use super::soql::resolve::{Root, stored};
use super::soql::select::Shape;
use super::soql::{Org, SoqlError, Source};

/// The most records one search answers with.
const MOST_RECORDS: usize = 2_000;

/// What is searched when a search does not say what to return.
const USUAL_OBJECTS: [&str; 9] =
    ["Account", "Contact", "Lead", "Opportunity", "Case", "Task", "Event", "User", "Campaign"];

/// Runs a search: the found records, object by object in the order they were asked for.
pub fn search(source: &dyn Source, statement: &str, version: &str) -> Result<Vec<Value>, SoqlError> {
    let org = Org::new(source, false, version);
    statement::parse(statement)
        .and_then(|search| found(&org, &search))
        .map_err(|fault| fault.of_search().render(statement))
}

/// A text made fit to stand between the braces: every reserved character is protected, but wildcards, quotes
/// and parentheses keep their meaning.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if expression::RESERVED.contains(&character) && !expression::OPERATORS.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn found(org: &Org<'_>, search: &Search<'_>) -> Result<Vec<Value>, Fault> {
    let mut records = Vec::new();
    if let Some(returning) = &search.returning {
        for one in returning {
            let target = Target::bind(org, one)?;
            records.extend(target.records(org, search));
        }
    } else {
        let objects = USUAL_OBJECTS.iter().filter_map(|name| org.source.object(name));
        for object in objects.filter(|object| object.searchable) {
            let target = Target::of_ids(org, object, search)?;
            records.extend(target.records(org, search));
        }
    }
    records.truncate(search.limit.unwrap_or(MOST_RECORDS).min(MOST_RECORDS));
    Ok(records)
}

/// One object to search, bound to the schema.
struct Target<'s> {
    query: Query<'s>,
    shape: Shape<'s>,
}

impl<'s> Target<'s> {
    fn bind(org: &Org<'s>, returning: &Returning<'_>) -> Result<Self, Fault> {
        let from = &returning.statement.from;
        let object = Root::find(org.source, from)?;
        if !object.searchable {
            let message = format!("entity type {} does not support search", object.name);
            return Err(Fault::malformed(from.at, message));
        }
        let root = Root { object, alias: None };
        let query = Query::bind(org, root, &returning.statement, false)?;
        Ok(Self { query, shape: Shape::bind(org, root, &returning.statement)? })
    }

    fn of_ids(org: &Org<'s>, object: &'s ObjectSchema, search: &Search<'_>) -> Result<Self, Fault> {
        Self::bind(org, &Returning::ids(&object.name, search.at))
    }

    fn records(&self, org: &Org<'s>, search: &Search<'_>) -> Vec<Value> {
        let object = self.query.object;
        let fields: Vec<&FieldSchema> =
            object.fields.iter().filter(|field| search.group.holds(field)).collect();
        let kept = |row: &&'s Row| {
            search.expression.found(&|term| fields.iter().any(|field| contains(field, row, term)))
                && org.source.is_searchable(&object.name, row)
                && self.query.accepts(org, row)
        };
        let rows = candidates(org, object, search).filter(kept).collect();
        self.shape.records(org, &self.query.arrange(org, rows))
    }
}

/// The rows worth looking at: all, or what the phone index knows.
fn candidates<'s>(
    org: &Org<'s>,
    object: &'s ObjectSchema,
    search: &Search<'_>,
) -> Box<dyn Iterator<Item = &'s Row> + 's> {
    let terms = (search.group == Group::Phone).then(|| phone::terms(&search.expression)).flatten();
    let indexed = terms.and_then(|terms| org.source.phone_rows(&object.name, &terms));
    match indexed {
        Some(rows) => Box::new(rows.into_iter()),
        None => org.source.rows(&object.name, &super::soql::Hint::All),
    }
}

fn contains(field: &FieldSchema, row: &Row, term: &Term) -> bool {
    stored(row, &field.name).text().is_some_and(|value| match field.kind {
        FieldKind::Phone => phone::contains(value, term),
        _ => words::contains(value, term),
    })
}

impl Expression {
    /// Does a record satisfy the expression, given which terms it contains?
    fn found(&self, contains: &dyn Fn(&Term) -> bool) -> bool {
        match self {
            Self::Term(term) => contains(term),
            Self::Any(parts) => parts.iter().any(|part| part.found(contains)),
            Self::All(parts) => parts.iter().all(|(wanted, part)| part.found(contains) == *wanted),
        }
    }
}
