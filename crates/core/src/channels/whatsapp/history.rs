//! What happened before the account was connected (`history`): up to 180 days of a shared number's past.
//!
//! All of it is shown and none of it has consequences: a number that changed last spring is told as a notice, because
//! by now it may be somebody else's.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history>

use serde_json::Value;

use super::{
    echo,
    envelope::{Scene, Told},
    message,
    party::is_same_number,
    system,
};
use crate::{
    channels::meta::fields::{Fields, scalar},
    timeline::Direction,
};

/// A message of a thread; `thread` is the thread's id, which is the customer's number.
pub(super) fn past(scene: &Scene, fields: Fields, thread: Option<&Value>) -> Told {
    let thread = thread.and_then(scalar);
    if message::kind(fields)? == "system" {
        return system::system(scene, fields);
    }
    let is_ours = match fields.object("history_context") {
        Some(context) if context.has("from_me") => context.is_true("from_me"),
        _ => is_from_us(scene, fields),
    };
    if is_ours {
        let customer = echo::customer(scene, fields, thread.as_deref())?;
        return message::told(scene, fields, echo::chat(fields, customer)?, Direction::Out);
    }
    message::received(scene, fields, thread.as_deref())
}

/// A message outside any thread: a recent file, sent again with its id.
pub(super) fn late(scene: &Scene, fields: Fields) -> Told {
    past(scene, fields, None)
}

fn is_from_us(scene: &Scene, fields: Fields) -> bool {
    let from = fields.text("from");
    matches!((&scene.display, from), (Some(ours), Some(from)) if is_same_number(ours, &from))
}
