//! What a lane reads and records.

use causeway::args;
use causeway::store::{
    Result, Row, Tx, contact, conversation,
    entry::{self, NewEntry},
    integration::{self, Integration, State},
    item::{self, Change, NewItem},
    lane::{self, Around, NewAttempt, PartWritten},
    person::Person,
    source,
};
use causeway_core::{
    lane::{HoldReason, Who},
    plan::{entries::PartState, settings::Shape},
    record::{Module, RecordRef},
    time::Timestamp,
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONNECTION, CONTACT, CONVERSATION, HERE, INTEGRATION, MEMBER, THERE, a_creation,
    an_attempt, an_entry, an_integration, an_item, due_ids, no_record, person_of, phone, put_entry,
    put_person, says,
};

in_a_transaction!(
    due_comes_in_the_order_of_time_position_and_arrival,
    due_takes_no_more_than_asked_and_the_earliest,
    due_passes_over_what_is_not_to_be_written,
    due_never_returns_an_entry_behind_a_waiting_earlier_one,
    a_written_or_held_entry_keeps_nobody_back,
    an_entry_that_was_written_once_waits_for_nobody,
    due_brings_everything_that_a_text_names,
    due_brings_messages_as_they_stand_and_in_order,
    the_next_time_is_that_of_the_first_that_waits,
    what_was_old_when_it_came_lets_what_is_new_pass,
    what_waits_is_counted_with_the_people_who_have_no_record,
    an_attempt_seals_its_entry_and_fixes_its_pieces,
    a_verdict_is_noted_on_its_attempt,
    what_was_done_together_is_noted_together_and_what_was_settled_is_left,
    a_part_that_is_written_is_not_unknown_any_more,
    a_part_is_unknown_since_the_last_lost_answer,
    a_part_that_is_found_in_the_crm_has_its_record_and_is_to_be_read,
    only_the_one_attempt_that_was_lost_lately_is_found,
    what_is_not_due_any_more_is_not_begun,
    nothing_of_a_batch_overtakes_what_came_since_it_was_read,
    a_part_with_a_record_is_never_absent,
    a_part_whose_person_moved_is_unknown_again_since_its_last_lost_answer,
    what_waits_for_a_lost_answer_waits_anew_under_its_own_connection,
    a_lost_part_is_known_with_the_records_it_was_attempted_on_and_the_crms_time,
    written_never_goes_backward,
    a_failure_counts_and_a_wait_does_not,
    a_held_person_holds_what_is_due_and_nothing_else,
    what_waits_with_a_person_waits_at_least_as_long,
    exactly_what_has_no_verdict_is_settled_as_unknown,
);

async fn put(tx: &mut Tx<'_>, entries: &[NewEntry]) -> Result<()> {
    scene::set(tx).await?;
    for one in entries {
        put_entry(tx, one).await?;
    }
    Ok(())
}

fn at(id: i64, order: (i64, i64)) -> NewEntry {
    NewEntry { order, ..an_entry(id) }
}

fn waiting(id: i64, order: (i64, i64)) -> NewEntry {
    NewEntry { due: Ok(NOW + 1), ..at(id, order) }
}

async fn new_ids(tx: &mut Tx<'_>) -> Result<Vec<i64>> {
    let batch = lane::due_new(tx, CONNECTION, NOW, 100).await?;
    Ok(batch.entries.iter().map(|entry| entry.id).collect())
}

async fn what_was_old_when_it_came_lets_what_is_new_pass(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[at(1, (NOW, 0))]).await?;
    assert!(!lane::has_backfill(tx, CONNECTION, NOW).await?);
    let old = NewEntry { is_backfill: true, ..at(2, (NOW - 9, 0)) };
    let behind = at(3, (NOW - 5, 0));
    let elsewhere = NewEntry { conversation_id: CONVERSATION + 1, ..at(4, (NOW, 0)) };
    for entry in [&old, &behind, &elsewhere] {
        put_entry(tx, entry).await?;
    }
    assert!(lane::has_backfill(tx, CONNECTION, NOW).await?);
    assert!(!lane::has_backfill(tx, CONNECTION, NOW - 1).await?);
    // What stands behind an old one in its conversation waits with it: the order is kept.
    assert_eq!(new_ids(tx).await?, [4]);
    assert_eq!(scene::due_ids(tx, NOW).await?, [2, 3, 1, 4]);
    scene::write_entry(tx, 2).await?;
    assert!(!lane::has_backfill(tx, CONNECTION, NOW).await?);
    assert_eq!(new_ids(tx).await?, [3, 1, 4]);
    Ok(())
}

async fn what_waits_is_counted_with_the_people_who_have_no_record(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[at(1, (NOW, 0)), at(2, (NOW, 1)), waiting(3, (NOW, 2))]).await?;
    let other =
        NewEntry { contact_id: Some(CONTACT + 1), conversation_id: CONVERSATION + 1, ..at(4, (NOW, 0)) };
    put_entry(tx, &other).await?;
    assert_eq!(lane::waiting(tx, CONNECTION, NOW).await?, (3, 2));
    let known = Person { contact_id: CONTACT, record: Some(scene::a_lead("00Q")), ..Person::default() };
    scene::put_person(tx, &known).await?;
    assert_eq!(lane::waiting(tx, CONNECTION, NOW).await?, (3, 1));
    assert_eq!(lane::waiting(tx, CONNECTION, NOW + 1).await?, (4, 1));
    Ok(())
}

async fn part(tx: &mut Tx<'_>, entry_id: i64) -> Result<Row> {
    let sql = "SELECT * FROM entry_part WHERE workspace_id = $1 AND entry_id = $2 AND part = 1";
    scene::ask(tx, sql, args![HERE, entry_id]).await
}

async fn due_comes_in_the_order_of_time_position_and_arrival(tx: &mut Tx<'_>) -> Result<()> {
    let orders = [(1, (NOW, 1)), (2, (NOW, 0)), (4, (NOW, 1)), (3, (NOW, 1)), (5, (NOW - 1, 9))];
    put(tx, &orders.map(|(id, order)| at(id, order))).await?;
    assert_eq!(due_ids(tx, NOW).await?, [5, 2, 1, 3, 4]);
    Ok(())
}

async fn due_takes_no_more_than_asked_and_the_earliest(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[at(3, (NOW, 0)), at(1, (NOW + 2, 0)), at(2, (NOW + 1, 0))]).await?;
    let batch = lane::due(tx, CONNECTION, NOW, 2).await?;
    assert_eq!(batch.entries.iter().map(|one| one.id).collect::<Vec<_>>(), [3, 2]);
    Ok(())
}

async fn due_passes_over_what_is_not_to_be_written(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2), an_entry(3)]).await?;
    scene::write_entry(tx, 1).await?;
    entry::hold(tx, HERE, 2, (HoldReason::ValueRefused, Who::CrmUser, ""), false).await?;
    for other in [
        waiting(4, (NOW + 9, 0)),
        NewEntry { contact_id: None, conversation_id: 99, ..an_entry(5) },
        NewEntry { connection_id: 7, ..an_entry(6) },
        NewEntry { integration_id: 99, ..an_entry(7) },
    ] {
        put_entry(tx, &other).await?;
    }
    let paused = Integration { id: 99, state: State::Paused, ..an_integration(HERE) };
    integration::insert(tx, &paused, NOW).await?;
    assert_eq!(due_ids(tx, NOW).await?, [3]);
    integration::change(tx, &Integration { state: State::Active, ..paused }).await?;
    assert_eq!(due_ids(tx, NOW).await?, [3, 7]);
    Ok(())
}

async fn due_never_returns_an_entry_behind_a_waiting_earlier_one(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[waiting(5, (NOW, 1))]).await?;
    let before = [at(1, (NOW - 1, 9)), at(2, (NOW, 0)), at(4, (NOW, 1))];
    let behind = [at(6, (NOW, 1)), at(3, (NOW, 2)), at(7, (NOW + 1, 0))];
    for one in before.iter().chain(&behind) {
        put_entry(tx, one).await?;
    }
    // Neither another conversation nor another integration waits for it.
    put_entry(tx, &NewEntry { conversation_id: 99, ..at(8, (NOW + 1, 1)) }).await?;
    integration::insert(tx, &Integration { id: 99, ..an_integration(HERE) }, NOW).await?;
    put_entry(tx, &NewEntry { integration_id: 99, ..at(9, (NOW + 1, 2)) }).await?;
    assert_eq!(due_ids(tx, NOW).await?, [1, 2, 4, 8, 9]);
    assert_eq!(due_ids(tx, NOW + 1).await?, [1, 2, 4, 5, 6, 3, 7, 8, 9]);
    Ok(())
}

async fn a_written_or_held_entry_keeps_nobody_back(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2), an_entry(3)]).await?;
    scene::write_entry(tx, 1).await?;
    // Stale again, and not to be written before tomorrow.
    entry::raise(tx, HERE, 1, (NOW, 0), NOW + 99).await?;
    lane::entry_later(tx, HERE, 2, NOW + 99, true).await?;
    assert!(due_ids(tx, NOW).await?.is_empty());
    entry::hold(tx, HERE, 2, (HoldReason::ValueRefused, Who::CrmUser, ""), false).await?;
    assert_eq!(due_ids(tx, NOW).await?, [3]);
    Ok(())
}

async fn an_entry_that_was_written_once_waits_for_nobody(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(2)]).await?;
    scene::write_entry(tx, 2).await?;
    put_entry(tx, &waiting(1, (NOW - 1, 0))).await?;
    entry::raise(tx, HERE, 2, (NOW, 0), NOW).await?;
    assert_eq!(due_ids(tx, NOW).await?, [2]);
    Ok(())
}

async fn due_brings_everything_that_a_text_names(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    contact::rename(tx, HERE, CONTACT, Some("Bo"), None, NOW).await?;
    contact::give(tx, HERE, CONTACT, &[phone("4930123456")], NOW + 1).await?;
    conversation::assign(tx, HERE, CONVERSATION, Some(MEMBER)).await?;
    source::set_account_owner(tx, HERE, ACCOUNT, Some(9)).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_written(tx, HERE, (1, 1), "00T", "hash", NOW).await?;
    lane::part_written(tx, HERE, (1, 2), "00U", "hash 2", NOW).await?;
    lane::part_unknown(tx, HERE, (1, 2), NOW + 3).await?;
    lane::part_looked(tx, HERE, (1, 2)).await?;
    let batch = lane::due(tx, CONNECTION, NOW, 10).await?;
    let due = &batch.entries[0];
    assert_eq!(
        (due.integration_id, due.conversation_id, due.contact_id),
        (INTEGRATION, CONVERSATION, CONTACT)
    );
    assert_eq!(
        (due.key.as_str(), due.shape, due.wanted, due.written, due.tries),
        ("key-1", Shape::PerMessage, 1, 0, 0)
    );
    let known = |id: &str, hash: &str, since: Option<i64>, looks, first: Option<i64>| PartState {
        record_id: Some(id.into()),
        written_hash: Some(hash.into()),
        unknown_since: since.map(Timestamp),
        looks,
        first_sent_at: first.map(Timestamp),
        ..PartState::default()
    };
    let first = known("00T", "hash", None, 0, Some(NOW));
    let expected = [(1, first), (2, known("00U", "hash 2", Some(NOW + 3), 1, None))];
    assert_eq!(due.parts, expected.into());
    let around = Around {
        conversation_id: CONVERSATION,
        channel: "whatsapp".into(),
        account: "Sales".into(),
        assignee_id: Some(MEMBER),
        account_owner_id: Some(9),
    };
    assert_eq!(batch.conversations, [(CONVERSATION, around)].into());
    assert_eq!(batch.contacts[&CONTACT].name.as_deref(), Some("Bo"));
    assert_eq!(batch.contacts[&CONTACT].addresses, [phone("4930123456"), phone("14155550123")]);
    Ok(())
}

async fn due_brings_messages_as_they_stand_and_in_order(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[NewEntry { shape: Shape::LocalDay, ..an_entry(1) }]).await?;
    for (id, at, position) in [(2, NOW - 1, 5), (3, NOW, 0), (4, NOW, -1)] {
        item::insert(tx, &NewItem { at, position, author: None, ..an_item(id) }).await?;
        entry::cover(tx, HERE, INTEGRATION, id, 1).await?;
    }
    for (id, content) in [("e", Some(says("mended"))), ("r", None)] {
        let change = Change {
            workspace_id: HERE,
            account_id: ACCOUNT,
            provider_id: id.into(),
            target: "wamid.3".into(),
            at: NOW,
            content,
        };
        item::apply_change(tx, &change, 3).await?;
    }
    let lines = lane::due(tx, CONNECTION, NOW, 10).await?.entries.remove(0).lines;
    assert_eq!(lines.iter().map(|line| line.item_id).collect::<Vec<_>>(), [2, 4, 1, 3]);
    assert_eq!((lines[0].author.as_str(), lines[0].is_edited, lines[0].is_revoked), ("", false, false));
    assert_eq!((lines[2].author.as_str(), lines[2].message.as_str()), ("Bo", "wamid.1"));
    assert_eq!((&lines[3].content, lines[3].is_edited, lines[3].is_revoked), (&says("mended"), true, true));
    Ok(())
}

async fn the_next_time_is_that_of_the_first_that_waits(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    assert_eq!(lane::next_due(tx, CONNECTION, NOW).await?, None);
    for (id, due_at) in [(2, NOW + 9), (3, NOW + 5), (4, NOW + 7)] {
        put_entry(tx, &NewEntry { due: Ok(due_at), ..an_entry(id) }).await?;
    }
    put_entry(tx, &NewEntry { contact_id: None, due: Ok(NOW + 1), ..an_entry(5) }).await?;
    assert_eq!(lane::next_due(tx, CONNECTION, NOW).await?, Some(NOW + 5));
    assert_eq!(lane::next_due(tx, CONNECTION, NOW + 5).await?, Some(NOW + 7));
    assert_eq!(lane::next_due(tx, CONNECTION + 1, NOW).await?, None);
    integration::change(tx, &Integration { state: State::Paused, ..an_integration(HERE) }).await?;
    assert_eq!(lane::next_due(tx, CONNECTION, NOW).await?, None);
    Ok(())
}

async fn an_attempt_seals_its_entry_and_fixes_its_pieces(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    let second_part =
        NewAttempt { id: 11, entry: Some((1, 2)), pieces: [(1, vec![1, 2])].into(), ..an_attempt(11, 1) };
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(10, 1), second_part, a_creation(12, CONTACT)], NOW)
        .await?;
    lane::begin(tx, HERE, CONNECTION, &[], NOW).await?;
    let batch = lane::due(tx, CONNECTION, NOW, 10).await?;
    assert_eq!(batch.entries[0].lines[0].parts, [1, 2]);
    let attempted = PartState { first_sent_at: Some(Timestamp(NOW)), ..PartState::default() };
    assert_eq!(batch.entries[0].parts, [(1, attempted.clone()), (2, attempted)].into());
    assert!(batch.entries[1].parts.is_empty() && batch.entries[1].lines[0].parts.is_empty());
    assert!(scene::entry_row(tx, 1).await?.bool("is_sealed")?);
    assert!(!scene::entry_row(tx, 2).await?.bool("is_sealed")?);
    // Another try leaves what is known of the part.
    lane::part_written(tx, HERE, (1, 1), "00T", "hash", NOW).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(13, 1)], NOW + 1).await?;
    assert_eq!(part(tx, 1).await?.text("record_id")?, "00T");
    assert_eq!(scene::ask(tx, "SELECT count(*) AS n FROM attempt", args![]).await?.int("n")?, 4);
    Ok(())
}

async fn a_verdict_is_noted_on_its_attempt(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1), an_attempt(2, 1)], NOW).await?;
    lane::judge(tx, HERE, 2, "again", "busy", NOW + 1).await?;
    let sql = "SELECT verdict, detail, verdict_at FROM attempt WHERE id = $1";
    assert_eq!(scene::ask(tx, sql, args![1]).await?.opt_text("verdict")?, None);
    let judged = scene::ask(tx, sql, args![2]).await?;
    assert_eq!((judged.text("verdict")?, judged.text("detail")?), ("again".into(), "busy".into()));
    assert_eq!(judged.int("verdict_at")?, NOW + 1);
    Ok(())
}

async fn what_was_done_together_is_noted_together_and_what_was_settled_is_left(
    tx: &mut Tx<'_>,
) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2), an_entry(3)]).await?;
    let attempts = [an_attempt(11, 1), an_attempt(12, 2), an_attempt(13, 3)];
    lane::begin(tx, HERE, CONNECTION, &attempts, NOW).await?;
    lane::judge(tx, HERE, 12, "unknown", "", NOW + 1).await?;
    assert_eq!(lane::judge_done(tx, HERE, &[11, 12, 99], NOW + 2).await?, [11].into());
    let sql = "SELECT verdict, detail, verdict_at FROM attempt WHERE id = $1";
    for (id, expected) in [(11, Some("done")), (12, Some("unknown")), (13, None)] {
        assert_eq!(scene::ask(tx, sql, args![id]).await?.opt_text("verdict")?.as_deref(), expected);
    }
    let judged = scene::ask(tx, sql, args![11]).await?;
    assert_eq!((judged.text("detail")?, judged.int("verdict_at")?), (String::new(), NOW + 2));
    let written = |entry_id, record: &str| PartWritten {
        part: (entry_id, 1),
        record_id: record.into(),
        hash: format!("hash of {record}"),
    };
    lane::parts_written(tx, HERE, &[written(1, "00T"), written(3, "00U")], NOW + 2).await?;
    for (entry_id, record) in [(1, "00T"), (3, "00U")] {
        let part = "SELECT record_id, written_hash FROM entry_part WHERE entry_id = $1";
        let part = scene::ask(tx, part, args![entry_id]).await?;
        assert_eq!(
            (part.text("record_id")?, part.text("written_hash")?),
            (record.into(), format!("hash of {record}"))
        );
    }
    lane::entries_written(tx, HERE, &[(1, 1), (3, 1)], NOW + 2).await?;
    assert_eq!(due_ids(tx, NOW + 2).await?, [2]);
    Ok(())
}

async fn a_part_that_is_written_is_not_unknown_any_more(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW).await?;
    lane::part_looked(tx, HERE, (1, 1)).await?;
    lane::part_written(tx, HERE, (1, 1), "00T", "hash", NOW + 2).await?;
    let written = part(tx, 1).await?;
    assert_eq!((written.opt_int("unknown_since")?, written.int("looks")?), (None, 0));
    assert_eq!((written.text("record_id")?, written.int("written_at")?), ("00T".into(), NOW + 2));
    Ok(())
}

async fn a_part_is_unknown_since_the_last_lost_answer(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    for since in [NOW + 1, NOW, NOW + 2] {
        lane::part_unknown(tx, HERE, (1, 1), since).await?;
        assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, Some(since));
    }
    lane::part_looked(tx, HERE, (1, 1)).await?;
    lane::part_absent(tx, HERE, (1, 1)).await?;
    let absent = part(tx, 1).await?;
    assert_eq!((absent.opt_int("unknown_since")?, absent.int("looks")?), (None, 0));
    Ok(())
}

async fn a_part_that_is_found_in_the_crm_has_its_record_and_is_to_be_read(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW).await?;
    lane::part_found(tx, HERE, (1, 1), "00T").await?;
    let found = part(tx, 1).await?;
    assert_eq!((found.opt_text("record_id")?, found.opt_text("written_hash")?), (Some("00T".into()), None));
    assert_eq!(found.opt_int("unknown_since")?, None);
    Ok(())
}

async fn only_the_one_attempt_that_was_lost_lately_is_found(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2), an_entry(3)]).await?;
    let verdict = async |tx: &mut Tx<'_>, id: i64| -> Result<Option<String>> {
        let sql = "SELECT verdict FROM attempt WHERE workspace_id = $1 AND id = $2";
        tx.row(sql, args![HERE, id]).await?.unwrap().opt_text("verdict")
    };
    // One long ago and one lately; two lately; one that was judged otherwise.
    for (id, entry_id, verdict, at) in [
        (1, 1, "unknown", NOW - 9),
        (2, 1, "unknown", NOW),
        (3, 2, "unknown", NOW),
        (4, 2, "unknown", NOW),
        (5, 3, "again", NOW),
    ] {
        lane::begin(tx, HERE, CONNECTION, &[an_attempt(id, entry_id)], at).await?;
        lane::judge(tx, HERE, id, verdict, "", at).await?;
    }
    for entry_id in [1, 2, 3] {
        lane::found(tx, HERE, (entry_id, 1), NOW - 5, NOW + 1).await?;
    }
    for (id, expected) in [(1, "unknown"), (2, "done"), (3, "unknown"), (4, "unknown"), (5, "again")] {
        assert_eq!(verdict(tx, id).await?.as_deref(), Some(expected), "attempt {id}");
    }
    Ok(())
}

async fn nothing_of_a_batch_overtakes_what_came_since_it_was_read(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[at(1, (NOW, 0)), at(2, (NOW, 2)), at(3, (NOW + 1, 0))]).await?;
    // One was tried before, and is tried again whatever came.
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(9, 3)], NOW).await?;
    let elsewhere = |id, order| NewEntry { conversation_id: CONVERSATION + 1, ..at(id, order) };
    put_entry(tx, &elsewhere(4, (NOW + 9, 0))).await?;
    let batch = [1, 2, 3, 4];
    assert!(lane::overtaking(tx, HERE, CONNECTION, &batch).await?.is_empty());
    // After the first and before the second, and in another conversation after the only one.
    put_entry(tx, &at(5, (NOW, 1))).await?;
    put_entry(tx, &elsewhere(6, (NOW + 9, 1))).await?;
    assert_eq!(lane::overtaking(tx, HERE, CONNECTION, &batch).await?, [2].into());
    assert!(lane::overtaking(tx, HERE, CONNECTION, &[1, 5, 2, 3, 4]).await?.is_empty());
    scene::write_entry(tx, 5).await?;
    assert!(lane::overtaking(tx, HERE, CONNECTION, &batch).await?.is_empty());
    Ok(())
}

async fn what_is_not_due_any_more_is_not_begun(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    entry::hold(tx, HERE, 2, (HoldReason::RecordLocked, Who::CrmAdmin, ""), false).await?;
    let attempts = [an_attempt(1, 1), an_attempt(2, 2), an_attempt(3, 99), a_creation(4, 1)];
    assert_eq!(lane::begin(tx, HERE, CONNECTION, &attempts, NOW).await?, [1, 4].into());
    Ok(())
}

async fn a_part_with_a_record_is_never_absent(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::part_written(tx, HERE, (1, 1), "00T", "hash", NOW).await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW).await?;
    lane::part_absent(tx, HERE, (1, 1)).await?;
    assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, Some(NOW));
    Ok(())
}

async fn written_never_goes_backward(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    entry::raise(tx, HERE, 1, (NOW, 0), NOW).await?;
    lane::entry_later(tx, HERE, 1, NOW + 9, true).await?;
    for (revision, written, state) in [(2, 2, "written"), (1, 2, "due"), (2, 2, "written")] {
        lane::entries_written(tx, HERE, &[(1, revision)], NOW + 3).await?;
        let row = scene::entry_row(tx, 1).await?;
        assert_eq!((row.int("written")?, row.text("state")?), (written, state.into()));
        assert_eq!(
            (row.int("tries")?, row.int("due_at")?, row.opt_int("written_at")?),
            (0, NOW + 3, Some(NOW + 3))
        );
    }
    Ok(())
}

async fn a_failure_counts_and_a_wait_does_not(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    scene::write_entry(tx, 2).await?;
    for (failed, tries) in [(true, 1), (false, 1), (true, 2)] {
        lane::entry_later(tx, HERE, 1, NOW + tries, failed).await?;
        let row = scene::entry_row(tx, 1).await?;
        assert_eq!((row.int("tries")?, row.int("due_at")?), (tries, NOW + tries));
    }
    lane::entry_later(tx, HERE, 2, NOW + 99, true).await?;
    assert_eq!(scene::entry_row(tx, 2).await?.int("due_at")?, NOW);
    Ok(())
}

async fn a_held_person_holds_what_is_due_and_nothing_else(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    scene::write_entry(tx, 2).await?;
    put_entry(tx, &NewEntry { contact_id: Some(99), conversation_id: 99, ..an_entry(3) }).await?;
    put_entry(tx, &NewEntry { connection_id: 7, ..an_entry(4) }).await?;
    let (reason, who, detail) = no_record();
    lane::hold_with_person(tx, CONNECTION, CONTACT, (reason, who, &detail)).await?;
    for (id, state) in [(1, "held"), (2, "written"), (3, "due"), (4, "due")] {
        assert_eq!(scene::entry_state(tx, id).await?, state);
    }
    assert!(scene::entry_row(tx, 1).await?.bool("is_person_hold")?);
    Ok(())
}

async fn what_waits_with_a_person_waits_at_least_as_long(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), NewEntry { due: Ok(NOW + 9), ..an_entry(2) }]).await?;
    put_entry(tx, &NewEntry { contact_id: Some(99), conversation_id: 99, ..an_entry(3) }).await?;
    lane::person_later(tx, CONNECTION, CONTACT, NOW + 5).await?;
    for (id, due_at) in [(1, NOW + 5), (2, NOW + 9), (3, NOW)] {
        assert_eq!(scene::entry_row(tx, id).await?.int("due_at")?, due_at);
    }
    Ok(())
}

async fn exactly_what_has_no_verdict_is_settled_as_unknown(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2), an_entry(3)]).await?;
    for contact_id in [1, 2, 3, 4] {
        put_person(tx, &Person { contact_id, ..Person::default() }).await?;
    }
    let open = [
        an_attempt(1, 1),
        NewAttempt { id: 2, entry: Some((1, 2)), ..an_attempt(2, 1) },
        a_creation(3, 1),
        // A change says what stood there, so nothing is lost with its answer.
        NewAttempt { action: "change", ..a_creation(4, 2) },
    ];
    lane::begin(tx, HERE, CONNECTION, &open, NOW).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(5, 1)], NOW + 5).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(6, 2), a_creation(7, 3)], NOW).await?;
    lane::judge(tx, HERE, 6, "again", "", NOW).await?;
    lane::judge(tx, HERE, 7, "hold", "", NOW).await?;
    lane::begin(tx, HERE, 7, &[an_attempt(8, 3), a_creation(9, 4)], NOW).await?;
    // In another workspace the same ids mean something else.
    lane::part_written(tx, THERE, (1, 1), "00T", "hash", NOW).await?;

    assert_eq!(lane::settle_open(tx, CONNECTION, NOW + 9).await?, 5);
    let sql = "SELECT workspace_id, entry_id, part FROM entry_part WHERE unknown_since = $1 ORDER BY 1, 2, 3";
    let rows = tx.rows(sql, args![NOW + 9]).await?;
    let place = |row: &Row| Ok((row.int("workspace_id")?, row.int("entry_id")?, row.int("part")?));
    let unknown: Result<Vec<_>> = rows.iter().map(place).collect();
    assert_eq!(unknown?, [(HERE, 1, 1), (HERE, 1, 2)]);
    for (contact_id, since) in [(1, Some(NOW + 9)), (2, None), (3, None), (4, None)] {
        assert_eq!(person_of(tx, contact_id).await?.unwrap().unknown_since, since);
    }
    let rows = tx.rows("SELECT id, verdict FROM attempt ORDER BY id", args![]).await?;
    let verdicts: Result<Vec<_>> =
        rows.iter().map(|row| Ok(row.opt_text("verdict")?.unwrap_or_default())).collect();
    let expected = ["unknown", "unknown", "unknown", "unknown", "unknown", "again", "hold", "", ""];
    assert_eq!(verdicts?, expected);
    assert_eq!(lane::settle_open(tx, CONNECTION, NOW + 9).await?, 0);
    Ok(())
}

async fn a_part_whose_person_moved_is_unknown_again_since_its_last_lost_answer(
    tx: &mut Tx<'_>,
) -> Result<()> {
    put(tx, &[an_entry(1)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_moved(tx, HERE, (1, 1)).await?;
    assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, None, "no answer was lost");
    lane::judge(tx, HERE, 1, "unknown", "cut", NOW + 7).await?;
    lane::part_absent(tx, HERE, (1, 1)).await?;
    lane::part_moved(tx, HERE, (1, 1)).await?;
    assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, Some(NOW + 7));
    Ok(())
}

async fn what_waits_for_a_lost_answer_waits_anew_under_its_own_connection(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW + 1).await?;
    lane::wait_anew(tx, CONNECTION + 1, 0, NOW + 9).await?;
    assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, Some(NOW + 1));
    lane::wait_anew(tx, CONNECTION, 0, NOW + 9).await?;
    assert_eq!(part(tx, 1).await?.opt_int("unknown_since")?, Some(NOW + 9));
    Ok(())
}

async fn a_lost_part_is_known_with_the_records_it_was_attempted_on_and_the_crms_time(
    tx: &mut Tx<'_>,
) -> Result<()> {
    put(tx, &[an_entry(1), an_entry(2)]).await?;
    let on = |module, id: &str| RecordRef { module, id: id.to_owned() };
    let attempt =
        |id, record: RecordRef, crm_at| NewAttempt { on: Some(record), crm_at, ..an_attempt(id, 1) };
    let (lead, contact) = (on(Module::Lead, "l"), on(Module::Contact, "c"));
    let first = attempt(1, lead.clone(), NOW - 500);
    let again = [attempt(2, lead.clone(), NOW), attempt(3, contact.clone(), NOW)];
    lane::begin(tx, HERE, CONNECTION, &[first], NOW).await?;
    lane::begin(tx, HERE, CONNECTION, &again, NOW + 5).await?;
    lane::begin(tx, HERE, CONNECTION, &[NewAttempt { on: Some(lead.clone()), ..an_attempt(4, 2) }], NOW)
        .await?;
    lane::part_unknown(tx, HERE, (1, 1), NOW + 6).await?;
    let known = lane::due(tx, CONNECTION, NOW, 10).await?.entries;
    assert_eq!(known[0].parts[&1].attempted_on, [contact, lead]);
    assert_eq!(known[0].parts[&1].first_sent_at, Some(Timestamp(NOW - 500)));
    assert!(known[1].parts[&1].attempted_on.is_empty(), "nothing of it is lost");
    lane::wait_anew(tx, CONNECTION, -700, NOW + 9).await?;
    lane::wait_anew(tx, CONNECTION, 300, NOW + 9).await?;
    let known = lane::due(tx, CONNECTION, NOW, 10).await?.entries;
    assert_eq!(
        known[0].parts[&1].first_sent_at,
        Some(Timestamp(NOW - 800)),
        "our clock was ahead at most so far"
    );
    Ok(())
}
