//! Raw requests of an endpoint: what came, what became of it, and what it said. All of it is data of strangers.

use causeway_core::time::Timestamp;
use maud::{Markup, html};

use super::endpoint::crumbs;
use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, empty, notice, pager},
    when::Clock,
};

/// Requests of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// The endpoint's key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What was just done, in words.
    pub said: Option<String>,
    /// Newest first.
    pub requests: Vec<Request>,
    /// Where older ones are.
    pub older: Option<String>,
    /// Where the newest are, when these are not.
    pub newest: Option<String>,
    /// Where this list is asked for again.
    pub here: String,
}

/// A raw request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Its length in bytes.
    pub bytes: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// Parts that could not be read.
    pub poison: Vec<Part>,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body as text, shortened.
    pub body: String,
    /// The body is shown whole.
    pub is_whole: bool,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// It is still to be read.
    pub is_pending: bool,
    /// Events that the parser finds in it.
    pub events: usize,
    /// New, changed, repeated; `None`: that was not kept.
    pub counts: Option<(u64, u64, u64)>,
}

/// A part that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The request: id, and when it was put aside.
    pub of: Option<(String, Timestamp)>,
    /// Where it stands.
    pub path: String,
    /// Why it could not be read.
    pub reason: String,
    /// What it says, shortened.
    pub raw: String,
}

/// The list.
pub fn requests(clock: &Clock<'_>, page: &Requests) -> Markup {
    let words = clock.words;
    let (newer, older) = (words.say("requests-newest"), words.say("requests-older"));
    html! {
        (crumbs(words, Some((&page.key, &page.name))))
        header.head { div {
            h1 { (words.with("requests-title", args!["name" => page.name.as_str()])) }
            p.head__text { (words.say("requests-text")) }
        } }
        @if let Some(said) = &page.said { (notice(Tone::Good, said, None)) }
        section #requests data-live="requests" data-src=(page.here) aria-label=(words.say("channels-requests")) {
            @if page.requests.is_empty() {
                (empty("history", &words.say("requests-empty-title"), &words.say("requests-empty-text"), None))
            } @else {
                ul #request-lines .panel-box.lines data-keyed { @for one in &page.requests { (line(clock, page, one)) } }
                (pager(
                    &words.say("requests-pages"),
                    page.newest.as_deref().map(|address| (address, &*newer)),
                    page.older.as_deref().map(|address| (address, &*older)),
                ))
            }
        }
    }
}

fn line(clock: &Clock<'_>, page: &Requests, one: &Request) -> Markup {
    html! {
        li.lines__one id=(one.id) {
            div {
                p { a href=(format!("/channels/{}/requests/{}", page.key, one.id)) { (clock.mark(one.at)) }
                    " " span.quiet.small { (clock.words.with("requests-bytes", args!["count" => one.bytes])) } }
                (outcome(clock.words, one))
            }
            (replay(clock.words, &page.key, one))
        }
    }
}

fn outcome(words: &Words, one: &Request) -> Markup {
    let said = one.outcome;
    html! {
        p.outcome {
            @if said.is_pending { (badge(Tone::Busy, &words.say("requests-pending"))) }
            @else {
                (badge(Tone::Good, &words.with("requests-parsed", args!["count" => said.events])))
                @if let Some((new, changed, repeated)) = said.counts {
                    @if new > 0 { (badge(Tone::Plain, &words.with("requests-new", args!["count" => new]))) }
                    @if changed > 0 { (badge(Tone::Plain, &words.with("requests-changed", args!["count" => changed]))) }
                    @if repeated > 0 { (badge(Tone::Plain, &words.with("requests-repeated", args!["count" => repeated]))) }
                }
            }
            @if !one.poison.is_empty() { (badge(Tone::Warning, &words.with("requests-quarantined", args!["count" => one.poison.len()]))) }
        }
        @for part in &one.poison { p.small { code { (part.path) } " " (part.reason) } }
    }
}

fn replay(words: &Words, key: &str, one: &Request) -> Markup {
    html! {
        @if !one.outcome.is_pending {
            form method="post" action=(format!("/channels/{key}/requests/{}/replay", one.id)) {
                button.button.button--quiet.button--small type="submit" title=(words.say("requests-replay-text")) {
                    (icon("refresh")) (words.say("requests-replay"))
                }
            }
        }
    }
}

/// One request with its headers and its body.
pub fn request(clock: &Clock<'_>, key: &str, name: &str, one: &Request, said: Option<&str>) -> Markup {
    let words = clock.words;
    html! {
        (crumbs(words, Some((&format!("{key}/requests"), &words.with("requests-title", args!["name" => name])))))
        header.head {
            div {
                h1 { (words.say("request-title")) " " (clock.mark(one.at)) }
                p.head__text { code { (one.id) } " · " (words.with("requests-bytes", args!["count" => one.bytes])) }
            }
            (replay(words, key, one))
        }
        @if let Some(said) = said { (notice(Tone::Good, said, None)) }
        section.panel-box aria-labelledby="request-outcome" {
            h2 #request-outcome { (words.say("request-outcome")) }
            (outcome(words, one))
            p.quiet.small { (words.say("requests-replay-text")) }
        }
        @for part in &one.poison {
            section.panel-box { h2 { (words.say("request-part")) " " code { (part.path) } } p { (part.reason) }
                pre.raw tabindex="0" { (part.raw) } }
        }
        section.panel-box aria-labelledby="request-headers" {
            h2 #request-headers { (words.say("request-headers")) }
            dl.rows { @for (name, value) in &one.headers { div { dt { code { (name) } } dd { code { (value) } } } } }
        }
        section.panel-box aria-labelledby="request-body" {
            h2 #request-body { (words.say("request-body")) }
            @if !one.is_whole { p.quiet.small { (words.say("request-shortened")) } }
            pre.raw tabindex="0" { (one.body) }
        }
    }
}

/// Everything that could not be read.
pub fn quarantine(clock: &Clock<'_>, parts: &[Part], count: i64) -> Markup {
    let words = clock.words;
    html! {
        (crumbs(words, None))
        header.head { div {
            h1 { (words.say("quarantine-title")) }
            p.head__text { (words.say("quarantine-text")) }
        } }
        @if parts.is_empty() {
            (empty("check", &words.say("quarantine-empty-title"), &words.say("quarantine-empty-text"), None))
        } @else {
            @let shown = i64::try_from(parts.len()).unwrap_or(i64::MAX);
            @if count > shown { (notice(Tone::Plain, &words.with("quarantine-shown", args!["count" => shown]), None)) }
            @for part in parts {
                section.panel-box {
                    h2 { code { (part.path) } }
                    p { (part.reason) }
                    @if let Some((id, at)) = &part.of { p.quiet.small { code { (id) } " · " (clock.mark(*at)) } }
                    details { summary { (words.say("quarantine-raw")) } pre.raw tabindex="0" { (part.raw) } }
                }
            }
        }
    }
}
