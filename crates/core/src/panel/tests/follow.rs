//! Where a known record went.

use super::{With, contact, lead, reference};
use crate::{
    panel::follow::{Whereto, whereto},
    record::{Module, PersonRecord},
};

#[test]
fn merged_and_converted_records_are_followed_and_deleted_ones_are_gone() {
    let to = |id: &str| Whereto::Moved(reference(Module::Contact, id));
    assert_eq!(whereto(Some(&contact("A"))), Whereto::Stays);
    let merged =
        PersonRecord { is_deleted: true, merged_into: Some(reference(Module::Contact, "B")), ..contact("A") };
    assert_eq!(whereto(Some(&merged)), to("B"));
    assert_eq!(whereto(Some(&lead("L").became("C"))), to("C"));
    assert_eq!(whereto(Some(&PersonRecord { is_deleted: true, ..contact("A") })), Whereto::Gone);
    assert_eq!(whereto(Some(&PersonRecord { is_converted: true, ..lead("L") })), Whereto::Gone);
    assert_eq!(whereto(None), Whereto::Gone);
}

#[test]
fn a_record_that_became_itself_is_gone() {
    let ring = PersonRecord { merged_into: Some(reference(Module::Contact, "A")), ..contact("A") };
    assert_eq!(whereto(Some(&ring)), Whereto::Gone);
}
