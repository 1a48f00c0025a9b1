//! Questions first, together, and no more of them than needed.

use std::time::Duration;

use super::world::{NUMBER, World, linked, nameless_handle, now, person, with_email};
use crate::{
    call::Call,
    lane::{HoldReason, Who, retry},
    plan::{
        people::{Known, Plan, requests},
        settings::{ChatSync, Create},
        tests::kit::{contact, lead, phone, record},
    },
    record::Module,
};

fn names(plan: &Plan) -> Vec<&'static str> {
    plan.asks.iter().map(|ask| ask.call.name()).collect()
}

#[test]
fn a_new_person_is_asked_for_before_anything_is_decided() {
    let world = World::of(vec![person(1, NUMBER)], vec![]);
    let plan = world.plan();
    assert_eq!(names(&plan), ["users", "find_people"]);
    assert_eq!(Plan { asks: Vec::new(), ..plan }, Plan::default(), "and nothing else is planned");
}

#[test]
fn nothing_is_decided_on_half_of_the_answers() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![]);
    let asks = world.plan().asks;
    world.answer(&asks[..1]);
    assert_eq!(names(&world.plan()), ["find_people"]);
    world.known = Known::default();
    world.answer(&asks[1..]);
    let plan = world.plan();
    assert_eq!(names(&plan), ["users"]);
    assert!(plan.writes.is_empty() && plan.links.is_empty());
}

#[test]
fn people_are_searched_together_as_many_as_fit_in_a_search() {
    let people: Vec<_> = (0..5).map(|id| person(id, &format!("+1415555267{id}"))).collect();
    let world = World { finds_per_call: 2, ..World::of(people, vec![]) };
    let searched: Vec<_> =
        world.plan().asks.into_iter().filter(|ask| ask.call.name() == "find_people").collect();
    assert_eq!(
        searched.iter().map(|ask| ask.contacts.clone()).collect::<Vec<_>>(),
        [vec![0, 1], vec![2, 3], vec![4]]
    );
}

#[test]
fn the_search_names_every_number_that_may_link_and_every_e_mail_address() {
    let mut anna = with_email(person(1, NUMBER), "Anna@Example.com");
    anna.addresses.extend([phone("+48123456789"), phone("+18005550199")]);
    let plan = World::of(vec![anna], vec![]).plan();
    let Call::FindPeople(query) = &plan.asks[1].call else { panic!("a search") };
    let numbers: Vec<_> = query.phones.iter().filter_map(|phone| phone.e164.as_deref()).collect();
    assert_eq!(numbers, [NUMBER, "+48123456789"], "the toll-free one names nobody");
    assert_eq!(query.emails, ["anna@example.com"]);
}

#[test]
fn whoever_matches_is_linked_and_the_trace_goes_with_the_link() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![contact("c").with_phone("(415) 555-2671")]);
    let plan = world.answered();
    assert_eq!(plan.links.len(), 1);
    assert_eq!(plan.links[0].record, record(Module::Contact, "c"));
    assert_eq!(plan.links[0].trace.winner, Some(record(Module::Contact, "c")));
    assert!(plan.writes.is_empty());
}

#[test]
fn the_trace_leaves_strangers_of_the_batch_out() {
    let people = vec![person(1, NUMBER), person(2, "+48123456789")];
    let records = vec![contact("c").with_phone(NUMBER), contact("d").with_phone("+48123456789")];
    let plan = World::of(people, records).answered();
    for link in &plan.links {
        assert_eq!(link.trace.candidates.len(), 1, "{:?}", link.trace);
    }
}

#[test]
fn a_stored_number_in_another_scripts_digits_matches() {
    let stored = contact("c").with_phone("+１ ４１５ ５５５ ２６７１");
    let plan = World::of(vec![person(1, NUMBER)], vec![stored]).answered();
    assert_eq!(plan.links.len(), 1);
}

#[test]
fn a_stored_link_is_used_without_asking_again() {
    let mut anna = linked(person(1, NUMBER), record(Module::Lead, "l"));
    anna.written.chat_links.insert(1);
    let stranger = contact("c").with_phone(NUMBER).owned_by("olga").changed_at(9_999);
    assert_eq!(World::of(vec![anna], vec![stranger]).plan(), Plan::default());
}

#[test]
fn a_contact_that_a_converted_lead_became_is_read_before_the_link() {
    let converted = lead("l", "Closed - Converted").with_phone(NUMBER).converted_to("c");
    let mut world = World::of(vec![person(1, NUMBER)], vec![converted, contact("c")]);
    let first = world.plan();
    world.answer(&first.asks);
    assert_eq!(names(&world.plan()), ["read_people"]);
    let plan = world.answered();
    assert_eq!(plan.links[0].record, record(Module::Contact, "c"));
}

#[test]
fn a_contact_that_is_hidden_is_asked_for_once_and_then_an_administrator() {
    let converted = lead("l", "Closed - Converted").with_phone(NUMBER).converted_to("hidden");
    let plan = World::of(vec![person(1, NUMBER)], vec![converted]).answered();
    let [hold] = plan.holds.as_slice() else { panic!("a hold: {plan:?}") };
    assert_eq!((hold.reason, hold.who), (HoldReason::NoPermission, Who::CrmAdmin));
    assert_eq!(hold.detail, "the matching record became contact hidden, which is gone or hidden");
}

#[test]
fn a_person_without_phone_and_e_mail_waits_and_nobody_is_asked() {
    let plan = World::of(vec![nameless_handle(1)], vec![]).plan();
    assert!(plan.asks.is_empty());
    assert_eq!((plan.holds[0].reason, plan.holds[0].who), (HoldReason::NoAddress, Who::Agent));
}

#[test]
fn a_person_with_only_a_toll_free_number_waits_and_the_detail_says_so() {
    let plan = World::of(vec![person(1, "+18005550199")], vec![]).plan();
    assert_eq!(plan.holds[0].reason, HoldReason::NoAddress);
    assert_eq!(plan.holds[0].detail, "a toll-free or too short number names nobody");
}

#[test]
fn with_creating_off_an_unknown_person_waits_for_a_user_of_the_crm() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![]);
    world.settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    let plan = world.answered();
    assert_eq!((plan.holds[0].reason, plan.holds[0].who), (HoldReason::NoRecord, Who::CrmUser));
    assert!(plan.holds[0].trace.is_some() && plan.writes.is_empty());
}

#[test]
fn a_lead_made_by_hand_is_found_by_the_next_pass() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![]);
    world.settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    world.settle();
    let made = lead("l", "New").with_phone("415 555 2671");
    world.crm.insert(made.record.clone(), made);
    world.later(60);
    world.settle();
    assert_eq!(world.state(1).link, Some(record(Module::Lead, "l")));
}

#[test]
fn whoever_is_done_in_this_pass_is_left_alone() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![]);
    world.known.done.insert(1);
    assert_eq!(world.plan(), Plan::default());
}

#[test]
fn a_creation_whose_answer_was_lost_is_looked_for_until_it_cannot_come_true_any_more() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![]);
    world.state(1).unknown_since = Some(now());
    let mut until = now();
    let mut looks = 0;
    loop {
        world.known = Known::default();
        world.now = until;
        assert_eq!(names(&world.plan()), ["users", "find_people"], "every look is a new search");
        let plan = world.answered();
        if plan.waits.is_empty() {
            break;
        }
        assert!(plan.writes.is_empty(), "nothing is made while it may still come true");
        assert!(plan.waits[0].1 > until, "time passes between two looks");
        until = plan.waits[0].1;
        looks += 1;
        world.state(1).looks = looks;
    }
    assert!(until >= now().plus(retry::SETTLED), "made after ten minutes only");
    assert!(until < now().plus(retry::SETTLED + Duration::from_mins(2)), "and not long after");
    assert_eq!(world.answered().writes.len(), 1);
}

#[test]
fn a_creation_that_came_true_is_linked_instead_of_made_again() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![lead("ours", "New").with_phone(NUMBER)]);
    world.state(1).unknown_since = Some(now());
    let plan = world.answered();
    assert_eq!(plan.links[0].record, record(Module::Lead, "ours"));
    assert!(plan.writes.is_empty() && plan.waits.is_empty());
}

#[test]
fn where_requests_do_not_mix_each_names_one_module_and_makes_or_changes() {
    let change = |id, found: &str, module| {
        let found = if module == Module::Lead { lead(found, "New") } else { contact(found) };
        (linked(person(id, &format!("+1415555000{id}")), found.record.clone()), found)
    };
    let (people, records): (Vec<_>, Vec<_>) = [
        change(1, "a", Module::Contact),
        change(2, "b", Module::Lead),
        change(3, "c", Module::Contact),
        change(4, "d", Module::Contact),
    ]
    .into_iter()
    .unzip();
    let mut world = World::of(people, records);
    world.people.push(person(5, NUMBER));
    let writes = world.answered().writes;
    let contacts = |mixes, most| {
        let requests = requests(&writes, most, mixes).into_iter();
        requests
            .map(|request| request.iter().map(|write| write.contact_id).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(contacts(true, 100), [[1, 2, 3, 4, 5]]);
    assert_eq!(contacts(false, 2), [vec![1, 3], vec![2], vec![4], vec![5]]);
}
