//! Which record is the person.

use std::collections::BTreeSet;

use super::{With, contact, lead, reference};
use crate::{
    address::{Address, AddressKind, phone::Strength},
    panel::{
        matching::{self, Found, How, Known, NearReason, Question, Searched},
        settings::PanelSettings,
    },
    record::{Module, PersonRecord, RecordRef},
};

fn known(emails: &[&str], phones: &[&str]) -> Known {
    let emails = emails.iter().map(|email| Address::email(email).expect("an address"));
    let phones = phones.iter().map(|number| {
        Address::phone_from_international(number).unwrap_or_else(|| Address {
            kind: AddressKind::Phone,
            scope: String::new(),
            value: (*number).into(),
            raw: (*number).into(),
        })
    });
    Known::of(&emails.chain(phones).collect::<Vec<_>>(), Some(" Sato  Hanako "))
}

fn literal() -> PanelSettings {
    PanelSettings { literal: true, ..PanelSettings::default() }
}

fn decide_by(known: &Known, settings: &PanelSettings, candidates: &[PersonRecord]) -> Found {
    let asked = BTreeSet::new();
    let region = "JP".parse().ok();
    matching::decide(&Question { known, candidates, asked: &asked, settings, region })
}

fn decide(known: &Known, candidates: &[PersonRecord]) -> Found {
    decide_by(known, &PanelSettings::default(), candidates)
}

fn one(found: Found) -> (RecordRef, How) {
    match found {
        Found::One { record, how, .. } => (record, how),
        other => panic!("not one: {other:?}"),
    }
}

fn id(found: Found) -> String {
    one(found).0.id
}

fn near(
    known: &Known,
    settings: &PanelSettings,
    candidates: &[PersonRecord],
) -> Vec<(RecordRef, NearReason)> {
    let asked = BTreeSet::new();
    matching::near(&Question { known, candidates, asked: &asked, settings, region: "JP".parse().ok() })
}

const HANA: &str = "819012345678";

#[test]
fn an_email_or_a_phone_number_alone_is_enough() {
    let known = known(&["hana@example.jp"], &[HANA]);
    let (record, how) = one(decide(&known, &[contact("A").email(" Hana@Example.JP ")]));
    assert_eq!((record.id.as_str(), how), ("A", How::Email { address: "Hana@Example.JP".into() }));
    let (record, how) = one(decide(&known, &[contact("B").phone("Fax", "090-1234-5678")]));
    assert_eq!(record.id, "B");
    let expected = How::Phone {
        number: "+819012345678".into(),
        field: "Fax".into(),
        stored: "090-1234-5678".into(),
        strength: Strength::Exact,
    };
    assert_eq!(how, expected);
}

#[test]
fn a_contact_by_phone_goes_before_a_lead_by_email() {
    let known = known(&["hana@example.jp"], &[HANA]);
    let candidates = [lead("L").email("hana@example.jp"), contact("C").phone("Phone", "+81 90 1234 5678")];
    assert_eq!(id(decide(&known, &candidates)), "C");
    assert_eq!(id(decide(&known, &candidates[..1])), "L");
}

#[test]
fn the_email_wins_over_the_phone_and_the_other_contact_is_told() {
    let known = known(&["hana@example.jp"], &[HANA]);
    let mail = contact("M").email("hana@example.jp");
    let other = contact("P").phone("Phone", "+819012345678");
    let Found::One { record, conflict, .. } = decide(&known, &[other.clone(), mail.clone()]) else {
        panic!("the e-mail decides")
    };
    assert_eq!(record.id, "M");
    assert_eq!(conflict.iter().map(|(record, _)| record.id.as_str()).collect::<Vec<_>>(), ["P"]);
    let both = mail.phone("Phone", "090 1234 5678");
    let Found::One { conflict, .. } = decide(&known, &[other, both]) else { panic!("the e-mail decides") };
    assert!(conflict.is_empty(), "its own number is the same");
}

#[test]
fn several_by_the_same_rule_are_left_to_a_person() {
    let known = known(&["hana@example.jp"], &[HANA]);
    for pair in [
        [contact("A").email("hana@example.jp"), contact("B").email("HANA@example.jp")],
        [contact("A").phone("Phone", "+819012345678"), contact("B").phone("Fax", "090-1234-5678")],
        [lead("A").phone("Phone", "+819012345678"), lead("B").phone("Phone", "8190 12345678")],
    ] {
        assert!(matches!(decide(&known, &pair), Found::Several(all) if all.len() == 2));
    }
}

#[test]
fn a_surer_match_of_the_number_goes_before_a_weaker_one() {
    let known = known(&[], &[HANA]);
    let candidates =
        [contact("A").phone("Phone", "090-1234-5678 ext. 12"), contact("B").phone("Phone", "090-1234-5678")];
    assert_eq!(id(decide(&known, &candidates)), "B");
}

#[test]
fn a_short_number_matches_by_all_its_digits() {
    let known = known(&[], &["123"]);
    for stored in ["12 3", "1-23", "(12) 3", "123", "1 2 3"] {
        let (record, how) = one(decide(&known, &[contact("A").phone("Phone", stored)]));
        assert_eq!(record.id, "A", "{stored}");
        assert!(matches!(how, How::Phone { strength: Strength::Digits, .. }), "{stored}");
    }
    for stored in ["1234", "0123", "12", "321", "+1 212 343 5678", ""] {
        assert_eq!(decide(&known, &[contact("A").phone("Phone", stored)]), Found::None, "{stored}");
    }
    assert_eq!(id(decide(&self::known(&[], &["111"]), &[contact("A").phone("Phone", "1 11")])), "A");
}

#[test]
fn in_literal_mode_only_the_same_text_matches() {
    let desk = known(&[], &["123"]);
    assert_eq!(decide_by(&desk, &literal(), &[contact("A").phone("Phone", "12 3")]), Found::None);
    assert_eq!(id(decide_by(&desk, &literal(), &[contact("A").phone("Phone", "123")])), "A");
    let hana = known(&[], &[HANA]);
    for (stored, matches) in
        [("+819012345678", true), ("819012345678", true), ("+81 9012345678", false), ("090-1234-5678", false)]
    {
        let found = decide_by(&hana, &literal(), &[contact("A").phone("Phone", stored)]);
        assert_eq!(found != Found::None, matches, "{stored}");
    }
}

#[test]
fn only_the_chosen_phone_fields_count() {
    let settings = PanelSettings { phone_fields: Some(vec!["phone".into()]), ..PanelSettings::default() };
    let known = known(&[], &[HANA]);
    let fax = contact("A").phone("Fax", "090-1234-5678");
    assert_eq!(decide_by(&known, &settings, std::slice::from_ref(&fax)), Found::None);
    assert_eq!(id(decide(&known, std::slice::from_ref(&fax))), "A");
    assert_eq!(id(decide_by(&known, &settings, &[contact("B").phone("Phone", "090-1234-5678")])), "B");
    let other = NearReason::OtherField { field: "Fax".into(), stored: "090-1234-5678".into() };
    assert_eq!(near(&known, &settings, &[fax]), [(reference(Module::Contact, "A"), other)]);
}

#[test]
fn what_is_deleted_merged_or_converted_is_never_shown() {
    let known = known(&["hana@example.jp"], &[]);
    let deleted = PersonRecord { is_deleted: true, ..contact("A").email("hana@example.jp") };
    let merged = PersonRecord {
        merged_into: Some(reference(Module::Contact, "Z")),
        ..contact("B").email("hana@example.jp")
    };
    let converted = PersonRecord { is_converted: true, ..lead("C").email("hana@example.jp") };
    assert_eq!(decide(&known, &[deleted, merged, converted]), Found::None);
}

#[test]
fn a_converted_lead_leads_to_its_contact_if_no_contact_matches_by_itself() {
    let known = known(&["hana@example.jp"], &[]);
    let converted = lead("L").email("hana@example.jp").became("C");
    let target = reference(Module::Contact, "C");
    assert_eq!(decide(&known, std::slice::from_ref(&converted)), Found::Read(vec![target.clone()]));
    let (record, how) = one(decide(&known, &[converted.clone(), contact("C")]));
    assert_eq!((record, how), (target.clone(), How::Followed { from: reference(Module::Lead, "L") }));
    assert_eq!(id(decide(&known, &[converted.clone(), contact("D").email("hana@example.jp")])), "D");
    let (asked, settings) = (BTreeSet::from([target]), PanelSettings::default());
    let candidates = [converted];
    let question =
        Question { known: &known, candidates: &candidates, asked: &asked, settings: &settings, region: None };
    assert_eq!(matching::decide(&question), Found::None, "it cannot be seen");
}

#[test]
fn near_records_are_told_with_the_reason_and_never_matched() {
    let known = known(&[], &[HANA]);
    let candidates = [
        contact("N").named("sato hanako"),
        contact("E").phone("Phone", "1234-5678"),
        contact("X").phone("Phone", "+81 90 0000 0000"),
    ];
    assert_eq!(decide(&known, &candidates), Found::None);
    let found = near(&known, &PanelSettings::default(), &candidates);
    let ending = NearReason::SameEnding { stored: "1234-5678".into() };
    let expected =
        [(reference(Module::Contact, "E"), ending), (reference(Module::Contact, "N"), NearReason::SameName)];
    assert_eq!(found, expected);
    let written = [contact("W").phone("Phone", "090-1234-5678")];
    let otherwise = NearReason::WrittenOtherwise { stored: "090-1234-5678".into() };
    assert_eq!(near(&known, &literal(), &written), [(reference(Module::Contact, "W"), otherwise)]);
}

#[test]
fn what_is_searched_is_told_and_asked_for() {
    let known = known(&["hana@example.jp"], &[HANA, "123"]);
    let searched = [
        Searched::Email("hana@example.jp".into()),
        Searched::Phone("+819012345678".into()),
        Searched::Phone("123".into()),
    ];
    assert_eq!(known.searched(), searched);
    let query = known.query(&PanelSettings::default(), [].into());
    assert_eq!((query.phones.len(), query.texts.len()), (2, 0));
    let query = known.query(&literal(), [].into());
    assert_eq!(
        (query.phones.len(), query.texts),
        (0, ["+819012345678", HANA, "123"].map(String::from).into())
    );
    assert_eq!(matching::endings(&known), ["2345678", "12345678"]);
}
