//! Finding people.

use super::{CONTACT, Zoho, answer, fixture, org, path, patients, query, record, reply, undescribed};
use crate::{
    address::phone,
    crm::{Answer, Call, Crm, PeopleQuery},
    lane::{Heal, HoldReason, Verdict},
    record::{Module, PersonRecord},
};

fn for_phone(modules: &[Module]) -> PeopleQuery {
    let phones = vec![phone::parse_international("819012345678")];
    PeopleQuery { modules: modules.to_vec(), phones, ..PeopleQuery::default() }
}

/// Makes a search to its end: what was asked, and who was found. `tell` answers a path or a query.
fn run(mut query_of: PeopleQuery, tell: impl Fn(&str) -> (u16, String)) -> (Vec<String>, Vec<PersonRecord>) {
    let mut asked = Vec::new();
    for _ in 0..100 {
        let call = Call::FindPeople(query_of.clone());
        let request = Zoho.request(&org(), &call);
        let what = if request.method == "POST" { query(&request) } else { path(&request) };
        let (status, body) = tell(&what);
        asked.push(what);
        match Zoho.reply(&org(), &call, &answer(status, &body)).result {
            Ok(Answer::More(Call::FindPeople(next), _)) => query_of = next,
            Ok(Answer::People(people)) => return (asked, people),
            other => panic!("no people: {other:?}"),
        }
    }
    panic!("a search does not end");
}

fn nobody(_: &str) -> (u16, String) {
    (204, String::new())
}

#[test]
fn every_spelling_is_asked_for_over_every_phone_field_in_pairs_of_parentheses() {
    let (asked, found) = run(for_phone(&[Module::Contact]), nobody);
    assert!(found.is_empty());
    let first = &asked[0];
    assert!(first.starts_with("select Created_Time, Modified_Time, Last_Name, "), "{first}");
    assert!(first.contains(" from Contacts where ((Phone in ('+819012345678', '819012345678', "), "{first}");
    assert!(first.contains(") or Mobile in (") && first.contains(") or Home_Phone in ("), "{first}");
    assert!(first.ends_with(" order by Modified_Time desc limit 0, 200"), "{first}");
    assert!(!first.contains("Secret") && !first.contains("Full_Name,Full_Name"));
}

#[test]
fn whom_no_query_brings_is_searched_for_by_a_ladder_of_digits_in_each_module() {
    let (asked, _) = run(for_phone(&[]), nobody);
    let rungs: Vec<_> = asked
        .iter()
        .filter_map(|path| path.split_once("/search?phone="))
        .map(|(module, rest)| (module, rest.split('&').next().unwrap_or_default()))
        .collect();
    assert_eq!(
        rungs,
        [
            ("Contacts", "819012345678"),
            ("Leads", "819012345678"),
            ("Contacts", "9012345678"),
            ("Leads", "9012345678"),
            ("Contacts", "012345678"),
            ("Leads", "012345678"),
        ]
    );
    assert_eq!(asked.len(), 8, "and a query in each: {asked:?}");
}

#[test]
fn whom_a_query_brings_needs_no_search() {
    let tell = |asked: &str| match asked {
        query if query.contains("from Contacts") => (200, fixture!("coql.json").to_owned()),
        _ => (204, String::new()),
    };
    let (asked, found) = run(for_phone(&[]), tell);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].record, record(Module::Contact, CONTACT));
    assert_eq!(asked.len(), 2, "a query in each module: {asked:?}");
}

#[test]
fn a_search_adds_whoever_it_hits_and_the_ladder_ends_at_the_first_who_is_it() {
    let tell = |asked: &str| match asked {
        path if path.starts_with("Contacts/search?phone=9012345678") => {
            (200, fixture!("contacts.json").to_owned())
        }
        _ => (204, String::new()),
    };
    let (asked, found) = run(for_phone(&[Module::Contact]), tell);
    assert_eq!(found.len(), 1);
    assert_eq!(asked.len(), 3, "the last rung is not needed: {asked:?}");
}

#[test]
fn an_address_is_asked_for_and_searched_where_its_case_was_stored() {
    let of = PeopleQuery { emails: vec!["aiko@example.test".to_owned()], ..PeopleQuery::default() };
    let tell = |asked: &str| match asked {
        path if path.starts_with("Contacts/search?email=aiko@example.test&") => {
            (200, fixture!("contacts.json").to_owned())
        }
        _ => (204, String::new()),
    };
    let (asked, found) = run(of, tell);
    assert!(asked[0].contains("from Contacts where Email in ('aiko@example.test')"), "{asked:?}");
    assert_eq!(found[0].emails, ["Aiko@Example.test"]);
    assert_eq!(asked.len(), 3, "leads go behind contacts: {asked:?}");
}

#[test]
fn many_people_make_several_queries_within_the_limits() {
    let phones = (0..20).map(|n| phone::parse_international(&format!("8190123456{n:02}"))).collect();
    let (asked, _) =
        run(PeopleQuery { modules: vec![Module::Contact], phones, ..PeopleQuery::default() }, nobody);
    for query in asked.iter().filter(|asked| asked.starts_with("select")) {
        assert!(query.matches(" in (").count() <= 25, "{query}");
        let lists = query
            .split(" in (")
            .skip(1)
            .map(|list| list.split(')').next().unwrap_or_default().matches("', '").count() + 1);
        assert!(lists.into_iter().all(|count| count <= 50));
    }
}

#[test]
fn a_query_goes_on_to_its_further_rows() {
    let tell = |asked: &str| match asked {
        query if query.contains("limit 0, 200") => {
            (200, fixture!("coql.json").replace("\"more_records\": false", "\"more_records\": true"))
        }
        _ => (204, String::new()),
    };
    let (asked, _) = run(for_phone(&[Module::Contact]), tell);
    assert!(asked[1].ends_with("limit 200, 200"), "{asked:?}");
}

#[test]
fn only_the_modules_that_are_named_are_looked_in() {
    let (asked, _) = run(for_phone(&[Module::Lead]), nobody);
    assert!(asked.iter().all(|asked| asked.contains("Leads")), "{asked:?}");
}

#[test]
fn a_search_that_zoho_dislikes_adds_nobody_and_fails_nothing() {
    let tell = |asked: &str| match asked {
        path if path.contains("/search") => {
            (400, r#"{"code":"INVALID_DATA","details":{},"message":"invalid","status":"error"}"#.to_owned())
        }
        _ => (204, String::new()),
    };
    let (_, found) = run(for_phone(&[]), tell);
    assert!(found.is_empty());
}

#[test]
fn nobody_and_not_allowed_to_look_are_different_answers() {
    let call = Call::FindPeople(for_phone(&[]));
    let undescribed = Zoho.reply(&undescribed(), &call, &answer(204, "")).result;
    assert!(matches!(undescribed, Err(Verdict::Heal { to: Heal::Describe, .. })));
    let elsewhere =
        reply(&Call::FindPeople(for_phone(&[Module::other("Vendors").expect("a name")])), 204, "");
    assert!(
        matches!(elsewhere, Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })),
        "{elsewhere:?}"
    );
    let by_mail = PeopleQuery {
        modules: vec![patients()],
        emails: vec!["a@example.test".to_owned()],
        ..PeopleQuery::default()
    };
    let blind = reply(&Call::FindPeople(by_mail), 204, "");
    assert!(matches!(blind, Err(Verdict::Hold { reason: HoldReason::NoPermission, .. })), "{blind:?}");
}
