//! What is listed, as a file: read page by page while it is sent, so that no number of entries fills the memory.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::{Query, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use causeway_core::{plan::wording, receipt::State as Stands, time::Timestamp};
use causeway_pages::{csv, receipt::Mark};
use futures_util::stream;
use serde_json::json;

use super::{
    super::super::{Web, render::Trouble, session::Visitor},
    super::deed,
    asked::Asked,
    said,
};
use crate::{
    id,
    receipts::{self, Entry},
    store::{entry_list::Filter, person::word},
};

/// Entries that are read at once.
const BATCH: i64 = 500;

/// The columns, in their order. Times are UTC, RFC 3339; `docs/deliveries.md` says what each holds.
const COLUMNS: &[&str] = &[
    "entry",
    "state",
    "reason",
    "sentence",
    "who_can_act",
    "what_to_do",
    "contact",
    "contact_name",
    "conversation",
    "chat_url",
    "account",
    "connection",
    "crm",
    "organisation",
    "integration",
    "messages",
    "first_message_at",
    "first_message",
    "tries",
    "due_at",
    "written_at",
    "record_ids",
    "record_urls",
];

/// Where a file that is being sent has come to.
enum Step {
    Head,
    From(Option<i64>),
    End,
}

pub(super) async fn export(
    State(web): State<Web>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let filter = asked.filter()?;
    let workspace_id = visitor.workspace_id();
    let what = json!({ "filter": asked.address("/deliveries") });
    deed::note(&web, &visitor, "entries.export", id::member(visitor.member.id), what).await?;
    let lines = stream::unfold(Step::Head, move |step| {
        let web = web.clone();
        async move {
            match step {
                Step::Head => {
                    // Spreadsheets take a file for UTF-8 only if it says so.
                    let head = format!("\u{feff}{}", csv::record(COLUMNS.iter().copied()));
                    Some((Ok::<_, Infallible>(head), Step::From(filter.before)))
                }
                Step::From(before) => batch(&web, workspace_id, Filter { before, ..filter }).await,
                Step::End => None,
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"deliveries.csv\""),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// The next lines. A fault on the way stands in the file: what is missing must not look as if it were not there.
async fn batch(web: &Web, workspace_id: i64, filter: Filter) -> Option<(Result<String, Infallible>, Step)> {
    match receipts::entries(&web.app, workspace_id, filter, BATCH).await {
        Ok(entries) => {
            let last = entries.last()?.listed.id;
            let is_whole = i64::try_from(entries.len()) == Ok(BATCH);
            let text: String = entries.iter().map(|entry| record(web, entry)).collect();
            Some((Ok(text), if is_whole { Step::From(Some(last)) } else { Step::End }))
        }
        Err(error) => {
            tracing::error!(%error, "web.export");
            let said = "this file is not whole: the database could not be read further; export it again";
            Some((Ok(csv::record([said])), Step::End))
        }
    }
}

fn record(web: &Web, entry: &Entry) -> String {
    let listed = &entry.listed;
    let at = |time: Option<i64>| time.map(|time| Timestamp(time).rfc3339()).unwrap_or_default();
    let held = entry.held.as_ref();
    let waits = matches!(entry.state, Stands::Received | Stands::Matched | Stands::Checking);
    let join = |texts: Vec<&str>| texts.join(" ");
    let cells = [
        id::entry(listed.id),
        Mark::from(entry.state).word().to_owned(),
        held.map(|held| word(&held.reason)).unwrap_or_default(),
        entry.sentence.clone(),
        held.map(|held| wording::who(held.who).to_owned()).unwrap_or_default(),
        held.map(|held| held.action.clone()).unwrap_or_default(),
        listed.contact_id.map(id::contact).unwrap_or_default(),
        listed.name.clone().unwrap_or_default(),
        id::conversation(listed.conversation_id),
        web.app.chat_url(listed.conversation_id),
        id::account(listed.account_id),
        id::connection(listed.connection_id),
        entry.crm.clone(),
        entry.org.clone(),
        id::integration(listed.integration_id),
        listed.messages.to_string(),
        at(listed.first.as_ref().map(|first| first.at)),
        listed.first.as_ref().map(said).unwrap_or_default(),
        listed.tries.to_string(),
        at(waits.then_some(listed.due_at)),
        at(listed.written_at),
        join(entry.written.iter().map(|part| part.record.id.as_str()).collect()),
        join(entry.written.iter().map(|part| part.url.as_str()).collect()),
    ];
    csv::record(cells.iter().map(String::as_str))
}
