//! What an address of the inbox asks for, and addresses that ask for something else.

use causeway_core::{search::Search, timeline::Status};
use causeway_pages::part::in_address;
use serde::Deserialize;

use super::super::super::session::Visitor;
use crate::{
    id,
    store::{
        Cursor,
        conversation_list::{Assignee, Filter, Place},
    },
};

/// Longest search that is looked at, in characters.
const LONGEST_SEARCH: usize = 200;

/// What stands in the address. What cannot be read asks for nothing.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct Asked {
    /// `open` (also when left out), `pending`, `closed`, `all`.
    pub(super) status: String,
    /// `me`, `nobody`, a member's id.
    pub(super) assignee: String,
    /// A channel's name, an account's id, an inbox's id.
    pub(super) place: String,
    /// `1`: only unread ones.
    pub(super) unread: String,
    /// What is searched for.
    pub(super) q: String,
    /// Where the page of the list begins.
    pub(super) from: String,
    /// The item before which the thread's page ends.
    pub(super) before: String,
    /// The conversation that is open beside the list.
    pub(super) open: String,
}

impl Asked {
    /// Is anything chosen beyond the status?
    pub(super) fn is_narrowed(&self) -> bool {
        [&self.assignee, &self.place, &self.unread, &self.q].into_iter().any(|value| !value.trim().is_empty())
    }

    /// The status that is shown.
    pub(super) fn status(&self) -> Option<Status> {
        match self.status.as_str() {
            "all" => None,
            word => Some(Status::named(word).unwrap_or(Status::Open)),
        }
    }

    /// Where the page begins.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.from.parse().ok()
    }

    /// The filter.
    pub(super) fn filter(&self, visitor: &Visitor) -> Filter {
        let assignee = match self.assignee.as_str() {
            "me" => Assignee::Member(visitor.member.id),
            "nobody" => Assignee::Nobody,
            other => id::read("mem", other).map_or(Assignee::Any, Assignee::Member),
        };
        let place = self.place.as_str();
        let place = match (id::read("acc", place), id::read("ibx", place)) {
            (Some(account), _) => Place::Account(account),
            (_, Some(inbox)) => Place::Inbox(inbox),
            _ if place.is_empty() => Place::Anywhere,
            _ => Place::Channel(place.to_owned()),
        };
        let text: String = self.q.chars().filter(|letter| *letter != '\0').take(LONGEST_SEARCH).collect();
        Filter {
            status: self.status(),
            assignee,
            place,
            is_unread: self.unread == "1",
            search: Search::read(&text, visitor.workspace.region),
        }
    }

    /// The address of this list, in that folder (`/inbox`, `/inbox/cnv_1`).
    pub(super) fn address(&self, folder: &str) -> String {
        let named = [
            ("status", &self.status),
            ("assignee", &self.assignee),
            ("place", &self.place),
            ("unread", &self.unread),
            ("q", &self.q),
            ("from", &self.from),
            ("open", &self.open),
        ];
        let query: Vec<String> = named
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", in_address(value)))
            .collect();
        if query.is_empty() { folder.to_owned() } else { format!("{folder}?{}", query.join("&")) }
    }

    /// The same from the first page on, with nothing beside it.
    pub(super) fn first(&self) -> Self {
        Self { from: String::new(), before: String::new(), open: String::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        let asked = Asked { status: "all".into(), q: "josé & co".into(), ..Asked::default() };
        assert_eq!(asked.address("/inbox"), "/inbox?status=all&q=jos%C3%A9%20%26%20co");
        assert_eq!(Asked::default().address("/inbox"), "/inbox");
    }

    #[test]
    fn without_a_choice_open_conversations_are_listed() {
        assert_eq!(Asked::default().status(), Some(Status::Open));
        assert_eq!(Asked { status: "nonsense".into(), ..Asked::default() }.status(), Some(Status::Open));
        assert_eq!(Asked { status: "all".into(), ..Asked::default() }.status(), None);
    }
}
