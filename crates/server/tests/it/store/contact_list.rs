//! The list of contacts.

use causeway::args;
use causeway::store::{
    Result, Tx, connection, contact,
    contact_list::{self, Listed, PAGE},
    conversation,
    person::{self, Person},
};
use causeway_core::search::Search;

use super::contact_word::many;
use super::engine::{NOW, Place, in_a_transaction, on_both_engines};
use super::scene::{self, ACCOUNT, CONNECTION, CONTACT, HERE, a_lead, phone};

in_a_transaction!(
    contacts_come_newest_first_with_name_address_and_conversations,
    every_contact_is_on_one_page,
    a_search_lists_whom_it_finds,
    contacts_are_marked_with_their_channels_and_links,
);

on_both_engines!(a_search_that_finds_very_many_is_paged);

fn ids(rows: &[Listed]) -> Vec<i64> {
    rows.iter().map(|row| row.called.contact_id).collect()
}

async fn contacts_come_newest_first_with_name_address_and_conversations(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    conversation::ensure(tx, HERE, ACCOUNT + 1, CONTACT, 77, NOW + 9).await?;
    contact::create(tx, HERE, 99, NOW + 1).await?;
    contact::rename(tx, HERE, 99, Some(" "), Some("bo77"), NOW).await?;
    contact::create(tx, HERE, 98, NOW + 2).await?;
    contact::merge(tx, HERE, CONTACT, 98).await?;
    let rows = contact_list::page(tx, HERE, None, None).await?.rows;
    assert_eq!(ids(&rows), [99, CONTACT], "one that was absorbed is nobody");
    assert_eq!(
        (rows[0].called.name.as_deref(), rows[0].conversations, rows[0].last_at),
        (Some("bo77"), 0, None)
    );
    assert_eq!(rows[1].called.name, None);
    assert_eq!(rows[1].called.address, Some(phone("14155550123")));
    assert_eq!((rows[1].created_at, rows[1].conversations, rows[1].last_at), (NOW, 2, Some(NOW + 9)));
    Ok(())
}

async fn every_contact_is_on_one_page(tx: &mut Tx<'_>) -> Result<()> {
    let all = i64::try_from(2 * PAGE + 1).unwrap();
    for id in 1..=all {
        // Several of one instant.
        contact::create(tx, HERE, id, NOW + id / 7).await?;
    }
    let (mut seen, mut from) = (Vec::new(), None);
    loop {
        let page = contact_list::page(tx, HERE, None, from).await?;
        seen.extend(ids(&page.rows));
        contact::create(tx, HERE, 1000 + from.map_or(0, |from: causeway::store::Cursor| from.id), NOW + 99)
            .await?;
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=all).rev().collect::<Vec<_>>());
    Ok(())
}

async fn a_search_lists_whom_it_finds(tx: &mut Tx<'_>) -> Result<()> {
    for (id, name) in [(1, "Ann"), (2, "Bo"), (3, "Anna")] {
        contact::create(tx, HERE, id, NOW + id).await?;
        contact::rename(tx, HERE, id, Some(name), None, NOW).await?;
    }
    for (text, found) in [("ann", vec![3, 1]), ("bo", vec![2]), ("cy", vec![]), ("!", vec![])] {
        let search = Search::read(text, None);
        let page = contact_list::page(tx, HERE, search.as_ref(), None).await?;
        assert_eq!((ids(&page.rows), page.next), (found, None), "{text}");
    }
    Ok(())
}

async fn a_search_that_finds_very_many_is_paged(place: Place) {
    let db = place.open().await.unwrap();
    many(&db, 12_000).await;
    let made = db.dialect().pick(
        "INSERT INTO contact (workspace_id, id, created_at) SELECT workspace_id, contact_id, $1 FROM contact_word \
         WHERE word = 'ann' AND contact_id % 50 = 0",
        "INSERT INTO contact (workspace_id, id, created_at) SELECT workspace_id, contact_id, $1 FROM contact_word \
         WHERE word = 'ann' AND contact_id % 50 = 0",
    );
    db.write(move |tx| Box::pin(async move { tx.execute(made, args![NOW]).await })).await.unwrap();
    let pages = db.read(|tx| {
        Box::pin(async move {
            let search = Search::read("ann", None);
            let first = contact_list::page(tx, HERE, search.as_ref(), None).await?;
            let second = contact_list::page(tx, HERE, search.as_ref(), first.next).await?;
            Ok((ids(&first.rows), ids(&second.rows), second.next.is_some()))
        })
    });
    let (first, second, has_more) = pages.await.unwrap();
    let expected: Vec<i64> = (1..=240).rev().map(|n| n * 50).collect();
    assert_eq!([first, second].concat(), expected[..100]);
    assert!(has_more);
}

async fn contacts_are_marked_with_their_channels_and_links(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::create(tx, HERE, 99, NOW).await?;
    let marks = contact_list::marks(tx, HERE, &[CONTACT, 99]).await?;
    assert_eq!(marks.len(), 1, "one without conversation and link has no marks");
    assert_eq!(marks[&CONTACT].channels.iter().collect::<Vec<_>>(), ["whatsapp"]);
    assert!(!marks[&CONTACT].is_linked);
    let linked = Person { contact_id: CONTACT, record: Some(a_lead("00Q1")), ..Person::default() };
    person::put(tx, HERE, CONNECTION, &linked, NOW).await?;
    assert!(contact_list::marks(tx, HERE, &[CONTACT]).await?[&CONTACT].is_linked);
    connection::disconnect(tx, CONNECTION).await?;
    assert!(!contact_list::marks(tx, HERE, &[CONTACT]).await?[&CONTACT].is_linked);
    Ok(())
}
