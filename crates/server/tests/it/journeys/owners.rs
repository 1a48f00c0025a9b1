//! Whose: the chat's assignee, else the owner of the account, else the default owner, else the one who connected.

use causeway_core::plan::settings::{ChatSync, Create};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_new_lead_and_its_task_belong_to_the_chats_assignee,
    an_unassigned_chats_lead_belongs_to_the_owner_of_the_account,
    nobody_corresponding_the_default_owner_takes_it,
    nobody_at_all_corresponding_the_one_who_connected_takes_it,
    an_inactive_assignee_is_skipped,
    an_inactive_default_owner_is_skipped,
    the_users_e_mail_is_compared_in_any_case_and_with_the_sandboxs_suffix,
    assignment_rules_do_not_overrule_the_chain,
    assignment_rules_may_be_asked_for,
    a_new_contact_has_the_same_owner,
    an_existing_records_owner_is_never_changed,
    a_user_deactivated_since_is_skipped_when_the_org_refuses_them,
);

/// Owners of the only lead and the only Task.
async fn owners(world: &World) -> (Value, Value) {
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1);
    (leads[0]["OwnerId"].clone(), world.task().await["OwnerId"].clone())
}

/// R2.23
async fn a_new_lead_and_its_task_belong_to_the_chats_assignee(place: Place) {
    let world = World::new(place).await;
    let jonas = json!(world.user("jonas").await);
    let (assignee, owner) = (world.colleague("jonas").await, world.colleague("priya").await);
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", assignee).await;
    world.own_accounts(owner).await;
    world.settle().await;
    assert_eq!(owners(&world).await, (jonas.clone(), jonas));
    assert!(world.task().await["Description"].as_str().unwrap().contains("Agent: jonas"));
}

/// R2.24
async fn an_unassigned_chats_lead_belongs_to_the_owner_of_the_account(place: Place) {
    let world = World::new(place).await;
    let priya = json!(world.user("priya").await);
    let owner = world.colleague("priya").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.own_accounts(owner).await;
    world.settle().await;
    assert_eq!(owners(&world).await, (priya.clone(), priya));
}

/// R2.25
async fn nobody_corresponding_the_default_owner_takes_it(place: Place) {
    let world = World::new(place).await;
    let priya = world.user("priya").await;
    let settings = ChatSync { default_owner: Some(priya.clone()), ..ChatSync::default() };
    world.change_settings(settings).await;
    let stranger = world.member("Stranger", "nobody@elsewhere.example").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", stranger).await;
    world.settle().await;
    assert_eq!(owners(&world).await, (json!(priya), json!(priya)));
}

/// R2.25
async fn nobody_at_all_corresponding_the_one_who_connected_takes_it(place: Place) {
    let world = World::new(place).await;
    let maya = json!(world.user("maya").await);
    let stranger = world.member("Stranger", "nobody@elsewhere.example").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", stranger).await;
    world.own_accounts(stranger).await;
    world.settle().await;
    assert_eq!(owners(&world).await, (maya.clone(), maya));
}

/// R2.26
async fn an_inactive_assignee_is_skipped(place: Place) {
    let world = World::new(place).await;
    let priya = json!(world.user("priya").await);
    let (ruth, owner) = (world.colleague("ruth").await, world.colleague("priya").await);
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", ruth).await;
    world.own_accounts(owner).await;
    world.settle().await;
    assert_eq!(owners(&world).await, (priya.clone(), priya));
}

/// R2.26
async fn an_inactive_default_owner_is_skipped(place: Place) {
    let world = World::new(place).await;
    let (ruth, maya) = (world.user("ruth").await, json!(world.user("maya").await));
    world.change_settings(ChatSync { default_owner: Some(ruth), ..ChatSync::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(owners(&world).await, (maya.clone(), maya));
}

/// R2.23
async fn the_users_e_mail_is_compared_in_any_case_and_with_the_sandboxs_suffix(place: Place) {
    let mut world = World::unconnected(place, Setting::default()).await;
    let org = world.records("Organization").await.remove(0);
    world.edit("Organization", org["Id"].as_str().unwrap(), json!({"IsSandbox": true})).await;
    assert!(world.connect().await.unwrap().is_sandbox);
    world.integrate(ChatSync::default()).await;
    let jonas = world.user("jonas").await;
    let renamed = json!({"id": jonas, "Email": "Jonas.Okafor@ACME.example.invalid"});
    world.sim("POST", "users", renamed).await;
    let member = world.member("Jonas", "JONAS.okafor@acme.example").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(owners(&world).await.0, json!(jonas));
}

/// R2.23, X6: the org's rule would give it to the second active user.
async fn assignment_rules_do_not_overrule_the_chain(place: Place) {
    let world = World::new(place).await;
    let maya = json!(world.user("maya").await);
    world.sim("POST", "options", json!({"assignment_rules": true})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(owners(&world).await.0, maya);
}

/// X6
async fn assignment_rules_may_be_asked_for(place: Place) {
    let settings = ChatSync { use_assignment_rules: true, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    let jonas = json!(world.user("jonas").await);
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(owners(&world).await.0, jonas);
}

/// R2.23
async fn a_new_contact_has_the_same_owner(place: Place) {
    let settings = ChatSync { create: Create::Contact, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    let jonas = json!(world.user("jonas").await);
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.records("Contact").await[0]["OwnerId"], jonas);
    assert!(world.records("Lead").await.is_empty());
}

/// R2.23: the chain is for new records only.
async fn an_existing_records_owner_is_never_changed(place: Place) {
    let world = World::new(place).await;
    let priya = world.user("priya").await;
    let contact = json!({"LastName": "Sato", "Phone": "+819012345678", "OwnerId": priya});
    let contact = world.seed("Contact", contact).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    assert_eq!(world.record("Contact", &contact).await["OwnerId"], json!(priya));
    assert_eq!(world.task().await["OwnerId"], json!(world.user("jonas").await));
}

/// R2.26
async fn a_user_deactivated_since_is_skipped_when_the_org_refuses_them(place: Place) {
    let world = World::new(place).await;
    let (jonas, maya) = (world.user("jonas").await, json!(world.user("maya").await));
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    world.sim("POST", "users", json!({"id": jonas, "active": false})).await;
    world.hear(&hanako(), "wamid.2", "again").await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 2);
    assert_eq!(tasks[1]["OwnerId"], maya);
}
