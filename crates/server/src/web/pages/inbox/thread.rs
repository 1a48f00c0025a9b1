//! A conversation that is open.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use causeway_core::{plan::wording, rights::Right};
use causeway_pages::{
    Here, Markup, args,
    inbox::{self as view, Assignee, Composer, Head, Item, Thread},
};

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    asked::Asked,
    list, shown,
};
use crate::{
    id,
    store::{
        conversation_list::{self, Conversation},
        thread::{self, Stretch},
        workspace::{self, Member},
    },
};

/// What is read of a conversation.
pub(super) struct Read {
    pub(super) conversation: Conversation,
    pub(super) stretch: Stretch,
    pub(super) members: Vec<Member>,
}

impl Read {
    pub(super) fn items(&self) -> Vec<Item> {
        let is_group = self.conversation.contact.is_none();
        self.stretch.items.iter().map(|item| shown::item(item, is_group, &self.members)).collect()
    }

    /// The address of what came before.
    fn earlier(&self) -> Option<String> {
        let first = self.stretch.items.first().filter(|_| self.stretch.has_more)?;
        let id = id::conversation(self.conversation.id);
        Some(format!("/inbox/{id}?before={}", id::message(first.id)))
    }

    /// The head, within the list that it was opened from.
    pub(super) fn head(&self, visitor: &Visitor, asked: &Asked) -> Head {
        let conversation = &self.conversation;
        let place = format!(
            "{} · {}",
            shown::channel(&conversation.channel),
            wording::account_name(&conversation.account)
        );
        Head {
            id: id::conversation(conversation.id),
            title: shown::title(conversation),
            contact: conversation
                .contact
                .as_ref()
                .map(|called| format!("/contacts/{}", id::contact(called.contact_id))),
            is_group: conversation.contact.is_none(),
            place,
            status: conversation.status,
            assignees: self.assignees(visitor),
            back: Asked { open: String::new(), before: String::new(), ..asked.clone() }.address("/inbox"),
            unread: conversation.unread,
            may_work: visitor.may(Right::Work),
            refused: None,
        }
    }

    /// Nobody, oneself, the others; whoever has it although they are no longer active.
    fn assignees(&self, visitor: &Visitor) -> Vec<Assignee> {
        let words = words();
        let chosen = self.conversation.assignee.as_ref().map(|(member_id, _)| *member_id);
        let one = |value: Option<i64>, label: String| Assignee {
            value: value.map(id::member).unwrap_or_default(),
            label,
            is_chosen: value == chosen,
        };
        let me = visitor.member.id;
        let mut all = vec![one(None, words.say("inbox-nobody")), one(Some(me), words.say("inbox-me"))];
        let others = self.members.iter().filter(|member| member.id != me);
        all.extend(others.map(|member| one(Some(member.id), member.name.clone())));
        if let Some((member_id, name)) = &self.conversation.assignee
            && !all.iter().any(|one| one.is_chosen)
        {
            let label = words.with("inbox-inactive", args!["name" => name.as_str()]);
            all.push(one(Some(*member_id), label));
        }
        all
    }
}

/// The number behind an id in the address.
pub(super) fn number(conversation: &str) -> Result<i64, Trouble> {
    id::read("cnv", conversation).ok_or(Trouble::Nothing)
}

/// Reads a conversation: its newest items, or those before one.
pub(super) async fn read(
    web: &Web,
    visitor: &Visitor,
    conversation_id: i64,
    before: Option<i64>,
) -> Result<Read, Trouble> {
    let workspace_id = visitor.workspace_id();
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let Some(conversation) = conversation_list::find(tx, workspace_id, conversation_id).await? else {
                return Ok(None);
            };
            let stretch = thread::page(tx, workspace_id, conversation_id, before).await?;
            let members = workspace::members(tx, workspace_id).await?;
            Ok(Some(Read { conversation, stretch, members }))
        })
    });
    found.await?.ok_or(Trouble::Nothing)
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
    Query(asked): Query<Asked>,
) -> Shown {
    let conversation_id = number(&conversation)?;
    let before = id::read("msg", &asked.before);
    if visitor.wants_fragment {
        let read = read(&web, &visitor, conversation_id, before).await?;
        let clock = render::clock(&web, &visitor);
        let mut fragment = view::earlier(&clock, read.earlier().as_deref());
        fragment.0.push_str(&view::items(&clock, &conversation, &read.items()).0);
        return Ok(render::fragment(fragment));
    }
    page(&web, &visitor, conversation_id, &asked, Refused::default(), StatusCode::OK).await
}

/// What a page says of a wish that was not carried out.
#[derive(Default)]
pub(super) struct Refused {
    /// A memo, with what was typed.
    pub(super) composer: Option<Composer>,
    /// Anything else.
    pub(super) act: Option<String>,
}

/// The whole page.
pub(super) async fn page(
    web: &Web,
    visitor: &Visitor,
    conversation_id: i64,
    asked: &Asked,
    refused: Refused,
    status: StatusCode,
) -> Shown {
    let read = read(web, visitor, conversation_id, id::read("msg", &asked.before)).await?;
    let list = list::read(web, visitor, asked, Some(conversation_id)).await?;
    let clock = render::clock(web, visitor);
    let head = Head { refused: refused.act, ..read.head(visitor, asked) };
    let title = head.title.clone();
    let aside = aside(&read.conversation);
    let thread = Thread {
        head,
        items: read.items(),
        earlier: read.earlier(),
        composer: refused.composer.unwrap_or_default(),
    };
    let content =
        view::page(words(), &view::list(&clock, &list), Some((&view::thread(&clock, &thread), &aside)));
    Ok(Page::full(Here::Inbox, &title).with(status).around(web, visitor, &content).await)
}

/// What stands beside a conversation: the panel of its person, fetched as soon as the page stands.
fn aside(conversation: &Conversation) -> Markup {
    let contact = conversation.contact.as_ref().map(|called| id::contact(called.contact_id));
    view::beside(words(), contact.as_deref(), &id::conversation(conversation.id))
}

/// The newest items: what is asked for when something has happened.
pub(super) async fn items(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
) -> Shown {
    let read = read(&web, &visitor, number(&conversation)?, None).await?;
    let clock = render::clock(&web, &visitor);
    let mut fragment = view::items(&clock, &conversation, &read.items());
    fragment.0.push_str(&view::reading(&clock, &read.head(&visitor, &Asked::default())).0);
    Ok(render::fragment(fragment))
}

/// What can be done, as it stands now.
pub(super) async fn acts(
    State(web): State<Web>,
    visitor: Visitor,
    Path(conversation): Path<String>,
) -> Shown {
    let read = read(&web, &visitor, number(&conversation)?, None).await?;
    let clock = render::clock(&web, &visitor);
    Ok(render::fragment(view::acts(&clock, &read.head(&visitor, &Asked::default()))))
}
