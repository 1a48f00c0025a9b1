//! Where a known record went: merged and converted ones are followed, deleted ones are gone (R2.22, as chat sync does).

use crate::record::{PersonRecord, RecordRef};

/// How many steps are followed; a chain this long, or a circle, ends as gone.
pub const MOST_STEPS: usize = 3;

/// Where a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereto {
    /// It stands where it was.
    Stays,
    /// It became this one.
    Moved(RecordRef),
    /// It is deleted, hidden, or became something that cannot be seen.
    Gone,
}

/// Judges what reading a record by its id brought.
pub fn whereto(found: Option<&PersonRecord>) -> Whereto {
    let Some(person) = found else { return Whereto::Gone };
    let became = person.merged_into.as_ref().or(person.converted_to.as_ref().filter(|_| person.is_converted));
    match became {
        Some(next) if *next != person.record => Whereto::Moved(next.clone()),
        Some(_) => Whereto::Gone,
        None if person.is_deleted || person.is_converted => Whereto::Gone,
        None => Whereto::Stays,
    }
}
