//! The envelope of a change: which account it is about, and what its elements share.
//!
//! `metadata.phone_number_id` names the account; the display number may change. `contacts` describes customers in no
//! particular order, so elements find theirs by id. `errors` explains, among others, messages without content.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview>

use super::{notice, party::Contact};
use crate::{
    channels::meta::{
        fields::{Fields, Unreadable},
        layer::{Layer, Members},
    },
    time::Timestamp,
    timeline::{Chat, Event, Poison},
};

/// What the elements of one change share.
pub(super) struct Scene {
    /// The channel account, or the business account for what concerns no single number.
    pub(super) account: String,
    /// The number that people see.
    pub(super) display: Option<String>,
    /// Everybody whom the change describes.
    pub(super) contacts: Vec<Contact>,
    /// The first error beside the messages.
    pub(super) error: Option<String>,
    /// The change is about the time before the account was connected.
    pub(super) is_history: bool,
}

/// One thing that an element told.
pub(super) struct Happening {
    pub(super) at: Option<Timestamp>,
    pub(super) chat: Chat,
    pub(super) event: Event,
}

/// All that an element told, or why it cannot be read.
pub(super) type Told = Result<Vec<Happening>, Unreadable>;

/// The account in `metadata`, as (id, display number); `None` for a change that has no single number.
pub(super) fn account(value: &Members) -> Result<Option<(String, Option<String>)>, Poison> {
    let Some(layer) = value.get("metadata") else { return Ok(None) };
    let object = layer.object()?;
    let metadata = Fields(&object);
    let id = metadata.id("phone_number_id").map_err(|error| layer.poison(error))?;
    Ok(id.map(|id| (id, metadata.text("display_phone_number"))))
}

/// The people in `contacts`; one that cannot be read is told to `poison` and left out.
pub(super) fn contacts(value: &Members, mut poison: impl FnMut(Poison)) -> Vec<Contact> {
    let layers =
        value.get("contacts").map_or(Ok(Vec::new()), |list| list.elements()).unwrap_or_else(|part| {
            poison(part);
            Vec::new()
        });
    let read = |layer: &Layer| {
        let object = layer.object()?;
        Contact::read(Fields(&object)).map_err(|error| layer.poison(error))
    };
    layers.iter().filter_map(|layer| read(layer).map_err(&mut poison).ok()).collect()
}

/// The first of `errors` in words. One that cannot be read is reported where the errors themselves are told.
pub(super) fn first_error(value: &Members) -> Option<String> {
    let first = value.get("errors")?.elements().ok()?.into_iter().next()?;
    notice::error(Fields(&first.object().ok()?))
}
