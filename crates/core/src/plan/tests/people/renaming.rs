//! Names follow the channel, as long as the name on the record is the one that we wrote (R4.37, X9).

use super::world::{NUMBER, World, person};
use crate::{
    plan::{
        people::{PersonState, Plan},
        settings::ChatSync,
    },
    record::{PersonField, RecordRef},
};

/// A stranger without a profile name, made into a lead.
fn made(settings: ChatSync) -> (World, RecordRef) {
    let mut world = World::of(vec![PersonState { name: None, ..person(1, NUMBER) }], vec![]);
    world.settings = settings;
    world.settle();
    let record = world.state(1).link.clone().expect("a record was made");
    (world, record)
}

fn renamed(world: &mut World, name: &str) {
    world.state(1).name = Some(name.into());
    world.later(60);
    world.settle();
}

fn name(world: &World, record: &RecordRef) -> (String, String) {
    let found = &world.crm[record];
    (found.first_name.clone(), found.last_name.clone())
}

#[test]
fn a_record_made_by_number_takes_the_profile_name_when_it_is_told() {
    let (mut world, record) = made(ChatSync::default());
    assert_eq!(name(&world, &record).1, format!("WhatsApp {NUMBER}"));
    renamed(&mut world, "Anna Nowak");
    assert_eq!(name(&world, &record), ("Anna".into(), "Nowak".into()));
    renamed(&mut world, "Ania");
    assert_eq!(name(&world, &record), (String::new(), "Ania".into()), "no piece of the old name is left");
    world.later(60);
    assert_eq!(world.plan(), Plan::default(), "and no record is read for nothing");
}

#[test]
fn the_journal_has_the_name_that_stood_there() {
    let (mut world, _) = made(ChatSync::default());
    world.state(1).name = Some("Anna Nowak".into());
    world.later(60);
    let write = world.one_write();
    assert_eq!(write.before[&PersonField::LastName], format!("WhatsApp {NUMBER}"));
}

#[test]
fn whoever_renames_the_record_has_the_last_word() {
    let (mut world, record) = made(ChatSync::default());
    world.crm.get_mut(&record).expect("the record").last_name = "Dr. Nowak".into();
    renamed(&mut world, "Anna Nowak");
    assert_eq!(name(&world, &record).1, "Dr. Nowak");
    renamed(&mut world, "Ania");
    assert_eq!(name(&world, &record).1, "Dr. Nowak", "also later");
}

#[test]
fn a_field_that_we_left_blank_is_somebody_elses_once_it_is_filled() {
    let (mut world, record) = made(ChatSync::default());
    world.crm.get_mut(&record).expect("the record").first_name = "Louise".into();
    renamed(&mut world, "Anna Smith");
    assert_eq!(name(&world, &record), ("Louise".into(), format!("WhatsApp {NUMBER}")));
}

#[test]
fn a_record_that_was_there_keeps_its_name() {
    let mut world =
        World::of(vec![person(1, NUMBER)], vec![crate::plan::tests::kit::contact("c").with_phone(NUMBER)]);
    world.settle();
    let record = world.state(1).link.clone().expect("linked");
    let before = name(&world, &record);
    renamed(&mut world, "Somebody Else");
    assert_eq!(name(&world, &record), before);
}

#[test]
fn a_name_that_says_nothing_and_a_switch_that_is_off_rename_nobody() {
    let (mut world, record) = made(ChatSync::default());
    renamed(&mut world, "+1 415 555");
    assert_eq!(name(&world, &record).1, format!("WhatsApp {NUMBER}"));
    let (mut world, record) = made(ChatSync { rename: false, ..ChatSync::default() });
    renamed(&mut world, "Anna Nowak");
    assert_eq!(name(&world, &record).1, format!("WhatsApp {NUMBER}"));
}
