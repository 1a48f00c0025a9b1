//! The table of error codes, as it is seen from outside.

use std::time::Duration;

use serde_json::json;

use super::{
    CONTACT, TASK, changed_contact, changed_entry, entry, fixture, new_lead, org, org_with_key, outcomes,
    record, reply,
};
use crate::{
    crm::{Call, Org},
    lane::{Heal, HoldReason, Verdict, Who},
    record::Module,
};

/// What one record's error means.
fn on_record(org: &Org, call: &Call, code: &str, message: &str, fields: &[&str]) -> Verdict {
    let body = json!([{"id": null, "success": false,
        "errors": [{"statusCode": code, "message": message, "fields": fields}]}]);
    outcomes(org, call, 200, &body.to_string()).remove(0).verdict
}

fn new_entry() -> Call {
    Call::WriteEntries(vec![entry("cx1-a")])
}

fn change() -> Call {
    Call::WriteEntries(vec![changed_entry("cx1-a", TASK)])
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

/// What the failure of a whole request means.
fn on_call(call: &Call, status: u16, code: &str, message: &str) -> Verdict {
    let body = json!([{"errorCode": code, "message": message}]);
    reply(&org(), call, status, &body.to_string()).expect_err("a verdict")
}

#[test]
fn a_person_that_moved_is_followed() {
    for (code, fields) in [
        ("CANNOT_UPDATE_CONVERTED_LEAD", &["WhoId"][..]),
        ("ENTITY_IS_DELETED", &[]),
        ("INVALID_CROSS_REFERENCE_KEY", &[]),
    ] {
        assert_eq!(healed(on_record(&org(), &new_entry(), code, "moved", fields)), Heal::Person, "{code}");
    }
    let write = Call::WritePeople(vec![changed_contact(CONTACT)]);
    assert_eq!(
        healed(on_record(&org(), &write, "ENTITY_IS_DELETED", "entity is deleted", &[])),
        Heal::Person
    );
}

#[test]
fn a_deleted_entry_is_told_from_a_deleted_person() {
    assert_eq!(
        healed(on_record(&org(), &change(), "ENTITY_IS_DELETED", "entity is deleted", &[])),
        Heal::EntryDeleted
    );
    let of_person = on_record(&org(), &change(), "ENTITY_IS_DELETED", "entity is deleted", &["WhoId"]);
    assert_eq!(healed(of_person), Heal::Person);
}

#[test]
fn an_owner_who_cannot_be_given_records_is_passed_over() {
    for code in ["INACTIVE_OWNER_OR_USER", "INVALID_OWNER", "TRANSFER_REQUIRES_READ"] {
        assert_eq!(healed(on_record(&org(), &new_entry(), code, "inactive", &[])), Heal::Owner, "{code}");
    }
    let lead = Call::WritePeople(vec![new_lead(false)]);
    for call in [&new_entry(), &lead] {
        let verdict = on_record(&org(), call, "INVALID_CROSS_REFERENCE_KEY", "invalid", &["OwnerId"]);
        assert_eq!(healed(verdict), Heal::Owner);
    }
}

#[test]
fn a_key_that_exists_was_written_before_in_any_language() {
    let message =
        "doppelter Wert gefunden: Causeway_Key__c dupliziert den Wert im Datensatz mit ID: 00T5g00000AAAAA";
    assert_eq!(
        healed(on_record(&org_with_key(), &new_entry(), "DUPLICATE_VALUE", message, &[])),
        Heal::Adopt(record(Module::Task, TASK))
    );
    let hidden = "duplicate value found: <unknown> duplicates value on record with id: <unknown>";
    assert!(matches!(
        on_record(&org_with_key(), &new_entry(), "DUPLICATE_VALUE", hidden, &[]),
        Verdict::Unknown { settle: Duration::ZERO, .. }
    ));
}

#[test]
fn another_unique_field_is_not_our_key() {
    let message = "duplicate value found: Other__c duplicates value on record with id: 00T5g00000AAAAA";
    for org in [org(), org_with_key()] {
        let (reason, _, detail) =
            held(on_record(&org, &new_entry(), "DUPLICATE_VALUE", message, &["Other__c"]));
        assert_eq!(reason, HoldReason::ValueRefused);
        assert!(detail.contains("Other__c"), "{detail}");
    }
}

#[test]
fn a_description_out_of_date_is_read_again() {
    for code in ["INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE"] {
        assert_eq!(healed(on_record(&org(), &new_entry(), code, "no such field", &["X__c"])), Heal::Describe);
    }
    let missing = "Provided external ID field does not exist or is not accessible: Causeway_Key__c";
    assert_eq!(healed(on_call(&new_entry(), 404, "NOT_FOUND", missing)), Heal::Describe);
}

#[test]
fn locks_and_innocent_neighbours_are_tried_again() {
    for code in ["UNABLE_TO_LOCK_ROW", "ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"] {
        let verdict = on_record(&org(), &new_entry(), code, "later", &[]);
        assert!(matches!(verdict, Verdict::Again { .. }), "{code}: {verdict:?}");
    }
}

#[test]
fn refused_values_name_their_fields() {
    for code in [
        "STRING_TOO_LONG",
        "INVALID_EMAIL_ADDRESS",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "FIELD_INTEGRITY_EXCEPTION",
        "NUMBER_OUTSIDE_VALID_RANGE",
    ] {
        let (reason, _, detail) =
            held(on_record(&org(), &new_entry(), code, "refused", &["Subject", "Email"]));
        assert_eq!(reason, HoldReason::ValueRefused, "{code}");
        assert!(detail.contains(code) && detail.contains("Subject, Email"), "{detail}");
    }
    let missing = held(on_record(&org(), &new_entry(), "REQUIRED_FIELD_MISSING", "missing", &["X__c"]));
    assert_eq!(missing.0, HoldReason::RequiredField);
}

#[test]
fn the_orgs_own_rules_are_the_administrators_and_quoted() {
    let rule =
        on_record(&org(), &new_entry(), "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bitte Region angeben", &[]);
    let (reason, who, detail) = held(rule);
    assert_eq!((reason, who), (HoldReason::RuleRefused, Who::CrmAdmin));
    assert!(detail.contains("Bitte Region angeben"));
    let trigger =
        on_record(&org(), &new_entry(), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: line 1\nx", &[]);
    assert_eq!(held(trigger).0, HoldReason::RuleRefused);
}

#[test]
fn rights_locks_and_room_are_told_apart() {
    for (code, reason) in [
        ("INSUFFICIENT_ACCESS_OR_READONLY", HoldReason::NoPermission),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", HoldReason::NoPermission),
        ("ENTITY_IS_LOCKED", HoldReason::RecordLocked),
        ("STORAGE_LIMIT_EXCEEDED", HoldReason::StorageFull),
    ] {
        assert_eq!(held(on_record(&org(), &new_entry(), code, "no", &[])).0, reason, "{code}");
    }
}

#[test]
fn the_days_limit_pauses_and_too_many_slow_requests_do_not() {
    let daily = on_call(&new_entry(), 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    assert_eq!(held(daily).1, Who::Nobody);
    let slow =
        on_call(&new_entry(), 403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.");
    assert!(matches!(slow, Verdict::Again { .. }));
}

#[test]
fn an_expired_session_is_renewed_unless_renewal_cannot_help() {
    let expired = on_call(&new_entry(), 401, "INVALID_SESSION_ID", "Session expired or invalid");
    assert_eq!(expired, Verdict::Renew);
    assert_eq!(reply(&org(), &new_entry(), 401, ""), Err(Verdict::Renew));
    for text in
        ["This session is not valid for use with the REST API", "Connected app is not attached to Agent: x"]
    {
        let (reason, _, detail) = held(on_call(&new_entry(), 401, "INVALID_SESSION_ID", text));
        assert_eq!(reason, HoldReason::NoPermission);
        assert!(detail.contains("scope \"api\""), "{detail}");
    }
}

#[test]
fn an_answer_that_proves_nothing_leaves_a_write_unknown_and_a_read_to_be_repeated() {
    let read = Call::Users { emails: vec!["a@b.example".to_owned()], ids: Vec::new(), page: None };
    let html = fixture!("unavailable.html");
    for (status, body) in [
        (500, html),
        (502, ""),
        (503, html),
        (504, ""),
        (408, ""),
        (420, html),
        (429, ""),
        (200, ""),
        (200, html),
        (302, ""),
        (403, html),
    ] {
        match reply(&org(), &new_entry(), status, body) {
            Err(Verdict::Unknown { settle, .. }) => assert_eq!(settle, Duration::from_secs(5)),
            other => panic!("{status}: {other:?}"),
        }
        let again = reply(&org(), &read, status, body);
        assert!(matches!(again, Err(Verdict::Again { .. })), "{status}: {again:?}");
    }
}

#[test]
fn a_request_cut_off_after_ten_minutes_may_have_been_carried_out() {
    for (status, code) in [
        (400, "REQUEST_RUNNING_TOO_LONG"),
        (503, "SERVER_UNAVAILABLE"),
        (500, "UNKNOWN_EXCEPTION"),
        (500, "STRING_TOO_LONG"),
    ] {
        let verdict = on_call(&new_entry(), status, code, "x");
        assert!(matches!(verdict, Verdict::Unknown { .. }), "{code}: {verdict:?}");
    }
}

#[test]
fn maintenance_says_itself_that_nothing_was_written() {
    let code = "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE";
    for status in [400, 503] {
        assert!(matches!(on_call(&new_entry(), status, code, "x"), Verdict::Again { .. }));
    }
}

#[test]
fn a_code_that_nobody_knows_is_held_with_its_name() {
    let (reason, who, detail) = held(on_record(&org(), &new_entry(), "BRAND_NEW_CODE", "something", &[]));
    assert_eq!((reason, who), (HoldReason::Unexpected, Who::Operator));
    assert!(detail.contains("BRAND_NEW_CODE") && detail.contains("something"), "{detail}");
}

#[test]
fn a_failure_without_an_error_proves_nothing() {
    let body = r#"[{"id":null,"success":false,"errors":[]}]"#;
    let verdict = outcomes(&org(), &new_entry(), 200, body).remove(0).verdict;
    assert!(matches!(verdict, Verdict::Unknown { .. }));
}

#[test]
fn the_second_unique_field_of_a_person_points_at_the_person() {
    let lead = Call::WritePeople(vec![new_lead(false)]);
    let message = format!("duplicate value found: Tax_Id__c duplicates value on record with id: {CONTACT}");
    assert_eq!(
        healed(on_record(&org(), &lead, "DUPLICATE_VALUE", &message, &[])),
        Heal::Duplicates(vec![record(Module::Contact, CONTACT)])
    );
}
