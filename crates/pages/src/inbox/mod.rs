//! The inbox: conversations at the left, the thread in the middle, the person at the right.
//!
//! On a narrow screen one of them is seen at a time; the address says which.

mod content;
mod file;
mod item;
mod list;
mod thread;

use maud::{Markup, html};

pub use content::{Excerpt, excerpt};
pub use file::{File, FileState};
pub use item::{Act, Bubble, Delivered, Item, Mark, MarkState, Quote, Side, What};
pub use list::{Choice, Filters, List, Row, fresh, list};
pub use thread::{Assignee, Composer, Head, Thread, acts, changed, earlier, items, reading, thread};

use crate::{
    Words,
    panel::{Place, waiting},
    part::empty,
};

/// The whole page: the list, and a conversation if one is open, with what stands beside it.
pub fn page(words: &Words, list: &Markup, open: Option<(&Markup, &Markup)>) -> Markup {
    html! {
        div.inbox data-open[open.is_some()] {
            h1.unseen { (words.say("nav-inbox")) }
            (list)
            @match open {
                Some((thread, aside)) => {
                    (thread)
                    aside #beside .beside aria-label=(words.say("inbox-beside")) tabindex="-1" { (aside) }
                }
                None => div.inbox__nothing {
                    (empty("chat", &words.say("inbox-choose-title"), &words.say("inbox-choose-text"), None))
                }
            }
        }
    }
}

/// What stands beside a conversation: the panel of its person, fetched as soon as the page stands. Without scripts a
/// link leads to it.
pub fn beside(words: &Words, contact: Option<&str>, conversation: &str) -> Markup {
    html! {
        @if let Some(contact) = contact {
            (waiting(words, &Place::of(contact).beside(Some(conversation))))
        } @else {
            (empty("group", &words.say("inbox-group-title"), &words.say("inbox-group-text"), None))
        }
    }
}
