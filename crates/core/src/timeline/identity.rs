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
///
/// A channel id names a person more surely than a number, which may pass to somebody else: contacts whose channel ids
/// contradict the party's are not the party, whatever else they share.
pub fn identify(addresses: &[Address], found: &[Acquaintance]) -> Identity {
    let fitting: Vec<_> = found.iter().filter(|contact| !has_another_handle(addresses, contact)).collect();
    match (fitting.as_slice(), found) {
        ([], []) => Identity::New,
        ([], [former, ..]) => Identity::Successor { of: former.contact_id },
        ([one], _) => Identity::Known(one.contact_id),
        ([keep, rest @ ..], _) => Identity::Merge {
            keep: keep.contact_id,
            absorb: rest.iter().map(|contact| contact.contact_id).collect(),
        },
    }
}

fn handles(addresses: &[Address]) -> impl Iterator<Item = &Address> {
    addresses.iter().filter(|address| address.kind == AddressKind::Handle)
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
mod tests;
