//! Where a page of a list ends: lists are read newest first, and the next page begins after the last row of this one,
//! whatever came meanwhile.

use std::{fmt, str::FromStr};

/// The place of a row in a list that is ordered by time and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The time by which the list is ordered.
    pub at: i64,
    /// The row's id.
    pub id: i64,
}

impl Cursor {
    /// Before everything: where a list begins.
    pub const START: Self = Self { at: i64::MAX, id: i64::MAX };
}

/// As it stands in an address.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not where a page of this list ended")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (at, id) = text.split_once('.').ok_or(NoCursor)?;
        Ok(Self { at: at.parse().map_err(|_| NoCursor)?, id: id.parse().map_err(|_| NoCursor)? })
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of at most `most` rows, of which one more was asked for.
    pub(super) fn of(mut rows: Vec<T>, most: usize, place: impl Fn(&T) -> Cursor) -> Self {
        let has_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_more).map(place);
        Self { rows, next }
    }

    /// The same page with other rows.
    pub(super) fn with<U>(&self, rows: Vec<U>) -> Page<U> {
        Page { rows, next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_is_one() {
        let cursor = Cursor { at: -5, id: 77 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "5", "5.", ".5", "a.b", "1.2.3", "9223372036854775808.1"] {
            assert_eq!(text.parse::<Cursor>(), Err(NoCursor), "{text}");
        }
    }
}
