//! A file of a message: shown in place, offered as a download, on its way, or why it is not here.

use causeway_core::{
    media::{Showing, Trouble},
    timeline::AttachmentKind,
};
use maud::{Markup, html};

use super::content::{attachment_key, short_kind};
use crate::{
    Words,
    icon::icon,
    part::{size, unseen},
};

/// A file of a message, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// What sort of file.
    pub kind: AttachmentKind,
    /// What its bytes are; `None`: they are not here.
    pub media_type: Option<String>,
    /// How it stands.
    pub state: FileState,
}

/// How a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It is being fetched, or will be.
    Coming {
        /// What went wrong the last time.
        trouble: Option<String>,
    },
    /// It is here.
    Here {
        /// Where.
        address: String,
        /// How many bytes it has.
        bytes: u64,
        /// How a browser may be given it.
        showing: Showing,
    },
    /// It is not here, and will not be by itself.
    Held {
        /// Why.
        reason: Trouble,
        /// Why, in words.
        detail: String,
        /// Its address, for another try.
        address: String,
    },
}

/// The file.
pub(super) fn file(words: &Words, file: &File) -> Markup {
    let called = words.say(attachment_key(file.kind));
    match &file.state {
        FileState::Here { address, bytes, showing } => {
            here(words, file, &called, (address, *bytes, *showing))
        }
        FileState::Coming { trouble } => {
            let said = words.say(if trouble.is_some() { "file-again" } else { "file-coming" });
            piece(file.kind, &called, &html! { p.small.quiet title=[trouble.as_deref()] { (said) } })
        }
        FileState::Held { reason, detail, address } => {
            let said = html! {
                p.small { (words.say(trouble_key(*reason))) }
                details.small.quiet { summary { (words.say("file-why")) } p { (detail) } }
                form method="post" action=(format!("{address}/fetch")) data-fragment {
                    button.button.button--quiet.button--small type="submit" { (words.say("file-fetch")) }
                }
            };
            piece(file.kind, &called, &html! { div.file__held { (said) } })
        }
    }
}

fn here(words: &Words, file: &File, called: &str, (address, bytes, showing): (&str, u64, Showing)) -> Markup {
    let save = html! {
        a.file__save href=(address) download=(file.name) {
            (icon("download")) span.file__name dir="auto" { (file.name) } " "
            span.quiet { (size(words, bytes)) }
            @if let Some(kind) = &file.media_type { @if showing == Showing::Download {
                " " span.quiet { (short_kind(kind)) }
            } }
        }
    };
    html! {
        figure.file {
            @match showing {
                Showing::Picture => {
                    a.file__picture href=(address) target="_blank" rel="noopener" {
                        img src=(address) alt=(format!("{called}: {}", file.name)) loading="lazy" decoding="async";
                        (unseen(&words.say("file-opens")))
                    }
                },
                Showing::Sound => audio.file__sound controls preload="none" src=(address) aria-label=(file.name) {},
                Showing::Film => video.file__film controls preload="metadata" src=(address) aria-label=(file.name) {},
                Showing::Download => {},
            }
            figcaption { (save) }
        }
    }
}

fn piece(kind: AttachmentKind, called: &str, under: &Markup) -> Markup {
    let picture = match kind {
        AttachmentKind::Image | AttachmentKind::Sticker | AttachmentKind::Video => "image",
        AttachmentKind::Audio | AttachmentKind::Voice => "voice",
        AttachmentKind::Document => "file",
    };
    html! { div.piece { (icon(picture)) div { p { (called) } (under) } } }
}

fn trouble_key(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::TooLarge => "file-too-large",
        Trouble::TypeRefused => "file-type-refused",
        Trouble::Gone => "file-gone",
        Trouble::NoAccess => "file-no-access",
        Trouble::HostRefused => "file-host-refused",
        Trouble::WrongContent => "file-wrong-content",
        Trouble::Unreachable => "file-unreachable",
    }
}
