//! Notices: what is worth keeping and showing although nothing follows from it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    echo,
    envelope::{Happening, Scene},
    party::Ids,
};
use crate::{
    channels::meta::{
        fields::{Fields, clean, scalar},
        layer::Layer,
    },
    timeline::{Chat, Event, Poison},
};

/// Most characters of a summary.
const LONGEST_SUMMARY: usize = 1_000;

/// An element of the errors beside the messages: something failed that belongs to no message.
pub(super) fn account_error(fields: Fields) -> Happening {
    let text = error(fields).unwrap_or_else(|| summary(fields));
    let event = Event::Notice { id: None, kind: "errors".into(), text };
    Happening { at: fields.at("timestamp"), chat: Chat::Account, event }
}

/// An element of `state_sync`: an entry of the phone's address book. A removal is from the address book only; it does
/// not ask us to forget anybody.
pub(super) fn address_book(fields: Fields) -> Happening {
    let at = fields.object("metadata").and_then(|metadata| metadata.at("timestamp"));
    let event = Event::Notice { id: None, kind: "smb_app_state_sync".into(), text: summary(fields) };
    Happening { at, chat: Chat::Account, event }
}

/// An element of a field that we know no more about than that it may name a person: calls, preferences …
pub(super) fn about_person(scene: &Scene, field: &str, fields: Fields) -> Happening {
    let person = |wa_id, user_id, parent| {
        Ids::read(fields, wa_id, user_id, parent).ok().and_then(|ids| ids.party(&scene.contacts))
    };
    let named = person("wa_id", "user_id", "parent_user_id")
        .or_else(|| echo::customer(scene, fields, None).ok().flatten());
    let event = Event::Notice { id: None, kind: field.to_owned(), text: summary(fields) };
    Happening { at: fields.at("timestamp"), chat: named.map_or(Chat::Account, Chat::Person), event }
}

/// A change of which we know nothing but its field: template reviews, quality ratings, account reviews …
///
/// `sent` is when it was sent: of two that are otherwise alike the later is not a repeat.
pub(super) fn whole(field: &str, sent: &str, value: &Layer) -> Result<Happening, Poison> {
    let object = value.object()?;
    let fields = Fields(&object);
    let id = Some(digest(&[field, sent, value.text()]));
    let event = Event::Notice { id, kind: field.to_owned(), text: summary(fields) };
    Ok(Happening { at: fields.at("timestamp"), chat: Chat::Account, event })
}

/// Gives a notice without an id one: a repeated delivery repeats the element's text.
pub(super) fn identify(event: &mut Event, element: &str) {
    if let Event::Notice { id: id @ None, kind, .. } = event {
        *id = Some(digest(&[kind, element]));
    }
}

fn digest(texts: &[&str]) -> String {
    let digest = texts.iter().fold(Sha256::new(), |digest, text| digest.chain_update(text).chain_update([0]));
    digest.finalize()[..16].iter().fold(String::from("sha256:"), |hex, byte| format!("{hex}{byte:02x}"))
}

/// An error in one line: `131026 Message undeliverable: …`. `None` if it says nothing.
pub(super) fn error(error: Fields) -> Option<String> {
    let title = error.text("title").or_else(|| error.text("message"));
    // Older versions have the details at the top.
    let details =
        error.object("error_data").and_then(|data| data.text("details")).or_else(|| error.text("details"));
    let head: Vec<String> = [error.text("code"), title].into_iter().flatten().collect();
    let line: Vec<String> =
        Some(head.join(" ")).into_iter().chain(details).filter(|text| !text.is_empty()).collect();
    (!line.is_empty()).then(|| line.join(": "))
}

/// The texts and numbers of an object in one line: `event: APPROVED, reason: NONE`.
pub(super) fn summary(fields: Fields) -> String {
    let mut text = String::new();
    for (name, value) in fields.0 {
        flatten(name, value, &mut text);
    }
    text.truncate(text.floor_char_boundary(LONGEST_SUMMARY));
    // Names of members may hold anything, too.
    clean(&text)
}

fn flatten(name: &str, value: &Value, text: &mut String) {
    if text.len() > LONGEST_SUMMARY || name == "messaging_product" {
        return;
    }
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(inner, value)| flatten(&format!("{name}.{inner}"), value, text));
        }
        Value::Array(list) => list.iter().for_each(|value| flatten(name, value, text)),
        Value::Bool(truth) => append(name, &truth.to_string(), text),
        _ => append(name, &scalar(value).unwrap_or_default(), text),
    }
}

fn append(name: &str, value: &str, text: &mut String) {
    if value.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str(", ");
    }
    text.push_str(name);
    text.push_str(": ");
    text.push_str(value);
}
