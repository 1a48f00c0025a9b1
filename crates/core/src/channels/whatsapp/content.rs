//! What a message says, for every kind of message that carries content.
//!
//! A kind that we do not know, or that arrives without its object and with an error in its place, is kept as
//! [`Part::Unsupported`]; a known kind whose object has the wrong shape cannot be read.

use super::card;
use crate::{
    channels::meta::fields::{Fields, Unreadable},
    timeline::{Attachment, AttachmentKind, Content, Part},
};

/// The content of a message of `kind`; `explanation` is the provider's reason if there is none.
pub(super) fn read(kind: &str, fields: Fields, explanation: Option<&str>) -> Result<Content, Unreadable> {
    let is_explained = explanation.is_some() || kind == "interactive";
    if is_explained && !fields.has(kind) && !matches!(kind, "unsupported" | "unknown") {
        return Ok(unsupported(kind, explanation));
    }
    let object = || fields.required_object(kind);
    let parts = match kind {
        "text" => vec![Part::Text(object()?.required_text("body")?)],
        "image" => file(AttachmentKind::Image, object()?)?,
        "video" => file(AttachmentKind::Video, object()?)?,
        "audio" if object()?.is_true("voice") => file(AttachmentKind::Voice, object()?)?,
        "audio" => file(AttachmentKind::Audio, object()?)?,
        "document" => file(AttachmentKind::Document, object()?)?,
        "sticker" => file(AttachmentKind::Sticker, object()?)?,
        "location" => vec![location(object()?)?],
        "contacts" => fields.required_objects("contacts")?.into_iter().map(card::card).collect(),
        "button" => vec![button(object()?)?],
        "interactive" => interactive(object()?)?,
        "order" => order(object()?)?,
        "unsupported" => {
            let word = fields.object("unsupported").and_then(|object| object.text("type"));
            return Ok(unsupported(word.as_deref().unwrap_or(kind), explanation));
        }
        _ => return Ok(unsupported(kind, explanation)),
    };
    Ok(Content { parts })
}

fn unsupported(kind: &str, reason: Option<&str>) -> Content {
    Content { parts: vec![Part::Unsupported { kind: kind.to_owned(), reason: reason.map(str::to_owned) }] }
}

/// A file and its caption. A file without an id is shown, if never fetched.
fn file(kind: AttachmentKind, file: Fields) -> Result<Vec<Part>, Unreadable> {
    let attachment = Attachment {
        kind,
        id: file.id("id")?,
        media_type: file.text("mime_type"),
        name: file.text("filename"),
        sha256: file.text("sha256"),
        url: file.text("url"),
    };
    let caption = if file.has("caption") { Some(file.required_text("caption")?) } else { None };
    let caption = caption.filter(|caption| !caption.is_empty()).map(Part::Text);
    Ok([Part::Attachment(attachment)].into_iter().chain(caption).collect())
}

fn location(place: Fields) -> Result<Part, Unreadable> {
    let degrees = |name| place.text(name).ok_or_else(|| Unreadable(format!("`{name}` is missing")));
    Ok(Part::Location {
        latitude: degrees("latitude")?,
        longitude: degrees("longitude")?,
        name: place.text("name"),
        address: place.text("address"),
        url: place.text("url"),
    })
}

/// The quick reply of a template.
fn button(button: Fields) -> Result<Part, Unreadable> {
    Ok(Part::Choice { title: button.required_text("text")?, value: button.text("payload") })
}

/// A button, a list entry, a form, or an answer to "may we call you?".
fn interactive(object: Fields) -> Result<Vec<Part>, Unreadable> {
    let kind = object.required_text("type")?;
    let reply = || object.required_object(&kind);
    Ok(match kind.as_str() {
        "button_reply" | "list_reply" => {
            let reply = reply()?;
            let chosen = Part::Choice { title: reply.required_text("title")?, value: reply.text("id") };
            let description = reply.text("description").map(Part::Text);
            [chosen].into_iter().chain(description).collect()
        }
        "nfm_reply" => {
            let reply = reply()?;
            let title = reply.text("body").or_else(|| reply.text("name")).unwrap_or_default();
            // JSON inside a string; the fields are the form's own.
            vec![Part::Choice { title, value: reply.text("response_json") }]
        }
        "call_permission_reply" => {
            let answer = reply()?.text("response").unwrap_or_default();
            vec![Part::Choice { title: format!("Call permission: {answer}"), value: Some(answer) }]
        }
        _ => vec![Part::Unsupported { kind: format!("interactive.{kind}"), reason: None }],
    })
}

fn order(order: Fields) -> Result<Vec<Part>, Unreadable> {
    let line = |item: Fields| {
        let word = |name| item.text(name).unwrap_or_default();
        let price = [item.text("item_price"), item.text("currency")].into_iter().flatten();
        (word("product_retailer_id"), word("quantity"), price.collect::<Vec<_>>().join(" "))
    };
    let lines = order.required_objects("product_items")?.into_iter().map(line).collect();
    let text = order.text("text").map(Part::Text);
    Ok([Part::Order { lines }].into_iter().chain(text).collect())
}
