//! From a query to the records that it means.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::error::{Refused, column};
use super::parser::{Condition, Filter};
use crate::zoho::modules::ANY_MODULE;
use crate::zoho::schema::{Kind, Module, Row};
use crate::zoho::state::{Caller, State, text};
use crate::zoho::{lists, people, show, times};

/// What a column means: its own field, or a field of what a lookup points at.
#[derive(Clone, Debug)]
pub struct Path {
    /// The first name.
    pub first: String,
    /// The second, behind a dot, and the module that it is in.
    pub second: Option<(String, String)>,
    /// What its values are.
    pub kind: Kind,
}

/// The path that a column names.
pub fn path(state: &State, caller: &Caller, module: &Module, name: &str) -> Refused<Path> {
    let unknown = || column(name, "the column given seems to be invalid");
    let (first, second) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    if first == "id" && second.is_none() {
        return Ok(Path { first: "id".to_owned(), second: None, kind: Kind::Lookup });
    }
    let is_hidden = |module: &str, field: &str| state.is_hidden(caller, module, field);
    let field = module.field(first).filter(|field| !is_hidden(&module.api_name, &field.api_name));
    let field = field.ok_or_else(unknown)?;
    let Some(second) = second else {
        return Ok(Path { first: first.to_owned(), second: None, kind: field.kind });
    };
    let target = match (field.kind, field.lookup.as_deref()) {
        (Kind::Ownerlookup, _) => "Users",
        (_, Some(ANY_MODULE) | None) => return Err(unknown()),
        (_, Some(target)) => target,
    };
    let kind = match (target, second) {
        (_, "id") => Kind::Lookup,
        ("Users", _) => Kind::Text,
        (target, second) => {
            state.any_module(target).and_then(|module| module.field(second)).ok_or_else(unknown)?.kind
        }
    };
    Ok(Path { first: first.to_owned(), second: Some((target.to_owned(), second.to_owned())), kind })
}

impl Path {
    /// The stored value.
    fn value<'a>(&self, state: &'a State, row: &'a Row) -> Option<&'a Value> {
        let own = row.get(&self.first);
        match &self.second {
            None => own,
            Some((_, second)) if second == "id" => own,
            Some((target, second)) => state.store.get(target, own?.as_str()?)?.get(second),
        }
    }

    /// The value as the answer says it.
    pub fn shown(&self, state: &State, caller: &Caller, module: &Module, row: &Row) -> Value {
        if self.first == "id" {
            return json!(text(row, "id"));
        }
        let Some(value) = self.value(state, row) else {
            return if self.kind == Kind::Boolean { json!(false) } else { Value::Null };
        };
        match (self.kind, value, &self.second) {
            (Kind::Datetime, Value::Number(at), _) => {
                json!(State::stamp(caller, at.as_i64().unwrap_or_default()))
            }
            (Kind::Ownerlookup | Kind::Lookup, Value::String(id), None) => {
                let field = module.field(&self.first);
                let linked = match field.filter(|field| field.kind == Kind::Lookup) {
                    Some(field) => show::linked(state, field, row, id),
                    None => people::named(state, id, false),
                };
                if caller.version >= 70 { linked } else { json!({"id": id}) }
            }
            _ => value.clone(),
        }
    }
}

/// The records of that module that the filter lets through, in order.
pub fn rows<'a>(
    state: &'a State,
    caller: &Caller,
    module: &Module,
    filter: &Filter,
    order: &[(String, bool)],
) -> Refused<Vec<&'a Row>> {
    let filter = Bound::of(state, caller, module, filter)?;
    let order = order.iter().map(|(name, descends)| Ok((path(state, caller, module, name)?, *descends)));
    let order = order.collect::<Refused<Vec<_>>>()?;
    let candidates = filter.candidates(state, &module.api_name);
    let candidates: Box<dyn Iterator<Item = &Row>> = match candidates {
        Some(rows) => Box::new(rows.into_iter()),
        None => Box::new(state.store.live_rows(&module.api_name)),
    };
    let mut found: Vec<&Row> = candidates.filter(|row| filter.holds(state, row)).collect();
    found.sort_by(|one, other| {
        let by_columns = order.iter().map(|(path, descends)| {
            let order = compare(path.value(state, one), path.value(state, other));
            if *descends { order.reverse() } else { order }
        });
        by_columns.fold(Ordering::Equal, Ordering::then).then_with(|| lists::by_id(one, other))
    });
    found.dedup_by_key(|row| text(row, "id").to_owned());
    Ok(found)
}

/// A filter whose columns are known.
enum Bound {
    And(Box<Bound>, Box<Bound>),
    Or(Box<Bound>, Box<Bound>),
    One(Path, Condition),
}

impl Bound {
    fn of(state: &State, caller: &Caller, module: &Module, filter: &Filter) -> Refused<Self> {
        let bind = |inner: &Filter| Self::of(state, caller, module, inner).map(Box::new);
        Ok(match filter {
            Filter::And(one, other) => Self::And(bind(one)?, bind(other)?),
            Filter::Or(one, other) => Self::Or(bind(one)?, bind(other)?),
            Filter::One(condition) => {
                let path = path(state, caller, module, &condition.column)?;
                if path.kind == Kind::Textarea {
                    return Err(column(&condition.column, "multi-line fields cannot be filtered"));
                }
                if condition.operator.ends_with("like") && !path.kind.is_text() {
                    return Err(column(&condition.column, "the operator is not allowed for the column"));
                }
                Self::One(path, condition.clone())
            }
        })
    }

    /// A few records among which all that hold are, where an index says so.
    fn candidates<'a>(&self, state: &'a State, module: &str) -> Option<Vec<&'a Row>> {
        match self {
            Self::And(one, other) => {
                one.candidates(state, module).or_else(|| other.candidates(state, module))
            }
            Self::Or(one, other) => {
                let mut rows = one.candidates(state, module)?;
                rows.extend(other.candidates(state, module)?);
                Some(rows)
            }
            Self::One(path, condition) => {
                let is_plain = path.second.is_none() && matches!(condition.operator, "=" | "in");
                if !is_plain || !state.store.has_index(module, &path.first) {
                    return None;
                }
                let by_value = |value: &String| match path.first.as_str() {
                    "id" => state.store.live(module, value).into_iter().collect(),
                    field => state.store.find(module, field, value),
                };
                Some(condition.values.iter().flat_map(by_value).collect())
            }
        }
    }

    fn holds(&self, state: &State, row: &Row) -> bool {
        match self {
            Self::And(one, other) => one.holds(state, row) && other.holds(state, row),
            Self::Or(one, other) => one.holds(state, row) || other.holds(state, row),
            Self::One(path, condition) => {
                let missing = json!(false);
                let stored = path.value(state, row).or((path.kind == Kind::Boolean).then_some(&missing));
                meets(stored, path.kind, condition)
            }
        }
    }
}

fn meets(stored: Option<&Value>, kind: Kind, condition: &Condition) -> bool {
    match condition.operator {
        "is null" => return stored.is_none(),
        "is not null" => return stored.is_some(),
        _ => {}
    }
    let against = |value: &String| Some(compare(Some(stored?), Some(&typed(kind, value))));
    let first = condition.values.first().and_then(against);
    let is_any = || condition.values.iter().any(|value| against(value) == Some(Ordering::Equal));
    let is_between = || {
        let last = condition.values.get(1).and_then(against);
        first.is_some_and(Ordering::is_ge) && last.is_some_and(Ordering::is_le)
    };
    let is_like = || stored.and_then(Value::as_str).is_some_and(|text| like(text, &condition.values[0]));
    match condition.operator {
        "=" => first == Some(Ordering::Equal),
        "!=" => first != Some(Ordering::Equal),
        ">" => first.is_some_and(Ordering::is_gt),
        ">=" => first.is_some_and(Ordering::is_ge),
        "<" => first.is_some_and(Ordering::is_lt),
        "<=" => first.is_some_and(Ordering::is_le),
        "in" => is_any(),
        "not in" => !is_any(),
        "between" => is_between(),
        "not between" => !is_between(),
        "like" => is_like(),
        _ => !is_like(),
    }
}

/// A value of a query in the form in which rows keep such.
fn typed(kind: Kind, value: &str) -> Value {
    let plain = || json!(value);
    match kind {
        Kind::Datetime => times::parse_datetime(value).map_or_else(plain, |seconds| json!(seconds)),
        Kind::Boolean => value.parse::<bool>().map_or_else(|_| plain(), Value::Bool),
        kind if kind.is_number() => value.parse::<f64>().map_or_else(|_| plain(), |number| json!(number)),
        _ => plain(),
    }
}

/// Whether a text is like a pattern, whose `%` stands for anything.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let pieces: Vec<&str> = pattern.split('%').collect();
    let [first, inner @ .., last] = pieces.as_slice() else { return text == pattern };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for piece in inner {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Null before everything, numbers by size, the rest as text.
pub fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(one), Some(other)) => match (one.as_f64(), other.as_f64(), one.as_str(), other.as_str()) {
            (Some(one), Some(other), ..) => one.total_cmp(&other),
            (_, _, Some(one), Some(other)) => one.cmp(other),
            _ => one.to_string().cmp(&other.to_string()),
        },
    }
}
