//! What stands in a Task and on the person's record: the fields of an entry, the chat link, and the time.

use std::time::Duration;

use causeway_core::plan::settings::{ChatSync, Shape};
use causeway_simulator::whatsapp::Sender;
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    a_task_names_channel_direction_time_customer_agent_conversation_chat_and_message,
    a_task_carries_its_key_in_the_external_id_where_the_org_has_one,
    a_task_carries_its_key_in_a_standard_field_where_it_has_none,
    a_sent_message_is_synced_too_and_says_so,
    a_chat_that_the_business_begins_makes_a_lead_too,
    attachments_and_places_are_named_in_the_text,
    a_task_keeps_the_time_of_the_message_and_not_of_the_write,
    the_date_is_the_day_in_the_workspaces_zone,
    the_chat_link_stands_once_in_a_new_leads_description,
    the_chat_link_is_appended_to_a_persons_description_and_nothing_of_it_is_lost,
    a_second_chat_of_the_person_adds_its_own_link,
    the_chat_link_goes_into_the_chosen_field_and_leaves_the_description_alone,
    a_chosen_field_with_something_in_it_is_left_alone,
    a_full_description_is_left_alone,
    somebody_who_takes_the_link_away_does_not_get_it_back,
    the_chat_link_stands_in_every_entry_of_every_shape,
);

fn link(task: &Value) -> String {
    let body = task["Description"].as_str().unwrap();
    body.lines().find_map(|line| line.strip_prefix("Chat: ")).unwrap().to_owned()
}

fn contact(description: &Value) -> Value {
    json!({"LastName": "Sato", "Phone": "+819012345678", "Description": description})
}

/// R2.1, R2.4, X8
async fn a_task_names_channel_direction_time_customer_agent_conversation_chat_and_message(place: Place) {
    let world = World::new(place).await;
    let member = world.colleague("jonas").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.assign("wamid.1", member).await;
    world.settle().await;
    let task = world.task().await;
    let body = task["Description"].as_str().unwrap();
    for line in [
        "Channel: WhatsApp (+81312345678)",
        "Direction: received",
        "Time: 2026-01-02 12:04:05 +09:00",
        "Customer: +819012345678",
        "Agent: jonas",
    ] {
        assert!(body.lines().any(|found| found == line), "{line} is missing from:\n{body}");
    }
    let conversation = body.lines().find_map(|line| line.strip_prefix("Conversation: ")).unwrap();
    assert_eq!(link(&task), format!("http://causeway.test/inbox/{conversation}"));
    let message = body.lines().find_map(|line| line.strip_prefix("Message: ")).unwrap();
    assert!(message.starts_with("msg") && message.ends_with("(wamid.1)"), "{message}");
    assert_eq!(task["CallType"], "Inbound");
    assert_eq!(task["Status"], "Completed");
    assert_eq!(task["ActivityDate"], "2026-01-02");
}

/// X8
async fn a_task_carries_its_key_in_the_external_id_where_the_org_has_one(place: Place) {
    let world = World::with(place, Setting { has_external_id: true, ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let key = world.task().await["Causeway_Key__c"].clone();
    assert!(key.as_str().unwrap().starts_with("cx1-"), "{key}");
}

/// X8
async fn a_task_carries_its_key_in_a_standard_field_where_it_has_none(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let key = world.task().await["CallObject"].clone();
    assert!(key.as_str().unwrap().starts_with("cx1-"), "{key}");
}

/// R2.43
async fn a_sent_message_is_synced_too_and_says_so(place: Place) {
    let world = World::new(place).await;
    let contact = world.seed("Contact", contact(&Value::Null)).await;
    world.hear(&hanako(), "wamid.1", "question").await;
    let echo = world.sender.echo_text(&hanako(), "wamid.2", world.seconds() + 1, "answer");
    world.post(vec![echo]).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["question", "answer"]);
    assert_eq!(world.whos().await, [&*contact; 2]);
    let sent = world.records("Task").await.remove(1);
    assert_eq!(sent["Subject"], "WhatsApp to Sato Hanako · 2026-01-02 12:04:06 +09:00");
    assert!(sent["Description"].as_str().unwrap().contains("\nDirection: sent\n"));
    assert_eq!(sent["CallType"], "Outbound");
}

/// R2.3, R2.43
async fn a_chat_that_the_business_begins_makes_a_lead_too(place: Place) {
    let world = World::new(place).await;
    world.post(vec![world.sender.echo_text(&hanako(), "wamid.1", world.seconds(), "hello")]).await;
    world.settle().await;
    let leads = world.records("Lead").await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0]["Phone"], "+819012345678");
    assert_eq!(world.whos().await, [leads[0]["Id"].as_str().unwrap()]);
}

/// R2.9, X4: named in the text; the files themselves follow with the work on files.
async fn attachments_and_places_are_named_in_the_text(place: Place) {
    let world = World::new(place).await;
    let (customer, now) = (hanako(), world.seconds());
    world
        .post(vec![
            world.sender.image(&customer, "wamid.1", now, "m1", Some("our shop")),
            world.sender.voice(&customer, "wamid.2", now, "m2"),
            world.sender.document(&customer, "wamid.3", now, "m3", "offer.pdf"),
            world.sender.location(&customer, "wamid.4", now, 35.5, 139.5),
            world.sender.button_reply(&customer, "wamid.5", now, "yes", "Yes, please"),
            world.sender.unsupported(&customer, "wamid.6", now, "poll"),
        ])
        .await;
    world.settle().await;
    let texts = world.texts().await;
    assert_eq!(texts[0], "[image]\nour shop");
    assert_eq!(texts[1], "[voice message]");
    assert_eq!(texts[2], "[document: offer.pdf]");
    assert_eq!(texts[3], "[location: 35.5, 139.5]");
    assert_eq!(texts[4], "[chose: Yes, please (yes)]");
    assert!(texts[5].starts_with("[a message of a kind the channel does not pass on"), "{}", texts[5]);
}

/// R2.47
async fn a_task_keeps_the_time_of_the_message_and_not_of_the_write(place: Place) {
    let world = World::new(place).await;
    world.after(Duration::from_hours(30)).await;
    world.receive_at(&hanako(), "wamid.1", START, "hello").await;
    world.settle().await;
    let task = world.task().await;
    assert_eq!(task["ActivityDate"], "2026-01-02");
    assert_eq!(task["Subject"], "WhatsApp from Sato Hanako · 2026-01-02 12:04:05 +09:00");
    assert!(task["CreatedDate"].as_str().unwrap().starts_with("2026-01-03"));
}

/// R2.47
async fn the_date_is_the_day_in_the_workspaces_zone(place: Place) {
    let world = World::with(place, Setting { zone: "America/New_York", ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let task = world.task().await;
    assert_eq!(task["ActivityDate"], "2026-01-01");
    assert_eq!(task["Subject"], "WhatsApp from Sato Hanako · 2026-01-01 22:04:05 -05:00");
}

/// R2.7, R2.8, R2.46, X7
async fn the_chat_link_stands_once_in_a_new_leads_description(place: Place) {
    let world = World::new(place).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), "hello").await;
    }
    let link = link(&world.records("Task").await[0]);
    let lead = world.records("Lead").await.remove(0);
    assert_eq!(lead["Description"], format!("WhatsApp chat: {link}"));
}

/// R2.7, R2.46, X7
async fn the_chat_link_is_appended_to_a_persons_description_and_nothing_of_it_is_lost(place: Place) {
    let world = World::new(place).await;
    let before = "Met at the fair.\nLikes tea; «careful» with 'quotes' & <tags>.";
    let id = world.seed("Contact", contact(&json!(before))).await;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), "hello").await;
    }
    let link = link(&world.records("Task").await[0]);
    let description = world.record("Contact", &id).await["Description"].clone();
    assert_eq!(description, format!("{before}\nWhatsApp chat: {link}"));
}

/// R2.46
async fn a_second_chat_of_the_person_adds_its_own_link(place: Place) {
    let world = World::new(place).await;
    let other = Sender { phone_number_id: "106540352242999".into(), ..world.sender.clone() };
    let id = world.seed("Contact", contact(&Value::Null)).await;
    for round in 1..=2 {
        world.hear(&hanako(), &format!("wamid.a{round}"), "hello").await;
        let text = other.text(&hanako(), &format!("wamid.b{round}"), world.seconds(), "hello");
        world.post(vec![text]).await;
        world.settle().await;
    }
    let tasks = world.records("Task").await;
    let links: Vec<_> = tasks.iter().map(link).collect();
    assert_ne!(links[0], links[1]);
    let description = world.record("Contact", &id).await["Description"].clone();
    assert_eq!(description, format!("WhatsApp chat: {}\nWhatsApp chat: {}", links[0], links[1]));
}

async fn with_link_field(place: Place) -> World {
    let mut world = World::unconnected(place, Setting::default()).await;
    for object in ["Lead", "Contact"] {
        world.sim("POST", "fields", json!({"object": object, "name": "Chat__c", "length": 120})).await;
    }
    world.connect().await.unwrap();
    let link_field = Some("Chat__c".to_owned());
    world.integrate(ChatSync { link_field, ..ChatSync::default() }).await;
    world
}

/// R2.7, R2.46, X7
async fn the_chat_link_goes_into_the_chosen_field_and_leaves_the_description_alone(place: Place) {
    let world = with_link_field(place).await;
    let id = world.seed("Contact", contact(&json!("Met at the fair."))).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let stranger = causeway_simulator::whatsapp::Customer::with_number("819012345699", "Suzuki");
    world.hear(&stranger, "wamid.2", "hello").await;
    let links: Vec<_> = world.records("Task").await.iter().map(link).collect();
    let known = world.record("Contact", &id).await;
    assert_eq!((&known["Chat__c"], &known["Description"]), (&json!(links[0]), &json!("Met at the fair.")));
    let new = world.records("Lead").await.remove(0);
    assert_eq!((&new["Chat__c"], &new["Description"]), (&json!(links[1]), &Value::Null));
}

/// R2.46, X7
async fn a_chosen_field_with_something_in_it_is_left_alone(place: Place) {
    let world = with_link_field(place).await;
    let mut record = contact(&Value::Null);
    record["Chat__c"] = json!("https://elsewhere.example/7");
    let id = world.seed("Contact", record).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let known = world.record("Contact", &id).await;
    assert_eq!(known["Chat__c"], "https://elsewhere.example/7");
    assert_eq!(known["Description"], Value::Null);
    assert_eq!(world.task().await["WhoId"], json!(id));
}

/// R2.46: nothing is cut for its sake.
async fn a_full_description_is_left_alone(place: Place) {
    let world = World::new(place).await;
    let full = "x".repeat(31_990);
    let id = world.seed("Contact", contact(&json!(full))).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.record("Contact", &id).await["Description"], json!(full));
    assert_eq!(world.task().await["WhoId"], json!(id));
}

/// R2.46
async fn somebody_who_takes_the_link_away_does_not_get_it_back(place: Place) {
    let world = World::new(place).await;
    let id = world.seed("Contact", contact(&Value::Null)).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.edit("Contact", &id, json!({"Description": "mine"})).await;
    world.hear(&hanako(), "wamid.2", "hello").await;
    assert_eq!(world.record("Contact", &id).await["Description"], "mine");
}

/// R2.8, X7
async fn the_chat_link_stands_in_every_entry_of_every_shape(place: Place) {
    let settings = ChatSync { shape: Shape::LocalDay, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.after(Duration::from_hours(24)).await;
    world.hear(&hanako(), "wamid.2", "hello").await;
    let tasks = world.records("Task").await;
    assert_eq!(tasks.len(), 2);
    assert!(tasks.iter().all(|task| link(task).starts_with("http://causeway.test/inbox/cnv")));
}
