//! What people put into a phone field around the number.

use super::region;
use crate::address::phone::{parse, parse_all};

fn e164(raw: &str, code: &str) -> Option<String> {
    parse(raw, region(code)).e164
}

fn all(raw: &str, code: &str) -> Vec<String> {
    parse_all(raw, region(code))
        .into_iter()
        .map(|phone| phone.e164.or(phone.weak_digits).unwrap_or_default())
        .collect()
}

#[test]
fn words_around_a_number_are_not_keypad_letters() {
    for raw in [
        "TEL 090-1234-5678",
        "携帯：090-1234-5678",
        "090-1234-5678 (mobile)",
        "090-1234-5678（会社）",
        "Tel.090-1234-5678 Sato",
    ] {
        assert_eq!(e164(raw, "JP").as_deref(), Some("+819012345678"), "{raw}");
    }
    assert_eq!(e164("(415) 555-2671 HOME", "US").as_deref(), Some("+14155552671"));
    assert_eq!(e164("+1 415 555 2671 call after 5", "").as_deref(), Some("+14155552671"));
}

#[test]
fn vanity_letters_count_in_north_america_and_in_capitals_only() {
    assert_eq!(e164("+1 800 FLOWERS", "").as_deref(), Some("+18003569377"));
    assert_eq!(e164("1-800-flowers", "US"), None);
    assert_eq!(e164("0800 FLOWERS", "GB"), None);
}

#[test]
fn schemes_are_taken_off() {
    for raw in
        ["tel:+819012345678", "whatsapp:+819012345678", "whatsapp:819012345678", "sms:+819012345678?body=hi"]
    {
        assert_eq!(e164(raw, "").as_deref(), Some("+819012345678"), "{raw}");
    }
}

#[test]
fn an_extension_is_split_off_in_every_language_it_is_written_in() {
    for raw in [
        "+81 3-1234-5678 x12",
        "+81 3-1234-5678 ext12",
        "+81 3-1234-5678 Ext. 12",
        "+81 3-1234-5678, ext. 12",
        "+81 3-1234-5678 extension 12",
        "+81 3-1234-5678;ext=12",
        "+81 3-1234-5678 #12",
        "+81 3-1234-5678 доб. 12",
        "+81 3-1234-5678 内線12",
        "+81 3-1234-5678（内線：１２）",
        "+81 3-1234-5678（内12）",
        "+81 3-1234-5678 anexo 12",
        "+81 3-1234-5678 ramal 12",
        "+81 3-1234-5678 int. 12",
        "+81 3-1234-5678 Durchwahl 12",
        "+81 3-1234-5678 / 内線 12",
    ] {
        let phone = parse(raw, None);
        assert_eq!(
            (phone.e164.as_deref(), phone.ext.as_deref()),
            (Some("+81312345678"), Some("12")),
            "{raw}"
        );
    }
}

#[test]
fn an_extension_word_without_digits_is_no_extension() {
    for raw in
        ["+81 3-1234-5678 x", "+81 3-1234-5678 ext.", "+81 3-1234-5678 ramal", "+81 3-1234-5678 interior 5"]
    {
        let phone = parse(raw, None);
        assert_eq!((phone.e164.as_deref(), phone.ext), (Some("+81312345678"), None), "{raw}");
    }
}

#[test]
fn a_sign_before_seven_digits_opens_no_extension() {
    assert_eq!(parse("123#45", None).ext, None);
    assert_eq!(parse("内線123", None).weak_digits.as_deref(), Some("123"));
}

#[test]
fn every_separator_splits_and_none_concatenates() {
    let both = ["+819012345678", "+81312345678"];
    for raw in [
        "090-1234-5678/03-1234-5678",
        "090-1234-5678; 03-1234-5678",
        "090-1234-5678, 03-1234-5678",
        "090-1234-5678、03-1234-5678",
        "090-1234-5678 or 03-1234-5678",
        "090-1234-5678 OR 03-1234-5678",
        "090-1234-5678\r\n03-1234-5678",
        "mobile 090-1234-5678 | office 03-1234-5678",
    ] {
        assert_eq!(all(raw, "JP"), both, "{raw:?}");
    }
    assert_eq!(
        all("+81 90-1234-5678 +81 3-1234-5678", ""),
        ["+819012345678"],
        "a second plus ends the first number"
    );
}

#[test]
fn a_slash_behind_an_area_code_separates_nothing() {
    assert_eq!(all("030/123456", "DE"), ["+4930123456"]);
    assert_eq!(all("+49 (0)172/1234567", ""), ["+491721234567"]);
    assert_eq!(all("415/555-2671", "US"), ["+14155552671"]);
    assert_eq!(all("030 123456/030 123457", "DE"), ["+4930123456", "+4930123457"]);
}

#[test]
fn a_piece_behind_a_whole_number_is_no_alternative() {
    assert_eq!(all("03-1234-5678/79", "JP"), ["+81312345678"]);
    assert_eq!(all("123 / 456", ""), ["123", "456"], "internal numbers stand side by side");
}

#[test]
fn digits_inside_an_e_mail_address_are_no_number() {
    assert!(parse_all("ann819012345678@example.com", region("JP")).is_empty());
}

#[test]
fn toll_free_numbers_are_marked() {
    for (raw, code) in
        [("0120-444-444", "JP"), ("0800-123-4567", "JP"), ("1-800-FLOWERS", "US"), ("+80012345678", "")]
    {
        assert!(parse(raw, region(code)).toll_free, "{raw}");
    }
    assert!(!parse("090-1234-5678", region("JP")).toll_free);
    assert!(!parse("0570-123-456", region("JP")).toll_free, "the caller pays for 0570");
}
