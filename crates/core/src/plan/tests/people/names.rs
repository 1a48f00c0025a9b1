//! Names of new records: from the profile, else from the template, within the org's lengths.

use super::world::{NUMBER, World, person, with_email};
use crate::{
    plan::{
        people::PersonState,
        tests::kit::{Dice, field_of},
        text,
    },
    record::{Module, PersonField, PersonFields},
};

fn named(name: &str) -> World {
    World::of(vec![PersonState { name: Some(name.into()), ..person(1, NUMBER) }], vec![])
}

fn made(world: &mut World) -> PersonFields {
    world.one_write().write.fields
}

/// Given and family name.
fn names(world: &mut World) -> (String, String) {
    let fields = made(world);
    let value = |field| fields.get(&field).cloned().unwrap_or_default();
    (value(PersonField::FirstName), value(PersonField::LastName))
}

#[test]
fn the_last_word_is_the_family_name() {
    for (name, first, last) in [
        ("Anna Nowak", "Anna", "Nowak"),
        ("  Anna   Maria \n Nowak ", "Anna Maria", "Nowak"),
        ("Anna", "", "Anna"),
        ("田中", "", "田中"),
        ("Анна 🌸", "Анна", "🌸"),
        ("\u{0}Anna\u{7}Nowak", "Anna", "Nowak"),
    ] {
        assert_eq!(names(&mut named(name)), (first.into(), last.into()), "{name:?}");
    }
}

#[test]
fn a_profile_name_without_a_letter_is_none_and_is_kept_in_the_description() {
    for name in ["😀", ".", "👩‍👩‍👧‍👦 🌸", "+1 415 555-2671", "~ 123 ~"] {
        let mut world = named(name);
        assert_eq!(names(&mut world), (String::new(), format!("WhatsApp {NUMBER}")), "{name}");
        let description = made(&mut world)[&PersonField::Description].clone();
        assert!(description.ends_with(&format!("\nName: {name}")), "{description}");
    }
}

#[test]
fn without_a_profile_name_the_template_makes_one() {
    for (template, last) in [
        ("{channel} {phone}", format!("WhatsApp {NUMBER}")),
        ("Unknown", "Unknown".into()),
        ("{phone}", NUMBER.into()),
        ("  ", NUMBER.into()),
    ] {
        for name in [None, Some("   ".to_owned())] {
            let mut world = World::of(vec![PersonState { name, ..person(1, NUMBER) }], vec![]);
            world.settings.name_template = template.into();
            assert_eq!(names(&mut world), (String::new(), last.clone()), "{template:?}");
        }
    }
}

#[test]
fn a_person_without_a_number_is_named_by_the_e_mail_address() {
    let mut anna = with_email(person(1, NUMBER), "anna@example.com");
    (anna.name, _) = (None, anna.addresses.remove(0));
    let mut world = World::of(vec![anna], vec![]);
    assert_eq!(names(&mut world).1, "WhatsApp anna@example.com");
    assert!(!made(&mut world).contains_key(&PersonField::Phone));
}

#[test]
fn names_are_within_the_orgs_lengths_and_stand_whole_in_the_description() {
    let mut dice = Dice(8);
    for _ in 0..200 {
        let letters = ["a", "ß", "漢", "👩‍👩‍👧", "e\u{301}", " ", "Ł"];
        let name: String = (0..20 + dice.below(200)).map(|_| dice.pick(&letters)).collect();
        let whole = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut world = named(&name);
        field_of(&mut world.org, Module::Lead, "LastName").length = 30;
        let (first, last) = names(&mut world);
        assert!(text::units(&first) <= 40 && text::units(&last) <= 30, "{first} | {last}");
        if format!("{first} {last}").trim() != whole {
            assert!(first.ends_with('…') || last.ends_with('…'), "{first} | {last}");
            assert!(made(&mut world)[&PersonField::Description].ends_with(&format!("\nName: {whole}")));
        }
    }
}

#[test]
fn a_shortened_name_stands_whole_even_where_a_field_takes_the_link() {
    let long = "Wolfeschlegelsteinhausenbergerdorff".repeat(4);
    let mut world = named(&long);
    world.settings.link_field = Some("Chat__c".into());
    let fields = made(&mut world);
    assert_eq!(fields[&PersonField::Description], format!("Name: {long}"));
}

#[test]
fn a_name_that_fits_is_not_repeated_in_the_description() {
    let description = made(&mut named("Anna Nowak"))[&PersonField::Description].clone();
    assert!(!description.contains("Name:"), "{description}");
}
