//! The audit log: who did what when.

use causeway_core::{rights::Role, time::Timestamp};
use maud::{Markup, html};

use super::{Place, tabs};
use crate::{Words, form::Field, part::empty, part::pager, when::Clock};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Of whoever looks at it.
    pub role: Role,
    /// Lines, newest first.
    pub lines: Vec<Line>,
    /// Whose lines; the empty value: everybody's.
    pub member: Field,
    /// Members to choose from.
    pub members: Vec<(String, String)>,
    /// Which action; the empty value: every one.
    pub action: Field,
    /// Actions to choose from.
    pub actions: Vec<(String, String)>,
    /// Something narrower than everything was asked for.
    pub is_narrowed: bool,
    /// Where the newest lines are, if this is not the first page.
    pub newest: Option<String>,
    /// Where the next page is.
    pub older: Option<String>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Who; `None`: nobody who is known, or the program by itself.
    pub who: Option<String>,
    /// What, in words.
    pub what: String,
    /// To what.
    pub subject: String,
    /// Names and values.
    pub detail: Vec<(String, String)>,
}

/// An action in words. One that the catalogue does not know shows itself.
pub fn action(words: &Words, action: &str) -> String {
    // words: audit-do-*
    let key = format!("audit-do-{}", action.replace('.', "-"));
    if words.has(&key) { words.say(&key) } else { action.to_owned() }
}

/// The page.
pub fn audit(clock: &Clock<'_>, page: &Audit) -> Markup {
    let words = clock.words;
    let newest = words.say("audit-newest");
    let older = words.say("audit-older");
    html! {
        header.head { h1 { (words.say("settings-audit")) } }
        (tabs(words, page.role, Place::Audit))
        form.log-filters method="get" action="/settings/audit" {
            (page.member.choice(&page.members))
            (page.action.choice(&page.actions))
            button.button.button--quiet type="submit" { (words.say("audit-filter")) }
            @if page.is_narrowed { a.log-filters__clear href="/settings/audit" { (words.say("audit-all")) } }
        }
        @if page.lines.is_empty() {
            (empty("info", &words.say("audit-none"), &words.say("audit-none-text"), None))
        } @else {
            ol.log {
                @for line in &page.lines {
                    li.log__one {
                        p.log__when.quiet.small { (clock.mark(line.at)) }
                        div {
                            p {
                                strong { @match &line.who { Some(who) => (who), None => (words.say("audit-nobody")), } }
                                ": " (line.what)
                                @if !line.subject.is_empty() { " · " (line.subject) }
                            }
                            @if !line.detail.is_empty() {
                                p.quiet.small {
                                    @for (place, (name, value)) in line.detail.iter().enumerate() {
                                        @if place > 0 { " · " } (name) ": " (value)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        (pager(
            &words.say("audit-pages"),
            page.newest.as_deref().map(|to| (to, newest.as_str())),
            page.older.as_deref().map(|to| (to, older.as_str())),
        ))
    }
}
