//! Reads what stands between the braces: terms, phrases, `AND`, `OR`, `AND NOT`, parentheses, wildcards.

use super::words::{Piece, Word};
use crate::salesforce::soql::error::Fault;

/// Characters that mean something and are protected by a backslash when they should not.
pub(super) const RESERVED: [char; 19] =
    ['?', '&', '|', '!', '{', '}', '[', ']', '(', ')', '^', '~', '*', ':', '\\', '"', '\'', '+', '-'];

/// Reserved characters this reader gives their meaning; the others are refused unless protected.
pub(super) const OPERATORS: [char; 5] = ['?', '*', '"', '(', ')'];

/// How deep parentheses may nest.
const DEEPEST: usize = 50;

/// What a record must contain.
#[derive(Debug, PartialEq)]
pub(super) enum Expression {
    Term(Term),
    Any(Vec<Expression>),
    /// Each part wanted, or, after AND NOT, unwanted.
    All(Vec<(bool, Expression)>),
}

/// Words that stand side by side: one for a plain term, several for a phrase or for what punctuation cuts.
#[derive(Debug, PartialEq)]
pub(super) struct Term {
    pub(super) words: Vec<Word>,
}

/// Reads the text; `start` is where it stands in the statement.
pub(super) fn parse(text: &str, start: usize) -> Result<Expression, Fault> {
    let tokens = tokens(text, start)?;
    let characters: usize = tokens.iter().map(Token::characters).sum();
    if characters < 2 {
        let message = format!("search term must be longer than one character: {}", text.trim());
        return Err(Fault::malformed(start, message));
    }
    let mut reader = Reader { tokens: tokens.into_iter().peekable(), end: start + text.len(), depth: 0 };
    let expression = reader.any()?;
    match reader.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(token.unexpected()),
    }
}

struct Token {
    kind: TokenKind,
    at: usize,
}

enum TokenKind {
    Term(Term),
    And,
    Or,
    Not,
    Open,
    Close,
}

impl Token {
    /// Letters and digits in the token.
    fn characters(&self) -> usize {
        match &self.kind {
            TokenKind::Term(term) => term.words.iter().map(Word::characters).sum(),
            _ => 0,
        }
    }

    fn unexpected(&self) -> Fault {
        let text = match self.kind {
            TokenKind::Term(_) => "term",
            TokenKind::And => "AND",
            TokenKind::Or => "OR",
            TokenKind::Not => "NOT",
            TokenKind::Open => "(",
            TokenKind::Close => ")",
        };
        Fault::malformed(self.at, format!("unexpected token: '{text}'"))
    }
}

/// One character with its meaning resolved.
enum Glyph {
    /// Stands for itself.
    Plain(char),
    Wildcard(Piece),
}

fn tokens(text: &str, start: usize) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((index, character)) = rest.peek().copied() {
        let at = start + index;
        let kind = match character {
            _ if character.is_whitespace() => {
                rest.next();
                continue;
            }
            '(' => {
                rest.next();
                TokenKind::Open
            }
            ')' => {
                rest.next();
                TokenKind::Close
            }
            '"' => {
                rest.next();
                let glyphs = glyphs(&mut rest, start, |character| character == '"')?;
                if rest.next().is_none() {
                    return Err(Fault::malformed(at, "mismatched character '<EOF>' expecting '\"'"));
                }
                TokenKind::Term(Term { words: words(&glyphs) })
            }
            _ => {
                let ends =
                    |character: char| character.is_whitespace() || matches!(character, '(' | ')' | '"');
                operator_or_term(&glyphs(&mut rest, start, ends)?)
            }
        };
        tokens.push(Token { kind, at });
    }
    Ok(tokens)
}

/// Reads up to an unprotected character that `ends` the run, which is left in place.
fn glyphs(
    rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    start: usize,
    ends: impl Fn(char) -> bool,
) -> Result<Vec<Glyph>, Fault> {
    let mut glyphs = Vec::new();
    while let Some((index, character)) = rest.next_if(|(_, character)| !ends(*character)) {
        let at = start + index;
        glyphs.push(match character {
            '*' => Glyph::Wildcard(Piece::Run),
            '?' => Glyph::Wildcard(Piece::One),
            '\\' => match rest.next() {
                Some((_, protected)) if RESERVED.contains(&protected) => Glyph::Plain(protected),
                other => {
                    let sequence = other.map_or(String::new(), |(_, character)| character.to_string());
                    return Err(Fault::malformed(
                        at,
                        format!("Illegal character sequence '\\{sequence}' in search"),
                    ));
                }
            },
            reserved if RESERVED.contains(&reserved) => {
                return Err(Fault::malformed(at, format!("unexpected token: '{reserved}'")));
            }
            plain => Glyph::Plain(plain),
        });
    }
    Ok(glyphs)
}

fn operator_or_term(glyphs: &[Glyph]) -> TokenKind {
    let spells = |word: &str| {
        glyphs.len() == word.len()
            && glyphs.iter().zip(word.chars()).all(|(glyph, letter)| {
                matches!(glyph, Glyph::Plain(character) if character.eq_ignore_ascii_case(&letter))
            })
    };
    match () {
        () if spells("AND") => TokenKind::And,
        () if spells("OR") => TokenKind::Or,
        () if spells("NOT") => TokenKind::Not,
        () => TokenKind::Term(Term { words: words(glyphs) }),
    }
}

/// Letters, digits and wildcards make words; everything else parts them. A wildcard in front is dropped, for
/// no index can be asked about endings.
fn words(glyphs: &[Glyph]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut pieces = Vec::new();
    for glyph in glyphs {
        match glyph {
            Glyph::Plain(character) if character.is_alphanumeric() => {
                pieces.extend(character.to_lowercase().map(Piece::Exactly));
            }
            Glyph::Plain(_) => words.push(std::mem::take(&mut pieces)),
            Glyph::Wildcard(Piece::Run) if matches!(pieces.last(), None | Some(Piece::Run)) => {}
            Glyph::Wildcard(piece) => pieces.push(*piece),
        }
    }
    words.push(pieces);
    words.retain(|pieces| !pieces.is_empty());
    words.into_iter().map(|pieces| Word { pieces }).collect()
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    end: usize,
    depth: usize,
}

impl Reader {
    fn any(&mut self) -> Result<Expression, Fault> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.tokens.next_if(|token| matches!(token.kind, TokenKind::Or)).is_some() {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    /// Terms side by side are joined as by AND.
    fn all(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![(true, self.unit()?)];
        while let Some(token) = self.tokens.peek() {
            match token.kind {
                TokenKind::And => {
                    self.tokens.next();
                    let unwanted =
                        self.tokens.next_if(|token| matches!(token.kind, TokenKind::Not)).is_some();
                    parts.push((!unwanted, self.unit()?));
                }
                TokenKind::Term(_) | TokenKind::Open => parts.push((true, self.unit()?)),
                TokenKind::Or | TokenKind::Not | TokenKind::Close => break,
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0).1 } else { Expression::All(parts) })
    }

    fn unit(&mut self) -> Result<Expression, Fault> {
        let Some(token) = self.tokens.next() else {
            return Err(Fault::malformed(self.end, "unexpected token: '<EOF>'"));
        };
        match token.kind {
            TokenKind::Term(term) => Ok(Expression::Term(term)),
            TokenKind::Open if self.depth < DEEPEST => {
                self.depth += 1;
                let inside = self.any()?;
                self.depth -= 1;
                match self.tokens.next() {
                    Some(Token { kind: TokenKind::Close, .. }) => Ok(inside),
                    Some(other) => Err(other.unexpected()),
                    None => Err(Fault::malformed(self.end, "unexpected token: '<EOF>'")),
                }
            }
            _ => Err(token.unexpected()),
        }
    }
}
