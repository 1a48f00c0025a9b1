//! What is answered is kept.

use std::path::PathBuf;

use causeway_simulator::zoho::{Options, Org};
use serde_json::{Value, json};

use super::world::World;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("simulated-zoho-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn options(&self) -> Options {
        Options { data: Some(self.0.clone()), ..Options::default() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn again(folder: &Folder, world: &World) -> World {
    World {
        org: Org::open(folder.options()).expect("an org opens"),
        token: world.token.clone(),
        refresh_token: world.refresh_token.clone(),
    }
}

#[tokio::test]
async fn records_tokens_clock_switches_and_metadata_survive_a_restart() {
    let folder = Folder::new("restart");
    let world = World::with(folder.options()).await;
    let kept = world.create("Contacts", json!({"Last_Name": "Kept"})).await;
    let lost = world.create("Contacts", json!({"Last_Name": "Lost"})).await;
    world.delete(&format!("Contacts/{lost}")).await;
    world.option("edition", json!("free")).await;
    world.sim("fields", json!({"module": "Contacts", "name": "Chat_Link", "data_type": "website"})).await;
    // No farewell: the new org opens what the old one had written when it answered.
    let again = again(&folder, &world);
    assert_eq!(again.read("Contacts", &kept).await["Last_Name"], "Kept");
    assert_eq!(again.get(&format!("Contacts/{lost}")).await.status, 204);
    assert_eq!(again.get("/_sim/options").await.body["edition"], "free");
    assert!(again.refresh().await.body["access_token"].is_string());
    assert_eq!(again.get("org").await.header("date"), "Mon, 02 Mar 2026 09:00:00 GMT");
    let link = json!({"Last_Name": "New", "Chat_Link": "https://chat.example.com/c/1"});
    let new = again.create("Contacts", link).await;
    assert!(new > lost, "{new} follows {lost}");
    assert_eq!(
        again.query("select id from Contacts where Chat_Link like '%c/1'").await.ids(),
        [new.as_str()]
    );
}

#[tokio::test]
async fn a_fork_knows_what_the_org_knew_and_goes_its_own_way() {
    let world = World::new().await;
    let kept = world.create("Contacts", json!({"Last_Name": "Kept"})).await;
    let fork = World { org: world.org.fork(), token: world.token.clone(), refresh_token: String::new() };
    fork.create("Contacts", json!({"Last_Name": "Theirs"})).await;
    world.delete(&format!("Contacts/{kept}")).await;
    assert_eq!((fork.count("Contacts").await, world.count("Contacts").await), (2, 0));
}

#[tokio::test]
async fn a_reset_org_is_a_fresh_one_that_keeps_what_its_administrator_built() {
    let folder = Folder::new("reset");
    let mut world = World::with(folder.options()).await;
    let before = world.create("Contacts", json!({"Last_Name": "Gone"})).await;
    world.sim("fields", json!({"module": "Contacts", "name": "Chat_Link", "data_type": "website"})).await;
    world.sim("reset", json!({})).await;
    assert_eq!(world.get("org").await.status, 401);
    world.log_in("maya.lindqvist@acme.example").await;
    assert_eq!(world.count("Contacts").await, 0);
    let after = world.create("Contacts", json!({"Last_Name": "New", "Chat_Link": "https://a.b/c"})).await;
    assert!(after > before);
    assert_eq!(world.read("Contacts", &after).await["Chat_Link"], "https://a.b/c");
    let again = again(&folder, &world);
    assert_eq!(again.get("users").await.body["users"].as_array().map(Vec::len), Some(5));
    world.sim("reset", json!({"metadata": true})).await;
    world.log_in("maya.lindqvist@acme.example").await;
    let fresh = world.create("Contacts", json!({"Last_Name": "New", "Chat_Link": "https://a.b/c"})).await;
    assert!(world.read("Contacts", &fresh).await.get("Chat_Link").is_none());
}

#[tokio::test]
async fn what_is_seeded_unasked_is_listed_with_everything_that_a_row_has() {
    let world = World::new().await;
    let seed = json!({"module": "Contacts", "records": [{"Last_Name": "A", "Phone": "anything at all",
        "Modified_Time": "2025-01-10T09:00:00Z"}]});
    let id = world.sim("records", seed).await["ids"][0].clone();
    world.sim("records", json!({"module": "Contacts", "records": [{"id": id, "Title": "Dr."}]})).await;
    let listed = world.get("/_sim/records?module=Contacts").await.body;
    let row = &listed["records"][0];
    assert_eq!((&row["Phone"], &row["Title"]), (&json!("anything at all"), &json!("Dr.")));
    assert_eq!(
        (&row["Modified_Time"], &row["$deleted"]),
        (&json!("2025-01-10T09:00:00+00:00"), &json!(false))
    );
    let digest = world.get("/_sim/digest").await.body["modules"]["Contacts"].clone();
    world.sim("delete", json!({"id": id})).await;
    let after = world.get("/_sim/digest").await.body["modules"]["Contacts"].clone();
    assert_eq!((&digest["live"], &after["live"], &after["deleted"]), (&json!(1), &json!(0), &json!(1)));
    world.call("DELETE", "/_sim/records?module=Contacts", &Value::Null, &[]).await;
    assert_eq!(world.get("/_sim/records?module=Contacts").await.body["total"], 0);
}
