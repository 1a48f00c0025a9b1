//! New records: one for each person, whole, and only when nothing speaks against it.

use std::collections::BTreeMap;

use super::world::{NUMBER, World, now, person, with_email};
use crate::{
    lane::{HoldReason, Who},
    plan::{
        people::Plan,
        settings::{ChatSync, Create},
        tests::kit::{contact, field, field_of, inactive, lead, phone, record, user},
    },
    record::{FieldProfile, Module, PersonField, PersonFields},
};

fn world() -> World {
    World::of(vec![person(1, NUMBER)], vec![])
}

fn values(fields: &PersonFields) -> Vec<(PersonField, &str)> {
    fields.iter().map(|(field, value)| (field.clone(), value.as_str())).collect()
}

#[test]
fn a_new_lead_says_who_where_from_whose_and_where_the_chat_is() {
    let mut world = World::of(vec![with_email(person(1, NUMBER), "anna@example.com")], vec![]);
    let made = world.one_write();
    assert_eq!((made.write.id.as_deref(), made.write.module), (None, Module::Lead));
    assert_eq!(
        values(&made.write.fields),
        [
            (PersonField::FirstName, "Anna"),
            (PersonField::LastName, "Nowak"),
            (PersonField::Company, "[not provided]"),
            (PersonField::Phone, NUMBER),
            (PersonField::Email, "anna@example.com"),
            (PersonField::Owner, "olga"),
            (PersonField::LeadSource, "WhatsApp"),
            (PersonField::Description, "WhatsApp chat: https://inbox.example/c/1"),
        ]
    );
    assert!(made.written.is_ours && made.written.chat_links.contains(&1));
    let rules = made.trace.expect("a trace").rules;
    assert_eq!(
        rules,
        [
            "nobody matches; a new lead is made",
            "it belongs to User olga, to whom the conversation is assigned"
        ]
    );
}

#[test]
fn a_contact_is_made_by_setting_and_has_no_company() {
    let mut world = world();
    world.settings = ChatSync { create: Create::Contact, ..ChatSync::default() };
    let made = world.one_write();
    assert_eq!(made.write.module, Module::Contact);
    assert!(!made.write.fields.contains_key(&PersonField::Company));
}

#[test]
fn after_a_creation_nothing_is_left_to_do() {
    let mut world = world();
    world.settle();
    assert_eq!(world.plan(), Plan::default());
    world.later(60);
    assert_eq!(world.plan(), Plan::default(), "nor in the next pass");
    assert_eq!(world.written.len(), 1);
}

#[test]
fn two_people_who_share_a_variant_of_a_number_make_one_record() {
    let mut world = World::of(vec![person(1, "+5491123456789"), person(2, "+541123456789")], vec![]);
    let plan = world.answered();
    assert_eq!(plan.writes.len(), 1);
    assert_eq!(plan.waits, [(2, now())], "the other looks again at once");
    world.settle();
    assert_eq!(world.crm.len(), 1);
    assert_eq!(world.people[0].link, world.people[1].link);
}

#[test]
fn two_people_who_share_an_e_mail_address_make_one_record() {
    let shared = |id, number| with_email(person(id, number), "anna@example.com");
    let mut world = World::of(vec![shared(1, NUMBER), shared(2, "+48123456789")], vec![]);
    world.settle();
    assert_eq!(world.crm.len(), 1);
    assert_eq!(world.people[0].link, world.people[1].link);
}

#[test]
fn people_who_share_nothing_are_made_in_one_go() {
    let mut world = World::of(vec![person(1, NUMBER), person(2, "+48123456789")], vec![]);
    assert_eq!(world.answered().writes.len(), 2);
}

#[test]
fn while_a_lost_creation_may_come_true_nobody_who_shares_its_number_is_made() {
    let mut world = World::of(vec![person(1, "+5491123456789"), person(2, "+541123456789")], vec![]);
    world.state(1).unknown_since = Some(now());
    let plan = world.answered();
    assert!(plan.writes.is_empty());
    assert_eq!(plan.waits.len(), 2);
    assert!(plan.waits.iter().all(|(_, until)| *until > now()));
}

#[test]
fn what_the_crm_takes_for_a_duplicate_is_read_before_a_decision() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![contact("s").with_phone("+48999999999")]);
    world.state(1).suspects = vec![record(Module::Contact, "s")];
    let asks = world.plan().asks;
    world.answer(&asks);
    let asks = world.plan().asks;
    assert_eq!(asks.len(), 1);
    assert_eq!(asks[0].call.name(), "read_people");
}

#[test]
fn a_suspected_duplicate_that_is_not_the_person_is_not_adopted() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![contact("s").with_phone("+48999999999")]);
    world.state(1).suspects = vec![record(Module::Contact, "s"), record(Module::Lead, "gone")];
    world.state(1).allow_duplicate = true;
    let made = world.one_write();
    assert_eq!((made.write.id, made.write.allow_duplicate), (None, true), "our own matching has decided");
}

#[test]
fn a_suspected_duplicate_that_is_the_person_is_adopted() {
    let hidden_from_search = contact("s").with_phone("+1 415 555 2671");
    let mut world = world();
    world.state(1).suspects = vec![record(Module::Contact, "s")];
    world.answered();
    world.known.people.insert(hidden_from_search.record.clone(), hidden_from_search);
    let plan = world.answered();
    assert_eq!(plan.links[0].record, record(Module::Contact, "s"));
}

#[test]
fn a_creation_is_first_tried_under_the_crms_own_duplicate_rule() {
    assert!(!world().one_write().write.allow_duplicate);
}

#[test]
fn a_required_field_without_a_value_holds_and_names_every_one() {
    let mut world = world();
    let lead = world.org.modules.get_mut(&Module::Lead).expect("leads");
    for name in ["Industry", "Region__c"] {
        lead.fields.push(FieldProfile { is_required: true, ..field(name, None, 80) });
    }
    lead.fields.push(FieldProfile {
        is_required: true,
        is_createable: false,
        ..field("Formula__c", None, 80)
    });
    let plan = world.answered();
    let [hold] = plan.holds.as_slice() else { panic!("a hold: {plan:?}") };
    assert_eq!((hold.reason, hold.who), (HoldReason::RequiredField, Who::WorkspaceAdmin));
    assert_eq!(hold.detail, "Lead demands Industry, Region__c");
    assert!(plan.writes.is_empty());
    let given =
        [("industry", "Retail"), ("Region__c", "EU")].map(|(name, value)| (name.into(), value.into()));
    world.settings.new_record_values = BTreeMap::from(given);
    assert!(world.answered().holds.is_empty());
}

#[test]
fn a_blank_value_is_no_value() {
    let mut world = world();
    world.settings.company = "  ".into();
    assert_eq!(world.answered().holds[0].detail, "Lead demands Company");
}

#[test]
fn values_of_the_settings_stand_but_never_say_who_a_person_is() {
    let mut world = world();
    let given = [("Company", "Acme"), ("LeadSource", "Chat"), ("LastName", "Everybody"), ("Phone", "+1")];
    world.settings.new_record_values =
        given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let fields = world.one_write().write.fields;
    assert_eq!(fields[&PersonField::Company], "Acme");
    assert_eq!(fields[&PersonField::LeadSource], "Chat");
    assert_eq!(fields[&PersonField::LastName], "Nowak");
    assert_eq!(fields[&PersonField::Phone], NUMBER);
    assert!(!fields.keys().any(|field| matches!(field, PersonField::Custom(_))), "no field is named twice");
}

#[test]
fn a_lead_source_that_the_org_would_refuse_is_left_out_and_the_trace_says_so() {
    let mut world = world();
    let source = field_of(&mut world.org, Module::Lead, "LeadSource");
    source.is_restricted = true;
    source.choices = vec!["Web".into()];
    let made = world.one_write();
    assert!(!made.write.fields.contains_key(&PersonField::LeadSource));
    let rules = made.trace.expect("a trace").rules;
    assert!(
        rules.contains(&"no lead source: \"WhatsApp\" is not among the CRM's choices".to_owned()),
        "{rules:?}"
    );
    field_of(&mut world.org, Module::Lead, "LeadSource").choices.push("WhatsApp".into());
    assert_eq!(world.one_write().write.fields[&PersonField::LeadSource], "WhatsApp");
}

#[test]
fn a_new_record_belongs_to_the_default_owner_if_nobody_corresponds() {
    let mut world = world();
    world.users = vec![user("admin", "admin@acme.example"), user("default", "d@acme.example")];
    world.settings.default_owner = Some("default".into());
    let made = world.one_write();
    assert_eq!(made.write.fields[&PersonField::Owner], "default");
}

#[test]
fn without_an_active_user_a_new_record_waits_for_an_owner() {
    let mut world = world();
    world.users = vec![inactive(user("admin", "admin@acme.example"))];
    let plan = world.answered();
    assert_eq!((plan.holds[0].reason, plan.holds[0].who), (HoldReason::NoOwner, Who::WorkspaceAdmin));
}

#[test]
fn the_crms_assignment_rules_choose_the_owner_only_if_that_is_chosen() {
    let mut world = world();
    world.settings.use_assignment_rules = true;
    let made = world.one_write();
    assert!(!made.write.fields.contains_key(&PersonField::Owner));
    let rules = made.trace.expect("a trace").rules;
    assert!(rules.contains(&"the CRM's assignment rules choose the owner".to_owned()));
}

#[test]
fn a_new_record_sets_off_what_is_automated_only_if_that_is_chosen_and_a_change_never() {
    assert!(!world().one_write().write.sets_off);
    let mut chosen = world();
    chosen.settings.run_automation = true;
    assert!(chosen.one_write().write.sets_off);
    chosen.settle();
    assert!(chosen.written.iter().skip(1).all(|write| !write.sets_off));
}

#[test]
fn the_number_that_may_link_is_the_one_that_is_written() {
    let mut anna = person(1, "+18005550199");
    anna.addresses.push(phone(NUMBER));
    let made = World::of(vec![anna], vec![]).one_write();
    assert_eq!(
        made.write.fields[&PersonField::Phone],
        NUMBER,
        "in international format, and nobody's hotline"
    );
}

#[test]
fn the_chosen_field_takes_the_chat_link_of_a_new_record() {
    let mut world = world();
    world.settings.link_field = Some("Chat__c".into());
    let fields = world.one_write().write.fields;
    assert_eq!(fields[&PersonField::Custom("Chat__c".into())], "https://inbox.example/c/1");
    assert!(!fields.contains_key(&PersonField::Description), "the description only if no field is chosen");
}

#[test]
fn a_chosen_field_that_cannot_take_the_link_is_left_out_and_the_trace_says_so() {
    for spoil in
        [|field: &mut FieldProfile| field.length = 10, |field: &mut FieldProfile| field.is_createable = false]
    {
        let mut world = world();
        world.settings.link_field = Some("Chat__c".into());
        spoil(field_of(&mut world.org, Module::Lead, "Chat__c"));
        let made = world.one_write();
        assert!(!made.write.fields.contains_key(&PersonField::Custom("Chat__c".into())));
        let rules = made.trace.expect("a trace").rules;
        assert!(rules.contains(&"no chat link: Chat__c cannot take it".to_owned()), "{rules:?}");
    }
}

#[test]
fn a_deleted_link_with_creating_on_makes_a_new_record() {
    let mut world = World::of(vec![person(1, NUMBER)], vec![lead("l", "New").with_phone(NUMBER).deleted()]);
    world.state(1).link = Some(record(Module::Lead, "l"));
    world.state(1).must_follow = true;
    world.settle();
    assert_eq!(world.state(1).link, Some(record(Module::Lead, "new0")));
}
