//! Where a linked record went: merged and converted records are followed to the end, and never written on (R2.22).

use std::collections::BTreeSet;

use super::Known;
use crate::record::{PersonRecord, RecordRef};

/// Where a record went.
pub(super) enum Whereto<'a> {
    /// It stands where it was.
    Stay(&'a PersonRecord),
    /// It became this one, step by step.
    Moved(&'a PersonRecord, Vec<String>),
    /// It is no more.
    Gone(String),
    /// It became another, and which one cannot be seen.
    Hidden(String),
    /// This one must be read first.
    Unread(RecordRef),
}

pub(super) fn whereto<'a>(record: &'a RecordRef, known: &'a Known) -> Whereto<'a> {
    let (mut at, mut steps) = (record, Vec::new());
    let mut passed = BTreeSet::from([record]);
    loop {
        if !known.read.contains(at) {
            return Whereto::Unread(at.clone());
        }
        let Some(found) = known.people.get(at) else {
            steps.push(format!("{} {} cannot be seen any more", at.module.name(), at.id));
            return Whereto::Gone(steps.join("; "));
        };
        let (module, id) = (at.module.name(), &at.id);
        let next = if let Some(winner) = &found.merged_into {
            steps.push(format!("{module} {id} was merged into {}", winner.id));
            winner
        } else if found.is_converted {
            let Some(contact) = &found.converted_to else {
                steps.push(format!(
                    "{module} {id} was converted, and the contact that it became cannot be seen"
                ));
                return Whereto::Hidden(steps.join("; "));
            };
            steps.push(format!("{module} {id} was converted to {} {}", contact.module.name(), contact.id));
            contact
        } else if found.is_deleted {
            steps.push(format!("{module} {id} was deleted"));
            return Whereto::Gone(steps.join("; "));
        } else if steps.is_empty() {
            return Whereto::Stay(found);
        } else {
            return Whereto::Moved(found, steps);
        };
        if !passed.insert(next) {
            steps.push("which leads back to where it began".into());
            return Whereto::Gone(steps.join("; "));
        }
        at = next;
    }
}
