//! The people of a workspace: members, invitations, and what may be done about each.

use causeway_core::{rights::Role, time::Timestamp};
use maud::{Markup, html};

use super::{Once, Place, once, tabs};
use crate::{
    Words, args,
    form::Field,
    message::{self, Message},
    part::{Tone, avatar, badge, notice, unseen},
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// Of whoever looks at it.
    pub role: Role,
    /// They may change something here.
    pub may_manage: bool,
    /// Members: the active ones first.
    pub members: Vec<Person>,
    /// Invitations that nobody has accepted yet.
    pub invitations: Vec<Pending>,
    /// The form of an invitation: e-mail and role.
    pub invite: [Field; 2],
    /// Roles that may be given.
    pub roles: Vec<(String, String)>,
    /// A link that was just made.
    pub link: Option<Once>,
    /// What was just done.
    pub done: Option<String>,
    /// Why something was not done.
    pub error: Option<String>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// They may come in.
    pub is_active: bool,
    /// It is whoever looks at the page.
    pub is_me: bool,
    /// Whoever looks at the page may change this one.
    pub may_change: bool,
    /// When they last signed in.
    pub seen: Option<Timestamp>,
    /// Inboxes whose administrators they are.
    pub inboxes: Vec<String>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// By which it is taken back.
    pub id: String,
    /// Whom it invites.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it may be used.
    pub until: Timestamp,
}

/// The page.
pub fn people(clock: &Clock<'_>, page: &People) -> Markup {
    let words = clock.words;
    let [email, role] = &page.invite;
    html! {
        header.head { h1 { (words.say("settings-people")) } }
        (tabs(words, page.role, Place::People))
        @if let Some(done) = &page.done { (notice(Tone::Good, done, None)) }
        @if let Some(error) = &page.error { (notice(Tone::Bad, error, None)) }
        @if let Some(link) = &page.link { (once(words, link)) }
        @if page.may_manage {
            section.panel-box aria-labelledby="people-invite" {
                h2 #people-invite { (words.say("people-invite")) }
                form.invite method="post" action="/settings/people" {
                    (email.line("email", "off"))
                    (role.choice(&page.roles))
                    button.button type="submit" { (words.say("people-invite-do")) }
                }
                p.quiet.small { (words.say("people-invite-how")) }
            }
        }
        @if !page.invitations.is_empty() {
            section.panel-box aria-labelledby="people-pending" {
                h2 #people-pending { (words.say("people-pending")) }
                ul.lines { @for one in &page.invitations { (pending(clock, one, page.may_manage)) } }
            }
        }
        section.panel-box aria-labelledby="people-members" {
            h2 #people-members { (words.with("people-count", args!["count" => active(page)])) }
            ul.lines { @for person in &page.members { (member(clock, person, &page.roles)) } }
        }
    }
}

fn active(page: &People) -> usize {
    page.members.iter().filter(|person| person.is_active).count()
}

fn role_word(words: &Words, role: Role) -> String {
    words.say(&format!("role-{}", role.word()))
}

fn pending(clock: &Clock<'_>, one: &Pending, may_manage: bool) -> Markup {
    let words = clock.words;
    html! {
        li.lines__one {
            div {
                p { (one.email) " " (badge(Tone::Busy, &role_word(words, one.role))) }
                p.quiet.small {
                    (words.say("people-invited")) " " (clock.mark_ago(one.made)) " · "
                    (words.say("people-until")) " " (clock.mark(one.until))
                }
            }
            @if may_manage {
                form method="post" action=(format!("/settings/people/invitations/{}/withdraw", one.id)) {
                    button.button.button--quiet.button--small type="submit" {
                        (words.say("people-withdraw")) (unseen(&format!(" {}", one.email)))
                    }
                }
            }
        }
    }
}

fn member(clock: &Clock<'_>, person: &Person, roles: &[(String, String)]) -> Markup {
    let words = clock.words;
    html! {
        li #(person.id) .lines__one.person data-inactive[!person.is_active] {
            (avatar(&person.name))
            div.person__who {
                p {
                    strong { (person.name) } " "
                    @if person.is_me { (badge(Tone::Good, &words.say("people-you"))) " " }
                    @if !person.is_active { (badge(Tone::Warning, &words.say("people-inactive"))) " " }
                    (badge(Tone::Plain, &role_word(words, person.role)))
                }
                p.quiet.small.person__facts {
                    (person.email) " · "
                    @match person.seen {
                        Some(seen) => { (words.say("people-seen")) " " (clock.mark_ago(seen)) }
                        None => (words.say("people-never")),
                    }
                    @if !person.inboxes.is_empty() {
                        " · " (words.with("people-inboxes", args!["names" => person.inboxes.join(", ")]))
                    }
                }
            }
            @if person.may_change { (deeds(words, person, roles)) }
        }
    }
}

/// What may be done about a member.
fn deeds(words: &Words, person: &Person, roles: &[(String, String)]) -> Markup {
    let base = format!("/settings/people/{}", person.id);
    let name = format!(" {}", person.name);
    html! {
        @if person.is_active {
            details.person__more {
                summary.button.button--quiet.button--small { (words.say("people-change")) (unseen(&name)) }
                div.person__deeds {
                    form.person__role method="post" action=(format!("{base}/role")) {
                        label for=(format!("role-{}", person.id)) { (words.say("people-role")) }
                        select.input id=(format!("role-{}", person.id)) name="role" {
                            @for (value, label) in roles {
                                option value=(value) selected[value == person.role.word()] { (label) }
                            }
                        }
                        button.button.button--small type="submit" { (words.say("people-role-do")) (unseen(&name)) }
                    }
                    form method="post" action=(format!("{base}/link")) {
                        button.button.button--quiet.button--small type="submit" {
                            (words.say("people-link-do")) (unseen(&name))
                        }
                    }
                    @if !person.is_me {
                        a.button.button--quiet.button--small href=(format!("{base}/deactivate")) {
                            (words.say("people-deactivate")) (unseen(&name))
                        }
                    }
                }
            }
        } @else {
            form method="post" action=(format!("{base}/reactivate")) {
                button.button.button--quiet.button--small type="submit" {
                    (words.say("people-reactivate")) (unseen(&name))
                }
            }
        }
    }
}

/// The question before somebody is kept out.
pub fn deactivate(words: &Words, id: &str, name: &str) -> Markup {
    let message = Message {
        title: words.with("people-deactivate-title", args!["name" => name]),
        tone: Tone::Warning,
        says: vec![words.say("people-deactivate-stops"), words.say("people-deactivate-stays")],
        ..Message::default()
    };
    let action = format!("/settings/people/{id}/deactivate");
    let yes = words.say("people-deactivate");
    message::question(words, &message, &action, &[], (&yes, "/settings/people"))
}
