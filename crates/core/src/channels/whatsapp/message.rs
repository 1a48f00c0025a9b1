//! One element of `messages` (and of echoes and history, which have the same form).
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>

use super::{
    card, content,
    envelope::{Happening, Scene, Told},
    notice,
    party::Ids,
    system,
};
use crate::{
    channels::meta::fields::{Fields, Unreadable},
    timeline::{Chat, Direction, Event, Message, Referral},
};

/// What an element of `messages` tells: something that a customer did.
pub(super) fn inbound(scene: &Scene, fields: Fields) -> Told {
    received(scene, fields, None)
}

/// The same; `thread` names whoever a message of the past came from, if it does not say so itself.
pub(super) fn received(scene: &Scene, fields: Fields, thread: Option<&str>) -> Told {
    if kind(fields)? == "system" {
        return system::system(scene, fields);
    }
    let mut ids = Ids::read(fields, "from", "from_user_id", "from_parent_user_id")?;
    if ids.number.is_none() && ids.user.is_none() {
        ids.number = thread.map(str::to_owned);
    }
    let author = ids.party(&scene.contacts);
    let chat = match fields.id("group_id")? {
        Some(id) => Chat::Group { id, subject: None, author },
        // Somebody who shares their own number on request may be named by nothing else.
        None => Chat::Person(author.or_else(|| card::sender(fields)).ok_or_else(nobody)?),
    };
    told(scene, fields, chat, Direction::In)
}

/// What an element tells once it is known who acted and in which direction.
pub(super) fn told(scene: &Scene, fields: Fields, chat: Chat, direction: Direction) -> Told {
    let kind = kind(fields)?;
    if kind == "request_welcome" {
        // Retired: it only said that somebody had opened the chat.
        return Ok(Vec::new());
    }
    let id = fields.required_id("id")?;
    let at = fields.at("timestamp");
    let event = match kind.as_str() {
        "reaction" => {
            let reaction = fields.required_object("reaction")?;
            let target = reaction.required_id("message_id")?;
            // Absent or empty: the reaction was taken away.
            let emoji = if reaction.has("emoji") { Some(reaction.required_text("emoji")?) } else { None };
            Event::Reaction { id, target, emoji: emoji.filter(|emoji| !emoji.is_empty()), direction }
        }
        "edit" => {
            let edit = fields.required_object("edit")?;
            let target = edit.required_id("original_message_id")?;
            let new = edit.required_object("message")?;
            let content = content::read(&self::kind(new)?, new, explanation(scene, new).as_deref())?;
            Event::Edit { id, target, content }
        }
        "revoke" => {
            let target = fields.required_object("revoke")?.required_id("original_message_id")?;
            Event::Revoke { id, target }
        }
        _ => {
            let context = fields.object("context");
            let is_forwarded =
                |context: Fields| context.is_true("forwarded") || context.is_true("frequently_forwarded");
            Event::Message(Message {
                direction,
                content: content::read(&kind, fields, explanation(scene, fields).as_deref())?,
                reply_to: context.and_then(|context| context.text("id")).filter(|id| id != NO_MESSAGE),
                is_forwarded: context.is_some_and(is_forwarded),
                is_history: scene.is_history,
                referral: fields.object("referral").and_then(referral),
                id,
            })
        }
    };
    let own = own_addresses(scene, fields, &chat, direction);
    let mut happenings = vec![Happening { at, chat: chat.clone(), event }];
    happenings.extend(own.map(|event| Happening { at, chat, event }));
    Ok(happenings)
}

/// The placeholder where a context names no message.
const NO_MESSAGE: &str = "M0";

/// The word for what the element is; `unknown` if it does not say.
pub(super) fn kind(fields: Fields) -> Result<String, Unreadable> {
    if fields.has("type") { fields.required_text("type") } else { Ok("unknown".into()) }
}

pub(super) fn nobody() -> Unreadable {
    Unreadable("it does not say whose it is: `from` and `from_user_id` are missing".into())
}

/// Why there may be no content: the message's own error, or the one beside the messages.
fn explanation(scene: &Scene, fields: Fields) -> Option<String> {
    fields.objects("errors").find_map(notice::error).or_else(|| scene.error.clone())
}

/// A card sent on our request is the sender's own: its number is a new address of theirs.
fn own_addresses(scene: &Scene, fields: Fields, chat: &Chat, direction: Direction) -> Option<Event> {
    if scene.is_history || direction == Direction::Out || !matches!(chat, Chat::Person(_)) {
        return None;
    }
    let addresses = card::own_addresses(fields);
    let id = fields.text("id")?;
    (!addresses.is_empty()).then(|| Event::NewAddresses {
        id: format!("{id}#addresses"),
        addresses,
        text: "Shared their own contact information".into(),
    })
}

/// The advertisement behind the first message of a customer who came through one.
fn referral(fields: Fields) -> Option<Referral> {
    let referral = Referral {
        url: fields.text("source_url"),
        id: fields.text("source_id"),
        headline: fields.text("headline"),
    };
    (referral != Referral::default()).then_some(referral)
}
