//! Visiting cards. A card is a third party's, never the sender's, with one exception: the answer to our request for
//! contact information, which carries `origin: "contact_request"`. That mark comes from WhatsApp, not from the
//! customer; a card without it proves nothing.

use super::party;
use crate::{
    address::Address,
    channels::meta::fields::Fields,
    timeline::{Part, Party},
};

/// The mark of a card that was sent on request.
const REQUESTED: &str = "contact_request";

/// A card as a part of a message. Fields that it lacks are looked for in its vCard.
pub(super) fn card(card: Fields) -> Part {
    let vcard = VCard::of(card);
    let name = card.object("name");
    let spelled = |name: Fields| {
        name.text("formatted_name").or_else(|| {
            let names = ["prefix", "first_name", "middle_name", "last_name", "suffix"];
            let words: Vec<String> = names.iter().filter_map(|part| name.text(part)).collect();
            (!words.is_empty()).then(|| words.join(" "))
        })
    };
    let company = || card.object("org").and_then(|org| org.text("company"));
    let number = |phone: Fields| phone.text("phone").or_else(|| Some(format!("+{}", phone.text("wa_id")?)));
    let mut phones: Vec<String> = card.objects("phones").filter_map(number).collect();
    if phones.is_empty() {
        phones = vcard.phones.iter().map(|(written, _)| written.clone()).collect();
    }
    let mut emails: Vec<String> = card.objects("emails").filter_map(|email| email.text("email")).collect();
    if emails.is_empty() {
        emails = vcard.emails;
    }
    let name = name.and_then(spelled).or(vcard.name).or_else(company).unwrap_or_default();
    Part::Card { name, phones, emails }
}

/// The numbers of the sender, if the message is a card that was sent on our request.
pub(super) fn own_addresses(message: Fields) -> Vec<Address> {
    if message.text("type").as_deref() != Some("contacts") {
        return Vec::new();
    }
    let is_requested = |fields: Fields| fields.text("origin").as_deref() == Some(REQUESTED);
    let is_whole_message = is_requested(message);
    let mut addresses: Vec<Address> = Vec::new();
    for card in message.objects("contacts").filter(|card| is_whole_message || is_requested(*card)) {
        let listed = card.objects("phones").map(|phone| (phone.text("phone"), phone.text("wa_id")));
        let vcard = VCard::of(card).phones.into_iter().map(|(written, wa_id)| (Some(written), wa_id));
        for (written, wa_id) in listed.chain(vcard) {
            let address = wa_id.as_deref().and_then(party::identity).or_else(|| international(&written?));
            addresses.extend(address.filter(|address| {
                !addresses.iter().any(|known| (known.kind, &known.value) == (address.kind, &address.value))
            }));
        }
    }
    addresses
}

/// Whoever sent their own card, named by it alone.
pub(super) fn sender(message: Fields) -> Option<Party> {
    let addresses = own_addresses(message);
    (!addresses.is_empty()).then(|| Party { addresses, ..Party::default() })
}

/// Only a number with `+` can be read without knowing a country.
fn international(written: &str) -> Option<Address> {
    written
        .trim()
        .strip_prefix('+')
        .and_then(party::number)
        .and_then(|digits| Address::phone_from_international(&digits))
}

/// The little of a vCard (RFC 6350, and the 2.1 and 3.0 before it) that a card's own fields may lack.
#[derive(Default)]
struct VCard {
    name: Option<String>,
    /// As written, and WhatsApp's form (`TEL;waid=…`).
    phones: Vec<(String, Option<String>)>,
    emails: Vec<String>,
}

impl VCard {
    fn of(card: Fields) -> Self {
        let mut vcard = Self::default();
        // A line that begins with a blank continues the one before it.
        let text = card.text("vcard").unwrap_or_default().replace("\r\n", "\n").replace("\n ", "");
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let mut parameters = name.split(';');
            let property = parameters.next().unwrap_or_default().to_ascii_uppercase();
            let value = value.trim();
            // `item1.TEL` is a TEL.
            match property.rsplit('.').next() {
                _ if value.is_empty() => {}
                Some("FN") => vcard.name = Some(value.to_owned()),
                Some("EMAIL") => vcard.emails.push(value.to_owned()),
                Some("TEL") => {
                    let wa_id = parameters.find_map(|parameter| {
                        let (key, value) = parameter.split_once('=')?;
                        key.eq_ignore_ascii_case("waid").then(|| value.to_owned())
                    });
                    let written = value.strip_prefix("tel:").unwrap_or(value);
                    vcard.phones.push((written.to_owned(), wa_id));
                }
                _ => {}
            }
        }
        vcard
    }
}
