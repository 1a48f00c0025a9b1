//! The panel over the API.

use causeway::crm;
use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(a_contacts_panel_is_read_as_json_in_whatever_state);

/// R1.15, R1.38
async fn a_contacts_panel_is_read_as_json_in_whatever_state(place: Place) {
    let site = Site::new(place).await;
    let world = &site.world;
    world.hear(&Customer::with_number("819012345678", "Ana"), "wamid.1", "hello").await;
    let receipt = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
    let contact = receipt["receipts"][0]["contact"].as_str().unwrap().to_owned();
    let path = format!("contacts/{contact}/panel");
    let all = site.api("agent", "GET", &path, Value::Null).await;
    assert_eq!(all.status, StatusCode::OK);
    let shown = &all.json()["panels"][0];
    assert_eq!(shown["connection"], site.connection());
    assert_eq!(shown["panel"]["state"], "matched");
    assert_eq!(shown["panel"]["how"]["by"], "link");
    let lead = shown["panel"]["record"]["id"].as_str().unwrap();
    world.edit("Lead", lead, json!({"LeadSource": "Other"})).await;
    let source = |answer: &Value| {
        let fields = answer["panels"][0]["panel"]["fields"].as_array().unwrap().clone();
        fields.iter().find(|field| field["name"] == "LeadSource").unwrap()["value"]["value"].clone()
    };
    let one = format!("{path}?connection={}", site.connection());
    assert_ne!(source(&site.api("agent", "GET", &one, Value::Null).await.json()), "Other");
    let refresh = format!("{path}/refresh?connection={}", site.connection());
    assert_eq!(source(&site.api("agent", "POST", &refresh, Value::Null).await.json()), "Other");
    assert_eq!(source(&site.api("agent", "GET", &one, Value::Null).await.json()), "Other");
    site.stranger().await;
    for (role, path) in [
        ("stranger", one.clone()),
        ("stranger", path.clone() + "?connection=con_1"),
        ("agent", "contacts/ctc_1/panel?connection=".to_owned() + &site.connection()),
        ("agent", format!("{path}?connection=con_1")),
    ] {
        assert_eq!(site.api(role, "GET", &path, Value::Null).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    crm::disconnect(&world.app, world.connection_id).await.unwrap();
    let gone = site.api("agent", "GET", &one, Value::Null).await.json();
    assert_eq!(gone["panels"][0]["panel"], json!({"state": "not_connected"}));
    assert_eq!(site.api("agent", "GET", &path, Value::Null).await.json()["panels"], json!([]));
    let nobody = site.api("agent", "GET", "contacts/ctc_1/panel", Value::Null).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}
