//! Writing entries.

use std::time::Duration;

use serde_json::json;

use super::{
    CONTACT, TASK, answer, body, changed_entry, entry, fixture, header, org, org_with_key, outcomes, reply,
    written,
};
use crate::{
    crm::{Answer, Call, Crm, EntryWrite, salesforce::Salesforce},
    lane::{Heal, HoldReason, Verdict},
    timeline::Direction,
};

#[test]
fn without_an_external_id_an_entry_is_made_with_its_token() {
    let request = Salesforce.request(&org(), &Call::WriteEntries(vec![entry("cx1-a")]));
    assert_eq!(
        (request.method, request.url.as_str()),
        ("POST", "https://acme.my.salesforce.com/services/data/v68.0/composite/sobjects")
    );
    assert_eq!(header(&request, "content-type"), Some("application/json; charset=UTF-8"));
    assert_eq!(
        body(&request)["records"][0],
        json!({"attributes": {"type": "Task"}, "WhoId": CONTACT, "OwnerId": "0055g00000XyZ12AAF",
            "Subject": "WhatsApp, 2 Jan", "Description": "Hello", "ActivityDate": "2026-01-02", "Status": "Completed",
            "Priority": "Normal", "TaskSubtype": "Task", "CallType": "Inbound", "CallObject": "cx1-a",
            "IsReminderSet": false})
    );
}

#[test]
fn with_an_external_id_an_entry_is_upserted_and_its_subtype_never_named() {
    let request = Salesforce.request(&org_with_key(), &Call::WriteEntries(vec![entry("cx1-a")]));
    assert_eq!(request.method, "PATCH");
    assert!(request.url.ends_with("/composite/sobjects/Task/Causeway_Key__c"), "{}", request.url);
    let record = body(&request)["records"][0].clone();
    assert_eq!(record["Causeway_Key__c"], "cx1-a");
    assert_eq!(record["CallObject"], "cx1-a");
    assert!(
        record.get("TaskSubtype").is_none(),
        "an upsert may be a change, and the subtype cannot be changed"
    );
    assert!(record.get("id").is_none());
}

#[test]
fn what_has_an_id_is_changed_by_it_and_never_by_key() {
    let both_ways = EntryWrite { direction: None, ..changed_entry("cx1-a", TASK) };
    let request = Salesforce.request(&org_with_key(), &Call::WriteEntries(vec![both_ways]));
    assert_eq!(request.method, "PATCH");
    assert!(request.url.ends_with("/composite/sobjects"), "{}", request.url);
    assert_eq!(
        body(&request)["records"][0],
        json!({"attributes": {"type": "Task"}, "id": TASK, "WhoId": CONTACT, "OwnerId": "0055g00000XyZ12AAF",
            "Subject": "WhatsApp, 2 Jan", "Description": "Hello", "ActivityDate": "2026-01-02", "CallType": null})
    );
}

#[test]
fn a_field_that_is_hidden_is_left_out_and_what_id_is_never_set() {
    let mut org = org();
    let profile = org.profile.as_mut().expect("a profile");
    let task = profile.modules.get_mut(&crate::record::Module::Task).expect("tasks");
    task.fields.retain(|field| field.name != "CallType" && field.name != "Priority");
    let mut outgoing = entry("cx1-a");
    outgoing.direction = Some(Direction::Out);
    let record = body(&Salesforce.request(&org, &Call::WriteEntries(vec![outgoing])))["records"][0].clone();
    assert!(record.get("CallType").is_none() && record.get("Priority").is_none());
    assert!(record.get("WhatId").is_none());
}

#[test]
fn a_thousand_new_entries_are_one_api_request_of_five_collections() {
    let writes: Vec<_> = (0..1_000).map(|n| entry(&format!("cx1-{n:04}"))).collect();
    let call = Call::WriteEntries(writes);
    let request = Salesforce.request(&org_with_key(), &call);
    let body = body(&request);
    let parts = body["compositeRequest"].as_array().expect("parts");
    assert_eq!(parts.len(), 5);
    assert_eq!(parts[4]["body"]["records"][199]["Causeway_Key__c"], "cx1-0999");
    let ids = |part: usize| {
        (0..200).map(
            move |n| json!({"id": format!("00T5g00000{:05}", part * 200 + n), "success": true, "errors": []}),
        )
    };
    let answer: Vec<_> = (0..5)
        .map(|part| json!({"referenceId": format!("part{part}"), "httpStatusCode": 200, "body": ids(part).collect::<Vec<_>>()}))
        .collect();
    let outcomes = outcomes(&org_with_key(), &call, 200, &json!({"compositeResponse": answer}).to_string());
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Done));
    assert_eq!(outcomes[777].id.as_deref().map(|id| &id[..15]), Some("00T5g0000000777"));
}

#[test]
fn creates_and_changes_go_together_and_what_does_not_fit_comes_again() {
    let mut writes: Vec<_> = (0..900).map(|n| entry(&format!("cx1-{n}"))).collect();
    writes.insert(0, changed_entry("cx1-x", TASK));
    let call = Call::WriteEntries(writes);
    let body = body(&Salesforce.request(&org(), &call));
    let parts = body["compositeRequest"].as_array().expect("parts");
    assert_eq!(
        parts.iter().map(|part| part["method"].as_str()).collect::<Vec<_>>(),
        [Some("PATCH"), Some("POST"), Some("POST"), Some("POST"), Some("POST")]
    );
    let outcomes = outcomes(&org(), &call, 200, r#"{"compositeResponse":[]}"#);
    assert_eq!(outcomes.len(), 901);
    assert!(outcomes[..801].iter().all(|outcome| matches!(outcome.verdict, Verdict::Unknown { .. })));
    let waits = |verdict: &Verdict| matches!(verdict, Verdict::Again { after: Duration::ZERO, .. });
    assert!(outcomes[801..].iter().all(|outcome| waits(&outcome.verdict)));
}

#[test]
fn a_record_that_is_named_twice_goes_once() {
    let call = Call::WriteEntries(vec![changed_entry("cx1-a", TASK), changed_entry("cx1-a", TASK)]);
    let body = body(&Salesforce.request(&org(), &call));
    assert_eq!(body["records"].as_array().map(Vec::len), Some(1));
    let outcomes = outcomes(&org(), &call, 200, &written([TASK.to_owned()]));
    assert_eq!(outcomes[0].verdict, Verdict::Done);
    assert!(matches!(outcomes[1].verdict, Verdict::Again { .. }));
}

#[test]
fn a_200_hides_failures_and_each_record_has_its_own_outcome() {
    let call = Call::WriteEntries(vec![entry("cx1-a"), entry("cx1-b"), entry("cx1-c"), entry("cx1-d")]);
    let outcomes = outcomes(&org(), &call, 200, fixture!("collection.json"));
    assert_eq!(outcomes[0].verdict, Verdict::Done);
    assert_eq!(outcomes[0].id.as_deref(), Some(TASK));
    match &outcomes[1].verdict {
        Verdict::Hold { reason: HoldReason::ValueRefused, detail, .. } => {
            assert!(detail.starts_with("STRING_TOO_LONG on Subject: "), "{detail}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(outcomes[2].verdict, Verdict::Heal { to: Heal::Person, .. }));
    assert!(matches!(outcomes[3].verdict, Verdict::Unknown { .. }), "a missing result proves nothing");
}

#[test]
fn a_part_that_failed_as_a_whole_speaks_for_its_records_only() {
    let call = Call::WriteEntries(vec![entry("cx1-a"), changed_entry("cx1-b", TASK)]);
    let body = json!({"compositeResponse": [
        {"referenceId": "part1", "httpStatusCode": 200, "body": [{"id": TASK, "success": true, "errors": []}]},
        {"referenceId": "part0", "httpStatusCode": 400,
            "body": [{"errorCode": "INVALID_FIELD", "message": "No such column 'X' on sobject of type Task"}]},
    ]});
    let outcomes = outcomes(&org(), &call, 200, &body.to_string());
    assert!(matches!(outcomes[0].verdict, Verdict::Heal { to: Heal::Describe, .. }));
    assert_eq!(outcomes[1].verdict, Verdict::Done);
}

#[test]
fn a_whole_that_failed_speaks_for_all() {
    let call = Call::WriteEntries(vec![entry("cx1-a"), changed_entry("cx1-b", TASK)]);
    let limit = r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
    assert!(matches!(
        reply(&org(), &call, 403, limit),
        Err(Verdict::Hold { reason: HoldReason::LimitReached, .. })
    ));
}

#[test]
fn an_upsert_answers_with_created_and_without() {
    let call = Call::WriteEntries(vec![entry("cx1-a"), entry("cx1-b")]);
    let body = json!([
        {"id": "00T5g00000AAAAAEA5", "success": true, "errors": [], "created": true},
        {"id": "00T5g00000BBBBB", "success": true, "errors": [], "created": false},
    ]);
    let outcomes = outcomes(&org_with_key(), &call, 200, &body.to_string());
    assert_eq!(outcomes[1].id.as_deref(), Some("00T5g00000BBBBBEA5"), "ids are stored in their long form");
}

#[test]
fn nothing_to_write_is_nothing_written() {
    let call = Call::WriteEntries(Vec::new());
    let request = Salesforce.request(&org(), &call);
    assert_eq!(request.method, "GET");
    let result = Salesforce.reply(&org(), &call, &answer(500, "")).result;
    assert_eq!(result, Ok(Answer::Outcomes(Vec::new())));
}
