//! One item of a thread.

use causeway_core::{
    time::Timestamp,
    timeline::{Content, Delivery, Status},
};
use maud::{Markup, html};

use super::{
    content::{excerpt, parts},
    file::File,
    list::status_key,
};
use crate::{args, icon::icon, part::unseen, receipt, when::Clock};

/// An item as a thread shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// When it came, if that was much later.
    pub received_at: Timestamp,
    /// What it is.
    pub what: What,
    /// From before the account was connected.
    pub is_history: bool,
}

/// Which side something came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The customer's.
    Theirs,
    /// Ours.
    Ours,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message.
    Message(Box<Bubble>),
    /// A note of the team for itself: who wrote it, what it says.
    Memo(String, String),
    /// Something that the provider said.
    Notice(Content),
    /// A reaction to a message that is not known here.
    Reaction(Option<String>),
    /// What a member did.
    Act(Act),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// Whose.
    pub side: Side,
    /// Who wrote it, where several could have.
    pub author: Option<String>,
    /// What it says now.
    pub content: Content,
    /// What it said first, if it was edited.
    pub original: Option<Content>,
    /// When the edit that stands was made.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted for everyone.
    pub revoked_at: Option<Timestamp>,
    /// What it answers.
    pub quote: Option<Quote>,
    /// Its files, in the order of its parts.
    pub files: Vec<File>,
    /// Reactions: the emoji, who.
    pub reactions: Vec<(String, String)>,
    /// How far it has come, if it went out.
    pub delivered: Option<Delivered>,
    /// How its entry stands, in words, with the mark that opens its receipt.
    pub mark: Option<Mark>,
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Who wrote it.
    pub author: String,
    /// What it says; `None`: it is not known here, or was deleted.
    pub content: Option<Content>,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// How far.
    pub delivery: Delivery,
    /// Why it failed.
    pub error: Option<String>,
}

/// The small mark on a message that opens its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the receipt is.
    pub address: String,
    /// How its entries stand.
    pub state: MarkState,
}

/// How the entries of a message stand: the worst of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkState {
    /// In the CRM.
    Written,
    /// Left out by a rule.
    Skipped,
    /// On its way.
    Due,
    /// Somebody has to act.
    Held,
}

/// What a member did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Gave the conversation to somebody, or to nobody.
    Assigned {
        /// Who did.
        by: String,
        /// To whom.
        to: Option<String>,
    },
    /// Changed how it stands.
    Status {
        /// Who did.
        by: String,
        /// How it stands from then on.
        to: Status,
    },
}

/// An item.
pub(super) fn item(clock: &Clock<'_>, item: &Item) -> Markup {
    let words = clock.words;
    html! {
        li id=(format!("item-{}", item.id)) .item data-history[item.is_history] {
            @match &item.what {
                What::Message(bubble) => (self::bubble(clock, item, bubble)),
                What::Memo(author, text) => {
                    div.memo {
                        p.memo__head { (icon("note")) strong { (author) } (unseen(&words.say("item-memo"))) (clock.mark(item.at)) }
                        p.said dir="auto" { (text) }
                    }
                },
                What::Notice(content) => p.event { (excerpt(words, content)) " " (time(clock, item.at)) },
                What::Reaction(emoji) => {
                    p.event {
                        @match emoji {
                            Some(emoji) => (words.with("item-reacted", args!["emoji" => emoji.as_str()])),
                            None => (words.say("item-reaction-gone")),
                        }
                        " " (time(clock, item.at))
                    }
                },
                What::Act(act) => p.event { (self::act(clock, act)) " " (time(clock, item.at)) },
            }
        }
    }
}

fn act(clock: &Clock<'_>, act: &Act) -> String {
    let words = clock.words;
    match act {
        Act::Assigned { by, to: Some(to) } => {
            words.with("item-assigned", args!["by" => by.as_str(), "to" => to.as_str()])
        }
        Act::Assigned { by, to: None } => words.with("item-unassigned", args!["by" => by.as_str()]),
        Act::Status { by, to } => words.with(
            "item-status",
            args!["by" => by.as_str(), "status" => words.say(status_key(Some(*to))).to_lowercase()],
        ),
    }
}

fn bubble(clock: &Clock<'_>, item: &Item, bubble: &Bubble) -> Markup {
    let words = clock.words;
    let side = match bubble.side {
        Side::Theirs => "theirs",
        Side::Ours => "ours",
    };
    html! {
        article.bubble data-side=(side) data-revoked[bubble.revoked_at.is_some()] {
            @match &bubble.author {
                Some(author) => p.bubble__author dir="auto" { (author) },
                None => (unseen(&words.say(if bubble.side == Side::Ours { "inbox-us" } else { "inbox-them" }))),
            }
            @if let Some(quote) = &bubble.quote {
                blockquote.quote {
                    @if !quote.author.is_empty() { p.quote__author dir="auto" { (quote.author) } }
                    p dir="auto" {
                        @match &quote.content {
                            Some(content) => (excerpt(words, content)),
                            None => em { (words.say("item-quote-unknown")) },
                        }
                    }
                }
            }
            @if bubble.revoked_at.is_some() {
                details.revoked {
                    summary { em { (words.say("item-revoked")) } }
                    (parts(words, &bubble.content, &bubble.files))
                }
            } @else { (parts(words, &bubble.content, &bubble.files)) }
            @if !bubble.reactions.is_empty() {
                ul.reactions {
                    @for (emoji, who) in &bubble.reactions {
                        li title=(who) { (emoji) (unseen(who)) }
                    }
                }
            }
            footer.bubble__foot {
                @if item.is_history { span { (words.say("item-history")) } }
                @if let Some(edited) = bubble.edited_at {
                    @match &bubble.original {
                        Some(original) => details.edited {
                            summary title=(clock.full(edited)) { (words.say("item-edited")) }
                            div.edited__before { p.small.quiet { (words.say("item-before")) } (parts(words, original, &[])) }
                        },
                        None => span title=(clock.full(edited)) { (words.say("item-edited")) },
                    }
                }
                (time(clock, item.at))
                @if let Some(delivered) = &bubble.delivered { (delivery(clock, delivered)) }
                @if let Some(mark) = &bubble.mark { (self::mark(clock, mark)) }
            }
        }
    }
}

fn time(clock: &Clock<'_>, at: Timestamp) -> Markup {
    html! { time datetime=(at.rfc3339()) title=(clock.full(at)) { (clock.time(at)) } }
}

fn delivery(clock: &Clock<'_>, delivered: &Delivered) -> Markup {
    let words = clock.words;
    let (picture, key) = match delivered.delivery {
        Delivery::Sent => ("check", "delivery-sent"),
        Delivery::Failed => ("alert", "delivery-failed"),
        Delivery::Delivered => ("checks", "delivery-delivered"),
        Delivery::Read => ("checks", "delivery-read"),
        Delivery::Played => ("voice", "delivery-played"),
    };
    let said = match &delivered.error {
        Some(error) => format!("{}: {error}", words.say(key)),
        None => words.say(key),
    };
    let is_seen = matches!(delivered.delivery, Delivery::Read | Delivery::Played);
    html! {
        span.delivery title=(said) data-seen[is_seen] data-failed[delivered.delivery == Delivery::Failed] {
            (icon(picture)) (unseen(&said))
            @if delivered.delivery == Delivery::Failed { (words.say(key)) }
        }
    }
}

/// The small mark that opens the receipt.
fn mark(clock: &Clock<'_>, mark: &Mark) -> Markup {
    let state = match mark.state {
        MarkState::Written => receipt::Mark::Written,
        MarkState::Skipped => receipt::Mark::Skipped,
        MarkState::Due => receipt::Mark::Due,
        MarkState::Held => receipt::Mark::Held,
    };
    receipt::mark(clock.words, state, &mark.address)
}
