//! Whose note it is: found by any number, chosen by rule, renamed as long as the name is ours.

use std::time::Duration;

use causeway::{holds::retry_all, store::entry_list::Filter};
use causeway_core::{plan::settings::Create, record::Module};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::{super::ability::hanako, entry, person, with, world};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_new_contact_belongs_to_the_user_of_the_chats_owner_then_of_the_account_then_to_whoever_connected,
    somebody_who_is_known_gets_the_link_and_keeps_the_lead_source,
    workflow_rules_run_for_new_contacts_only_where_that_is_chosen,
    a_field_that_is_demanded_no_more_holds_nobody,
    a_contact_is_found_by_any_phone_field_in_any_spelling,
    a_search_that_is_late_makes_nobody_twice,
    of_several_contacts_that_of_the_chats_owner_is_chosen,
    of_several_contacts_the_one_changed_last_is_chosen,
    of_several_contacts_changed_at_once_the_one_made_first_is_chosen,
    a_name_is_followed_as_long_as_it_is_ours,
    conversations_go_to_a_module_of_the_customers_own,
    a_record_made_by_hand_in_the_module_of_choice_releases_what_waits,
    a_contact_that_was_deleted_is_made_again_and_one_that_was_merged_is_followed,
    a_lead_that_we_may_see_and_not_change_is_not_made_again,
    an_argentine_mobile_is_found_as_it_is_dialled_at_home,
);

const OLD: &str = "2025-01-01T00:00:00+00:00";
const NEW: &str = "2025-06-01T00:00:00+00:00";

/// R4.35
async fn a_contact_is_found_by_any_phone_field_in_any_spelling(place: Place) {
    let world = world(place).await;
    let fields = ["Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"];
    let typed = ["090-1234-56", "(090) 1234-56", "+81 90 1234 56", "0081 901234 56", "+8190123456"];
    let mut expected = Vec::new();
    for (place, (field, typed)) in fields.iter().zip(typed).enumerate() {
        let contact = json!({"Last_Name": "Sato", (*field): format!("{typed}{place:02}")});
        expected.push(world.seed("Contacts", contact).await);
        let customer = Customer::with_number(&format!("8190123456{place:02}"), "Sato Hanako");
        world.hear(&customer, &format!("wamid.{place}"), "hello").await;
    }
    assert_eq!(world.whos().await, expected);
    assert_eq!(world.people().await.len(), 5, "nobody new");
}

/// R4.35
async fn a_search_that_is_late_makes_nobody_twice(place: Place) {
    let world = world(place).await;
    world.sim("POST", "options", json!({"index_delay_seconds": 600})).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let contact = person(&world).await;
    world.know("Silva", "+5511987654321").await;
    world.hear(&Customer::with_number("5511987654321", "Silva"), "wamid.2", "two").await;
    assert_eq!(world.people().await.len(), 2, "what was made a moment ago is found");
    assert_eq!(world.whos().await[0], contact.id);
}

async fn candidate(world: &World, owner: &str, changed: &str) -> String {
    let contact = json!({"Last_Name": "Sato", "Phone": "+819012345678", "Owner": owner,
        "Created_Time": OLD, "Modified_Time": changed});
    world.seed("Contacts", contact).await
}

/// R4.34
async fn of_several_contacts_that_of_the_chats_owner_is_chosen(place: Place) {
    let world = world(place).await;
    let (jonas, priya) = (world.user("jonas").await, world.user("priya").await);
    let theirs = candidate(&world, &jonas, OLD).await;
    candidate(&world, &priya, NEW).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.whos().await, [theirs]);
    let rules = world.trace_of("wamid.1").await.rules;
    assert!(rules.iter().any(|rule| rule.contains("owned by the user")), "{rules:?}");
}

/// R4.34
async fn of_several_contacts_the_one_changed_last_is_chosen(place: Place) {
    let world = world(place).await;
    let priya = world.user("priya").await;
    candidate(&world, &priya, OLD).await;
    let newest = candidate(&world, &priya, NEW).await;
    candidate(&world, &priya, OLD).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [newest]);
}

/// R4.34
async fn of_several_contacts_changed_at_once_the_one_made_first_is_chosen(place: Place) {
    let world = world(place).await;
    let priya = world.user("priya").await;
    let first = candidate(&world, &priya, NEW).await;
    candidate(&world, &priya, NEW).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [first]);
}

/// R4.34, R4.35, R4.40, X6
async fn a_new_contact_belongs_to_the_user_of_the_chats_owner_then_of_the_account_then_to_whoever_connected(
    place: Place,
) {
    let world = world(place).await;
    let (maya, jonas, priya) =
        (world.user("maya").await, world.user("jonas").await, world.user("priya").await);
    let stranger = |number: u32| Customer::with_number(&format!("81901234567{number}"), "Sato Hanako");
    world.hear(&stranger(1), "wamid.1", "nobody's").await;
    let of_account = world.colleague("priya").await;
    world.own_accounts(of_account).await;
    world.hear(&stranger(2), "wamid.2", "the account's").await;
    world.receive(&stranger(3), "wamid.3", "the chat's").await;
    let of_chat = world.colleague("jonas").await;
    world.assign("wamid.3", of_chat).await;
    world.settle().await;
    let owners: Vec<String> = world.people().await.into_iter().map(|person| person.owner).collect();
    assert_eq!(owners, [maya.clone(), priya, jonas]);
    let made_by = |row: &serde_json::Value| {
        row["Created_By"]["id"].as_str().or(row["Created_By"].as_str()).map(str::to_owned)
    };
    let makers: Vec<_> = world.records("Contacts").await.iter().filter_map(made_by).collect();
    assert_eq!(makers, [&*maya; 3], "all are made in the name of whoever connected");
}

/// R4.51
async fn somebody_who_is_known_gets_the_link_and_keeps_the_lead_source(place: Place) {
    let world = world(place).await;
    let known = json!({"Last_Name": "Sato", "Phone": "090-1234-5678", "Lead_Source": "Trade Show", "Description": "met"});
    world.seed("Contacts", known).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let contact = person(&world).await;
    assert_eq!((contact.source.as_str(), contact.last.as_str()), ("Trade Show", "Sato"));
    assert!(contact.description.starts_with("met\n"), "{contact:?}");
    assert!(contact.description.contains("http://causeway.test/inbox/cnv_"), "{contact:?}");
}

/// R4.21
async fn workflow_rules_run_for_new_contacts_only_where_that_is_chosen(place: Place) {
    for (run_automation, kinds) in [(false, json!({})), (true, json!({"workflow": 1}))] {
        let world = with(place.another().await, |settings| settings.run_automation = run_automation).await;
        world.hear(&hanako(), "wamid.1", "hello").await;
        world.hear(&hanako(), "wamid.2", "again").await;
        let set_off = world.sim("GET", "counters", serde_json::Value::Null).await["automation"].clone();
        assert_eq!(set_off, kinds, "{run_automation}");
    }
}

async fn a_field_that_is_demanded_no_more_holds_nobody(place: Place) {
    let mut world = World::unconnected(place, Setting::zoho()).await;
    let region = |required: bool| json!({"module": "Contacts", "name": "Region", "label": "Sales region", "required": required});
    world.sim("POST", "fields", region(true)).await;
    world.connect().await.unwrap();
    world.integrate(world.org.crm().usual()).await;
    world.sim("POST", "fields", region(false)).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert!(entry(&world).await.body.contains("hello"));
    world.sim("POST", "fields", region(true)).await;
    world.hear(&Customer::with_number("5511987654321", "Silva"), "wamid.2", "ola").await;
    let hold = world.person_of("wamid.2").await.hold.unwrap();
    assert!(hold.2.contains("Region"), "{hold:?}");
}

/// R4.37
async fn a_name_is_followed_as_long_as_it_is_ours(place: Place) {
    let world = world(place).await;
    let named = |name: &str| Customer::with_number("819012345678", name);
    world.hear(&Customer { name: None, ..hanako() }, "wamid.1", "one").await;
    world.after(Duration::from_mins(1)).await;
    world.hear(&named("Sato Hanako"), "wamid.2", "two").await;
    let contact = person(&world).await;
    assert_eq!((contact.first.as_str(), contact.last.as_str()), ("Sato", "Hanako"));
    world.after(Duration::from_mins(1)).await;
    world.edit("Contacts", &contact.id, json!({"Last_Name": "Sato-Meyer"})).await;
    world.hear(&named("Hana"), "wamid.3", "three").await;
    world.after(Duration::from_mins(1)).await;
    world.hear(&named("Hana"), "wamid.4", "four").await;
    assert_eq!(person(&world).await.last, "Sato-Meyer");
    assert_eq!(world.entries().await.len(), 1);
}

/// R4.10, R4.13, R4.14, R4.15, R4.18
async fn conversations_go_to_a_module_of_the_customers_own(place: Place) {
    let world = with(place, |settings| {
        settings.module = Module::other("Partners");
        settings.phone_field = Some("WhatsApp_Number".into());
        settings.name_field = Some("Name".into());
        settings.link_field = Some("Chat_Link".into());
        settings.source_field = Some("Partner_Source".into());
        settings.lead_source = "Fair".into();
    })
    .await;
    world.know("Sato", "+819012345678").await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.hear(&hanako(), "wamid.2", "there").await;
    let partner = world.records("Partners").await;
    assert_eq!(partner.len(), 1, "contacts count for nothing here: {partner:#?}");
    let said = |field: &str| partner[0][field].as_str().unwrap_or_default().to_owned();
    assert_eq!((said("WhatsApp_Number"), said("Phone")), ("+819012345678".into(), String::new()));
    assert_eq!((said("Name"), said("Partner_Source")), ("Sato Hanako".into(), "Fair".into()));
    assert!(said("Chat_Link").starts_with("http://causeway.test/inbox/"), "{partner:#?}");
    let note = entry(&world).await;
    assert_eq!(note.on, said("id"));
    assert!(note.body.contains("hello") && note.body.contains("there"));
}

/// R4.31
async fn a_record_made_by_hand_in_the_module_of_choice_releases_what_waits(place: Place) {
    let world = with(place, |settings| {
        settings.module = Module::other("Partners");
        settings.create = Create::Off;
    })
    .await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.entries().await, [], "nobody is made");
    world.after(Duration::from_mins(2)).await;
    let partner = world.seed("Partners", json!({"Name": "Sato", "Phone": "090-1234-5678"})).await;
    world.rest(Duration::from_secs(30), Duration::from_mins(5)).await;
    assert_eq!(entry(&world).await.on, partner);
}

/// R4.39
async fn a_contact_that_was_deleted_is_made_again_and_one_that_was_merged_is_followed(place: Place) {
    let world = world(place).await;
    world.hear(&hanako(), "wamid.1", "one").await;
    let first = person(&world).await.id;
    world.delete("Contacts", &first).await;
    world.after(Duration::from_hours(24)).await;
    world.hear(&hanako(), "wamid.2", "two").await;
    world.rest(Duration::from_secs(30), Duration::from_mins(5)).await;
    let second = person(&world).await.id;
    assert_ne!(second, first);
    assert_eq!(entry(&world).await.on, second, "the note of the deleted contact went with it");
    let winner = world.know("Winner", "+819012345678").await;
    world.sim("POST", "merge", json!({"winner": winner, "loser": second})).await;
    world.after(Duration::from_hours(24)).await;
    world.hear(&hanako(), "wamid.3", "three").await;
    world.rest(Duration::from_secs(30), Duration::from_mins(5)).await;
    assert_eq!(person(&world).await.id, winner);
    assert_eq!(world.whos().await, [winner.clone(), winner]);
}

/// R4.31
async fn a_lead_that_we_may_see_and_not_change_is_not_made_again(place: Place) {
    let world = with(place, |settings| settings.module = None).await;
    let lead =
        world.seed("Leads", json!({"Last_Name": "Sato", "Company": "Acme", "Phone": "+819012345678"})).await;
    let rights = json!({"user": "*", "no_create": ["Leads"], "no_edit": ["Leads"]});
    world.sim("POST", "permissions", rights).await;
    // The day's description is due.
    world.after(Duration::from_hours(25)).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.rest(Duration::from_mins(1), Duration::from_mins(20)).await;
    assert_eq!(person(&world).await.id, lead, "nobody new");
    world.sim("POST", "permissions", json!({"user": "*"})).await;
    retry_all(&world.app, world.workspace_id, Filter::default(), false).await.unwrap();
    world.rest(Duration::from_mins(1), Duration::from_mins(20)).await;
    assert_eq!(entry(&world).await.on, lead);
}

/// R4.35
async fn an_argentine_mobile_is_found_as_it_is_dialled_at_home(place: Place) {
    let world = world(place).await;
    let contact = json!({"Last_Name": "Díaz", "Phone": "011 15 2345-6789", "Mailing_Country": "Argentina"});
    let contact = world.seed("Contacts", contact).await;
    world.hear(&Customer::with_number("5491123456789", "Martín Díaz"), "wamid.1", "hola").await;
    assert_eq!(world.whos().await, [contact]);
}
