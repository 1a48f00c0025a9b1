//! Channels: endpoints, their secrets and numbers, and what providers posted to them.

mod access;
mod endpoint;
mod fresh;
mod requests;

use axum::extract::{Query, State};
use causeway_core::{channels, plan::wording, rights::Right, time::Timestamp};
use causeway_pages::{
    Here,
    channels::{self as view, Listed},
};
use serde::Deserialize;

use super::{
    super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    Routes,
};
use crate::store::{
    intake,
    source::{self, Named, Placed},
};

pub(super) fn routes(routes: Routes) -> Routes {
    let needs = Right::ManageChannels;
    routes
        .get("/channels", needs, list)
        .get("/channels/new", needs, fresh::form)
        .post("/channels/new", needs, fresh::add)
        .get("/channels/{source}", needs, endpoint::show)
        .post("/channels/{source}", needs, endpoint::change)
        .post("/channels/{source}/secrets", needs, endpoint::secrets)
        .post("/channels/{source}/access", needs, access::change)
        .post("/channels/{source}/accounts/{account}", needs, endpoint::own)
        .get("/channels/{source}/remove", needs, endpoint::question)
        .post("/channels/{source}/remove", needs, endpoint::remove)
        .get("/channels/{source}/requests", needs, requests::list)
        .get("/channels/{source}/requests/{request}", needs, requests::show)
        .post("/channels/{source}/requests/{request}/replay", needs, requests::replay)
        .get("/quarantine", needs, requests::quarantine)
}

/// What was just done: a code, said from the catalogue.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// In the words of that channel where it has its own.
    fn said(&self, channel: &str) -> Option<String> {
        let key = match self.done.as_str() {
            "added" if channels::named(channel).is_some() => return Some(words().of(channel, "added", &[])),
            "saved" => "channel-saved",
            "secret" => "channel-secret-added",
            "retired" => "channel-secret-retired",
            "access" => "channel-access-set",
            "access-removed" => "channel-access-removed",
            "owner" => "channel-owner-saved",
            "removed" => "channel-removed",
            "replayed" => "requests-replayed",
            _ => return None,
        };
        Some(words().say(key))
    }
}

/// What people call a channel.
fn channel_title(name: &str) -> String {
    channels::named(name).map_or_else(|| name.to_owned(), |channel| channel.title().to_owned())
}

/// What people call an endpoint: by its channel while it has no name.
fn name_of(source: &Named) -> String {
    if source.name.is_empty() {
        format!("{} ({})", channel_title(&source.channel), source.key)
    } else {
        source.name.clone()
    }
}

async fn list(State(web): State<Web>, visitor: Visitor, Query(done): Query<Done>) -> Shown {
    let workspace_id = visitor.workspace_id();
    let (sources, placed, unread) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let sources = source::named(tx, workspace_id).await?;
                let placed = source::placed(tx, workspace_id).await?;
                Ok((sources, placed, intake::quarantined_count(tx, workspace_id).await?))
            })
        })
        .await?;
    let listed: Vec<Listed> = sources.iter().map(|source| listed(source, &placed)).collect();
    let content = view::list(&render::clock(&web, &visitor), &listed, unread, done.said("").as_deref());
    if visitor.wants_fragment {
        return Ok(render::fragment(content));
    }
    let title = words().say("channels-title");
    Ok(Page::new(Here::Channels, &title).around(&web, &visitor, &content).await)
}

fn listed(source: &Named, placed: &[Placed]) -> Listed {
    let mine = placed.iter().filter(|one| one.source_key == source.key);
    Listed {
        key: source.key.clone(),
        name: name_of(source),
        channel: channel_title(&source.channel),
        numbers: mine.map(|one| wording::account_name(&one.account.display)).collect(),
        last: source.last_at.map(Timestamp),
    }
}
