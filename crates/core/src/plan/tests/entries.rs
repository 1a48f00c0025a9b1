//! Entries: which are written, in which order, how a lost answer is found again, and what people's hands are left to.

use std::collections::BTreeMap;

use super::kit::{at, inactive, key_by, org, record, user};
use crate::{
    call::{Call, EntryRecord, Sought},
    lane::{HoldReason, retry},
    plan::{
        compose::{Line, fingerprint},
        entries::{EntryState, Input, Known, PartState, Plan, Surroundings, Write, plan},
        key,
        settings::ChatSync,
    },
    record::{CrmUser, EntryKeying, EntryKind, Module, OrgProfile},
    time::{Timestamp, Zone},
    timeline::{Content, Direction, Part},
};

/// Due entries, and what a pass over them depends on.
struct Due {
    now: Timestamp,
    org: OrgProfile,
    settings: ChatSync,
    entries: Vec<EntryState>,
    known: Known,
    described_at: Timestamp,
    entries_per_call: usize,
    reads_per_call: usize,
}

fn now() -> Timestamp {
    at("2026-01-02T12:00:00Z")
}

fn users() -> Vec<CrmUser> {
    vec![user("admin", "admin@acme.example"), user("olga", "olga@acme.example")]
}

fn due(entries: Vec<EntryState>) -> Due {
    Due {
        now: now(),
        org: org(),
        settings: ChatSync::default(),
        entries,
        known: Known { users: Some(users()), ..Known::default() },
        described_at: Timestamp(0),
        entries_per_call: 200,
        reads_per_call: 100,
    }
}

impl Due {
    fn with_token(mut self) -> Self {
        key_by(&mut self.org, Some(EntryKeying::Token("CallObject".into())));
        self
    }

    fn plan(&self) -> Plan {
        let zone = Zone::utc();
        let input = Input {
            now: self.now,
            settled: retry::SETTLED,
            zone: &zone,
            region: None,
            settings: &self.settings,
            org: &self.org,
            described_at: self.described_at,
            entries_per_call: self.entries_per_call,
            reads_per_call: self.reads_per_call,
            entries: &self.entries,
            known: &self.known,
        };
        let planned = plan(&input);
        assert_eq!(plan(&input), planned, "the same input gives the same plan");
        assert!(planned.asks.is_empty() || planned.writes.is_empty(), "asks come before writes");
        planned
    }

    /// What is planned once everything is read; the CRM says this of each record.
    fn reading(&mut self, says: Option<&EntryRecord>) -> Plan {
        for call in self.plan().asks {
            let Call::ReadEntries { ids, .. } = call else { panic!("{call:?}") };
            self.known.records.extend(ids.into_iter().map(|id| (id, says.cloned())));
        }
        self.plan()
    }

    /// What is planned once every key is looked for; the CRM has this for each.
    fn looking(&mut self, has: Option<&EntryRecord>) -> Plan {
        for call in self.plan().asks {
            let Call::VerifyEntries { keyed, .. } = call else { panic!("{call:?}") };
            let has = has.cloned().map(Sought::Found);
            self.known.keyed.extend(keyed.into_iter().map(|keyed| (keyed.key, has.clone())));
        }
        self.plan()
    }

    /// Stores that these writes are done, as the lane does.
    fn carry_out(&mut self, writes: &[Write]) {
        for write in writes {
            let entry = self.entries.iter_mut().find(|entry| entry.id == write.entry_id).expect("the entry");
            let id = write.write.id.clone().unwrap_or_else(|| format!("T{}-{}", write.entry_id, write.part));
            let part = PartState {
                record_id: Some(id),
                written_hash: Some(write.hash.clone()),
                ..PartState::default()
            };
            entry.parts.insert(write.part, part);
            for line in &mut entry.lines {
                line.parts.clone_from(&write.pieces[&line.item_id]);
            }
        }
    }
}

fn line(item_id: i64, text: &str) -> Line {
    Line {
        item_id,
        message: format!("msg_{item_id}"),
        at: now().plus(std::time::Duration::from_secs(item_id.unsigned_abs())),
        direction: Direction::In,
        author: "Anna".into(),
        content: Content { parts: vec![Part::Text(text.into())] },
        is_edited: false,
        is_revoked: false,
        parts: Vec::new(),
    }
}

/// The first entry of a conversation, with one message.
fn entry(id: i64, conversation_id: i64) -> EntryState {
    EntryState {
        id,
        kind: EntryKind::Task,
        key: format!("cx1-{id}"),
        wanted: 1,
        written: 0,
        is_grouped: false,
        who: Some(record(Module::Lead, "l")),
        lines: vec![line(id, &format!("text {id}"))],
        parts: BTreeMap::new(),
        surroundings: Surroundings {
            conversation_id,
            channel: "WhatsApp".into(),
            account: "Support".into(),
            person: "Anna".into(),
            customer: "+48123456789".into(),
            assignee_email: Some("olga@acme.example".into()),
            conversation: format!("cnv_{conversation_id}"),
            chat_url: format!("https://inbox.example/c/{conversation_id}"),
            ..Surroundings::default()
        },
    }
}

/// A text of several parts.
fn long(id: i64, conversation_id: i64) -> EntryState {
    EntryState { lines: vec![line(id, &"word ".repeat(15_000))], ..entry(id, conversation_id) }
}

/// Sent, and no answer came.
fn lost(mut entry: EntryState) -> EntryState {
    entry.parts.insert(1, PartState { unknown_since: Some(now()), ..PartState::default() });
    entry
}

/// Written as it is, and then something changed.
fn written_then_edited(entry: EntryState, text: &str) -> (EntryState, EntryRecord) {
    let mut due = due(vec![entry]);
    let writes = due.plan().writes;
    due.carry_out(&writes);
    let mut entry = due.entries.remove(0);
    entry.written = 1;
    entry.wanted = 2;
    entry.lines[0].content = Content { parts: vec![Part::Text(text.into())] };
    entry.lines[0].is_edited = true;
    let first = &writes[0].write;
    (entry, there("T", &first.subject, &first.body))
}

fn there(id: &str, subject: &str, body: &str) -> EntryRecord {
    EntryRecord {
        id: id.into(),
        key: None,
        who_id: None,
        subject: subject.into(),
        body: body.into(),
        is_deleted: false,
        created_at: now(),
        modified_at: now(),
    }
}

fn entries_of(writes: &[Write]) -> Vec<i64> {
    writes.iter().map(|write| write.entry_id).collect()
}

#[test]
fn a_new_entry_is_written_once_with_key_owner_and_record() {
    let mut due = due(vec![entry(1, 1)]);
    let plan = due.plan();
    let [write] = plan.writes.as_slice() else { panic!("one write: {plan:?}") };
    assert_eq!((write.revision, write.part, write.parts), (1, 1, 1));
    assert_eq!(write.write.key, "cx1-1");
    assert_eq!((write.write.id.as_deref(), write.write.owner_id.as_deref()), (None, Some("olga")));
    assert_eq!(write.write.who, record(Module::Lead, "l"));
    assert_eq!(write.hash, fingerprint(&write.write.subject, &write.write.body));
    due.carry_out(&plan.writes);
    let after = due.plan();
    assert!(after.writes.is_empty() && after.asks.is_empty());
    assert_eq!(after.current.len(), 1, "only the revision is to be marked");
}

#[test]
fn an_entry_without_a_record_waits_without_a_plan() {
    assert_eq!(due(vec![EntryState { who: None, ..entry(1, 1) }]).plan(), Plan::default());
}

#[test]
fn nothing_is_made_before_the_users_are_known() {
    let mut due = due(vec![entry(1, 1)]);
    due.known.users = None;
    due.settings.default_owner = Some("boss".into());
    let plan = due.plan();
    let emails = vec!["olga@acme.example".into()];
    assert_eq!(plan.asks, [Call::Users { emails, ids: vec!["admin".into(), "boss".into()], page: None }]);
    assert!(plan.writes.is_empty());
}

#[test]
fn a_change_needs_no_user_and_keeps_the_owner() {
    let (entry, record) = written_then_edited(entry(1, 1), "new");
    let mut due = due(vec![entry]);
    due.known.users = None;
    let plan = due.reading(Some(&record));
    assert_eq!(plan.writes[0].write.owner_id, None);
}

#[test]
fn an_inactive_assignees_entry_goes_to_the_next_in_the_chain() {
    let mut due = due(vec![entry(1, 1)]);
    due.known.users =
        Some(users().into_iter().map(|user| if user.id == "olga" { inactive(user) } else { user }).collect());
    assert_eq!(due.plan().writes[0].write.owner_id.as_deref(), Some("admin"));
}

#[test]
fn entries_are_written_together_in_order() {
    let entries = (1..=6).map(|id| entry(id, id % 2)).collect();
    assert_eq!(entries_of(&due(entries).plan().writes), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn what_does_not_fit_in_a_call_is_the_end_of_the_order() {
    let mut due = due((1..=6).map(|id| entry(id, id % 2)).collect());
    due.entries_per_call = 4;
    let writes = due.plan().writes;
    assert_eq!(entries_of(&writes), [1, 2, 3, 4]);
    due.carry_out(&writes);
    assert_eq!(entries_of(&due.plan().writes), [5, 6]);
}

#[test]
fn parts_of_a_long_text_are_cut_off_in_order_and_follow() {
    let mut due = due(vec![long(1, 1), entry(2, 1)]);
    due.entries_per_call = 2;
    let mut order = Vec::new();
    for _ in 0..5 {
        let writes = due.plan().writes;
        order.extend(writes.iter().map(|write| (write.entry_id, write.part)));
        due.carry_out(&writes);
    }
    assert_eq!(order, [(1, 1), (1, 2), (1, 3), (2, 1)]);
    assert_eq!(due.plan().current.len(), 2);
}

#[test]
fn each_part_has_its_own_key_and_says_how_many_there_are() {
    let writes = due(vec![long(1, 1)]).plan().writes;
    let keys: Vec<_> = writes.iter().map(|write| write.write.key.clone()).collect();
    assert_eq!(keys, [key::part_key("cx1-1", 1), key::part_key("cx1-1", 2), key::part_key("cx1-1", 3)]);
    assert!(writes.iter().all(|write| write.parts == 3 && write.pieces[&1] == [1, 2, 3]));
}

#[test]
fn a_lost_answer_is_written_again_by_its_key_where_the_org_has_one() {
    let plan = due(vec![lost(entry(1, 1)), entry(2, 1)]).plan();
    assert!(plan.asks.is_empty());
    assert_eq!(entries_of(&plan.writes), [1, 2], "writing by key changes nothing that is there");
    assert_eq!(plan.writes[0].write.key, "cx1-1");
}

#[test]
fn a_lost_answer_is_looked_for_first_where_only_a_token_marks_it() {
    let plan = due(vec![lost(entry(1, 1))]).with_token().plan();
    let [Call::VerifyEntries { keyed, .. }] = plan.asks.as_slice() else { panic!("{plan:?}") };
    assert_eq!(
        (keyed[0].key.as_str(), keyed[0].on.as_slice()),
        ("cx1-1", [record(Module::Lead, "l")].as_slice())
    );
}

#[test]
fn a_lost_answer_is_looked_for_where_it_was_written_and_where_the_person_is_linked_now() {
    let mut relinked = lost(entry(1, 1));
    let attempted_on = vec![record(Module::Contact, "c"), record(Module::Lead, "other")];
    relinked.parts.get_mut(&1).expect("a part").attempted_on.clone_from(&attempted_on);
    let plan = due(vec![relinked]).with_token().plan();
    let [Call::VerifyEntries { keyed, .. }] = plan.asks.as_slice() else { panic!("{plan:?}") };
    assert_eq!(keyed[0].on, [attempted_on, vec![record(Module::Lead, "l")]].concat());
}

#[test]
fn a_search_that_did_not_come_to_its_end_writes_nothing_a_second_time() {
    let mut due = due(vec![lost(entry(1, 1)), entry(2, 1)]).with_token();
    let unsure = Sought::Unsure("too much to be looked through".into());
    due.known.keyed.insert("cx1-1".into(), Some(unsure));
    due.now = now().plus(retry::SETTLED);
    let plan = due.plan();
    assert_eq!(entries_of(&plan.writes), [2], "what waits for somebody blocks nobody");
    assert_eq!((plan.holds[0].entry_id, plan.holds[0].reason), (1, HoldReason::Unexpected));
    assert!(plan.holds[0].detail.contains("too much to be looked through"), "{plan:?}");
}

#[test]
fn an_entry_that_is_found_is_adopted_and_not_written_again() {
    let mut due = due(vec![lost(entry(1, 1))]).with_token();
    let asked = due.plan();
    assert_eq!(asked.asks.len(), 1);
    let fresh = super::entries::due(vec![entry(1, 1)]).plan().writes.remove(0);
    let record = there("T9", &fresh.write.subject, &fresh.write.body);
    let plan = due.looking(Some(&record));
    let [adoption] = plan.adoptions.as_slice() else { panic!("{plan:?}") };
    assert_eq!((adoption.record_id.as_str(), adoption.part, &adoption.hash), ("T9", 1, &fresh.hash));
    assert!(plan.writes.is_empty());
}

#[test]
fn an_entry_that_is_not_found_is_made_again_only_when_it_cannot_come_true_any_more() {
    let mut due = due(vec![lost(entry(1, 1))]).with_token();
    let plan = due.looking(None);
    assert!(plan.writes.is_empty());
    let (entry_id, until, parts) = &plan.waits[0];
    assert_eq!((*entry_id, parts.as_slice()), (1, [1].as_slice()));
    assert!(*until > now() && *until <= now().plus(retry::SETTLED));
    due.now = now().plus(retry::SETTLED);
    assert_eq!(entries_of(&due.plan().writes), [1]);
}

#[test]
fn behind_a_lost_answer_nothing_of_its_conversation_is_first_attempted() {
    let entries = vec![lost(entry(1, 1)), entry(2, 1), entry(3, 2), entry(4, 1)];
    let plan = due(entries).with_token().looking(None);
    assert_eq!(entries_of(&plan.writes), [3], "the other conversation goes on");
    assert_eq!(plan.waits.len(), 1);
}

#[test]
fn what_was_attempted_before_goes_on_behind_a_lost_answer() {
    let mut attempted = entry(2, 1);
    attempted.parts.insert(1, PartState::default());
    let plan = due(vec![lost(entry(1, 1)), attempted]).with_token().looking(None);
    assert_eq!(entries_of(&plan.writes), [2]);
}

#[test]
fn a_grown_entry_that_waits_blocks_nobody_since_it_was_written() {
    let mut grown = lost(entry(1, 1));
    grown.written = 1;
    let plan = due(vec![grown, entry(2, 1)]).with_token().looking(None);
    assert_eq!(entries_of(&plan.writes), [2]);
}

#[test]
fn an_edit_is_read_before_it_is_written_by_id() {
    let (entry, record) = written_then_edited(entry(1, 1), "the new text");
    let mut due = due(vec![entry]);
    assert_eq!(due.plan().asks, [Call::ReadEntries { kind: EntryKind::Task, ids: vec!["T1-1".into()] }]);
    let plan = due.reading(Some(&record));
    let write = &plan.writes[0];
    assert_eq!((write.revision, write.write.id.as_deref()), (2, Some("T1-1")));
    assert!(write.write.body.starts_with("the new text\n"));
    assert_eq!(write.write.unmodified_since, Some(record.modified_at));
    due.carry_out(&plan.writes);
    assert_eq!(due.plan().current[0].revision, 2);
}

#[test]
fn what_the_crm_did_to_white_space_is_no_edit() {
    let (entry, record) = written_then_edited(entry(1, 1), "new");
    let body = format!("{}  \r\n", record.body.replace('\n', "\r\n"));
    let plan = due(vec![entry]).reading(Some(&EntryRecord { body, ..record }));
    assert!(plan.holds.is_empty());
    assert_eq!(entries_of(&plan.writes), [1]);
}

#[test]
fn what_a_person_edited_in_the_crm_is_left_and_reported() {
    let (entry, record) = written_then_edited(entry(1, 1), "new");
    let plan = due(vec![entry]).reading(Some(&EntryRecord { body: "my own words".into(), ..record }));
    assert!(plan.writes.is_empty());
    assert_eq!(plan.holds[0].reason, HoldReason::EditedInCrm);
}

#[test]
fn what_a_person_edited_is_written_over_only_on_request() {
    let (mut entry, record) = written_then_edited(entry(1, 1), "new");
    entry.parts.get_mut(&1).expect("the part").written_hash = None;
    let plan = due(vec![entry]).reading(Some(&EntryRecord { body: "my own words".into(), ..record }));
    assert_eq!(entries_of(&plan.writes), [1]);
}

#[test]
fn what_a_person_deleted_in_the_crm_is_left_and_reported() {
    let (entry, record) = written_then_edited(entry(1, 1), "new");
    for says in [None, Some(EntryRecord { is_deleted: true, ..record })] {
        let plan = due(vec![entry.clone()]).reading(says.as_ref());
        assert!(plan.writes.is_empty(), "never made again by itself");
        assert_eq!(plan.holds[0].reason, HoldReason::DeletedInCrm);
    }
}

#[test]
fn an_entry_of_several_parts_is_held_once() {
    let (entry, record) = written_then_edited(long(1, 1), &"other ".repeat(15_000));
    let plan = due(vec![entry]).reading(Some(&EntryRecord { is_deleted: true, ..record }));
    assert_eq!(plan.holds.len(), 1);
}

#[test]
fn a_held_entry_blocks_nobody() {
    let (entry_1, record) = written_then_edited(entry(1, 1), "new");
    let mut due = due(vec![entry_1, entry(2, 1)]);
    let plan = due.plan();
    assert_eq!(entries_of(&plan.writes), [2], "nothing is read before what is new is written");
    due.carry_out(&plan.writes);
    let plan = due.reading(Some(&EntryRecord { is_deleted: true, ..record }));
    assert_eq!((plan.holds.len(), plan.writes.len()), (1, 0));
}

#[test]
fn a_change_whose_answer_was_lost_is_adopted_if_it_came_true_and_else_written_again() {
    let (mut edited, old) = written_then_edited(entry(1, 1), "new");
    edited.parts.get_mut(&1).expect("the part").unknown_since = Some(now());
    let again = due(vec![edited.clone()]).reading(Some(&old));
    let [write] = again.writes.as_slice() else { panic!("{again:?}") };
    let new = there("T1-1", &write.write.subject, &write.write.body);
    let plan = due(vec![edited]).reading(Some(&new));
    assert!(plan.writes.is_empty() && plan.holds.is_empty());
    assert_eq!(plan.adoptions[0].hash, write.hash);
}

#[test]
fn an_edit_taken_back_after_a_lost_change_is_looked_at_and_not_taken_as_written() {
    let (mut edited, old) = written_then_edited(entry(1, 1), "text 1");
    edited.lines[0].is_edited = false;
    edited.parts.get_mut(&1).expect("the part").unknown_since = Some(now());
    let mut due = due(vec![edited]);
    assert_eq!(due.plan().asks.len(), 1, "the lost change may stand there");
    let plan = due.reading(Some(&EntryRecord { body: "the lost change".into(), ..old }));
    assert_eq!(entries_of(&plan.writes), [1]);
}

#[test]
fn a_revision_that_changes_nothing_costs_no_call() {
    let (mut entry, _) = written_then_edited(entry(1, 1), "text 1");
    entry.lines[0].is_edited = false;
    let plan = due(vec![entry]).plan();
    assert!(plan.asks.is_empty() && plan.writes.is_empty());
    assert_eq!(plan.current[0].revision, 2);
}

#[test]
fn creations_go_before_changes_and_never_in_one_request() {
    let (edited, record) = written_then_edited(entry(1, 1), "new");
    let mut due = due(vec![edited, entry(2, 2)]);
    let plan = due.plan();
    assert_eq!(entries_of(&plan.writes), [2]);
    due.carry_out(&plan.writes);
    assert_eq!(entries_of(&due.reading(Some(&record)).writes), [1]);
}

#[test]
fn reads_are_asked_in_lists_as_long_as_the_crm_takes() {
    let entries: Vec<_> = (1..=5).map(|id| written_then_edited(entry(id, id), "new").0).collect();
    let due = Due { reads_per_call: 2, ..due(entries) };
    let sizes: Vec<_> = due
        .plan()
        .asks
        .iter()
        .map(|call| if let Call::ReadEntries { ids, .. } = call { ids.len() } else { 0 })
        .collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[test]
fn no_more_is_read_than_one_request_changes() {
    let (entries, records): (Vec<_>, Vec<_>) =
        (1..=5).map(|id| written_then_edited(entry(id, id), "new")).unzip();
    let mut due = Due { entries_per_call: 2, ..due(entries) };
    let read = |due: &Due| -> Vec<String> {
        let asks = due.plan().asks.into_iter();
        asks.flat_map(|call| if let Call::ReadEntries { ids, .. } = call { ids } else { Vec::new() })
            .collect()
    };
    assert_eq!(read(&due), ["T1-1", "T2-1"]);
    for (id, record) in ["T1-1", "T2-1"].into_iter().zip(records) {
        due.known.records.insert(id.to_owned(), Some(record));
    }
    let plan = due.plan();
    assert!(plan.asks.is_empty(), "the next are read when these are changed");
    assert_eq!(entries_of(&plan.writes), [1, 2]);
    due.carry_out(&plan.writes);
    assert_eq!(read(&due), ["T3-1", "T4-1"]);
}

#[test]
fn a_revoked_message_reaches_its_entry() {
    let (mut entry, record) = written_then_edited(entry(1, 1), "text 1");
    entry.lines[0].is_edited = false;
    entry.lines[0].is_revoked = true;
    let plan = due(vec![entry]).reading(Some(&record));
    assert!(plan.writes[0].write.body.starts_with("[deleted by the sender]\n"));
}

#[test]
fn a_day_that_grew_beyond_its_part_gets_a_second_one() {
    let lines = vec![line(1, &"word ".repeat(3_000))];
    let mut day = EntryState { is_grouped: true, lines, ..entry(1, 1) };
    let mut first = due(vec![day.clone()]);
    let writes = first.plan().writes;
    first.carry_out(&writes);
    day = EntryState { written: 1, wanted: 2, ..first.entries.remove(0) };
    day.lines.push(line(2, &"word ".repeat(4_000)));
    let record = there("T", &writes[0].write.subject, &writes[0].write.body);
    let mut due = due(vec![day]);
    let plan = due.plan();
    assert_eq!(
        plan.writes.iter().map(|write| (write.part, write.write.id.is_none())).collect::<Vec<_>>(),
        [(2, true)]
    );
    due.carry_out(&plan.writes);
    let plan = due.reading(Some(&record));
    assert_eq!(
        plan.writes.iter().map(|write| (write.part, write.write.id.is_none())).collect::<Vec<_>>(),
        [(1, false)]
    );
    assert!(plan.writes[0].write.subject.ends_with("(part 1)"));
}

#[test]
fn the_record_that_a_person_moved_to_takes_the_next_entry() {
    let mut entry = entry(1, 1);
    entry.who = Some(record(Module::Contact, "c"));
    assert_eq!(due(vec![entry]).plan().writes[0].write.who, record(Module::Contact, "c"));
}

#[test]
fn no_part_is_made_while_one_before_it_may_or_may_not_be_there() {
    let mut due = due(vec![lost(long(1, 1))]).with_token();
    assert!(due.plan().writes.is_empty(), "first it is looked for");
    let plan = due.looking(None);
    assert_eq!((plan.writes.len(), plan.waits.len()), (0, 1), "{plan:#?}");
}

#[test]
fn a_newer_revision_waits_while_an_older_one_may_still_come_true() {
    let (mut entry, there) = written_then_edited(entry(1, 1), "other words");
    let lost_at = now();
    entry.parts.get_mut(&1).expect("it is written").lost_at = Some(lost_at);
    let id = entry.parts[&1].record_id.clone();
    let mut due = due(vec![entry]);
    due.known.records.extend(id.map(|id| (id, Some(there))));
    let plan = due.plan();
    assert_eq!(plan.waits, [(1, lost_at.plus(retry::SETTLED), vec![1])], "{plan:#?}");
    assert!(plan.writes.is_empty());
}

#[test]
fn what_was_tried_before_the_org_was_described_is_looked_for_although_there_is_a_field_for_the_key() {
    let mut due = due(vec![lost(entry(1, 1))]);
    key_by(&mut due.org, Some(EntryKeying::External("Causeway_Key__c".into())));
    assert_eq!(due.plan().writes.len(), 1, "by the key that it was tried with");
    due.described_at = Timestamp(now().0 + 1);
    let plan = due.plan();
    assert!(plan.writes.is_empty());
    assert!(matches!(plan.asks[..], [Call::VerifyEntries { .. }]), "{plan:?}");
}
