//! Where people look at records, and records as people paste them: an id, or the address that their browser shows.
//!
//! An address names the organization, a word for the module (`Potentials` for deals, `CustomModule3` for one of the customer's
//! own) and the record. A note has no page: it is looked at on its record.

use super::{hosts, modules, wire};
use crate::{
    crm::{
        Place,
        pointer::{Pointer, PointerRefused},
    },
    record::{EntryKind, Module, RecordRef},
};

/// The fewest digits of an id that stands alone: a telephone number is shorter.
const ALONE: usize = 16;

/// The fewest digits of an id in an address.
const IN_ADDRESS: usize = 6;

pub(super) fn of_record(place: Place<'_>, record: &RecordRef) -> String {
    let tab =
        place.tabs.get(&record.module).map_or_else(|| modules::api_name(&record.module), String::as_str);
    in_tab(place, tab, &record.id)
}

pub(super) fn of_entry(place: Place<'_>, kind: EntryKind, id: &str, on: Option<&RecordRef>) -> String {
    match (kind, on) {
        (EntryKind::Task, _) => of_record(place, &RecordRef { module: Module::Task, id: id.to_owned() }),
        (EntryKind::Note, Some(on)) => of_record(place, on),
        (EntryKind::Note, None) => in_tab(place, "Home", ""),
    }
}

fn in_tab(place: Place<'_>, tab: &str, id: &str) -> String {
    let clean = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    let (pages, org, tab, id) =
        (hosts::pages(place.instance_url), clean(place.org_id), clean(tab), clean(id));
    let tail = if id.is_empty() { String::new() } else { format!("/{id}") };
    format!("{pages}/crm/org{org}/tab/{tab}{tail}")
}

/// What a text points at, in this organization.
pub(super) fn pointer(place: Place<'_>, text: &str) -> Result<Pointer, PointerRefused> {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        let is_alone = wire::is_id(text) && text.len() >= ALONE;
        return if is_alone {
            Ok(Pointer { kind: String::new(), id: text.to_owned() })
        } else {
            Err(PointerRefused::NoRecord)
        };
    };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(PointerRefused::NoRecord);
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let tab = parts.iter().position(|part| *part == "tab").ok_or(PointerRefused::NoRecord)?;
    let (Some(word), Some(id)) = (parts.get(tab + 1), parts.get(tab + 2)) else {
        return Err(PointerRefused::NoRecord);
    };
    if !wire::is_id(id) || id.len() < IN_ADDRESS || !wire::is_name(word) {
        return Err(PointerRefused::NoRecord);
    }
    let org = tab.checked_sub(1).and_then(|at| parts.get(at)?.strip_prefix("org"));
    let is_ours = org.is_none_or(|org| org == place.org_id);
    let pages = hosts::pages(place.instance_url);
    let our_host = pages.split_once("://").map_or(pages.as_str(), |(_, host)| host);
    if !is_ours || !host.eq_ignore_ascii_case(our_host) {
        return Err(PointerRefused::OtherOrg);
    }
    let named = place.tabs.iter().find(|(_, tab)| tab == word).map(|(module, _)| modules::api_name(module));
    Ok(Pointer { kind: named.unwrap_or(word).to_owned(), id: (*id).to_owned() })
}

/// Where a person looks at what a pointer names. Of an id alone Zoho does not know the page.
pub(super) fn of_pointer(place: Place<'_>, pointer: &Pointer) -> String {
    match modules::named(&pointer.kind) {
        Some(module) => of_record(place, &RecordRef { module, id: pointer.id.clone() }),
        None => in_tab(place, "Home", ""),
    }
}
