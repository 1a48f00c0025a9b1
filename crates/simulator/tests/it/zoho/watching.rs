//! Channels of notifications.

use serde_json::{Value, json};

use super::world::World;

fn channel(expiry: &Value) -> Value {
    json!({"watch": [{"channel_id": "1000000068001", "events": ["Contacts.create", "Contacts.edit"],
        "notify_url": "https://c.test/hook", "token": "t1", "channel_expiry": expiry,
        "return_affected_field_values": true}]})
}

#[tokio::test]
async fn a_change_is_told_to_who_watches_with_what_changed() {
    let world = World::new().await;
    let made = world.post("actions/watch", channel(&json!("2026-03-05T09:00:00+00:00"))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let event = &made.body["watch"][0]["details"]["events"][0];
    assert_eq!(
        (&event["resource_name"], &event["channel_id"]),
        (&json!("Contacts"), &json!("1000000068001"))
    );
    let id = world.create("Contacts", json!({"Last_Name": "A"})).await;
    world.put(&format!("Contacts/{id}"), json!({"data": [{"Phone": "+48600700800"}]})).await;
    world.delete(&format!("Contacts/{id}")).await;
    let notices = world.get("/_sim/notices").await.body["notices"].clone();
    let said: Vec<&Value> =
        notices.as_array().expect("notices").iter().map(|notice| &notice["operation"]).collect();
    assert_eq!(said, ["insert", "update"]);
    assert_eq!(notices[1]["affected_values"][0]["values"]["Phone"], "+48600700800");
    assert_eq!((&notices[1]["ids"][0], &notices[1]["token"]), (&json!(id), &json!("t1")));
}

#[tokio::test]
async fn a_channel_without_an_end_or_with_one_too_far_off_lives_an_hour() {
    let mut world = World::new().await;
    for expiry in [json!(null), json!("2027-01-01T00:00:00Z")] {
        let made = world.post("actions/watch", channel(&expiry)).await;
        let event = &made.body["watch"][0]["details"]["events"][0];
        assert_eq!(event["channel_expiry"], "2026-03-02T05:00:00-05:00");
    }
    world.org.advance_clock(3_600.0);
    world.token = world.refresh().await.body["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(world.get("actions/watch").await.status, 204);
}

#[tokio::test]
async fn a_channel_is_listed_changed_and_ended() {
    let world = World::new().await;
    world.post("actions/watch", channel(&json!("2026-03-05T09:00:00Z"))).await;
    assert_eq!(world.get("actions/watch").await.body["watch"].as_array().map(Vec::len), Some(2));
    let less = json!({"watch": [{"channel_id": 1_000_000_068_001_u64, "events": ["Contacts.edit"], "_delete_events": true}]});
    assert_eq!(world.patch("actions/watch", less).await.status, 200);
    assert_eq!(
        world.get("actions/watch?channel_id=1000000068001").await.body["watch"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(world.delete("actions/watch?channel_ids=1000000068001").await.status, 200);
    let gone = world.delete("actions/watch?channel_ids=1000000068001").await;
    assert_eq!((gone.status, &gone.body["watch"][0]["code"]), (400, &json!("NOT_SUBSCRIBED")));
    assert_eq!(world.get("actions/watch").await.status, 204);
}
