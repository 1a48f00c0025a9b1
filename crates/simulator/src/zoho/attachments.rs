//! Files on records and on notes: uploaded as a part of a form, or linked by address.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::multipart::{self, Part};
use super::people::named;
use super::problem::{Outcome, Problem, invalid_id, invalid_related_id, wrong_verb};
use super::schema::{Module, Row};
use super::state::{Caller, State, seconds, text};
use super::{batch, delete, lists, patterns, rights, show, write};
use crate::answer::{Answer, Body};
use crate::call::{Call, percent_encode};
use crate::random;

const LONGEST_ADDRESS: usize = 3_000;
const LONGEST_TITLE: usize = 255;
const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// Every request about the files of one record.
pub fn answer(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    parent: (&str, &str),
    file: Option<&str>,
) -> Outcome<Answer> {
    let attachments = state.usable(caller, "Attachments")?;
    let module = state.usable(caller, parent.0)?;
    state.store.live(&module.api_name, parent.1).ok_or_else(invalid_related_id)?;
    match (call.method.clone(), file) {
        (Method::GET, None) => list(state, caller, call, &attachments, parent.1),
        (Method::POST, None) => upload(state, caller, call, &attachments, (&module.api_name, parent.1)),
        (Method::GET, Some(id)) => download(state, parent.1, id),
        (Method::DELETE, Some(id)) => {
            of_parent(state, parent.1, id)?;
            delete::one(state, caller, call, &attachments, id)
        }
        (Method::DELETE, None) => delete::several(state, caller, call, &attachments),
        _ => Err(wrong_verb()),
    }
}

fn upload(
    state: &mut State,
    caller: &Caller,
    call: &Call,
    attachments: &Module,
    (module, parent): (&str, &str),
) -> Outcome<Answer> {
    rights::check(attachments, rights::Right::Create)?;
    if let Some(problem) = state.next_row_trouble() {
        return Err(problem);
    }
    let parts = multipart::parts(call).unwrap_or_default();
    let said = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        let in_form = part.map(|part| String::from_utf8_lossy(&part.bytes).into_owned());
        in_form.or_else(|| call.parameter(name).map(str::to_owned))
    };
    let file = parts.iter().find(|part| part.name == "file" || part.file_name.is_some());
    let mut row = match (file, said("attachmentUrl")) {
        (Some(file), _) => of_file(file)?,
        (None, Some(address)) => of_address(&address, said("title"))?,
        (None, None) => {
            let details = json!({"param_name": "file"});
            return Err(Problem::bad(
                "REQUIRED_PARAM_MISSING",
                "One of the expected parameter is missing",
                details,
            ));
        }
    };
    row.insert("Parent_Id".to_owned(), json!(parent));
    row.insert("$se_module".to_owned(), json!(module));
    let id = write::keep_new(state, caller, attachments, row);
    if let Some(mut row) = state.store.get("Attachments", &id).cloned() {
        row.insert(
            "$file_id".to_owned(),
            json!(random::hex(0, "file", super::ids::parse(&id).unwrap_or(0), 64)),
        );
        state.store.put("Attachments", row);
    }
    let done = write::added(state, caller, attachments, &id, "attachment uploaded successfully");
    Ok(batch::answer(state, "data", 200, vec![Ok(done)]))
}

fn of_file(file: &Part) -> Outcome<Row> {
    if file.bytes.len() > LARGEST_FILE {
        let details = json!({"maximum_size": LARGEST_FILE});
        let mut problem =
            Problem::bad("FILE_SIZE_MORE_THAN_ALLOWED_SIZE", "the file is larger than it may be", details);
        problem.status = 413;
        return Err(problem);
    }
    let name = file.file_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| "file".to_owned());
    let mut row = Row::new();
    row.insert("File_Name".to_owned(), json!(name));
    row.insert("Size".to_owned(), json!(file.bytes.len()));
    row.insert("$type".to_owned(), json!("File"));
    row.insert("$content".to_owned(), json!(BASE64_STANDARD.encode(&file.bytes)));
    Ok(row)
}

fn of_address(address: &str, title: Option<String>) -> Outcome<Row> {
    if address.len() > LONGEST_ADDRESS || !patterns::is_website(address) {
        let details = json!({"param_name": "attachmentUrl"});
        return Err(Problem::bad("INVALID_URL_PATTERN", "the given attachment URL is incorrect", details));
    }
    let title = title.unwrap_or_else(|| address.to_owned());
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        let details = json!({"param_name": "title", "maximum_length": LONGEST_TITLE});
        return Err(Problem::bad("INVALID_DATA", "invalid data", details));
    }
    let mut row = Row::new();
    row.insert("File_Name".to_owned(), json!(title));
    row.insert("Size".to_owned(), json!(0));
    row.insert("$type".to_owned(), json!("Link URL"));
    row.insert("$link_url".to_owned(), json!(address));
    Ok(row)
}

fn list(state: &State, caller: &Caller, call: &Call, attachments: &Module, parent: &str) -> Outcome<Answer> {
    let chosen = lists::fields(caller, call, state.switches.related_fields_mandatory)?;
    let rows = state.store.find("Attachments", "Parent_Id", parent);
    let (page, per_page) = lists::window(call)?;
    let shown: Vec<Value> = rows
        .iter()
        .skip((page - 1) * per_page)
        .take(per_page)
        .map(|row| {
            let mut shown = show::record(state, caller, attachments, row, chosen.as_deref());
            for name in ["$type", "$file_id", "$link_url", "$se_module"] {
                shown[name] = row.get(name).cloned().unwrap_or_default();
            }
            shown["$editable"] = json!(true);
            shown["$state"] = json!("save");
            shown
        })
        .collect();
    if shown.is_empty() {
        return Ok(Answer::empty(204));
    }
    let info = json!({"per_page": per_page, "count": shown.len(), "page": page,
        "more_records": page * per_page < rows.len()});
    Ok(Answer::ok(json!({"data": shown, "info": info})))
}

fn download(state: &State, parent: &str, id: &str) -> Outcome<Answer> {
    let row = of_parent(state, parent, id)?;
    if row.contains_key("$link_url") {
        return Err(Problem::new(400, "DOWNLOAD_NOT_ALLOWED", "a link cannot be downloaded"));
    }
    let bytes = BASE64_STANDARD.decode(text(row, "$content")).unwrap_or_default();
    let name = percent_encode(text(row, "File_Name"));
    let body = Body::File("application/octet-stream;charset=UTF-8", Bytes::from(bytes));
    let answer = Answer { status: 200, headers: Vec::new(), body };
    Ok(answer.with("content-disposition", format!("attachment;filename*=UTF-8''{name}")))
}

fn of_parent<'a>(state: &'a State, parent: &str, id: &str) -> Outcome<&'a Row> {
    let row = state.store.live("Attachments", id).filter(|row| text(row, "Parent_Id") == parent);
    row.ok_or_else(|| invalid_id(3))
}

/// The files of a record as its page lists them: name, size, since when, by whom.
pub fn listed(state: &State, parent: &str) -> Vec<(String, u64, i64, String)> {
    let rows = state.store.find("Attachments", "Parent_Id", parent);
    rows.into_iter()
        .map(|row| {
            let size = row.get("Size").and_then(Value::as_u64).unwrap_or_default();
            let by =
                named(state, text(row, "Created_By"), false)["name"].as_str().unwrap_or_default().to_owned();
            (text(row, "File_Name").to_owned(), size, seconds(row, "Created_Time"), by)
        })
        .collect()
}
