//! What is answered is kept.

use std::path::PathBuf;

use causeway_simulator::salesforce::{Options, Org};
use serde_json::json;

use crate::world::World;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("simulated-org-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn options(&self) -> Options {
        Options {
            data: Some(self.0.clone()),
            external_id_field: Some("Causeway_Key__c".into()),
            ..Options::default()
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn records_tokens_clock_and_switches_survive_a_restart() {
    let folder = Folder::new("restart");
    let world = World::with(folder.options()).await;
    let kept = world.create("Contact", json!({"LastName": "Kept"})).await;
    let lost = world.create("Contact", json!({"LastName": "Lost"})).await;
    world.delete(&format!("sobjects/Contact/{lost}")).await;
    world.sim("options", json!({"daily_limit": 77})).await;
    // No farewell: the new org opens what the old one had written when it answered.
    let again = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert_eq!(again.read("Contact", &kept).await["LastName"], "Kept");
    assert_eq!(again.get(&format!("sobjects/Contact/{lost}")).await.code(), "ENTITY_IS_DELETED");
    let limits = again.get("limits").await;
    assert!(limits.header("sforce-limit-info").ends_with("/77"));
    assert_eq!(limits.header("date"), "Mon, 02 Mar 2026 09:00:00 GMT");
    let new = again.create("Contact", json!({"LastName": "New"})).await;
    assert!(new > lost, "{new} follows {lost}");
}

#[tokio::test]
async fn a_fork_knows_what_the_org_knew_and_goes_its_own_way() {
    let folder = Folder::new("fork");
    let world = World::with(folder.options()).await;
    let kept = world.create("Contact", json!({"LastName": "Kept"})).await;
    let fork = World { org: world.org.fork(), token: world.token.clone() };
    assert_eq!(fork.read("Contact", &kept).await["LastName"], "Kept");
    let theirs = fork.create("Contact", json!({"LastName": "Theirs"})).await;
    world.delete(&format!("sobjects/Contact/{kept}")).await;
    assert_eq!(fork.read("Contact", &kept).await["LastName"], "Kept");
    assert_eq!(world.get(&format!("sobjects/Contact/{theirs}")).await.status, 404);
    // What the fork did is in memory only.
    let again = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert_eq!(again.get(&format!("sobjects/Contact/{theirs}")).await.status, 404);
}

#[tokio::test]
async fn half_a_line_at_the_end_of_the_journal_was_never_answered() {
    use std::io::Write;

    let folder = Folder::new("torn");
    let world = World::with(folder.options()).await;
    let id = world.create("Contact", json!({"LastName": "Kept"})).await;
    let path = folder.0.join("salesforce.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("the journal");
    file.write_all(b"[\"row\",\"Contact\",{\"Id\":\"003").expect("written");
    let again = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert_eq!(again.read("Contact", &id).await["LastName"], "Kept");
    again.create("Contact", json!({"LastName": "Next"})).await;
    let third = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert_eq!(third.count("Contact").await, 2);
}

#[tokio::test]
async fn a_long_history_is_rewritten_when_the_org_opens() {
    let folder = Folder::new("compact");
    let world = World::with(folder.options()).await;
    let id = world.create("Contact", json!({"LastName": "Kept"})).await;
    for n in 0..1_500 {
        world.patch(&format!("sobjects/Contact/{id}"), json!({"Title": format!("{n}")})).await;
    }
    let path = folder.0.join("salesforce.jsonl");
    let before = std::fs::metadata(&path).expect("the journal").len();
    let again = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert!(std::fs::metadata(&path).expect("the journal").len() < before / 10);
    assert_eq!(again.read("Contact", &id).await["Title"], "1499");
}

#[tokio::test]
async fn a_reset_org_is_a_fresh_one() {
    let folder = Folder::new("reset");
    let mut world = World::with(folder.options()).await;
    world.create("Contact", json!({"LastName": "Gone"})).await;
    world.sim("reset", json!({})).await;
    assert_eq!(world.get("limits").await.status, 401);
    let before = std::mem::take(&mut world.token);
    world.token = world.log_in("maya.lindqvist@acme.example").await;
    assert_ne!(world.token, before);
    assert_eq!(world.count("Contact").await, 0);
    let again = World { org: Org::open(folder.options()).expect("an org opens"), token: world.token.clone() };
    assert_eq!((again.count("Contact").await, again.count("User").await), (0, 4));
}
