//! Candidates for several people at once; see [`super::find`](mod@super::find).

use super::{
    find::{self, Search},
    person, wire,
};
use crate::{
    call::PanelFields,
    crm::{Answer, Call, Org, PeopleQuery, Request, Response},
    lane::Verdict,
};

fn search<'a>(org: &'a Org, query: &'a PeopleQuery, extra: &'a PanelFields) -> Search<'a> {
    Search {
        org,
        modules: person::modules(&query.modules),
        phones: &query.phones,
        emails: &query.emails,
        texts: &[],
        phone_fields: None,
        extra,
    }
}

/// From which row on the present query is to be read.
fn from(query: &PeopleQuery) -> usize {
    query.rest.first().and_then(|from| from.parse().ok()).unwrap_or(0)
}

/// As far as a query goes into its rows: the newest two thousand are enough for anybody.
const DEEPEST: usize = 2_000;

pub(super) fn request(org: &Org, query: &PeopleQuery) -> Request {
    let none = PanelFields::new();
    let search = search(org, query, &none);
    match search.next(query.step, &query.found.iter()) {
        Some((_, ask)) => search.request(&ask, from(query)),
        None => wire::idle(org),
    }
}

pub(super) fn reply(org: &Org, query: &PeopleQuery, response: &Response) -> Result<Answer, Verdict> {
    let none = PanelFields::new();
    let search = search(org, query, &none);
    person::readable(org, &search.modules)?;
    let Some((step, ask)) = search.next(query.step, &query.found.iter()) else {
        let has_something =
            !query.emails.is_empty() || query.phones.iter().any(|phone| !phone.raw.is_empty());
        let is_blind = has_something && search.asks().is_empty();
        return if is_blind { Err(find::blind()) } else { Ok(Answer::People(query.found.clone())) };
    };
    let page = Search::page(&ask, response)?;
    let mut next = query.clone();
    next.found.extend(search.decode(ask.module(), &page.rows));
    next.found = person::merged(next.found);
    let further = from(query) + wire::ROWS;
    if page.goes_on && further < DEEPEST {
        next.step = step;
        next.rest = vec![further.to_string()];
    } else {
        next.step = step.saturating_add(1);
        next.rest = Vec::new();
    }
    Ok(match search.next(next.step, &next.found.iter()) {
        Some(_) => Answer::More(Call::FindPeople(next), None),
        None => Answer::People(next.found),
    })
}
