//! Derives from a filter what an index could be asked: values of which every matching row has one.

use super::filter::{Filter, Members};
use super::resolve::{Column, Leaf};
use super::{Hint, Source};
use crate::salesforce::schema::{FieldKind, FieldSchema};

/// Terms of which every row satisfies one, and how little they promise: lower is more selective.
struct Terms {
    rank: u8,
    fields: Vec<(String, Vec<String>)>,
}

/// What every row the filter accepts is known to satisfy, in fields the source can look up.
pub(crate) fn of(source: &dyn Source, object: &str, filter: Option<&Filter<'_>>) -> Hint {
    let looked_up = |field: &str| source.has_index(object, field);
    filter.and_then(|filter| terms(filter, &looked_up)).map_or(Hint::All, |terms| Hint::AnyOf(terms.fields))
}

/// A conjunction is as selective as its best part; an alternative needs all of its parts.
fn terms(filter: &Filter<'_>, looked_up: &dyn Fn(&str) -> bool) -> Option<Terms> {
    match filter {
        Filter::All(filters) => {
            let parts = filters.iter().filter_map(|part| terms(part, looked_up));
            parts.min_by_key(|terms| (terms.rank, look_ups(terms)))
        }
        Filter::Any(filters) => {
            let mut whole = Terms { rank: 0, fields: Vec::new() };
            for part in filters {
                let part = terms(part, looked_up)?;
                whole.rank = whole.rank.max(part.rank);
                whole.fields.extend(part.fields);
            }
            Some(whole)
        }
        Filter::Member { column, members, or_null: false, negated: false } => {
            let (Members::Folded(texts) | Members::Exact(texts)) = members else { return None };
            let (field, rank) = own_field(column)?;
            if !looked_up(field) {
                return None;
            }
            let mut values: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
            values.sort_unstable();
            Some(Terms { rank, fields: vec![(field.to_owned(), values)] })
        }
        Filter::Member { .. } | Filter::Not(_) | Filter::Ordered { .. } | Filter::Like { .. } => None,
    }
}

/// The row's own field a column reads, and how much it promises. `Who.Id` is read from `WhoId`.
fn own_field<'s>(column: &Column<'s>) -> Option<(&'s str, u8)> {
    match (column.references.as_slice(), column.leaf) {
        ([], Leaf::Field(field)) => Some((&field.name, rank(field))),
        ([reference], leaf) if leaf.kind() == FieldKind::Id => Some((&reference.name, rank(reference))),
        _ => None,
    }
}

/// Keys first, then what people are found by, then references, then lists of a few values.
fn rank(field: &FieldSchema) -> u8 {
    match field.kind {
        FieldKind::Id => 0,
        _ if field.unique || field.external_id => 0,
        FieldKind::Picklist | FieldKind::Combobox => 3,
        FieldKind::Reference => 2,
        _ => 1,
    }
}

fn look_ups(terms: &Terms) -> usize {
    terms.fields.iter().map(|(_, values)| values.len()).sum()
}
