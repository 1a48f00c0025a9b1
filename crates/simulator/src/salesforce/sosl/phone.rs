//! When a phone number contains a term. A number is known by all its digits and by each run of digits in it:
//! `+1 (415) 555-1212` is found as 14155551212, 1, 415, 555 and 1212, but not as 4155551212.

use super::expression::{Expression, Term};
use super::words::{Piece, Word, side_by_side};

/// Fewer digits find nothing.
const FEWEST_DIGITS: usize = 2;

/// Does the number contain the term?
pub(super) fn contains(number: &str, term: &Term) -> bool {
    let runs: Vec<&str> =
        number.split(|character: char| !character.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    match term.words.as_slice() {
        [word] if word.characters() < FEWEST_DIGITS => false,
        [word] => runs.iter().any(|run| word.matches(run)) || word.matches(&runs.concat()),
        _ => side_by_side(&runs, term),
    }
}

/// Terms of which every number the expression finds contains one, as an index takes them: digits, or digits
/// and a closing `*`.
pub(super) fn terms(expression: &Expression) -> Option<Vec<String>> {
    match expression {
        Expression::Term(term) => match term.words.as_slice() {
            [word] => index_term(word).map(|term| vec![term]),
            _ => None,
        },
        Expression::Any(parts) => {
            let parts: Option<Vec<Vec<String>>> = parts.iter().map(terms).collect();
            parts.map(|parts| parts.concat())
        }
        Expression::All(parts) => {
            let wanted = parts.iter().filter(|(wanted, _)| *wanted);
            wanted.filter_map(|(_, part)| terms(part)).min_by_key(Vec::len)
        }
    }
}

fn index_term(word: &Word) -> Option<String> {
    let (open, pieces) = match word.pieces.split_last()? {
        (Piece::Run, before) => (true, before),
        _ => (false, word.pieces.as_slice()),
    };
    let digit = |piece: &Piece| match piece {
        Piece::Exactly(digit) if digit.is_ascii_digit() => Some(*digit),
        _ => None,
    };
    let mut term: String = pieces.iter().map(digit).collect::<Option<_>>()?;
    if term.len() < FEWEST_DIGITS {
        return None;
    }
    if open {
        term.push('*');
    }
    Some(term)
}
