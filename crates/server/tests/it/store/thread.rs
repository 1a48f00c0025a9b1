//! Threads.

use causeway::store::{
    Result, Tx, conversation, entry,
    item::{self, Change, NewAct, NewItem, Reported},
    source,
    thread::{self, Answered, Delivered, Item, MOST_NEW, Mark, Message, PAGE, Reaction, What},
};
use causeway_core::{
    lane::{HoldReason, Who},
    timeline::{Act, Content, Delivery, Direction, Memo, Status},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONVERSATION, HERE, INTEGRATION, MEMBER, a_source, an_entry, an_item, says,
};

in_a_transaction!(
    items_stand_in_order_and_every_one_is_on_one_page,
    a_message_shows_its_edit_its_first_words_and_its_revoke,
    a_quote_shows_the_message_as_it_stands,
    of_each_person_the_last_reaction_stands,
    a_reaction_to_an_unknown_message_stands_for_itself,
    how_far_a_message_has_come_is_told_for_each_recipient,
    each_message_shows_the_state_of_its_entries,
    what_members_did_stands_in_the_thread,
    what_came_since_is_told_with_messages_that_got_a_reaction,
    an_item_of_another_conversation_is_not_shown,
);

async fn put(tx: &mut Tx<'_>, item: NewItem) -> Result<()> {
    assert!(item::insert(tx, &item).await?);
    Ok(())
}

async fn all(tx: &mut Tx<'_>) -> Result<Vec<Item>> {
    Ok(thread::page(tx, HERE, CONVERSATION, None).await?.items)
}

fn ids(items: &[Item]) -> Vec<i64> {
    items.iter().map(|item| item.id).collect()
}

fn message(item: &Item) -> &Message {
    match &item.what {
        What::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn change(target: &str, at: i64, content: Option<Content>) -> Change {
    let (workspace_id, account_id) = (HERE, ACCOUNT);
    Change { workspace_id, account_id, provider_id: "c".into(), target: target.into(), at, content }
}

async fn items_stand_in_order_and_every_one_is_on_one_page(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let most = i64::try_from(2 * PAGE + 3).unwrap();
    // They arrive in another order than they were sent in: the last half first.
    for id in 1..=most {
        let at = NOW + (id + most / 2) % most / 4;
        put(tx, NewItem { at, position: id % 2, ..an_item(id) }).await?;
    }
    let mut expected: Vec<(i64, i64, i64)> =
        (1..=most).map(|id| (NOW + (id + most / 2) % most / 4, id % 2, id)).collect();
    expected.sort_unstable();
    let (mut seen, mut before, mut more) = (Vec::new(), None, Vec::new());
    loop {
        let page = thread::page(tx, HERE, CONVERSATION, before).await?;
        more.push((page.items.len(), page.has_more));
        seen = [ids(&page.items), seen].concat();
        before = page.items.first().map(|item| item.id);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(more, [(PAGE, true), (PAGE, true), (3, false)]);
    assert_eq!(seen, expected.iter().map(|item| item.2).collect::<Vec<_>>());
    Ok(())
}

async fn a_message_shows_its_edit_its_first_words_and_its_revoke(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, NewItem { is_history: true, received_at: NOW + 3, ..an_item(1) }).await?;
    let plain = all(tx).await?;
    let plain = &plain[0];
    assert_eq!((plain.direction, plain.at, plain.received_at), (Direction::In, NOW, NOW + 3));
    assert_eq!((plain.author.as_deref(), &plain.member, plain.is_history), (Some("Bo"), &None, true));
    let provider_id = "wamid.1".to_owned();
    assert_eq!(message(plain), &Message { provider_id, content: says("hello"), ..Message::default() });
    item::apply_change(tx, &change("wamid.1", NOW + 5, Some(says("hallo"))), 1).await?;
    item::apply_change(tx, &change("wamid.1", NOW + 6, None), 1).await?;
    let items = all(tx).await?;
    let changed = message(&items[0]);
    assert_eq!((&changed.content, &changed.original), (&says("hallo"), &Some(says("hello"))));
    assert_eq!((changed.edited_at, changed.revoked_at), (Some(NOW + 5), Some(NOW + 6)));
    Ok(())
}

async fn a_quote_shows_the_message_as_it_stands(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, an_item(1)).await?;
    put(tx, NewItem { reply_to: Some("wamid.1".into()), ..an_item(2) }).await?;
    put(tx, NewItem { reply_to: Some("wamid.0".into()), ..an_item(3) }).await?;
    item::apply_change(tx, &change("wamid.1", NOW + 5, None), 1).await?;
    let items = all(tx).await?;
    assert_eq!(message(&items[0]).answers, None);
    let Some(Answered::Known(quote)) = &message(&items[1]).answers else { panic!() };
    assert_eq!((quote.id, quote.author.as_deref(), quote.is_revoked), (1, Some("Bo"), true));
    assert_eq!((quote.direction, &quote.content), (Direction::In, &says("hello")));
    assert_eq!(message(&items[2]).answers, Some(Answered::Unknown("wamid.0".into())));
    Ok(())
}

fn a_reaction(id: i64, emoji: &str, author: &str) -> NewItem {
    let content = if emoji.is_empty() { Content::default() } else { says(emoji) };
    let (kind, reply_to) = ("reaction", Some("wamid.1".into()));
    NewItem { kind, content, reply_to, author: Some(author.into()), at: NOW + id, ..an_item(id) }
}

fn emojis(item: &Item) -> String {
    message(item).reactions.iter().map(|reaction| reaction.emoji.as_str()).collect()
}

async fn of_each_person_the_last_reaction_stands(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, an_item(1)).await?;
    put(tx, NewItem { conversation_id: 99, ..an_item(50) }).await?;
    put(tx, a_reaction(2, "a", "Bo")).await?;
    put(tx, NewItem { direction: Direction::Out, ..a_reaction(3, "b", "Sales") }).await?;
    let items = all(tx).await?;
    assert_eq!(ids(&items), [1], "they stand at their message");
    let (direction, author) = (Direction::In, Some("Bo".to_owned()));
    assert_eq!(message(&items[0]).reactions[0], Reaction { emoji: "a".into(), direction, author });
    put(tx, a_reaction(5, "c", "Bobby")).await?;
    put(tx, NewItem { at: NOW + 4, ..a_reaction(6, "d", "Bo") }).await?;
    assert_eq!(
        emojis(&all(tx).await?[0]),
        "bc",
        "a late one does not stand, whatever they are called by then"
    );
    put(tx, a_reaction(7, "", "Bo")).await?;
    assert_eq!(emojis(&all(tx).await?[0]), "b");
    // In a group everybody has one.
    conversation::ensure_group(tx, HERE, ACCOUNT, ("g", None), 60, NOW).await?;
    put(tx, NewItem { conversation_id: 60, ..an_item(20) }).await?;
    for (id, emoji, author) in [(21, "x", "Cy"), (22, "y", "Di"), (23, "z", "Cy")] {
        let reply_to = Some("wamid.20".into());
        put(tx, NewItem { conversation_id: 60, reply_to, ..a_reaction(id, emoji, author) }).await?;
    }
    assert_eq!(emojis(&thread::page(tx, HERE, 60, None).await?.items[0]), "yz");
    Ok(())
}

async fn a_reaction_to_an_unknown_message_stands_for_itself(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, a_reaction(2, "a", "Bo")).await?;
    put(tx, a_reaction(3, "", "Bo")).await?;
    let items = all(tx).await?;
    assert_eq!(items[0].what, What::Reaction(Some("a".into())));
    assert_eq!(items[1].what, What::Reaction(None));
    put(tx, an_item(1)).await?;
    assert_eq!(ids(&all(tx).await?), [1]);
    Ok(())
}

async fn how_far_a_message_has_come_is_told_for_each_recipient(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, NewItem { direction: Direction::Out, ..an_item(1) }).await?;
    assert_eq!(message(&all(tx).await?[0]).delivery(), None);
    for (participant, delivery) in [("di", Delivery::Read), ("cy", Delivery::Failed)] {
        let error = (delivery == Delivery::Failed).then(|| "no route".to_owned());
        let reported = Reported { delivery, at: NOW + 1, error };
        item::report_delivery(tx, HERE, ACCOUNT, "wamid.1", participant, &reported).await?;
    }
    let items = all(tx).await?;
    let told = message(&items[0]);
    let cy = Delivered {
        participant: "cy".into(),
        delivery: Delivery::Failed,
        at: NOW + 1,
        error: Some("no route".into()),
    };
    assert_eq!(told.deliveries[0], cy);
    assert_eq!((told.deliveries[1].participant.as_str(), told.deliveries.len()), ("di", 2));
    assert_eq!(told.delivery(), Some(Delivery::Failed));
    Ok(())
}

async fn each_message_shows_the_state_of_its_entries(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for id in 1..=3 {
        scene::put_entry(tx, &an_entry(id)).await?;
    }
    put(tx, an_item(4)).await?;
    entry::hold(tx, HERE, 2, (HoldReason::DeletedInCrm, Who::Agent, "gone"), false).await?;
    scene::write_entry(tx, 3).await?;
    let mark = |entry_id, state: &str, reason| Mark {
        integration_id: INTEGRATION,
        entry_id,
        state: state.into(),
        reason,
    };
    let items = all(tx).await?;
    assert_eq!(message(&items[0]).entries, [mark(1, "due", None)]);
    assert_eq!(message(&items[1]).entries, [mark(2, "held", Some(HoldReason::DeletedInCrm))]);
    assert_eq!(message(&items[2]).entries, [mark(3, "written", None)]);
    assert_eq!(message(&items[3]).entries, []);
    Ok(())
}

fn did(id: i64, act: Act) -> NewAct {
    NewAct {
        id,
        workspace_id: HERE,
        conversation_id: CONVERSATION,
        account_id: ACCOUNT,
        member_id: MEMBER,
        at: NOW + id,
        act,
    }
}

async fn what_members_did_stands_in_the_thread(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    put(tx, NewItem { kind: "notice", content: says("moved"), ..an_item(1) }).await?;
    let acts = [
        Act::Memo(Memo::new("call back").unwrap()),
        Act::Assignment { before: None, after: Some(MEMBER) },
        Act::Status { before: Status::Open, after: Status::Closed },
    ];
    for (id, act) in (2..).zip(&acts) {
        item::insert_act(tx, &did(id, act.clone())).await?;
    }
    let items = all(tx).await?;
    assert_eq!(items[0].what, What::Notice(says("moved")));
    for (item, act) in items[1..].iter().zip(acts) {
        assert_eq!(item.what, What::Act(act));
        assert_eq!((item.direction, &item.author), (Direction::Out, &None));
        assert_eq!(item.member, Some((MEMBER, "Ann".into())));
    }
    assert_eq!(ids(&items), [1, 2, 3, 4]);
    Ok(())
}

async fn what_came_since_is_told_with_messages_that_got_a_reaction(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for id in [1, 2, 3] {
        put(tx, an_item(id)).await?;
    }
    assert!(thread::items_since(tx, HERE, CONVERSATION, 3).await?.items.is_empty());
    put(tx, NewItem { at: NOW - 9, ..an_item(5) }).await?;
    put(tx, a_reaction(6, "a", "Bo")).await?;
    item::insert_act(tx, &did(7, Act::Memo(Memo::new("x").unwrap()))).await?;
    let new = thread::items_since(tx, HERE, CONVERSATION, 3).await?;
    assert_eq!((ids(&new.items), new.has_more), (vec![5, 1, 7], false));
    assert_eq!(emojis(&new.items[1]), "a");
    for id in (100..).take(MOST_NEW) {
        put(tx, an_item(id)).await?;
    }
    let new = thread::items_since(tx, HERE, CONVERSATION, 7).await?;
    assert_eq!((new.items.len(), new.has_more), (MOST_NEW, false));
    let new = thread::items_since(tx, HERE, CONVERSATION, 6).await?;
    assert_eq!((new.items.len(), new.has_more), (MOST_NEW, true));
    Ok(())
}

async fn an_item_of_another_conversation_is_not_shown(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    source::ensure_account(tx, &a_source(HERE), "556", None, ACCOUNT + 1, NOW).await?;
    put(tx, an_item(1)).await?;
    put(tx, NewItem { conversation_id: 99, ..an_item(2) }).await?;
    assert_eq!(ids(&thread::of_ids(tx, HERE, CONVERSATION, &[1, 2, 3]).await?), [1]);
    assert_eq!(ids(&all(tx).await?), [1]);
    assert!(thread::page(tx, HERE, CONVERSATION, Some(2)).await?.items.is_empty());
    assert!(thread::items_since(tx, HERE, CONVERSATION, 1).await?.items.is_empty());
    Ok(())
}
