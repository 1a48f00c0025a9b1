//! Reads `WHERE`: conditions, comparisons and the values they compare with.

use super::ast::{Condition, Literal, Operator, Path, Value};
use super::dates::{self, Relative};
use super::error::Fault;
use super::lexer::{Kind, Token};
use super::parser::Parser;
use super::text;

/// The longest text a filter may compare with.
const LONGEST_TEXT: usize = 4_000;

impl<'a> Parser<'a> {
    /// One kind of connective at a time: a mix of AND and OR needs parentheses, and so does NOT anywhere
    /// but in front.
    pub(crate) fn condition(&mut self) -> Result<Condition<'a>, Fault> {
        if self.accept("NOT") {
            return Ok(Condition::Not(Box::new(self.simple_condition()?)));
        }
        let first = self.simple_condition()?;
        let connective = self.peek();
        let (word, combine): (_, fn(Vec<Condition<'a>>) -> Condition<'a>) = match connective {
            token if token.is_word("AND") => ("AND", Condition::All),
            token if token.is_word("OR") => ("OR", Condition::Any),
            _ => return Ok(first),
        };
        let mut conditions = vec![first];
        while self.accept(word) {
            conditions.push(self.simple_condition()?);
        }
        Ok(combine(conditions))
    }

    fn simple_condition(&mut self) -> Result<Condition<'a>, Fault> {
        if self.accept_symbol("(") {
            let inside = self.nested(Self::condition)?;
            self.symbol(")")?;
            return Ok(inside);
        }
        let path = self.path()?;
        self.comparison(path)
    }

    fn comparison(&mut self, path: Path<'a>) -> Result<Condition<'a>, Fault> {
        if self.accept("NOT") {
            self.keyword("IN")?;
            return self.within(path, true);
        }
        if self.accept("IN") {
            return self.within(path, false);
        }
        if self.accept("INCLUDES") || self.accept("EXCLUDES") {
            self.values()?;
            return Ok(Condition::Includes(path));
        }
        let operator = self.operator()?;
        let value = if operator == Operator::Like { self.pattern()? } else { self.value()? };
        Ok(Condition::Compare { path, operator, value })
    }

    fn within(&mut self, path: Path<'a>, negated: bool) -> Result<Condition<'a>, Fault> {
        if self.peek().is_symbol("(") && self.peek_at(1).is_word("SELECT") {
            self.take();
            self.take();
            let query = Box::new(self.nested(Self::select)?);
            self.symbol(")")?;
            return Ok(Condition::WithinQuery { path, negated, query });
        }
        let values = self.values()?;
        Ok(Condition::Within { path, negated, values })
    }

    fn values(&mut self) -> Result<Vec<Value<'a>>, Fault> {
        self.symbol("(")?;
        let values = self.list(Self::value)?;
        self.symbol(")")?;
        Ok(values)
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        let token = self.peek();
        let operator = match (token.kind, token.text) {
            (Kind::Symbol, "=") => Operator::Equal,
            (Kind::Symbol, "!=" | "<>") => Operator::NotEqual,
            (Kind::Symbol, "<") => Operator::Less,
            (Kind::Symbol, "<=") => Operator::LessOrEqual,
            (Kind::Symbol, ">") => Operator::Greater,
            (Kind::Symbol, ">=") => Operator::GreaterOrEqual,
            _ if token.is_word("LIKE") => Operator::Like,
            _ => return Err(self.unexpected()),
        };
        self.take();
        Ok(operator)
    }

    /// What follows `LIKE`: only here may a text protect its wildcards.
    fn pattern(&mut self) -> Result<Value<'a>, Fault> {
        let token = self.peek();
        if token.kind != Kind::Text {
            return self.value();
        }
        self.take();
        let pattern =
            short(token).and_then(|()| text::pattern(token.text).map_err(|e| illegal(token, &e)))?;
        Ok(Value { literal: Literal::Pattern(pattern), at: token.at })
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        let token = self.peek();
        let literal = match token.kind {
            Kind::Text => {
                short(token)?;
                Literal::Text(text::unescape(token.text).map_err(|sequence| illegal(token, &sequence))?)
            }
            Kind::Literal => literal(token)?,
            Kind::Word if token.is_word("NULL") => Literal::Null,
            Kind::Word if token.is_word("TRUE") => Literal::Boolean(true),
            Kind::Word if token.is_word("FALSE") => Literal::Boolean(false),
            Kind::Word => return self.relative(),
            Kind::Symbol | Kind::End => return Err(self.unexpected()),
        };
        self.take();
        Ok(Value { literal, at: token.at })
    }

    /// `TODAY`, `LAST_N_DAYS:7`.
    fn relative(&mut self) -> Result<Value<'a>, Fault> {
        let name = self.peek();
        let count = if Relative::takes_count(name.text) {
            self.take();
            self.symbol(":")?;
            let count = self.peek();
            let number = count.text.parse().ok().filter(|_| count.kind == Kind::Literal);
            Some(number.ok_or_else(|| self.unexpected())?)
        } else {
            None
        };
        let relative = Relative::named(name.text, count).ok_or_else(|| self.unexpected())?;
        self.take();
        Ok(Value { literal: Literal::Relative(relative), at: name.at })
    }
}

fn short(token: Token<'_>) -> Result<(), Fault> {
    if token.text.chars().nth(LONGEST_TEXT).is_none() {
        return Ok(());
    }
    let message = format!("maximum length of a filter value is {LONGEST_TEXT} characters");
    Err(Fault::invalid_operator(token.at, message))
}

fn illegal(token: Token<'_>, sequence: &str) -> Fault {
    let message = format!(
        "Invalid string literal '{}'. Illegal character sequence '{sequence}' in string literal.",
        token.text
    );
    Fault::malformed(token.at, message)
}

/// An unquoted value that begins like a number.
fn literal(token: Token<'_>) -> Result<Literal<'static>, Fault> {
    let text = token.text;
    if let Some(number) = number(text) {
        return Ok(Literal::Number(number));
    }
    let read = dates::day(text)
        .map(Literal::Day)
        .or_else(|| dates::instant(text).map(Literal::Instant))
        .or_else(|| dates::time_of_day(text).map(Literal::TimeOfDay));
    if let Some(literal) = read {
        return Ok(literal);
    }
    if dates::looks_like_day(text) {
        return Err(Fault::invalid_operator(token.at, format!("Invalid date: {text}")));
    }
    if dates::looks_like_instant(text) && text.ends_with(|c: char| c == 'Z' || c.is_ascii_digit()) {
        let zoned = text.get(19..).is_some_and(|tail| tail.contains(['Z', '+', '-']));
        if zoned {
            return Err(Fault::invalid_operator(token.at, format!("Invalid datetime: {text}")));
        }
    }
    Err(Fault::unexpected(token))
}

/// Digits with at most one point; no exponents, no names of infinities.
fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| text.parse().ok()).flatten()
}
