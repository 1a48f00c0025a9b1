//! What is found by what.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::{LONGEST, MOST_WORDS, Search, words_of};
use crate::address::Address;

/// Whether somebody of that name and those addresses is found by a text, as the store finds them.
fn finds(text: &str, name: &str, addresses: &[Address]) -> bool {
    let words = words_of(Some(name), None, addresses);
    let search = Search::read(text, "JP".parse().ok()).unwrap();
    let is_found = |prefix: &String| words.iter().any(|word| word.starts_with(prefix));
    !search.terms.is_empty() && search.terms.iter().all(|term| term.prefixes.iter().any(is_found))
}

fn phone(digits: &str) -> [Address; 1] {
    [Address::phone_from_international(digits).unwrap()]
}

#[test]
fn a_name_is_found_by_the_beginning_of_each_word_in_any_case_and_without_accents() {
    for (text, name) in [
        ("jose", "José García"),
        ("GARCÍA jos", "José García"),
        ("strasse", "Anna Straße"),
        ("STRASSE", "Anna Straße"),
        ("lukasz", "Łukasz Wójcik"),
        ("Ｙａｍａｄａ", "Yamada"),
        ("oneil", "Pat O’Neil"),
        ("o'neil", "Pat O’Neil"),
        ("neil", "Pat O’Neil"),
        ("istanbul", "İstanbul Ofis"),
    ] {
        assert!(finds(text, name, &[]), "{text} finds {name}");
    }
    assert!(!finds("garcia pedro", "José García", &[]), "every word must be found");
    assert!(!finds("arcia", "José García", &[]), "a word is found from its beginning");
}

#[test]
fn names_in_other_scripts_are_found() {
    for (text, name) in [
        ("山田", "山田太郎"),
        ("太郎", "山田太郎"),
        ("たろう", "ヤマダ　タロウ"),
        ("ﾔﾏﾀﾞ", "やまだ"),
        ("сергей", "Сергей Королёв"),
        ("КОРОЛЕВ", "Сергей Королёв"),
        ("हिन्दी", "हिन्दी शर्मा"),
        ("शर्मा", "राहुल शर्मा"),
        ("राहु", "राहुल शर्मा"),
        ("γιωργος", "Γιώργος"),
    ] {
        assert!(finds(text, name, &[]), "{text} finds {name}");
    }
    assert!(!finds("हन्दा", "हिन्दी", &[]), "vowel signs are letters");
    assert!(!finds("かき", "がぎ", &[]), "voiced kana are letters");
}

#[test]
fn a_number_is_found_in_any_spelling_and_by_its_last_digits() {
    for text in [
        "+81 90-1234-5678",
        "819012345678",
        "+8190",
        "0081 90 1234",
        "090-1234-5678",
        "090 1234",
        "(090) 1234 5678",
        "9012",
        "5678",
        "345678",
        "1234-5678",
        "०९०१२३४५६७८",
        "０９０−１２３４",
    ] {
        assert!(finds(text, "", &phone("819012345678")), "{text}");
    }
    for text in ["678", "1234", "0901235", "5679", "0"] {
        assert!(!finds(text, "", &phone("819012345678")), "{text}");
    }
    assert!(finds("0123", "", &phone("4930990123")), "last digits may begin with 0");
    assert!(finds("555 0123", "", &phone("14155550123")));
    assert!(finds("hanako 090 1234", "Hanako", &phone("819012345678")), "a name and a number");
    assert!(!finds("hanako 080", "Hanako", &phone("819012345678")));
}

#[test]
fn a_number_in_a_name_is_found_too() {
    assert!(finds("2000", "Shop 2000", &[]));
    assert!(finds("shop 2000", "Shop 2000", &[]));
}

#[test]
fn an_e_mail_address_is_found_by_its_parts() {
    let mail = [Address::email("Jose.Garcia+x@Mail.Example.com").unwrap()];
    for text in ["jose.garcia", "JOSE.GARCIA+X@mail", "garcia", "@mail.example", "example.com", "mail"] {
        assert!(finds(text, "", &mail), "{text}");
    }
    assert!(!finds("jose@mail", "", &mail));
}

#[test]
fn blanks_ask_for_nothing_and_signs_find_nobody() {
    assert_eq!(Search::read(" \u{3000}", None), None);
    assert_eq!(Search::read("!?…", None), Some(Search::default()));
}

#[test]
fn no_name_makes_many_or_long_words_or_hides_an_address() {
    let name: String = (0..5_000).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ")
        + &"x".repeat(10_000)
        + &"山".repeat(3_000);
    let words = words_of(Some(&name), Some(&name), &phone("819012345678"));
    assert!(words.len() <= MOST_WORDS);
    assert!(words.iter().all(|word| word.chars().count() <= LONGEST));
    assert!(words.contains("819012345678"));
    let long = "y".repeat(100);
    assert!(finds(&long, &long, &[]), "what is cut is cut alike");
    assert!(Search::read(&name, None).unwrap().terms.len() <= 8);
}
