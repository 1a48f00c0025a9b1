//! Queries over HTTP, page by page.

use serde_json::json;

use crate::world::{World, encode};

async fn seed_contacts(world: &World, count: usize) {
    let records: Vec<_> = (0..count)
        .map(|n| json!({"LastName": format!("Person {n}"), "Phone": format!("+1415555{n:04}")}))
        .collect();
    world.sim("records", json!({"object": "Contact", "records": records})).await;
}

#[tokio::test]
async fn a_long_result_comes_in_pages_of_2000() {
    let world = World::new().await;
    seed_contacts(&world, 4_500).await;
    let mut page = world.query("SELECT Id FROM Contact ORDER BY Id").await;
    let mut sizes = vec![page.body["records"].as_array().expect("records").len()];
    assert_eq!(page.body["totalSize"], 4_500);
    while page.body["done"] == false {
        let next = page.body["nextRecordsUrl"].as_str().expect("a next page").to_owned();
        assert!(next.starts_with("/services/data/v68.0/query/01g"), "{next}");
        page = world.get(&next).await;
        sizes.push(page.body["records"].as_array().expect("records").len());
    }
    assert_eq!(sizes, [2_000, 2_000, 500]);
    assert!(page.body.get("nextRecordsUrl").is_none());
}

#[tokio::test]
async fn the_batch_size_header_sets_the_page_and_a_foreign_locator_is_invalid() {
    let world = World::new().await;
    seed_contacts(&world, 450).await;
    let path = format!("queryAll?q={}", encode("SELECT Id FROM Contact"));
    let page = world.call("GET", &path, &json!(null), &[("sforce-query-options", "batchSize=200")]).await;
    let next = page.body["nextRecordsUrl"].as_str().expect("a next page").to_owned();
    assert!(next.ends_with("-200"));
    let other = format!("Bearer {}", world.log_in("jonas.okafor@acme.example").await);
    let reply = world.call("GET", &next, &json!(null), &[("authorization", &other)]).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_QUERY_LOCATOR"));
    assert_eq!(world.get(&next).await.body["records"].as_array().map(Vec::len), Some(200));
}

#[tokio::test]
async fn columns_true_answers_what_the_columns_are() {
    let world = World::new().await;
    let path = format!("query?q={}&columns=true", encode("SELECT Id, LastName, Account.Name FROM Contact"));
    let reply = world.get(&path).await;
    assert_eq!((reply.status, &reply.body["entityName"]), (200, &json!("Contact")));
    assert_eq!(reply.body["columnMetadata"][1]["columnName"], "LastName");
}

#[tokio::test]
async fn a_query_may_end_in_a_slash_and_use_plus_for_blanks() {
    let world = World::new().await;
    let reply = world.get("query/?q=SELECT+Id+FROM+User+WHERE+IsActive+=+true").await;
    assert_eq!(reply.body["totalSize"], 3, "{}", reply.text);
    let reply =
        world.get("/services//data/v51.0//query//?q=SELECT%20Id%20FROM%20ScratchOrgInfo%20limit%201").await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_TYPE"));
}

#[tokio::test]
async fn the_cli_finds_the_organization() {
    let world = World::new().await;
    let statement = "SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, \
                     OrganizationType FROM Organization";
    let reply = world.query(statement).await;
    assert_eq!(reply.body["records"][0]["OrganizationType"], "Developer Edition");
    assert_eq!(reply.body["records"][0]["IsSandbox"], false);
}

#[tokio::test]
async fn a_query_that_is_too_long_for_an_address_is_414_and_fits_into_a_composite() {
    let world = World::new().await;
    let ids: Vec<String> = (0..900).map(|n| format!("'0035g0000000{n:03}'")).collect();
    let path =
        format!("query?q={}", encode(&format!("SELECT Id FROM Contact WHERE Id IN ({})", ids.join(","))));
    assert_eq!(world.get(&path).await.status, 414);
    let part = json!({"method": "GET", "url": format!("/services/data/v68.0/{path}"), "referenceId": "r"});
    let reply = world.post("composite", json!({"compositeRequest": [part]})).await;
    assert_eq!(reply.body["compositeResponse"][0]["httpStatusCode"], 200, "{}", reply.text);
}

#[tokio::test]
async fn a_phone_is_found_among_a_hundred_thousand() {
    let world = World::new().await;
    for _ in 0..10 {
        seed_contacts(&world, 10_000).await;
    }
    for n in 0..200 {
        let found = world.query(&format!("SELECT Id FROM Contact WHERE Phone = '+1415555{n:04}'")).await;
        assert_eq!(found.body["totalSize"], 10);
    }
}
