//! What a person sees who follows a link into the org: the start page, a list, and a record with its notes.

use serde_json::Value;

use super::schema::{Kind, Module, Row};
use super::state::{State, seconds, text};
use super::store::is_deleted;
use super::{attachments, modules, people, show, times};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{escape, page};

/// `/`, `/crm/org<zgid>/tab/<Tab>` and `/crm/org<zgid>/tab/<Tab>/<id>`; the org may be left out.
pub fn answer(state: &State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let own = format!("org{}", state.ids.zgid());
    match path.as_slice() {
        [] | ["crm"] => index(state),
        ["crm", "tab", tab, rest @ ..] => tab_page(state, tab, rest),
        ["crm", org, "tab", tab, rest @ ..] if *org == own => tab_page(state, tab, rest),
        _ => missing(),
    }
}

fn tab_page(state: &State, tab: &str, rest: &[&str]) -> Answer {
    let Some(module) = state.modules.iter().find(|module| tab_of(module) == tab) else { return missing() };
    match rest {
        [] => list(state, module),
        [id, ..] => record(state, module, id),
    }
}

/// What a module is called in addresses.
fn tab_of(module: &Module) -> &str {
    &module.inner_name
}

fn address(state: &State, module: &Module, id: &str) -> String {
    format!("/crm/org{}/tab/{}/{id}", state.ids.zgid(), tab_of(module))
}

fn index(state: &State) -> Answer {
    let name = state.store.rows("Org").next().map_or("Org", |row| text(row, "company_name"));
    let shown = state.modules.iter().filter(|module| module.is_entity() && module.status == "visible");
    let rows: Vec<String> = shown
        .map(|module| {
            let count = state.store.live_rows(&module.api_name).count();
            let link = format!("/crm/org{}/tab/{}", state.ids.zgid(), tab_of(module));
            format!("<tr><th><a href=\"{link}\">{}</a></th><td>{count}</td></tr>", escape(&module.plural))
        })
        .collect();
    let users: Vec<String> = state
        .store
        .rows("Users")
        .map(|user| {
            let state = match (text(user, "status"), user.get("confirm")) {
                ("active", Some(Value::Bool(true))) => "",
                ("active", _) => " (not confirmed)",
                _ => " (inactive)",
            };
            let (name, email, zone) = (text(user, "full_name"), text(user, "email"), text(user, "time_zone"));
            format!("<tr><th>{}{state}</th><td>{} · {}</td></tr>", escape(name), escape(email), escape(zone))
        })
        .collect();
    let content = format!(
        "<div class=\"card\"><h1>{}</h1><p class=\"quiet\">A simulated Zoho CRM org in the data centre <code>{}</code>. \
         Its records, counters, clock and faults are under <a href=\"/_sim\">/_sim</a>.</p><table>{}</table></div>\
         <div class=\"card\"><h2>Users</h2><p class=\"quiet\">The password of every user is <code>sim</code>.</p>\
         <table>{}</table></div>",
        escape(name),
        state.switches.centre.name(),
        rows.concat(),
        users.concat(),
    );
    page(200, name, "", &content)
}

fn list(state: &State, module: &Module) -> Answer {
    let rows: Vec<String> = state
        .store
        .live_rows(&module.api_name)
        .rev()
        .take(500)
        .map(|row| {
            let at = moment(state, seconds(row, "Created_Time"));
            format!("<tr><th>{}</th><td>{at}</td></tr>", link(state, module, row))
        })
        .collect();
    let heading = escape(&module.plural);
    let content = format!(
        "<p><a href=\"/\">Home</a></p><div class=\"card\"><h1>{heading}</h1><table>{}</table></div>",
        rows.concat()
    );
    page(200, &module.plural, "", &content)
}

fn record(state: &State, module: &Module, id: &str) -> Answer {
    let Some(row) = state.store.get(&module.api_name, id) else { return missing() };
    let fields: String = module
        .fields
        .iter()
        .filter_map(|field| {
            let value = row.get(&field.api_name)?;
            let shown = match (field.kind, value) {
                (Kind::Datetime, Value::Number(at)) => moment(state, at.as_i64().unwrap_or_default()),
                (Kind::Ownerlookup, Value::String(id)) => {
                    escape(people::named(state, id, false)["name"].as_str().unwrap_or_default())
                }
                (Kind::Lookup, Value::String(id)) => target(state, field.lookup.as_deref(), row, id),
                (Kind::Website, Value::String(to)) if to.starts_with("http") => {
                    format!("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", escape(to))
                }
                (_, Value::String(text)) => escape(text),
                (_, other) => escape(&other.to_string()),
            };
            Some(format!("<tr><th>{}</th><td>{shown}</td></tr>", escape(&field.label)))
        })
        .collect();
    let deleted = if is_deleted(row) { " <span class=\"bad\">(deleted)</span>" } else { "" };
    let home = format!("/crm/org{}/tab/{}", state.ids.zgid(), tab_of(module));
    let content = format!(
        "<p><a href=\"/\">Home</a> / <a href=\"{home}\">{}</a></p>\
         <div class=\"card\"><p class=\"quiet\">{}</p><h1>{}{deleted}</h1><table>{fields}</table></div>{}{}{}",
        escape(&module.plural),
        escape(&module.singular),
        escape(show::title(module, row)),
        notes(state, id),
        files(state, id),
        activities(state, id),
    );
    page(200, show::title(module, row), "", &content)
}

/// The notes of a record, newest first.
fn notes(state: &State, id: &str) -> String {
    let rows = state.store.find("Notes", "Parent_Id", id).into_iter().rev().map(|note| {
        let by = people::named(state, text(note, "Created_By"), false);
        format!(
            "<tr><th>{}<br><span class=\"quiet\">{} · {}</span></th><td>{}</td></tr>",
            escape(text(note, "Note_Title")),
            moment(state, seconds(note, "Modified_Time")),
            escape(by["name"].as_str().unwrap_or_default()),
            escape(text(note, "Note_Content")),
        )
    });
    card("Notes", &rows.collect::<Vec<_>>())
}

fn files(state: &State, id: &str) -> String {
    let rows = attachments::listed(state, id).into_iter().map(|(name, size, at, by)| {
        format!(
            "<tr><th>{}</th><td>{size} bytes · {} · {}</td></tr>",
            escape(&name),
            moment(state, at),
            escape(&by)
        )
    });
    card("Attachments", &rows.collect::<Vec<_>>())
}

/// The tasks, meetings and calls of a record.
fn activities(state: &State, id: &str) -> String {
    let mut rows = Vec::new();
    for module in state.modules.iter().filter(|module| module.is_activity()) {
        for field in ["Who_Id", "What_Id"] {
            for row in state.store.find(&module.api_name, field, id) {
                let words = escape(text(row, "Description"));
                rows.push(format!("<tr><th>{}</th><td>{words}</td></tr>", link(state, module, row)));
            }
        }
    }
    card("Activities", &rows)
}

fn card(title: &str, rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("<div class=\"card\"><h2>{title}</h2><table>{}</table></div>", rows.concat())
}

fn target(state: &State, lookup: Option<&str>, row: &Row, id: &str) -> String {
    let name = match lookup {
        Some(modules::ANY_MODULE) => text(row, "$se_module"),
        Some(name) => name,
        None => "",
    };
    let module = state.any_module(name);
    let found = module.and_then(|module| Some((module, state.store.get(name, id)?)));
    found.map_or_else(|| escape(id), |(module, row)| link(state, module, row))
}

fn link(state: &State, module: &Module, row: &Row) -> String {
    let id = text(row, "id");
    let title = show::title(module, row);
    let title = if title.is_empty() { id } else { title };
    format!("<a href=\"{}\">{}</a>", address(state, module, id), escape(title))
}

/// An instant in the zone of the org, as people read it there.
fn moment(state: &State, at: i64) -> String {
    times::stamp(at, &times::zone(&state.switches.time_zone))
}

fn missing() -> Answer {
    let content = "<div class=\"card\"><h1>This page does not exist</h1><p><a href=\"/\">Home</a></p></div>";
    page(404, "Page not found", "narrow", content)
}
