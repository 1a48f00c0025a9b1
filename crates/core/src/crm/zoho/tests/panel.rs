//! What a panel asks for.

use serde_json::json;

use super::{CONTACT, LEAD, Zoho, fixture, org, path, query, record, reply};
use crate::{
    address::phone,
    call::{PanelFields, PanelQuery, PanelRecord},
    crm::{Answer, Call, Crm},
    record::Module,
};

fn fields() -> PanelFields {
    let names = ["Account_Name", "VIP", "Visits", "Tags_Picked", "Owner", "Account_Name.Phone"]
        .map(str::to_owned)
        .to_vec();
    PanelFields::from([(Module::Contact, names)])
}

fn panel(answer: Result<Answer, crate::lane::Verdict>) -> Vec<PanelRecord> {
    match answer {
        Ok(Answer::Panel(records)) => records,
        other => panic!("no records: {other:?}"),
    }
}

#[test]
fn a_known_person_is_one_reading_with_the_fields_that_are_shown() {
    let call = Call::PanelRead { records: vec![record(Module::Contact, CONTACT)], fields: fields() };
    let request = path(&Zoho.request(&org(), &call));
    assert!(request.starts_with(&format!("Contacts?ids={CONTACT}&fields=")), "{request}");
    for name in ["Account_Name", "VIP", "Visits", "Tags_Picked"] {
        assert!(request.contains(&format!(",{name}")), "{name} in {request}");
    }
    assert!(!request.contains("Account_Name.Phone"), "nothing further away can be read");
    let found = panel(reply(&call, 200, fixture!("contacts.json")));
    let values = &found[0].values;
    assert_eq!(values["Account_Name"].value, json!("6044000000500001"));
    assert_eq!(values["Account_Name"].name.as_deref(), Some("Tanaka K.K."));
    assert_eq!((&values["VIP"].value, &values["Visits"].value), (&json!(true), &json!(3)));
    assert_eq!(values["Tags_Picked"].value, json!("a, b"));
    assert!(!values.contains_key("Account_Name.Phone"));
}

#[test]
fn who_somebody_may_be_is_asked_with_the_fields_that_are_shown() {
    let of = PanelQuery {
        phones: vec![phone::parse_international("819012345678")],
        texts: vec!["12 3' or id is not null".to_owned()],
        phone_fields: Some(vec!["phone".to_owned()]),
        fields: fields(),
        ..PanelQuery::default()
    };
    let call = Call::PanelFind(of);
    let asked = query(&Zoho.request(&org(), &call));
    assert!(asked.contains("Tags_Picked") && asked.contains("where Phone in ("), "{asked}");
    assert!(!asked.contains("Mobile in ("), "the workspace chose the fields: {asked}");
    assert!(asked.contains("'12 3\\' or id is not null'"), "{asked}");
    let found = panel(reply(&call, 200, fixture!("coql.json")));
    assert_eq!(found[0].person.record, record(Module::Contact, CONTACT));
}

#[test]
fn who_resembles_somebody_is_searched_by_the_words_of_the_name_and_by_digits() {
    let call = |step| Call::PanelNear {
        name: Some("O'Neil (x*".to_owned()),
        digits: vec!["2345678".to_owned(), "1 or 2".to_owned()],
        fields: PanelFields::from([(Module::Contact, Vec::new()), (Module::Lead, Vec::new())]),
        step,
    };
    let asked: Vec<_> = (0..4).map(|step| path(&Zoho.request(&org(), &call(step)))).collect();
    let begin: Vec<_> = asked.iter().map(|path| path.split("&fields").next().unwrap_or_default()).collect();
    assert_eq!(
        begin,
        [
            "Contacts/search?word=O Neil x",
            "Leads/search?word=O Neil x",
            "Contacts/search?phone=2345678",
            "Leads/search?phone=2345678",
        ]
    );
    let Ok(Answer::Part(part, next)) = reply(&call(0), 200, fixture!("contacts.json")) else {
        panic!("a part")
    };
    assert_eq!(panel(Ok(*part)).len(), 1);
    assert_eq!(*next, call(1));
    assert_eq!(panel(reply(&call(3), 204, "")), Vec::new());
    assert_eq!(panel(reply(&call(u32::MAX), 204, "")), Vec::new());
}

#[test]
fn a_field_that_no_query_can_have_does_not_keep_anybody_from_being_found() {
    let mut org = org();
    let profile = org.profile.as_mut().expect("a profile");
    let contact = profile.modules.get_mut(&Module::Contact).expect("contacts");
    contact.fields.iter_mut().find(|field| field.name == "VIP").expect("it is there").kind =
        "subform".to_owned();
    let phones = vec![phone::parse_international("819012345678")];
    let find = Call::PanelFind(PanelQuery { phones, fields: fields(), ..PanelQuery::default() });
    let asked = query(&Zoho.request(&org, &find));
    assert!(!asked.contains("VIP") && asked.contains("Visits"), "{asked}");
    let read = Call::PanelRead { records: vec![record(Module::Contact, CONTACT)], fields: fields() };
    assert!(path(&Zoho.request(&org, &read)).contains(",VIP"));
}

#[test]
fn a_lead_that_is_gone_is_absent() {
    let call = Call::PanelRead { records: vec![record(Module::Lead, LEAD)], fields: PanelFields::new() };
    assert_eq!(panel(reply(&call, 204, "")), Vec::new());
}
