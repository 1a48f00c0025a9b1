//! Gives the values of a filter the type of the field they are compared with, or refuses them.

use std::ops::Range;

use super::Org;
use super::ast::{Literal, Value};
use super::error::Fault;
use super::id;
use super::resolve::Leaf;
use crate::salesforce::schema::FieldKind;

/// A typed value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Null,
    Boolean(bool),
    Number(f64),
    /// In the case it is compared in: see [`Comparison`].
    Text(String),
    /// Days or milliseconds; a single point is a range of one.
    Time(Range<i64>),
}

/// How the values of a field compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Text whose case does not matter: both sides in lower case.
    Folded,
    /// Ids and case-sensitive text.
    Exact,
    Number,
    Boolean,
    /// Days.
    Date,
    /// Milliseconds of Unix time.
    Datetime,
    /// Milliseconds since midnight.
    Time,
}

impl Comparison {
    /// How this field compares; none for what cannot be compared at all.
    pub(crate) fn of(leaf: Leaf<'_>) -> Option<Self> {
        let case_sensitive = matches!(leaf, Leaf::Field(field) if field.case_sensitive);
        match leaf.kind() {
            FieldKind::Id | FieldKind::Reference => Some(Self::Exact),
            FieldKind::Boolean => Some(Self::Boolean),
            FieldKind::Date => Some(Self::Date),
            FieldKind::Datetime => Some(Self::Datetime),
            FieldKind::Time => Some(Self::Time),
            FieldKind::Base64 | FieldKind::Address => None,
            kind if kind.is_number() => Some(Self::Number),
            _ if case_sensitive => Some(Self::Exact),
            _ => Some(Self::Folded),
        }
    }
}

/// Types one value for a field; `path` is how the statement calls the field.
pub(crate) fn typed(
    org: &Org<'_>,
    leaf: Leaf<'_>,
    comparison: Comparison,
    path: &str,
    value: &Value<'_>,
) -> Result<Operand, Fault> {
    let operand = match (comparison, &value.literal) {
        (_, Literal::Null) => Some(Operand::Null),
        (Comparison::Exact, Literal::Text(text)) if leaf.kind().is_id() => return record_id(text, value.at),
        (Comparison::Folded | Comparison::Exact, Literal::Text(text)) if text.is_empty() => {
            Some(Operand::Null)
        }
        (Comparison::Folded, Literal::Text(text)) => Some(Operand::Text(text.to_lowercase())),
        (Comparison::Exact, Literal::Text(text)) => Some(Operand::Text(text.clone().into_owned())),
        (Comparison::Number, Literal::Number(number)) => {
            let fits = leaf.kind() != FieldKind::Int || number.fract() == 0.0;
            fits.then_some(Operand::Number(*number))
        }
        (Comparison::Boolean, Literal::Boolean(truth)) => Some(Operand::Boolean(*truth)),
        (Comparison::Date, Literal::Day(day)) => Some(Operand::Time(*day..*day + 1)),
        (Comparison::Date, Literal::Relative(relative)) => Some(Operand::Time(relative.days(org.today))),
        (Comparison::Datetime, Literal::Instant(instant)) => Some(Operand::Time(*instant..*instant + 1)),
        (Comparison::Datetime, Literal::Relative(relative)) => {
            Some(Operand::Time(relative.instants(org.today, &org.zone)))
        }
        (Comparison::Time, Literal::TimeOfDay(time)) => Some(Operand::Time(*time..*time + 1)),
        _ => None,
    };
    operand.ok_or_else(|| mistyped(leaf.kind(), path, value))
}

fn record_id(text: &str, at: usize) -> Result<Operand, Fault> {
    if text.is_empty() {
        return Ok(Operand::Null);
    }
    id::canonical(text)
        .map(Operand::Text)
        .ok_or_else(|| Fault::invalid_operator(at, format!("invalid ID field: {text}")))
}

/// The refusal of a value of the wrong type.
pub(crate) fn mistyped(kind: FieldKind, path: &str, value: &Value<'_>) -> Fault {
    let wanted = match kind {
        FieldKind::Id | FieldKind::Reference => "ID",
        FieldKind::Datetime => "dateTime",
        kind if kind.is_text() => "string",
        kind => kind.name(),
    };
    let is_text = matches!(value.literal, Literal::Text(_) | Literal::Pattern(_));
    let advice = match (kind.is_text() || kind.is_id(), is_text) {
        (true, false) => " and should be enclosed in quotes",
        (false, true) => " and should not be enclosed in quotes",
        _ => "",
    };
    let message = format!("value of filter criterion for field '{path}' must be of type {wanted}{advice}");
    Fault::invalid_field(value.at, message)
}
