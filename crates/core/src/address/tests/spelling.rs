//! The texts and digits that a CRM is asked for.

use super::region;
use crate::address::phone::{parse, parse_international, search_digits, spellings};

fn assert_asks_for(raw: &str, expected: &[&str]) {
    let asked = spellings(&parse_international(raw));
    for spelling in expected {
        assert!(asked.iter().any(|text| text == spelling), "{raw}: {spelling:?} is missing from {asked:#?}");
    }
}

#[test]
fn an_american_number_is_asked_for_in_every_american_form() {
    assert_asks_for(
        "14155552671",
        &[
            "+14155552671",
            "14155552671",
            "4155552671",
            "(415) 555-2671",
            "415-555-2671",
            "415.555.2671",
            "+1 415-555-2671",
            "1-415-555-2671",
            "+1 (415) 555-2671",
        ],
    );
}

#[test]
fn a_japanese_number_is_asked_for_with_and_without_its_zero() {
    assert_asks_for(
        "819012345678",
        &[
            "+819012345678",
            "819012345678",
            "09012345678",
            "9012345678",
            "090-1234-5678",
            "+81 90-1234-5678",
            "+81-90-1234-5678",
        ],
    );
}

#[test]
fn variants_are_asked_for_too() {
    assert_asks_for(
        "5215512345678",
        &["+525512345678", "+5215512345678", "5215512345678", "5512345678", "55 1234 5678"],
    );
    assert_asks_for(
        "551187654321",
        &["+5511987654321", "+551187654321", "551187654321", "(11) 98765-4321", "1187654321"],
    );
    assert_asks_for(
        "5491123456789",
        &["+5491123456789", "+541123456789", "011 15-2345-6789", "011 2345-6789"],
    );
    assert_asks_for("22508091011", &["+22508091011", "+2250708091011", "+2250508091011", "+2250108091011"]);
}

#[test]
fn the_canonical_form_comes_first_and_the_text_as_received_is_among_them() {
    let phone = parse(" ０９０・1234・5678 ", region("JP"));
    let asked = spellings(&phone);
    assert_eq!(asked[0], "+819012345678");
    assert!(asked.contains(&"０９０・1234・5678".to_owned()), "{asked:?}");
}

#[test]
fn spellings_are_few_and_distinct() {
    for wa_id in [
        "14155552671",
        "819012345678",
        "5215512345678",
        "551187654321",
        "5491123456789",
        "22508091011",
        "12345",
    ] {
        let asked = spellings(&parse_international(wa_id));
        let mut distinct = asked.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), asked.len(), "{wa_id}: {asked:?}");
        assert!((1..=24).contains(&asked.len()), "{wa_id}: {asked:?}");
        assert!(asked.iter().all(|text| !text.is_empty()));
    }
}

#[test]
fn an_internal_number_is_asked_for_as_people_break_it() {
    let asked = spellings(&parse("123", None));
    assert_eq!(asked, ["123", "12 3", "12-3", "1 23", "1-23"]);
    assert_eq!(spellings(&parse("12 3", None))[..2], ["12 3", "123"]);
}

#[test]
fn a_field_without_a_number_is_asked_for_as_it_is() {
    assert_eq!(spellings(&parse("anonymous", None)), ["anonymous"]);
    assert!(spellings(&parse("", None)).is_empty());
}

#[test]
fn fuzzy_search_gets_international_national_and_trunk_digits() {
    assert_eq!(
        search_digits(&parse_international("819012345678")),
        ["819012345678", "9012345678", "09012345678", "00819012345678", "8109012345678"]
    );
    assert_eq!(
        search_digits(&parse_international("14155552671")),
        ["14155552671", "4155552671", "0014155552671"]
    );
    assert_eq!(
        search_digits(&parse_international("551187654321")),
        ["5511987654321", "11987654321", "005511987654321", "551187654321", "1187654321", "00551187654321"]
    );
}

#[test]
fn fuzzy_search_never_gets_fewer_than_seven_digits() {
    assert!(search_digits(&parse("12 3", None)).is_empty());
    assert_eq!(search_digits(&parse("090-1234-5678", None)), ["09012345678"]);
}
