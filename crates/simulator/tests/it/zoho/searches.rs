//! Searches: what they find, how late, and what they refuse.

use serde_json::json;

use super::world::{World, encode};

async fn phones(world: &World, number: &str) -> Vec<String> {
    let reply = world.get(&format!("Contacts/search?phone={}", encode(number))).await;
    assert!(matches!(reply.status, 200 | 204), "{}", reply.text);
    reply.ids().into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_phone_is_found_in_every_phone_field_by_its_digits() {
    let world = World::new().await;
    let one = world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48 600 700 800"})).await;
    let two = world.create("Contacts", json!({"Last_Name": "B", "Asst_Phone": "600-700-800"})).await;
    world.create("Contacts", json!({"Last_Name": "C", "Fax": "600700800"})).await;
    for number in ["+48600700800", "600700800", "48 600-700-800"] {
        assert_eq!(phones(&world, number).await, [two.clone(), one.clone()], "{number}");
    }
    assert_eq!(phones(&world, "0048600700800").await, [two, one]);
    assert!(phones(&world, "700800").await.is_empty());
}

#[tokio::test]
async fn a_strict_search_compares_the_stored_text() {
    let world = World::new().await;
    world.option("phone_search", json!("strict")).await;
    let id = world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48600700800"})).await;
    assert!(phones(&world, "600700800").await.is_empty());
    assert_eq!(phones(&world, "+48600700800").await, [id]);
}

#[tokio::test]
async fn a_raw_plus_sign_arrives_as_a_space() {
    let world = World::new().await;
    world.option("phone_search", json!("strict")).await;
    world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48600700800"})).await;
    assert_eq!(world.get("Contacts/search?phone=+48600700800").await.status, 204);
}

#[tokio::test]
async fn search_is_blind_to_what_was_written_moments_ago_and_coql_is_not() {
    let world = World::new().await;
    let known = world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48600700800"})).await;
    world.option("index_delay_seconds", json!(30)).await;
    world.create("Contacts", json!({"Last_Name": "New", "Phone": "+48600700999"})).await;
    world.put(&format!("Contacts/{known}"), json!({"data": [{"Phone": "+48600700111"}]})).await;
    assert!(phones(&world, "+48600700999").await.is_empty());
    // What was edited is still found by what it said before.
    let count = world.get("Contacts/actions/count").await.body;
    assert_eq!(count["count"], 1);
    let query = "select Last_Name from Contacts where Phone = '+48600700999'";
    assert_eq!(world.query(query).await.ids().len(), 1);
    world.org.advance_clock(31.0);
    assert_eq!(phones(&world, "+48600700999").await.len(), 1);
    assert_eq!(phones(&world, "+48600700111").await, [known]);
}

#[tokio::test]
async fn criteria_join_conditions_and_equality_of_texts_is_containing() {
    let world = World::new().await;
    let burns = world.create("Contacts", json!({"Last_Name": "Burns,B", "Phone": "+48600700800"})).await;
    let smith = world.create("Contacts", json!({"Last_Name": "Smithson", "Department": "Sales (EU)"})).await;
    for (criteria, found) in [
        (r"(Last_Name:equals:Burns\,B)", vec![&burns]),
        (r"((Last_Name:equals:Burns\,B)and(Phone:starts_with:+48))", vec![&burns]),
        ("((Last_Name:starts_with:Burns)or(Last_Name:equals:smith))", vec![&smith, &burns]),
        (r"(Department:equals:Sales \(EU\))", vec![&smith]),
        ("(Email_Opt_Out:equals:false)", vec![&smith, &burns]),
        ("(Created_Time:greater_than:2026-03-02T08:00:00+00:00)", vec![&smith, &burns]),
        ("(Created_Time:between:2026-03-01T08:00:00Z,2026-03-02T08:00:00Z)", vec![]),
        ("(Last_Name:in:Smithson,Jones)", vec![&smith]),
        ("(Last_Name:not_equal:Smith)", vec![&burns]),
    ] {
        let reply = world.get(&format!("Contacts/search?criteria={}", encode(criteria))).await;
        assert_eq!(reply.ids(), found, "{criteria} {}", reply.text);
    }
    for wrong in
        ["(Nothing:equals:x)", "(Last_Name:greater_than:x)", "Last_Name:equals:x", "(Description:in:x)"]
    {
        let reply = world.get(&format!("Contacts/search?criteria={}", encode(wrong))).await;
        assert_eq!(reply.code(), "INVALID_QUERY", "{wrong}");
    }
    let many = format!("({})", vec!["(Last_Name:equals:x)"; 16].join("or"));
    assert_eq!(
        world.get(&format!("Contacts/search?criteria={}", encode(&many))).await.code(),
        "LIMIT_EXCEEDED"
    );
}

#[tokio::test]
async fn words_and_parts_of_addresses_are_found() {
    let world = World::new().await;
    let id = world.create("Contacts", json!({"Last_Name": "Okonkwo", "Email": "ada@example.com"})).await;
    assert_eq!(world.get("Contacts/search?word=okon").await.ids(), [id.as_str()]);
    assert_eq!(world.get("Contacts/search?email=ada%40").await.ids(), [id.as_str()]);
    assert_eq!(world.get("Contacts/search?word=x").await.code(), "INVALID_DATA");
    assert_eq!(world.get("Contacts/search?phone=abc").await.code(), "INVALID_DATA");
    assert_eq!(world.get("Contacts/search").await.code(), "EXPECTED_PARAM_MISSING");
    assert_eq!(world.get("Contacts/search?word=zz&email=ada").await.ids(), [id.as_str()]);
}

#[tokio::test]
async fn a_converted_lead_is_found_only_when_asked_for() {
    let world = World::new().await;
    let lead = json!({"Last_Name": "Sato", "Company": "Sato Trading", "Phone": "+819012345678"});
    let lead = world.create("Leads", lead).await;
    world.post(&format!("Leads/{lead}/Notes"), json!({"data": [{"Note_Content": "hello"}]})).await;
    let reply =
        world.post(&format!("Leads/{lead}/actions/convert"), json!({"data": [{"overwrite": true}]})).await;
    let contact = reply.element(0)["details"]["Contacts"]["id"].as_str().expect("a contact").to_owned();
    assert_eq!(world.get("Leads/search?phone=819012345678").await.status, 204);
    assert_eq!(world.get("Leads?fields=id").await.status, 204);
    assert_eq!(world.get("Leads/search?phone=819012345678&converted=true").await.ids(), [lead.as_str()]);
    assert_eq!(world.get(&format!("Contacts/{contact}/Notes")).await.ids().len(), 1);
    assert_eq!(world.read("Contacts", &contact).await["Account_Name"]["name"], "Sato Trading");
    let again = world.put(&format!("Leads/{lead}"), json!({"data": [{"Company": "x"}]})).await;
    assert_eq!(again.code(), "INVALID_DATA");
}

#[tokio::test]
async fn a_phone_is_found_among_a_hundred_thousand_without_reading_them_all() {
    let world = World::new().await;
    for block in 0..20 {
        let rows: Vec<_> = (0..5_000)
            .map(|row| json!({"Last_Name": "N", "Phone": format!("+48{:09}", block * 5_000 + row)}))
            .collect();
        world.sim("records", json!({"module": "Contacts", "records": rows})).await;
    }
    // Reading them all takes longer than all of these together.
    for number in 0..300 {
        assert_eq!(phones(&world, &format!("+48{number:09}")).await.len(), 1);
        let query = format!("select id from Contacts where Phone = '+48{number:09}'");
        assert_eq!(world.query(&query).await.ids().len(), 1);
    }
}
