//! Conversations and items as values.

use causeway_core::timeline::{Act, Direction};
use serde_json::{Value, json};

use crate::{
    id,
    store::{
        conversation_list::{Called, Conversation},
        item::{delivery_word, direction_word},
        thread::{Answered, Item, Message, What},
    },
};

/// A conversation as a list shows it.
pub(super) fn row(conversation: &Conversation) -> Value {
    json!({
        "id": id::conversation(conversation.id),
        "contact": conversation.contact.as_ref().map(called),
        "subject": conversation.subject,
        "account": {
            "id": id::account(conversation.account_id),
            "channel": conversation.channel,
            "display": conversation.account,
        },
        "status": conversation.status.word(),
        "assignee": conversation.assignee.as_ref().map(member),
        "unread": conversation.unread,
        "created_at": conversation.created_at,
        "last_at": conversation.last_at,
        "preview": conversation.preview.as_ref().map(|preview| json!({
            "id": id::message(preview.item_id),
            "kind": preview.kind,
            "direction": direction_word(preview.direction),
            "at": preview.at,
            "content": preview.content,
            "revoked": preview.is_revoked,
        })),
    })
}

/// What a contact is called.
pub(super) fn called(called: &Called) -> Value {
    json!({
        "id": id::contact(called.contact_id),
        "name": called.name,
        "address": called.address,
    })
}

fn member((member_id, name): &(i64, String)) -> Value {
    json!({ "id": id::member(*member_id), "name": name })
}

/// An item of a thread.
pub(super) fn item(item: &Item) -> Value {
    let mut shown = match &item.what {
        What::Message(told) => message(told),
        What::Notice(content) => json!({ "kind": "notice", "content": content }),
        What::Reaction(emoji) => json!({ "kind": "reaction", "emoji": emoji }),
        What::Act(told) => act(told),
    };
    shown["id"] = json!(id::message(item.id));
    shown["direction"] = json!(direction_word(item.direction));
    shown["at"] = json!(item.at);
    shown["received_at"] = json!(item.received_at);
    shown["author"] = json!(item.author);
    shown["member"] = json!(item.member.as_ref().map(member));
    shown["history"] = json!(item.is_history);
    shown
}

fn message(message: &Message) -> Value {
    let quoted = |answered: &Answered| match answered {
        Answered::Unknown(provider_id) => json!({ "provider_id": provider_id }),
        Answered::Known(quote) => json!({
            "id": id::message(quote.id),
            "direction": direction_word(quote.direction),
            "author": quote.author,
            "content": quote.content,
            "revoked": quote.is_revoked,
        }),
    };
    let side = |direction: Direction| direction_word(direction);
    json!({
        "kind": "message",
        "provider_id": message.provider_id,
        "content": message.content,
        "original": message.original,
        "edited_at": message.edited_at,
        "revoked_at": message.revoked_at,
        "reply_to": message.answers.as_ref().map(quoted),
        "reactions": message.reactions.iter().map(|reaction| json!({
            "emoji": reaction.emoji,
            "direction": side(reaction.direction),
            "author": reaction.author,
        })).collect::<Vec<_>>(),
        "delivery": message.delivery().map(delivery_word),
        "deliveries": message.deliveries.iter().map(|delivered| json!({
            "participant": delivered.participant,
            "state": delivery_word(delivered.delivery),
            "at": delivered.at,
            "error": delivered.error,
        })).collect::<Vec<_>>(),
        "entries": message.entries.iter().map(|mark| json!({
            "integration": id::integration(mark.integration_id),
            "entry": id::entry(mark.entry_id),
            "state": mark.state,
            "reason": mark.reason,
        })).collect::<Vec<_>>(),
    })
}

fn act(act: &Act) -> Value {
    match act {
        Act::Memo(memo) => json!({ "kind": "memo", "text": memo.text() }),
        Act::Assignment { before, after } => json!({
            "kind": "assignment",
            "before": before.map(id::member),
            "after": after.map(id::member),
        }),
        Act::Status { before, after } => {
            json!({ "kind": "status", "before": before.word(), "after": after.word() })
        }
    }
}
