//! Echoes: messages that a person of ours sent from the Business app or a linked device (`smb_message_echoes`).
//!
//! They always went out. Published echoes of edits and deletions have `from` and `to` the wrong way round, so the
//! customer is whichever of the two is not the business's own number.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_message_echoes>

use super::{
    envelope::{Scene, Told},
    message,
    party::{Contact, Ids, is_same_number},
};
use crate::{
    channels::meta::fields::{Fields, Unreadable},
    timeline::{Chat, Direction, Party},
};

/// What an element of `message_echoes` tells.
pub(super) fn echo(scene: &Scene, fields: Fields) -> Told {
    let customer = customer(scene, fields, None)?;
    let customer = customer.or_else(|| scene.contacts.first().and_then(Contact::party));
    message::told(scene, fields, chat(fields, customer)?, Direction::Out)
}

/// The thread with `customer`, or the group that the element names.
pub(super) fn chat(fields: Fields, customer: Option<Party>) -> Result<Chat, Unreadable> {
    Ok(match fields.id("group_id")? {
        // The author is one of us.
        Some(id) => Chat::Group { id, subject: None, author: None },
        None => Chat::Person(customer.ok_or_else(message::nobody)?),
    })
}

/// The party that is not the business: of `to`, `thread` and `from` the first that differs from its number.
pub(super) fn customer(
    scene: &Scene,
    fields: Fields,
    thread: Option<&str>,
) -> Result<Option<Party>, Unreadable> {
    let is_ours = |id: &String| scene.display.as_deref().is_some_and(|ours| is_same_number(ours, id));
    let other = |id: Option<String>| id.filter(|id| !is_ours(id));
    // Only a customer has user ids, whichever side they stand on.
    let to = Ids::read(fields, "to", "to_user_id", "to_parent_user_id")?;
    let from = Ids::read(fields, "from", "from_user_id", "from_parent_user_id")?;
    let user = to.user.or(from.user);
    let is_reversed = to.number.as_ref().is_some_and(is_ours);
    let mut number = other(to.number).or_else(|| other(thread.map(str::to_owned)));
    if number.is_none() && (is_reversed || user.is_none()) {
        number = other(from.number);
    }
    let ids = Ids { number, user, parent: to.parent.or(from.parent) };
    Ok(ids.party(&scene.contacts))
}
