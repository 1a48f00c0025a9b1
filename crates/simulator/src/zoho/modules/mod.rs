//! The modules of a fresh org, as the vendor delivers them and as this customer extended them.

mod activities;
mod builder;
mod business;
mod custom;
mod people;

use super::ids::Ids;
use super::schema::{Field, Kind, Module};
pub use activities::ANY_MODULE;
pub use builder::field;
use builder::{lookup, module};
pub use custom::bare as custom;

/// Every module of a fresh org, with its ids.
pub fn all(ids: Ids) -> Vec<Module> {
    let mut all = vec![
        tab_only("Home"),
        people::leads(),
        people::contacts(),
        people::accounts(),
        business::deals(),
        activities::tasks(),
        activities::events(),
        activities::calls(),
        business::campaigns(),
        business::products(),
        people::vendors(),
        business::cases(),
        tab_only("Feeds"),
        tab_only("Reports"),
        notes(),
        attachments(),
    ];
    all.extend(custom::all());
    for (place, module) in (0..).zip(&mut all) {
        module.id = ids.metadata(2_000 + 2 * place + 1);
        module.layout_id = ids.metadata(91_001 + 2 * place);
        for (field_place, field) in (0..).zip(&mut module.fields) {
            give_ids(field, ids, 100 * place + field_place);
        }
    }
    all
}

/// The ids of a field and its options, by its number in the org.
pub fn give_ids(field: &mut Field, ids: Ids, number: u64) {
    field.id = ids.metadata(10_001 + 2 * number);
    for (place, choice) in (0..).zip(&mut field.choices) {
        if choice.id.is_empty() {
            choice.id = ids.metadata(100_001 + 40 * number + place);
        }
    }
}

/// The number that the ids of a field were made from.
pub fn number_of(field: &Field, ids: Ids) -> Option<u64> {
    let first = super::ids::parse(&ids.metadata(10_001))?;
    Some(super::ids::parse(&field.id)?.checked_sub(first)? / 2)
}

/// A number that no field of these modules has.
pub fn fresh_number(modules: &[Module], ids: Ids) -> u64 {
    const FIRST_CUSTOM: u64 = 5_000;
    let fields = modules.iter().flat_map(|module| &module.fields);
    fields
        .filter_map(|field| number_of(field, ids))
        .max()
        .map_or(FIRST_CUSTOM, |last| (last + 1).max(FIRST_CUSTOM))
}

fn tab_only(api_name: &str) -> Module {
    let mut tab = module(api_name, api_name, vec![vec![field("Name", Kind::Text, 120)]]);
    tab.fields.clear();
    tab.api_supported = false;
    tab.creatable = false;
    tab.editable = false;
    tab.deletable = false;
    tab.searchable = false;
    tab
}

fn notes() -> Module {
    let mut notes = module(
        "Notes",
        "Note",
        vec![vec![
            field("Note_Title", Kind::Text, 120),
            field("Note_Content", Kind::Textarea, 65_535),
            lookup("Parent_Id", ANY_MODULE),
        ]],
    );
    "system_hidden".clone_into(&mut notes.status);
    notes.searchable = false;
    notes
}

fn attachments() -> Module {
    let mut attachments = module(
        "Attachments",
        "Attachment",
        vec![vec![
            field("File_Name", Kind::Text, 255),
            field("Size", Kind::Bigint, 20).read_only(),
            lookup("Parent_Id", ANY_MODULE),
        ]],
    );
    "system_hidden".clone_into(&mut attachments.status);
    attachments.searchable = false;
    attachments
}
