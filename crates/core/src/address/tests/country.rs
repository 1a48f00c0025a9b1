//! Countries whose numbers have several forms: which one is canonical, which are kept as variants.

use super::region;
use crate::address::phone::{parse, parse_international};

fn keys(raw: &str) -> Vec<String> {
    parse_international(raw).match_keys
}

#[test]
fn mexican_numbers_lose_the_1_and_keep_it_as_a_variant() {
    assert_eq!(keys("5215512345678"), ["+525512345678", "+5215512345678"]);
    assert_eq!(keys("525512345678"), keys("5215512345678"));
    for raw in ["+52 1 55 1234 5678", "+52 044 55 1234 5678", "+52 01 55 1234 5678", "5215512345678"] {
        assert_eq!(parse(raw, region("MX")).e164.as_deref(), Some("+525512345678"), "{raw}");
    }
}

#[test]
fn a_north_american_number_in_a_mexican_record_is_not_made_mexican() {
    assert_eq!(parse("1 415 555 2671", region("MX")).e164, None);
}

#[test]
fn old_brazilian_mobiles_gain_their_9_and_fixed_lines_do_not() {
    assert_eq!(keys("551187654321"), ["+5511987654321", "+551187654321"]);
    assert_eq!(
        keys("551177654321"),
        ["+5511977654321", "+551177654321"],
        "the library still takes this for valid"
    );
    assert_eq!(keys("5511987654321"), keys("551187654321"));
    assert_eq!(keys("556131234567"), ["+556131234567"]);
    assert_eq!(keys("5561931234567"), ["+5561931234567"], "another line than 61 3123-4567");
    assert_eq!(parse("(11) 8765-4321", region("BR")).e164.as_deref(), Some("+5511987654321"));
}

#[test]
fn argentine_mobiles_and_fixed_lines_are_variants_of_each_other() {
    assert_eq!(keys("5491123456789"), ["+5491123456789", "+541123456789"]);
    assert_eq!(keys("541123456789"), ["+541123456789", "+5491123456789"]);
}

#[test]
fn old_ivorian_numbers_lead_to_every_operators_new_one() {
    assert_eq!(keys("2250708091011"), ["+2250708091011", "+22508091011"]);
    assert_eq!(keys("22508091011"), ["+22508091011", "+2250708091011", "+2250508091011", "+2250108091011"]);
    assert_eq!(keys("22520212223"), ["+22520212223", "+2252720212223", "+2252520212223", "+2252120212223"]);
    assert_eq!(keys("2252720212223"), ["+2252720212223", "+22520212223"]);
    let typed = parse("08 09 10 11", region("CI"));
    assert_eq!(
        (typed.e164, typed.match_keys),
        (None, keys("22508091011")),
        "typed by a person it is only a weak key"
    );
}

#[test]
fn old_beninese_numbers_lead_to_the_new_one() {
    assert_eq!(keys("2290197001234"), ["+2290197001234", "+22997001234"]);
    assert_eq!(keys("22997001234"), ["+22997001234", "+2290197001234"]);
}

#[test]
fn italian_fixed_lines_keep_their_zero() {
    assert_eq!(parse("02 1234 5678", region("IT")).e164.as_deref(), Some("+390212345678"));
    assert_eq!(parse("347 123 4567", region("IT")).e164.as_deref(), Some("+393471234567"));
}

#[test]
fn kazakh_and_russian_numbers_share_the_8() {
    assert_eq!(parse("8 701 234 5678", region("KZ")).e164.as_deref(), Some("+77012345678"));
    assert_eq!(parse("8 701 234 5678", region("RU")).e164.as_deref(), Some("+77012345678"));
}

#[test]
fn the_caller_id_prefix_is_japanese_only() {
    assert_eq!(parse("1840901234567", region("US")).e164, None);
    assert_eq!(
        parse("18412345678", region("JP")).weak_digits.as_deref(),
        Some("18412345678"),
        "no zero follows"
    );
}
