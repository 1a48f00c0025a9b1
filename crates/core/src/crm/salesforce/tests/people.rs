//! Writing people.

use serde_json::{Value, json};

use super::{
    CONTACT, LEAD, body, changed_contact, fixture, header, new_lead, org, outcomes, record, reply, written,
};
use crate::{
    crm::{Call, Crm, PersonWrite, salesforce::Salesforce},
    lane::{Heal, HoldReason, Verdict},
    record::{Module, PersonField},
};

#[test]
fn people_of_one_kind_go_in_one_collection_without_a_wrapper() {
    let request = Salesforce.request(&org(), &Call::WritePeople(vec![new_lead(false), new_lead(false)]));
    assert_eq!(
        (request.method, request.url.as_str()),
        ("POST", "https://acme.my.salesforce.com/services/data/v68.0/composite/sobjects")
    );
    let body = body(&request);
    assert_eq!(body["allOrNone"], false);
    assert_eq!(
        body["records"][0],
        json!({"attributes": {"type": "Lead"}, "LastName": "Tanaka", "Company": "Acme", "Phone": "+819012345678",
            "OwnerId": "0055g00000XyZ12AAF"})
    );
    assert_eq!(header(&request, "sforce-duplicate-rule-header"), None);
}

#[test]
fn assignment_rules_do_not_overwrite_the_owner() {
    let alone = Salesforce.request(&org(), &Call::WritePeople(vec![new_lead(false)]));
    assert_eq!(header(&alone, "sforce-auto-assign"), Some("FALSE"));
    let mixed =
        Salesforce.request(&org(), &Call::WritePeople(vec![new_lead(false), changed_contact(CONTACT)]));
    assert_eq!(header(&mixed, "sforce-auto-assign"), Some("FALSE"));
    let body = body(&mixed);
    for part in body["compositeRequest"].as_array().expect("parts") {
        assert_eq!(part["httpHeaders"]["sforce-auto-assign"], "FALSE");
    }
}

#[test]
fn only_people_that_may_be_duplicates_override_the_duplicate_rule() {
    let alone = Salesforce.request(&org(), &Call::WritePeople(vec![new_lead(true)]));
    assert_eq!(header(&alone, "sforce-duplicate-rule-header"), Some("allowSave=true"));
    let mixed = Salesforce.request(&org(), &Call::WritePeople(vec![new_lead(true), new_lead(false)]));
    assert_eq!(header(&mixed, "sforce-duplicate-rule-header"), None);
    let body = body(&mixed);
    let rule = |n: usize| body["compositeRequest"][n]["httpHeaders"]["sforce-duplicate-rule-header"].clone();
    assert_eq!((rule(0), rule(1)), (json!("allowSave=true"), Value::Null));
}

#[test]
fn a_blank_value_clears_a_field_and_a_read_only_one_is_left_out() {
    let mut write = changed_contact(CONTACT);
    write.fields.insert(PersonField::Custom("Name".to_owned()), "No".to_owned());
    write.fields.insert(PersonField::Custom("Gone__c".to_owned()), "No".to_owned());
    write.fields.insert(PersonField::Company, "Contacts have none".to_owned());
    let request = Salesforce.request(&org(), &Call::WritePeople(vec![write]));
    assert_eq!(request.method, "PATCH");
    assert_eq!(
        body(&request)["records"][0],
        json!({"attributes": {"type": "Contact"}, "id": CONTACT, "FirstName": null})
    );
}

#[test]
fn a_collection_changes_its_object_at_most_once() {
    let contact = PersonWrite { module: Module::Contact, ..new_lead(false) };
    let writes = vec![new_lead(false), contact.clone(), new_lead(false), contact];
    let call = Call::WritePeople(writes);
    let body = body(&Salesforce.request(&org(), &call));
    let types: Vec<_> = body["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|record| record["attributes"]["type"].clone())
        .collect();
    assert_eq!(types, ["Contact", "Contact", "Lead", "Lead"]);
    let ids = ["0035g00000AAAAAAA5", "0035g00000BbBbBAAV", "00Q5g00000AbCdEEAV", "00Q5g00000ZzZzZEAV"];
    let outcomes = outcomes(&org(), &call, 200, &written(ids.map(str::to_owned)));
    let back: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.id.as_deref()).collect();
    assert_eq!(back, [ids[2], ids[0], ids[3], ids[1]], "outcomes stand in the order of the call");
}

#[test]
fn a_thousand_new_people_fit_into_one_request() {
    let call = Call::WritePeople(vec![new_lead(false); 1_000]);
    let body = body(&Salesforce.request(&org(), &call));
    let parts = body["compositeRequest"].as_array().expect("parts");
    assert_eq!(parts.len(), 5);
    assert!(
        parts.iter().all(|part| part["body"]["records"].as_array().is_some_and(|list| list.len() == 200))
    );
}

#[test]
fn both_spellings_of_the_duplicate_result_are_read() {
    let found = vec![record(Module::Contact, CONTACT)];
    let call = Call::WritePeople(vec![new_lead(false)]);
    let outcomes = outcomes(&org(), &call, 200, fixture!("collection_duplicates.json"));
    assert!(matches!(&outcomes[0].verdict, Verdict::Heal { to: Heal::Duplicates(ids), .. } if *ids == found));
    let whole = reply(&org(), &call, 400, fixture!("duplicates.json"));
    assert!(matches!(whole, Err(Verdict::Heal { to: Heal::Duplicates(ids), .. }) if ids == found));
}

#[test]
fn a_duplicate_rule_that_blocks_even_so_is_the_administrators() {
    let call = Call::WritePeople(vec![new_lead(true)]);
    let outcomes = outcomes(&org(), &call, 200, fixture!("collection_duplicates.json"));
    assert!(matches!(outcomes[0].verdict, Verdict::Hold { reason: HoldReason::RuleRefused, .. }));
}

#[test]
fn what_is_deleted_already_is_deleted() {
    let call = Call::Delete(vec![record(Module::Lead, LEAD), record(Module::Contact, CONTACT)]);
    let request = Salesforce.request(&org(), &call);
    assert_eq!(request.method, "DELETE");
    assert!(
        request.url.ends_with(&format!("/composite/sobjects?ids={LEAD},{CONTACT}&allOrNone=false")),
        "{}",
        request.url
    );
    let body = json!([
        {"id": LEAD, "success": false, "errors": [{"statusCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]},
        {"id": CONTACT, "success": false, "errors": [{"statusCode": "DELETE_FAILED",
            "message": "Your attempt to delete Jane Doe could not be completed because it is associated with cases"}]},
    ]);
    let outcomes = outcomes(&org(), &call, 200, &body.to_string());
    assert_eq!(outcomes[0].verdict, Verdict::Done);
    assert!(matches!(outcomes[1].verdict, Verdict::Hold { reason: HoldReason::RuleRefused, .. }));
}
