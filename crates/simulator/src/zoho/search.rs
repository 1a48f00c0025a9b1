//! Search by criteria, e-mail address, phone number or word. It is blind to what was written moments ago.

use serde_json::{Value, json};

use super::criteria::Criteria;
use super::phones::{agree, digits};
use super::problem::{Outcome, Problem};
use super::schema::{Kind, Module, Row};
use super::state::{Caller, State, text};
use super::switches::PhoneSearch;
use super::{lists, show};
use crate::answer::Answer;
use crate::call::Call;

const MOST_ROWS: usize = 2_000;

/// What is looked for.
enum Wanted {
    Criteria(Criteria),
    Email(String),
    Phone(String),
    Word(String),
}

/// `GET /{module}/search`.
pub fn answer(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    let wanted = wanted(caller, call, module)?.ok_or_else(|| {
        let details = json!({"param_names": ["criteria", "email", "phone", "word"]});
        Problem::bad("EXPECTED_PARAM_MISSING", "one of the expected parameters is missing", details)
    })?;
    let chosen = lists::fields(caller, call, false)?;
    let (page, per_page) = lists::window(call)?;
    if (page - 1) * per_page >= MOST_ROWS {
        let details = json!({"limit": MOST_ROWS});
        return Err(Problem::bad("LIMIT_REACHED", "only the first 2000 records can be reached", details));
    }
    let converted = call.parameter("converted").unwrap_or("false");
    let mut rows = found(state, module, &wanted);
    rows.retain(|row| {
        let is_converted = row.get("Converted__s") == Some(&json!(true));
        converted == "both" || is_converted == (converted == "true")
    });
    sort(call, module, &mut rows);
    let rows: Vec<&Row> = rows.iter().take(MOST_ROWS).collect();
    let shown: Vec<Value> = rows
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|row| show::record(state, caller, module, row, chosen.as_deref()))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < rows.len()});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

/// `GET /{module}/actions/count`.
pub fn count(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    let count = match wanted(caller, call, module)? {
        Some(wanted) => found(state, module, &wanted).len(),
        None => indexed(state, module, |store| store.live_rows(&module.api_name).collect(), |_| true).len(),
    };
    Ok(Answer::ok(json!({"count": count})))
}

/// Of several parameters one counts: criteria before e-mail before phone before word.
fn wanted(caller: &Caller, call: &Call, module: &Module) -> Outcome<Option<Wanted>> {
    if !module.searchable {
        return Err(Problem::new(400, "NOT_SUPPORTED", "the module is not supported for search"));
    }
    let wrong = |name: &str| Problem::bad("INVALID_DATA", "invalid data", json!({"param_name": name}));
    if let Some(text) = call.parameter("criteria") {
        return Criteria::parse(text, module, if caller.version >= 80 { 15 } else { 10 })
            .map(|criteria| Some(Wanted::Criteria(criteria)));
    }
    if let Some(text) = call.parameter("email") {
        return Ok(Some(Wanted::Email(text.trim().to_lowercase())));
    }
    if let Some(text) = call.parameter("phone") {
        // A plus sign that was not encoded arrives as a space.
        let is_sound = (3..=50).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_digit() || "+-(). ".contains(c))
            && text.rfind('+').unwrap_or(0) == 0;
        return if is_sound { Ok(Some(Wanted::Phone(text.to_owned()))) } else { Err(wrong("phone")) };
    }
    if let Some(text) = call.parameter("word") {
        let is_sound =
            text.chars().count() >= 2 && text.chars().all(|c| c.is_alphanumeric() || " -_.@".contains(c));
        return if is_sound { Ok(Some(Wanted::Word(text.to_lowercase()))) } else { Err(wrong("word")) };
    }
    Ok(None)
}

/// The records as the index knows them.
fn found(state: &mut State, module: &Module, wanted: &Wanted) -> Vec<Row> {
    let is_strict = state.switches.phone_search == PhoneSearch::Strict;
    let has = |row: &Row, is_kind: fn(Kind) -> bool, test: &dyn Fn(&str) -> bool| {
        let mut fields = module.fields.iter().filter(|field| is_kind(field.kind));
        fields.any(|field| row.get(&field.api_name).and_then(Value::as_str).is_some_and(test))
    };
    let is_wanted = |row: &Row| match wanted {
        Wanted::Criteria(criteria) => criteria.holds(row),
        Wanted::Email(part) => {
            has(row, |kind| kind == Kind::Email, &|email| email.to_lowercase().contains(part))
        }
        Wanted::Phone(number) if is_strict => {
            has(row, |kind| kind == Kind::Phone, &|stored| stored == number.trim())
        }
        Wanted::Phone(number) => has(row, |kind| kind == Kind::Phone, &|stored| agree(stored, number)),
        Wanted::Word(word) => has(row, Kind::is_text, &|text| text.to_lowercase().contains(word.as_str())),
    };
    let name = module.api_name.as_str();
    match wanted {
        Wanted::Phone(number) => {
            indexed(state, module, |store| store.with_phone(name, &digits(number)), is_wanted)
        }
        _ => indexed(state, module, |store| store.live_rows(name).collect(), is_wanted),
    }
}

/// Those of these rows that are wanted, but as they were where the index lags behind.
fn indexed(
    state: &mut State,
    module: &Module,
    rows: impl FnOnce(&super::store::Store) -> Vec<&Row>,
    is_wanted: impl Fn(&Row) -> bool,
) -> Vec<Row> {
    let lagging = state.unsearched(&module.api_name);
    let current = rows(&state.store).into_iter().filter(|row| !lagging.contains_key(text(row, "id")));
    let mut found: Vec<Row> = current.filter(|row| is_wanted(row)).cloned().collect();
    let before = lagging.into_values().flatten();
    found.extend(before.filter(|row| !super::store::is_deleted(row) && is_wanted(row)));
    found
}

/// By `sort_by`, else newest id first.
fn sort(call: &Call, module: &Module, rows: &mut [Row]) {
    let by = call.parameter("sort_by").filter(|by| module.field(by).is_some());
    let is_ascending = call.parameter("sort_order") == Some("asc");
    rows.sort_by(|one, other| {
        let order = match by {
            Some(by) => {
                super::coql::compare(one.get(by), other.get(by)).then_with(|| lists::by_id(one, other))
            }
            None => lists::by_id(one, other),
        };
        if is_ascending { order } else { order.reverse() }
    });
}
