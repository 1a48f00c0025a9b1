//! Reading and writing people.

use serde_json::json;

use super::{
    CONTACT, LEAD, OTHER, USER, Zoho, answer, body, changed_contact, elements, failure, fixture, header,
    new_contact, org, outcomes, path, patients, record, reply, success,
};
use crate::{
    crm::{Answer, Call, Crm, PersonWrite},
    lane::{Heal, HoldReason, Verdict, Who},
    record::{Module, PersonField, PersonFields},
    time::Timestamp,
};

fn read(ids: &[(Module, &str)]) -> Call {
    let records = ids.iter().map(|(module, id)| record(*module, id)).collect();
    Call::ReadPeople { records, extra: vec!["chat_link".to_owned(), "VIP".to_owned(), "No_Such".to_owned()] }
}

#[test]
fn people_are_read_by_module_and_who_is_missing_is_absent() {
    let call = read(&[
        (Module::Contact, CONTACT),
        (Module::Lead, LEAD),
        (Module::Contact, OTHER),
        (Module::Lead, "'"),
    ]);
    let request = path(&Zoho.request(&org(), &call));
    assert!(
        request.starts_with(&format!("Contacts?ids={CONTACT},{OTHER}&fields=Created_Time,")),
        "{request}"
    );
    assert!(request.contains(",Description,Chat_Link,VIP&per_page=200"), "{request}");
    let Ok(Answer::Part(part, next)) = reply(&call, 200, fixture!("contacts.json")) else { panic!("a part") };
    let Answer::People(people) = *part else { panic!("people") };
    assert_eq!(people.len(), 1);
    let request = path(&Zoho.request(&org(), &next));
    assert!(
        request.starts_with(&format!("Leads?ids={LEAD}&")) && request.ends_with("&converted=both"),
        "{request}"
    );
    for (status, gone) in [
        (204, ""),
        (400, r#"{"code":"INVALID_DATA","details":{},"message":"the id given seems to be invalid"}"#),
    ] {
        assert_eq!(reply(&next, status, gone), Ok(Answer::People(Vec::new())));
    }
}

#[test]
fn a_reading_names_at_most_fifty_fields_and_a_hundred_ids() {
    let many: Vec<_> =
        (0..150).map(|n| (Module::Contact, (6_044_000_000_524_000_u64 + n).to_string())).collect();
    let many: Vec<_> = many.iter().map(|(module, id)| (*module, id.as_str())).collect();
    let request = path(&Zoho.request(&org(), &read(&many)));
    let part = |name: &str| {
        request.split(name).nth(1).expect(name).split('&').next().expect("a value").split(',').count()
    };
    assert_eq!(part("ids="), 100);
    assert!(part("fields=") <= 50);
}

#[test]
fn a_row_is_read_whole_with_its_instants_wherever_its_user_lives() {
    let Ok(Answer::People(people)) =
        reply(&read(&[(Module::Contact, CONTACT)]), 200, fixture!("contacts.json"))
    else {
        panic!("people")
    };
    let person = &people[0];
    assert_eq!(person.name, "Aiko Tanaka");
    let phones: Vec<_> = person.phones.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
    assert_eq!(phones, [("Phone", "+819012345678"), ("Home_Phone", "03-1234-5678")], "null is no number");
    assert_eq!((person.owner_id.as_str(), person.country.as_deref()), (USER, Some("Japan")));
    assert_eq!(Some(person.modified_at), Timestamp::parse("2026-01-02T03:04:05Z"));
    assert_eq!(person.extra.get("VIP").map(String::as_str), Some("true"));
    assert!(!person.is_converted && !person.is_deleted);
}

#[test]
fn a_converted_lead_names_the_contact_that_it_became() {
    let Ok(Answer::People(people)) =
        reply(&read(&[(Module::Lead, LEAD)]), 200, fixture!("leads_converted.json"))
    else {
        panic!("people")
    };
    assert!(people[0].is_converted);
    assert_eq!(people[0].converted_to, Some(record(Module::Contact, CONTACT)));
    assert_eq!(people[0].status.as_deref(), Some("Contacted"));
}

#[test]
fn an_id_beyond_the_numbers_of_javascript_stays_what_it_is() {
    let body =
        r#"{"data":[{"id":6044000000524157,"Last_Name":"X"},{"id":18446744073709551615},{"id":1e30}]}"#;
    let Ok(Answer::People(people)) = reply(&read(&[(Module::Contact, CONTACT)]), 200, body) else {
        panic!("people")
    };
    let ids: Vec<_> = people.iter().map(|person| person.record.id.as_str()).collect();
    assert_eq!(ids, ["6044000000524157", "18446744073709551615"]);
}

#[test]
fn new_people_set_off_nothing_that_the_customer_has_automated() {
    let request = Zoho.request(&org(), &Call::WritePeople(vec![new_contact()]));
    assert_eq!((request.method, path(&request).as_str()), ("POST", "Contacts"));
    assert_eq!(
        body(&request),
        json!({"trigger": [], "data": [{"Last_Name": "Tanaka", "Phone": "+819012345678", "Lead_Source": "Causeway",
            "Owner": {"id": USER}}]})
    );
}

#[test]
fn new_people_set_off_workflow_rules_only_where_that_is_chosen_and_nothing_else() {
    let wished = PersonWrite { sets_off: true, ..new_contact() };
    let request = Zoho.request(&org(), &Call::WritePeople(vec![wished.clone(), new_contact(), wished]));
    assert_eq!(body(&request)["trigger"], json!(["workflow"]));
    assert_eq!(body(&request)["data"].as_array().map(Vec::len), Some(2), "the other one goes by itself");
}

#[test]
fn a_change_clears_with_null_and_names_the_record() {
    let request = Zoho.request(&org(), &Call::WritePeople(vec![changed_contact(CONTACT)]));
    assert_eq!((request.method, path(&request).as_str()), ("PUT", "Contacts"));
    assert_eq!(body(&request), json!({"trigger": [], "data": [{"id": CONTACT, "First_Name": null}]}));
}

#[test]
fn values_are_sent_as_their_fields_want_them_and_hidden_ones_not_at_all() {
    let custom = |name: &str| PersonField::Custom(name.to_owned());
    let mut write = new_contact();
    write.fields = PersonFields::from([
        (custom("vip"), "true".to_owned()),
        (custom("Visits"), "3".to_owned()),
        (custom("Tags_Picked"), "a; b".to_owned()),
        (custom("Account_Name"), "6044000000500001".to_owned()),
        (custom("Chat_Link"), "https://c.example/1".to_owned()),
        (custom("Full_Name"), "Aiko".to_owned()),
        (custom("Secret"), "x".to_owned()),
        (custom("a\"b"), "x".to_owned()),
    ]);
    let request = Zoho.request(&org(), &Call::WritePeople(vec![write]));
    assert_eq!(
        body(&request)["data"][0],
        json!({"VIP": true, "Visits": 3, "Tags_Picked": ["a", "b"], "Account_Name": {"id": "6044000000500001"},
            "Chat_Link": "https://c.example/1"})
    );
}

#[test]
fn a_module_of_the_customers_own_is_written_by_its_own_names() {
    let write = PersonWrite { module: patients(), ..new_contact() };
    let request = Zoho.request(&org(), &Call::WritePeople(vec![write]));
    assert_eq!(path(&request), "Patients");
    assert_eq!(
        body(&request)["data"][0],
        json!({"Name": "Tanaka", "Ward_Phone": "+819012345678", "Owner": {"id": USER}})
    );
}

#[test]
fn a_request_names_one_module_and_makes_or_changes_and_the_others_come_again() {
    let call = Call::WritePeople(vec![
        new_contact(),
        PersonWrite { module: Module::Lead, ..new_contact() },
        changed_contact(CONTACT),
        new_contact(),
    ]);
    assert_eq!(body(&Zoho.request(&org(), &call))["data"].as_array().map(Vec::len), Some(2));
    let found = outcomes(&call, 201, &elements(&[success("1000000000000001"), success("1000000000000002")]));
    let ids: Vec<_> = found.iter().map(|outcome| outcome.id.as_deref()).collect();
    assert_eq!(ids, [Some("1000000000000001"), None, None, Some("1000000000000002")]);
    assert!(
        matches!(found[1].verdict, Verdict::Again { .. })
            && matches!(found[2].verdict, Verdict::Again { .. })
    );
    assert!(!Zoho.capabilities().mixes_writes);
}

#[test]
fn each_record_is_judged_by_itself_whatever_the_status_says() {
    let call = Call::WritePeople(vec![new_contact(); 3]);
    for status in [200, 201, 202, 207, 400, 403, 412] {
        let found = outcomes(&call, status, fixture!("written_mixed.json"));
        assert_eq!((&found[0].verdict, found[0].id.as_deref()), (&Verdict::Done, Some(CONTACT)), "{status}");
        let Verdict::Heal { to: Heal::Duplicates(suspects), .. } = &found[1].verdict else {
            panic!("{found:?}")
        };
        assert_eq!(suspects, &[record(Module::Contact, OTHER)]);
        let Verdict::Hold { reason: HoldReason::RequiredField, who: Who::CrmAdmin, detail } =
            &found[2].verdict
        else {
            panic!("{found:?}")
        };
        assert!(detail.contains("Last_Name"), "{detail}");
    }
}

#[test]
fn a_record_of_which_nothing_is_said_may_have_been_written() {
    let call = Call::WritePeople(vec![new_contact(); 2]);
    let found = outcomes(&call, 201, &elements(&[success(CONTACT)]));
    assert!(matches!(found[1].verdict, Verdict::Unknown { .. }));
    for (status, body) in [(201, "{}"), (200, "<html>"), (502, fixture!("unavailable.html")), (500, "")] {
        assert!(matches!(reply(&call, status, body), Err(Verdict::Unknown { .. })), "{status} {body}");
    }
}

#[test]
fn a_change_that_somebody_was_faster_with_is_read_again_where_one_record_goes_alone() {
    let at = Timestamp::parse("2026-01-02T03:04:05Z");
    let alone = PersonWrite { unmodified_since: at, ..changed_contact(CONTACT) };
    let request = Zoho.request(&org(), &Call::WritePeople(vec![alone.clone()]));
    assert_eq!(header(&request, "if-unmodified-since"), Some("2026-01-02T03:04:05+00:00"));
    let two = Call::WritePeople(vec![alone.clone(), changed_contact(OTHER)]);
    assert_eq!(header(&Zoho.request(&org(), &two), "if-unmodified-since"), None, "it would hold for both");
    let refused = elements(&[failure("ALREADY_MODIFIED", &json!({}), "already modified")]);
    let found = outcomes(&Call::WritePeople(vec![alone]), 412, &refused);
    assert!(matches!(found[0].verdict, Verdict::Heal { to: Heal::Reread, .. }));
}

#[test]
fn what_is_deleted_already_is_deleted_and_workflow_rules_rest() {
    let call = Call::Delete(vec![record(Module::Contact, CONTACT), record(Module::Contact, OTHER)]);
    let request = Zoho.request(&org(), &call);
    assert_eq!(
        (request.method, path(&request)),
        ("DELETE", format!("Contacts?ids={CONTACT},{OTHER}&wf_trigger=false"))
    );
    let gone = failure("INVALID_DATA", &json!({"id": OTHER}), "record not deleted");
    let found = outcomes(&call, 200, &elements(&[success(CONTACT), gone]));
    assert!(
        found.iter().all(|outcome| outcome.verdict == Verdict::Done && outcome.id.is_some()),
        "{found:?}"
    );
}

#[test]
fn silence_after_a_write_is_unknown() {
    let write = Call::WritePeople(vec![new_contact()]);
    assert!(matches!(Zoho.silence(&write, true, "timed out").result, Err(Verdict::Unknown { .. })));
    assert!(matches!(Zoho.silence(&write, false, "refused").result, Err(Verdict::Again { .. })));
    let reading =
        Zoho.reply(&org(), &read(&[(Module::Contact, CONTACT)]), &answer(502, fixture!("unavailable.html")));
    assert!(matches!(reading.result, Err(Verdict::Again { .. })));
}
