//! Changes of records that stand: reopening, the chat link, and going where a record went.

use super::world::{NUMBER, World, linked, person};
use crate::{
    lane::HoldReason,
    plan::{
        people::Plan,
        settings::{ChatSync, Create, Reopen},
        tests::kit::{contact, field_of, lead, record},
    },
    record::{Module, PersonField, PersonFields, PersonRecord},
};

const LINK: &str = "WhatsApp chat: https://inbox.example/c/1";

fn on(found: PersonRecord) -> World {
    let anna = linked(person(1, NUMBER), found.record.clone());
    World::of(vec![anna], vec![found])
}

fn following(found: Vec<PersonRecord>) -> World {
    let mut anna = linked(person(1, NUMBER), found[0].record.clone());
    anna.must_follow = true;
    anna.written.chat_links.insert(1);
    World::of(vec![anna], found)
}

#[test]
fn the_chat_link_is_put_on_a_found_record_once() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![contact("c").with_phone(NUMBER)]);
    world.settle();
    assert_eq!(world.crm[&record(Module::Contact, "c")].description.as_deref(), Some(LINK));
    world.later(60);
    assert_eq!(world.plan(), Plan::default(), "and not again");
    assert_eq!(world.written.len(), 1);
}

#[test]
fn the_chat_link_goes_behind_what_stands_in_the_description_and_the_journal_has_what_stood() {
    let mut world = on(PersonRecord { description: Some("VIP".into()), ..contact("c") });
    let change = world.one_write();
    assert_eq!(change.write.fields[&PersonField::Description], format!("VIP\n{LINK}"));
    assert_eq!(change.before[&PersonField::Description], "VIP");
}

#[test]
fn a_description_that_has_the_link_is_left_alone() {
    let mut world = on(PersonRecord { description: Some(format!("so: {LINK}")), ..contact("c") });
    let change = world.one_write();
    assert_eq!(change.write.fields, PersonFields::new());
    assert!(change.written.chat_links.contains(&1), "and it is not looked at again");
    world.settle();
    assert_eq!(world.plan(), Plan::default());
}

#[test]
fn a_description_without_room_is_left_alone() {
    let mut world = on(PersonRecord { description: Some("x".repeat(31_990)), ..contact("c") });
    assert_eq!(world.one_write().write.fields, PersonFields::new());
}

#[test]
fn a_description_that_we_may_not_see_is_left_alone() {
    let mut world = on(contact("c"));
    world
        .org
        .modules
        .get_mut(&Module::Contact)
        .expect("contacts")
        .fields
        .retain(|field| field.name != "Description");
    assert_eq!(world.one_write().write.fields, PersonFields::new());
}

#[test]
fn another_conversation_adds_its_own_link() {
    let mut world = on(PersonRecord {
        description: Some("WhatsApp chat: https://inbox.example/c/9".into()),
        ..contact("c")
    });
    world.state(1).written.chat_links.insert(9);
    let change = world.one_write();
    assert_eq!(
        change.write.fields[&PersonField::Description],
        format!("WhatsApp chat: https://inbox.example/c/9\n{LINK}")
    );
    assert!(change.written.chat_links.contains(&9) && change.written.chat_links.contains(&1));
}

#[test]
fn the_chosen_field_is_taken_only_when_it_is_blank_and_only_once() {
    let chosen = || ChatSync { link_field: Some("Chat__c".into()), ..ChatSync::default() };
    let custom = PersonField::Custom("Chat__c".into());
    let mut blank = on(PersonRecord { extra: [("Chat__c".into(), "  ".into())].into(), ..contact("c") });
    blank.settings = chosen();
    assert_eq!(blank.one_write().write.fields[&custom], "https://inbox.example/c/1");
    let mut taken =
        on(PersonRecord { extra: [("Chat__c".into(), "https://x.example".into())].into(), ..contact("c") });
    taken.settings = chosen();
    assert_eq!(taken.one_write().write.fields, PersonFields::new(), "somebody else's value stays");
    let mut second = on(contact("c"));
    second.settings = chosen();
    second.state(1).written.chat_links.insert(9);
    assert_eq!(second.plan(), Plan::default(), "a field takes one link");
}

#[test]
fn a_chosen_field_that_may_not_be_changed_is_left_alone() {
    let mut world = on(contact("c"));
    world.settings.link_field = Some("Chat__c".into());
    field_of(&mut world.org, Module::Contact, "Chat__c").is_updateable = false;
    assert_eq!(world.one_write().write.fields, PersonFields::new());
}

#[test]
fn a_closed_lead_is_reopened_with_its_link_in_one_write() {
    let closed = lead("l", "Closed - Lost").with_phone(NUMBER);
    let mut world = World::of(vec![person(1, NUMBER)], vec![closed]);
    world.settle();
    let [change] = world.written.as_slice() else { panic!("one write: {:?}", world.written) };
    assert_eq!(change.fields[&PersonField::Status], "New");
    assert_eq!(change.fields[&PersonField::Description], LINK);
    world.later(60);
    assert_eq!(world.plan(), Plan::default());
}

#[test]
fn the_journal_has_the_stage_that_stood_there() {
    let mut world = on(lead("l", "Closed - Lost"));
    world.state(1).written.reopen_to = Some("New".into());
    assert_eq!(world.one_write().before[&PersonField::Status], "Closed - Lost");
}

#[test]
fn a_lead_that_somebody_reopened_meanwhile_is_not_written_again() {
    let mut world = on(lead("l", "New"));
    world.state(1).written.reopen_to = Some("New".into());
    world.state(1).written.chat_links.insert(1);
    let change = world.one_write();
    assert_eq!((change.write.fields, change.written.reopen_to), (PersonFields::new(), None));
}

#[test]
fn a_closed_lead_that_is_to_stay_closed_gets_only_the_link() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![lead("l", "Closed - Lost").with_phone(NUMBER)]);
    world.settings.reopen = Reopen::Never;
    world.settle();
    assert_eq!(world.written[0].fields.keys().collect::<Vec<_>>(), [&PersonField::Description]);
}

#[test]
fn a_linked_lead_that_was_converted_is_followed_and_the_contact_takes_the_link() {
    let mut world = following(vec![lead("l", "Closed - Converted").converted_to("c"), contact("c")]);
    let plan = world.answered();
    assert_eq!(plan.links[0].record, record(Module::Contact, "c"));
    assert_eq!(plan.links[0].trace.rules, ["lead l was converted to contact c"]);
    assert_eq!(plan.writes[0].write.fields[&PersonField::Description], LINK);
    world.settle();
    assert_eq!(world.state(1).link, Some(record(Module::Contact, "c")));
    world.later(60);
    assert_eq!(world.plan(), Plan::default());
}

#[test]
fn conversion_and_merge_are_followed_to_the_end_in_one_step() {
    let chain = vec![
        lead("l", "New").merged_into("m"),
        lead("m", "Closed - Converted").converted_to("c"),
        contact("c").merged_into("d"),
        contact("d"),
    ];
    let plan = following(chain).answered();
    assert_eq!(plan.links[0].record, record(Module::Contact, "d"));
    assert_eq!(
        plan.links[0].trace.rules,
        ["lead l was merged into m", "lead m was converted to contact c", "contact c was merged into d"]
    );
}

#[test]
fn what_was_followed_is_never_reopened() {
    let mut world = following(vec![lead("l", "Closed - Lost").merged_into("m"), lead("m", "Closed - Lost")]);
    world.state(1).written.reopen_to = Some("New".into());
    world.settle();
    assert_eq!(world.crm[&record(Module::Lead, "m")].status.as_deref(), Some("Closed - Lost"));
}

#[test]
fn a_record_that_is_there_after_all_stays_linked_and_is_still_reopened() {
    let mut world = following(vec![lead("l", "Closed - Lost")]);
    world.state(1).written.reopen_to = Some("New".into());
    world.settle();
    assert_eq!(world.crm[&record(Module::Lead, "l")].status.as_deref(), Some("New"));
    assert!(!world.state(1).must_follow);
}

#[test]
fn a_linked_record_that_was_deleted_is_forgotten_and_the_person_matched_again() {
    let other = contact("other").with_phone(NUMBER);
    let mut world = following(vec![contact("c").with_phone(NUMBER).deleted(), other]);
    let plan = world.answered();
    assert_eq!(plan.unlinks, [(1, "contact c was deleted".to_owned())]);
    world.settle();
    assert_eq!(world.state(1).link, Some(record(Module::Contact, "other")));
}

#[test]
fn a_linked_record_that_was_deleted_with_creating_off_holds() {
    let mut world = following(vec![contact("c").with_phone(NUMBER).deleted()]);
    world.settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    world.settle();
    world.later(1);
    assert_eq!(world.answered().holds[0].reason, HoldReason::NoRecord);
    assert!(world.written.is_empty());
}

#[test]
fn a_linked_record_that_cannot_be_seen_is_forgotten() {
    let mut world = following(vec![contact("c")]);
    world.crm.clear();
    assert_eq!(world.answered().unlinks, [(1, "contact c cannot be seen any more".to_owned())]);
}

#[test]
fn two_people_on_one_record_do_not_overwrite_each_others_link() {
    let shared = contact("c").with_phone(NUMBER).with_phone("+48123456789");
    let mut world = World::of(vec![person(1, NUMBER), person(2, "+48123456789")], vec![shared]);
    let asks = world.plan().asks;
    world.answer(&asks);
    let plan = world.plan();
    assert_eq!(plan.links.len(), 2);
    for link in plan.links {
        world.state(link.contact_id).link = Some(link.record);
    }
    let plan = world.answered();
    assert_eq!(plan.writes.len(), 1);
    assert_eq!(plan.waits.len(), 1);
    world.settle();
    world.later(1);
    world.settle();
    let description = world.crm[&record(Module::Contact, "c")].description.clone().unwrap_or_default();
    assert!(description.contains("/c/1") && description.contains("/c/2"), "{description}");
}
