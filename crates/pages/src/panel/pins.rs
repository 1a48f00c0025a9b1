//! Records that members pinned to a conversation (R2.60).

use maud::{Markup, html};

use super::Org;
use crate::{
    Words, args,
    form::Field,
    icon::icon,
    part::{outward, safe_address},
};

/// What is pinned to a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// The conversation's id.
    pub conversation: String,
    /// They, oldest first.
    pub pins: Vec<Pin>,
    /// Where records can be pinned from; without any the form is not shown.
    pub orgs: Vec<Org>,
    /// Whoever looks may pin.
    pub may_pin: bool,
    /// What was typed, when it could not be pinned: connection, record, name.
    pub typed: [String; 3],
    /// Why it could not be pinned.
    pub error: Option<String>,
}

/// A pinned record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// By which it is removed.
    pub id: String,
    /// The CRM's name of its kind; empty if it is not known.
    pub kind: String,
    /// What it was called.
    pub label: String,
    /// Where it is opened.
    pub url: String,
    /// In which org.
    pub org: String,
}

/// The list, and the form that adds to it.
pub fn pins(words: &Words, pins: &Pins) -> Markup {
    let at = format!("/conversations/{}/pins", pins.conversation);
    html! {
        section #pins .pins aria-labelledby="pins-title" data-live=(pins.conversation) data-src=(at) {
            h2 #pins-title { (icon("pin")) (words.say("pins-title")) }
            @if pins.pins.is_empty() { p.quiet.small { (words.say("pins-none")) } }
            ul.lines {
                @for pin in &pins.pins {
                    li.lines__one {
                        (line(words, pin))
                        @if pins.may_pin {
                            form method="post" action=(format!("{at}/{}/remove", pin.id)) data-fragment {
                                button.crm__refresh type="submit" id=(format!("unpin-{}", pin.id))
                                    title=(words.say("pins-remove")) {
                                    (icon("close")) span.unseen { (words.say("pins-remove")) ": " (pin.label) }
                                }
                            }
                        }
                    }
                }
            }
            @if pins.may_pin && !pins.orgs.is_empty() {
                details #pins-add .crm__fold open[pins.error.is_some()] {
                    summary { (words.say("pins-add")) }
                    (form(words, pins, &at))
                }
            }
        }
    }
}

/// A pin with its link out.
pub fn line(words: &Words, pin: &Pin) -> Markup {
    html! {
        div {
            p { @match safe_address(&pin.url) { Some(url) => (outward(url, &pin.label)), None => (pin.label) } }
            p.quiet.small {
                (if pin.kind.is_empty() { words.say("pins-record") } else { pin.kind.clone() }) " · " (pin.org)
            }
        }
    }
}

fn form(words: &Words, pins: &Pins, at: &str) -> Markup {
    let [connection, record, label] = &pins.typed;
    let orgs: Vec<(String, String)> =
        pins.orgs.iter().map(|org| (org.connection.clone(), org.name.clone())).collect();
    let crm = pins.orgs.first().map(|org| org.crm.as_str()).unwrap_or_default();
    let field = Field::new("record", words.say("pins-what"))
        .value(record)
        .hint(words.with("pins-what-hint", args!["crm" => crm]))
        .error(pins.error.clone())
        .required();
    html! {
        form.stack method="post" action=(at) data-fragment {
            @if let [only] = pins.orgs.as_slice() {
                input type="hidden" name="connection" value=(only.connection);
            } @else {
                (Field::new("connection", words.say("pins-where")).value(connection).choice(&orgs))
            }
            (field.line("text", "off"))
            (Field::new("label", words.say("pins-label")).value(label).hint(words.say("pins-label-hint")).line("text", "off"))
            div.actions { button.button.button--quiet.button--small type="submit" { (icon("pin")) (words.say("pins-pin")) } }
        }
    }
}
