//! Inboxes: teams' queues, who works in them, and which accounts are theirs.

use causeway_core::rights::Role;
use maud::{Markup, html};

use super::{Place, tabs};
use crate::{
    Words, args,
    form::Field,
    part::{Tone, avatar, badge, empty, notice, unseen},
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inboxes {
    /// Of whoever looks at it.
    pub role: Role,
    /// The inboxes, by name.
    pub inboxes: Vec<Inbox>,
    /// Every active member: id, name.
    pub members: Vec<(String, String)>,
    /// Every account: id, name.
    pub accounts: Vec<(String, String)>,
    /// The name of the next inbox.
    pub name: Field,
    /// What was just done.
    pub done: Option<String>,
    /// Why something was not done.
    pub error: Option<String>,
}

/// An inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Who works in it: id, name, and whether they are its administrator.
    pub members: Vec<(String, String, bool)>,
    /// Its accounts: id, name.
    pub accounts: Vec<(String, String)>,
}

/// The page.
pub fn inboxes(words: &Words, page: &Inboxes) -> Markup {
    html! {
        header.head { h1 { (words.say("settings-inboxes")) } }
        (tabs(words, page.role, Place::Inboxes))
        @if let Some(done) = &page.done { (notice(Tone::Good, done, None)) }
        @if let Some(error) = &page.error { (notice(Tone::Bad, error, None)) }
        p.quiet { (words.say("inboxes-text")) }
        section.panel-box aria-labelledby="inboxes-new" {
            h2 #inboxes-new { (words.say("inboxes-new")) }
            form.stack method="post" action="/settings/inboxes" {
                (page.name.line("text", "off"))
                div.actions { button.button type="submit" { (words.say("inboxes-make")) } }
            }
        }
        @if page.inboxes.is_empty() {
            (empty("inbox", &words.say("inboxes-none"), &words.say("inboxes-none-text"), None))
        }
        @for inbox in &page.inboxes { (one(words, page, inbox)) }
    }
}

fn one(words: &Words, page: &Inboxes, inbox: &Inbox) -> Markup {
    let base = format!("/settings/inboxes/{}", inbox.id);
    html! {
        section.panel-box.team aria-labelledby=(inbox.id) {
            h2 id=(inbox.id) { (inbox.name) }
            h3 { (words.with("inboxes-members", args!["count" => inbox.members.len()])) }
            ul.lines {
                @for (id, name, is_admin) in &inbox.members {
                    li.lines__one {
                        p.team__who {
                            (avatar(name)) (name) " "
                            @if *is_admin { (badge(Tone::Good, &words.say("inboxes-admin"))) }
                        }
                        (small(words, &format!("{base}/let-go"), ("member", id), ("inboxes-let-go", name)))
                    }
                }
            }
            (choice(words, (&format!("{base}/members"), "member", &inbox.id), &page.members, "inboxes-let-work", true))
            h3 { (words.with("inboxes-accounts", args!["count" => inbox.accounts.len()])) }
            ul.lines {
                @for (id, name) in &inbox.accounts {
                    li.lines__one {
                        p { (name) }
                        (small(words, &format!("{base}/free"), ("account", id), ("inboxes-free", name)))
                    }
                }
            }
            @if !page.accounts.is_empty() {
                (choice(words, (&format!("{base}/accounts"), "account", &inbox.id), &page.accounts, "inboxes-take", false))
            }
            details.team__more {
                summary.button.button--quiet.button--small { (words.say("inboxes-more")) (unseen(&format!(" {}", inbox.name))) }
                div.team__deeds {
                    form.team__choice method="post" action=(format!("{base}/name")) {
                        label for=(format!("name-{}", inbox.id)) { (words.say("inboxes-name")) }
                        input.input id=(format!("name-{}", inbox.id)) name="name" type="text" value=(inbox.name) required;
                        button.button.button--small type="submit" { (words.say("inboxes-rename")) }
                    }
                    form method="post" action=(format!("{base}/remove")) {
                        button.button.button--danger.button--small type="submit" {
                            (words.say("inboxes-remove")) (unseen(&format!(" {}", inbox.name)))
                        }
                    }
                    p.quiet.small { (words.say("inboxes-remove-text")) }
                }
            }
        }
    }
}

/// A button on a line that does one thing to what stands there.
fn small(words: &Words, action: &str, (field, value): (&str, &str), (label, name): (&str, &str)) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name=(field) value=(value);
            button.button.button--quiet.button--small type="submit" { (words.say(label)) (unseen(&format!(" {name}"))) }
        }
    }
}

/// A choice of somebody or something to add.
fn choice(
    words: &Words,
    (action, field, inbox): (&str, &str, &str),
    options: &[(String, String)],
    label: &str,
    asks_admin: bool,
) -> Markup {
    let id = format!("{field}-{inbox}");
    html! {
        form.team__choice method="post" action=(action) {
            label.unseen for=(id) { (words.say(label)) }
            select.input id=(id) name=(field) {
                @for (value, name) in options { option value=(value) { (name) } }
            }
            @if asks_admin {
                label.team__tick { input type="checkbox" name="admin" value="on"; (words.say("inboxes-as-admin")) }
            }
            button.button.button--quiet.button--small type="submit" { (words.say(label)) }
        }
    }
}
