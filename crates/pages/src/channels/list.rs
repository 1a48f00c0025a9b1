//! Every endpoint, with when it was last heard of.

use causeway_core::time::Timestamp;
use maud::{Markup, html};

use super::check;
use crate::{
    args,
    icon::icon,
    part::{Tone, empty, notice},
    when::Clock,
};

/// An endpoint in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What people call the channel.
    pub channel: String,
    /// Its numbers.
    pub numbers: Vec<String>,
    /// When it was last heard of.
    pub last: Option<Timestamp>,
}

/// The page. `unread` counts parts of requests that could not be read.
pub fn list(clock: &Clock<'_>, listed: &[Listed], unread: i64, said: Option<&str>) -> Markup {
    let words = clock.words;
    html! {
        header.head {
            div {
                h1 { (words.say("channels-title")) }
                p.head__text { (words.say("channels-text")) }
            }
            @if !listed.is_empty() {
                a.button href="/channels/new" { (icon("plus")) (words.say("channels-add")) }
            }
        }
        @if let Some(said) = said { (notice(Tone::Good, said, None)) }
        @if unread > 0 {
            @let label = words.say("channels-unread-see");
            (notice(Tone::Warning, &words.with("channels-unread", args!["count" => unread]), Some(("/quarantine", &label))))
        }
        section #channels data-live="requests" data-src="/channels" aria-label=(words.say("channels-title")) {
            @if listed.is_empty() {
                (empty("channels", &words.say("channels-empty-title"), &words.say("channels-empty-text"),
                    Some(("/channels/new", &words.say("channels-add")))))
            } @else {
                ul.tiles { @for one in listed { (tile(clock, one)) } }
            }
        }
    }
}

fn tile(clock: &Clock<'_>, one: &Listed) -> Markup {
    let words = clock.words;
    html! {
        li.tile id=(format!("channel-{}", one.key)) {
            div.tile__head {
                (icon("chat"))
                div {
                    h2.tile__title { a href=(format!("/channels/{}", one.key)) { (one.name) } }
                    p.quiet.small { (one.channel) }
                }
            }
            (check(clock, one.last))
            p.small {
                @if one.numbers.is_empty() { span.quiet { (words.say("channels-no-numbers")) } }
                @else { (one.numbers.join(" · ")) }
            }
            p.small { a href=(format!("/channels/{}/requests", one.key)) { (words.say("channels-requests")) } }
        }
    }
}
