//! The list: newest first, searched by words, a page at a time.

use causeway_core::{address::Address, time::Timestamp};
use maud::{Markup, html};

use super::{called, shown};
use crate::{
    args,
    icon::icon,
    part::{Tone, avatar, badge, empty, in_address, pager},
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// What was searched for, as typed.
    pub search: String,
    /// The contacts of this page.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// This is not the first page.
    pub is_later: bool,
}

/// A contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// The name that the person chose.
    pub name: Option<String>,
    /// The address by which they are best known.
    pub address: Option<Address>,
    /// On which channels they talk with us.
    pub channels: Vec<String>,
    /// They are linked to a record of a CRM.
    pub is_linked: bool,
    /// How many conversations they have.
    pub conversations: i64,
    /// When somebody last said something in one of them.
    pub last_at: Option<Timestamp>,
}

/// The page.
pub fn list(clock: &Clock<'_>, list: &List) -> Markup {
    let words = clock.words;
    html! {
        header.head { h1 { (words.say("contacts-title")) } }
        form.search method="get" action="/contacts" role="search" {
            label.unseen for="search" { (words.say("contacts-search")) }
            span.search__icon { (icon("search")) }
            input #search .input type="search" name="search" value=(list.search) autocomplete="off"
                placeholder=(words.say("contacts-search")) data-key="/";
            button.button.button--quiet type="submit" { (words.say("contacts-find")) }
        }
        @if list.rows.is_empty() { (nobody(clock, list)) }
        @else {
            ul.people { @for row in &list.rows { li { (one(clock, row)) } } }
            @if list.next.is_some() && !list.search.is_empty() { p.quiet.small.people__more { (words.say("contacts-many")) } }
            (pages(clock, list))
        }
    }
}

fn one(clock: &Clock<'_>, row: &Row) -> Markup {
    let words = clock.words;
    let name = called(words, row.name.as_deref(), row.address.as_ref());
    html! {
        a.people__one href=(format!("/contacts/{}", row.id)) {
            (avatar(&name))
            span.people__who {
                span.people__name { (name) }
                @if let Some(address) = row.address.as_ref().filter(|_| row.name.is_some()) {
                    span.people__address { (shown(address)) }
                }
            }
            span.people__marks {
                @for channel in &row.channels { (badge(Tone::Plain, super::one::channel(channel))) }
                @if row.is_linked { span.badge data-tone="good" { (icon("link")) (words.say("contacts-linked")) } }
            }
            span.people__last {
                @if let Some(at) = row.last_at { (clock.mark(at)) }
                span.quiet.small { (words.with("contacts-conversations", args!["count" => row.conversations])) }
            }
        }
    }
}

fn nobody(clock: &Clock<'_>, list: &List) -> Markup {
    let words = clock.words;
    if list.search.is_empty() {
        return empty("contacts", &words.say("contacts-none"), &words.say("contacts-none-text"), None);
    }
    let all = words.say("contacts-all");
    empty(
        "search",
        &words.with("contacts-nobody", args!["search" => list.search.as_str()]),
        &words.say("contacts-nobody-text"),
        Some(("/contacts", &all)),
    )
}

fn pages(clock: &Clock<'_>, list: &List) -> Markup {
    let words = clock.words;
    let search = in_address(&list.search);
    let first = format!("/contacts?search={search}");
    let (newest, older) = (words.say("contacts-newest"), words.say("contacts-older"));
    let next = list.next.as_ref().map(|next| format!("/contacts?search={search}&cursor={next}"));
    pager(
        &words.say("contacts-pages"),
        list.is_later.then_some((first.as_str(), newest.as_str())),
        next.as_deref().map(|next| (next, older.as_str())),
    )
}
