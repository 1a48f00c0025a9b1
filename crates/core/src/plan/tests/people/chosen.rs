//! A module of choice, and fields of choice for number, name and lead source (R4.10, R4.13, R4.14, R4.18).

use super::world::{NUMBER, World, person};
use crate::{
    call::Call,
    plan::{
        settings::{ChatSync, Create},
        tests::kit::{contact, lead},
    },
    record::{FieldProfile, Module, PersonField},
};

fn vendors() -> Module {
    Module::other("Vendors").expect("a name")
}

/// An org with a module of its own, whose only name is one field.
fn world(settings: ChatSync) -> World {
    let mut world = World::of(vec![person(1, NUMBER)], vec![contact("c").with_phone(NUMBER)]);
    let field = |name: &str, kind: &str, holds| FieldProfile {
        name: name.into(),
        label: name.into(),
        kind: kind.into(),
        holds,
        length: 100,
        is_createable: true,
        is_updateable: true,
        ..FieldProfile::default()
    };
    let mut profile = world.org.module(Module::Contact);
    let required =
        FieldProfile { is_required: true, ..field("Vendor_Name", "string", Some(PersonField::LastName)) };
    profile.fields = vec![
        required,
        field("Phone", "phone", Some(PersonField::Phone)),
        field("Mobile", "phone", None),
        field("Nickname", "string", None),
        field("Origin", "picklist", None),
    ];
    world.org.modules.insert(vendors(), profile);
    world.settings = settings;
    world
}

#[test]
fn only_the_module_of_choice_is_searched_and_a_stranger_becomes_a_record_there() {
    let mut world = world(ChatSync { module: Some(vendors()), ..ChatSync::default() });
    let asked = world.plan().asks.into_iter().find_map(|ask| match ask.call {
        Call::FindPeople(query) => Some(query.modules),
        _ => None,
    });
    assert_eq!(asked, Some(vec![vendors()]));
    // The search over-matches here: the contact with this number is not looked for, whatever comes back.
    world.crm.clear();
    let made = world.one_write();
    assert_eq!((made.write.module, &made.write.id), (vendors(), &None));
    assert_eq!(
        made.write.fields[&PersonField::LastName],
        "Anna Nowak",
        "where there is one field, the name is whole"
    );
    assert!(!made.write.fields.contains_key(&PersonField::FirstName));
    assert!(!made.write.fields.contains_key(&PersonField::Company));
}

#[test]
fn number_name_and_source_go_where_they_are_to_go() {
    let mut world = world(ChatSync {
        module: Some(vendors()),
        phone_field: Some("Mobile".into()),
        name_field: Some("Nickname".into()),
        source_field: Some("Origin".into()),
        lead_source: "Chat".into(),
        ..ChatSync::default()
    });
    world.crm.clear();
    let fields = world.one_write().write.fields;
    let custom = |name: &str| fields.get(&PersonField::Custom(name.into())).map(String::as_str);
    assert_eq!(custom("Mobile"), Some(NUMBER));
    assert_eq!((custom("Nickname"), custom("Origin")), (Some("Anna Nowak"), Some("Chat")));
    assert_eq!(fields[&PersonField::LastName], "Anna Nowak", "the module cannot be without it");
    assert!(!fields.contains_key(&PersonField::Phone) && !fields.contains_key(&PersonField::LeadSource));
}

#[test]
fn the_usual_field_by_its_name_is_the_usual_field() {
    let mut world =
        world(ChatSync { module: Some(vendors()), phone_field: Some("Phone".into()), ..ChatSync::default() });
    world.crm.clear();
    assert_eq!(world.one_write().write.fields[&PersonField::Phone], NUMBER);
}

#[test]
fn of_several_in_the_module_of_choice_the_newest_is_taken() {
    let mut world = world(ChatSync { module: Some(Module::Lead), ..ChatSync::default() });
    world.crm.clear();
    for (id, day) in [("a", "2026-01-01T00:00:00Z"), ("b", "2026-01-02T00:00:00Z")] {
        let mut found = lead(id, "New").with_phone(NUMBER);
        found.modified_at = super::super::kit::at(day);
        world.crm.insert(found.record.clone(), found);
    }
    world.settle();
    assert_eq!(world.state(1).link.as_ref().map(|record| record.id.as_str()), Some("b"));
}

#[test]
fn with_creating_off_nothing_is_made_in_the_module_of_choice() {
    let settings = ChatSync { module: Some(vendors()), create: Create::Off, ..ChatSync::default() };
    assert_eq!(settings.new_module(), None);
    let mut world = world(settings);
    world.crm.clear();
    assert_eq!(world.answered().holds.len(), 1);
}
