//! What a panel asks for: who somebody may be, and one person's chosen fields.
//!
//! The requests are those of [`super::find`](mod@super::find), with the fields that are shown, so that a match needs no further reading.
//! The name of a record that a field leads to comes with the field; nothing further away can be read.

use serde_json::Value;

use super::{
    find::{self, Search},
    modules, people_read, person, wire,
};
use crate::{
    call::{PanelFields, PanelQuery, PanelRecord, PanelValue},
    crm::{Answer, Call, Org, Request, Response},
    lane::Verdict,
    record::{Module, RecordRef},
};

/// The field that tells the currency of a record's amounts, in orgs that have several.
const CURRENCY: &str = "Currency";

/// Most records of one module that resemble somebody, for each thing in which they do.
const RESEMBLING: &str = "20";

/// Most things in which somebody may resemble.
const TERMS: usize = 3;

fn places(fields: &PanelFields) -> Vec<Module> {
    person::modules(&fields.keys().copied().collect::<Vec<_>>())
}

/// The fields that are shown, and the currency of amounts among them.
fn with_currency(fields: &PanelFields) -> PanelFields {
    let mut fields = fields.clone();
    for names in fields.values_mut() {
        names.push(CURRENCY.to_owned());
    }
    fields
}

fn decode(org: &Org, fields: &PanelFields, module: Module, rows: &[Value]) -> Vec<PanelRecord> {
    let Some(profile) = person::profile(org, module) else { return Vec::new() };
    let wanted = fields.get(&module).map(Vec::as_slice).unwrap_or_default();
    let decode = |row: &Value| {
        let values =
            wanted.iter().filter_map(|name| Some((name.clone(), value(person::value_at(row, name)?))));
        Some(PanelRecord {
            person: person::decode(profile, module, row, &[])?,
            values: values.collect(),
            currency: wire::text(row, CURRENCY).map(str::to_owned),
        })
    };
    rows.iter().filter_map(decode).collect()
}

fn value(value: &Value) -> PanelValue {
    match value {
        Value::Object(_) => match wire::id(value) {
            Some(id) => PanelValue { value: id.into(), name: person::shown(value) },
            None => PanelValue { value: person::shown(value).map_or(Value::Null, Value::String), name: None },
        },
        Value::Array(_) => {
            PanelValue { value: person::shown(value).map_or(Value::Null, Value::String), name: None }
        }
        plain => PanelValue { value: plain.clone(), name: None },
    }
}

/// Records without repetition: what was read first counts, since searches may lag.
fn merged(found: Vec<PanelRecord>) -> Vec<PanelRecord> {
    let mut seen = std::collections::BTreeSet::new();
    found.into_iter().filter(|record| seen.insert(record.person.record.clone())).collect()
}

fn search<'a>(org: &'a Org, query: &'a PanelQuery, extra: &'a PanelFields) -> Search<'a> {
    Search {
        org,
        modules: places(&query.fields),
        phones: &query.phones,
        emails: &query.emails,
        texts: &query.texts,
        phone_fields: query.phone_fields.as_deref(),
        extra,
    }
}

pub(super) fn find(org: &Org, query: &PanelQuery) -> Request {
    let extra = with_currency(&query.fields);
    let search = search(org, query, &extra);
    match search.next(query.step, &query.found.iter().map(|found| &found.person)) {
        Some((_, ask)) => search.request(&ask, 0),
        None => wire::idle(org),
    }
}

pub(super) fn find_reply(org: &Org, query: &PanelQuery, response: &Response) -> Result<Answer, Verdict> {
    let extra = with_currency(&query.fields);
    let search = search(org, query, &extra);
    person::readable(org, &search.modules)?;
    let Some((step, ask)) = search.next(query.step, &query.found.iter().map(|found| &found.person)) else {
        let has_something = !(query.emails.is_empty() && query.phones.is_empty() && query.texts.is_empty());
        let is_blind = has_something && search.asks().is_empty();
        return if is_blind { Err(find::blind()) } else { Ok(Answer::Panel(query.found.clone())) };
    };
    let page = Search::page(&ask, response)?;
    let mut next = query.clone();
    next.found.extend(decode(org, &query.fields, ask.module(), &page.rows));
    next.found = merged(next.found);
    next.step = step.saturating_add(1);
    Ok(match search.next(next.step, &next.found.iter().map(|found| &found.person)) {
        Some(_) => Answer::More(Call::PanelFind(next), None),
        None => Answer::Panel(next.found),
    })
}

pub(super) fn read(org: &Org, records: &[RecordRef], fields: &PanelFields) -> Request {
    match people_read::batch(org, records).0 {
        Some((module, ids)) => {
            let shown = with_currency(fields).remove(&module).unwrap_or_default();
            let names = person::profile(org, module).map(|profile| person::selected(profile, &shown));
            people_read::by_ids(org, module, &ids, &names.unwrap_or_default())
        }
        None => wire::idle(org),
    }
}

pub(super) fn read_reply(
    org: &Org,
    records: &[RecordRef],
    fields: &PanelFields,
    response: &Response,
) -> Result<Answer, Verdict> {
    let wanted: Vec<_> = records.iter().map(|record| record.module).filter(Module::is_person).collect();
    person::readable(org, &wanted)?;
    let (batch, rest) = people_read::batch(org, records);
    let Some((module, _)) = batch else { return Ok(Answer::Panel(Vec::new())) };
    let found = decode(org, fields, module, &people_read::rows(response)?);
    let found = Answer::Panel(merged(found));
    let next = (!rest.is_empty()).then(|| Call::PanelRead { records: rest, fields: fields.clone() });
    Ok(found.and(next))
}

/// The searches for who resembles somebody: by what, for what, in which module.
fn near(
    org: &Org,
    name: Option<&str>,
    digits: &[String],
    fields: &PanelFields,
) -> Vec<(&'static str, String, Module)> {
    let is_number =
        |term: &&String| (3..=40).contains(&term.len()) && term.bytes().all(|byte| byte.is_ascii_digit());
    let by_name = name.and_then(word).map(|name| ("word", name));
    let by_digits = digits.iter().filter(is_number).map(|digits| ("phone", digits.clone()));
    let terms: Vec<_> = by_name.into_iter().chain(by_digits).take(TERMS).collect();
    let places: Vec<_> =
        places(fields).into_iter().filter(|module| person::profile(org, *module).is_some()).collect();
    terms
        .iter()
        .flat_map(|(by, term)| places.iter().map(move |module| (*by, term.clone(), *module)))
        .collect()
}

/// A name as a search takes it: two letters at least, and no signs.
fn word(name: &str) -> Option<String> {
    let plain: String =
        name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let word: String = plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
    (word.chars().count() >= 2).then_some(word)
}

pub(super) fn near_request(
    org: &Org,
    name: Option<&str>,
    digits: &[String],
    fields: &PanelFields,
    step: u32,
) -> Request {
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    let Some((by, term, module)) = near(org, name, digits, fields).into_iter().nth(step) else {
        return wire::idle(org);
    };
    let shown = with_currency(fields).remove(&module).unwrap_or_default();
    let names = person::profile(org, module).map(|profile| person::selected(profile, &shown).join(","));
    let names = names.unwrap_or_default();
    let query = [(by, term.as_str()), ("fields", &names), ("per_page", RESEMBLING)];
    wire::get(org, &format!("{}/search", modules::api_name(&module)), &query)
}

pub(super) fn near_reply(
    org: &Org,
    name: Option<&str>,
    digits: &[String],
    fields: &PanelFields,
    step: u32,
    response: &Response,
) -> Result<Answer, Verdict> {
    person::readable(org, &places(fields))?;
    let searches = near(org, name, digits, fields);
    let place = usize::try_from(step).unwrap_or(usize::MAX);
    let Some((_, _, module)) = searches.get(place) else { return Ok(Answer::Panel(Vec::new())) };
    let rows = match wire::page(response, "data") {
        Ok(page) => page.rows,
        Err(_) if find::is_disliked(response) => Vec::new(),
        Err(verdict) => return Err(verdict),
    };
    let found = Answer::Panel(decode(org, fields, *module, &rows));
    let next = || Call::PanelNear {
        name: name.map(str::to_owned),
        digits: digits.to_vec(),
        fields: fields.clone(),
        step: step.saturating_add(1),
    };
    Ok(found.and((place + 1 < searches.len()).then(next)))
}
