//! Notes, in all the forms in which they can be asked for and written.

use http::Method;
use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem, invalid_id, invalid_related_id, wrong_verb};
use super::rest::{body, elements};
use super::schema::{Module, Row};
use super::state::{Caller, State, seconds, text};
use super::switches::NotesOrder;
use super::validate::Place;
use super::write::{self, MOST, added, each};
use super::{batch, delete, ids, lists, show};
use crate::answer::Answer;
use crate::call::Call;

const MOST_OF_RECORD: usize = 200;

/// So much of a text a list shows that cuts it.
const MOST_LISTED: usize = 500;

/// Every note request: with or without a parent in the path, with or without a note.
pub fn answer(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    parent: Option<(&str, &str)>,
    note: Option<&str>,
) -> Outcome<Answer> {
    let notes = state.usable(caller, "Notes")?;
    if let Some((module, id)) = parent {
        let module = state.usable(caller, module)?;
        state.store.live(&module.api_name, id).ok_or_else(invalid_related_id)?;
    }
    match (call.method.clone(), note) {
        (Method::GET, None) => list(state, caller, call, &notes, parent),
        (Method::GET, Some(id)) => one(state, caller, call, &notes, parent, id),
        (Method::POST, None) => insert(state, caller, call, &notes, parent),
        (Method::PUT, id) => update(state, caller, call, &notes, parent, id),
        (Method::DELETE, None) => delete::several(state, caller, call, &notes),
        (Method::DELETE, Some(id)) => delete::one(state, caller, call, &notes, id),
        _ => Err(wrong_verb()),
    }
}

fn insert(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    notes: &Module,
    parent: Option<(&str, &str)>,
) -> Outcome<Answer> {
    super::rights::check(notes, super::rights::Right::Create)?;
    let most = if parent.is_some() { MOST_OF_RECORD } else { MOST };
    let given = elements(&body(call)?, "data", most)?;
    let results = each(state, &given, |state, element, number| {
        let place = Place::of(caller, number);
        says_something(element, place)?;
        let (module, id) = match parent {
            Some((module, id)) => (module.to_owned(), id.to_owned()),
            None => named_parent(state, element, place)?,
        };
        let mut element = element.clone();
        element.insert("Parent_Id".to_owned(), json!({"id": id}));
        element.insert("$se_module".to_owned(), json!(module));
        // Whoever writes a note owns it.
        element.remove("Owner");
        let id = write::create(state, caller, notes, &element, place)?;
        Ok(added(state, caller, notes, &id, "record added"))
    });
    Ok(batch::answer(state, "data", 201, results))
}

fn update(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    notes: &Module,
    parent: Option<(&str, &str)>,
    id: Option<&str>,
) -> Outcome<Answer> {
    super::rights::check(notes, super::rights::Right::Edit)?;
    let most = if id.is_some() { 1 } else { MOST };
    let given = elements(&body(call)?, "data", most)?;
    let results = each(state, &given, |state, element, number| {
        let place = Place::of(caller, number);
        let id = id.map(str::to_owned).or_else(|| element.get("id").and_then(ids::read)).unwrap_or_default();
        let is_elsewhere = |row: &Row| parent.is_some_and(|(_, parent)| text(row, "Parent_Id") != parent);
        if state.store.live("Notes", &id).is_none_or(is_elsewhere) {
            return Err(Problem::bad("INVALID_DATA", "the id given seems to be invalid", place.about("id")));
        }
        // Nothing else of a note can be changed.
        let words: Map<String, Value> = element
            .iter()
            .filter(|(name, _)| matches!(name.as_str(), "Note_Title" | "Note_Content"))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        write::change(state, caller, notes, &id, &words, place, None)?;
        Ok(added(state, caller, notes, &id, "record updated"))
    });
    Ok(batch::answer(state, "data", 200, results))
}

fn list(
    state: &State,
    caller: &Caller,
    call: &Call,
    notes: &Module,
    parent: Option<(&str, &str)>,
) -> Outcome<Answer> {
    let is_strict = parent.is_none() || state.switches.related_fields_mandatory;
    let chosen = lists::fields(caller, call, is_strict)?;
    let mut rows: Vec<&Row> = if let Some((_, id)) = parent {
        state.store.find("Notes", "Parent_Id", id)
    } else {
        let is_admin = state
            .store
            .get("Users", &caller.user)
            .is_some_and(|user| user.get("is_admin") == Some(&json!(true)));
        if !is_admin {
            return Err(Problem::new(403, "NOT_SUPPORTED", "the list of all notes is for administrators"));
        }
        state.store.live_rows("Notes").collect()
    };
    if lists::leaves_none(&mut rows, call) {
        return Ok(Answer::empty(304));
    }
    let (by, is_ascending) = lists::sorting(call)?;
    let is_sorted = call.parameter("sort_by").is_some();
    let by = if is_sorted { by.as_str() } else { "Created_Time" };
    rows.sort_by(|one, other| {
        seconds(one, by).cmp(&seconds(other, by)).then_with(|| lists::by_id(one, other))
    });
    let newest_first =
        if is_sorted { !is_ascending } else { state.switches.notes_order == NotesOrder::NewestFirst };
    if newest_first {
        rows.reverse();
    }
    let (page, per_page) = lists::by_number(call)?;
    let shown: Vec<Value> = rows
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|row| listed(state, caller, notes, row, chosen.as_deref()))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < rows.len()});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

fn one(
    state: &State,
    caller: &Caller,
    call: &Call,
    notes: &Module,
    parent: Option<(&str, &str)>,
    id: &str,
) -> Outcome<Answer> {
    let chosen = lists::fields(caller, call, false)?;
    let Some(row) = state.store.get("Notes", id) else { return Err(invalid_id(1)) };
    let is_elsewhere = parent.is_some_and(|(_, parent)| text(row, "Parent_Id") != parent);
    if super::store::is_deleted(row) || is_elsewhere {
        return Ok(Answer::empty(204));
    }
    Ok(Answer::ok(json!({"data": [one_note(state, caller, notes, row, chosen.as_deref())]})))
}

/// A note as a list has it.
fn listed(state: &State, caller: &Caller, notes: &Module, row: &Row, chosen: Option<&[String]>) -> Value {
    let mut shown = one_note(state, caller, notes, row, chosen);
    let text = shown.get("Note_Content").and_then(Value::as_str).map(str::to_owned);
    if let Some(text) = text.filter(|_| state.switches.lists_cut_notes) {
        shown["Note_Content"] = text.chars().take(MOST_LISTED).collect::<String>().into();
    }
    shown
}

fn one_note(state: &State, caller: &Caller, notes: &Module, row: &Row, chosen: Option<&[String]>) -> Value {
    let mut shown = show::record(state, caller, notes, row, chosen);
    let files: Vec<Value> = state
        .store
        .find("Attachments", "Parent_Id", text(row, "id"))
        .iter()
        .take(5)
        .map(|file| {
            json!({"id": text(file, "id"), "File_Name": text(file, "File_Name"),
                "Size": file.get("Size").map(ToString::to_string), "$file_id": text(file, "$file_id")})
        })
        .collect();
    for (name, value) in [
        ("$attachments", if files.is_empty() { Value::Null } else { json!(files) }),
        ("$editable", json!(true)),
        ("$voice_note", json!(false)),
        ("$is_shared_to_client", json!(false)),
        ("$size", Value::Null),
        ("$state", json!("save")),
        ("$se_module", json!(text(row, "$se_module"))),
    ] {
        shown[name] = value;
    }
    shown
}

fn says_something(element: &Map<String, Value>, place: Place) -> Outcome<()> {
    let is_there =
        |name: &str| element.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if is_there("Note_Title") || is_there("Note_Content") {
        return Ok(());
    }
    let expected = json!({"expected_fields": [place.about("Note_Content"), place.about("Note_Title")]});
    Err(Problem::bad("EXPECTED_FIELD_MISSING", "expected field missing", expected))
}

/// The parent that an element names: as an object with its module, or as an id beside `se_module`.
fn named_parent(state: &State, element: &Map<String, Value>, place: Place) -> Outcome<(String, String)> {
    let given = element.get("Parent_Id").filter(|parent| !parent.is_null());
    let given = given.ok_or_else(|| {
        Problem::bad("MANDATORY_NOT_FOUND", "required field not found", place.about("Parent_Id"))
    })?;
    let said = element.get("se_module").or_else(|| element.get("$se_module")).and_then(Value::as_str);
    let of_module = given.get("module").and_then(|module| {
        let by_name = module.get("api_name").and_then(Value::as_str).map(str::to_owned);
        by_name.or_else(|| {
            let id = module.get("id").and_then(ids::read)?;
            state.modules.iter().find(|module| module.id == id).map(|module| module.api_name.clone())
        })
    });
    let module = of_module.or_else(|| said.map(str::to_owned)).unwrap_or_default();
    let id = ids::inside(given).unwrap_or_default();
    let parent = state.store.live(&module, &id);
    let takes =
        |row: &Row| state.switches.converted_take_entries || row.get("Converted__s") != Some(&json!(true));
    if !parent.is_some_and(takes) {
        let message = "the related id given seems to be invalid";
        return Err(Problem::bad("INVALID_DATA", message, place.about("Parent_Id")));
    }
    Ok((module, id))
}
