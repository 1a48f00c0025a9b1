//! Entries: made, covered, raised, held, taken apart.

use causeway::args;
use causeway::store::{
    Result, Tx,
    entry::{self, NewEntry},
    item::{self, NewItem},
    lane,
};
use causeway_core::{
    lane::{HoldReason, Who},
    plan::settings::Shape,
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, CONNECTION, CONTACT, CONVERSATION, HERE, INTEGRATION, THERE, an_attempt, an_entry, an_item,
};

in_a_transaction!(
    an_entry_is_made_once_for_its_key,
    an_entry_left_out_by_a_rule_says_so_and_is_never_due,
    a_slice_takes_from_its_start_to_before_its_end,
    an_item_is_covered_once_for_each_integration,
    a_raise_makes_a_written_entry_due_again,
    a_raise_during_an_attempt_leaves_the_entry_due,
    a_raise_leaves_a_held_or_skipped_entry_as_it_is,
    an_earlier_message_moves_its_entry_forward_in_the_order,
    every_entry_that_covers_an_item_is_raised,
    only_what_was_never_attempted_is_loosened,
    loose_items_come_in_the_order_of_the_conversation,
    only_a_due_entry_is_held,
    a_retry_starts_afresh,
    what_was_deleted_in_the_crm_is_made_anew_only_on_request,
    what_was_edited_in_the_crm_is_overwritten_only_on_request,
    entries_are_counted_by_state_and_reason,
    an_entry_says_how_it_stands,
    what_was_put_together_for_want_of_calls_is_written_when_there_are_some,
);

const REFUSED: (HoldReason, Who, &str) = (HoldReason::ValueRefused, Who::CrmUser, "too long");

async fn put(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    scene::set(tx).await?;
    for id in ids {
        scene::put_entry(tx, &an_entry(*id)).await?;
    }
    Ok(())
}

async fn what_was_put_together_for_want_of_calls_is_written_when_there_are_some(
    tx: &mut Tx<'_>,
) -> Result<()> {
    scene::set(tx).await?;
    let later = |id, is_widened| entry::NewEntry { due: Ok(NOW + 9), is_widened, ..an_entry(id) };
    for one in [later(1, true), later(2, false), later(3, true)] {
        scene::put_entry(tx, &one).await?;
    }
    tx.execute("UPDATE entry SET is_sealed = 1 WHERE id = 3", args![]).await?;
    assert_eq!(entry::end_widening(tx, CONNECTION, NOW).await?, 1);
    assert_eq!(scene::due_ids(tx, NOW).await?, [1]);
    Ok(())
}

async fn an_entry_is_made_once_for_its_key(tx: &mut Tx<'_>) -> Result<()> {
    assert!(entry::insert(tx, &an_entry(1), NOW).await?);
    assert!(!entry::insert(tx, &NewEntry { id: 2, key: "key-1".into(), ..an_entry(2) }, NOW).await?);
    assert!(
        entry::insert(tx, &NewEntry { integration_id: 99, key: "key-1".into(), ..an_entry(2) }, NOW).await?
    );
    assert!(entry::insert(tx, &NewEntry { workspace_id: THERE, ..an_entry(1) }, NOW).await?);
    assert_eq!(entry::of_key(tx, HERE, INTEGRATION, "key-1").await?, Some(1));
    assert_eq!(entry::of_key(tx, HERE, 99, "key-1").await?, Some(2));
    assert_eq!(entry::of_key(tx, HERE, INTEGRATION, "key-2").await?, None);
    let made = scene::entry_row(tx, 1).await?;
    assert_eq!((made.int("wanted")?, made.int("written")?, made.bool("is_sealed")?), (1, 0, false));
    Ok(())
}

async fn an_entry_left_out_by_a_rule_says_so_and_is_never_due(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let left_out = NewEntry { due: Err("from before the start".into()), ..an_entry(1) };
    scene::put_entry(tx, &left_out).await?;
    let row = scene::entry_row(tx, 1).await?;
    assert_eq!((row.text("state")?, row.text("detail")?), ("skipped".into(), "from before the start".into()));
    assert!(scene::due_ids(tx, i64::MAX).await?.is_empty());
    assert_eq!(lane::next_due(tx, CONNECTION, 0).await?, None);
    Ok(())
}

async fn a_slice_takes_from_its_start_to_before_its_end(tx: &mut Tx<'_>) -> Result<()> {
    let window = NewEntry { shape: Shape::Hour, slice: (NOW, NOW + 10), ..an_entry(1) };
    let left_out = NewEntry { due: Err("rule".into()), id: 4, key: "key-4".into(), ..window.clone() };
    for one in [
        &window,
        &NewEntry { conversation_id: 99, ..NewEntry { id: 2, key: "key-2".into(), ..window.clone() } },
        &NewEntry { integration_id: 99, ..NewEntry { id: 3, key: "key-3".into(), ..window.clone() } },
        &left_out,
        &NewEntry { workspace_id: THERE, ..window.clone() },
    ] {
        assert!(entry::insert(tx, one, NOW).await?);
    }
    for (at, takes) in [(NOW - 1, false), (NOW, true), (NOW + 9, true), (NOW + 10, false)] {
        let found = entry::taking(tx, HERE, INTEGRATION, (CONVERSATION, CONTACT), at).await?;
        assert_eq!(
            found.iter().map(|open| open.id).collect::<Vec<_>>(),
            if takes { vec![1] } else { vec![] }
        );
    }
    let open = entry::taking(tx, HERE, INTEGRATION, (CONVERSATION, CONTACT), NOW).await?[0];
    assert_eq!(
        (open.starts_at.0, open.ends_at.0, open.shape, open.is_sealed),
        (NOW, NOW + 10, Shape::Hour, false)
    );
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    assert!(entry::taking(tx, HERE, INTEGRATION, (CONVERSATION, CONTACT), NOW).await?[0].is_sealed);
    Ok(())
}

async fn an_item_is_covered_once_for_each_integration(tx: &mut Tx<'_>) -> Result<()> {
    assert!(entry::cover(tx, HERE, INTEGRATION, 1, 10).await?);
    assert!(!entry::cover(tx, HERE, INTEGRATION, 1, 11).await?);
    assert!(entry::cover(tx, HERE, INTEGRATION + 1, 1, 12).await?);
    assert!(entry::cover(tx, THERE, INTEGRATION, 1, 13).await?);
    let sql = "SELECT entry_id FROM entry_item WHERE workspace_id = $1 AND integration_id = $2";
    assert_eq!(scene::ask(tx, sql, args![HERE, INTEGRATION]).await?.int("entry_id")?, 10);
    Ok(())
}

async fn a_raise_makes_a_written_entry_due_again(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1, 2]).await?;
    scene::write_entry(tx, 1).await?;
    assert_eq!(scene::due_ids(tx, NOW).await?, [2]);
    entry::raise(tx, HERE, 1, (i64::MAX, 0), NOW + 7).await?;
    let row = scene::entry_row(tx, 1).await?;
    assert_eq!((row.int("wanted")?, row.int("written")?, row.int("due_at")?), (2, 1, NOW + 7));
    assert_eq!(scene::due_ids(tx, NOW + 7).await?, [1, 2]);
    assert_eq!(scene::entry_row(tx, 2).await?.int("wanted")?, 1);
    Ok(())
}

async fn a_raise_during_an_attempt_leaves_the_entry_due(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    entry::raise(tx, HERE, 1, (NOW, 0), NOW).await?;
    lane::entries_written(tx, HERE, &[(1, 1)], NOW).await?;
    let row = scene::entry_row(tx, 1).await?;
    assert_eq!((row.text("state")?, row.int("wanted")?, row.int("written")?), ("due".into(), 2, 1));
    lane::entries_written(tx, HERE, &[(1, 2)], NOW).await?;
    assert_eq!(scene::entry_state(tx, 1).await?, "written");
    Ok(())
}

async fn a_raise_leaves_a_held_or_skipped_entry_as_it_is(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1]).await?;
    entry::hold(tx, HERE, 1, REFUSED, false).await?;
    scene::put_entry(tx, &NewEntry { due: Err("rule".into()), ..an_entry(2) }).await?;
    for (id, state) in [(1, "held"), (2, "skipped")] {
        entry::raise(tx, HERE, id, (NOW, 0), NOW).await?;
        assert_eq!(scene::entry_state(tx, id).await?, state);
        assert_eq!(scene::entry_row(tx, id).await?.int("wanted")?, 2);
    }
    Ok(())
}

async fn an_earlier_message_moves_its_entry_forward_in_the_order(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::put_entry(tx, &NewEntry { order: (NOW, 5), ..an_entry(1) }).await?;
    for (order, stands) in [
        ((NOW + 1, 0), (NOW, 5)),
        ((NOW, 6), (NOW, 5)),
        ((NOW, 3), (NOW, 3)),
        ((NOW - 1, 9), (NOW - 1, 9)),
        ((NOW, 0), (NOW - 1, 9)),
    ] {
        entry::raise(tx, HERE, 1, order, NOW).await?;
        let row = scene::entry_row(tx, 1).await?;
        assert_eq!((row.int("at")?, row.int("position")?), stands, "after {order:?}");
    }
    Ok(())
}

async fn every_entry_that_covers_an_item_is_raised(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1, 2]).await?;
    let other = NewEntry { integration_id: 99, ..an_entry(3) };
    entry::insert(tx, &other, NOW).await?;
    entry::cover(tx, HERE, 99, 1, 3).await?;
    entry::raise_covering(tx, HERE, 1, NOW).await?;
    for (id, wanted) in [(1, 2), (2, 1), (3, 2)] {
        assert_eq!(scene::entry_row(tx, id).await?.int("wanted")?, wanted);
    }
    Ok(())
}

async fn only_what_was_never_attempted_is_loosened(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1, 2, 3, 4]).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    scene::write_entry(tx, 2).await?;
    entry::hold(tx, HERE, 3, REFUSED, false).await?;
    scene::put_entry(tx, &NewEntry { due: Err("rule".into()), ..an_entry(5) }).await?;
    entry::insert(tx, &NewEntry { integration_id: 99, ..an_entry(6) }, NOW).await?;
    entry::cover(tx, HERE, 99, 3, 6).await?;
    let loose = entry::loosen(tx, HERE, INTEGRATION).await?;
    assert_eq!(loose.iter().map(|item| item.item_id).collect::<Vec<_>>(), [3, 4]);
    let first = &loose[0];
    assert_eq!((first.conversation_id, first.contact_id), (CONVERSATION, Some(CONTACT)));
    assert_eq!((first.provider_id.as_str(), first.at, first.position), ("wamid.3", NOW, 0));
    for table in ["entry", "entry_item"] {
        let id = if table == "entry" { "id" } else { "entry_id" };
        let rows = tx.rows(&format!("SELECT {id} AS id FROM {table} ORDER BY 1"), args![]).await?;
        let left: Result<Vec<_>> = rows.iter().map(|row| row.int("id")).collect();
        assert_eq!(left?, [1, 2, 5, 6], "{table}");
    }
    assert!(entry::loosen(tx, HERE, INTEGRATION).await?.is_empty());
    Ok(())
}

async fn loose_items_come_in_the_order_of_the_conversation(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[]).await?;
    entry::insert(tx, &NewEntry { shape: Shape::LocalDay, ..an_entry(1) }, NOW).await?;
    for (id, at, position) in [(1, NOW, 1), (2, NOW, 0), (3, NOW - 1, 9), (4, NOW, 1)] {
        item::insert(tx, &NewItem { at, position, ..an_item(id) }).await?;
        entry::cover(tx, HERE, INTEGRATION, id, 1).await?;
    }
    let loose = entry::loosen(tx, HERE, INTEGRATION).await?;
    assert_eq!(loose.iter().map(|item| item.item_id).collect::<Vec<_>>(), [3, 2, 1, 4]);
    Ok(())
}

async fn only_a_due_entry_is_held(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1, 2]).await?;
    scene::write_entry(tx, 1).await?;
    for id in [1, 2] {
        entry::hold(tx, HERE, id, REFUSED, false).await?;
    }
    assert_eq!(scene::entry_state(tx, 1).await?, "written");
    let held = scene::entry_row(tx, 2).await?;
    assert_eq!((held.text("state")?, held.text("reason")?), ("held".into(), "value_refused".into()));
    assert_eq!((held.text("who")?, held.text("detail")?), ("crm_user".into(), "too long".into()));
    assert!(!held.bool("is_person_hold")?);
    Ok(())
}

async fn a_retry_starts_afresh(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1]).await?;
    assert!(!entry::retry(tx, HERE, 1, false, NOW).await?);
    lane::entry_later(tx, HERE, 1, NOW + 99, true).await?;
    entry::hold(tx, HERE, 1, REFUSED, false).await?;
    assert!(!entry::retry(tx, THERE, 1, false, NOW).await?);
    assert!(entry::retry(tx, HERE, 1, false, NOW + 1).await?);
    let row = scene::entry_row(tx, 1).await?;
    assert_eq!((row.text("state")?, row.opt_text("reason")?, row.int("tries")?), ("due".into(), None, 0));
    assert_eq!((row.int("due_at")?, row.int("wanted")?), (NOW + 1, 1));
    Ok(())
}

/// A written entry that is held for `reason`; its part after a retry.
async fn retried(
    tx: &mut Tx<'_>,
    id: i64,
    reason: HoldReason,
    recreate: bool,
) -> Result<(Option<String>, Option<String>)> {
    scene::put_entry(tx, &an_entry(id)).await?;
    scene::write_entry(tx, id).await?;
    entry::raise(tx, HERE, id, (NOW, 0), NOW).await?;
    entry::hold(tx, HERE, id, (reason, Who::Agent, ""), false).await?;
    assert!(entry::retry(tx, HERE, id, recreate, NOW).await?);
    assert_eq!(scene::entry_row(tx, id).await?.int("wanted")?, if recreate { 3 } else { 2 });
    let sql = "SELECT record_id, written_hash FROM entry_part WHERE workspace_id = $1 AND entry_id = $2";
    let part = scene::ask(tx, sql, args![HERE, id]).await?;
    Ok((part.opt_text("record_id")?, part.opt_text("written_hash")?))
}

async fn what_was_deleted_in_the_crm_is_made_anew_only_on_request(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[]).await?;
    let kept = (Some("00T".to_owned()), Some("hash".to_owned()));
    assert_eq!(retried(tx, 1, HoldReason::DeletedInCrm, false).await?, kept);
    assert_eq!(retried(tx, 2, HoldReason::DeletedInCrm, true).await?, (None, None));
    assert_eq!(retried(tx, 3, HoldReason::ValueRefused, true).await?, kept);
    Ok(())
}

async fn what_was_edited_in_the_crm_is_overwritten_only_on_request(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[]).await?;
    let record = Some("00T".to_owned());
    assert_eq!(retried(tx, 1, HoldReason::EditedInCrm, false).await?, (record.clone(), Some("hash".into())));
    assert_eq!(retried(tx, 2, HoldReason::EditedInCrm, true).await?, (record, None));
    Ok(())
}

async fn entries_are_counted_by_state_and_reason(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, &[1, 2, 3, 4]).await?;
    scene::write_entry(tx, 1).await?;
    entry::hold(tx, HERE, 2, REFUSED, false).await?;
    entry::hold(tx, HERE, 3, REFUSED, false).await?;
    let counts = entry::counts(tx, CONNECTION).await?;
    let expected = [("due", "", 1), ("held", "value_refused", 2), ("written", "", 1)];
    assert_eq!(counts, expected.map(|(state, reason, n)| (state.to_owned(), reason.to_owned(), n)));
    assert!(entry::counts(tx, CONNECTION + 1).await?.is_empty());
    Ok(())
}

async fn an_entry_says_how_it_stands(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::put_entry(tx, &an_entry(1)).await?;
    entry::hold(tx, HERE, 1, REFUSED, true).await?;
    let standing = entry::standing(tx, HERE, 1).await?.unwrap();
    assert!(standing.is_held && standing.is_person_hold);
    assert_eq!((standing.connection_id, standing.contact_id), (CONNECTION, Some(CONTACT)));
    assert!(entry::standing(tx, THERE, 1).await?.is_none());
    assert_eq!(entry::totals(tx, Some(HERE)).await?, [("held".into(), 1)]);
    assert_eq!(entry::totals(tx, None).await?, [("held".into(), 1)]);
    assert_eq!(entry::totals(tx, Some(THERE)).await?, []);
    Ok(())
}
