//! What a panel asks for and reads.

use serde_json::json;

use super::{CONTACT, LEAD, OTHER_CONTACT, USER, org, record, reply, statements};
use crate::{
    address::phone,
    crm::{Answer, Call, Crm, PanelFields, PanelQuery, PanelRecord, salesforce::Salesforce},
    lane::{HoldReason, Verdict, Who},
    record::Module,
};

fn fields() -> PanelFields {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    PanelFields::from([
        (Module::Contact, names(&["AccountId", "OwnerId", "MailingAddress", "region__c", "Hidden__c"])),
        (Module::Lead, names(&["OwnerId"])),
    ])
}

fn query() -> PanelQuery {
    PanelQuery {
        phones: vec![phone::parse_international("819012345678")],
        emails: vec!["o'neil@example.jp".to_owned()],
        fields: fields(),
        ..PanelQuery::default()
    }
}

fn asked(call: &Call) -> Vec<String> {
    statements(&Salesforce.request(&org(), call))
}

fn panel(answer: Result<Answer, Verdict>) -> Vec<PanelRecord> {
    match answer {
        Ok(Answer::Panel(records)) => records,
        other => panic!("no records: {other:?}"),
    }
}

#[test]
fn a_first_search_is_one_statement_for_each_module_with_the_fields_that_are_shown() {
    let statements = asked(&Call::PanelFind(query()));
    assert_eq!(statements.len(), 2, "{statements:#?}");
    let contacts = &statements[0];
    assert!(contacts.contains("'090-1234-5678'") && contacts.contains("HomePhone IN ("), "{contacts}");
    assert!(contacts.contains(r"OR Email IN ('o\'neil@example.jp')"), "{contacts}");
    assert!(contacts.contains("AccountId") && contacts.contains("MailingAddress"), "{contacts}");
    assert!(!contacts.contains("Hidden__c"), "{contacts}");
    assert!(contacts.ends_with(" ORDER BY LastModifiedDate DESC, Id LIMIT 200"), "{contacts}");
    assert!(statements[1].contains(" FROM Lead WHERE "), "{statements:#?}");
}

#[test]
fn digits_are_searched_for_after_the_exact_texts_and_then_it_ends() {
    let rows = |ids: &[&str], module: &str| -> Vec<_> {
        ids.iter().map(|id| json!({"attributes": {"type": module}, "Id": id, "Name": "Sato"})).collect()
    };
    let part = |place: usize, rows: Vec<serde_json::Value>| {
        json!({"referenceId": format!("part{place}"), "httpStatusCode": 200,
            "body": {"totalSize": rows.len(), "done": true, "records": rows}})
    };
    let body =
        json!({"compositeResponse": [part(0, rows(&[CONTACT], "Contact")), part(1, rows(&[LEAD], "Lead"))]});
    let next = match reply(&org(), &Call::PanelFind(query()), 200, &body.to_string()) {
        Ok(Answer::More(Call::PanelFind(next), None)) => next,
        other => panic!("{other:?}"),
    };
    let sosl = asked(&Call::PanelFind(next.clone())).remove(0);
    assert!(sosl.starts_with("FIND {819012345678 OR 9012345678 OR "), "{sosl}");
    assert!(
        sosl.contains(" IN PHONE FIELDS RETURNING Contact(Id, ") && !sosl.contains("IsDeleted"),
        "{sosl}"
    );
    let body = json!({"searchRecords": rows(&[CONTACT, OTHER_CONTACT], "Contact")});
    let found = panel(reply(&org(), &Call::PanelFind(next), 200, &body.to_string()));
    let ids: Vec<_> = found.iter().map(|record| record.person.record.id.as_str()).collect();
    assert_eq!(ids, [CONTACT, LEAD, OTHER_CONTACT], "each once");
}

#[test]
fn a_short_number_is_asked_for_by_its_digits_in_order_and_long_texts_are_kept_out() {
    let query = PanelQuery { phones: vec![phone::parse("123", None)], ..PanelQuery::default() };
    let statements = asked(&Call::PanelFind(query.clone()));
    assert_eq!(statements.len(), 4);
    assert!(statements[0].contains("'12 3'"), "{}", statements[0]);
    let like = "(Phone LIKE '%1%2%3%' AND (NOT Phone LIKE '__________%'))";
    assert!(statements[1].contains(like), "{}", statements[1]);
    let empty = json!({"referenceId": "", "httpStatusCode": 200, "body": {"done": true, "records": []}});
    let parts: Vec<_> = (0..4)
        .map(|place| {
            let mut part = empty.clone();
            part["referenceId"] = format!("part{place}").into();
            part
        })
        .collect();
    let body = json!({"compositeResponse": parts}).to_string();
    assert!(
        panel(reply(&org(), &Call::PanelFind(query), 200, &body)).is_empty(),
        "so short a number is not searched for"
    );
}

#[test]
fn literal_texts_are_asked_for_as_they_are_and_in_the_chosen_fields_only() {
    let query = PanelQuery {
        texts: vec!["12 3".to_owned()],
        phone_fields: Some(vec!["fax".to_owned()]),
        ..PanelQuery::default()
    };
    let statements = asked(&Call::PanelFind(query));
    assert!(statements[0].contains("WHERE Fax IN ('12 3') ORDER BY"), "{}", statements[0]);
    assert!(statements.iter().all(|soql| !soql.contains("LIKE") && !soql.contains("MobilePhone IN")));
}

#[test]
fn a_known_person_is_one_query_with_the_names_of_what_it_refers_to() {
    let call = Call::PanelRead { records: vec![record(Module::Contact, CONTACT)], fields: fields() };
    let request = Salesforce.request(&org(), &call);
    assert!(request.url.contains("/queryAll?q="), "a deleted record is not a missing one");
    let statement = statements(&request).remove(0);
    assert!(statement.contains(&format!("FROM Contact WHERE Id IN ('{CONTACT}')")), "{statement}");
    let row = json!({"attributes": {"type": "Contact"}, "Id": CONTACT, "Name": "Sato", "OwnerId": USER,
        "Owner": {"Name": "Maya"}, "MailingAddress": {"city": "Tokyo", "country": "Japan"}, "Region__c": 5,
        "CurrencyIsoCode": "JPY", "IsDeleted": false});
    let body = json!({"totalSize": 1, "done": true, "records": [row]}).to_string();
    let mut org = org();
    let contacts =
        org.profile.as_mut().expect("a profile").modules.get_mut(&Module::Contact).expect("contacts");
    let owner = contacts.fields.iter_mut().find(|field| field.name == "OwnerId").expect("an owner");
    owner.names_by = Some("Owner.Name".to_owned());
    assert!(statements(&Salesforce.request(&org, &call))[0].contains("Owner.Name"));
    let found = panel(reply(&org, &call, 200, &body)).remove(0);
    assert_eq!(found.values["OwnerId"].value, json!(USER));
    assert_eq!(found.values["OwnerId"].name.as_deref(), Some("Maya"));
    assert_eq!(found.values["MailingAddress"].value, json!("Tokyo, Japan"));
    assert_eq!(found.values["region__c"].value, json!(5), "names are compared in any case");
    assert_eq!(found.currency.as_deref(), Some("JPY"));
    assert!(!found.values.contains_key("Hidden__c"));
}

#[test]
fn people_who_resemble_are_looked_for_by_name_and_digits_and_a_name_cannot_act() {
    let call = Call::PanelNear {
        name: Some("O'Neil} OR {x* \"y\"".to_owned()),
        digits: vec!["2345678".to_owned(), "1 OR 2".to_owned()],
        fields: fields(),
        step: 0,
    };
    let sosl = asked(&call).remove(0);
    let expected = r#"FIND {2345678 OR "O\'Neil\} OR \{x\* \"y\""} IN ALL FIELDS RETURNING Contact("#;
    assert!(sosl.starts_with(expected), "{sosl}");
    let refused = r#"[{"errorCode":"MALFORMED_SEARCH","message":"no"}]"#;
    assert!(panel(reply(&org(), &call, 400, refused)).is_empty(), "it only adds nobody");
    let nobody =
        Call::PanelNear { name: Some("x".to_owned()), digits: Vec::new(), fields: fields(), step: 0 };
    assert!(Salesforce.request(&org(), &nobody).url.ends_with("/limits"), "nothing to ask");
}

#[test]
fn somebody_who_sees_neither_contacts_nor_leads_is_told_so() {
    let mut org = org();
    org.profile.as_mut().expect("a profile").modules.clear();
    let refused = reply(&org, &Call::PanelFind(query()), 200, "{}");
    assert!(matches!(refused, Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })), "{refused:?}");
}

#[test]
fn a_grant_without_the_api_is_a_matter_of_its_scope() {
    let call = Call::PanelRead { records: vec![record(Module::Contact, CONTACT)], fields: fields() };
    let body = r#"[{"errorCode":"INVALID_SESSION_ID",
        "message":"This session is not valid for use with the REST API"}]"#;
    let refused = reply(&org(), &call, 401, body);
    let Err(Verdict::Hold { reason: HoldReason::NoPermission, who: Who::WorkspaceAdmin, detail }) = refused
    else {
        panic!("{refused:?}")
    };
    assert!(detail.contains("scope \"api\""), "{detail}");
}
