//! One element of `statuses`: how far a message of ours has come.
//!
//! A status may arrive before the answer to the request that sent the message, in any order, and for messages that
//! another program sent. In a group there is one for each participant.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status>

use super::{
    envelope::{Happening, Scene, Told},
    notice,
    party::Ids,
};
use crate::{
    channels::meta::fields::{Fields, Unreadable},
    timeline::{Chat, Delivery, Event},
};

pub(super) fn status(scene: &Scene, fields: Fields) -> Told {
    let target = fields.required_id("id")?;
    let word = fields.required_text("status")?;
    let participant = ["recipient_participant_user_id", "recipient_participant_id"];
    let participant = participant.into_iter().find_map(|name| fields.text(name));
    let error = fields.objects("errors").find_map(notice::error);
    let is_call = fields.text("type").as_deref() == Some("call");
    let delivery = match word.as_str() {
        _ if is_call => None,
        "sent" => Some(Delivery::Sent),
        "delivered" => Some(Delivery::Delivered),
        "read" => Some(Delivery::Read),
        "played" => Some(Delivery::Played),
        "failed" => Some(Delivery::Failed),
        _ => None,
    };
    let event = if let Some(delivery) = delivery {
        Event::Status { target, delivery, participant, error }
    } else {
        let whose = participant.map(|participant| format!(":{participant}")).unwrap_or_default();
        Event::Notice {
            id: Some(format!("{target}:{word}{whose}")),
            kind: format!("{}.{word}", if is_call { "call" } else { "status" }),
            text: error.unwrap_or_else(|| format!("{target}: {word}")),
        }
    };
    Ok(vec![Happening { at: fields.at("timestamp"), chat: chat(scene, fields)?, event }])
}

/// The thread with the recipient, as far as the status names one.
fn chat(scene: &Scene, fields: Fields) -> Result<Chat, Unreadable> {
    if fields.text("recipient_type").as_deref() == Some("group") {
        let id = fields.id("recipient_id")?;
        return Ok(id.map_or(Chat::Account, |id| Chat::Group { id, subject: None, author: None }));
    }
    // The parent id's name differs from sample to sample; it is not needed.
    let ids = Ids::read(fields, "recipient_id", "recipient_user_id", "parent_recipient_user_id")?;
    Ok(ids.party(&scene.contacts).map_or(Chat::Account, Chat::Person))
}
