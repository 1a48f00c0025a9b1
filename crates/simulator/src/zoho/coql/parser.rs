//! From pieces to a query.

use super::error::{Refused, limit, missing, near};
use super::lexer::Token;
use crate::zoho::problem::Problem;

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    /// What is shown: paths of names.
    pub columns: Vec<String>,
    /// The module.
    pub module: String,
    /// Which records.
    pub filter: Filter,
    /// By which columns, and whether each descends.
    pub order: Vec<(String, bool)>,
    /// How many rows are passed over, and how many shown.
    pub window: (usize, Option<usize>),
}

/// Which records.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// One condition.
    One(Condition),
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// `=`, `!=`, `>`, `>=`, `<`, `<=`, `like`, `not like`, `in`, `not in`, `between`, `not between`, `is null`,
    /// `is not null`.
    pub operator: &'static str,
    /// What it is compared with.
    pub values: Vec<String>,
}

const MOST_COLUMNS: usize = 50;
const MOST_CONDITIONS: usize = 25;
const MOST_VALUES: usize = 100;
const MOST_ORDERS: usize = 10;

/// Reads a query; with `pairs`, a third condition in a row needs parentheses.
pub fn parse(tokens: &[Token], pairs: bool) -> Refused<Query> {
    let mut parser = Parser { tokens, place: 0, conditions: 0, pairs };
    parser.expect("select")?;
    let columns = parser.columns()?;
    parser.expect("from")?;
    let module = parser.name()?;
    if !parser.takes("where") {
        return Err(missing("where"));
    }
    let filter = parser.filter()?;
    let mut order = Vec::new();
    if parser.takes("order") {
        parser.expect("by")?;
        order = parser.order()?;
    }
    let window = parser.window()?;
    match parser.tokens.get(parser.place) {
        None => Ok(Query { columns, module, filter, order, window }),
        Some(_) => Err(parser.near()),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    place: usize,
    conditions: usize,
    pairs: bool,
}

impl Parser<'_> {
    fn columns(&mut self) -> Refused<Vec<String>> {
        let mut columns = vec![self.name()?];
        while self.takes_mark(",") {
            columns.push(self.name()?);
        }
        if columns.len() > MOST_COLUMNS { Err(limit("columns", MOST_COLUMNS)) } else { Ok(columns) }
    }

    /// Conditions joined by one kind of word. Three in a row are one too many for the vendor.
    fn filter(&mut self) -> Refused<Filter> {
        let mut left = self.operand()?;
        let mut joined = 1;
        loop {
            let is_and = self.takes("and");
            if !is_and && !self.takes("or") {
                return Ok(left);
            }
            joined += 1;
            if self.pairs && joined > 2 {
                return Err(self.near());
            }
            let right = Box::new(self.operand()?);
            let whole = Box::new(left);
            left = if is_and { Filter::And(whole, right) } else { Filter::Or(whole, right) };
        }
    }

    fn operand(&mut self) -> Refused<Filter> {
        if !self.takes_mark("(") {
            return self.condition().map(Filter::One);
        }
        let inner = self.filter()?;
        if self.takes_mark(")") { Ok(inner) } else { Err(self.near()) }
    }

    fn condition(&mut self) -> Refused<Condition> {
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(limit("conditions", MOST_CONDITIONS));
        }
        let column = self.name()?;
        if self.takes("is") {
            let operator = if self.takes("not") { "is not null" } else { "is null" };
            self.expect("null")?;
            return Ok(Condition { column, operator, values: Vec::new() });
        }
        let is_not = self.takes("not");
        let (operator, values) = if self.takes("like") {
            (if is_not { "not like" } else { "like" }, vec![self.value()?])
        } else if self.takes("in") {
            (if is_not { "not in" } else { "in" }, self.list()?)
        } else if self.takes("between") {
            let from = self.value()?;
            self.expect("and")?;
            (if is_not { "not between" } else { "between" }, vec![from, self.value()?])
        } else {
            let known = ["=", "!=", ">=", "<=", ">", "<"];
            let operator = known.into_iter().find(|mark| self.takes_mark(mark)).filter(|_| !is_not);
            (operator.ok_or_else(|| self.near())?, vec![self.value()?])
        };
        Ok(Condition { column, operator, values })
    }

    fn list(&mut self) -> Refused<Vec<String>> {
        if !self.takes_mark("(") {
            return Err(self.near());
        }
        let mut values = vec![self.value()?];
        while self.takes_mark(",") {
            values.push(self.value()?);
        }
        if !self.takes_mark(")") {
            return Err(self.near());
        }
        if values.len() > MOST_VALUES { Err(limit("values", MOST_VALUES)) } else { Ok(values) }
    }

    fn order(&mut self) -> Refused<Vec<(String, bool)>> {
        let mut order = Vec::new();
        loop {
            let column = self.name()?;
            let descends = self.takes("desc");
            if !descends {
                self.takes("asc");
            }
            order.push((column, descends));
            if !self.takes_mark(",") {
                break;
            }
        }
        if order.len() > MOST_ORDERS { Err(limit("order by columns", MOST_ORDERS)) } else { Ok(order) }
    }

    /// `limit 20`, `limit 0, 20` (first how many are passed over), `offset 20`.
    fn window(&mut self) -> Refused<(usize, Option<usize>)> {
        let (mut offset, mut count) = (0, None);
        if self.takes("limit") {
            let first = self.number()?;
            if self.takes_mark(",") {
                offset = first;
                count = Some(self.number()?);
            } else {
                count = Some(first);
            }
        }
        if self.takes("offset") {
            offset = self.number()?;
        }
        Ok((offset, count))
    }

    fn number(&mut self) -> Refused<usize> {
        let found = match self.tokens.get(self.place) {
            Some(Token::Number(digits)) => digits.parse().ok(),
            _ => None,
        };
        let number = found.ok_or_else(|| self.near())?;
        self.place += 1;
        Ok(number)
    }

    fn value(&mut self) -> Refused<String> {
        let value = match self.tokens.get(self.place) {
            Some(Token::Text(text) | Token::Number(text)) => text.clone(),
            Some(Token::Word(word)) if matches!(word.as_str(), "true" | "false") => word.clone(),
            _ => return Err(self.near()),
        };
        self.place += 1;
        Ok(value)
    }

    fn name(&mut self) -> Refused<String> {
        let Some(Token::Word(word)) = self.tokens.get(self.place) else { return Err(self.near()) };
        self.place += 1;
        Ok(word.clone())
    }

    fn expect(&mut self, word: &str) -> Refused<()> {
        if self.takes(word) { Ok(()) } else { Err(self.near()) }
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.place), Some(Token::Word(known)) if known.eq_ignore_ascii_case(word));
        self.place += usize::from(found);
        found
    }

    fn takes_mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.tokens.get(self.place), Some(Token::Mark(known)) if *known == mark);
        self.place += usize::from(found);
        found
    }

    fn near(&self) -> Problem {
        near(&match self.tokens.get(self.place) {
            Some(Token::Word(text) | Token::Text(text) | Token::Number(text)) => text.clone(),
            Some(Token::Mark(mark)) => (*mark).to_owned(),
            None => "the end".to_owned(),
        })
    }
}
