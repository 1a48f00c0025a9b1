//! Deliveries, receipts and notices as pages, and over the API.

use std::collections::BTreeSet;

use causeway::{id, live::Topic};
use causeway_core::plan::settings::{ChatSync, Create};
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    what_waits_says_why_who_can_act_and_offers_one_action,
    a_cause_is_tried_again_as_a_whole_by_those_who_may,
    what_is_listed_can_be_had_as_a_file_without_formulas,
    nothing_of_another_workspace_is_shown_or_touched,
    a_record_is_chosen_by_hand_and_mistakes_keep_what_was_typed,
    a_message_has_a_receipt_as_page_and_as_sheet,
    a_cause_is_one_notice_and_people_see_what_concerns_them,
    open_pages_are_told_what_the_lane_has_done,
    entries_are_read_and_tried_again_over_the_api,
    the_list_is_turned_page_by_page,
    what_is_tried_again_at_once_is_written_down_with_it,
);

/// A site on which nothing is made in the CRM, so that strangers wait.
async fn waiting(place: Place, people: &[(&str, &str)]) -> Site {
    let site = Site::new(place).await;
    site.world.change_settings(ChatSync { create: Create::Off, ..ChatSync::default() }).await;
    for (number, name) in people {
        write(&site, number, name, "Hello").await;
    }
    site
}

async fn write(site: &Site, number: &str, name: &str, text: &str) {
    let customer = Customer::with_number(number, name);
    let (at, message) = (site.world.app.now() / 1_000_000, format!("wamid.{number}"));
    site.world.post(vec![site.world.sender.text(&customer, &message, at, text)]).await;
    site.world.settle().await;
}

const SATO: (&str, &str) = ("819012345678", "Sato Hanako");
const MORI: (&str, &str) = ("819087654321", "Mori Ken");

async fn entries(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.api("agent", "GET", &format!("entries?{query}"), Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["entries"].as_array().unwrap().clone()
}

async fn first_entry(site: &Site) -> String {
    entries(site, "").await[0]["id"].as_str().unwrap().to_owned()
}

async fn fragment(site: &Site, role: &str, path: &str) -> Answer {
    let request = Request::get(path).header("cookie", site.cookie(role).await).header("x-fragment", "1");
    site.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn what_waits_says_why_who_can_act_and_offers_one_action(place: Place) {
    let site = waiting(place, &[]).await;
    let page = site.page("agent", "/deliveries").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Nothing waits"), "{}", page.text());
    write(&site, SATO.0, SATO.1, "Do you have <b>tea</b>?").await;
    let page = site.page("agent", "/deliveries").await.text();
    for said in [
        "No record in the CRM",
        "1 delivery",
        "Sato Hanako",
        "Do you have &lt;b&gt;tea&lt;/b&gt;?",
        "nobody in the CRM matches this person and creating is switched off",
        "Link to a record",
        "a user of the CRM",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(
        !page.contains("Try all again") && !page.contains("Download as CSV"),
        "an agent works one by one"
    );
    let page = site.page("manager", "/deliveries").await.text();
    assert!(page.contains("Try all again") && page.contains("Download as CSV"), "{page}");
    let held = site.page("agent", "/deliveries?state=held&cause=no_record").await.text();
    assert!(held.contains("Sato Hanako"));
    let none = site.page("agent", "/deliveries?state=written").await.text();
    assert!(none.contains("Nothing fits") && !none.contains("Do you have"), "{none}");
    for bad in ["state=strange", "cause=strange", "contact=x", "before=1"] {
        let answer = site.page("agent", &format!("/deliveries?{bad}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}");
    }
    let part = fragment(&site, "agent", "/deliveries").await.text();
    assert!(
        !part.contains("<html") && part.contains("id=\"causes\"") && part.contains("id=\"entries\""),
        "{part}"
    );
}

async fn a_cause_is_tried_again_as_a_whole_by_those_who_may(place: Place) {
    let site = waiting(place, &[SATO, MORI]).await;
    assert_eq!(
        site.form("agent", "/deliveries/retry", "cause=no_record").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(site.form("manager", "/deliveries/retry", "").await.status, StatusCode::NOT_FOUND);
    let answer = site.form("manager", "/deliveries/retry", "cause=no_record").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/deliveries?done=retried&count=2")
    );
    let said = site.page("manager", "/deliveries?done=retried&count=2").await.text();
    assert!(said.contains("2 deliveries are tried again."), "{said}");
    assert_eq!(entries(&site, "state=held").await.len(), 0);
    site.world.settle().await;
    assert_eq!(entries(&site, "state=held").await.len(), 2, "they still match nobody");
    let answer = site.form("manager", "/deliveries/retry", "cause=value_refused").await;
    assert_eq!(answer.header("location"), "/deliveries?done=retried&count=0");
}

async fn what_is_listed_can_be_had_as_a_file_without_formulas(place: Place) {
    let site = waiting(place, &[]).await;
    write(&site, SATO.0, "=HYPERLINK(\"http://evil.example\")", "+1,2\n\"x\"").await;
    write(&site, MORI.0, MORI.1, "@SUM(A1)").await;
    assert_eq!(site.page("agent", "/deliveries.csv").await.status, StatusCode::FORBIDDEN);
    let file = site.page("manager", "/deliveries.csv?state=held").await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    let text = file.text();
    let head = text.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
    assert!(
        head.starts_with("entry,state,reason,sentence,who_can_act,what_to_do,contact,contact_name,"),
        "{head}"
    );
    let documented = include_str!("../../../../../docs/deliveries.md");
    for column in head.split(',') {
        assert!(documented.contains(&format!("| `{column}` |")), "{column} stands in docs/deliveries.md");
    }
    assert!(text.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\","), "{text}");
    assert!(text.contains(",\"'+1,2\n\"\"x\"\"\","), "{text}");
    assert!(text.contains(",\"'@SUM(A1)\","), "{text}");
    let none = site.page("manager", "/deliveries.csv?state=written").await.text();
    assert_eq!(none.lines().count(), 1, "{none}");
}

async fn nothing_of_another_workspace_is_shown_or_touched(place: Place) {
    let site = waiting(place, &[SATO]).await;
    site.stranger().await;
    let entry = first_entry(&site).await;
    let shown = site.page("stranger", "/deliveries").await.text();
    assert!(!shown.contains("Sato") && shown.contains("Nothing waits"), "{shown}");
    let file = site.page("stranger", "/deliveries.csv").await.text();
    assert_eq!(file.lines().count(), 1);
    for path in [format!("/deliveries/{entry}"), "/receipts/wamid.819012345678".into()] {
        assert_eq!(site.page("agent", &path).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.page("stranger", &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["retry", "link"] {
        let answer = site.form("stranger", &format!("/deliveries/{entry}/{path}"), "record=x").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = site.form("stranger", "/deliveries/retry", "cause=no_record").await;
    assert!(answer.header("location").ends_with("count=0"));
    assert_eq!(entries(&site, "state=held").await.len(), 1);
    let notices = fragment(&site, "stranger", "/notices").await.text();
    assert!(!notices.contains("No record"), "{notices}");
}

async fn a_record_is_chosen_by_hand_and_mistakes_keep_what_was_typed(place: Place) {
    let site = waiting(place, &[SATO]).await;
    let page = format!("/deliveries/{}", first_entry(&site).await);
    let shown = site.page("agent", &page).await.text();
    for said in [
        "name=\"module\" value=\"contact\" checked",
        "value=\"lead\"",
        "Choose the record",
        "Delivery of Sato Hanako",
        "Hello",
        "Searched for",
        "Nothing has been sent yet",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let wrong = site.form("agent", &format!("{page}/link"), "module=lead&record=00Q000000000000&x=1").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text();
    assert!(text.contains("value=\"00Q000000000000\"") && text.contains("field__error"), "{text}");
    let empty = site.form("agent", &format!("{page}/link"), "module=lead").await.text();
    assert!(empty.contains("Paste the record"), "{empty}");
    let lead = json!({ "LastName": "Elsewhere", "Company": "Tea House" });
    let lead = site.world.seed("Lead", lead).await;
    let address = format!("http%3A%2F%2Forg.test%2Flightning%2Fr%2FLead%2F{lead}%2Fview");
    let done = site.form("agent", &format!("{page}/link"), &format!("module=lead&record={address}")).await;
    assert_eq!(done.header("location"), format!("{page}?done=linked"), "{}", done.text());
    site.world.settle().await;
    let shown = site.page("agent", &format!("{page}?done=linked")).await.text();
    for said in ["The person is linked.", "View in Salesforce", "Tried to create it", "done", &lead] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let late = site.form("agent", &format!("{page}/retry"), "").await;
    assert_eq!(late.header("location"), format!("{page}?done=not-held"));
}

async fn a_message_has_a_receipt_as_page_and_as_sheet(place: Place) {
    let site = Site::new(place).await;
    write(&site, SATO.0, SATO.1, "Hello").await;
    let receipt = &entries(&site, "").await[0]["first_message"];
    let path = format!("/receipts/{}", receipt.as_str().unwrap());
    let page = site.page("agent", &path).await.text();
    for said in
        ["<title>Receipt", "Received by WhatsApp", "Belongs to", "Written as Task", "View in Salesforce"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let sheet = fragment(&site, "agent", &path).await.text();
    assert!(!sheet.contains("<html") && sheet.contains("View in Salesforce"), "{sheet}");
    site.world.change_settings(ChatSync { create: Create::Off, ..ChatSync::default() }).await;
    write(&site, MORI.0, MORI.1, "Hi").await;
    let held = site.page("agent", &format!("/receipts/wamid.{}", MORI.0)).await.text();
    assert!(held.contains("Who can act:") && held.contains("Link to a record"), "{held}");
    assert_eq!(site.page("agent", "/receipts/msg_1").await.status, StatusCode::NOT_FOUND);
}

async fn a_cause_is_one_notice_and_people_see_what_concerns_them(place: Place) {
    let site = waiting(place, &[SATO, MORI]).await;
    let notices = fragment(&site, "agent", "/notices").await.text();
    assert_eq!(notices.matches("notice__text").count(), 1, "{notices}");
    assert!(notices.contains("No record in the CRM: 2 deliveries wait."), "{notices}");
    assert!(notices.contains("/deliveries?state=held&amp;cause=no_record"), "{notices}");
    site.world.post_raw(b"{\"object\":\"whatsapp_business_account\",\"entry\":[7]}".to_vec()).await;
    site.world.settle().await;
    let of_admin = fragment(&site, "admin", "/notices").await.text();
    assert!(of_admin.contains("1 part of a request could not be read"), "{of_admin}");
    assert!(!fragment(&site, "agent", "/notices").await.text().contains("could not be read"));
    causeway::crm::disconnect(&site.world.app, site.world.connection_id).await.unwrap();
    let page = site.page("admin", "/deliveries").await.text();
    assert!(page.contains("data-src=\"/notices\""), "the frame asks for them again");
    let whole = site.page("agent", "/notices").await.text();
    assert!(whole.contains("What needs somebody"), "{whole}");
}

async fn open_pages_are_told_what_the_lane_has_done(place: Place) {
    let site = Site::new(place).await;
    let mut changes = site.world.app.live.listen();
    write(&site, SATO.0, SATO.1, "Hello").await;
    let mut told = BTreeSet::new();
    while let Ok(change) = changes.try_recv() {
        assert_eq!(change.workspace_id, Some(site.world.workspace_id));
        told.insert(change.topic.word());
    }
    let conversation = entries(&site, "").await[0]["conversation"].as_str().unwrap().to_owned();
    for topic in [Topic::Requests.word(), Topic::Deliveries.word(), Topic::Notices.word(), conversation] {
        assert!(told.contains(&topic), "{topic}: {told:?}");
    }
}

async fn entries_are_read_and_tried_again_over_the_api(place: Place) {
    let site = waiting(place, &[SATO, MORI]).await;
    let first = site.api("agent", "GET", "entries?limit=1", Value::Null).await.json();
    let next = first["next"].as_str().unwrap();
    let second =
        site.api("agent", "GET", &format!("entries?limit=1&before={next}"), Value::Null).await.json();
    assert_eq!((second["entries"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
    assert_ne!(first["entries"][0]["id"], second["entries"][0]["id"]);
    assert_eq!(first["entries"][0]["held"]["reason"], "no_record");
    let causes = site.api("agent", "GET", "entries/causes", Value::Null).await.json();
    assert_eq!(
        (&causes["causes"][0]["reason"], &causes["causes"][0]["count"]),
        (&json!("no_record"), &json!(2))
    );
    let refused = site.api("agent", "POST", "entries/retry", json!({ "cause": "no_record" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let vague = site.api("manager", "POST", "entries/retry", json!({})).await;
    assert_eq!(vague.refusal().0, "invalid");
    let done = site.api("manager", "POST", "entries/retry", json!({ "cause": "no_record" })).await.json();
    assert_eq!((&done["retried"], &done["is_more"]), (&json!(2), &json!(false)));
    for wrong in ["state=strange", "cause=strange", "contact=x"] {
        let answer = site.api("agent", "GET", &format!("entries?{wrong}"), Value::Null).await;
        assert!(answer.status.is_client_error() && !answer.refusal().1.is_empty(), "{wrong}");
    }
}

async fn the_list_is_turned_page_by_page(place: Place) {
    let site = Site::new(place).await;
    let customer = Customer::with_number(SATO.0, SATO.1);
    let at = site.world.app.now() / 1_000_000;
    for message in 0..51 {
        let text = site.world.sender.text(
            &customer,
            &format!("wamid.{message}"),
            at + message,
            &format!("No. {message:02}"),
        );
        site.world.post(vec![text]).await;
    }
    site.world.settle().await;
    let page = site.page("agent", "/deliveries").await.text();
    assert!(page.contains("No. 50") && !page.contains("No. 00"), "{page}");
    let last = entries(&site, "limit=50").await[49]["id"].as_str().unwrap().to_owned();
    assert!(id::read("ent", &last).is_some());
    let older = format!("/deliveries?before={last}");
    assert!(page.contains(&format!("href=\"{older}\"")), "{older}: {page}");
    let page = site.page("agent", &older).await.text();
    assert!(
        page.contains("No. 00") && !page.contains("No. 50") && page.contains("href=\"/deliveries\""),
        "{page}"
    );
}

async fn what_is_tried_again_at_once_is_written_down_with_it(place: Place) {
    let site = waiting(place, &[SATO, MORI]).await;
    let cause = json!({ "cause": "no_record" });
    site.api("manager", "POST", "entries/retry", cause.clone()).await;
    site.world.settle().await;
    site.form("manager", "/deliveries/retry", "cause=no_record").await;
    site.world.settle().await;
    let done = site.world.deeds().await;
    let retried = ("entries.retry".to_owned(), "no_record".to_owned());
    assert_eq!(done.iter().filter(|deed| **deed == retried).count(), 2, "{done:?}");
    site.world.place.close_audit_log().await;
    let failed = site.form("manager", "/deliveries/retry", "cause=no_record").await;
    assert!(failed.status.is_server_error(), "{}", failed.text());
    assert!(site.api("manager", "POST", "entries/retry", cause).await.status.is_server_error());
    let held = entries(&site, "state=held").await;
    assert_eq!(held.len(), 2, "nothing is tried that is not written down");
}
