//! A conversation: who it is with, what happened, what can be done.

use causeway_core::timeline::{Status, act::STATUSES};
use maud::{Markup, html};

use super::{
    item::{Item, item},
    list::status_key,
};
use crate::{
    args,
    icon::icon,
    part::{avatar, unseen},
    when::Clock,
};

/// A conversation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its head.
    pub head: Head,
    /// Its items, in order.
    pub items: Vec<Item>,
    /// The address of what came before them.
    pub earlier: Option<String>,
    /// Where one writes.
    pub composer: Composer,
}

/// Who a conversation is with, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub title: String,
    /// The page of the contact.
    pub contact: Option<String>,
    /// It is a group.
    pub is_group: bool,
    /// The channel's title and the account.
    pub place: String,
    /// How it stands.
    pub status: Status,
    /// Who could answer it.
    pub assignees: Vec<Assignee>,
    /// The list it was opened from.
    pub back: String,
    /// How many messages nobody has looked at.
    pub unread: i64,
    /// One may work in it.
    pub may_work: bool,
    /// Why a wish was not carried out.
    pub refused: Option<String>,
}

/// Somebody who could answer a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// As it is sent; empty: nobody.
    pub value: String,
    /// As it is read.
    pub label: String,
    /// It is theirs.
    pub is_chosen: bool,
}

/// Where one writes a memo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composer {
    /// What was typed.
    pub text: String,
    /// Why it was not taken.
    pub error: Option<String>,
}

/// The conversation.
pub fn thread(clock: &Clock<'_>, thread: &Thread) -> Markup {
    let words = clock.words;
    let id = &thread.head.id;
    html! {
        section.thread aria-label=(words.with("thread-label", args!["name" => thread.head.title.as_str()])) {
            (head(clock, &thread.head))
            div.thread__scroll data-bottom tabindex="0" role="region" aria-label=(words.say("thread-items")) {
                (earlier(clock, thread.earlier.as_deref()))
                (items(clock, id, &thread.items))
            }
            (reading(clock, &thread.head))
            @if thread.head.may_work { (composer(clock, id, &thread.composer)) }
        }
    }
}

/// Fresh items, in the place of those with the same ids; nothing else is touched.
pub fn items(clock: &Clock<'_>, id: &str, items: &[Item]) -> Markup {
    html! {
        ol #items .items data-keyed="merge" data-live=(id) data-src=(format!("/inbox/{id}/items")) {
            @for (before, one) in std::iter::once(None).chain(items.iter().map(Some)).zip(items) {
                @let day = clock.day(one.at);
                @if before.is_none_or(|before| clock.day(before.at) != day) {
                    li id=(format!("day-{}", clock.date(one.at))) .day { span { (day) } }
                }
                (item(clock, one))
            }
        }
    }
}

/// Says that somebody has looked: sent by a script as soon as it is true, else by hand.
pub fn reading(clock: &Clock<'_>, head: &Head) -> Markup {
    html! {
        div #reading .thread__reading {
            @if head.unread > 0 && head.may_work {
                form method="post" action=(format!("/inbox/{}/read", head.id)) data-reads=(head.unread) {
                    button.button.button--quiet.button--small type="submit" { (clock.words.say("thread-read")) }
                }
            }
        }
    }
}

/// What an act has changed: what can be done, the items, and, if that was sent, where one writes. Else what somebody
/// is writing stays as it is.
pub fn changed(clock: &Clock<'_>, head: &Head, items: &[Item], composer: Option<&Composer>) -> Markup {
    html! {
        (acts(clock, head))
        (self::items(clock, &head.id, items))
        @if let Some(composer) = composer { (self::composer(clock, &head.id, composer)) }
    }
}

/// The way to what came before.
pub fn earlier(clock: &Clock<'_>, address: Option<&str>) -> Markup {
    html! {
        p #earlier .thread__earlier {
            @if let Some(address) = address {
                a.button.button--quiet.button--small href=(address) data-earlier { (clock.words.say("thread-earlier")) }
            } @else { span.quiet.small { (clock.words.say("thread-begin")) } }
        }
    }
}

fn head(clock: &Clock<'_>, head: &Head) -> Markup {
    let words = clock.words;
    html! {
        header.thread__head {
            a.thread__back href=(head.back) { (icon("back")) (unseen(&words.say("thread-back"))) }
            @if head.is_group { span.avatar aria-hidden="true" { (icon("group")) } } @else { (avatar(&head.title)) }
            div.thread__who {
                h2.thread__title dir="auto" {
                    @match &head.contact {
                        Some(contact) => a href=(contact) { (head.title) },
                        None => (head.title),
                    }
                }
                p.small.quiet { (head.place) }
            }
            a.thread__beside href="#beside" { (icon("person")) (unseen(&words.say("inbox-beside"))) }
            (acts(clock, head))
        }
    }
}

/// What can be done with a conversation: give it to somebody, change how it stands.
pub fn acts(clock: &Clock<'_>, head: &Head) -> Markup {
    let words = clock.words;
    let id = &head.id;
    html! {
        div #acts .thread__acts data-live=(id) data-src=(format!("/inbox/{id}/acts")) {
            @if head.may_work {
                form method="post" action=(format!("/inbox/{id}/assignee")) data-fragment data-submits {
                    label.unseen for="assignee" { (words.say("inbox-assignee")) }
                    select #assignee .input.input--small name="assignee" data-key="a" {
                        @for one in &head.assignees { option value=(one.value) selected[one.is_chosen] { (one.label) } }
                    }
                    button.button.button--quiet.button--small type="submit" data-without-script { (words.say("thread-assign")) }
                }
                form.segments method="post" action=(format!("/inbox/{id}/status")) data-fragment {
                    @for status in STATUSES {
                        button.segments__one type="submit" name="status" value=(status.word())
                            aria-pressed=(if *status == head.status { "true" } else { "false" })
                            data-key=[(*status == Status::Closed).then_some("e")] {
                            (words.say(status_key(Some(*status))))
                        }
                    }
                }
            } @else { p.small { (words.say(status_key(Some(head.status)))) } }
            @if let Some(refused) = &head.refused { p.field__error role="alert" { (refused) } }
        }
    }
}

/// Where one writes: a memo today; answering through the channel will stand beside it.
fn composer(clock: &Clock<'_>, id: &str, composer: &Composer) -> Markup {
    let words = clock.words;
    html! {
        form #composer .composer method="post" action=(format!("/inbox/{id}/memos")) data-fragment data-clears {
            label.composer__label for="memo" { (icon("note")) (words.say("memo-label")) }
            textarea #memo .input name="text" rows="2" required maxlength="10000" data-key="m" data-sends data-keeps
                placeholder=(words.say("memo-placeholder"))
                aria-invalid=[composer.error.as_ref().map(|_| "true")]
                aria-describedby=(if composer.error.is_some() { "memo-error memo-hint" } else { "memo-hint" }) {
                (composer.text)
            }
            @if let Some(error) = &composer.error { p #memo-error .field__error { (error) } }
            div.composer__foot {
                p #memo-hint .small.quiet { (words.say("memo-hint")) }
                button.button.button--small type="submit" { (words.say("memo-save")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use causeway_core::{
        time::{Timestamp, Zone},
        timeline::{Content, Part},
    };

    use super::*;
    use crate::{
        Words,
        inbox::{Bubble, Side, What},
    };

    fn said(text: &str) -> Item {
        Item {
            id: "msg_1".into(),
            at: Timestamp::from_seconds(1_767_323_045),
            received_at: Timestamp::from_seconds(1_767_323_045),
            what: What::Message(Box::new(Bubble {
                side: Side::Theirs,
                author: None,
                content: Content { parts: vec![Part::Text(text.into())] },
                original: None,
                edited_at: None,
                revoked_at: None,
                quote: None,
                files: Vec::new(),
                reactions: Vec::new(),
                delivered: None,
                mark: None,
            })),
            is_history: false,
        }
    }

    #[test]
    fn what_a_customer_writes_is_never_markup() {
        let zone = Zone::utc();
        let clock =
            Clock { words: Words::english(), zone: &zone, now: Timestamp::from_seconds(1_767_323_100) };
        let html = items(&clock, "cnv_1", &[said("<img src=x onerror=alert(1)>")]).into_string();
        assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img"), "{html}");
        assert!(html.contains("03:04") && html.contains("id=\"item-msg_1\""), "{html}");
    }
}
