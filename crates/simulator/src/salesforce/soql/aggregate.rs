//! `GROUP BY` and the aggregate functions.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Org;
use super::ast::{Call, Function, OrderKey, Ordering, Path, Selection, Statement};
use super::error::Fault;
use super::evaluate::Query;
use super::operand::Comparison;
use super::order::{self, Direction, Key};
use super::resolve::{Cell, Column, Leaf, Root};
use crate::salesforce::schema::{FieldKind, Row};

/// The most groups one answer may hold: such answers have no further pages.
const MOST_GROUPS: usize = 2_000;

/// A grouped statement bound to the schema.
pub(crate) struct Grouped<'s> {
    query: Query<'s>,
    keys: Vec<Column<'s>>,
    pub(crate) outputs: Vec<Output<'s>>,
    order: Vec<(Measure<'s>, Direction)>,
    limit: Option<usize>,
    offset: usize,
}

/// One member of a row of the answer.
pub(crate) struct Output<'s> {
    /// The alias, the field's name, or `expr0`.
    pub(crate) name: String,
    /// What is shown to people: `COUNT(Id)`.
    pub(crate) display: String,
    pub(crate) measure: Measure<'s>,
}

/// Something a group has one value of.
#[derive(Clone)]
pub(crate) enum Measure<'s> {
    /// A grouped field: the same in all rows of the group.
    Key(Column<'s>),
    Aggregate(Function, Column<'s>),
}

impl<'s> Grouped<'s> {
    pub(crate) fn bind(org: &Org<'s>, root: Root<'s, '_>, statement: &Statement<'_>) -> Result<Self, Fault> {
        let binding = Binding { org, root };
        let keys = statement.grouping.iter().map(|path| binding.key(path)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() && statement.limit.is_some() {
            let message = "Non-grouped query that uses overall aggregate functions cannot also use LIMIT";
            return Err(Fault::malformed(statement.from.at, message));
        }
        let mut outputs: Vec<Output<'s>> = Vec::new();
        for selection in &statement.selections {
            let unnamed = outputs.iter().filter(|output| output.is_unnamed()).count();
            let output = binding.output(&keys, selection, unnamed)?;
            if outputs.iter().any(|known| known.name.eq_ignore_ascii_case(&output.name)) {
                let message = format!("duplicate alias: {}", output.name);
                return Err(Fault::malformed(place(selection), message));
            }
            outputs.push(output);
        }
        let order = statement
            .ordering
            .iter()
            .map(|ordering| Ok((binding.ordering(&keys, ordering)?, Direction::of(ordering))))
            .collect::<Result<Vec<_>, Fault>>()?;
        let query = Query::of_groups(org, root, statement)?;
        let offset = statement.offset.unwrap_or(0);
        Ok(Self { query, keys, outputs, order, limit: statement.limit, offset })
    }

    /// The names of the members, in order.
    pub(crate) fn header(&self) -> Vec<String> {
        self.outputs.iter().map(|output| output.name.clone()).collect()
    }

    pub(crate) fn records(&self, org: &Org<'s>) -> Result<Vec<Value>, Fault> {
        let mut groups = self.groups(org);
        if !self.order.is_empty() {
            groups = self.sorted(org, groups);
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let groups: Vec<_> = groups.into_iter().skip(self.offset).take(limit).collect();
        if groups.len() > MOST_GROUPS {
            let message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a \
                           single batch";
            return Err(Fault::whole("EXCEEDED_ID_LIMIT", message));
        }
        Ok(groups.iter().map(|rows| self.record(org, rows)).collect())
    }

    /// Rows by equal keys, in order of first appearance. Without keys all rows are one group, even if there
    /// are none.
    fn groups(&self, org: &Org<'s>) -> Vec<Vec<&'s Row>> {
        let rows = self.query.rows(org);
        if self.keys.is_empty() {
            return vec![rows];
        }
        let mut places: HashMap<Vec<String>, usize> = HashMap::new();
        let mut groups: Vec<Vec<&'s Row>> = Vec::new();
        for row in rows {
            let key = self.keys.iter().map(|column| hashable(column, column.read(org.source, row))).collect();
            let place = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
        groups
    }

    fn sorted(&self, org: &Org<'s>, groups: Vec<Vec<&'s Row>>) -> Vec<Vec<&'s Row>> {
        let directions: Vec<Direction> = self.order.iter().map(|(_, direction)| *direction).collect();
        let keys = |rows: &[&'s Row]| -> Vec<Key> {
            self.order.iter().map(|(measure, _)| measure.order_key(org, rows)).collect()
        };
        let mut keyed: Vec<_> = groups.into_iter().map(|rows| (keys(&rows), rows)).collect();
        keyed.sort_by(|(one, _), (two, _)| order::compare(&directions, one, two));
        keyed.into_iter().map(|(_, rows)| rows).collect()
    }

    fn record(&self, org: &Org<'s>, rows: &[&'s Row]) -> Value {
        let mut record = Map::new();
        record.insert("attributes".to_owned(), json!({"type": "AggregateResult"}));
        for output in &self.outputs {
            record.insert(output.name.clone(), output.measure.value(org, rows));
        }
        Value::Object(record)
    }
}

impl Output<'_> {
    fn is_unnamed(&self) -> bool {
        self.name.strip_prefix("expr").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl<'s> Measure<'s> {
    /// The value of a group.
    fn value(&self, org: &Org<'s>, rows: &[&'s Row]) -> Value {
        let (function, column) = match self {
            Self::Key(column) => {
                return rows.first().map_or(Value::Null, |row| column.read(org.source, row).to_json());
            }
            Self::Aggregate(function, column) => (*function, column),
        };
        let cells = rows.iter().map(|row| column.read(org.source, row));
        let cells = cells.filter(|cell| !matches!(cell, Cell::Null));
        match function {
            Function::Count => Value::from(cells.count()),
            Function::CountDistinct => {
                let distinct: std::collections::HashSet<_> =
                    cells.map(|cell| hashable(column, cell)).collect();
                Value::from(distinct.len())
            }
            Function::Min | Function::Max => {
                let comparison = Comparison::of(column.leaf);
                let keyed = cells.map(|cell| (Key::of(comparison, cell), cell));
                let chosen = if function == Function::Min {
                    keyed.min_by(|(one, _), (two, _)| one.compare(two))
                } else {
                    keyed.max_by(|(one, _), (two, _)| one.compare(two))
                };
                chosen.map_or(Value::Null, |(_, cell)| cell.to_json())
            }
            Function::Sum | Function::Avg => {
                let numbers: Vec<f64> = cells.filter_map(super::filter::number).collect();
                total(&numbers, function, column.leaf.kind())
            }
        }
    }

    fn order_key(&self, org: &Org<'s>, rows: &[&'s Row]) -> Key {
        let value = self.value(org, rows);
        let comparison = match self {
            Self::Aggregate(Function::Min | Function::Max, column) | Self::Key(column) => {
                Comparison::of(column.leaf)
            }
            Self::Aggregate(..) => return value.as_f64().map_or(Key::Null, Key::Number),
        };
        match &value {
            Value::Null => Key::Null,
            value => Key::of(comparison, Cell::Stored(value)),
        }
    }
}

/// A sum of whole numbers is whole; nothing has no sum and no average.
#[expect(clippy::cast_precision_loss, reason = "no org holds 2^52 rows")]
#[expect(clippy::cast_possible_truncation, reason = "checked against the range in which f64 counts exactly")]
fn total(numbers: &[f64], function: Function, kind: FieldKind) -> Value {
    if numbers.is_empty() {
        return Value::Null;
    }
    let sum: f64 = numbers.iter().sum();
    if function == Function::Avg {
        return Value::from(sum / numbers.len() as f64);
    }
    let exact = sum.fract() == 0.0 && sum.abs() < 9_007_199_254_740_992.0;
    if kind == FieldKind::Int && exact { Value::from(sum as i64) } else { Value::from(sum) }
}

/// A cell as part of a hash key: equal for values that compare equal, empty for null.
fn hashable(column: &Column<'_>, cell: Cell<'_>) -> String {
    match Key::of(Comparison::of(column.leaf), cell) {
        Key::Null => String::new(),
        Key::Boolean(truth) => truth.to_string(),
        Key::Number(number) => number.to_string(),
        Key::Time(time) => time.to_string(),
        Key::Text(text) => text,
    }
}

/// Where a selection stands.
fn place(selection: &Selection<'_>) -> usize {
    match selection {
        Selection::Field { path, .. } => path.at(),
        Selection::CountRows { at } | Selection::Fields { at, .. } => *at,
        Selection::Aggregate { call, .. } => call.at,
        Selection::Children(statement) => statement.from.at,
        Selection::TypeOf(choice) => choice.relationship.at,
    }
}

/// What the parts of a grouped statement are looked up in.
struct Binding<'o, 's, 'a> {
    org: &'o Org<'s>,
    root: Root<'s, 'a>,
}

impl<'s> Binding<'_, 's, '_> {
    fn column(&self, path: &Path<'_>) -> Result<Column<'s>, Fault> {
        Column::resolve(self.org.source, self.root, path)
    }

    fn key(&self, path: &Path<'_>) -> Result<Column<'s>, Fault> {
        let column = self.column(path)?;
        match column.leaf {
            Leaf::Field(field) if !field.groupable => {
                let message = format!("field '{}' can not be grouped in a query call", path.text());
                Err(Fault::malformed(path.at(), message))
            }
            _ => Ok(column),
        }
    }

    fn output(
        &self,
        keys: &[Column<'s>],
        selection: &Selection<'_>,
        unnamed: usize,
    ) -> Result<Output<'s>, Fault> {
        match selection {
            Selection::Field { path, alias } => {
                let column = self.grouped(keys, path, "Field")?;
                let field = column.leaf.name().to_owned();
                let name = alias.map_or_else(|| field.clone(), |alias| alias.text.to_owned());
                Ok(Output { name, display: field, measure: Measure::Key(column) })
            }
            Selection::Aggregate { call, alias } => {
                let name = alias.map_or_else(|| format!("expr{unnamed}"), |alias| alias.text.to_owned());
                let display = format!("{}({})", call.function.name(), call.path.text());
                Ok(Output { name, display, measure: self.aggregate(call)? })
            }
            other => Err(Fault::malformed(place(other), "Grouped query cannot select this")),
        }
    }

    fn ordering(&self, keys: &[Column<'s>], ordering: &Ordering<'_>) -> Result<Measure<'s>, Fault> {
        match &ordering.key {
            OrderKey::Field(path) => self.grouped(keys, path, "Ordered field").map(Measure::Key),
            OrderKey::Aggregate(call) => self.aggregate(call),
        }
    }

    fn grouped(&self, keys: &[Column<'s>], path: &Path<'_>, what: &str) -> Result<Column<'s>, Fault> {
        let column = self.column(path)?;
        if keys.iter().any(|key| key.names() == column.names()) {
            return Ok(column);
        }
        let message = format!("{what} must be grouped or aggregated: {}", path.text());
        Err(Fault::malformed(path.at(), message))
    }

    fn aggregate(&self, call: &Call<'_>) -> Result<Measure<'s>, Fault> {
        let column = self.column(&call.path)?;
        let kind = column.leaf.kind();
        let aggregatable = match column.leaf {
            Leaf::Field(field) => field.aggregatable || (field.kind == FieldKind::Id && field.name == "Id"),
            Leaf::TypeName => false,
        };
        let fits = match call.function {
            Function::Sum | Function::Avg => kind.is_number(),
            Function::Min | Function::Max => kind != FieldKind::Boolean,
            Function::Count | Function::CountDistinct => true,
        };
        if aggregatable && fits {
            return Ok(Measure::Aggregate(call.function, column));
        }
        let message = format!(
            "field {} does not support aggregate operator {}",
            call.path.text(),
            call.function.name()
        );
        Err(Fault::malformed(call.path.at(), message))
    }
}
