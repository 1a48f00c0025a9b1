//! Records: written element by element, read back as they were written.

use serde_json::{Value, json};

use super::world::World;

fn contact(last: &str) -> Value {
    json!({"Last_Name": last})
}

#[tokio::test]
async fn an_insert_answers_each_element_in_order_and_keeps_the_good_ones() {
    let world = World::new().await;
    let all = world.post("Contacts", json!({"data": [contact("One"), contact("Two")]})).await;
    assert_eq!(all.status, 201);
    assert_eq!(
        (&all.element(0)["message"], &all.element(1)["code"]),
        (&json!("record added"), &json!("SUCCESS"))
    );
    let mixed = world.post("Contacts", json!({"data": [{"First_Name": "Ana"}, contact("Three")]})).await;
    assert_eq!(mixed.status, 207);
    assert_eq!(mixed.element(0)["code"], "MANDATORY_NOT_FOUND");
    assert_eq!(
        mixed.element(0)["details"],
        json!({"api_name": "Last_Name", "json_path": "$.data[0].Last_Name"})
    );
    assert_eq!(mixed.element(1)["status"], "success");
    let none = world.post("Contacts", json!({"data": [{"Last_Name": ""}]})).await;
    assert_eq!((none.status, none.code()), (400, "MANDATORY_NOT_FOUND"));
    assert_eq!(world.count("Contacts").await, 3);
}

#[tokio::test]
async fn older_builds_say_202_when_anything_failed() {
    let world = World::new().await;
    world.option("batch_status", json!("legacy202")).await;
    let mixed = world.post("Contacts", json!({"data": [{}, contact("Three")]})).await;
    let none = world.post("Contacts", json!({"data": [{}]})).await;
    assert_eq!((mixed.status, none.status), (202, 202));
}

#[tokio::test]
async fn more_than_a_hundred_elements_are_refused_whole() {
    let world = World::new().await;
    let many: Vec<Value> = (0..101).map(|_| contact("Ng")).collect();
    let reply = world.post("Contacts", json!({"data": many})).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_DATA"));
    assert_eq!(
        reply.body["details"],
        json!({"maximum_length": 100, "api_name": "data", "json_path": "$.data"})
    );
    assert_eq!(world.count("Contacts").await, 0);
}

#[tokio::test]
async fn what_does_not_fit_a_field_is_refused_and_never_cut() {
    let world = World::new().await;
    for (field, value, details) in [
        ("Last_Name", json!("x".repeat(81)), json!({"maximum_length": 80})),
        ("Last_Name", json!(7), json!({"expected_data_type": "string"})),
        ("Phone", json!("tel:+48600"), json!({"expected_data_type": "string"})),
        ("Email", json!("nobody"), json!({"expected_data_type": "string"})),
        ("Email_Opt_Out", json!("yes"), json!({"expected_data_type": "boolean"})),
        ("Date_of_Birth", json!("1.1.1990"), json!({"expected_data_type": "string"})),
    ] {
        let mut record = contact("Ng");
        record[field] = value;
        let reply = world.post("Contacts", json!({"data": [record]})).await;
        assert_eq!(reply.code(), "INVALID_DATA", "{field}");
        let said = &reply.element(0)["details"];
        assert_eq!(said["api_name"], field);
        for (name, value) in details.as_object().expect("details") {
            assert_eq!(&said[name], value, "{field}");
        }
    }
    let reply = world
        .post("Leads", json!({"data": [{"Last_Name": "A", "Website": "http://localhost:8080/c"}]}))
        .await;
    assert_eq!(reply.code(), "INVALID_DATA");
    world.option("website_pattern", json!(false)).await;
    world.create("Leads", json!({"Last_Name": "A", "Website": "http://localhost:8080/c"})).await;
}

#[tokio::test]
async fn a_record_is_read_back_as_the_vendor_shows_it() {
    let world = World::new().await;
    let account = world.create("Accounts", json!({"Account_Name": "Initech"})).await;
    let id = world
        .create(
            "Contacts",
            json!({"First_Name": "Ana", "Last_Name": "Souza", "Account_Name": {"id": account},
                "Full_Name": "Somebody Else", "Unknown": 1, "Tag": [{"name": "whatsapp"}]}),
        )
        .await;
    let read = world.read("Contacts", &id).await;
    assert_eq!(read["Full_Name"], "Ana Souza");
    assert_eq!(read["Account_Name"], json!({"name": "Initech", "id": account}));
    assert_eq!(read["Owner"]["email"], "maya.lindqvist@acme.example");
    assert_eq!((&read["Mobile"], &read["Email_Opt_Out"]), (&Value::Null, &json!(false)));
    assert_eq!(read["Tag"][0]["name"], "whatsapp");
    // Maya is in New York, where it is four in the morning.
    assert_eq!(read["Created_Time"], "2026-03-02T04:00:00-05:00");
    assert!(read.get("Unknown").is_none());
    assert!(id.len() == 19 && id.parse::<u64>().expect("a number") > 1 << 53, "{id}");
}

#[tokio::test]
async fn times_are_told_in_the_zone_of_the_user_who_asks() {
    let mut world = World::new().await;
    let id = world.create("Contacts", contact("Ng")).await;
    world.log_in("jonas.okafor@acme.example").await;
    assert_eq!(world.read("Contacts", &id).await["Created_Time"], "2026-03-02T18:00:00+09:00");
}

#[tokio::test]
async fn ids_are_taken_as_numbers_too() {
    let world = World::new().await;
    let user: u64 = world.user("jonas.okafor@acme.example").await.parse().expect("a number");
    let id = world.create("Contacts", json!({"Last_Name": "Ng", "Owner": {"id": user}})).await;
    let number: u64 = id.parse().expect("a number");
    let reply = world.put("Contacts", json!({"data": [{"id": number, "Title": "Dr."}]})).await;
    assert_eq!((reply.status, &reply.element(0)["message"]), (200, &json!("record updated")));
    let read = world.read("Contacts", &id).await;
    assert_eq!((&read["Title"], &read["Owner"]["id"]), (&json!("Dr."), &json!(user.to_string())));
}

#[tokio::test]
async fn an_update_changes_what_is_named_clears_what_is_null_and_bumps_the_time() {
    let world = World::new().await;
    let id =
        world.create("Contacts", json!({"Last_Name": "Ng", "Phone": "+48600700800", "Title": "Dr."})).await;
    world.org.advance_clock(60.0);
    world.put(&format!("Contacts/{id}"), json!({"data": [{"Phone": null}]})).await;
    let read = world.read("Contacts", &id).await;
    assert_eq!((&read["Phone"], &read["Title"]), (&Value::Null, &json!("Dr.")));
    assert_eq!(read["Modified_Time"], "2026-03-02T04:01:00-05:00");
    let headers = [("if-unmodified-since", "2026-03-02T09:00:00+00:00")];
    let body = json!({"data": [{"Title": "Prof."}]});
    let stale = world.call("PUT", &format!("Contacts/{id}"), &body, &headers).await;
    assert_eq!((stale.status, stale.code()), (412, "ALREADY_MODIFIED"));
    let unknown = world.put("Contacts", json!({"data": [{"id": "1", "Title": "x"}]})).await;
    assert_eq!(unknown.element(0)["details"], json!({"api_name": "id", "json_path": "$.data[0].id"}));
}

#[tokio::test]
async fn a_unique_field_names_the_record_that_has_the_value() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Contacts", "name": "Phone", "unique": true})).await;
    let first = world.create("Contacts", json!({"Last_Name": "A", "Phone": "+48600700800"})).await;
    let reply = world.post("Contacts", json!({"data": [{"Last_Name": "B", "Phone": "+48600700800"}]})).await;
    assert_eq!(reply.code(), "DUPLICATE_DATA");
    let details = &reply.element(0)["details"];
    assert_eq!((&details["id"], &details["duplicate_record"]["id"]), (&json!(first), &json!(first)));
    assert_eq!(details["duplicate_record"]["module"]["api_name"], "Contacts");
    let old = world
        .call(
            "POST",
            "/crm/v2/Contacts",
            &json!({"data": [{"Last_Name": "B", "Phone": "+48600700800"}]}),
            &[],
        )
        .await;
    assert_eq!(old.element(0)["details"], json!({"api_name": "Phone", "id": first}));
    world.sim("fields", json!({"module": "Contacts", "name": "Email", "unique": true})).await;
    world.create("Contacts", json!({"Last_Name": "C", "Email": "c@example.com"})).await;
    let both = json!({"Last_Name": "D", "Phone": "+48600700800", "Email": "c@example.com"});
    assert_eq!(world.post("Contacts", json!({"data": [both]})).await.code(), "MULTIPLE_OR_MULTI_ERRORS");
}

#[tokio::test]
async fn an_owner_must_be_an_active_confirmed_user() {
    let world = World::new().await;
    for email in ["ruth.castellan@acme.example", "tomas.brandt@acme.example"] {
        let id = world.user(email).await;
        let reply = world.post("Contacts", json!({"data": [{"Last_Name": "A", "Owner": {"id": id}}]})).await;
        assert_eq!(
            (reply.code(), &reply.element(0)["details"]["api_name"]),
            ("INVALID_DATA", &json!("Owner"))
        );
    }
}

#[tokio::test]
async fn a_layout_makes_its_own_fields_mandatory_and_drops_what_is_not_on_it() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Leads", "name": "Rating", "on_layout": false})).await;
    world.create("Leads", json!({"Last_Name": "A"})).await;
    let layouts = world.get("settings/layouts?module=Leads").await.body;
    let layout = json!({"id": layouts["layouts"][0]["id"]});
    let reply = world.post("Leads", json!({"data": [{"Last_Name": "A", "Layout": layout}]})).await;
    assert_eq!(
        (reply.code(), &reply.element(0)["details"]["api_name"]),
        ("MANDATORY_NOT_FOUND", &json!("Company"))
    );
    let id = world
        .create("Leads", json!({"Last_Name": "A", "Company": "C", "Rating": "Active", "Layout": layout}))
        .await;
    assert_eq!(world.read("Leads", &id).await["Rating"], Value::Null);
}

#[tokio::test]
async fn a_list_needs_fields_and_goes_on_by_page_and_by_token() {
    let mut world = World::new().await;
    assert_eq!(world.get("Contacts").await.code(), "REQUIRED_PARAM_MISSING");
    assert_eq!(world.get("/crm/v2/Contacts").await.status, 204);
    for number in 0..5 {
        world.create("Contacts", contact(&format!("N{number}"))).await;
    }
    let first = world.get("Contacts?fields=Last_Name&per_page=2").await;
    assert_eq!(first.ids().len(), 2);
    assert_eq!(
        (&first.element(0)["Last_Name"], &first.body["info"]["more_records"]),
        (&json!("N4"), &json!(true))
    );
    let token = first.body["info"]["next_page_token"].as_str().expect("a token").to_owned();
    let next = world.get(&format!("Contacts?fields=Last_Name&per_page=2&page_token={token}")).await;
    assert_eq!(next.element(0)["Last_Name"], "N2");
    let other = world.get(&format!("Contacts?fields=Phone&per_page=2&page_token={token}")).await;
    assert_eq!(other.code(), "TOKEN_BOUND_DATA_MISMATCH");
    let both = world.get(&format!("Contacts?fields=Last_Name&per_page=2&page=2&page_token={token}")).await;
    assert_eq!(both.code(), "AMBIGUITY_DURING_PROCESSING");
    let last =
        world.get("Contacts?fields=Last_Name&per_page=2&page=3&sort_by=Created_Time&sort_order=asc").await;
    assert_eq!((last.ids().len(), &last.body["info"]["more_records"]), (1, &json!(false)));
    assert_eq!(
        world.get("Contacts?fields=id&page=11&per_page=200").await.code(),
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
    );
    let many = vec!["id"; 51].join(",");
    assert_eq!(world.get(&format!("Contacts?fields={many}")).await.code(), "LIMIT_EXCEEDED");
    world.org.advance_clock(86_400.0);
    world.token = world.refresh().await.body["access_token"].as_str().expect("a token").to_owned();
    let late = world.get(&format!("Contacts?fields=Last_Name&per_page=2&page_token={token}")).await;
    assert_eq!(late.code(), "EXPIRED_VALUE");
}

#[tokio::test]
async fn a_list_since_a_moment_has_what_was_modified_after_it() {
    let world = World::new().await;
    let old = world.create("Contacts", contact("Old")).await;
    world.create("Contacts", contact("Older")).await;
    world.org.advance_clock(10.0);
    world.put(&format!("Contacts/{old}"), json!({"data": [{"Title": "x"}]})).await;
    let since = |at: &'static str| {
        let world = &world;
        async move { world.call("GET", "Contacts?fields=id", &json!(null), &[("if-modified-since", at)]).await }
    };
    assert_eq!(since("2026-03-02T09:00:05Z").await.ids(), [old.as_str()]);
    assert_eq!(since("2026-03-02T10:00:00+00:00").await.status, 304);
}

#[tokio::test]
async fn a_deleted_record_is_gone_listed_and_deleted_once() {
    let world = World::new().await;
    let id = world.create("Contacts", contact("Gone")).await;
    world.post(&format!("Contacts/{id}/Notes"), json!({"data": [{"Note_Content": "x"}]})).await;
    assert_eq!(world.delete(&format!("Contacts?ids={id}")).await.element(0)["message"], "record deleted");
    assert_eq!(world.get(&format!("Contacts/{id}")).await.status, 204);
    assert_eq!(world.count("Notes").await, 0);
    let again = world.delete(&format!("Contacts/{id}")).await;
    assert_eq!((again.code(), &again.element(0)["message"]), ("INVALID_DATA", &json!("record not deleted")));
    let list = world.get("Contacts/deleted?type=all").await;
    assert_eq!(
        (list.element(0)["id"].as_str(), &list.element(0)["display_name"]),
        (Some(id.as_str()), &json!("Gone"))
    );
    assert_eq!(world.get("Contacts/deleted?type=some").await.code(), "PATTERN_NOT_MATCHED");
    assert_eq!(world.delete("Contacts").await.code(), "REQUIRED_PARAM_MISSING");
    assert_eq!(world.delete("Contacts?ids=x").await.code(), "UNABLE_TO_PARSE_DATA_TYPE");
    assert_eq!(world.get("Contacts/5725767000000999999").await.code(), "INVALID_DATA");
}

#[tokio::test]
async fn paths_verbs_and_modules_that_do_not_exist_are_told_apart() {
    let world = World::new().await;
    for (method, path, status, code) in [
        ("GET", "Nobodies?fields=id", 400, "INVALID_MODULE"),
        ("GET", "contacts?fields=id", 400, "INVALID_MODULE"),
        ("GET", "Reports?fields=id", 400, "INVALID_MODULE"),
        ("PATCH", "Contacts", 400, "INVALID_REQUEST_METHOD"),
        ("GET", "settings/nothing", 404, "INVALID_URL_PATTERN"),
        ("GET", "/crm/v99/Contacts", 404, "INVALID_URL_PATTERN"),
        ("POST", "Contacts", 400, "INVALID_DATA"),
    ] {
        let reply = world.call(method, path, &Value::Null, &[]).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{method} {path}");
    }
}

#[tokio::test]
async fn an_owner_is_changed_for_many_records_at_once() {
    let world = World::new().await;
    let (one, two) =
        (world.create("Contacts", contact("A")).await, world.create("Contacts", contact("B")).await);
    let owner = world.user("jonas.okafor@acme.example").await;
    let body = json!({"ids": [one, two, "1"], "owner": {"id": owner}});
    let reply = world.post("Contacts/actions/change_owner", body).await;
    assert_eq!((reply.status, &reply.element(0)["message"]), (207, &json!("owner is successfully updated")));
    assert_eq!(world.read("Contacts", &two).await["Owner"]["id"], json!(owner));
}

#[tokio::test]
async fn tags_are_made_on_the_fly_added_and_removed() {
    let world = World::new().await;
    let id = world.create("Contacts", contact("A")).await;
    let tags = |names: &[&str]| json!({"tags": names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(), "ids": [id]});
    world.post("Contacts/actions/add_tags", tags(&["whatsapp", "vip"])).await;
    world.post("Contacts/actions/remove_tags", tags(&["vip"])).await;
    assert_eq!(world.read("Contacts", &id).await["Tag"].as_array().map(Vec::len), Some(1));
    let list = world.get("settings/tags?module=Contacts").await.body;
    assert_eq!(list["tags"].as_array().map(Vec::len), Some(2));
    let long = world
        .post("settings/tags?module=Contacts", json!({"tags": [{"name": "x".repeat(26)}, {"name": "new"}]}))
        .await;
    assert_eq!((long.status, &long.body["tags"][1]["code"]), (207, &json!("SUCCESS")));
}

#[tokio::test]
async fn several_requests_in_one_are_undone_together_if_that_is_asked_for() {
    let world = World::new().await;
    let part = |id: &str, body: Value| json!({"sub_request_id": id, "method": "POST", "uri": "/crm/v8/Contacts", "body": body});
    let parts = json!([part("1", json!({"data": [contact("A")]})), part("2", json!({"data": [{}]}))]);
    let body = json!({"rollback_on_fail": true, "parallel_execution": false, "__composite_requests": parts});
    let reply = world.post("__composite_requests", body).await;
    let status = |place: usize| {
        reply.body["__composite_requests"][place]["details"]["response"]["status_code"].clone()
    };
    assert_eq!((status(0), status(1)), (json!(201), json!(400)));
    assert_eq!(world.count("Contacts").await, 0);
    world.post("__composite_requests", json!({"__composite_requests": parts})).await;
    assert_eq!(world.count("Contacts").await, 1);
}

#[tokio::test]
async fn what_hangs_on_a_record_is_listed_with_it() {
    let world = World::new().await;
    let account = world.create("Accounts", json!({"Account_Name": "Initech"})).await;
    let contact = world.create("Contacts", json!({"Last_Name": "A", "Account_Name": account})).await;
    let task = json!({"Subject": "Call back", "What_Id": {"id": account}, "$se_module": "Accounts", "Who_Id": {"id": contact}});
    let task = world.create("Tasks", task).await;
    assert_eq!(
        world.get(&format!("Accounts/{account}/Contacts?fields=Last_Name")).await.ids(),
        [contact.as_str()]
    );
    assert_eq!(world.get(&format!("Contacts/{contact}/Tasks?fields=Subject")).await.ids(), [task.as_str()]);
    let read = world.read("Tasks", &task).await;
    assert_eq!((&read["What_Id"]["name"], &read["$se_module"]), (&json!("Initech"), &json!("Accounts")));
}
