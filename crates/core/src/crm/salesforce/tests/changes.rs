//! What changed since.

use super::{answer, fixture, org, reply, statements};
use crate::{
    crm::{Answer, Call, Changes, Crm, salesforce::Salesforce},
    record::Module,
    time::Timestamp,
};

fn since() -> Changes {
    Changes { since: Timestamp::parse("2026-01-02T02:50:00Z").expect("an instant"), ..Changes::default() }
}

#[test]
fn both_modules_are_asked_in_one_request_by_system_modstamp_and_with_deleted_records() {
    let request = Salesforce.request(&org(), &Call::ChangedPeople(since()));
    let statements = statements(&request);
    assert_eq!(statements.len(), 2);
    for statement in &statements {
        assert!(
            statement.ends_with("WHERE SystemModstamp >= 2026-01-02T02:50:00Z ORDER BY SystemModstamp, Id"),
            "{statement}"
        );
    }
    let body = super::body(&request);
    assert!(body["compositeRequest"][1]["url"].as_str().is_some_and(|url| url.contains("/queryAll?q=")));
}

#[test]
fn no_module_is_read_but_those_that_the_call_names() {
    let leads = Changes { modules: vec![Module::Lead], ..since() };
    let request = Salesforce.request(&org(), &Call::ChangedPeople(leads.clone()));
    assert!(
        request.url.contains("FROM%20Lead%20") && !request.url.contains("Contact%20WHERE"),
        "{}",
        request.url
    );
    let lost = Changes { step: 1, page: Some("/services/data/v68.0/query/01g-2000".into()), ..leads };
    let body = r#"[{"errorCode":"INVALID_QUERY_LOCATOR","message":"invalid query locator"}]"#;
    let Ok(Answer::More(Call::ChangedPeople(again), _)) =
        reply(&org(), &Call::ChangedPeople(lost.clone()), 400, body)
    else {
        panic!("it begins again")
    };
    assert_eq!((again.modules, again.page), (lost.modules, None));
}

#[test]
fn pages_are_followed_and_the_reading_reaches_the_time_of_its_first_answer() {
    let Ok(Answer::More(Call::ChangedPeople(next), _)) =
        reply(&org(), &Call::ChangedPeople(since()), 200, fixture!("changes_first.json"))
    else {
        panic!("a page follows")
    };
    assert_eq!(next.found.len(), 2);
    let request = Salesforce.request(&org(), &Call::ChangedPeople(next.clone()));
    assert!(request.url.ends_with("/services/data/v68.0/query/01g5g00000Abc12AAB-2000"), "{}", request.url);
    let mut later = answer(200, fixture!("changes_next.json"));
    later.headers[0].1 = "Fri, 02 Jan 2026 09:00:00 GMT".to_owned();
    let Ok(Answer::Changed(people, until)) =
        Salesforce.reply(&org(), &Call::ChangedPeople(next), &later).result
    else {
        panic!("the end")
    };
    assert_eq!(people.len(), 3);
    assert!(people.iter().any(|person| person.is_deleted && person.merged_into.is_some()));
    assert_eq!(until.rfc3339(), "2026-01-02T03:04:05Z");
}

#[test]
fn without_salesforces_time_the_cursor_stays() {
    let mut silent =
        answer(200, &fixture!("changes_first.json").replace("\"done\": false", "\"done\": true"));
    silent.headers.clear();
    let Ok(Answer::Changed(_, until)) =
        Salesforce.reply(&org(), &Call::ChangedPeople(since()), &silent).result
    else {
        panic!("the end")
    };
    assert_eq!(until, since().since);
}

#[test]
fn a_lost_place_starts_the_reading_again() {
    let page = Changes {
        step: 1,
        page: Some("/services/data/v68.0/query/01g5g00000Abc12AAB-2000".to_owned()),
        ..since()
    };
    let body = r#"[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]"#;
    let Ok(Answer::More(Call::ChangedPeople(next), Some(_))) =
        reply(&org(), &Call::ChangedPeople(page), 400, body)
    else {
        panic!("from the start")
    };
    assert_eq!(next, since());
}
