//! Contacts: the list of them, and one of them with all that is known.

mod list;
mod one;

pub use list::{List, Row, list};
pub use one::{AddressLine, Contact, Conversation, PinnedTo, contact};

use causeway_core::{
    address::{Address, AddressKind, phone::readable},
    timeline::Status,
};
use maud::Markup;

use crate::{
    Words,
    part::{Tone, badge},
};

/// An address as people read it: numbers in international form.
fn shown(address: &Address) -> String {
    match address.kind {
        AddressKind::Phone => readable(&address.value),
        AddressKind::Email | AddressKind::Handle => address.value.clone(),
    }
}

/// What a person is called: their name, else their address, else that nobody knows.
fn called(words: &Words, name: Option<&str>, address: Option<&Address>) -> String {
    let name = name.map(str::to_owned).or_else(|| address.map(shown));
    name.unwrap_or_else(|| words.say("contact-unnamed"))
}

/// How a conversation stands.
fn status(words: &Words, status: Status) -> Markup {
    let tone = match status {
        Status::Open => Tone::Good,
        Status::Pending => Tone::Warning,
        Status::Closed => Tone::Plain,
    };
    // words: contact-status-*
    badge(tone, &words.say(&format!("contact-status-{}", status.word())))
}

#[cfg(test)]
mod tests;
