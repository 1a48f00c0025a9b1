//! What a search text asks for.

use super::{
    FEWEST_LAST_DIGITS, cut,
    fold::{fold, segments},
    last_digits,
};
use crate::address::phone::{self, Region};

/// Most terms of a search; more are not looked at.
const MOST_TERMS: usize = 8;

/// A search: every term must be found. Without a term (signs only) it finds nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The terms.
    pub terms: Vec<Term>,
}

/// One term: found where a word begins with any of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Folded as words are; never empty.
    pub prefixes: Vec<String>,
}

impl Search {
    /// Reads what somebody typed. `None`: nothing but blanks, so nothing is searched. Numbers without a country are
    /// read in `region` too.
    pub fn read(text: &str, region: Option<Region>) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        let folded = fold(text);
        let mut terms: Vec<Term> = Vec::new();
        let mut number = String::new();
        for chunk in folded.split_whitespace() {
            if is_dialled(chunk) {
                number.push_str(chunk);
                continue;
            }
            terms.extend(of_number(&std::mem::take(&mut number), region));
            of_chunk(chunk, &mut terms);
        }
        terms.extend(of_number(&number, region));
        let mut seen = Vec::new();
        terms.retain(|term| {
            !seen.contains(term) && {
                seen.push(term.clone());
                true
            }
        });
        terms.truncate(MOST_TERMS);
        Some(Self { terms })
    }
}

/// A piece of a number as people write it: `+81`, `(0)90`, `1234-5678`.
fn is_dialled(chunk: &str) -> bool {
    let is_sign =
        |c: char| matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    chunk.chars().any(|c| c.is_ascii_digit()) && chunk.chars().all(|c| c.is_ascii_digit() || is_sign(c))
}

/// A number from its beginning (with or without country code or trunk prefix), or by its last digits.
fn of_number(number: &str, region: Option<Region>) -> Option<Term> {
    let typed: String = number.chars().filter(char::is_ascii_digit).collect();
    if typed.is_empty() {
        return None;
    }
    let bare = typed.trim_start_matches('0');
    let mut prefixes = vec![cut(&typed)];
    let mut add = |prefix: String| {
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    };
    // Without trunk or international prefix; a digit or two would be anybody's.
    if bare.len() < typed.len() && bare.len() > 2 {
        add(cut(bare));
    }
    for digits in [typed.as_str(), bare] {
        if digits.len() >= FEWEST_LAST_DIGITS {
            add(cut(&last_digits(digits)));
        }
    }
    for variant in phone::parse(number, region).match_keys {
        add(cut(variant.trim_start_matches('+')));
    }
    Some(Term { prefixes })
}

/// An e-mail address as it begins, or words.
fn of_chunk(chunk: &str, terms: &mut Vec<Term>) {
    let mail = chunk.trim_matches(|c: char| matches!(c, '<' | '>' | ',' | ';' | '"'));
    if mail.contains('@') && !mail.starts_with('@') {
        terms.push(Term { prefixes: vec![cut(mail)] });
        return;
    }
    let joined = chunk.replace('\'', "");
    terms.extend(segments(&joined).map(|segment| Term { prefixes: vec![cut(segment)] }));
}
