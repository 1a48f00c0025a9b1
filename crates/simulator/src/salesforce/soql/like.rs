//! `LIKE` patterns: `%` is any run, `_` one character, `\%` and `\_` themselves.

use std::str::Chars;

/// One element of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Exactly(char),
    One,
    Run,
}

/// A pattern, cut into pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) pieces: Vec<Piece>,
}

impl Pattern {
    /// The same pattern in lower case, for values compared in lower case.
    pub(crate) fn folded(&self) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            match piece {
                Piece::Exactly(character) => pieces.extend(character.to_lowercase().map(Piece::Exactly)),
                other => pieces.push(*other),
            }
        }
        Self { pieces }
    }

    /// Does the whole text match? On a mismatch only the last run is widened, which suffices.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut piece = 0;
        let mut rest = text.chars();
        let mut widen: Option<(usize, Chars<'_>)> = None;
        loop {
            let wanted = self.pieces.get(piece);
            let mut ahead = rest.clone();
            match (wanted, ahead.next()) {
                (Some(Piece::Run), _) => {
                    piece += 1;
                    widen = Some((piece, rest.clone()));
                    continue;
                }
                (None, None) => return true,
                (Some(_), None) => return false,
                (Some(Piece::One), Some(_)) => {
                    piece += 1;
                    rest = ahead;
                    continue;
                }
                (Some(Piece::Exactly(one)), Some(other)) if *one == other => {
                    piece += 1;
                    rest = ahead;
                    continue;
                }
                _ => {}
            }
            let Some((after_run, from)) = widen.as_mut() else { return false };
            if from.next().is_none() {
                return false;
            }
            piece = *after_run;
            rest = from.clone();
        }
    }
}
