//! What a panel asks for: who somebody may be, and one person's chosen fields, in as few requests as can be.
//!
//! A first search is one composite (a statement for each module over all phone and e-mail fields; one more for numbers
//! so short that only their digits in order can be asked for) and one search by digits. Each statement reads the
//! fields that are shown, so that a match needs no further reading. A person who is known is one query.

use serde_json::Value;

use super::{
    composite::{self, Part},
    ids,
    people_find::{self, blind, has_phone},
    person::{self, MODULES},
    rows, soql,
    verdict::{self, Asked},
};
use crate::{
    address::phone::{self, Phone},
    call::{PanelFields, PanelQuery, PanelRecord, PanelValue},
    crm::{Answer, Call, Org, Response, percent},
    lane::Verdict,
    record::{Module, ModuleProfile, RecordRef},
};

/// Most rows of one statement. Whoever has more namesakes than this is not found by their address anyway; and it is the
/// smallest page that there is, so that no answer goes on.
const ROWS: usize = 200;

/// Most records of one module that resemble somebody.
const RESEMBLING: usize = 20;

/// Most characters of a search text.
const SEARCH: usize = 3_900;

/// Most digits of a number that is asked for by its digits in order.
const SHORT: usize = 6;

/// The field that tells the currency of a record's amounts, in orgs that have several.
const CURRENCY: &str = "CurrencyIsoCode";

fn wanted(fields: &PanelFields, module: Module) -> &[String] {
    fields.get(&module).map(Vec::as_slice).unwrap_or_default()
}

/// All that is selected of a person, as the list of a statement.
fn selected(profile: &ModuleProfile, wanted: &[String]) -> Vec<String> {
    let names = wanted.iter().filter_map(|name| profile.field(name)?.names_by.clone());
    let names: Vec<_> = names.collect();
    let extra: Vec<&str> = wanted.iter().chain(&names).map(String::as_str).chain([CURRENCY]).collect();
    person::selected(profile, &extra)
}

fn decode(org: &Org, fields: &PanelFields, row: &Value) -> Option<PanelRecord> {
    let person = people_find::decode(org, row)?;
    let module = person.record.module;
    let profile = person::profile(org, module)?;
    let values = wanted(fields, module)
        .iter()
        .filter_map(|name| Some((name.clone(), value(profile, row, name)?)))
        .collect();
    let currency = person::text(row, CURRENCY).map(str::to_owned);
    Some(PanelRecord { person, values, currency })
}

fn value(profile: &ModuleProfile, row: &Value, name: &str) -> Option<PanelValue> {
    let value = match person::at(row, name)? {
        Value::Object(_) | Value::Array(_) => person::shown(row, name).map_or(Value::Null, Value::String),
        plain => plain.clone(),
    };
    let path = profile.field(name).and_then(|field| field.names_by.as_deref());
    Some(PanelValue { value, name: path.and_then(|path| person::shown(row, path)) })
}

/// The phone fields of a module that are searched.
fn phone_fields<'a>(profile: &'a ModuleProfile, query: &PanelQuery) -> Vec<&'a str> {
    let is_chosen = |field: &&str| {
        query
            .phone_fields
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name.eq_ignore_ascii_case(field)))
    };
    person::fields_of_kind(profile, "phone").into_iter().filter(is_chosen).collect()
}

fn statements(org: &Org, query: &PanelQuery) -> Vec<String> {
    let mut statements = Vec::new();
    for module in MODULES {
        let Some(profile) = person::profile(org, module) else { continue };
        let select = format!(
            "SELECT {} FROM {} WHERE ",
            selected(profile, wanted(&query.fields, module)).join(", "),
            ids::object(&module)
        );
        let conditions = exact(profile, query, select.len());
        let conditions = conditions.into_iter().chain(by_few_digits(profile, query));
        statements.extend(
            conditions.map(|condition| {
                format!("{select}{condition} ORDER BY LastModifiedDate DESC, Id LIMIT {ROWS}")
            }),
        );
    }
    statements
}

/// Conditions over the texts: almost always one.
fn exact(profile: &ModuleProfile, query: &PanelQuery, around: usize) -> Vec<String> {
    let spellings: Vec<_> = query.phones.iter().flat_map(phone::spellings).collect();
    let texts: Vec<&str> = spellings.iter().chain(&query.texts).map(String::as_str).collect();
    let phones = phone_fields(profile, query);
    let emails = person::fields_of_kind(profile, "email");
    let lists = |fields: &[&str], values: &[&str]| {
        if fields.is_empty() {
            return Vec::new();
        }
        let size = 2 * (around + fields.iter().map(|field| field.len() + 20).sum::<usize>() + 200);
        let lists = soql::lists(values.iter().copied(), 2 * fields.len(), size);
        lists.iter().map(|list| soql::among(fields, list)).collect::<Vec<_>>()
    };
    let addresses: Vec<&str> = query.emails.iter().map(String::as_str).collect();
    let mut by_phone = lists(&phones, &texts).into_iter();
    let mut by_email = lists(&emails, &addresses).into_iter();
    // Each list takes at most half of a statement, so that two go together.
    let mut conditions = Vec::new();
    loop {
        match (by_phone.next(), by_email.next()) {
            (Some(phone), Some(email)) => conditions.push(format!("({phone} OR {email})")),
            (Some(one), None) | (None, Some(one)) => conditions.push(one),
            (None, None) => return conditions,
        }
    }
}

/// The condition for numbers of few digits: these digits in order, and not much between them. No index helps here, so
/// long texts are kept out by their length.
fn by_few_digits(profile: &ModuleProfile, query: &PanelQuery) -> Option<String> {
    let mut tests = Vec::new();
    for digits in query.phones.iter().filter_map(few_digits) {
        let inside = digits.chars().map(String::from).collect::<Vec<_>>().join("%");
        let longer = "_".repeat(2 * digits.len() + 4);
        tests.extend(
            phone_fields(profile, query)
                .into_iter()
                .map(|field| format!("({field} LIKE '%{inside}%' AND (NOT {field} LIKE '{longer}%'))")),
        );
    }
    (!tests.is_empty()).then(|| format!("({})", tests.join(" OR ")))
}

fn few_digits(phone: &Phone) -> Option<String> {
    let digits: String = phone.raw.chars().filter(char::is_ascii_digit).collect();
    (phone.e164.is_none() && (1..=SHORT).contains(&digits.len())).then_some(digits)
}

/// A search over modules.
fn search(org: &Org, terms: &[String], group: &str, fields: &PanelFields, most: usize) -> Option<Part> {
    let returning: Vec<_> = MODULES
        .iter()
        .filter_map(|module| {
            let profile = person::profile(org, *module)?;
            // Not known to searches, which leave deleted records out anyway.
            let selected = selected(profile, wanted(fields, *module));
            let selected: Vec<_> = selected.into_iter().filter(|name| name != "IsDeleted").collect();
            let object = ids::object(module);
            Some(format!("{object}({} ORDER BY LastModifiedDate DESC LIMIT {most})", selected.join(", ")))
        })
        .collect();
    let mut text = String::new();
    for term in terms {
        // What does not fit only adds candidates.
        if text.len() + term.len() + 4 > SEARCH {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { " OR " });
        text.push_str(term);
    }
    let sosl = format!("FIND {{{text}}} IN {group} FIELDS RETURNING {}", returning.join(", "));
    (!text.is_empty() && !returning.is_empty())
        .then(|| Part::get(org, &format!("search?q={}", percent::encode(&sosl))))
}

/// The digits to search for; none where no phone field could be found by them.
fn terms(org: &Org, query: &PanelQuery) -> Vec<String> {
    if !MODULES.iter().filter_map(|module| person::profile(org, *module)).any(has_phone) {
        return Vec::new();
    }
    let mut terms = Vec::new();
    for term in query.phones.iter().flat_map(phone::search_digits) {
        if is_digits(&term) && !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// Only digits: nothing needs to be escaped, nothing can act as an operator.
fn is_digits(term: &str) -> bool {
    (2..=40).contains(&term.len()) && term.bytes().all(|byte| byte.is_ascii_digit())
}

/// The requests of a step: groups of statements first, then the search.
pub(super) fn find_parts(org: &Org, query: &PanelQuery) -> Vec<Part> {
    let statements = statements(org, query);
    let step = usize::try_from(query.step).unwrap_or(usize::MAX);
    let groups = statements.len().div_ceil(composite::PARTS);
    if step < groups {
        let group = statements.iter().skip(step * composite::PARTS).take(composite::PARTS);
        return group.map(|soql| Part::query(org, soql)).collect();
    }
    if step > groups {
        return Vec::new();
    }
    search(org, &terms(org, query), "PHONE", &query.fields, ROWS).into_iter().collect()
}

pub(super) fn find_reply(org: &Org, query: &PanelQuery, response: &Response) -> Result<Answer, Verdict> {
    if MODULES.iter().all(|module| person::profile(org, *module).is_none()) {
        person::may_read(org, MODULES)?;
    }
    let has_something = !(query.emails.is_empty() && query.phones.is_empty() && query.texts.is_empty());
    let parts = find_parts(org, query);
    if parts.is_empty() {
        let is_blind = query.step == 0 && has_something;
        return if is_blind { Err(blind()) } else { Ok(Answer::Panel(merged(query.found.clone()))) };
    }
    let mut next = query.clone();
    next.step = next.step.saturating_add(1);
    let pieces = composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)?;
    for piece in &pieces {
        if piece.is_error(&["MALFORMED_SEARCH", "INVALID_SEARCH"]) {
            // A term that Salesforce dislikes only adds no candidates.
            continue;
        }
        let content = piece.content(&Asked::READ)?;
        let found = match content.get("searchRecords").or_else(|| content.is_array().then_some(content)) {
            Some(found) => found_by_search(found)?,
            None => rows::whole(content)?,
        };
        next.found.extend(found.iter().filter_map(|row| decode(org, &query.fields, row)));
    }
    next.found = merged(next.found);
    Ok(if find_parts(org, &next).is_empty() {
        Answer::Panel(next.found)
    } else {
        Answer::More(Call::PanelFind(next), None)
    })
}

fn found_by_search(found: &Value) -> Result<&[Value], Verdict> {
    let unreadable = || verdict::again(1, "Salesforce's answer to a search could not be read");
    found.as_array().map(Vec::as_slice).ok_or_else(unreadable)
}

/// Records without repetition: what was read first counts, since searches may lag.
fn merged(found: Vec<PanelRecord>) -> Vec<PanelRecord> {
    let mut kept: Vec<PanelRecord> = Vec::with_capacity(found.len());
    let mut seen = std::collections::BTreeSet::new();
    for record in found {
        if seen.insert(record.person.record.clone()) {
            kept.push(record);
        }
    }
    kept
}

/// The lists of ids that are read, each with its module.
fn lists(org: &Org, records: &[RecordRef]) -> Vec<(Module, Vec<String>)> {
    let mut lists = Vec::new();
    for module in MODULES {
        if person::profile(org, module).is_none() {
            continue;
        }
        let of_module = records.iter().filter(|record| record.module == module);
        let wanted: std::collections::BTreeSet<_> =
            of_module.filter_map(|record| ids::full(&record.id)).collect();
        let wanted: Vec<_> = wanted.into_iter().collect();
        lists.extend(wanted.chunks(rows::LIST).map(|list| (module, list.to_vec())));
    }
    lists
}

pub(super) fn read_parts(org: &Org, records: &[RecordRef], fields: &PanelFields) -> Vec<Part> {
    let lists = lists(org, records).into_iter();
    lists
        .filter_map(|(module, list)| {
            let profile = person::profile(org, module)?;
            let selected = selected(profile, wanted(fields, module)).join(", ");
            let list: Vec<_> = list.iter().map(|id| soql::literal(id)).collect();
            let (object, condition) = (ids::object(&module), soql::among(&["Id"], &list));
            let soql = format!("SELECT {selected} FROM {object} WHERE {condition} ORDER BY Id");
            Some(Part::query_all(org, &soql))
        })
        .collect()
}

pub(super) fn read_reply(
    org: &Org,
    records: &[RecordRef],
    fields: &PanelFields,
    response: &Response,
) -> Result<Answer, Verdict> {
    let modules = records.iter().map(|record| record.module).filter(|module| MODULES.contains(module));
    person::may_read(org, modules)?;
    let parts = read_parts(org, records, fields);
    if parts.is_empty() {
        return Ok(Answer::Panel(Vec::new()));
    }
    let pieces = composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)?;
    let mut found = Vec::new();
    for piece in &pieces {
        let rows = rows::whole(piece.content(&Asked::READ)?)?;
        found.extend(rows.iter().filter_map(|row| decode(org, fields, row)));
    }
    Ok(Answer::Panel(merged(found)))
}

pub(super) fn near_parts(
    org: &Org,
    name: Option<&str>,
    digits: &[String],
    fields: &PanelFields,
) -> Vec<Part> {
    let mut terms: Vec<String> = digits.iter().filter(|term| is_digits(term)).cloned().collect();
    terms.extend(name.and_then(quoted));
    search(org, &terms, "ALL", fields, RESEMBLING).into_iter().collect()
}

/// A name as one term: in quotes, with whatever could act as an operator made harmless.
fn quoted(name: &str) -> Option<String> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
    if name.chars().filter(|letter| letter.is_alphanumeric()).count() < 2 {
        return None;
    }
    let mut term = String::from("\"");
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        if "?&|!{}[]()^~*:\\\"'+-".contains(letter) {
            term.push('\\');
        }
        term.push(letter);
    }
    term.push('"');
    Some(term)
}

pub(super) fn near_reply(
    org: &Org,
    name: Option<&str>,
    digits: &[String],
    fields: &PanelFields,
    response: &Response,
) -> Result<Answer, Verdict> {
    if MODULES.iter().all(|module| person::profile(org, *module).is_none()) {
        person::may_read(org, MODULES)?;
    }
    let parts = near_parts(org, name, digits, fields);
    if parts.is_empty() {
        return Ok(Answer::Panel(Vec::new()));
    }
    let pieces = composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)?;
    let Some(piece) = pieces.first().filter(|piece| !piece.is_error(&["MALFORMED_SEARCH", "INVALID_SEARCH"]))
    else {
        return Ok(Answer::Panel(Vec::new()));
    };
    let content = piece.content(&Asked::READ)?;
    let found = found_by_search(content.get("searchRecords").unwrap_or(content))?;
    Ok(Answer::Panel(merged(found.iter().filter_map(|row| decode(org, fields, row)).collect())))
}
