//! The panel as pages: in every state, for every role, and what members do in it.

use std::time::Duration;

use axum::body::Body;
use causeway::{
    id,
    store::{audit, person},
};
use causeway_core::address::Address;
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use serde_json::json;

use super::{Answer, Site};
use crate::{
    store::engine::{Place, on_both_engines},
    world::START,
};

on_both_engines!(
    a_matching_record_is_shown_with_the_way_to_the_crm,
    a_fragment_is_the_panel_alone,
    one_of_several_is_chosen_and_stays_chosen,
    nobody_is_linked_by_an_id_or_an_address,
    what_names_no_record_is_refused_at_its_place,
    a_link_is_ended_after_a_question,
    a_refresh_asks_the_crm_now,
    each_trouble_is_a_state_and_no_error,
    other_workspaces_see_and_change_nothing,
    text_from_the_crm_is_never_markup,
    records_of_any_kind_are_pinned_and_removed,
);

const PHONE: &str = "819012345678";

fn phone() -> Address {
    Address::phone_from_international(PHONE).unwrap()
}

/// A connected site with one contact.
async fn site(place: Place) -> (Site, i64) {
    let site = Site::new(place).await;
    let contact = site.world.contact("Hana", vec![phone()]).await;
    (site, contact)
}

fn panel(contact: i64) -> String {
    format!("/contacts/{}/panel", id::contact(contact))
}

/// What is asked for by our script.
async fn fragment(site: &Site, path: &str) -> Answer {
    let cookie = site.cookie("agent").await;
    let request = Request::get(path).header("cookie", cookie).header("x-fragment", "1");
    site.send(request.body(Body::empty()).unwrap()).await
}

#[track_caller]
fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text().contains(text), "{text} is not in: {}", answer.text());
    }
}

/// The actions that stand in the audit log, the latest first.
async fn audited(site: &Site) -> Vec<String> {
    let workspace_id = site.world.workspace_id;
    let page = site.world.app.db.read(move |tx| Box::pin(audit::page(tx, workspace_id, None)));
    let actions = page.await.unwrap().rows.into_iter().map(|line| line.action);
    // Each request of a test is made in a session of its own, and the world is connected before.
    actions.filter(|action| action != "sign_in" && action != "connection.connect").collect()
}

/// R1.14, R1.16, R1.22, R1.23
async fn a_matching_record_is_shown_with_the_way_to_the_crm(place: Place) {
    let (site, contact) = site(place).await;
    let record = json!({"LastName": "Sato", "Phone": "090-1234-5678", "Email": "sato@example.jp"});
    let record = site.world.seed("Contact", record).await;
    let answer = site.page("agent", &panel(contact)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let url = format!("http://org.test/lightning/r/Contact/{record}/view");
    says(&answer, &["Sato", "View in Salesforce", &url, "090-1234-5678", "mailto:sato@example.jp"]);
    says(&answer, &["Values are changed in Salesforce", "The phone number is the same", "just now"]);
    assert!(!answer.text().contains("name=\"Phone\""), "nothing of the record can be edited");
}

async fn a_fragment_is_the_panel_alone(place: Place) {
    let (site, contact) = site(place).await;
    let answer = fragment(&site, &panel(contact)).await;
    assert!(answer.text().starts_with("<div class=\"crm-stack\" id=\"panel\""), "{}", answer.text());
    let page = site.page("agent", &format!("/contacts/{}", id::contact(contact))).await;
    says(&page, &[&format!("data-load=\"{}\"", panel(contact)), "<noscript>"]);
}

/// R1.39
async fn one_of_several_is_chosen_and_stays_chosen(place: Place) {
    let (site, contact) = site(place).await;
    site.world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let second = site.world.seed("Contact", json!({"LastName": "Ito", "MobilePhone": "090 1234 5678"})).await;
    let answer = site.page("agent", &panel(contact)).await;
    says(&answer, &["2 records match", "This is the person", "Sato", "Ito"]);
    let form = format!("connection={}&module=contact&record={second}", site.connection());
    let done = site.form("agent", &format!("{}/choose", panel(contact)), &form).await;
    let back = format!("/contacts/{}?connection={}&done=linked", id::contact(contact), site.connection());
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, back.as_str()));
    says(&site.page("agent", &back).await, &["The person is linked.", "linked by AGENT"]);
    let answer = site.page("manager", &panel(contact)).await;
    says(&answer, &["Ito", "This person is linked to it."]);
    assert!(!answer.text().contains("2 records match"));
    assert_eq!(audited(&site).await[0], "contact.link");
}

/// R1.18, R1.30
async fn nobody_is_linked_by_an_id_or_an_address(place: Place) {
    let (site, contact) = site(place).await;
    let lead = site.world.seed("Lead", json!({"LastName": "Mori", "Company": "Acme"})).await;
    let answer = site.page("agent", &panel(contact)).await;
    says(
        &answer,
        &["Nobody in Salesforce matches", "+81 90-1234-5678", "Link a record yourself", "do not matter"],
    );
    let address = format!("http%3A%2F%2Forg.test%2Flightning%2Fr%2FLead%2F{lead}%2Fview");
    for record in [lead.as_str(), address.as_str()] {
        let form = format!("connection={}&record={record}", site.connection());
        let done = site.form("agent", &format!("{}/link", panel(contact)), &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        says(&site.page("agent", &panel(contact)).await, &["Mori", ">Lead<"]);
    }
    assert_eq!(audited(&site).await, ["contact.link", "contact.link"]);
}

async fn what_names_no_record_is_refused_at_its_place(place: Place) {
    let (site, contact) = site(place).await;
    for (record, why) in [
        ("Maria", "neither the id nor the address"),
        (
            "https%3A%2F%2Fother.my.salesforce.com%2F0035g00000AAAAA",
            "belongs to another Salesforce organisation",
        ),
        ("0065g00000AAAAA", "A person is linked to a contact or a lead"),
        ("0035g00000AAAAA", "shows no Contact of the id 0035g00000AAAAAAA5"),
    ] {
        let form = format!("connection={}&record={record}", site.connection());
        let answer = site.form("agent", &format!("{}/link", panel(contact)), &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{record}");
        says(&answer, &[why, "aria-invalid=\"true\"", "role=\"alert\""]);
    }
    assert!(audited(&site).await.is_empty());
}

async fn a_link_is_ended_after_a_question(place: Place) {
    let (site, contact) = site(place).await;
    let record = site.world.seed("Contact", json!({"LastName": "Sato"})).await;
    let form = format!("connection={}&record={record}", site.connection());
    site.form("agent", &format!("{}/link", panel(contact)), &form).await;
    let page = format!("/contacts/{}", id::contact(contact));
    says(&site.page("agent", &page).await, &["linked by AGENT", "Unlink"]);
    let unlink = format!("{}/unlink?connection={}", panel(contact), site.connection());
    let question = site.page("agent", &unlink).await;
    says(&question, &["End the link?", "linked by AGENT", "changes nothing in Salesforce", &record]);
    let form = format!("connection={}", site.connection());
    let done = site.form("agent", &format!("{}/unlink", panel(contact)), &form).await;
    assert!(done.header("location").ends_with("done=unlinked"), "{}", done.header("location"));
    says(&site.page("agent", done.header("location")).await, &["The link was ended.", "Not linked"]);
    says(&site.page("agent", &panel(contact)).await, &["Nobody in Salesforce matches"]);
    let again = site.form("agent", &format!("{}/unlink", panel(contact)), &form).await;
    assert!(again.header("location").ends_with("done=was-not-linked"));
    assert_eq!(audited(&site).await, ["contact.unlink", "contact.link"]);
}

/// R1.27, R1.28
async fn a_refresh_asks_the_crm_now(place: Place) {
    let (site, contact) = site(place).await;
    says(&site.page("agent", &panel(contact)).await, &["Nobody in Salesforce matches"]);
    site.world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    says(&site.page("agent", &panel(contact)).await, &["Nobody in Salesforce matches"]);
    let form = format!("connection={}", site.connection());
    let done = site.form("agent", &format!("{}/refresh", panel(contact)), &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    says(&site.page("agent", &panel(contact)).await, &["Sato", "data-fresh-for=\"60\""]);
    site.world.clock.advance(Duration::from_secs(12));
    says(&site.page("agent", &panel(contact)).await, &["12 seconds ago", "data-fresh-for=\"48\""]);
}

/// R1.31, R1.38
async fn each_trouble_is_a_state_and_no_error(place: Place) {
    let (site, contact) = site(place).await;
    let maya = site.world.user("maya").await;
    for (path, on, off, text) in [
        (
            "options",
            json!({"api_enabled": false}),
            json!({"api_enabled": true}),
            "organisation has no API access",
        ),
        (
            "permissions",
            json!({"user": maya, "api_disabled": true}),
            json!({"user": maya}),
            "The connected user may not use the API",
        ),
        (
            "permissions",
            json!({"user": maya, "no_read": ["Contact", "Lead"]}),
            json!({"user": maya}),
            "The connected user may not see this",
        ),
    ] {
        site.world.sim("POST", path, on).await;
        site.world.clock.advance(Duration::from_mins(2));
        let answer = site.page("agent", &panel(contact)).await;
        assert_eq!(answer.status, StatusCode::OK);
        says(&answer, &[text]);
        site.world.sim("POST", path, off).await;
    }
    let (limited, contact) = self::site(Place::sqlite()).await;
    limited.world.sim("POST", "usage", json!({"used": 100_000})).await;
    let answer = limited.page("agent", &panel(contact)).await;
    says(&answer, &["The API limit of Salesforce is used up.", "It is asked again at"]);
    let unconnected = Site::unconnected(Place::sqlite()).await;
    let contact = unconnected.world.contact("Hana", vec![phone()]).await;
    let (agent, manager) = (
        unconnected.page("agent", &panel(contact)).await,
        unconnected.page("manager", &panel(contact)).await,
    );
    says(&agent, &["No CRM is connected", "An owner, admin or manager"]);
    says(&manager, &["No CRM is connected", "Connect a CRM"]);
}

async fn other_workspaces_see_and_change_nothing(place: Place) {
    let (site, contact) = site(place).await;
    site.stranger().await;
    let record = site.world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678"})).await;
    let form = format!("connection={}&module=contact&record={record}", site.connection());
    let unlink = format!("{}/unlink?connection={}", panel(contact), site.connection());
    for path in [panel(contact), format!("/contacts/{}", id::contact(contact)), unlink] {
        let answer = site.page("stranger", &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("Sato"));
    }
    for what in ["choose", "link", "unlink", "refresh"] {
        let answer = site.form("stranger", &format!("{}/{what}", panel(contact)), &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    }
    let fields = format!("/integrations/panel/{}", site.connection());
    assert_eq!(site.page("stranger", &fields).await.status, StatusCode::NOT_FOUND);
    let connection_id = site.world.connection_id;
    let people =
        site.world.app.db.read(move |tx| {
            Box::pin(async move { person::of_contacts(tx, connection_id, &[contact]).await })
        });
    assert!(people.await.unwrap().is_empty());
}

async fn text_from_the_crm_is_never_markup(place: Place) {
    let (site, contact) = site(place).await;
    let record = json!({
        "LastName": "<script>alert(1)</script>",
        "Phone": "+819012345678",
        "Email": "\"><img src=x>@example.jp",
    });
    site.world.seed("Contact", record).await;
    let answer = site.page("agent", &panel(contact)).await;
    says(&answer, &["&lt;script&gt;alert(1)"]);
    assert!(!answer.text().contains("<script>alert") && !answer.text().contains("<img"), "{}", answer.text());
}

/// R2.60
async fn records_of_any_kind_are_pinned_and_removed(place: Place) {
    let (site, _) = site(place).await;
    let customer = Customer::with_number("819099998888", "Ken");
    site.world.post(vec![site.world.sender.text(&customer, "wamid.1", START, "hello")]).await;
    site.world.settle().await;
    let listed = site.api("agent", "GET", "conversations", serde_json::Value::Null).await.json();
    let conversation = listed["conversations"][0]["id"].as_str().unwrap().to_owned();
    let contact = listed["conversations"][0]["contact"]["id"].as_str().unwrap().to_owned();
    let pins = format!("/conversations/{conversation}/pins");
    let form = format!("connection={}&record=0065g00000AAAAA&label=Big+%3Cdeal%3E", site.connection());
    let done = site.form("agent", &pins, &form).await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, format!("/inbox/{conversation}").as_str())
    );
    let again = site.form("agent", &pins, &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&again, &["pinned here already", "value=\"0065g00000AAAAA\""]);
    let listed = site.page("agent", &pins).await;
    let url = "http://org.test/lightning/r/Opportunity/0065g00000AAAAAAA5/view";
    says(&listed, &["Big &lt;deal&gt;", "Opportunity", url]);
    // Beside the conversation and on the contact's page.
    says(
        &site.page("agent", &format!("/contacts/{contact}/panel?conversation={conversation}")).await,
        &[url],
    );
    says(&site.page("agent", &format!("/contacts/{contact}")).await, &[url, "To the conversation"]);
    let refused = site.form("agent", &pins, &format!("connection={}&record=x", site.connection())).await;
    says(&refused, &["neither the id nor the address"]);
    site.stranger().await;
    assert_eq!(site.page("stranger", &pins).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.form("stranger", &pins, &form).await.status, StatusCode::NOT_FOUND);
    let remove = listed.text().split("action=\"").find_map(|rest| {
        rest.split('"').next().filter(|action| action.ends_with("/remove")).map(str::to_owned)
    });
    let removed = site.form("agent", &remove.unwrap(), "").await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    assert!(!site.page("agent", &pins).await.text().contains(url));
    assert_eq!(audited(&site).await, ["conversation.unpin", "conversation.pin"]);
}
