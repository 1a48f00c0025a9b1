//! New people: made on request, once, with what the org demands; or held until somebody makes them.

use std::time::Duration;

use causeway_core::{
    lane::{HoldReason, Who},
    plan::settings::{ChatSync, Create},
};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    with_creating_off_nothing_is_made_and_the_message_is_held_with_the_reason,
    a_lead_made_by_hand_releases_what_waits_within_minutes_and_in_order,
    a_lead_made_by_hand_is_seen_in_any_usual_spelling,
    a_lead_edited_by_hand_releases_what_waits,
    a_lead_of_somebody_else_releases_nobody,
    switching_creating_on_releases_what_waits,
    two_messages_of_a_new_number_at_once_make_one_lead,
    two_spellings_of_a_new_number_at_once_make_one_lead,
    many_unknown_people_in_one_batch_are_made_in_one_call,
    the_name_comes_from_the_profile_else_from_the_template,
    a_long_name_is_shortened_visibly_and_stands_whole_in_the_description,
    the_companys_and_the_sources_words_come_from_the_settings,
    a_contact_is_made_where_the_settings_say_so,
    a_field_that_the_org_demands_is_named_and_its_value_releases_what_waits,
    a_field_that_the_org_demands_from_now_on_is_seen_too,
    whoever_is_tried_again_is_held_for_no_field_that_is_demanded_no_more,
    what_was_described_before_a_field_was_demanded_no_more_holds_nobody,
    the_orgs_duplicate_rule_does_not_keep_a_stranger_out,
    the_orgs_blocking_duplicate_rule_is_held_and_said,
);

async fn with(place: Place, settings: ChatSync) -> World {
    World::with(place, Setting { settings, ..Setting::default() }).await
}

fn off() -> ChatSync {
    ChatSync { create: Create::Off, ..ChatSync::default() }
}

/// R2.39, R2.40, R2.50
async fn with_creating_off_nothing_is_made_and_the_message_is_held_with_the_reason(place: Place) {
    let world = with(place, off()).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert!(world.records("Lead").await.is_empty());
    assert!(world.records("Task").await.is_empty());
    let entry = world.entry_of("wamid.1").await;
    assert_eq!((entry.state.as_str(), entry.hold), ("held", Some((HoldReason::NoRecord, Who::CrmUser))));
    let trace = world.trace_of("wamid.1").await;
    assert_eq!(trace.searched, ["+819012345678"]);
    assert!(trace.rules.iter().any(|rule| rule.contains("creating is switched off")), "{trace:?}");
}

/// R2.41
async fn a_lead_made_by_hand_releases_what_waits_within_minutes_and_in_order(place: Place) {
    let world = with(place, off()).await;
    for number in 1..=4 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(Duration::from_secs(30)).await;
    }
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678"});
    let lead = world.seed("Lead", lead).await;
    world.rest(Duration::from_secs(30), Duration::from_mins(2)).await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3", "text 4"]);
    assert_eq!(world.whos().await, [&*lead; 4]);
    world.hear(&hanako(), "wamid.5", "text 5").await;
    assert_eq!(world.texts().await.len(), 5);
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.41, R2.10
async fn a_lead_made_by_hand_is_seen_in_any_usual_spelling(place: Place) {
    let world = with(place, off()).await;
    let spellings =
        ["(090) 1234-5600", "090-1234-5601", "+81 90 1234 5602", "09012345603", "0081 9012345604"];
    for place in 0..spellings.len() {
        let customer = Customer::with_number(&format!("8190123456{place:02}"), "Sato");
        world.hear(&customer, &format!("wamid.{place}"), "hello").await;
    }
    let mut leads = Vec::new();
    for spelling in spellings {
        let lead = json!({"LastName": "Sato", "Company": "Acme", "MobilePhone": spelling});
        leads.push(world.seed("Lead", lead).await);
    }
    world.rest(Duration::from_secs(30), Duration::from_mins(2)).await;
    let mut whos = world.whos().await;
    whos.sort();
    leads.sort();
    assert_eq!(whos, leads);
}

/// R2.41
async fn a_lead_edited_by_hand_releases_what_waits(place: Place) {
    let world = with(place, off()).await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "CreatedDate": "2025-01-01T00:00:00.000+0000",
        "SystemModstamp": "2025-01-01T00:00:00.000+0000"});
    let lead = world.seed("Lead", lead).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.rest(Duration::from_mins(1), Duration::from_mins(10)).await;
    assert!(world.whos().await.is_empty());
    world.edit("Lead", &lead, json!({"Phone": "090 1234 5678"})).await;
    world.rest(Duration::from_secs(30), Duration::from_mins(2)).await;
    assert_eq!(world.whos().await, [lead]);
}

/// R2.41
async fn a_lead_of_somebody_else_releases_nobody(place: Place) {
    let world = with(place, off()).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let lead = json!({"LastName": "Sato Hanako", "Company": "Acme", "Phone": "+81 80 1234 5678"});
    world.seed("Lead", lead).await;
    world.rest(Duration::from_mins(1), Duration::from_mins(5)).await;
    assert_eq!(world.state_of("wamid.1").await, "held");
    assert!(world.records("Task").await.is_empty());
}

/// R2.39, R2.44
async fn switching_creating_on_releases_what_waits(place: Place) {
    let world = with(place, off()).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.hear(&hanako(), "wamid.2", "two").await;
    world.change_settings(ChatSync::default()).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["one", "two"]);
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.2, R2.39
async fn two_messages_of_a_new_number_at_once_make_one_lead(place: Place) {
    let world = World::new(place).await;
    let now = world.seconds();
    let one = world.sender.text(&hanako(), "wamid.1", now, "one");
    let two = world.sender.text(&hanako(), "wamid.2", now, "two");
    world.post(vec![one, two]).await;
    world.settle().await;
    assert_eq!(world.records("Lead").await.len(), 1);
    assert_eq!(world.texts().await, ["one", "two"]);
}

/// R2.10, R2.39: on two numbers of the business, too.
async fn two_spellings_of_a_new_number_at_once_make_one_lead(place: Place) {
    let world = World::new(place).await;
    let now = world.seconds();
    let other = causeway_simulator::whatsapp::Sender {
        phone_number_id: "106540352242999".into(),
        display_number: "81312349999".into(),
        ..world.sender.clone()
    };
    let long = Customer::with_number("5511987654321", "Silva");
    let short = Customer::with_number("551187654321", "Silva");
    let one = world.sender.text(&long, "wamid.1", now, "one");
    let two = other.text(&short, "wamid.2", now, "two");
    world.post(vec![one, two]).await;
    world.settle().await;
    assert_eq!(world.records("Lead").await.len(), 1);
    assert_eq!(world.texts().await, ["one", "two"]);
}

/// R2.39
async fn many_unknown_people_in_one_batch_are_made_in_one_call(place: Place) {
    let world = World::new(place).await;
    let now = world.seconds();
    let changes = (0..60)
        .map(|number| {
            let customer =
                Customer::with_number(&format!("8190123400{number:02}"), &format!("Sato {number}"));
            world.sender.text(&customer, &format!("wamid.{number}"), now, "hello")
        })
        .collect();
    world.post(changes).await;
    world.digest().await;
    world.sim("DELETE", "counters", json!(null)).await;
    world.settle().await;
    assert_eq!(world.records("Lead").await.len(), 60);
    assert_eq!(world.records("Task").await.len(), 60);
    let counters = world.sim("GET", "counters", json!(null)).await;
    let collections = &counters["by_resource"]["POST composite/sobjects"];
    assert_eq!(*collections, json!(2), "one call makes the people, one the tasks: {counters:#}");
}

/// X9
async fn the_name_comes_from_the_profile_else_from_the_template(place: Place) {
    let settings = ChatSync { name_template: "{channel} customer {phone}".into(), ..ChatSync::default() };
    let world = with(place, settings).await;
    let profiled = Customer::with_number("819012345601", "  Sato   Maria Hanako ");
    let single = Customer::with_number("819012345602", "花子");
    let nameless = Customer { name: None, ..Customer::with_number("819012345603", "") };
    for (place, customer) in [profiled, single, nameless].iter().enumerate() {
        world.hear(customer, &format!("wamid.{place}"), "hello").await;
    }
    let leads = world.records("Lead").await;
    let names: Vec<_> = leads
        .iter()
        .map(|lead| (lead["FirstName"].as_str().unwrap_or_default(), lead["LastName"].as_str().unwrap()))
        .collect();
    assert_eq!(names, [("Sato Maria", "Hanako"), ("", "花子"), ("", "WhatsApp customer +819012345603")]);
}

/// X9
async fn a_long_name_is_shortened_visibly_and_stands_whole_in_the_description(place: Place) {
    let world = World::new(place).await;
    let name = format!("{} {}", "Wolfeschlegel".repeat(5), "steinhausenbergerdorff".repeat(5));
    world.hear(&Customer::with_number("819012345601", &name), "wamid.1", "hello").await;
    let lead = world.records("Lead").await.remove(0);
    let length = |field: &str| lead[field].as_str().unwrap().encode_utf16().count();
    assert!(length("FirstName") <= 40 && length("LastName") <= 80, "{lead:#?}");
    assert!(lead["LastName"].as_str().unwrap().ends_with('…'));
    assert!(lead["Description"].as_str().unwrap().contains(&name));
}

/// R2.44
async fn the_companys_and_the_sources_words_come_from_the_settings(place: Place) {
    let settings =
        ChatSync { company: "Unknown GmbH".into(), lead_source: "Other".into(), ..ChatSync::default() };
    let world = with(place, settings).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let lead = world.records("Lead").await.remove(0);
    assert_eq!((&lead["Company"], &lead["LeadSource"]), (&json!("Unknown GmbH"), &json!("Other")));
}

/// X2
async fn a_contact_is_made_where_the_settings_say_so(place: Place) {
    let world = with(place, ChatSync { create: Create::Contact, ..ChatSync::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert!(world.records("Lead").await.is_empty());
    let contact = world.records("Contact").await.remove(0);
    assert_eq!(contact["Phone"], "+819012345678");
    assert_eq!(world.task().await["WhoId"], contact["Id"]);
}

/// R2.39, R2.44
async fn a_field_that_the_org_demands_is_named_and_its_value_releases_what_waits(place: Place) {
    let mut world = World::unconnected(place, Setting::default()).await;
    let field = json!({"object": "Lead", "name": "Region__c", "label": "Sales region", "required": true});
    world.sim("POST", "fields", field).await;
    world.connect().await.unwrap();
    world.integrate(ChatSync::default()).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    world.hear(&hanako(), "wamid.2", "two").await;
    let (reason, detail) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, HoldReason::RequiredField);
    assert!(detail.contains("Sales region"), "{detail}");
    let new_record_values = [("Region__c".to_owned(), "Kanto".to_owned())].into();
    world.change_settings(ChatSync { new_record_values, ..ChatSync::default() }).await;
    world.settle().await;
    assert_eq!(world.records("Lead").await[0]["Region__c"], "Kanto");
    assert_eq!(world.texts().await, ["one", "two"]);
}

/// R2.39
async fn a_field_that_the_org_demands_from_now_on_is_seen_too(place: Place) {
    let world = World::new(place).await;
    let field = json!({"object": "Lead", "name": "Region__c", "label": "Sales region", "required": true});
    world.sim("POST", "fields", field).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let (reason, detail) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, HoldReason::RequiredField);
    assert!(detail.contains("Region__c"), "{detail}");
    let new_record_values = [("Region__c".to_owned(), "Kanto".to_owned())].into();
    world.change_settings(ChatSync { new_record_values, ..ChatSync::default() }).await;
    world.settle().await;
    assert_eq!(world.records("Lead").await[0]["Region__c"], "Kanto");
    assert_eq!(world.texts().await, ["one"]);
}

async fn demand(world: &World, is_required: bool) {
    let field =
        json!({"object": "Lead", "name": "Region__c", "label": "Sales region", "required": is_required});
    world.sim("POST", "fields", field).await;
}

/// R2.39
async fn whoever_is_tried_again_is_held_for_no_field_that_is_demanded_no_more(place: Place) {
    let world = World::new(place).await;
    demand(&world, true).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::RequiredField);
    demand(&world, false).await;
    world.retry_all().await;
    assert_eq!(world.texts().await, ["one"]);
}

/// R2.39: the org was described for somebody else after the hold.
async fn what_was_described_before_a_field_was_demanded_no_more_holds_nobody(place: Place) {
    let mut world = World::unconnected(place, Setting::default()).await;
    demand(&world, true).await;
    world.seed("Contact", json!({"LastName": "Taro", "Phone": "+819011112222"})).await;
    world.connect().await.unwrap();
    world.integrate(ChatSync::default()).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::RequiredField);
    world.hear(&Customer::with_number("819011112222", "Taro"), "wamid.2", "two").await;
    assert_eq!(world.texts().await, ["two"]);
    demand(&world, false).await;
    world.retry_all().await;
    assert_eq!(world.texts().await, ["two", "one"]);
}

/// An org whose duplicate rule sees a number that we may not see.
async fn with_duplicate_rule(place: Place, rule: &str) -> World {
    let mut world = World::unconnected(place, Setting::default()).await;
    let hidden = json!({"user": "*", "hidden_fields": ["Lead.MobilePhone"]});
    world.sim("POST", "permissions", hidden).await;
    world.sim("POST", "options", json!({"duplicate_rules": rule})).await;
    let other = json!({"LastName": "Hanako", "Company": "Acme", "MobilePhone": "+819012345678"});
    world.seed("Lead", other).await;
    world.connect().await.unwrap();
    world.integrate(ChatSync::default()).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world
}

/// R2.40: a rule that only warns is overruled where our own matching has decided.
async fn the_orgs_duplicate_rule_does_not_keep_a_stranger_out(place: Place) {
    let world = with_duplicate_rule(place, "alert").await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 2);
    assert_eq!(world.task().await["WhoId"], leads[1]["Id"]);
}

/// R2.40
async fn the_orgs_blocking_duplicate_rule_is_held_and_said(place: Place) {
    let world = with_duplicate_rule(place, "block").await;
    let (reason, detail) = world.hold_of("wamid.1").await.unwrap();
    assert_eq!(reason, HoldReason::RuleRefused);
    assert!(detail.contains("DUPLICATES_DETECTED"), "{detail}");
}
