//! A page of a title and a few sentences: what came of connecting, an address that leads nowhere, a refused right.

use maud::{Markup, html};

use crate::{
    Words, form, frame,
    icon::icon,
    part::{self, Tone},
};

/// What a page of a few sentences says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The title.
    pub title: String,
    /// Good, bad, or neither.
    pub tone: Tone,
    /// Sentences.
    pub says: Vec<String>,
    /// Names and values.
    pub rows: Vec<(String, String)>,
    /// Further sentences below a heading.
    pub notes: Option<(String, Vec<String>)>,
    /// Where one wants to go next: address, label.
    pub next: Option<(String, String)>,
    /// Its window closes by itself after a moment, where the browser allows it; the page that opened it goes on there.
    pub closes: Option<String>,
}

/// The sentences, without a frame around them.
pub fn body(message: &Message) -> Markup {
    html! {
        div.message data-tone=(message.tone.word()) data-closes=[message.closes.as_deref()] {
            @match message.tone {
                Tone::Good => (icon("check")),
                Tone::Bad | Tone::Warning => (icon("alert")),
                Tone::Plain | Tone::Busy => "",
            }
            h1 { (message.title) }
            @for sentence in &message.says { p { (sentence) } }
            @if !message.rows.is_empty() {
                dl.rows { @for (name, value) in &message.rows { div { dt { (name) } dd { (value) } } } }
            }
            @if let Some((heading, notes)) = &message.notes {
                h2 { (heading) }
                ul { @for note in notes { li { (note) } } }
            }
            @if let Some((address, label)) = &message.next { a.button href=(address) { (label) } }
        }
    }
}

/// The page.
pub fn page(words: &Words, message: &Message) -> Markup {
    frame::plain(words, &message.title, &body(message))
}

/// Every notice, on a page of its own.
pub fn notices(words: &Words, notices: &[frame::Notice]) -> Markup {
    html! {
        header.head { h1 { (words.say("notices-title")) } }
        @if notices.is_empty() {
            (part::empty("check", &words.say("notices-none-title"), &words.say("notices-none-text"), None))
        }
        div.stack {
            @for told in notices {
                (part::notice(told.tone, &told.text, told.action.as_ref().map(|(to, label)| (&**to, &**label))))
            }
        }
    }
}

/// A question before something that cannot be taken back: what it does, a form that does it, a way back.
pub fn question(
    words: &Words,
    message: &Message,
    action: &str,
    fields: &[form::Field],
    (yes, back): (&str, &str),
) -> Markup {
    html! {
        (body(message))
        form.stack method="post" action=(action) {
            @for field in fields { (field.tick()) }
            div.actions {
                button.button.button--danger type="submit" { (yes) }
                a.button.button--quiet href=(back) { (words.say("cancel")) }
            }
        }
    }
}
