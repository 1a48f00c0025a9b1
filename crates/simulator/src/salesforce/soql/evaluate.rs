//! Runs a bound statement over the rows of the org.

use std::collections::HashSet;

use super::ast::{Selection, Statement};
use super::error::Fault;
use super::filter::{Binder, Filter};
use super::order::Order;
use super::resolve::{Column, Root, stored};
use super::{Hint, Org, hint};
use crate::salesforce::schema::{ObjectSchema, Row};

/// Which rows of an object, in which order, how many.
pub(crate) struct Query<'s> {
    pub(crate) object: &'s ObjectSchema,
    filter: Option<Filter<'s>>,
    order: Order<'s>,
    limit: Option<usize>,
    offset: usize,
}

impl<'s> Query<'s> {
    /// Binds everything but the select list and the grouping.
    pub(crate) fn bind(
        org: &Org<'s>,
        root: Root<'s, '_>,
        statement: &Statement<'_>,
        nested: bool,
    ) -> Result<Self, Fault> {
        let binder = Binder { org, root, nested };
        let filter = statement.filter.as_ref().map(|condition| binder.bind(condition)).transpose()?;
        let order = Order::bind(org, root, &statement.ordering)?;
        let offset = statement.offset.unwrap_or(0);
        Ok(Self { object: root.object, filter, order, limit: statement.limit, offset })
    }

    /// Binds the filter only: grouped queries order and limit their groups.
    pub(crate) fn of_groups(
        org: &Org<'s>,
        root: Root<'s, '_>,
        statement: &Statement<'_>,
    ) -> Result<Self, Fault> {
        let binder = Binder { org, root, nested: false };
        let filter = statement.filter.as_ref().map(|condition| binder.bind(condition)).transpose()?;
        let order = Order::bind(org, root, &[])?;
        Ok(Self { object: root.object, filter, order, limit: None, offset: 0 })
    }

    /// The rows asked for.
    pub(crate) fn rows(&self, org: &Org<'s>) -> Vec<&'s Row> {
        let hint = hint::of(org.source, &self.object.name, self.filter.as_ref());
        let matching = org.source.rows(&self.object.name, &hint).filter(|row| self.accepts(org, row));
        let needed = self.limit.map_or(usize::MAX, |limit| limit.saturating_add(self.offset));
        let rows = if self.order.is_empty() { matching.take(needed).collect() } else { matching.collect() };
        self.arrange(org, rows)
    }

    /// Does the row exist for this query and satisfy its filter?
    pub(crate) fn accepts(&self, org: &Org<'s>, row: &'s Row) -> bool {
        let visible = org.include_deleted || !is_deleted(row);
        visible && self.filter.as_ref().is_none_or(|filter| filter.accepts(org, row))
    }

    /// Orders rows that were accepted and cuts out the part asked for.
    pub(crate) fn arrange(&self, org: &Org<'s>, rows: Vec<&'s Row>) -> Vec<&'s Row> {
        let rows = if self.order.is_empty() { rows } else { self.order.sort(org, rows) };
        if self.offset == 0 && self.limit.is_none() {
            return rows;
        }
        rows.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }
}

fn is_deleted(row: &Row) -> bool {
    row.get("IsDeleted").and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// The accepted rows of a child list, whichever parent they belong to; neither ordered nor cut.
pub(crate) fn children<'s>(
    org: &Org<'s>,
    query: &Query<'s>,
    field: &'s str,
    parents: impl Iterator<Item = &'s str>,
) -> Vec<&'s Row> {
    let mut ids: Vec<String> = parents.map(str::to_lowercase).collect();
    ids.sort_unstable();
    let hint = Hint::AnyOf(vec![(field.to_owned(), ids)]);
    org.source.rows(&query.object.name, &hint).filter(|row| query.accepts(org, row)).collect()
}

/// The ids an inner statement of `IN (SELECT …)` selects.
pub(crate) fn ids(org: &Org<'_>, statement: &Statement<'_>) -> Result<HashSet<String>, Fault> {
    let refuse = |message: &str| Err(Fault::malformed(statement.from.at, message));
    let [Selection::Field { path, alias: None }] = statement.selections.as_slice() else {
        return refuse("a semi join sub-select selects exactly one field");
    };
    let bare = statement.ordering.is_empty()
        && statement.grouping.is_empty()
        && statement.limit.is_none()
        && statement.offset.is_none();
    if !bare {
        return refuse("a semi join sub-select takes neither GROUP BY, ORDER BY, LIMIT nor OFFSET");
    }
    let root = Root { object: Root::find(org.source, &statement.from)?, alias: statement.alias };
    let column = Column::resolve(org.source, root, path)?;
    if !column.leaf.kind().is_id() {
        return refuse("a semi join sub-select selects an ID or reference field");
    }
    let query = Query::bind(org, root, statement, true)?;
    let texts = query.rows(org).into_iter().filter_map(|row| match column.references.as_slice() {
        [] => stored(row, column.leaf.name()).text(),
        _ => column.read(org.source, row).text(),
    });
    Ok(texts.map(str::to_owned).collect())
}
