//! Lists of entries: every filter, newest first, page by page, and counts that go no further than they have to.

use std::collections::BTreeSet;

use causeway::args;
use causeway::store::{
    Result, Tx,
    entry::{self, NewEntry},
    entry_list::{self, Filter, MOST_COUNTED, State},
    item, lane,
};
use causeway_core::{
    lane::{HOLD_REASONS, HoldReason, Who},
    record::Module,
    timeline::{Direction, Poison},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONNECTION, CONTACT, HERE, INTEGRATION, THERE, a_lead, a_raw, an_attempt, an_entry,
    an_item, no_record, says,
};

in_a_transaction!(
    entries_come_newest_first_and_page_by_page,
    every_filter_leaves_what_fits,
    an_answer_that_was_lost_is_being_checked,
    an_entry_brings_its_person_its_first_message_and_its_records,
    a_cause_is_one_line_however_many_entries_wait,
    no_cause_is_forgotten,
    counts_end_at_their_most,
    what_waits_behind_a_connection_is_counted,
    an_entry_knows_the_account_of_its_conversation,
);

async fn put(tx: &mut Tx<'_>, ids: impl IntoIterator<Item = i64>) -> Result<()> {
    scene::set(tx).await?;
    for id in ids {
        scene::put_entry(tx, &an_entry(id)).await?;
    }
    Ok(())
}

async fn ids(tx: &mut Tx<'_>, filter: Filter) -> Result<Vec<i64>> {
    entry_list::ids(tx, HERE, &filter, 100).await
}

fn state(state: State) -> Filter {
    Filter { state: Some(state), ..Filter::default() }
}

async fn entries_come_newest_first_and_page_by_page(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, 1..=7).await?;
    for id in [2, 5] {
        scene::write_entry(tx, id).await?;
    }
    let mut all = Vec::new();
    let mut filter = Filter::default();
    loop {
        let page = entry_list::ids(tx, HERE, &filter, 3).await?;
        let Some(last) = page.last() else { break };
        filter.before = Some(*last);
        all.extend(page);
    }
    assert_eq!(all, [7, 6, 5, 4, 3, 2, 1]);
    assert!(entry_list::ids(tx, THERE, &Filter::default(), 3).await?.is_empty());
    Ok(())
}

async fn every_filter_leaves_what_fits(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, 1..=5).await?;
    scene::write_entry(tx, 1).await?;
    entry::hold(tx, HERE, 2, (HoldReason::ValueRefused, Who::CrmUser, "too long"), false).await?;
    entry::hold(tx, HERE, 3, (HoldReason::NoOwner, Who::WorkspaceAdmin, ""), false).await?;
    scene::put_entry(tx, &NewEntry { due: Err("a rule".into()), ..an_entry(6) }).await?;
    for (wanted, expected) in [
        (State::Due, vec![5, 4]),
        (State::Written, vec![1]),
        (State::Held, vec![3, 2]),
        (State::Skipped, vec![6]),
        (State::Checking, vec![]),
    ] {
        assert_eq!(ids(tx, state(wanted)).await?, expected, "{wanted:?}");
        assert_eq!(State::named(wanted.word()), Some(wanted));
    }
    let refused = Filter { reason: Some(HoldReason::ValueRefused), ..Filter::default() };
    assert_eq!(ids(tx, refused).await?, [2]);
    assert_eq!(ids(tx, Filter { state: Some(State::Held), ..refused }).await?, [2]);
    assert!(ids(tx, Filter { state: Some(State::Due), ..refused }).await?.is_empty());
    assert!(ids(tx, Filter { contact_id: Some(CONTACT + 1), ..refused }).await?.is_empty());
    assert!(ids(tx, Filter { before: Some(2), ..refused }).await?.is_empty());
    for filter in [
        Filter { connection_id: Some(CONNECTION), ..state(State::Held) },
        Filter { account_id: Some(ACCOUNT), ..state(State::Held) },
        Filter { contact_id: Some(CONTACT), ..state(State::Held) },
    ] {
        assert_eq!(ids(tx, filter).await?, [3, 2], "{filter:?}");
        assert_eq!(ids(tx, Filter { state: None, ..filter }).await?, [6, 5, 4, 3, 2, 1], "{filter:?}");
    }
    for nobodys in [
        Filter { connection_id: Some(CONNECTION + 1), ..Filter::default() },
        Filter { account_id: Some(ACCOUNT + 1), ..Filter::default() },
        Filter { contact_id: Some(CONTACT + 1), ..Filter::default() },
    ] {
        assert!(ids(tx, nobodys).await?.is_empty(), "{nobodys:?}");
    }
    Ok(())
}

async fn an_answer_that_was_lost_is_being_checked(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, 1..=2).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW).await?;
    assert_eq!(ids(tx, state(State::Checking)).await?, [1]);
    assert!(entry_list::find(tx, HERE, 1).await?.is_some_and(|entry| entry.is_unknown));
    assert!(entry_list::find(tx, HERE, 2).await?.is_some_and(|entry| !entry.is_unknown));
    Ok(())
}

async fn an_entry_brings_its_person_its_first_message_and_its_records(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, [1]).await?;
    item::insert(tx, &item::NewItem { at: NOW + 1, content: says("later"), ..an_item(2) }).await?;
    entry::cover(tx, HERE, INTEGRATION, 2, 1).await?;
    scene::write_entry(tx, 1).await?;
    let person = causeway::store::person::Person {
        contact_id: CONTACT,
        record: Some(a_lead("00Q")),
        ..causeway::store::person::Person::default()
    };
    scene::put_person(tx, &person).await?;
    let page = entry_list::page(tx, HERE, &Filter::default(), 10).await?;
    let found = &page[0];
    assert_eq!(entry_list::find(tx, HERE, 1).await?.as_ref(), Some(found));
    assert_eq!(found.person.as_ref().map(|record| record.module), Some(Module::Lead));
    assert_eq!(found.name.as_deref(), Some("14155550123"), "without a name, by the address");
    assert_eq!((found.messages, found.records.clone()), (2, vec![(1, "00T".to_owned(), Some(NOW))]));
    let first = found.first.clone().unwrap();
    assert_eq!((first.item_id, first.content, first.direction), (1, says("hello"), Direction::In));
    let covered = entry_list::covered(tx, HERE, 1, 10).await?;
    assert_eq!(covered.iter().map(|one| one.item_id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(entry_list::covered(tx, HERE, 1, 1).await?.len(), 1);
    Ok(())
}

async fn a_cause_is_one_line_however_many_entries_wait(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, 1..=4).await?;
    let (reason, who, detail) = no_record();
    for id in [1, 2, 3] {
        entry::hold(tx, HERE, id, (reason, who, &detail), true).await?;
    }
    entry::hold(tx, HERE, 4, (HoldReason::Unexpected, Who::Operator, ""), false).await?;
    let poison = Poison { path: "a".into(), reason: "r".into(), raw: "x".into() };
    causeway::store::intake::quarantine(tx, &a_raw(1), &poison, NOW).await?;
    let (mut causes, quarantined) = entry_list::causes(tx, HERE).await?;
    causes.sort_by_key(|cause| cause.count);
    let told: Vec<_> = causes.iter().map(|cause| (cause.reason, cause.who, cause.count)).collect();
    assert_eq!(told, [(HoldReason::Unexpected, Who::Operator, 1), (reason, who, 3)]);
    assert_eq!(quarantined, 1);
    assert_eq!(entry_list::causes(tx, THERE).await?, (vec![], 0));
    Ok(())
}

async fn no_cause_is_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    let held: Vec<(i64, HoldReason)> = (1..).zip(HOLD_REASONS.iter().copied()).collect();
    let ids: Vec<i64> = held.iter().map(|(id, _)| *id).collect();
    put(tx, ids).await?;
    for (id, reason) in &held {
        entry::hold(tx, HERE, *id, (*reason, Who::Operator, ""), false).await?;
    }
    let (causes, _) = entry_list::causes(tx, HERE).await?;
    let told: BTreeSet<_> = causes.iter().map(|cause| cause.reason).collect();
    assert_eq!(told, HOLD_REASONS.iter().copied().collect());
    Ok(())
}

async fn counts_end_at_their_most(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for id in 1..=MOST_COUNTED + 5 {
        assert!(entry::insert(tx, &an_entry(id), NOW).await?);
    }
    assert_eq!(entry_list::waiting(tx, HERE, CONNECTION, None).await?, MOST_COUNTED + 1);
    tx.execute("UPDATE entry SET state = 'held', reason = 'no_owner', who = 'agent'", args![]).await?;
    let (causes, _) = entry_list::causes(tx, HERE).await?;
    assert_eq!((causes.len(), causes[0].count), (1, MOST_COUNTED + 1));
    Ok(())
}

async fn what_waits_behind_a_connection_is_counted(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, 1..=3).await?;
    scene::write_entry(tx, 1).await?;
    assert_eq!(entry_list::waiting(tx, HERE, CONNECTION, None).await?, 2);
    assert_eq!(entry_list::waiting(tx, HERE, CONNECTION, Some(INTEGRATION)).await?, 2);
    assert_eq!(entry_list::waiting(tx, HERE, CONNECTION, Some(INTEGRATION + 1)).await?, 0);
    assert_eq!(entry_list::waiting(tx, THERE, CONNECTION, None).await?, 0);
    Ok(())
}

async fn an_entry_knows_the_account_of_its_conversation(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, [1]).await?;
    assert_eq!(scene::entry_row(tx, 1).await?.int("account_id")?, ACCOUNT);
    entry::insert(tx, &NewEntry { conversation_id: 999, ..an_entry(2) }, NOW).await?;
    assert_eq!(scene::entry_row(tx, 2).await?.int("account_id")?, 0);
    Ok(())
}
