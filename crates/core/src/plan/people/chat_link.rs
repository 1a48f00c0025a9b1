//! The chat link on a person's record: once for each record and conversation (R2.7, R2.46, X7).

use super::{Input, PersonState, Written};
use crate::{
    plan::{settings::ChatSync, text, wording},
    record::{ModuleProfile, PersonField, PersonRecord},
};

/// Is the link of the present conversation still to be put on the record?
pub(super) fn is_wanted(person: &PersonState, settings: &ChatSync) -> bool {
    is_missing(person, &person.written, settings)
}

/// The same, given what was written. A field of choice takes one link, the description one for each conversation.
pub(super) fn is_missing(person: &PersonState, written: &Written, settings: &ChatSync) -> bool {
    let is_new = !written.chat_links.contains(&person.conversation.id);
    is_new && (settings.link_field.is_none() || written.chat_links.is_empty())
}

/// Where the chat link goes on a record that stands, the whole new value, and what stands there: `None` when it is
/// there already or has no place.
pub(super) fn place(
    person: &PersonState,
    found: &PersonRecord,
    input: &Input<'_>,
) -> Option<(PersonField, String, String)> {
    let url = &person.conversation.chat_url;
    let profile = input.org.module(found.record.module);
    if let Some(name) = &input.settings.link_field {
        let was = found.extra.get(name).map(|was| was.trim().to_owned()).unwrap_or_default();
        let is_free = was.is_empty() && holds_link(&profile, name, url, |field| field.is_updateable);
        return is_free.then(|| (PersonField::Custom(name.clone()), url.clone(), was));
    }
    let was = found.description.clone().unwrap_or_default();
    if was.contains(url.as_str()) {
        return None;
    }
    let link = wording::chat_link(&person.conversation.channel, url);
    let value = if was.is_empty() { link } else { format!("{was}\n{link}") };
    let longest = profile.holding(&PersonField::Description).map_or(0, |field| field.length as usize);
    // A full description is left alone rather than cut; the link stands in every entry anyway.
    (text::units(&value) <= longest).then_some((PersonField::Description, value, was))
}

/// Does the module have this field, may we set it, and is it long enough?
pub(super) fn holds_link(
    profile: &ModuleProfile,
    name: &str,
    url: &str,
    may_set: impl Fn(&crate::record::FieldProfile) -> bool,
) -> bool {
    let fits = |length: u32| length == 0 || text::units(url) <= length as usize;
    profile.field(name).is_some_and(|field| may_set(field) && fits(field.length))
}
