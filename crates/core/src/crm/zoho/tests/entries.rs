//! Notes and tasks.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    CONTACT, LEAD, NOTE, USER, Zoho, body, elements, entry, fixture, org, outcomes, path, query, record,
    reply, success,
};
use crate::{
    crm::{Answer, Call, Crm, EntryRecord, EntryWrite, KeyedEntry, Request, Sought},
    lane::Verdict,
    record::{EntryKind, Module, RecordRef},
    time::Timestamp,
};

const FIRST: &str = "6044000000600001";
const KEY: &str = "cx1-aaaaaaaaaaaaaaaaaaaaaaaaaa";
const TASK_KEY: &str = "cx1-bbbbbbbbbbbbbbbbbbbbbbbbbb";

fn keyed(kind: EntryKind, key: &str, who: (Module, &str)) -> KeyedEntry {
    let since = Timestamp::parse("2026-01-02T03:00:00Z").expect("a time");
    KeyedEntry { kind, key: key.to_owned(), on: vec![record(who.0, who.1)], since }
}

fn search(keyed: Vec<KeyedEntry>) -> Call {
    Call::VerifyEntries { keyed, page: None }
}

fn nothing() -> Answer {
    Answer::Keyed(BTreeMap::new())
}

/// What an answer found, by key.
fn found(answer: &Answer) -> BTreeMap<String, EntryRecord> {
    let Answer::Keyed(keyed) = answer else { panic!("no keys: {answer:?}") };
    keyed.iter().filter_map(|(key, sought)| Some((key.clone(), sought.clone().found()?))).collect()
}

fn since(request: &Request) -> Option<&str> {
    request.headers.iter().find(|(name, _)| *name == "if-modified-since").map(|(_, value)| value.as_str())
}

/// A page of notes: number, minutes past two, and text.
fn notes(rows: &[(u32, u32, &str)], goes_on: bool) -> String {
    let note = |(number, minutes, text): &(u32, u32, &str)| {
        let at = format!("2026-01-02T02:{minutes:02}:00+00:00");
        json!({"id": format!("{}", 6_044_000_000_600_000_u64 + u64::from(*number)), "Note_Title": "WhatsApp",
            "Note_Content": text, "Created_Time": at, "Modified_Time": at})
    };
    let rows: Vec<Value> = rows.iter().map(note).collect();
    json!({"data": rows, "info": {"more_records": goes_on, "next_page_token": null}}).to_string()
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
    let call = search(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    let request = Zoho.request(&org(), &call);
    assert_eq!(
        path(&request),
        format!(
            "Contacts/{CONTACT}/Notes?fields=Note_Title,Note_Content,Parent_Id,Created_Time,Modified_Time&per_page=200\
             &sort_by=Created_Time&sort_order=desc"
        )
    );
    assert_eq!(
        since(&request),
        Some("2026-01-02T02:00:00+00:00"),
        "none was made before it was first attempted"
    );
    let told = found(&reply(&call, 200, fixture!("notes.json")).expect("keys"));
    assert_eq!(told.len(), 1);
    assert_eq!((told[KEY].id.as_str(), told[KEY].key.as_deref()), (FIRST, Some(KEY)));
    assert_eq!(told[KEY].who_id.as_deref(), Some(CONTACT));
    assert_eq!(reply(&call, 304, ""), Ok(nothing()), "no newer ones");
}

#[test]
fn a_lost_note_behind_hundreds_of_others_is_found_on_a_further_page() {
    let call = search(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    let others = notes(&[(9, 40, "called"), (8, 30, "called again")], true);
    let Ok(Answer::Part(first, next)) = reply(&call, 200, &others) else { panic!("a part") };
    assert_eq!(*first, nothing());
    assert!(path(&Zoho.request(&org(), &next)).contains("&page=2"), "{next:?}");
    let mine = format!("https://c.test/inbox/1#{KEY}");
    let Ok(Answer::Part(second, next)) = reply(&next, 200, &notes(&[(7, 20, &mine)], true)) else {
        panic!("a part")
    };
    let last = reply(&next, 200, &notes(&[(6, 10, &mine)], false)).expect("keys");
    let whole = first.join(*second).and_then(|so_far| so_far.join(last)).expect("one answer");
    assert_eq!(found(&whole)[KEY].id, "6044000000600006", "of two the first made counts");
    let by_token = others.replace("\"next_page_token\":null", "\"next_page_token\":\"t 1\"");
    let Ok(Answer::Part(_, next)) = reply(&call, 200, &by_token) else { panic!("a part") };
    assert!(path(&Zoho.request(&org(), &next)).ends_with("&page_token=t 1"), "{next:?}");
}

#[test]
fn a_list_that_reaches_back_to_before_the_attempt_is_read_no_further_if_it_is_in_order() {
    let call = search(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    let old = |at: &str| notes(&[(9, 40, "called"), (8, 30, "called again")], true).replace("T02:30", at);
    assert_eq!(reply(&call, 200, &old("T01:59")), Ok(nothing()));
    let first_is_older = old("T01:59").replace("T02:40", "T01:20");
    assert!(
        matches!(reply(&call, 200, &first_is_older), Ok(Answer::Part(..))),
        "in no order that tells anything"
    );
}

#[test]
fn notes_that_can_be_listed_no_further_leave_it_open_whether_one_was_written() {
    let call = search(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    let Ok(Answer::Part(_, next)) = reply(&call, 200, &notes(&[(9, 40, "called")], true)) else {
        panic!("a part")
    };
    let refused = r#"{"code":"DISCRETE_PAGINATION_LIMIT_EXCEEDED","details":{"limit":2000},"message":"use page_token","status":"error"}"#;
    let Ok(Answer::Keyed(sought)) = reply(&next, 400, refused) else { panic!("keys") };
    assert!(matches!(&sought[KEY], Sought::Unsure(why) if why.contains("no further")), "{sought:?}");
    let Ok(Answer::Keyed(sought)) = reply(&next, 200, &notes(&[], true)) else { panic!("keys") };
    assert!(matches!(&sought[KEY], Sought::Unsure(_)), "a page without rows leads nowhere: {sought:?}");
}

#[test]
fn a_long_note_is_read_by_itself_because_lists_may_cut_it() {
    let call = search(vec![keyed(EntryKind::Note, KEY, (Module::Contact, CONTACT))]);
    let cut = "a".repeat(500);
    let listed = notes(&[(9, 40, &cut), (8, 30, "short"), (7, 20, &cut)], false);
    let Ok(Answer::Part(_, next)) = reply(&call, 200, &listed) else { panic!("a part") };
    assert!(path(&Zoho.request(&org(), &next)).starts_with("Notes/6044000000600009?fields="), "{next:?}");
    let Ok(Answer::Part(part, next)) = reply(&next, 200, &notes(&[(9, 40, &cut)], false)) else {
        panic!("a part")
    };
    assert_eq!(*part, nothing());
    let whole = format!("{cut} https://c.test/inbox/1#{KEY}");
    let told = found(&reply(&next, 200, &notes(&[(7, 20, &whole)], false)).expect("keys"));
    assert_eq!((told[KEY].id.as_str(), &told[KEY].body), ("6044000000600007", &whole));
    assert_eq!(reply(&next, 204, ""), Ok(nothing()), "it was deleted meanwhile");
}

#[test]
fn the_beginning_of_a_longer_key_is_another_one() {
    let short = &KEY[..20];
    let call = search(vec![keyed(EntryKind::Note, short, (Module::Contact, CONTACT))]);
    assert_eq!(reply(&call, 200, fixture!("notes.json")), Ok(nothing()));
}

#[test]
fn each_record_is_asked_for_its_notes_and_one_that_is_gone_has_none() {
    let on: Vec<RecordRef> = vec![record(Module::Lead, LEAD), record(Module::Contact, CONTACT)];
    let call = search(vec![
        KeyedEntry { on, ..keyed(EntryKind::Note, KEY, (Module::Lead, LEAD)) },
        keyed(EntryKind::Note, "cx1-x", (Module::Lead, LEAD)),
    ]);
    let gone = r#"{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"the related id given seems to be invalid","status":"error"}"#;
    let Ok(Answer::Part(part, next)) = reply(&call, 400, gone) else { panic!("a part") };
    assert_eq!(*part, nothing());
    assert!(path(&Zoho.request(&org(), &next)).starts_with(&format!("Contacts/{CONTACT}/Notes")));
    let told = found(&reply(&next, 200, fixture!("notes.json")).expect("keys"));
    assert_eq!(told.keys().collect::<Vec<_>>(), [KEY]);
    let on_lead = fixture!("notes.json");
    let Ok(Answer::Keyed(there)) = reply(&call, 200, on_lead) else {
        panic!("what is found needs no other record")
    };
    assert_eq!(there.keys().collect::<Vec<_>>(), [KEY]);
}

#[test]
fn lost_tasks_are_queried_by_when_they_were_made_whatever_they_stand_on_by_now() {
    let call = search(vec![
        keyed(EntryKind::Task, TASK_KEY, (Module::Contact, CONTACT)),
        keyed(EntryKind::Task, "cx1-x", (Module::Lead, LEAD)),
    ]);
    assert_eq!(
        query(&Zoho.request(&org(), &call)),
        "select Subject, Description, Who_Id, What_Id, Created_Time, Modified_Time from Tasks where \
         Created_Time >= '2026-01-02T02:00:00+00:00' order by Created_Time asc, id asc limit 0, 200"
    );
    let told = found(&reply(&call, 200, fixture!("tasks.json")).expect("keys"));
    assert_eq!(told[TASK_KEY].who_id.as_deref(), Some(CONTACT));
    let Ok(Answer::Part(_, next)) = reply(&call, 200, fixture!("tasks_page.json")) else { panic!("a part") };
    assert!(query(&Zoho.request(&org(), &next)).ends_with("limit 200, 200"), "{next:?}");
    let both = fixture!("tasks.json").replace("\"more_records\": false", "\"more_records\": true");
    let Ok(Answer::Part(_, next)) = reply(&call, 200, &both) else { panic!("a part") };
    let Call::VerifyEntries { keyed, .. } = &*next else { panic!("{next:?}") };
    assert_eq!(keyed.len(), 1, "what is found is not looked for any more");
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
