//! Choices and fields that are added.

use serde_json::json;

use super::{Zoho, body, fixture, org, path, reply};
use crate::{
    crm::{Answer, Call, Crm},
    lane::{HoldReason, Verdict, Who},
    record::Module,
};

fn choice(field: &str, choice: &str) -> Call {
    Call::AddChoice { module: Module::Contact, field: field.to_owned(), choice: choice.to_owned() }
}

fn next(call: &Call) -> Call {
    match reply(call, 200, fixture!("fields_contacts.json")) {
        Ok(Answer::More(next, None)) => next,
        other => panic!("it does not go on: {other:?}"),
    }
}

#[test]
fn a_choice_is_added_to_the_field_that_is_read_first() {
    let call = choice("Lead_Source", "Causeway");
    assert_eq!(path(&Zoho.request(&org(), &call)), "settings/fields?module=Contacts");
    let next = next(&call);
    let request = Zoho.request(&org(), &next);
    assert_eq!(request.method, "PATCH");
    assert!(
        path(&request).starts_with("settings/fields/6044") && path(&request).ends_with("?module=Contacts")
    );
    assert_eq!(
        body(&request),
        json!({"fields": [{"pick_list_values": [{"display_value": "Causeway", "actual_value": "Causeway"}]}]})
    );
    assert_eq!(reply(&next, 200, fixture!("field_updated.json")), Ok(Answer::Nothing));
}

#[test]
fn a_choice_that_is_too_long_is_refused_and_not_cut() {
    let refused = reply(&choice("Lead_Source", &"x".repeat(121)), 200, fixture!("fields_contacts.json"));
    let Err(Verdict::Hold { reason, who, detail }) = refused else { panic!("{refused:?}") };
    assert_eq!((reason, who), (HoldReason::ValueRefused, Who::WorkspaceAdmin));
    assert!(detail.contains("at most 120 characters"), "{detail}");
}

#[test]
fn a_choice_that_is_there_is_as_good_whoever_was_faster() {
    assert_eq!(
        reply(&choice("Lead_Source", "Cold Call"), 200, fixture!("fields_contacts.json")),
        Ok(Answer::Nothing)
    );
    let next = next(&choice("Lead_Source", "Causeway"));
    let element =
        r#"{"code":"DUPLICATE_DATA","details":{},"message":"Duplicate display_value","status":"error"}"#;
    for body in [element.to_owned(), format!(r#"{{"fields":[{element}]}}"#)] {
        assert_eq!(reply(&next, 400, &body), Ok(Answer::Nothing));
    }
}

#[test]
fn a_list_that_several_fields_share_is_changed_for_all_of_them() {
    let next = next(&choice("Country_Group", "B"));
    let request = Zoho.request(&org(), &next);
    assert_eq!(path(&request), "settings/global_picklists/6044000000039001");
    assert_eq!(body(&request)["global_picklists"][0]["pick_list_values"][0]["display_value"], "B");
}

#[test]
fn who_may_not_customise_is_told_who_can() {
    let refused = r#"{"code":"NO_PERMISSION","details":{"permissions":["Crm_Implied_Customize_Zoho_CRM"]},"message":"permission denied","status":"error"}"#;
    for call in [
        next(&choice("Lead_Source", "Causeway")),
        Call::AddLinkField { module: Module::Contact, label: "Chat".to_owned() },
    ] {
        let Err(Verdict::Hold { reason: HoldReason::NoPermission, who: Who::CrmAdmin, detail }) =
            reply(&call, 403, refused)
        else {
            panic!("held")
        };
        assert!(detail.contains("Crm_Implied_Customize_Zoho_CRM"), "{detail}");
    }
    let missing = reply(&choice("No_Such", "x"), 200, fixture!("fields_contacts.json"));
    assert!(matches!(missing, Err(Verdict::Hold { reason: HoldReason::ValueRefused, .. })));
}

#[test]
fn a_field_for_the_address_of_conversations_is_one_for_addresses() {
    let call = Call::AddLinkField { module: Module::Lead, label: "Chat \"link\"".to_owned() };
    let request = Zoho.request(&org(), &call);
    assert_eq!((request.method, path(&request).as_str()), ("POST", "settings/fields?module=Leads"));
    assert_eq!(
        body(&request),
        json!({"fields": [{"field_label": "Chat \"link\"", "data_type": "website", "length": 255}]})
    );
    assert_eq!(reply(&call, 201, fixture!("field_updated.json")), Ok(Answer::Nothing));
    assert!(matches!(reply(&call, 502, ""), Err(Verdict::Unknown { .. })));
}
