//! A note for each day: it is made once, grows in place, ends at midnight, and goes on where it is full.

use std::time::Duration;

use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::{super::ability::hanako, entry, person, with, world};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, Setting, World},
};

on_both_engines!(
    a_strangers_first_message_makes_a_contact_and_the_note_of_the_day,
    a_stranger_without_a_name_is_called_by_the_number,
    the_link_stands_in_the_chosen_field_and_not_in_the_description,
    the_days_note_grows_in_place_with_every_message,
    midnight_in_tokyo_begins_another_note,
    midnight_in_sao_paulo_begins_another_note,
    a_day_that_outgrows_its_note_goes_on_in_a_numbered_one,
);

/// R4.33, R4.36, R4.44
async fn a_strangers_first_message_makes_a_contact_and_the_note_of_the_day(place: Place) {
    let world = world(place).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let made = person(&world).await;
    assert_eq!((made.module, made.phone.as_str()), ("Contacts", "+819012345678"));
    assert_eq!((made.first.as_str(), made.last.as_str()), ("Sato", "Hanako"));
    assert_eq!(made.source, "Causeway");
    assert_eq!(made.owner, world.user("maya").await);
    assert!(made.description.contains("http://causeway.test/inbox/cnv_"), "{made:?}");
    let note = entry(&world).await;
    assert_eq!((note.module, note.on), ("Notes", made.id));
    assert_eq!(note.subject, "WhatsApp chat with Sato Hanako (02/01/2026)");
    assert!(note.body.starts_with("[2026-01-02 12:04:05] Sato Hanako:\nhello\n\n—\n"), "{}", note.body);
    assert!(note.body.contains("http://causeway.test/inbox/cnv_"), "{}", note.body);
}

/// R4.36
async fn a_stranger_without_a_name_is_called_by_the_number(place: Place) {
    let world = world(place).await;
    let nameless = Customer { name: None, ..hanako() };
    world.hear(&nameless, "wamid.1", "hello").await;
    assert_eq!(person(&world).await.last, "New WhatsApp contact: +819012345678");
}

/// R4.15
async fn the_link_stands_in_the_chosen_field_and_not_in_the_description(place: Place) {
    let mut world = World::unconnected(place, Setting::zoho()).await;
    let field = json!({"module": "Contacts", "name": "Chat_URL", "label": "Chat", "data_type": "website"});
    world.sim("POST", "fields", field).await;
    world.connect().await.unwrap();
    let mut settings = world.org.crm().usual();
    settings.link_field = Some("Chat_URL".into());
    world.integrate(settings).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let made = world.records("Contacts").await.remove(0);
    let link = made["Chat_URL"].as_str().unwrap_or_default();
    assert!(link.starts_with("http://causeway.test/inbox/cnv_"), "{made:#}");
    assert_eq!(person(&world).await.description, "");
}

/// R4.38, R4.44
async fn the_days_note_grows_in_place_with_every_message(place: Place) {
    let world = world(place).await;
    let mut first = None;
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        let note = entry(&world).await;
        let texts: Vec<_> = (1..=number).map(|number| format!("text {number}")).collect();
        let places: Vec<_> = texts.iter().map(|text| note.body.find(text.as_str())).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{}", note.body);
        assert_eq!(first.get_or_insert(note.id.clone()), &note.id);
        world.after(Duration::from_mins(7)).await;
    }
    assert_eq!(world.people().await.len(), 1);
}

/// `midnight`: in seconds since 1970.
async fn splits_at(place: Place, zone: &'static str, midnight: i64, titles: [&str; 2]) {
    let world = World::with(place, Setting { zone, ..Setting::zoho() }).await;
    world.after(Duration::from_secs(u64::try_from(midnight + 60 - START).unwrap())).await;
    world.receive_at(&hanako(), "wamid.1", midnight - 1, "evening").await;
    world.receive_at(&hanako(), "wamid.2", midnight, "morning").await;
    world.settle().await;
    let notes = world.entries().await;
    let told: Vec<_> = notes.iter().map(|note| note.subject.as_str()).collect();
    assert_eq!(told, titles);
    assert!(notes[0].body.contains("evening") && notes[1].body.contains("morning"), "{notes:#?}");
    assert_eq!(world.people().await.len(), 1);
}

/// R4.44
async fn midnight_in_tokyo_begins_another_note(place: Place) {
    let titles =
        ["WhatsApp chat with Sato Hanako (02/01/2026)", "WhatsApp chat with Sato Hanako (03/01/2026)"];
    splits_at(place, "Asia/Tokyo", 1_767_366_000, titles).await;
}

/// R4.44: nine hours behind Tokyo's, and within one day of UTC.
async fn midnight_in_sao_paulo_begins_another_note(place: Place) {
    let titles =
        ["WhatsApp chat with Sato Hanako (02/01/2026)", "WhatsApp chat with Sato Hanako (03/01/2026)"];
    splits_at(place, "America/Sao_Paulo", 1_767_409_200, titles).await;
}

/// X8
async fn a_day_that_outgrows_its_note_goes_on_in_a_numbered_one(place: Place) {
    let world = with(place, |_| {}).await;
    let text = |number: usize| format!("{number} {}", "x".repeat(4_000));
    for number in 0..10 {
        world.hear(&hanako(), &format!("wamid.{number}"), &text(number)).await;
    }
    let notes = world.entries().await;
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[1].subject, "WhatsApp chat with Sato Hanako (02/01/2026) (part 2)");
    let both = [notes[0].body.as_str(), &notes[1].body].concat();
    for number in 0..10 {
        assert_eq!(both.matches(&text(number)).count(), 1, "{number}");
    }
    assert!(notes.iter().all(|note| note.body.encode_utf16().count() <= 32_000));
    assert_eq!(notes[0].on, notes[1].on);
}
