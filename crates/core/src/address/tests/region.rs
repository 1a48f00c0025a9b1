//! Regions from codes, country names and numbers.

use super::super::{
    country_names::{NAMES, code_of, fold},
    phone::Region,
};

fn code(text: &str) -> Option<String> {
    text.parse::<Region>().ok().map(|region| region.to_string())
}

#[test]
fn a_region_is_read_from_a_code_or_an_english_name() {
    for (text, expected) in [
        ("JP", "JP"),
        (" jp ", "JP"),
        ("Brazil", "BR"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("The Netherlands", "NL"),
        ("Korea, Republic of", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Bolivia, Plurinational State of", "BO"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("TRINIDAD & TOBAGO", "TT"),
        ("Virgin Islands, U.S.", "VI"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Hong Kong", "HK"),
        ("日本", "JP"),
    ] {
        assert_eq!(code(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_country_is_refused_with_its_text() {
    for text in ["", "Atlantis", "XX", "001", "J", "81"] {
        assert_eq!(code(text), None, "{text}");
    }
    let error = "Atlantis".parse::<Region>().unwrap_err().to_string();
    assert!(error.contains("Atlantis") && error.contains("JP"), "{error}");
}

#[test]
fn a_number_tells_its_region() {
    for (e164, expected) in [
        ("+819012345678", Some("JP")),
        ("+14165550199", Some("CA")),
        ("+77012345678", Some("KZ")),
        ("+447700900123", Some("GB")),
        ("+15551234567", Some("US")),
        ("+80012345678", None),
        ("819012345678", None),
        ("+", None),
    ] {
        assert_eq!(Region::of_number(e164).map(|region| region.to_string()).as_deref(), expected, "{e164}");
    }
}

#[test]
fn a_region_is_stored_as_its_code() {
    let japan: Region = serde_json::from_str("\"Japan\"").unwrap();
    assert_eq!(serde_json::to_string(&japan).unwrap(), "\"JP\"");
    assert!(serde_json::from_str::<Region>("\"Atlantis\"").is_err());
    assert_eq!(japan.calling_code(), 81);
}

#[test]
fn the_country_names_are_sorted_folded_and_known() {
    assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0), "not sorted, or a name twice");
    for (name, code) in NAMES {
        assert_eq!(fold(name), *name);
        assert_eq!(code_of(name), Some(*code));
        assert!(code.parse::<Region>().is_ok(), "{name}: {code} has no numbering plan");
    }
}
