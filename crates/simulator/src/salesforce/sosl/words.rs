//! When a text contains a term: its words, in lower case, side by side.

use super::expression::Term;

/// One word of a term.
#[derive(Debug, PartialEq)]
pub(super) struct Word {
    pub(super) pieces: Vec<Piece>,
}

/// One element of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Exactly(char),
    /// `?`
    One,
    /// `*`: any run of the kind of character before it, as far as digits go.
    Run,
}

impl Word {
    /// Letters and digits it spells out.
    pub(super) fn characters(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Exactly(_))).count()
    }

    /// Does it match the whole of a word of a value? Follows all ways to match at once, so that no pattern
    /// takes long.
    pub(super) fn matches(&self, value: &str) -> bool {
        let mut places = Vec::new();
        self.reach(0, &mut places);
        for character in value.chars() {
            let mut next = Vec::new();
            for place in places {
                match self.pieces.get(place) {
                    Some(Piece::Exactly(wanted)) if *wanted == character => self.reach(place + 1, &mut next),
                    Some(Piece::One) => self.reach(place + 1, &mut next),
                    Some(Piece::Run) if self.run_takes(place, character) => self.reach(place, &mut next),
                    _ => {}
                }
            }
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        places.contains(&self.pieces.len())
    }

    /// Adds a place, and the one behind a run that may stay empty. Two runs never meet.
    fn reach(&self, place: usize, places: &mut Vec<usize>) {
        places.push(place);
        if self.pieces.get(place) == Some(&Piece::Run) {
            places.push(place + 1);
        }
    }

    fn run_takes(&self, place: usize, character: char) -> bool {
        let before = place.checked_sub(1).and_then(|before| self.pieces.get(before));
        match before {
            Some(Piece::Exactly(digit)) if digit.is_numeric() => character.is_numeric(),
            _ => true,
        }
    }
}

/// Does the text contain the term? A term of nothing but punctuation is contained nowhere.
pub(super) fn contains(text: &str, term: &Term) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    side_by_side(&words, term)
}

/// Do the words of the term follow one another somewhere among the given ones?
pub(super) fn side_by_side(words: &[&str], term: &Term) -> bool {
    !term.words.is_empty()
        && words
            .windows(term.words.len())
            .any(|window| window.iter().zip(&term.words).all(|(word, wanted)| wanted.matches(word)))
}
