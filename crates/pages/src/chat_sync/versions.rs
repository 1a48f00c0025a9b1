//! What was in force, version by version, and the way back.

use causeway_core::{plan::settings::ChatSync, time::Timestamp};
use maud::{Markup, html};

use super::{Facts, Working, spell};
use crate::{
    args,
    icon::icon,
    part::{Tone, badge},
    when::Clock,
};

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub revision: i64,
    /// Whether it worked.
    pub state: Working,
    /// What was in force.
    pub settings: ChatSync,
    /// Who made it so, and when, where that is known.
    pub made: (Option<String>, Option<Timestamp>),
}

/// The page: the newest first.
pub fn versions(clock: &Clock<'_>, facts: &Facts, address: &str, all: &[Shown]) -> Markup {
    let words = clock.words;
    html! {
        header.head {
            div {
                p.crumb { a href=(address) { (icon("back")) (words.say("use-sync")) } }
                h1 { (words.say("versions-title")) }
                p.head__text { (words.say("versions-text")) }
            }
        }
        ol.versions {
            @for (place, version) in all.iter().enumerate() {
                @let before = all.get(place + 1);
                li.panel-box.version {
                    header.version__head {
                        h2 { (words.with("version-number", args!["number" => version.revision])) }
                        (badge(version.state.tone(), &version.state.label(words)))
                        @if place == 0 { (badge(Tone::Good, &words.say("version-now"))) }
                        p.quiet.small {
                            @match &version.made {
                                (Some(name), Some(at)) => { (name) ", " (clock.mark(*at)) }
                                (None, Some(at)) => (clock.mark(*at)),
                                _ => (words.say("version-unknown")),
                            }
                        }
                        @if place > 0 {
                            form method="post" action=(format!("{address}/versions/{}/restore", version.revision)) {
                                button.button.button--quiet.button--small type="submit" { (icon("history")) (words.say("version-restore")) }
                            }
                        }
                    }
                    @match before {
                        Some(before) if before.settings != version.settings => (spell::difference(words, facts, &before.settings, &version.settings)),
                        Some(_) => p.quiet { (words.say("version-state-only")) },
                        None => p.quiet { (words.say("version-first")) },
                    }
                }
            }
        }
    }
}
