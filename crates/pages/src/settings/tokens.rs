//! API tokens of one's own.

use causeway_core::{rights::Role, time::Timestamp};
use maud::{Markup, html};

use super::{Once, Place, once, tabs};
use crate::{
    args,
    form::Field,
    part::{Tone, empty, notice},
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// What one may do: a token may do the same.
    pub role: Role,
    /// The tokens, newest first.
    pub tokens: Vec<Token>,
    /// What the next is for.
    pub name: Field,
    /// The one that was just made.
    pub fresh: Option<Once>,
    /// What was just done.
    pub done: Option<String>,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// By which it is revoked.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

/// The page.
pub fn tokens(clock: &Clock<'_>, page: &Tokens) -> Markup {
    let words = clock.words;
    let role = words.say(&format!("role-{}", page.role.word()));
    html! {
        header.head { h1 { (words.say("settings-tokens")) } }
        (tabs(words, page.role, Place::Tokens))
        @if let Some(done) = &page.done { (notice(Tone::Good, done, None)) }
        @if let Some(fresh) = &page.fresh { (once(words, fresh)) }
        p.quiet { (words.with("tokens-text", args!["role" => role])) }
        section.panel-box aria-labelledby="tokens-new" {
            h2 #tokens-new { (words.say("tokens-new")) }
            form.stack method="post" action="/settings/tokens" {
                (page.name.line("text", "off"))
                div.actions { button.button type="submit" { (words.say("tokens-make")) } }
            }
        }
        @if page.tokens.is_empty() {
            (empty("settings", &words.say("tokens-none"), &words.say("tokens-none-text"), None))
        } @else {
            section.panel-box aria-labelledby="tokens-list" {
                h2 #tokens-list { (words.say("tokens-list")) }
                ul.lines {
                    @for token in &page.tokens {
                        li.lines__one {
                            div {
                                p { @if token.name.is_empty() { (words.say("tokens-nameless")) } @else { (token.name) } }
                                p.quiet.small {
                                    (words.say("tokens-made")) " " (clock.mark_ago(token.made)) " · "
                                    @match token.used {
                                        Some(used) => { (words.say("tokens-used")) " " (clock.mark_ago(used)) }
                                        None => (words.say("tokens-unused")),
                                    }
                                }
                            }
                            form method="post" action=(format!("/settings/tokens/{}/revoke", token.id)) {
                                button.button.button--quiet.button--small type="submit" {
                                    (words.say("tokens-revoke"))
                                    (crate::part::unseen(&format!(" {}", token.name)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
