//! SOQL: reads a statement, binds it to the org's schema and runs it over the org's rows.
//!
//! The way of a statement: `lexer` → `parser` and `condition` (an `ast`) → `resolve`, `operand`, `filter`,
//! `select`, `aggregate`, `order` (names looked up, values typed, all refusals made) → `evaluate`.
//! What is not supported is refused; no clause is ever dropped. Searches (`super::sosl`) share all but the top.

mod aggregate;
pub(super) mod ast;
mod columns;
mod condition;
mod dates;
pub(super) mod error;
pub(super) mod evaluate;
mod filter;
mod hint;
mod id;
mod lexer;
mod like;
mod operand;
mod order;
pub(super) mod parser;
pub(super) mod resolve;
pub(super) mod select;
mod text;

#[cfg(test)]
pub(super) mod tests;

use jiff::tz::TimeZone;
use serde_json::Value;

use self::aggregate::Grouped;
use self::ast::{Selection, Statement};
use self::error::Fault;
pub use self::error::SoqlError;
use self::evaluate::Query;
use self::resolve::Root;
use self::select::Shape;
use super::schema::{ObjectSchema, Row};

/// The org as statements see it.
pub trait Source {
    /// The object of that name, in any case.
    fn object(&self, name: &str) -> Option<&ObjectSchema>;

    /// The rows of an object, soft-deleted ones included. The hint may be used or ignored: rows that do not
    /// satisfy the statement are dropped in any case.
    fn rows<'a>(&'a self, object: &str, hint: &Hint) -> Box<dyn Iterator<Item = &'a Row> + 'a>;

    /// One row by its 18-character id.
    fn row<'a>(&'a self, object: &str, id18: &str) -> Option<&'a Row>;

    /// The object an id belongs to.
    fn object_of_id(&self, id18: &str) -> Option<&str>;

    /// The org's clock, in seconds of Unix time.
    fn now(&self) -> i64;

    /// The zone `TODAY` is meant in: that of the user who asks.
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    /// Can a hint about this field be used? Keeps hints to fields that are worth one.
    fn has_index(&self, object: &str, field: &str) -> bool {
        let _ = (object, field);
        true
    }

    /// Is the row already in the search index? Searches pass over it until it is.
    fn is_searchable(&self, object: &str, row: &Row) -> bool {
        let _ = (object, row);
        true
    }

    /// The rows of an object with a phone field that satisfies at least one of the terms: digits equal to the
    /// whole number or to one of its runs of digits, or, with a closing `*`, a beginning of these. More rows
    /// do no harm. `None` means there is no such index.
    fn phone_rows<'a>(&'a self, object: &str, terms: &[String]) -> Option<Vec<&'a Row>> {
        let _ = (object, terms);
        None
    }
}

/// What is known in advance about the rows a statement can match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing.
    All,
    /// Every matching row has, in at least one of these fields (canonical name), one of its values (lower
    /// case; ids with 18 characters, lower case too).
    AnyOf(Vec<(String, Vec<String>)>),
}

/// The answer to a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// The records as they are sent, `attributes` included.
    pub records: Vec<Value>,
    /// `totalSize`: the number of records, or what `COUNT()` counted.
    pub total: usize,
    /// `SELECT COUNT()`: there are no records, only a total.
    pub count_only: bool,
    /// The body of an answer to `columns=true`.
    pub columns: Value,
    /// The canonical name of the object selected from.
    pub object: String,
    /// The selected columns in order, as `Account.Name`: the header of a table of the records.
    pub header: Vec<String>,
}

/// What every part of a running statement needs of its surroundings.
pub(crate) struct Org<'s> {
    pub(crate) source: &'s dyn Source,
    pub(crate) include_deleted: bool,
    /// `v68.0`.
    pub(crate) version: String,
    pub(crate) zone: TimeZone,
    /// The current day in that zone.
    pub(crate) today: i64,
}

impl<'s> Org<'s> {
    pub(crate) fn new(source: &'s dyn Source, include_deleted: bool, version: &str) -> Self {
        let zone = source.time_zone();
        let today = dates::today(source.now(), &zone);
        let version = format!("v{}", version.trim_start_matches('v'));
        Self { source, include_deleted, version, zone, today }
    }
}

/// Runs a statement. `version` is the API version in the path, with or without its `v`.
pub fn run(
    source: &dyn Source,
    statement: &str,
    include_deleted: bool,
    version: &str,
) -> Result<Selected, SoqlError> {
    let org = Org::new(source, include_deleted, version);
    parser::parse(statement)
        .and_then(|parsed| selected(&org, &parsed))
        .map_err(|fault| fault.render(statement))
}

fn selected(org: &Org<'_>, statement: &Statement<'_>) -> Result<Selected, Fault> {
    let root = Root { object: Root::find(org.source, &statement.from)?, alias: statement.alias };
    let object = root.object.name.clone();
    if let [Selection::CountRows { at }] = statement.selections.as_slice() {
        if !statement.grouping.is_empty() || !statement.ordering.is_empty() {
            return Err(Fault::malformed(*at, "COUNT() takes neither GROUP BY nor ORDER BY"));
        }
        let total = Query::bind(org, root, statement, false)?.rows(org).len();
        let columns = columns::of_count(root.object);
        return Ok(Selected {
            records: Vec::new(),
            total,
            count_only: true,
            columns,
            object,
            header: Vec::new(),
        });
    }
    let aggregates = |selection: &Selection<'_>| matches!(selection, Selection::Aggregate { .. });
    if !statement.grouping.is_empty() || statement.selections.iter().any(aggregates) {
        let grouped = Grouped::bind(org, root, statement)?;
        let records = grouped.records(org)?;
        let (columns, header) = (columns::of_groups(root.object, &grouped), grouped.header());
        return Ok(Selected { total: records.len(), records, count_only: false, columns, object, header });
    }
    let shape = Shape::bind(org, root, statement)?;
    let query = Query::bind(org, root, statement, false)?;
    let records = shape.records(org, &query.rows(org));
    let (columns, header) = (columns::of_records(root.object, &shape), columns::header(&shape));
    Ok(Selected { total: records.len(), records, count_only: false, columns, object, header })
}
