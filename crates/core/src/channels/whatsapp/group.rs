//! What happens to groups: made, joined, left, renamed, suspended. Each is a notice in the group's thread; whether
//! groups are synced at all is a setting (R4.33).
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks>

use super::{
    envelope::{Happening, Scene, Told},
    message, notice,
};
use crate::{
    channels::meta::fields::Fields,
    timeline::{Chat, Event},
};

/// An element of `groups`.
pub(super) fn affair(_: &Scene, fields: Fields) -> Told {
    let id = fields.required_id("group_id")?;
    let kind = message::kind(fields)?;
    let subject = fields.text("subject");
    let text = match fields.objects("errors").find_map(notice::error) {
        Some(error) => format!("{} failed: {error}", kind.replace('_', " ")),
        None => text(&kind, fields),
    };
    let chat = Chat::Group { id, subject, author: None };
    Ok(vec![Happening { at: fields.at("timestamp"), chat, event: Event::Notice { id: None, kind, text } }])
}

fn text(kind: &str, fields: Fields) -> String {
    let people = |list: &str| fields.objects(list).map(name).collect::<Vec<_>>().join(", ");
    match kind {
        "group_create" => "The group was created".into(),
        "group_delete" => "The group was deleted".into(),
        "group_participants_add" => format!("{} joined", people("added_participants")),
        "group_participants_remove" => {
            let people = people("removed_participants");
            let is_own_wish = fields.text("initiated_by").as_deref() == Some("participant");
            format!("{people} {}", if is_own_wish { "left" } else { "was removed" })
        }
        "group_join_request_created" => format!("{} asks to join", name(fields)),
        "group_join_request_revoked" => format!("{} no longer asks to join", name(fields)),
        _ => notice::summary(fields),
    }
}

/// How a person is called here; a removal by the business may name them only by what it sent itself (`input`).
fn name(person: Fields) -> String {
    let names = ["username", "wa_id", "user_id", "input"];
    names.into_iter().find_map(|name| person.text(name)).unwrap_or_else(|| "Somebody".into())
}
