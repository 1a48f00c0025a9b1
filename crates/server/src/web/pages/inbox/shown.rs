//! What the store knows, as the pages show it.

use causeway_core::{
    channels, media,
    plan::wording,
    time::Timestamp,
    timeline::{self, Content, Direction, Part},
};
use causeway_pages::inbox::{
    Act, Bubble, Delivered, Excerpt, File, FileState, Item, Mark, MarkState, Quote, Row, Side, What,
};

use super::{super::super::render::words, asked::Asked};
use crate::{
    id,
    store::{
        attachment::{self, State},
        conversation_list::{Called, Conversation},
        thread::{self, Answered, Message},
        workspace::Member,
    },
};

/// What people call a conversation.
pub(super) fn title(conversation: &Conversation) -> String {
    match &conversation.contact {
        Some(called) => self::called(called),
        None => conversation.subject.clone().unwrap_or_else(|| words().say("inbox-group")),
    }
}

fn called(called: &Called) -> String {
    let address = || called.address.as_ref().map(|address| address.value.clone());
    called.name.clone().or_else(address).unwrap_or_else(|| words().say("inbox-no-name"))
}

/// A channel's title.
pub(super) fn channel(name: &str) -> String {
    channels::named(name).map_or(name, |channel| channel.title()).to_owned()
}

/// A conversation in the list.
pub(super) fn row(conversation: &Conversation, asked: &Asked, open: Option<i64>) -> Row {
    let id = id::conversation(conversation.id);
    Row {
        address: Asked { open: String::new(), ..asked.clone() }.address(&format!("/inbox/{id}")),
        id,
        title: title(conversation),
        is_group: conversation.contact.is_none(),
        channel: channel(&conversation.channel),
        account: wording::account_name(&conversation.account),
        excerpt: conversation.preview.as_ref().map(|preview| Excerpt {
            content: if preview.kind == "notice" { told(&preview.content) } else { preview.content.clone() },
            direction: preview.direction,
            is_revoked: preview.is_revoked,
        }),
        at: Timestamp(conversation.last_at),
        unread: conversation.unread,
        status: conversation.status,
        assignee: conversation.assignee.as_ref().map(|(_, name)| name.clone()),
        is_open: open == Some(conversation.id),
    }
}

/// An item of a thread. In a group every message names who wrote it.
pub(super) fn item(found: &thread::Item, is_group: bool, members: &[Member]) -> Item {
    let by = || {
        let name = found.member.as_ref().map(|(_, name)| name.clone()).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| words().say("item-somebody"))
    };
    let name_of = |member_id: i64| {
        let member = members.iter().find(|member| member.id == member_id);
        member.map_or_else(|| words().say("item-somebody"), |member| member.name.clone())
    };
    let what = match &found.what {
        thread::What::Message(message) => What::Message(Box::new(bubble(found, message, is_group))),
        thread::What::Notice(content) => What::Notice(told(content)),
        thread::What::Reaction(emoji) => What::Reaction(emoji.clone()),
        thread::What::Act(timeline::Act::Memo(memo)) => What::Memo(by(), memo.text().to_owned()),
        thread::What::Act(timeline::Act::Assignment { after, .. }) => {
            What::Act(Act::Assigned { by: by(), to: after.map(name_of) })
        }
        thread::What::Act(timeline::Act::Status { after, .. }) => {
            What::Act(Act::Status { by: by(), to: *after })
        }
    };
    Item {
        id: id::message(found.id),
        at: Timestamp(found.at),
        received_at: Timestamp(found.received_at),
        what,
        is_history: found.is_history,
    }
}

fn bubble(found: &thread::Item, message: &Message, is_group: bool) -> Bubble {
    let side = side(found.direction);
    Bubble {
        side,
        author: found.author.clone().filter(|_| is_group && side == Side::Theirs),
        content: message.content.clone(),
        original: message.original.clone(),
        edited_at: message.edited_at.map(Timestamp),
        revoked_at: message.revoked_at.map(Timestamp),
        quote: message.answers.as_ref().map(quote),
        files: message.files.iter().map(file).collect(),
        reactions: message
            .reactions
            .iter()
            .map(|reaction| (reaction.emoji.clone(), who(reaction.author.as_ref(), reaction.direction)))
            .collect(),
        delivered: message.delivery().filter(|_| side == Side::Ours).map(|delivery| Delivered {
            delivery,
            error: message.deliveries.iter().find_map(|delivered| delivered.error.clone()),
        }),
        mark: mark(found.id, message),
    }
}

fn file(found: &attachment::Shown) -> File {
    let place = usize::try_from(found.place).unwrap_or_default();
    let address = format!("/files/{}", id::attachment(found.id));
    let (media_type, state) = match &found.state {
        State::Due { tries, detail } => {
            let trouble = detail.clone().filter(|_| *tries > 0);
            (None, FileState::Coming { trouble })
        }
        State::Kept { file, media_type } => {
            let bytes = u64::try_from(file.size).unwrap_or_default();
            (
                Some(media_type.clone()),
                FileState::Here { address, bytes, showing: media::showing(media_type) },
            )
        }
        State::Held { reason, detail } => {
            (None, FileState::Held { reason: *reason, detail: detail.clone(), address })
        }
    };
    let known = media_type.as_deref().unwrap_or(media::UNKNOWN);
    File {
        name: media::file_name(&found.declared, known, place + 1),
        kind: found.declared.kind,
        media_type,
        state,
    }
}

fn side(direction: Direction) -> Side {
    match direction {
        Direction::In => Side::Theirs,
        Direction::Out => Side::Ours,
    }
}

/// Who wrote something: the customer's name where it is known; of ours the provider knows a number only.
fn who(author: Option<&String>, direction: Direction) -> String {
    match (direction, author) {
        (Direction::In, Some(author)) => author.clone(),
        (Direction::In, None) => words().say("inbox-them"),
        (Direction::Out, _) => words().say("inbox-us"),
    }
}

/// What a notice says, without the provider's word for its kind, which stands before it.
fn told(content: &Content) -> Content {
    let part = |part: &Part| match part {
        Part::Text(text) => Part::Text(without_kind(text).to_owned()),
        other => other.clone(),
    };
    Content { parts: content.parts.iter().map(part).collect() }
}

fn without_kind(text: &str) -> &str {
    let is_kind = |kind: &str| kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match text.split_once(": ") {
        Some((kind, said)) if is_kind(kind) && !said.is_empty() => said,
        _ => text,
    }
}

fn quote(answered: &Answered) -> Quote {
    match answered {
        Answered::Unknown(_) => Quote { author: String::new(), content: None },
        Answered::Known(quote) => Quote {
            author: who(quote.author.as_ref(), quote.direction),
            content: (!quote.is_revoked).then(|| quote.content.clone()),
        },
    }
}

/// The worst state of the message's entries; none where no integration asks for it.
fn mark(item_id: i64, message: &Message) -> Option<Mark> {
    let state = |entry: &thread::Mark| match entry.state.as_str() {
        "written" => MarkState::Written,
        "held" => MarkState::Held,
        "skipped" => MarkState::Skipped,
        _ => MarkState::Due,
    };
    let state = message.entries.iter().map(state).max()?;
    Some(Mark { address: format!("/receipts/{}", id::message(item_id)), state })
}
