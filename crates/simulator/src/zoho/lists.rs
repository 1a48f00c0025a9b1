//! Reading records: lists by page and by page token, one record, and what hangs on one.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::problem::{Outcome, Problem, invalid_id, invalid_related_id, missing_parameter};
use super::schema::{Module, Row};
use super::state::{Caller, PageToken, State, seconds, text};
use super::{ids, settings, show, times};
use crate::answer::Answer;
use crate::call::Call;
use crate::random;

const MOST_FIELDS: usize = 50;
const MOST_ROWS: usize = 200;
const BY_PAGE: usize = 2_000;
const BY_TOKEN: usize = 100_000;
const TOKEN_SECONDS: i64 = 24 * 3_600;

/// Which rows a list shows, and in which order.
struct Window {
    page: usize,
    per_page: usize,
    offset: usize,
}

/// `GET /{module}`.
pub fn list(state: &mut State, caller: &Caller, call: &Call, module: &Module) -> Outcome<Answer> {
    let chosen = fields(caller, call, true)?;
    let window = whole_window(state, caller, call)?;
    let (sort_by, is_ascending) = sorting(call)?;
    let since = call.header("if-modified-since").and_then(times::parse_datetime);
    let only: Option<Vec<&str>> = call.parameter("ids").map(|list| list.split(',').collect());
    let converted = call.parameter("converted").unwrap_or("false");
    let is_wanted = |row: &&Row| {
        let is_converted = row.get("Converted__s") == Some(&json!(true));
        since.is_none_or(|since| seconds(row, "Modified_Time") > since)
            && only.as_ref().is_none_or(|list| list.contains(&text(row, "id")))
            && (converted == "both" || is_converted == (converted == "true"))
    };
    let rows = state.store.live_rows(&module.api_name).filter(is_wanted);
    // By id, in whichever direction, is the order in which they are kept.
    let mut rows: Vec<&Row> =
        if sort_by == "id" && !is_ascending { rows.rev().collect() } else { rows.collect() };
    if sort_by != "id" {
        rows.sort_by(|one, other| {
            let order = seconds(one, &sort_by).cmp(&seconds(other, &sort_by)).then_with(|| by_id(one, other));
            if is_ascending { order } else { order.reverse() }
        });
    }
    if rows.is_empty() {
        return Ok(Answer::empty(if since.is_some() { 304 } else { 204 }));
    }
    let total = rows.len();
    let shown: Vec<Value> = rows
        .into_iter()
        .skip(window.offset)
        .take(window.per_page)
        .map(|row| show::record(state, caller, module, row, chosen.as_deref()))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let mut info = json!({"call": false, "email": false, "per_page": window.per_page, "count": shown.len(),
        "page": window.page, "sort_by": sort_by, "sort_order": if is_ascending { "asc" } else { "desc" },
        "more_records": window.offset + shown.len() < total});
    info["next_page_token"] = Value::Null;
    info["previous_page_token"] = Value::Null;
    info["page_token_expiry"] = Value::Null;
    if info["more_records"] == true && caller.version >= 30 {
        let (token, expires) = page_token(state, caller, call, window.offset + shown.len());
        info["next_page_token"] = json!(token);
        info["page_token_expiry"] = json!(State::stamp(caller, expires));
    }
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

/// `GET /{module}/{id}`.
pub fn one(state: &State, caller: &Caller, call: &Call, module: &Module, id: &str) -> Outcome<Answer> {
    let chosen = fields(caller, call, false)?;
    let row = match state.store.get(&module.api_name, id) {
        Some(row) if super::store::is_deleted(row) => return Ok(Answer::empty(204)),
        Some(row) => row,
        None if state.switches.unknown_id_is_empty => return Ok(Answer::empty(204)),
        None => return Err(invalid_id(1)),
    };
    // A converted lead is there for those who ask for converted ones.
    let is_converted = row.get("Converted__s") == Some(&json!(true));
    if is_converted && !matches!(call.parameter("converted"), Some("true" | "both")) {
        return Ok(Answer::empty(204));
    }
    let mut shown = show::record(state, caller, module, row, chosen.as_deref());
    show::extras(row, &mut shown);
    Ok(Answer::ok(json!({"data": [shown]})))
}

/// `GET /{module}/{id}/{related}`.
pub fn related(
    state: &State,
    caller: &Caller,
    call: &Call,
    module: &Module,
    id: &str,
    name: &str,
) -> Outcome<Answer> {
    let lists = settings::related(state, module);
    let list = lists.into_iter().find(|list| list.name == name);
    let list = list.ok_or_else(|| {
        let message = "the relation name given seems to be invalid";
        Problem::bad("INVALID_DATA", message, json!({"resource_path_index": 2}))
    })?;
    state.store.live(&module.api_name, id).ok_or_else(invalid_related_id)?;
    let chosen = fields(caller, call, state.switches.related_fields_mandatory)?;
    let mut rows = state.store.find(&list.module.api_name, &list.field, id);
    if leaves_none(&mut rows, call) {
        return Ok(Answer::empty(304));
    }
    page_of(state, caller, call, list.module, &rows, chosen.as_deref())
}

/// Leaves those that were modified since, where that is asked. Are there none, and there were?
pub fn leaves_none(rows: &mut Vec<&Row>, call: &Call) -> bool {
    let since = call.header("if-modified-since").and_then(times::parse_datetime);
    rows.retain(|row| since.is_none_or(|since| seconds(row, "Modified_Time") > since));
    since.is_some() && rows.is_empty()
}

/// One page of rows that are found already.
pub fn page_of(
    state: &State,
    caller: &Caller,
    call: &Call,
    module: &Module,
    rows: &[&Row],
    chosen: Option<&[String]>,
) -> Outcome<Answer> {
    let (page, per_page) = by_number(call)?;
    let shown: Vec<Value> = rows
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|row| show::record(state, caller, module, row, chosen))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < rows.len()});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

/// The names in `fields`; from v3 on a list cannot do without them.
pub fn fields(caller: &Caller, call: &Call, is_mandatory: bool) -> Outcome<Option<Vec<String>>> {
    let Some(list) = call.parameter("fields").filter(|list| !list.is_empty()) else {
        if is_mandatory && caller.version >= 30 {
            return Err(missing_parameter("fields"));
        }
        return Ok(None);
    };
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    if names.len() > MOST_FIELDS {
        let details = json!({"limit": MOST_FIELDS, "param_name": "fields"});
        return Err(Problem::bad("LIMIT_EXCEEDED", "the limit of fields is exceeded", details));
    }
    Ok(Some(names))
}

/// `page` and `per_page`.
pub fn window(call: &Call) -> Outcome<(usize, usize)> {
    let number = |name: &str, usual: usize| {
        let given = call.parameter(name).map(|text| text.parse::<usize>().ok().filter(|number| *number > 0));
        given.unwrap_or(Some(usual)).ok_or_else(|| {
            let details = json!({"param_name": name, "expected_data_type": "integer"});
            Problem::bad("INVALID_DATA", "invalid data", details)
        })
    };
    let (page, per_page) = (number("page", 1)?, number("per_page", MOST_ROWS)?);
    if per_page > MOST_ROWS {
        let details = json!({"param_name": "per_page", "maximum_length": MOST_ROWS});
        return Err(Problem::bad("INVALID_DATA", "invalid data", details));
    }
    Ok((page, per_page))
}

/// The same, as far as a number leads.
pub fn by_number(call: &Call) -> Outcome<(usize, usize)> {
    let (page, per_page) = window(call)?;
    if (page - 1) * per_page >= BY_PAGE {
        let message = "only the first 2000 records can be reached by page; use page_token";
        return Err(Problem::bad("DISCRETE_PAGINATION_LIMIT_EXCEEDED", message, json!({"limit": BY_PAGE})));
    }
    Ok((page, per_page))
}

fn whole_window(state: &State, caller: &Caller, call: &Call) -> Outcome<Window> {
    let Some(token) = call.parameter("page_token") else {
        let (page, per_page) = by_number(call)?;
        return Ok(Window { page, per_page, offset: (page - 1) * per_page });
    };
    let about = json!({"param_name": "page_token"});
    if call.parameter("page").is_some() {
        let details = json!({"ambiguity_due_to": [{"param_name": "page"}, {"param_name": "page_token"}]});
        return Err(Problem::bad(
            "AMBIGUITY_DURING_PROCESSING",
            "page and page_token exclude each other",
            details,
        ));
    }
    let known = state.pages.get(token).filter(|known| known.user == caller.user);
    let known = known.ok_or_else(|| Problem::bad("INVALID_DATA", "invalid data", about.clone()))?;
    if known.expires <= state.clock.seconds() {
        return Err(Problem::bad("EXPIRED_VALUE", "the page token is expired", about));
    }
    if known.asked != asked(call) {
        return Err(Problem::bad(
            "TOKEN_BOUND_DATA_MISMATCH",
            "the parameters differ from the token's",
            about,
        ));
    }
    if known.offset >= BY_TOKEN {
        return Err(Problem::bad(
            "PAGINATION_LIMIT_EXCEEDED",
            "pagination limit exceeded",
            json!({"limit": BY_TOKEN}),
        ));
    }
    let (offset, (_, per_page)) = (known.offset, window(call)?);
    Ok(Window { page: offset / per_page + 1, per_page, offset })
}

/// What was asked, without the page: a page token is good for the same again only.
fn asked(call: &Call) -> String {
    let mut rest: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "page" | "page_token"))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    rest.sort_unstable();
    format!("{}?{}", call.path, rest.join("&"))
}

fn page_token(state: &mut State, caller: &Caller, call: &Call, offset: usize) -> (String, i64) {
    let now = state.clock.seconds();
    let expires = now + TOKEN_SECONDS;
    state.pages.retain(|_, token| token.expires > now);
    let purpose = format!("page/{}/{}/{now}", caller.user, asked(call));
    let token = random::hex(state.pages.len() as u64, &purpose, offset as u64, 64);
    let known = PageToken { user: caller.user.clone(), asked: asked(call), offset, expires };
    state.pages.insert(token.clone(), known);
    (token, expires)
}

/// `sort_by` and whether it ascends.
pub fn sorting(call: &Call) -> Outcome<(String, bool)> {
    let by = call.parameter("sort_by").unwrap_or("id");
    if !matches!(by, "id" | "Created_Time" | "Modified_Time") {
        let details =
            json!({"param_name": "sort_by", "supported_values": ["id", "Created_Time", "Modified_Time"]});
        return Err(Problem::bad("INVALID_DATA", "invalid data", details));
    }
    if call.parameter("sort_by").is_some() && call.parameter("cvid").is_some() {
        let details = json!({"ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": "sort_by"}]});
        return Err(Problem::bad(
            "AMBIGUITY_DURING_PROCESSING",
            "cvid and sort_by exclude each other",
            details,
        ));
    }
    Ok((by.to_owned(), call.parameter("sort_order") == Some("asc")))
}

/// The order of ids.
pub fn by_id(one: &Row, other: &Row) -> Ordering {
    ids::parse(text(one, "id")).cmp(&ids::parse(text(other, "id")))
}
