//! A `WHERE` bound to the schema, ready to be asked about rows.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Org;
use super::ast::{Condition, Literal, Operator, Path, Statement, Value};
use super::dates;
use super::error::Fault;
use super::evaluate;
use super::like::Pattern;
use super::operand::{Comparison, Operand, mistyped, typed};
use super::resolve::{Cell, Column, Leaf, Root};
use crate::salesforce::schema::Row;

/// What a row must satisfy. Two-valued: a comparison with a null is false, and NOT makes it true.
pub(crate) enum Filter<'s> {
    All(Vec<Filter<'s>>),
    Any(Vec<Filter<'s>>),
    Not(Box<Filter<'s>>),
    /// `=`, `!=`, `IN` and `NOT IN`.
    Member {
        column: Column<'s>,
        members: Members,
        or_null: bool,
        negated: bool,
    },
    /// `<`, `<=`, `>` and `>=`; no row is ordered against null.
    Ordered {
        column: Column<'s>,
        comparison: Comparison,
        operator: Operator,
        operand: Operand,
    },
    Like {
        column: Column<'s>,
        pattern: Pattern,
        folded: bool,
    },
}

/// A set of values of one type.
pub(crate) enum Members {
    /// Compared in lower case.
    Folded(HashSet<String>),
    Exact(HashSet<String>),
    /// The bit patterns of the numbers.
    Numbers(HashSet<u64>),
    Booleans {
        yes: bool,
        no: bool,
    },
    Times {
        comparison: Comparison,
        points: HashSet<i64>,
        spans: Vec<Range<i64>>,
    },
}

impl<'s> Filter<'s> {
    /// Does the row satisfy the whole condition?
    pub(crate) fn accepts(&self, org: &Org<'s>, row: &'s Row) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.accepts(org, row)),
            Self::Any(filters) => filters.iter().any(|filter| filter.accepts(org, row)),
            Self::Not(filter) => !filter.accepts(org, row),
            Self::Member { column, members, or_null, negated } => {
                let cell = column.read(org.source, row);
                let is_null = matches!(cell, Cell::Null);
                let found = (is_null && *or_null) || members.contain(cell);
                found != *negated
            }
            Self::Ordered { column, comparison, operator, operand } => {
                let place = place(*comparison, column.read(org.source, row), operand);
                match operator {
                    Operator::Less => place == Some(Ordering::Less),
                    Operator::LessOrEqual => place.is_some_and(Ordering::is_le),
                    Operator::Greater => place == Some(Ordering::Greater),
                    Operator::GreaterOrEqual => place.is_some_and(Ordering::is_ge),
                    Operator::Equal | Operator::NotEqual | Operator::Like => false,
                }
            }
            Self::Like { column, pattern, folded } => {
                column.read(org.source, row).text().is_some_and(|text| {
                    if *folded { pattern.matches(&fold(text)) } else { pattern.matches(text) }
                })
            }
        }
    }
}

/// Where a value stands relative to the operand: before, inside or after it.
fn place(comparison: Comparison, cell: Cell<'_>, operand: &Operand) -> Option<Ordering> {
    match operand {
        Operand::Text(wanted) if comparison == Comparison::Folded => {
            Some(fold(cell.text()?).as_ref().cmp(wanted.as_str()))
        }
        Operand::Text(wanted) => Some(cell.text()?.cmp(wanted.as_str())),
        Operand::Number(wanted) => number(cell)?.partial_cmp(wanted),
        Operand::Time(span) => {
            let time = time(comparison, cell)?;
            Some(match time {
                time if time < span.start => Ordering::Less,
                time if time >= span.end => Ordering::Greater,
                _ => Ordering::Equal,
            })
        }
        Operand::Null | Operand::Boolean(_) => None,
    }
}

impl Members {
    fn new(comparison: Comparison) -> Self {
        match comparison {
            Comparison::Folded => Self::Folded(HashSet::new()),
            Comparison::Exact => Self::Exact(HashSet::new()),
            Comparison::Number => Self::Numbers(HashSet::new()),
            Comparison::Boolean => Self::Booleans { yes: false, no: false },
            Comparison::Date | Comparison::Datetime | Comparison::Time => {
                Self::Times { comparison, points: HashSet::new(), spans: Vec::new() }
            }
        }
    }

    fn insert(&mut self, operand: Operand) {
        match (self, operand) {
            (Self::Folded(texts) | Self::Exact(texts), Operand::Text(text)) => {
                texts.insert(text);
            }
            (Self::Numbers(numbers), Operand::Number(number)) => {
                numbers.insert(bits(number));
            }
            (Self::Booleans { yes, no }, Operand::Boolean(truth)) => {
                *(if truth { yes } else { no }) = true;
            }
            (Self::Times { points, spans, .. }, Operand::Time(span)) => {
                if span.end - span.start == 1 {
                    points.insert(span.start);
                } else if !spans.contains(&span) {
                    spans.push(span);
                }
            }
            _ => {}
        }
    }

    /// Takes in the values of another set of the same field.
    fn absorb(&mut self, other: Self) {
        match (self, other) {
            (Self::Folded(texts), Self::Folded(more)) | (Self::Exact(texts), Self::Exact(more)) => {
                texts.extend(more);
            }
            (Self::Numbers(numbers), Self::Numbers(more)) => numbers.extend(more),
            (Self::Booleans { yes, no }, Self::Booleans { yes: also_yes, no: also_no }) => {
                *yes |= also_yes;
                *no |= also_no;
            }
            (Self::Times { points, spans, .. }, Self::Times { points: more, spans: others, .. }) => {
                points.extend(more);
                spans.extend(others);
            }
            _ => {}
        }
    }

    fn contain(&self, cell: Cell<'_>) -> bool {
        match self {
            Self::Folded(texts) => cell.text().is_some_and(|text| texts.contains(fold(text).as_ref())),
            Self::Exact(texts) => cell.text().is_some_and(|text| texts.contains(text)),
            Self::Numbers(numbers) => number(cell).is_some_and(|number| numbers.contains(&bits(number))),
            Self::Booleans { yes, no } => {
                if truth(cell) {
                    *yes
                } else {
                    *no
                }
            }
            Self::Times { comparison, points, spans } => time(*comparison, cell)
                .is_some_and(|time| points.contains(&time) || spans.iter().any(|span| span.contains(&time))),
        }
    }
}

/// Joins alternatives about one field, `Phone = 'a' OR Phone = 'b'`, into one set.
fn merged(filters: Vec<Filter<'_>>) -> Vec<Filter<'_>> {
    let mut places: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut kept: Vec<Filter<'_>> = Vec::new();
    for filter in filters {
        let Filter::Member { column, members, or_null, negated: false } = filter else {
            kept.push(filter);
            continue;
        };
        let place = *places.entry(column.names()).or_insert(kept.len());
        if let Some(Filter::Member { members: known, or_null: known_null, .. }) = kept.get_mut(place) {
            known.absorb(members);
            *known_null |= or_null;
        } else {
            kept.push(Filter::Member { column, members, or_null, negated: false });
        }
    }
    kept
}

/// Lower case, copied only when something changes.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    let unchanged = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if unchanged { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// A number as a hash key; zero has one sign.
fn bits(number: f64) -> u64 {
    if number == 0.0 { 0 } else { number.to_bits() }
}

pub(crate) fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Stored(value) => value.as_f64(),
        Cell::Null | Cell::TypeName(_) => None,
    }
}

/// A boolean out of reach, behind a missing parent, counts as false.
fn truth(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Stored(serde_json::Value::Bool(true)))
}

pub(crate) fn time(comparison: Comparison, cell: Cell<'_>) -> Option<i64> {
    let text = cell.text()?;
    match comparison {
        Comparison::Date => dates::day(text),
        Comparison::Datetime => dates::instant(text),
        Comparison::Time => dates::time_of_day(text),
        _ => None,
    }
}

/// Binds the conditions of one statement.
pub(crate) struct Binder<'o, 's, 'a> {
    pub(crate) org: &'o Org<'s>,
    pub(crate) root: Root<'s, 'a>,
    /// Inside the statement of an `IN (SELECT …)`, where no further one may stand.
    pub(crate) nested: bool,
}

impl<'s> Binder<'_, 's, '_> {
    /// Looks up every name, types every value and runs the inner statements.
    pub(crate) fn bind(&self, condition: &Condition<'_>) -> Result<Filter<'s>, Fault> {
        self.bind_below(condition, false)
    }

    fn bind_below(&self, condition: &Condition<'_>, below_or: bool) -> Result<Filter<'s>, Fault> {
        let bind_each = |conditions: &[Condition<'_>], below_or| {
            conditions.iter().map(|one| self.bind_below(one, below_or)).collect::<Result<Vec<_>, _>>()
        };
        match condition {
            Condition::All(conditions) => Ok(Filter::All(bind_each(conditions, below_or)?)),
            Condition::Any(conditions) => Ok(Filter::Any(merged(bind_each(conditions, true)?))),
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.bind_below(inner, below_or)?))),
            Condition::Compare { path, operator, value } => self.compare(path, *operator, value),
            Condition::Within { path, negated, values } => self.within(path, *negated, values),
            Condition::WithinQuery { path, negated, query } => {
                if below_or {
                    let message = "Semi join sub-selects are not allowed with the 'OR' operator";
                    return Err(Fault::malformed(path.at(), message));
                }
                self.within_query(path, *negated, query)
            }
            Condition::Includes(path) => {
                self.column(path)?;
                let message = "includes and excludes operators are only valid on multipicklist fields";
                Err(Fault::invalid_operator(path.at(), message))
            }
        }
    }

    fn column(&self, path: &Path<'_>) -> Result<(Column<'s>, Comparison), Fault> {
        let column = Column::resolve(self.org.source, self.root, path)?;
        let filterable = match column.leaf {
            Leaf::Field(field) => field.filterable,
            Leaf::TypeName => true,
        };
        if let Some(comparison) = Comparison::of(column.leaf).filter(|_| filterable) {
            return Ok((column, comparison));
        }
        let message = format!("field '{}' can not be filtered in a query call", path.text());
        Err(Fault::invalid_field(path.at(), message))
    }

    fn compare(&self, path: &Path<'_>, operator: Operator, value: &Value<'_>) -> Result<Filter<'s>, Fault> {
        let (column, comparison) = self.column(path)?;
        if operator == Operator::Like {
            return like(column, comparison, path, value);
        }
        let operand = typed(self.org, column.leaf, comparison, &path.text(), value)?;
        match operator {
            Operator::Equal | Operator::NotEqual => {
                let or_null = operand == Operand::Null;
                let mut members = Members::new(comparison);
                members.insert(operand);
                Ok(Filter::Member { column, members, or_null, negated: operator == Operator::NotEqual })
            }
            _ if comparison == Comparison::Boolean => {
                Err(Fault::invalid_operator(path.at(), "invalid operator on boolean field"))
            }
            _ => Ok(Filter::Ordered { column, comparison, operator, operand }),
        }
    }

    fn within(&self, path: &Path<'_>, negated: bool, values: &[Value<'_>]) -> Result<Filter<'s>, Fault> {
        let (column, comparison) = self.column(path)?;
        let text = path.text();
        let mut members = Members::new(comparison);
        let mut or_null = false;
        for value in values {
            let operand = typed(self.org, column.leaf, comparison, &text, value)?;
            or_null |= operand == Operand::Null;
            members.insert(operand);
        }
        Ok(Filter::Member { column, members, or_null, negated })
    }

    fn within_query(
        &self,
        path: &Path<'_>,
        negated: bool,
        query: &Statement<'_>,
    ) -> Result<Filter<'s>, Fault> {
        let (column, _) = self.column(path)?;
        if self.nested {
            let message = "Nesting of semi join sub-selects is not supported";
            return Err(Fault::malformed(path.at(), message));
        }
        if !column.leaf.kind().is_id() {
            let message =
                format!("'{}' is not an ID or reference field: it cannot be semi joined", path.text());
            return Err(Fault::invalid_field(path.at(), message));
        }
        let ids = evaluate::ids(self.org, query)?;
        Ok(Filter::Member { column, members: Members::Exact(ids), or_null: false, negated })
    }
}

fn like<'s>(
    column: Column<'s>,
    comparison: Comparison,
    path: &Path<'_>,
    value: &Value<'_>,
) -> Result<Filter<'s>, Fault> {
    let kind = column.leaf.kind();
    if !kind.is_text() {
        let message = format!("invalid operator on {} field", kind.name());
        return Err(Fault::invalid_operator(path.at(), message));
    }
    let Literal::Pattern(pattern) = &value.literal else {
        return Err(mistyped(kind, &path.text(), value));
    };
    let folded = comparison == Comparison::Folded;
    let pattern = if folded { pattern.folded() } else { pattern.clone() };
    Ok(Filter::Like { column, pattern, folded })
}
