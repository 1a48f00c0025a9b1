//! People changed since.

use super::{CONTACT, OTHER, Zoho, answer, fixture, header, org, path, record};
use crate::{
    crm::{Answer, Call, Changes, Crm},
    record::Module,
    time::Timestamp,
};

fn since() -> Timestamp {
    Timestamp::parse("2026-01-02T02:00:00Z").expect("a time")
}

fn begin() -> Changes {
    Changes { since: since(), ..Changes::default() }
}

fn step(changes: &Changes, status: u16, body: &str) -> Answer {
    let call = Call::ChangedPeople(changes.clone());
    Zoho.reply(&org(), &call, &answer(status, body)).result.unwrap_or_else(|verdict| panic!("{verdict:?}"))
}

fn next(answer: Answer) -> Changes {
    match answer {
        Answer::More(Call::ChangedPeople(next), _) => next,
        other => panic!("it does not go on: {other:?}"),
    }
}

#[test]
fn changed_and_deleted_records_of_each_module_are_read_up_to_zohos_time() {
    let asked = |changes: &Changes| {
        let request = Zoho.request(&org(), &Call::ChangedPeople(changes.clone()));
        assert_eq!(header(&request, "if-modified-since"), Some("2026-01-02T01:59:59+00:00"));
        path(&request)
    };
    let changes = begin();
    assert!(
        asked(&changes).starts_with("Contacts?fields=")
            && asked(&changes).contains("&sort_by=Modified_Time&sort_order=asc")
    );
    let changes = next(step(&changes, 200, fixture!("contacts_first_page.json")));
    assert!(asked(&changes).ends_with("&page_token=c8582xx9e7+c7/=="), "{}", asked(&changes));
    assert!(Zoho.request(&org(), &Call::ChangedPeople(changes.clone())).url.contains("%2Bc7%2F%3D%3D"));
    let changes = next(step(&changes, 304, ""));
    assert_eq!(asked(&changes), "Contacts/deleted?type=all&page=1&per_page=200");
    assert_eq!(Zoho.cost(&Call::ChangedPeople(changes.clone())), 2);
    let changes = next(step(&changes, 200, fixture!("deleted.json")));
    assert!(asked(&changes).starts_with("Leads?") && asked(&changes).ends_with("&converted=both"));
    let changes = next(step(&changes, 304, ""));
    assert_eq!(asked(&changes), "Leads/deleted?type=all&page=1&per_page=200");
    let Answer::Changed(people, until) = step(&changes, 204, "") else { panic!("it ends") };
    assert_eq!(Some(until), Timestamp::parse("2026-01-02T03:04:05Z"));
    let found: Vec<_> = people.iter().map(|person| (person.record.clone(), person.is_deleted)).collect();
    assert_eq!(found, [(record(Module::Contact, CONTACT), false), (record(Module::Contact, OTHER), true)]);
}

#[test]
fn a_lost_place_makes_the_reading_begin_again() {
    for code in ["EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH"] {
        let lost = format!(r#"{{"code":"{code}","details":{{}},"message":"x","status":"error"}}"#);
        let changes = Changes { step: 2, page: Some("old".to_owned()), ..begin() };
        assert_eq!(next(step(&changes, 400, &lost)), begin());
    }
}

#[test]
fn without_a_time_from_zoho_the_cursor_stays_where_it_is() {
    let call = Call::ChangedPeople(Changes { step: 3, ..begin() });
    let mut silent = answer(204, "");
    silent.headers.clear();
    assert_eq!(Zoho.reply(&org(), &call, &silent).result, Ok(Answer::Changed(Vec::new(), since())));
}

#[test]
fn only_the_modules_that_are_named_are_read() {
    let changes = Changes { modules: vec![Module::Lead], ..begin() };
    assert!(path(&Zoho.request(&org(), &Call::ChangedPeople(changes))).starts_with("Leads?"));
}
