//! Conversations: the list, the thread, and what members do there.

use axum::{
    Json,
    extract::{Path, State},
};
use causeway_core::timeline::Status;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    asked::{self, Asked},
    body::Body,
    caller::Caller,
    conversations_shown::{item, row},
    no_such, number,
};
use crate::{
    id,
    inbox::{self, ActRefused, By, Change},
    store::{
        conversation_list::{self, Assignee, Filter, Place},
        thread,
    },
};

/// Which conversations; what is left out filters nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listing {
    /// `open`, `pending`, `closed`.
    status: Option<String>,
    /// `me`, `nobody`, a member's id.
    assignee: Option<String>,
    account: Option<String>,
    channel: Option<String>,
    inbox: Option<String>,
    /// `1`: only with unread messages.
    unread: Option<String>,
    search: Option<String>,
    cursor: Option<String>,
}

/// A page of the conversations, the latest first.
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(listing): Asked<Listing>,
) -> Answer<Json<Value>> {
    let filter = filter(&listing, caller.member.id)?;
    let from = asked::cursor(listing.cursor.as_deref())?;
    let workspace_id = caller.workspace_id;
    let page = web.app.db.read(move |tx| {
        Box::pin(async move {
            let search = asked::search(tx, workspace_id, listing.search.as_deref()).await?;
            conversation_list::page(tx, workspace_id, &Filter { search, ..filter }, from).await
        })
    });
    let page = page.await?;
    Ok(Json(json!({
        "conversations": page.rows.iter().map(row).collect::<Vec<_>>(),
        "next": page.next.map(|next| next.to_string()),
    })))
}

/// The filter, without its search.
fn filter(listing: &Listing, me: i64) -> Answer<Filter> {
    let assignee = match listing.assignee.as_deref() {
        None => Assignee::Any,
        Some("me") => Assignee::Member(me),
        Some("nobody") => Assignee::Nobody,
        Some(member) => Assignee::Member(number("mem", "member", member)?),
    };
    let place = match (&listing.account, &listing.channel, &listing.inbox) {
        (None, None, None) => Place::Anywhere,
        (Some(account), None, None) => Place::Account(number("acc", "account", account)?),
        (None, Some(channel), None) => Place::Channel(channel.clone()),
        (None, None, Some(inbox)) => Place::Inbox(number("ibx", "inbox", inbox)?),
        _ => {
            let message = "only one of `account`, `channel` and `inbox` can be asked for";
            return Err(Refused::invalid(message, "leave the others out"));
        }
    };
    let is_unread = match listing.unread.as_deref() {
        None | Some("0" | "false") => false,
        Some("1" | "true") => true,
        Some(_) => return Err(Refused::invalid("`unread` is neither 0 nor 1", "send 1, or leave it out")),
    };
    let status = listing.status.as_deref().filter(|word| *word != "all").map(status).transpose()?;
    Ok(Filter { status, assignee, place, is_unread, search: None })
}

fn status(word: &str) -> Answer<Status> {
    Status::named(word).ok_or_else(|| {
        let message = format!("there is no status `{word}`");
        Refused::invalid(message, "send one of: open, pending, closed")
    })
}

/// Which part of the thread.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    /// Items before this one.
    before: Option<String>,
    /// Items that came after this one.
    since: Option<String>,
}

/// A conversation with a page of its items: the newest, in order.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(conversation): Path<String>,
    Asked(reading): Asked<Reading>,
) -> Answer<Json<Value>> {
    let conversation_id = number("cnv", "conversation", &conversation)?;
    let before = reading.before.map(|item| number("msg", "item", &item)).transpose()?;
    let since = reading.since.map(|item| number("msg", "item", &item)).transpose()?;
    let workspace_id = caller.workspace_id;
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let Some(found) = conversation_list::find(tx, workspace_id, conversation_id).await? else {
                return Ok(None);
            };
            let items = match since {
                Some(since) => thread::items_since(tx, workspace_id, conversation_id, since).await?,
                None => thread::page(tx, workspace_id, conversation_id, before).await?,
            };
            Ok(Some((found, items)))
        })
    });
    let (found, items) = found.await?.ok_or_else(|| no_such("cnv", "conversation"))?;
    let mut shown = row(&found);
    shown["items"] = items.items.iter().map(item).collect();
    shown["has_more"] = json!(items.has_more);
    Ok(Json(shown))
}

/// What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// A member's id; null gives it to nobody.
    #[serde(default)]
    assignee: Given,
    /// `open`, `pending` or `closed`.
    status: Option<String>,
}

/// Whose a conversation becomes.
#[derive(Default)]
enum Given {
    /// Nothing was said of it.
    #[default]
    Unsaid,
    /// A member's, or nobody's.
    To(Option<String>),
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(Self::To)
    }
}

/// Assigns a conversation, or changes how it stands.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(conversation): Path<String>,
    Body(wish): Body<Wish>,
) -> Answer<Json<Value>> {
    let by = by(&caller, &conversation)?;
    let assignee = match wish.assignee {
        Given::To(Some(member)) => Some(Some(number("mem", "member", &member)?)),
        Given::To(None) => Some(None),
        Given::Unsaid => None,
    };
    let wish = Change { assignee, status: wish.status.as_deref().map(status).transpose()? };
    inbox::change(&web.app, by, wish).await?;
    let found =
        web.app.db.read(move |tx| Box::pin(conversation_list::find(tx, by.workspace_id, by.conversation_id)));
    let found = found.await?.ok_or_else(|| no_such("cnv", "conversation"))?;
    Ok(Json(json!({
        "id": id::conversation(found.id),
        "assignee": found.assignee.map(|(member, _)| id::member(member)),
        "status": found.status.word(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    text: String,
}

/// Writes a memo.
pub(super) async fn write_memo(
    State(web): State<Web>,
    caller: Caller,
    Path(conversation): Path<String>,
    Body(memo): Body<Text>,
) -> Answer<Json<Value>> {
    let item = inbox::write_memo(&web.app, by(&caller, &conversation)?, &memo.text).await?;
    Ok(Json(json!({ "id": id::message(item) })))
}

/// Notes that somebody has looked at a conversation.
pub(super) async fn mark_read(
    State(web): State<Web>,
    caller: Caller,
    Path(conversation): Path<String>,
) -> Answer<Json<Value>> {
    let by = by(&caller, &conversation)?;
    let changed = inbox::mark_read(&web.app, by).await?;
    Ok(Json(json!({ "id": id::conversation(by.conversation_id), "changed": changed })))
}

fn by(caller: &Caller, conversation: &str) -> Answer<By> {
    Ok(By {
        workspace_id: caller.workspace_id,
        member_id: caller.member.id,
        conversation_id: number("cnv", "conversation", conversation)?,
    })
}

impl From<ActRefused> for Refused {
    fn from(refused: ActRefused) -> Self {
        match refused {
            ActRefused::Store(error) => error.into(),
            ActRefused::NoConversation => no_such("cnv", "conversation"),
            ActRefused::NoMember => no_such("mem", "member"),
            ActRefused::Memo(_) => Self::invalid(refused.to_string(), "write another text"),
        }
    }
}
