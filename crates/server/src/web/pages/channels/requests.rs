//! Raw requests of an endpoint, and what of them could not be read.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{channels, time::Timestamp, timeline::Poison};
use causeway_pages::{
    Here, args,
    channels::{self as view, Outcome, Part, Request, Requests},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    super::deed::deed,
    Done,
    endpoint::find,
    name_of,
};
use crate::{
    id,
    live::Topic,
    store::{
        audit,
        intake::{self, Kept, Quarantined},
    },
};

/// Requests on a page.
const MOST: i64 = 25;

/// Parts in quarantine on its page.
const MOST_PARTS: i64 = 100;

/// Most letters of a body or part that are shown.
const MOST_SHOWN: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Asked {
    before: String,
    done: String,
}

pub(super) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let before = match asked.before.as_str() {
        "" => None,
        before => Some(id::read("raw", before).ok_or(Trouble::Nothing)?),
    };
    let (workspace_id, wanted) = (visitor.workspace_id(), key.clone());
    let mut kept = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move { intake::recent(tx, workspace_id, &wanted, before, MOST + 1).await })
        })
        .await?;
    let is_more = i64::try_from(kept.len()).is_ok_and(|count| count > MOST);
    kept.truncate(usize::try_from(MOST).unwrap_or(0));
    let here = format!("/channels/{key}/requests");
    let older = kept.last().filter(|_| is_more);
    let page = Requests {
        name: name_of(&source),
        said: Done { done: asked.done }.said(&source.channel),
        older: older.map(|last| format!("{here}?before={}", id::intake(last.raw.id))),
        newest: before.is_some().then(|| here.clone()),
        here: if asked.before.is_empty() { here } else { format!("{here}?before={}", asked.before) },
        requests: kept.iter().map(|kept| shown(kept, 0)).collect(),
        key,
    };
    let content = view::requests(&render::clock(&web, &visitor), &page);
    if visitor.wants_fragment {
        return Ok(render::fragment(content));
    }
    let title = words().with("requests-title", args!["name" => page.name.as_str()]);
    Ok(Page::new(Here::Channels, &title).around(&web, &visitor, &content).await)
}

/// The request of that id, if it came through that endpoint.
async fn kept(web: &Web, visitor: &Visitor, key: &str, request: &str) -> Result<Kept, Trouble> {
    let request_id = id::read("raw", request).ok_or(Trouble::Nothing)?;
    let workspace_id = visitor.workspace_id();
    let found = web.app.db.read(move |tx| Box::pin(intake::find(tx, workspace_id, request_id))).await?;
    found.filter(|kept| kept.raw.source_key == key).ok_or(Trouble::Nothing)
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path((key, request)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let kept = kept(&web, &visitor, &key, &request).await?;
    let clock = render::clock(&web, &visitor);
    let request = shown(&kept, MOST_SHOWN);
    let content =
        view::request(&clock, &key, &name_of(&source), &request, done.said(&source.channel).as_deref());
    let title = words().say("request-title");
    Ok(Page::new(Here::Channels, &title).around(&web, &visitor, &content).await)
}

/// As a page shows it. What the parser finds is asked of the parser, so that a mended one shows what a replay brings.
fn shown(kept: &Kept, most: usize) -> Request {
    let raw = &kept.raw;
    let parsed = channels::named(&raw.channel).map(|channel| channel.inbound(&raw.request));
    let counts = kept.outcome.map(|outcome| (outcome.made, outcome.changed, outcome.repeated));
    let (body, is_whole) = if most == 0 { (String::new(), true) } else { text(&raw.request.body, most) };
    Request {
        id: id::intake(raw.id),
        at: Timestamp(raw.received_at),
        bytes: raw.request.body.len(),
        outcome: Outcome {
            is_pending: kept.is_pending,
            events: parsed.map_or(0, |parsed| parsed.events.len()),
            counts,
        },
        poison: kept.poison.iter().map(|poison| part(poison, None)).collect(),
        headers: raw.request.headers.clone(),
        body,
        is_whole,
    }
}

/// A body as text: JSON laid out, anything else as it is. And whether that is all of it.
fn text(body: &[u8], most: usize) -> (String, bool) {
    let laid_out = serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let text = laid_out.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    shortened(&text, most)
}

fn shortened(text: &str, most: usize) -> (String, bool) {
    match text.char_indices().nth(most) {
        Some((end, _)) => (format!("{}…", &text[..end]), false),
        None => (text.to_owned(), true),
    }
}

fn part(poison: &Poison, of: Option<(String, Timestamp)>) -> Part {
    Part {
        of,
        path: poison.path.clone(),
        reason: poison.reason.clone(),
        raw: shortened(&poison.raw, MOST_SHOWN).0,
    }
}

/// Sends a request through the present parser again. What is right already stays as it is.
pub(super) async fn replay(
    State(web): State<Web>,
    visitor: Visitor,
    Path((key, request)): Path<(String, String)>,
) -> Shown {
    let kept = kept(&web, &visitor, &key, &request).await?;
    let workspace_id = visitor.workspace_id();
    let request_id = kept.raw.id;
    let line = deed(&visitor, "request.replay", serde_json::json!({})).to(&web.app, request);
    web.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                intake::one_again(tx, workspace_id, request_id).await?;
                audit::append(tx, workspace_id, &line).await
            })
        })
        .await?;
    web.app.bells.intake.notify_one();
    web.app.live.tell(workspace_id, &[Topic::Requests]);
    Ok(Redirect::to(&format!("/channels/{key}/requests?done=replayed")).into_response())
}

/// Everything that could not be read.
pub(super) async fn quarantine(State(web): State<Web>, visitor: Visitor) -> Shown {
    let workspace_id = visitor.workspace_id();
    let (parts, count) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let parts = intake::quarantined(tx, workspace_id, MOST_PARTS).await?;
                Ok((parts, intake::quarantined_count(tx, workspace_id).await?))
            })
        })
        .await?;
    let of = |one: &Quarantined| Some((id::intake(one.intake_id), Timestamp(one.received_at)));
    let parts: Vec<Part> = parts.iter().map(|one| part(&one.poison, of(one))).collect();
    let content = view::quarantine(&render::clock(&web, &visitor), &parts, count);
    let title = words().say("quarantine-title");
    Ok(Page::new(Here::Channels, &title).around(&web, &visitor, &content).await)
}
