//! What a statement can be refused with, worded the way the vendor words it.

use super::lexer::{Kind, Token};

/// A refused statement: the vendor's code and its message, ready for the error body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct SoqlError {
    /// `MALFORMED_QUERY`, `INVALID_FIELD`, `INVALID_TYPE`…
    pub code: &'static str,
    /// The text for people: excerpt, caret, row and column where the place is known.
    pub message: String,
}

/// A refusal that still points into the statement by byte offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    message: String,
    at: Option<usize>,
}

/// How much of the offending line is quoted before and after the caret.
const QUOTED_BEFORE: usize = 30;
const QUOTED_AFTER: usize = 40;

impl Fault {
    /// A refusal that points at a place in the statement.
    pub(crate) fn at(at: usize, code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: Some(at) }
    }

    /// A refusal of the statement as a whole.
    pub(crate) fn whole(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: None }
    }

    pub(crate) fn malformed(at: usize, message: impl Into<String>) -> Self {
        Self::at(at, "MALFORMED_QUERY", message)
    }

    pub(crate) fn invalid_field(at: usize, message: impl Into<String>) -> Self {
        Self::at(at, "INVALID_FIELD", message)
    }

    pub(crate) fn invalid_operator(at: usize, message: impl Into<String>) -> Self {
        Self::at(at, "INVALID_QUERY_FILTER_OPERATOR", message)
    }

    /// The parser met a token it has no use for.
    pub(crate) fn unexpected(token: Token<'_>) -> Self {
        let text = match token.kind {
            Kind::End => "<EOF>",
            _ => token.text,
        };
        Self::malformed(token.at, format!("unexpected token: '{text}'"))
    }

    /// The same refusal under the code a search statement uses.
    pub(crate) fn of_search(mut self) -> Self {
        if self.code == "MALFORMED_QUERY" {
            self.code = "MALFORMED_SEARCH";
        }
        self
    }

    /// Turns the offset into an excerpt with a caret, a row and a column, all counted in characters.
    pub(crate) fn render(self, statement: &str) -> SoqlError {
        let Some(at) = self.at else {
            return SoqlError { code: self.code, message: self.message };
        };
        let before = statement.get(..at).unwrap_or(statement);
        let after = statement.get(at..).unwrap_or_default();
        let row = before.matches('\n').count() + 1;
        let line_before = before.rsplit('\n').next().unwrap_or_default();
        let line_after = after.split('\n').next().unwrap_or_default();
        let characters_before = line_before.chars().count();
        let quoted_before: String =
            line_before.chars().skip(characters_before.saturating_sub(QUOTED_BEFORE)).collect();
        let quoted_after: String = line_after.chars().take(QUOTED_AFTER).collect();
        let caret = " ".repeat(quoted_before.chars().count());
        let message = format!(
            "\n{quoted_before}{quoted_after}\n{caret}^\nERROR at Row:{row}:Column:{column}\n{text}",
            column = characters_before + 1,
            text = self.message,
        );
        SoqlError { code: self.code, message }
    }
}
