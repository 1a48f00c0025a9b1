//! What a receipt is read from.

use causeway::store::{
    Result, Tx, conversation,
    entry::{self, NewEntry},
    item::{self, NewItem, Reported},
    lane,
    receipt::{self, Message},
};
use causeway_core::{
    lane::{HoldReason, Who},
    timeline::{Delivery, Direction},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONNECTION, CONTACT, CONVERSATION, HERE, INTEGRATION, THERE, an_attempt, an_entry, an_item,
};

in_a_transaction!(
    a_message_is_found_by_its_own_id_and_by_the_providers,
    a_message_of_another_workspace_is_found_by_the_operator_only,
    a_reaction_has_no_receipt,
    a_receipt_tells_how_far_a_message_has_come,
    a_message_in_a_group_has_a_receipt,
    every_covering_entry_is_told_with_its_hold,
    parts_are_told_in_order,
    attempts_are_told_in_order,
);

fn a_message(workspace_id: i64) -> Message {
    Message {
        workspace_id,
        id: 1,
        provider_id: "wamid.1".into(),
        conversation_id: CONVERSATION,
        contact_id: Some(CONTACT),
        channel: "whatsapp".into(),
        direction: "in".into(),
        at: NOW,
        received_at: NOW,
        delivery: None,
    }
}

async fn a_message_is_found_by_its_own_id_and_by_the_providers(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    item::insert(tx, &an_item(1)).await?;
    item::insert(tx, &an_item(2)).await?;
    let expected = [a_message(HERE)];
    for (provider_id, id) in [("wamid.1", 0), ("nothing", 1), ("wamid.1", 1)] {
        assert_eq!(receipt::messages(tx, Some(HERE), provider_id, id).await?, expected);
        assert_eq!(receipt::messages(tx, None, provider_id, id).await?, expected);
    }
    assert_eq!(receipt::messages(tx, Some(HERE), "wamid.1", 2).await?.len(), 2);
    assert_eq!(receipt::messages(tx, Some(HERE), "nothing", i64::MAX).await?, []);
    Ok(())
}

async fn a_message_of_another_workspace_is_found_by_the_operator_only(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    item::insert(tx, &an_item(1)).await?;
    item::insert(tx, &NewItem { workspace_id: THERE, ..an_item(1) }).await?;
    for workspace_id in [HERE, THERE] {
        let found = receipt::messages(tx, Some(workspace_id), "wamid.1", 1).await?;
        assert_eq!(found, [a_message(workspace_id)]);
    }
    assert_eq!(receipt::messages(tx, Some(99), "wamid.1", 1).await?, []);
    assert_eq!(receipt::messages(tx, None, "wamid.1", 1).await?.len(), 2);
    Ok(())
}

async fn a_reaction_has_no_receipt(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    item::insert(tx, &NewItem { kind: "reaction", ..an_item(1) }).await?;
    assert_eq!(receipt::messages(tx, Some(HERE), "wamid.1", 1).await?, []);
    Ok(())
}

async fn a_receipt_tells_how_far_a_message_has_come(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    item::insert(tx, &NewItem { direction: Direction::Out, ..an_item(1) }).await?;
    let reported = Reported { delivery: Delivery::Read, at: NOW, error: None };
    item::report_delivery(tx, HERE, ACCOUNT, "wamid.1", "", &reported).await?;
    item::report_delivery(
        tx,
        THERE,
        ACCOUNT,
        "wamid.1",
        "",
        &Reported { delivery: Delivery::Sent, ..reported },
    )
    .await?;
    let found = receipt::messages(tx, Some(HERE), "wamid.1", 0).await?;
    assert_eq!((found[0].direction.as_str(), found[0].delivery.as_deref()), ("out", Some("read")));
    Ok(())
}

async fn a_message_in_a_group_has_a_receipt(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    conversation::ensure_group(tx, HERE, ACCOUNT, ("g", None), 99, NOW).await?;
    item::insert(tx, &NewItem { conversation_id: 99, ..an_item(1) }).await?;
    assert_eq!(receipt::messages(tx, Some(HERE), "wamid.1", 0).await?[0].contact_id, None);
    Ok(())
}

async fn every_covering_entry_is_told_with_its_hold(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::put_entry(tx, &an_entry(1)).await?;
    entry::insert(tx, &NewEntry { integration_id: 99, ..an_entry(2) }, NOW).await?;
    entry::cover(tx, HERE, 99, 1, 2).await?;
    entry::hold(tx, HERE, 2, (HoldReason::RecordLocked, Who::CrmAdmin, "approval"), false).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    let found = receipt::covering(tx, HERE, 1).await?;
    assert_eq!(
        found.iter().map(|one| (one.id, one.integration_id)).collect::<Vec<_>>(),
        [(1, INTEGRATION), (2, 99)]
    );
    assert_eq!((found[0].state.as_str(), found[0].hold, &found[0].parts), ("due", None, &vec![1]));
    assert_eq!(found[0].due_at, NOW);
    assert_eq!(found[1].hold, Some((HoldReason::RecordLocked, Who::CrmAdmin)));
    assert_eq!((found[1].detail.as_str(), found[1].connection_id), ("approval", CONNECTION));
    assert_eq!(receipt::covering(tx, THERE, 1).await?, []);
    assert_eq!(receipt::covering(tx, HERE, 2).await?, []);
    Ok(())
}

async fn parts_are_told_in_order(tx: &mut Tx<'_>) -> Result<()> {
    for part in [2, 10, 1] {
        lane::part_written(tx, HERE, (1, part), &format!("00T{part}"), "hash", NOW).await?;
    }
    lane::part_unknown(tx, HERE, (1, 10), NOW).await?;
    let parts = receipt::parts(tx, HERE, 1).await?;
    let told: Vec<_> = parts.iter().map(|one| (one.part, one.record_id.as_deref(), one.is_unknown)).collect();
    assert_eq!(told, [(1, Some("00T1"), false), (2, Some("00T2"), false), (10, Some("00T10"), true)]);
    assert_eq!(parts[0].written_at, Some(NOW));
    assert_eq!(receipt::parts(tx, THERE, 1).await?, []);
    Ok(())
}

async fn attempts_are_told_in_order(tx: &mut Tx<'_>) -> Result<()> {
    scene::put_entry(tx, &an_entry(1)).await?;
    scene::put_entry(tx, &an_entry(9)).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(2, 1)], NOW + 1).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1, 1)], NOW).await?;
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(3, 9)], NOW).await?;
    lane::judge(tx, HERE, 1, "again", "busy", NOW).await?;
    lane::judge(tx, HERE, 2, "done", "", NOW).await?;
    let attempts = receipt::attempts(tx, HERE, 1).await?;
    let told: Vec<_> = attempts
        .iter()
        .map(|one| {
            (one.sent_at.0, one.revision, one.action.as_str(), one.verdict.as_deref(), one.detail.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [(NOW, 1, "create", Some("again"), Some("busy")), (NOW + 1, 1, "create", Some("done"), None)]
    );
    assert_eq!(receipt::attempts(tx, THERE, 1).await?, []);
    Ok(())
}
