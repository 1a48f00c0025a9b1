//! The org as described.

use serde_json::{Value, json};

use super::{USER, body, described, fixture, org, reply};
use crate::{
    crm::{Answer, Call, Crm, DescribeFlow, Org, salesforce::Salesforce},
    lane::{HoldReason, Verdict},
    record::{EntryKeying, EntryKind, Module, OrgProfile},
};

fn call() -> Call {
    Call::Describe { user_id: USER.to_owned(), flow: DescribeFlow::default() }
}

/// The fixture with something changed.
fn changed(change: impl FnOnce(&mut Value)) -> OrgProfile {
    let mut value: Value = serde_json::from_str(fixture!("describe.json")).expect("JSON");
    change(&mut value);
    described(&value.to_string())
}

fn fields(value: &mut Value, part: usize) -> &mut Vec<Value> {
    value["compositeResponse"][part]["body"]["fields"].as_array_mut().expect("fields")
}

fn hide(value: &mut Value, part: usize, name: &str) {
    fields(value, part).retain(|field| field["name"] != name);
}

fn key_field(name: &str, length: u32) -> Value {
    json!({"name": name, "label": name, "type": "string", "length": length, "createable": true,
        "updateable": true, "filterable": true, "nillable": true, "externalId": true, "unique": true})
}

fn missing(profile: &OrgProfile) -> Vec<&str> {
    profile.missing.iter().map(|missing| missing.what.as_str()).collect()
}

#[test]
fn one_request_asks_for_everything() {
    let undescribed = Org { profile: None, ..org() };
    let request = Salesforce.request(&undescribed, &call());
    assert_eq!(request.url, "https://acme.my.salesforce.com/services/data/v68.0/composite");
    let body = body(&request);
    let parts = body["compositeRequest"].as_array().expect("parts");
    let urls: Vec<_> = parts.iter().filter_map(|part| part["url"].as_str()).collect();
    assert_eq!(urls[0], "/services/data/v68.0/sobjects/Contact/describe");
    assert!(urls[4].contains(USER));
    assert!(urls.iter().filter(|url| url.contains("/query")).count() <= 5);
    assert!(parts.iter().all(|part| part["referenceId"].as_str().is_some_and(|id| id.starts_with("part"))));
}

#[test]
fn the_org_and_the_acting_user_are_known_by_their_long_ids() {
    let profile = described(fixture!("describe.json"));
    assert_eq!(profile.org_id, "00D5g000001AbCdEAK");
    assert_eq!(profile.org_name, "Acme K.K.");
    assert_eq!(profile.acting_user.id, USER);
    assert_eq!(profile.acting_user.email, "integration@acme.example");
    assert!(profile.acting_user.is_active && !profile.is_sandbox);
    assert_eq!(
        (profile.entries[&EntryKind::Task].subject_length, profile.entries[&EntryKind::Task].body_length),
        (255, 32_000)
    );
    assert!(profile.missing.is_empty(), "{:?}", profile.missing);
}

#[test]
fn a_field_is_required_only_if_nothing_else_fills_it_and_a_checkbox_never() {
    let profile = described(fixture!("describe.json"));
    let lead = profile.module(Module::Lead);
    let required: Vec<_> =
        lead.fields.iter().filter(|field| field.is_required).map(|field| field.name.as_str()).collect();
    assert_eq!(required, ["LastName", "Company"]);
}

#[test]
fn a_stage_counts_as_closed_by_its_name_because_leads_have_no_closed_flag() {
    let profile = changed(|value| {
        let rows = value["compositeResponse"][5]["body"]["records"].as_array_mut().expect("rows");
        for name in ["Unqualified", "CLOSED lost", "Not closed yet"] {
            rows.push(json!({"ApiName": name, "IsDefault": false, "IsConverted": false}));
        }
    });
    let stages: Vec<_> = profile
        .lead_statuses
        .iter()
        .map(|stage| (stage.value.as_str(), stage.is_default, stage.is_converted, stage.is_closed_by_default))
        .collect();
    assert_eq!(
        stages,
        [
            ("Open - Not Contacted", true, false, false),
            ("Working - Contacted", false, false, false),
            ("Closed - Converted", false, true, true),
            ("Closed - Not Converted", false, false, true),
            ("Unqualified", false, false, true),
            ("CLOSED lost", false, false, true),
            ("Not closed yet", false, false, false),
        ]
    );
}

#[test]
fn stages_that_cannot_be_queried_come_from_the_choices_of_the_field() {
    let profile = changed(|value| {
        value["compositeResponse"][5]["httpStatusCode"] = 400.into();
        value["compositeResponse"][5]["body"] =
            json!([{"errorCode": "INVALID_TYPE", "message": "sObject type 'LeadStatus' is not supported."}]);
    });
    assert_eq!(profile.lead_statuses.len(), 4);
    assert!(profile.lead_statuses[0].is_default);
}

#[test]
fn entries_are_keyed_by_a_token_unless_a_fitting_external_id_exists() {
    let keying = |names: &[(&str, u32)]| {
        changed(|value| {
            for (name, length) in names {
                fields(value, 2).push(key_field(name, *length));
            }
        })
        .keying(EntryKind::Task)
        .cloned()
    };
    let external = |name: &str| Some(EntryKeying::External(name.to_owned()));
    assert_eq!(keying(&[]), Some(EntryKeying::Token("CallObject".to_owned())));
    // A field that is not named for us may hold another product's ids.
    assert_eq!(keying(&[("B__c", 40), ("A__c", 255)]), Some(EntryKeying::Token("CallObject".to_owned())));
    assert_eq!(keying(&[("Causeway_B__c", 40), ("Causeway_A__c", 255)]), external("Causeway_A__c"));
    assert_eq!(keying(&[("A__c", 255), ("My_CAUSEWAY_Key__c", 64)]), external("My_CAUSEWAY_Key__c"));
    assert_eq!(keying(&[("Causeway__c", 39)]), Some(EntryKeying::Token("CallObject".to_owned())));
}

#[test]
fn an_external_id_that_is_not_unique_is_no_key() {
    let profile = changed(|value| {
        let mut field = key_field("Causeway__c", 64);
        field["unique"] = false.into();
        fields(value, 2).push(field);
    });
    assert_eq!(profile.keying(EntryKind::Task).cloned(), Some(EntryKeying::Token("CallObject".to_owned())));
}

#[test]
fn without_any_field_for_a_key_chat_sync_cannot_work() {
    let profile = changed(|value| hide(value, 2, "CallObject"));
    assert_eq!(profile.keying(EntryKind::Task).cloned(), None);
    let missing = profile.missing.iter().find(|missing| missing.what == "recognise written Tasks");
    assert!(missing.is_some_and(|missing| missing.is_fatal && missing.action.contains("external id")));
}

#[test]
fn each_missing_permission_has_its_own_message_and_action() {
    let profile = changed(|value| {
        value["compositeResponse"][1]["body"]["createable"] = false.into();
        value["compositeResponse"][2]["body"]["updateable"] = false.into();
        hide(value, 0, "Phone");
        hide(value, 1, "Email");
        fields(value, 1).iter_mut().find(|field| field["name"] == "Phone").expect("a field")["createable"] =
            false.into();
    });
    assert_eq!(
        missing(&profile),
        ["see Contact.Phone", "see Lead.Email", "create Leads", "set Lead.Phone", "edit Tasks"]
    );
    let actions: std::collections::BTreeSet<_> =
        profile.missing.iter().map(|missing| missing.action.as_str()).collect();
    assert_eq!(actions.len(), profile.missing.len());
    // Other phone fields are left to be found by.
    assert!(!profile.missing[0].is_fatal && profile.missing[4].is_fatal);
}

#[test]
fn an_object_that_the_user_does_not_see_is_missing_and_nothing_else_breaks() {
    let profile = changed(|value| {
        value["compositeResponse"][1]["httpStatusCode"] = 404.into();
        value["compositeResponse"][1]["body"] =
            json!([{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]);
    });
    assert_eq!(missing(&profile), ["read Leads"]);
    assert!(!profile.module(Module::Lead).is_readable);
    assert!(profile.module(Module::Contact).is_readable);
}

#[test]
fn an_org_without_api_and_a_user_without_api_get_different_messages() {
    let refusal = |message: &str| {
        let body = json!([{"errorCode": "API_DISABLED_FOR_ORG", "message": message}]).to_string();
        match reply(&org(), &call(), 403, &body) {
            Err(Verdict::Hold { reason, detail, .. }) => (reason, detail),
            other => panic!("{other:?}"),
        }
    };
    let (org_reason, org_text) = refusal("The REST API is not enabled for this Organization.");
    let (user_reason, user_text) = refusal("API is not enabled for this Organization or user type");
    assert_eq!((org_reason, user_reason), (HoldReason::NoApiAccess, HoldReason::NoApiForUser));
    assert!(org_text.contains("API access is off for this Salesforce organization"), "{org_text}");
    assert!(user_text.contains("The Salesforce user may not use the API"), "{user_text}");
    assert!(user_text.contains("API Enabled"), "{user_text}");
}

#[test]
fn a_version_that_the_org_does_not_offer_is_not_described_again_and_again() {
    let body = r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;
    assert!(matches!(reply(&org(), &call(), 404, body), Err(Verdict::Hold { .. })));
}

fn done_status(org: &OrgProfile) -> Option<&str> {
    org.entries[&EntryKind::Task].done_status.as_deref()
}

#[test]
fn the_status_of_a_done_task_is_one_that_the_org_has() {
    assert_eq!(done_status(&described(fixture!("describe.json"))), Some("Completed"));
    let renamed = changed(|value| {
        let statuses = value["compositeResponse"][6]["body"]["records"].as_array_mut().expect("rows");
        statuses[2]["ApiName"] = "Erledigt".into();
        let status = fields(value, 2).iter_mut().find(|field| field["name"] == "Status").expect("a field");
        status["picklistValues"] =
            json!([{"active": true, "value": "Erledigt"}, {"active": false, "value": "Completed"}]);
    });
    assert_eq!(done_status(&renamed), Some("Erledigt"));
}

#[test]
fn a_session_that_ends_during_the_describe_is_renewed() {
    let body = r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#;
    assert_eq!(reply(&org(), &call(), 401, body), Err(Verdict::Renew));
    assert!(matches!(reply(&org(), &call(), 200, fixture!("describe.json")), Ok(Answer::Profile(_))));
}

#[test]
fn a_reference_is_shown_by_name_only_where_the_records_that_it_leads_to_have_one() {
    let profile = changed(|value| {
        let owner = fields(value, 0).iter_mut().find(|field| field["name"] == "OwnerId").expect("a field");
        owner["relationshipName"] = "Owner".into();
        owner["referenceTo"] = json!(["Group", "User"]);
        let made = |name: &str, to: &str| {
            json!({"name": name, "type": "reference", "relationshipName": name.replace("__c", "__r"),
                "referenceTo": [to]})
        };
        let more = [
            made("Partner__c", "Partner__c"),
            made("Case__c", "Case"),
            json!({"name": "X__c", "type": "string"}),
        ];
        fields(value, 0).extend(more);
    });
    let contact = profile.module(Module::Contact);
    let names_by = |name: &str| contact.field(name).expect("a field").names_by.clone();
    assert_eq!(names_by("OwnerId").as_deref(), Some("Owner.Name"));
    assert_eq!(names_by("Partner__c").as_deref(), Some("Partner__r.Name"));
    assert_eq!((names_by("Case__c"), names_by("X__c")), (None, None));
}
