//! When two phone fields are the same number.

use super::region;
use crate::address::phone::{Phone, Strength, compare, linkable, parse, parse_international};

/// A wa_id against a CRM field; record and workspace as codes, "" for none.
fn against(wa_id: &str, theirs: &str, record: &str, workspace: &str) -> Option<Strength> {
    compare(&parse_international(wa_id), theirs, region(record), region(workspace))
}

#[test]
fn the_same_number_however_written_is_exact() {
    for theirs in
        ["+81 90-1234-5678", "090-1234-5678", "０９０−１２３４−５６７８", "tel:+819012345678", "819012345678"]
    {
        assert_eq!(against("819012345678", theirs, "JP", ""), Some(Strength::Exact), "{theirs}");
        assert_eq!(
            against("819012345678", theirs, "", "JP"),
            Some(Strength::Exact),
            "{theirs}, workspace only"
        );
    }
}

#[test]
fn the_record_knows_its_country_better_than_the_workspace() {
    assert_eq!(against("819012345678", "090-1234-5678", "JP", "US"), Some(Strength::Exact));
    assert_eq!(against("15512345678", "551 234 5678", "MX", "US"), None);
    assert_eq!(against("525512345678", "551 234 5678", "MX", "US"), Some(Strength::Exact));
}

#[test]
fn a_missing_extension_weakens_and_another_extension_separates() {
    let ours = parse("+81 3-1234-5678 x12", None);
    let theirs = |raw| compare(&ours, raw, None, None);
    assert_eq!(theirs("+81 3-1234-5678 内線12"), Some(Strength::Exact));
    assert_eq!(theirs("+81 3-1234-5678"), Some(Strength::SameLineOtherExtension));
    assert_eq!(theirs("+81 3-1234-5678 x34"), None);
    assert_eq!(against("81312345678", "+81 3-1234-5678 x12", "", ""), Some(Strength::SameLineOtherExtension));
}

#[test]
fn brazilian_mexican_and_argentine_variants_are_one_person() {
    assert_eq!(against("551187654321", "+55 11 98765-4321", "", ""), Some(Strength::Exact));
    assert_eq!(against("5511987654321", "+55 11 8765-4321", "", ""), Some(Strength::Exact));
    assert_eq!(against("5215512345678", "+52 55 1234 5678", "", ""), Some(Strength::Exact));
    assert_eq!(against("525512345678", "044 55 1234 5678", "MX", ""), Some(Strength::Exact));
    assert_eq!(against("5491123456789", "+54 11 2345-6789", "", ""), Some(Strength::Variant));
    assert_eq!(against("5491123456789", "011 15-2345-6789", "AR", ""), Some(Strength::Exact));
}

#[test]
fn ivorian_and_beninese_numbers_match_across_their_plans() {
    assert_eq!(against("22508091011", "+225 07 08 09 10 11", "", ""), Some(Strength::Variant));
    assert_eq!(against("2250708091011", "+225 08 09 10 11", "", ""), Some(Strength::Variant));
    assert_eq!(against("2250708091011", "08 09 10 11", "CI", ""), Some(Strength::Variant));
    assert_eq!(against("2290197001234", "+229 97 00 12 34", "", ""), Some(Strength::Variant));
}

#[test]
fn two_new_ivorian_numbers_from_one_old_number_are_two_people() {
    assert_eq!(against("2250708091011", "+225 05 08 09 10 11", "", ""), None);
}

#[test]
fn different_brazilian_lines_stay_apart() {
    assert_eq!(against("5561931234567", "+55 61 3123-4567", "", ""), None);
}

#[test]
fn a_field_without_a_country_is_read_with_ours() {
    assert_eq!(against("819012345678", "090-1234-5678", "", ""), Some(Strength::National));
    assert_eq!(against("819012345678", "819012345678", "", "US"), Some(Strength::National));
    assert_eq!(against("33612345678", "06 12 34 56 78", "", "US"), Some(Strength::National));
    assert_eq!(against("5491123456789", "011 2345-6789", "", ""), Some(Strength::National));
}

#[test]
fn a_copied_whatsapp_id_is_the_number_it_was_copied_from() {
    assert_eq!(against("819012345678", "819012345678", "JP", ""), Some(Strength::Exact));
    assert_eq!(
        against("62812345678", "62812345678", "ID", ""),
        Some(Strength::National),
        "062812 exists as well"
    );
    assert_eq!(
        against("4915123456789", "4915123456789", "DE", ""),
        Some(Strength::National),
        "04915 exists as well"
    );
    assert_eq!(against("62812345678", "62812345678", "", ""), Some(Strength::National));
    assert_eq!(against("6582345678", "6582345678", "US", ""), None, "658 is Jamaica's");
}

#[test]
fn our_number_without_a_country_is_read_with_theirs() {
    let ours = parse("090-1234-5678", None);
    assert_eq!(compare(&ours, "+81 90-1234-5678", None, None), Some(Strength::National));
    assert_eq!(compare(&ours, "090 1234 5678", None, region("JP")), Some(Strength::National));
    assert_eq!(compare(&ours, "+1 650-555-1234", None, region("US")), None);
}

#[test]
fn a_country_code_is_never_ignored() {
    assert_eq!(against("4733612345", "+33 612345", "", ""), None);
    assert_eq!(against("525512345678", "(551) 234-5678", "", "US"), None, "valid where the workspace is");
    assert_eq!(against("819012345678", "+82 90-1234-5678", "", ""), None);
}

#[test]
fn internal_numbers_match_in_the_panel_and_never_link() {
    let ours = parse("123", None);
    assert_eq!(compare(&ours, "12 3", None, region("US")), Some(Strength::Digits));
    assert_eq!(compare(&parse("12 3", region("US")), "123", None, region("US")), Some(Strength::Digits));
    assert!(!linkable(&ours));
    assert!(!linkable(&parse("12 3", region("US"))));
}

#[test]
fn digits_count_as_a_whole_only() {
    for (ours, theirs) in [
        ("123", "1234"),
        ("2671", "+1 415-555-2671"),
        ("5552671", "(415) 555-2671"),
        ("4155552671", "415555267"),
        ("12345678", "90-1234-5678"),
    ] {
        assert_eq!(compare(&parse(ours, None), theirs, None, None), None, "{ours} and {theirs}");
        assert_eq!(compare(&parse(theirs, None), ours, None, None), None, "{theirs} and {ours}");
    }
}

#[test]
fn digits_do_not_count_against_a_valid_number() {
    let ours = Phone { weak_digits: Some("4155552671".into()), raw: "*".into(), ..Phone::default() };
    assert_eq!(compare(&ours, "+1 415 555 2671", None, None), None);
}

#[test]
fn fillers_and_local_numbers_match_nothing() {
    for text in ["000-0000-0000", "111-1111-1111", "+10000000000", "anonymous", "", "555-2671"] {
        assert_eq!(compare(&parse(text, region("US")), text, None, region("US")), None, "{text}");
    }
}

#[test]
fn reserved_test_numbers_match_like_any_other() {
    assert_eq!(against("15551234567", "+1 555 123 4567", "", ""), Some(Strength::Exact));
    assert_eq!(against("447700900123", "+44 (0)7700 900123", "", ""), Some(Strength::Exact));
    assert_eq!(against("447700900123", "07700 900123", "GB", ""), Some(Strength::National));
    assert_eq!(against("15551234567", "(555) 123-4567", "", "US"), Some(Strength::National));
    assert_eq!(against("15551234567", "15551234567", "", ""), Some(Strength::National));
    assert_eq!(against("15551234567", "+1 555 123 4568", "", ""), None);
    assert!(linkable(&parse_international("15551234567")));
}

#[test]
fn the_strongest_number_of_a_field_counts() {
    assert_eq!(against("81312345678", "090-1234-5678 / 03-1234-5678", "JP", ""), Some(Strength::Exact));
    assert_eq!(
        against("5491123456789", "+54 11 2345-6789 / +54 9 11 2345-6789", "", ""),
        Some(Strength::Exact)
    );
    assert!(Strength::Exact < Strength::Digits);
}

#[test]
fn only_a_persons_whole_number_links() {
    assert!(linkable(&parse_international("819012345678")));
    assert!(!linkable(&parse_international("81120444444")), "toll-free");
    assert!(!linkable(&parse_international("12345")), "a short code");
    assert!(!linkable(&parse("090-1234-5678", None)), "no country");
}
