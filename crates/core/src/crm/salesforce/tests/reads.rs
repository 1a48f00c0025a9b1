//! Reading people, users and entries.

use super::{CONTACT, LEAD, OTHER_CONTACT, TASK, USER, fixture, org, org_with_key, reply, statements};
use crate::{
    crm::{Answer, Call, Crm, KeyedEntry, Sought, Timestamp, salesforce::Salesforce},
    lane::{HoldReason, Verdict},
    record::{EntryKind, Module, RecordRef},
};

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.to_owned() }
}

fn read() -> Call {
    Call::ReadPeople {
        records: vec![
            record(Module::Contact, CONTACT),
            record(Module::Contact, OTHER_CONTACT),
            record(Module::Lead, LEAD),
        ],
        extra: vec![
            "region__c".to_owned(),
            "MailingAddress".to_owned(),
            "Account.Name".to_owned(),
            "Hidden__c".to_owned(),
            "Id FROM User".to_owned(),
        ],
    }
}

#[test]
fn people_are_read_with_deleted_ones_and_only_with_fields_that_exist() {
    let request = Salesforce.request(&org(), &read());
    let body = super::body(&request);
    assert!(body["compositeRequest"][0]["url"].as_str().is_some_and(|url| url.contains("/queryAll?q=")));
    let statements = statements(&request);
    assert!(
        statements[0].contains("Description, region__c, MailingAddress, Account.Name FROM Contact"),
        "{}",
        statements[0]
    );
    assert!(
        statements[0].contains(&format!("WHERE Id IN ('{CONTACT}','{OTHER_CONTACT}')")),
        "{}",
        statements[0]
    );
    assert!(statements[1].contains("Description FROM Lead"), "{}", statements[1]);
}

#[test]
fn merged_and_converted_people_say_where_they_went() {
    let Ok(Answer::People(people)) = reply(&org(), &read(), 200, fixture!("people_deleted.json")) else {
        panic!("people")
    };
    assert_eq!(people.len(), 3);
    assert_eq!(people[0].description.as_deref(), Some("Prefers mail"));
    let extra: Vec<_> = people[0].extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        extra,
        [
            ("Account.Name", "Acme"),
            ("MailingAddress", "1-2-3, Tokyo, 100-0001, Japan"),
            ("region__c", "Kanto")
        ]
    );
    assert!(people[1].is_deleted);
    assert_eq!(people[1].merged_into, Some(record(Module::Contact, CONTACT)));
    assert_eq!(people[2].converted_to, Some(record(Module::Contact, OTHER_CONTACT)));
}

#[test]
fn a_thousand_people_are_read_in_one_request() {
    let records = (0..1_000).map(|n| record(Module::Contact, &format!("0035g00000{n:05}"))).collect();
    let request = Salesforce.request(&org(), &Call::ReadPeople { records, extra: Vec::new() });
    assert_eq!(statements(&request).len(), 5);
    assert!(request.url.ends_with("/composite"));
}

#[test]
fn an_answer_cut_short_is_not_taken_for_missing_records() {
    let body = fixture!("people_deleted.json").replacen(
        "\"done\": true",
        "\"done\": false, \"nextRecordsUrl\": \"/services/data/v68.0/query/01g5g00000Abc12AAB-200\"",
        1,
    );
    assert!(matches!(
        reply(&org(), &read(), 200, &body),
        Err(Verdict::Hold { reason: HoldReason::Unexpected, .. })
    ));
}

#[test]
fn users_are_found_by_address_and_by_id_the_last_to_log_in_first() {
    let call = Call::Users {
        emails: vec!["Mei@acme.example".to_owned()],
        ids: vec!["0055g00000XyZ12".to_owned()],
        page: None,
    };
    let statements = statements(&Salesforce.request(&org(), &call));
    assert!(
        statements[0]
            .contains("UserType = 'Standard' AND Email IN ('Mei@acme.example') ORDER BY LastLoginDate DESC")
    );
    assert!(statements[1].contains(&format!("WHERE Id IN ('{USER}')")));
}

#[test]
fn inactive_users_are_told_apart() {
    let call = Call::Users { emails: vec!["mei@acme.example".to_owned()], ids: Vec::new(), page: None };
    let Ok(Answer::Users(users)) = reply(&org(), &call, 200, fixture!("users.json")) else { panic!("users") };
    assert_eq!(users.iter().map(|user| user.is_active).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_sandbox_disguises_its_users() {
    let mut sandbox = org();
    sandbox.profile.as_mut().expect("a profile").is_sandbox = true;
    let call = Call::Users { emails: vec!["mei@acme.example".to_owned()], ids: Vec::new(), page: None };
    let statements = statements(&Salesforce.request(&sandbox, &call));
    assert!(
        statements[0].contains("IN ('mei@acme.example','mei@acme.example.invalid')"),
        "{}",
        statements[0]
    );
    let body = fixture!("users.json").replace("mei@acme.example", "mei@acme.example.invalid");
    let Ok(Answer::Users(users)) = reply(&sandbox, &call, 200, &body) else { panic!("users") };
    assert_eq!(users[0].email, "mei@acme.example");
}

fn keyed(keys: &[&str]) -> Call {
    let entry = |key: &&str| KeyedEntry {
        kind: EntryKind::Task,
        key: (*key).to_owned(),
        on: vec![record(Module::Contact, CONTACT)],
        since: Timestamp::from_seconds(1_767_323_045),
    };
    Call::VerifyEntries { keyed: keys.iter().map(entry).collect(), page: None }
}

/// Where a token is looked for.
fn near() -> String {
    format!("(CreatedDate >= 2026-01-01T03:04:05Z OR WhoId IN ('{CONTACT}')) AND CallObject IN ('cx1-aaaa')")
}

#[test]
fn a_token_is_looked_for_among_what_was_made_since_and_an_external_id_everywhere() {
    let by_token = statements(&Salesforce.request(&org(), &keyed(&["cx1-aaaa"]))).remove(0);
    assert!(by_token.contains(&format!("WHERE {}", near())), "{by_token}");
    let by_key = statements(&Salesforce.request(&org_with_key(), &keyed(&["cx1-aaaa"]))).remove(0);
    // What was tried before the field was there bears the token alone.
    let either = format!("WHERE (Causeway_Key__c IN ('cx1-aaaa') OR ({})) ORDER BY", near());
    assert!(by_key.contains(&either), "{by_key}");
    assert!(by_key.contains("CallObject, Causeway_Key__c FROM Task"), "{by_key}");
    let request = Salesforce.request(&org(), &keyed(&["cx1-aaaa"]));
    assert!(request.url.contains("/queryAll?q="), "a deleted entry is not a missing one");
}

#[test]
fn of_several_entries_with_one_key_the_first_living_one_counts() {
    let Ok(Answer::Keyed(mut found)) =
        reply(&org(), &keyed(&["cx1-aaaa", "cx1-bbbb", "cx1-cccc"]), 200, fixture!("tasks_by_token.json"))
    else {
        panic!("entries")
    };
    assert_eq!(found.len(), 2);
    let mut entry = |key: &str| found.remove(key).and_then(Sought::found).expect("an entry");
    assert_eq!(entry("cx1-aaaa").id, "00T5g00000BBBBBEA5");
    assert!(entry("cx1-bbbb").is_deleted, "a deleted entry was written all the same");
}

#[test]
fn entries_are_read_with_deleted_ones() {
    let call =
        Call::ReadEntries { kind: EntryKind::Task, ids: vec![TASK.to_owned(), "nonsense'".to_owned()] };
    let request = Salesforce.request(&org(), &call);
    assert!(request.url.contains("/queryAll?q="));
    assert!(statements(&request)[0].contains(&format!("WHERE Id IN ('{TASK}')")));
    let Ok(Answer::Entries(entries)) = reply(&org(), &call, 200, fixture!("tasks_by_token.json")) else {
        panic!("entries")
    };
    assert!(entries[0].is_deleted);
    assert_eq!(entries[0].key.as_deref(), Some("cx1-aaaa"));
    assert_eq!(entries[1].who_id.as_deref(), Some(CONTACT));
    assert_eq!(entries[1].body, "Hello");
}
