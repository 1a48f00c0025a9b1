//! Notes and tasks.

use serde_json::json;

use super::{
    CONTACT, LEAD, NOTE, USER, Zoho, body, elements, entry, fixture, org, outcomes, path, query, record,
    reply, success,
};
use crate::{
    crm::{Answer, Call, Crm, EntryWrite, KeyedEntry},
    lane::Verdict,
    record::{EntryKind, Module},
    time::Timestamp,
};

const FIRST: &str = "6044000000600001";
const KEY: &str = "cx1-aaaaaaaaaaaaaaaaaaaaaaaaaa";
const TASK_KEY: &str = "cx1-bbbbbbbbbbbbbbbbbbbbbbbbbb";

fn keyed(kind: EntryKind, key: &str, who: (Module, &str)) -> KeyedEntry {
    let since = Timestamp::parse("2026-01-02T03:00:00Z").expect("a time");
    KeyedEntry { kind, key: key.to_owned(), who: record(who.0, who.1), since }
}

#[test]
fn a_note_names_its_record_when_it_is_made_and_never_again() {
    let request = Zoho.request(&org(), &Call::WriteEntries(vec![entry(EntryKind::Note, "cx1-a")]));
    assert_eq!((request.method, path(&request).as_str()), ("POST", "Notes"));
    assert_eq!(
        body(&request),
        json!({"data": [{"Note_Title": "WhatsApp chat with Aiko (02/01/2026)", "Note_Content": "Hello",
            "Parent_Id": {"module": {"api_name": "Contacts"}, "id": CONTACT}}]})
    );
    let change = EntryWrite { id: Some(NOTE.to_owned()), ..entry(EntryKind::Note, "cx1-a") };
    let request = Zoho.request(&org(), &Call::WriteEntries(vec![change]));
    assert_eq!((request.method, path(&request).as_str()), ("PUT", "Notes"));
    assert_eq!(
        body(&request)["data"][0],
        json!({"id": NOTE, "Note_Title": "WhatsApp chat with Aiko (02/01/2026)", "Note_Content": "Hello"})
    );
}

#[test]
fn a_task_is_done_and_says_of_which_module_its_record_is_unless_that_is_a_contact() {
    let request = Zoho.request(&org(), &Call::WriteEntries(vec![entry(EntryKind::Task, "cx1-a")]));
    assert_eq!((request.method, path(&request).as_str()), ("POST", "Tasks"));
    assert_eq!(
        body(&request),
        json!({"trigger": [], "data": [{"Subject": "WhatsApp chat with Aiko (02/01/2026)", "Description": "Hello",
            "Due_Date": "2026-01-02", "Status": "Completed", "Owner": {"id": USER}, "Who_Id": {"id": CONTACT}}]})
    );
    let on_lead = EntryWrite { who: record(Module::Lead, LEAD), ..entry(EntryKind::Task, "cx1-a") };
    let task = &body(&Zoho.request(&org(), &Call::WriteEntries(vec![on_lead])))["data"][0];
    assert_eq!((&task["What_Id"], &task["$se_module"]), (&json!({"id": LEAD}), &json!("Leads")));
    assert_eq!(task.get("Who_Id"), None);
    let change = EntryWrite { id: Some(NOTE.to_owned()), ..entry(EntryKind::Task, "cx1-a") };
    let task = &body(&Zoho.request(&org(), &Call::WriteEntries(vec![change])))["data"][0];
    assert!(
        task.get("Owner").is_none() && task.get("Status").is_none(),
        "people may have changed them: {task}"
    );
}

#[test]
fn a_hundred_entries_of_one_kind_go_at_once_and_none_twice() {
    let many: Vec<_> = (0..101).map(|n| entry(EntryKind::Note, &format!("cx1-{n}"))).collect();
    let sent = body(&Zoho.request(&org(), &Call::WriteEntries(many)));
    assert_eq!(sent["data"].as_array().map(Vec::len), Some(100));
    let call = Call::WriteEntries(vec![entry(EntryKind::Note, "cx1-a"), entry(EntryKind::Note, "cx1-a")]);
    let found = outcomes(&call, 201, &elements(&[success(NOTE)]));
    assert_eq!((&found[0].verdict, found[0].id.as_deref()), (&Verdict::Done, Some(NOTE)));
    assert!(matches!(found[1].verdict, Verdict::Again { .. }));
}

#[test]
fn a_lost_note_is_found_by_its_text_on_the_record_and_the_first_made_counts() {
    let call = Call::VerifyEntries(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    assert_eq!(
        path(&Zoho.request(&org(), &call)),
        format!(
            "Contacts/{CONTACT}/Notes?fields=Note_Title,Note_Content,Parent_Id,Created_Time,Modified_Time&per_page=200\
             &sort_by=Created_Time&sort_order=desc"
        )
    );
    let Ok(Answer::Keyed(found)) = reply(&call, 200, fixture!("notes.json")) else { panic!("keys") };
    assert_eq!(found.len(), 1);
    assert_eq!((found[KEY].id.as_str(), found[KEY].key.as_deref()), (FIRST, Some(KEY)));
    assert_eq!(found[KEY].who_id.as_deref(), Some(CONTACT));
}

#[test]
fn the_beginning_of_a_longer_key_is_another_one() {
    let short = &KEY[..20];
    let call = Call::VerifyEntries(vec![keyed(EntryKind::Note, short, (Module::Contact, CONTACT))]);
    assert_eq!(
        reply(&call, 200, fixture!("notes.json")),
        Ok(Answer::Keyed(std::collections::BTreeMap::new()))
    );
}

#[test]
fn each_record_is_asked_for_its_notes_and_one_that_is_gone_has_none() {
    let call = Call::VerifyEntries(vec![
        keyed(EntryKind::Note, KEY, (Module::Lead, LEAD)),
        keyed(EntryKind::Note, "cx1-x", (Module::Lead, LEAD)),
        keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT)),
    ]);
    let gone = r#"{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"the related id given seems to be invalid","status":"error"}"#;
    let Ok(Answer::Part(part, next)) = reply(&call, 400, gone) else { panic!("a part") };
    assert_eq!(*part, Answer::Keyed(std::collections::BTreeMap::new()));
    assert!(path(&Zoho.request(&org(), &next)).starts_with(&format!("Contacts/{CONTACT}/Notes")));
    assert!(
        matches!(reply(&next, 200, fixture!("notes.json")), Ok(Answer::Keyed(found)) if found.len() == 1)
    );
}

#[test]
fn lost_tasks_are_queried_by_their_records_or_by_when_they_were_made() {
    let call = Call::VerifyEntries(vec![
        keyed(EntryKind::Task, TASK_KEY, (Module::Contact, CONTACT)),
        keyed(EntryKind::Task, "cx1-x", (Module::Lead, LEAD)),
    ]);
    assert_eq!(
        query(&Zoho.request(&org(), &call)),
        format!(
            "select Subject, Description, Who_Id, What_Id, Created_Time, Modified_Time from Tasks where \
             ((Created_Time >= '2026-01-02T02:00:00+00:00' or Who_Id in ('{CONTACT}')) or What_Id in ('{LEAD}')) \
             order by Modified_Time desc limit 0, 200"
        )
    );
    let Ok(Answer::Keyed(found)) = reply(&call, 200, fixture!("tasks.json")) else { panic!("keys") };
    assert_eq!(found[TASK_KEY].who_id.as_deref(), Some(CONTACT));
}

#[test]
fn notes_are_read_one_by_one_because_only_administrators_may_list_them() {
    let ids = ["6044000000600001", "no id", "6044000000600002", FIRST].map(str::to_owned).to_vec();
    let call = Call::ReadEntries { kind: EntryKind::Note, ids };
    assert_eq!(
        path(&Zoho.request(&org(), &call)),
        format!("Notes/{FIRST}?fields=Note_Title,Note_Content,Parent_Id,Created_Time,Modified_Time")
    );
    let Ok(Answer::Part(part, next)) = reply(&call, 200, fixture!("note.json")) else { panic!("a part") };
    let Answer::Entries(read) = *part else { panic!("entries") };
    assert_eq!((read[0].id.as_str(), read[0].body.as_str()), (FIRST, "09:00 Aiko: Hello"));
    assert_eq!(Some(read[0].modified_at), Timestamp::parse("2026-01-02T03:00:00Z"));
    let request = path(&Zoho.request(&org(), &next));
    assert!(request.starts_with("Notes/6044000000600002?"), "{request}");
}

#[test]
fn tasks_are_read_a_hundred_at_a_time() {
    let call = Call::ReadEntries { kind: EntryKind::Task, ids: vec!["6044000000700001".to_owned()] };
    let request = path(&Zoho.request(&org(), &call));
    assert!(request.starts_with("Tasks?ids=6044000000700001&fields=Subject,Description,"), "{request}");
    assert!(
        matches!(reply(&call, 200, fixture!("tasks.json")), Ok(Answer::Entries(read)) if read.len() == 1)
    );
    assert_eq!(reply(&call, 204, ""), Ok(Answer::Entries(Vec::new())));
}
