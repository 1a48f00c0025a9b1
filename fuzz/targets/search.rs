//! What somebody types to find a contact: terms that words of the same make begin with, few and short.
#![no_main]

use causeway_core::{
    address::Address,
    search::{Search, words_of},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Some(search) = Search::read(&text, "JP".parse().ok()) else {
        assert!(text.trim().is_empty(), "something was typed");
        return;
    };
    assert!(search.terms.len() <= 8);
    for term in &search.terms {
        assert!(!term.prefixes.is_empty() && term.prefixes.iter().all(|prefix| !prefix.is_empty()));
        assert!(term.prefixes.iter().all(|prefix| prefix.chars().count() <= 200), "a prefix without an end");
    }
    let mail = Address::email(&text);
    let words = words_of(Some(&text), None, mail.as_slice());
    assert!(words.iter().all(|word| !word.is_empty()));
    // Who is called so is found by it, unless so much was typed that not all of it is looked at.
    let is_short = text.split_whitespace().count() == 1 && text.chars().count() <= 20;
    if is_short && text.chars().all(char::is_alphabetic) {
        let is_found = search.terms.iter().all(|term| {
            term.prefixes.iter().any(|prefix| words.iter().any(|word| word.starts_with(prefix.as_str())))
        });
        assert!(is_found, "{search:?} does not find {words:?}");
    }
});
