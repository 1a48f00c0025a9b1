//! COQL.

use serde_json::{Value, json};

use super::world::World;

async fn people(world: &World) -> [String; 3] {
    let account = world.create("Accounts", json!({"Account_Name": "Initech", "Phone": "+4930123456"})).await;
    let a = json!({"First_Name": "Ana", "Last_Name": "Souza", "Phone": "+48600700800", "Account_Name": {"id": account}});
    let a = world.create("Contacts", a).await;
    world.org.advance_clock(60.0);
    let b = world.create("Contacts", json!({"Last_Name": "O'Brien", "Mobile": "+48600700800"})).await;
    let c = world.create("Contacts", json!({"Last_Name": "Zhu", "Email_Opt_Out": true})).await;
    [a, b, c]
}

#[tokio::test]
async fn conditions_find_what_they_say() {
    let world = World::new().await;
    let [a, b, c] = people(&world).await;
    for (condition, found) in [
        ("Phone = '+48600700800'", vec![&a]),
        ("Phone = '600700800'", vec![]),
        ("(Phone = '+48600700800' or Mobile = '+48600700800')", vec![&a, &b]),
        ("((Phone is null and Mobile is null) and Last_Name like 'Z%')", vec![&c]),
        ("Phone like '%700800'", vec![&a]),
        ("Phone not like '%700800'", vec![&b, &c]),
        (r"Last_Name = 'O\'Brien'", vec![&b]),
        ("Last_Name in ('Zhu', 'Souza')", vec![&a, &c]),
        ("Last_Name not in ('Zhu', 'Souza')", vec![&b]),
        ("Last_Name != 'Zhu'", vec![&a, &b]),
        ("Email_Opt_Out = true", vec![&c]),
        ("Email_Opt_Out = 'false'", vec![&a, &b]),
        ("Created_Time >= '2026-03-02T09:00:30+00:00'", vec![&b, &c]),
        ("Created_Time between '2026-03-02T09:00:00Z' and '2026-03-02T09:00:30Z'", vec![&a]),
        ("Account_Name.Account_Name = 'Initech'", vec![&a]),
        ("Owner.email = 'maya.lindqvist@acme.example'", vec![&a, &b, &c]),
        ("id is not null", vec![&a, &b, &c]),
    ] {
        let reply = world.query(&format!("select id from Contacts where {condition}")).await;
        assert_eq!(reply.ids(), found, "{condition} {}", reply.text);
    }
    let by_id = world.query(&format!("select Last_Name from Contacts where id = '{b}'")).await;
    assert_eq!(by_id.body["data"], json!([{"Last_Name": "O'Brien", "id": b}]));
}

#[tokio::test]
async fn rows_come_in_the_order_and_the_window_asked_for() {
    let world = World::new().await;
    let [a, b, c] = people(&world).await;
    let ask = |tail: &str| format!("select Last_Name from Contacts where id is not null {tail}");
    assert_eq!(world.query(&ask("order by Last_Name desc")).await.ids(), [&c, &a, &b]);
    let window = world.query(&ask("order by Last_Name asc limit 1, 1")).await;
    assert_eq!(
        (window.ids(), &window.body["info"]),
        (vec![a.as_str()], &json!({"count": 1, "more_records": true}))
    );
    assert_eq!(world.query(&ask("limit 2 offset 2")).await.ids(), [&c]);
    assert_eq!(world.query(&ask("limit 10 offset 3")).await.status, 204);
}

#[tokio::test]
async fn lookups_are_named_from_v7_on() {
    let world = World::new().await;
    people(&world).await;
    let body = json!({"select_query": "select Account_Name, Account_Name.Phone from Contacts where Account_Name is not null"});
    let now = world.call("POST", "/crm/v7/coql", &body, &[]).await;
    assert_eq!(now.element(0)["Account_Name"]["name"], "Initech");
    assert_eq!(now.element(0)["Account_Name.Phone"], "+4930123456");
    let then = world.call("POST", "/crm/v6/coql", &body, &[]).await;
    assert_eq!(then.element(0)["Account_Name"].as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let world = World::new().await;
    for (query, code) in [
        ("select id from Contacts", "SYNTAX_ERROR"),
        ("select id from Contacts where", "SYNTAX_ERROR"),
        ("select id from Contacts where Last_Name = 'a' and Phone = 'b' and Mobile = 'c'", "SYNTAX_ERROR"),
        ("select id from Contacts where Last_Name = 'a", "SYNTAX_ERROR"),
        ("select Nothing from Contacts where id is not null", "INVALID_QUERY"),
        ("select id from Notes where id is not null", "INVALID_QUERY"),
        ("select id from Contacts where Description = 'x'", "INVALID_QUERY"),
        ("select Phone, Phone from Contacts where id is not null", "DUPLICATE_DATA"),
        ("select id from Contacts where id is not null limit 2001", "LIMIT_EXCEEDED"),
    ] {
        let reply = world.query(query).await;
        assert_eq!((reply.status, reply.code()), (400, code), "{query}");
    }
    assert_eq!(world.post("coql", json!({})).await.code(), "REQUIRED_PARAM_MISSING");
    world.option("coql_pairs", json!(false)).await;
    let three = "select id from Contacts where Last_Name = 'a' and Phone = 'b' and Mobile = 'c'";
    assert_eq!(world.query(three).await.status, 204);
}

#[tokio::test]
async fn more_rows_cost_more() {
    let world = World::new().await;
    let rows: Vec<Value> = (0..300).map(|_| json!({"Last_Name": "N"})).collect();
    world.sim("records", json!({"module": "Contacts", "records": rows})).await;
    let used = || async { world.get("/_sim/counters").await.body["credits_used"].as_u64().expect("credits") };
    let before = used().await;
    world.query("select id from Contacts where id is not null limit 200").await;
    world.query("select id from Contacts where id is not null limit 300").await;
    assert_eq!(used().await - before, 3);
}
