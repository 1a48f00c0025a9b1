//! The list of conversations, with its filters.

use causeway_core::{time::Timestamp, timeline::Status};
use maud::{Markup, html};

use super::content::Excerpt;
use crate::{
    args,
    icon::icon,
    part::{Tone, avatar, badge, empty, unseen},
    when::Clock,
};

/// The list as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What is listed.
    pub filters: Filters,
    /// Its rows, the latest first.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub older: Option<String>,
    /// The address of the first page, when this is not it.
    pub newest: Option<String>,
    /// The address by which this very list is asked for again.
    pub address: String,
}

/// What is listed, and what else could be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Tabs by status: the status (`None`: all), its address, how many.
    pub tabs: Vec<(Option<Status>, String, String)>,
    /// The status that is shown.
    pub status: Option<Status>,
    /// Whose: choices with their values.
    pub assignees: Vec<Choice>,
    /// Where: choices with their values.
    pub places: Vec<Choice>,
    /// Only unread ones.
    pub is_unread: bool,
    /// What is searched for.
    pub search: String,
    /// Something beyond the tabs is chosen.
    pub is_narrowed: bool,
    /// The address with nothing chosen.
    pub clear: String,
}

/// A choice of a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// As it is sent.
    pub value: String,
    /// As it is read.
    pub label: String,
    /// It is the one.
    pub is_chosen: bool,
}

/// A conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its address, within this list.
    pub address: String,
    /// Whose it is: a person's name, a number, a group's subject.
    pub title: String,
    /// It is a group.
    pub is_group: bool,
    /// The channel's title.
    pub channel: String,
    /// The account it takes place on.
    pub account: String,
    /// What was said last.
    pub excerpt: Option<Excerpt>,
    /// When.
    pub at: Timestamp,
    /// How many messages nobody has looked at.
    pub unread: i64,
    /// How it stands.
    pub status: Status,
    /// Who answers it.
    pub assignee: Option<String>,
    /// It is the one that is open.
    pub is_open: bool,
}

/// The list.
pub fn list(clock: &Clock<'_>, list: &List) -> Markup {
    let words = clock.words;
    html! {
        section #list .list aria-label=(words.say("inbox-list")) data-live="conversations" data-src=(list.address) {
            (filters(clock, &list.filters))
            (rows(clock, list))
        }
    }
}

/// What changes in the list while it is looked at: the counts, the rows, the pager.
pub fn fresh(clock: &Clock<'_>, list: &List) -> Markup {
    html! { (tabs(clock, &list.filters)) (rows(clock, list)) }
}

fn rows(clock: &Clock<'_>, list: &List) -> Markup {
    let words = clock.words;
    html! {
        @if list.rows.is_empty() {
            (nothing(clock, &list.filters))
        } @else {
            ul #rows .list__rows data-keyed data-steps { @for row in &list.rows { (self::row(clock, row)) } }
        }
        div #list-pager .list__pager {
            @if let Some(newest) = &list.newest {
                a.button.button--quiet.button--small href=(newest) { (words.say("inbox-newest")) }
            }
            @if let Some(older) = &list.older {
                a.button.button--quiet.button--small href=(older) rel="next" { (words.say("inbox-older")) }
            }
        }
    }
}

fn tabs(clock: &Clock<'_>, filters: &Filters) -> Markup {
    let words = clock.words;
    html! {
        nav #tabs .tabs aria-label=(words.say("inbox-status")) {
            @for (status, address, count) in &filters.tabs {
                a href=(address) aria-current=[(*status == filters.status).then_some("page")] {
                    (words.say(status_key(*status)))
                    @if !count.is_empty() { " " span.count { (count) } }
                }
            }
        }
    }
}

fn filters(clock: &Clock<'_>, filters: &Filters) -> Markup {
    let words = clock.words;
    html! {
        div #filters .filters {
            (tabs(clock, filters))
            form.filters__form role="search" method="get" action="/inbox" {
                @if let Some(status) = filters.status { input type="hidden" name="status" value=(status.word()); }
                @else { input type="hidden" name="status" value="all"; }
                div.searchbox {
                    (icon("search"))
                    label.unseen for="inbox-search" { (words.say("inbox-search")) }
                    input #inbox-search .input type="search" name="q" value=(filters.search)
                        placeholder=(words.say("inbox-search-short")) data-key="/" autocomplete="off";
                }
                details.filters__more open[filters.is_narrowed] {
                    summary.button.button--quiet.button--small { (icon("filter")) (words.say("inbox-filter")) }
                    div.filters__fields {
                        (choice("assignee", &words.say("inbox-assignee"), &filters.assignees))
                        (choice("place", &words.say("inbox-place"), &filters.places))
                        label.tick { input type="checkbox" name="unread" value="1" checked[filters.is_unread]; (words.say("inbox-unread")) }
                        div.actions {
                            button.button.button--small type="submit" { (words.say("inbox-apply")) }
                            @if filters.is_narrowed {
                                a.button.button--quiet.button--small href=(filters.clear) { (words.say("inbox-clear")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn choice(name: &str, label: &str, choices: &[Choice]) -> Markup {
    html! {
        label.filters__choice {
            span.small.quiet { (label) }
            select.input name=(name) {
                @for one in choices { option value=(one.value) selected[one.is_chosen] { (one.label) } }
            }
        }
    }
}

fn row(clock: &Clock<'_>, row: &Row) -> Markup {
    let words = clock.words;
    html! {
        li id=(format!("row-{}", row.id)) .list__row {
            a.list__link href=(row.address) aria-current=[row.is_open.then_some("true")] data-unread[row.unread > 0] {
                @if row.is_group { span.avatar aria-hidden="true" { (icon("group")) } } @else { (avatar(&row.title)) }
                span.list__main {
                    span.list__head {
                        span.list__title dir="auto" { (row.title) }
                        (clock.mark(row.at))
                    }
                    span.list__excerpt {
                        @if let Some(excerpt) = &row.excerpt { (excerpt.show(words)) }
                        @else { (words.say("inbox-no-message")) }
                    }
                    span.list__foot {
                        span.list__place { (row.channel) " · " bdi { (row.account) } }
                        @if let Some(assignee) = &row.assignee {
                            span.list__who { (unseen(&words.say("inbox-assigned-to"))) (icon("person")) (assignee) }
                        }
                        @if row.status != Status::Open {
                            (badge(Tone::Plain, &words.say(status_key(Some(row.status)))))
                        }
                        @if row.unread > 0 {
                            span.unread {
                                (row.unread.min(99)) @if row.unread > 99 { "+" }
                                (unseen(&words.with("inbox-unread-count", args!["count" => row.unread])))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Nothing is listed: because nothing matches, or because nobody has written yet.
fn nothing(clock: &Clock<'_>, filters: &Filters) -> Markup {
    let words = clock.words;
    html! {
        div #rows .list__empty {
            @if filters.is_narrowed {
                (empty("search", &words.say("inbox-none-title"), &words.say("inbox-none-text"),
                    Some((&filters.clear, &words.say("inbox-clear")))))
            } @else if filters.status == Some(Status::Open) {
                (empty("check", &words.say("inbox-done-title"), &words.say("inbox-done-text"), None))
            } @else {
                (empty("inbox", &words.say("inbox-empty-title"), &words.say("inbox-empty-text"), None))
            }
        }
    }
}

/// The key of a status's word.
pub(super) fn status_key(status: Option<Status>) -> &'static str {
    match status {
        None => "status-all",
        Some(Status::Open) => "status-open",
        Some(Status::Pending) => "status-pending",
        Some(Status::Closed) => "status-closed",
    }
}
