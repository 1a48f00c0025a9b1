//! Finding people.

use serde_json::json;

use super::{CONTACT, OTHER_CONTACT, answer, fixture, org, reply, statements};
use crate::{
    address::phone,
    crm::{Answer, Call, Crm, Org, PeopleQuery, salesforce::Salesforce},
    lane::{Heal, HoldReason, Verdict},
    record::{Module, PersonRecord},
};

fn query() -> PeopleQuery {
    PeopleQuery {
        phones: vec![phone::parse_international("819012345678")],
        emails: vec!["o'neil@example.jp".to_owned()],
        ..PeopleQuery::default()
    }
}

fn more(result: Result<Answer, Verdict>) -> PeopleQuery {
    match result {
        Ok(Answer::More(Call::FindPeople(query), _)) => query,
        other => panic!("the flow ended: {other:?}"),
    }
}

fn people(result: Result<Answer, Verdict>) -> Vec<PersonRecord> {
    match result {
        Ok(Answer::People(people)) => people,
        other => panic!("no people: {other:?}"),
    }
}

fn find(query: &PeopleQuery, status: u16, body: &str) -> Result<Answer, Verdict> {
    reply(&org(), &Call::FindPeople(query.clone()), status, body)
}

#[test]
fn no_module_is_asked_but_those_that_the_call_names() {
    let named = |module: Module| PeopleQuery { modules: vec![module], ..query() };
    for (module, object, other) in [(Module::Contact, "Contact", "Lead"), (Module::Lead, "Lead", "Contact")] {
        let request = Salesforce.request(&org(), &Call::FindPeople(named(module)));
        let asked = statements(&request);
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|soql| soql.contains(&format!(" FROM {object} "))), "{asked:?}");
        // The search by digits comes after the statements.
        let search = Salesforce.request(&org(), &Call::FindPeople(PeopleQuery { step: 1, ..named(module) }));
        assert!(search.url.contains(&format!("{object}%28")), "{}", search.url);
        assert!(!search.url.contains(&format!("{other}%28")), "{}", search.url);
    }
}

#[test]
fn every_spelling_is_asked_for_in_every_phone_field() {
    let request = Salesforce.request(&org(), &Call::FindPeople(query()));
    let statements = statements(&request);
    assert_eq!(statements.len(), 4);
    for field in ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax", "WhatsApp__c"] {
        assert!(
            statements[0].contains(&format!("{field} IN ('+819012345678',")),
            "{field}: {}",
            statements[0]
        );
    }
    assert!(statements[0].contains("'090-1234-5678'"), "{}", statements[0]);
    // Conditions that are joined by OR stand in parentheses.
    assert!(statements[0].contains(" FROM Contact WHERE (Phone IN ("), "{}", statements[0]);
    assert!(statements[1].contains(r"WHERE Email IN ('o\'neil@example.jp')"), "{}", statements[1]);
    assert!(statements[2].contains("FROM Lead WHERE (Phone IN ("), "{}", statements[2]);
    assert!(!statements[2].contains("HomePhone"), "{}", statements[2]);
    assert!(statements.iter().all(|soql| soql.ends_with(" ORDER BY Id")));
}

#[test]
fn a_field_that_the_user_does_not_see_is_not_asked_for() {
    let mut org = org();
    let profile = org.profile.as_mut().expect("a profile");
    let contact = profile.modules.get_mut(&Module::Contact).expect("contacts");
    contact.fields.retain(|field| field.name != "HomePhone" && field.name != "MailingCountry");
    let statements = statements(&Salesforce.request(&org, &Call::FindPeople(query())));
    assert!(statements.iter().all(|soql| !soql.contains("HomePhone") && !soql.contains("MailingCountry")));
}

#[test]
fn exact_statements_come_first_and_the_fuzzy_search_adds_to_them() {
    let next = more(find(&query(), 200, fixture!("find_statements.json")));
    assert_eq!((next.step, next.found.len()), (1, 2));
    let request = Salesforce.request(&org(), &Call::FindPeople(next.clone()));
    assert!(request.url.len() < 14_000);
    let sosl = &statements(&request)[0];
    assert!(
        sosl.starts_with(
            "FIND {819012345678 OR 9012345678 OR 09012345678 OR 00819012345678 OR 8109012345678} IN PHONE FIELDS \
             RETURNING Contact(Id, "
        ),
        "{sosl}"
    );
    assert!(sosl.contains("Lead(Id, "), "{sosl}");
    let found = people(find(&next, 200, fixture!("search.json")));
    let ids: Vec<_> = found.iter().map(|person| person.record.id.as_str()).collect();
    assert_eq!(ids, [CONTACT, "00Q5g00000AbCdEEAV", "00Q5g00000ZzZzZEAV"], "each person once");
}

#[test]
fn a_candidate_carries_all_that_matching_depends_on() {
    let next = more(find(&query(), 200, fixture!("find_statements.json")));
    let found = people(find(&next, 200, fixture!("search.json")));
    let contact = &found[0];
    assert_eq!(contact.phones, [("Phone".to_owned(), "+819012345678".to_owned())]);
    assert_eq!(contact.country.as_deref(), Some("Japan"));
    assert_eq!(contact.owner_id, "0055g00000XyZ12AAF");
    assert_eq!(contact.modified_at.rfc3339(), "2026-01-02T03:04:05Z");
    let converted = &found[2];
    assert!(converted.is_converted);
    assert_eq!(converted.converted_to.as_ref().map(|record| record.id.as_str()), Some(OTHER_CONTACT));
    assert_eq!(converted.status.as_deref(), Some("Closed - Converted"));
}

#[test]
fn a_result_that_goes_on_is_read_to_its_end() {
    let next = more(find(&query(), 200, fixture!("find_first_page.json")));
    assert_eq!(next.rest, ["/services/data/v68.0/query/01g5g00000Abc12AAB-2000"]);
    let request = Salesforce.request(&org(), &Call::FindPeople(next.clone()));
    assert_eq!(
        request.url,
        "https://acme.my.salesforce.com/services/data/v68.0/query/01g5g00000Abc12AAB-2000"
    );
    let next = more(find(&next, 200, fixture!("find_next_page.json")));
    assert!(next.rest.is_empty());
    assert_eq!(people(find(&next, 200, r#"{"searchRecords":[]}"#)).len(), 2);
}

#[test]
fn a_page_somewhere_else_is_not_followed() {
    for elsewhere in
        ["https://evil.example/", "//evil.example/", "@evil.example/", "/services/data/v68.0/../../x y"]
    {
        let body = fixture!("find_first_page.json")
            .replace("/services/data/v68.0/query/01g5g00000Abc12AAB-2000", elsewhere);
        assert!(matches!(find(&query(), 200, &body), Err(Verdict::Again { .. })), "{elsewhere}");
    }
}

#[test]
fn a_lost_place_in_a_result_starts_the_flow_again() {
    let next = more(find(&query(), 200, fixture!("find_first_page.json")));
    for status in [400, 404] {
        let body = r#"[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]"#;
        assert_eq!(more(find(&next, status, body)), query());
    }
}

#[test]
fn a_search_that_salesforce_cannot_read_leaves_what_was_found() {
    let next = more(find(&query(), 200, fixture!("find_statements.json")));
    let malformed = r#"[{"message":"No search term found","errorCode":"MALFORMED_SEARCH"}]"#;
    assert_eq!(people(find(&next, 400, malformed)).len(), 2);
    // Any other refusal is one: an incomplete answer would make a duplicate.
    let refused = r#"[{"message":"no","errorCode":"INSUFFICIENT_ACCESS"}]"#;
    assert!(matches!(find(&next, 403, refused), Err(Verdict::Hold { .. })));
}

#[test]
fn a_search_that_is_cut_off_is_split() {
    let next = more(find(&query(), 200, fixture!("find_statements.json")));
    let hit = |n: usize| json!({"attributes": {"type": "Contact"}, "Id": format!("0035g00000{n:05}")});
    let full = json!({"searchRecords": (0..1_000).map(hit).collect::<Vec<_>>()}).to_string();
    let next = more(find(&next, 200, &full));
    assert_eq!(next.rest, ["search:0:2", "search:2:3"]);
    let sosl = statements(&Salesforce.request(&org(), &Call::FindPeople(next.clone()))).remove(0);
    assert!(sosl.starts_with("FIND {819012345678 OR 9012345678} IN"), "{sosl}");
    let next = more(find(&next, 200, fixture!("search.json")));
    let sosl = statements(&Salesforce.request(&org(), &Call::FindPeople(next.clone()))).remove(0);
    assert!(sosl.starts_with("FIND {09012345678 OR 00819012345678 OR 8109012345678} IN"), "{sosl}");
    assert_eq!(people(find(&next, 200, r#"{"searchRecords":[]}"#)).len(), 1_003);
}

#[test]
fn a_full_batch_stays_within_every_limit_and_asks_for_everybody() {
    let phones: Vec<_> =
        (0..100).map(|n| phone::parse_international(&format!("8190{:08}", 12_340_000 + n))).collect();
    let emails = (0..100).map(|n| format!("person{n}@example.jp")).collect();
    let mut query = PeopleQuery { phones, emails, ..PeopleQuery::default() };
    let mut asked = String::new();
    for _ in 0..20 {
        let request = Salesforce.request(&org(), &Call::FindPeople(query.clone()));
        assert!(request.url.len() < 14_000, "{}", request.url.len());
        let statements = statements(&request);
        assert!(statements.len() <= 5);
        assert!(statements.iter().all(|statement| statement.chars().count() < 100_000));
        asked.extend(statements.iter().map(String::as_str));
        let empty = json!({"totalSize": 0, "done": true, "records": []});
        let parts: Vec<_> = (0..statements.len())
            .map(|n| json!({"referenceId": format!("part{n}"), "httpStatusCode": 200, "body": empty}))
            .collect();
        let body = if request.url.contains("/search") {
            json!({"searchRecords": []})
        } else {
            json!({ "compositeResponse": parts })
        };
        match find(&query, 200, &body.to_string()) {
            Ok(Answer::More(Call::FindPeople(next), _)) => query = next,
            Ok(Answer::People(people)) => {
                assert!(people.is_empty());
                for n in 0..100 {
                    assert!(asked.contains(&format!("'+8190{:08}'", 12_340_000 + n)));
                    assert!(asked.contains(&format!("'person{n}@example.jp'")));
                }
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("the flow does not end");
}

#[test]
fn one_failed_statement_fails_the_reading() {
    let mut body: serde_json::Value = serde_json::from_str(fixture!("find_statements.json")).expect("JSON");
    body["compositeResponse"][3]["httpStatusCode"] = 400.into();
    body["compositeResponse"][3]["body"] = json!([{"errorCode": "QUERY_TIMEOUT", "message": "too long"}]);
    assert!(matches!(find(&query(), 200, &body.to_string()), Err(Verdict::Again { .. })));
    body["compositeResponse"].as_array_mut().expect("parts").pop();
    assert!(matches!(find(&query(), 200, &body.to_string()), Err(Verdict::Again { .. })));
}

#[test]
fn a_hidden_field_asks_for_a_new_describe() {
    let body = r#"[{"errorCode":"INVALID_FIELD","message":"No such column 'Fax' on entity 'Contact'."}]"#;
    assert!(matches!(find(&query(), 400, body), Err(Verdict::Heal { to: Heal::Describe, .. })));
}

#[test]
fn nobody_is_not_the_answer_when_looking_is_not_allowed() {
    let undescribed = Org { profile: None, ..org() };
    let result = Salesforce.reply(&undescribed, &Call::FindPeople(query()), &answer(200, "{}")).result;
    assert!(matches!(result, Err(Verdict::Heal { to: Heal::Describe, .. })));
    let mut blind = org();
    for module in blind.profile.as_mut().expect("a profile").modules.values_mut() {
        module.is_readable = false;
    }
    let result = Salesforce.reply(&blind, &Call::FindPeople(query()), &answer(200, "{}")).result;
    assert!(matches!(result, Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })));
    let mut without_email = org();
    for module in without_email.profile.as_mut().expect("a profile").modules.values_mut() {
        module.fields.retain(|field| field.kind != "email");
    }
    let by_email = PeopleQuery { phones: Vec::new(), ..query() };
    let result = Salesforce.reply(&without_email, &Call::FindPeople(by_email), &answer(200, "{}")).result;
    assert!(matches!(result, Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })));
    let nobody =
        Salesforce.reply(&org(), &Call::FindPeople(PeopleQuery::default()), &answer(200, "{}")).result;
    assert_eq!(nobody, Ok(Answer::People(Vec::new())));
}
