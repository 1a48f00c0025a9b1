//! Addresses: how a person is reached and recognised.
//!
//! Matching compares addresses and nothing else, so each kind has one canonical form, made here and nowhere else.
//! Phone numbers need most of the care and have the module [`phone`] to themselves. Everything here is pure: text in,
//! values out, no input is refused with a panic.

mod clean;
mod country;
mod country_names;
mod equality;
mod extension;
mod numbering;
pub mod phone;
mod region;
mod spelling;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(crate) use self::clean::ascii_digit;
use self::phone::Phone;

/// What kind of address this is. The kind decides the canonical form and how two of them are compared.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum AddressKind {
    /// A phone number. Canonical form: E.164 with its `+`.
    Phone,
    /// An e-mail address. Canonical form: lower case.
    Email,
    /// A channel's own id of a person (a WhatsApp business-scoped id, a LINE user id). Opaque and case-sensitive:
    /// never read as a phone number, and worth nothing outside its scope.
    Handle,
}

/// One row by which a contact is reached and recognised.
///
/// Two addresses are the same if kind, scope and value are; [`raw`](Self::raw) is kept for sending (WhatsApp wants
/// the id that came in, not a corrected one) and for showing what was received.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// What kind of address this is.
    pub kind: AddressKind,
    /// For handles the channel and realm that gave the id out ("whatsapp"); empty for phone and e-mail.
    pub scope: String,
    /// The canonical form, the only thing that matching compares.
    pub value: String,
    /// The text as it was received.
    pub raw: String,
}

impl Address {
    /// An address from a number whose source knows that it is international: a WhatsApp `wa_id`, a JID, an SMS sender.
    ///
    /// The canonical value may differ from what was sent (a Mexican `521…` loses its 1); `raw` does not. `None` for
    /// anything that cannot be a phone number: business-scoped ids, group and privacy JIDs, short codes, names.
    pub fn phone_from_international(digits: &str) -> Option<Self> {
        let value = phone::parse_international(digits).e164?;
        Some(Self { kind: AddressKind::Phone, scope: String::new(), value, raw: digits.to_owned() })
    }

    /// An address from an e-mail address, bare, with `mailto:` or as `Name <name@host>`. Lower-cased as a whole:
    /// the letter of RFC 5321 lets hosts tell `Ann@` from `ann@`, but none that matter do.
    pub fn email(raw: &str) -> Option<Self> {
        let text = clean::visible(raw);
        let text = text.trim();
        let bare = match text.rsplit_once('<') {
            Some((_, inner)) => inner.strip_suffix('>')?,
            None => text,
        };
        let lower = bare.trim().to_lowercase();
        let value = match lower.strip_prefix("mailto:") {
            Some(target) => target.split('?').next().unwrap_or_default().to_owned(),
            None => lower,
        };
        let kind = AddressKind::Email;
        is_email(&value).then(|| Self { kind, scope: String::new(), value, raw: raw.to_owned() })
    }

    /// An address from a channel's own id of a person. The id is opaque and stays as given.
    pub fn handle(scope: &str, id: &str) -> Self {
        Self { kind: AddressKind::Handle, scope: scope.to_owned(), value: id.to_owned(), raw: id.to_owned() }
    }

    /// The phone number behind a phone address, ready for [`phone::compare`] and [`phone::spellings`].
    pub fn phone(&self) -> Option<Phone> {
        (self.kind == AddressKind::Phone)
            .then(|| Phone { raw: self.raw.clone(), ..phone::parse_international(&self.value) })
    }
}

/// By which address a person without a name is called: a number before an e-mail address before a handle, and among
/// those the first.
pub fn best(addresses: &[Address]) -> Option<&Address> {
    addresses.iter().min_by_key(|address| address.kind)
}

/// Whether this has the shape of an address that could receive mail: one `@`, a host with a dot, no spaces or list
/// signs, at most the 254 characters of RFC 5321.
fn is_email(value: &str) -> bool {
    let Some((local, host)) = value.split_once('@') else { return false };
    let is_odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';' | ':');
    let labels_stand = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    let host_stands = labels_stand && !host.contains(['/', '?', '"', '(', ')', '\\']);
    !local.is_empty()
        && host_stands
        && !local.contains(is_odd)
        && !host.contains(is_odd)
        && value.chars().count() <= 254
}
