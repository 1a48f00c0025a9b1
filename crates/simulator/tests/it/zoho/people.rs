//! The org, its users, and what they may not do.

use serde_json::json;

use super::world::World;

#[tokio::test]
async fn the_current_user_and_the_org_say_who_is_connected() {
    let world = World::new().await;
    let user = world.get("users?type=CurrentUser").await.body["users"][0].clone();
    assert_eq!(
        (&user["email"], &user["time_zone"]),
        (&json!("maya.lindqvist@acme.example"), &json!("America/New_York"))
    );
    let org = world.get("org").await.body["org"][0].clone();
    let zgid = org["zgid"].as_str().expect("a zgid");
    assert_eq!(org["domain_name"], format!("org{zgid}"));
    assert_eq!(
        (&org["license_details"]["paid_type"], &org["type"]),
        (&json!("enterprise"), &json!("production"))
    );
}

#[tokio::test]
async fn users_are_listed_by_what_they_are() {
    let world = World::new().await;
    for (kind, count) in [
        ("AllUsers", 5),
        ("ActiveUsers", 4),
        ("DeactiveUsers", 1),
        ("NotConfirmedUsers", 1),
        ("ActiveConfirmedUsers", 3),
        ("AdminUsers", 1),
    ] {
        let reply = world.get(&format!("users?type={kind}")).await;
        assert_eq!(reply.body["users"].as_array().map(Vec::len), Some(count), "{kind}");
    }
    let unconfirmed = world.get("users?type=NotConfirmedUsers").await.body["users"][0].clone();
    assert_eq!((&unconfirmed["zuid"], &unconfirmed["confirm"]), (&json!(null), &json!(false)));
    assert_eq!(world.get("users?page=2&per_page=2").await.body["info"]["more_records"], true);
    assert_eq!(world.get("users/1").await.code(), "INVALID_DATA");
}

#[tokio::test]
async fn a_deactivated_user_loses_their_tokens() {
    let world = World::new().await;
    world.sim("users", json!({"email": "maya.lindqvist@acme.example", "status": "inactive"})).await;
    assert_eq!(world.get("org").await.code(), "INVALID_TOKEN");
    assert_eq!(world.refresh().await.body["error"], "invalid_code");
}

#[tokio::test]
async fn a_profile_that_lacks_something_says_what() {
    let world = World::new().await;
    let user = "maya.lindqvist@acme.example";
    let id = world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48600700800"})).await;
    let rights = json!({"user": user, "no_create": ["Contacts"], "hidden_fields": ["Contacts.Phone"], "no_read": ["Leads"]});
    world.sim("permissions", rights).await;
    let refused = world.post("Contacts", json!({"data": [{"Last_Name": "B"}]})).await;
    assert_eq!((refused.status, refused.code()), (403, "NO_PERMISSION"));
    assert_eq!(refused.body["details"]["permissions"][0], "Crm_Implied_Create_Contacts");
    assert!(world.read("Contacts", &id).await.get("Phone").is_none());
    let fields = world.get("settings/fields?module=Contacts").await.body["fields"].clone();
    let phone = fields
        .as_array()
        .and_then(|fields| fields.iter().find(|field| field["api_name"] == "Phone").cloned());
    assert_eq!(phone.expect("the field")["visible"], false);
    let unseen = world.get("Leads?fields=id").await;
    assert_eq!(unseen.body["details"]["permissions"][0], "Crm_Implied_View_Leads");
    assert_eq!(world.query("select id from Leads where id is not null").await.code(), "NO_PERMISSION");
    let module = world.get("settings/modules/Leads").await.body["modules"][0].clone();
    assert_eq!((&module["viewable"], &module["creatable"]), (&json!(false), &json!(false)));
    world.sim("permissions", json!({"user": user, "api_disabled": true})).await;
    let refused = world.get("org").await;
    assert_eq!(
        (refused.status, &refused.body["details"]["permissions"][0]),
        (403, &json!("Crm_Implied_Api_Access"))
    );
}

#[tokio::test]
async fn a_merged_record_is_gone_and_what_hung_on_it_moved() {
    let world = World::new().await;
    let (winner, loser) = (
        world.create("Contacts", json!({"Last_Name": "A"})).await,
        world.create("Contacts", json!({"Last_Name": "B"})).await,
    );
    world.post(&format!("Contacts/{loser}/Notes"), json!({"data": [{"Note_Content": "x"}]})).await;
    world.sim("merge", json!({"winner": winner, "loser": loser})).await;
    assert_eq!(world.get(&format!("Contacts/{loser}")).await.status, 204);
    assert_eq!(world.get(&format!("Contacts/{winner}/Notes")).await.ids().len(), 1);
    assert_eq!(world.get("Contacts/deleted").await.element(0)["id"], json!(loser));
    world.sim("undelete", json!({"id": loser})).await;
    assert_eq!(world.get(&format!("Contacts/{loser}")).await.status, 200);
}
