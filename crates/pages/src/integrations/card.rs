//! A connection in a box: how it stands, in whose name, what uses it, what it lacks.

use maud::{Markup, html};

use super::{Connection, Standing, grants_warning};
use crate::{
    args,
    part::{Tone, badge, notice},
    when::Clock,
};

/// The badges beside a connection's name.
pub(super) fn badges(clock: &Clock<'_>, connection: &Connection) -> Markup {
    let words = clock.words;
    html! {
        span.badges {
            (badge(connection.state.tone(), &connection.state.label(words)))
            @if connection.is_sandbox { (badge(Tone::Warning, &words.say("environment-sandbox"))) }
            @else { (badge(Tone::Plain, &words.say("environment-production"))) }
        }
    }
}

/// What somebody should see to: a lost grant, a permission, a limit.
pub(super) fn warnings(clock: &Clock<'_>, connection: &Connection) -> Markup {
    let words = clock.words;
    let reconnect = format!("/integrations/connection/{}/reconnect", connection.id);
    let again = words.say("reconnect");
    html! {
        @match connection.state {
            Standing::Lost => (notice(Tone::Bad, &told(&words.say("lost-text"), &connection.detail), Some((&reconnect, &again)))),
            Standing::OtherOrg => (notice(Tone::Bad, &told(&words.say("other-org-text"), &connection.detail), Some((&reconnect, &again)))),
            Standing::Disconnected => (notice(Tone::Plain, &words.say("disconnected-text"), Some((&reconnect, &again)))),
            Standing::Connected => {
                @if !connection.scopes.is_empty() {
                    (notice(
                        Tone::Warning,
                        &words.with("scopes-missing", args!["scopes" => connection.scopes.join(", ")]),
                        Some((&reconnect, &words.say("renew"))),
                    ))
                }
                @if let Some(until) = connection.rests {
                    (notice(Tone::Warning, &told(&words.with("rests", args!["time" => clock.time(until)]), &connection.detail), None))
                }
            }
        }
        @if let Some(grants) = connection.grants {
            @let user = connection.user.as_deref().unwrap_or_default();
            (notice(Tone::Warning, &grants_warning(words, &connection.crm.1, user, grants), None))
        }
        @if !connection.missing.is_empty() {
            div.missing {
                h3 { (words.with("missing-title", args!["count" => connection.missing.len()])) }
                ul {
                    @for (what, action, is_fatal) in &connection.missing {
                        li {
                            p { strong { (what) } " " @if *is_fatal { (badge(Tone::Bad, &words.say("missing-fatal"))) } }
                            p.quiet.small { (action) }
                        }
                    }
                }
            }
        }
    }
}

fn told(text: &str, detail: &str) -> String {
    let mut letters = detail.chars();
    let Some(first) = letters.next() else { return text.to_owned() };
    let end = if detail.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text} {}{}{end}", first.to_uppercase(), letters.as_str())
}

/// Who acts, since when, what uses it.
pub(super) fn facts(clock: &Clock<'_>, connection: &Connection, with_id: bool) -> Markup {
    let words = clock.words;
    html! {
        dl.rows {
            @if let Some(user) = &connection.user { div { dt { (words.say("acting-user")) } dd { (user) } } }
            @if with_id { div { dt { (words.say("connected-id")) } dd { code { (connection.org_id) } } } }
            div { dt { (words.say("login-host")) } dd { (connection.host) } }
            div {
                dt { (words.say("connected-since")) }
                dd {
                    (clock.mark(connection.made.1))
                    @if let Some(by) = &connection.made.0 { " " (words.with("connected-by", args!["name" => by.as_str()])) }
                }
            }
            div {
                dt { (words.say("used-by")) }
                dd {
                    @if connection.uses.is_empty() { span.quiet { (words.say("used-by-nothing")) } }
                    @else {
                        ul.uses {
                            @for one in &connection.uses {
                                li {
                                    @match &one.address {
                                        Some(address) => a href=(address) { (one.name) },
                                        None => (one.name),
                                    }
                                    " " (badge(one.state.tone(), &one.state.label(words)))
                                    @if one.has_draft { " " (badge(Tone::Busy, &words.say("use-draft"))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many calls were made, ours and everybody's.
pub(super) fn calls(clock: &Clock<'_>, connection: &Connection) -> Markup {
    let words = clock.words;
    let ours: u64 = connection.calls.iter().map(|(_, calls)| calls).sum();
    html! {
        @if let Some((used, limit)) = connection.usage {
            @let text = words.with("usage", args!["used" => used, "limit" => limit]);
            div.usage {
                meter min="0" max=(limit) value=(used) high=(limit - limit / 5) aria-label=(words.say("usage-label")) { (text) }
                p.small { (text) }
            }
        }
        @if connection.calls.is_empty() { p.quiet.small { (words.say("calls-none")) } }
        @else {
            details.calls {
                summary { (words.with("calls-today", args!["count" => ours])) }
                dl.rows.small {
                    @for (purpose, calls) in &connection.calls {
                        div { dt { (super::calls::label(words, *purpose)) } dd { (calls) } }
                    }
                }
            }
        }
    }
}
