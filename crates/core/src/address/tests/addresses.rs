//! The three kinds of address.

use crate::address::{
    Address, AddressKind,
    phone::{Strength, compare},
};

#[test]
fn a_phone_address_is_canonical_and_keeps_what_was_sent() {
    let address = Address::phone_from_international("5215512345678").unwrap();
    assert_eq!(address.kind, AddressKind::Phone);
    assert_eq!((address.scope.as_str(), address.value.as_str()), ("", "+525512345678"));
    assert_eq!(address.raw, "5215512345678", "WhatsApp is answered at the id that came in");
}

#[test]
fn a_business_scoped_id_is_a_handle_and_never_a_phone() {
    let id = "US.13491208655302741918";
    assert_eq!(Address::phone_from_international(id), None);
    let handle = Address::handle("whatsapp", id);
    assert_eq!(
        (handle.kind, handle.scope.as_str(), handle.value.as_str()),
        (AddressKind::Handle, "whatsapp", id)
    );
    assert_eq!(handle.phone(), None);
}

#[test]
fn handles_of_different_scopes_are_different_people() {
    assert_ne!(Address::handle("whatsapp", "42"), Address::handle("line", "42"));
    assert_ne!(Address::handle("line", "Uab"), Address::handle("line", "UAB"), "ids are case-sensitive");
}

#[test]
fn a_phone_address_turns_back_into_its_number() {
    for wa_id in ["819012345678", "5215512345678", "15551234567", "22508091011"] {
        let address = Address::phone_from_international(wa_id).unwrap();
        let phone = address.phone().unwrap();
        assert_eq!(phone.e164.as_ref(), Some(&address.value));
        assert_eq!(phone.raw, wa_id);
        assert_eq!(compare(&phone, &address.value, None, None), Some(Strength::Exact), "{wa_id}");
    }
}

#[test]
fn an_e_mail_address_is_lower_cased_and_unwrapped() {
    for raw in [
        "Ann.Lee@Example.COM",
        "  ann.lee@example.com\n",
        "mailto:ann.lee@example.com",
        "mailto:Ann.Lee@example.com?subject=Hello",
        "Ann Lee <ann.lee@example.com>",
        "\"Lee, Ann\" <Ann.Lee@example.com>",
        "ａｎｎ.lee＠example.com",
        "\u{FEFF}ann.lee@example.com\u{200B}",
    ] {
        let address = Address::email(raw).unwrap_or_else(|| panic!("{raw:?} was refused"));
        assert_eq!((address.kind, address.value.as_str()), (AddressKind::Email, "ann.lee@example.com"));
        assert_eq!(address.raw, raw);
    }
    assert_eq!(Address::email("info@データ.jp").unwrap().value, "info@データ.jp");
}

#[test]
fn what_could_not_receive_mail_is_no_e_mail_address() {
    for raw in [
        "",
        "ann",
        "ann@",
        "@example.com",
        "a@b@example.com",
        "ann lee@example.com",
        "ann@host",
        "ann@.com",
        "ann@example.",
        "ann@example.com/inbox",
        "mailto:mailto:ann@example.com",
        "a@example.com, b@example.com",
        "Ann <ann@example.com",
        &format!("{}@example.com", "a".repeat(250)),
    ] {
        assert_eq!(Address::email(raw), None, "{raw:?}");
    }
}

#[test]
fn addresses_survive_storage() {
    let address = Address::phone_from_international("819012345678").unwrap();
    let stored = serde_json::to_string(&address).unwrap();
    assert!(stored.contains("\"kind\":\"phone\""), "{stored}");
    assert_eq!(serde_json::from_str::<Address>(&stored).unwrap(), address);
}
