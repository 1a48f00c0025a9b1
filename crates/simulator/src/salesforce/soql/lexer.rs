//! Cuts a statement into tokens that remember where they stood. Nothing is copied and nothing is
//! interpreted here: a text keeps its escapes, a number may turn out to be a date.

use super::error::Fault;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name.
    Word,
    /// The inside of a quoted text, escapes untouched; `at` is the opening quote.
    Text,
    /// A number, a date or a datetime.
    Literal,
    /// Punctuation or a comparison operator.
    Symbol,
    /// Past the last character.
    End,
}

/// One token of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    /// Byte offset in the statement.
    pub(crate) at: usize,
}

impl Token<'_> {
    /// Is this the given keyword, in whatever case?
    pub(crate) fn is_word(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Is this the given punctuation?
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }
}

/// Tokens of `statement` from byte `start` on, always closed by one [`Kind::End`].
pub(crate) fn tokens(statement: &str, start: usize) -> Result<Vec<Token<'_>>, Fault> {
    let mut found = Vec::new();
    let mut at = start;
    while let Some(rest) = statement.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let token = next(rest, first, at)?;
        at = end_of(&token);
        found.push(token);
    }
    found.push(Token { kind: Kind::End, text: "", at: statement.len() });
    Ok(found)
}

fn next(rest: &str, first: char, at: usize) -> Result<Token<'_>, Fault> {
    let take = |kind, length| Token { kind, text: rest.get(..length).unwrap_or_default(), at };
    if first == '\'' {
        return text(rest, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        return Ok(take(Kind::Word, run(rest, |c| c.is_ascii_alphanumeric() || c == '_')));
    }
    let signed = matches!(first, '+' | '-') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || signed {
        let of_literal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '+' | '-');
        return Ok(take(Kind::Literal, run(rest, of_literal)));
    }
    let symbols = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", ":"];
    match symbols.into_iter().find(|symbol| rest.starts_with(symbol)) {
        Some(symbol) => Ok(take(Kind::Symbol, symbol.len())),
        None => Err(Fault::malformed(at, format!("unexpected token: '{first}'"))),
    }
}

/// A quoted text: runs to the first quote that no backslash protects.
fn text(rest: &str, at: usize) -> Result<Token<'_>, Fault> {
    let mut escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'\'' => {
                return Ok(Token { kind: Kind::Text, text: rest.get(1..index).unwrap_or_default(), at });
            }
            _ => {}
        }
    }
    Err(Fault::malformed(at, "mismatched character '<EOF>' expecting '''"))
}

/// Length in bytes of the leading characters that satisfy `belongs`.
fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c: char| !belongs(c)).unwrap_or(rest.len())
}

fn end_of(token: &Token<'_>) -> usize {
    let quotes = if token.kind == Kind::Text { 2 } else { 0 };
    token.at + token.text.len() + quotes
}
