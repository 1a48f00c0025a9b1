//! Words, texts, numbers and marks of a query.

use super::error::{Refused, near};

/// One piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or a keyword, dots included.
    Word(String),
    /// A text in single quotes, without them.
    Text(String),
    /// A number, or an instant that was not quoted, as it reads.
    Number(String),
    /// `=`, `!=`, `>`, `>=`, `<`, `<=`, `(`, `)`, `,`, `*`.
    Mark(&'static str),
}

const MARKS: &[&str] = &["!=", "<>", ">=", "<=", "=", ">", "<", "(", ")", ",", "*"];

/// The pieces of a query.
pub fn tokens(query: &str) -> Refused<Vec<Token>> {
    let mut rest = query.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            tokens.push(Token::Mark(if *mark == "<>" { "!=" } else { mark }));
            rest = &rest[mark.len()..];
        } else if first == '\'' {
            let (text, after) = quoted(&rest[1..])?;
            tokens.push(Token::Text(text));
            rest = after;
        } else {
            let is_inner = |c: char| c.is_alphanumeric() || "_.$:+-".contains(c);
            let end = rest.find(|c| !is_inner(c)).unwrap_or(rest.len());
            if end == 0 {
                return Err(near(rest));
            }
            let word = rest[..end].to_owned();
            let is_number = first.is_ascii_digit() || first == '-' || first == '+';
            tokens.push(if is_number { Token::Number(word) } else { Token::Word(word) });
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

/// A text up to its closing quote; a backslash takes the next letter at its word.
fn quoted(rest: &str) -> Refused<(String, &str)> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next().map(|(_, next)| next)),
            '\'' => return Ok((text, &rest[at + 1..])),
            letter => text.push(letter),
        }
    }
    Err(near(rest))
}
