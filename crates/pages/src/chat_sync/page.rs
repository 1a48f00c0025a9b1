//! The page of a chat sync: the form, and beside it what it does, what changes, and what one may do.

use causeway_core::{plan::settings::ChatSync, time::Timestamp};
use maud::{Markup, html};

use super::{
    Facts,
    explain::explain,
    form::{self, FieldFaults, slots},
    spell,
};
pub use crate::integrations::Working;
use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, notice},
    when::Clock,
};

/// A chat sync as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatSyncPage {
    /// Its address, without an end: `/integrations/chat-sync/int_1`.
    pub address: String,
    /// The connection's address and the org's name.
    pub connection: (String, String),
    /// Whether it works.
    pub state: Working,
    /// What is in force.
    pub settings: ChatSync,
    /// The revision that is in force.
    pub revision: i64,
    /// What stands in the form: the draft, or what is in force.
    pub wanted: ChatSync,
    /// The draft, if there is one.
    pub draft: Option<DraftState>,
    /// Somebody else applied a version meanwhile.
    pub conflict: Option<Conflict>,
    /// What is wrong in the form.
    pub faults: FieldFaults,
    /// What became of the last deed.
    pub said: Option<(Tone, String)>,
    /// How a trial went.
    pub tried: Option<Tried>,
}

/// Whose draft it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftState {
    /// Who began it, if they are still here.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The revision that it was begun on.
    pub base: i64,
}

/// A version that was applied after a draft was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Who applied it, if that is known.
    pub by: Option<String>,
    /// What the draft was begun on, if that is known.
    pub base: Option<ChatSync>,
}

/// How a test record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// It was made and removed again.
    pub is_good: bool,
    /// In a sentence.
    pub sentence: String,
}

/// The page.
pub fn chat_sync(clock: &Clock<'_>, facts: &Facts, page: &ChatSyncPage) -> Markup {
    let words = clock.words;
    let shown = form::Shown { words, facts, settings: &page.wanted, faults: &page.faults };
    let base = page.draft.as_ref().map_or(page.revision, |draft| draft.base);
    html! {
        header.head {
            div {
                p.crumb { a href=(page.connection.0) { (icon("back")) (page.connection.1) } }
                h1 { (words.say("use-sync")) " " (badge(page.state.tone(), &page.state.label(words))) }
                p.head__text { (words.say("sync-text")) }
            }
            (controls(words, page))
        }
        @if let Some((tone, text)) = &page.said { (notice(*tone, text, None)) }
        (conflict(words, facts, page))
        div.sync {
            form #sync-form .sync__form method="post" action=(format!("{}/draft", page.address))
                data-autosave=(format!("{}/draft", page.address)) {
                input type="hidden" name="base" value=(base);
                (shown.groups())
                div.sync__foot {
                    p.field__error role="alert" hidden data-autosave-failed { (words.say("draft-not-kept")) }
                    div.actions {
                        button.button type="submit" formaction=(format!("{}/apply", page.address)) {
                            (icon("check"))
                            @if page.state == Working::Draft { (words.say("sync-activate")) } @else { (words.say("sync-apply")) }
                        }
                        button.button.button--quiet type="submit" { (words.say("draft-keep")) }
                    }
                }
            }
            div.sync__aside {
                (said(words, facts, &page.wanted))
                (changes(clock, facts, page))
                (trial(words, page))
            }
        }
    }
}

/// What a kept draft puts in place: the slots, what they do, what changes.
pub fn fragment(clock: &Clock<'_>, facts: &Facts, page: &ChatSyncPage) -> Markup {
    html! {
        (slots(clock.words, facts, &page.wanted, &page.faults))
        (said(clock.words, facts, &page.wanted))
        (changes(clock, facts, page))
    }
}

fn controls(words: &Words, page: &ChatSyncPage) -> Markup {
    let state = |to: &str, picture: &str, key: &str| {
        html! {
            form method="post" action=(format!("{}/{to}", page.address)) {
                input type="hidden" name="revision" value=(page.revision);
                button.button.button--quiet type="submit" { (icon(picture)) (words.say(key)) }
            }
        }
    };
    html! {
        div.actions {
            @match page.state {
                Working::Active => (state("pause", "pause", "sync-pause")),
                Working::Paused => (state("resume", "play", "sync-resume")),
                Working::Draft => "",
            }
            a.button.button--quiet href=(format!("{}/versions", page.address)) { (icon("history")) (words.say("versions-title")) }
        }
    }
}

fn said(words: &Words, facts: &Facts, settings: &ChatSync) -> Markup {
    html! {
        section #sync-said .panel-box.says aria-labelledby="sync-said-title" {
            h2 #sync-said-title { (words.say("explain-title")) }
            ul { @for sentence in explain(words, facts, settings) { li { (sentence) } } }
        }
    }
}

/// What would change, and whose draft it is.
fn changes(clock: &Clock<'_>, facts: &Facts, page: &ChatSyncPage) -> Markup {
    let words = clock.words;
    let problems = page.faults.errors.len();
    html! {
        section #sync-changes .panel-box.changes aria-labelledby="sync-changes-title" {
            h2 #sync-changes-title { (words.say("changes-title")) }
            @if page.wanted == page.settings {
                p.quiet { (words.say(if page.state == Working::Draft { "changes-none-yet" } else { "changes-none" })) }
            }
            (spell::difference(words, facts, &page.settings, &page.wanted))
            @if problems > 0 { (notice(Tone::Warning, &words.with("changes-problems", args!["count" => problems]), None)) }
            @if let Some(draft) = &page.draft {
                p.quiet.small role="status" {
                    @match &draft.by {
                        Some(by) => (words.with("draft-by", args!["name" => by.as_str()])),
                        None => (words.say("draft-by-nobody")),
                    }
                    " " (clock.mark_ago(draft.at))
                }
                form method="post" action=(format!("{}/discard", page.address)) {
                    button.button.button--quiet.button--small type="submit" { (words.say("draft-discard")) }
                }
            }
        }
    }
}

/// Two changed it: both are shown, and whoever looks decides.
fn conflict(words: &Words, facts: &Facts, page: &ChatSyncPage) -> Markup {
    let Some(conflict) = &page.conflict else { return html! {} };
    let base = conflict.base.as_ref();
    html! {
        section.panel-box.conflict aria-labelledby="conflict-title" {
            h2 #conflict-title { (icon("alert")) (words.say("conflict-title")) }
            p {
                @match &conflict.by {
                    Some(by) => (words.with("conflict-by", args!["name" => by.as_str(), "number" => page.revision])),
                    None => (words.with("conflict-text", args!["number" => page.revision])),
                }
            }
            @if let Some(base) = base {
                div.conflict__sides {
                    div { h3 { (words.say("conflict-theirs")) } (spell::difference(words, facts, base, &page.settings)) }
                    div { h3 { (words.say("conflict-mine")) } (spell::difference(words, facts, base, &page.wanted)) }
                }
            }
            div.actions {
                form method="post" action=(format!("{}/rebase", page.address)) {
                    button.button type="submit" { (words.say("conflict-rebase")) }
                }
                form method="post" action=(format!("{}/discard", page.address)) {
                    button.button.button--quiet type="submit" { (words.say("draft-discard")) }
                }
            }
        }
    }
}

fn trial(words: &Words, page: &ChatSyncPage) -> Markup {
    html! {
        section.panel-box aria-labelledby="trial-title" {
            h2 #trial-title { (words.say("trial-title")) }
            p.quiet { (words.say("trial-text")) }
            form method="post" action=(format!("{}/test", page.address)) data-fragment {
                button.button.button--quiet type="submit" { (words.say("trial-go")) }
            }
            (tried(page.tried.as_ref()))
        }
    }
}

/// How a trial went.
pub fn tried(tried: Option<&Tried>) -> Markup {
    html! {
        div #trial-result aria-live="polite" {
            @if let Some(tried) = tried {
                (notice(if tried.is_good { Tone::Good } else { Tone::Bad }, &tried.sentence, None))
            }
        }
    }
}
