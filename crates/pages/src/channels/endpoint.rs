//! One endpoint: what the provider is told, whether it has been heard of, its secrets, its numbers. And the form of a
//! new one.

use causeway_core::time::Timestamp;
use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    icon::icon,
    message::{self, Message},
    part::{Tone, badge, notice, unseen},
    when::Clock,
};

/// The form of a new endpoint, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The channel's word and title.
    pub channel: (String, String),
    /// Every channel, to choose from.
    pub channels: Vec<(String, String)>,
    /// Its name.
    pub name: Field,
    /// The app secret.
    pub secret: Field,
    /// The verify token.
    pub token: Field,
    /// The access token; it may be entered later.
    pub access: Field,
}

/// The page of a new endpoint.
pub fn fresh(words: &Words, new: &New) -> Markup {
    html! {
        (crumbs(words, None))
        header.head { div {
            h1 { (words.with("channel-new-title", args!["channel" => new.channel.1.as_str()])) }
            p.head__text { (words.of(&new.channel.0, "new-text", &[])) }
        } }
        @if new.channels.len() > 1 {
            nav.actions aria-label=(words.say("channel-new-which")) {
                @for (name, title) in &new.channels {
                    a.button.button--quiet href=(format!("/channels/new?channel={name}"))
                        aria-current=[(*name == new.channel.0).then_some("page")] { (title) }
                }
            }
        }
        section.panel-box {
            form.stack method="post" action="/channels/new" {
                input type="hidden" name="channel" value=(new.channel.0);
                (new.name.line("text", "off"))
                (new.secret.line("password", "off"))
                (new.token.line("text", "off"))
                (new.access.line("password", "off"))
                div.actions {
                    button.button type="submit" { (words.say("channel-new-do")) }
                    a.button.button--quiet href="/channels" { (words.say("cancel")) }
                }
            }
        }
    }
}

/// The way back.
pub(super) fn crumbs(words: &Words, endpoint: Option<(&str, &str)>) -> Markup {
    html! {
        nav.crumbs aria-label=(words.say("crumbs")) {
            @match endpoint {
                Some((key, name)) => a href=(format!("/channels/{key}")) { (icon("back")) (name) },
                None => a href="/channels" { (icon("back")) (words.say("channels-title")) },
            }
        }
    }
}

/// An endpoint as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// What was just done, in words.
    pub said: Option<String>,
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// The channel's word and title.
    pub channel: (String, String),
    /// Where the provider posts.
    pub url: String,
    /// The word of the set-up request; `None`: its secrets do not open.
    pub token: Option<String>,
    /// How many app secrets are active.
    pub secrets: usize,
    /// An access token is there: files can be fetched.
    pub has_access: bool,
    /// When it was last heard of.
    pub last: Option<Timestamp>,
    /// Its numbers.
    pub accounts: Vec<Account>,
    /// Who can own a number: id, name.
    pub members: Vec<(String, String)>,
    /// Where a number can belong: id, name.
    pub inboxes: Vec<(String, String)>,
    /// The forms.
    pub edit: Edit,
}

/// The forms of an endpoint, as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its name.
    pub name: Field,
    /// The verify token.
    pub token: Field,
    /// A new app secret.
    pub secret: Field,
    /// An access token.
    pub access: Field,
}

/// A number behind an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The provider's id.
    pub external: String,
    /// Whose it is: a member's id, or nobody's.
    pub owner: String,
    /// To which inbox it belongs: an inbox's id, or none's.
    pub inbox: String,
}

/// Has it been heard of? Kept true while the page stands.
pub fn check(clock: &Clock<'_>, last: Option<Timestamp>) -> Markup {
    let words = clock.words;
    html! {
        p.check data-tone=(if last.is_some() { "good" } else { "busy" }) {
            @match last {
                Some(at) => { (icon("check")) span { (words.say("channel-heard")) " " (clock.mark_ago(at)) } },
                None => { (icon("clock")) span { (words.say("channel-waiting")) } },
            }
        }
    }
}

/// The same, asked for again at every request.
fn live_check(clock: &Clock<'_>, key: &str, last: Option<Timestamp>) -> Markup {
    html! {
        div #channel-check data-live="requests" data-src=(format!("/channels/{key}")) role="status" { (check(clock, last)) }
    }
}

/// What of the page is asked for again when a request has come.
pub fn live_parts(clock: &Clock<'_>, endpoint: &Endpoint) -> Markup {
    let here = format!("/channels/{}", endpoint.key);
    html! { (live_check(clock, &endpoint.key, endpoint.last)) (accounts(clock.words, endpoint, &here)) }
}

/// The page.
pub fn endpoint(clock: &Clock<'_>, endpoint: &Endpoint) -> Markup {
    let words = clock.words;
    let here = format!("/channels/{}", endpoint.key);
    let own = |key: &str| words.of(&endpoint.channel.0, key, &[]);
    html! {
        (crumbs(words, None))
        header.head {
            div {
                h1 { (endpoint.name) }
                p.head__text { (endpoint.channel.1) }
            }
            div.actions {
                a.button.button--quiet href=(format!("{here}/requests")) { (icon("history")) (words.say("channels-requests")) }
            }
        }
        @if let Some(said) = &endpoint.said { (notice(Tone::Good, said, None)) }
        section.panel-box aria-labelledby="channel-setup" {
            h2 #channel-setup { (own("setup")) }
            ol.guide {
                li { p { (own("step-app")) } }
                li {
                    p { (own("step-url")) }
                    (copyable(words, "webhook", &words.say("channel-url"), &endpoint.url))
                    @match &endpoint.token {
                        Some(token) => (copyable(words, "token", &words.say("channel-token"), token)),
                        None => (notice(Tone::Bad, &words.say("channel-sealed"), None)),
                    }
                }
                li { p { (own("step-fields")) } }
                li {
                    p { (own("step-write")) }
                    (live_check(clock, &endpoint.key, endpoint.last))
                }
            }
        }
        (accounts(words, endpoint, &here))
        (settings(words, endpoint, &here))
    }
}

/// A value to take over, with a button that copies it where scripts are on.
fn copyable(words: &Words, id: &str, label: &str, value: &str) -> Markup {
    let id = format!("copy-{id}");
    html! {
        div.copyable {
            label.field__label for=(id) { (label) }
            div.copyable__line {
                input.input.copyable__value id=(id) readonly value=(value);
                button.button.button--quiet type="button" hidden data-needs-script data-copies=(id) data-copied=(words.say("copied")) {
                    (icon("copy")) span { (words.say("copy")) } (unseen(label))
                }
            }
        }
    }
}

fn accounts(words: &Words, endpoint: &Endpoint, here: &str) -> Markup {
    html! {
        section #channel-numbers .panel-box data-live="requests" data-src=(here) aria-labelledby="channel-accounts" {
            h2 #channel-accounts { (words.say("channel-accounts")) }
            @if endpoint.accounts.is_empty() { p.quiet { (words.say("channel-no-accounts")) } }
            @else {
                p.quiet.small { (words.say("channel-owner-text")) }
                ul.lines {
                    @for account in &endpoint.accounts {
                        li.lines__one {
                            div {
                                p { strong { (account.name) } }
                                p.quiet.small { (words.say("channel-external")) " " code { (account.external) } }
                            }
                            form.inline method="post" action=(format!("{here}/accounts/{}", account.id)) {
                                (choice(&format!("owner-{}", account.id), "owner", &words.say("channel-owner"),
                                    &words.say("channel-nobody"), &endpoint.members, &account.owner))
                                @if !endpoint.inboxes.is_empty() {
                                    (choice(&format!("inbox-{}", account.id), "inbox", &words.say("channel-inbox"),
                                        &words.say("channel-no-inbox"), &endpoint.inboxes, &account.inbox))
                                }
                                button.button.button--quiet.button--small type="submit" { (words.say("save")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A choice on one line.
fn choice(
    id: &str,
    name: &str,
    label: &str,
    nothing: &str,
    options: &[(String, String)],
    chosen: &str,
) -> Markup {
    html! {
        label.small for=(id) { (label) }
        select.input id=(id) name=(name) {
            option value="" selected[chosen.is_empty()] { (nothing) }
            @for (value, text) in options { option value=(value) selected[value == chosen] { (text) } }
        }
    }
}

fn settings(words: &Words, endpoint: &Endpoint, here: &str) -> Markup {
    let edit = &endpoint.edit;
    html! {
        section.panel-box aria-labelledby="channel-settings" {
            h2 #channel-settings { (words.say("channel-settings")) }
            form.stack method="post" action=(here) {
                (edit.name.line("text", "off"))
                (edit.token.line("text", "off"))
                div.actions { button.button type="submit" { (words.say("save")) } }
            }
        }
        section.panel-box aria-labelledby="channel-secrets" {
            h2 #channel-secrets { (words.say("channel-secrets")) " "
                (badge(Tone::Plain, &words.with("channel-secrets-active", args!["count" => endpoint.secrets]))) }
            p.quiet.small { (words.of(&endpoint.channel.0, "secrets-text", &[])) }
            form.stack.apart method="post" action=(format!("{here}/secrets")) {
                (edit.secret.line("password", "off"))
                div.actions {
                    button.button type="submit" name="what" value="add" { (words.say("channel-secret-add")) }
                }
            }
            @if endpoint.secrets > 1 {
                form.apart method="post" action=(format!("{here}/secrets")) {
                    button.button.button--quiet type="submit" name="what" value="retire" { (words.say("channel-secret-retire")) }
                }
            }
        }
        (access(words, endpoint, here))
        p { a.quiet href=(format!("{here}/remove")) { (words.say("channel-remove")) } }
    }
}

/// By what files are fetched.
fn access(words: &Words, endpoint: &Endpoint, here: &str) -> Markup {
    let (tone, state) = if endpoint.has_access {
        (Tone::Good, "channel-access-there")
    } else {
        (Tone::Warning, "channel-access-none")
    };
    html! {
        section.panel-box aria-labelledby="channel-files" {
            h2 #channel-files { (words.say("channel-files")) " " (badge(tone, &words.say(state))) }
            p.quiet.small { (words.say("channel-files-text")) }
            form.stack.apart method="post" action=(format!("{here}/access")) {
                (endpoint.edit.access.line("password", "off"))
                div.actions {
                    button.button type="submit" name="what" value="set" {
                        (words.say(if endpoint.has_access { "channel-access-replace" } else { "channel-access-do" }))
                    }
                }
            }
            @if endpoint.has_access {
                form.apart method="post" action=(format!("{here}/access")) {
                    button.button.button--quiet type="submit" name="what" value="remove" { (words.say("channel-access-remove")) }
                }
            }
        }
    }
}

/// The question before an endpoint is removed: what stops, and what stays.
pub fn removal(words: &Words, channel: &str, key: &str, name: &str) -> Markup {
    let message = Message {
        title: words.with("channel-remove-title", args!["name" => name]),
        tone: Tone::Warning,
        says: vec![words.of(channel, "remove-stops", &[]), words.say("channel-remove-stays")],
        ..Message::default()
    };
    let (action, back) = (format!("/channels/{key}/remove"), format!("/channels/{key}"));
    message::question(words, &message, &action, &[], (&words.say("channel-remove-do"), &back))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(channels: &[&str]) -> New {
        let field = |name| Field::new(name, name.to_owned());
        New {
            channel: ("whatsapp".into(), "WhatsApp".into()),
            channels: channels.iter().map(|name| ((*name).to_owned(), name.to_uppercase())).collect(),
            name: field("name"),
            secret: field("secret"),
            token: field("token"),
            access: field("access"),
        }
    }

    #[test]
    fn which_channel_is_asked_where_there_is_more_than_one() {
        let words = Words::english();
        let only = fresh(words, &new(&["whatsapp"])).into_string();
        assert!(
            only.contains("name=\"channel\" value=\"whatsapp\"") && !only.contains("?channel="),
            "{only}"
        );
        let both = fresh(words, &new(&["whatsapp", "telegraph"])).into_string();
        assert!(both.contains("href=\"/channels/new?channel=telegraph\">TELEGRAPH"), "{both}");
        assert!(both.contains("href=\"/channels/new?channel=whatsapp\" aria-current=\"page\""), "{both}");
    }
}
