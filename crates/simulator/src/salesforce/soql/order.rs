//! `ORDER BY`: text without regard to case, ids and numbers as they are, nulls where they are asked for.

use std::cmp::Ordering;

use super::Org;
use super::ast::{self, OrderKey, Path};
use super::error::Fault;
use super::filter::{fold, number, time};
use super::operand::Comparison;
use super::resolve::{Cell, Column, Leaf, Root};
use crate::salesforce::schema::Row;

/// A value reduced to what decides its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    Null,
    Boolean(bool),
    Number(f64),
    Time(i64),
    Text(String),
}

impl Key {
    /// The key of a cell whose values compare in a given way.
    pub(crate) fn of(comparison: Option<Comparison>, cell: Cell<'_>) -> Self {
        let key = match comparison {
            Some(Comparison::Folded) => cell.text().map(|text| Self::Text(fold(text).into_owned())),
            Some(Comparison::Exact) => cell.text().map(|text| Self::Text(text.to_owned())),
            Some(Comparison::Number) => number(cell).map(Self::Number),
            Some(Comparison::Boolean) => {
                Some(Self::Boolean(matches!(cell, Cell::Stored(serde_json::Value::Bool(true)))))
            }
            Some(time_like) => time(time_like, cell).map(Self::Time),
            None => None,
        };
        key.unwrap_or(Self::Null)
    }

    /// The order of two keys of one column; nulls are equal among themselves.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(two)) => one.cmp(two),
            (Self::Number(one), Self::Number(two)) => one.total_cmp(two),
            (Self::Time(one), Self::Time(two)) => one.cmp(two),
            (Self::Text(one), Self::Text(two)) => one.cmp(two),
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            _ => Ordering::Greater,
        }
    }
}

/// Which way one key is ordered.
#[derive(Clone, Copy)]
pub(crate) struct Direction {
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}

impl Direction {
    pub(crate) fn of(ordering: &ast::Ordering<'_>) -> Self {
        Self { descending: ordering.descending, nulls_last: ordering.nulls_last }
    }

    fn compare(self, one: &Key, two: &Key) -> Ordering {
        match (one == &Key::Null, two == &Key::Null) {
            (true, true) => Ordering::Equal,
            (true, false) if self.nulls_last => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, true) if self.nulls_last => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) if self.descending => two.compare(one),
            (false, false) => one.compare(two),
        }
    }
}

/// Compares two lists of keys, the first difference deciding.
pub(crate) fn compare(directions: &[Direction], one: &[Key], two: &[Key]) -> Ordering {
    directions
        .iter()
        .zip(one.iter().zip(two))
        .map(|(direction, (one, two))| direction.compare(one, two))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// The order of records.
pub(crate) struct Order<'s> {
    columns: Vec<(Column<'s>, Option<Comparison>)>,
    directions: Vec<Direction>,
}

impl<'s> Order<'s> {
    pub(crate) fn bind(
        org: &Org<'s>,
        root: Root<'s, '_>,
        orderings: &[ast::Ordering<'_>],
    ) -> Result<Self, Fault> {
        let mut columns = Vec::new();
        for ordering in orderings {
            match &ordering.key {
                OrderKey::Field(path) => columns.push(sortable(org, root, path)?),
                OrderKey::Aggregate(call) => {
                    let message = "aggregate functions can order grouped queries only";
                    return Err(Fault::malformed(call.at, message));
                }
            }
        }
        Ok(Self { columns, directions: orderings.iter().map(Direction::of).collect() })
    }

    /// Does it leave rows where they are?
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Puts rows in order; those that tie stay as they came.
    pub(crate) fn sort(&self, org: &Org<'s>, rows: Vec<&'s Row>) -> Vec<&'s Row> {
        let keys_of = |row: &'s Row| -> Vec<Key> {
            let key = |(column, comparison): &(Column<'s>, Option<Comparison>)| {
                Key::of(*comparison, column.read(org.source, row))
            };
            self.columns.iter().map(key).collect()
        };
        let mut keyed: Vec<(Vec<Key>, &'s Row)> = rows.into_iter().map(|row| (keys_of(row), row)).collect();
        keyed.sort_by(|(one, _), (two, _)| compare(&self.directions, one, two));
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

/// Looks up a field to order by and refuses those that have no order.
fn sortable<'s>(
    org: &Org<'s>,
    root: Root<'s, '_>,
    path: &Path<'_>,
) -> Result<(Column<'s>, Option<Comparison>), Fault> {
    let column = Column::resolve(org.source, root, path)?;
    let is_sortable = match column.leaf {
        Leaf::Field(field) => field.sortable,
        Leaf::TypeName => true,
    };
    if !is_sortable {
        let message = format!("field '{}' can not be sorted in a query call", path.text());
        return Err(Fault::invalid_field(path.at(), message));
    }
    let comparison = Comparison::of(column.leaf);
    Ok((column, comparison))
}
