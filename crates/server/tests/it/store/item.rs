//! Items, and the changes that reach them.

use causeway::args;
use causeway::store::{
    Result, Row, Tx,
    item::{self, Change, NewItem, Reported},
};
use causeway_core::timeline::{Content, Delivery};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, ACCOUNT, CONVERSATION, HERE, THERE, an_item, says};

in_a_transaction!(
    a_repeat_of_an_item_changes_nothing,
    a_reaction_may_bear_the_id_of_a_message,
    a_message_is_known_by_its_account_and_provider_id,
    the_latest_edit_stands_in_whatever_order_edits_come,
    of_two_edits_at_one_time_the_later_to_come_stands,
    what_was_said_first_is_kept,
    a_revoke_is_for_good,
    a_repeat_of_a_change_is_told,
    parked_changes_come_out_once_and_oldest_first,
    a_delivery_state_never_goes_backward,
    each_recipient_has_a_delivery_state,
);

async fn row(tx: &mut Tx<'_>, id: i64) -> Result<Row> {
    scene::ask(tx, "SELECT * FROM item WHERE workspace_id = $1 AND id = $2", args![HERE, id]).await
}

async fn content(tx: &mut Tx<'_>, id: i64) -> Result<Content> {
    item::content_of(&row(tx, id).await?.text("content")?)
}

fn change(id: &str, at: i64, text: Option<&str>) -> Change {
    Change {
        workspace_id: HERE,
        account_id: ACCOUNT,
        provider_id: id.into(),
        target: an_item(1).provider_id,
        at,
        content: text.map(says),
    }
}

async fn a_repeat_of_an_item_changes_nothing(tx: &mut Tx<'_>) -> Result<()> {
    assert!(item::insert(tx, &an_item(1)).await?);
    let before = row(tx, 1).await?;
    let repeat = NewItem { id: 2, content: says("other"), at: NOW + 9, position: 3, ..an_item(1) };
    assert!(!item::insert(tx, &repeat).await?);
    assert_eq!(format!("{:?}", row(tx, 1).await?), format!("{before:?}"));
    assert_eq!(scene::ask(tx, "SELECT count(*) AS n FROM item", args![]).await?.int("n")?, 1);
    Ok(())
}

async fn a_reaction_may_bear_the_id_of_a_message(tx: &mut Tx<'_>) -> Result<()> {
    assert!(item::insert(tx, &an_item(1)).await?);
    assert!(item::insert(tx, &NewItem { id: 2, kind: "reaction", ..an_item(1) }).await?);
    assert!(item::insert(tx, &NewItem { id: 3, account_id: ACCOUNT + 1, ..an_item(1) }).await?);
    assert!(item::insert(tx, &NewItem { workspace_id: THERE, ..an_item(1) }).await?);
    Ok(())
}

async fn a_message_is_known_by_its_account_and_provider_id(tx: &mut Tx<'_>) -> Result<()> {
    item::insert(tx, &an_item(1)).await?;
    item::insert(tx, &NewItem { kind: "reaction", provider_id: "r".into(), ..an_item(2) }).await?;
    let known = item::Known { id: 1, conversation_id: CONVERSATION };
    assert_eq!(item::message(tx, HERE, ACCOUNT, "wamid.1").await?, Some(known));
    assert_eq!(item::message(tx, HERE, ACCOUNT, "r").await?, None);
    assert_eq!(item::message(tx, HERE, ACCOUNT + 1, "wamid.1").await?, None);
    assert_eq!(item::message(tx, THERE, ACCOUNT, "wamid.1").await?, None);
    Ok(())
}

async fn the_latest_edit_stands_in_whatever_order_edits_come(tx: &mut Tx<'_>) -> Result<()> {
    let edits = [1, 2, 3].map(|n| change(&format!("e{n}"), NOW + n, Some(&format!("edit {n}"))));
    for (id, order) in (1..).zip([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
        item::insert(tx, &an_item(id)).await?;
        let mut latest = -1;
        for edit in order {
            let is_news = item::apply_change(tx, &edits[usize::try_from(edit).unwrap()], id).await?;
            assert_eq!(is_news, edit > latest);
            latest = latest.max(edit);
        }
        assert_eq!(content(tx, id).await?, says("edit 3"));
        assert_eq!(row(tx, id).await?.opt_int("edited_at")?, Some(NOW + 3));
    }
    Ok(())
}

/// Providers tell seconds: two edits in one are in the order in which they came.
async fn of_two_edits_at_one_time_the_later_to_come_stands(tx: &mut Tx<'_>) -> Result<()> {
    item::insert(tx, &an_item(1)).await?;
    item::apply_change(tx, &change("a", NOW, Some("first")), 1).await?;
    item::apply_change(tx, &change("b", NOW, Some("second")), 1).await?;
    assert_eq!(content(tx, 1).await?, says("second"));
    Ok(())
}

async fn what_was_said_first_is_kept(tx: &mut Tx<'_>) -> Result<()> {
    item::insert(tx, &an_item(1)).await?;
    assert_eq!(row(tx, 1).await?.opt_text("original")?, None);
    for n in 1..3 {
        item::apply_change(tx, &change("e", NOW + n, Some("edit")), 1).await?;
    }
    assert_eq!(item::content_of(&row(tx, 1).await?.text("original")?)?, says("hello"));
    Ok(())
}

async fn a_revoke_is_for_good(tx: &mut Tx<'_>) -> Result<()> {
    item::insert(tx, &an_item(1)).await?;
    assert!(item::apply_change(tx, &change("r", NOW + 5, None), 1).await?);
    assert!(!item::apply_change(tx, &change("s", NOW + 9, None), 1).await?);
    item::apply_change(tx, &change("e", NOW + 9, Some("edit")), 1).await?;
    assert_eq!(row(tx, 1).await?.opt_int("revoked_at")?, Some(NOW + 5));
    assert_eq!(item::content_of(&row(tx, 1).await?.text("original")?)?, says("hello"));
    Ok(())
}

async fn a_repeat_of_a_change_is_told(tx: &mut Tx<'_>) -> Result<()> {
    assert!(item::keep_change(tx, &change("e", NOW, Some("edit")), Some(1), NOW).await?);
    assert!(!item::keep_change(tx, &change("e", NOW + 1, None), None, NOW).await?);
    let there = Change { workspace_id: THERE, ..change("e", NOW, None) };
    assert!(item::keep_change(tx, &there, None, NOW).await?);
    assert_eq!(item::unpark(tx, HERE, ACCOUNT, "wamid.1", 1).await?, []);
    Ok(())
}

async fn parked_changes_come_out_once_and_oldest_first(tx: &mut Tx<'_>) -> Result<()> {
    let (early, late) = (change("a", NOW + 1, Some("edit")), change("b", NOW + 2, None));
    item::keep_change(tx, &late, None, NOW).await?;
    item::keep_change(tx, &early, None, NOW + 1).await?;
    item::keep_change(tx, &change("c", NOW, Some("not parked")), Some(1), NOW).await?;
    item::keep_change(tx, &Change { workspace_id: THERE, ..early.clone() }, None, NOW).await?;
    item::keep_change(tx, &Change { target: "wamid.2".into(), ..change("d", NOW, None) }, None, NOW).await?;
    assert_eq!(item::unpark(tx, HERE, ACCOUNT, "wamid.1", 1).await?, [early, late]);
    assert_eq!(item::unpark(tx, HERE, ACCOUNT, "wamid.1", 1).await?, []);
    assert_eq!(item::unpark(tx, HERE, ACCOUNT, "wamid.2", 2).await?.len(), 1);
    assert_eq!(item::unpark(tx, THERE, ACCOUNT, "wamid.1", 1).await?.len(), 1);
    Ok(())
}

async fn state(tx: &mut Tx<'_>, target: &str, participant: &str) -> Result<String> {
    let sql = "SELECT state FROM delivery WHERE workspace_id = $1 AND target = $2 AND participant = $3";
    scene::ask(tx, sql, args![HERE, target, participant]).await?.text("state")
}

const STATES: [Delivery; 5] =
    [Delivery::Sent, Delivery::Failed, Delivery::Delivered, Delivery::Read, Delivery::Played];

async fn a_delivery_state_never_goes_backward(tx: &mut Tx<'_>) -> Result<()> {
    for first in STATES {
        for second in STATES {
            let target = format!("{first:?}{second:?}");
            for (at, delivery) in [(NOW, first), (NOW + 1, second), (NOW + 2, first)] {
                let error = (delivery == Delivery::Failed).then(|| "no such number".to_owned());
                let reported = Reported { delivery, at, error };
                item::report_delivery(tx, HERE, ACCOUNT, &target, "", &reported).await?;
            }
            let furthest = first.join(second);
            assert_eq!(state(tx, &target, "").await?, item::delivery_word(furthest), "{target}");
        }
    }
    let sql = "SELECT at, error FROM delivery WHERE target = $1";
    let mended = scene::ask(tx, sql, args!["FailedDelivered"]).await?;
    assert_eq!((mended.int("at")?, mended.opt_text("error")?), (NOW + 1, None));
    let failed = scene::ask(tx, sql, args!["SentFailed"]).await?;
    assert_eq!(failed.opt_text("error")?.as_deref(), Some("no such number"));
    Ok(())
}

async fn each_recipient_has_a_delivery_state(tx: &mut Tx<'_>) -> Result<()> {
    let reports = [("ann", Delivery::Read), ("bo", Delivery::Sent)];
    for (participant, delivery) in reports {
        let reported = Reported { delivery, at: NOW, error: None };
        item::report_delivery(tx, HERE, ACCOUNT, "m", participant, &reported).await?;
    }
    for (participant, delivery) in reports {
        assert_eq!(state(tx, "m", participant).await?, item::delivery_word(delivery));
    }
    Ok(())
}
