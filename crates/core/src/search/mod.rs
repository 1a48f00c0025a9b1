//! By which words a contact is found, and what a search text asks for: both folded in the same way, so that "jose"
//! finds "José" and "090 1234" finds "+81 90-1234-5678". A term finds a contact if one of its words begins with it.

mod fold;
mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::address::{Address, AddressKind, phone};

pub use query::{Search, Term};

use fold::{fold, is_unspaced, segments};

/// Rises when words are made in another way: contacts with words of an older version are worded again.
pub const WORDS_VERSION: i64 = 1;

/// Most words of one contact. Addresses come first, so a hostile name crowds out nothing.
const MOST_WORDS: usize = 96;

/// Longest word, in characters; longer ones are cut, in words and in terms alike.
const LONGEST: usize = 64;

/// Fewest digits by which a number is found from its end.
const FEWEST_LAST_DIGITS: usize = 4;

/// Stands before the digits of a number in reverse: its last digits are found as the beginning of that. No word of a
/// name begins so.
const REVERSED: char = '~';

/// The words by which a contact of that name, user name and addresses is found.
pub fn words_of(name: Option<&str>, username: Option<&str>, addresses: &[Address]) -> BTreeSet<String> {
    let mut words = Words::default();
    for address in addresses {
        match address.kind {
            AddressKind::Phone => words.phone(address),
            AddressKind::Email => words.email(&address.value),
            AddressKind::Handle => words.text(&address.value),
        }
    }
    for text in [name, username].into_iter().flatten() {
        words.text(text);
    }
    words.0
}

/// Words as they gather: each once, none too long, not too many.
#[derive(Default)]
struct Words(BTreeSet<String>);

impl Words {
    fn add(&mut self, word: &str) {
        if !word.is_empty() && self.0.len() < MOST_WORDS {
            self.0.insert(cut(word));
        }
    }

    /// The words of a text; in scripts that put no space between words, from each letter on.
    fn text(&mut self, text: &str) {
        let folded = fold(text);
        for segment in segments(&folded) {
            self.add(segment);
            let mut before = None;
            for (at, letter) in segment.char_indices() {
                if before.is_some_and(|before| is_unspaced(before) || is_unspaced(letter)) {
                    self.add(&segment[at..]);
                }
                before = Some(letter);
            }
        }
        // O'Neil is found as "neil" and as "oneil".
        if folded.contains('\'') {
            let joined = folded.replace('\'', "");
            segments(&joined).for_each(|segment| self.add(segment));
        }
    }

    /// A number: as it is dialled from abroad, at home, and by its last digits; each known variant.
    fn phone(&mut self, address: &Address) {
        let variants = address.phone().map(|phone| phone.match_keys).unwrap_or_default();
        for e164 in std::iter::once(&address.value).chain(&variants) {
            let digits = e164.trim_start_matches('+');
            self.add(digits);
            self.add(&last_digits(digits));
            self.add(&phone::national(e164).unwrap_or_default());
        }
    }

    /// An address as a whole, and each name in it.
    fn email(&mut self, value: &str) {
        self.add(&fold(value));
        self.text(value);
    }
}

/// The word that begins with the last digits of a number.
fn last_digits(digits: &str) -> String {
    std::iter::once(REVERSED).chain(digits.chars().rev()).collect()
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}
