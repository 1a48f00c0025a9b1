//! One table of numbers as they are written, and what they are. The library's metadata changes with every release;
//! this table says whether anything that matters changed with it.

use super::region;
use crate::address::phone::{Phone, parse, parse_all, parse_international};

/// What a row expects, besides that the raw text is kept.
enum Is {
    /// This E.164.
    E164(&'static str),
    /// This E.164 with this extension.
    Extension(&'static str, &'static str),
    /// No E.164; these digits.
    Weak(&'static str),
    /// No number at all.
    Nothing,
}
use Is::{E164, Extension, Nothing, Weak};

const TABLE: &[(&str, &str, Is)] = &[
    // Japan.
    ("090-1234-5678", "JP", E164("+819012345678")),
    ("+81 090-1234-5678", "", E164("+819012345678")),
    ("819012345678", "JP", E164("+819012345678")),
    ("01081 90-1234-5678", "JP", E164("+819012345678")),
    ("00819012345678", "JP", E164("+819012345678")),
    ("00819012345678", "", E164("+819012345678")),
    ("０９０−１２３４−５６７８", "JP", E164("+819012345678")),
    ("090ｰ1234ｰ5678", "JP", E164("+819012345678")),
    ("090‐1234‐5678", "JP", E164("+819012345678")),
    ("090―1234―5678", "JP", E164("+819012345678")),
    ("090ー1234ー5678", "JP", E164("+819012345678")),
    ("03-1234-5678 内線12", "JP", Extension("+81312345678", "12")),
    ("090-1234-5678 / 03-1234-5678", "JP", E164("+819012345678")),
    ("184 090-1234-5678", "JP", E164("+819012345678")),
    ("186-090-1234-5678", "JP", E164("+819012345678")),
    ("\u{202A}+81 90\u{2011}1234\u{2011}5678\u{202C}", "", E164("+819012345678")),
    ("٠٩٠١٢٣٤٥٦٧٨", "JP", E164("+819012345678")),
    ("०९०१२३४५६७८", "JP", E164("+819012345678")),
    ("0049 30 123456", "JP", E164("+4930123456")),
    ("000-0000-0000", "JP", Nothing),
    ("16505551234", "JP", Weak("16505551234")),
    // Mexico.
    ("+5215512345678", "", E164("+525512345678")),
    ("044 55 1234 5678", "MX", E164("+525512345678")),
    ("045 55 1234 5678", "MX", E164("+525512345678")),
    ("01 55 1234 5678", "MX", E164("+525512345678")),
    // Argentina.
    ("+5491123456789", "", E164("+5491123456789")),
    ("+541123456789", "", E164("+541123456789")),
    ("011 15 2345-6789", "AR", E164("+5491123456789")),
    ("+54 11 15 2345 6789", "", E164("+5491123456789")),
    ("+5411152345678", "", Weak("5411152345678")),
    // Brazil.
    ("+551187654321", "", E164("+5511987654321")),
    ("+5511987654321", "", E164("+5511987654321")),
    ("0 15 11 98765-4321", "BR", E164("+5511987654321")),
    ("+5511 2345-6789 ramal 12", "", Extension("+551123456789", "12")),
    ("+55 61 3123-4567", "", E164("+556131234567")),
    ("+5561931234567", "", E164("+5561931234567")),
    // Europe.
    ("+39 02 12345678", "", E164("+390212345678")),
    ("+39212345678", "", Weak("39212345678")),
    ("+44 (0)20 7946 0958", "", E164("+442079460958")),
    ("+49 (0) 30 123456", "", E164("+4930123456")),
    ("4930123456", "DE", E164("+4930123456")),
    ("0049 30 123456", "DE", E164("+4930123456")),
    ("8 (912) 345-67-89", "RU", E164("+79123456789")),
    ("+7 495 123-45-67 доб. 89", "", Extension("+74951234567", "89")),
    ("+447911 123456#12", "", Extension("+447911123456", "12")),
    // North America.
    ("+1 415-555-2671;ext=123", "", Extension("+14155552671", "123")),
    ("tel:+1-415-555-2671;ext=5", "", Extension("+14155552671", "5")),
    ("+1 415-555-2671 ext. 123", "", Extension("+14155552671", "123")),
    ("+1 4155552671 x", "", E164("+14155552671")),
    ("1-800-FLOWERS", "US", E164("+18003569377")),
    ("16505551234", "", Weak("16505551234")),
    ("16505551234", "US", E164("+16505551234")),
    ("011 81 90 1234 5678", "US", E164("+819012345678")),
    ("111-1111-1111", "US", Nothing),
    ("555-2671", "US", Nothing),
    ("12 3", "US", Weak("123")),
    ("+10000000000", "", Nothing),
    // Elsewhere.
    ("0091 98765 43210", "IN", E164("+919876543210")),
    ("+91 098765 43210", "", E164("+919876543210")),
    ("+22508091011", "", Weak("22508091011")),
    ("+2250708091011", "", E164("+2250708091011")),
    ("+22997001234", "", Weak("22997001234")),
    ("+2290197001234", "", E164("+2290197001234")),
    ("+80012345678", "", E164("+80012345678")),
    ("+80812345678", "", E164("+80812345678")),
    ("+870773111632", "", E164("+870773111632")),
    ("+883510012345", "", E164("+883510012345")),
    // No numbers.
    ("+9991234567", "", Nothing),
    ("anonymous", "", Nothing),
    ("Restricted", "US", Nothing),
    ("", "JP", Nothing),
    ("   ", "", Nothing),
];

#[test]
fn every_row_of_the_table_reads_as_written() {
    let mut failures = Vec::new();
    for (raw, code, expected) in TABLE {
        let phone = parse(raw, region(code));
        let (e164, ext, weak) = match expected {
            E164(e164) => (Some(*e164), None, None),
            Extension(e164, ext) => (Some(*e164), Some(*ext), None),
            Weak(digits) => (None, None, Some(*digits)),
            Nothing => (None, None, None),
        };
        let read = (phone.e164.as_deref(), phone.ext.as_deref(), phone.weak_digits.as_deref());
        if read != (e164, ext, weak) || phone.raw != *raw {
            failures.push(format!("{raw:?} ({code}): expected {:?}, got {phone:?}", (e164, ext, weak)));
        }
    }
    assert!(failures.is_empty(), "{} rows differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_second_number_in_the_field_is_an_alternative() {
    let numbers = parse_all("090-1234-5678 / 03-1234-5678", region("JP"));
    let e164: Vec<_> = numbers.iter().map(|phone| phone.e164.as_deref()).collect();
    assert_eq!(e164, [Some("+819012345678"), Some("+81312345678")]);
    assert_eq!(numbers[0].raw, "090-1234-5678 / 03-1234-5678", "the primary number keeps the whole field");
    assert_eq!(numbers[1].raw, "03-1234-5678");
}

#[test]
fn whatsapp_ids_of_every_country_with_old_forms_have_one_canonical_number() {
    for (wa_id, canonical) in [
        ("5215512345678", "+525512345678"),
        ("525512345678", "+525512345678"),
        ("551187654321", "+5511987654321"),
        ("556131234567", "+556131234567"),
        ("5491123456789", "+5491123456789"),
        ("2250708091011", "+2250708091011"),
        ("22508091011", "+22508091011"),
        ("22997001234", "+22997001234"),
        ("819012345678", "+819012345678"),
    ] {
        let phone = parse_international(wa_id);
        assert_eq!(phone.e164.as_deref(), Some(canonical), "{wa_id}");
        assert_eq!(phone.raw, wa_id);
    }
}

#[test]
fn reserved_test_numbers_from_a_provider_are_kept_and_marked_as_not_valid() {
    for wa_id in ["15551234567", "447700900123", "972987654321", "972123456789"] {
        let phone = parse_international(wa_id);
        let expected = Phone {
            raw: wa_id.into(),
            e164: Some(format!("+{wa_id}")),
            match_keys: vec![format!("+{wa_id}")],
            weak_digits: Some(wa_id.into()),
            ..Phone::default()
        };
        assert_eq!(phone, expected);
    }
}

#[test]
fn what_is_no_phone_number_has_no_e164_even_from_a_provider() {
    for id in [
        "US.13491208655302741918",
        "US.ENT.11815799212886844830",
        "120363041234567890@g.us",
        "16505551234-1500000000@g.us",
        "98765432101234@lid",
        "status@broadcast",
        "12345",
        "MyBank",
        "10000000000",
        "",
    ] {
        assert_eq!(parse_international(id).e164, None, "{id}");
    }
}

#[test]
fn a_jid_is_its_number_without_the_device() {
    for jid in ["819012345678@s.whatsapp.net", "819012345678:12@s.whatsapp.net", "819012345678@c.us"] {
        assert_eq!(parse_international(jid).e164.as_deref(), Some("+819012345678"), "{jid}");
        assert_eq!(parse(jid, None).e164.as_deref(), Some("+819012345678"), "{jid}");
    }
}
