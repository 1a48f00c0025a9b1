//! Modules, fields, options, layouts, users and the org.

use serde_json::{Value, json};

use super::world::World;

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list.as_array().and_then(|list| list.iter().find(|one| one["api_name"] == name));
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[tokio::test]
async fn every_module_says_what_it_is_good_for() {
    let world = World::new().await;
    let modules = world.get("settings/modules").await.body["modules"].clone();
    for (name, key, value) in [
        ("Contacts", "creatable", json!(true)),
        ("Deals", "module_name", json!("Potentials")),
        ("Events", "module_name", json!("Meetings")),
        ("Partners", "generated_type", json!("custom")),
        ("Partners", "module_name", json!("CustomModule1")),
        ("Archived_Clients", "status", json!("user_hidden")),
        ("Meter_Readings", "creatable", json!(false)),
        ("Notes", "status", json!("system_hidden")),
        ("Reports", "api_supported", json!(false)),
    ] {
        assert_eq!(named(&modules, name)[key], value, "{name}.{key}");
    }
    let hidden = world.get("settings/modules?status=user_hidden,system_hidden").await.body["modules"].clone();
    assert_eq!(hidden.as_array().map(Vec::len), Some(3));
    let one = world.get("settings/modules/Contacts").await.body["modules"].clone();
    assert_eq!(one[0]["singular_label"], "Contact");
    assert_eq!(world.get("settings/modules/Nothing").await.code(), "INVALID_MODULE");
}

#[tokio::test]
async fn fields_say_their_type_length_and_who_may_write_them() {
    let world = World::new().await;
    assert_eq!(world.get("settings/fields").await.body["details"]["param_name"], "module");
    let fields = world.get("settings/fields?module=Contacts").await.body["fields"].clone();
    for (name, pointer, value) in [
        ("Phone", "/data_type", json!("phone")),
        ("Phone", "/length", json!(30)),
        ("Phone", "/unique", json!({})),
        ("Last_Name", "/system_mandatory", json!(true)),
        ("Fax", "/data_type", json!("text")),
        ("Owner", "/field_read_only", json!(true)),
        ("Owner", "/operation_type/api_create", json!(true)),
        ("Full_Name", "/operation_type/api_create", json!(false)),
        ("Account_Name", "/lookup/module/api_name", json!("Accounts")),
        ("Lead_Source", "/pick_list_values/0/display_value", json!("-None-")),
    ] {
        assert_eq!(named(&fields, name).pointer(pointer), Some(&value), "{name} {pointer}");
    }
    let phones = |module: &'static str| {
        let world = &world;
        async move {
            let fields = world.get(&format!("settings/fields?module={module}")).await.body["fields"].clone();
            fields.as_array().into_iter().flatten().filter(|field| field["data_type"] == "phone").count()
        }
    };
    assert_eq!((phones("Contacts").await, phones("Leads").await, phones("Deals").await), (5, 2, 0));
    assert_eq!((phones("Partners").await, phones("Shipments").await), (2, 0));
    assert_eq!(world.get("settings/fields?module=Reports").await.status, 204);
}

#[tokio::test]
async fn an_option_is_added_once_and_a_value_that_is_none_is_kept_all_the_same() {
    let world = World::new().await;
    let fields = world.get("settings/fields?module=Contacts").await.body["fields"].clone();
    let id = named(&fields, "Lead_Source")["id"].as_str().expect("an id").to_owned();
    let path = format!("settings/fields/{id}?module=Contacts");
    let body = json!({"fields": [{"pick_list_values": [{"display_value": "WhatsApp", "actual_value": "WhatsApp"}]}]});
    let added = world.patch(&path, body.clone()).await;
    assert_eq!((added.status, &added.body["fields"][0]["message"]), (200, &json!("field updated")));
    let again = world.patch(&path, body.clone()).await;
    assert_eq!((again.status, &again.body["fields"][0]["code"]), (400, &json!("DUPLICATE_DATA")));
    let options = world.get(&format!("settings/fields/{id}/pick_list_values?module=Contacts")).await.body;
    let options = options["pick_list_values"].as_array().expect("options").clone();
    assert_eq!(options.last().map(|option| option["display_value"].clone()), Some(json!("WhatsApp")));
    let other = world.create("Contacts", json!({"Last_Name": "A", "Lead_Source": "Carrier pigeon"})).await;
    assert_eq!(world.read("Contacts", &other).await["Lead_Source"], "Carrier pigeon");
    world.sim("permissions", json!({"user": "*", "no_customize": true})).await;
    let refused = world.patch(&path, body.clone()).await;
    assert_eq!(
        (refused.status, &refused.body["details"]["permissions"][0]),
        (403, &json!("Crm_Implied_Customize_Zoho_CRM"))
    );
    let old = world.call("PATCH", &format!("/crm/v5/{path}"), &body, &[]).await;
    assert_eq!(old.code(), "API_NOT_SUPPORTED");
}

#[tokio::test]
async fn a_field_that_a_global_set_backs_is_changed_through_the_set() {
    let world = World::new().await;
    for module in ["Contacts", "Leads"] {
        world
            .sim(
                "fields",
                json!({"module": module, "name": "Lead_Source", "global_picklist": "5725767000000400001"}),
            )
            .await;
    }
    let fields = world.get("settings/fields?module=Contacts").await.body["fields"].clone();
    let field = named(&fields, "Lead_Source");
    let options = json!([{"display_value": "WhatsApp"}]);
    let direct = format!("settings/fields/{}?module=Contacts", field["id"].as_str().expect("an id"));
    assert_eq!(
        world.patch(&direct, json!({"fields": [{"pick_list_values": options}]})).await.body["fields"][0]["code"],
        "NOT_ALLOWED"
    );
    let set =
        format!("settings/global_picklists/{}", field["global_picklist"]["id"].as_str().expect("an id"));
    assert_eq!(
        world.patch(&set, json!({"global_picklists": [{"pick_list_values": options}]})).await.status,
        200
    );
    let leads = world.get("settings/fields?module=Leads").await.body["fields"].clone();
    let options = named(&leads, "Lead_Source")["pick_list_values"].as_array().expect("options").clone();
    assert!(options.iter().any(|option| option["display_value"] == "WhatsApp"));
}

#[tokio::test]
async fn a_custom_field_is_made_written_searched_and_removed() {
    let world = World::new().await;
    let wish = json!({"fields": [{"field_label": "Chat link", "data_type": "website", "length": 255}]});
    let made = world.post("settings/fields?module=Contacts", wish.clone()).await;
    assert_eq!(
        (made.status, &made.body["fields"][0]["message"]),
        (201, &json!("field created")),
        "{}",
        made.text
    );
    assert_eq!(
        world.post("settings/fields?module=Contacts", wish).await.body["fields"][0]["code"],
        "DUPLICATE_DATA"
    );
    let link = "https://chat.example.com/c/1";
    let id = world.create("Contacts", json!({"Last_Name": "A", "Chat_link": link})).await;
    let found = world.query(&format!("select id from Contacts where Chat_link = '{link}'")).await;
    assert_eq!(found.ids(), [id.as_str()]);
    world.call("DELETE", "/_sim/fields?module=Contacts&name=Chat_link", &Value::Null, &[]).await;
    assert_eq!(
        world.query(&format!("select id from Contacts where Chat_link = '{link}'")).await.code(),
        "INVALID_QUERY"
    );
    assert!(world.read("Contacts", &id).await.get("Chat_link").is_none());
}

#[tokio::test]
async fn an_administrator_shortens_a_field_and_hides_a_module() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Contacts", "name": "Phone", "length": 10})).await;
    let long = world.post("Contacts", json!({"data": [{"Last_Name": "A", "Phone": "+48600700800"}]})).await;
    assert_eq!(long.element(0)["details"]["maximum_length"], 10);
    world.sim("modules", json!({"api_name": "Vendors", "status": "user_hidden", "creatable": false})).await;
    let modules = world.get("settings/modules").await.body["modules"].clone();
    assert_eq!(named(&modules, "Vendors")["status"], "user_hidden");
    world.sim("modules", json!({"api_name": "Boats", "singular": "Boat"})).await;
    world.sim("fields", json!({"module": "Boats", "name": "Radio", "data_type": "phone"})).await;
    let id = world.create("Boats", json!({"Name": "Argo", "Radio": "+30210123456"})).await;
    assert_eq!(world.get("Boats/search?phone=30210123456").await.ids(), [id.as_str()]);
    world.call("DELETE", "/_sim/modules?api_name=Boats", &Value::Null, &[]).await;
    assert_eq!(world.get(&format!("Boats/{id}")).await.code(), "INVALID_MODULE");
}

#[tokio::test]
async fn metadata_that_has_not_changed_is_304() {
    let world = World::new().await;
    world.sim("fields", json!({"module": "Contacts", "name": "Phone", "length": 20})).await;
    world.org.advance_clock(5.0);
    for (since, status) in [("2026-03-02T09:00:05Z", 304), ("2026-03-02T08:00:00Z", 200)] {
        let headers = [("if-modified-since", since)];
        let reply = world.call("GET", "settings/fields?module=Contacts", &Value::Null, &headers).await;
        assert_eq!(reply.status, status);
    }
}

#[tokio::test]
async fn layouts_say_what_is_mandatory_and_related_lists_where_notes_are() {
    let world = World::new().await;
    let layouts = world.get("settings/layouts?module=Leads").await.body["layouts"].clone();
    let fields = &layouts[0]["sections"][0]["fields"];
    assert_eq!(named(fields, "Company")["required"], true);
    assert_eq!(named(fields, "Phone")["required"], false);
    let lists = world.get("settings/related_lists?module=Partners").await.body["related_lists"].clone();
    assert_eq!(named(&lists, "Notes")["href"], "Partners/{ENTITYID}/Notes");
    let lists = world.get("settings/related_lists?module=Contacts").await.body["related_lists"].clone();
    assert!(
        ["Notes", "Attachments", "Deals", "Tasks"]
            .iter()
            .all(|name| named(&lists, name)["status"] == "visible")
    );
}
