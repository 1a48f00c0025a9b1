//! The table of error codes, as it is seen from outside.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    CONTACT, NOTE, OTHER, Zoho, answer, changed_contact, elements, entry, failure, fixture, new_contact, org,
    outcomes, record, reply,
};
use crate::{
    crm::{Call, Crm, EntryWrite, PersonWrite},
    lane::{Heal, HoldReason, Verdict, Who},
    record::{EntryKind, Module},
};

fn new_note() -> Call {
    Call::WriteEntries(vec![entry(EntryKind::Note, "cx1-a")])
}

fn change_of_note() -> Call {
    Call::WriteEntries(vec![EntryWrite { id: Some(NOTE.to_owned()), ..entry(EntryKind::Note, "cx1-a") }])
}

fn new_person() -> Call {
    Call::WritePeople(vec![new_contact()])
}

fn change_of_person() -> Call {
    Call::WritePeople(vec![changed_contact(CONTACT)])
}

fn reading() -> Call {
    Call::ReadPeople { records: vec![record(Module::Contact, CONTACT)], extra: Vec::new() }
}

/// What one record's error means.
fn on_record(call: &Call, code: &str, details: &Value, message: &str) -> Verdict {
    outcomes(call, 202, &elements(&[failure(code, details, message)])).remove(0).verdict
}

/// What the failure of a whole request means.
fn on_call(call: &Call, status: u16, code: &str, details: &Value) -> Verdict {
    reply(call, status, &failure(code, details, "the message").to_string()).expect_err("a verdict")
}

fn healed(verdict: Verdict) -> Heal {
    match verdict {
        Verdict::Heal { to, .. } => to,
        other => panic!("no way to heal: {other:?}"),
    }
}

fn held(verdict: Verdict) -> (HoldReason, Who, String) {
    match verdict {
        Verdict::Hold { reason, who, detail } => (reason, who, detail),
        other => panic!("not held: {other:?}"),
    }
}

#[test]
fn a_token_that_is_no_longer_good_is_renewed_and_a_lacking_scope_is_not() {
    for call in [new_note(), reading()] {
        for code in ["INVALID_TOKEN", "AUTHENTICATION_FAILURE"] {
            assert_eq!(on_call(&call, 401, code, &json!({})), Verdict::Renew);
        }
        assert_eq!(reply(&call, 401, ""), Err(Verdict::Renew));
        for status in [401, 403] {
            let (reason, who, _) = held(on_call(&call, status, "OAUTH_SCOPE_MISMATCH", &json!({})));
            assert_eq!((reason, who), (HoldReason::NoPermission, Who::WorkspaceAdmin));
        }
    }
}

#[test]
fn a_permission_that_lacks_is_named() {
    let details = json!({"permissions": ["Crm_Implied_Customize_Zoho_CRM"]});
    for (status, code) in [(403, "NO_PERMISSION"), (400, "AUTHORIZATION_FAILED")] {
        let (reason, who, detail) = held(on_call(&new_person(), status, code, &details));
        assert_eq!((reason, who), (HoldReason::NoPermission, Who::CrmAdmin));
        assert!(detail.contains("Crm_Implied_Customize_Zoho_CRM"), "{detail}");
    }
}

#[test]
fn the_person_that_an_entry_stands_on_is_followed_when_it_moved() {
    let parent = json!({"api_name": "id", "json_path": "$.data[0].Parent_Id.id"});
    assert_eq!(
        healed(on_record(&new_note(), "INVALID_DATA", &parent, "the id given seems to be invalid")),
        Heal::Person
    );
    let related = "the related id given seems to be invalid";
    assert_eq!(healed(on_record(&new_note(), "INVALID_DATA", &json!({}), related)), Heal::Person);
    let id = json!({"api_name": "id", "json_path": "$.data[0].id"});
    let said = "the id given seems to be invalid";
    assert_eq!(healed(on_record(&change_of_person(), "INVALID_DATA", &id, said)), Heal::Person);
    assert_eq!(healed(on_record(&change_of_note(), "INVALID_DATA", &id, said)), Heal::EntryDeleted);
}

#[test]
fn an_owner_who_cannot_be_given_records_is_passed_over() {
    for details in
        [json!({"api_name": "Owner"}), json!({"api_name": "id", "json_path": "$.data[0].Owner.id"})]
    {
        for call in
            [new_person(), change_of_person(), Call::WriteEntries(vec![entry(EntryKind::Task, "cx1-a")])]
        {
            assert_eq!(healed(on_record(&call, "INVALID_DATA", &details, "invalid data")), Heal::Owner);
        }
    }
}

#[test]
fn a_value_that_is_too_long_or_wrong_names_its_field_and_its_limit() {
    let details =
        json!({"maximum_length": 120, "api_name": "Note_Title", "json_path": "$.data[0].Note_Title"});
    let (reason, who, detail) = held(on_record(&new_note(), "INVALID_DATA", &details, "invalid data"));
    assert_eq!((reason, who), (HoldReason::ValueRefused, Who::WorkspaceAdmin));
    assert!(detail.contains("Note_Title") && detail.contains("120"), "{detail}");
    let details = json!({"expected_data_type": "website", "api_name": "Chat_Link"});
    let (reason, _, detail) = held(on_record(&new_person(), "INVALID_DATA", &details, "invalid data"));
    assert_eq!(reason, HoldReason::ValueRefused);
    assert!(detail.contains("Chat_Link"), "{detail}");
}

#[test]
fn whoever_has_a_unique_value_already_is_the_suspect_unless_that_was_decided() {
    let details = json!({"api_name": "Phone", "id": OTHER});
    let suspects = Heal::Duplicates(vec![record(Module::Contact, OTHER)]);
    assert_eq!(healed(on_record(&new_person(), "DUPLICATE_DATA", &details, "duplicate data")), suspects);
    let decided = Call::WritePeople(vec![PersonWrite { allow_duplicate: true, ..new_contact() }]);
    let (reason, _, detail) = held(on_record(&decided, "DUPLICATE_DATA", &details, "duplicate data"));
    assert_eq!(reason, HoldReason::RuleRefused);
    assert!(detail.contains("Phone"), "{detail}");
    let (reason, ..) = held(on_record(&change_of_person(), "DUPLICATE_DATA", &details, "duplicate data"));
    assert_eq!(reason, HoldReason::ValueRefused);
}

#[test]
fn of_several_faults_every_suspect_is_told_and_a_worse_one_first() {
    let duplicate =
        |id: &str| failure("DUPLICATE_DATA", &json!({"api_name": "Email", "id": id}), "duplicate data");
    let both = json!({"errors": [duplicate(OTHER), duplicate(CONTACT)]});
    let suspects = Heal::Duplicates(vec![record(Module::Contact, OTHER), record(Module::Contact, CONTACT)]);
    assert_eq!(healed(on_record(&new_person(), "MULTIPLE_OR_MULTI_ERRORS", &both, "")), suspects);
    let missing =
        failure("MANDATORY_NOT_FOUND", &json!({"api_name": "Last_Name"}), "required field not found");
    let worse = json!({"errors": [duplicate(OTHER), missing]});
    let (reason, ..) = held(on_record(&new_person(), "MULTIPLE_OR_MULTI_ERRORS", &worse, ""));
    assert_eq!(reason, HoldReason::RequiredField);
}

#[test]
fn several_faults_of_any_record_are_all_told_and_the_first_that_is_no_duplicate_says_what_to_do() {
    let duplicate = failure("DUPLICATE_DATA", &json!({"api_name": "Email", "id": OTHER}), "duplicate data");
    let long =
        failure("INVALID_DATA", &json!({"api_name": "Last_Name", "maximum_length": 80}), "invalid data");
    let owner = failure("INVALID_DATA", &json!({"api_name": "Owner"}), "invalid data");
    let of = |call: &Call, errors: &[&Value]| {
        on_record(call, "MULTIPLE_OR_MULTI_ERRORS", &json!({"errors": errors}), "several")
    };
    for call in [change_of_person(), new_note(), change_of_note()] {
        let (reason, who, detail) = held(of(&call, &[&duplicate, &long]));
        assert_eq!((reason, who), (HoldReason::ValueRefused, Who::WorkspaceAdmin), "{}", call.name());
        assert!(detail.contains("on Email") && detail.contains("on Last_Name (at most 80"), "{detail}");
        assert_eq!(held(of(&call, &[&duplicate])).0, HoldReason::ValueRefused);
        assert_eq!(healed(of(&call, &[&owner, &long])), Heal::Owner);
        let (_, _, detail) = held(of(&call, &[]));
        assert!(detail.contains("several"), "{detail}");
    }
}

#[test]
fn what_was_converted_is_followed_to_what_it_became() {
    for call in [change_of_person(), new_note()] {
        for (code, message) in
            [("INVALID_DATA", "can't update the converted record"), ("CONVERTED_RECORD", "converted")]
        {
            assert_eq!(healed(on_record(&call, code, &json!({}), message)), Heal::Person, "{code}");
        }
    }
}

#[test]
fn locks_rules_and_full_stores_are_held_for_who_can_act() {
    for (code, reason) in [
        ("RECORD_LOCKED", HoldReason::RecordLocked),
        ("NOT_APPROVED", HoldReason::RecordLocked),
        ("RECORD_IN_BLUEPRINT", HoldReason::RecordLocked),
        ("DEPENDENT_FIELD_MISSING", HoldReason::RuleRefused),
        ("MAPPING_MISMATCH", HoldReason::RuleRefused),
        ("NOT_ALLOWED", HoldReason::RuleRefused),
        ("STORAGE_SPACE_EXCEEDED", HoldReason::StorageFull),
        ("LIMIT_EXCEEDED", HoldReason::LimitReached),
    ] {
        let (found, who, _) = held(on_record(&new_person(), code, &json!({}), "refused"));
        assert_eq!((found, who), (reason, Who::CrmAdmin), "{code}");
    }
}

#[test]
fn too_many_at_once_is_tried_again_in_either_shape_and_spent_credits_are_waited_for() {
    let old =
        r#"{"code":429,"error":"TOO_MANY_REQUESTS","error_info":"Too many requests at once.","details":[]}"#;
    for body in [fixture!("too_many_requests.json"), old, ""] {
        for call in [new_note(), reading()] {
            let verdict = reply(&call, 429, body);
            assert!(
                matches!(verdict, Err(Verdict::Again { after, .. }) if after >= Duration::from_secs(1)),
                "{verdict:?}"
            );
        }
    }
    let day = r#"{"code":429,"error":"TOO_MANY_REQUESTS","error_info":"Many requests fired than the allowed limit for the past 24 hours.","details":[]}"#;
    let (reason, who, _) = held(reply(&reading(), 429, day).expect_err("a verdict"));
    assert_eq!((reason, who), (HoldReason::LimitReached, Who::Nobody));
    let mut spent = answer(429, fixture!("too_many_requests.json"));
    spent.headers.push(("x-api-credits-remaining".to_owned(), "0".to_owned()));
    let (reason, ..) = held(Zoho.reply(&org(), &reading(), &spent).result.expect_err("a verdict"));
    assert_eq!(reason, HoldReason::LimitReached);
}

#[test]
fn an_outage_proves_nothing_about_a_write() {
    for (status, body) in [
        (500, r#"{"code":"INTERNAL_ERROR","details":{},"message":"x","status":"error"}"#),
        (502, ""),
        (504, "<html>"),
    ] {
        assert!(matches!(reply(&new_note(), status, body), Err(Verdict::Unknown { .. })), "{status}");
        assert!(matches!(reply(&reading(), status, body), Err(Verdict::Again { .. })), "{status}");
    }
    let inside = on_record(&new_note(), "INTERNAL_ERROR", &json!({}), "Internal Server Error");
    assert!(matches!(inside, Verdict::Unknown { .. }));
}

#[test]
fn a_module_or_a_field_that_is_gone_makes_the_org_be_described_again() {
    assert_eq!(
        healed(on_call(&new_person(), 400, "INVALID_MODULE", &json!({"resource_path_index": 0}))),
        Heal::Describe
    );
    let query = Call::FindPeople(crate::crm::PeopleQuery {
        emails: vec!["a@example.test".to_owned()],
        ..crate::crm::PeopleQuery::default()
    });
    assert_eq!(healed(on_call(&query, 400, "INVALID_QUERY", &json!({"column_name": "X"}))), Heal::Describe);
}

#[test]
fn what_nobody_knows_is_held_for_the_operator_and_quoted() {
    let (reason, who, detail) = held(on_call(&new_note(), 400, "SOMETHING_NEW", &json!({})));
    assert_eq!((reason, who), (HoldReason::Unexpected, Who::Operator));
    assert!(detail.contains("SOMETHING_NEW: the message"), "{detail}");
    let (reason, ..) =
        held(reply(&new_person(), 400, fixture!("too_many_records.json")).expect_err("a verdict"));
    assert_eq!(reason, HoldReason::ValueRefused);
}
