//! Who is this? Decides which contact a party is, from the contacts that its addresses lead to.

use crate::address::{Address, AddressKind};

/// A contact that one of the party's addresses leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquaintance {
    /// The contact.
    pub contact_id: i64,
    /// All of its addresses.
    pub addresses: Vec<Address>,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nobody yet.
    New,
    /// This contact; addresses that it lacks are added.
    Known(i64),
    /// One event names two contacts as one person: the second becomes the first.
    Merge {
        /// The contact that stays.
        keep: i64,
        /// The contacts that it turns out to be.
        absorb: Vec<i64>,
    },
    /// The number went to somebody else: a known phone under another channel id, without a word of change.
    /// A new contact, to whom the number now belongs.
    Successor {
        /// The former holder of the number.
        of: i64,
    },
}

/// Decides who a party is. `found` are the distinct contacts that its addresses lead to, oldest first.
pub fn identify(addresses: &[Address], found: &[Acquaintance]) -> Identity {
    match found {
        [] => Identity::New,
        [one] if has_another_handle(addresses, one) => Identity::Successor { of: one.contact_id },
        [one] => Identity::Known(one.contact_id),
        [keep, rest @ ..] => {
            // A channel id names a person more surely than a number, which may pass to somebody else.
            let by_handle = found.iter().find(|contact| shares_handle(addresses, contact));
            let clashing = found.iter().filter(|contact| has_another_handle(addresses, contact));
            match (by_handle, clashing.count()) {
                (Some(contact), clashes) if clashes > 0 => Identity::Known(contact.contact_id),
                _ => Identity::Merge {
                    keep: keep.contact_id,
                    absorb: rest.iter().map(|contact| contact.contact_id).collect(),
                },
            }
        }
    }
}

fn handles(addresses: &[Address]) -> impl Iterator<Item = &Address> {
    addresses.iter().filter(|address| address.kind == AddressKind::Handle)
}

fn shares_handle(addresses: &[Address], contact: &Acquaintance) -> bool {
    handles(addresses)
        .any(|ours| handles(&contact.addresses).any(|theirs| theirs == ours || same(theirs, ours)))
}

fn same(a: &Address, b: &Address) -> bool {
    a.scope == b.scope && a.value == b.value
}

/// In some scope both have channel ids, and not one in common. A person may have several in a scope (their own and
/// one that holds across a company's portfolio), and not every event names all.
fn has_another_handle(addresses: &[Address], contact: &Acquaintance) -> bool {
    handles(addresses).any(|ours| {
        let in_scope = |address: &&Address| address.scope == ours.scope;
        let mut theirs = handles(&contact.addresses).filter(in_scope).peekable();
        let known = |theirs: &Address| handles(addresses).any(|ours| same(theirs, ours));
        theirs.peek().is_some() && !theirs.any(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
