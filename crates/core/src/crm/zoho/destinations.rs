//! Which modules conversations can go to, why the others cannot, and what the connected user lacks.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{fields, modules};
use crate::record::{
    EntryKeying, EntryKind, EntryProfile, Missing, Module, ModuleProfile, OrgProfile, PersonField,
};

pub(super) const NO_PHONE: &str = "it has no phone field that can be filled in. A Zoho CRM administrator can add one \
                                   (Setup, Modules and Fields); then it can be chosen";
pub(super) const NO_NOTES: &str = "its records show no notes. A Zoho CRM administrator can add the related list Notes \
                                   (Setup, Modules and Fields)";
pub(super) const UNSEEN: &str = "the connected user may not see its fields";

/// Longest title of a note.
const NOTE_TITLE: u32 = 120;

/// Longest text of a note: more is documented for some versions, this holds for every edition. The same for tasks.
const TEXT: u32 = 32_000;

/// The status of a task that is over, as every org comes with it.
const DONE: &str = "Completed";

/// What speaks against a module before its fields are known.
pub(super) fn of_module(name: &str, row: &Value, profile: &ModuleProfile) -> Option<String> {
    let refusal = if modules::NEVER.contains(&name) {
        "it holds what is done with people, not the people"
    } else if fields::is_hidden(row) {
        "it is hidden in this Zoho CRM. An administrator can show it (Setup, Modules and Fields)"
    } else if !profile.is_readable {
        "the connected user may not see it. A Zoho CRM administrator can allow it in the user's profile"
    } else if !(profile.is_createable && profile.is_updateable) {
        "the connected user may not make and change its records. A Zoho CRM administrator can allow both in the user's \
         profile"
    } else {
        return None;
    };
    Some(refusal.to_owned())
}

/// Refuses a module with this reason, unless it has one.
pub(super) fn refuse(found: &mut OrgProfile, module: Module, reason: &str) {
    let destination = found.destinations.iter_mut().find(|known| known.module == module);
    if let Some(destination) = destination.filter(|known| known.refusal.is_none()) {
        destination.refusal = Some(reason.to_owned());
    }
}

/// Can a number be kept there, and be found again?
pub(super) fn has_phone(profile: &ModuleProfile) -> bool {
    profile.fields.iter().any(|field| field.kind == "phone" && field.is_createable)
}

/// What follows from everything that was learned.
pub(super) fn conclude(found: &mut OrgProfile) {
    found.lead_statuses = fields::lead_statuses(&found.module(Module::Lead));
    found.entries = entries(&found.module(Module::Task));
    found.missing = missing(found);
    // What can be chosen first, in Zoho's order.
    found.destinations.sort_by_key(|known| known.refusal.is_some());
}

/// No field of a note or a task can carry our key so that it could be asked for: their texts do.
fn entries(tasks: &ModuleProfile) -> BTreeMap<EntryKind, EntryProfile> {
    let keying = Some(EntryKeying::Text);
    let note = EntryProfile {
        keying: keying.clone(),
        done_status: None,
        subject_length: NOTE_TITLE,
        body_length: TEXT,
    };
    let mut entries = BTreeMap::from([(EntryKind::Note, note)]);
    let may_set = |name: &str| tasks.field(name).is_some_and(|field| field.is_createable);
    // Without the fields that say whose it is, a task would stand on nobody.
    let may_be_whole = ["Subject", "Description", "Who_Id", "What_Id"].into_iter().all(may_set);
    if tasks.is_createable && tasks.is_updateable && may_be_whole {
        let length = |name: &str, otherwise| {
            let known = tasks.field(name).map(|field| field.length).filter(|length| *length > 0);
            known.unwrap_or(otherwise)
        };
        let choices = tasks.field("Status").map(|field| field.choices.as_slice()).unwrap_or_default();
        let is_choice = choices.is_empty() || choices.iter().any(|choice| choice == DONE);
        let task = EntryProfile {
            keying,
            done_status: is_choice.then(|| DONE.to_owned()),
            subject_length: length("Subject", 255),
            body_length: length("Description", TEXT).min(TEXT),
        };
        entries.insert(EntryKind::Task, task);
    }
    entries
}

/// What chat sync needs and this user does not have, each with what to do about it.
fn missing(found: &OrgProfile) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut need = |is_there: bool, is_fatal: bool, what: &str, action: &str| {
        if !is_there {
            missing.push(Missing { what: what.to_owned(), action: action.to_owned(), is_fatal });
        }
    };
    need(
        found.destinations.iter().any(|known| known.refusal.is_none()),
        true,
        "a module that conversations can go to",
        "A Zoho CRM administrator has to let the connected user see, make and change records of a module with a phone field \
         and notes, such as Contacts, in the user's profile (Setup, Security Control, Profiles).",
    );
    for (module, title) in [(Module::Contact, "Contacts"), (Module::Lead, "Leads")] {
        let Some(profile) = found.modules.get(&module) else {
            let action = format!(
                "A Zoho CRM administrator has to show the module {title} (Setup, Modules and Fields) and allow it in the \
                 connected user's profile."
            );
            need(false, false, &format!("see {title}"), &action);
            continue;
        };
        let rights = [
            ("see", profile.is_readable),
            ("create", profile.is_createable),
            ("edit", profile.is_updateable),
        ];
        for (right, is_there) in rights {
            let action = format!(
                "A Zoho CRM administrator has to grant it in the connected user's profile (Setup, Security Control, \
                 Profiles, {title})."
            );
            need(is_there, false, &format!("{right} {title}"), &action);
        }
        if profile.fields.is_empty() {
            continue;
        }
        for value in [PersonField::Phone, PersonField::Email, PersonField::LastName, PersonField::Owner] {
            let name = modules::field_name(&module, None, &value).unwrap_or_default();
            let action = format!(
                "A Zoho CRM administrator has to make the field {name} of {title} visible and editable for the connected \
                 user's profile (Setup, Security Control, Profiles, Field-Level Security)."
            );
            let may_set = profile.holding(&value).is_some_and(|field| field.is_createable);
            need(may_set, false, &format!("set {title}.{name}"), &action);
        }
    }
    missing
}
