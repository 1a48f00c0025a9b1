//! Who a person is: by phone number (by which the CRM is searched, R4.30), by business-scoped user id, or by both.
//!
//! A person with a user name may appear without any number. The user id is opaque, looks like
//! `US.13491208655302741918` (or, across a company's portfolios, `US.ENT.…`), and is never read as a number.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids>

use crate::{
    address::Address,
    channels::meta::fields::{Fields, Unreadable},
    timeline::Party,
};

/// The scope of user ids.
pub(super) const USER_ID: &str = "whatsapp";
/// The scope of numbers that no numbering plan knows: still somebody's identity on WhatsApp.
pub(super) const WA_ID: &str = "whatsapp:wa_id";

/// One of a change's `contacts`.
#[derive(Default)]
pub(super) struct Contact {
    ids: Ids,
    name: Option<String>,
    username: Option<String>,
}

/// The ids by which a payload names one person.
#[derive(Clone, Default)]
pub(super) struct Ids {
    /// WhatsApp's form of the phone number (`wa_id`): digits, without `+`.
    pub(super) number: Option<String>,
    /// The business-scoped user id.
    pub(super) user: Option<String>,
    /// The same across the portfolios of one company.
    pub(super) parent: Option<String>,
}

impl Contact {
    pub(super) fn read(fields: Fields) -> Result<Self, Unreadable> {
        let profile = fields.object("profile");
        Ok(Self {
            ids: Ids::read(fields, "wa_id", "user_id", "parent_user_id")?,
            name: profile.and_then(|profile| profile.text("name")),
            username: profile.and_then(|profile| profile.text("username")),
        })
    }

    /// The same person, by what the contact says of itself alone.
    pub(super) fn party(&self) -> Option<Party> {
        self.ids.party(std::slice::from_ref(self))
    }

    /// Is this the person with these ids? A user id decides; a number may have gone to somebody else.
    fn is(&self, ids: &Ids) -> bool {
        match (&self.ids.user, &ids.user) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => {
                matches!((&self.ids.number, &ids.number), (Some(mine), Some(theirs)) if is_same_number(mine, theirs))
            }
        }
    }
}

impl Ids {
    /// Reads the ids from the fields of these names.
    pub(super) fn read(fields: Fields, number: &str, user: &str, parent: &str) -> Result<Self, Unreadable> {
        Ok(Self { number: fields.id(number)?, user: fields.id(user)?, parent: fields.id(parent)? })
    }

    /// The addresses that the ids stand for, the number first.
    pub(super) fn addresses(&self) -> Vec<Address> {
        let user_ids = [&self.user, &self.parent].into_iter().flatten();
        let mut addresses: Vec<Address> = self.number.as_deref().and_then(identity).into_iter().collect();
        for address in user_ids.map(|id| Address::handle(USER_ID, id)) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// The person with these ids, with what `contacts` adds; `None` if nothing names anybody.
    pub(super) fn party(&self, contacts: &[Contact]) -> Option<Party> {
        let contact = contacts.iter().find(|contact| contact.is(self));
        let known = contact.map(|contact| contact.ids.clone()).unwrap_or_default();
        let all = Self {
            number: self.number.clone().or(known.number),
            user: self.user.clone().or(known.user),
            parent: self.parent.clone().or(known.parent),
        };
        let addresses = all.addresses();
        (!addresses.is_empty()).then(|| Party {
            addresses,
            name: contact.and_then(|contact| contact.name.clone()),
            username: contact.and_then(|contact| contact.username.clone()),
        })
    }
}

/// The address behind an id whose kind the payload leaves open: a number or a user id.
pub(super) fn identity(id: &str) -> Option<Address> {
    let id = id.trim();
    if id.is_empty() {
        return None;
    }
    if is_user_id(id) {
        return Some(Address::handle(USER_ID, id));
    }
    let Some(digits) = number(id) else { return Some(Address::handle(WA_ID, id)) };
    Some(Address::phone_from_international(&digits).unwrap_or_else(|| Address::handle(WA_ID, &digits)))
}

/// Two letters, a dot, and something after it.
fn is_user_id(id: &str) -> bool {
    id.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.is_empty()
    })
}

/// The digits of an international number, with or without `+` and punctuation; `None` for anything else.
pub(super) fn number(text: &str) -> Option<String> {
    let is_punctuation = |letter: char| letter.is_whitespace() || "-().".contains(letter);
    let bare: String = text.chars().filter(|letter| !is_punctuation(*letter)).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_owned())
}

/// Compares numbers by their digits, other words as they stand.
pub(super) fn is_same_number(one: &str, other: &str) -> bool {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
