//! Deliveries: the list with its causes, one entry, many at once, and all of it as a file.

mod asked;
mod bulk;
mod entry;
mod export;
mod list;

use causeway_core::{plan::wording, rights::Right};
use causeway_pages::receipt::Acts;

use super::{super::session::Visitor, Routes};
use crate::store::entry_list::First;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/deliveries", Right::Read, list::show)
        .get("/deliveries.csv", Right::WorkInBulk, export::export)
        .get("/deliveries/recreate", Right::WorkInBulk, bulk::question)
        .post("/deliveries/retry", Right::WorkInBulk, bulk::retry)
        .get("/deliveries/{entry}", Right::Read, entry::show)
        .post("/deliveries/{entry}/retry", Right::Work, entry::retry)
        .post("/deliveries/{entry}/link", Right::Work, entry::link)
}

/// What somebody may do about entries; their forms lead back to `back`.
pub(super) fn acts(visitor: &Visitor, entries: Vec<String>, back: String) -> Acts {
    Acts { entries, may_work: visitor.may(Right::Work), may_connect: visitor.may(Right::ConnectSync), back }
}

/// Most letters of a message in a list.
const MOST_WORDS: usize = 140;

/// The first words of a message, on one line.
pub(super) fn first_words(first: &First) -> String {
    let text = said(first);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// What a message says.
pub(super) fn said(first: &First) -> String {
    if first.is_revoked { wording::REVOKED.to_owned() } else { wording::content(&first.content) }
}
