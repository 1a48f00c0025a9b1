//! The shape of a statement once read, before any name in it is looked up. Every part that can be
//! refused later keeps its byte offset.

use std::borrow::Cow;

use super::dates::Relative;
use super::like::Pattern;

/// A word of the statement and where it stood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

/// A field, possibly through parents: `LastName`, `Account.Owner.Name`, `c.Id`. Never empty.
#[derive(Clone, Debug)]
pub(crate) struct Path<'a> {
    pub(crate) parents: Vec<Name<'a>>,
    pub(crate) field: Name<'a>,
}

impl Path<'_> {
    /// Where the path begins.
    pub(crate) fn at(&self) -> usize {
        self.parents.first().map_or(self.field.at, |parent| parent.at)
    }

    /// The path as it was written.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for parent in &self.parents {
            text.push_str(parent.text);
            text.push('.');
        }
        text.push_str(self.field.text);
        text
    }
}

/// A whole `SELECT`.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) selections: Vec<Selection<'a>>,
    pub(crate) from: Name<'a>,
    pub(crate) alias: Option<Name<'a>>,
    pub(crate) filter: Option<Condition<'a>>,
    pub(crate) grouping: Vec<Path<'a>>,
    pub(crate) ordering: Vec<Ordering<'a>>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: Option<usize>,
}

/// One entry of the select list.
#[derive(Debug)]
pub(crate) enum Selection<'a> {
    /// A field; only grouped queries may give it an alias.
    Field { path: Path<'a>, alias: Option<Name<'a>> },
    /// `COUNT()`, the only thing selected.
    CountRows { at: usize },
    /// `MAX(Amount) biggest`.
    Aggregate { call: Call<'a>, alias: Option<Name<'a>> },
    /// `FIELDS(ALL)` and its two sisters.
    Fields { set: FieldSet, at: usize },
    /// `(SELECT … FROM Contacts)`.
    Children(Box<Statement<'a>>),
    /// `TYPEOF Who WHEN Contact THEN Phone ELSE Name END`.
    TypeOf(TypeOf<'a>),
}

/// An aggregate function applied to a field.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) function: Function,
    pub(crate) path: Path<'a>,
    pub(crate) at: usize,
}

/// The aggregate functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Min,
    Max,
    Sum,
    Avg,
}

impl Function {
    /// The function of that name, in whatever case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let functions = [Self::Count, Self::CountDistinct, Self::Min, Self::Max, Self::Sum, Self::Avg];
        functions.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }

    /// Its canonical spelling.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::CountDistinct => "COUNT_DISTINCT",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Sum => "SUM",
            Self::Avg => "AVG",
        }
    }
}

/// Which fields `FIELDS(…)` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldSet {
    All,
    Standard,
    Custom,
}

/// A choice of fields by the type of the record a polymorphic reference leads to.
#[derive(Debug)]
pub(crate) struct TypeOf<'a> {
    pub(crate) relationship: Name<'a>,
    pub(crate) branches: Vec<(Name<'a>, Vec<Path<'a>>)>,
    pub(crate) otherwise: Vec<Path<'a>>,
}

/// What a row must satisfy.
#[derive(Debug)]
pub(crate) enum Condition<'a> {
    All(Vec<Condition<'a>>),
    Any(Vec<Condition<'a>>),
    Not(Box<Condition<'a>>),
    Compare {
        path: Path<'a>,
        operator: Operator,
        value: Value<'a>,
    },
    Within {
        path: Path<'a>,
        negated: bool,
        values: Vec<Value<'a>>,
    },
    WithinQuery {
        path: Path<'a>,
        negated: bool,
        query: Box<Statement<'a>>,
    },
    /// `INCLUDES` and `EXCLUDES`; no field of the org is a multi-select picklist, so only the field matters.
    Includes(Path<'a>),
}

/// The comparisons that take one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

/// A value as written, and where.
#[derive(Debug)]
pub(crate) struct Value<'a> {
    pub(crate) literal: Literal<'a>,
    pub(crate) at: usize,
}

/// The kinds of value a statement can hold.
#[derive(Debug)]
pub(crate) enum Literal<'a> {
    Null,
    Boolean(bool),
    Number(f64),
    /// Escapes already resolved.
    Text(Cow<'a, str>),
    /// A text compared with `LIKE`.
    Pattern(Pattern),
    /// Days since 1970-01-01.
    Day(i64),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// Milliseconds since midnight.
    TimeOfDay(i64),
    /// `TODAY`, `LAST_N_DAYS:7`…
    Relative(Relative),
}

/// One entry of `ORDER BY`.
#[derive(Debug)]
pub(crate) struct Ordering<'a> {
    pub(crate) key: OrderKey<'a>,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}

/// What rows are ordered by.
#[derive(Debug)]
pub(crate) enum OrderKey<'a> {
    Field(Path<'a>),
    Aggregate(Call<'a>),
}
