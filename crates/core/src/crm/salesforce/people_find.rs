//! Candidates for a person: exact spellings by SOQL, then digits by SOSL.
//!
//! A phone field is free text and SOQL compares it literally, so every spelling that our phone module knows is
//! asked for, over every phone field. SOSL finds other punctuation, but its index lags and its tokens
//! are not documented: it only adds candidates. Nothing here decides; the caller verifies each candidate.
//!
//! The flow: groups of SOQL statements, one composite each; then searches, one request each. Pages and halves of
//! a search that was cut off wait in `rest` and go first.
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm>

use std::time::Duration;

use serde_json::Value;

use super::{
    composite::{self, Part, Piece},
    ids,
    person::{self, MODULES},
    rows, soql,
    verdict::{self, Asked},
};
use crate::{
    address::phone,
    crm::{Answer, Call, Org, PeopleQuery, Response, percent},
    lane::{HoldReason, Verdict, Who},
    record::{Module, PersonRecord},
};

/// Most characters of a search text; past 4,000 Salesforce drops the operators.
const SEARCH: usize = 3_900;

/// Most records of one module that a search returns; both together stay within the 2,000 of an answer.
const HITS: usize = 1_000;

/// What the next request asks.
enum Step {
    /// A group of statements.
    Statements(Vec<String>),
    /// A further page of a statement.
    Page(String),
    /// A search for the terms `from..from + count`.
    Search { from: usize, count: usize },
    /// Nothing is left.
    End,
}

/// All that is to be asked for a query, apart from what answers add to it.
struct Plan {
    modules: Vec<Module>,
    statements: Vec<String>,
    terms: Vec<String>,
}

impl Plan {
    fn of(org: &Org, query: &PeopleQuery) -> Self {
        let modules: Vec<Module> = person::modules(&query.modules).collect();
        let (statements, terms) = (statements(org, query, &modules), terms(org, query, &modules));
        Self { modules, statements, terms }
    }

    fn step(&self, query: &PeopleQuery) -> Step {
        if let Some(next) = query.rest.first() {
            if let Some(path) = composite::page_path(next) {
                return Step::Page(path.to_owned());
            }
            let mut numbers = next.strip_prefix("search:").unwrap_or_default().split(':').map(str::parse);
            return match (numbers.next(), numbers.next()) {
                (Some(Ok(from)), Some(Ok(count))) => Step::Search { from, count },
                _ => Step::End,
            };
        }
        let place = usize::try_from(query.step).unwrap_or(usize::MAX);
        let mut groups = self.statements.chunks(composite::PARTS);
        let searches = place.saturating_sub(groups.len());
        match groups.nth(place) {
            Some(group) => Step::Statements(group.to_vec()),
            None => match searches_of(&self.terms).get(searches) {
                Some((from, count)) => Step::Search { from: *from, count: *count },
                None => Step::End,
            },
        }
    }

    fn parts(&self, org: &Org, step: &Step) -> Vec<Part> {
        match step {
            Step::Statements(statements) => statements.iter().map(|soql| Part::query(org, soql)).collect(),
            Step::Page(path) => vec![Part::page(path)],
            Step::Search { from, count } => {
                let terms = self.terms.iter().skip(*from).take(*count).map(String::as_str);
                let sosl = search(org, &self.modules, &terms.collect::<Vec<_>>());
                vec![Part::get(org, &format!("search?q={}", percent::encode(&sosl)))]
            }
            Step::End => Vec::new(),
        }
    }
}

/// The SOQL statements over all spellings and addresses.
fn statements(org: &Org, query: &PeopleQuery, modules: &[Module]) -> Vec<String> {
    let spellings: Vec<_> = query.phones.iter().flat_map(phone::spellings).collect();
    let mut statements = Vec::new();
    for module in modules {
        let Some(profile) = person::profile(org, *module) else { continue };
        let select = format!(
            "SELECT {} FROM {} WHERE ",
            person::selected(profile, &[]).join(", "),
            ids::object(module)
        );
        for (kind, values) in [("phone", &spellings), ("email", &query.emails)] {
            let fields = person::fields_of_kind(profile, kind);
            if fields.is_empty() {
                continue;
            }
            let around = select.len() + fields.iter().map(|field| field.len() + 20).sum::<usize>() + 100;
            for list in soql::lists(values.iter().map(String::as_str), fields.len(), around) {
                statements.push(format!("{select}{} ORDER BY Id", soql::among(&fields, &list)));
            }
        }
    }
    statements
}

/// The digits to search for; none where no phone field could be found by them.
fn terms(org: &Org, query: &PeopleQuery, modules: &[Module]) -> Vec<String> {
    let has_phones = modules.iter().filter_map(|module| person::profile(org, *module)).any(has_phone);
    let mut terms: Vec<String> = Vec::new();
    for term in query.phones.iter().flat_map(phone::search_digits).filter(|_| has_phones) {
        // Only digits: nothing needs to be escaped, nothing can act as an operator.
        if term.len() >= 2
            && term.len() <= 40
            && term.bytes().all(|byte| byte.is_ascii_digit())
            && !terms.contains(&term)
        {
            terms.push(term);
        }
    }
    terms
}

pub(super) fn has_phone(profile: &crate::record::ModuleProfile) -> bool {
    profile.fields.iter().any(|field| field.kind == "phone")
}

/// The terms in runs that fit into one search: (first, how many).
fn searches_of(terms: &[String]) -> Vec<(usize, usize)> {
    let mut searches: Vec<(usize, usize)> = Vec::new();
    let mut used = 0;
    for (place, term) in terms.iter().enumerate() {
        used += term.len() + " OR ".len();
        match searches.last_mut() {
            Some((_, count)) if used <= SEARCH => *count += 1,
            _ => {
                used = term.len() + " OR ".len();
                searches.push((place, 1));
            }
        }
    }
    searches
}

/// The search as a statement. If it is cut off, the newest are kept: ties are broken by modification.
fn search(org: &Org, modules: &[Module], terms: &[&str]) -> String {
    let returning = modules.iter().filter_map(|module| {
        let profile = person::profile(org, *module).filter(|profile| has_phone(profile))?;
        // Not known to searches, which leave deleted records out anyway.
        let fields = person::selected(profile, &[]).into_iter().filter(|name| name != "IsDeleted");
        Some(format!(
            "{}({} ORDER BY LastModifiedDate DESC LIMIT {HITS})",
            ids::object(module),
            fields.collect::<Vec<_>>().join(", ")
        ))
    });
    format!(
        "FIND {{{}}} IN PHONE FIELDS RETURNING {}",
        terms.join(" OR "),
        returning.collect::<Vec<_>>().join(", ")
    )
}

pub(super) fn parts(org: &Org, query: &PeopleQuery) -> Vec<Part> {
    let plan = Plan::of(org, query);
    plan.parts(org, &plan.step(query))
}

pub(super) fn reply(org: &Org, query: &PeopleQuery, response: &Response) -> Result<Answer, Verdict> {
    let plan = Plan::of(org, query);
    if plan.modules.iter().all(|module| person::profile(org, *module).is_none()) {
        person::may_read(org, plan.modules.iter().copied())?;
    }
    let step = plan.step(query);
    let parts = plan.parts(org, &step);
    let mut next = query.clone();
    if parts.is_empty() {
        let has_something =
            !query.emails.is_empty() || query.phones.iter().any(|phone| !phone.raw.is_empty());
        if plan.statements.is_empty() && plan.terms.is_empty() && has_something {
            return Err(blind());
        }
        return Ok(Answer::People(person::merged(next.found)));
    }
    let pieces = composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)?;
    let was_rest = !next.rest.is_empty();
    if was_rest {
        next.rest.remove(0);
    }
    match step {
        Step::Statements(_) | Step::Page(_) => {
            if pieces.iter().any(|piece| piece.is_error(&["INVALID_QUERY_LOCATOR"])) {
                // The place in the result was lost: everything is asked again.
                let again = PeopleQuery {
                    modules: query.modules.clone(),
                    phones: query.phones.clone(),
                    emails: query.emails.clone(),
                    ..PeopleQuery::default()
                };
                return Ok(Answer::More(Call::FindPeople(again), Some(Duration::from_secs(1))));
            }
            for piece in &pieces {
                let page = rows::page(piece.content(&Asked::READ)?)?;
                next.found.extend(page.rows.iter().filter_map(|row| decode(org, row)));
                next.rest.extend(page.next.map(str::to_owned));
            }
        }
        Step::Search { from, count } => {
            let found = pieces.first().map(|piece| hits(org, piece)).transpose()?.unwrap_or_default();
            if is_cut_off(&found) && count > 1 {
                let half = count / 2;
                next.rest.push(format!("search:{from}:{half}"));
                next.rest.push(format!("search:{}:{}", from + half, count - half));
            }
            next.found.extend(found);
        }
        Step::End => {}
    }
    if !was_rest {
        next.step = next.step.saturating_add(1);
    }
    next.found = person::merged(next.found);
    Ok(match plan.step(&next) {
        Step::End => Answer::People(next.found),
        _ => Answer::More(Call::FindPeople(next), None),
    })
}

/// Nothing can be asked: the fields that would have to be compared are hidden.
pub(super) fn blind() -> Verdict {
    verdict::hold(
        HoldReason::NoPermission,
        Who::CrmAdmin,
        "The connected Salesforce user sees no phone or e-mail field by which this person could be found. A Salesforce \
         administrator has to make Phone and Email visible on Contact and Lead",
    )
}

/// What a search found. One that Salesforce cannot read finds nothing: a term that it dislikes must not
/// keep everybody else in the batch from being found by the exact statements. Any other error is one.
fn hits(org: &Org, piece: &Piece) -> Result<Vec<PersonRecord>, Verdict> {
    if piece.is_error(&["MALFORMED_SEARCH", "INVALID_SEARCH"]) {
        return Ok(Vec::new());
    }
    let content = piece.content(&Asked::READ)?;
    // Before version 37 the list stood alone.
    let rows = content.get("searchRecords").unwrap_or(content).as_array();
    let rows = rows.ok_or_else(|| verdict::again(1, "Salesforce's answer to a search could not be read"))?;
    Ok(rows.iter().filter_map(|row| decode(org, row)).collect())
}

fn is_cut_off(found: &[PersonRecord]) -> bool {
    MODULES.iter().any(|module| found.iter().filter(|person| person.record.module == *module).count() >= HITS)
}

/// A row that says itself of which object it is.
pub(super) fn decode(org: &Org, row: &Value) -> Option<PersonRecord> {
    let module = row
        .get("attributes")
        .and_then(|attributes| person::text(attributes, "type"))
        .and_then(ids::module)
        .or_else(|| ids::record(person::text(row, "Id")?).map(|record| record.module))
        .filter(|module| *module != Module::Task)?;
    person::decode(person::profile(org, module)?, module, row, &[])
}
