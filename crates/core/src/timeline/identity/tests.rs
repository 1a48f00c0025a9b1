//! One person under many addresses, and one address that passed to another person.

use super::{Acquaintance, Identity, identify};
use crate::address::{Address, AddressKind};

fn address(kind: AddressKind, scope: &str, value: &str) -> Address {
    Address { kind, scope: scope.into(), value: value.into(), raw: value.into() }
}

fn phone(value: &str) -> Address {
    address(AddressKind::Phone, "", value)
}

fn handle(value: &str) -> Address {
    address(AddressKind::Handle, "whatsapp", value)
}

fn contact(contact_id: i64, addresses: &[Address]) -> Acquaintance {
    Acquaintance { contact_id, addresses: addresses.to_vec() }
}

#[test]
fn an_event_with_number_and_channel_id_joins_two_contacts() {
    let party = [phone("+81"), handle("JP.1")];
    let found = [contact(1, &[phone("+81")]), contact(2, &[handle("JP.1")])];
    assert_eq!(identify(&party, &found), Identity::Merge { keep: 1, absorb: vec![2] });
}

#[test]
fn a_number_under_another_channel_id_belongs_to_a_new_person() {
    let found = [contact(1, &[phone("+81"), handle("JP.1")])];
    assert_eq!(identify(&[phone("+81"), handle("JP.2")], &found), Identity::Successor { of: 1 });
    assert_eq!(identify(&[phone("+81"), handle("JP.1")], &found), Identity::Known(1));
    assert_eq!(identify(&[phone("+81")], &found), Identity::Known(1));
}

#[test]
fn one_channel_id_in_common_is_enough() {
    let found = [contact(1, &[phone("+81"), handle("JP.1")])];
    let party = [phone("+81"), handle("JP.1"), handle("JP.ENT.1")];
    assert_eq!(identify(&party, &found), Identity::Known(1));
}

#[test]
fn a_number_that_passed_between_two_known_people_joins_nobody() {
    let found = [contact(1, &[phone("+81"), handle("JP.1")]), contact(2, &[handle("JP.2")])];
    assert_eq!(identify(&[phone("+81"), handle("JP.2")], &found), Identity::Known(2));
}

#[test]
fn addresses_that_nobody_has_are_a_new_person() {
    assert_eq!(identify(&[phone("+81")], &[]), Identity::New);
}

#[test]
fn an_e_mail_address_never_joins_a_person_to_the_former_holder_of_their_number() {
    let email = address(AddressKind::Email, "", "anna@example.com");
    let found = [contact(1, &[phone("+81"), handle("JP.1")]), contact(2, std::slice::from_ref(&email))];
    assert_eq!(identify(&[phone("+81"), email, handle("JP.3")], &found), Identity::Known(2));
}

#[test]
fn a_number_that_two_others_held_belongs_to_a_new_person() {
    let found = [contact(1, &[phone("+81"), handle("JP.1")]), contact(2, &[phone("+82"), handle("JP.2")])];
    assert_eq!(
        identify(&[phone("+81"), phone("+82"), handle("JP.3")], &found),
        Identity::Successor { of: 1 }
    );
}

#[test]
fn those_who_fit_are_joined_although_another_clashes() {
    let found = [
        contact(1, &[phone("+81"), handle("JP.1")]),
        contact(2, &[phone("+82")]),
        contact(3, &[handle("JP.3")]),
    ];
    let party = [phone("+81"), phone("+82"), handle("JP.3")];
    assert_eq!(identify(&party, &found), Identity::Merge { keep: 2, absorb: vec![3] });
}

#[test]
fn a_channel_id_of_another_channel_contradicts_nothing() {
    let line = address(AddressKind::Handle, "line", "U1");
    let found = [contact(1, &[phone("+81"), line])];
    assert_eq!(identify(&[phone("+81"), handle("JP.1")], &found), Identity::Known(1));
}
