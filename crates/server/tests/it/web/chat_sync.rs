//! Chat sync as people set it up: a draft that stays, what is wrong at the field, versions and the way back.

use causeway::store::connection;
use causeway_core::record::{Destination, Module};
use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Site,
    integrations::{deeds, says},
};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_new_chat_sync_syncs_nothing_until_it_is_activated,
    a_draft_outlives_leaving_and_says_who_began_it,
    what_the_settings_do_is_said_while_one_changes_them,
    what_is_wrong_stands_at_the_field_and_what_was_typed_stays,
    two_who_change_it_see_each_others_changes,
    a_version_is_restored_as_a_draft_and_applied,
    changes_over_the_api_are_versions_too,
    a_chat_sync_is_paused_and_resumed,
    a_second_chat_sync_of_the_same_accounts_is_refused,
    without_its_connection_nothing_is_applied_and_the_draft_stays,
    a_test_record_is_made_and_removed_or_the_cause_is_named,
    an_activation_whose_test_record_fails_names_the_cause_and_activates_nothing,
    a_test_record_that_stays_behind_is_said_and_hinders_nothing,
    what_cannot_be_is_told_before_anything_is_made_in_the_crm,
    modules_that_cannot_take_conversations_are_shown_with_the_reason,
    another_destination_keeps_what_fits_and_marks_what_does_not,
    a_field_for_the_link_that_cannot_be_made_says_why,
    the_values_that_the_org_has_are_offered,
    chat_syncs_of_another_workspace_are_unknown,
    what_is_done_with_a_chat_sync_stands_in_the_audit_log,
);

fn page(site: &Site) -> String {
    format!("/integrations/chat-sync/{}", site.integration())
}

async fn write(site: &Site, id: &str) {
    let customer = Customer::with_number("819012345678", "Ana");
    let sender = &site.world.sender;
    site.world.post(vec![sender.text(&customer, id, site.world.app.now() / 1_000_000, "Hello")]).await;
    site.world.settle().await;
}

async fn receipt(site: &Site, id: &str) -> Value {
    site.api("agent", "GET", &format!("trace/{id}"), Value::Null).await.json()["receipts"][0].clone()
}

async fn a_new_chat_sync_syncs_nothing_until_it_is_activated(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    let begin = format!("/integrations/connection/{}/chat-sync", site.connection());
    let made = site.form("admin", &begin, "").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let page = made.header("location").to_owned();
    let id = page.rsplit('/').next().unwrap();
    says(&site.page("admin", &page).await, &["Draft", "Activate", "What this does"]);
    assert_eq!(site.shown(id).await["state"], "draft");
    write(&site, "wamid.1").await;
    assert_eq!(receipt(&site, "wamid.1").await["deliveries"], json!([]), "a draft covers nothing");
    site.world.after(std::time::Duration::from_mins(1)).await;
    let done = site.form("admin", &format!("{page}/apply"), "base=1&shape=per_message").await;
    assert_eq!(done.header("location"), format!("{page}?done=activated"), "{}", done.text());
    assert_eq!(site.shown(id).await["settings"]["since"], json!(site.world.app.now()));
    write(&site, "wamid.2").await;
    assert_eq!(receipt(&site, "wamid.2").await["deliveries"][0]["state"], "written");
    assert_eq!(site.world.records("Task").await.len(), 1);
}

async fn a_draft_outlives_leaving_and_says_who_began_it(place: Place) {
    let site = Site::new(place).await;
    let kept = site.form("admin", &format!("{}/draft", page(&site)), "base=1&company=Nobody+%26+Sons").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let later = site.page("owner", &page(&site)).await;
    says(
        &later,
        &["Draft, begun by ADMIN", "value=\"Nobody &amp; Sons\"", "<ins>Nobody &amp; Sons</ins>", "Discard"],
    );
    says(&site.page("owner", "/integrations").await, &["Changes in draft"]);
    assert_eq!(site.shown(&site.integration()).await["settings"]["company"], "[not provided]");
    let gone = site.form("owner", &format!("{}/discard", page(&site)), "").await;
    let now = site.page("owner", gone.header("location")).await;
    assert!(!now.text().contains("Nobody"), "{}", now.text());
    // What is as it was is no draft.
    site.form("admin", &format!("{}/draft", page(&site)), "base=1&company=%5Bnot+provided%5D").await;
    assert!(!site.page("admin", &page(&site)).await.text().contains("begun by"));
}

async fn what_the_settings_do_is_said_while_one_changes_them(place: Place) {
    let site = Site::new(place).await;
    let path = format!("{}/draft", page(&site));
    let owner = site.world.user("maya").await;
    let form =
        format!("base=1&create=off&shape=every_6_hours&default_owner={owner}&known_user={owner}+Maya+L");
    let said = site.script("admin", &path, &form).await;
    assert_eq!(said.status, StatusCode::OK);
    says(
        &said,
        &[
            "id=\"slot-create\"",
            "id=\"sync-said\"",
            "id=\"sync-changes\"",
            "gets no record",
            "gathered for 6 hours",
        ],
    );
    assert!(!said.text().contains("<html"));
    let said = site.script("admin", &path, &form.replace("create=off", "create=contact")).await;
    says(&said, &["makes a contact", "to Maya L"]);
}

async fn what_is_wrong_stands_at_the_field_and_what_was_typed_stays(place: Place) {
    let site = Site::new(place).await;
    let form = "base=1&name_template=%7Bwho%7D&value_field=Rating&value_text=&since=2026-01-01T00%3A00";
    let refused = site.form("admin", &format!("{}/apply", page(&site)), form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(
        &refused,
        &["only `{phone}` and `{channel}` are filled in", "value=\"{who}\"", "field-name_template-error"],
    );
    assert_eq!(site.shown(&site.integration()).await["revision"], 1);
    // The draft stays, and says so when one comes back.
    says(&site.page("admin", &page(&site)).await, &["value=\"{who}\"", "One setting cannot be as it is"]);
    let odd = site.form("admin", &format!("{}/apply", page(&site)), "base=1&since=tomorrow").await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&odd, &["value=\"tomorrow\"", "This is no date and time"]);
    let closed = "base=1&name_template=%7Bphone%7D&reopen=to&reopen_to=Nowhere";
    let refused = site.form("admin", &format!("{}/apply", page(&site)), closed).await;
    says(&refused, &["the org has no lead status"]);
}

async fn two_who_change_it_see_each_others_changes(place: Place) {
    let site = Site::new(place).await;
    site.form("admin", &format!("{}/draft", page(&site)), "base=1&company=Mine").await;
    let body = json!({ "revision": 1, "settings": { "lead_source": "Theirs" } });
    let path = format!("integrations/{}", site.integration());
    assert_eq!(site.api("owner", "PATCH", &path, body).await.status, StatusCode::OK);
    let refused = site.form("admin", &format!("{}/apply", page(&site)), "base=1&company=Mine").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(
        &refused,
        &["OWNER applied version 2", "<ins>Theirs</ins>", "<ins>Mine</ins>", "Keep my changes on top"],
    );
    let laid = site.form("admin", &format!("{}/rebase", page(&site)), "").await;
    assert!(laid.header("location").ends_with("?done=rebased"));
    let now = site.page("admin", &page(&site)).await;
    assert!(
        !now.text().contains("<ins>Theirs</ins>") && now.text().contains("<ins>Mine</ins>"),
        "{}",
        now.text()
    );
    let done = site.form("admin", &format!("{}/apply", page(&site)), "base=2").await;
    assert!(done.header("location").ends_with("?done=applied"), "{}", done.text());
    let settings = &site.shown(&site.integration()).await["settings"];
    assert_eq!((&settings["company"], &settings["lead_source"]), (&json!("Mine"), &json!("Theirs")));
    // A revision that nobody has yet is none to begin on.
    let odd = site.form("admin", &format!("{}/apply", page(&site)), "base=99&company=Again").await;
    assert!(odd.header("location").ends_with("?done=applied"), "{}", odd.text());
}

async fn a_version_is_restored_as_a_draft_and_applied(place: Place) {
    let site = Site::new(place).await;
    for (base, company) in [(1, "One"), (2, "Two")] {
        let form = format!("base={base}&company={company}");
        site.form("admin", &format!("{}/apply", page(&site)), &form).await;
    }
    let listed = site.page("owner", &format!("{}/versions", page(&site))).await;
    says(
        &listed,
        &["Version 3", "Version 2", "Version 1", "In force", "ADMIN", "<del>One</del>", "<ins>Two</ins>"],
    );
    let restored = site.form("owner", &format!("{}/versions/1/restore", page(&site)), "").await;
    assert!(restored.header("location").ends_with("?done=restored"));
    let draft = site.page("owner", restored.header("location")).await;
    says(
        &draft,
        &["This version is a draft now", "<del>Two</del>", "<ins>[not provided]</ins>", "begun by OWNER"],
    );
    assert_eq!(site.shown(&site.integration()).await["settings"]["company"], "Two");
    site.form("owner", &format!("{}/apply", page(&site)), "base=3").await;
    let now = site.shown(&site.integration()).await;
    assert_eq!((&now["settings"]["company"], &now["revision"]), (&json!("[not provided]"), &json!(4)));
    let none = site.form("owner", &format!("{}/versions/99/restore", page(&site)), "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

async fn changes_over_the_api_are_versions_too(place: Place) {
    let site = Site::new(place).await;
    let path = format!("integrations/{}", site.integration());
    site.api("admin", "PATCH", &path, json!({ "revision": 1, "settings": { "company": "Api" } })).await;
    site.api("owner", "PATCH", &path, json!({ "revision": 2, "paused": true })).await;
    let listed = site.page("owner", &format!("{}/versions", page(&site))).await;
    says(
        &listed,
        &["Version 3", "OWNER", "Paused", "The settings stayed as they were", "ADMIN", "<ins>Api</ins>"],
    );
}

async fn a_chat_sync_is_paused_and_resumed(place: Place) {
    let site = Site::new(place).await;
    let paused = site.form("admin", &format!("{}/pause", page(&site)), "revision=1").await;
    says(&site.page("admin", paused.header("location")).await, &["Paused. What comes waits", "Resume"]);
    write(&site, "wamid.1").await;
    assert_eq!(receipt(&site, "wamid.1").await["deliveries"][0]["held"]["reason"], "paused");
    let late = site.form("admin", &format!("{}/resume", page(&site)), "revision=1").await;
    says(&site.page("admin", late.header("location")).await, &["Somebody else changed this meanwhile"]);
    let resumed = site.form("admin", &format!("{}/resume", page(&site)), "revision=2").await;
    assert!(resumed.header("location").ends_with("?done=resumed"));
    site.world.after(std::time::Duration::from_secs(1)).await;
    assert_eq!(receipt(&site, "wamid.1").await["deliveries"][0]["state"], "written");
}

async fn a_second_chat_sync_of_the_same_accounts_is_refused(place: Place) {
    let site = Site::new(place).await;
    let begin = format!("/integrations/connection/{}/chat-sync", site.connection());
    let second = site.form("admin", &begin, "").await.header("location").to_owned();
    let refused = site.form("admin", &format!("{second}/apply"), "base=1&accounts=all").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(&refused, &["another chat sync of this connection already syncs"]);
    let done = site.form("admin", &format!("{second}/apply"), "base=1&accounts=some").await;
    assert!(done.header("location").ends_with("?done=activated"), "{}", done.text());
}

async fn without_its_connection_nothing_is_applied_and_the_draft_stays(place: Place) {
    let site = Site::new(place).await;
    site.form("admin", &format!("/integrations/connection/{}/disconnect", site.connection()), "").await;
    let refused = site.form("admin", &format!("{}/apply", page(&site)), "base=1&company=Later").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(&refused, &["Renew the connection first", "value=\"Later\""]);
    says(&site.page("admin", &page(&site)).await, &["value=\"Later\""]);
}

async fn a_test_record_is_made_and_removed_or_the_cause_is_named(place: Place) {
    let site = Site::new(place).await;
    let path = format!("{}/test", page(&site));
    let tried = site.script("admin", &path, "").await;
    says(&tried, &["id=\"trial-result\"", "A test lead was made in", "and removed again."]);
    assert!(site.world.records("Lead").await.is_empty());
    let field = json!({ "object": "Lead", "name": "Region__c", "label": "Sales region", "required": true });
    site.world.sim("POST", "fields", field).await;
    let tried = site.form("admin", &path, "").await;
    assert_eq!(tried.status, StatusCode::OK);
    says(&tried, &["Region__c", "data-tone=\"bad\""]);
    assert_eq!(site.form("manager", &path, "").await.status, StatusCode::FORBIDDEN);
}

/// A chat sync that is being set up, on a site without another.
async fn new_sync(place: Place) -> (Site, String) {
    let mut site = Site::unconnected(place).await;
    site.world.connect().await.unwrap();
    let begin = format!("/integrations/connection/{}/chat-sync", site.connection());
    let page = site.form("admin", &begin, "").await.header("location").to_owned();
    (site, page)
}

async fn state(site: &Site, page: &str) -> Value {
    site.shown(page.rsplit('/').next().unwrap()).await["state"].clone()
}

/// R4.8, R4.9, R4.23, R4.24
async fn an_activation_whose_test_record_fails_names_the_cause_and_activates_nothing(place: Place) {
    let (site, page) = new_sync(place).await;
    says(
        &site.page("admin", &page).await,
        &[
            "Nothing is written to the CRM before",
            "button--good",
            "Activate integration",
            "A test record is made",
        ],
    );
    let field = json!({ "object": "Lead", "name": "Region__c", "label": "Sales region", "required": true });
    site.world.sim("POST", "fields", field).await;
    let refused = site.form("admin", &format!("{page}/apply"), "base=1").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(
        &refused,
        &["Not activated: the test record could not be made", "Region__c", "Activate integration"],
    );
    assert_eq!(state(&site, &page).await, "draft");
    // With creating off nothing is to be tried out.
    let done = site.form("admin", &format!("{page}/apply"), "base=1&create=off").await;
    assert!(done.header("location").ends_with("?done=activated"), "{}", done.text());
    assert_eq!(state(&site, &page).await, "active");
}

/// R4.23
async fn a_test_record_that_stays_behind_is_said_and_hinders_nothing(place: Place) {
    let (site, page) = new_sync(place).await;
    site.world.sim("POST", "permissions", json!({ "user": "*", "no_delete": ["Lead"] })).await;
    let done = site.form("admin", &format!("{page}/apply"), "base=1").await;
    assert!(done.header("location").ends_with("?done=activated&also=left-over"), "{}", done.text());
    says(
        &site.page("admin", done.header("location")).await,
        &["Messages are synced from now on. The test record could not be removed yet"],
    );
    assert_eq!(state(&site, &page).await, "active");
}

/// R4.9
async fn what_cannot_be_is_told_before_anything_is_made_in_the_crm(place: Place) {
    let (site, page) = new_sync(place).await;
    let refused = site.form("admin", &format!("{page}/apply"), "base=1&phone_field=Fax9").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(
        &refused,
        &[
            "there is no field `Fax9`",
            "Fax9 (does not fit here)",
            "Before it can be activated, look at:",
            "#slot-phone_field",
        ],
    );
    let all = site.world.sim("GET", "records?object=Lead", Value::Null).await;
    assert_eq!(all["records"], json!([]), "not even a test record");
}

/// An org in which the destination can be chosen, as other CRMs describe theirs.
async fn with_destinations(site: &Site) {
    let id = site.world.connection_id;
    let found = site.world.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap();
    let found = found.unwrap();
    let (revision, mut org) = (found.token_revision, found.profile.unwrap());
    let vendors = Module::other("Vendors").unwrap();
    let mut vendor = org.module(Module::Contact);
    vendor.fields.retain(|field| field.name != "MobilePhone");
    org.modules.insert(vendors, vendor);
    let destination = |module, label: &str, refusal: Option<&str>| Destination {
        module,
        label: label.into(),
        refusal: refusal.map(str::to_owned),
    };
    org.destinations = vec![
        destination(Module::Contact, "Contacts", None),
        destination(vendors, "Vendors", None),
        destination(Module::other("Deals").unwrap(), "Deals", Some("It has no phone field.")),
    ];
    let now = site.world.app.now();
    let put =
        site.world.app.db.write(move |tx| {
            Box::pin(async move { connection::put_profile(tx, id, revision, &org, now).await })
        });
    assert!(put.await.unwrap());
}

/// R4.10, R4.11, R4.12
async fn modules_that_cannot_take_conversations_are_shown_with_the_reason(place: Place) {
    let site = Site::new(place).await;
    assert!(!site.page("admin", &page(&site)).await.text().contains("Sync destination</legend>"));
    with_destinations(&site).await;
    says(
        &site.page("admin", &page(&site)).await,
        &[
            "Sync destination</legend>",
            "value=\"Deals\" disabled",
            "It has no phone field.",
            "check in the CRM",
        ],
    );
    let refused = site.form("admin", &format!("{}/apply", page(&site)), "base=1&module=Deals").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["conversations cannot go to Deals: It has no phone field."]);
}

/// R4.13, R4.27, R4.28
async fn another_destination_keeps_what_fits_and_marks_what_does_not(place: Place) {
    let site = Site::new(place).await;
    with_destinations(&site).await;
    let form = "base=1&module=contact&phone_field=MobilePhone&name_field=Title&lead_source=Chat";
    let done = site.form("admin", &format!("{}/apply", page(&site)), form).await;
    assert!(done.header("location").ends_with("?done=applied"), "{}", done.text());
    let said = site.script("admin", &format!("{}/draft", page(&site)), "base=2&module=Vendors").await;
    says(
        &said,
        &[
            "MobilePhone (does not fit here)",
            "there is no field `MobilePhone` on Vendors",
            "A person is looked for in Vendors",
            "One setting cannot be as it is",
            "#slot-phone_field",
        ],
    );
    // It is there when one comes back, and does not go in force as it is.
    let later = site.page("owner", &page(&site)).await;
    says(&later, &["MobilePhone (does not fit here)", "value=\"Title\" selected", "value=\"Chat\""]);
    let refused = site.form("owner", &format!("{}/apply", page(&site)), "base=2").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // This org has no vendors: a record of them is tried out, and none can be made.
    let refused = site.form("owner", &format!("{}/apply", page(&site)), "base=2&phone_field=").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(&refused, &["Not applied: the test record could not be made"]);
    let done = site.form("owner", &format!("{}/apply", page(&site)), "base=2&create=off").await;
    assert!(done.header("location").ends_with("?done=applied"), "{}", done.text());
    let settings = &site.shown(&site.integration()).await["settings"];
    assert_eq!((&settings["module"], &settings["name_field"]), (&json!("Vendors"), &json!("Title")));
}

/// R4.17
async fn a_field_for_the_link_that_cannot_be_made_says_why(place: Place) {
    let site = Site::new(place).await;
    let refused = site.form("admin", &format!("{}/link-field", page(&site)), "base=1&company=Kept").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    says(&refused, &["The field could not be made.", "value=\"Kept\""]);
    assert_eq!(site.shown(&site.integration()).await["settings"]["link_field"], Value::Null);
}

async fn the_values_that_the_org_has_are_offered(place: Place) {
    let site = Site::new(place).await;
    write(&site, "wamid.1").await;
    let shown = site.page("admin", &page(&site)).await;
    let status = &site.api("admin", "GET", "connections", Value::Null).await.json()["connections"][0]["org"];
    for known in status["lead_statuses"].as_array().unwrap() {
        says(&shown, &[&format!("name=\"closed_status\" value=\"{}\"", known["value"].as_str().unwrap())]);
    }
    let maya = site.world.user("maya").await;
    says(
        &shown,
        &[&format!("<option value=\"{maya}\">Maya Lindqvist</option>"), "name=\"account\"", "81312345678"],
    );
}

async fn chat_syncs_of_another_workspace_are_unknown(place: Place) {
    let site = Site::new(place).await;
    site.stranger().await;
    for end in ["", "/versions"] {
        let answer = site.page("stranger", &format!("{}{end}", page(&site))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{end}");
    }
    for end in [
        "/draft",
        "/apply",
        "/link-field",
        "/discard",
        "/rebase",
        "/pause",
        "/resume",
        "/test",
        "/versions/1/restore",
    ] {
        let answer =
            site.form("stranger", &format!("{}{end}", page(&site)), "base=1&revision=1&company=X").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{end}");
    }
    assert_eq!(site.shown(&site.integration()).await["revision"], 1);
}

async fn what_is_done_with_a_chat_sync_stands_in_the_audit_log(place: Place) {
    let site = Site::new(place).await;
    let begin = format!("/integrations/connection/{}/chat-sync", site.connection());
    let made = site.form("admin", &begin, "").await.header("location").to_owned();
    for (end, form) in [
        ("draft", "base=1&accounts=some"),
        ("discard", ""),
        ("apply", "base=1&accounts=some"),
        ("pause", "revision=2"),
        ("resume", "revision=3"),
        ("versions/1/restore", ""),
    ] {
        assert_eq!(
            site.form("admin", &format!("{made}/{end}"), form).await.status,
            StatusCode::SEE_OTHER,
            "{end}"
        );
    }
    let id = made.rsplit('/').next().unwrap();
    let done: Vec<String> =
        deeds(&site).await.into_iter().filter(|(_, subject)| subject == id).map(|(deed, _)| deed).collect();
    assert_eq!(
        done,
        [
            "integration.set_up",
            "integration.begin_draft",
            "integration.discard_draft",
            "integration.begin_draft",
            "integration.activate",
            "integration.pause",
            "integration.resume",
            "integration.restore",
        ]
    );
}
