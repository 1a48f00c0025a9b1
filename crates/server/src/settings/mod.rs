//! The settings of an integration: read from what a person sent, checked against the org, stored with what follows.

mod activate;
mod add;
mod change;
mod check;
mod destination;
mod draft;
mod form;
mod in_crm;
mod link_field;
mod owners;
mod prepare;

pub use activate::activate;
pub use add::add;
pub use change::{ChangeRefused, Wish, change, problems};
pub use draft::{begin, discard, rebase, restore, save};
pub use form::{preset, to_json};
pub use link_field::{FieldRefused, make_link_field};
pub use owners::owners;
pub use prepare::{Applied, Prepared};

/// A setting that cannot be as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub what: String,
}

impl Problem {
    fn new(field: &str, what: impl Into<String>) -> Self {
        Self { field: field.to_owned(), what: what.into() }
    }
}
