//! The page of a chat sync: the form, and beside it what it does, what changes, and what one may do.

use causeway_core::{
    plan::{
        revision::{SETTINGS, Setting},
        settings::ChatSync,
    },
    time::Timestamp,
};
use maud::{Markup, html};

use super::{
    Facts,
    explain::explain,
    form::{self, FieldFaults, slot_id},
    spell,
};
pub use crate::integrations::Working;
use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, notice, unseen},
    when::Clock,
};

/// A chat sync as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatSyncPage {
    /// Its address, without an end: `/integrations/chat-sync/int_1`.
    pub address: String,
    /// The connection's address and the org's name.
    pub connection: (String, String),
    /// The connection is in use.
    pub is_connected: bool,
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
    let shown = shown(words, facts, page);
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
        (phases(words, facts, page))
        @if let Some((tone, text)) = &page.said { (notice(*tone, text, None)) }
        (conflict(words, facts, page))
        div.sync {
            form #sync-form .sync__form method="post" action=(format!("{}/draft", page.address))
                data-autosave=(format!("{}/draft", page.address)) {
                input type="hidden" name="base" value=(base);
                // The first button is the one that the Enter key presses: it keeps, and does no more.
                button type="submit" hidden tabindex="-1" {}
                (shown.groups())
                (before(words, page))
                div.sync__foot {
                    p.field__error role="alert" hidden data-autosave-failed { (words.say("draft-not-kept")) }
                    (act(words, page))
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
        (shown(clock.words, facts, page).slots())
        (phases(clock.words, facts, page))
        (before(clock.words, page))
        (act(clock.words, page))
        (said(clock.words, facts, &page.wanted))
        (changes(clock, facts, page))
    }
}

fn shown<'a>(words: &'a Words, facts: &'a Facts, page: &'a ChatSyncPage) -> form::Shown<'a> {
    form::Shown { words, facts, settings: &page.wanted, faults: &page.faults, address: &page.address }
}

/// How far a phase is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Done,
    Now,
    Later,
}

/// Connect, configure, activate: where one stands (R4.8, R4.9).
fn phases(words: &Words, facts: &Facts, page: &ChatSyncPage) -> Markup {
    let is_whole = page.faults.errors.is_empty();
    let is_active = page.state != Working::Draft;
    let states = match (page.is_connected, is_whole, is_active) {
        (false, _, false) => [Phase::Now, Phase::Later, Phase::Later],
        (false, _, true) => [Phase::Now, Phase::Done, Phase::Done],
        (true, false, false) => [Phase::Done, Phase::Now, Phase::Later],
        (true, true, false) => [Phase::Done, Phase::Done, Phase::Now],
        (true, _, true) => [Phase::Done; 3],
    };
    let more = [
        if page.is_connected {
            words
                .with("phase-connected", args!["org" => page.connection.1.as_str(), "name" => facts.acting()])
        } else {
            words.say("phase-unconnected")
        },
        words.say(if is_whole { "phase-configured" } else { "phase-configuring" }),
        words.say(match page.state {
            Working::Draft => "phase-inactive",
            Working::Active => "phase-active",
            Working::Paused => "phase-paused",
        }),
    ];
    // words: phase-*
    let names = ["phase-connect", "phase-configure", "phase-activate"];
    html! {
        ol #sync-phases .phases aria-label=(words.say("phases")) {
            @for (place, ((name, state), more)) in names.into_iter().zip(states).zip(more).enumerate() {
                li.phases__one data-phase=(match state { Phase::Done => "done", Phase::Now => "now", Phase::Later => "later" })
                    aria-current=[(state == Phase::Now).then_some("step")] {
                    span.phases__mark aria-hidden="true" { @if state == Phase::Done { (icon("check")) } @else { (place + 1) } }
                    div {
                        p.phases__name { (words.say(name)) @if state == Phase::Done { " " (unseen(&words.say("phase-done"))) } }
                        p.quiet.small { (more) }
                    }
                }
            }
        }
    }
}

/// What follows from activating; or what is still in the way, with the way there (R4.9).
fn before(words: &Words, page: &ChatSyncPage) -> Markup {
    let wrong: Vec<Setting> =
        SETTINGS.iter().copied().filter(|setting| page.faults.is_wrong(*setting)).collect();
    let begins = page.state == Working::Draft;
    html! {
        div #sync-before {
            @if !wrong.is_empty() {
                p.small {
                    (words.say(if begins { "act-before-activating" } else { "act-before-applying" })) " "
                    @for (place, setting) in wrong.iter().enumerate() {
                        @if place > 0 { ", " }
                        a href=(format!("#{}", slot_id(setting.name()))) { (spell::label(words, *setting)) }
                    }
                }
            } @else if begins {
                p.quiet.small { (words.say("act-what-follows")) }
            }
        }
    }
}

/// What one does when all is set (R4.22).
fn act(words: &Words, page: &ChatSyncPage) -> Markup {
    let begins = page.state == Working::Draft;
    let is_ready = begins && page.faults.errors.is_empty();
    html! {
        div #sync-act .actions {
            button.button.button--good[is_ready] type="submit" formaction=(format!("{}/apply", page.address)) {
                (icon("check"))
                (words.say(if begins { "sync-activate" } else { "sync-apply" }))
            }
            button.button.button--quiet type="submit" { (words.say("draft-keep")) }
        }
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
