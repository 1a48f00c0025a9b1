//! `((Last_Name:equals:Burns\,B)and(Phone:starts_with:+48))`: the language of searches.

use serde_json::{Value, json};

use super::problem::{Outcome, Problem};
use super::schema::{Kind, Module, Row};
use super::{ids, times};

/// One condition, or several.
#[derive(Clone, Debug)]
pub enum Criteria {
    /// All of them.
    And(Vec<Criteria>),
    /// Any of them.
    Or(Vec<Criteria>),
    /// A field, an operator, its values.
    One { field: String, kind: Kind, operator: String, values: Vec<String> },
}

impl Criteria {
    /// Reads at most so many conditions on fields of that module.
    pub fn parse(text: &str, module: &Module, most: usize) -> Outcome<Self> {
        let mut reader = Reader { rest: text.trim(), module, left: most };
        let whole = reader.group()?;
        if reader.rest.is_empty() { Ok(whole) } else { Err(invalid("the criteria cannot be read", text)) }
    }

    /// Whether a record meets it.
    pub fn holds(&self, row: &Row) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.holds(row)),
            Self::Or(any) => any.iter().any(|one| one.holds(row)),
            Self::One { field, kind, operator, values } => holds(row.get(field), *kind, operator, values),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    module: &'a Module,
    left: usize,
}

impl Reader<'_> {
    /// `(condition)`, `((…)and(…)or(…))`, or the same without the outer pair.
    fn group(&mut self) -> Outcome<Criteria> {
        let mut all = vec![self.piece()?];
        let mut is_or = None;
        loop {
            self.rest = self.rest.trim_start();
            let lower = self.rest.get(..3).unwrap_or(self.rest).to_ascii_lowercase();
            let or_here = if lower.starts_with("and") {
                self.rest = &self.rest[3..];
                false
            } else if lower.starts_with("or") {
                self.rest = &self.rest[2..];
                true
            } else {
                break;
            };
            if is_or.is_some_and(|before| before != or_here) {
                return Err(invalid("and beside or needs parentheses", self.rest));
            }
            is_or = Some(or_here);
            all.push(self.piece()?);
        }
        Ok(match (all.len(), is_or) {
            (1, _) => all.remove(0),
            (_, Some(true)) => Criteria::Or(all),
            _ => Criteria::And(all),
        })
    }

    fn piece(&mut self) -> Outcome<Criteria> {
        self.rest = self.rest.trim_start();
        let Some(inner) = self.rest.strip_prefix('(') else {
            return Err(invalid("an opening parenthesis is missing", self.rest));
        };
        self.rest = inner.trim_start();
        let read = if self.rest.starts_with('(') { self.group()? } else { self.condition()? };
        self.rest = self.rest.trim_start();
        self.rest = self
            .rest
            .strip_prefix(')')
            .ok_or_else(|| invalid("a closing parenthesis is missing", self.rest))?;
        Ok(read)
    }

    fn condition(&mut self) -> Outcome<Criteria> {
        if self.left == 0 {
            return Err(Problem::new(400, "LIMIT_EXCEEDED", "the limit of conditions is exceeded"));
        }
        self.left -= 1;
        let name = self.until(':')?;
        let operator = self.until(':')?;
        let field = self.module.field(&name).map(|field| (field.kind, field.api_name.clone()));
        let field = field.or_else(|| (name == "id").then(|| (Kind::Bigint, name.clone())));
        let Some((kind, field)) = field else {
            let details = json!({"reason": "invalid_field", "api_name": name});
            return Err(Problem::bad("INVALID_QUERY", "Invalid query formed", details));
        };
        if !allows(kind, &operator) {
            let details =
                json!({"reason": "the operator is not allowed", "api_name": name, "operator": operator});
            return Err(Problem::bad("INVALID_QUERY", "Invalid query formed", details));
        }
        Ok(Criteria::One { field, kind, operator, values: self.values()? })
    }

    fn until(&mut self, mark: char) -> Outcome<String> {
        let (text, rest) =
            self.rest.split_once(mark).ok_or_else(|| invalid("a colon is missing", self.rest))?;
        self.rest = rest;
        Ok(text.trim().to_owned())
    }

    /// Values up to the closing parenthesis; a comma divides them, a backslash takes a mark at its word.
    fn values(&mut self) -> Outcome<Vec<String>> {
        let mut values = vec![String::new()];
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => {
                    if let (Some((_, next)), Some(last)) = (letters.next(), values.last_mut()) {
                        last.push(next);
                    }
                }
                ')' => {
                    self.rest = &self.rest[at..];
                    return Ok(values);
                }
                ',' => values.push(String::new()),
                letter => {
                    if let Some(last) = values.last_mut() {
                        last.push(letter);
                    }
                }
            }
        }
        Err(invalid("a closing parenthesis is missing", self.rest))
    }
}

fn invalid(reason: &str, near: &str) -> Problem {
    let near: String = near.chars().take(40).collect();
    Problem::bad("INVALID_QUERY", "Invalid query formed", json!({"reason": reason, "near": near}))
}

fn allows(kind: Kind, operator: &str) -> bool {
    match kind {
        Kind::Boolean => matches!(operator, "equals" | "not_equal"),
        Kind::Textarea => matches!(operator, "equals" | "not_equal" | "starts_with"),
        kind if kind.is_text() => matches!(operator, "equals" | "not_equal" | "starts_with" | "in"),
        _ => matches!(
            operator,
            "equals"
                | "not_equal"
                | "in"
                | "greater_than"
                | "greater_equal"
                | "less_than"
                | "less_equal"
                | "between"
        ),
    }
}

fn holds(stored: Option<&Value>, kind: Kind, operator: &str, values: &[String]) -> bool {
    let first = values.first().map_or("", String::as_str);
    if kind.is_text() {
        let stored = stored.and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let is_like = |value: &String| stored.contains(&value.to_lowercase());
        return match operator {
            // The vendor's equality of texts is that one contains the other.
            "equals" => !stored.is_empty() && is_like(&values.join(",")),
            "not_equal" => !is_like(&values.join(",")),
            "starts_with" => !stored.is_empty() && stored.starts_with(&values.join(",").to_lowercase()),
            _ => values.iter().any(|value| stored == value.trim().to_lowercase()),
        };
    }
    let number = |text: &str| match kind {
        Kind::Datetime => times::parse_datetime(text).map(|seconds| json!(seconds)),
        Kind::Boolean => text.trim().parse::<bool>().ok().map(Value::Bool),
        kind if kind.is_number() && ids::parse(text).is_none() => {
            text.trim().parse::<f64>().ok().map(|number| json!(number))
        }
        _ => Some(json!(text.trim())),
    };
    let compared = |text: &str| {
        let value = number(text)?;
        let missing = json!(false);
        let stored = stored.or(if kind == Kind::Boolean { Some(&missing) } else { None })?;
        Some(super::coql::compare(Some(stored), Some(&value)))
    };
    let first = compared(first);
    match operator {
        "equals" => first == Some(std::cmp::Ordering::Equal),
        "not_equal" => first != Some(std::cmp::Ordering::Equal),
        "in" => values.iter().any(|value| compared(value) == Some(std::cmp::Ordering::Equal)),
        "greater_than" => first.is_some_and(std::cmp::Ordering::is_gt),
        "greater_equal" => first.is_some_and(std::cmp::Ordering::is_ge),
        "less_than" => first.is_some_and(std::cmp::Ordering::is_lt),
        "less_equal" => first.is_some_and(std::cmp::Ordering::is_le),
        _ => {
            let last = values.get(1).and_then(|value| compared(value));
            first.is_some_and(std::cmp::Ordering::is_ge) && last.is_some_and(std::cmp::Ordering::is_le)
        }
    }
}
