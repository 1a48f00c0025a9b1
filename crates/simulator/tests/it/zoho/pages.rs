//! What a person sees who follows a link into the org.

use serde_json::json;

use super::world::World;

#[tokio::test]
async fn a_deep_link_shows_the_record_with_its_notes_and_hides_no_markup() {
    let world = World::new().await;
    let zgid = world.get("org").await.body["org"][0]["zgid"].as_str().expect("a zgid").to_owned();
    let id = world.create("Contacts", json!({"Last_Name": "<b>Souza</b>", "Phone": "+48600700800"})).await;
    let note = json!({"Note_Title": "WhatsApp chat with Ana", "Note_Content": "10:00 Ana: hello"});
    world.post(&format!("Contacts/{id}/Notes"), json!({"data": [note]})).await;
    let page = world.get(&format!("/crm/org{zgid}/tab/Contacts/{id}")).await;
    assert_eq!(page.status, 200);
    for words in ["&lt;b&gt;Souza", "+48600700800", "WhatsApp chat with Ana", "10:00 Ana: hello"] {
        assert!(page.text.contains(words), "{words}");
    }
    assert_eq!(world.get(&format!("/crm/tab/Contacts/{id}")).await.status, 200);
    let deal = world.create("Deals", json!({"Deal_Name": "Big", "Stage": "Qualification"})).await;
    assert_eq!(world.get(&format!("/crm/org{zgid}/tab/Potentials/{deal}")).await.status, 200);
    let partner = world.create("Partners", json!({"Name": "P"})).await;
    assert_eq!(world.get(&format!("/crm/org{zgid}/tab/CustomModule1/{partner}")).await.status, 200);
    for nowhere in [format!("/crm/org1/tab/Contacts/{id}"), format!("/crm/org{zgid}/tab/Contacts/1")] {
        assert_eq!(world.get(&nowhere).await.status, 404);
    }
}

#[tokio::test]
async fn the_start_page_names_users_and_modules() {
    let world = World::new().await;
    let page = world.get("/").await;
    assert!(page.text.contains("jonas.okafor@acme.example") && page.text.contains("Contacts"));
}
