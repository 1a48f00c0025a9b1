//! The audit log.

use axum::extract::{Query, State};
use causeway_core::{rights::Right, time::Timestamp};
use causeway_pages::{
    Here, Words, account::short_name, form::Field, part::in_address, settings::audit as view,
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::super::{
    super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    Routes,
};
use crate::{
    id,
    store::{
        Cursor,
        audit::Line,
        audit_list::{self, Wanted},
        member::{self, Profile},
    },
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/settings/audit", Right::ReadAudit, show)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Asked {
    member: String,
    action: String,
    from: String,
}

async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let workspace_id = visitor.workspace_id();
    let action: String = asked.action.chars().filter(|letter| !letter.is_control()).collect();
    let wanted = Wanted {
        // Somebody who is not a member did nothing here: nothing is shown.
        member_id: (!asked.member.is_empty()).then(|| id::read("mem", &asked.member).unwrap_or(0)),
        action: (!action.is_empty()).then_some(action),
    };
    let from: Option<Cursor> = asked.from.parse().ok();
    let read = wanted.clone();
    let (page, members, actions) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let page = audit_list::page(tx, workspace_id, &read, from).await?;
                let members = member::all(tx, workspace_id).await?;
                Ok((page, members, audit_list::actions(tx, workspace_id).await?))
            })
        })
        .await?;
    let words = words();
    let narrowed = format!(
        "/settings/audit?member={}&action={}",
        in_address(&asked.member),
        in_address(wanted.action.as_deref().unwrap_or_default())
    );
    let everybody = [(String::new(), words.say("audit-everybody"))];
    let everything = [(String::new(), words.say("audit-everything"))];
    let shown = view::Audit {
        role: visitor.member.role,
        lines: page.rows.into_iter().map(|line| shown(words, line, &members)).collect(),
        member: Field::new("member", words.say("audit-member")).value(&asked.member),
        members: everybody
            .into_iter()
            .chain(members.iter().map(|one| (id::member(one.member.id), one.member.name.clone())))
            .collect(),
        action: Field::new("action", words.say("audit-action"))
            .value(wanted.action.clone().unwrap_or_default()),
        actions: everything
            .into_iter()
            .chain(actions.into_iter().map(|one| (one.clone(), view::action(words, &one))))
            .collect(),
        is_narrowed: wanted != Wanted::default(),
        newest: from.map(|_| narrowed.clone()),
        older: page.next.map(|next| format!("{narrowed}&from={next}")),
    };
    let content = view::audit(&render::clock(&web, &visitor), &shown);
    Ok(Page::new(Here::Settings, &words.say("settings-audit")).around(&web, &visitor, &content).await)
}

fn shown(words: &Words, line: Line, members: &[Profile]) -> view::Line {
    let known = id::read("mem", &line.subject)
        .and_then(|subject| members.iter().find(|one| one.member.id == subject))
        .map(|one| one.member.name.clone());
    let who = line.member.map(|(_, name)| name);
    // "Ann: signed in · Ann" says one thing twice.
    let subject = known.unwrap_or(line.subject);
    view::Line {
        at: Timestamp(line.at),
        subject: if who.as_ref() == Some(&subject) { String::new() } else { subject },
        who,
        what: view::action(words, &line.action),
        detail: match line.detail {
            Json::Object(detail) => {
                // What was before is told before what is now.
                let (after, first): (Vec<_>, Vec<_>) =
                    detail.into_iter().partition(|(name, _)| name == "after");
                first.into_iter().chain(after).map(|(name, value)| told(words, &name, &value)).collect()
            }
            _ => Vec::new(),
        },
    }
}

/// A name and a value of a line's detail, in words where the catalogue has some.
fn told(words: &Words, name: &str, value: &Json) -> (String, String) {
    // words: audit-key-*
    let key = format!("audit-key-{name}");
    let label = if words.has(&key) { words.say(&key) } else { name.to_owned() };
    let value = match value {
        Json::String(text) if name == "browser" => short_name(text),
        Json::String(text) => text.clone(),
        Json::Null => "–".to_owned(),
        other => other.to_string(),
    };
    // Of roles the words are known.
    let is_role = matches!(name, "role" | "before" | "after") && words.has(&format!("role-{value}"));
    (label, if is_role { words.say(&format!("role-{value}")) } else { value })
}
