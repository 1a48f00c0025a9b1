//! One contact: addresses, conversations, links and pins, and the panel beside them (R1.15).

use causeway_core::{
    address::{Address, AddressKind, phone::readable},
    channels,
    plan::wording,
    time::Timestamp,
    timeline::Status,
};
use maud::{Markup, html};

use super::{called, shown, status};
use crate::{
    Words, args,
    icon::icon,
    panel::{self, Link, Pin},
    part::{Tone, avatar, badge, notice, unseen},
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: String,
    /// The name that the person chose.
    pub name: Option<String>,
    /// By which they are reached.
    pub addresses: Vec<AddressLine>,
    /// Their conversations, the latest first.
    pub conversations: Vec<Conversation>,
    /// There are more than are shown.
    pub has_more: bool,
    /// What is stored of them under each connection.
    pub links: Vec<Link>,
    /// Records pinned to their conversations.
    pub pins: Vec<PinnedTo>,
    /// The connection whose panel is shown first.
    pub connection: Option<String>,
    /// Something was done, in words.
    pub said: Option<String>,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressLine {
    /// It.
    pub address: Address,
}

/// A conversation of the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: Status,
    /// On which channel.
    pub channel: String,
    /// On which account.
    pub account: String,
    /// What was said last, in a line.
    pub last: Option<String>,
    /// It came from us.
    pub is_ours: bool,
    /// When.
    pub at: Timestamp,
    /// Messages that nobody has looked at.
    pub unread: i64,
}

/// A record pinned to one of the conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedTo {
    /// It.
    pub pin: Pin,
    /// The conversation's id.
    pub conversation: String,
}

/// What people call a channel.
pub(super) fn channel(name: &str) -> &str {
    channels::named(name).map_or(name, |channel| channel.title())
}

/// The page.
pub fn contact(clock: &Clock<'_>, contact: &Contact) -> Markup {
    let words = clock.words;
    let best = contact.addresses.iter().map(|line| &line.address).min_by_key(|address| address.kind);
    let name = called(words, contact.name.as_deref(), best);
    html! {
        @if let Some(said) = &contact.said { (notice(Tone::Good, said, None)) }
        p.crumb { a href="/contacts" { (icon("back")) (words.say("contacts-title")) } }
        div.twofold {
            div.twofold__main {
                header.contact {
                    (avatar(&name))
                    div { h1 { (name) } @if let Some(best) = best { @if contact.name.is_some() { p.quiet { (shown(best)) } } } }
                }
                (addresses(words, &contact.addresses))
                (conversations(clock, contact))
                (links(words, contact))
                (pinned(words, contact))
            }
            aside.twofold__side aria-label=(words.say("panel-title")) {
                (panel::waiting(words, &panel::Place::of(&contact.id).on(contact.connection.as_deref())))
            }
        }
    }
}

fn addresses(words: &Words, lines: &[AddressLine]) -> Markup {
    html! {
        section.panel-box aria-labelledby="contact-addresses" {
            h2 #contact-addresses { (words.say("contact-addresses")) }
            @if lines.is_empty() { p.quiet { (words.say("contact-no-address")) } }
            @else { ul.lines { @for line in lines { li.lines__one { (address(words, &line.address)) } } } }
        }
    }
}

fn address(words: &Words, address: &Address) -> Markup {
    let (picture, key) = match address.kind {
        AddressKind::Phone => ("phone", "address-phone"),
        AddressKind::Email => ("mail", "address-email"),
        AddressKind::Handle => ("person", "address-handle"),
    };
    let raw = words.with("address-raw", args!["raw" => address.raw.as_str()]);
    html! {
        div.address {
            (icon(picture))
            div {
                p title=(raw) { (shown(address)) (unseen(&raw)) }
                p.quiet.small {
                    (words.say(key))
                    @if address.kind == AddressKind::Handle { " · " (channel(&address.scope)) }
                }
            }
        }
    }
}

fn conversations(clock: &Clock<'_>, contact: &Contact) -> Markup {
    let words = clock.words;
    html! {
        section.panel-box aria-labelledby="contact-conversations" {
            h2 #contact-conversations { (words.say("contact-conversations")) }
            @if contact.conversations.is_empty() { p.quiet { (words.say("contact-no-conversation")) } }
            ul.talks {
                @for talk in &contact.conversations {
                    li { a.talks__one href=(format!("/inbox/{}", talk.id)) { (conversation(clock, talk)) } }
                }
            }
            @if contact.has_more { p.quiet.small { (words.say("contact-more")) } }
        }
    }
}

/// What people call an account: its name, or its number as people read numbers.
fn account(text: &str) -> String {
    let name = wording::account_name(text);
    if name.starts_with('+') { readable(&name) } else { name }
}

fn conversation(clock: &Clock<'_>, talk: &Conversation) -> Markup {
    let words = clock.words;
    html! {
        span.talks__head {
            strong { (channel(&talk.channel)) " · " (account(&talk.account)) }
            (status(words, talk.status))
            @if talk.unread > 0 { (badge(Tone::Busy, &words.with("contact-unread", args!["count" => talk.unread]))) }
            span.talks__at { (clock.mark(talk.at)) }
        }
        span.talks__last {
            @if talk.is_ours { span.quiet { (words.say("contact-ours")) " " } }
            @match &talk.last { Some(text) => (text), None => span.quiet { (words.say("contact-no-text")) } }
        }
    }
}

fn links(words: &Words, contact: &Contact) -> Markup {
    html! {
        section.panel-box aria-labelledby="contact-links" {
            h2 #contact-links { (words.say("contact-links")) }
            @if contact.links.is_empty() { p.quiet { (words.say("contact-no-link")) } }
            @else { div.stack { @for one in &contact.links { (panel::link(words, one)) } } }
        }
    }
}

fn pinned(words: &Words, contact: &Contact) -> Markup {
    html! {
        @if !contact.pins.is_empty() {
            section.panel-box aria-labelledby="contact-pins" {
                h2 #contact-pins { (words.say("pins-title")) }
                ul.lines {
                    @for one in &contact.pins {
                        li.lines__one {
                            (panel::pin_line(words, &one.pin))
                            a.small href=(format!("/inbox/{}", one.conversation)) { (words.say("pins-to")) }
                        }
                    }
                }
            }
        }
    }
}
