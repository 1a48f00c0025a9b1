//! What becomes of each kind of payload, and of the published examples.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{WhatsApp, party};
use crate::{
    address::Address,
    channels::{Channel, RawRequest, contract::Rehearsal, meta::signature},
    timeline::{Chat, Content, Event, Inbound, Message, Parsed, Part, Party},
};

mod coexistence;
mod content;
mod files;
mod fixtures;
mod groups;
mod identity;
mod robustness;
mod statuses;

/// WhatsApp, for the suite that every channel passes.
pub struct Rehearsed;

impl Rehearsal for Rehearsed {
    fn channel(&self) -> &'static dyn Channel {
        &WhatsApp
    }

    fn fixtures(&self) -> Vec<(&'static str, &'static str)> {
        fixtures::ALL.to_vec()
    }

    fn signed(&self, body: &[u8], secret: &str) -> RawRequest {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length").chain_update(body);
        let hex =
            mac.finalize().into_bytes().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let headers = vec![(signature::HEADER.to_owned(), format!("sha256={hex}"))];
        RawRequest { headers, body: body.to_vec() }
    }
}

const CUSTOMER: &str = "14155552671";
const BUSINESS: &str = "15550783881";
const USER: &str = "US.13491208655302741918";

fn parse(body: &str) -> Parsed {
    WhatsApp.inbound(&RawRequest { body: body.as_bytes().to_vec(), ..RawRequest::default() })
}

/// One change of `field` on our number.
fn change(field: &str, mut value: Value) -> Value {
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({"display_phone_number": BUSINESS, "phone_number_id": "106540352242922"});
    json!({"field": field, "value": value})
}

fn body(changes: &[Value]) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]})
}

/// What one change tells, all of it readable.
fn told(field: &str, value: Value) -> Vec<Inbound> {
    let parsed = parse(&body(&[change(field, value)]).to_string());
    assert_eq!(parsed.poison, []);
    parsed.events
}

/// A message of `kind` from our customer; `rest` holds its further fields.
fn message(kind: &str, mut rest: Value) -> Value {
    rest["id"] = json!("wamid.1");
    rest["from"] = json!(CUSTOMER);
    rest["timestamp"] = json!("1697043223");
    rest["type"] = json!(kind);
    rest
}

/// The one event of a customer's message.
fn event(kind: &str, rest: Value) -> Event {
    let mut events = told("messages", json!({"messages": [message(kind, rest)]}));
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0).event
}

/// The parts of a customer's message.
fn parts(kind: &str, rest: Value) -> Vec<Part> {
    content(event(kind, rest)).parts
}

fn content(event: Event) -> Content {
    written(event).content
}

fn written(event: Event) -> Message {
    match event {
        Event::Message(message) => message,
        other => panic!("not a message: {other:?}"),
    }
}

fn text(text: &str) -> Vec<Part> {
    vec![Part::Text(text.into())]
}

/// The address of a WhatsApp number.
fn number(wa_id: &str) -> Address {
    party::identity(wa_id).expect("a number")
}

fn user(id: &str) -> Address {
    Address::handle("whatsapp", id)
}

fn person(addresses: &[Address]) -> Chat {
    Chat::Person(Party { addresses: addresses.to_vec(), ..Party::default() })
}

fn addresses(chat: &Chat) -> &[Address] {
    match chat {
        Chat::Person(party) | Chat::Group { author: Some(party), .. } => &party.addresses,
        other => panic!("nobody: {other:?}"),
    }
}
