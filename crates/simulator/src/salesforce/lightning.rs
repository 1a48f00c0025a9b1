//! What a person sees who follows a link into the org: the start page and a record with its tasks.

use serde_json::Value;

use super::answer::Answer;
use super::ids;
use super::pages::{escape, page};
use super::schema::{ObjectSchema, Row};
use super::state::{State, text};
use super::store::is_deleted;
use crate::call::Call;

const SHOWN: &[&str] = &["Contact", "Lead", "Account", "Task", "Event", "Case", "Opportunity", "User"];

/// `/`, `/lightning/o/X/list`, `/lightning/r/X/<id>/view` and `/lightning/r/<id>/view`.
pub fn answer(state: &State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => index(state),
        ["lightning", "o", object, ..] => list(state, object),
        ["lightning", "r", id, "view"] | ["lightning", "r", _, id, ..] => record(state, id),
        _ => missing(),
    }
}

fn index(state: &State) -> Answer {
    let name = state.organization().map_or("Org", |row| text(row, "Name"));
    let rows: String = SHOWN
        .iter()
        .map(|object| {
            format!(
                "<tr><th><a href=\"/lightning/o/{object}/list\">{object}</a></th><td>{}</td></tr>",
                state.store.count(object)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let users: String = state
        .store
        .rows("User")
        .map(|user| {
            let inactive = if super::state::is_set(user, "IsActive") { "" } else { " (inactive)" };
            format!(
                "<tr><th>{}{inactive}</th><td>{}</td></tr>",
                escape(text(user, "Name")),
                escape(text(user, "Username"))
            )
        })
        .collect::<Vec<_>>()
        .concat();
    page(
        200,
        name,
        "",
        &format!(
            "<div class=\"card\"><h1>{}</h1><p class=\"quiet\">A simulated Salesforce org. Its records, counters, \
             clock and faults are under <a href=\"/_sim\">/_sim</a>.</p><table>{rows}</table></div>\
             <div class=\"card\"><h2>Users</h2><p class=\"quiet\">The password of every user is <code>sim</code>.</p>\
             <table>{users}</table></div>",
            escape(name)
        ),
    )
}

fn list(state: &State, object: &str) -> Answer {
    let Some(schema) = state.store.schema(object) else { return missing() };
    let rows: String = state
        .store
        .rows(&schema.name)
        .filter(|row| !is_deleted(row))
        .take(500)
        .map(|row| {
            let id = text(row, "Id");
            format!(
                "<tr><th>{}</th><td>{}</td></tr>",
                link(schema, id, title(schema, row)),
                escape(text(row, "CreatedDate"))
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let heading = escape(&schema.label_plural);
    page(
        200,
        &schema.label_plural,
        "",
        &format!(
            "<p><a href=\"/\">Home</a></p><div class=\"card\"><h1>{heading}</h1><table>{rows}</table></div>"
        ),
    )
}

fn record(state: &State, id: &str) -> Answer {
    let Some(id) = ids::canonical(id) else { return missing() };
    let Some(schema) = state.store.object_of_id(&id) else { return missing() };
    let Some(row) = state.store.get(&schema.name, &id) else { return missing() };
    let fields: String = schema
        .fields
        .iter()
        .filter_map(|field| Some((field, row.get(&field.name)?)))
        .filter(|(_, value)| !value.is_object())
        .map(|(field, value)| {
            let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let target = field.kind.is_id().then(|| state.store.object_of_id(&plain)).flatten();
            let shown = match target {
                Some(target) if field.name != "Id" => {
                    let name = state.store.get(&target.name, &plain).map_or("", |row| title(target, row));
                    link(target, &plain, name)
                }
                _ => escape(&plain),
            };
            format!("<tr><th>{}</th><td>{shown}</td></tr>", escape(&field.label))
        })
        .collect::<Vec<_>>()
        .concat();
    let deleted = if is_deleted(row) { " <span class=\"bad\">(deleted)</span>" } else { "" };
    page(
        200,
        title(schema, row),
        "",
        &format!(
            "<p><a href=\"/\">Home</a> / <a href=\"/lightning/o/{0}/list\">{0}</a></p>\
             <div class=\"card\"><p class=\"quiet\">{1}</p><h1>{2}{deleted}</h1><table>{fields}</table></div>{3}",
            schema.name,
            escape(&schema.label),
            escape(title(schema, row)),
            activities(state, &id),
        ),
    )
}

/// The tasks and events of a record, newest first.
fn activities(state: &State, id: &str) -> String {
    let mut found: Vec<(&ObjectSchema, &Row)> = Vec::new();
    for object in ["Task", "Event"] {
        let Some(schema) = state.store.schema(object) else { continue };
        for field in ["WhoId", "WhatId"] {
            let rows = state.store.find(object, field, id);
            found.extend(rows.into_iter().filter(|row| !is_deleted(row)).map(|row| (schema, row)));
        }
    }
    if found.is_empty() {
        return String::new();
    }
    found.sort_by(|(_, one), (_, other)| {
        text(other, "CreatedDate").cmp(text(one, "CreatedDate")).then(text(other, "Id").cmp(text(one, "Id")))
    });
    let items: String = found
        .into_iter()
        .map(|(schema, row)| {
            format!(
                "<tr><th>{}<br><span class=\"quiet\">{} {}</span></th><td>{}</td></tr>",
                link(schema, text(row, "Id"), title(schema, row)),
                escape(text(row, "Status")),
                escape(text(row, "ActivityDate")),
                escape(text(row, "Description")),
            )
        })
        .collect::<Vec<_>>()
        .concat();
    format!("<div class=\"card\"><h2>Activity</h2><table>{items}</table></div>")
}

fn title<'a>(schema: &ObjectSchema, row: &'a Row) -> &'a str {
    let name = schema.name_field().and_then(|field| row.get(&field.name)).and_then(Value::as_str);
    name.unwrap_or_else(|| text(row, "Id"))
}

fn link(schema: &ObjectSchema, id: &str, name: &str) -> String {
    let name = if name.is_empty() { id } else { name };
    format!("<a href=\"/lightning/r/{}/{}/view\">{}</a>", schema.name, escape(id), escape(name))
}

fn missing() -> Answer {
    page(
        404,
        "Page not found",
        "narrow",
        "<div class=\"card\"><h1>Page doesn't exist</h1><p><a href=\"/\">Home</a></p></div>",
    )
}
