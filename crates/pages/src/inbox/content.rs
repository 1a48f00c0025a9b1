//! What a message says: as it is read in the thread, and in one line.

use causeway_core::timeline::{Attachment, AttachmentKind, Content, Direction, Part};
use maud::{Markup, html};

use super::file::{self, File};
use crate::{
    Words, args,
    icon::icon,
    part::{outward, safe_address, unseen},
};

/// A message in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What it says.
    pub content: Content,
    /// Which way it went.
    pub direction: Direction,
    /// It was deleted for everyone.
    pub is_revoked: bool,
}

impl Excerpt {
    /// The line: who, if it was us, and what.
    pub fn show(&self, words: &Words) -> Markup {
        html! {
            @if self.direction == Direction::Out { (unseen(&words.say("inbox-us"))) span aria-hidden="true" { "↩ " } }
            @if self.is_revoked { em { (words.say("item-revoked")) } }
            @else { span dir="auto" { (excerpt(words, &self.content)) } }
        }
    }
}

/// What a message says in one line, without its ornaments.
pub fn excerpt(words: &Words, content: &Content) -> String {
    let parts: Vec<String> = content.parts.iter().map(|part| one_line(words, part)).collect();
    let line = parts.join(" ");
    let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { words.say("item-nothing") } else { line.chars().take(160).collect() }
}

fn one_line(words: &Words, part: &Part) -> String {
    match part {
        Part::Text(text) => text.chars().take(200).collect(),
        Part::Attachment(attachment) => {
            format!("[{}]", words.say(attachment_key(attachment.kind)))
        }
        Part::Location { name, .. } => {
            format!("[{}] {}", words.say("item-location"), name.clone().unwrap_or_default())
        }
        Part::Card { name, .. } => format!("[{}] {name}", words.say("item-card")),
        Part::Choice { title, .. } => title.clone(),
        Part::Order { lines } => words.with("item-order", args!["count" => lines.len()]),
        Part::Unsupported { kind, .. } => words.with("item-unsupported", args!["kind" => kind.as_str()]),
    }
}

/// What a message says, part by part, its files as they stand.
pub(super) fn parts(words: &Words, content: &Content, files: &[File]) -> Markup {
    let mut files = files.iter();
    html! {
        @if content.parts.is_empty() { p.quiet { (words.say("item-nothing")) } }
        @for part in &content.parts {
            @if let Part::Attachment(attachment) = part {
                @match files.next() {
                    Some(known) => (file::file(words, known)),
                    None => (named(words, attachment)),
                }
            } @else { (self::part(words, part)) }
        }
    }
}

fn part(words: &Words, part: &Part) -> Markup {
    html! {
        @match part {
            Part::Text(text) => p.said dir="auto" { (text) },
            Part::Attachment(attachment) => (named(words, attachment)),
            Part::Location { latitude, longitude, name, address, url } => {
                div.piece {
                    (icon("location"))
                    div {
                        p { (name.as_deref().unwrap_or(&words.say("item-location"))) }
                        @if let Some(address) = address { p.small.quiet { (address) } }
                        p.small { (latitude) ", " (longitude) }
                        @if let Some(url) = url.as_deref().and_then(safe_address) { p.small { (outward(url, url)) } }
                    }
                }
            },
            Part::Card { name, phones, emails } => {
                div.piece {
                    (icon("contacts"))
                    div {
                        p { (name) }
                        @for line in phones.iter().chain(emails) { p.small { (line) } }
                    }
                }
            },
            Part::Choice { title, value } => {
                p.said.said--choice dir="auto" title=[value.as_deref()] { (icon("check")) (title) }
            },
            Part::Order { lines } => {
                div.piece {
                    (icon("file"))
                    div {
                        p { (words.with("item-order", args!["count" => lines.len()])) }
                        ul.small {
                            @for (product, quantity, price) in lines { li { (quantity) " × " (product) ", " (price) } }
                        }
                    }
                }
            },
            Part::Unsupported { kind, reason } => {
                div.piece.quiet {
                    (icon("info"))
                    div {
                        p { (words.with("item-unsupported", args!["kind" => kind.as_str()])) }
                        @if let Some(reason) = reason { p.small { (reason) } }
                    }
                }
            },
        }
    }
}

/// A file of which no more is known than what the provider said.
fn named(words: &Words, attachment: &Attachment) -> Markup {
    let picture = match attachment.kind {
        AttachmentKind::Image | AttachmentKind::Sticker | AttachmentKind::Video => "image",
        AttachmentKind::Audio | AttachmentKind::Voice => "voice",
        AttachmentKind::Document => "file",
    };
    html! {
        div.piece {
            (icon(picture))
            div {
                p { (attachment.name.as_deref().unwrap_or(&words.say(attachment_key(attachment.kind)))) }
                @if let Some(kind) = &attachment.media_type { p.small.quiet { (short_kind(kind)) } }
            }
        }
    }
}

/// A media type as people know it: `image/jpeg` is `JPEG`. What is longer than a word is shown as it is.
pub(super) fn short_kind(media_type: &str) -> String {
    let plain = media_type.split(';').next().unwrap_or_default().trim();
    match plain.split_once('/') {
        Some((_, kind)) if kind.len() <= 5 => kind.to_uppercase(),
        _ => plain.to_owned(),
    }
}

pub(super) fn attachment_key(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Image => "file-image",
        AttachmentKind::Video => "file-video",
        AttachmentKind::Audio => "file-audio",
        AttachmentKind::Voice => "file-voice",
        AttachmentKind::Document => "file-document",
        AttachmentKind::Sticker => "file-sticker",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_a_message_says_and_nothing_of_its_layout() {
        let words = Words::english();
        let content = Content { parts: vec![Part::Text("one\n\n two".into()), Part::Text("<b>".into())] };
        assert_eq!(excerpt(words, &content), "one two <b>");
        assert_eq!(excerpt(words, &Content::default()), "No text");
        let shown = parts(words, &content, &[]).into_string();
        assert!(shown.contains("&lt;b&gt;") && !shown.contains("<b>"), "{shown}");
    }

    #[test]
    fn an_address_that_a_customer_sends_becomes_a_link_only_if_it_is_safe() {
        let location = |url: &str| Part::Location {
            latitude: "1".into(),
            longitude: "2".into(),
            name: None,
            address: None,
            url: Some(url.into()),
        };
        let shown =
            |url: &str| parts(Words::english(), &Content { parts: vec![location(url)] }, &[]).into_string();
        assert!(shown("https://example.com/x").contains("href=\"https://example.com/x\""));
        assert!(!shown("javascript:alert(1)").contains("javascript:"));
    }
}
