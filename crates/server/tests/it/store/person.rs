//! People: links, holds, what we wrote.

use causeway::args;
use causeway::store::{
    Result, Tx, entry, lane,
    person::{self, Change, Person},
};
use causeway_core::{
    lane::{HoldReason, Who},
    plan::{matching::Trace, people::Written},
    record::{PersonField, PersonFields},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, CONTACT, HERE, a_lead, an_entry, no_record, person_of, put_person};

in_a_transaction!(
    a_person_reads_as_stored,
    a_trace_stays_until_there_is_a_new_one,
    the_time_of_a_link_is_that_of_its_record,
    the_value_before_ours_is_in_the_journal,
    only_those_without_a_record_wait_for_one,
    a_release_frees_the_person_and_what_was_held_with_them,
    a_release_by_reason_frees_those_and_no_others,
    a_record_that_moved_is_followed,
    every_suspect_is_remembered_once,
    what_a_lane_learned_gives_way_to_what_was_changed_by_hand_since_it_read,
    links_and_revisions_are_read_of_those_who_have_them,
);

fn full() -> Person {
    Person {
        contact_id: CONTACT,
        record: Some(a_lead("00Q")),
        trace: Some(Trace { searched: vec!["+14155550123".into()], ..Trace::default() }),
        must_follow: true,
        written: Written {
            is_ours: true,
            chat_links: [1, i64::MAX].into(),
            reopen_to: Some("Open".into()),
            name: PersonFields::from([(PersonField::LastName, "Ann".into())]),
        },
        hold: Some(no_record()),
        unknown_since: Some(NOW),
        looks: 2,
        tries: 3,
        suspects: vec![a_lead("00R")],
        allow_duplicate: true,
        due_at: NOW + 1,
        revision: 0,
    }
}

async fn a_person_reads_as_stored(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &full()).await?;
    let bare = Person { contact_id: CONTACT + 1, ..Person::default() };
    put_person(tx, &bare).await?;
    let found = person::of_contacts(tx, CONNECTION, &[CONTACT, CONTACT + 1, CONTACT + 2]).await?;
    assert_eq!(found, [(CONTACT, full()), (CONTACT + 1, bare.clone())].into());
    assert!(person::of_contacts(tx, CONNECTION + 1, &[CONTACT]).await?.is_empty());
    assert!(person::of_contacts(tx, CONNECTION, &[]).await?.is_empty());
    put_person(tx, &Person { contact_id: CONTACT, trace: full().trace, ..bare.clone() }).await?;
    assert_eq!(
        person_of(tx, CONTACT).await?,
        Some(Person { contact_id: CONTACT, trace: full().trace, ..bare })
    );
    Ok(())
}

async fn a_trace_stays_until_there_is_a_new_one(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &full()).await?;
    put_person(tx, &Person { trace: None, ..full() }).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(full()));
    Ok(())
}

async fn the_time_of_a_link_is_that_of_its_record(tx: &mut Tx<'_>) -> Result<()> {
    for (now, id, linked_at) in
        [(1, "a", Some(1)), (2, "a", Some(1)), (3, "b", Some(3)), (4, "", None), (5, "b", Some(5))]
    {
        let record = (!id.is_empty()).then(|| a_lead(id));
        person::put(tx, HERE, CONNECTION, &Person { record, ..full() }, now).await?;
        let row = scene::ask(tx, "SELECT linked_at FROM person", args![]).await?;
        assert_eq!(row.opt_int("linked_at")?, linked_at);
    }
    Ok(())
}

async fn the_value_before_ours_is_in_the_journal(tx: &mut Tx<'_>) -> Result<()> {
    for (id, before) in [(1, None), (2, Some("Closed".to_owned()))] {
        let change = Change {
            contact_id: CONTACT,
            record: a_lead("00Q"),
            field: "Status".into(),
            before,
            after: "Open".into(),
        };
        person::note_change(tx, HERE, CONNECTION, id, &change, NOW).await?;
    }
    let rows = tx.rows("SELECT module, before, after FROM journal ORDER BY id", args![]).await?;
    assert_eq!((rows[0].text("module")?, rows[0].opt_text("before")?), ("lead".into(), None));
    assert_eq!((rows[1].text("before")?, rows[1].text("after")?), ("Closed".into(), "Open".into()));
    Ok(())
}

fn held(contact_id: i64, reason: HoldReason) -> Person {
    Person { contact_id, hold: Some((reason, Who::CrmUser, String::new())), ..Person::default() }
}

async fn only_those_without_a_record_wait_for_one(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &held(1, HoldReason::NoRecord)).await?;
    put_person(tx, &held(2, HoldReason::NoAddress)).await?;
    put_person(tx, &Person { contact_id: 3, ..Person::default() }).await?;
    person::put(tx, HERE, CONNECTION + 1, &held(4, HoldReason::NoRecord), NOW).await?;
    assert_eq!(person::waiting_for_a_record(tx, CONNECTION).await?, [1]);
    Ok(())
}

/// A due entry of a contact, one that is held with the person and one that is held by itself.
async fn three_entries(tx: &mut Tx<'_>, contact_id: i64, first: i64) -> Result<()> {
    let (reason, who, detail) = no_record();
    for id in first..first + 3 {
        scene::put_entry(tx, &entry::NewEntry { contact_id: Some(contact_id), ..an_entry(id) }).await?;
    }
    entry::hold(tx, HERE, first + 2, (HoldReason::ValueRefused, Who::CrmUser, "too long"), false).await?;
    entry::hold(tx, HERE, first + 1, (reason, who, &detail), true).await
}

async fn a_release_frees_the_person_and_what_was_held_with_them(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    three_entries(tx, CONTACT, 1).await?;
    put_person(tx, &Person { tries: 4, ..held(CONTACT, HoldReason::NoRecord) }).await?;
    put_person(tx, &held(99, HoldReason::NoRecord)).await?;
    assert_eq!(person::release(tx, CONNECTION, CONTACT, NOW + 5).await?, 1);
    let free = person_of(tx, CONTACT).await?.unwrap();
    assert_eq!((free.hold, free.tries, free.due_at), (None, 0, NOW + 5));
    assert!(person_of(tx, 99).await?.unwrap().hold.is_some());
    let freed = scene::entry_row(tx, 2).await?;
    assert_eq!(
        (freed.text("state")?, freed.opt_text("reason")?, freed.int("due_at")?),
        ("due".into(), None, NOW + 5)
    );
    assert_eq!(scene::entry_state(tx, 3).await?, "held");
    assert_eq!(person::release(tx, CONNECTION, CONTACT, NOW + 6).await?, 0);
    Ok(())
}

async fn a_release_by_reason_frees_those_and_no_others(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for (contact_id, first, reason) in
        [(1, 10, HoldReason::NoRecord), (2, 20, HoldReason::NoRecord), (3, 30, HoldReason::NoOwner)]
    {
        put_person(tx, &held(contact_id, reason)).await?;
        three_entries(tx, contact_id, first).await?;
    }
    assert_eq!(person::release_all(tx, CONNECTION, HoldReason::NoRecord, NOW).await?, 2);
    assert!(person::waiting_for_a_record(tx, CONNECTION).await?.is_empty());
    assert_eq!(person_of(tx, 3).await?, Some(held(3, HoldReason::NoOwner)));
    assert_eq!(scene::entry_state(tx, 31).await?, "held");
    Ok(())
}

async fn a_record_that_moved_is_followed(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &held(1, HoldReason::NoRecord)).await?;
    put_person(tx, &held(2, HoldReason::NoRecord)).await?;
    person::must_follow(tx, CONNECTION, 1).await?;
    assert!(person_of(tx, 1).await?.unwrap().must_follow);
    assert!(!person_of(tx, 2).await?.unwrap().must_follow);
    Ok(())
}

async fn every_suspect_is_remembered_once(tx: &mut Tx<'_>) -> Result<()> {
    person::suspect(tx, CONNECTION, CONTACT, &a_lead("a")).await?;
    assert_eq!(person_of(tx, CONTACT).await?, None);
    put_person(tx, &held(CONTACT, HoldReason::NoRecord)).await?;
    for id in ["a", "b", "a"] {
        person::suspect(tx, CONNECTION, CONTACT, &a_lead(id)).await?;
    }
    assert_eq!(person_of(tx, CONTACT).await?.unwrap().suspects, [a_lead("a"), a_lead("b")]);
    lane::person_later(tx, CONNECTION, CONTACT, NOW).await
}

async fn what_a_lane_learned_gives_way_to_what_was_changed_by_hand_since_it_read(
    tx: &mut Tx<'_>,
) -> Result<()> {
    let by_hand = Person { contact_id: CONTACT, record: Some(a_lead("by hand")), ..Person::default() };
    let learned = Person { contact_id: CONTACT, record: Some(a_lead("learned")), ..Person::default() };
    // Of somebody who had no row when the lane read.
    person::put(tx, HERE, CONNECTION, &by_hand, NOW).await?;
    assert!(!person::put_if_unchanged(tx, HERE, CONNECTION, &learned, NOW).await?);
    assert_eq!(person_of(tx, CONTACT).await?, Some(Person { revision: 1, ..by_hand.clone() }));
    // The lane has read it now, and may go on until somebody changes it again.
    let read = Person { revision: 1, ..learned };
    assert!(person::put_if_unchanged(tx, HERE, CONNECTION, &read, NOW).await?);
    assert!(person::put_if_unchanged(tx, HERE, CONNECTION, &read, NOW).await?);
    assert_eq!(person_of(tx, CONTACT).await?, Some(read.clone()));
    person::put(tx, HERE, CONNECTION, &read, NOW).await?;
    assert!(!person::put_if_unchanged(tx, HERE, CONNECTION, &read, NOW).await?, "even to the same value");
    Ok(())
}

async fn links_and_revisions_are_read_of_those_who_have_them(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &Person { contact_id: 1, ..Person::default() }).await?;
    let linked = Person { contact_id: 2, record: Some(a_lead("00Q")), ..Person::default() };
    person::put(tx, HERE, CONNECTION, &linked, NOW).await?;
    person::put(tx, HERE, CONNECTION + 1, &Person { contact_id: 1, ..linked }, NOW).await?;
    assert_eq!(person::links(tx, CONNECTION, &[1, 2, 3]).await?, [(2, a_lead("00Q"))].into());
    assert_eq!(person::revisions(tx, CONNECTION, &[1, 2, 3]).await?, [(1, 0), (2, 1)].into());
    Ok(())
}
