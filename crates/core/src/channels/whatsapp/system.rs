//! What WhatsApp itself says about a person: a new number, a new user id, a new device.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system>

use super::{
    envelope::{Happening, Scene, Told},
    message,
    party::Ids,
};
use crate::{
    channels::meta::fields::Fields,
    timeline::{Chat, Event},
};

/// A message of type `system`.
pub(super) fn system(scene: &Scene, fields: Fields) -> Told {
    let id = fields.required_id("id")?;
    let at = fields.at("timestamp");
    let system = fields.required_object("system")?;
    let kind = message::kind(system)?;
    let text = system.text("body").unwrap_or_else(|| kind.replace('_', " "));
    let mut old = Ids::read(fields, "from", "from_user_id", "from_parent_user_id")?;
    let new = Ids {
        // Older payloads say `new_wa_id`.
        number: system.id("wa_id")?.or(system.id("new_wa_id")?),
        user: system.id("user_id")?,
        parent: system.id("parent_user_id")?,
    };
    let addresses = new.addresses();
    let is_change = match kind.as_str() {
        "user_changed_number" | "customer_changed_number" => {
            old.number = old.number.or(system.id("customer")?);
            !addresses.is_empty()
        }
        "user_changed_user_id" => {
            old.user = old.user.or(system.id("previous_user_id")?).or_else(|| previous(&text, &new));
            !addresses.is_empty()
        }
        _ => false,
    };
    let chat = old.party(&scene.contacts).map_or(Chat::Account, Chat::Person);
    let event = if is_change && !scene.is_history && chat != Chat::Account {
        Event::NewAddresses { id, addresses, text }
    } else {
        Event::Notice { id: Some(id), kind, text }
    };
    Ok(vec![Happening { at, chat, event }])
}

/// The old user id, which stands only in the text: "User NAME changed from OLD to NEW". The name is the person's own
/// and may say anything, so only what stands behind the last "from", before the id that the payload confirms, counts.
fn previous(text: &str, new: &Ids) -> Option<String> {
    let (_, change) = text.rsplit_once(" from ")?;
    let (old, confirmed) = change.split_once(" to ")?;
    let is_confirmed = Some(confirmed.trim().trim_end_matches('.')) == new.user.as_deref();
    (is_confirmed && !old.is_empty() && !old.contains(' ')).then(|| old.to_owned())
}

/// An element of the field `user_id_update`: somebody's business-scoped user id has changed.
pub(super) fn user_id_update(scene: &Scene, fields: Fields) -> Told {
    let user_id = fields.required_object("user_id")?;
    let current = user_id.required_id("current")?;
    let parent = fields.object("parent_user_id");
    let parent = |name| parent.map_or(Ok(None), |parent| parent.id(name));
    let number = fields.id("wa_id")?;
    let old = Ids { number: number.clone(), user: user_id.id("previous")?, parent: parent("previous")? };
    let new = Ids { number, user: Some(current.clone()), parent: parent("current")? };
    let text = fields.text("detail").unwrap_or_else(|| format!("The user id is now {current}"));
    let at = fields.at("timestamp");
    let stamp = fields.text("timestamp").unwrap_or_default();
    let id = format!("user_id_update:{current}:{stamp}");
    let (chat, event) = match old.party(&scene.contacts) {
        Some(party) => (Chat::Person(party), Event::NewAddresses { id, addresses: new.addresses(), text }),
        // Nothing says whose id it was.
        None => (Chat::Account, Event::Notice { id: Some(id), kind: "user_id_update".into(), text }),
    };
    Ok(vec![Happening { at, chat, event }])
}
