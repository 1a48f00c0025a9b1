//! Who: the stored link, contacts, open leads, closed leads, in that order; the owner rule, the newest, the name, the id.

use causeway_core::{
    lane::HoldReason,
    plan::settings::{ChatSync, Create},
};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_contact_comes_before_an_open_lead_and_that_before_a_closed_one_and_that_before_a_new_one,
    among_contacts_that_of_the_chats_owner_comes_first,
    among_open_leads_that_of_the_chats_owner_comes_first,
    among_closed_leads_that_of_the_chats_owner_comes_first,
    among_the_chat_owners_contacts_the_one_changed_last_is_chosen,
    among_contacts_the_one_changed_last_is_chosen,
    among_open_leads_the_one_changed_last_is_chosen,
    among_closed_leads_the_one_changed_last_is_chosen,
    when_none_is_the_chat_owners_the_one_changed_last_is_chosen_and_the_trace_says_so,
    the_owner_of_the_account_counts_as_owner_of_an_unassigned_chat,
    a_tie_goes_to_the_equal_name,
    a_tie_without_a_name_goes_to_the_lowest_id,
    the_name_alone_never_links,
);

const OLD: &str = "2025-03-01T00:00:00.000+0000";
const NEW: &str = "2025-09-01T00:00:00.000+0000";

/// The kinds of candidates: object and status.
type Kind = (&'static str, Option<&'static str>);
const CONTACT: Kind = ("Contact", None);
const OPEN: Kind = ("Lead", Some("Working - Contacted"));
const CLOSED: Kind = ("Lead", Some("Closed - Not Converted"));

async fn candidate(world: &World, kind: Kind, phone: &str, more: Value) -> String {
    let mut record = json!({"LastName": "Sato", "Phone": phone});
    if let Some(status) = kind.1 {
        record["Company"] = json!("Acme");
        record["Status"] = json!(status);
    }
    for (name, value) in more.as_object().unwrap() {
        record[name] = value.clone();
    }
    world.seed(kind.0, record).await
}

/// R2.11, R2.13, R2.16, R2.20
async fn a_contact_comes_before_an_open_lead_and_that_before_a_closed_one_and_that_before_a_new_one(
    place: Place,
) {
    let world = World::new(place).await;
    let customer = |last: u8| Customer::with_number(&format!("81901234567{last}"), "Sato Hanako");
    let phone = |last: u8| format!("+81 90 1234 567{last}");
    let mut expected = Vec::new();
    for (last, kinds) in [&[CLOSED, OPEN, CONTACT][..], &[CLOSED, OPEN], &[CLOSED]].iter().enumerate() {
        let last = u8::try_from(last).unwrap();
        for kind in *kinds {
            let id = candidate(&world, *kind, &phone(last), json!({})).await;
            if kind == kinds.last().unwrap() {
                expected.push(id);
            }
        }
        world.hear(&customer(last), &format!("wamid.{last}"), "hello").await;
    }
    assert_eq!(world.whos().await, expected);
    assert_eq!(world.records("Lead").await.len(), 5, "nobody new");
    world.hear(&customer(9), "wamid.9", "hello").await;
    assert_eq!(world.records("Lead").await.len(), 6);
}

async fn owner_rule(place: Place, kind: Kind) {
    let world = World::new(place).await;
    let (jonas, priya) = (world.user("jonas").await, world.user("priya").await);
    let phone = "+819012345678";
    let theirs = candidate(&world, kind, phone, json!({"OwnerId": jonas, "LastModifiedDate": OLD})).await;
    candidate(&world, kind, phone, json!({"OwnerId": priya, "LastModifiedDate": NEW})).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.whos().await, [theirs]);
    let rules = world.trace_of("wamid.1").await.rules;
    assert!(rules.iter().any(|rule| rule.contains("owned by the user")), "{rules:?}");
}

/// R2.11
async fn among_contacts_that_of_the_chats_owner_comes_first(place: Place) {
    owner_rule(place, CONTACT).await;
}

/// R2.14
async fn among_open_leads_that_of_the_chats_owner_comes_first(place: Place) {
    owner_rule(place, OPEN).await;
}

/// R2.18
async fn among_closed_leads_that_of_the_chats_owner_comes_first(place: Place) {
    owner_rule(place, CLOSED).await;
}

/// R2.12
async fn among_the_chat_owners_contacts_the_one_changed_last_is_chosen(place: Place) {
    let world = World::new(place).await;
    let (jonas, priya) = (world.user("jonas").await, world.user("priya").await);
    let phone = "+819012345678";
    let theirs = json!({"OwnerId": jonas, "LastModifiedDate": "2025-04-01T00:00:00.000+0000"});
    candidate(&world, CONTACT, phone, json!({"OwnerId": jonas, "LastModifiedDate": OLD})).await;
    let newest = candidate(&world, CONTACT, phone, theirs).await;
    candidate(&world, CONTACT, phone, json!({"OwnerId": priya, "LastModifiedDate": NEW})).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.whos().await, [newest]);
}

async fn newest(place: Place, kind: Kind) {
    let world = World::new(place).await;
    let phone = "+819012345678";
    candidate(&world, kind, phone, json!({"LastModifiedDate": OLD})).await;
    let newest = candidate(&world, kind, phone, json!({"LastModifiedDate": NEW})).await;
    candidate(&world, kind, phone, json!({"LastModifiedDate": OLD})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [newest]);
}

/// R2.12, R2.21
async fn among_contacts_the_one_changed_last_is_chosen(place: Place) {
    newest(place, CONTACT).await;
}

/// R2.15
async fn among_open_leads_the_one_changed_last_is_chosen(place: Place) {
    newest(place, OPEN).await;
}

/// R2.19, X19
async fn among_closed_leads_the_one_changed_last_is_chosen(place: Place) {
    newest(place, CLOSED).await;
}

/// R2.21
async fn when_none_is_the_chat_owners_the_one_changed_last_is_chosen_and_the_trace_says_so(place: Place) {
    let world = World::new(place).await;
    let (maya, priya) = (world.user("maya").await, world.user("priya").await);
    let phone = "+819012345678";
    candidate(&world, CONTACT, phone, json!({"OwnerId": maya, "LastModifiedDate": OLD})).await;
    let newest = json!({"OwnerId": priya, "LastModifiedDate": NEW});
    let newest = candidate(&world, CONTACT, phone, newest).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.whos().await, [newest]);
    let rules = world.trace_of("wamid.1").await.rules;
    assert!(rules.iter().any(|rule| rule.contains("none belongs to the user")), "{rules:?}");
    assert!(rules.iter().any(|rule| rule.contains("changed last")), "{rules:?}");
}

/// R2.11, R2.24
async fn the_owner_of_the_account_counts_as_owner_of_an_unassigned_chat(place: Place) {
    let world = World::new(place).await;
    let (jonas, priya) = (world.user("jonas").await, world.user("priya").await);
    let phone = "+819012345678";
    let theirs = json!({"OwnerId": jonas, "LastModifiedDate": OLD});
    let theirs = candidate(&world, CONTACT, phone, theirs).await;
    candidate(&world, CONTACT, phone, json!({"OwnerId": priya, "LastModifiedDate": NEW})).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.own_accounts(member).await;
    world.settle().await;
    assert_eq!(world.whos().await, [theirs]);
}

/// R2.3
async fn a_tie_goes_to_the_equal_name(place: Place) {
    let world = World::new(place).await;
    let phone = "+819012345678";
    candidate(&world, CONTACT, phone, json!({"FirstName": "Jiro", "LastModifiedDate": NEW})).await;
    let named = json!({"FirstName": "Sato", "LastName": "Hanako", "LastModifiedDate": NEW});
    let named = candidate(&world, CONTACT, phone, named).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [named]);
}

/// R2.3
async fn a_tie_without_a_name_goes_to_the_lowest_id(place: Place) {
    let world = World::new(place).await;
    let phone = "+819012345678";
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(candidate(&world, CONTACT, phone, json!({"LastModifiedDate": NEW})).await);
    }
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.whos().await, [ids.into_iter().min().unwrap()]);
}

/// R2.3
async fn the_name_alone_never_links(place: Place) {
    let settings = ChatSync { create: Create::Off, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    let named = json!({"FirstName": "Sato", "LastName": "Hanako"});
    candidate(&world, CONTACT, "+81312340000", named).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::NoRecord);
}
